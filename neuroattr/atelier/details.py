"""Lace, ruffles, buttons, bows, pockets, prints, fringe, zippers, belts: pieces laid on a silhouette."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import skia

from .choices import choice
from .items import DETAILS, Item
from .silhouettes.pieces import Drape, Knot, Piece, Point, Silhouette, band, line, outline, present, stroked

Layers = list[Piece]


def details(item: Item, shape: Silhouette, rng: np.random.Generator) -> tuple[Piece, ...]:
    """Pieces of every detail of `item`, in drawing order; each piece's part is the detail's name."""
    pieces: Layers = []
    if item.style == "sporty" and shape.places.stripes and rng.random() < 0.65:
        pieces += _side_stripes(shape)
    for name in DETAILS:
        if name in item.details:
            pieces += _MAKERS[name](item, shape, np.random.default_rng([item.seed, 100 + DETAILS.index(name)]))
    return tuple(pieces)


def along(points: Sequence[Point], n: int) -> np.ndarray:
    """`n` places evenly spaced on a line through `points`; shape n x 2."""
    xy = np.asarray(points, dtype=float)
    reach = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    t = np.linspace(0, reach[-1], n)
    return np.stack([np.interp(t, reach, xy[:, 0]), np.interp(t, reach, xy[:, 1])], axis=1)


def _reach(points: Sequence[Point]) -> float:
    return float(np.hypot(*np.diff(np.asarray(points), axis=0).T).sum())


def _side_stripes(shape: Silhouette) -> Layers:
    return [Piece("body", band(points, 2.3), "accent", Drape(half_width=40)) for points in shape.places.stripes]


def _lace(item: Item, shape: Silhouette, rng: np.random.Generator) -> Layers:
    """Scalloped border with holes, along the hem."""
    pieces = []
    for hem in shape.places.hems:
        size = rng.uniform(5.0, 6.5) if _reach(hem) > 26 else 4.0
        n = max(4, round(_reach(hem) / size))
        edge = along(hem, 2 * n + 1)
        height = 1.75 * size
        knots = [(edge[0, 0], edge[0, 1] - height), *((x, y - height, 1) for x, y in edge[2:-2:2])]
        knots += [(edge[-1, 0], edge[-1, 1] - height)]
        for k in range(2 * n, -1, -1):  # back along the scallops: cusps at even places, bellies at odd ones
            x, y = edge[k]
            knots.append((x, y + 0.05 * size) if k % 2 == 0 else (x, y + 0.6 * size, 1.0))
        path = outline(knots)
        path.setFillType(skia.PathFillType.kEvenOdd)
        for k in range(1, 2 * n, 2):
            x, y = edge[k]
            path.addCircle(x, y - 0.12 * size, 0.21 * size)
            for dx in (-0.25, 0.25):
                path.addCircle(x + dx * size, y - 0.66 * size, 0.14 * size)
                path.addCircle(x + dx * size, y - 1.32 * size, 0.14 * size)
            path.addOval(skia.Rect.MakeXYWH(x - 0.13 * size, y - 1.2 * size, 0.26 * size, 0.42 * size))
        pieces.append(Piece("lace", path, "lace", Drape(half_width=45, depth=0.3)))
    return pieces


def _ruffle(item: Item, shape: Silhouette, rng: np.random.Generator) -> Layers:
    """Gathered strips at the hem, one or two tiers."""
    pieces = []
    tall = item.kind in ("dress", "skirt") and item.length != "mini"
    role = "cloth" if item.texture == "basic" or rng.random() < 0.35 else "trim"
    for hem in shape.places.hems:
        wide = _reach(hem) > 26
        tiers = (-13.0, 0.0) if tall else (0.0,)
        for lift in tiers:
            n = max(5, round(_reach(hem) / 4.6))
            squeeze = 1 + 0.0035 * lift
            top = along(hem, n) * (squeeze, 1) + (0, lift - (8.0 if wide else 5.0))
            low = along(hem, 2 * n + 1) * (squeeze * 1.05, 1) + (0, lift + 1.5)
            low[:, 1] += np.where(np.arange(2 * n + 1) % 2, 1.5, -1.0) + rng.normal(0, 0.25, 2 * n + 1)
            knots = [(*top[0],), *((x, y, 1) for x, y in top[1:-1]), (*top[-1],), *((x, y, 1) for x, y in low[::-1])]
            drape = Drape(half_width=42, period=4.4, depth=2.4, origin=float(top[0, 1]))
            pieces.append(Piece("ruffle", outline(knots), role, drape))
            pieces.append(Piece("ruffle", band([tuple(p) for p in top], 0.9), "trim", Drape(half_width=50)))
    return pieces


def _buttons(item: Item, shape: Silhouette, rng: np.random.Generator) -> Layers:
    (x0, y0), (x1, y1) = present(shape.places.front)
    double = item.kind == "coat" and rng.random() < 0.55
    radius = {"coat": 2.1, "cardigan": 1.8, "bag": 2.0, "boots": 1.2}.get(item.kind, 1.45) * rng.uniform(0.95, 1.15)
    length = np.hypot(x1 - x0, y1 - y0)
    n = int(np.clip(length / rng.uniform(7.5, 10.5), 3, 7))
    path = skia.Path()
    for t in np.linspace(0.03, 0.97, n):
        for dx in (-5.5, 5.5) if double else (0.0,):
            path.addCircle(x0 + t * (x1 - x0) + dx, y0 + t * (y1 - y0), radius)
    role = rng.choice(["accent", "metal", "second", "leather"], p=[0.45, 0.25, 0.2, 0.1])
    return [Piece("buttons", path, str(role))]


def _bow(item: Item, shape: Silhouette, rng: np.random.Generator) -> Layers:
    x, y, size = present(shape.places.bow)
    size *= rng.uniform(0.95, 1.2)
    role = "second" if rng.random() < 0.75 else "accent"
    pieces = []
    for side in (-1, 1):
        tail = [(0, 0), (0.75, 1.55, 0.7), (0.42, 1.75), (0.2, 1.5), (-0.1, 0.3)]
        loop = [(0, -0.1), (0.55, -0.6, 1), (1.15, -0.5, 1), (1.2, 0.2, 1), (1.05, 0.55, 1), (0.5, 0.38, 1), (0, 0.15)]
        for knots in (tail, loop):
            path = outline([(x + side * size * k[0], y + size * k[1], *k[2:]) for k in knots])
            pieces.append(
                Piece("bow", path, role, Drape(angle=side * 60, half_width=1.6 * size, centre=0, period=5, depth=1.0))
            )
    knot = skia.Path()
    knot.addRoundRect(
        skia.Rect.MakeXYWH(x - 0.26 * size, y - 0.3 * size, 0.52 * size, 0.6 * size), 0.16 * size, 0.16 * size
    )
    return [*pieces, Piece("bow", knot, role, Drape(half_width=size))]


def _pocket(item: Item, shape: Silhouette, rng: np.random.Generator) -> Layers:
    pieces = []
    contrast = item.kind not in ("hoodie", "coat") and rng.random() < 0.35
    for x, y, w, h in shape.places.pockets:
        knots: list[Knot]
        left, right, top, low = x - w / 2, x + w / 2, y - h / 2, y + h / 2
        if item.kind == "hoodie":
            knots = [
                (left + 0.2 * w, top),
                (right - 0.2 * w, top),
                (right, top + 0.62 * h),
                (right, low),
                (left, low),
                (left, top + 0.62 * h),
            ]
        elif item.kind == "coat":
            knots = [(left, top + 1), (right, top), (right, low - 0.5, 0.3), (left, low + 0.5, 0.3)]
        else:
            knots = [
                (left, top),
                (right, top),
                (right, low - 0.25 * h, 0.5),
                (x, low, 0.7),
                (left, low - 0.25 * h, 0.5),
            ]
        drape = Drape(centre=0, half_width=34, depth=0.3)
        pieces.append(
            Piece(
                "pocket", outline(knots), "second" if contrast else "cloth", drape, grain=float(rng.choice([0, 8, -8]))
            )
        )
        if item.kind not in ("hoodie", "coat"):
            brim = outline(
                [(left - 0.2, top - 0.4), (right + 0.2, top - 0.4), (right + 0.2, top + 1.6), (left - 0.2, top + 1.6)]
            )
            pieces.append(Piece("pocket", brim, "rib", drape))
    return pieces


# Block letters on a 2 x 3 grid, as strokes. With E as the only vowel no draw spells anything unfortunate.
_LETTERS = (
    (((2, 0), (0, 0), (0, 3), (2, 3)), ((0, 1.5), (1.6, 1.5))),
    (((0, 0), (0, 3)), ((2, 0), (2, 3)), ((0, 1.5), (2, 1.5))),
    (((0, 0), (0, 3), (2, 3)),),
    (((0, 3), (0, 0), (2, 3), (2, 0)),),
    (((0, 0), (2, 0)), ((1, 0), (1, 3))),
    (((0, 0), (1, 3), (2, 0)),),
    (((0, 0), (2, 3)), ((2, 0), (0, 3))),
    (((0, 0), (2, 0), (0, 3), (2, 3)),),
)


def _logo(item: Item, shape: Silhouette, rng: np.random.Generator) -> Layers:
    """A word in block letters, under an emblem where there is room."""
    x, y, size = present(shape.places.chest)
    role = "second" if rng.random() < 0.5 else "accent"
    n = int(rng.integers(3, 6))
    width = 2.0 * size
    cell = width / (3 * n - 1)
    emblem = rng.random() < 0.6
    top = y - 1.5 * cell + (0.42 * size if emblem else 0)
    path = skia.Path()
    for k in range(n):
        for stroke in choice(rng, _LETTERS):
            letter = line(*[(x - size + cell * (3 * k + u), top + cell * 1.15 * v) for u, v in stroke])
            pen = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=0.72 * cell, StrokeJoin=skia.Paint.kMiter_Join)
            path.addPath(stroked(letter, pen))
    if emblem:
        path.addPath(_emblem(x, y - 0.45 * size, 0.5 * size, rng))
    flat = Drape(half_width=60, depth=0.4)
    if item.texture in ("basic", "striped"):
        return [Piece("logo", path, role, flat)]
    # On a busy cloth a print needs a plain ground to be read at all.
    box = path.computeTightBounds().makeOutset(0.22 * size, 0.22 * size)
    plate = skia.Path()
    plate.addRoundRect(box, 1.5, 1.5)
    return [Piece("logo", plate, "ground", flat), Piece("logo", path, "accent", flat)]


def _emblem(x: float, y: float, radius: float, rng: np.random.Generator) -> skia.Path:
    points, depth = int(rng.choice([3, 4, 5, 8])), rng.uniform(0.4, 0.62)
    angles = -np.pi / 2 + np.pi * np.arange(2 * points) / points
    reach = np.where(np.arange(2 * points) % 2, depth * radius, radius)
    return outline([(x + r * np.cos(a), y + r * np.sin(a)) for a, r in zip(angles, reach, strict=True)])


def _fringe(item: Item, shape: Silhouette, rng: np.random.Generator) -> Layers:
    """Rows of loose strands hanging from the hem."""
    pieces = []
    for hem in shape.places.hems:
        length = min(rng.uniform(9, 14), 0.55 * _reach(hem))
        n = max(9, round(_reach(hem) / 1.9))
        path = skia.Path()
        tips = rng.normal(0, 0.7, n)
        for (x, y), tip in zip(along(hem, n), tips, strict=True):
            path.addPath(
                outline(
                    [
                        (x - 0.62, y - 1.2),
                        (x + 0.62, y - 1.2),
                        (x + 0.5 + tip, y + length),
                        (x - 0.5 + tip, y + length + 0.4 * tip),
                    ]
                )
            )
        role = "trim" if rng.random() < 0.6 else "rib"
        pieces.append(Piece("fringe", path, role, Drape(half_width=50, period=3.1, depth=1.8)))
        pieces.append(
            Piece(
                "fringe", band([(float(x), float(y) - 1.2) for x, y in along(hem, 9)], 1.7), role, Drape(half_width=50)
            )
        )
    return pieces


def _zipper(item: Item, shape: Silhouette, rng: np.random.Generator) -> Layers:
    (x0, y0), (x1, y1) = present(shape.places.front)
    tape = band([(x0, y0), (x1, y1)], 3.4)
    teeth = skia.Path()
    rail = skia.Paint(Style=skia.Paint.kStroke_Style, StrokeWidth=1.7)
    rail.setPathEffect(skia.DashPathEffect.Make([1.1, 0.7], 0))
    teeth.addPath(stroked(line((x0, y0), (x1, y1)), rail))
    pull = skia.Path()
    along_x = abs(x1 - x0) > abs(y1 - y0)
    px, py = (x0 + 0.12 * (x1 - x0), y0) if along_x else (x0, y0 + 0.05 * (y1 - y0))
    pull.addRoundRect(skia.Rect.MakeXYWH(px - 1.5, py - 1.5, 3.0, 6.0), 1.2, 1.2)
    return [Piece("zipper", tape, "zip"), Piece("zipper", teeth, "metal"), Piece("zipper", pull, "metal")]


def _belt(item: Item, shape: Silhouette, rng: np.random.Generator) -> Layers:
    (x0, y0), (x1, y1) = present(shape.places.waist)
    sag = 4.6 if item.kind == "hat" else 1.2
    high = {"boots": 3.4, "hat": 3.2, "swimsuit": 3.6}.get(item.kind, 4.6) * rng.uniform(0.9, 1.15)
    middle = 0.5 * (x0 + x1)
    strap = band(
        [
            (x0, y0),
            (0.5 * (x0 + middle), y0 + 0.75 * sag),
            (middle, y0 + sag),
            (0.5 * (x1 + middle), y1 + 0.75 * sag),
            (x1, y1),
        ],
        high,
    )
    at = middle + (0.0 if item.kind != "boots" else 4.0)
    w, h = 1.45 * high, 1.45 * high
    buckle = skia.Path()
    buckle.addRoundRect(skia.Rect.MakeXYWH(at - w / 2, y0 + sag - h / 2, w, h), 0.7, 0.7)
    buckle.addRect(skia.Rect.MakeXYWH(at - 0.3 * w, y0 + sag - 0.3 * h, 0.6 * w, 0.6 * h))
    buckle.setFillType(skia.PathFillType.kEvenOdd)
    role = "second" if rng.random() < 0.25 else "leather"
    return [
        Piece("belt", strap, role, Drape(half_width=max(x1 - x0, 4) * 0.6, centre=middle, depth=0.3)),
        Piece("belt", buckle, "metal"),
    ]


_MAKERS: dict[str, Callable[[Item, Silhouette, np.random.Generator], Layers]] = {
    "lace": _lace,
    "ruffle": _ruffle,
    "buttons": _buttons,
    "bow": _bow,
    "pocket": _pocket,
    "logo": _logo,
    "fringe": _fringe,
    "zipper": _zipper,
    "belt": _belt,
}
