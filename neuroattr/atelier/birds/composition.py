"""One bird put into its picture: what covers what, and where it lies in the frame.

The frame is a square of side 1; y points down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from .anatomy import Anatomy, anatomy
from .bird import PARTS, Bird
from .curves import turned
from .proportions import OPTIONAL, require_drawable
from .wings import Wing, folded_wing

POSE, FEATHERS, COLOURS, LIGHT, SCENE, CAMERA, PERCH = range(7)
"""Purposes of random numbers, so that e.g. the pose stays when the scene draws more numbers."""
_PLUMAGE = ("breast", "back", "nape", "face", "throat", "crown", "forehead", "cheek patch", "eyebrow")


@dataclass(frozen=True)
class Layer:
    """A thing that covers what lies below; `part` is empty where the bird has no name for it."""

    part: str
    path: skia.Path
    clip: skia.Path | None = None


@dataclass(frozen=True)
class Composition:
    """Geometry of one picture: what `draw` paints and what `masks` reports."""

    body: Anatomy
    wing: Wing
    layers: tuple[Layer, ...]
    matrix: skia.Matrix  # from the bird's units to the frame
    unit: float  # the bird's unit of length in the frame
    mirrored: bool
    feet: tuple[float, float]  # in the frame
    waterline: float | None  # y in the frame below which the bird is under water

    def placed(self, point: np.ndarray) -> tuple[float, float]:
        """A point of the bird in the frame."""
        at = self.matrix.mapXY(float(point[0]), float(point[1]))
        return at.x(), at.y()


def stream(bird: Bird, purpose: int) -> np.random.Generator:
    """Random numbers of one purpose."""
    return np.random.default_rng([bird.seed, purpose])


def composition(bird: Bird) -> Composition:
    """Geometry of `bird` in its frame.

    Raises
    ------
    ValueError
        If the record cannot be drawn, see `require_drawable`.
    """
    require_drawable(bird)
    body = anatomy(bird, stream(bird, POSE))
    wing = folded_wing(body, stream(bird, FEATHERS))
    layers = _layers(bird, body, wing)
    sunk = _waterline(body) if body.swims else None
    bounds = skia.Rect.MakeEmpty()
    for layer in layers:
        bounds.join((layer.clip or layer.path).computeTightBounds())
    if sunk is not None:
        bounds.setLTRB(bounds.left(), bounds.top(), bounds.right(), min(bounds.bottom(), sunk))
    unit = bird.scale / _length(body)
    mirrored = bird.view == "left"
    side = -unit if mirrored else unit
    matrix = skia.Matrix()
    matrix.setAll(
        side, 0, bird.place[0] - side * bounds.centerX(), 0, unit, bird.place[1] - unit * bounds.centerY(), 0, 0, 1
    )
    feet = matrix.mapXY(float(body.feet[0]), float(body.feet[1]))
    waterline = None if sunk is None else bird.place[1] + unit * (sunk - bounds.centerY())
    return Composition(body, wing, layers, matrix, unit, mirrored, (feet.x(), feet.y()), waterline)


def label_map(picture: Composition, size: int) -> np.ndarray:
    """What is seen at each pixel, int [size, size]: 0 nothing of the bird, 1 its unnamed parts, 2.. those of PARTS."""
    surface = skia.Surface(size, size)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorBLACK)
    canvas.scale(size, size)
    if picture.waterline is not None:
        canvas.clipRect(skia.Rect.MakeLTRB(-1, -1, 2, picture.waterline), skia.ClipOp.kIntersect, False)
    canvas.concat(picture.matrix)
    for layer in picture.layers:
        value = PARTS.index(layer.part) + 2 if layer.part else 1
        canvas.save()
        if layer.clip is not None:
            canvas.clipPath(layer.clip, False)
        canvas.drawPath(layer.path, skia.Paint(AntiAlias=False, Color=skia.ColorSetRGB(value, 0, 0)))
        canvas.restore()
    pixels: np.ndarray = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)
    return pixels[..., 0].astype(np.int64)


def _layers(bird: Bird, body: Anatomy, wing: Wing) -> tuple[Layer, ...]:
    """From back to front."""
    made = [Layer("legs", path) for path in body.legs[:1]]
    made += [Layer("tail", path) for path in body.tail]
    made += [Layer("legs", path) for path in body.legs[1:]]
    made.append(Layer("belly", body.outline))
    for part in _PLUMAGE:
        if part not in OPTIONAL or part in bird.markings:
            made.append(Layer("" if part == "face" else part, body.regions[part], body.outline))
    made.append(Layer("wing", wing.outline))
    made += [Layer("wing", feather.path) for feather in wing.feathers if feather.row == "primary"]
    made.append(Layer("beak", body.beak.whole))
    made.append(Layer("eye", body.eye))
    return tuple(made)


def _length(body: Anatomy) -> float:
    """From the forehead to the tip of the tail along the body's axis."""
    axis = turned(np.array([1.0, 0.0]), body.angle)
    front = max(float(body.head @ axis) + body.form.head, 0.5)
    return front + 0.5 + max(body.form.tail * float(np.cos(np.deg2rad(body.form.raised))), 0.08 + body.form.wing)


def _waterline(body: Anatomy) -> float:
    return body.belly - 0.20 * body.form.depth
