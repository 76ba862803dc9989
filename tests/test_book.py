"""The built book in a real browser that can reach nothing but the book."""

import functools
import http.server
import json
import threading
import time
from pathlib import Path

import pytest

from neuroattr import execution

pytestmark = [pytest.mark.book, pytest.mark.browser]

HTML = Path(__file__).parents[1] / "_build" / "html"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-component-update",
    "--disable-background-networking", "--disable-sync", "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
)  # fmt: skip
# Every word at the first layer, every layer at the last word: each choice must show its own, loaded picture.
DRIVE = """
const done = arguments[0], wait = ms => new Promise(r => setTimeout(r, ms));
const seen = box => [...box.querySelectorAll('img')].filter(i => i.offsetParent !== null);
const change = (select, index) => {
  select.selectedIndex = index; select.dispatchEvent(new Event('change', {bubbles: true})); };
const loaded = image => image.complete && image.naturalWidth > 0;
(async () => {
  const bad = [], boxes = [...document.querySelectorAll('.word-layer')]; let shown = 0;
  const settle = async (box, before) => {
    for (let k = 0; k < 300; k++) {
      const images = seen(box);
      if (images.length === 1 && loaded(images[0]) && images[0].src !== before) return images[0];
      await wait(10); }
    return null; };
  for (const box of boxes) {
    const select = box.querySelector('select'), buttons = [...box.querySelectorAll('.widget-toggle-buttons button')];
    const pictures = new Set(); let before = '';
    for (const button of buttons) {
      const chosen = button.classList.contains('mod-active');
      button.click(); await wait(50);  // as a hand would: not two changes in one task
      before = ((await settle(box, chosen ? '' : before)) || {}).src;
      for (const option of [...select.options]) {
        const chosen = select.selectedIndex === option.index;
        change(select, option.index);
        const image = await settle(box, chosen ? '' : before);
        if (!image) { bad.push(`no new picture for ${option.text} at ${button.textContent}`); continue; }
        if (!image.alt.trim()) bad.push(`no alt text for ${option.text}`);
        pictures.add(image.src); before = image.src; shown++;
      } }
    const choices = select.options.length * buttons.length;
    if (pictures.size !== choices) bad.push(`${pictures.size} pictures for ${choices} choices`);
  }
  done([boxes.length, shown, bad]); })();"""


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
def test_every_word_and_layer_of_every_explorer_shows_its_own_picture(browser, book, address, scheme):
    base = address if scheme == "http" else book.as_uri() + "/"
    explorers = 0
    for page in pages(book):
        if "word-layer" not in page.read_text(encoding="utf-8"):
            continue
        opened(browser, base + page.relative_to(book).as_posix())
        boxes, shown, bad = browser.execute_async_script(DRIVE)
        assert bad == [], page.name
        assert boxes and shown >= boxes, page.name
        assert complaints(browser, base) == [], page.name
        explorers += boxes
    assert explorers, "no page of the book holds an explorer"


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
const parts = ['.run-header :is(dt, dd)', '.result :is(th, td, span, caption)', 'figcaption',
  '.word-layer :is(button, label, select)'].join(', ');
for (const e of document.querySelectorAll(parts)) {
  if (!e.offsetParent || !e.textContent.trim()) continue;
  const a = lum(rgb(getComputedStyle(e).color).slice(0, 3)), b = lum(ground(e));
  const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  if (ratio < 4.5) low.push(`${e.tagName}.${e.className} ${ratio.toFixed(2)} ${e.textContent.trim().slice(0, 20)}`); }
return low;"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_tables_headers_and_widgets_are_readable_in_both_schemes(browser, book, address, scheme):
    low = {}
    for page in pages(book):
        opened(browser, address + page.relative_to(book).as_posix())
        browser.execute_script(f"document.documentElement.dataset.theme = '{scheme}'")
        time.sleep(0.4)  # colours fade in
        low[page.name] = browser.execute_script(CONTRAST)
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


def test_the_header_of_every_chapter_says_what_made_it(book):
    for chapter in execution.chapters():
        text = (book / "chapters" / f"{chapter}.html").read_text(encoding="utf-8")
        assert text.count("class='run-header'") == 1
        for name in ("Corpus", "Network", "Profile", "Run time", "Peak memory"):
            assert f"<dt>{name}</dt>" in text
