"""Pictures and masks of one item: silhouette, details and cloth put into a scene."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import skia

from . import scenes
from .cloth import Cloth
from .details import details
from .items import Item, recalled, record
from .paints import blurred, fill, stroke
from .palettes import BLACK, RGB, luminance, palette
from .patterns import tile
from .silhouettes import Piece, Silhouette, silhouette

__all__ = ["background", "cloth", "composition", "draw", "masks", "paint_piece", "recalled", "record", "square_surface"]

SMALLEST = 16  # pixels: below it a part may have no pixel at all
_SHADE: RGB = (0.04, 0.02, 0.05)
_SHAPE, _DETAILS, _PALETTE, _PATTERN, _CLOTH, _POSE, _LIGHT, _BACKGROUND, _CAMERA = range(9)


@dataclass(frozen=True)
class Composition:
    """Geometry of one picture: what `draw` paints and `masks` reports."""

    shape: Silhouette
    details: tuple[Piece, ...]
    matrix: skia.Matrix  # centimetres to the frame
    extent: skia.Rect  # of everything, in the frame

    @property
    def pieces(self) -> tuple[Piece, ...]:
        """Everything from back to front."""
        return (*self.shape.pieces, *self.details)


def draw(item: Item, size: int) -> np.ndarray:
    """Photograph of `item`: uint8 size x size x 3, the same bytes whenever item and size are the same.

    Raises
    ------
    ValueError
        If `size` is below SMALLEST.
    """
    return _photograph(item, size, composition(item))


def background(item: Item, size: int) -> np.ndarray:
    """The same photograph without the product and its shadow: uint8 size x size x 3."""
    return _photograph(item, size, None)


def masks(item: Item, size: int) -> dict[str, np.ndarray]:
    """Visible pixels of each part, bool size x size, in the geometry of `draw`.

    Keys: garment (everything), pattern (cloth that carries the texture), sleeves, neckline and one per detail, as far
    as the item has them. A part that lies behind another counts where it is seen.

    Raises
    ------
    ValueError
        If `size` is below SMALLEST.
    """
    picture = composition(item)
    pieces = [piece for piece in picture.pieces if piece.role != "shadow"]
    found = {"garment": _mask(picture, ((p, True) for p in pieces), size)}
    found["pattern"] = _mask(picture, ((p, p.role == "cloth") for p in pieces), size)
    parts = {piece.part for piece in pieces} - {"body"}
    for part in sorted(parts):
        found[part] = _mask(picture, ((p, p.part == part) for p in pieces), size)
    if item.neckline is None and item.kind != "hoodie":
        found.pop("neckline", None)  # a waistband's lining is no neckline
    return found


def composition(item: Item) -> Composition:
    """Shape, details and pose of `item`."""
    shape = silhouette(item, _stream(item, _SHAPE))
    added = details(item, shape, _stream(item, _DETAILS))
    bounds = skia.Rect.MakeEmpty()
    for piece in (*shape.pieces, *added):
        bounds.join(piece.path.computeTightBounds())
    matrix = scenes.pose(bounds, item.style, _stream(item, _POSE))
    return Composition(shape, added, matrix, matrix.mapRect(bounds).makeOutset(2.0, 2.0))


def cloth(item: Item, *, scale: float, resolution: float) -> Cloth:
    """Materials of `item`; `scale` multiplies its pattern, `resolution` is the picture's pixels per cm."""
    colours = palette(item, _stream(item, _PALETTE))
    rng = _stream(item, _CLOTH)
    satin = {"romantic": 0.10, "formal": 0.12}.get(item.style, 0.03)
    glossy = {"boots": 0.22, "bag": 0.16}.get(item.kind, satin) + (0.25 if item.texture == "sequin" else 0.0)
    scale = scale * rng.uniform(0.85, 1.3)
    pattern = tile(item.texture, colours, scale=scale, resolution=resolution, rng=_stream(item, _PATTERN))
    return Cloth(
        colours,
        pattern,
        strength=rng.uniform(0.7, 1.35),
        sheen=glossy * rng.uniform(0.6, 1.2),
        side=float(_lit(item).side),
        phase=tuple(rng.uniform(0, 2 * np.pi, 3).tolist()),
    )


def paint_garment(canvas: skia.Canvas, picture: Composition, material: Cloth) -> None:
    """Paint pieces, seams and details on a canvas whose units are the garment's centimetres."""
    dark = luminance(material.colours.ground) < 0.2
    for piece in picture.shape.pieces:
        paint_piece(canvas, piece, material)
    pen = stroke(BLACK, 0.55, 0.55 if dark else 0.34)
    thread = stroke((1, 1, 1), 0.42, 0.32) if dark else stroke(BLACK, 0.42, 0.26)
    thread.setPathEffect(skia.DashPathEffect.Make([1.1, 0.6], 0))
    for path in picture.shape.seams:
        canvas.drawPath(path, pen)
    for path in picture.shape.stitches:
        canvas.drawPath(path, thread)
    for piece in picture.details:
        paint_piece(canvas, piece, material)


def _photograph(item: Item, size: int, picture: Composition | None) -> np.ndarray:
    lit = _lit(item)
    surface = square_surface(size)
    canvas = surface.getCanvas()
    canvas.scale(size / scenes.FRAME, size / scenes.FRAME)
    scenes.paint_background(canvas, item.style, lit, _stream(item, _BACKGROUND))
    rng = _stream(item, _CAMERA)
    blur = max(0.0, rng.uniform(-0.25, 0.42)) + (0.12 if item.style == "romantic" else 0.0)
    if picture is not None:
        unit = picture.matrix.mapRadius(1.0)
        material = cloth(item, scale=float(np.clip(1.15 / unit, 0.55, 1.5)), resolution=unit * size / scenes.FRAME)
        _cast_shadow(canvas, picture, lit, size)
        if blur > 0.08:
            canvas.saveLayer(picture.extent, skia.Paint(ImageFilter=skia.ImageFilters.Blur(blur, blur)))
        canvas.save()
        canvas.concat(picture.matrix)
        paint_garment(canvas, picture, material)
        canvas.restore()
        if blur > 0.08:
            canvas.restore()
    pixels = surface.toarray(colorType=skia.ColorType.kRGBA_8888_ColorType)[..., :3]
    return scenes.photographed(pixels, item.style, rng)


def paint_piece(canvas: skia.Canvas, piece: Piece, material: Cloth) -> None:
    """Paint one piece with its edge and the shadow it casts on what lies below."""
    if piece.role == "shadow":
        canvas.drawPath(piece.path, blurred(fill(_SHADE, 0.28), 1.2))
        return
    if piece.part not in ("body", "sleeves") or piece.role in ("trim", "rib"):
        canvas.save()
        canvas.translate(0.35, 0.7)
        canvas.drawPath(piece.path, blurred(fill(_SHADE, 0.30), 0.7))
        canvas.restore()
    canvas.drawPath(piece.path, material.paint(piece))
    if piece.role in ("cloth", "lining", "second", "leather", "trim"):
        canvas.save()
        canvas.clipPath(piece.path, True)
        canvas.drawPath(piece.path, blurred(stroke(_SHADE, 2.6, 0.34), 1.3))
        canvas.restore()
    elif piece.role in ("metal", "accent", "rib", "lace"):
        canvas.drawPath(piece.path, stroke(BLACK, 0.3, 0.38))


def _cast_shadow(canvas: skia.Canvas, picture: Composition, lit: scenes.Light, size: int) -> None:
    """Soft shadow of the whole product on what is behind it."""
    side = max(size // 4, SMALLEST)  # a blurred shape needs few pixels, and blurring is what costs
    small = skia.Surface(side, side)
    unit = side / scenes.FRAME
    with small as shade:
        shade.saveLayer(paint=skia.Paint(ImageFilter=skia.ImageFilters.Blur(lit.softness * unit, lit.softness * unit)))
        shade.scale(unit, unit)
        shade.translate(-1.6 * lit.side, 1.6)
        shade.concat(picture.matrix)
        for piece in picture.pieces:
            shade.drawPath(piece.path, skia.Paint(AntiAlias=True, Color=skia.ColorBLACK))
        shade.restore()
    frame = skia.Rect.MakeWH(scenes.FRAME, scenes.FRAME)
    smooth = skia.SamplingOptions(skia.CubicResampler.Mitchell())
    reach = 3 * lit.softness + 3 / unit  # of the blur, and of the resampling: farther away there is no shadow
    canvas.save()
    canvas.clipRect(picture.extent.makeOffset(-1.6 * lit.side, 1.6).makeOutset(reach, reach))
    canvas.drawImageRect(small.makeImageSnapshot(), frame, smooth, skia.Paint(Alphaf=lit.darkness))
    canvas.restore()


def _mask(picture: Composition, shown: Iterable[tuple[Piece, bool]], size: int) -> np.ndarray:
    surface = square_surface(size)
    canvas = surface.getCanvas()
    canvas.clear(skia.ColorBLACK)
    canvas.scale(size / scenes.FRAME, size / scenes.FRAME)
    canvas.concat(picture.matrix)
    for piece, inside in shown:
        colour = skia.ColorWHITE if inside else skia.ColorBLACK
        canvas.drawPath(piece.path, skia.Paint(AntiAlias=True, Color=colour))
    pixels: np.ndarray = surface.toarray()
    return pixels[..., 0] >= 128


def square_surface(size: int, *, vanishing: str = "parts") -> skia.Surface:
    """Surface of `size` x `size` pixels, not so few that the `vanishing` would not be seen."""
    if size < SMALLEST:
        raise ValueError(f"size must be at least {SMALLEST} pixels, got {size}; {vanishing} vanish in smaller pictures")
    return skia.Surface(size, size)


def _lit(item: Item) -> scenes.Light:
    return scenes.light(item.style, _stream(item, _LIGHT))


def _stream(item: Item, purpose: int) -> np.random.Generator:
    """One generator per purpose, so that e.g. the pose stays when the pattern draws more numbers."""
    return np.random.default_rng([item.seed, purpose])
