"""Where each part of a bird lies: outlines of body, head, wing, tail, beak and legs.

Units are the length of the body from breast to tail base; x points where the beak points, y points down.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import skia

from .beaks import Beak, beak
from .bird import Bird
from .curves import ellipse, feather, polygon, smooth, turned
from .proportions import Proportions, proportions

_POSTURES = {"perched": 0.5, "alert": 1.0, "leaning": 0.0, "swimming": 0.25, "standing": 0.5}
"""Where between least and greatest angle of the body a pose lies."""
_HEAD_UP = {"perched": 0.0, "alert": 9.0, "leaning": -12.0, "swimming": 0.0, "standing": 2.0}


@dataclass(frozen=True)
class Anatomy:
    """Geometry of one bird before it is put into a picture."""

    form: Proportions
    outline: skia.Path  # head and body without wing, tail, beak and legs
    regions: dict[str, skia.Path]  # plumage parts, to be clipped to the outline, in the order in which they are painted
    tail: tuple[skia.Path, ...]  # feathers from back to front
    beak: Beak
    eye: skia.Path
    legs: tuple[skia.Path, ...]
    feet: np.ndarray  # middle of what the toes hold, [2]
    anchors: dict[str, np.ndarray]  # where annotators would click on each part of POINTS, without left or right
    angle: float  # of the body above the horizon
    gaze: float  # of the head above the horizon
    head: np.ndarray  # centre, [2]
    belly: float  # y of its lowest point
    swims: bool

    def in_body(self, points: np.ndarray) -> np.ndarray:
        """Points of the body's frame (its axis is x), turned as the body is."""
        return turned(points, self.angle)

    def in_head(self, points: np.ndarray) -> np.ndarray:
        """Points in units of the head's radius around its centre, turned as the head is."""
        return self.head + self.form.head * turned(points, self.gaze)

    def wing_point(self, along: float | np.ndarray, across: float | np.ndarray) -> np.ndarray:
        """Point of the folded wing: `along` 0 at its bend, 1 at its tip; `across` 0 at the back, 1 at the flank."""
        return self.in_body(_wing_point(self.form, np.asarray(along, float), np.asarray(across, float)))

    def tail_frame(self) -> tuple[np.ndarray, np.ndarray]:
        """Root of the tail and its direction."""
        return _tail_root(self.form, self.angle), turned(np.array([-1.0, 0.0]), self.angle - self.form.raised)


def anatomy(bird: Bird, rng: np.random.Generator) -> Anatomy:
    """Geometry of `bird`: its proportions in its pose, with what is individual drawn from `rng`."""
    form = proportions(bird)
    least, greatest = form.posture
    swims = bird.pose == "swimming"
    share = _POSTURES[bird.pose] + rng.normal(0, 0.18)
    angle = 2.0 + rng.normal(0, 2) if swims else float(least + np.clip(share, -0.25, 1.25) * (greatest - least))
    gaze = float(_HEAD_UP[bird.pose] + rng.normal(2, 5) + (0.35 * angle if bird.shape == "woodpecker" else 0.0))
    stretched = form.neck * {"alert": 1.25, "leaning": 0.9}.get(bird.pose, 1.0) * rng.uniform(0.92, 1.1)
    rise = form.rise + rng.normal(0, 5) - (14 if bird.pose == "leaning" else 0)
    shoulder = turned(np.array([0.33, -0.27 * form.depth]), angle)
    head = shoulder + turned(np.array([stretched, 0.0]), rise)
    around = _head_points(form, head, gaze)
    outline = smooth(_outline(form, around, head, shoulder, stretched, angle))
    legs, feet, anchor = _legs(form, angle, rng)
    spot = head + form.head * turned(np.array([0.40, -0.12]), gaze)
    fan = _tail(form, angle, rng)
    bill = beak(bird, form.head, head, gaze)
    regions = _regions(form, head, gaze, angle)
    anchors = _anchors(form, head, gaze, angle) | {"leg": anchor, "eye": spot, "beak": bill.middle}
    return Anatomy(
        form, outline, regions, fan, bill, ellipse(spot, form.eye * form.head, form.eye * form.head),
        () if swims else legs, feet, anchors, angle, gaze, head, _lowest(outline), swims,
    )  # fmt: skip


def _head_points(form: Proportions, head: np.ndarray, gaze: float) -> np.ndarray:
    """From the nape over the crown and the beak's base to the throat, [9, 2]."""
    flat = form.sloping
    around = np.array(
        [
            (-0.98, 0.30), (-0.96, -0.28), (-0.55, -0.84), (0.05, -1.0 + 0.06 * flat), (0.60, -0.80 + 0.16 * flat),
            (0.94, -0.36 + 0.20 * flat), (1.03, 0.10 + 0.06 * flat), (0.88, 0.48), (0.56, 0.84),
        ]
    )  # fmt: skip
    return np.asarray(head + form.head * turned(around, gaze))


def _outline(
    form: Proportions, around: np.ndarray, head: np.ndarray, shoulder: np.ndarray, stretched: float, angle: float
) -> np.ndarray:
    """Points of the outline: the back from tail to nape, the head, the throat, the belly."""
    d, full = form.depth, form.full
    back = turned(np.array([(-0.58, -0.10 * d), (-0.36, -0.30 * d), (-0.02, -0.48 * d), (0.24, -0.47 * d)]), angle)
    front = turned(
        np.array(
            [
                (0.46 + full, 0.02 * d), (0.31 + full, 0.40 * d), (0.0, 0.54 * d), (-0.28, 0.40 * d),
                (-0.50, 0.16 * d), (-0.60, 0.03 * d),
            ]
        ),
        angle,
    )  # fmt: skip
    hind = np.empty((0, 2))
    fore = (0.5 * (around[-1] + front[0]) + turned(np.array([0.035, 0.0]), angle))[None]
    if stretched > 1.35 * form.head:  # a neck that shows
        way = (head - shoulder) / np.hypot(*(head - shoulder))
        across = np.array([-way[1], way[0]]) * form.head
        middle = head - way * 1.15 * form.head
        hind, fore = (middle - 0.72 * across)[None], (middle + 0.74 * across)[None]
    return np.concatenate([back, hind, around, fore, front])


_FACE = {
    "throat": ((1.3, 0.30), (0.75, 0.34), (0.12, 0.66), (-0.05, 1.15), (0.55, 1.5), (1.3, 1.1)),
    "crown": ((-1.25, -0.35), (-0.65, -0.36), (0.2, -0.52), (0.95, -0.42), (1.2, -1.0), (0.2, -1.5), (-1.2, -1.2)),
    "forehead": ((0.52, -1.2), (0.46, -0.55), (0.62, -0.34), (0.98, -0.02), (1.35, -0.1), (1.2, -1.0)),
    "cheek patch": ((0.42, 0.20), (0.02, 0.02), (-0.52, 0.02), (-0.70, 0.34), (-0.28, 0.60), (0.22, 0.52)),
    "eyebrow": (
        (0.96, -0.16), (0.55, -0.42), (0.05, -0.52), (-0.62, -0.42),
        (-0.85, -0.20), (-0.50, -0.24), (0.05, -0.30), (0.55, -0.26),
    ),
}  # fmt: skip
"""Outlines on the head, from its centre, in its radius."""


def _regions(form: Proportions, head: np.ndarray, gaze: float, angle: float) -> dict[str, skia.Path]:
    """Plumage parts of body and head."""
    d = form.depth

    def body(*points: tuple[float, float]) -> np.ndarray:
        return turned(np.array(points), angle)

    def face(*points: tuple[float, float]) -> np.ndarray:
        return np.asarray(head + form.head * turned(np.array(points), gaze))

    front = body((0.70, 0), (0.56, 0.55 * d), (0.20, 0.62 * d), (0.04, 0.2 * d))
    upper = body((-0.66, -0.02 * d), (-0.66, -0.30 * d), (0.0, -0.75 * d))
    shoulder = body((0.30, -0.75 * d), (0.34, -0.30 * d), (0.15, -0.12 * d), (-0.3, -0.02 * d))
    neck = body((0.12, -0.75 * d), (0.16, -0.36 * d), (0.20, -0.10 * d))
    nape = [face((-0.28, -1.4), (-1.6, -0.9)), neck, face((0.05, 0.95), (0.35, 0.2), (0.4, -0.5))]
    cheek = face((-0.30, -0.9), (1.4, -0.9), (1.4, 0.6), (0.55, 0.75), (-0.10, 0.85), (-0.55, 0.45), (-0.50, -0.3))
    below = body((-0.7, -0.2 * d), (0.0, -0.4 * d), (0.6, 0), (0.5, 0.7 * d), (0.0, 0.8 * d), (-0.6, 0.5 * d))
    of_body = {
        "belly": smooth(below),
        "breast": smooth(np.concatenate([face((-0.3, 0.5), (0.9, 0.75)), front])),
        "back": smooth(np.concatenate([upper, shoulder])),
        "nape": polygon(np.concatenate(nape)),
        "face": polygon(cheek),
    }
    return of_body | {part: smooth(face(*outline)) for part, outline in _FACE.items()}


def _anchors(form: Proportions, head: np.ndarray, gaze: float, angle: float) -> dict[str, np.ndarray]:
    d, r = form.depth, form.head
    body = {"back": (0.0, -0.42 * d), "belly": (0.02, 0.36 * d), "breast": (0.38, 0.24 * d)}
    face = {"crown": (0.0, -0.74), "forehead": (0.78, -0.40), "nape": (-0.84, 0.1), "throat": (0.62, 0.72)}
    found = {name: turned(np.array(at), angle) for name, at in body.items()}
    found |= {name: np.asarray(head + r * turned(np.array(at), gaze)) for name, at in face.items()}
    found["wing"] = turned(_wing_point(form, np.array(0.4), np.array(0.55)), angle)
    found["tail"] = _tail_root(form, angle) + 0.6 * form.tail * turned(np.array([-1.0, 0.0]), angle - form.raised)
    return found


def _wing_point(form: Proportions, along: np.ndarray, across: np.ndarray) -> np.ndarray:
    d = form.depth
    end = -0.58 - form.wing
    places = np.array([0.0, 0.12, 0.38, 0.68, 0.86, 1.0])
    upper = np.array(
        [(0.36, -0.06), (0.25, -0.26), (-0.02, -0.36), (-0.36, -0.24), (0.60 * end - 0.2, -0.11), (end, 0.0)]
    )
    lower = np.array([(0.36, -0.02), (0.29, 0.07), (0.04, 0.15), (-0.26, 0.11), (0.55 * end - 0.17, 0.06), (end, 0.02)])
    scale = np.array([1.0, d])
    edges = []
    for edge in (upper * scale, lower * scale):
        edges.append(np.stack([np.interp(along, places, edge[:, k]) for k in (0, 1)], axis=-1))
    return np.asarray(edges[0] + across[..., None] * (edges[1] - edges[0]))


def _tail_root(form: Proportions, angle: float) -> np.ndarray:
    return turned(np.array([-0.50, -0.04 * form.depth]), angle)


def _tail(form: Proportions, angle: float, rng: np.random.Generator) -> tuple[skia.Path, ...]:
    root = _tail_root(form, angle)
    count = 7
    open_ = 0.5 * form.spread * rng.uniform(0.7, 1.5)
    paths = []
    for k in range(count):  # from the lowest, which lies behind, to the uppermost
        place = 2 * k / (count - 1) - 1
        length = (form.tail + 0.12) * (1 + form.forked * (abs(place) - 0.5))
        direction = turned(np.array([-1.0, 0.0]), angle - form.raised - place * open_)
        start = root + turned(np.array([0.06, -0.030 * place]), angle)
        blunt = 0.15 if form.forked < -0.2 else 0.75
        paths.append(feather(start, start + length * direction, 0.085 + 0.02 * form.tail, blunt))
    return tuple(paths)


def _legs(
    form: Proportions, angle: float, rng: np.random.Generator
) -> tuple[tuple[skia.Path, ...], np.ndarray, np.ndarray]:
    """Paths of both legs with toes, where they stand, and the middle of the near leg."""
    hips = turned(np.array([(-0.02, 0.47 * form.depth), (-0.09, 0.44 * form.depth)]), angle)
    ground = float(hips[:, 1].max()) + form.leg
    lean = rng.uniform(-0.04, 0.05)
    thick = 0.013 + 0.02 * form.leg
    paths = []
    for hip, shift in zip(hips, (0.05, -0.045), strict=True):
        foot = np.array([hip[0] + lean + shift, ground])
        knee = 0.45 * hip + 0.55 * foot + np.array([-0.035, 0.0])
        path = skia.Path()
        path.moveTo(*(hip - (0, 0.06)).tolist())
        path.lineTo(*knee.tolist())
        path.lineTo(*foot.tolist())
        for reach, drop in ((0.12, 0.018), (0.085, 0.034), (-0.07, 0.022)):
            path.moveTo(*foot.tolist())
            path.quadTo(foot[0] + 0.6 * reach, foot[1] - 0.012, foot[0] + reach, foot[1] + drop)
        outline = skia.Path()
        pen = skia.Paint(
            Style=skia.Paint.kStroke_Style,
            StrokeWidth=2 * thick,
            StrokeJoin=skia.Paint.kRound_Join,
            StrokeCap=skia.Paint.kRound_Cap,
        )
        pen.getFillPath(path, outline, resScale=400)
        paths.append(outline)
    feet = np.array([hips[:, 0].mean() + lean, ground + 0.012])
    near = 0.5 * (hips[0] + np.array([hips[0][0] + lean + 0.05, ground])) + np.array([0.0, 0.2 * form.leg])
    return (paths[1], paths[0]), feet, near


def _lowest(path: skia.Path) -> float:
    return float(path.computeTightBounds().bottom())
