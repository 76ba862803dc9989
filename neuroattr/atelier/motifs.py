"""Motifs that patterns repeat: how they are scattered over a tile, and leaves, blossoms and botehs themselves."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import skia

from .paints import fill, stroke
from .palettes import RGB, Palette, shaded
from .silhouettes.pieces import Knot, Point, outline


def rounded(colour: RGB, width: float, alpha: float = 1.0) -> skia.Paint:
    """Paint that draws a line `width` cm wide with round ends."""
    paint = stroke(colour, width, alpha)
    paint.setStrokeCap(skia.Paint.kRound_Cap)
    return paint


def wraps(x: float, y: float, reach: float, width: float, height: float) -> Iterator[Point]:
    """Every place at which a motif of radius `reach` at (x, y) must be drawn for the tile to be seamless."""
    for dx in (-width, 0, width):
        for dy in (-height, 0, height):
            if -reach < x + dx < width + reach and -reach < y + dy < height + reach:
                yield x + dx, y + dy


def scatter(across: int, down: int, width: float, height: float, rng: np.random.Generator, jitter: float) -> np.ndarray:
    """Points of a staggered grid, each moved by up to `jitter` of its cell; shape across*down x 2."""
    row, column = np.divmod(np.arange(across * down), across)
    grid = np.stack([column + 0.5 * (row % 2) + 0.25, row + 0.5], axis=1)
    return (grid + rng.uniform(-jitter, jitter, grid.shape)) * (width / across, height / down)


def leaf(canvas: skia.Canvas, x: float, y: float, angle: float, length: float, colour: RGB) -> None:
    """Draw a pointed leaf that grows from (x, y) at `angle` radians."""
    c, s = np.cos(angle), np.sin(angle)
    tip, bend = (x + length * c, y + length * s), 0.3 * length
    middle = [(x + 0.55 * length * c - k * bend * s, y + 0.55 * length * s + k * bend * c, 1) for k in (1, -1)]
    canvas.drawPath(outline([(x, y), middle[0], tip, middle[1]]), fill(colour))


def bloom(canvas: skia.Canvas, at: Point, radius: float, turn: float, petals: int, colours: tuple[RGB, RGB]) -> None:
    """Draw a blossom of oval petals, turned by `turn` radians; `colours` are those of its petals and its heart."""
    colour, heart = colours
    inside, edge = fill(colour), rounded(shaded(colour, 0.68), 0.09 * radius)
    petal = skia.Rect.MakeLTRB(-0.56 * radius, -0.36 * radius, 0.5 * radius, 0.36 * radius)
    for k in range(petals):
        a = turn + 2 * np.pi * k / petals
        x, y = at[0] + 0.58 * radius * np.cos(a), at[1] + 0.58 * radius * np.sin(a)
        canvas.save()
        canvas.translate(x, y)
        canvas.rotate(np.rad2deg(a))
        canvas.drawOval(petal, inside)
        canvas.drawOval(petal, edge)
        canvas.restore()
    canvas.drawCircle(*at, 0.27 * radius, fill(heart))


# A boteh: a drop whose tip curls over, two units high around the origin.
_DROP: tuple[Knot, ...] = ((0.0, 0.95, 1), (-0.62, 0.42, 1), (-0.5, -0.28, 1), (0.02, -0.82, 1), (0.62, -1.0, 1))
_DROP += ((0.86, -0.66, 1), (0.5, -0.62, 0.8), (0.42, -0.36, 1), (0.62, 0.1, 1), (0.55, 0.66, 1))


def boteh(canvas: skia.Canvas, at: Point, size: float, flip: int, angle: float, colours: Palette) -> None:
    """Draw the curled drop of a paisley; `flip` is 1 or -1, `angle` in degrees, `size` half its height in cm."""
    canvas.save()
    canvas.translate(*at)
    canvas.rotate(angle)
    canvas.scale(flip * size, size)
    drop = outline(_DROP)
    beads = rounded(colours.accent, 0.13)
    beads.setPathEffect(skia.DashPathEffect.Make([0.01, 0.27], 0))
    canvas.drawPath(drop, fill(colours.second))
    canvas.drawPath(drop, rounded(colours.accent, 0.09))
    for scale, colour in ((0.66, colours.ground), (0.42, colours.accent), (0.24, colours.second)):
        canvas.save()
        canvas.translate(0.02, 0.24)
        canvas.scale(scale, scale)
        canvas.drawPath(drop, fill(colour))
        canvas.restore()
    canvas.scale(1.24, 1.2)
    canvas.drawPath(drop, beads)
    canvas.restore()
