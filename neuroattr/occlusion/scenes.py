"""A picture, the mean picture that hides parts of it, and the responses that are read from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import torch
from PIL import Image
from torch.nn import functional as F

from neuroattr.backbone import Preprocess
from neuroattr.corpus.sources import opened


@dataclass(frozen=True)
class Scene:
    """A picture and the mean picture of its data set, both 3 x S x S and scaled for the network.

    Parameters
    ----------
    picture, mean
        From `picture` and `mean_picture`.
    side
        Of the input of the network, pixels. Where S differs, the picture is resized *after* occlusion, so that the
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
        return self.picture.shape[1] != self.side

    def occluded(self, tops: np.ndarray, lefts: np.ndarray, size: int) -> torch.Tensor:
        """Input of the network for every pair of top and left, R Q x 3 x side x side: the mean picture shows there."""
        places = torch.arange(self.picture.shape[1], device=self.picture.device)
        tops, lefts = (torch.as_tensor(first, device=places.device)[:, None] for first in (tops, lefts))
        rows, columns = ((first <= places) & (places < first + size) for first in (tops, lefts))  # R x S, Q x S
        hidden = (rows[:, None, :, None] & columns[None, :, None, :]).flatten(0, 1).unsqueeze(1)  # R Q x 1 x S x S
        batch = torch.where(hidden, self.mean, self.picture)
        return self.fitted(batch).contiguous(memory_format=torch.channels_last)

    def fitted(self, batch: torch.Tensor) -> torch.Tensor:
        """A batch N x 3 x S x S at the size of the network's input."""
        return fitted(batch, self.side) if self.resized else batch


@dataclass(frozen=True)
class Responses:
    """Responses of some units to a picture with parts hidden.

    Attributes
    ----------
    units
        Their ``layer`` and ``channel``, one row a unit.
    clean
        Response of each to the whole picture, float32 [U].
    maps
        By size of the occluder: response with it at each position, float32 [U, P, P]. Of convolutional units the
        maximum of their map.
    side
        Of the picture, pixels.
    """

    units: pd.DataFrame
    clean: np.ndarray
    maps: dict[int, np.ndarray] = field(repr=False)
    side: int

    def of(self, units: Sequence[int]) -> Responses:
        """Those of some units, by their labels in ``units.index`` (positions in `Backbone.units`), in that order.

        Raises
        ------
        KeyError
            A unit whose responses were not computed.
        """
        missing = [unit for unit in units if unit not in self.units.index]
        if missing:
            raise KeyError(
                f"no responses of unit(s) {', '.join(map(str, missing[:5]))}; ask occlusion.responses for them"
            )
        rows = self.units.index.get_indexer(list(units))
        maps = {size: each[rows] for size, each in self.maps.items()}
        return Responses(self.units.iloc[rows], self.clean[rows], maps, self.side)

    def thinned(self, times: int) -> Responses:
        """As if the occluder had moved so many times as far from one position to the next."""
        return Responses(
            self.units, self.clean, {size: each[:, ::times, ::times] for size, each in self.maps.items()}, self.side
        )


@dataclass(frozen=True)
class Reading:
    """Which units are read: their rows in the result and their channels, by layer, shallow to deep."""

    rows: dict[str, torch.Tensor]
    channels: dict[str, torch.Tensor]
    count: int

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers that are read."""
        return tuple(self.rows)

    def peaks(self, responses: dict[str, torch.Tensor]) -> torch.Tensor:
        """Response of each unit: N x U float32; of a map its maximum."""
        chosen = {layer: each.index_select(1, self.channels[layer]) for layer, each in responses.items()}
        return self.together({layer: largest(each) for layer, each in chosen.items()})

    def together(self, values: dict[str, torch.Tensor]) -> torch.Tensor:
        """Values N x c of each layer's units as N x U float32."""
        first = next(iter(values.values()))
        found = first.new_empty((len(first), self.count), dtype=torch.float32)
        for layer, each in values.items():
            found[:, self.rows[layer]] = each.float()
        return found


def largest(responses: torch.Tensor) -> torch.Tensor:
    """Maximum of each map: N x C x H x W, or N x C as it is, to N x C."""
    return responses.flatten(2).amax(2) if responses.ndim > 2 else responses


def reading(net, units: pd.DataFrame, device) -> Reading:
    """What to read for `units` (columns layer and channel).

    Raises
    ------
    ValueError
        No unit, or one that the network has not.
    """
    layers = [layer for layer in net.layers if (units["layer"] == layer).any()]
    unknown = sorted(set(units["layer"]) - set(net.layers))
    beyond = [layer for layer in layers if units.loc[units["layer"] == layer, "channel"].max() >= net.widths[layer]]
    if not layers or unknown or beyond:
        fault = f"layers {', '.join(unknown)}" if unknown else f"channels beyond the width of {', '.join(beyond)}"
        raise ValueError(f"wanted units of {net.name}, rows of its `units`; got {fault if len(units) else 'none'}")
    place = {layer: np.flatnonzero(units["layer"] == layer) for layer in layers}
    rows = {layer: torch.as_tensor(at, device=device) for layer, at in place.items()}
    channels = {
        layer: torch.as_tensor(units["channel"].to_numpy()[at].astype(np.int64), device=device)
        for layer, at in place.items()
    }
    return Reading(rows, channels, len(units))


def picture(net, image: Image.Image, *, side: int | None = None) -> torch.Tensor:
    """The picture as the network takes it, or before its last resizing: 3 x S x S.

    Parameters
    ----------
    side
        None for the network's own preprocessing (its central crop). Otherwise the whole picture warped to side x side
        pixels: 256 for the reading "256, resized to 227 after occlusion" of the paper's section 6.
    """
    own = net.preprocess
    if side is None:
        return own(image)
    return Preprocess(side, side, own.mean, own.std, own.order, warp=True, interpolation=own.interpolation)(image)


def mean_picture(net, corpus, *, count: int | None = None, seed: int, side: int | None = None) -> torch.Tensor:
    """Mean of the pictures of a corpus, or of `count` of them drawn at random: 3 x S x S, scaled for the network.

    Parameters
    ----------
    side
        As `picture` takes it.

    Raises
    ------
    ValueError
        No picture that can be read.
    """
    order = np.random.default_rng(seed).permutation(len(corpus))
    total, read, said = 0.0, 0, ""
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


def displayed(net, picture: torch.Tensor) -> np.ndarray:
    """A picture that was scaled for the network as people see it: uint8 [S, S, 3], red first."""
    own = net.preprocess
    pixels = picture.cpu().numpy().transpose(1, 2, 0) * np.float32(own.std) + np.float32(own.mean)
    return np.clip(np.round(pixels[..., ::-1] if own.order == "BGR" else pixels), 0, 255).astype(np.uint8)


def fitted(batch: torch.Tensor, side: int) -> torch.Tensor:
    """A batch resized to side x side pixels, smoothed where it shrinks."""
    return F.interpolate(batch, size=(side, side), mode="bilinear", antialias=True)
