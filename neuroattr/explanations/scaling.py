"""The normalisations that *Summarization* writes as sigma and does not define."""

from __future__ import annotations

import numpy as np
import scipy.special
from jaxtyping import Float, Real

from neuroattr.checks import array, finite, one_of, require

RESPONSES = ("identity", "max", "min-max", "sum", "l2", "softmax", "z-relu")
"""For pooled responses (equation 3), each over the images of a filter: see `scaled_responses`."""
IMPORTANCES = ("relu", "signed", "softmax")
"""For contributions to a class (equations 6 and 8), each over the filters: see `scaled_importance`."""
_ANY_SIGN = ("min-max", "softmax", "z-relu")


def scaled_responses(pooled: Real[np.ndarray, "N F"], scaling: str) -> Float[np.ndarray, "N F"]:
    """Equation 3: how strongly each image activates each filter, never negative.

    Parameters
    ----------
    pooled
        Response of each filter to each image after global pooling.
    scaling
        Over the images of each filter: ``"identity"`` as they are; ``"max"`` divides by the largest, ``"sum"`` by the
        sum, ``"l2"`` by the root of the sum of squares; ``"min-max"`` to 0..1; ``"softmax"``; ``"z-relu"``
        standardised, and zero below the mean. A filter that is constant over the images is zero by ``"min-max"`` and
        ``"z-relu"``, one that is silent stays zero.

    Raises
    ------
    ValueError
        Another scaling, values that are not finite, or negative responses (of a network without rectifier) for a
        scaling that needs positive ones.
    """
    one_of(scaling, RESPONSES, name="scaling")
    pooled = finite(array(pooled, name="pooled responses", dimensions="images x filters"), name="pooled responses")
    require(len(pooled) > 0, "pooled responses must be of at least one image; got none")
    pooled = pooled.astype(np.float64)
    negative = int((pooled < 0).any(axis=0).sum())
    require(
        not negative or scaling in _ANY_SIGN,
        f"scaling {scaling!r} needs responses that are not negative; {negative} of {pooled.shape[1]} filters have "
        f"negative ones. Choose among {', '.join(map(repr, _ANY_SIGN))}",
    )
    if scaling == "softmax":
        return np.asarray(scipy.special.softmax(pooled, axis=0))
    if scaling == "min-max":
        pooled = pooled - pooled.min(axis=0)
    if scaling == "z-relu":
        spread = np.where(np.ptp(pooled, axis=0) > 0, pooled.std(axis=0), 0)  # rounding gives constants a spread
        return _divided(np.maximum(pooled - pooled.mean(axis=0), 0), spread)
    if scaling == "identity":
        return pooled
    if scaling == "l2":
        return _divided(pooled, np.linalg.norm(pooled, axis=0))
    return _divided(pooled, pooled.sum(axis=0) if scaling == "sum" else pooled.max(axis=0))


def scaled_importance(contributions: Real[np.ndarray, "*N F"], scaling: str) -> Float[np.ndarray, "*N F"]:
    """Equations 6 and 8: how important each filter is, from what it adds to the score of a class.

    Parameters
    ----------
    contributions
        Pooled response times weight of the class (equation 6), or the weight alone (equation 8).
    scaling
        Over the filters: ``"relu"`` takes positive ones alone, with sum 1; ``"signed"`` keeps the sign, with absolute
        sum 1; ``"softmax"``.

    Returns
    -------
    Where no filter adds anything (nothing positive, for ``"relu"``), all are equally important: 1 / F.

    Raises
    ------
    ValueError
        Another scaling, no filter, or values that are not finite.
    """
    one_of(scaling, IMPORTANCES, name="scaling")
    contributions = finite(contributions, name="contributions").astype(np.float64)
    require(contributions.ndim > 0 and contributions.shape[-1] > 0, "contributions must be of at least one filter")
    if scaling == "softmax":
        return np.asarray(scipy.special.softmax(contributions, axis=-1))
    kept = np.maximum(contributions, 0) if scaling == "relu" else contributions
    total = np.abs(kept).sum(axis=-1, keepdims=True)
    return np.where(total > 0, _divided(kept, total), 1 / kept.shape[-1])


def _divided(values: np.ndarray, by: np.ndarray) -> np.ndarray:
    """A quotient that is zero where one divides by zero."""
    quotient: np.ndarray = np.zeros(np.broadcast_shapes(values.shape, by.shape))
    np.divide(values, by, out=quotient, where=by > 0)
    return quotient
