"""The plain way: every occluded picture through the whole network, batch by batch."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from neuroattr.backbone import Backbone
from neuroattr.occlusion.pictures import OccludablePicture
from neuroattr.occlusion.units import UnitSelection
from neuroattr.saliency import Occlusion

Positions = npt.NDArray[np.int_]


@dataclass(frozen=True)
class Tile:
    """Occluders of one size whose pictures are looked at together.

    Attributes
    ----------
    rows, columns : positions in the grid of that size, int [R] and [Q].
    tops, lefts : the first pixels there.
    """

    size: int
    rows: Positions
    columns: Positions
    tops: Positions
    lefts: Positions


def groups(count: int, batch: int) -> list[Positions]:
    """Positions 0 .. count - 1 of one axis in even stretches, of which two make at most `batch` pairs."""
    return np.array_split(np.arange(count), -(-count // max(1, int(batch**0.5))))


@dataclass(frozen=True, eq=False)
class Plain:
    """Responses of the selected units to occluded pictures, a `Tile` at a time."""

    net: Backbone
    picture: OccludablePicture
    selection: UnitSelection
    occlusion: Occlusion
    batch: int

    def tiles(self) -> Iterator[Tile]:
        """All positions of all sizes, at most `batch` pictures a tile."""
        for size in self.occlusion.sizes:
            starts = self.occlusion.positions(size, side=self.picture.picture.shape[1])
            along = self.along(starts, size)
            for rows, columns in itertools.product(along, along):
                yield Tile(size, rows, columns, starts[rows], starts[columns])

    def along(self, starts: Positions, size: int) -> list[Positions]:
        """Positions of one axis in groups."""
        return groups(len(starts), self.batch)

    def responses(self, tile: Tile) -> npt.NDArray[np.float32]:
        """Response of each unit with the occluder at each position, U x R x Q."""
        pictures = self.picture.occluded(tile.tops, tile.lefts, tile.size)
        found = self.selection.maxima(self.net.responses(pictures, self.selection.layers))  # R Q x U
        return grid(found, tile)


def grid(maxima: torch.Tensor, tile: Tile) -> npt.NDArray[np.float32]:
    """Responses R Q x U as U x R x Q."""
    return np.asarray(maxima.T.reshape(-1, len(tile.rows), len(tile.columns)).cpu().numpy())
