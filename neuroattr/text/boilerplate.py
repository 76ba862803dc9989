"""Sentences that a shop repeats from product to product: how to wash it, who wears it, why to buy here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from neuroattr import checks

from .tokens import document_frequency, mentions, sentences


@dataclass(frozen=True)
class Boilerplate:
    """Texts without the sentences that their groups repeat.

    Attributes
    ----------
    texts
        N texts; one that lost nothing is as it was, of the others the kept sentences are left, normalised.
    lost
        Sentences that each text lost: int N.
    repeated
        The repeated sentences as (group, sentence, texts of the group that have it), the most frequent first.
    sentences
        Sentences of all texts before, each text's own repetitions counted.
    """

    texts: tuple[str, ...] = field(repr=False)
    lost: np.ndarray = field(repr=False)
    repeated: tuple[tuple[str, str, int], ...] = field(repr=False)
    sentences: int

    def report(self, *, most: int = 20) -> dict[str, Any]:
        """What was left out, in numbers, with the ``most`` frequent sentences: values that JSON can hold."""
        return {
            "boilerplate sentences": len(self.repeated),
            "boilerplate left out, of all sentences": int(self.lost.sum()),
            "sentences before": self.sentences,
            "texts with boilerplate": int((self.lost > 0).sum()),
            "most frequent boilerplate": [list(sentence) for sentence in self.repeated[:most]],
        }


def boilerplate(texts: Sequence[str], groups: Sequence[object], *, least: int, share: float = 0.0) -> Boilerplate:
    """Texts without the sentences that are repeated across the texts of their group.

    Parameters
    ----------
    texts : N strings
        Descriptions; titles are better left out, a short title recurs because products are alike.
    groups : N labels
        Shop or brand of each text.
    least
        A sentence is boilerplate if at least so many texts of its group have it (2 or more),
    share
        and at least this share of the texts of its group (0 to 1).

    Raises
    ------
    ValueError
        For lengths that differ, `least` below 2, a share outside [0, 1].

    Notes
    -----
    Sentences are those of ``text.sentences``: they end at lines, stops and bullets, and two are the same if their
    words and commas are, whatever their case, blanks and other marks. A text that says a sentence twice counts once.
    The rule knows nothing of meaning: "leather upper" goes, too, if a brand says it of three shoes; the report shows
    which words pay. Near-duplicates should be merged first, or their whole descriptions are boilerplate.

    Examples
    --------
    >>> shop = ["Red dress. Machine wash.", "Blue hat. machine  wash!", "Wool scarf. Machine wash"]
    >>> boilerplate(shop, ["a", "a", "b"], least=2).texts
    ('red dress', 'blue hat', 'Wool scarf. Machine wash')
    """
    checks.same_length(texts=texts, groups=groups)
    checks.require(least >= 2, f"least is the number of texts that make a sentence boilerplate, 2 or more; got {least}")
    checks.between(share, 0, 1, name="share")
    documents = [sentences(text) for text in texts]
    names, group = np.unique(np.asarray([str(name) for name in groups]), return_inverse=True)
    number: dict[tuple[str, ...], int] = {}
    sentence = np.array([number.setdefault(each, len(number)) for document in documents for each in document], np.int64)
    row = np.repeat(np.arange(len(texts)), [len(each) for each in documents])
    # A sentence of one group is one key; a text counts once for it.
    keys, place = np.unique(group[row] * max(len(number), 1) + sentence, return_inverse=True)
    count = np.bincount(np.unique(place * len(texts) + row) // max(len(texts), 1), minlength=len(keys))
    of_group, sentence_of = np.divmod(keys, max(len(number), 1))
    repeated = count >= np.maximum(least, share * np.bincount(group, minlength=len(names))[of_group])
    gone = repeated[place]
    spelled = list(number)
    order = sorted(np.flatnonzero(repeated), key=lambda k: (-count[k], keys[k]))
    most_frequent = ((str(names[of_group[k]]), " ".join(spelled[sentence_of[k]]), int(count[k])) for k in order)
    lost = np.bincount(row[gone], minlength=len(texts))
    return Boilerplate(_kept(texts, documents, gone), lost, tuple(most_frequent), len(sentence))


def lost_mentions(
    before: Iterable[Sequence[str]], after: Iterable[Sequence[str]], words: Sequence[str], *, most: int = 20
) -> dict[str, list[int]]:
    """Words by the number of texts that no longer mention them: word -> [texts before, texts after], most lost first.

    Parameters
    ----------
    before, after : N sequences of tokens
        The same texts with and without something.
    """
    counts = (document_frequency(mentions(side, words)) for side in (before, after))
    both = {word: [int(n), int(left)] for word, n, left in zip(words, *counts, strict=True) if left < n}
    return dict(sorted(both.items(), key=lambda item: (item[1][1] - item[1][0], item[0]))[:most])


def _kept(texts: Sequence[str], documents: Sequence[list[tuple[str, ...]]], gone: np.ndarray) -> tuple[str, ...]:
    """The texts without the sentences that are gone, of all documents in a row; whole where none is."""
    kept: list[str] = []
    start = 0
    for text, document in zip(texts, documents, strict=True):
        left_out = gone[start : start + len(document)]
        start += len(document)
        left = (" ".join(sentence) for sentence, out in zip(document, left_out, strict=True) if not out)
        kept.append("\n".join(left) if left_out.any() else text)
    return tuple(kept)
