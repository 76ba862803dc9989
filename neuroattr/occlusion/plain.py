"""The plain way: every occluded picture through the whole network, batch by batch."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from neuroattr.occlusion.scenes import Reading, Scene
from neuroattr.saliency import Occlusion

Part = tuple[int, np.ndarray, np.ndarray, np.ndarray]
"""Size, positions of rows [R] and of columns [Q] in its grid, responses [U, R, Q]."""


def tiles(count: int, batch: int) -> list[np.ndarray]:
    """Positions 0 .. count - 1 of one axis in even stretches, of which two make at most `batch` pairs."""
    return np.array_split(np.arange(count), -(-count // max(1, int(batch**0.5))))


def parts(net, scene: Scene, reading: Reading, occlusion: Occlusion, *, batch: int) -> Iterator[Part]:
    """Responses to the occluded pictures, a tile of positions at a time."""
    for size in occlusion.sizes:
        starts = occlusion.positions(size, side=scene.picture.shape[1])
        for rows in tiles(len(starts), batch):
            for columns in tiles(len(starts), batch):
                pictures = scene.occluded(starts[rows], starts[columns], size)
                peaks = reading.peaks(net.responses(pictures, reading.layers))
                yield size, rows, columns, grid(peaks, rows, columns)


def grid(peaks, rows: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Responses R Q x U as U x R x Q."""
    return peaks.T.reshape(-1, len(rows), len(columns)).cpu().numpy()
