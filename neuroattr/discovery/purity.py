"""Do images that share a word lie together? The words of an image's nearest neighbours, against chance."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import scipy.sparse
import xarray as xr
from jaxtyping import Float, Int, Real

from neuroattr.checks import array, coded, finite, plain, require
from neuroattr.discovery.divergence import checked_mentions

BLOCK = 1024
"""Images whose similarities to all others are held at a time."""


def nearest(features: Real[np.ndarray, "N D"], *, neighbours: int) -> Int[np.ndarray, "N k"]:
    """Positions of the images of largest cosine similarity to each image, without itself, the nearest first.

    Parameters
    ----------
    features
        Images by features; an image without any (all zero) is as near to one as to another.
    neighbours
        How many, at least 1 and less than the images.

    Raises
    ------
    ValueError
        Values that are not finite, more neighbours than other images.

    Notes
    -----
    Block by block, in the precision of the features: memory is ``BLOCK N`` similarities, half of what
    `neuroattr.statistics.nearest` takes in double precision. Where several images are equally near the last place,
    which one gets it is not said; there it is the first.
    """
    features = finite(array(features, name="features", dimensions="images x features"), name="features")
    n = len(features)
    require(1 <= neighbours < n, f"neighbours must be between 1 and the {n - 1} other images; got {neighbours}")
    norms = np.linalg.norm(features, axis=1, keepdims=True)
    unit = np.divide(
        features, norms, out=np.zeros(features.shape, np.result_type(features, np.float32)), where=norms > 0
    )
    near = np.empty((n, neighbours), np.int64)
    for start in range(0, n, BLOCK):
        similarity = unit[start : start + BLOCK] @ unit.T
        own = np.arange(len(similarity))
        similarity[own, start + own] = -np.inf
        best = np.argpartition(-similarity, neighbours - 1, axis=1)[:, :neighbours]
        order = np.argsort(-np.take_along_axis(similarity, best, axis=1), axis=1, kind="stable")
        near[start : start + BLOCK] = np.take_along_axis(best, order, axis=1)
    return near


def neighbour_purity(
    near: Int[np.ndarray, "N k"],
    mentions: Any,
    *,
    strata: Sequence[object] | np.ndarray | None = None,
    words: Sequence[str] | None = None,
) -> xr.Dataset:
    """How often the neighbours of a word's images have the word, too, and how often they would by chance.

    Parameters
    ----------
    near
        Neighbours of each image, as `nearest` finds them.
    mentions
        Images by words, scipy sparse or an array; whatever is not zero is a mention.
    strata
        A label for each image (category, shop); chance is then that of the neighbours' own strata, so that neighbours
        of one category are no evidence for a word that the category explains. None: one stratum.
    words
        Names of the words.

    Returns
    -------
    purity
        ``share[word]`` of the neighbours that have the word, ``chance[word]``, and their ratio ``lift[word]``: 1 for
        words that pictures do not tell, large for words whose images look alike. NaN where chance is zero.

    Raises
    ------
    ValueError
        Another number of images in `mentions` or `strata`; words that no image has, or that all have.

    Notes
    -----
    The concreteness score of Hessel, Mimno and Lee (2018, doi:10.18653/v1/N18-1199) asks the same of a word's images;
    they take 50 neighbours. Chance is exact for words dealt out at random within strata: ``(n+ - 1) / (n - 1)`` for a
    neighbour of the image's own stratum, ``n+ / n`` for one of another. The ratio is noisy for rare words.

    Examples
    --------
    >>> near = np.array([[1], [0], [3], [2]])  # two pairs
    >>> purity = neighbour_purity(near, np.array([[1, 1], [1, 0], [0, 1], [0, 0]]))
    >>> purity.share.values, purity.chance.values
    (array([1., 0.]), array([0.33333333, 0.33333333]))
    """
    near = plain(near, name="near")
    require(near.ndim == 2, f"near must be images x neighbours; got shape {near.shape}")
    n = len(near)
    mentions = checked_mentions(mentions, n, words)
    strata = np.zeros(n, np.int64) if strata is None else coded(strata, name="strata")
    require(strata.shape == (n,), f"strata must hold a label for each of the {n} images; got shape {strata.shape}")
    share, chance = _shares(near, mentions.toarray().astype(np.float64), strata)
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = np.where(chance > 0, share / chance, np.nan)
    coordinates = {} if words is None else {"word": list(words)}
    return xr.Dataset({"share": ("word", share), "chance": ("word", chance), "lift": ("word", lift)}, coordinates)


def _shares(
    near: Int[np.ndarray, "N k"], has: Float[np.ndarray, "N W"], strata: Int[np.ndarray, " N"]
) -> tuple[Float[np.ndarray, " W"], Float[np.ndarray, " W"]]:
    """Share of the neighbours of each word's images that have the word, and the share that would by chance."""
    n, k = near.shape
    n_neighbours = has.sum(axis=0) * k
    graph = scipy.sparse.csr_array((np.ones(near.size), near.ravel(), np.arange(n + 1) * k), shape=(n, n))
    rate, among_others = _rates(has, strata)
    own = (strata[near] == strata[:, None]).sum(axis=1)  # neighbours of the image's own stratum
    likely = graph @ rate[strata] - own[:, None] * (rate - among_others)[strata]
    return (has * (graph @ has)).sum(axis=0) / n_neighbours, (has * likely).sum(axis=0) / n_neighbours


def _rates(has: Float[np.ndarray, "N W"], strata: Int[np.ndarray, " N"]) -> tuple[np.ndarray, np.ndarray]:
    """Share of each stratum that has each word ``[stratum, word]``, and that among the others for one that has it."""
    size = np.bincount(strata)[:, None]
    n_positive = np.zeros((len(size), has.shape[1]))
    np.add.at(n_positive, strata, has)
    return n_positive / size, np.maximum(n_positive - 1, 0) / np.maximum(size - 1, 1)
