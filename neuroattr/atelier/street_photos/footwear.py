"""Small things that are worn: shoes, socks, glasses, straps of a backpack. Pieces in centimetres from the neck."""

from __future__ import annotations

import numpy as np
import skia

from ..silhouettes.pieces import Drape, Piece, band, both_sides, outline
from .bodies import GROUND, Body, leg

_FLAT = Drape(half_width=40, depth=0.2)


def shoes(name: str, knee_high: bool, person: Body, rng: np.random.Generator) -> list[Piece]:
    """A pair of sneakers, sandals, pumps or boots, seen from the front with the toes turned out."""
    turn = rng.uniform(1.5, 5.0)
    shaft = (34.0 if knee_high else 15.0) + rng.uniform(-2, 3)
    pieces: list[Piece] = []
    for side in (-1, 1):
        x = side * person.feet
        pieces += {"sneakers": _sneaker, "sandals": _sandal, "pumps": _pump, "boots": _boot}[name](
            x, side * turn, shaft
        )
    return pieces


def _foot(x: float, turn: float, *, wide: float, top: float, tip: float) -> list[tuple[float, ...]]:
    """Contour of a foot from the ankle to the toe."""
    end = x + turn
    return [
        (x - 3.6, top), (x + 3.6, top), (x + 0.5 * turn + wide, 0.5 * (top + tip), 1), (end + wide, tip - 3.2, 1),
        (end, tip, 1), (end - wide, tip - 3.2, 1), (x + 0.5 * turn - wide, 0.5 * (top + tip), 1),
    ]  # fmt: skip


def _sneaker(x: float, turn: float, shaft: float) -> list[Piece]:
    upper = outline(_foot(x, turn, wide=5.2, top=133, tip=GROUND + 1.5))
    end = x + turn
    edge = [(end - 5.6, GROUND - 3, 1), (end, GROUND - 0.6, 1), (end + 5.6, GROUND - 3, 1)]
    sole = outline([*edge, (end + 5.2, GROUND + 1, 1), (end, GROUND + 2.6, 1), (end - 5.2, GROUND + 1, 1)])
    laces = skia.Path()
    for k in range(3):
        y = 135.5 + 2.2 * k
        cx = x + turn * (0.2 + 0.2 * k)
        laces.addPath(band([(cx - 2.6, y), (cx + 2.6, y)], 0.9))
    return [Piece("shoes", upper, "cloth", _FLAT), Piece("shoes", sole, "rubber"), Piece("shoes", laces, "rubber")]


def _pump(x: float, turn: float, shaft: float) -> list[Piece]:
    end = x + turn
    toe = [(x - 4.2, 137.5), (x + 0.4 * turn, 141.5, 1), (x + 4.2, 137.5), (end + 4.4, GROUND - 1.5, 1)]
    toe += [(end + 0.5, GROUND + 3.5, 0.6), (end - 4.4, GROUND - 1.5, 1)]
    heel = outline([(x - 1.0, 138), (x + 1.0, 138), (x + 0.7, GROUND + 1), (x - 0.7, GROUND + 1)])
    return [Piece("shoes", heel, "sole"), Piece("shoes", outline(toe), "cloth", _FLAT)]


def _sandal(x: float, turn: float, shaft: float) -> list[Piece]:
    end = x + turn
    base = outline(_foot(x, turn, wide=5.0, top=139, tip=GROUND + 2.6))
    straps = skia.Path()
    for y, half in ((137.6, 3.9), (140.6, 4.6), (143.0, 4.4)):
        cx = x + turn * (y - 135) / 9
        straps.addPath(band([(cx - half, y + 0.6), (cx, y - 0.8), (cx + half, y + 0.6)], 1.7))
    foot = outline(_foot(x, turn, wide=3.9, top=134, tip=GROUND + 1))
    edge = outline([(end - 4.6, GROUND, 1), (end, GROUND + 1.2, 1), (end + 4.6, GROUND, 1), (end, GROUND + 3, 1)])
    return [
        Piece("shoes", base, "sole"),
        Piece("foot", foot, "skin"),
        Piece("shoes", straps, "cloth", _FLAT),
        Piece("shoes", edge, "sole"),
    ]


def _boot(x: float, turn: float, shaft: float) -> list[Piece]:
    top = 136.0 - shaft
    inner = 0.14 * np.sign(x) * (136 - top) * 0.2  # a leg leans in towards the knee
    leather = [
        (x - inner - 5.9, top), (x - inner + 5.9, top), (x + 4.6, 128, 1), (x + 4.4, 134, 1),
        (x + turn + 5.0, GROUND - 3, 1), (x + turn, GROUND + 1.6, 1), (x + turn - 5.0, GROUND - 3, 1),
        (x - 4.4, 134, 1), (x - 4.6, 128, 1),
    ]  # fmt: skip
    end = x + turn
    sole = outline(
        [(end - 5.3, GROUND - 1.6, 1), (end, GROUND + 0.8, 1), (end + 5.3, GROUND - 1.6, 1), (end, GROUND + 3, 1)]
    )
    drape = Drape(centre=x, half_width=8, period=9, depth=0.4)
    rim = band([(x - inner - 5.8, top + 1), (x - inner, top + 2.2), (x - inner + 5.8, top + 1)], 1.8)
    return [
        Piece("shoes", sole, "sole"),
        Piece("shoes", outline(leather), "cloth", drape),
        Piece("shoes", rim, "trim", drape),
    ]


def stockings(name: str, person: Body) -> list[Piece]:
    """Socks up to the calf, or tights."""
    top = 60.0 if name == "tights" else 112.0
    drape = [Drape(centre=side * person.feet, half_width=9, depth=0.1) for side in (-1, 1)]
    feet = [_foot(side * person.feet, side * 2.0, wide=3.9, top=133, tip=GROUND) for side in (-1, 1)]
    legs = [leg(person, side, top=top, slack=0.5) for side in (-1, 1)]
    return [
        Piece(name, path, "cloth", hang)
        for path, hang in zip([*legs, *map(outline, feet)], [*drape, *drape], strict=True)
    ]


def spectacles(name: str) -> list[Piece]:
    """Glasses, or dark ones."""
    pieces = []
    for side in (-1, 1):
        lens = skia.Path()
        lens.addOval(skia.Rect.MakeLTRB(side * 3.6 - 3.1, -19.6, side * 3.6 + 3.1, -14.2))
        if name == "sunglasses":
            pieces.append(Piece(name, lens, "dark"))
        rim = skia.Path()
        rim.addOval(skia.Rect.MakeLTRB(side * 3.6 - 3.3, -19.9, side * 3.6 + 3.3, -13.9))
        rim.addOval(skia.Rect.MakeLTRB(side * 3.6 - 2.4, -19.0, side * 3.6 + 2.4, -14.8))
        rim.setFillType(skia.PathFillType.kEvenOdd)
        pieces.append(Piece(name, rim, "dark"))
    bridge = outline([(-7.4, -18.2), (7.4, -18.2), (7.4, -17.3), (-7.4, -17.3)])
    return [*pieces, Piece(name, bridge, "dark")]


def backpack(rng: np.random.Generator) -> tuple[list[Piece], list[Piece]]:
    """What is seen of a backpack behind the body, and its straps in front."""
    half, low = rng.uniform(20, 24), rng.uniform(44, 54)
    top = both_sides([(0.7 * half, -1, 1), (half, 8, 0.8)])
    sack = outline([*top, (half + 1, low, 0.8), (-half - 1, low, 0.8)])
    straps = [
        Piece(
            "backpack", band([(s * 9.5, -1), (s * 12.5, 8), (s * 13.0, 20), (s * 15.5, 30), (s * 18, 36)], 4.2), "trim"
        )
        for s in (-1, 1)
    ]
    return [Piece("backpack", sack, "cloth", Drape(half_width=30, period=12, depth=0.5))], straps
