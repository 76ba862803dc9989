"""The bird's paint: colours of its parts, feathers, markings, beak and eye."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import skia

from ..paints import blurred, fill, stroke
from ..palettes import BLACK, RGB, ink, luminance, mixed, shaded
from .bird import Bird
from .colours import colours_of
from .composition import COLOURS, FEATHERS, Composition, stream
from .curves import turned
from .wings import Feather

Colours = dict[str, tuple[RGB, RGB]]
_SOFT = {"breast": 0.020, "back": 0.014, "nape": 0.022, "face": 0.016, "throat": 0.011, "crown": 0.008}


def paint(canvas: skia.Canvas, bird: Bird, picture: Composition) -> None:
    """Paint `bird` without light and shadow on a canvas whose units are those of its anatomy."""
    colours = colours_of(bird, stream(bird, COLOURS))
    rng = stream(bird, FEATHERS)
    body = picture.body
    for path in body.legs[:1]:
        canvas.drawPath(path, fill(shaded(colours["legs"][0], 0.72)))
    _paint_tail(canvas, bird, picture, colours)
    for path in body.legs[1:]:
        canvas.drawPath(path, fill(colours["legs"][0]))
    _paint_body(canvas, bird, picture, colours, rng)
    _paint_wing(canvas, bird, picture, colours, rng)
    _paint_beak(canvas, bird, picture, colours)
    _paint_eye(canvas, bird, picture, colours)


def _paint_body(
    canvas: skia.Canvas, bird: Bird, picture: Composition, colours: Colours, rng: np.random.Generator
) -> None:
    body = picture.body
    canvas.save()
    canvas.clipPath(body.outline, True)
    canvas.drawPath(body.outline, fill(colours["belly"][0]))
    _paint_pattern(canvas, bird, picture, "belly", colours["belly"], rng)
    for layer in picture.layers:
        if layer.clip is None:
            continue
        part = layer.part or "face"
        pair = colours["nape" if part == "face" else part]
        brush = blurred(fill(pair[0]), _SOFT.get(part, 0.005))
        brush.setPathEffect(
            skia.DiscretePathEffect.Make(0.03, 0.011 if part in ("breast", "back", "nape") else 0.005, bird.seed % 1000)
        )
        canvas.drawPath(layer.path, brush)
        if part != "face":
            _paint_pattern(canvas, bird, picture, part, pair, rng)
    if bird.age == "juvenile":
        _paint_streaks_of_young(canvas, picture, rng)
    _paint_scales(canvas, picture, rng)
    _paint_barbs(canvas, picture)
    canvas.restore()


def _paint_pattern(
    canvas: skia.Canvas, bird: Bird, picture: Composition, part: str, pair: tuple[RGB, RGB], rng: np.random.Generator
) -> None:
    """Streaks, spots or bars of a part of body or head, clipped to the part."""
    kind = bird.markings[part].pattern
    if kind == "plain" or part == "eye":
        return
    body = picture.body
    canvas.save()
    if part != "belly":
        canvas.clipPath(body.regions[part], True)
    of_head = part not in ("breast", "belly", "back")
    if of_head:
        places = [body.in_head(np.array(at)) for at in _grid(-1.3, 1.3, 0.30 if kind == "barred" else 0.26, 0.24, rng)]
        step, angle = 0.25 * body.form.head, body.gaze
    else:
        places = [body.in_body(np.array(at)) for at in _grid(-0.62, 0.62, 0.085, 0.055, rng)]
        step, angle = 0.055, body.angle + (24 if part == "breast" else 8)
    brush = fill(pair[1], 0.92)
    for at in places:
        canvas.drawPath(_mark(kind, at, step, angle + rng.normal(0, 9)), brush)
    canvas.restore()


def _grid(low: float, high: float, across: float, down: float, rng: np.random.Generator) -> list[tuple[float, float]]:
    """Places in rows that alternate like bricks, each a little off."""
    places = []
    for k, y in enumerate(np.arange(low, high, down)):
        for x in np.arange(low + (k % 2) * across / 2, high, across):
            places.append((float(x + rng.normal(0, 0.16 * across)), float(y + rng.normal(0, 0.16 * down))))
    return places


def _mark(kind: str, at: np.ndarray, step: float, angle: float) -> skia.Path:
    """One streak, spot or bar."""
    long, wide = {"streaked": (1.35, 0.36), "spotted": (0.46, 0.40), "barred": (0.30, 1.05)}[kind]
    shape = skia.Path()
    if kind == "streaked":  # a drop: thin towards the head
        shape.moveTo(0.5 * long * step, 0)
        shape.quadTo(-0.1 * long * step, wide * step, -0.5 * long * step, 0)
        shape.quadTo(-0.1 * long * step, -wide * step, 0.5 * long * step, 0)
    else:
        shape.addOval(skia.Rect.MakeLTRB(-long * step, -wide * step, long * step, wide * step))
    matrix = skia.Matrix.Translate(float(at[0]), float(at[1]))
    matrix.preRotate(-angle)
    shape.transform(matrix)
    return shape


def _paint_streaks_of_young(canvas: skia.Canvas, picture: Composition, rng: np.random.Generator) -> None:
    body = picture.body
    canvas.save()
    canvas.clipPath(body.regions["breast"], True)
    brush = fill((0.36, 0.26, 0.18), 0.30)
    for at in _grid(-0.62, 0.62, 0.10, 0.06, rng):
        canvas.drawPath(_mark("streaked", body.in_body(np.array(at)), 0.05, body.angle + 24 + rng.normal(0, 9)), brush)
    canvas.restore()


def _paint_scales(canvas: skia.Canvas, picture: Composition, rng: np.random.Generator) -> None:
    """Edges of the feathers of body and back: rows of shallow arcs, hardly seen."""
    body = picture.body
    dark, pale = skia.Path(), skia.Path()
    for x, y in _grid(-0.6, 0.6, 0.080, 0.050, rng):
        for path, shift in ((dark, 0.0), (pale, 0.012)):
            arc = [
                body.in_body(np.array(at))
                for at in ((x + shift, y - 0.026), (x - 0.04 + shift, y), (x + shift, y + 0.026))
            ]
            path.moveTo(*arc[0].tolist())
            path.quadTo(*arc[1].tolist(), *arc[2].tolist())
    canvas.drawPath(dark, stroke((0.1, 0.07, 0.05), 0.010, 0.13))
    canvas.drawPath(pale, stroke((1, 1, 1), 0.008, 0.10))


@lru_cache(maxsize=1)
def _barbs() -> skia.Image:
    """Fine lines along x, dark and pale, as a tile."""
    rng = np.random.default_rng(0)
    veil = rng.normal(0, 1, (96, 96))
    for _ in range(3):  # longer along x
        veil = (np.roll(veil, 1, axis=1) + 2 * veil + np.roll(veil, -1, axis=1)) / 4 + 0.5 * np.roll(veil, 2, axis=1)
    veil = veil / veil.std()
    pixels = np.zeros((96, 96, 4), np.uint8)
    alpha = np.clip(np.abs(veil) * 20, 0, 70)
    pixels[..., :3] = np.where(veil > 0, alpha, 0)[..., None]
    pixels[..., 3] = alpha
    return skia.Image.fromarray(pixels, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)


def _paint_barbs(canvas: skia.Canvas, picture: Composition) -> None:
    matrix = skia.Matrix.Translate(0.0, 0.0)
    matrix.preRotate(-picture.body.angle - 12)
    matrix.preScale(0.014, 0.008)
    repeat = skia.TileMode.kRepeat
    shader = _barbs().makeShader(repeat, repeat, skia.SamplingOptions(skia.FilterMode.kLinear), matrix)
    canvas.drawPath(picture.body.outline, skia.Paint(AntiAlias=True, Shader=shader))


def _paint_tail(canvas: skia.Canvas, bird: Bird, picture: Composition, colours: Colours) -> None:
    body, (first, second) = picture.body, colours["tail"]
    marking = bird.markings["tail"]
    root, way = body.tail_frame()
    across = np.array([-way[1], way[0]])
    for k, path in enumerate(body.tail):
        canvas.drawPath(path, fill(shaded(first, 0.80 + 0.035 * k)))
        canvas.save()
        canvas.clipPath(path, True)
        if marking.pattern == "barred":
            for at in np.arange(0.08, body.form.tail + 0.2, 0.105):
                a, b = root + at * way - 0.4 * across, root + at * way + 0.4 * across
                canvas.drawLine(*a.tolist(), *b.tolist(), stroke(second, 0.045))
        elif marking.pattern in ("streaked", "spotted") and k in (0, len(body.tail) - 1):
            canvas.drawPath(path, fill(second, 0.95))  # outer feathers of another colour
        canvas.restore()
        _paint_edge(canvas, path, first)


def _paint_edge(canvas: skia.Canvas, path: skia.Path, colour: RGB) -> None:
    """Edge of a feather: dark on pale ones, pale on dark ones."""
    if luminance(colour) < 0.22:
        canvas.drawPath(path, stroke(mixed(colour, (0.62, 0.60, 0.58), 0.55), 0.008, 0.55))
    else:
        canvas.drawPath(path, stroke(shaded(colour, 0.45), 0.009, 0.50))


def _paint_wing(
    canvas: skia.Canvas, bird: Bird, picture: Composition, colours: Colours, rng: np.random.Generator
) -> None:
    first, second = colours["wing"]
    pattern = bird.markings["wing"].pattern
    wing = picture.wing
    canvas.drawPath(wing.outline, fill(first))
    flight = shaded(first, 0.80) if luminance(first) > 0.12 else first
    for k, feather in enumerate(wing.feathers):
        canvas.save()
        if feather.row != "primary":
            canvas.clipPath(wing.outline, True)
        far = feather.row in ("primary", "secondary")
        base = flight if far else mixed(first, flight, 0.35 if feather.row in ("tertial", "greater") else 0.0)
        canvas.drawPath(feather.path, _feather_paint(feather, shaded(base, rng.uniform(0.94, 1.03))))
        _paint_edge(canvas, feather.path, first)
        _paint_feather_marking(canvas, feather, pattern, second, k)
        canvas.restore()


def _feather_paint(feather: Feather, colour: RGB) -> skia.Paint:
    """Darker towards the root, where the feather before covers it."""
    ends = [skia.Point(*point.tolist()) for point in feather.shaft]
    dark, pale = shaded(colour, 0.80), shaded(colour, 1.06)
    shader = skia.GradientShader.MakeLinear(ends, [ink(dark), ink(colour), ink(pale)], [0.2, 0.6, 1.0])
    return skia.Paint(AntiAlias=True, Shader=shader)


def _paint_feather_marking(canvas: skia.Canvas, feather: Feather, pattern: str, second: RGB, k: int) -> None:
    root, tip = feather.shaft
    if pattern == "barred" and feather.row in ("greater", "median"):  # two wing bars
        canvas.drawPath(feather.tip, fill(second))
    elif pattern == "spotted" and (feather.row != "primary" or k % 2):
        at = root + 0.82 * (tip - root)
        canvas.drawCircle(float(at[0]), float(at[1]), 0.020, fill(second))
    elif pattern == "streaked":
        a, b = root + 0.25 * (tip - root), root + 0.92 * (tip - root)
        canvas.drawLine(*a.tolist(), *b.tolist(), stroke(second, 0.022, 0.95))


def _paint_beak(canvas: skia.Canvas, bird: Bird, picture: Composition, colours: Colours) -> None:
    beak, (colour, second) = picture.body.beak, colours["beak"]
    pale = luminance(colour) > 0.12
    canvas.drawPath(beak.lower, fill(shaded(colour, 0.84) if pale else shaded(colour, 1.25)))
    canvas.drawPath(beak.upper, fill(colour))
    if bird.markings["beak"].second:
        canvas.save()
        canvas.clipPath(beak.whole, True)
        tip = beak.middle + 1.15 * (beak.middle - picture.body.head) * 0.5
        canvas.drawCircle(
            float(tip[0]), float(tip[1]), 0.35 * float(np.hypot(*(tip - beak.middle))) + 0.02, fill(second)
        )
        canvas.restore()
    top = turned(np.array([0.0, -0.22 * beak.height]), picture.body.gaze)
    canvas.save()
    canvas.clipPath(beak.upper, True)
    canvas.translate(*top.tolist())
    canvas.drawPath(beak.gape, blurred(stroke((1, 1, 1), 0.16 * beak.height, 0.40), 0.01))
    canvas.restore()
    canvas.drawPath(beak.gape, stroke(shaded(colour, 0.35) if pale else (0.34, 0.34, 0.36), 0.010, 0.75))
    radius = 0.045 * beak.height + 0.003
    canvas.drawCircle(*beak.nostril.tolist(), radius, fill(BLACK, 0.6))


def _paint_eye(canvas: skia.Canvas, bird: Bird, picture: Composition, colours: Colours) -> None:
    iris, _ = colours["eye"]
    centre = picture.body.anchors["eye"].tolist()
    radius = picture.body.form.eye * picture.body.form.head
    if bird.markings["eye"].second:
        canvas.drawCircle(*centre, 1.62 * radius, blurred(fill(colours["eye"][1]), 0.06 * radius))
    canvas.drawCircle(*centre, 1.16 * radius, fill((0.05, 0.04, 0.04), 0.85))
    canvas.drawCircle(*centre, radius, fill(iris))
    dark = luminance(iris) < 0.2
    canvas.drawCircle(*centre, (0.70 if dark else 0.50) * radius, fill((0.02, 0.02, 0.02)))
    side = -1.0 if picture.mirrored else 1.0
    x, y = centre[0] + 0.30 * radius * side, centre[1] - 0.36 * radius
    canvas.drawCircle(x, y, 0.27 * radius, fill((1, 1, 1), 0.95))
    canvas.drawCircle(centre[0] - 0.3 * radius, centre[1] + 0.42 * radius, 0.18 * radius, fill((0.8, 0.85, 0.9), 0.30))
