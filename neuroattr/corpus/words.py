"""The words of a corpus: given, taken from its texts, or from the names of its folders."""

import difflib
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import numpy as np
import pandas as pd
import scipy.sparse

from neuroattr import text

from . import tagging
from .report import Findings

WORDS_FROM = ("texts", "folders")
Found = tuple[tuple[str, ...], scipy.sparse.csr_array, Findings]  # words, mentions, and what was found on the way


class Wanted(Protocol):
    """Which words are wanted: these, or else so many."""

    @property
    def words(self) -> Sequence[str] | None: ...

    @property
    def n_words(self) -> int: ...


def given(words: object) -> tuple[str, ...] | None:
    """The words that a user named, as a tuple of strings without blanks around them; None if none were named.

    Raises
    ------
    ValueError
        For one string, no words, words that are missing, not strings or without a letter, and two that are the same in
        lower case.
    """
    if words is None:
        return None
    if isinstance(words, str):
        raise ValueError(f'words is a sequence of words, not one string; write words=("{words}",)')
    if not isinstance(words, Iterable) or isinstance(words, Mapping | pd.DataFrame | bytes):
        raise ValueError(f'words is a sequence of words, such as ("red", "soft"); got {type(words).__name__}')
    words = list(words)
    seen: dict[tuple[str, ...], str] = {}
    if not words:
        raise ValueError("words is empty; name one or more, or leave it out: then the texts' adjectives are taken")
    for number, word in enumerate(words, start=1):
        if not isinstance(word, str):
            raise ValueError(
                f"words are strings; number {number} of {len(words)} is {word!r} ({type(word).__name__}): leave out "
                "what is missing and write numbers as strings, as in [word for word in words if isinstance(word, str)]"
            )
        key = tuple(text.tokens(word))
        if not key:
            raise ValueError(f"words have letters or digits; number {number} of {len(words)} is {word!r}: leave it out")
        if key in seen:
            raise ValueError(
                f"words must differ from each other in lower case; {seen[key]!r} and {word!r} do not: leave one out"
            )
        seen[key] = word
    return tuple(str(word).strip() for word in words)


def of_texts(texts: Sequence[str], without: tuple[Sequence[str], Findings] | None, options: Wanted) -> Found:
    """Words (most frequent first), their mentions, and what was found on the way.

    Parameters
    ----------
    texts : N strings
    without
        None, or the texts without boilerplate and what was found of it.
    options
        ``words``, or else ``n_words`` adjectives.
    """
    tagged = tagging.pattern().once()
    kept, left = (texts, None) if without is None else without
    documents = [text.tokens(each) for each in kept]
    candidates = _candidates(kept, tagged, options)
    source = tagged.name if options.words is None else "given"
    mentions = text.mentions(documents, candidates)
    order, found = _sorted_out(candidates, text.document_frequency(mentions), len(documents))
    order = order[: options.n_words] if options.words is None else order
    if left is not None:
        before, whole = _candidates(texts, tagged, options)[: options.n_words], [text.tokens(each) for each in texts]
        lost = text.lost_mentions(whole, documents, before)
        found |= left | {"words that lost most to boilerplate": lost}
    return tuple(candidates[i] for i in order), mentions[:, order], {"words from": source} | found


def of_folders(folders: Sequence[str], options: Wanted) -> Found:
    """Names of folders as words, of all folders above a picture, and which pictures lie in which.

    Parameters
    ----------
    folders : N strings
        "clothes/shirts" for a picture two folders down, "" for one outside of all.
    options
        ``words``: only these names.
    """
    names = [list(dict.fromkeys(part for part in folder.split("/") if part)) for folder in folders]
    candidates = list(options.words or sorted({name for each in names for name in each}))
    column = {name: w for w, name in enumerate(candidates)}
    rows = [(n, column[name]) for n, each in enumerate(names) for name in each if name in column]
    mentions = np.zeros((len(names), len(candidates)), bool)
    mentions[tuple(np.array(rows, np.int64).reshape(-1, 2).T)] = True
    order, found = _sorted_out(candidates, mentions.sum(axis=0), len(names))
    chosen = scipy.sparse.csr_array(mentions[:, order])
    return tuple(candidates[i] for i in order), chosen, {"words from": "folders"} | found


def _sorted_out(candidates: Sequence[str], frequency: np.ndarray, n: int) -> tuple[list[int], Findings]:
    """Places of the words that some but not all pictures have, most frequent first; and the others by name."""
    found = {
        "words in no picture": [word for word, count in zip(candidates, frequency, strict=True) if count == 0],
        "words in every picture": [word for word, count in zip(candidates, frequency, strict=True) if count == n],
    }
    order = sorted((i for i, count in enumerate(frequency) if 0 < count < n), key=lambda i: -frequency[i])
    return order, {key: value for key, value in found.items() if value}


def _candidates(texts: Sequence[str], tagged: tagging.Tagging, options: Wanted) -> list[str]:
    """The words that were given, or all adjectives."""
    if options.words is not None:
        return list(options.words)
    return list(text.adjectives([text.sentences(each) for each in texts], tagged.tagger))


def unknown(word: object, words: Sequence[str], *, name: str, hint: str | None = None) -> str:
    """What to say of a word that is none of the words of the corpus ``name``, with the nearest ones or a ``hint``."""
    spelled = {known.lower(): known for known in reversed(words)}
    near = [spelled[match] for match in difflib.get_close_matches(str(word).lower(), spelled, n=3)]
    hint = hint or (f"did you mean {' or '.join(map(repr, near))}?" if near else "its words are in .words")
    return f"{word!r} is none of the {len(words)} words of {name}; {hint}"
