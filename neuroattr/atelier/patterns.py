"""The ten textures as seamless tiles of cloth, drawn by paths, without shape, folds or light."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import skia

from .choices import require_one_of
from .items import TEXTURES
from .motifs import bloom, boteh, leaf, rounded, scatter, wraps
from .paints import fill
from .palettes import Palette, ink, luminance, mixed, shaded
from .silhouettes.pieces import outline


@dataclass(frozen=True)
class Tile:
    """One repeat of a pattern: `image` covers `width` x `height` cm, turned by `angle` degrees."""

    image: skia.Image
    width: float
    height: float
    angle: float = 0.0

    def shader(self, grain: float = 0.0) -> skia.Shader:
        """Endless cloth in cm, its grain turned by `grain` degrees."""
        matrix = skia.Matrix()
        matrix.setRotate(self.angle + grain)
        matrix.preScale(self.width / self.image.width(), self.height / self.image.height())
        repeat, linear = skia.TileMode.kRepeat, skia.SamplingOptions(skia.FilterMode.kLinear)
        return self.image.makeShader(repeat, repeat, linear, matrix)


def tile(texture: str, colours: Palette, *, scale: float, resolution: float, rng: np.random.Generator) -> Tile:
    """Repeat of `texture`.

    Parameters
    ----------
    scale : multiplies the size of the motifs; 1 suits a garment of about 80 cm
    resolution : pixels per cm of the picture the tile is for, so that it needs no mipmaps

    Raises
    ------
    ValueError
        If `texture` is not one of TEXTURES.
    """
    require_one_of("texture", texture, TEXTURES)
    (width, height), angle, paint = _PAINTERS[texture](colours, rng)
    sides = [max(4, round(1.3 * resolution * scale * side)) for side in (width, height)]
    surface = skia.Surface(*sides)
    with surface as canvas:
        canvas.clear(ink(colours.ground))
        canvas.scale(sides[0] / width, sides[1] / height)
        paint(canvas)
    return Tile(surface.makeImageSnapshot(), width * scale, height * scale, angle)


# Width and height of the repeat in cm, its angle in degrees, and what draws it on the ground.
Painting = tuple[tuple[float, float], float, Callable[[skia.Canvas], None]]


def _basic(colours: Palette, rng: np.random.Generator) -> Painting:
    return (8.0, 8.0), 0.0, lambda canvas: None


def _striped(colours: Palette, rng: np.random.Generator) -> Painting:
    period = rng.uniform(6.5, 12.0)
    angle = float(rng.choice([0, 0, 0, 90, 90, 45]))
    share = rng.uniform(0.32, 0.45)
    colour = colours.second if rng.random() < 0.7 else colours.accent
    double = rng.random() < 0.3

    def paint(canvas: skia.Canvas) -> None:
        wide = share * period * (0.62 if double else 1.0)
        canvas.drawRect(skia.Rect.MakeXYWH(0, 0.1 * period, period, wide), fill(colour))
        if double:
            canvas.drawRect(skia.Rect.MakeXYWH(0, 0.72 * period, period, 0.13 * period), fill(colour))

    return (period, period), angle, paint


def _squared(colours: Palette, rng: np.random.Generator) -> Painting:
    size = rng.uniform(9.0, 14.0)
    variant = rng.choice(["gingham", "tartan", "window"], p=[0.4, 0.4, 0.2])
    colour = colours.second if rng.random() < 0.65 else colours.accent

    def paint(canvas: skia.Canvas) -> None:
        if variant == "gingham":
            bands = [(0.0, 0.46, colour, 0.5)]
        elif variant == "tartan":
            bands = [(0.05, 0.30, colour, 0.55), (0.62, 0.09, colours.accent, 0.8), (0.80, 0.05, colours.accent, 0.8)]
        else:
            bands = [(0.42, 0.15, colour, 0.95)]
        for start, share, tint, alpha in bands:
            canvas.drawRect(skia.Rect.MakeXYWH(0, start * size, size, share * size), fill(tint, alpha))
            canvas.drawRect(skia.Rect.MakeXYWH(start * size, 0, share * size, size), fill(tint, alpha))

    return (size, size), float(rng.choice([0, 0, 0, 45])) if variant != "tartan" else 0.0, paint


def _polka(colours: Palette, rng: np.random.Generator) -> Painting:
    step = rng.uniform(8.0, 12.5)
    radius = step * rng.uniform(0.22, 0.29)
    colour = colours.second if rng.random() < 0.5 else colours.accent

    def paint(canvas: skia.Canvas) -> None:
        for x, y in ((0.25, 0.25), (0.75, 0.75)):
            canvas.drawCircle(x * 1.4 * step, y * 1.4 * step, radius, fill(colour))

    return (1.4 * step, 1.4 * step), 0.0, paint


def _crows_feet(colours: Palette, rng: np.random.Generator) -> Painting:
    size = rng.uniform(8.5, 12.0)
    ground = luminance(colours.ground)
    # Half of the cloth is the other colour: it is pale on dark grounds and dark on pale ones.
    other = mixed(colours.second, (1, 1, 1), 0.72) if ground < 0.5 else shaded(colours.second, 0.45)
    if rng.random() < 0.5:
        other = (0.95, 0.94, 0.91) if ground < 0.5 else (0.12, 0.11, 0.13)
    # Four dark and four light threads each way in a two-over-two twill: that is what makes the teeth.
    x, y = np.meshgrid(np.arange(8), np.arange(8))
    thread = np.where((x + y) % 4 < 2, x, y)
    holes = np.argwhere(thread >= 4)

    def paint(canvas: skia.Canvas) -> None:
        cell, paint = size / 8, skia.Paint(Color=ink(other), AntiAlias=False)
        for row, column in holes.tolist():
            canvas.drawRect(skia.Rect.MakeXYWH(column * cell, row * cell, 1.02 * cell, 1.02 * cell), paint)

    return (size, size), 0.0, paint


def _argyle(colours: Palette, rng: np.random.Generator) -> Painting:
    width = rng.uniform(20.0, 28.0)  # two diamonds: one of the second colour, one a shade of the ground
    height = 0.5 * width * rng.uniform(1.35, 1.7)
    other = shaded(colours.ground, 0.66 if luminance(colours.ground) > 0.2 else 1.35)

    def paint(canvas: skia.Canvas) -> None:
        for x, colour in ((0.25, colours.second), (0.75, other)):
            corners = [(x - 0.25, 0.5), (x, 0), (x + 0.25, 0.5), (x, 1)]
            canvas.drawPath(outline([(u * width, v * height) for u, v in corners]), fill(colour))
        dashed = rounded(colours.accent, 0.028 * width)
        dashed.setPathEffect(skia.DashPathEffect.Make([0.055 * width, 0.04 * width], 0))
        for u in (-0.25, 0.25, 0.75):
            canvas.drawLine(u * width, 0, (u + 0.5) * width, height, dashed)
            canvas.drawLine(u * width, height, (u + 0.5) * width, 0, dashed)

    return (width, height), 0.0, paint


def _leopard(colours: Palette, rng: np.random.Generator) -> Painting:
    size, across = rng.uniform(34.0, 44.0), 5
    dark_cloth = luminance(colours.ground) < 0.16
    spot = (
        mixed(colours.ground, (0.62, 0.56, 0.5), 0.62) if dark_cloth else mixed(colours.ground, (0.07, 0.04, 0.03), 0.9)
    )
    heart = shaded(colours.ground, 1.12 if dark_cloth else 0.74)
    centres = scatter(across, 6, size, size, rng, 0.20)
    reach = size / across * rng.uniform(0.29, 0.35, len(centres))
    turns = rng.uniform(0, 360, (len(centres), 3))
    wobble = rng.uniform(0.72, 1.18, (len(centres), 7))

    def paint(canvas: skia.Canvas) -> None:
        angles = np.linspace(0, 2 * np.pi, 7, endpoint=False)
        for (x, y), r, turn, w in zip(centres, reach, turns, wobble, strict=True):
            ring = np.stack([r * w * np.cos(angles), 0.86 * r * w * np.sin(angles)], axis=1)
            for px, py in wraps(x, y, 1.7 * r, size, size):
                canvas.drawPath(outline([(px + a, py + b, 1) for a, b in ring]), fill(heart))
                box = skia.Rect.MakeLTRB(px - r, py - 0.86 * r, px + r, py + 0.86 * r)
                for k, start in enumerate(turn[:3]):
                    canvas.drawArc(box, turn[0] + 120 * k, 48 + start / 9, False, rounded(spot, (0.42 + 0.12 * k) * r))

    return (size, size), float(rng.uniform(0, 90)), paint


def _flowers(colours: Palette, rng: np.random.Generator) -> Painting:
    size = rng.uniform(30.0, 40.0)
    centres = scatter(3, 3, size, size, rng, 0.16)
    radius = size * rng.uniform(0.115, 0.155, len(centres))
    turn = rng.uniform(0, 2 * np.pi, len(centres))
    petals = int(rng.integers(5, 8))
    heads = (colours.second, colours.second, mixed(colours.second, (1, 1, 1), 0.55), colours.accent)
    pick = rng.integers(0, len(heads), len(centres))
    green = mixed((0.22, 0.42, 0.20), shaded(colours.ground, 0.6), 0.35)
    heart = (0.93, 0.75, 0.22) if colours.second[2] < 0.6 or colours.second[0] < 0.7 else (0.55, 0.25, 0.12)

    def paint(canvas: skia.Canvas) -> None:
        for (x, y), r, t, p in zip(centres, radius, turn, pick, strict=True):
            for px, py in wraps(x, y, 1.8 * r, size, size):
                for k in (0, 2.3):
                    leaf(canvas, px, py, t + k, 1.7 * r, green)
                bloom(canvas, (px, py), r, t, petals, (heads[p], heart))

    return (size, size), 0.0, paint


def _paisley(colours: Palette, rng: np.random.Generator) -> Painting:
    width = rng.uniform(25.0, 33.0)
    height = 1.05 * width
    turn = rng.uniform(-35, 35)
    spots = scatter(5, 5, width, height, rng, 0.2)

    def paint(canvas: skia.Canvas) -> None:
        for x, y in spots.tolist():
            for px, py in wraps(x, y, 1, width, height):
                canvas.drawCircle(px, py, 0.026 * width, fill(colours.accent, 0.9))
        for (u, v), flip, angle in (((0.27, 0.28), 1, turn), ((0.77, 0.76), -1, turn + 20)):
            for px, py in wraps(u * width, v * height, 0.36 * width, width, height):
                boteh(canvas, (px, py), 0.275 * width, flip, angle, colours)
        for u, v, angle in ((0.76, 0.26, 170), (0.26, 0.77, -160)):
            for px, py in wraps(u * width, v * height, 0.2 * width, width, height):
                boteh(canvas, (px, py), 0.15 * width, 1, angle + turn, colours)

    return (width, height), 0.0, paint


def _sequin(colours: Palette, rng: np.random.Generator) -> Painting:
    across, step = 12, rng.uniform(2.9, 3.7)
    down = 14
    width, height = across * step, down * 0.78 * step
    facing = rng.normal(0, 1, (down, across))
    dark = luminance(colours.ground) < 0.2

    def paint(canvas: skia.Canvas) -> None:
        rim = rounded(shaded(colours.ground, 0.42), 0.12 * step, 0.75)
        for row in range(-1, down + 2):
            for column in range(-1, across + 1):
                f = facing[row % down, column % across]
                x, y = (column + 0.5 + 0.5 * (row % 2)) * step, row * 0.78 * step
                light = 1 + (0.32 if dark else 0.2) * max(f, 0) ** 1.5 if f > 0 else max(1 + 0.30 * f, 0.4)
                canvas.drawCircle(x, y, 0.56 * step, fill(shaded(colours.ground, light)))
                canvas.drawCircle(x, y, 0.56 * step, rim)
                if f > 1.15:
                    canvas.drawCircle(x - 0.12 * step, y - 0.12 * step, 0.26 * step, fill((1, 1, 0.97), 0.95))
                elif f > -0.4:
                    canvas.drawCircle(x - 0.16 * step, y - 0.18 * step, 0.15 * step, fill((1, 1, 1), 0.42))

    return (width, height), float(rng.uniform(-8, 8)), paint


_PAINTERS = {
    "squared": _squared,
    "striped": _striped,
    "flowers": _flowers,
    "leopard": _leopard,
    "polka": _polka,
    "basic": _basic,
    "paisley": _paisley,
    "argyle": _argyle,
    "crows-feet": _crows_feet,
    "sequin": _sequin,
}
