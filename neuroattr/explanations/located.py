"""Table 1: how often an attribute is found where it is, and the places that one would name without looking."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Int, Real

from neuroattr.checks import array, finite, one_of, plain, require, same_length
from neuroattr.explanations.grounding import pck
from neuroattr.statistics import Estimate, percentile_estimate, resampled_counts

AVERAGES = ("pairs", "attributes")
"""Over what a share of pairs is averaged: see `pair_average`."""


def visible(truth: Real[np.ndarray, "P K 2"]) -> Bool[np.ndarray, " P"]:
    """Whether any of the true points of each pair of attribute and image is visible, that is not NaN.

    Raises
    ------
    ValueError
        Another shape.
    """
    truth = array(truth, name="truth", dimensions="pairs x points x coordinates")
    require(truth.shape[2] == 2, f"points have two coordinates; got {truth.shape[2]}")
    return np.asarray((~np.isnan(truth).any(axis=2)).any(axis=1))


def correct(
    points: Real[np.ndarray, "P 2"],
    truth: Real[np.ndarray, "P K 2"],
    size: float | Real[np.ndarray, " P"],
    *,
    alphas: tuple[float, ...],
) -> Bool[np.ndarray, "P A"]:
    """Whether the point found in each pair of attribute and image is right, for each alpha (`pck`).

    Raises
    ------
    ValueError
        No alpha, and whatever `pck` refuses; leave pairs out in which nothing is `visible`.
    """
    require(len(alphas) > 0, "PCK needs at least one alpha")
    return np.stack([pck(points, truth, size, alpha=alpha) for alpha in alphas], axis=1)


def pair_average(
    values: Real[np.ndarray, " P"],
    attributes: Real[np.ndarray, " P"],
    images: np.ndarray,
    *,
    over: str,
    draws: int,
    seed: int,
) -> Estimate:
    """Mean over pairs of attribute and image with a 95 % interval; the pairs of an image are resampled together.

    Parameters
    ----------
    values
        Of each pair: whether it is right, or the difference between two methods.
    attributes, images
        To which attribute (or part) and image each pair belongs: numbers or names.
    over
        ``"pairs"``: each pair counts alike; ``"attributes"``: each attribute does, whatever the number of its pairs.
    draws, seed
        Of the resamples. An attribute that is not in a resample is not in its mean.

    Raises
    ------
    ValueError
        Lengths that differ, no pair, values that are not finite, another average, fewer than one draw.

    Notes
    -----
    n of the estimate counts pairs. One image lies behind up to a dozen of them, so that an interval over pairs would be
    too narrow.
    """
    one_of(over, AVERAGES, name="average over")
    values = finite(array(values, name="values", dimensions="pairs"), name="values").astype(np.float64)
    same_length(values=values, attributes=attributes, images=images)
    require(len(values) > 0, "an average needs at least one pair of attribute and image")
    rows = np.unique(plain(images, name="images"), return_inverse=True)[1]
    columns = np.unique(plain(attributes, name="attributes"), return_inverse=True)[1]
    columns = columns if over == "attributes" else np.zeros_like(columns)
    sums, totals = (np.zeros((rows.max() + 1, columns.max() + 1)) for _ in range(2))
    np.add.at(sums, (rows, columns), values)
    np.add.at(totals, (rows, columns), 1)

    def mean(weights: np.ndarray) -> np.ndarray:
        total = weights @ totals
        with np.errstate(invalid="ignore"):
            shares: np.ndarray = np.nanmean(weights @ sums / np.where(total > 0, total, np.nan), axis=-1)
        return shares

    counts = resampled_counts(len(sums), draws=draws, seed=seed)
    return percentile_estimate(float(mean(np.ones(len(sums)))), mean(counts), n=len(values))


def random_places(size: Real[np.ndarray, " P"], *, seed: int) -> Float[np.ndarray, "P 2"]:
    """A place drawn evenly from the square crop of each pair: what `random_pck` says without loss at the border.

    Raises
    ------
    ValueError
        Sizes that are not positive.
    """
    size = _sizes(size)
    return np.asarray(np.random.default_rng(seed).random((len(size), 2)) * size[:, None])


def centre_places(size: Real[np.ndarray, " P"]) -> Float[np.ndarray, "P 2"]:
    """The centre of the square crop of each pair.

    Raises
    ------
    ValueError
        Sizes that are not positive.
    """
    return np.repeat(_sizes(size)[:, None] / 2, 2, axis=1)


def mean_places(
    truth: Real[np.ndarray, "M K 2"],
    size: Real[np.ndarray, " M"],
    attributes: Int[np.ndarray, " M"],
    *,
    of: Int[np.ndarray, " P"],
    sizes: Real[np.ndarray, " P"],
) -> Float[np.ndarray, "P 2"]:
    """The mean place of each pair's attribute in training, relative to the crop.

    Parameters
    ----------
    truth, size, attributes
        True points (NaN where they are not visible), sizes of the crops, and attributes of the pairs of training.
    of, sizes
        Attributes and sizes of the crops of the pairs that are to be found.

    Returns
    -------
    Of an attribute that training does not show, the mean place of all.

    Raises
    ------
    ValueError
        Lengths that differ, sizes that are not positive, no visible point in training.
    """
    truth = array(truth, name="truth", dimensions="pairs x points x coordinates").astype(np.float64)
    size, sizes = _sizes(size), _sizes(sizes)
    same_length(truth=truth, size=size, attributes=attributes)
    same_length(of=of, sizes=sizes)
    relative = (truth / size[:, None, None]).reshape(-1, 2)
    owners = np.repeat(np.asarray(attributes), truth.shape[1])
    seen = ~np.isnan(relative).any(axis=1)
    require(bool(seen.any()), "the mean place needs a visible point in training; got none")
    relative, owners = relative[seen], owners[seen]
    places = {one: relative[owners == one].mean(axis=0) for one in np.unique(owners)}
    everywhere = relative.mean(axis=0)
    of_pairs = np.array([places.get(one, everywhere) for one in np.asarray(of)]).reshape(-1, 2)
    return np.asarray(of_pairs * sizes[:, None])


def constant_weights(density: Real[np.ndarray, "F T"]) -> Float[np.ndarray, "F T"]:
    """Equal weights of all filters, in place of p(t | f): the row "Constant p.d.f." of table 1.

    Raises
    ------
    ValueError
        Another shape, values that are not finite.
    """
    density = _density(density)
    return np.full(density.shape, 1 / len(density))


def other_weights(density: Real[np.ndarray, "F T"], *, seed: int) -> Float[np.ndarray, "F T"]:
    """The weights of another attribute for each, never its own: what is left is not about the attribute.

    Raises
    ------
    ValueError
        Fewer than two attributes, another shape, values that are not finite.
    """
    density = _density(density)
    terms = density.shape[1]
    require(terms >= 2, f"another attribute's weights need at least two attributes; got {terms}")
    order = np.random.default_rng(seed).permutation(terms)
    taken = np.empty(terms, np.int64)
    taken[order] = np.roll(order, 1)  # one circle: nobody keeps their own
    return np.asarray(density[:, taken])


def contrast_weights(density: Real[np.ndarray, "F T"]) -> Float[np.ndarray, "F T"]:
    """relu(z)^2 of each filter's weight among those of all attributes: only what is peculiar to an attribute remains.

    Parameters
    ----------
    density
        p(t | f); each attribute's column is brought to sum 1 over the filters before filters are compared.

    Raises
    ------
    ValueError
        Another shape, values that are not finite.

    Notes
    -----
    Beyond the paper: z is standardised over the attributes of a filter; a filter that is alike for all has weight 0.
    """
    density = _density(density)
    total = density.sum(axis=0)
    share = density / np.where(total != 0, total, 1)
    spread = np.where(np.ptp(share, axis=1) > 1e-12 * np.abs(share).max(axis=1), share.std(axis=1), np.inf)
    return np.asarray(np.maximum((share - share.mean(axis=1, keepdims=True)) / spread[:, None], 0) ** 2)


def _density(density: np.ndarray) -> np.ndarray:
    """p(t | f), checked."""
    return finite(array(density, name="density", dimensions="filters x attributes"), name="density").astype(np.float64)


def _sizes(size: np.ndarray) -> np.ndarray:
    """Sides of crops, checked."""
    size = finite(array(size, name="size", dimensions="pairs"), name="size").astype(np.float64)
    require(bool((size > 0).all()), "sizes must be positive")
    return size
