"""From the record of a bird to its photograph, the masks of its parts, its part points and its box."""

from __future__ import annotations

import numpy as np
import skia
from scipy import ndimage

from .. import scenes
from ..rendering import square_surface
from . import plumage, surroundings
from .bird import PARTS, POINTS, Bird
from .composition import CAMERA, LIGHT, Composition, composition, label_map, stream

__all__ = ["box", "draw", "masks", "points"]


def draw(bird: Bird, size: int) -> np.ndarray:
    """Photograph of `bird`: uint8 [size, size, 3], the same bytes whenever record and size are the same.

    Raises
    ------
    ValueError
        If the record has a word that cannot be drawn, or `size` is below 16 pixels.
    """
    picture = composition(bird)
    surface = square_surface(size)
    canvas = surface.getCanvas()
    canvas.scale(size, size)
    surroundings.paint_background(canvas, bird, picture, size)
    lit = _lit_bird(bird, picture, size)
    surroundings.paint_reflection(canvas, bird, picture, lit)
    if picture.waterline is None:
        surroundings.paint_perch(canvas, bird, picture)
    canvas.save()
    if picture.waterline is not None:
        canvas.clipRect(skia.Rect.MakeLTRB(-1, -1, 2, picture.waterline), skia.ClipOp.kIntersect, True)
    canvas.drawImageRect(lit, skia.Rect.MakeWH(1, 1), skia.SamplingOptions())
    canvas.restore()
    surroundings.paint_waterline(canvas, bird, picture)
    pixels = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[..., :3]
    return _photographed(bird, pixels)


def masks(bird: Bird, size: int) -> dict[str, np.ndarray]:
    """Visible pixels of each part of PARTS and of the whole "bird", bool [size, size], in the geometry of `draw`.

    A part that cannot be seen (legs of a swimmer, an eyebrow that the species lacks) has a mask without pixels.
    """
    square_surface(size)
    labels = label_map(composition(bird), size)
    return {part: labels == k for k, part in enumerate(PARTS, start=2)} | {"bird": labels > 0}


def points(bird: Bird, size: int) -> dict[str, tuple[float, float]]:
    """Visible part points of POINTS as x, y in pixels, each in a pixel of its part's mask.

    A bird that faces left shows its left side; what the view hides is absent.
    """
    picture, seen = composition(bird), masks(bird, size)
    found = {}
    for name in POINTS:
        side, _, part = name.rpartition(" ")
        if side and side != bird.view:
            continue
        mask = seen[{"leg": "legs"}.get(part, part)]
        if mask.any():
            x, y = picture.placed(picture.body.anchors[part])
            found[name] = _nearest(mask, x * size, y * size)
    return found


def box(bird: Bird, size: int) -> tuple[int, int, int, int]:
    """Smallest box of the visible bird: x, y of its upper left corner, width, height, in pixels.

    Raises
    ------
    ValueError
        If nothing of the bird is in the picture.
    """
    rows, columns = np.nonzero(masks(bird, size)["bird"])
    if not len(rows):
        raise ValueError(f"no pixel of the bird is in the picture; move its place {bird.place} or enlarge it")
    x, y = int(columns.min()), int(rows.min())
    return x, y, int(columns.max()) - x + 1, int(rows.max()) - y + 1


def _nearest(mask: np.ndarray, x: float, y: float) -> tuple[float, float]:
    """The point itself where the mask has it, else the middle of the nearest pixel of the mask."""
    column, row = int(np.floor(x)), int(np.floor(y))
    if 0 <= row < len(mask) and 0 <= column < len(mask) and mask[row, column]:
        return float(x), float(y)
    rows, columns = np.nonzero(mask)
    k = int(np.argmin((columns + 0.5 - x) ** 2 + (rows + 0.5 - y) ** 2))
    return float(columns[k] + 0.5), float(rows[k] + 0.5)


def _lit_bird(bird: Bird, picture: Composition, size: int) -> skia.Image:
    """The bird alone, lit, on a transparent ground."""
    surface = skia.Surface(size, size)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorTRANSPARENT)
    canvas.scale(size, size)
    canvas.concat(picture.matrix)
    plumage.paint(canvas, bird, picture)
    pixels = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType).astype(np.float32)
    light = _light(bird, picture, size, pixels[..., 3] / 255)
    warm = np.array([1.0, 0.995, 0.985], np.float32) ** np.sign(light - 1)[..., None]
    pixels[..., :3] = np.minimum(pixels[..., :3] * light[..., None] * warm, pixels[..., 3:])
    return skia.Image.fromarray(
        np.ascontiguousarray(pixels.astype(np.uint8)),
        skia.ColorType.kRGBA_8888_ColorType,
        skia.AlphaType.kUnpremul_AlphaType,
    )


def _light(bird: Bird, picture: Composition, size: int, covered: np.ndarray) -> np.ndarray:
    """Factor of light at each pixel, about 1: the bird as a soft relief under the sky; float32 [size, size]."""
    rng = stream(bird, LIGHT)
    side, height = rng.uniform(-0.6, 0.6), rng.uniform(0.75, 1.0)
    labels = label_map(picture, size)
    reach = picture.unit * size
    body = (labels > 0).astype(np.float32)
    wing = (labels == 2 + PARTS.index("wing")).astype(np.float32)
    relief = np.zeros((size, size), np.float32)
    for share, weight in ((0.035, 0.7), (0.10, 1.0), (0.20, 1.2)):
        relief += weight * share * ndimage.gaussian_filter(body, share * reach)
    relief += 0.010 * ndimage.gaussian_filter(wing, 0.018 * reach)
    down, right = np.gradient(relief * reach)
    strength = 1.6
    facing = (height + strength * (height * down - side * right)) / np.sqrt(1 + strength**2 * (down**2 + right**2))
    shade = 0.76 + 0.28 * facing / height
    return np.asarray(np.clip(shade, 0.7, 1.1), np.float32)


def _photographed(bird: Bird, pixels: np.ndarray) -> np.ndarray:
    """What lens and camera make of the scene, with the faults that the record plants."""
    size = len(pixels)
    if bird.blur > 0:
        sigma = bird.blur * size
        pixels = ndimage.gaussian_filter(pixels.astype(np.float32), (sigma, sigma, 0), mode="nearest").astype(np.uint8)
    if bird.cast is not None:
        pixels = np.clip(pixels * np.array(bird.cast, np.float32), 0, 255).astype(np.uint8)
    return scenes.photographed(pixels, "casual", stream(bird, CAMERA))
