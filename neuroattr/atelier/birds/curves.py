"""Smooth paths through points: what silhouettes and feathers are drawn with."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import skia


def smooth(points: Sequence[np.ndarray] | np.ndarray) -> skia.Path:
    """Closed path through `points` [n, 2]; its direction at a point is that of the neighbours' chord."""
    at = np.asarray(points, float)
    chord = np.linalg.norm(np.roll(at, -1, axis=0) - at, axis=1)  # from each point to the next
    before = np.roll(chord, 1)
    tangent = (np.roll(at, -1, axis=0) - np.roll(at, 1, axis=0)) / (chord + before)[:, None]
    path = skia.Path()
    path.moveTo(*at[0].tolist())
    for k in range(len(at)):
        n = (k + 1) % len(at)
        first, second = at[k] + tangent[k] * chord[k] / 3, at[n] - tangent[n] * chord[k] / 3
        path.cubicTo(*first.tolist(), *second.tolist(), *at[n].tolist())
    path.close()
    return path


def polygon(points: Sequence[tuple[float, float]] | np.ndarray) -> skia.Path:
    """Closed path with straight sides through `points` [n, 2]."""
    path = skia.Path()
    path.addPoly([skia.Point(float(x), float(y)) for x, y in points], True)
    return path


def ellipse(centre: np.ndarray, width: float, height: float) -> skia.Path:
    """Upright ellipse with half axes `width` and `height`."""
    path = skia.Path()
    x, y = float(centre[0]), float(centre[1])
    path.addOval(skia.Rect.MakeLTRB(x - width, y - height, x + width, y + height))
    return path


def turned(points: np.ndarray, angle: float) -> np.ndarray:
    """`points` [..., 2] turned by `angle` degrees, so that (1, 0) rises (y points down)."""
    c, s = np.cos(np.deg2rad(angle)), np.sin(np.deg2rad(angle))
    x, y = np.asarray(points, float)[..., 0], np.asarray(points, float)[..., 1]
    return np.stack([x * c + y * s, -x * s + y * c], axis=-1)


def feather(root: np.ndarray, tip: np.ndarray, width: float, blunt: float) -> skia.Path:
    """One feather from `root` to `tip`; `blunt` 0 is pointed, 1 is square."""
    root, tip = np.asarray(root, float), np.asarray(tip, float)
    along = tip - root
    length = float(np.hypot(*along))
    across = np.array([-along[1], along[0]]) / max(length, 1e-9) * width / 2
    shoulder = root + along * (0.80 + 0.12 * blunt)
    round_ = 0.45 + 0.5 * blunt
    path = skia.Path()
    path.moveTo(*(root - 0.5 * across).tolist())
    path.quadTo(*(root + 0.35 * along - 1.1 * across).tolist(), *(shoulder - across).tolist())
    path.quadTo(*(tip - across * round_).tolist(), *tip.tolist())
    path.quadTo(*(tip + across * round_).tolist(), *(shoulder + across).tolist())
    path.quadTo(*(root + 0.35 * along + 1.1 * across).tolist(), *(root + 0.5 * across).tolist())
    path.close()
    return path
