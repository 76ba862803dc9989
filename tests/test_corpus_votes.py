"""Files and tables of votes: text as text, nothing that a spreadsheet runs, and files that are no votes."""

import re

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from neuroattr import annotation
from neuroattr.corpus import Corpus, ImageSource, votes
from neuroattr.people.poll import HEADER, Question

WORDS = ("NA", "true", "1e5", "=HYPERLINK(1)")
LINE = "NA,0,007,-1.jpg,Ann,positive\n"


@pytest.fixture
def mine():
    """A corpus without pictures whose words and ids look like numbers, gaps and formulas."""
    ids = ["007", "-1.jpg", "8", "1e5"]
    table = pd.DataFrame({"image": ids, "split": "train"}, index=pd.Index(ids, name="image"))
    return Corpus("odd", table, WORDS, scipy.sparse.csr_array(np.ones((4, 4), bool)), ImageSource("none", {}))


def written(path, *lines, header=votes.COLUMNS):
    path.write_text(",".join(header) + "\n" + "".join(lines))
    return path


# --- text is text
def test_words_and_ids_of_a_file_are_the_text_that_stands_there(mine, tmp_path):
    path = written(tmp_path / "v.csv", LINE, "true,1,007,8,007,none\n", "1e5,2,1e5,8,1e5,negative\n")
    table = mine.with_votes(path).annotations.votes
    assert table["word"].tolist() == ["NA", "true", "1e5"]
    assert table["positive_id"].tolist() == ["007", "007", "1e5"] and table["annotator"].tolist() == [
        "Ann",
        "007",
        "1e5",
    ]


def test_a_table_that_pandas_guessed_at_is_refused_or_joined_as_text(mine, tmp_path):
    path = written(tmp_path / "v.csv", LINE, "1e5,0,1e5,8,Ann,none\n")
    with pytest.raises(ValueError, match=r'"NA" and "null" for missing; give the path of the file instead$'):
        mine.with_votes(pd.read_csv(path))
    numbers = pd.read_csv(written(tmp_path / "w.csv", "1e5,0,007,8,Ann,none\n"))
    with pytest.raises(
        ValueError, match=r"e\.g\. '7'; column 'word' of the table is no text, so \"007\" or \"true\" was"
    ):
        mine.with_votes(numbers)
    table = pd.read_csv(path, dtype=dict.fromkeys(("word", "positive_id"), str), keep_default_na=False)
    assert table["pair"].dtype.kind == "i"
    assert len(mine.with_votes([table, path]).annotations.votes) == 2  # the same votes, not pairs 0 and "0"
    with pytest.raises(ValueError, match=r"^answers are positive, negative, none; a table of votes has 'maybe'$"):
        mine.with_votes(table.assign(answer="maybe"))
    with pytest.raises(ValueError, match=r"votes are one or several files or tables; got an empty list: is the folder"):
        mine.with_votes([])


# --- formulas
def test_what_looks_like_a_formula_is_written_as_text_and_read_as_it_was(mine, tmp_path):
    questions = [Question("=HYPERLINK(1)", 0, "-1.jpg", "007")]
    poll = annotation.Poll(questions, tmp_path / "v.csv", annotator='@SUM("A")', seed=0)
    poll.answer("none")
    line = (tmp_path / "v.csv").read_text().splitlines()[1]
    assert line.startswith('\'=HYPERLINK(1),0,\'-1.jpg,007,"\'@SUM(""A"")",none,')
    row = votes.read(tmp_path / "v.csv").iloc[0]
    assert row[["word", "positive_id", "annotator"]].tolist() == ["=HYPERLINK(1)", "-1.jpg", '@SUM("A")']
    assert annotation.Poll(questions, tmp_path / "v.csv", annotator='@SUM("A")', seed=0).progress == (1, 1)
    assert len(mine.with_votes(tmp_path / "v.csv").annotations.votes) == 1


def test_the_page_escapes_the_same_cells():
    page = annotation.page.__globals__["resources"].files("neuroattr.people").joinpath("page.html")
    assert r"""/^'*[=+\-@\t\r＝＋－＠]/.test(value) ? "'" + value : value""" in page.read_text(encoding="utf-8")


# --- encodings and shapes
@pytest.mark.parametrize(("encoding", "said"), [("utf-16", None), ("utf-8-sig", None), ("latin-1", "latin-1")])
def test_votes_in_other_encodings_are_read(mine, tmp_path, encoding, said):
    content = ",".join(votes.COLUMNS) + "\r\n" + LINE.replace("Ann", "Zoë").replace("\n", "\r\n")
    (tmp_path / "v.csv").write_bytes(content.encode(encoding))
    assert mine.with_votes(tmp_path / "v.csv", encoding=said).annotations.votes["annotator"].tolist() == ["Zoë"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            LINE.replace("Ann", "Zoë"),
            "v.csv is not UTF-8: line 2 has the byte 0xeb. In cp1252 it would say 'NA,0,007,-1.jpg",
        ),
        (
            LINE + 'NA,"1,007,8,Ann,none\n',
            "line 3 of v.csv cannot be read (unexpected end of data): a quotation mark that",
        ),
        ("NA,0,007,8,Ann,x,none\n", "line 2 of v.csv has 7 values, its header 6: mend it (a value with ',' in it"),
    ],
)
def test_files_that_do_not_fit_are_refused_with_their_line(tmp_path, content, message):
    path = tmp_path / "v.csv"
    path.write_bytes((",".join(votes.COLUMNS) + "\n" + content).encode("latin-1"))
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        votes.read(path)


def test_headers_that_do_not_fit_are_refused(tmp_path):
    path = tmp_path / "v.csv"
    path.write_text(";".join(votes.COLUMNS) + "\n")
    with pytest.raises(ValueError, match=r"v\.csv is separated by semicolons, not by commas: .*; save it with ','$"):
        votes.read(path)
    written(path, header=(*votes.COLUMNS, "word"))
    with pytest.raises(ValueError, match=r"v\.csv has \['word'\] more than once"):
        votes.read(path)
    path.write_text("word,pair")
    with pytest.raises(ValueError, match=r"v\.csv has no whole line"):
        votes.read(path)
    with pytest.raises(FileNotFoundError, match=r"there is no file of votes .*; it is a folder: give its files"):
        votes.read(tmp_path)


def test_a_line_torn_within_a_character_is_left_out_and_said(mine, tmp_path):
    path = written(tmp_path / "v.csv", LINE)
    path.write_bytes(path.read_bytes() + "NA,1,007,8,Zoë".encode()[:-1])
    judged = mine.with_votes(path)
    assert len(judged.annotations.votes) == 1
    assert judged.report["votes whose last line has no end, left out"] == ["v.csv"]


# --- a poll and its file
@pytest.mark.parametrize(
    "content",
    [
        b"my shopping list",
        ",".join(HEADER).encode() + b"\r" + LINE.replace("\n", ",positive\r").encode(),
        (",".join(HEADER) + "\n").encode("utf-16"),
        (",".join(reversed(HEADER)) + "\n").encode(),
        (",".join(votes.COLUMNS) + "\n" + LINE).encode(),
    ],
    ids=["no votes", "old line ends", "UTF-16", "other order", "other columns"],
)
def test_a_poll_neither_adds_to_nor_cuts_what_is_not_its_own(tmp_path, content):
    path = tmp_path / "v.csv"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"v\.csv (has no whole line|is no file that answers can be added to)"):
        annotation.Poll([Question("NA", 0, "007", "8")], path, annotator="Ann", seed=0)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("question", "annotator", "message"),
    [
        (("red\nblue", 0, "a", "b"), "Ann", "none of its values may hold a line break; got 'red\\nblue'"),
        (("red", 0, "a\0", "b"), "Ann", "none of its values may hold a NUL or half a character; got 'a\\x00'"),
        (
            ("red", 0, "a", "caf\udce9"),
            "Ann",
            "none of its values may hold a NUL or half a character; got 'caf\\udce9'",
        ),
        (("red", 0, "a", "b"), 7, "annotator is the name of who answers, a string; got 7"),
    ],
)
def test_what_cannot_be_written_is_refused_before_the_first_answer(tmp_path, question, annotator, message):
    with pytest.raises(ValueError, match=f"{re.escape(message)}$"):
        annotation.Poll([Question(*question)], tmp_path / "v.csv", annotator=annotator, seed=0)
