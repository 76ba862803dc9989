"""The poll: drawn, asked, written and read without a browser; and its page in one."""

import csv
import functools
import http.server
import json
import re
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
from PIL import Image

from neuroattr import annotation, discovery
from neuroattr.corpus import Corpus, ImageSource, votes
from neuroattr.people import form as form_module
from neuroattr.people.poll import append

WORDS = ["red", '<b>"new"</b>']


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    """Sixteen pictures of 20 pixels, the first eight red and said to be so; an id and a word hold markup."""
    folder = tmp_path_factory.mktemp("pictures")
    ids = [f"p{k:02d}" for k in range(15)] + ["<i>,16</i>"]
    for k in range(16):
        Image.new("RGB", (20, 12), "red" if k < 8 else "blue").save(folder / f"{k}.png")
    kinds = ["hat", "dress"] * 8
    table = pd.DataFrame({"image": ids, "split": "train", "category": kinds}, index=pd.Index(ids, name="image"))
    mentions = scipy.sparse.csr_array(np.stack([np.arange(16) < 8, np.arange(16) % 3 == 0], axis=1))
    return Corpus(
        "pictures", table, tuple(WORDS), mentions, ImageSource(folder, {id: f"{k}.png" for k, id in enumerate(ids)})
    )


@pytest.fixture
def asked(pictures):
    return annotation.questions(pictures, WORDS, pairs=4, seed=0)


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.reader(file))


# --- by hand
def test_a_poll_writes_each_answer_at_once_and_ends(pictures, asked, tmp_path):
    poll = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Ann", seed=0)
    assert poll.progress == (0, 8)
    for k in range(8):
        question, (left, right) = poll.current, poll.pictures
        assert {left, right} == {question.positive_id, question.negative_id}
        poll.answer("left" if left == question.positive_id else "right")
        said = rows(tmp_path / "votes.csv")[-1]
        assert said[:4] == [question.word, str(question.pair), question.positive_id, question.negative_id]
        assert said[4:] == ["Ann", "positive", "positive" if left == question.positive_id else "negative"]
        assert poll.progress == (k + 1, 8)
    assert poll.current is None
    judged = pictures.with_votes(tmp_path / "votes.csv").truth.votes
    box = discovery.ballots(judged["word"], judged["pair"], judged["answer"])
    human = discovery.human_visualness(box, theta=1, strict=False)
    assert human.visualness.sel(word="red") == 1 and human.pairs.sel(word="red") == 4


def test_the_other_picture_is_a_vote_for_the_negative_and_neither_for_none(asked, tmp_path):
    poll = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Ann", seed=0)
    poll.answer("left" if poll.pictures[0] == poll.current.negative_id else "right")
    poll.answer("none")
    assert votes.read(tmp_path / "votes.csv")["answer"].tolist() == ["negative", "none"]


def test_a_poll_goes_on_where_it_stopped(asked, tmp_path):
    first = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Ann", seed=0)
    first.answer("none")
    first.answer("left")
    again = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Ann", seed=0)
    assert again.progress == (2, 8)
    assert (again.current, again.pictures) == (first.current, first.pictures)
    other = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Bob", seed=0)
    assert other.progress == (0, 8) and other.questions != first.questions


def test_the_last_word_of_an_annotator_counts(asked, tmp_path):
    poll = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Ann", seed=0)
    poll.back()  # nothing to go back to
    question = poll.current
    poll.answer("none")
    poll.back()
    assert poll.current == question and poll.progress == (0, 8)
    poll.answer("left" if poll.pictures[0] == question.positive_id else "right")
    assert len(rows(tmp_path / "votes.csv")) == 3
    assert votes.read(tmp_path / "votes.csv")["answer"].tolist() == ["positive"]


def test_a_line_that_was_torn_is_left_out_and_asked_again(asked, tmp_path):
    path = tmp_path / "votes.csv"
    poll = annotation.Poll(asked, path, annotator="Ann", seed=0)
    poll.answer("none")
    poll.answer("none")
    path.write_bytes(path.read_bytes()[:-9])
    table = votes.read(path)
    assert len(table) == 1 and table.attrs["torn"]
    again = annotation.Poll(asked, path, annotator="Ann", seed=0)
    assert again.progress == (1, 8)
    again.answer("left")
    assert len(votes.read(path)) == 2 and not votes.read(path).attrs["torn"]
    path.write_bytes(b"word,pa")  # killed while it wrote the header
    annotation.Poll(asked, path, annotator="Ann", seed=0).answer("none")
    assert len(votes.read(path)) == 1


def test_several_writers_share_a_file(asked, tmp_path):
    def write(name):
        poll = annotation.Poll(asked, tmp_path / "votes.csv", annotator=name, seed=0)
        while poll.current:
            poll.answer("none")

    threads = [threading.Thread(target=write, args=(name,)) for name in ("Ann", "Bob", 'C, "the" third')]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert votes.read(tmp_path / "votes.csv")["annotator"].value_counts().tolist() == [8, 8, 8]


# --- what is asked
def test_pairs_have_the_word_on_one_side_only_and_do_not_depend_on_other_words(pictures, asked):
    assert len(asked) == 8 and len({(one.word, one.pair) for one in asked}) == 8
    for one in asked:
        said = pictures.mention(one.word)
        ids = pictures.ids.tolist()
        assert said[ids.index(one.positive_id)] and not said[ids.index(one.negative_id)]
    alone = annotation.questions(pictures, WORDS[1:], pairs=4, seed=0)
    assert alone == asked[4:]
    assert annotation.questions(pictures, WORDS, pairs=4, seed=1) != asked
    assert len(annotation.questions(pictures, ["red"], pairs=50, seed=0)) == 8  # there are no more pictures


def test_matched_pairs_agree_in_category(pictures):
    category = pictures.table["category"]
    for one in annotation.questions(pictures, WORDS, pairs=8, seed=0, match=("category",)):
        assert category[one.positive_id] == category[one.negative_id]


def test_sides_are_dealt_evenly(pictures, tmp_path):
    many = annotation.questions(pictures, ["red"], pairs=8, seed=0)
    polls = [annotation.Poll(many, tmp_path / "v.csv", annotator=f"a{k}", seed=0) for k in range(60)]
    assert 0.4 < np.mean([poll.swapped for poll in polls]) < 0.6


# --- the form
def test_the_form_follows_the_poll_and_escapes_what_it_shows(pictures, asked, tmp_path):
    poll = annotation.Poll(asked, tmp_path / "votes.csv", annotator="<u>Ann</u>", seed=0)
    form = annotation.Form(poll, pictures, size=16, pause=0)
    form.buttons["back"].click()  # nothing to go back to
    seen = set()
    while poll.current:
        seen.add(form.question.value.removeprefix("<span class='asked'>").removesuffix("</span>"))
        assert all("data:image/jpeg;base64,/9j/" in side.value and ' picture"' in side.value for side in form.sides)
        form.buttons["right"].click()
    assert seen == {
        "Which picture is more <b>red</b>?",
        "Which picture is more <b>&lt;b&gt;&quot;new&quot;&lt;/b&gt;</b>?",
    }
    assert form.state.value == "8 of 8 answered by &lt;u&gt;Ann&lt;/u&gt;, kept in votes.csv"
    assert "Thank you, &lt;u&gt;Ann&lt;/u&gt;. All answers are in votes.csv." in form.question.value
    assert form.buttons["left"].disabled and not form.buttons["back"].disabled
    form.buttons["left"].click()  # a press that was on its way
    assert poll.progress == (8, 8)
    form.buttons["back"].click()
    assert poll.progress == (7, 8) and not form.buttons["left"].disabled


def test_pictures_keep_their_shape_and_the_form_its_place(pictures, asked, tmp_path):
    poll = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Ann", seed=0)
    form = annotation.Form(poll, pictures, size=100, pause=0)  # of pictures of 20 x 12 pixels
    for side in form.sides:
        assert 'width="100" height="60"' in side.value and side.layout.width == "100px"
    form.buttons["none"].click()
    assert 'width="100" height="60"' in form.sides[0].value


def test_a_new_question_takes_no_answer_at_once(pictures, asked, tmp_path, monkeypatch):
    now = 100.0
    monkeypatch.setattr(form_module, "time", SimpleNamespace(monotonic=lambda: now))
    poll = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Ann", seed=0)
    form = annotation.Form(poll, pictures, size=16, pause=0.3)
    for _ in range(3):  # a key that is held down
        form.buttons["left"].click()
        now += 0.15
    assert poll.progress == (0, 8)
    now += 0.3
    form.buttons["left"].click()
    form.buttons["left"].click()
    assert poll.progress == (1, 8)


def test_what_goes_wrong_is_said_in_the_form(pictures, asked, tmp_path):
    path = tmp_path / "<v>.csv"
    poll = annotation.Poll(asked, path, annotator="Ann", seed=0)
    form = annotation.Form(poll, pictures, size=16, pause=0)
    before = form.question.value
    path.mkdir()
    form.buttons["left"].click()
    assert form.trouble.value == (
        "<strong role='alert'>This answer is not kept: &lt;v&gt;.csv cannot be written (Is a directory). If another "
        "program has it open, close it there; then answer again.</strong>"
    )
    assert poll.progress == (0, 8) and form.question.value == before
    path.rmdir()
    form.buttons["left"].click()
    assert poll.progress == (1, 8) and form.trouble.value == ""


def test_a_picture_that_is_gone_is_said_and_not_judged(pictures, asked, tmp_path):
    poll = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Ann", seed=0)
    form = annotation.Form(poll, pictures, size=16, pause=0)
    form._corpus = Corpus(
        "pictures", pictures.table, pictures.words, pictures.mentions,
        ImageSource(tmp_path, pictures.source.files),
    )  # fmt: skip
    form.buttons["left"].click()
    assert re.search(r"This pair cannot be shown: .*\.png cannot be read \(FileNotFoundError\)", form.trouble.value)
    form.buttons["left"].click()
    assert poll.progress == (1, 8) and form.buttons["left"].disabled


def test_without_a_kernel_nothing_can_be_pressed(pictures, asked, tmp_path):
    poll = annotation.Poll(asked, tmp_path / "votes.csv", annotator="Ann", seed=0)
    form = annotation.Form(poll, pictures, size=16, live=False)
    assert all(button.disabled for button in form.buttons.values())
    assert not (tmp_path / "votes.csv").exists()


# --- the page
def test_the_page_holds_each_picture_once_and_no_markup_of_the_data(pictures, asked):
    made = annotation.page(asked, pictures, title="Is it <red>?", size=16)
    assert "<title>Is it &lt;red&gt;?</title>" in made and "{{" not in made
    inside = made.split('id="data">')[1].split("</script>")[0]
    assert "<" not in inside
    data = json.loads(inside)
    assert (
        len(data["pictures"])
        == len(data["ids"])
        == len({id for one in asked for id in (one.positive_id, one.negative_id)})
    )
    assert [data["ids"][one[2]] for one in data["questions"]] == [one.positive_id for one in asked]
    assert "default-src 'none'" in made and "http" not in made.replace("http-equiv", "")


@pytest.mark.browser
def test_the_page_in_a_browser_gives_votes_that_the_corpus_reads(pictures, asked, tmp_path):
    selenium = pytest.importorskip("selenium.webdriver")
    from selenium.webdriver.chrome.service import Service

    programs = [Path("/usr/bin") / name for name in ("chromium", "chromedriver")]
    if not all(program.exists() for program in programs):
        pytest.skip("needs Chromium and chromedriver")
    (tmp_path / "poll.html").write_text(annotation.page(asked, pictures, title="Red?", size=16), encoding="utf-8")
    options = selenium.ChromeOptions()
    options.binary_location = str(programs[0])
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=tmp_path)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser = selenium.Chrome(options=options, service=Service(str(programs[1])))
        try:
            _answer_page(browser, f"http://127.0.0.1:{server.server_port}/poll.html", pictures, tmp_path)
        finally:
            browser.quit()
            server.shutdown()


def _answer_page(browser, address, pictures, folder):
    def began():
        browser.get(address)
        browser.execute_script("at('name').value = '=Ann, \"A\"'; document.querySelector('form button').click()")

    def press(key):
        browser.execute_script(f"document.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}'}}))")

    began()
    first = browser.execute_script("return at('pair').innerHTML")
    press("ArrowLeft")
    browser.execute_script("at('back').click()")
    assert browser.execute_script("return at('pair').innerHTML") == first
    press("ArrowRight")
    press("ArrowDown")
    began()  # the page was closed and opened again
    assert browser.execute_script("return at('state').textContent") == "2 of 8 answered"
    for _ in range(6):
        browser.execute_script("at('left').click()")
    assert browser.execute_script("return at('asked').textContent") == "Thank you. Please download the votes."
    assert [entry for entry in browser.get_log("browser") if "favicon" not in entry["message"]] == []
    (folder / "votes.csv").write_text(browser.execute_script("return table()"), encoding="utf-8")
    assert ',"\'=Ann, ""A""",' in (folder / "votes.csv").read_text(encoding="utf-8")
    judged = pictures.with_votes(folder / "votes.csv").truth.votes
    assert len(judged) == 8 and set(judged["annotator"]) == {'=Ann, "A"'}
    assert judged["answer"].value_counts()["none"] == 1
    left = judged[judged["answer"] != "none"]
    assert (left["answer"] == left["left"]).sum() == 6  # all but the one of the right


# --- files of others
def test_votes_of_several_files_and_tables_are_joined(pictures, asked, tmp_path):
    for name in ("Ann", "Bob"):
        annotation.Poll(asked, tmp_path / f"{name}.csv", annotator=name, seed=0).answer("none")
    table = votes.read(tmp_path / "Ann.csv")
    joined = pictures.with_votes([table, tmp_path / "Bob.csv", str(tmp_path / "Ann.csv")]).truth.votes
    assert sorted(joined["annotator"]) == ["Ann", "Bob"]


def test_votes_that_do_not_belong_are_refused(pictures, asked, tmp_path):
    path = tmp_path / "votes.csv"
    annotation.Poll(asked, path, annotator="Ann", seed=0).answer("none")
    table = votes.read(path)
    with pytest.raises(ValueError, match=r"1 picture\(s\) of the votes are not in this corpus, e.g. 'else'"):
        pictures.with_votes(table.assign(positive_id="else"))
    with pytest.raises(ValueError, match="votes are about words of the corpus; green is none"):
        pictures.with_votes(table.assign(word="green"))
    with pytest.raises(ValueError, match=r"votes have the columns word, .*; missing: pair"):
        pictures.with_votes(table.drop(columns="pair"))
    moved = table.assign(annotator="Bob", positive_id=table["negative_id"])
    with pytest.raises(ValueError, match=r"pair .* shows different pictures in different files: same seed and corpus?"):
        pictures.with_votes([table, moved])
    others = annotation.questions(pictures, WORDS, pairs=4, seed=3)
    with pytest.raises(ValueError, match=r"votes.csv has votes on other pictures for pair . of .*; take another file"):
        annotation.Poll(others, path, annotator="Bob", seed=0)


def test_files_that_are_no_votes_are_refused(tmp_path):
    path = tmp_path / "votes.csv"
    with pytest.raises(FileNotFoundError, match=r"there is no file of votes .*votes.csv"):
        votes.read(path)
    path.write_text("word,pair\nred,1\n")
    with pytest.raises(
        ValueError, match=r"votes are a CSV file with the columns word, .*; votes.csv lacks \['positive_id'"
    ):
        votes.read(path)
    header = ",".join(votes.COLUMNS)
    path.write_text(f"{header}\nred,1,a,b,Ann,maybe\n")
    with pytest.raises(ValueError, match=r"answers are positive, negative, none; line 2 of votes.csv has 'maybe'"):
        votes.read(path)
    path.write_text(f"{header}\nred,1,a,b\n")
    with pytest.raises(ValueError, match=r"line 2 of votes.csv has 4 values, its header 6: mend it"):
        votes.read(path)


def test_polls_that_cannot_be_are_refused(pictures, asked, tmp_path):
    with pytest.raises(ValueError, match="pairs is how many to ask about each word, 1 or more; got 0"):
        annotation.questions(pictures, WORDS, pairs=0, seed=0)
    with pytest.raises(ValueError, match="a poll needs at least one question; got none"):
        annotation.Poll((), tmp_path / "v.csv", annotator="Ann", seed=0)
    with pytest.raises(ValueError, match="a page of votes needs at least one question; got none"):
        annotation.page((), pictures, title="")
    with pytest.raises(ValueError, match="a poll needs the name of who answers"):
        annotation.Poll(asked, tmp_path / "v.csv", annotator=" ", seed=0)
    with pytest.raises(ValueError, match=r"none of its values may hold a line break; got 'An\\nn'"):
        annotation.Poll(asked, tmp_path / "v.csv", annotator="An\nn", seed=0)
    poll = annotation.Poll(asked[:1], tmp_path / "v.csv", annotator="Ann", seed=0)
    with pytest.raises(ValueError, match="the answers are left, right, none; got 'both'"):
        poll.answer("both")
    poll.answer("none")
    with pytest.raises(ValueError, match=r"all 1 questions are answered; the votes are in v.csv"):
        poll.answer("none")


def test_a_file_is_whole_lines_after_each_append(tmp_path):
    append(tmp_path / "new" / "v.csv", [b"a\n", b"b\n"])
    assert (tmp_path / "new" / "v.csv").read_bytes() == votes.line([*votes.COLUMNS, "left"]) + b"a\nb\n"
