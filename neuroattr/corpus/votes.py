"""Judgements of pairs of pictures as a CSV file that grows line by line, and as a table."""

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

from . import delimited
from .columns import as_texts

ANSWERS = ("positive", "negative", "none")
COLUMNS = ("word", "pair", "positive_id", "negative_id", "annotator", "answer")


def line(values: Iterable[object]) -> bytes:
    """One row of CSV with its end, as bytes; what a spreadsheet would take for a formula has an apostrophe before it.

    Raises
    ------
    ValueError
        For a value with a line break (a file of votes has one judgement a line), a NUL or half a character.
    """
    texts = [str(value) for value in values]
    broken = [value for value in texts if "\n" in value or "\r" in value]
    if broken:
        raise ValueError(f"a vote is one line, so none of its values may hold a line break; got {broken[0]!r}")
    odd = [value for value in texts if "\0" in value or value != value.encode("utf-8", "replace").decode()]
    if odd:
        raise ValueError(f"a vote is text, so none of its values may hold a NUL or half a character; got {odd[0]!r}")
    row = io.StringIO()
    csv.writer(row, lineterminator="\n").writerow([delimited.escaped(value) for value in texts])
    return row.getvalue().encode()


def read(path: Path | str, *, encoding: str | None = None) -> pd.DataFrame:
    """Judgements of a file of votes: a table with ``COLUMNS`` (and what else the file has), as strings.

    Parameters
    ----------
    path
        CSV with a header, as ``neuroattr.annotation`` writes it.
    encoding
        None: UTF-8, or as its byte order mark says.

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
        For missing or repeated columns, another answer than ``ANSWERS``, lines with more or fewer values than the
        header, and another encoding or separator.
    """
    path = Path(path)
    if not path.is_file():
        hint = "; it is a folder: give its files, sorted(Path(folder).glob('*.csv'))" if path.is_dir() else ""
        raise FileNotFoundError(f"there is no file of votes {path}{hint}")
    whole, torn = _whole_lines(path.read_bytes(), path.name, encoding)
    if torn and not whole.strip():
        raise ValueError(f"votes are a CSV file with the columns {', '.join(COLUMNS)}; {path.name} has no whole line")
    file = delimited.rows(whole, name=path.name)
    absent = [name for name in COLUMNS if file.header.count(name) != 1]
    if absent:
        twice = [name for name in absent if name in file.header]
        said = f"has {twice} more than once" if twice else f"lacks {absent}"
        raise ValueError(f"votes are a CSV file with the columns {', '.join(COLUMNS)}; {path.name} {said}")
    rows = [[delimited.unescaped(value) for value in row] for row in file.rows]
    for number, row in zip(file.lines, rows, strict=True):
        answer = row[file.header.index("answer")]
        if answer not in ANSWERS:
            raise ValueError(f"answers are {', '.join(ANSWERS)}; line {number} of {path.name} has {answer!r}")
    table = pd.DataFrame(rows, columns=file.header, dtype=object)
    table = table.drop_duplicates(["word", "pair", "annotator"], keep="last", ignore_index=True)
    table.attrs["torn"] = torn
    return table


def joined(
    votes: Path | str | pd.DataFrame | Iterable[Path | str | pd.DataFrame],
    ids: Iterable[str],
    words: Iterable[str],
    *,
    encoding: str | None = None,
) -> pd.DataFrame:
    """Votes of one or several files or tables as one table of the pictures ``ids`` and the words ``words``.

    Values are strings, as in a file; ``attrs["torn"]`` has the names of files whose last line had no end.

    Raises
    ------
    ValueError
        For no votes at all, pictures and words that are not among them, answers that are none, and one pair of a word
        with two different pictures.
    """
    sources = [votes] if isinstance(votes, str | Path | pd.DataFrame) else list(votes)
    if not sources:
        raise ValueError("votes are one or several files or tables; got an empty list: is the folder the right one?")
    tables, torn = [], []
    for source in sources:
        if isinstance(source, pd.DataFrame):
            tables.append(_as_strings(source))
            continue
        tables.append(read(source, encoding=encoding))
        if tables[-1].attrs.pop("torn"):
            torn.append(Path(source).name)
    table = pd.concat(tables, ignore_index=True)
    said = sorted(set(table["answer"]) - set(ANSWERS))
    if said:
        raise ValueError(f"answers are {', '.join(ANSWERS)}; a table of votes has {said[0]!r}")
    hint = _hint([source for source in sources if isinstance(source, pd.DataFrame)])
    strangers = sorted({*table["positive_id"], *table["negative_id"]} - set(ids))
    if strangers:
        raise ValueError(
            f"{len(strangers)} picture(s) of the votes are not in this corpus, e.g. {strangers[0]!r}{hint}"
        )
    unknown = sorted(set(table["word"]) - set(words))
    if unknown:
        raise ValueError(f"votes are about words of the corpus; {', '.join(unknown[:5])} is none{hint}")
    pictures = table.drop_duplicates(["word", "pair", "positive_id", "negative_id"])
    twice = pictures[pictures.duplicated(["word", "pair"])]
    if len(twice):
        word, pair = twice.iloc[0][["word", "pair"]]
        raise ValueError(f"pair {pair} of {word!r} shows different pictures in different files: same seed and corpus?")
    table = table.drop_duplicates(["word", "pair", "annotator"], keep="last", ignore_index=True)
    table.attrs["torn"] = torn
    return table


def _whole_lines(data: bytes, name: str, encoding: str | None) -> tuple[str, bool]:
    """Text of the lines that have an end, and whether there was one without; it may end within a character."""
    wide = (encoding or "").lower().replace("_", "-").startswith(("utf-16", "utf-32"))
    if wide or data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # a line break is not one byte there
        said = delimited.decoded(data, name=name, encoding=encoding)
        end = max(said.rfind("\n"), said.rfind("\r")) + 1
        return said[:end], bool(said[end:].strip())
    end = max(data.rfind(b"\n"), data.rfind(b"\r")) + 1
    return delimited.decoded(data[:end], name=name, encoding=encoding), bool(data[end:].strip())


def _as_strings(table: pd.DataFrame) -> pd.DataFrame:
    """A user's table of votes with the values of ``COLUMNS`` as strings."""
    absent = [name for name in COLUMNS if name not in table]
    if absent:
        raise ValueError(f"votes have the columns {', '.join(COLUMNS)}; missing: {', '.join(absent)}")
    texts = {name: as_texts(table, name)[0] for name in COLUMNS}
    for name, values in texts.items():
        if "" in values:
            raise ValueError(
                f"column {name!r} of a table of votes is empty in {values.count('')} row(s), first {values.index('')}: "
                'pandas takes words like "NA" and "null" for missing; give the path of the file instead'
            )
    return table.assign(**{name: pd.Series(said, index=table.index, dtype=object) for name, said in texts.items()})


def _hint(tables: Sequence[pd.DataFrame]) -> str:
    """What tables did to words and ids that looked like numbers."""
    columns = [c for c in ("word", "positive_id", "negative_id") for t in tables if t[c].dtype.kind in "biuf"]
    if not columns:
        return ""
    return f'; column {columns[0]!r} of the table is no text, so "007" or "true" was lost: give the path of the file'
