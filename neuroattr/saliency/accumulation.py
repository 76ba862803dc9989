"""Equation 5: the maps of the most divergent units, accumulated."""

from collections.abc import Mapping, Sequence

import numpy as np
from jaxtyping import Float, Real

from neuroattr.checks import array, require
from neuroattr.saliency.maps import Maps, combined_responses, normalised, oriented
from neuroattr.saliency.occluders import Occlusion


def accumulated(maps: Maps, divergence: Real[np.ndarray, " U"], *, counts: Sequence[int]) -> Float[np.ndarray, "K H V"]:
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
    >>> accumulated(maps, np.array([1.0, 3.0]), counts=[1, 2]).tolist()
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
    wanted, kept, total = set(counts), {}, np.zeros(maps.shape[1:])
    for place, unit in enumerate(order, start=1):
        total += weights[place - 1] * maps[unit]
        if place in wanted:
            kept[place] = total / weights[:place].sum()
    return np.stack([kept[count] for count in counts])


def unit_maps(
    responses: Mapping[int, Real[np.ndarray, "U P Q"]],
    occlusion: Occlusion,
    *,
    side: int,
    clean: Real[np.ndarray, " U"] | None = None,
) -> Maps:
    """Normalised response map of each unit (R_i of *Discovery* section 6), in pixels: what `accumulated` weighs.

    Parameters
    ----------
    responses, clean
        By size of the occluder, and to the whole picture.
    side
        Of the square picture, pixels.

    Notes
    -----
    A picture of several words needs its maps once: each word picks its own units from them.
    """
    combined = combined_responses(responses, occlusion, side=side)
    return normalised(oriented(combined, inversion=occlusion.inversion, clean=clean))


def saliency_maps(
    responses: Mapping[int, Real[np.ndarray, "U P Q"]],
    divergence: Real[np.ndarray, " U"],
    occlusion: Occlusion,
    *,
    side: int,
    counts: Sequence[int],
    clean: Real[np.ndarray, " U"] | None = None,
) -> Float[np.ndarray, "K H V"]:
    """Saliency maps of a word in a picture from the responses of its units under the occluders.

    Parameters
    ----------
    responses, clean
        As `unit_maps` takes them, in the order of `divergence`.
    divergence, counts
        As `accumulated` takes them.
    side
        Of the square picture, pixels.
    """
    return accumulated(unit_maps(responses, occlusion, side=side, clean=clean), divergence, counts=counts)
