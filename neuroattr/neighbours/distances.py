"""Distances between feature vectors, and the nearest of them in order."""

from collections.abc import Mapping

import numpy as np
import scipy.spatial.distance
import xarray as xr
from jaxtyping import Float, Int, Real

from neuroattr import checks
from neuroattr.statistics.compilation import compiled

METRICS = ("euclidean", "cosine", "manhattan")
SCALINGS = ("none", "standardised", "unit length")
HELD = 2**26
"""Bytes of distances held at a time: 64 MB, so that any number of images goes through in constant memory."""


def spaces(activation: xr.DataArray) -> dict[str, Float[np.ndarray, "N D"]]:
    """Features of each layer of a recording ``activation[image, unit]``, N x D float32, in the order of the units.

    Raises
    ------
    ValueError
        A recording without the coordinate ``layer`` on ``unit``.
    """
    if "layer" not in activation.coords or activation["layer"].dims != ("unit",):
        raise ValueError("activation must have the coordinate 'layer' on its dimension 'unit', as recordings have")
    layer = activation["layer"].values
    values = activation.transpose("image", "unit").values.astype(np.float32, copy=False)
    return {str(name): np.ascontiguousarray(values[:, layer == name]) for name in dict.fromkeys(layer.tolist())}


def scaled(features: Real[np.ndarray, "N D"], *, scaling: str) -> Float[np.ndarray, "N D"]:
    """Features as distances shall see them: as they are, each of mean 0 and spread 1, or each image of length 1.

    Notes
    -----
    *Hidden layers* says nothing of scaling, so "none" is the reading here. "standardised" takes mean and spread from
    all images it is given: it sees no label, but it does see the images that are predicted later.
    """
    checks.one_of(scaling, SCALINGS, name="scaling")
    features = _features(features, name="features")
    if scaling == "standardised":
        spread = features.std(axis=0)
        return (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1)
    return _unit_length(features) if scaling == "unit length" else features


def pairwise(
    queries: Real[np.ndarray, "Q D"], gallery: Real[np.ndarray, "N D"], *, metric: str
) -> Float[np.ndarray, "Q N"]:
    """Distance of every query to every vector of the gallery.

    Raises
    ------
    ValueError
        An unknown metric, another number of features, values that are not finite, a vector of length zero for "cosine".

    Notes
    -----
    Euclidean distances come from one matrix product, ``|q|^2 - 2 q.g + |g|^2`` in double precision: for vectors of
    length r they are right to about 1e-8 r, and equal vectors may be that far apart.

    Examples
    --------
    >>> pairwise(np.array([[0.0, 0.0]]), np.array([[3.0, 4.0], [0.0, 1.0]]), metric="euclidean")
    array([[5., 1.]])
    """
    checks.one_of(metric, METRICS, name="metric")
    queries, gallery = _features(queries, name="queries"), _features(gallery, name="gallery")
    checks.require(
        queries.shape[1] == gallery.shape[1],
        f"queries and gallery must have the same features; got {queries.shape[1]} and {gallery.shape[1]}",
    )
    if metric == "manhattan":
        return scipy.spatial.distance.cdist(queries, gallery, "cityblock")
    if metric == "cosine":
        return np.clip(1 - _unit_length(queries) @ _unit_length(gallery).T, 0, 2)
    squares = queries @ gallery.T
    squares *= -2
    squares += (queries**2).sum(axis=1)[:, None]
    squares += (gallery**2).sum(axis=1)
    return np.sqrt(np.maximum(squares, 0, out=squares), out=squares)


def nearest(
    distances: Real[np.ndarray, "Q N"],
    count: int,
    *,
    query_groups: Int[np.ndarray, " Q"] | None = None,
    gallery_groups: Int[np.ndarray, " N"] | None = None,
) -> tuple[Int[np.ndarray, "Q count"], Float[np.ndarray, "Q count"]]:
    """Positions and distances of the `count` nearest, nearest first; equal distances in the order of the gallery.

    Parameters
    ----------
    query_groups, gallery_groups
        Vectors of the query's own group are passed over, as are those of a negative group: with folds for groups this
        is a whole cross-validation in one pass.

    Raises
    ------
    ValueError
        Fewer vectors than `count` to choose from.
    """
    distances = np.ascontiguousarray(distances, np.float64)
    n_queries, n_gallery = distances.shape
    query_groups = np.full(n_queries, -1) if query_groups is None else np.asarray(query_groups)
    gallery_groups = np.zeros(n_gallery) if gallery_groups is None else np.asarray(gallery_groups)
    checks.require(count >= 1, f"count must be at least 1 neighbour; got {count}")
    positions, values = np.zeros((n_queries, count), np.int64), np.full((n_queries, count), np.inf)
    fewest = _smallest(distances, query_groups.astype(np.int64), gallery_groups.astype(np.int64), positions, values)
    checks.require(
        fewest >= count,
        f"{count} neighbours were asked for, but a query has only {fewest} vectors to choose from; "
        "ask for fewer, or give more examples",
    )
    return positions, values


@compiled
def _smallest(distances, query_groups, gallery_groups, positions, values):
    """Fill positions and values by insertion; the smallest number of vectors that any query could choose from."""
    count = positions.shape[1]
    fewest = distances.shape[1]
    for q in range(distances.shape[0]):
        choice = 0
        worst = np.inf
        for j in range(distances.shape[1]):
            if gallery_groups[j] < 0 or gallery_groups[j] == query_groups[q]:
                continue
            choice += 1
            distance = distances[q, j]
            if choice > count and distance >= worst:
                continue
            slot = min(choice, count) - 1
            while slot > 0 and values[q, slot - 1] > distance:
                values[q, slot], positions[q, slot] = values[q, slot - 1], positions[q, slot - 1]
                slot -= 1
            values[q, slot], positions[q, slot] = distance, j
            worst = values[q, count - 1]
        fewest = min(fewest, choice)
    return fewest


def row_blocks(n_rows: int, n_columns: int) -> list[slice]:
    """Slices of rows whose distances to `n_columns` vectors take at most `HELD` bytes."""
    size = max(1, HELD // (8 * max(1, n_columns)))
    return [slice(start, min(start + size, n_rows)) for start in range(0, n_rows, size)]


def same_images(features: Mapping[str, np.ndarray], *, name: str) -> int:
    """The common number of rows of the named spaces."""
    checks.require(len(features) > 0, f"{name} must hold at least one space")
    return checks.same_length(**{str(space): values for space, values in features.items()})


def _features(values, *, name):
    """Double precision N x D, finite."""
    return checks.finite(checks.array(values, name=name, dimensions="images x features"), name=name).astype(np.float64)


def _unit_length(features):
    length = np.linalg.norm(features, axis=1, keepdims=True)
    n_zero = int((length == 0).sum())
    checks.require(
        n_zero == 0, f"{n_zero} vectors are zero and have no direction; use metric 'euclidean', or leave them out"
    )
    return features / length
