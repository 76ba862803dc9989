"""The baseline of figure 6: the smoothed magnitude of the gradient of one output with respect to the picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt
import scipy.ndimage
import torch

from neuroattr.backbone import Backbone
from neuroattr.backbone.evaluation import placement
from neuroattr.occlusion.pictures import fitted

REDUCTIONS = {"max": lambda magnitude: magnitude.amax(0), "sum": lambda magnitude: magnitude.sum(0)}


def smoothed_gradient(
    net: Backbone,
    picture: torch.Tensor,
    output: int | Callable[[torch.Tensor], torch.Tensor],
    *,
    sigmas: Sequence[float],
    over_colours: str = "max",
) -> npt.NDArray[np.float32]:
    """Smoothed magnitude of the gradient of one output at each pixel, float32 S x S.

    Parameters
    ----------
    net : attribute-tuned where the output is a word.
    picture : 3 x S x S, from `neuroattr.occlusion.picture`.
    output : position among the network's logits, or a function of a batch 1 x 3 x side x side that gives one number.
    sigmas : standard deviations of Gaussian filters, pixels, whose results are averaged: ``Occlusion.sigmas`` smooths
        it as much as the response maps.
    over_colours : ``"max"`` or ``"sum"`` over the colour channels.

    Raises
    ------
    ValueError : unknown reduction, no sigma, a logit that is not there.

    Notes
    -----
    Simonyan, Vedaldi, Zisserman 2014 (arXiv:1312.6034), section 3.1; *Discovery*, section 6, reference 32.
    """
    if over_colours not in REDUCTIONS or not len(sigmas):
        raise ValueError(
            f"wanted over_colours out of {', '.join(REDUCTIONS)} and at least one sigma; got {over_colours!r} and "
            f"{list(sigmas)}"
        )
    side = net.preprocess.crop
    with torch.enable_grad():
        pixels = picture.detach().to(placement(net.module)[0]).clone().requires_grad_(True)
        batch = pixels[None] if pixels.shape[1] == side else fitted(pixels[None], side)
        (gradient,) = torch.autograd.grad(_answer(net, batch, output), pixels)
    magnitude = REDUCTIONS[over_colours](gradient.abs()).cpu().numpy()
    smooth = [scipy.ndimage.gaussian_filter(magnitude, sigma, mode="nearest") for sigma in sigmas]
    return np.asarray(np.mean(smooth, axis=0))


def _answer(net: Backbone, batch: torch.Tensor, output: int | Callable[[torch.Tensor], torch.Tensor]) -> torch.Tensor:
    if callable(output):
        return output(batch).squeeze()
    logits = net.logits(batch)
    if not 0 <= output < logits.shape[1]:
        raise ValueError(f"wanted an output of {net.name} between 0 and {logits.shape[1] - 1}; got {output}")
    return logits[0, output]
