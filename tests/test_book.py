"""The built book in a real browser that can reach nothing but the book."""

import functools
import http.server
import json
import threading
import time
from pathlib import Path

import pytest

from neuroattr.book import execution

pytestmark = [pytest.mark.book, pytest.mark.browser]

HTML = Path(__file__).parents[1] / "_build" / "html"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip
# In the page: one choice at a time, as a hand would make it, and what is shown once it has settled.
TOOLS = """
const wait = ms => new Promise(r => setTimeout(r, ms));
const text = e => e ? e.textContent.trim() : '';
const visible = (box, what) => [...box.querySelectorAll(what)].filter(e => e.offsetParent !== null);
const control = (box, name) => box.querySelector('.choice-' + name);
const options = c => [...c.querySelectorAll(c.matches('.widget-toggle-buttons') ? 'button' : 'option')];
const chosen = c => text(options(c).find(o => o.selected || o.classList.contains('mod-active')));
const choose = (c, option) => {
  if (option.tagName === 'BUTTON') return option.click();
  const select = c.querySelector('select');
  select.selectedIndex = option.index; select.dispatchEvent(new Event('change', {bubbles: true})); };
const until = async (what, tries = 300) => {
  for (let k = 0; k < tries; k++) { const found = what(); if (found) return found; await wait(10); } return null; };
const loaded = async box => {
  for (const i of visible(box, 'img')) i.loading = 'eager';
  return until(() => visible(box, 'img').every(i => i.complete && i.naturalWidth > 0)); };
"""
# Every word at every layer: the sentence, the pictures and the bars must be its own.
DRIVE = (
    TOOLS
    + """
const done = arguments[0];
(async () => {
  const bad = [], boxes = [...document.querySelectorAll('.choices')]; let shown = 0;
  for (const box of boxes) {
    const layers = options(control(box, 'layer')), word = control(box, 'word'), said = new Set();
    for (const layer of layers) {
      layer.click(); await wait(40);
      if (!word) {
        const drawn = await until(() => visible(box, 'object').length === 1);
        if (!drawn) bad.push(`nothing drawn at ${text(layer)}`);
        shown++; continue; }
      for (const option of options(word)) {
        choose(word, option);
        const wanted = `“${text(option)}” at ${text(layer)}`;
        const now = await until(() => visible(box, '.say').find(e => text(e).startsWith(wanted)));
        if (!now) { bad.push(`no ${wanted}`); continue; }
        if (!(await loaded(box))) bad.push(`pictures of ${wanted} do not load`);
        if (!text(visible(box, 'caption')[0]).startsWith(`“${text(option)}”`)) bad.push(`other bars for ${wanted}`);
        said.add(text(now)); shown++; } }
    if (word && said.size !== layers.length * options(word).length) bad.push(`${said.size} sentences`); }
  done([boxes.length, shown, bad]); })();"""
)
STATE = (
    TOOLS
    + """
const box = document.querySelector('.choices.linked');
return {word: chosen(control(box, 'word')), layer: chosen(control(box, 'layer')), k: chosen(control(box, 'k')),
  hash: decodeURIComponent(location.hash), say: text(visible(box, '.say')[0]), visits: history.length,
  heard: text(box.querySelector('[role=status]')), row: text(box.querySelector('tr[data-chosen] th')),
  maps: visible(box, '.place img:last-of-type').map(i => [i.alt, i.src])};"""
)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


@pytest.fixture(scope="module")
def book():
    if not (HTML / "index.html").exists():
        pytest.skip("needs the built book: make book")
    return HTML


@pytest.fixture(scope="module")
def address(book):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=book))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    selenium = pytest.importorskip("selenium.webdriver")
    chromium, driver = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
    if not (chromium.exists() and driver.exists()):
        pytest.skip("needs Chromium and chromedriver: apt-get install chromium chromium-driver")
    options = selenium.ChromeOptions()
    options.binary_location = str(chromium)
    for flag in (*FLAGS, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    from selenium.webdriver.chrome.service import Service

    browser = selenium.Chrome(options=options, service=Service(str(driver)))
    browser.set_script_timeout(300)
    yield browser
    browser.quit()


def awaited(look, wanted, seconds=120):
    """What ``look()`` gives once that is as wanted, else what it gives in the end: pages load and fade at any pace."""
    end = time.monotonic() + seconds
    while not wanted(found := look()) and time.monotonic() < end:
        time.sleep(0.1)
    return found


def pages(book):
    return sorted(path for path in book.rglob("*.html") if "_static" not in path.parts)


def opened(browser, url):
    browser.get(url)
    browser.execute_async_script(
        "const done = arguments[0]; (async () => {"
        "if (window.MathJax && MathJax.startup) await MathJax.startup.promise;"
        "const count = what => document.querySelectorAll(what).length;"
        "const asks = count('script[type=\"application/vnd.jupyter.widget-view+json\"]');"
        "for (let k = 0; k < 500 && count('.jupyter-widgets') < asks; k++)"
        "  await new Promise(r => setTimeout(r, 20)); done(); })();"
    )


def complaints(browser, base):
    """Requests that leave the machine, failed requests, and anything the console calls an error."""
    found, asked = [], {}
    for entry in browser.get_log("performance"):
        message = json.loads(entry["message"])["message"]
        if message["method"] == "Network.requestWillBeSent":
            url = asked[message["params"]["requestId"]] = message["params"]["request"]["url"]
            if not url.startswith((base, "data:", "blob:", "chrome:", "about:")):
                found.append(f"asks for {url}")
        if message["method"] == "Network.loadingFailed" and not message["params"].get("canceled"):
            request = message["params"]["requestId"]
            if request in asked:  # else the browser's own, from its start
                found.append(f"failed: {asked[request]} {message['params'].get('errorText')}")
        if message["method"] == "Network.responseReceived" and message["params"]["response"]["status"] >= 400:
            found.append(f"{message['params']['response']['status']} for {message['params']['response']['url']}")
    found += [entry["message"][:300] for entry in browser.get_log("browser") if entry["level"] == "SEVERE"]
    return found


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_no_page_asks_another_host_or_writes_an_error(browser, book, address, scheme):
    base = address if scheme == "http" else book.as_uri() + "/"
    bad = {}
    for page in pages(book):
        opened(browser, base + page.relative_to(book).as_posix())
        time.sleep(0.2)
        bad[page.name] = complaints(browser, base)
    assert {name: said for name, said in bad.items() if said} == {}


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_every_word_and_layer_of_every_choice_shows_its_own(browser, book, address, scheme):
    base = address if scheme == "http" else book.as_uri() + "/"
    explorers = 0
    for page in pages(book):
        if "widget-view+json" not in page.read_text(encoding="utf-8"):
            continue
        opened(browser, base + page.relative_to(book).as_posix())
        boxes, shown, bad = browser.execute_async_script(DRIVE)
        assert bad == [], page.name
        assert shown >= boxes, page.name
        assert complaints(browser, base) == [], page.name
        explorers += boxes
    assert explorers, "no page of the book holds a choice"


# The explorer

PLACE = "chapters/explorer.html"


def explored(browser, base, fragment=""):
    """The explorer at a fragment, after its choices have settled."""
    browser.get("about:blank")  # else only the fragment changes
    opened(browser, f"{base}{PLACE}{fragment}")
    browser.execute_async_script(
        TOOLS + "const done = arguments[0];"
        "until(() => document.querySelector('.choices[data-ready] tr[data-chosen]')).then(() => wait(900)).then(done)"
    )
    return browser.execute_script(STATE)


def chosen(browser, name, option):
    browser.execute_async_script(
        TOOLS + "const [name, option, done] = arguments, c = control(document.querySelector('.choices'), name);"
        "choose(c, options(c).find(o => text(o) === option)); wait(400).then(done)",
        name,
        option,
    )
    return browser.execute_script(STATE)


def test_the_explorer_holds_forty_words_at_seven_layers_in_less_than_eight_megabytes(book):
    page = (book / PLACE).read_text(encoding="utf-8")
    assert len(page.encode()) < 8e6
    assert "data:image" not in page
    models = json.loads(page.split('widget-state+json">')[1].split("</script>")[0])["state"].values()
    counts = {one["model_name"]: len(one["state"].get("_options_labels", [])) for one in models}
    assert counts["DropdownModel"] >= 40
    assert sorted(len(o) for m in models if (o := m["state"].get("_options_labels"))) == [3, 7, counts["DropdownModel"]]


@pytest.mark.parametrize("scheme", ["http", "file"])
def test_an_address_opens_its_choice_and_follows_the_next_one(browser, book, address, scheme):
    base = address if scheme == "http" else book.as_uri() + "/"
    plain = explored(browser, base)
    assert plain["hash"] == "", "nothing was chosen yet"
    words = browser.execute_script("return [...document.querySelectorAll('.choices select option')].map(o => o.text)")
    word, other = [one for one in words if one != plain["word"]][:2]
    state = explored(browser, base, f"#word={word}&layer=conv4&k=64")
    assert (state["word"], state["layer"], state["k"]) == (word, "conv4", "64")
    assert state["say"].startswith(f"“{word}” at conv4") and state["row"].startswith("conv4")
    assert all(alt.startswith(f"Where 64 of the units of “{word}” look") for alt, _ in state["maps"])
    after = chosen(browser, "word", other)
    assert after["hash"] == f"#word={other}&layer=conv4&k=64" and after["visits"] == state["visits"]
    browser.execute_async_script("location.hash = 'word=' + arguments[0]; setTimeout(arguments[1], 900)", word)
    assert browser.execute_script(STATE)["word"] == word
    assert complaints(browser, base) == []


def test_an_address_of_an_unknown_word_shows_the_first_choice(browser, address):
    plain = explored(browser, address)
    state = explored(browser, address, "#word=%3Cscript%3E&layer=conv99&k=")
    assert [state[name] for name in ("word", "layer", "k")] == [plain[name] for name in ("word", "layer", "k")]
    assert complaints(browser, address) == []


def test_another_number_of_units_is_another_map_of_the_same_pictures(browser, address):
    explored(browser, address)
    maps = {k: chosen(browser, "k", k)["maps"] for k in ("1", "8", "64")}
    assert len({src for shown in maps.values() for _, src in shown}) == 3 * len(maps["1"]) > 0
    assert all(alt.startswith(f"Where {k} of") for k, shown in maps.items() for alt, _ in shown)


def test_the_explorer_can_be_used_by_keyboard_alone(browser, address):
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    def pressed(*keys, wanted=lambda state: True):
        for key in keys:
            ActionChains(browser).send_keys(key).pause(0.15).perform()
        return awaited(lambda: browser.execute_script(STATE), wanted)

    before = explored(browser, address)
    ring = "const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth)]"
    at = "const c = document.activeElement.closest('.choice'); return c ? c.className.match(/choice-(\\w+)/)[1] : ''"
    for _ in range(120):
        pressed_before = browser.execute_script(at)
        if pressed_before == "word":
            break
        ActionChains(browser).send_keys(Keys.TAB).perform()
    assert browser.execute_script(at) == "word", "Tab never reached the list of words"
    assert browser.execute_script(ring)[1] >= 2

    def moved(state):
        return state["word"] != before["word"] and f"word={state['word']}" in state["hash"]

    after = pressed(Keys.ARROW_DOWN, wanted=moved)
    assert moved(after)
    pressed(Keys.TAB)
    assert awaited(lambda: browser.execute_script(at), "layer".__eq__) == "layer"
    assert browser.execute_script(ring)[1] >= 2

    def told(state):
        return state["layer"] == "norm2" and state["heard"].startswith(f"“{after['word']}” at norm2")

    assert told(pressed(Keys.HOME, Keys.ARROW_RIGHT, wanted=told))
    pressed(Keys.TAB)
    assert awaited(lambda: browser.execute_script(at), "k".__eq__) == "k"
    assert pressed(Keys.END, wanted=lambda state: state["k"] == "64")["k"] == "64"
    assert pressed(Keys.ARROW_RIGHT, wanted=lambda state: state["k"] == "1")["k"] == "1", "round the end"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_scrolls_sideways_on_a_phone(browser, book, address, scheme):
    browser.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride", {"width": 390, "height": 844, "deviceScaleFactor": 2, "mobile": True}
    )
    try:
        wide = {}
        for page in pages(book):
            opened(browser, address + page.relative_to(book).as_posix())
            browser.execute_script(f"document.documentElement.dataset.theme = '{scheme}'")
            time.sleep(0.1)
            width = browser.execute_script("return document.documentElement.scrollWidth")
            if width > 390:
                wide[page.name] = width
        assert wide == {}
    finally:
        browser.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})


CONTRAST = """
const light = v => v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;
const lum = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
const rgb = s => (s.match(/[\\d.]+/g) || []).map(Number);
const ground = e => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor);
  if (c.length === 3 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
const low = [];
const own = e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
for (const e of document.querySelectorAll('.bd-article *')) {
  if (!e.offsetParent || !own(e) || e.closest('mjx-container, pre, .headerlink, [role=status]')) continue;
  const a = lum(rgb(getComputedStyle(e).color).slice(0, 3)), b = lum(ground(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) low.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)} ${e.textContent.trim().slice(0, 20)}`); }
return low;"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_is_readable_in_both_schemes(browser, book, address, scheme):
    low = {}
    for page in pages(book):
        opened(browser, address + page.relative_to(book).as_posix())
        browser.execute_script(f"document.documentElement.dataset.theme = '{scheme}'")
        low[page.name] = awaited(lambda: browser.execute_script(CONTRAST), lambda low: not low)  # colours fade in
    assert {name: found for name, found in low.items() if found} == {}


def test_every_picture_has_a_text_and_every_scroll_box_can_be_reached_by_keyboard(browser, book, address):
    for page in pages(book):
        opened(browser, address + page.relative_to(book).as_posix())
        bare = browser.execute_script(
            "return [...document.querySelectorAll('.bd-content img')].filter(i => !i.alt.trim()).length"
        )
        assert bare == 0, page.name
        boxes = "return [...document.querySelectorAll('.table-box')].every(b => b.tabIndex === 0 && b.ariaLabel)"
        assert browser.execute_script(boxes), page.name


# What can be asked of any page without knowing it: names, states, order. Nothing of axe's code is used.
NAMES = """
const bad = [], seen = new Set(), article = document.querySelector('.bd-article') || document.body;
const labels = e => (e.getAttribute('aria-labelledby') || '').split(' ').map(id => document.getElementById(id))
  .map(label => label ? label.textContent : '');
const name = e => (e.ariaLabel || (e.labels && [...e.labels].map(l => l.textContent).join(' '))
  || labels(e).join(' ') || e.textContent || e.title || '').trim();
for (const e of document.querySelectorAll('[id]')) {
  if (seen.has(e.id)) bad.push('id twice: ' + e.id);
  seen.add(e.id); }
const named = 'select, input:not([type=hidden]), textarea, button, a[href], object, [role=region], [role=radiogroup], '
  + 'svg[role=img]';
for (const e of article.querySelectorAll(named))
  if (!e.closest('[hidden], [aria-hidden=true]') && !name(e) && !e.querySelector('img[alt]'))
    bad.push('no name: ' + e.outerHTML.slice(0, 90));
for (const e of article.querySelectorAll('img'))
  if (!e.hasAttribute('alt') || !e.alt.trim()) bad.push('no alt: ' + e.src.slice(-60));
for (const e of article.querySelectorAll('[role=radio]'))
  if (!['true', 'false'].includes(e.ariaChecked)) bad.push('radio without a state');
for (const e of article.querySelectorAll('[role=radiogroup]'))
  if (e.querySelectorAll('[role=radio][tabindex="0"]').length !== 1) bad.push('a radio group wants one tab stop');
let before = 0;
for (const e of article.querySelectorAll('h1, h2, h3, h4, h5, h6')) {
  if (!e.offsetParent) continue;
  const level = Number(e.tagName[1]);
  if (level > before + 1) bad.push(`h${level} after h${before}: ${e.textContent.trim().slice(0, 40)}`);
  before = level; }
if (article.querySelectorAll('h1').length !== 1) bad.push(article.querySelectorAll('h1').length + ' main headings');
for (const e of article.querySelectorAll('table.result, table.by-layer'))
  if (!e.caption || [...e.querySelectorAll('th')].some(th => !th.scope)) bad.push('table without caption or scopes');
if (!document.documentElement.lang) bad.push('the page says no language');
return bad;"""


def test_controls_have_names_headings_are_in_order_and_states_are_told(browser, book, address):
    bad = {}
    for page in pages(book):
        if page.name in ("genindex.html", "search.html", "index.html") and page.parent == book:
            continue
        opened(browser, address + page.relative_to(book).as_posix())
        bad[page.name] = awaited(lambda: browser.execute_script(NAMES), lambda bad: not bad)
    assert {name: found for name, found in bad.items() if found} == {}


def test_the_header_of_every_chapter_says_what_made_it(book):
    for chapter in execution.chapters():
        text = (book / "chapters" / f"{chapter}.html").read_text(encoding="utf-8")
        assert text.count("class='run-header'") == 1
        for name in ("Corpus", "Network", "Profile", "Run time", "Peak memory"):
            assert f"<dt>{name}</dt>" in text
