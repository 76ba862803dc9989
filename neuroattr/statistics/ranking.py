"""How good a ranking is: average precision, precision at k, normalised discounted cumulative gain."""

import numpy as np
from jaxtyping import Bool, Float, Real

from neuroattr.checks import between, finite, numbers, require, truths


def average_precision(scores: Real[np.ndarray, " N"], hits: Bool[np.ndarray, " N"], *, positives: int) -> float:
    """Precision averaged over all positives in the order of falling scores; one that is not found counts as zero.

    Parameters
    ----------
    scores
        Confidence of each detection (an image, a box, a pixel), in any order; the largest comes first.
    hits
        Which detections are right.
    positives
        Number of true ones, those that were never detected included: ``hits.sum()`` where everything is ranked.

    Returns
    -------
    Between 0 and 1; 0 where nothing was detected.

    Raises
    ------
    ValueError
        Another number of hits than scores, scores that are not finite, no positive, or fewer than there are hits.

    Notes
    -----
    ``sum_k (R_k - R_{k-1}) P_k`` over the distinct scores, the largest first, with recall R and precision P of all that
    score at least as much: no interpolation. Equal scores enter together, so their order decides nothing, as in
    scikit-learn's ``average_precision_score``. A random ranking of many has an average precision of about
    ``positives / N``.

    Examples
    --------
    >>> hits = np.array([True, False, True, False])
    >>> round(average_precision(np.array([4, 3, 2, 1]), hits, positives=2), 3)
    0.833
    >>> round(average_precision(np.array([4, 3, 2, 1]), hits, positives=4), 3)  # two were never detected
    0.417
    """
    scores, hits = _pairs(scores, hits=truths(hits, name="hits"))
    require(scores.ndim == 1, f"average precision ranks one list of scores; got shape {scores.shape}")
    n_hits = int(hits.sum())
    require(
        positives >= max(1, n_hits),
        f"positives must count every true one, at least 1 and at least the {n_hits} hits; got {positives}",
    )
    if n_hits == 0:
        return 0.0
    order = np.argsort(-scores)  # not stable, and much faster: equal scores are taken together below
    last = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))  # of each run of equal scores
    recalled = np.cumsum(hits[order])[last]
    return float(np.sum(np.diff(recalled, prepend=0) * recalled / (last + 1)) / positives)


def precision_at(
    scores: Real[np.ndarray, "*Q N"], hits: Bool[np.ndarray, "*Q N"], *, count: int
) -> Float[np.ndarray, "*Q"] | np.float64:
    """Share of hits among the `count` of largest score; equal scores keep their order.

    Raises
    ------
    ValueError
        Shapes that differ, scores that are not finite, a count outside 1 .. N.

    Examples
    --------
    >>> precision_at(np.array([3, 1, 2]), np.array([True, True, False]), count=2)
    np.float64(0.5)
    """
    scores, hits = _pairs(scores, hits=truths(hits, name="hits"))
    share: Float[np.ndarray, "*Q"] | np.float64 = _first(scores, hits, count).mean(axis=-1)
    return share


def ndcg(
    scores: Real[np.ndarray, "*Q N"], gains: Real[np.ndarray, "*Q N"], *, count: int
) -> Float[np.ndarray, "*Q"] | np.float64:
    """Normalised discounted cumulative gain of the `count` of largest score; equal scores keep their order.

    Parameters
    ----------
    scores
        The largest comes first.
    gains
        Worth of each, not negative: 1 and 0, or grades.
    count
        How many are looked at.

    Returns
    -------
    Between 0 and 1; 0 where nothing is worth anything.

    Raises
    ------
    ValueError
        Shapes that differ, values that are not finite, negative gains, a count outside 1 .. N.

    Notes
    -----
    ``sum_r g_r / log2(r + 1)`` over the ranks r = 1 .. count, divided by its largest value for any order (Jarvelin and
    Kekalainen 2002, doi:10.1145/582415.582418, with linear gains).

    Examples
    --------
    >>> ndcg(np.array([3, 2, 1]), np.array([0, 1, 0]), count=3).round(3)  # 1 / log2(3)
    np.float64(0.631)
    """
    scores, gains = _pairs(scores, gains=finite(numbers(gains, name="gains"), name="gains"))
    require(bool((gains >= 0).all()), "gains must not be negative")
    discount = 1 / np.log2(np.arange(2, count + 2))
    best = _first(gains, gains, count) @ discount
    share: np.ndarray = _first(scores, gains, count) @ discount / np.where(best > 0, best, 1)
    return share


def _first(scores: np.ndarray, values: np.ndarray, count: int) -> np.ndarray:
    """Values of the `count` largest scores along the last axis, the largest first."""
    between(count, 1, scores.shape[-1], name="count")
    order = np.argsort(-scores, axis=-1, kind="stable")[..., :count]
    return np.take_along_axis(values, order, axis=-1)


def _pairs(scores: np.ndarray, **others: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Scores that can be negated, and what was given for each."""
    scores, ((name, values),) = finite(scores, name="scores"), others.items()
    require(
        scores.shape == values.shape and scores.ndim > 0,
        f"{name} must hold one value for each score; got shapes {scores.shape} and {values.shape}",
    )
    return scores if scores.dtype.kind == "f" else scores.astype(np.float64), values
