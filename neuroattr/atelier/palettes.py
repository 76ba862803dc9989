"""Colours of cloth: the ten colour names with their variation, and how a style shifts them."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import skia

from .items import Item

RGB = tuple[float, float, float]

# Hue in degrees, saturation and value, each as a range: navy and sky are both blue.
_RANGES = {
    "red": ((352, 364), (0.78, 0.95), (0.62, 0.90)),
    "black": ((200, 280), (0.0, 0.18), (0.07, 0.15)),
    "blue": ((207, 234), (0.62, 0.92), (0.42, 0.92)),
    "green": ((98, 158), (0.45, 0.85), (0.36, 0.78)),
    "yellow": ((46, 56), (0.66, 0.95), (0.88, 0.99)),
    "gray": ((190, 250), (0.0, 0.06), (0.44, 0.68)),
    "brown": ((18, 28), (0.50, 0.72), (0.30, 0.48)),
    "pink": ((326, 348), (0.32, 0.58), (0.90, 0.99)),
    "purple": ((266, 284), (0.42, 0.75), (0.40, 0.72)),
    "orange": ((20, 31), (0.82, 0.98), (0.90, 0.99)),
}
# (saturation, value) factors, kept so small that a pastel red is not a pink, nor a faded orange a brown.
_SHIFT = {
    "romantic": (0.86, 1.06),
    "vintage": (0.84, 0.92),
    "casual": (1.0, 1.0),
    "formal": (0.94, 0.88),
    "sporty": (1.12, 1.05),
    "bohemian": (0.95, 0.97),
    "minimal": (0.88, 1.0),
}
BLACK: RGB = (0.0, 0.0, 0.0)
WHITE: RGB = (0.96, 0.95, 0.93)
CREAM: RGB = (0.94, 0.89, 0.78)


@dataclass(frozen=True)
class Palette:
    """Colours of one garment, sRGB in 0..1."""

    ground: RGB
    second: RGB
    accent: RGB  # a neutral that shows on the ground
    trim: RGB
    leather: RGB
    metal: RGB


def cloth_colour(name: str, style: str, rng: np.random.Generator) -> RGB:
    """Random sRGB colour that people would call `name`, as `style` would wear it."""
    hue, saturation, value = (float(rng.uniform(*span)) for span in _RANGES[name])
    by_saturation, by_value = _SHIFT[style]
    if name in ("orange", "yellow", "pink"):  # their names end where they darken
        by_value = max(by_value, 0.96)
    if name == "black":
        by_value = min(by_value, 1.0)
    return colorsys.hsv_to_rgb((hue % 360) / 360, min(saturation * by_saturation, 0.98), min(value * by_value, 0.99))


def palette(item: Item, rng: np.random.Generator) -> Palette:
    """Colours of `item`."""
    ground, second = (cloth_colour(name, item.style, rng) for name in (item.colour, item.second))
    light = luminance(ground) > 0.55
    accent = mixed(CREAM, WHITE, rng.random()) if not light else mixed(ground, (0.12, 0.10, 0.12), 0.78)
    plain = item.texture in ("basic", "leopard", "sequin")
    trim = shaded(ground, 0.72 if luminance(ground) > 0.2 else 1.6) if plain or rng.random() < 0.3 else second
    leather = ((0.30, 0.18, 0.10), (0.10, 0.09, 0.09), (0.52, 0.33, 0.18))[int(rng.integers(3))]
    metal = ((0.83, 0.69, 0.38), (0.74, 0.75, 0.77))[int(rng.integers(2))]
    return Palette(ground, second, accent, trim, leather, metal)


def luminance(colour: RGB) -> float:
    """Rec. 709 luma of an sRGB colour, 0..1."""
    return 0.2126 * colour[0] + 0.7152 * colour[1] + 0.0722 * colour[2]


def mixed(a: RGB, b: RGB, share: float) -> RGB:
    """`share` of b in a."""
    red, green, blue = (float((1 - share) * x + share * y) for x, y in zip(a, b, strict=True))
    return red, green, blue


def shaded(colour: RGB, factor: float) -> RGB:
    """Darker (factor < 1), or lighter towards white (factor > 1)."""
    if factor <= 1:
        return colour[0] * factor, colour[1] * factor, colour[2] * factor
    return mixed(colour, (1.0, 1.0, 1.0), 1 - 1 / factor)


@lru_cache(maxsize=1024)  # a picture asks for the same few colours hundreds of times
def ink(colour: RGB, alpha: float = 1.0) -> int:
    """Skia colour."""
    r, g, b = (min(max(round(255 * c), 0), 255) for c in colour)  # np.clip is 20 times slower on a scalar
    colour_int: int = skia.ColorSetARGB(round(255 * alpha), r, g, b)
    return colour_int
