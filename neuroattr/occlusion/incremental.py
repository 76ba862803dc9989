"""The exact shortcut: only what an occluder can reach is computed anew, layer by layer.

A patent application (US 2023/0042004 A1) covers incremental inference over occluded inputs as the Krypton system does
it; whether this may be shipped is for a person to decide. Nothing uses this module unless ``method="incremental"`` is
asked for by name.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch.nn import functional as F

from neuroattr.backbone import Backbone
from neuroattr.backbone.evaluation import evaluating, placement
from neuroattr.occlusion.pictures import OccludablePicture
from neuroattr.occlusion.plain import Plain, Positions, Tile, grid, groups
from neuroattr.occlusion.sequence import Call, LayerSequence, Stage, layer_sequence
from neuroattr.occlusion.units import largest, selected
from neuroattr.occlusion.windows import Span, outside_maxima, pixels, reached
from neuroattr.saliency import Occlusion


@dataclass(frozen=True)
class Patches:
    """What is computed anew of a map for each occluder of a tile.

    Attributes
    ----------
    values : R Q x C x h x w.
    rows, columns : where they lie: spans of R and of Q.
    """

    values: torch.Tensor
    rows: Span
    columns: Span

    @property
    def everything(self) -> bool:
        """Whether they cover the whole map."""
        return self.rows.everything and self.columns.everything


class Incremental(Plain):
    """The same responses, exactly, from the parts of each map that an occluder can reach."""

    @cached_property
    def sequence(self) -> LayerSequence:
        """The network up to the deepest layer that is read."""
        return layer_sequence(self.net, self.selection.layers)

    @cached_property
    def maps(self) -> list[torch.Tensor]:
        """The picture without an occluder, 1 x 3 x H x W, and the map behind every stage, 1 x C x H x W."""
        picture = applied(self.sequence.before, self.picture.fitted(self.picture.picture[None]))
        maps = [picture.contiguous(memory_format=torch.channels_last)]
        for stage in self.sequence.stages:
            maps.append(applied(stage.then, stage.whole(maps[-1])))
        return maps

    @cached_property
    def cells(self) -> list[int]:
        """Width of the map behind every stage."""
        return [each.shape[-1] for each in self.maps[1:]]

    @cached_property
    def mean(self) -> torch.Tensor:
        """The mean picture, H x W x 3."""
        mean = applied(self.sequence.before, self.picture.fitted(self.picture.mean[None]))
        return mean[0].permute(1, 2, 0).contiguous()

    def along(self, starts: Positions, size: int) -> list[Positions]:
        """Positions of one axis in groups, computed at one length each.

        So positions come together whose windows have the same lengths: those at the border, and those at the same place
        modulo the strides of the network.
        """
        order = np.lexsort([span.high - span.low for span in self.reach(starts, size)][::-1])
        return [np.sort(order[group]) for group in groups(len(order), self.batch)]

    def reach(self, starts: Positions, size: int) -> list[Span]:
        """What occluders change of the map behind every stage, along one axis."""
        span, found = self.changed(starts, size), []
        for stage, count in zip(self.sequence.stages, self.cells, strict=True):
            span = reached(span, stage.field, count)
            found.append(span)
        return found

    def changed(self, starts: Positions, size: int) -> Span:
        """Pixels of the network's input that occluders change, along one side; wider where pictures are resized."""
        side = self.picture.side
        if not self.picture.resized:
            return pixels(starts, size, side)
        scale = self.picture.picture.shape[1] / side
        margin = max(scale, 1.0)
        low = np.clip(np.floor((starts - margin) / scale).astype(int) - 1, 0, side - 1)
        high = np.clip(np.ceil((starts + size + margin) / scale).astype(int) + 1, 1, side)
        return Span(low, high, np.zeros_like(low), side, side)

    def hidden(self, tile: Tile) -> torch.Tensor:
        """The mean picture where the occluders stand, R Q x 3 x size x size; whole pictures where they are resized."""
        if self.picture.resized:
            return applied(self.sequence.before, self.picture.occluded(tile.tops, tile.lefts, tile.size))
        size, lefts = tile.size, tile.lefts.tolist()
        pieces = [self.mean[top : top + size, left : left + size] for top in tile.tops.tolist() for left in lefts]
        return torch.stack(pieces).permute(0, 3, 1, 2)

    def responses(self, tile: Tile) -> npt.NDArray[np.float32]:
        """Response of each unit with the occluder at each position, U x R x Q."""
        rows, columns = (self.changed(starts, tile.size) for starts in (tile.tops, tile.lefts))
        patches, channels = Patches(self.hidden(tile), rows, columns), self.selection.channels
        found = {}
        for stage, below, here in zip(self.sequence.stages, self.maps[:-1], self.maps[1:], strict=True):
            patches = _advanced(stage, below, here, patches)
            for layer in stage.layers:
                found[layer] = _maxima(here, patches, channels[layer])
        if self.sequence.rest:
            values = _whole(self.maps[-1], patches)
            for step, layers in self.sequence.rest:
                values = step(values)
                for layer in layers:
                    found[layer] = largest(values.index_select(1, channels[layer]))
        return grid(self.selection.joined(found), tile)


def operations(net: Backbone, layers: tuple[str, ...], occlusion: Occlusion, *, batch: int) -> tuple[float, float]:
    """Multiplications of the convolutions and dense layers for all occluders: the plain way, and this one."""
    side = net.preprocess.crop
    device, dtype = placement(net.module)
    blank = torch.zeros(3, side, side, dtype=dtype, device=device)
    selection = selected(net, net.units[net.units["layer"].isin(layers)], device)
    way = Incremental(net, OccludablePicture(blank, blank, side), selection, occlusion, batch)
    with torch.inference_mode(), evaluating(net.module):
        cells = np.array(way.cells, float)
    costs = np.array([_cost(stage.whole) for stage in way.sequence.stages])
    rest = sum(_cost(step) for step, _ in way.sequence.rest)
    full = float((costs * cells**2).sum()) + rest
    windows = rest * occlusion.passes(side=side)
    for size in occlusion.sizes:
        starts = occlusion.positions(size, side=side)
        along = np.zeros(len(costs))
        for group in way.along(starts, size):
            along += len(group) * np.array([span.length for span in way.reach(starts[group], size)], float)
        windows += float((costs * along**2).sum())  # rows and columns are grouped alike
    return full * occlusion.passes(side=side), windows


def applied(steps: Sequence[Call], maps: torch.Tensor) -> torch.Tensor:
    """Maps after some steps."""
    for step in steps:
        maps = step(maps)
    return maps


def _cost(module: Any) -> float:
    """Multiplications for one cell of a convolution, or for a dense layer."""
    weight = getattr(module, "weight", None)
    return float(weight.numel()) if weight is not None and weight.ndim >= 2 else 0.0


def _advanced(stage: Stage, below: torch.Tensor, here: torch.Tensor, patches: Patches) -> Patches:
    """The patches one stage higher: gather what their windows see, and let the windows slide over it."""
    rows = reached(patches.rows, stage.field, here.shape[2])
    columns = reached(patches.columns, stage.field, here.shape[3])
    if patches.everything and rows.everything and columns.everything:
        return Patches(applied(stage.then, stage.whole(patches.values)), rows, columns)
    around = _gathered(below, patches, _seen(rows, stage), _seen(columns, stage), stage.padding, stage.fill)
    return Patches(applied(stage.then, stage.inner(around)), rows, columns)


def _seen(span: Span, stage: Stage) -> npt.NDArray[np.int_]:
    """Cells of the map below that the windows see, [P, cells]; outside of the map they are negative or too large."""
    first = span.origin * stage.field.stride + stage.field.start
    return first[:, None] + np.arange((span.length - 1) * stage.field.stride + stage.field.size)


def _whole(below: torch.Tensor, patches: Patches) -> torch.Tensor:
    """The whole map with the patches in it, R Q x C x H x W."""
    if patches.everything:
        return patches.values
    rows, columns = (
        np.broadcast_to(np.arange(span.cells), (len(span.low), span.cells)) for span in (patches.rows, patches.columns)
    )
    return _gathered(below, patches, rows, columns, 0, 0.0)


def _gathered(
    below: torch.Tensor,
    patches: Patches,
    rows: npt.NDArray[np.int_],
    columns: npt.NDArray[np.int_],
    padding: int,
    fill: float,
) -> torch.Tensor:
    """The map below with the patches in it, at these rows [R, h] and columns [Q, w]: R Q x C x h x w.

    One table holds every place of the padded map and of all patches, a row of C numbers each, so that one gathering
    does it.
    """
    height, width = below.shape[2:]
    last_row, last_column = max(height, int(rows.max()) + 1), max(width, int(columns.max()) + 1)
    edges = (padding, last_column - width, padding, last_row - height)
    padded = F.pad(below, edges, value=fill) if any(edges) else below
    channels, (high, wide) = below.shape[1], patches.values.shape[2:]
    table = torch.cat([_places(padded), _places(patches.values).to(padded.dtype)])
    in_rows, row_in = _inside(rows, patches.rows)
    in_columns, column_in = _inside(columns, patches.columns)
    each = np.arange(len(rows) * len(columns), dtype=np.int32).reshape(len(rows), len(columns), 1, 1) * (high * wide)
    own = padded.shape[2] * padded.shape[3] + each + (row_in * wide)[:, None, :, None] + column_in[None, :, None, :]
    shared = ((rows + padding) * padded.shape[3])[:, None, :, None] + (columns + padding)[None, :, None, :]
    place = np.where(in_rows[:, None, :, None] & in_columns[None, :, None, :], own, shared.astype(np.int32))
    gathered = table.index_select(0, torch.as_tensor(place.ravel(), device=table.device))
    return gathered.view(len(rows) * len(columns), rows.shape[1], columns.shape[1], channels).permute(0, 3, 1, 2)


def _places(maps: torch.Tensor) -> torch.Tensor:
    """N x C x H x W as N H W x C; a view where the channels come last in memory."""
    return maps.permute(0, 2, 3, 1).reshape(-1, maps.shape[1])


def _inside(cells: npt.NDArray[np.int_], span: Span) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int32]]:
    """Whether the cells [P, n] lie in the computed stretch, and where in it, int32."""
    place = (cells - span.origin[:, None]).astype(np.int32)
    return (place >= 0) & (place < span.length), place


def _maxima(here: torch.Tensor, patches: Patches, channels: torch.Tensor) -> torch.Tensor:
    """Largest response of these channels over the whole map: inside the patch, and outside where nothing changed."""
    inside = largest(patches.values.index_select(1, channels))  # R Q x c
    if patches.everything:
        return inside
    outside = outside_maxima(here[0].index_select(0, channels), patches.rows, patches.columns)
    return torch.maximum(inside, outside.flatten(0, 1))
