"""Bags, hats, scarves, boots."""

from __future__ import annotations

import numpy as np
import skia

from ..items import Item
from .pieces import Drape, Piece, Places, Point, Silhouette, band, both_sides, bowed_band, line, mirrored, outline


def bag(item: Item, rng: np.random.Generator) -> Silhouette:
    """Handbag or tote with two handles."""
    half, base, high = rng.uniform(22, 27), 0.0, rng.uniform(30, 42)
    base = half * rng.uniform(0.9, 1.12)
    body = outline(
        mirrored(
            [
                (0, 0, 1),
                (half - 1.5, 0),
                (half, 2),
                (base + 0.6, 0.6 * high, 1),
                (base, high - 4, 0.9),
                (base - 4, high, 0.9),
                (0, high + 0.6, 1),
            ],
            rng,
            0.4,
        )
    )
    rise, grip = rng.uniform(17, 26), 0.45 * half
    handles = []
    for lift, shrink in ((1.04, 0.9), (1.0, 1.0)):
        x = grip * shrink
        arc = both_sides([(0, -rise * lift), (0.62 * x, -0.9 * rise * lift), (x, -0.35 * rise), (x, 6)])
        handles.append(Piece("body", band(arc, 2.6), "trim", Drape(half_width=30, depth=0.2)))
    lip = outline([(-half, -0.8), (half, -0.8), (half + 0.2, 4.2), (-half - 0.2, 4.2)])
    mouth = outline([(-half + 1, 0.5), (0, -3.4, 1), (half - 1, 0.5), (0, 2, 1)])
    rivets = skia.Path()
    for x in (-grip, grip):
        rivets.addCircle(x, 4.6, 1.1)
    pieces = (
        handles[0],
        Piece("body", mouth, "lining"),
        Piece("body", body, "cloth", Drape(half_width=half * 1.35, period=16, depth=0.35)),
        Piece("body", lip, "trim", Drape(half_width=half * 1.4, depth=0.1)),
        handles[1],
        Piece("body", rivets, "metal"),
    )
    edge = ((-base + 1.5, high - 1.0), (0, high + 0.2), (base - 1.5, high - 1.0))
    places = Places(
        front=((-0.72 * half, 9.0), (0.72 * half, 9.0)),
        hems=(edge,),
        chest=(0.0, 0.58 * high, 10.0),
        bow=(-grip, 4.5, 10.5),
        pockets=((0.0, 0.64 * high, 1.15 * half, 0.5 * high),),
    )
    sides = tuple(
        line((s * (half - 2.2), 5, 0.5), (s * (base - 2.2), 0.75 * high, 1), (s * (base - 5), high - 2))
        for s in (-1, 1)
    )
    return Silhouette(pieces, stitches=sides, places=places)


def hat(item: Item, rng: np.random.Generator) -> Silhouette:
    """Hat with a round crown and a wide brim, seen slightly from above."""
    brim, crown, high = rng.uniform(29, 35), rng.uniform(15, 17.5), rng.uniform(19, 25)
    drop, dip = rng.uniform(7, 10), rng.uniform(0, 4)
    top = [
        (0, -high + dip, 1),
        (0.55 * crown, -high - 0.6, 1),
        (0.92 * crown, -0.78 * high, 1),
        (crown + 0.5, 0, 0.8),
        (0, 4.6, 1),
    ]
    edge = outline(
        [
            (-brim, 1.5, 1),
            (-0.72 * brim, -4.2, 1),
            (0, -drop * 0.6, 1),
            (0.72 * brim, -4.2, 1),
            (brim, 1.5, 1),
            (0.66 * brim, drop + rng.normal(0, 0.7), 1),
            (0, drop + 4.5, 1),
            (-0.66 * brim, drop + rng.normal(0, 0.7), 1),
        ]
    )
    h = rng.uniform(4.5, 6.5)
    w = crown + 0.6
    ribbon = bowed_band((w, 0, 4.8), (w - 0.5, -h, 4.6 - h))
    shade = outline([(-w - 1, 0.5), (0, 5, 1), (w + 1, 0.5), (0.8 * w, 4.5, 1), (0, 7.5, 1), (-0.8 * w, 4.5, 1)])
    pieces = (
        Piece("body", edge, "cloth", Drape(half_width=brim + 2, period=18, depth=0.5)),
        Piece("body", shade, "shadow"),
        Piece("body", outline(mirrored(top, rng, 0.4)), "cloth", Drape(half_width=crown + 1.5, period=14, depth=0.5)),
        Piece("body", ribbon, "trim", Drape(half_width=crown + 2, depth=0.1)),
    )
    half_rim = [(0, drop + 3.0), (0.66 * brim, drop - 0.5), (brim, 2.2)]
    rim = line(*[(0.955 * x, y, 1) for x, y in both_sides(half_rim)])
    y = 2.3 - 0.5 * h
    places = Places(
        waist=((-w, -0.5 * h), (w, -0.5 * h)), chest=(0.0, -0.58 * high, 7.0), bow=(0.62 * w, y - 0.6, 10.0)
    )
    return Silhouette(pieces, stitches=(rim,), places=places)


def scarf(item: Item, rng: np.random.Generator) -> Silhouette:
    """Long scarf laid in a loop with both ends hanging."""
    wide = rng.uniform(9.0, 11.5)
    loop, long_end, short_end = rng.uniform(17, 20), rng.uniform(62, 72), rng.uniform(48, 60)
    high = rng.uniform(17, 21)
    back, edge_back = _scarf_end(6.0, 8.5 + rng.uniform(0, 4), short_end, wide, rng)
    front, edge_front = _scarf_end(-6.0, -(8.5 + rng.uniform(0, 4)), long_end, wide, rng)
    ring_back = outline([*both_sides([(0, -high, 1), (0.8 * loop, -0.62 * high, 1), (loop, 3, 1)]), (0, 8, 1)])
    hole = outline([(-0.6 * loop, -3, 1), (0, -0.66 * high, 1), (0.6 * loop, -3, 1), (0, 5.5, 1)])
    wraps = []
    for k in (0, 1):
        low = 13.5 + 8.5 * k
        s = 1 - 2 * k
        x = loop + 0.6 * k
        wraps.append(
            outline(
                [
                    (-x, -5 + 3 * k, 1),
                    (-0.55 * x, 2.5 + 5 * k, 1),
                    (s * 2, 4.5 + 6.5 * k, 1),
                    (0.55 * x, 2 + 5 * k, 1),
                    (x, -5 + 3 * k, 1),
                    (0.8 * x, low - 5, 1),
                    (s * 3, low + 1.5, 1),
                    (-0.8 * x, low - 5, 1),
                ]
            )
        )
    roll = Drape(angle=72, centre=0, half_width=18, period=5.5, depth=1.1)
    pieces = (
        Piece("body", ring_back, "cloth", Drape(angle=0, half_width=loop + 3, period=7, depth=0.8)),
        Piece("body", hole, "lining"),
        back,
        front,
        Piece("body", wraps[1], "cloth", roll, grain=12.0),
        Piece("body", wraps[0], "cloth", Drape(angle=-76, centre=0, half_width=17, period=5.5, depth=1.1), grain=-14.0),
    )
    places = Places(hems=(edge_back, edge_front), chest=(edge_front[1][0], long_end - 14, 8.0))
    return Silhouette(pieces, places=places)


def _scarf_end(
    top: float, low: float, bottom: float, wide: float, rng: np.random.Generator
) -> tuple[Piece, tuple[Point, ...]]:
    """A hanging end from x = `top` to x = `low` at height `bottom`, and the points of its hem."""
    knots = [
        (top - 0.62 * wide, 15),
        (top + 0.62 * wide, 15),
        (low + wide, 0.6 * bottom, 1),
        (low + wide, bottom),
        (low - wide, bottom + rng.normal(0, 0.8)),
        (low - wide, 0.6 * bottom, 1),
    ]
    tilt = -np.rad2deg(np.arctan2(low - top, bottom - 15))
    drape = Drape(tilt, low, wide + 2.0, origin=15, period=rng.uniform(6, 8.5), depth=1.1)
    hem = ((low - wide, bottom), (low, bottom), (low + wide, bottom))
    return Piece("body", outline(knots), "cloth", drape, grain=tilt), hem


def boots(item: Item, rng: np.random.Generator) -> Silhouette:
    """Pair of boots from the side, the far one a little behind."""
    shaft = rng.uniform(17, 21) if item.length == "ankle" else rng.uniform(36, 44)
    heel = rng.choice([2.2, 3.2, 6.5])
    pieces: list[Piece] = []
    seams, stitches = [], []
    for dx, dy in ((13.0 + rng.uniform(-2, 2), -3.0 - rng.uniform(0, 2)), (0.0, 0.0)):
        pieces += _boot(dx, dy, shaft, heel, rng)
        seams.append(line((dx - 8.4, dy + 0.5, 1), (dx + 1, dy + 3, 1), (dx + 9.5, dy + 0.0, 1)))
    top = -shaft
    stitches.append(line((-8.6, top + 2.4), (0, top + 3.6, 1), (8.8, top + 2.4)))
    half = 9.0
    places = Places(
        front=((-1.5, top + 4), (-1.5, -2.0)),
        waist=((-8.4, -3.0), (9.2, -3.4)),
        hems=(((-half, top + 2.0), (0, top + 3.0), (half, top + 2.0)),),
        bow=(3.0, top + 6.0, 9.0),
    )
    return Silhouette(tuple(pieces), tuple(seams), tuple(stitches), places)


def _boot(dx: float, dy: float, shaft: float, heel: float, rng: np.random.Generator) -> list[Piece]:
    """One boot with its toe to the right, ankle at (dx, dy)."""
    ground = dy + 15.0
    lift = heel - 1.8
    leather = [
        (dx - 9.2, dy - shaft),
        (dx + 9.2, dy - shaft + 0.4),
        (dx + 8.6, dy - 0.45 * shaft, 1),
        (dx + 8.8, dy - 2.5, 0.9),
        (dx + 15.5, dy + 5.5, 1),
        (dx + 24.5, ground - 5.2, 1),
        (dx + 26.2, ground - 1.2, 0.8),
        (dx + 7, ground - 1.4 - 0.15 * lift, 0.5),
        (dx - 9.4, ground - 1.4 - lift),
        (dx - 10.4, dy + 6.5 - 0.5 * lift, 1),
        (dx - 8.2, dy - 0.5, 1),
        (dx - 8.9, dy - 0.5 * shaft, 1),
    ]
    sole = [
        (dx - 10.2, ground - 1.6 - lift),
        (dx + 7, ground - 1.8 - 0.15 * lift, 0.6),
        (dx + 26.4, ground - 1.8),
        (dx + 26.2, ground),
        (dx + 6, ground + 0.1),
        (dx - 0.8, ground - 0.35 * lift),
        (dx - 2.4, ground + 0.2),
        (dx - 9.6, ground + 0.2),
    ]
    mouth = outline(
        [(dx - 9.2, dy - shaft), (dx, dy - shaft - 2.0, 1), (dx + 9.2, dy - shaft + 0.4), (dx, dy - shaft + 2.2, 1)]
    )
    return [
        Piece("body", outline(sole), "sole"),
        Piece("body", outline(leather), "cloth", Drape(centre=dx - 1, half_width=16.5, period=13, depth=0.55)),
        Piece("body", mouth, "lining"),
    ]
