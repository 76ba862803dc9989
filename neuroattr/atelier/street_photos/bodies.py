"""The person inside the clothes: skin, hair, face, and what covers legs and feet. Centimetres from the neck, y down."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from ..palettes import RGB, shaded
from ..silhouettes.pieces import Point, outline

GROUND = 144.0  # cm below the neck
SHOULDER: Point = (17.0, 5.0)
_SKINS = ((0.96, 0.84, 0.74), (0.93, 0.76, 0.63), (0.82, 0.62, 0.47), (0.60, 0.42, 0.31), (0.40, 0.27, 0.20))
_HAIRS = ((0.10, 0.08, 0.08), (0.20, 0.13, 0.09), (0.36, 0.22, 0.12), (0.62, 0.45, 0.24), (0.45, 0.43, 0.42))


@dataclass(frozen=True)
class Body:
    """A person from the front.

    Parameters
    ----------
    skin, hair : colours
    long_hair : whether it falls over the shoulders
    arms : angle of each arm from hanging straight down, degrees, left and right of the picture
    feet : distance of each foot from the middle, cm
    height : multiplies all lengths in the picture
    """

    skin: RGB
    hair: RGB
    long_hair: bool
    arms: tuple[float, float]
    feet: float
    height: float


@dataclass(frozen=True)
class Part:
    """A closed shape of one colour."""

    name: str
    path: skia.Path
    colour: RGB


def body(rng: np.random.Generator) -> Body:
    """A random person."""
    return Body(
        _SKINS[int(rng.choice(len(_SKINS), p=(0.28, 0.28, 0.2, 0.14, 0.1)))],
        _HAIRS[int(rng.choice(len(_HAIRS), p=(0.36, 0.28, 0.2, 0.11, 0.05)))],
        bool(rng.random() < 0.6),
        (float(rng.uniform(7, 20)), float(rng.uniform(7, 20))),
        float(rng.uniform(8.5, 12)),
        float(rng.uniform(0.94, 1.04)),
    )


def limb(points: list[tuple[float, float, float]]) -> skia.Path:
    """Outline of a limb through (x, y, half width) from its root to its end."""
    xy = np.array([p[:2] for p in points])
    along = np.gradient(xy, axis=0)
    across = np.stack([along[:, 1], -along[:, 0]], axis=1) / np.hypot(*along.T)[:, None]
    half = np.array([p[2] for p in points])[:, None]
    left, right = xy + across * half, xy - across * half
    return outline([(*p, 1) for p in left] + [(*p, 1) for p in right[::-1]])


def leg(person: Body, side: int, *, top: float = 62.0, slack: float = 0.0) -> skia.Path:
    """One leg down to the ankle; `slack` cm wider all along, as a stocking is."""
    foot = side * person.feet
    hip = side * 8.6
    joints = [(hip, 62.0, 9.2), (hip + 0.2 * (foot - hip), 82, 7.6), (hip + 0.5 * (foot - hip), 100, 5.4)]
    joints += [(hip + 0.75 * (foot - hip), 114, 5.3), (foot, 137, 3.3)]
    return limb([(x, y, w + slack) for x, y, w in joints if y >= top])


def hand(person: Body, side: int) -> Point:
    """Where a hand is."""
    a = np.deg2rad(person.arms[(side + 1) // 2])
    return (side * SHOULDER[0] + side * 61 * float(np.sin(a)), SHOULDER[1] + 61 * float(np.cos(a)))


def _arm(person: Body, side: int) -> skia.Path:
    x, y = hand(person, side)
    sx, sy = side * SHOULDER[0], SHOULDER[1]
    points = [(sx - side * 1.5, sy - 1.0, 4.2), (sx + 0.12 * (x - sx), sy + 0.12 * (y - sy), 4.6)]
    points += [(sx + t * (x - sx), sy + t * (y - sy), w) for t, w in ((0.5, 3.7), (0.9, 2.5), (1.0, 3.3), (1.14, 2.2))]
    return limb(points)


def behind(person: Body) -> list[Part]:
    """What is drawn before any clothes: hair that falls behind, legs, arms, trunk."""
    parts = []
    if person.long_hair:
        fall = [(-9.5, -18, 1), (0, -29.5, 1), (9.5, -18, 1), (12, 2, 1), (10, 15), (-10, 15), (-12, 2, 1)]
        parts.append(Part("hair", outline(fall), shaded(person.hair, 0.8)))
    parts += [Part("skin", leg(person, side), person.skin) for side in (-1, 1)]
    parts += [Part("skin", _arm(person, side), person.skin) for side in (-1, 1)]
    half = [(4.4, -9), (4.6, -2, 1), (16, 2.5, 1), (18, 8, 1), (16, 22, 1), (13.2, 38, 1), (16.5, 56, 1), (15, 66)]
    trunk = [(x, *rest) for x, *rest in half] + [(-x, *rest) for x, *rest in reversed(half)]
    parts.append(Part("skin", outline(trunk), person.skin))
    return parts


def head(person: Body) -> list[Part]:
    """Face and the hair around it, drawn over what is worn at the neck."""
    dark = shaded(person.skin, 0.55)
    parts = [Part("skin", _oval(0, -16.5, 7.6, 10.6), person.skin)]
    parts += [Part("skin", _oval(side * 7.6, -15.5, 1.3, 2.4), shaded(person.skin, 0.94)) for side in (-1, 1)]
    parts += [Part("face", _oval(side * 3.0, -17, 1.0, 0.75), (0.12, 0.08, 0.07)) for side in (-1, 1)]
    parts += [
        Part("face", outline([(s * 1.6, -19.6), (s * 4.6, -19.8, 1), (s * 3.2, -20.4, 1)]), person.hair)
        for s in (-1, 1)
    ]
    parts.append(Part("face", outline([(-2.4, -10.6), (0, -9.9, 1), (2.4, -10.6), (0, -9.2, 1)]), (0.68, 0.33, 0.31)))
    parts.append(Part("face", outline([(-0.4, -14.2), (0.9, -13.4, 1), (-0.6, -13.2)]), dark))
    side = 1.0 if person.feet > 10 else -1.0  # the parting
    fringe = [(-8.4, -13, 1), (-9.0, -21, 1), (-5, -28, 1), (2, -29, 1), (8, -25, 1), (9.0, -18, 1), (8.4, -12.5, 1)]
    fringe += [(7.0, -17, 1), (side * 3.5, -23.5, 1), (-7.0, -18.5, 1)]
    parts.append(Part("hair", outline(fringe), person.hair))
    if person.long_hair:
        for s in (-1, 1):
            lock = [
                (s * 7.2, -22, 1),
                (s * 9.6, -16, 1),
                (s * 11.5, 0, 1),
                (s * 10.2, 12),
                (s * 7.4, 11),
                (s * 7.6, -6, 1),
            ]
            parts.append(Part("hair", outline(lock), person.hair))
    return parts


def _oval(x: float, y: float, rx: float, ry: float) -> skia.Path:
    path = skia.Path()
    path.addOval(skia.Rect.MakeLTRB(x - rx, y - ry, x + rx, y + ry))
    return path
