"""From a look to its photograph and to the map of what is seen where."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import skia

from .. import scenes
from ..cloth import Cloth
from ..items import Item
from ..paints import blurred, fill, stroke
from ..palettes import BLACK, RGB, luminance, mixed, shaded
from ..patterns import Tile
from ..rendering import cloth, paint_piece, square_surface
from ..silhouettes import Piece
from . import backgrounds
from .dressing import BACKGROUND, CAMERA, LIGHT, Figure, Layer, figure, stream
from .looks import Look, recalled, record

__all__ = ["draw", "recalled", "record", "seen"]


def draw(look: Look, size: int) -> np.ndarray:
    """Photograph of `look`: uint8 size x size x 3, the same bytes whenever look and size are the same.

    Raises
    ------
    ValueError
        If `size` is below 16 pixels.
    """
    person, lit = figure(look), scenes.light(look.style, stream(look, LIGHT))
    surface = square_surface(size, vanishing="small things")
    canvas = surface.getCanvas()
    canvas.scale(size / scenes.FRAME, size / scenes.FRAME)
    backgrounds.paint(canvas, look.scene, lit, stream(look, BACKGROUND))
    _ground_shadow(canvas, person, lit)
    materials = _materials(look, person.unit * size / scenes.FRAME, lit.side)
    for layer in person.layers:
        _paint(canvas, layer, materials)
    pixels = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[..., :3]
    return scenes.photographed(pixels, look.style, stream(look, CAMERA))


def seen(look: Look, size: int, person: Figure | None = None) -> np.ndarray:
    """Which layer is seen at each pixel: its position plus 1, 0 where the background is; int size x size."""
    person = figure(look) if person is None else person
    surface = square_surface(size, vanishing="small things")
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorBLACK)
    canvas.scale(size / scenes.FRAME, size / scenes.FRAME)
    for k, layer in enumerate(person.layers, start=1):
        canvas.save()
        canvas.concat(layer.matrix)
        if layer.clip is not None:
            canvas.clipPath(layer.clip, False)
        canvas.drawPath(layer.piece.path, skia.Paint(AntiAlias=False, Color=skia.ColorSetRGB(k % 256, k // 256, 0)))
        canvas.restore()
    pixels = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType).astype(np.int64)
    position: np.ndarray = pixels[..., 0] + 256 * pixels[..., 1]
    return position


def _materials(look: Look, resolution: float, side: float) -> list[Cloth]:
    """The cloth of each thing under the light of the scene; `resolution` is the picture's pixels per centimetre."""
    made = []
    for thing in look.worn:
        material = cloth(thing.item, scale=1.45, resolution=resolution)
        if thing.fabric == "denim":
            material = _denim(thing.item, material, resolution)
        made.append(replace(material, side=side))
    return made


def _denim(item: Item, material: Cloth, resolution: float) -> Cloth:
    """Indigo twill: threads of white through blue, washed out more or less."""
    rng = np.random.default_rng([item.seed, 2])
    wash = rng.uniform(0, 1)
    ground = mixed((0.16, 0.22, 0.36), (0.44, 0.55, 0.68), wash)
    side = max(16, round(10 * resolution))
    veil = (
        rng.normal(0, 0.05, (side, side, 1))
        + 0.05 * np.sin(np.add.outer(np.arange(side), np.arange(side)) * 1.6)[..., None]
    )
    pixels = np.full((side, side, 4), 255, np.uint8)
    pixels[..., :3] = np.clip((np.array(ground) + veil) * 255, 0, 255)
    image = skia.Image.fromarray(pixels, skia.ColorType.kRGBA_8888_ColorType)
    colours = replace(material.colours, ground=ground, trim=shaded(ground, 0.8))
    return replace(material, colours=colours, pattern=Tile(image, 10.0, 10.0), sheen=0.0)


def _paint(canvas: skia.Canvas, layer: Layer, materials: list[Cloth]) -> None:
    canvas.save()
    canvas.concat(layer.matrix)
    if layer.clip is not None:
        canvas.clipPath(layer.clip, True)
    if layer.colour is not None:
        _paint_flat(canvas, layer.piece, layer.colour)
    else:
        material = materials[layer.thing]
        paint_piece(canvas, layer.piece, material)
        dark = luminance(material.colours.ground) < 0.2
        for path in layer.seams:
            canvas.drawPath(path, stroke(BLACK, 0.7, 0.5 if dark else 0.3))
        for path in layer.stitches:
            canvas.drawPath(path, stroke(BLACK, 0.5, 0.24))
    canvas.restore()


def _paint_flat(canvas: skia.Canvas, piece: Piece, colour: RGB) -> None:
    """Skin, hair, soles: one colour, darker towards the edge."""
    canvas.drawPath(piece.path, fill(colour))
    if piece.role in ("skin", "hair"):
        canvas.save()
        canvas.clipPath(piece.path, True)
        canvas.drawPath(piece.path, blurred(stroke((0.15, 0.06, 0.04), 2.4, 0.30), 1.0))
        canvas.restore()
    elif piece.role == "rubber":
        canvas.drawPath(piece.path, stroke(BLACK, 0.35, 0.35))


def _ground_shadow(canvas: skia.Canvas, person: Figure, lit: scenes.Light) -> None:
    x, y = person.feet
    wide = 24 * person.unit
    paint = blurred(fill((0.03, 0.03, 0.05), min(0.55, 1.5 * lit.darkness)), 1.2)
    shift = -8 * lit.side * person.unit
    canvas.drawOval(skia.Rect.MakeLTRB(x + shift - wide, y - 1.6, x + shift + wide, y + 2.2), paint)
