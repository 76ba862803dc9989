"""Table 3: BLEU of explanations against the captions of their image, in all the variants that the paper may mean."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Int

from neuroattr.checks import one_of, require, same_length

SMOOTHINGS = (0, 1, 4)
"""Of Chen and Cherry (2014), by their numbers in nltk: none, 0.1 for no match, and less for longer sentences."""
PREFIX = " because it has "
"""What the template says before the attributes ends with this."""


def stripped(text: str) -> str:
    """A sentence without its class: what follows the first "because it has"; another text as it is.

    >>> stripped("This is a Eared Grebe because it has black crown.")
    'black crown.'
    """
    return text.partition(PREFIX)[2] or text


def matches(words: Sequence[str], references: Sequence[Sequence[str]], *, orders: int = 4) -> Int[np.ndarray, "n+1 2"]:
    """What BLEU counts of a sentence: for each order its matched and all n-grams, and last its and the nearest length.

    Parameters
    ----------
    words, references
        Words of the sentence, and of each reference. An n-gram matches as often as the reference that has it most.
    orders
        From 1 to this.

    Raises
    ------
    ValueError
        No word, no reference, fewer than one order.
    """
    require(len(words) > 0 and len(references) > 0, "BLEU needs a sentence with words and at least one reference")
    require(orders >= 1, f"orders must be at least 1; got {orders}")
    rows = []
    for order in range(1, orders + 1):
        own, most = _grams(words, order), Counter[tuple[str, ...]]()
        for reference in references:
            most |= _grams(reference, order)
        rows.append((sum((own & most).values()), sum(own.values())))
    nearest = min(map(len, references), key=lambda length: (abs(length - len(words)), length))
    return np.array([*rows, (len(words), nearest)])


def bleu(counted: Int[np.ndarray, "*S n+1 2"], *, order: int, smoothing: int) -> Float[np.ndarray, "*S"]:
    """BLEU of sentences with uniform weights; of a corpus where `counted` is their sum.

    Parameters
    ----------
    counted
        From `matches`.
    order
        Longest n-grams.
    smoothing
        One of `SMOOTHINGS`.

    Raises
    ------
    ValueError
        An order that was not counted, another smoothing.

    Notes
    -----
    Papineni et al. (2002), doi:10.3115/1073083.1073135; equal to nltk's ``sentence_bleu`` for sentences of at least two
    words, and to its ``corpus_bleu`` where each sentence has `order` words: nltk counts one n-gram for a sentence too
    short to have any. Zero where no word matches. Without smoothing, an order without a match makes it zero.
    """
    one_of(smoothing, SMOOTHINGS, name="smoothing")
    counted = np.asarray(counted, np.float64)
    require(1 <= order < counted.shape[-2], f"order must be between 1 and {counted.shape[-2] - 1}; got {order}")
    hits, total = counted[..., :order, 0], np.maximum(counted[..., :order, 1], 1)
    length, nearest = counted[..., -1, 0], counted[..., -1, 1]
    instead = np.full(hits.shape, np.finfo(float).tiny)
    if smoothing == 1:
        instead = np.full(hits.shape, 0.1)
    if smoothing == 4:
        missed = np.cumsum(hits == 0, axis=-1)
        instead = np.log(np.maximum(length, 2))[..., None] / (2.0**missed * 5)
        instead = np.where((length > 1)[..., None], instead, np.finfo(float).tiny)
    precision = np.where(hits > 0, hits, instead) / total
    brevity = np.where(length > nearest, 1, np.exp(1 - nearest / length))
    scores = brevity * np.exp(np.log(precision).mean(axis=-1))
    silent = (hits[..., 0] == 0) | ((hits == 0).any(axis=-1) & (smoothing == 0))
    return np.asarray(np.where(silent, 0, scores))


def bleu_grid(
    sentences: Sequence[Sequence[str]], references: Sequence[Sequence[Sequence[str]]], *, orders: int = 4
) -> dict[tuple[int, int], Float[np.ndarray, " S"]]:
    """BLEU of each sentence by order and smoothing: ``grid[2, 1]`` is BLEU-2 with smoothing 1.

    Strip prefixes and choose references before; take means over correct, wrong and all images after.

    Raises
    ------
    ValueError
        Other references than sentences, no sentence, and whatever `matches` refuses.
    """
    same_length(sentences=sentences, references=references)
    require(len(sentences) > 0, "BLEU needs at least one sentence")
    counted = np.stack([matches(*both, orders=orders) for both in zip(sentences, references, strict=True)])
    return {
        (order, smoothing): bleu(counted, order=order, smoothing=smoothing)
        for order in range(1, orders + 1)
        for smoothing in SMOOTHINGS
    }


def _grams(words: Sequence[str], order: int) -> Counter[tuple[str, ...]]:
    """How often each n-gram is in a sentence."""
    return Counter(tuple(words[n : n + order]) for n in range(len(words) - order + 1))
