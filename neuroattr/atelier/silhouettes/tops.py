"""What is worn from the shoulders: bodices with sleeves, from the t-shirt to the coat."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ..items import Item
from .necks import Neck, hood, lapels, neck
from .pieces import Drape, Knot, Piece, Places, Silhouette, bowed_band, line, mirrored, outline, present


@dataclass(frozen=True)
class Sleeve:
    """Measures of one sleeve, cm and degrees from hanging straight down."""

    length: float
    angle: float
    upper: float  # width where it leaves the body
    cuff: float  # width at the hand
    puff: float = 0.0  # how far the outer side swells
    band: float = 0.0  # height of a cuff


def sleeves(measure: Sleeve, shoulder: tuple[float, float], rng: np.random.Generator) -> list[Piece]:
    """Both sleeves with their cuffs, hanging from (±x, y) of the shoulder."""
    pieces = []
    for side in (-1, 1):
        a = np.deg2rad(measure.angle + rng.normal(0, 2.5))
        along, out = np.array([side * np.sin(a), np.cos(a)]), np.array([side * np.cos(a), -np.sin(a)])
        top = np.array([side * shoulder[0], shoulder[1]])
        start = top - out * measure.upper * 0.52 + along * measure.upper * 0.3

        def at(
            t: float, across: float, start: np.ndarray = start, along: np.ndarray = along, out: np.ndarray = out
        ) -> Knot:
            return tuple(start + along * measure.length * t + out * across)

        half, end = measure.upper / 2, measure.cuff / 2
        swell = measure.puff
        knots = [
            (*(top - along * 0.8 - out * 2.0), 0.4),
            (*at(0.12, half + 0.9 + 0.35 * swell), 0.9),
            (*at(0.6, 0.45 * half + 0.55 * end + swell), 1),
            at(1.0, end),
            at(1.0, -end),
            (*at(0.6, -0.45 * half - 0.55 * end - 0.6 * swell), 1),
            (*at(0.1, -half), 0.6),
            tuple(start - out * (half + 3) - along * 4),
        ]
        tilt = -side * np.rad2deg(a)
        centre = float(np.dot(start, out)) * side
        drape = Drape(angle=tilt, centre=centre, half_width=half + 2 + swell, period=8.5, depth=0.8)
        pieces.append(Piece("sleeves", outline(knots), "cloth", drape, grain=tilt))
        if measure.band:
            t = 1 + measure.band / measure.length
            tip = outline([at(0.985, end * 0.96), at(t, 0.86 * end), at(t, -0.86 * end), at(0.985, -end * 0.96)])
            pieces.append(Piece("sleeves", tip, "rib", drape, grain=tilt))
    return pieces


@dataclass(frozen=True)
class Bodice:
    """Measures of a body seen from the front: half widths and heights, cm."""

    shoulder: float = 20.0
    chest: float = 23.0
    waist: float = 22.0
    hip: float = 23.5
    length: float = 62.0
    waist_at: float = 38.0
    drop: float = 1.5  # how much lower the hem hangs in the middle
    strap: float = 0.0  # width of a shoulder strap; 0 reaches the whole shoulder


def body_knots(measure: Bodice, opening: Neck) -> list[Knot]:
    """Right half of a bodice from the lowest point of its neckline to the middle of its hem."""
    neck_end = opening.edge[-1]
    outer = min(measure.shoulder, neck_end[0] + measure.strap) if measure.strap else measure.shoulder
    armpit = 21.5
    # A strap ends in a corner; a shoulder rounds into its sleeve.
    side: list[Knot] = [(outer, neck_end[1] + 0.26 * (outer - neck_end[0]), 0.0 if measure.strap else 0.3)]
    if measure.strap:
        side += [(outer + 0.12 * (measure.chest - outer), 0.62 * armpit, 1), (measure.chest - 0.5, armpit)]
    else:
        side += [(measure.shoulder - 1.2, 0.62 * armpit, 0.8), (measure.chest, armpit)]
    if measure.length > measure.waist_at + 6:
        side.append((measure.waist, measure.waist_at, 1))
    hem: list[Knot] = [(measure.hip, measure.length), (0.5 * measure.hip, measure.length + 0.8 * measure.drop, 1)]
    return [*opening.edge, *side, *hem, (0.0, measure.length + measure.drop, 1)]


def _assembled(
    measure: Bodice, opening: Neck, arms: list[Piece], rng: np.random.Generator, **drape: float
) -> Silhouette:
    """Sleeves behind the body, the neck's parts around it, and the places of a plain top."""
    body = outline(mirrored(body_knots(measure, opening), rng))
    hang = Drape(half_width=measure.chest + 4, period=rng.uniform(10, 15), depth=0.75, **drape)
    hem_y = measure.length
    hem = tuple((x * measure.hip, hem_y + measure.drop * (1 - x * x)) for x in (-1, -0.5, 0, 0.5, 1))
    places = Places(
        front=((0.0, opening.depth + 2), (0.0, hem_y - 1)),
        waist=((-measure.waist - 0.5, measure.waist_at), (measure.waist + 0.5, measure.waist_at)),
        hems=(hem,),
        chest=(0.0, max(opening.depth + 11, 21.0), 11.0),
        bow=(0.0, opening.depth + 2.0, 8.0),
        pockets=((0.46 * measure.chest, 27.0, 9.5, 10.5),),
        stripes=tuple(
            tuple(
                (s * (w - 1.8), y)
                for w, y in ((measure.chest, 22), (measure.waist, measure.waist_at), (measure.hip, hem_y))
            )
            for s in (-1, 1)
        ),
    )
    pieces = (*opening.behind, *arms, Piece("body", body, "cloth", hang), *opening.before)
    stitch = line(*[(x, y - 2.0, 1) for x, y in hem])
    return Silhouette(pieces, stitches=(stitch,), places=places)


def t_shirt(item: Item, rng: np.random.Generator) -> Silhouette:
    """Short sleeves, a round or pointed neck."""
    length = rng.uniform(60, 67) if item.length == "regular" else rng.uniform(41, 46)
    boxy = rng.uniform(-1, 2.5)
    measure = Bodice(chest=23 + boxy, waist=22.5 + boxy, hip=23 + boxy, length=length, drop=0.8)
    arm = Sleeve(rng.uniform(17, 21), rng.uniform(38, 52), 17.5, 15.5)
    return _assembled(measure, neck(item.neckline, rng), sleeves(arm, (20.5, 3.4), rng), rng)


def blouse(item: Item, rng: np.random.Generator) -> Silhouette:
    """Waisted, with a placket."""
    length = rng.uniform(58, 64) if item.length == "regular" else rng.uniform(42, 47)
    measure = Bodice(shoulder=19, chest=22.5, waist=19.5, hip=25, length=length, drop=rng.uniform(3.5, 6))
    arms = []
    if item.sleeve == "sleeveless":
        measure = replace(measure, strap=7.5, shoulder=17)
    elif item.sleeve == "short":
        arms = sleeves(Sleeve(17, rng.uniform(34, 46), 16, 13, puff=5.0, band=2.6), (19.2, 3.2), rng)
    else:
        arms = sleeves(Sleeve(47, rng.uniform(18, 27), 16, 14, puff=3.6, band=5.5), (19.2, 3.2), rng)
    cut = _assembled(measure, neck(item.neckline, rng), arms, rng, ramp=0.55, flare=0.006)
    placket = tuple(
        line((x, present(cut.places.front)[0][1] - 1), (x, measure.length + 0.6 * measure.drop)) for x in (-1.7, 1.7)
    )
    return replace(cut, stitches=cut.stitches + placket)


def _rib_hem(measure: Bodice, height: float) -> Piece:
    y, w = measure.length + 0.3, measure.hip
    path = bowed_band((w - 0.3, y, y + measure.drop), (w - 2.2, y + height, y + height + measure.drop))
    return Piece("body", path, "rib", Drape(half_width=measure.chest + 5, depth=0.4))


def hoodie(item: Item, rng: np.random.Generator) -> Silhouette:
    """Wide, with a hood, a ribbed hem and a pouch."""
    length = rng.uniform(54, 60) if item.length == "regular" else rng.uniform(38, 43)
    measure = Bodice(21, 26, 26, 25.5, length, drop=0.6)
    arms = sleeves(Sleeve(52, rng.uniform(14, 22), 19, 12.5, puff=1.5, band=6.0), (22, 4.2), rng)
    cut = _assembled(measure, hood(rng), arms, rng)
    places = replace(
        cut.places,
        pockets=((0.0, length - 9.5, 29.0, 15.0),),
        chest=(0.0, 0.5 * (length + 2), 12.0),
        front=((0.0, 12.0), (0.0, length + 5)),
    )
    return replace(cut, pieces=(_rib_hem(measure, 6.0), *cut.pieces), places=places)


def cardigan(item: Item, rng: np.random.Generator) -> Silhouette:
    """Open in front over its lining, with ribbed edges."""
    length = {"cropped": 42.0, "regular": 58.0, "long": 88.0}[str(item.length)] + rng.uniform(-2, 3)
    measure = Bodice(20, 23, 23, 24.5, length, drop=0.5)
    arms = sleeves(Sleeve(51, rng.uniform(13, 20), 16, 11, puff=1.0, band=4.5), (20.5, 3.6), rng)
    gap, vee = rng.uniform(3.5, 7.5), rng.uniform(24, 32)
    cut = _assembled(measure, neck("v", rng), arms, rng)
    inside = outline(
        [(-9, 0), (-0.5, -2, 1), (0.5, -2, 1), (9, 0), (20, 24), (22, length - 2), (-22, length - 2), (-20, 24)]
    )
    pieces = [Piece("neckline", inside, "lining", Drape(half_width=26, depth=0.8)), *arms]
    for side in (-1, 1):
        lean = rng.uniform(-1, 1.5)
        edge = [(8.6, -0.3), (5.5, 0.5 * vee, 0.8), (gap / 2, vee, 0.8), (gap / 2 + lean, length + 0.5)]
        half = [*edge, (24.3, length), (23, 38, 1), (23, 21.5), (18.8, 13, 0.8), (20, 3.4)]
        panel = outline([(side * x, *rest) for x, *rest in half])
        pieces.append(Piece("body", panel, "cloth", Drape(half_width=27, depth=0.7, period=rng.uniform(9, 13))))
        rim = outline([(side * (x + w), y) for w, pts in ((-1.9, edge), (1.9, edge[::-1])) for x, y, *_ in pts])
        pieces.append(Piece("neckline", rim, "rib", Drape(half_width=32, depth=0.3)))
    x = gap / 2 + 0.4
    places = replace(
        cut.places,
        front=((x, vee + 1), (x, length - 3)),
        pockets=((-13.5, length - 13, 12, 13), (13.5, length - 13, 12, 13)),
        stripes=(),
        bow=None,
        chest=None,
    )
    return replace(cut, pieces=tuple(pieces), places=places)


def coat(item: Item, rng: np.random.Generator) -> Silhouette:
    """Long and lapelled, one side lapped over the other."""
    length = rng.uniform(68, 74) if item.length == "regular" else rng.uniform(96, 108)
    flare = rng.uniform(1, 7)
    measure = Bodice(22.5, 25, 23, 26 + flare, length, waist_at=43, drop=1.0)
    arms = sleeves(Sleeve(56, rng.uniform(10, 16), 19, 15.5, band=0.0), (22.8, 4.0), rng)
    cut = _assembled(measure, lapels(7.5, rng.uniform(26, 36), rng), arms, rng, ramp=0.4, flare=0.004)
    bottom = length + measure.drop
    start = present(cut.places.front)[0][1]
    lap = line((2.0, start - 4, 0.5), (3.6, 0.7 * length, 1), (3.2 + rng.uniform(-1, 2), bottom))
    places = replace(
        cut.places,
        front=((0.5, start), (0.5, 0.86 * length)),
        pockets=((-13.5, 0.62 * length + 4, 12, 5), (13.5, 0.62 * length + 4, 12, 5)),
        stripes=(),
        chest=None,
        bow=None,
    )
    return replace(cut, seams=(lap,), places=places)
