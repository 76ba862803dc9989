"""What text alone says about which words are visual: how often they modify objects."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Real

from neuroattr.checks import finite, numbers, require, same_length


def language_prior(
    adjectives: Sequence[str],
    nouns: Sequence[str],
    counts: Real[np.ndarray, " K"],
    *,
    words: Sequence[str],
    objects: Sequence[str],
    total: float | None = None,
) -> Float[np.ndarray, " W"]:
    """Probability of each word directly before one of the objects, summed over the objects.

    Parameters
    ----------
    adjectives, nouns, counts
        Counts of adjective-noun pairs, one row a pair.
    words
        Words to score.
    objects
        Nouns to sum over; the paper takes 20 categories of clothing.
    total
        Count of all bigrams that the counts are a share of; by default the sum of `counts`. It scales all words alike.

    Raises
    ------
    ValueError
        Columns of different length, negative counts, objects given twice, a total that is not positive.

    Notes
    -----
    *Discovery* section 4.4: the assumption is that visual words modify clothing more often. A pair that was never
    counted has probability 0: of a small corpus that says little about the word.

    Examples
    --------
    >>> counted = ["red", "red", "due"], ["dress", "car", "date"], [6, 2, 2]
    >>> language_prior(*counted, words=["red", "due"], objects=["dress"])
    array([0.6, 0. ])
    """
    counts = finite(numbers(counts, name="counts"), name="counts")
    same_length(adjectives=adjectives, nouns=nouns, counts=counts)
    require((counts >= 0).all(), "counts must not be negative")
    require(len(set(objects)) == len(objects), "objects must differ from each other; some are given twice")
    total = counts.sum() if total is None else total
    require(total > 0, f"total must be positive; got {total}")
    inside = np.isin(np.asarray(nouns, dtype=str), np.asarray(objects, dtype=str))
    names, position = np.unique(np.asarray(adjectives, dtype=str)[inside], return_inverse=True)
    sums = dict(zip(names.tolist(), np.bincount(position, counts[inside], len(names)), strict=True))
    return np.array([sums.get(word, 0.0) for word in words]) / total
