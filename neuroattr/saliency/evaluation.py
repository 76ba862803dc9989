"""Saliency maps against the regions that people drew."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Bool, Float, Int, Real

from neuroattr import statistics
from neuroattr.checks import array, require

Box = tuple[int, int, int, int]
"""Top, bottom, left, right; half open, pixels."""


def box_votes(workers: Sequence[Sequence[Box]], shape: tuple[int, int]) -> Int[np.ndarray, "H V"]:
    """How many workers put a pixel into one of their boxes; boxes are cut at the border of the picture.

    Raises
    ------
    ValueError
        A box that ends before it begins.
    """
    votes = np.zeros(shape, np.int64)
    for boxes in workers:
        drawn = np.zeros(shape, bool)
        for top, bottom, left, right in boxes:
            require(
                top < bottom and left < right,
                f"a box must be (top, bottom, left, right); got {top, bottom, left, right}",
            )
            drawn[max(top, 0) : bottom, max(left, 0) : right] = True
        votes += drawn
    return votes


def agreed_region(votes: Int[np.ndarray, "H V"], *, votes_needed: int) -> Bool[np.ndarray, "H V"] | None:
    """Pixels that enough workers marked; None where no pixel has that many: the paper discards such pictures."""
    require(votes_needed >= 1, f"votes_needed must be at least 1; got {votes_needed}")
    region = array(votes, name="votes", dimensions="rows x columns") >= votes_needed
    return region if region.any() else None


def average_precision(maps: Real[np.ndarray, "*K H V"], truth: Bool[np.ndarray, "H V"]) -> Float[np.ndarray, " *K"]:
    """Average precision of each map as a ranking of the pixels, the true region being the positives.

    Raises
    ------
    ValueError
        A map of another shape than the truth; a truth without any pixel.

    Notes
    -----
    That of `neuroattr.statistics.average_precision`: pixels of equal value enter together.

    Examples
    --------
    >>> float(average_precision(np.array([[0.9, 0.8], [0.1, 0.3]]), np.array([[True, False], [False, True]])).round(4))
    0.8333
    """
    maps, truth = _compared(maps, truth)
    region, positives = truth.ravel(), int(truth.sum())
    rows = maps.reshape(-1, truth.size)
    scores = [statistics.average_precision(row, region, positives=positives) for row in rows]
    return np.array(scores).reshape(maps.shape[:-2])


def overlaps(
    maps: Real[np.ndarray, "*K H V"], truth: Bool[np.ndarray, "H V"], *, thresholds: Real[np.ndarray, " T"]
) -> Float[np.ndarray, "*K T"]:
    """Intersection over union of ``map >= threshold`` with the true region, for every threshold.

    Raises
    ------
    ValueError
        As `average_precision`.
    """
    maps, truth = _compared(maps, truth)
    thresholds = array(thresholds, name="thresholds", dimensions="thresholds")
    flat = maps.reshape(-1, truth.size)
    shares = [_overlaps(each, each[truth.ravel()], thresholds) for each in flat]
    return np.array(shares).reshape(*maps.shape[:-2], len(thresholds))


def compactness(maps: Real[np.ndarray, "*K H V"]) -> Float[np.ndarray, " *K"]:
    """Share of pixels above half of the map's maximum: the smaller, the finer the localisation."""
    maps = np.asarray(maps)
    peak = maps.max(axis=(-2, -1), keepdims=True)
    shares: Float[np.ndarray, " *K"] = (maps > peak / 2).mean(axis=(-2, -1))
    return shares


def centre_prior(shape: tuple[int, int], *, spread: float = 0.25) -> Float[np.ndarray, "H V"]:
    """A map that looks at no picture: a Gaussian in the middle, its standard deviation a share of each side.

    Notes
    -----
    Photographers put what matters in the middle, so a map must beat this one to show that it looks at the picture.
    """
    require(spread > 0, f"spread must be above 0; got {spread}")
    rows, columns = ((np.arange(n) - (n - 1) / 2) / (spread * n) for n in shape)
    return np.exp(-(rows[:, None] ** 2 + columns**2) / 2)


def _compared(maps: np.ndarray, truth: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    maps, truth = np.asarray(maps), np.asarray(truth, bool)
    require(
        maps.ndim >= 2 and maps.shape[-2:] == truth.shape,
        f"maps must have the rows and columns of the truth, {truth.shape}; got shape {maps.shape}",
    )
    require(bool(truth.any()), "the true region is empty; leave out pictures on which nobody agreed")
    return maps, truth


def _overlaps(all_values: np.ndarray, true_values: np.ndarray, thresholds: np.ndarray) -> np.ndarray:
    marked, hit = (len(v) - np.searchsorted(np.sort(v), thresholds) for v in (all_values, true_values))
    return hit / (marked + len(true_values) - hit)
