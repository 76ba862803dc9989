"""Dresses, skirts, trousers, shorts, swimsuits: what is cut around the waist."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..items import Item
from .necks import neck
from .pieces import Drape, Piece, Places, Point, Silhouette, bowed_band, line, mirrored, outline
from .tops import Bodice, Sleeve, body_knots, sleeves

_SKIRT_LENGTH = {"mini": 40.0, "midi": 62.0, "maxi": 92.0}


def _flounce(
    waist: float, top: float, bottom: float, hip: float, hem: float, rng: np.random.Generator
) -> tuple[list[tuple[float, ...]], tuple[Point, ...]]:
    """Right half of a hanging skirt with a waving hem, and the points of the hem."""
    waves = int(rng.integers(3, 6))
    amount = rng.uniform(0.6, 1.8) * (hem / 30.0)
    half_hem = [
        (hem * (1 - k / waves), bottom + amount * (-1) ** k + 0.06 * hem * (k / waves), 1) for k in range(waves + 1)
    ]
    reach = bottom - top
    half = [(0.0, top), (waist, top), (hip, top + min(19.0, 0.42 * reach), 0.9), (hem, bottom), *half_hem[1:-1]]
    half.append((0.0, half_hem[-1][1], 1))
    right = [(x, y) for x, y, *_ in half_hem]
    return half, tuple((-x, y) for x, y in right[:-1]) + tuple(reversed(right))


def dress(item: Item, rng: np.random.Generator) -> Silhouette:
    """Bodice and skirt joined at the waist."""
    waist_y = rng.uniform(36, 40)
    waist = rng.uniform(15.5, 18)
    bottom = waist_y + _SKIRT_LENGTH[str(item.length)] + rng.uniform(-3, 4)
    hem = {"mini": 27.0, "midi": 31.0, "maxi": 36.0}[str(item.length)] * rng.uniform(0.88, 1.3)
    measure = Bodice(17.5, 20.5, waist, waist, waist_y + 1, waist_at=99, drop=0.5)
    arms: list[Piece] = []
    if item.sleeve == "sleeveless":
        measure = replace(measure, strap=rng.uniform(3.5, 7))
    elif item.sleeve == "short":
        arms = sleeves(Sleeve(15, rng.uniform(34, 48), 15, 13, puff=rng.uniform(0, 4), band=1.8), (17.8, 3.2), rng)
    else:
        arms = sleeves(Sleeve(46, rng.uniform(16, 26), 14, 10, puff=1.5, band=3.0), (17.8, 3.2), rng)
    opening = neck(item.neckline, rng)
    half, edge = _flounce(waist + 0.3, waist_y, bottom, 0.42 * waist + 0.58 * min(hem, 25), hem, rng)
    pieces = (
        *opening.behind,
        *arms,
        Piece(
            "body",
            outline(mirrored(half, rng, 0.4)),
            "cloth",
            Drape(
                half_width=hem + 1, origin=waist_y, flare=0.55 / waist, ramp=0.75, period=rng.uniform(6, 9), depth=1.25
            ),
        ),
        Piece("body", outline(mirrored(body_knots(measure, opening), rng)), "cloth", Drape(half_width=23, depth=0.5)),
        *opening.before,
    )
    y = waist_y
    places = Places(
        front=((0.0, opening.depth + 2), (0.0, waist_y + 0.45 * (bottom - waist_y))),
        waist=((-waist - 0.8, y), (waist + 0.8, y)),
        hems=(edge,),
        chest=None,
        bow=(0.0, waist_y, 12.0),
        pockets=((-12.0, waist_y + 15, 9, 10), (12.0, waist_y + 15, 9, 10)),
        stripes=tuple(
            tuple((s * (w - 1.6), v) for w, v in ((20.2, 22), (waist + 0.3, y), (hem - 0.5, bottom))) for s in (-1, 1)
        ),
    )
    seam = line((-waist, waist_y), (0, waist_y + 1.4, 1), (waist, waist_y))
    hem_line = line(*[(0.985 * x, v - 2.0, 1) for x, v in edge])
    return Silhouette(pieces, (seam,), (hem_line,), places)


def skirt(item: Item, rng: np.random.Generator) -> Silhouette:
    """Waistband over a gathered or straight fall."""
    waist, band_height = rng.uniform(17, 19), rng.uniform(3, 5.5)
    bottom = band_height + {"mini": 36.0, "midi": 60.0, "maxi": 86.0}[str(item.length)] + rng.uniform(-3, 3)
    hem = {"mini": 31.0, "midi": 33.0, "maxi": 37.0}[str(item.length)] * rng.uniform(0.85, 1.2)
    half, edge = _flounce(waist, band_height - 0.5, bottom, 0.45 * waist + 0.55 * min(hem, 29), hem, rng)
    fall = Drape(
        half_width=hem + 1, origin=band_height, flare=0.6 / waist, ramp=0.7, period=rng.uniform(5.5, 9), depth=1.35
    )
    strip = bowed_band((waist, 0, 1.3), (waist + 0.6, band_height, band_height + 1.5))
    inside = outline([(-waist, 0), (0, -1.6, 1), (waist, 0), (0, 1.6, 1)])
    places = Places(
        front=((0.0, band_height + 3), (0.0, bottom - 5)),
        waist=((-waist - 0.6, 0.5 * band_height), (waist + 0.6, 0.5 * band_height)),
        hems=(edge,),
        bow=(-0.45 * waist, 0.5 * band_height + 1, 10.0),
        pockets=((-12.5, band_height + 13, 9.5, 10), (12.5, band_height + 13, 9.5, 10)),
        stripes=tuple(
            tuple((s * (w - 1.6), v) for w, v in ((waist, band_height), (hem - 0.5, bottom))) for s in (-1, 1)
        ),
    )
    return Silhouette(
        (
            Piece("neckline", inside, "lining"),
            Piece("body", outline(mirrored(half, rng, 0.4)), "cloth", fall),
            Piece("body", strip, "rib", Drape(half_width=waist + 3, depth=0.3)),
        ),
        stitches=(line(*[(0.985 * x, v - 2.2, 1) for x, v in edge]),),
        places=places,
    )


def trousers(item: Item, rng: np.random.Generator) -> Silhouette:
    """Two legs from a waistband; `cropped` ends at the calf."""
    length = rng.uniform(96, 104) if item.length == "long" else rng.uniform(74, 82)
    cuff = rng.choice([7.5, 9.5, 12.5]) * rng.uniform(0.9, 1.1)
    return _legs(19.0, 25.5, 28.0, length, cuff, rng.uniform(2.0, 5.5), rng)


def shorts(item: Item, rng: np.random.Generator) -> Silhouette:
    """Two short wide legs."""
    return _legs(19.5, 25.5, 26.0, rng.uniform(39, 48), rng.uniform(13.5, 15.5), rng.uniform(3.0, 5.5), rng)


def _legs(
    waist: float, hip: float, rise: float, length: float, cuff: float, stance: float, rng: np.random.Generator
) -> Silhouette:
    pieces, seams, stitches, hems, sides = [], [], [], [], []
    inside = outline([(-waist, 0), (0, -2.0, 1), (waist, 0), (0, 2.2, 1)])
    pieces.append(Piece("neckline", inside, "lining"))
    centre = stance + cuff  # of the hem
    knee = 0.5 * hip + 0.5 * (cuff * 2 + stance) - 1.0
    for side in (-1, 1):
        inner_hem, outer_hem = centre - cuff, centre + cuff
        t = min(0.55, 46.0 / length)
        knots = [
            (-0.3, 1.0),
            (waist, 0.5),
            (hip, 0.62 * rise, 0.8),
            ((1 - t) * hip + t * outer_hem if length < 60 else min(knee, hip - 0.5), max(t * length, rise + 4), 0.9),
            (outer_hem, length),
            (inner_hem, length + 0.8),
            (0.5 * inner_hem + 0.6, 0.5 * (rise + length), 0.9),
            (0.4, rise),
        ]
        moved = [(side * (x + rng.normal(0, 0.25)), y, *s) for x, y, *s in knots]
        lean = -side * np.rad2deg(np.arctan2(centre - 0.5 * hip, length - rise))
        drape = Drape(lean, side * 0.5 * hip, 0.5 * hip + 3.5, period=rng.uniform(8, 12), depth=0.7)
        pieces.append(Piece("body", outline(moved), "cloth", drape, grain=lean * 0.6))
        hems.append(((side * inner_hem, length + 0.8), (side * centre, length + 0.9), (side * outer_hem, length)))
        stitches.append(line((side * inner_hem, length - 1.6), (side * outer_hem, length - 2.2)))
        seams.append(line((side * 0.82 * waist, 4.5, 0.5), (side * 0.97 * hip, 0.5 * rise, 1)))
        sides.append(((side * (waist - 1.4), 4), (side * (hip - 1.6), 0.62 * rise), (side * (outer_hem - 1.6), length)))
    strip = bowed_band((waist, 0, 1.5), (waist + 0.5, 4.2, 5.6))
    pieces.append(Piece("body", strip, "cloth", Drape(half_width=waist + 3, depth=0.2), grain=0.0))
    seams += [line((0.0, 5), (0.0, rise)), line((-waist, 4.3), (0, 5.7, 1), (waist, 4.3))]
    stitches.append(line((2.6, 5.2), (2.6, 0.6 * rise, 1), (0.2, 0.8 * rise)))
    places = Places(
        front=((0.0, 6), (0.0, 0.75 * rise)),
        waist=((-waist - 0.4, 2.7), (waist + 0.4, 2.7)),
        hems=tuple(hems),
        bow=(0.0, 4.0, 9.5),
        pockets=((-0.62 * hip, rise + 6, 10.5, 11.5), (0.62 * hip, rise + 6, 10.5, 11.5))
        if length > 60
        else ((-0.55 * hip, 0.7 * rise, 9.5, 9.5),),
        stripes=tuple(sides),
    )
    return Silhouette(tuple(pieces), tuple(seams), tuple(stitches), places)


def swimsuit(item: Item, rng: np.random.Generator) -> Silhouette:
    """One piece, cut high at the leg, on narrow straps."""
    opening = neck(item.neckline, rng)
    strap = rng.uniform(2.6, 4.5)
    high = rng.uniform(50, 56)
    waist = rng.uniform(13.5, 15)
    x0, y0 = opening.edge[-1]
    crotch = rng.uniform(70, 74)
    half = [
        *opening.edge,
        (x0 + strap, y0 + 0.4),
        (x0 + strap + 0.8, 11, 0.9),
        (17.5, 21.5),
        (17.2, 27, 0.9),
        (waist, 38, 1),
        (19.5, high),
        (10, high + 0.62 * (crotch - high), 0.9),
        (4.0, crotch),
        (0.0, crotch + 0.6, 1),
    ]
    back = outline(
        [
            (-19, high + 1),
            (0, high - 4),
            (19, high + 1),
            (9, high + 12, 1),
            (3.6, crotch - 1),
            (-3.6, crotch - 1),
            (-9, high + 12, 1),
        ]
    )
    pieces = (
        *opening.behind,
        Piece("body", back, "lining", Drape(half_width=30)),
        Piece("body", outline(mirrored(half, rng, 0.35)), "cloth", Drape(half_width=19.5, period=9, depth=0.45)),
        *opening.before,
    )
    neckless = opening.depth
    leg = [
        line((s * 18.2, high + 1.2), (s * 9.2, high + 0.62 * (crotch - high) + 1, 0.9), (s * 3.4, crotch - 1.2))
        for s in (-1, 1)
    ]
    bust = line((-15, 27), (-7.5, 30, 1), (0, 28.5, 1), (7.5, 30, 1), (15, 27))
    bust_edge = ((-14.8, 28.5), (-7, 30.0), (0, 30.4), (7, 30.0), (14.8, 28.5))
    places = Places(
        front=((0.0, neckless + 2), (0.0, 40.0)),
        waist=((-waist - 0.3, 38.5), (waist + 0.3, 38.5)),
        hems=(bust_edge,),
        bow=(0.0, neckless + 1.5, 9.0),
    )
    return Silhouette(pieces, (bust,), tuple(leg), places)
