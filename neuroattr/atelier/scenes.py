"""Where and how a product is photographed: pose in the frame, background, light, camera.

The frame is 100 x 100 units, whatever the picture's size in pixels.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from .choices import choice
from .palettes import RGB, ink, mixed, shaded

FRAME = 100.0
BACKGROUNDS = ("studio", "gradient", "wood", "wall", "interior")
_BACKGROUND_RATES = {
    "romantic": (0.30, 0.15, 0.10, 0.25, 0.20),
    "vintage": (0.15, 0.10, 0.35, 0.25, 0.15),
    "casual": (0.30, 0.20, 0.20, 0.20, 0.10),
    "formal": (0.45, 0.35, 0.05, 0.10, 0.05),
    "sporty": (0.40, 0.30, 0.05, 0.15, 0.10),
    "bohemian": (0.12, 0.08, 0.30, 0.25, 0.25),
    "minimal": (0.60, 0.20, 0.02, 0.18, 0.00),
}
_WALLS = ((0.87, 0.83, 0.77), (0.80, 0.82, 0.83), (0.76, 0.80, 0.78), (0.86, 0.80, 0.79), (0.70, 0.72, 0.75))
_WOODS = ((0.62, 0.47, 0.34), (0.75, 0.63, 0.50), (0.46, 0.36, 0.29), (0.80, 0.77, 0.72))


@dataclass(frozen=True)
class Light:
    """Side it comes from (-1 left .. 1 right) and softness of its shadows, in frame units."""

    side: float
    softness: float
    darkness: float


def light(style: str, rng: np.random.Generator) -> Light:
    """Light of a photograph: soft for romantic and minimal pictures, harder for sporty ones."""
    softness = {"romantic": 3.6, "minimal": 3.2, "sporty": 1.6, "formal": 2.0}.get(style, 2.4) * rng.uniform(0.7, 1.3)
    return Light(float(rng.uniform(-1, 1)), softness, float(rng.uniform(0.22, 0.42)))


def pose(bounds: skia.Rect, style: str, rng: np.random.Generator) -> skia.Matrix:
    """Matrix from garment centimetres to the frame: turned, scaled, slightly in perspective, wholly inside."""
    share = rng.uniform(0.50, 0.68) if style == "minimal" else rng.uniform(0.70, 0.93)
    turn = float(np.clip(rng.normal(0, 4.5), -13, 13))
    tilt = rng.normal(0, 0.00035, 2)
    matrix = skia.Matrix()
    matrix.setAll(1, rng.normal(0, 0.015), 0, rng.normal(0, 0.015), 1, 0, tilt[0], tilt[1], 1)
    matrix.preRotate(turn)
    longest = max(bounds.width(), bounds.height())
    matrix.preScale(FRAME * share / longest, FRAME * share / longest)
    matrix.preTranslate(-bounds.centerX(), -bounds.centerY())
    box = matrix.mapRect(bounds)
    shrink = min(1.0, 94 / box.width(), 94 / box.height())
    matrix.postScale(shrink, shrink)
    box = matrix.mapRect(bounds)
    room = [max(0.0, 0.5 * (95 - side)) for side in (box.width(), box.height())]
    shift = [float(np.clip(rng.normal(0, 4.0), -r, r)) for r in room]
    matrix.postTranslate(FRAME / 2 + shift[0] - box.centerX(), FRAME / 2 + shift[1] - box.centerY())
    return matrix


def paint_background(canvas: skia.Canvas, style: str, lit: Light, rng: np.random.Generator) -> None:
    """Fill the frame with one of BACKGROUNDS, chosen by the style."""
    name = BACKGROUNDS[int(rng.choice(len(BACKGROUNDS), p=_BACKGROUND_RATES[style]))]
    {"studio": _studio, "gradient": _gradient, "wood": _wood, "wall": _wall, "interior": _interior}[name](canvas, rng)
    glow = skia.GradientShader.MakeRadial(
        (FRAME * (0.5 + 0.4 * lit.side), 10.0), 120.0, [ink((1, 1, 1), 0.16), ink((0, 0, 0), 0.10)]
    )
    canvas.drawPaint(skia.Paint(Shader=glow))


def _studio(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    white = rng.uniform(0.93, 1.0)
    _vertical(canvas, (white, white, white), shaded((white, white, white * 0.995), rng.uniform(0.90, 0.98)))


def _gradient(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    level = rng.uniform(0.58, 0.86)
    top, bottom = (
        (level * rng.uniform(0.97, 1.03), level, level),
        shaded((level, level, level), rng.uniform(0.62, 0.85)),
    )
    _vertical(canvas, *((top, bottom) if rng.random() < 0.7 else (bottom, top)))


def _vertical(canvas: skia.Canvas, top: RGB, bottom: RGB) -> None:
    shader = skia.GradientShader.MakeLinear([(0, 0), (0, FRAME)], [ink(top), ink(bottom)])
    canvas.drawPaint(skia.Paint(Shader=shader))


def _wood(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    tone = choice(rng, _WOODS)
    canvas.clear(ink(tone))
    canvas.save()
    canvas.rotate(float(rng.choice([0, 90])) + rng.normal(0, 3), FRAME / 2, FRAME / 2)
    width = rng.uniform(15, 26)
    grain = _noise((48, 5), 0.10, rng)
    for k, y in enumerate(np.arange(-24 + rng.uniform(0, width), 124, width)):
        plank = skia.Rect.MakeXYWH(-30, y, 160, width - 0.5)
        canvas.drawRect(plank, skia.Paint(Color=ink(shaded(tone, rng.uniform(0.88, 1.08)))))
        source = skia.Rect.MakeXYWH(0, (7 * k) % 24, 5, 20)
        canvas.drawImageRect(grain, source, plank, skia.SamplingOptions(skia.CubicResampler.Mitchell()), skia.Paint())
        canvas.drawRect(skia.Rect.MakeXYWH(-30, y + width - 0.6, 160, 0.7), skia.Paint(Color=ink(shaded(tone, 0.4))))
    canvas.restore()


def _wall(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    tone = choice(rng, _WALLS)
    canvas.clear(ink(tone))
    whole = skia.Rect.MakeWH(FRAME, FRAME)
    plaster = _noise((22, 22), 0.05, rng)
    canvas.drawImageRect(plaster, whole, skia.SamplingOptions(skia.CubicResampler.Mitchell()), skia.Paint())
    if rng.random() < 0.35:
        floor = rng.uniform(84, 93)
        canvas.drawRect(skia.Rect.MakeLTRB(0, floor, FRAME, FRAME), skia.Paint(Color=ink(shaded(tone, 0.72))))
        canvas.drawRect(skia.Rect.MakeLTRB(0, floor - 3.5, FRAME, floor), skia.Paint(Color=ink(shaded(tone, 1.12))))


def _interior(canvas: skia.Canvas, rng: np.random.Generator) -> None:
    tone = mixed((0.80, 0.74, 0.66), (0.68, 0.70, 0.72), rng.random())
    canvas.clear(ink(tone))
    layer = skia.Paint(ImageFilter=skia.ImageFilters.Blur(rng.uniform(2.0, 3.5), rng.uniform(2.0, 3.5)))
    canvas.saveLayer(paint=layer)
    canvas.drawRect(skia.Rect.MakeLTRB(-5, rng.uniform(70, 84), 105, 105), skia.Paint(Color=ink(shaded(tone, 0.62))))
    for _ in range(int(rng.integers(4, 8))):  # furniture, frames, a window: muted, so that no colour word follows them
        level = rng.uniform(0.25, 0.95)
        muted = mixed((level, level, level), tuple(rng.random(3)), 0.18)
        box = skia.Rect.MakeXYWH(rng.uniform(-15, 90), rng.uniform(-10, 75), rng.uniform(8, 34), rng.uniform(10, 45))
        canvas.drawRect(box, skia.Paint(Color=ink(muted)))
    for _ in range(int(rng.integers(0, 6))):
        spot = skia.Paint(Color=ink((1.0, 0.95, 0.82), 0.7))
        canvas.drawCircle(rng.uniform(0, FRAME), rng.uniform(0, 45), rng.uniform(1.5, 4), spot)
    canvas.restore()


def _noise(shape: tuple[int, int], strength: float, rng: np.random.Generator) -> skia.Image:
    """Small picture of black and white veils, to be stretched."""
    veil = rng.normal(0, strength, shape)
    pixels = np.zeros((*shape, 4), dtype=np.uint8)
    pixels[..., :3] = np.where(veil > 0, 255, 0)[..., None]
    pixels[..., 3] = np.clip(np.abs(veil) * 255, 0, 255)
    pixels[..., :3] = (pixels[..., :3].astype(np.uint16) * pixels[..., 3:] // 255).astype(np.uint8)
    return skia.Image.fromarray(pixels, skia.ColorType.kRGBA_8888_ColorType, skia.AlphaType.kPremul_AlphaType)


def photographed(pixels: np.ndarray, style: str, rng: np.random.Generator) -> np.ndarray:
    """What the camera makes of a scene: exposure, white balance, tone of the style, vignette, noise.

    Parameters
    ----------
    pixels : uint8 H x W x 3

    Returns
    -------
    uint8 H x W x 3
    """
    height, width, _ = pixels.shape
    gain = rng.uniform(0.93, 1.05) * (1 + rng.normal(0, 0.018, 3))
    lift = 0.0
    if style == "vintage":
        gain, lift = gain * (1.02, 0.985, 0.93), 14.0
    elif style == "romantic":
        gain, lift = gain * (1.01, 0.99, 0.99), 8.0
    y, x = (np.linspace(-1, 1, side, dtype=np.float32) ** 2 for side in (height, width))
    fall = 1 - np.float32(0.5 * rng.uniform(0.0, 0.16)) * (y[:, None] + x)
    image = np.array(pixels.transpose(2, 0, 1), np.float32, order="C")  # 3 x H x W, for loops as long as a row
    image *= (gain * (1 - lift / 255)).astype(np.float32)[:, None, None]
    image *= fall
    image += np.float32(lift)
    sigma = rng.uniform(0.8, 2.4)
    image += rng.standard_normal((height, width), dtype=np.float32) * np.float32(sigma)
    if style == "vintage":  # film grain, the same in all three colours
        image += rng.standard_normal((height, width), dtype=np.float32) * np.float32(rng.uniform(2, 4))
    else:  # noise of colour is coarser than noise of light, as in any camera with one sensor for each 2 x 2
        coarse = rng.standard_normal((-(-height // 2), -(-width // 2), 3), dtype=np.float32) * np.float32(0.5 * sigma)
        coarse = np.ascontiguousarray(coarse.transpose(2, 0, 1)).repeat(2, axis=2).repeat(2, axis=1)
        image += coarse[:, :height, :width]
    image += np.float32(0.5)
    return np.stack(list(np.clip(image, 0, 255, out=image).astype(np.uint8)), axis=-1)
