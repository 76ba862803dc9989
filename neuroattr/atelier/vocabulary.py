"""The candidate words of the generated shop, and what makes each of them true of an item."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import numpy as np

from .items import Item

Facts = Mapping[str, frozenset[str]]  # the values of each field
Table = Mapping[str, tuple[str, ...]]  # holds if every field has one of its values

FIELDS = ("kind", "colour", "shows", "pattern", "texture", "sleeve", "neckline", "length", "detail", "style")
_TWO_COLOURED = frozenset({"flowers", "paisley", "argyle"})  # always drawn in the second colour, whatever the seed


@dataclass(frozen=True)
class Word:
    """One candidate word.

    Parameters
    ----------
    word
        Lower case, one token.
    kind
        "visual", "abstract" (follows style), "context" (follows the kind of item only) or "non-visual" (follows
        nothing: it is true of no item, and every mention of it is one of its false positives).
    place
        How texts use it: "colour", "tone", "pattern", "cut", "mood", "made" or "service".
    follows : tables {field: values}
        It is true of an item if any table holds; a table holds if every field has one of its values.
    miss, invent
        P(not mentioned | true) and P(mentioned | not true).
    visible
        Visibility in [0, 1]: the share of pairs of pictures, one of an item it is true of and one of an item it is
        not true of, that show the difference. Stated, not measured: 1 for colours and patterns, less for small
        parts, graded for moods by how strongly the style marks a picture, 0 for context words (what they say cannot
        be seen, although they go with certain kinds) and for words that follow nothing.
    as_, phrase, other, says
        Its wordings: before a noun, of a part (by the field that makes it true, "" for all), of other things, and
        sentences of its own.
    """

    word: str
    kind: str
    place: str
    follows: tuple[Table, ...] = ()
    miss: float = 0.0
    invent: float = 0.0
    visible: float = 0.0
    as_: str = ""
    phrase: Table = field(default_factory=dict)
    other: tuple[str, ...] = ()
    says: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("miss", "invent", "visible"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} of {self.word!r} must lie in [0, 1], got {getattr(self, name)}")
        unknown = {name for table in self.follows for name in table} - set(FIELDS)
        if unknown:
            raise ValueError(f"{self.word!r} follows unknown fields {sorted(unknown)}; choose from {', '.join(FIELDS)}")

    def applies(self, item: Item) -> bool:
        """Whether the word is true of the item."""
        known = facts(item)
        return any(holds(table, known) for table in self.follows)

    def phrases(self, item: Item) -> tuple[str, ...]:
        """How it is told of the part that makes it true of the item."""
        known = facts(item)
        causes = [next(iter(table)) for table in self.follows if holds(table, known)]
        general = self.phrase.get("", ("a {w} cut",))
        return next((self.phrase[cause] for cause in causes if cause in self.phrase), general)


@lru_cache(maxsize=16)  # while a listing is written, one item after the other
def facts(item: Item) -> Facts:
    """What a word can follow: the values of each of FIELDS that an item has.

    Notes
    -----
    "pattern" is the colour of the pattern where it is sure to show: other textures may be printed in a neutral, or
    only on the ground. "shows" is the ground and the pattern together.
    """
    pattern = frozenset({item.second}) if item.texture in _TWO_COLOURED else frozenset()
    single = {name: getattr(item, name) for name in FIELDS if name not in ("pattern", "shows", "detail")}
    return {
        **{name: frozenset() if value is None else frozenset({value}) for name, value in single.items()},
        "pattern": pattern,
        "shows": pattern | {item.colour},
        "detail": frozenset(item.details),
    }


@cache
def words() -> tuple[Word, ...]:
    """All candidate words, in the order of ``words.toml``."""
    text = resources.files(__package__).joinpath("words.toml").read_text(encoding="utf-8")
    found = tuple(
        _word(word, kind, place, entry)
        for kind, places in tomllib.loads(text).items()
        for place, entries in places.items()
        for word, entry in entries.items()
    )
    if len({word.word for word in found}) != len(found):
        raise ValueError("words.toml holds a word twice; keep one of its entries")
    return found


def applicability(items: Sequence[Item]) -> np.ndarray:
    """Which words are true of which items: bool N x W, columns in the order of ``words()``."""
    known = [facts(item) for item in items]
    wanted = {(name, value) for word in words() for table in word.follows for name in table for value in table[name]}
    has = {(name, value): np.array([value in fact[name] for fact in known], bool) for name, value in wanted}
    applies = np.zeros((len(items), len(words())), bool)
    for w, word in enumerate(words()):
        for table in word.follows:
            fields = [np.any([has[name, value] for value in values], axis=0) for name, values in table.items()]
            applies[:, w] |= np.all(fields, axis=0)
    return applies


def mentioned(applies: np.ndarray, *, seed: int) -> np.ndarray:
    """Which words a text mentions: ``applies`` with each word's stated rates of error, bool N x W."""
    miss = np.array([word.miss for word in words()])
    invent = np.array([word.invent for word in words()])
    chance = np.random.default_rng(seed).random(applies.shape)
    return np.where(applies, chance >= miss, chance < invent)


def holds(table: Table, known: Facts) -> bool:
    """Whether every field of the table has one of its values."""
    return all(not known[name].isdisjoint(values) for name, values in table.items())


def frozen(table: Mapping[str, Sequence[str]]) -> Table:
    """The table as a file holds it, with tuples of values."""
    return {name: tuple(values) for name, values in table.items()}


def _word(word: str, kind: str, place: str, entry: Mapping[str, Any]) -> Word:
    miss, invent, visible = (float(entry.get(name, 0.0)) for name in ("miss", "invent", "visible"))
    phrase = entry.get("phrase", {})
    return Word(
        word,
        kind,
        place,
        tuple(map(frozen, entry.get("follows", ()))),
        miss,
        invent,
        visible,
        as_=entry.get("as", word),
        phrase=frozen(phrase if isinstance(phrase, dict) else {"": phrase}),
        other=tuple(entry.get("other", ())),
        says=tuple(entry.get("says", ())),
    )
