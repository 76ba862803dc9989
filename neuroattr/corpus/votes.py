"""Judgements of pairs of pictures as a CSV file that grows line by line, and as a table."""

import csv
import io
from pathlib import Path

import pandas as pd

ANSWERS = ("positive", "negative", "none")
COLUMNS = ("word", "pair", "positive_id", "negative_id", "annotator", "answer")


def line(values):
    """One row of CSV with its end, as bytes.

    Raises
    ------
    ValueError
        For a value with a line break: a file of votes has one judgement a line.
    """
    values = [str(value) for value in values]
    broken = [value for value in values if "\n" in value or "\r" in value]
    if broken:
        raise ValueError(f"a vote is one line, so none of its values may hold a line break; got {broken[0]!r}")
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow(values)
    return row.getvalue().encode()


def read(path):
    """Judgements of a file of votes: a table with ``COLUMNS`` (and what else the file has), as strings.

    Parameters
    ----------
    path
        CSV with a header, as ``neuroattr.annotation`` writes it.

    Returns
    -------
    DataFrame
        An annotator who judged a pair again is taken at the last word. A last line without an end, of a writer that
        was killed, is left out; ``attrs["torn"]`` says whether there was one.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        For missing columns, another answer than ``ANSWERS``, and lines with more or fewer values than the header.
    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"there is no file of votes {path}")
    whole, _, torn = path.read_bytes().decode("utf-8-sig").rpartition("\n")
    rows = list(csv.reader(io.StringIO(whole)))
    header, rows = (rows[0], rows[1:]) if rows else ([], [])
    absent = [name for name in COLUMNS if name not in header]
    if absent:
        raise ValueError(f"votes are a CSV file with the columns {', '.join(COLUMNS)}; {path.name} lacks {absent}")
    for number, row in enumerate(rows, start=2):
        if len(row) != len(header):
            raise ValueError(f"line {number} of {path.name} has {len(row)} values, its header {len(header)}: mend it")
        answer = row[header.index("answer")]
        if answer not in ANSWERS:
            raise ValueError(f"answers are {', '.join(ANSWERS)}; line {number} of {path.name} has {answer!r}")
    table = pd.DataFrame(rows, columns=header, dtype=object)
    table = table.drop_duplicates(["word", "pair", "annotator"], keep="last", ignore_index=True)
    table.attrs["torn"] = bool(torn.strip())
    return table


def joined(votes, ids, words):
    """Votes of one or several files or tables as one table of the pictures ``ids`` and the words ``words``.

    Raises
    ------
    ValueError
        For pictures and words that are not among them, and one pair of a word with two different pictures.
    """
    votes = [votes] if isinstance(votes, str | Path | pd.DataFrame) else list(votes)
    tables = [each if isinstance(each, pd.DataFrame) else read(each) for each in votes]
    table = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=list(COLUMNS))
    absent = [name for name in COLUMNS if name not in table]
    if absent:
        raise ValueError(f"votes have the columns {', '.join(COLUMNS)}; missing: {', '.join(absent)}")
    strangers = sorted({*table["positive_id"], *table["negative_id"]} - set(ids))
    if strangers:
        raise ValueError(f"{len(strangers)} picture(s) of the votes are not in this corpus, e.g. {strangers[0]!r}")
    unknown = sorted(set(table["word"]) - set(words))
    if unknown:
        raise ValueError(f"votes are about words of the corpus; {', '.join(unknown[:5])} is none")
    pictures = table.drop_duplicates(["word", "pair", "positive_id", "negative_id"])
    twice = pictures[pictures.duplicated(["word", "pair"])]
    if len(twice):
        word, pair = twice.iloc[0][["word", "pair"]]
        raise ValueError(f"pair {pair} of {word!r} shows different pictures in different files: same seed and corpus?")
    return table.drop_duplicates(["word", "pair", "annotator"], keep="last", ignore_index=True)
