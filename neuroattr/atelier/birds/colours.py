"""What the colour names of birds look like, and how a single bird differs."""

from __future__ import annotations

import colorsys

import numpy as np

from ..palettes import RGB, mixed, shaded
from .bird import Bird

# Hue in degrees, saturation, value, and how far each may go either way without getting another name.
_COLOURS = {
    "black": ((230, 0.10, 0.11), (30, 0.06, 0.025)),
    "white": ((48, 0.03, 0.95), (8, 0.02, 0.02)),
    "grey": ((215, 0.06, 0.55), (15, 0.03, 0.05)),
    "brown": ((27, 0.56, 0.40), (3, 0.06, 0.05)),
    "rufous": ((17, 0.78, 0.66), (2, 0.05, 0.04)),
    "red": ((357, 0.88, 0.80), (4, 0.05, 0.06)),
    "orange": ((29, 0.92, 0.96), (3, 0.04, 0.03)),
    "yellow": ((50, 0.84, 0.96), (3, 0.07, 0.03)),
    "green": ((88, 0.66, 0.47), (10, 0.08, 0.06)),
    "blue": ((217, 0.78, 0.74), (6, 0.07, 0.07)),
    "buff": ((38, 0.36, 0.85), (3, 0.04, 0.03)),
    "pink": ((350, 0.40, 0.94), (5, 0.05, 0.03)),
}


def plumage_colour(name: str, rng: np.random.Generator | None = None) -> RGB:
    """sRGB colour in 0..1 that people would call `name`: the typical one, or a random one."""
    middle, reach = _COLOURS[name]
    jitter = np.zeros(3) if rng is None else rng.uniform(-1, 1, 3)
    hue, saturation, value = (float(m + r * j) for m, r, j in zip(middle, reach, jitter, strict=True))
    return colorsys.hsv_to_rgb((hue % 360) / 360, min(saturation, 1.0), min(value, 1.0))


def colours_of(bird: Bird, rng: np.random.Generator) -> dict[str, tuple[RGB, RGB]]:
    """First and second colour of each marked part; without a second colour a darker shade stands for it."""
    wear = {name: plumage_colour(name, rng) for name in _COLOURS}  # one bird has one yellow
    found = {}
    for part, marking in bird.markings.items():
        first = wear[marking.colour]
        if bird.age == "juvenile" and part not in ("eye", "legs", "beak"):
            first = _young(first, marking.colour)
        second = wear[marking.second] if marking.second else shaded(first, 0.7)
        found[part] = first, second
    return found


def _young(colour: RGB, name: str) -> RGB:
    """Duller and browner, but not so far that its name changes."""
    if name in ("white", "buff", "brown", "grey"):
        return mixed(colour, (0.62, 0.50, 0.38), 0.10)
    if name == "black":
        return mixed(colour, (0.30, 0.24, 0.20), 0.25)
    return mixed(colour, (0.62, 0.52, 0.40), 0.16)
