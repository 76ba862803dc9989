"""Where an attribute is in an image (equation 9), and how often that is right."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Float, Real

from neuroattr.checks import array, finite, require


def grounding(maps: Real[np.ndarray, "*N F H W"], weights: Real[np.ndarray, "*Q F"]) -> Float[np.ndarray, "*N *Q H W"]:
    """Map of where an attribute is in an image, up to a factor: equation 9 before its normalisation.

    Parameters
    ----------
    maps
        Response of each filter at each position of the last convolutional layer, of one image or several.
    weights
        Of the filters, for one attribute or several: p(t | f), a column of `filter_attributes`.

    Returns
    -------
    For each image and attribute a map. The normalisation of equation 9 does not move its maximum; for display divide by
    the largest value.

    Raises
    ------
    ValueError
        Arrays that do not fit, values that are not finite.
    """
    maps, weights = finite(maps, name="maps"), finite(weights, name="weights")
    require(maps.ndim in (3, 4), f"maps must be (images x) filters x rows x columns; got shape {maps.shape}")
    require(weights.ndim in (1, 2), f"weights must be (attributes x) filters; got shape {weights.shape}")
    filters = maps.shape[-3]
    require(weights.shape[-1] == filters, f"weights must be of the {filters} filters; got {weights.shape[-1]}")
    rows = maps.reshape(*maps.shape[:-2], -1)  # [..., F, H * W]
    shape = *maps.shape[:-3], *weights.shape[:-1], *maps.shape[-2:]
    return np.asarray((weights @ rows).reshape(shape), np.float64)


def peaks(maps: Real[np.ndarray, "*N H W"]) -> Real[np.ndarray, "*N 2"]:
    """Row and column of each map's largest value; the first of equal ones.

    Raises
    ------
    ValueError
        No two dimensions, no positions, values that are not finite.
    """
    maps = finite(maps, name="maps")
    require(maps.ndim >= 2 and min(maps.shape[-2:]) > 0, f"maps have rows and columns; got shape {maps.shape}")
    flat = maps.reshape(*maps.shape[:-2], -1).argmax(axis=-1)
    return np.stack(np.unravel_index(flat, maps.shape[-2:]), axis=-1)


def pck(
    points: Real[np.ndarray, "N 2"],
    truth: Real[np.ndarray, "N 2"] | Real[np.ndarray, "N K 2"],
    size: float | Real[np.ndarray, " N"],
    *,
    alpha: float,
) -> Bool[np.ndarray, " N"]:
    """Whether each point is within `alpha` times the object's size of the true one (percentage of correct keypoints).

    Parameters
    ----------
    points, truth
        Found and true points, in the same units. With several true points of an image (left and right), the nearest
        decides; one that is not visible is NaN.
    size
        Of the object: one, or one for each image, in these units.
    alpha
        Share of the size, positive.

    Raises
    ------
    ValueError
        Arrays that do not fit, points that are not finite, an image none of whose true points is visible, sizes or an
        alpha that are not positive.

    Notes
    -----
    *Summarization*, table 1: "the predicted location is within the distance of alpha x object size from the
    ground-truth keypoint"; a distance of just that much is within.

    Examples
    --------
    >>> pck(np.array([[10, 10], [10, 10]]), np.array([[13, 14], [10, 16]]), 50, alpha=0.1).tolist()
    [True, False]
    """
    points = finite(array(points, name="points", dimensions="images x coordinates"), name="points").astype(np.float64)
    truth = np.asarray(truth, np.float64)
    truth = truth[:, None] if truth.ndim == 2 else truth
    require(
        points.shape[1:] == (2,) and truth.ndim == 3 and truth.shape[::2] == points.shape,
        "points and truth must be of the same images, with two coordinates; got shapes "
        f"{points.shape} and {truth.shape}",
    )
    distances = np.linalg.norm(points[:, None] - truth, axis=-1)
    require(not np.isinf(distances).any(), "true points must be finite, or NaN where they are not visible")
    unseen = np.isnan(distances).all(axis=1)
    require(
        not unseen.any(),
        f"each image needs a visible true point; {int(unseen.sum())} of {len(points)} have none, the first is number "
        f"{int(unseen.argmax())}. Leave them out",
    )
    size = finite(size, name="object size")
    require(
        size.shape in ((), (len(points),)), f"object size is one number or one for each image; got shape {size.shape}"
    )
    require(bool((size > 0).all()), "object size must be positive")
    require(alpha > 0, f"alpha must be positive; got {alpha}")
    return np.asarray(np.nanmin(distances, axis=1) <= alpha * size)


def random_pck(alpha: float) -> float:
    """Chance of a point placed at random in a square whose side is the object's size, without loss at the border.

    Notes
    -----
    pi alpha^2: the first row of table 1 of *Summarization* (3.1, 12.6, 28.3 %), which is no simulation.

    Examples
    --------
    >>> [round(100 * random_pck(alpha), 1) for alpha in (0.1, 0.2, 0.3)]
    [3.1, 12.6, 28.3]
    """
    require(alpha > 0, f"alpha must be positive; got {alpha}")
    return min(1.0, np.pi * alpha**2)
