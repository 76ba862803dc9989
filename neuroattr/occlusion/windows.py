"""Which units of a map a change below can reach, and the largest response among those it cannot."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import torch

from neuroattr.receptive import ReceptiveField


@dataclass(frozen=True)
class Span:
    """Stretches along one axis of a map, one for each position of an occluder, all computed at one length.

    Attributes
    ----------
    low, high : first cell that may have changed, and the first behind those, int [P].
    origin : first cell that is computed, int [P]: ``origin <= low`` and ``high <= origin + length``.
    length : cells that are computed.
    cells : length of the whole axis.
    """

    low: npt.NDArray[np.int_]
    high: npt.NDArray[np.int_]
    origin: npt.NDArray[np.int_]
    length: int
    cells: int

    @property
    def everything(self) -> bool:
        """Whether the whole axis is computed."""
        return self.length == self.cells

    def of(self, positions: npt.NDArray[np.int_]) -> Span:
        """Those of some positions."""
        return Span(self.low[positions], self.high[positions], self.origin[positions], self.length, self.cells)


def pixels(starts: npt.NDArray[np.int_], size: int, side: int) -> Span:
    """The stretches that occluders of `size` pixels hide along one side of the picture."""
    return Span(starts, starts + size, starts, size, side)


def reached(below: Span, field: ReceptiveField, cells: int) -> Span:
    """The units that see any changed cell of the map below.

    Parameters
    ----------
    below : changed cells of the map below.
    field : what a unit sees, in cells of the map below.
    cells : units along the axis.

    Notes
    -----
    Unit o sees the cells ``start + o stride`` up to ``start + o stride + size``. Where no unit sees the change (a
    stride larger than the window, or cells that the last window does not reach), one unit is computed for nothing.
    """
    low = np.clip((below.low - field.start - field.size) // field.stride + 1, 0, cells - 1)
    high = np.clip((below.high - 1 - field.start) // field.stride + 1, low + 1, cells)
    length = int((high - low).max())
    return Span(low, high, np.minimum(low, cells - length), length, cells)


def outside_maxima(maps: torch.Tensor, rows: Span, columns: Span) -> torch.Tensor:
    """Largest value of each map outside of each computed window: C x H x W to R x Q x C, -inf where nothing is outside.

    Notes
    -----
    Four rectangles: all rows above the window, all below, and between them the columns to its left and right. The
    prefix maxima of rows and columns are computed once for all windows.
    """
    above, below = _prefix(maps.amax(2)), _suffix(maps.amax(2))  # C x (H + 1)
    left, right = _prefix(maps), _suffix(maps)  # C x H x (W + 1)
    low_columns = torch.as_tensor(columns.origin, device=maps.device)
    found = []
    for first in rows.origin.tolist():
        last = first + rows.length
        beyond = torch.maximum(above[:, first], below[:, last])  # C
        beside = torch.maximum(
            left[:, first:last].amax(1)[:, low_columns], right[:, first:last].amax(1)[:, low_columns + columns.length]
        )  # C x Q
        found.append(torch.maximum(beside, beyond[:, None]).T)
    return torch.stack(found)


def _prefix(values: torch.Tensor) -> torch.Tensor:
    """Largest of the values before each place of the last axis, -inf at the first; one place longer."""
    return torch.cat([torch.full_like(values[..., :1], -torch.inf), values.cummax(-1).values], dim=-1)


def _suffix(values: torch.Tensor) -> torch.Tensor:
    return _prefix(values.flip(-1)).flip(-1)
