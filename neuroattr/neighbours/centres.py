"""The image in the middle of each class, and what lies around it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from jaxtyping import Int, Real

from neuroattr import checks, statistics


def around_centres(
    points: Real[np.ndarray, "N D"], labels: np.ndarray, classes: Sequence[str], *, count: int
) -> dict[str, Int[np.ndarray, " K"]]:
    """For each class the row of the image in its middle, then those of its nearest neighbours of any class.

    Parameters
    ----------
    points
        One vector an image; distances are Euclidean.
    labels
        One class an image.
    classes
        Classes to look at.
    count
        Neighbours; fewer where there are fewer images.

    Raises
    ------
    ValueError
        A class without images.

    Notes
    -----
    The middle is the medoid: the image with the smallest sum of distances to those of its own class.
    """
    checks.same_length(points=points, labels=labels)
    distances = statistics.pairwise(points, points, metric="euclidean")
    found = {}
    for name in classes:
        own = np.flatnonzero(np.asarray(labels) == name)
        checks.require(len(own) > 0, f"there are no images of class {name!r}")
        middle = own[distances[np.ix_(own, own)].sum(axis=1).argmin()]
        others = np.argsort(distances[middle], kind="stable")
        found[name] = np.array([middle, *others[others != middle][:count]])
    return found
