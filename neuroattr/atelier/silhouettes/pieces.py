"""The parts a silhouette is made of: contours, pieces of cloth, and the places where details go.

Everything is measured in centimetres of a garment lying at x = 0, y down; the scene scales it into the frame.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import skia

Place = TypeVar("Place")
Point = tuple[float, float]
Knot = tuple[float, ...]  # (x, y) is a corner, (x, y, s) is smooth with tension s


@dataclass(frozen=True)
class Drape:
    """How one piece of cloth hangs; the fold shader reads nothing else."""

    angle: float = 0.0  # of the folds, degrees from vertical, positive to the right
    centre: float = 0.0  # where the piece is nearest to the viewer, across the folds
    half_width: float = 24.0  # from the centre to where the piece turns away
    origin: float = 0.0  # along the folds, where they start
    flare: float = 0.0  # how fast folds widen per centimetre: 0 hangs straight, 0.02 is a skirt
    ramp: float = 0.0  # 0: folds equally deep everywhere, 1: none at the origin, deepest at the hem
    period: float = 11.0  # centimetres from fold to fold
    depth: float = 1.0  # multiplies the strength of the folds


@dataclass(frozen=True)
class Piece:
    """One closed shape: `part` names its mask, `role` its material (cloth, rib, trim, lining, leather, metal)."""

    part: str
    path: skia.Path
    role: str = "cloth"
    drape: Drape = Drape()
    grain: float = 0.0  # rotation of the pattern, degrees


@dataclass(frozen=True)
class Places:
    """Where the details of a silhouette go; None or empty where it has no such place."""

    front: tuple[Point, Point] | None = None  # the line of buttons or zipper
    waist: tuple[Point, Point] | None = None
    hems: tuple[tuple[Point, ...], ...] = ()  # edges that carry lace, ruffles or fringe
    chest: tuple[float, float, float] | None = None  # x, y, size of a print
    bow: tuple[float, float, float] | None = None  # x, y, size
    pockets: tuple[tuple[float, float, float, float], ...] = ()  # x, y of the centre, width, height
    stripes: tuple[tuple[Point, ...], ...] = ()  # where a sporty cut has its side stripes


@dataclass(frozen=True)
class Silhouette:
    """The shape of a garment: pieces from back to front, seams drawn on them, and places for details."""

    pieces: tuple[Piece, ...]
    seams: tuple[skia.Path, ...] = ()
    stitches: tuple[skia.Path, ...] = ()
    places: Places = Places()


def present(place: Place | None) -> Place:
    """A place that the silhouette must have for a detail."""
    if place is None:
        raise ValueError("this silhouette has no such place for a detail")
    return place


def outline(knots: Sequence[Knot], *, closed: bool = True) -> skia.Path:
    """Path through `knots`: straight into corners, Catmull-Rom through smooth ones."""
    xy = [(float(k[0]), float(k[1])) for k in knots]
    tension = [k[2] if len(k) > 2 else 0.0 for k in knots]
    n = len(xy)
    path = skia.Path()
    path.moveTo(*xy[0])
    for i in range(n if closed else n - 1):
        j = (i + 1) % n
        (ax, ay), (bx, by) = xy[i], xy[j]
        chord = bx - ax, by - ay
        ux, uy = _tangent(xy, i, tension[i], chord, closed) if tension[i] else chord
        vx, vy = _tangent(xy, j, tension[j], chord, closed) if tension[j] else chord
        path.cubicTo(ax + ux / 3, ay + uy / 3, bx - vx / 3, by - vy / 3, bx, by)
    if closed:
        path.close()
    return path


def _tangent(xy: list[Point], i: int, tension: float, chord: Point, closed: bool) -> Point:
    n = len(xy)
    if not closed and i in (0, n - 1):
        return chord
    (px, py), (qx, qy) = xy[i - 1], xy[(i + 1) % n]
    # No longer than the chord allows, or a short side between two long ones would loop.
    reach = math.hypot(*chord) / (math.hypot(qx - px, qy - py) + 1e-9)
    scale = tension * min(0.5 + 0.5 * reach, 1.25 * reach)
    return (qx - px) * scale, (qy - py) * scale


def both_sides(half: Sequence[Knot]) -> list[Knot]:
    """Contour from the left end over the middle to the right end, from its right half (middle to end)."""
    left = [(-k[0], *k[1:]) for k in reversed(half) if k[0] != 0]
    return [*left, *half]


def bowed_band(upper: Knot, lower: Knot) -> skia.Path:
    """Band across the body between two bowed edges: half width, height, and height in the middle of each."""
    (w, y, middle), (v, z, end) = upper, lower
    return outline([(-w, y), (0, middle, 1), (w, y), (v, z), (0, end, 1), (-v, z)])


def mirrored(half: Sequence[Knot], rng: np.random.Generator, slack: float = 0.5) -> list[Knot]:
    """Whole contour from its right half (top centre to bottom centre); both sides move by about `slack` cm."""
    right = [_moved(k, rng, slack) for k in half]
    left = [_moved((-k[0], *k[1:]), rng, slack) for k in reversed(half) if k[0] != 0]
    return right + left


def _moved(knot: Knot, rng: np.random.Generator, slack: float) -> Knot:
    dx, dy = rng.normal(0, slack, 2)
    return (knot[0] + dx if knot[0] else 0.0, knot[1] + 0.6 * dy, *knot[2:])


def band(points: Sequence[Knot], width: float) -> skia.Path:
    """Closed strip of `width` centred on a line."""
    paint = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=width, StrokeJoin=skia.Paint.kRound_Join)
    return stroked(outline([(x, y, 1) for x, y, *_ in points], closed=False), paint)


def stroked(path: skia.Path, paint: skia.Paint) -> skia.Path:
    """Outline of what `paint` would stroke along `path`."""
    result = skia.Path()
    paint.getFillPath(path, result)
    return result


def line(*points: Knot) -> skia.Path:
    """Open path through points."""
    return outline(points, closed=False)
