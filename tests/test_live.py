"""The form and the explorer in a real JupyterLab: a browser presses, a kernel answers, and the files are read."""

import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.request

import pytest

from neuroattr import annotation, corpus, discovery
from tests import test_book

pytestmark = pytest.mark.browser
browser = test_book.browser

SHOP = {"n": 60, "size": 64, "seed": 0, "deduplicate": False}
PEOPLE = ("Ann", "Bob", "Cy", "Dora", "Eve", "Fay")
NOTEBOOK = f"""\
# %%
import base64, io
from pathlib import Path
from neuroattr import annotation, corpus, widgets

shop = corpus.load("atelier-shop", **{SHOP})
words, layers = list(shop.frequency.index), ["conv1", "fc7"]
asked = annotation.questions(shop, words[:2], pairs=2, seed=0)

def leaf(*, layer, word):
    file = io.BytesIO()
    shop.image(2 * words.index(word) + layers.index(layer)).save(file, "WEBP")
    address = "data:image/webp;base64," + base64.b64encode(file.getvalue()).decode()
    return f"<p class='say'>“{{word}}” at {{layer}}</p>" + widgets.picture(address, f"{{word}}, {{layer}}", 64, 64)

# %%
controls = [widgets.Control("word", words[:10]), widgets.Control("layer", layers)]
chosen = widgets.Choices(controls, [widgets.Panel(["layer", "word"], leaf)], lazy=True)
chosen.on_choice(lambda *, word, layer: Path("chosen.txt").write_text(f"{{word}} {{layer}}"))
chosen
""" + "".join(
    f"""
# %%
annotation.Form(annotation.Poll(asked, "{name}.csv", annotator="{name}", seed=0), shop)
"""
    for name in PEOPLE
)
FORM = "const form = [...document.querySelectorAll('.poll')].find(p => p.textContent.includes(`by ${arguments[0]},`));"


def until(what, seconds=300):
    """The first true value of ``what()``; elements and files that come and go meanwhile do not matter."""
    from selenium.common.exceptions import WebDriverException

    end = time.monotonic() + seconds
    while True:
        try:
            found = what()
        except (OSError, WebDriverException):
            found = None
        if found:
            return found
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.05)


class Lab:
    """A JupyterLab of its own: settings, notebooks and votes lie below ``folder``."""

    def __init__(self, folder):
        self.folder, self.token = folder / "class", secrets.token_hex(16)
        self.folder.mkdir()
        (self.folder / "class.py").write_text(NOTEBOOK, encoding="utf-8")
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}/"
        options = {
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.port": port,
            "ServerApp.port_retries": 0,
            "ServerApp.allow_root": True,
            "ServerApp.root_dir": self.folder,
            "ServerApp.open_browser": False,
            "IdentityProvider.token": self.token,
            "LabApp.news_url": None,
            "LabApp.check_for_updates_class": "jupyterlab.NeverCheckForUpdate",
            "LabApp.extension_manager": "readonly",
            "LabApp.expose_app_in_browser": True,
        }
        places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR",
                  "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR")  # fmt: skip
        with (folder / "log").open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterlab", *(f"--{name}={value}" for name, value in options.items())],
                env={**os.environ, **{place: str(folder / place.lower()) for place in places}},
                cwd=self.folder, stdout=log, stderr=subprocess.STDOUT,
            )  # fmt: skip

    def answers(self):
        assert self.process.poll() is None, "JupyterLab ended at once"
        try:
            with urllib.request.urlopen(f"{self.address}api/status?token={self.token}", timeout=60) as answer:
                return answer.status == 200
        except OSError:
            return False

    def end(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


@pytest.fixture(scope="module")
def lab(cache, tmp_path_factory):
    pytest.importorskip("jupyterlab")
    lab = Lab(tmp_path_factory.mktemp("lab"))
    yield lab
    lab.end()


def pressed(browser, css, words):
    """Click the first element that shows exactly these words."""
    from selenium.webdriver.common.by import By

    until(lambda: next((e.click() or True for e in browser.find_elements(By.CSS_SELECTOR, css) if e.text == words), 0))


def ran(browser, *menu):
    """Choose from a menu what runs all cells, and wait until all have run."""
    idle = "return document.querySelectorAll('.jp-Notebook-ExecutionIndicator[data-status=idle]').length"
    until(lambda: browser.execute_script(idle))
    pressed(browser, ".lm-MenuBar-itemLabel", menu[0])
    pressed(browser, ".lm-Menu-itemLabel", menu[1])
    if len(menu) > 2:
        pressed(browser, ".jp-Dialog-buttonLabel", menu[2])
        until(lambda: not browser.execute_script("return document.querySelectorAll('.poll').length"))
    shown = "return document.querySelectorAll('.choices img').length && document.querySelectorAll('.poll').length"
    until(lambda: browser.execute_script(shown) == len(PEOPLE))


@pytest.fixture(scope="module")
def notebook(lab, browser):
    """The notebook opened as the book says (Open With, Notebook), all its cells run."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By

    browser.set_window_size(1200, 1300)
    until(lab.answers)
    browser.get(f"{lab.address}lab?token={lab.token}")
    file = By.CSS_SELECTOR, ".jp-DirListing-item[title*='class.py']"
    until(lambda: ActionChains(browser).context_click(browser.find_element(*file)).perform() or True)
    pressed(browser, ".lm-Menu-itemLabel", "Open With")
    pressed(browser, ".lm-Menu-itemLabel", "Notebook")
    pressed(browser, ".jp-Dialog-buttonLabel", "Select")  # the kernel
    ran(browser, "Run", "Run All Cells")
    yield browser
    browser.get("about:blank")


@pytest.fixture(scope="module")
def shop(cache):
    return corpus.load("atelier-shop", **SHOP)


@pytest.fixture
def poll(shop, tmp_path):
    """The same questions here, for the sides and the file that the form should come to."""
    asked = annotation.questions(shop, shop.frequency.index[:2], pairs=2, seed=0)
    return lambda name: annotation.Poll(asked, tmp_path / f"{name}.csv", annotator=name, seed=0)


def text(browser, name):
    return browser.execute_script(FORM + "return form.innerText", name)


def counted(browser, name, answered):
    """Wait for the count, and a little: a new question takes no answer at once."""
    until(lambda: f"{answered} of 4 answered by {name}, kept in {name}.csv" in text(browser, name))
    time.sleep(0.4)


def button(browser, name, words):
    find = FORM + "return [...form.querySelectorAll('button')].find(b => b.textContent.includes(arguments[1]))"
    return browser.execute_script(find, name, words)


def click(browser, name, choice):
    button(browser, name, {"none": "neither"}.get(choice, choice)).click()


def tabbed(browser, name, choice):
    """Tab from the answer that has the focus, or the first one, to another; how many steps that were."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    at = browser.execute_script(
        FORM + "const b = [...form.querySelectorAll('button')], at = b.indexOf(document.activeElement);"
        "if (at < 0) b[0].focus(); return Math.max(at, 0)",
        name,
    )
    steps, keys = ("left", "none", "right").index(choice) - at, ActionChains(browser)
    for _ in range(abs(steps)):
        keys = (
            keys.send_keys(Keys.TAB) if steps > 0 else keys.key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT)
        )
    keys.perform()
    return steps


def key(browser, name, choice):
    """Press an answer by Enter, or by Space where the focus was on it already."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.keys import Keys

    ActionChains(browser).send_keys(Keys.ENTER if tabbed(browser, name, choice) else Keys.SPACE).perform()


def side(poll, answer):
    """Where the picture lies that this answer is for."""
    if answer == "none":
        return "none"
    wanted = poll.current.positive_id if answer == "positive" else poll.current.negative_id
    return "left" if poll.pictures[0] == wanted else "right"


def test_three_annotators_answer_by_mouse_and_keyboard_and_the_corpus_reads_their_files(notebook, lab, shop, poll):
    first, other = shop.frequency.index[:2]
    opinions = {
        "Ann": (click, lambda word: "positive"),
        "Bob": (key, lambda word: "positive" if word == first else "negative"),
        "Cy": (key, lambda word: "none"),
    }
    for name, (press, opinion) in opinions.items():
        expected = poll(name)
        for answered in range(4):
            counted(notebook, name, answered)
            assert f"Which picture is more {expected.current.word}?" in text(notebook, name)
            choice = side(expected, opinion(expected.current.word))
            press(notebook, name, choice)
            expected.answer(choice)
        counted(notebook, name, 4)
        assert text(notebook, name).startswith(f"Thank you, {name}. All answers are in {name}.csv.")
        assert not button(notebook, name, "left").is_displayed()
        assert notebook.execute_script("return document.activeElement.textContent") == "back", "the focus is not lost"
        assert (lab.folder / f"{name}.csv").read_bytes() == expected.path.read_bytes()
    judged = shop.with_votes([lab.folder / f"{name}.csv" for name in opinions]).truth.votes
    assert judged["annotator"].value_counts().to_dict() == {"Ann": 4, "Bob": 4, "Cy": 4}
    box = discovery.ballots(judged["word"], judged["pair"], judged["answer"])
    assert dict(box.sizes) == {"word": 2, "pair": 2, "vote": 3}
    human = discovery.human_visualness(box, theta=1).visualness
    assert (human.sel(word=first), human.sel(word=other)) == (1, 0)
    assert test_book.complaints(notebook, lab.address) == []


def test_an_answer_that_cannot_be_written_is_said_and_asked_again(notebook, lab, poll):
    expected, path = poll("Dora"), lab.folder / "Dora.csv"
    counted(notebook, "Dora", 0)
    path.mkdir()
    click(notebook, "Dora", "left")
    until(lambda: "This answer is not kept: Dora.csv cannot be written" in text(notebook, "Dora"))
    path.rmdir()
    time.sleep(0.4)
    assert f"Which picture is more {expected.current.word}?" in text(notebook, "Dora")
    click(notebook, "Dora", "none")
    counted(notebook, "Dora", 1)
    assert "not kept" not in text(notebook, "Dora")
    expected.answer("none")
    assert path.read_bytes() == expected.path.read_bytes()


def test_a_double_click_is_one_answer(notebook, lab):
    from selenium.webdriver.common.action_chains import ActionChains

    counted(notebook, "Fay", 0)
    ActionChains(notebook).double_click(button(notebook, "Fay", "right")).perform()
    counted(notebook, "Fay", 1)
    assert len((lab.folder / "Fay.csv").read_text(encoding="utf-8").splitlines()) == 2


SHOWN = """
const box = document.querySelector('.choices'), [image] = box.querySelectorAll('img');
return image && image.complete && image.naturalWidth > 0 && image.clientWidth === image.naturalWidth
  && [box.querySelector('.say').textContent, image.alt, image.src];"""


def test_another_choice_calls_python_and_shows_another_picture(notebook, lab):
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import Select

    word = Select(notebook.find_element(By.CSS_SELECTOR, ".choices select"))
    words = [option.text for option in word.options]
    seen = set()
    for chosen, layer in ((words[3], "conv1"), (words[3], "fc7"), (words[7], "fc7"), (words[3], "conv1")):
        word.select_by_visible_text(chosen)
        pressed(notebook, ".choices button", layer)
        until(lambda says=f"“{chosen}” at {layer}": (notebook.execute_script(SHOWN) or [""])[0] == says)
        _, alt, src = notebook.execute_script(SHOWN)
        assert alt == f"{chosen}, {layer}" and src.startswith("data:image/webp;base64,")
        seen.add(src)
        until(lambda said=f"{chosen} {layer}": (lab.folder / "chosen.txt").read_text(encoding="utf-8") == said)
    assert len(seen) == 3
    assert test_book.complaints(notebook, lab.address) == []


@pytest.mark.parametrize("theme", ["Light", "Dark"])
def test_all_text_is_readable_and_the_focus_is_seen_in_both_themes(notebook, theme):
    notebook.execute_async_script(
        "jupyterapp.commands.execute('apputils:change-theme', {theme: arguments[0]}).then(arguments[1])",
        f"JupyterLab {theme}",
    )
    contrast = test_book.CONTRAST.replace(".bd-article *", ".poll *, .choices *")
    assert test_book.awaited(lambda: notebook.execute_script(contrast), lambda low: not low) == []  # colours fade in
    for choice in ("right", "left"):
        tabbed(notebook, "Eve", choice)
    ring = "const s = getComputedStyle(document.activeElement); return [s.outlineStyle, parseFloat(s.outlineWidth)]"
    assert notebook.execute_script(ring) == ["solid", 3]


def test_a_form_goes_on_where_it_was_after_the_kernel_was_restarted(notebook, lab, poll):
    expected = poll("Eve")
    counted(notebook, "Eve", 0)
    click(notebook, "Eve", "right")
    counted(notebook, "Eve", 1)
    expected.answer("right")
    ran(notebook, "Kernel", "Restart Kernel and Run All Cells…", "Restart")
    counted(notebook, "Eve", 1)
    assert f"Which picture is more {expected.current.word}?" in text(notebook, "Eve")
    click(notebook, "Eve", "left")
    counted(notebook, "Eve", 2)
    expected.answer("left")
    assert (lab.folder / "Eve.csv").read_bytes() == expected.path.read_bytes()
