"""What is behind and below a bird: a background out of focus, a perch in focus, water with its reflection."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import skia

from ..choices import choice
from ..paints import blurred, fill, stroke
from ..palettes import RGB, ink, mixed, shaded
from .bird import Bird
from .composition import PERCH, SCENE, Composition, stream
from .curves import feather, polygon, smooth

_COARSE = 40  # pixels of the background before it is enlarged: what is out of focus needs no more
_GREENS = ((0.36, 0.46, 0.22), (0.45, 0.55, 0.28), (0.28, 0.38, 0.20), (0.55, 0.60, 0.33), (0.34, 0.44, 0.32))
_EARTHS = ((0.52, 0.45, 0.34), (0.62, 0.55, 0.43), (0.45, 0.40, 0.32), (0.60, 0.56, 0.48))
_SKIES = ((0.55, 0.70, 0.86), (0.72, 0.80, 0.88), (0.82, 0.84, 0.85), (0.64, 0.74, 0.84))
_WATERS = ((0.36, 0.46, 0.52), (0.30, 0.40, 0.42), (0.45, 0.55, 0.62), (0.38, 0.42, 0.34))
_BARKS = ((0.38, 0.31, 0.25), (0.48, 0.42, 0.36), (0.33, 0.28, 0.25), (0.55, 0.50, 0.44))
_STRAWS = ((0.70, 0.62, 0.42), (0.60, 0.56, 0.36), (0.78, 0.70, 0.52), (0.50, 0.54, 0.30))


def paint_background(canvas: skia.Canvas, bird: Bird, picture: Composition, size: int) -> None:
    """Fill the frame with what is far behind the bird, as a long lens shows it."""
    rng = stream(bird, SCENE)
    small = skia.Surface(_COARSE, _COARSE)
    with small as far:
        far.scale(_COARSE, _COARSE)
        line = picture.waterline
        _BACKGROUNDS[bird.surroundings](far, rng)
        if line is not None or bird.surroundings == "water":
            _water(far, rng, (line if line is not None else picture.feet[1]) - rng.uniform(0.12, 0.30))
        elif bird.surroundings == "ground":
            _ground(far, rng, picture.feet[1] - rng.uniform(0.04, 0.16))
    smooth_ = skia.SamplingOptions(skia.CubicResampler.Mitchell())
    canvas.drawImageRect(small.makeImageSnapshot(), skia.Rect.MakeLTRB(-0.03, -0.03, 1.03, 1.03), smooth_)


def _blobs(canvas: skia.Canvas, rng: np.random.Generator, colours: Sequence[RGB], count: int, reach: float) -> None:
    for _ in range(count):
        tone = shaded(choice(rng, colours), rng.uniform(0.7, 1.25))
        radius = reach * rng.uniform(0.5, 1.3)
        brush = blurred(fill(tone, rng.uniform(0.35, 0.8)), 0.5 * radius)
        canvas.drawCircle(rng.uniform(-0.1, 1.1), rng.uniform(-0.1, 1.1), radius, brush)


def _wood(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    tones = (*_GREENS, choice(rng, _EARTHS), mixed(choice(rng, _SKIES), choice(rng, _GREENS), 0.4))
    canvas.clear(ink(choice(rng, tones)))
    _blobs(canvas, rng, tones, 16, 0.20)
    for _ in range(int(rng.integers(0, 4))):  # boughs far behind
        x, y = rng.uniform(-0.2, 1.0), rng.uniform(0, 1)
        pen = blurred(stroke(shaded(choice(rng, _BARKS), 0.8), rng.uniform(0.02, 0.07), 0.5), 0.02)
        canvas.drawLine(x, y, x + rng.uniform(0.2, 0.8), y + rng.uniform(-0.6, 0.6), pen)


def _leaves(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    canvas.clear(ink(shaded(choice(rng, _GREENS), 0.8)))
    _blobs(canvas, rng, _GREENS, 22, 0.13)
    for _ in range(int(rng.integers(4, 12))):  # gaps of sky, as discs
        spot = fill(mixed((0.86, 0.90, 0.78), choice(rng, _GREENS), rng.uniform(0.1, 0.5)), rng.uniform(0.3, 0.7))
        canvas.drawCircle(rng.uniform(0, 1), rng.uniform(0, 1), rng.uniform(0.02, 0.06), spot)


def _sky(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    top = choice(rng, _SKIES)
    low = mixed(top, (0.93, 0.93, 0.92), rng.uniform(0.2, 0.7))
    canvas.drawPaint(skia.Paint(Shader=skia.GradientShader.MakeLinear([(0, 0), (0, 1)], [ink(top), ink(low)])))
    _blobs(canvas, rng, ((0.92, 0.93, 0.94), low), int(rng.integers(0, 6)), 0.22)


def _straw(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    canvas.clear(ink(mixed(choice(rng, _STRAWS), choice(rng, _GREENS), rng.uniform(0.1, 0.6))))
    _blobs(canvas, rng, (*_STRAWS, choice(rng, _GREENS)), 10, 0.18)
    for _ in range(22):
        x = rng.uniform(-0.1, 1.1)
        pen = blurred(
            stroke(shaded(choice(rng, _STRAWS), rng.uniform(0.6, 1.2)), rng.uniform(0.012, 0.035), 0.6), 0.010
        )
        canvas.drawLine(x, -0.1, x + rng.normal(0, 0.10), 1.1, pen)


def _shore(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    tones = (*_GREENS[:3], choice(rng, _EARTHS), choice(rng, _STRAWS))
    canvas.clear(ink(choice(rng, tones)))
    _blobs(canvas, rng, tones, 12, 0.18)


_BACKGROUNDS = {
    "branch": _wood,
    "foliage": _leaves,
    "sky": _sky,
    "reeds": _straw,
    "water": _shore,
    "ground": _shore,
}


def _water(canvas: skia.Canvas, rng: np.random.Generator, horizon: float) -> None:
    tone = choice(rng, _WATERS)
    shader = skia.GradientShader.MakeLinear([(0, horizon), (0, 1)], [ink(shaded(tone, 1.25)), ink(shaded(tone, 0.85))])
    canvas.drawRect(skia.Rect.MakeLTRB(-1, horizon, 2, 2), skia.Paint(Shader=shader))
    for _ in range(26):
        y = horizon + (1.05 - horizon) * rng.random() ** 0.8
        x, wide = rng.uniform(-0.2, 1.0), rng.uniform(0.1, 0.5)
        shift = shaded(tone, rng.choice([0.75, 1.4]))
        canvas.drawOval(
            skia.Rect.MakeLTRB(x, y, x + wide, y + rng.uniform(0.01, 0.03)), blurred(fill(shift, 0.35), 0.008)
        )


def _ground(canvas: skia.Canvas, rng: np.random.Generator, horizon: float) -> None:
    tone = choice(rng, (*_EARTHS, *_GREENS[:2]))
    shader = skia.GradientShader.MakeLinear([(0, horizon - 0.05), (0, horizon + 0.1)], [ink(tone, 0.0), ink(tone)])
    canvas.drawRect(skia.Rect.MakeLTRB(-1, horizon - 0.05, 2, 2), skia.Paint(Shader=shader))
    for _ in range(40):
        y = horizon + (1.05 - horizon) * rng.random()
        x, wide = rng.uniform(-0.1, 1.0), rng.uniform(0.02, 0.12)
        canvas.drawOval(
            skia.Rect.MakeLTRB(x, y, x + wide, y + 0.3 * wide), fill(shaded(tone, rng.uniform(0.7, 1.3)), 0.45)
        )


def paint_perch(canvas: skia.Canvas, bird: Bird, picture: Composition) -> None:
    """Paint what the bird holds or stands on, in focus."""
    rng = stream(bird, PERCH)
    if bird.surroundings == "water":
        _stone(canvas, picture, rng)
    elif bird.surroundings == "ground":
        _litter(canvas, picture, rng)
    elif bird.surroundings == "reeds":
        _stems(canvas, picture, rng)
    else:
        steep = bird.shape == "woodpecker"
        _branch(canvas, picture, rng, steep, bird.surroundings)


def _branch(canvas: skia.Canvas, picture: Composition, rng: np.random.Generator, steep: bool, where: str) -> None:
    x, y = picture.feet
    unit, flip = picture.unit, -1.0 if picture.mirrored else 1.0
    angle = picture.body.angle + rng.normal(0, 3) if steep else rng.normal(0, 9)
    thick = unit * (rng.uniform(0.30, 0.42) if steep else rng.uniform(0.07, 0.15))
    way = np.array([flip * np.cos(np.deg2rad(angle)), -np.sin(np.deg2rad(angle))])
    across = np.array([-way[1], way[0]]) * np.sign(way[0])  # points down
    start = np.array([x, y]) + 0.5 * thick * across
    along = np.linspace(-1.6, 1.6, 13)
    bends = rng.normal(0, 0.05 * thick, (2, 13)) + np.cumsum(rng.normal(0, 0.012, 13)) * (abs(along) > 0.3)
    taper = 1 - 0.22 * along
    upper = start + along[:, None] * way + ((bends[0] - 0.5 * thick) * taper)[:, None] * across
    lower = start + along[:, None] * way + ((bends[1] + 0.5 * thick) * taper)[:, None] * across
    path = smooth(np.concatenate([upper, lower[::-1]]))
    bark = choice(rng, _BARKS)
    for _ in range(int(rng.integers(1, 4))):
        _twig(canvas, start + rng.uniform(-0.6, 0.6) * way, way, unit, bark, where, rng)
    ends = [skia.Point(*(start - 0.5 * thick * across).tolist()), skia.Point(*(start + 0.5 * thick * across).tolist())]
    tones = [ink(shaded(bark, 1.30)), ink(bark), ink(shaded(bark, 0.55))]
    canvas.drawPath(path, skia.Paint(AntiAlias=True, Shader=skia.GradientShader.MakeLinear(ends, tones)))
    canvas.save()
    canvas.clipPath(path, True)
    for _ in range(70):
        at = start + rng.uniform(-1, 1) * way + rng.uniform(-0.5, 0.5) * thick * across
        end = at + way * rng.uniform(0.02, 0.09) + across * rng.normal(0, 0.003)
        tone = shaded(bark, float(rng.choice([0.55, 0.7, 1.35])))
        canvas.drawLine(*at.tolist(), *end.tolist(), stroke(tone, rng.uniform(0.003, 0.007), 0.6))
    shadow = skia.Rect.MakeLTRB(x - 0.25 * unit, y - 0.02, x + 0.25 * unit, y + 0.03 * unit)
    canvas.drawOval(shadow, blurred(fill((0, 0, 0), 0.35), 0.02))
    canvas.restore()


def _twig(
    canvas: skia.Canvas, root: np.ndarray, way: np.ndarray, unit: float, bark: RGB, where: str, rng: np.random.Generator
) -> None:
    turn = np.deg2rad(rng.choice([-1, 1]) * rng.uniform(25, 65))
    c, s = np.cos(turn), np.sin(turn)
    out = np.array([way[0] * c - way[1] * s, way[0] * s + way[1] * c]) * rng.choice([-1, 1])
    end = root + out * unit * rng.uniform(0.35, 0.9)
    canvas.drawLine(*root.tolist(), *end.tolist(), stroke(shaded(bark, 0.9), 0.022 * unit))
    count = int(rng.integers(3, 7)) if where == "foliage" else int(rng.integers(0, 4)) if where == "branch" else 0
    for _ in range(count):
        at = root + (end - root) * rng.uniform(0.3, 1.0)
        direction = out + rng.normal(0, 0.7, 2)
        tip = at + direction / np.hypot(*direction) * unit * rng.uniform(0.16, 0.34)
        _leaf(canvas, at, tip, shaded(choice(rng, _GREENS), rng.uniform(0.8, 1.3)))


def _leaf(canvas: skia.Canvas, root: np.ndarray, tip: np.ndarray, tone: RGB) -> None:
    path = feather(root, tip, 0.42 * float(np.hypot(*(tip - root))), 0.05)
    ends = [skia.Point(*root.tolist()), skia.Point(*tip.tolist())]
    shader = skia.GradientShader.MakeLinear(ends, [ink(shaded(tone, 0.75)), ink(shaded(tone, 1.15))])
    canvas.drawPath(path, skia.Paint(AntiAlias=True, Shader=shader))
    canvas.drawLine(*root.tolist(), *tip.tolist(), stroke(shaded(tone, 1.35), 0.004, 0.7))


def _stems(canvas: skia.Canvas, picture: Composition, rng: np.random.Generator) -> None:
    x, y = picture.feet
    for k in range(5):
        lean = rng.normal(0, 0.12)
        at = x if k == 4 else rng.uniform(0, 1)  # the last is the one that the bird holds
        lean = 0.55 * (-1 if picture.mirrored else 1) if k == 4 else lean
        tone = shaded(choice(rng, _STRAWS), rng.uniform(0.8, 1.1) if k == 4 else 0.75)
        wide = picture.unit * (0.055 if k == 4 else rng.uniform(0.025, 0.05))
        a, b = (at - lean * 1.2, y + 1.2 * 0.5), (at + lean * 1.2, y - 1.2 * 0.5)
        canvas.drawLine(*a, *b, stroke(shaded(tone, 0.7), 1.25 * wide))
        canvas.drawLine(*a, *b, stroke(tone, 0.75 * wide))


def _stone(canvas: skia.Canvas, picture: Composition, rng: np.random.Generator) -> None:
    x, y = picture.feet
    unit, tone = picture.unit, mixed((0.50, 0.49, 0.47), (0.42, 0.36, 0.30), rng.random())
    wide, deep = unit * rng.uniform(0.5, 0.8), unit * rng.uniform(0.16, 0.26)
    outline = smooth(
        np.array(
            [
                (x - wide, y + deep),
                (x - 0.8 * wide, y + 0.2 * deep),
                (x - 0.3 * wide, y - 0.01),
                (x + 0.4 * wide, y - 0.008),
                (x + 0.85 * wide, y + 0.25 * deep),
                (x + wide, y + deep),
                (x, y + 1.3 * deep),
            ]
        )
    )
    ends = [skia.Point(x, y - 0.01), skia.Point(x, y + deep)]
    shader = skia.GradientShader.MakeLinear(ends, [ink(shaded(tone, 1.3)), ink(shaded(tone, 0.6))])
    canvas.drawPath(outline, skia.Paint(AntiAlias=True, Shader=shader))
    canvas.save()
    canvas.clipPath(outline, True)
    for _ in range(60):
        spot = fill(shaded(tone, float(rng.choice([0.6, 1.4]))), 0.4)
        canvas.drawCircle(x + rng.uniform(-wide, wide), y + rng.uniform(0, deep), rng.uniform(0.002, 0.008), spot)
    canvas.restore()
    canvas.drawLine(
        x - 1.15 * wide, y + deep, x + 1.15 * wide, y + deep, blurred(stroke((0.9, 0.93, 0.95), 0.008, 0.5), 0.004)
    )


def _litter(canvas: skia.Canvas, picture: Composition, rng: np.random.Generator) -> None:
    x, y = picture.feet
    shadow = skia.Rect.MakeLTRB(x - 0.45 * picture.unit, y - 0.03, x + 0.45 * picture.unit, y + 0.05)
    canvas.drawOval(shadow, blurred(fill((0.04, 0.03, 0.02), 0.45), 0.02))
    for _ in range(130):
        row = rng.random()
        low = y - 0.03 + (1.03 - y) * row
        at = rng.uniform(-0.05, 1.05)
        if rng.random() < 0.55:
            tone = shaded(choice(rng, _EARTHS), rng.uniform(0.6, 1.35))
            r = (0.003 + 0.012 * row) * rng.uniform(0.5, 1.4)
            canvas.drawOval(skia.Rect.MakeLTRB(at - 1.4 * r, low - r, at + 1.4 * r, low + r), fill(tone, 0.8))
        else:
            tone = shaded(choice(rng, (*_GREENS, *_STRAWS)), rng.uniform(0.7, 1.1))
            tip = np.array([at + rng.normal(0, 0.03), low - rng.uniform(0.01, 0.05)])
            canvas.drawPath(polygon(np.array([(at - 0.004, low), (at + 0.004, low), tip])), fill(tone, 0.85))


def paint_reflection(canvas: skia.Canvas, bird: Bird, picture: Composition, lit: skia.Image) -> None:
    """Paint the mirror image of a swimmer below the waterline, broken by the waves."""
    if picture.waterline is None:
        return
    line, rng = picture.waterline, stream(bird, PERCH)
    step = 0.012
    for k, y in enumerate(np.arange(line, 1.0, step)):
        shift = 0.010 * np.sin(1.9 * k + rng.uniform(0, 1.4)) * min(1.0, 0.2 + k / 8)
        canvas.save()
        canvas.clipRect(skia.Rect.MakeLTRB(0, y, 1, y + step))
        canvas.translate(shift, 2 * line)
        canvas.scale(1, -1)
        paint = skia.Paint(Alphaf=max(0.0, 0.55 - 0.9 * (float(y) - line)))
        canvas.drawImageRect(lit, skia.Rect.MakeWH(1, 1), skia.SamplingOptions(skia.FilterMode.kLinear), paint)
        canvas.restore()


def paint_waterline(canvas: skia.Canvas, bird: Bird, picture: Composition) -> None:
    """Paint ripples where a swimmer meets the water."""
    if picture.waterline is None:
        return
    rng, line, x = stream(bird, PERCH), picture.waterline, bird.place[0]
    for k in range(9):
        wide = picture.unit * rng.uniform(0.35, 0.75) * (1 + 0.12 * k)
        y = line + 0.012 * k * rng.uniform(0.9, 1.3) + 0.002
        at = x + rng.normal(0, 0.10)
        tone = (0.90, 0.94, 0.97) if k % 2 == 0 else (0.08, 0.12, 0.14)
        shape = skia.Rect.MakeLTRB(at - wide, y - 0.003, at + wide, y + 0.004)
        canvas.drawOval(shape, blurred(fill(tone, 0.42 if k % 2 == 0 else 0.25), 0.003))
