"""Necklines and collars: the opening at the top of a bodice, its edge, and what stands around it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from .pieces import Drape, Knot, Piece, band, both_sides, outline


@dataclass(frozen=True)
class Neck:
    """Right half of an opening from its lowest point to the shoulder, with the pieces behind and before the bodice."""

    edge: tuple[Knot, ...]
    behind: tuple[Piece, ...] = ()
    before: tuple[Piece, ...] = ()

    @property
    def depth(self) -> float:
        """How low the opening reaches, cm."""
        return self.edge[0][1]


def neck(kind: str | None, rng: np.random.Generator) -> Neck:
    """Opening of a bodice: `kind` is one of NECKLINES; anything else gets a round one."""
    width = rng.uniform(7.0, 9.5)
    if kind == "v":
        depth = rng.uniform(17, 24)
        return _banded(((0, depth), (0.62 * width, 0.42 * depth, 0.6), (width, 0)), width)
    if kind == "collar":
        return _collared(width - 1.0, rng)
    if kind == "halter":
        return _banded(((0, 9, 1), (3.6, 6.5, 1), (5.0, -2)), 5.0)
    depth = rng.uniform(6, 11)
    return _banded(((0, depth, 1), (0.66 * width, 0.66 * depth, 1), (width, 0)), width)


def _banded(edge: tuple[Knot, ...], width: float) -> Neck:
    whole = both_sides(edge)
    top = edge[-1][1]
    inside = outline([*whole, (0.5 * width, top - 1.6, 1), (-0.5 * width, top - 1.6, 1)])
    binding = band(whole, 1.9)
    lining = Piece("neckline", inside, "lining", Drape(half_width=30, depth=0.3))
    return Neck(edge, (lining,), (Piece("neckline", binding, "rib", Drape(half_width=40, depth=0.2)),))


def _collared(width: float, rng: np.random.Generator) -> Neck:
    depth, fall = rng.uniform(7, 10), rng.uniform(7.5, 10)
    edge = ((0.0, depth), (width, 0.0))
    stand = outline([(-width, 0), (-0.7 * width, -4.2, 1), (0.7 * width, -4.2, 1), (width, 0), (0, depth)])
    before = []
    for side in (-1, 1):
        wing = outline(
            [
                (side * 0.5 * width, -4.6),
                (side * (width + 1.2), 0.6, 0.6),
                (side * (width + 0.8), fall + 1.5),
                (side * 0.6, depth + 0.6),
                (side * 0.62 * width, 0.6, 0.5),
            ]
        )
        before.append(Piece("neckline", wing, "cloth", Drape(half_width=26, depth=0.15), grain=side * 28.0))
    return Neck(edge, (Piece("neckline", stand, "lining", Drape(half_width=30, depth=0.3)),), tuple(before))


def lapels(width: float, depth: float, rng: np.random.Generator) -> Neck:
    """Neck of a coat: a deep opening between two notched lapels."""
    edge = ((0.0, depth), (width, 0.0))
    stand = outline([(-width, 0), (-0.7 * width, -3.5, 1), (0.7 * width, -3.5, 1), (width, 0), (0, depth)])
    spread, notch = rng.uniform(7, 10), rng.uniform(0.36, 0.46)
    before = []
    for side in (-1, 1):
        y = notch * depth
        lapel = outline(
            [
                (side * 0.72 * width, y),
                (side * (width + spread), y - 3.5),
                (side * (width + spread - 1), y + 4, 0.5),
                (0, depth),
            ]
        )
        collar = outline(
            [
                (side * 0.5 * width, -4),
                (side * (width + 1.5), 0, 0.7),
                (side * (width + spread - 1.5), y - 4.5),
                (side * (0.8 * width + 2), y + 0.5),
                (side * 0.75 * width, y - 2),
            ]
        )
        for path in (lapel, collar):
            before.append(Piece("neckline", path, "cloth", Drape(half_width=40, depth=0.1), grain=side * 20.0))
    return Neck(edge, (Piece("neckline", stand, "lining", Drape(half_width=30, depth=0.3)),), tuple(before))


def hood(rng: np.random.Generator) -> Neck:
    """Neck of a hoodie: the hood lies open behind and its edges cross in front, with two cords."""
    wide, high, depth = rng.uniform(14, 17), rng.uniform(13, 18), rng.uniform(9, 12)
    edge = ((0.0, depth, 0.6), (6.5, 3.0, 1), (8.5, 0.0))
    outer = outline(both_sides([(0, -high - 3, 1), (0.75 * wide, -high, 1), (wide, -4, 1), (10, 5, 1)]))
    half = [(0, -0.86 * high, 1), (0.5 * wide, -0.72 * high, 1), (0.72 * wide, -3.5, 1), (7, 4, 1)]
    inner = outline([(0, depth, 1), *both_sides(half)])
    rim = band([(-0.76 * wide, -3), (-8, 4), (0, depth + 0.8), (8, 4), (0.76 * wide, -3)], 3.2)
    cords = skia.Path()
    for side in (-1, 1):
        cords.addPath(
            band([(side * 3.4, depth - 1), (side * 4.0, depth + 8), (side * rng.uniform(3, 5), depth + 16)], 0.9)
        )
    return Neck(
        edge,
        (
            Piece("neckline", outer, "cloth", Drape(half_width=17, depth=0.5)),
            Piece("neckline", inner, "lining", Drape(half_width=16, depth=0.4)),
        ),
        (Piece("neckline", rim, "cloth", Drape(half_width=24, depth=0.2)), Piece("neckline", cords, "cord")),
    )
