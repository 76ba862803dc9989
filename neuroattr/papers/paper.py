"""A paper: what it prints, claims, leaves open and gets wrong."""

import tomllib
from dataclasses import dataclass
from importlib import resources

import pandas as pd

from neuroattr.papers import reading
from neuroattr.papers.reading import PaperError
from neuroattr.papers.settings import Constants, nearest, settings_text

KEYS = ("discovery", "poster", "hidden_layers", "summarization", "visual_concepts")


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
    words: dict[str, pd.DataFrame]
    sentences: pd.DataFrame

    def __repr__(self) -> str:
        counts = f"{len(self.numbers)} numbers, {len(self.claims)} claims, {len(self.choices)} choices"
        return f"Paper({self.key!r}: {counts}, {len(self.errata)} errata)"

    def value(self, id: str) -> float:
        """Return the printed number `id`."""
        return float(self.numbers["value"].iloc[self._row(self.numbers, "number", id)])

    def claim(self, id: str) -> pd.Series:
        """Return the claim `id` as a Series."""
        return self.claims.iloc[self._row(self.claims, "claim", id)]

    def choice(self, name: str) -> str:
        """Return the default of the open choice `name`."""
        return str(self.choices["default"].iloc[self._row(self.choices, "choice", name, "name")])

    def _row(self, frame: pd.DataFrame, what: str, id: str, column: str = "id") -> int:
        ids = list(frame[column])
        if id not in ids:
            raise KeyError(f"{self.key!r} has no {what} {id!r}{nearest(id, ids)}")
        return ids.index(id)


def keys() -> tuple[str, ...]:
    """Return the names of the documents."""
    return KEYS


def load(key: str) -> Paper:
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
    text = resources.files(__package__).joinpath(f"{key}.toml").read_text(encoding="utf-8")
    return parsed(key, f"{text}\n{settings_text(key)}")


def parsed(key: str, text: str) -> Paper:
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
