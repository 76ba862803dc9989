"""The folded wing: its feathers in their rows, from the longest, which lie below, to the coverts at the bend."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from .anatomy import Anatomy
from .curves import feather, smooth

_ACROSS = np.linspace(0.0, 1.0, 7)


@dataclass(frozen=True)
class Feather:
    """One feather of the wing: its path, its shaft from root to tip [2, 2], and the row that it belongs to."""

    path: skia.Path
    shaft: np.ndarray
    row: str  # primary, secondary, tertial, greater, median, lesser
    tip: skia.Path  # the outer end, which bars and spots colour


@dataclass(frozen=True)
class Wing:
    """Outline of the wing and its feathers, in the order in which they are painted."""

    outline: skia.Path
    feathers: tuple[Feather, ...]


def folded_wing(body: Anatomy, rng: np.random.Generator) -> Wing:
    """Wing of a bird that does not fly."""
    feathers: list[Feather] = []

    def row(
        name: str, roots: tuple[float, float], places: np.ndarray, length: float, width: float, fall: float
    ) -> None:
        for place in places:
            root = roots[0] + (roots[1] - roots[0]) * place
            reach = length * rng.uniform(0.95, 1.05)
            shaft = np.stack(
                [body.wing_point(root, place), body.wing_point(min(root + reach, 1.0), min(place + fall, 1.0))]
            )
            blunt = 0.35 if name == "primary" else 0.7
            outer = shaft[0] + 0.74 * (shaft[1] - shaft[0])
            feathers.append(
                Feather(
                    feather(shaft[0], shaft[1], width, blunt), shaft, name,
                    feather(outer, shaft[1] + 0.02 * (shaft[1] - shaft[0]), width * 1.02, 0.8),
                )
            )  # fmt: skip

    d = body.form.depth
    row("primary", (0.62, 0.50), np.linspace(0.95, 0.15, 6), 0.42, 0.14 * d, -0.05)
    row("secondary", (0.40, 0.44), np.linspace(0.95, 0.25, 6), 0.36, 0.15 * d, 0.02)
    row("tertial", (0.36, 0.46), np.linspace(0.34, 0.04, 3), 0.34, 0.19 * d, 0.05)
    row("greater", (0.26, 0.34), np.linspace(0.98, 0.06, 7), 0.20, 0.14 * d, 0.0)
    row("median", (0.17, 0.22), np.linspace(0.96, 0.08, 6), 0.15, 0.15 * d, 0.0)
    for start, count in ((0.12, 6), (0.07, 5), (0.03, 4), (-0.01, 4)):
        row("lesser", (start, start + 0.02), np.linspace(0.95, 0.1, count), 0.11, 0.15 * d, 0.0)
    along = np.array([0.0, 0.06, 0.12, 0.25, 0.38, 0.53, 0.68, 0.80, 0.9, 1.0])
    edge = np.concatenate([body.wing_point(along, np.zeros(10)), body.wing_point(along[::-1][:-1], np.ones(9))])
    outline = smooth(edge)
    return Wing(outline, tuple(feathers))
