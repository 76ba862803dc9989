"""Every constant, printed number, claim, open choice and slip of the papers, each with the place where it is printed.

One TOML file a document, of these tables:

``[paper]``
    what to cite.
``[constants.<name>]``
    a number, text or list with ``value`` and ``place``. A printed one is also a row (a list: a row each) of
    ``numbers``; ``printed = false`` marks what the paper leaves out and is needed all the same.
``[[numbers]]``, ``[[tables]]``
    what the paper measured: single numbers, and tables whose cells get the id ``table.row.column``.
``[[claims]]``
    a sentence and what decides it: a ``statistic`` whose interval is held against ``above`` or ``below``, or a
    ``test`` in words. ``printed`` is the verdict of the paper's own numbers.
``[[choices]]``, ``[[errata]]``
    what the paper leaves open, with options and default; what is printed wrong, with the reading meant.
``[words.<table>]``, ``[[sentences]]``
    tables of words, and sentences word for word.
"""

import difflib
import tomllib
from dataclasses import dataclass
from importlib import resources

import pandas as pd

from neuroattr.papers import reading
from neuroattr.papers.reading import PaperError

__all__ = ["Constants", "Paper", "PaperError", "keys", "load", "nearest"]

KEYS = ("discovery", "poster", "hidden_layers", "summarization", "visual_concepts")


class Constants:
    """The constants of a paper, read as attributes: ``constants.prime_units``. They cannot be changed."""

    __slots__ = ("_entries", "_key")

    def __init__(self, key, entries):
        object.__setattr__(self, "_key", key)
        object.__setattr__(self, "_entries", entries)

    def __getattr__(self, name):
        if name.startswith("_"):  # asked for by copy, pickle and the display of notebooks
            raise AttributeError(name)
        return self._entry(name)["value"]

    def __setattr__(self, name, value):
        raise AttributeError(
            f"constants of {self._key!r} cannot be changed ({name} = {value!r}); pass another value to the function"
        )

    def __delattr__(self, name):
        raise AttributeError(f"constants of {self._key!r} cannot be deleted ({name})")

    def __dir__(self):
        return [*self._entries, "place", "table"]

    def __iter__(self):
        return iter(self._entries)

    def __len__(self):
        return len(self._entries)

    def __contains__(self, name):
        return name in self._entries

    def __repr__(self):
        return f"Constants({self._key!r}: {', '.join(self._entries)})"

    def __reduce__(self):
        return Constants, (self._key, self._entries)

    def place(self, name):
        """Return where constant `name` is printed."""
        return self._entry(name)["place"]

    def table(self):
        """Return a DataFrame with a row for each constant: value, unit, place, printed, what, note."""
        columns = ("value", "unit", "place", "printed", "what", "note")
        rows = {name: [entry[column] for column in columns] for name, entry in self._entries.items()}
        return pd.DataFrame.from_dict(rows, orient="index", columns=list(columns)).rename_axis("name")

    def _entry(self, name):
        if name not in self._entries:
            near = nearest(name, self._entries)
            raise AttributeError(f"{self._key!r} has no constant {name!r}{near}; there are: {', '.join(self._entries)}")
        return self._entries[name]


@dataclass(frozen=True, eq=False)
class Paper:
    """A source document: what it prints, claims, leaves open and gets wrong.

    Attributes
    ----------
    key : str
        Name of the document in this package, one of `keys`.
    title, citation, bibtex : str
        Title; authors, year, title and venue in one line; key of the entry in ``book/references.bib``.
    doi, arxiv : str or None
        Identifiers, where known.
    constants : Constants
        Settings by name, for example ``constants.prime_units``.
    numbers : pandas.DataFrame
        A row for each printed number: id, place, table, row, column, value, unit, kind (result, setting or data),
        comparable, reason, note, decimals.
    claims : pandas.DataFrame
        id, place, sentence, test, statistic, above, below, each, printed, numbers, note, same_as.
    choices : pandas.DataFrame
        What the paper leaves open: name, place, question, options, default, reason.
    errata : pandas.DataFrame
        Slips in print: id, place, printed, reading, why.
    words : dict of str to pandas.DataFrame
        Tables of words by id, a row for each rank.
    sentences : pandas.DataFrame
        Sentences word for word: id, place, class_name, text, attributes.
    """

    key: str
    title: str
    citation: str
    bibtex: str
    doi: str | None
    arxiv: str | None
    constants: Constants
    numbers: pd.DataFrame
    claims: pd.DataFrame
    choices: pd.DataFrame
    errata: pd.DataFrame
    words: dict
    sentences: pd.DataFrame

    def __repr__(self):
        counts = f"{len(self.numbers)} numbers, {len(self.claims)} claims, {len(self.choices)} choices"
        return f"Paper({self.key!r}: {counts}, {len(self.errata)} errata)"

    def value(self, id):
        """Return the printed number `id`."""
        return float(self.numbers["value"].iloc[self._row(self.numbers, "number", id)])

    def claim(self, id):
        """Return the claim `id` as a Series."""
        return self.claims.iloc[self._row(self.claims, "claim", id)]

    def choice(self, name):
        """Return the default of the open choice `name`."""
        return self.choices["default"].iloc[self._row(self.choices, "choice", name, "name")]

    def _row(self, frame, what, id, column="id"):
        ids = list(frame[column])
        if id not in ids:
            raise KeyError(f"{self.key!r} has no {what} {id!r}{nearest(id, ids)}")
        return ids.index(id)


def keys():
    """Return the names of the documents."""
    return KEYS


def load(key):
    """Return the paper `key`, checked.

    Parameters
    ----------
    key : str
        One of `keys`.

    Raises
    ------
    KeyError
        If there is no such paper.
    PaperError
        If its file has an entry with a missing, unknown, repeated or mistyped field; the message names file and entry.

    Examples
    --------
    >>> paper = load("discovery")
    >>> paper.constants.prime_units, paper.value("table1.pretrained-resample.spearman")
    (100, 0.717)
    """
    if key not in KEYS:
        raise KeyError(f"no paper {key!r}{nearest(key, KEYS)}; there are: {', '.join(KEYS)}")
    text = resources.files(__name__).joinpath(f"{key}.toml").read_text(encoding="utf-8")
    return parsed(key, text)


def parsed(key, text):
    """Return the paper in the TOML `text`, checked; `key` names it in errors."""
    file = f"{key}.toml"
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PaperError(f"{file}: not valid TOML: {error}") from error
    checked = reading.checked(document, file=file)
    about = checked["paper"]
    numbers = reading.numbers(checked, file=file)
    return Paper(
        key=key,
        title=about["title"],
        citation=f"{', '.join(about['authors'])} ({about['year']}). {about['title']}. {about['venue']}.",
        bibtex=about["bibtex"],
        doi=about["doi"] or None,
        arxiv=about["arxiv"] or None,
        constants=Constants(key, checked["constants"]),
        numbers=numbers,
        claims=reading.claims(checked, set(numbers["id"]), file=file),
        choices=reading.frame(checked, "choices"),
        errata=reading.frame(checked, "errata"),
        words=reading.words(checked, file=file),
        sentences=reading.frame(checked, "sentences"),
    )


def nearest(name, names):
    """Return ``" (did you mean 'x'?)"`` for the closest of `names`, or nothing."""
    close = difflib.get_close_matches(str(name), list(names), n=3, cutoff=0.5)
    return f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""
