"""Words of one token or several, found in documents of tokens."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from .normalisation import MARK, RUN_LETTER, SURROGATE, without_points

_RUN_LETTER = re.compile(RUN_LETTER)


@dataclass(frozen=True)
class Phrases:
    """W different words, ready to be looked for.

    Attributes
    ----------
    names
        The words as they were given.
    column
        Number of each word, by its tokens.
    lengths
        In how many tokens there are words.
    inside
        Number and pattern of the words that are looked for inside runs of a script without blanks.
    """

    names: tuple[str, ...]
    column: dict[tuple[str, ...], int] = field(repr=False)
    lengths: frozenset[int] = field(repr=False)
    inside: tuple[tuple[int, re.Pattern[str]], ...] = field(repr=False)

    @classmethod
    def of_words(cls, words: Iterable[str], tokens: Callable[[str], list[str]]) -> "Phrases":
        """Phrases of ``words``, which ``tokens`` takes apart; an error names those that are none or not different."""
        if isinstance(words, str):
            raise TypeError(f"candidate words are several; got the one string {words!r}. Put it into a list")
        names, column = tuple(words), dict[tuple[str, ...], int]()
        for number, word in enumerate(names):
            key = tuple(tokens(_checked(word)))
            if not key:
                raise ValueError(f"candidate words have letters or digits; got {word!r}. Leave it out")
            if key in column:
                raise ValueError(
                    "candidate words differ from each other in one spelling, whatever their case; got "
                    f"{names[column[key]]!r} and {word!r}, both {' '.join(key)!r}. Keep one of them"
                )
            column[key] = number
        inside = tuple((number, _pattern(key)) for key, number in column.items() if _RUN_LETTER.search("".join(key)))
        return cls(names, column, frozenset(map(len, column)), inside)

    def found(self, document: Sequence[str]) -> list[int]:
        """Numbers of the words that a document of tokens has, ascending."""
        whole = tuple(document)
        rows, joined = [whole], f" {' '.join(whole)} "
        if not joined.isascii():
            bare = tuple(map(without_points, whole))
            rows += [bare] if bare != whole else []
        hits = {self.column[gram] for row in rows for gram in _grams(row, self.lengths) if gram in self.column}
        if self.inside and _RUN_LETTER.search(joined):
            hits.update(number for number, pattern in self.inside if pattern.search(joined))
        return sorted(hits)


def _checked(word: str) -> str:
    if not isinstance(word, str):
        raise TypeError(f"candidate words are strings; got {type(word).__name__} {word!r}. Write it as a string")
    if SURROGATE.search(word):
        raise ValueError(f"candidate words are whole characters; {word!a} holds half of one. Type it anew")
    return word


def _pattern(key: tuple[str, ...]) -> re.Pattern[str]:
    """Where a word stands in tokens between blanks: between letters of a run, at a blank beside other letters."""
    first, last = ("" if _RUN_LETTER.match(side) else " " for side in (key[0], key[-1]))
    return re.compile(re.escape(f"{first}{' '.join(key)}{last}") + f"(?!{MARK})")


def _grams(document: tuple[str, ...], lengths: Iterable[int]) -> Iterator[tuple[str, ...]]:
    for n in lengths:
        for i in range(len(document) - n + 1):
            yield document[i : i + n]
