"""Distances between feature vectors, and the nearest of them: exact, equal ones in the order of the rows."""

import numpy as np
import scipy.spatial.distance
from jaxtyping import Float, Int, Real

from neuroattr import checks
from neuroattr.statistics.blocks import unit_blocks
from neuroattr.statistics.compilation import Array, compiled

METRICS = ("euclidean", "cosine", "manhattan")

HELD = 2**26
"""Bytes of distances held at a time: 64 MB, so that any number of images goes through in constant memory."""


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
    distances: Float[np.ndarray, "Q N"]
    if metric == "manhattan":
        distances = scipy.spatial.distance.cdist(queries, gallery, "cityblock")
    elif metric == "cosine":
        distances = np.clip(1 - unit_length(queries) @ unit_length(gallery).T, 0, 2)
    else:
        distances = queries @ gallery.T
        distances *= -2
        distances += (queries**2).sum(axis=1)[:, None]
        distances += (gallery**2).sum(axis=1)
        np.sqrt(np.maximum(distances, 0, out=distances), out=distances)
    return distances


def nearest(
    queries: Real[np.ndarray, "Q D"], gallery: Real[np.ndarray, "N D"], *, count: int, metric: str
) -> tuple[Int[np.ndarray, "Q count"], Float[np.ndarray, "Q count"]]:
    """Rows of the gallery nearest to each query and their distances, nearest first; equal ones in the order of rows.

    Parameters
    ----------
    queries, gallery
        One vector an image.
    count
        How many are wanted of each query.
    metric
        One of `METRICS`.

    Raises
    ------
    ValueError
        As `pairwise`; fewer vectors than `count`.

    Notes
    -----
    Exact, by products of blocks of queries with the whole gallery: any number of queries in constant memory. A query
    that is in the gallery finds itself; where each one's own group has to be passed over, `smallest` does that.

    Examples
    --------
    >>> nearest(np.array([[0.0]]), np.array([[2.0], [1.0], [-1.0]]), count=2, metric="euclidean")
    (array([[1, 2]]), array([[1., 1.]]))
    """
    blocks = [
        smallest(pairwise(queries[block], gallery, metric=metric), count)
        for block in row_blocks(len(queries), len(gallery))
    ]
    checks.require(len(blocks) > 0, "nearest needs at least one query; got none")
    positions, values = zip(*blocks, strict=True)
    return np.concatenate(positions), np.concatenate(values)


def smallest(
    distances: Real[np.ndarray, "Q N"],
    count: int,
    *,
    query_groups: Int[np.ndarray, " Q"] | None = None,
    gallery_groups: Int[np.ndarray, " N"] | None = None,
) -> tuple[Int[np.ndarray, "Q count"], Float[np.ndarray, "Q count"]]:
    """Positions and values of the `count` smallest distances of each query, in order; equal ones in the order of rows.

    Parameters
    ----------
    distances
        Of queries to the gallery, as `pairwise` gives them.
    count
        How many are wanted of each query.
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
def _smallest(distances: Array, query_groups: Array, gallery_groups: Array, positions: Array, values: Array) -> int:
    """Fill positions and values by insertion; the smallest number of vectors that any query could choose from."""
    count = positions.shape[1]
    fewest: int = distances.shape[1]
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
    return unit_blocks(n_rows, size=max(1, HELD // (8 * max(1, n_columns))))


def unit_length(features: Real[np.ndarray, "N D"]) -> Float[np.ndarray, "N D"]:
    """Each vector divided by its Euclidean length.

    Raises
    ------
    ValueError
        A vector of length zero, which has no direction; values that are not finite.
    """
    features = _features(features, name="features")
    length = np.linalg.norm(features, axis=1, keepdims=True)
    n_zero = int((length == 0).sum())
    checks.require(
        n_zero == 0, f"{n_zero} vectors are zero and have no direction; use metric 'euclidean', or leave them out"
    )
    directions: Float[np.ndarray, "N D"] = features / length
    return directions


def _features(values: np.ndarray, *, name: str) -> Float[np.ndarray, "N D"]:
    """Double precision, finite."""
    return checks.finite(checks.array(values, name=name, dimensions="images x features"), name=name).astype(np.float64)
