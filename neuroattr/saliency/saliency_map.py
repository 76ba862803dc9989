"""Equation 5 of *Discovery*: the saliency map, the response maps of the most divergent units weighted and summed."""

from collections.abc import Sequence

import numpy as np
from jaxtyping import Float, Real

from neuroattr.checks import array, require
from neuroattr.saliency.response_maps import Maps


def saliency_maps(
    maps: Maps, divergence: Real[np.ndarray, " U"], *, counts: Sequence[int]
) -> Float[np.ndarray, "K H V"]:
    """Saliency map of the 1st .. Kth most divergent units, for every K in `counts`, from one pass.

    Parameters
    ----------
    maps
        Normalised response map of each unit (0..1), in the order of `divergence`.
    divergence
        Of each unit for the word, nats; not negative. Equal ones keep their order.
    counts
        Numbers K of units, each between 1 and U.

    Raises
    ------
    ValueError
        Another number of maps than of divergences; a K out of range; among the K largest a negative divergence, or
        nothing but zeros.

    Notes
    -----
    Equation 5 of *Discovery*:

    .. math:: M(x, y) = \\frac{1}{Z} \\sum_i^K S_i R_i(x, y), \\quad Z = \\sum_i^K S_i

    M lies in 0..1 but need not reach either end.

    Examples
    --------
    >>> maps = np.array([[[0.0, 1.0]], [[1.0, 0.0]]])
    >>> saliency_maps(maps, np.array([1.0, 3.0]), counts=[1, 2]).tolist()
    [[[1.0, 0.0]], [[0.75, 0.25]]]
    """
    maps = array(maps, name="maps", dimensions="units x rows x columns")
    divergence = array(divergence, name="divergence", dimensions="units")
    require(
        len(maps) == len(divergence),
        f"maps and divergence must be of the same units; got {len(maps)} and {len(divergence)}",
    )
    require(
        all(1 <= count <= len(maps) for count in counts),
        f"counts must lie between 1 and the {len(maps)} units; got {list(counts)}",
    )
    order = np.argsort(-divergence, kind="stable")[: max(counts)]
    weights = divergence[order].astype(np.float64)
    require(weights.min() >= 0 and weights[0] > 0, "divergence must not be negative, nor zero for every unit")
    by_count, total = {}, np.zeros(maps.shape[1:])
    for count, unit in enumerate(order, start=1):
        total += weights[count - 1] * maps[unit]
        if count in counts:
            by_count[count] = total / weights[:count].sum()
    return np.stack([by_count[count] for count in counts])
