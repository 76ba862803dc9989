"""The class of an image by the vote of its nearest neighbours: a classifier that is never trained."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from neuroattr import checks, statistics
from neuroattr.statistics.compilation import Array, compiled

WEIGHTS = ("uniform", "distance")
TIES = ("lowest label", "nearest neighbour")


@dataclass(frozen=True)
class Vote:
    """How neighbours decide.

    Attributes
    ----------
    neighbours
        k, the number of neighbours that vote.
    metric
        "euclidean", "cosine" or "manhattan".
    weights
        "uniform": one vote each. "distance": the reciprocal of the distance; where some are at distance zero, only
        those count.
    ties
        Who wins a draw: the "lowest label" in sorted order (as in scikit-learn), or the class of the "nearest
        neighbour" among those that drew.
    """

    neighbours: int
    metric: str = "euclidean"
    weights: str = "uniform"
    ties: str = "lowest label"

    def __post_init__(self) -> None:
        checks.require(self.neighbours >= 1, f"neighbours must be at least 1; got {self.neighbours}")
        checks.one_of(self.metric, statistics.METRICS, name="metric")
        checks.one_of(self.weights, WEIGHTS, name="weights")
        checks.one_of(self.ties, TIES, name="ties")


@dataclass(frozen=True, eq=False)
class Prediction:
    """Classes of Q images.

    Attributes
    ----------
    labels
        The class that won.
    shares
        Its share of the votes, above 0, at most 1.
    neighbours
        Rows of the gallery that voted, nearest first.
    distances
        How far they are.
    """

    labels: np.ndarray
    shares: Float[np.ndarray, " Q"]
    neighbours: Int[np.ndarray, "Q k"]
    distances: Float[np.ndarray, "Q k"]


def predicted(
    queries: Real[np.ndarray, "Q D"], gallery: Real[np.ndarray, "N D"], labels: np.ndarray, vote: Vote
) -> Prediction:
    """Classes of the queries by their nearest neighbours in a labelled gallery.

    Raises
    ------
    ValueError
        Fewer labelled vectors than neighbours, or another number of labels than vectors.

    Notes
    -----
    *Hidden layers* section 3.3. With fewer than k / 2 examples a class can be outvoted by its neighbours even when all
    of them are nearest: five neighbours rarely find a class of two examples.
    """
    classes, codes = coded_labels(labels, n_images=len(gallery))
    rows, distances = statistics.nearest(queries, gallery, count=vote.neighbours, metric=vote.metric)
    winners, shares = winning(codes[rows], distances, vote, n_classes=len(classes))
    return Prediction(classes[winners], shares, rows, distances)


def winning(
    codes: Int[np.ndarray, "Q k"], distances: Float[np.ndarray, "Q k"], vote: Vote, *, n_classes: int
) -> tuple[Int[np.ndarray, " Q"], Float[np.ndarray, " Q"]]:
    """Class code that wins each vote and its share, from the class codes of the neighbours, nearest first.

    Examples
    --------
    >>> winning(np.array([[2, 1, 1, 2]]), np.array([[0.1, 0.2, 0.3, 0.4]]), Vote(4), n_classes=3)[0]
    array([1])
    >>> winning(np.array([[2, 1, 1, 2]]), np.array([[0.1, 0.2, 0.3, 0.4]]), Vote(4, ties="nearest neighbour"),
    ...         n_classes=3)[0]
    array([2])
    """
    shape = np.shape(codes)
    arrays = np.ascontiguousarray(codes, np.int64), np.ascontiguousarray(distances, np.float64)
    winners, shares = np.zeros(shape[0], np.int64), np.zeros(shape[0])
    _count_votes(*arrays, n_classes, vote.weights == "distance", vote.ties == "nearest neighbour", winners, shares)
    return winners, shares


def coded_labels(labels: np.ndarray, *, n_images: int) -> tuple[np.ndarray, Int[np.ndarray, " N"]]:
    """Sorted classes, and the position of each image's label among them.

    Raises
    ------
    ValueError
        Another number of labels than images, or labels that are missing (None, NaN, blank text).
    """
    labels = checks.plain(labels, name="labels")
    checks.require(
        labels.shape == (n_images,), f"labels must give one class to each of {n_images} images; got {labels.shape}"
    )
    n_missing = int((~checks.known(labels, name="labels")).sum())
    checks.require(n_missing == 0, f"labels must be known for all images; {n_missing} are missing. Leave those out")
    if labels.dtype.kind == "O":  # of pandas: text, or it cannot be sorted
        labels = labels.astype(str)
    classes, codes = np.unique(labels, return_inverse=True)
    return classes, codes.astype(np.int64)


@compiled
def _count_votes(
    codes: Array, distances: Array, n_classes: int, by_distance: bool, nearest_wins: bool, winners: Array, shares: Array
) -> None:
    tally = np.zeros(n_classes)
    for q in range(codes.shape[0]):
        tally[:] = 0.0
        touching = by_distance and distances[q, 0] == 0.0  # sorted: if any neighbour is at distance zero, the first is
        for slot in range(codes.shape[1]):
            weight = 1.0
            if touching:
                weight = 1.0 if distances[q, slot] == 0.0 else 0.0
            elif by_distance:
                weight = 1.0 / distances[q, slot]
            tally[codes[q, slot]] += weight
        most = tally.max()
        winner = int(tally.argmax())  # the first of the largest
        if nearest_wins:
            for slot in range(codes.shape[1]):
                if tally[codes[q, slot]] == most:
                    winner = codes[q, slot]
                    break
        winners[q] = winner
        shares[q] = most / tally.sum()
