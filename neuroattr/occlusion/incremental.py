"""The exact shortcut: only what an occluder can reach is computed anew, layer by layer.

A patent application (US 2023/0042004 A1) covers incremental inference over occluded inputs as the Krypton system does
it; whether this may be shipped is for a person to decide. Nothing uses this module unless ``method="incremental"`` is
asked for by name.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import torch
from torch.nn import functional as F

from neuroattr.backbone.evaluation import evaluating, placement
from neuroattr.occlusion.chain import Chain, Stage, chained
from neuroattr.occlusion.plain import Part, grid, tiles
from neuroattr.occlusion.scenes import Reading, Scene, largest
from neuroattr.occlusion.windows import Span, outside_maxima, pixels, reached
from neuroattr.saliency import Occlusion

DENSE = 8
"""Batches whose dense layers are computed together: their weights (151 MB in fc6 of CaffeNet) are read once for all."""


@dataclass(frozen=True)
class Patches:
    """What is computed anew of a map for each occluder of a tile.

    Attributes
    ----------
    values
        R Q x C x h x w.
    rows, columns
        Where they lie: spans of R and of Q.
    """

    values: torch.Tensor
    rows: Span
    columns: Span

    @property
    def everything(self) -> bool:
        """Whether they cover the whole map."""
        return self.rows.everything and self.columns.everything


def parts(net, scene: Scene, reading: Reading, occlusion: Occlusion, *, batch: int) -> Iterator[Part]:
    """Responses to the occluded pictures, a tile of similar positions at a time: as `plain.parts`, exactly."""
    chain = chained(net, reading.layers)
    clean, hiding = (_before(chain, scene.fitted(each[None])) for each in (scene.picture, scene.mean))
    maps = clean_maps(chain, clean)
    cells = [each.shape[-1] for each in maps[1:]]
    waiting, held = [], 0
    for size in occlusion.sizes:
        starts = occlusion.positions(size, side=scene.picture.shape[1])
        hidden_part = partial(_resized, chain, scene, size) if scene.resized else partial(_hidden, hiding, size)
        spans = _stretches(scene, starts, size)
        groups = similar(chain, cells, spans, batch)
        for rows, columns in itertools.product(groups, groups):
            patches = Patches(hidden_part(starts[rows], starts[columns]), spans.of(rows), spans.of(columns))
            waiting.append(((size, rows, columns), *_mapped(chain, maps, patches, reading)))
            held += len(rows) * len(columns)
            if not chain.rest or held >= DENSE * batch:
                yield from _finished(chain, waiting, reading)
                waiting, held = [], 0
    yield from _finished(chain, waiting, reading)


def similar(chain: Chain, cells: list[int], span: Span, batch: int) -> list[np.ndarray]:
    """Positions along one axis in groups of which two make at most `batch` pairs.

    The patches of a group are computed at one length, so positions come together whose windows have the same lengths:
    those at the border, and those at the same place modulo the strides of the network.
    """
    lengths = []
    for stage, count in zip(chain.stages, cells, strict=True):
        span = reached(span, stage.field, count)
        lengths.append(span.high - span.low)
    order = np.lexsort(lengths[::-1])
    return [np.sort(order[group]) for group in tiles(len(order), batch)]


def clean_maps(chain: Chain, picture: torch.Tensor) -> list[torch.Tensor]:
    """The picture 1 x 3 x H x W and the map behind every stage, 1 x C x H x W."""
    maps = [picture.contiguous(memory_format=torch.channels_last)]
    for stage in chain.stages:
        maps.append(_then(stage, stage.whole(maps[-1])))
    return maps


def operations(net, layers: tuple[str, ...], occlusion: Occlusion, *, batch: int) -> tuple[float, float]:
    """Multiplications of the convolutions and dense layers for all occluders: the plain way, and this one."""
    chain, side = chained(net, layers), net.preprocess.crop
    device, dtype = placement(net.module)
    with torch.inference_mode(), evaluating(net.module):
        blank = torch.zeros(1, 3, side, side, dtype=dtype, device=device)
        maps = clean_maps(chain, _before(chain, blank))
        costs = [_cost(stage.whole) for stage in chain.stages]
        rest = sum(_cost(step) for step, _ in chain.rest)
    cells = [each.shape[-1] for each in maps[1:]]
    full = sum(cost * cell**2 for cost, cell in zip(costs, cells, strict=True)) + rest
    windows = rest * occlusion.passes(side=side)
    for size in occlusion.sizes:
        span = pixels(occlusion.positions(size, side=side), size, side)
        groups = similar(chain, cells, span, batch)
        along = sum(len(group) * np.array(_lengths(chain, cells, span.of(group)), float) for group in groups)
        windows += float((np.array(costs) * along**2).sum())  # rows and columns are grouped alike
    return float(full * occlusion.passes(side=side)), windows


def _lengths(chain: Chain, cells: list[int], span: Span) -> list[int]:
    found = []
    for stage, count in zip(chain.stages, cells, strict=True):
        span = reached(span, stage.field, count)
        found.append(span.length)
    return found


def _cost(module) -> float:
    """Multiplications for one cell of a convolution, or for a dense layer."""
    weight = getattr(module, "weight", None)
    return float(weight.numel()) if weight is not None and weight.ndim >= 2 else 0.0


def _before(chain: Chain, batch: torch.Tensor) -> torch.Tensor:
    for step in chain.before:
        batch = step(batch)
    return batch


def _then(stage: Stage, maps: torch.Tensor) -> torch.Tensor:
    for step in stage.then:
        maps = step(maps)
    return maps


def _stretches(scene: Scene, starts: np.ndarray, size: int) -> Span:
    """Pixels of the network's input that the occluders change, along one side; wider where pictures are resized."""
    side = scene.side
    if not scene.resized:
        return pixels(starts, size, side)
    scale = scene.picture.shape[1] / side
    reach = max(scale, 1.0)
    low = np.clip(np.floor((starts - reach) / scale).astype(int) - 1, 0, side - 1)
    high = np.clip(np.ceil((starts + size + reach) / scale).astype(int) + 1, 1, side)
    return Span(low, high, np.zeros_like(low), side, side)


def _hidden(hiding: torch.Tensor, size: int, tops: np.ndarray, lefts: np.ndarray) -> torch.Tensor:
    """The mean picture where the occluders stand: R Q x 3 x size x size."""
    pixels_first = hiding[0].permute(1, 2, 0).contiguous()
    pieces = [pixels_first[top : top + size, left : left + size] for top in tops.tolist() for left in lefts.tolist()]
    return torch.stack(pieces).permute(0, 3, 1, 2)


def _resized(chain: Chain, scene: Scene, size: int, tops: np.ndarray, lefts: np.ndarray) -> torch.Tensor:
    """Whole occluded pictures at the size of the network's input."""
    return _before(chain, scene.occluded(tops, lefts, size))


def _mapped(
    chain: Chain, maps: list[torch.Tensor], patches: Patches, reading: Reading
) -> tuple[dict[str, torch.Tensor], torch.Tensor | None]:
    """Responses R Q x c of the wanted units of each map, and the whole last map where dense layers follow."""
    found = {}
    for stage, below, here in zip(chain.stages, maps[:-1], maps[1:], strict=True):
        patches = _advanced(stage, below, here, patches)
        for layer in stage.layers:
            found[layer] = _maxima(here, patches, reading.channels[layer])
    if not chain.rest:
        return found, None
    return found, patches.values if patches.everything else _gathered(maps[-1], patches, *_all(patches), 0, 0.0)


def _finished(chain: Chain, waiting: list, reading: Reading) -> Iterator[Part]:
    """The dense layers of all tiles that wait, and the answers of each tile."""
    if not waiting:
        return
    tiled, found, last = zip(*waiting, strict=True)
    found = {layer: torch.cat([each[layer] for each in found]) for layer in found[0]}
    if chain.rest:
        values = torch.cat(last)
        for step, layers in chain.rest:
            values = step(values)
            for layer in layers:
                found[layer] = largest(values.index_select(1, reading.channels[layer]))
    peaks, first = reading.together(found), 0
    for size, rows, columns in tiled:
        count = len(rows) * len(columns)
        yield size, rows, columns, grid(peaks[first : first + count], rows, columns)
        first += count


def _advanced(stage: Stage, below: torch.Tensor, here: torch.Tensor, patches: Patches) -> Patches:
    """The patches one stage higher: gather what their windows see, and let the windows slide over it."""
    rows = reached(patches.rows, stage.field, here.shape[2])
    columns = reached(patches.columns, stage.field, here.shape[3])
    if patches.everything and rows.everything and columns.everything:
        return Patches(_then(stage, stage.whole(patches.values)), rows, columns)
    seen = [_seen(span, stage) for span in (rows, columns)]
    around = _gathered(below, patches, *seen, stage.padding, stage.fill)
    return Patches(_then(stage, stage.inner(around)), rows, columns)


def _seen(span: Span, stage: Stage) -> np.ndarray:
    """Cells of the map below that the windows see, [P, cells]; outside of the map they are negative or too large."""
    first = span.origin * stage.field.stride + stage.field.start
    return first[:, None] + np.arange((span.length - 1) * stage.field.stride + stage.field.size)


def _all(patches: Patches) -> list[np.ndarray]:
    spans = (patches.rows, patches.columns)
    return [np.broadcast_to(np.arange(span.cells), (len(span.low), span.cells)) for span in spans]


def _gathered(
    below: torch.Tensor, patches: Patches, rows: np.ndarray, columns: np.ndarray, padding: int, fill: float
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


def _inside(cells: np.ndarray, span: Span) -> tuple[np.ndarray, np.ndarray]:
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
