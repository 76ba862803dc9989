"""Feature vectors of images: those of each layer, and how they are scaled before distances are taken."""

from collections.abc import Mapping

import numpy as np
import xarray as xr
from jaxtyping import Float, Real

from neuroattr import checks, statistics

SCALINGS = ("none", "standardised", "unit length")


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
    features = checks.finite(checks.array(features, name="features", dimensions="images x features"), name="features")
    features = features.astype(np.float64)
    if scaling == "standardised":
        spread = features.std(axis=0)
        standardised: Float[np.ndarray, "N D"] = (features - features.mean(axis=0)) / np.where(spread > 0, spread, 1)
        return standardised
    return statistics.unit_length(features) if scaling == "unit length" else features


def same_images(features: Mapping[str, np.ndarray], *, name: str) -> int:
    """The common number of rows of the named spaces."""
    checks.require(len(features) > 0, f"{name} must hold at least one space")
    return checks.same_length(**{str(space): values for space, values in features.items()})
