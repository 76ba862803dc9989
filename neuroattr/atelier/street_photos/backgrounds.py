"""What stands behind people in street photos: houses, trees, shelves, rooms, walls, and other passers-by."""

from __future__ import annotations

import numpy as np
import skia

from ..choices import choice, require_one_of
from ..paints import fill, stroke
from ..palettes import RGB, ink, mixed, shaded
from ..scenes import FRAME, Light
from .looks import SCENES

_STONES = ((0.62, 0.58, 0.53), (0.52, 0.50, 0.49), (0.70, 0.64, 0.56), (0.55, 0.42, 0.36), (0.66, 0.68, 0.70))


def paint(canvas: skia.Canvas, scene: str, lit: Light, rng: np.random.Generator) -> None:
    """Fill the frame with `scene`, one of SCENES, slightly out of focus and under the light of the photograph.

    Raises
    ------
    ValueError
        For an unknown scene.
    """
    painters = {"street": _street, "park": _park, "shop": _shop, "room": _room, "wall": _wall}
    require_one_of("scene", scene, SCENES)
    canvas.clear(ink((0.6, 0.6, 0.6)))
    soft = rng.uniform(0.7, 1.7)
    canvas.saveLayer(paint=skia.Paint(ImageFilter=skia.ImageFilters.Blur(soft, soft)))
    painters[scene](canvas, rng)
    canvas.restore()
    glow = skia.GradientShader.MakeRadial(
        (FRAME * (0.5 + 0.45 * lit.side), 0.0), 130.0, [ink((1, 0.98, 0.94), 0.12), ink((0, 0, 0.03), 0.20)]
    )
    canvas.drawPaint(skia.Paint(Shader=glow))


def _street(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    horizon = rng.uniform(62, 76)
    _box(canvas, 0, 0, FRAME, horizon, mixed((0.75, 0.82, 0.90), (0.86, 0.86, 0.86), rng.random()))
    x = -rng.uniform(0, 15)
    while x < FRAME:
        wide = rng.uniform(18, 38)
        _house(canvas, x, rng.uniform(-25, 12), wide, horizon, rng)
        x += wide
    _paving(canvas, horizon, rng)
    for _ in range(int(rng.integers(1, 6))):
        _passer_by(canvas, rng.uniform(0, FRAME), horizon + rng.uniform(1, 9), rng.uniform(22, 44), rng)
    for _ in range(int(rng.integers(0, 3))):
        _bicycle(canvas, rng.uniform(0, 85), horizon + rng.uniform(5, 12), rng)
    for _ in range(int(rng.integers(0, 3))):
        _car(canvas, rng.uniform(-5, 95), horizon + rng.uniform(1, 6), rng)
    for _ in range(int(rng.integers(0, 3))):
        at = rng.uniform(0, FRAME)
        _box(canvas, at, -5, at + 1.1, horizon + 4, (0.2, 0.22, 0.23))
    if rng.random() < 0.5:
        _tree(canvas, rng.uniform(0, FRAME), horizon + 2, rng.uniform(30, 55), rng)


def _house(canvas: skia.Canvas, x: float, top: float, wide: float, base: float, rng: np.random.Generator) -> None:
    stone = shaded(choice(rng, _STONES), rng.uniform(0.75, 1.2))
    _box(canvas, x, top, x + wide, base, stone)
    columns, step = int(rng.integers(2, 5)), rng.uniform(11, 17)
    ground = base - rng.uniform(17, 24)
    glass = mixed((0.20, 0.24, 0.30), (0.66, 0.76, 0.85), rng.random())
    for y in np.arange(top + 3, ground - 8, step):
        for k in range(columns):
            left = x + wide * (k + 0.25) / columns
            _box(canvas, left, y, left + 0.5 * wide / columns, y + 0.62 * step, shaded(glass, rng.uniform(0.8, 1.2)))
    window = shaded(glass, rng.uniform(0.7, 1.3))
    _box(canvas, x + 0.08 * wide, ground + 4, x + 0.92 * wide, base, window)
    for _ in range(int(rng.integers(2, 6))):  # things in the shop window
        left = x + wide * rng.uniform(0.1, 0.8)
        _box(canvas, left, base - rng.uniform(3, 12), left + rng.uniform(1, 5), base - 1, _any_colour(rng, 0.55))
    sign = _any_colour(rng, 0.75)
    _box(canvas, x + 0.05 * wide, ground - 1, x + 0.95 * wide, ground + 4.5, sign)
    _lettering(canvas, x + 0.15 * wide, ground + 0.4, 0.7 * wide, 2.6, sign, rng)
    if rng.random() < 0.4:
        _awning(canvas, x + 0.05 * wide, ground + 4.5, 0.9 * wide, rng)


def _awning(canvas: skia.Canvas, x: float, y: float, wide: float, rng: np.random.Generator) -> None:
    colour, n = _any_colour(rng, 0.8), int(rng.integers(5, 10))
    for k in range(n):
        tint = colour if k % 2 else (0.93, 0.92, 0.88)
        _box(canvas, x + wide * k / n, y, x + wide * (k + 1) / n, y + 5, tint)


def _lettering(
    canvas: skia.Canvas, x: float, y: float, wide: float, high: float, ground: RGB, rng: np.random.Generator
) -> None:
    colour = (0.95, 0.94, 0.9) if sum(ground) < 1.6 else (0.12, 0.12, 0.14)
    at = x
    while at < x + wide - 1.5:
        step = rng.uniform(0.8, 1.9)
        _box(canvas, at, y + rng.uniform(0, 0.4 * high), at + 0.7 * step, y + high, colour)
        at += step + (1.5 if rng.random() < 0.2 else 0.35)


def _paving(canvas: skia.Canvas, horizon: float, rng: np.random.Generator) -> None:
    tone = mixed((0.50, 0.49, 0.48), (0.66, 0.63, 0.58), rng.random())
    _box(canvas, 0, horizon, FRAME, FRAME, tone)
    line = stroke(shaded(tone, 0.75), 0.4)
    for k in range(7):  # joints run to a point behind the person and widen towards the viewer
        y = horizon + (FRAME - horizon) * (k / 7) ** 1.7
        canvas.drawLine(0, y, FRAME, y, line)
    centre = rng.uniform(20, 80)
    for k in range(-9, 10):
        canvas.drawLine(centre + 3.5 * k, horizon, centre + 17 * k, FRAME, line)
    if rng.random() < 0.4:
        for k in range(6):
            _box(canvas, 16 * k - 4, horizon + 8, 16 * k + 5, horizon + 11, (0.90, 0.90, 0.87))


def _passer_by(canvas: skia.Canvas, x: float, feet: float, high: float, rng: np.random.Generator) -> None:
    u = high / 170
    trousers, coat = _any_colour(rng, 0.35), _any_colour(rng, 0.5)
    skin = mixed((0.92, 0.76, 0.64), (0.45, 0.31, 0.24), rng.random())
    for side in (-1, 1):
        _box(canvas, x + side * 7 * u - 5 * u, feet - 80 * u, x + side * 7 * u + 5 * u, feet, trousers)
    _round(canvas, x - 19 * u, feet - 145 * u, x + 19 * u, feet - 66 * u, 8 * u, coat)
    canvas.drawCircle(x, feet - 157 * u, 9.5 * u, fill(skin))
    canvas.drawArc(
        skia.Rect.MakeLTRB(x - 10 * u, feet - 169 * u, x + 10 * u, feet - 147 * u), 180, 180, True,
        fill((0.15, 0.12, 0.1)),
    )  # fmt: skip


def _car(canvas: skia.Canvas, x: float, y: float, rng: np.random.Generator) -> None:
    colour, wide = _any_colour(rng, 0.7), rng.uniform(24, 34)
    _round(canvas, x, y - 6.5, x + wide, y - 1, 2, colour)
    _round(canvas, x + 0.2 * wide, y - 11, x + 0.78 * wide, y - 5, 2.5, colour)
    _round(canvas, x + 0.25 * wide, y - 10, x + 0.73 * wide, y - 6.2, 1.5, (0.25, 0.3, 0.36))
    for k in (0.22, 0.78):
        canvas.drawCircle(x + k * wide, y - 1.2, 2.4, fill((0.08, 0.08, 0.09)))
        canvas.drawCircle(x + k * wide, y - 1.2, 1.1, fill((0.6, 0.6, 0.62)))


def _bicycle(canvas: skia.Canvas, x: float, y: float, rng: np.random.Generator) -> None:
    frame, dark = stroke(_any_colour(rng, 0.7), 0.8), stroke((0.1, 0.1, 0.1), 0.7)
    for dx in (0.0, 14.0):
        canvas.drawCircle(x + dx, y - 4, 4, dark)
    for a, b in (
        ((0, -4), (5, -10)),
        ((5, -10), (12, -10)),
        ((12, -10), (6, -4)),
        ((6, -4), (0, -4)),
        ((6, -4), (5, -10)),
    ):
        canvas.drawLine(x + a[0], y + a[1], x + b[0], y + b[1], frame)
    canvas.drawLine(x + 14, y - 4, x + 11.5, y - 12, frame)
    canvas.drawLine(x + 10, y - 12.4, x + 13.5, y - 12, dark)
    canvas.drawLine(x + 3.6, y - 11, x + 6.6, y - 11, dark)


def _park(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    horizon = rng.uniform(55, 70)
    _box(canvas, 0, 0, FRAME, horizon, mixed((0.70, 0.82, 0.93), (0.88, 0.90, 0.90), rng.random()))
    if rng.random() < 0.5:  # houses behind the trees
        for x in np.arange(-rng.uniform(0, 20), FRAME, 24):
            _house(canvas, x, rng.uniform(10, 34), rng.uniform(14, 24), horizon, rng)
    for _ in range(int(rng.integers(4, 11))):
        _tree(canvas, rng.uniform(-5, 105), horizon + rng.uniform(-1, 2), rng.uniform(24, 74), rng)
    grass = mixed((0.36, 0.50, 0.24), (0.50, 0.55, 0.30), rng.random())
    _box(canvas, 0, horizon, FRAME, FRAME, grass)
    tufts = rng.uniform((0, horizon, 0.7), (FRAME, FRAME, 1.25), (140, 3))
    for x, y, light in tufts.tolist():
        canvas.drawLine(x, y, x + 0.6, y - 1.8, stroke(shaded(grass, light), 0.5))
    path = skia.Path()
    a, b = rng.uniform(20, 60), rng.uniform(-10, 30)
    path.addPoly(
        [skia.Point(a, horizon), skia.Point(a + 9, horizon), skia.Point(b + 75, FRAME), skia.Point(b, FRAME)], True
    )
    canvas.drawPath(path, fill((0.70, 0.65, 0.56)))
    for _ in range(int(rng.integers(4, 16))):
        canvas.drawCircle(
            rng.uniform(0, FRAME), rng.uniform(horizon + 4, FRAME), rng.uniform(0.5, 1.0), fill(_any_colour(rng, 0.9))
        )
    if rng.random() < 0.6:
        x, y = rng.uniform(-5, 85), horizon + rng.uniform(4, 9)
        for k in range(3):
            _box(canvas, x, y - 9 + 2.8 * k, x + 26, y - 7.4 + 2.8 * k, (0.45, 0.31, 0.2))
        for k in (2, 23):
            _box(canvas, x + k, y - 2, x + k + 1.2, y + 4, (0.2, 0.2, 0.2))
    for _ in range(int(rng.integers(0, 4))):
        _passer_by(canvas, rng.uniform(0, FRAME), horizon + rng.uniform(1, 8), rng.uniform(18, 34), rng)
    if rng.random() < 0.3:
        _bicycle(canvas, rng.uniform(0, 85), horizon + rng.uniform(6, 14), rng)


def _tree(canvas: skia.Canvas, x: float, base: float, high: float, rng: np.random.Generator) -> None:
    _box(canvas, x - 0.9, base - 0.6 * high, x + 0.9, base, (0.30, 0.23, 0.17))
    leaf = mixed((0.16, 0.30, 0.13), (0.56, 0.58, 0.26), rng.random())
    leaf = mixed(leaf, (0.66, 0.36, 0.16), rng.choice([0, 0, 0, 0.5, 0.8]))
    blobs = rng.normal((0, -0.72 * high), (0.14 * high, 0.15 * high), (26, 2))
    for dx, dy in blobs[np.argsort(-blobs[:, 1])].tolist():  # from low and dark to high and light
        light = 1 - 0.35 * (dy / high + 0.72) * 3 + rng.normal(0, 0.12)
        canvas.drawCircle(x + dx, base + dy, rng.uniform(0.05, 0.10) * high, fill(shaded(leaf, max(light, 0.3)), 0.9))


def _shop(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    wall = mixed((0.82, 0.79, 0.74), (0.62, 0.62, 0.64), rng.random())
    floor = rng.uniform(74, 84)
    _box(canvas, 0, 0, FRAME, floor, wall)
    _box(canvas, 0, floor, FRAME, FRAME, mixed((0.58, 0.48, 0.38), (0.70, 0.70, 0.70), rng.random()))
    for y in (rng.uniform(6, 14), rng.uniform(42, 50)):  # rails of clothes
        canvas.drawLine(0, y, FRAME, y, stroke((0.35, 0.35, 0.36), 0.8))
        x = rng.uniform(-3, 3)
        while x < FRAME:
            wide, high = rng.uniform(2.0, 5.0), rng.uniform(17, 29)
            _round(canvas, x, y + 1.5, x + wide, y + high, 0.8, _any_colour(rng, 0.6))
            x += wide * rng.uniform(0.85, 1.5)
    for _ in range(int(rng.integers(3, 8))):
        x = rng.uniform(-5, 95)
        y = floor - rng.uniform(0, 4)
        _box(canvas, x, y - rng.uniform(5, 15), x + rng.uniform(6, 16), y + 2, _any_colour(rng, 0.35))
    for _ in range(int(rng.integers(2, 6))):
        canvas.drawCircle(rng.uniform(0, FRAME), rng.uniform(0, 8), rng.uniform(1.2, 2.4), fill((1, 0.96, 0.84), 0.9))


def _room(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    wall = mixed((0.86, 0.83, 0.78), (0.74, 0.78, 0.80), rng.random())
    floor = rng.uniform(78, 88)
    _box(canvas, 0, 0, FRAME, floor, wall)
    _box(canvas, 0, floor, FRAME, FRAME, shaded((0.66, 0.50, 0.36), rng.uniform(0.7, 1.2)))
    _box(canvas, 0, floor - 1.6, FRAME, floor, (0.92, 0.91, 0.89))
    door = rng.uniform(-5, 70)
    _box(canvas, door, 12, door + 27, floor, shaded(wall, 0.86))
    _box(canvas, door + 3, 17, door + 24, 45, shaded(wall, 0.92))
    _box(canvas, door + 3, 50, door + 24, floor - 5, shaded(wall, 0.92))
    for _ in range(int(rng.integers(2, 6))):  # pictures on the wall
        x, y = rng.uniform(-5, 90), rng.uniform(2, 40)
        wide, high = rng.uniform(7, 18), rng.uniform(8, 20)
        _box(canvas, x, y, x + wide, y + high, (0.2, 0.18, 0.17))
        _box(canvas, x + 0.8, y + 0.8, x + wide - 0.8, y + high - 0.8, _any_colour(rng, 0.6))
        canvas.drawCircle(x + 0.5 * wide, y + 0.55 * high, 0.2 * wide, fill(_any_colour(rng, 0.7)))
    shelf = rng.uniform(0, 75)
    for y in (48, 60, 72):
        _box(canvas, shelf, y, shelf + 25, y + 1, (0.5, 0.38, 0.28))
        x = shelf + 1
        while x < shelf + 23:
            wide = rng.uniform(0.9, 2.4)
            _box(canvas, x, y - rng.uniform(5, 9), x + wide, y, _any_colour(rng, 0.7))
            x += wide + 0.15
    bed = _any_colour(rng, 0.45)
    _round(canvas, rng.uniform(-20, 10), floor - 9, rng.uniform(15, 40), floor + 6, 3, bed)
    if rng.random() < 0.6:  # a rug, a plant, a lamp
        _round(canvas, rng.uniform(5, 40), floor + 3, rng.uniform(60, 95), FRAME + 3, 4, _any_colour(rng, 0.5))
    if rng.random() < 0.5:
        _tree(canvas, rng.uniform(2, 98), floor + 2, rng.uniform(18, 34), rng)
    if rng.random() < 0.5:
        x = rng.uniform(3, 97)
        _box(canvas, x - 0.5, 38, x + 0.5, floor + 2, (0.25, 0.24, 0.23))
        _round(canvas, x - 6, 30, x + 6, 40, 2, (0.97, 0.91, 0.74))


def _wall(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    tone = shaded(choice(rng, _STONES), rng.uniform(0.8, 1.2))
    floor = rng.uniform(80, 90)
    _box(canvas, 0, 0, FRAME, floor, tone)
    high, wide = rng.choice([3.2, 5.0, 14.0]), rng.uniform(6, 9)
    wide = wide * (1 if high < 6 else 2.6)
    for row, y in enumerate(np.arange(0, floor, high)):
        for x in np.arange(-wide * (0.5 * (row % 2) + 0.5), FRAME, wide):
            _box(canvas, x + 0.2, y + 0.2, x + wide - 0.2, y + high - 0.2, shaded(tone, rng.uniform(0.9, 1.1)))
    for _ in range(int(rng.integers(1, 5))):  # posters and paint
        x, y, w, h = rng.uniform(-5, 90), rng.uniform(5, 55), rng.uniform(8, 20), rng.uniform(10, 26)
        sheet = _any_colour(rng, 0.75)
        _box(canvas, x, y, x + w, y + h, sheet)
        for k in range(3):
            _lettering(canvas, x + 1, y + 2 + 5 * k, w - 2, 2.4, sheet, rng)
    for _ in range(int(rng.integers(0, 4))):
        xy = rng.uniform((0, 20), (FRAME, floor - 5), (5, 2))
        path = skia.Path()
        path.moveTo(*map(float, xy[0]))
        path.cubicTo(*map(float, xy[1:4].ravel()))
        canvas.drawPath(path, stroke(_any_colour(rng, 0.8), rng.uniform(0.6, 1.6)))
    _paving(canvas, floor, rng)


def _any_colour(rng: np.random.Generator, strength: float) -> RGB:
    """Any colour at all, half of `strength` of the way from gray: clutter must not go with any word."""
    level = rng.uniform(0.25, 0.85)
    return mixed((level, level, level), tuple(rng.random(3)), 0.5 * strength)


def _box(canvas: skia.Canvas, left: float, top: float, right: float, low: float, colour: RGB) -> None:
    canvas.drawRect(skia.Rect.MakeLTRB(left, top, right, low), fill(colour))


def _round(canvas: skia.Canvas, left: float, top: float, right: float, low: float, radius: float, colour: RGB) -> None:
    canvas.drawRoundRect(skia.Rect.MakeLTRB(left, top, right, low), radius, radius, fill(colour))
