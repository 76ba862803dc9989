"""A picture, and the mean picture of its data set that hides parts of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch.nn import functional as F

from neuroattr.backbone import Backbone, Preprocess
from neuroattr.corpus import Corpus
from neuroattr.corpus.sources import opened


@dataclass(frozen=True)
class OccludablePicture:
    """A picture and the mean picture of its data set, both 3 x S x S and scaled for the network.

    Parameters
    ----------
    picture, mean : from `picture` and `mean_picture`.
    side : of the input of the network, pixels. Where S differs, the picture is resized *after* occlusion, so that the
        occluder slides over the 256 pixels of the paper before a network that takes 227.
    """

    picture: torch.Tensor
    mean: torch.Tensor
    side: int

    def __post_init__(self) -> None:
        shape = tuple(self.picture.shape)
        if len(shape) != 3 or shape[0] != 3 or shape[1] != shape[2] or tuple(self.mean.shape) != shape:
            raise ValueError(
                f"wanted a square picture 3 x S x S and a mean picture of the same size, got {shape} and "
                f"{tuple(self.mean.shape)}; make both with neuroattr.occlusion.picture and mean_picture"
            )

    @property
    def resized(self) -> bool:
        """Whether the picture has another size than the input of the network."""
        return bool(self.picture.shape[1] != self.side)

    def occluded(self, tops: npt.NDArray[np.int_], lefts: npt.NDArray[np.int_], size: int) -> torch.Tensor:
        """Input of the network for every pair of top and left, R Q x 3 x side x side: the mean picture shows there."""
        places = torch.arange(self.picture.shape[1], device=self.picture.device)
        firsts = (torch.as_tensor(first, device=places.device)[:, None] for first in (tops, lefts))
        rows, columns = ((first <= places) & (places < first + size) for first in firsts)  # R x S, Q x S
        hidden = (rows[:, None, :, None] & columns[None, :, None, :]).flatten(0, 1).unsqueeze(1)  # R Q x 1 x S x S
        batch = torch.where(hidden, self.mean, self.picture)
        return self.fitted(batch).contiguous(memory_format=torch.channels_last)

    def fitted(self, batch: torch.Tensor) -> torch.Tensor:
        """A batch N x 3 x S x S at the size of the network's input."""
        return fitted(batch, self.side) if self.resized else batch


def picture(net: Backbone, image: Image.Image, *, side: int | None = None) -> torch.Tensor:
    """The picture as the network takes it, or before its last resizing: 3 x S x S.

    Parameters
    ----------
    side : None for the network's own preprocessing (its central crop). Otherwise the whole picture warped to side x
        side pixels: 256 for the reading "256, resized to 227 after occlusion" of the paper's section 6.
    """
    own = net.preprocess
    if side is None:
        return own(image)
    return Preprocess(side, side, own.mean, own.std, own.order, warp=True, interpolation=own.interpolation)(image)


def mean_picture(
    net: Backbone, corpus: Corpus, *, count: int | None = None, seed: int, side: int | None = None
) -> torch.Tensor:
    """Mean of the pictures of a corpus, or of `count` of them drawn at random: 3 x S x S, scaled for the network.

    Parameters
    ----------
    side : as `picture` takes it.

    Raises
    ------
    ValueError : no picture that can be read.
    """
    order = np.random.default_rng(seed).permutation(len(corpus))
    total: torch.Tensor = 0.0
    read, said = 0, ""
    for row in order:
        if count is not None and read == count:
            break
        try:
            image = opened(corpus.image(int(row)))
        except Exception as fault:  # a damaged file: the mean is that of the pictures that can be read
            said = said or f"; the first: {type(fault).__name__}: {fault}"
            continue
        total, read = total + picture(net, image, side=side).double(), read + 1
    if not read:
        raise ValueError(f"wanted pictures to average; none of the {len(corpus)} of {corpus.name} can be read{said}")
    return (total / read).float()


def occluded(picture: torch.Tensor, mean: torch.Tensor, size: int, *, row: int, column: int) -> torch.Tensor:
    """The picture with the mean picture in a square whose first row and column are given: 3 x S x S."""
    hidden = picture.clone()
    place = (slice(None), slice(row, row + size), slice(column, column + size))
    hidden[place] = mean[place]
    return hidden


def displayed(net: Backbone, picture: torch.Tensor) -> npt.NDArray[np.uint8]:
    """A picture that was scaled for the network as people see it: uint8 [S, S, 3], red first."""
    own = net.preprocess
    pixels = picture.cpu().numpy().transpose(1, 2, 0) * np.array(own.std, np.float32) + np.array(own.mean, np.float32)
    red_first = pixels[..., ::-1] if own.order == "BGR" else pixels
    return np.asarray(np.clip(np.round(red_first), 0, 255).astype(np.uint8))


def fitted(batch: torch.Tensor, side: int) -> torch.Tensor:
    """A batch resized to side x side pixels, smoothed where it shrinks."""
    return F.interpolate(batch, size=(side, side), mode="bilinear", antialias=True)
