"""Response maps: smoothed, resampled to pixels, averaged over occluder sizes, oriented and scaled."""

from collections.abc import Mapping

import numpy as np
import scipy.ndimage
from jaxtyping import Float, Real

from neuroattr.checks import array, one_of, require
from neuroattr.saliency.evaluation import centre_prior
from neuroattr.saliency.occluders import INVERSIONS, Occlusion

Maps = Float[np.ndarray, "U H V"]


def unit_maps(
    responses: Mapping[int, Real[np.ndarray, "U P Q"]],
    occlusion: Occlusion,
    *,
    side: int,
    clean: Real[np.ndarray, " U"] | None = None,
) -> Maps:
    """Normalised response map of each unit (R_i of *Discovery* section 6), in pixels: what `saliency_maps` weighs.

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


def combined_responses(responses: Mapping[int, Real[np.ndarray, "U P Q"]], occlusion: Occlusion, *, side: int) -> Maps:
    """Response of each unit as a function of the occluder's centre, one map in pixels, averaged over sizes.

    Parameters
    ----------
    responses
        For each size of the occlusion, units by rows by columns of the occluder's positions.
    side
        Of the square picture, pixels.

    Raises
    ------
    ValueError
        Another set of sizes than the occlusion's, or another number of positions.

    Notes
    -----
    ``A_i`` of *Discovery* section 6: Gaussian filter, then average over the scales. The filter works on the grid of
    positions, whose step is the stride, and repeats the outermost responses beyond it.
    """
    require(
        set(responses) == set(occlusion.sizes),
        f"responses must be for the sizes {list(occlusion.sizes)} of the occlusion; got {sorted(responses)}",
    )
    total = np.zeros((), np.float32)
    for size, sigma in zip(occlusion.sizes, occlusion.sigmas, strict=True):
        starts = occlusion.positions(size, side=side)
        maps = array(responses[size], name=f"responses[{size}]", dimensions="units x rows x columns")
        require(
            maps.shape[1:] == (len(starts), len(starts)),
            f"responses of size {size} must have {len(starts)} x {len(starts)} positions on {side} pixels; "
            f"got {maps.shape[1]} x {maps.shape[2]}",
        )
        width = sigma / occlusion.stride  # in positions
        smooth = scipy.ndimage.gaussian_filter(maps.astype(np.float32), (0, width, width), mode="nearest")
        total = total + resampled(smooth, starts + (size - 1) / 2, side=side)
    return total / len(occlusion.sizes)


def resampled(maps: Real[np.ndarray, "U P Q"], centres: Real[np.ndarray, " P"], *, side: int) -> Maps:
    """Maps over evenly spaced centres as maps over pixels: linear between, the outermost value beyond the outermost.

    Parameters
    ----------
    centres
        Pixel (row, and column) at which each value was taken; the middle of the first pixel is 0.
    """
    weights = _interpolation(np.asarray(centres, np.float64), side).astype(np.float32)  # H x P
    pixels: Maps = np.matmul(np.matmul(weights, maps), weights.T)
    return pixels


def oriented(maps: Maps, *, inversion: str, clean: Real[np.ndarray, " U"] | None = None) -> Maps:
    """The maps with their peaks where it matters.

    Parameters
    ----------
    inversion
        ``"peaks"``: a map is negated when its dips are deeper than its peaks are high, ``|min - median| > |max -
        median|``. ``"drop"``: every map is negated, so that a unit counts where hiding lowers it. ``"absolute"``: the
        size of the change from the response to the whole picture. ``"centre"``: negated when it correlates negatively
        with a Gaussian blob at the centre of the picture.
    clean
        Responses to the whole picture, which ``"absolute"`` needs.

    Raises
    ------
    ValueError
        An unknown rule; ``"absolute"`` without the clean responses.

    Notes
    -----
    "We heuristically negate and invert the response map if the map has negative peaks" (*Discovery*, section 6).
    """
    one_of(inversion, INVERSIONS, name="inversion")
    maps = array(maps, name="maps", dimensions="units x rows x columns")
    if inversion == "absolute":
        require(clean is not None, "inversion 'absolute' needs the responses to the whole picture; pass clean=")
        changes: Maps = np.abs(maps - np.asarray(clean)[:, None, None])
        return changes
    return np.where(_turned(maps, inversion)[:, None, None], -maps, maps)


def normalised(maps: Maps) -> Maps:
    """Each map scaled to 0..1 by its smallest and largest value; a constant map becomes zeros."""
    maps = array(maps, name="maps", dimensions="units x rows x columns").astype(np.float32)
    low = maps.min(axis=(1, 2), keepdims=True)
    span = maps.max(axis=(1, 2), keepdims=True) - low
    scaled: Maps = (maps - low) / np.where(span > 0, span, 1)
    return scaled


def _turned(maps: Maps, inversion: str) -> np.ndarray:
    """Which maps are negated: bool [U]."""
    flat = maps.reshape(len(maps), -1)
    if inversion == "drop":
        return np.ones(len(maps), bool)
    if inversion == "peaks":
        middle = _medians(flat)
        deeper: np.ndarray = np.abs(flat.min(axis=1) - middle) > np.abs(flat.max(axis=1) - middle)
        return deeper
    blob = centre_prior(maps.shape[1:], spread=0.25).ravel()
    negative: np.ndarray = (flat - flat.mean(axis=1, keepdims=True)) @ (blob - blob.mean()) < 0
    return negative


def _medians(rows: np.ndarray) -> np.ndarray:
    """Median of each row: a fourth of the time of ``np.median``, which looks for NaN by a second partition."""
    half = rows.shape[1] // 2
    if rows.shape[1] % 2:
        return np.partition(rows, half, axis=1)[:, half]
    medians: np.ndarray = np.partition(rows, (half - 1, half), axis=1)[:, half - 1 : half + 1].mean(axis=1)
    return medians


def _interpolation(centres: np.ndarray, side: int) -> np.ndarray:
    """Weights [side, P] of linear interpolation; a row sums to 1."""
    if len(centres) == 1:
        return np.ones((side, 1))
    step = centres[1] - centres[0]
    place = np.clip((np.arange(side) - centres[0]) / step, 0, len(centres) - 1)
    before = np.minimum(place.astype(int), len(centres) - 2)
    weights = np.zeros((side, len(centres)))
    weights[np.arange(side), before] = 1 - (place - before)
    weights[np.arange(side), before + 1] = place - before
    return weights
