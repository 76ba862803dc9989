"""Beaks: two mandibles by shape and length."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from .bird import Bird
from .curves import turned

# Height at the base and lengths short, medium, long, in units of the head's radius; how far the tip falls below the
# axis, and how far culmen and lower edge bulge, as shares of height.
_FORMS = {
    "cone": (0.74, (0.66, 0.86, 1.08), 0.16, 0.42, 0.30),
    "pointed": (0.36, (0.66, 0.98, 1.45), 0.06, 0.16, 0.06),
    "hooked": (0.44, (0.74, 1.10, 1.55), 0.50, 0.34, 0.02),
    "curved": (0.30, (0.95, 1.40, 2.00), 1.30, 0.60, -0.55),
    "flat": (0.52, (0.95, 1.25, 1.60), 0.30, -0.22, 0.05),
    "needle": (0.17, (1.25, 1.90, 2.70), 0.10, 0.05, 0.02),
}
_LENGTHS = {"short": 0, "medium": 1, "long": 2}


@dataclass(frozen=True)
class Beak:
    """Upper and lower mandible, the line between them, the nostril, and the middle of the whole."""

    upper: skia.Path
    lower: skia.Path
    gape: skia.Path
    nostril: np.ndarray  # [2]
    middle: np.ndarray  # [2]
    height: float

    @property
    def whole(self) -> skia.Path:
        """Both mandibles."""
        path = skia.Path(self.upper)
        path.addPath(self.lower)
        return path


def beak(bird: Bird, radius: float, head: np.ndarray, gaze: float) -> Beak:
    """Beak of `bird` at a head of `radius` around `head` that looks `gaze` degrees above the horizon."""
    height, lengths, fall, culmen, keel = _FORMS[bird.beak]
    length = lengths[_LENGTHS[bird.beak_length]]

    def at(x: float, y: float) -> list[float]:
        point = head + radius * turned(np.array([x, y]), gaze)
        return [float(point[0]), float(point[1])]

    x, y, h = 0.88, 0.16, height
    tip_x, tip_y = x + 0.12 + length, y + fall * h
    upper = skia.Path()
    upper.moveTo(*at(x - 0.06, y - 0.50 * h))
    if bird.beak == "flat":
        upper.cubicTo(
            *at(x + 0.35 * length, y - 0.30 * h),
            *at(x + 0.5 * length, y + 0.10 * h),
            *at(tip_x - 0.16, tip_y - 0.34 * h),
        )
        upper.quadTo(*at(tip_x + 0.04, tip_y - 0.30 * h), *at(tip_x, tip_y + 0.08 * h))
        upper.quadTo(*at(x + 0.5 * length, y + 0.42 * h), *at(x - 0.10, y + 0.14 * h))
    elif bird.beak == "hooked":
        upper.cubicTo(
            *at(x + 0.5 * length, y - (0.5 + 0.1) * h), *at(tip_x + 0.02, y - 0.45 * h), *at(tip_x, tip_y + 0.10 * h)
        )
        upper.quadTo(*at(tip_x - 0.10, y + 0.28 * h), *at(tip_x - 0.24 * length, y + 0.14 * h))
        upper.quadTo(*at(x + 0.4 * length, y + 0.10 * h), *at(x - 0.10, y + 0.16 * h))
    else:
        upper.quadTo(*at(x + 0.52 * length, y - 0.5 * h + (0.5 - culmen) * 0.9 * h), *at(tip_x, tip_y))
        upper.quadTo(
            *at(x + 0.5 * length, y + (0.12 + 0.2 * fall) * h - 0.3 * max(culmen - 0.45, 0) * h),
            *at(x - 0.10, y + 0.12 * h),
        )
    upper.close()
    lower = skia.Path()
    lower.moveTo(*at(x - 0.10, y + 0.10 * h))
    end = {"hooked": (tip_x - 0.20 * length, y + 0.22 * h), "flat": (tip_x - 0.06, tip_y + 0.10 * h)}.get(
        bird.beak, (tip_x - 0.03, tip_y + 0.01)
    )
    middle_y = y + 0.18 * h if bird.beak != "curved" else y - 0.05 * h
    lower.quadTo(*at(x + 0.5 * length, middle_y), *at(*end))
    lower.quadTo(*at(x + 0.45 * length, y + (0.5 + 0.7 * keel) * h), *at(x - 0.04, y + 0.52 * h))
    lower.close()
    gape = skia.Path()
    gape.moveTo(*at(x - 0.12, y + 0.14 * h))
    gape.quadTo(*at(x + 0.5 * length, middle_y), *at(*end))
    nostril = np.array(at(x + 0.16 + 0.06 * length, y - 0.18 * h))
    middle = np.array(at(x + 0.45 * length, y + (0.02 + 0.3 * fall * (bird.beak in ("hooked", "curved")) * 0.3) * h))
    return Beak(upper, lower, gape, nostril, middle, h * radius)
