"""How the silhouettes are built: proportions of each shape, with the length of breast to tail base as the unit."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ..choices import require_one_of
from .bird import AGES, BEAKS, COLOURS, LENGTHS, PARTS, PATTERNS, POSES, SHAPES, SURROUNDINGS, VIEWS, Bird

OPTIONAL = ("eyebrow", "cheek patch")
"""Parts that a head may lack."""


@dataclass(frozen=True)
class Proportions:
    """Lengths in units of the body (breast to tail base), angles in degrees."""

    depth: float  # of the body
    head: float  # radius
    neck: float  # length from shoulder to the middle of the head
    rise: float  # angle of the neck above the horizon
    tail: float  # length
    spread: float  # angle between the outermost tail feathers
    forked: float  # outer feathers longer (> 0) or shorter (< 0) than the middle ones, as a share
    wing: float  # how far the wing's tip reaches behind the tail base
    leg: float  # length below the belly
    eye: float  # radius as a share of the head's
    posture: tuple[float, float]  # least and greatest angle of the body above the horizon
    sloping: float  # forehead: 0 steep and round, 1 flat
    full: float = 0.0  # how far the breast bulges
    raised: float = 0.0  # how far the tail is cocked above the body's axis


_PROPORTIONS = {
    "finch": Proportions(0.56, 0.215, 0.15, 58, 0.56, 9, 0.10, 0.12, 0.13, 0.185, (22, 40), 0.25, 0.02),
    "warbler": Proportions(0.50, 0.190, 0.16, 52, 0.58, 8, 0.05, 0.13, 0.15, 0.20, (14, 34), 0.30),
    "wren": Proportions(0.60, 0.200, 0.15, 50, 0.40, 15, -0.15, 0.00, 0.16, 0.20, (8, 26), 0.55, 0.03, 48),
    "sparrow": Proportions(0.55, 0.205, 0.15, 56, 0.60, 10, 0.06, 0.08, 0.15, 0.18, (16, 36), 0.30, 0.02),
    "thrush": Proportions(0.53, 0.175, 0.19, 60, 0.56, 11, -0.03, 0.16, 0.20, 0.19, (26, 46), 0.35, 0.03),
    "gull": Proportions(0.45, 0.150, 0.25, 62, 0.30, 13, -0.08, 0.46, 0.26, 0.155, (3, 12), 0.55, 0.03),
    "duck": Proportions(0.46, 0.145, 0.32, 64, 0.20, 24, -0.25, 0.10, 0.14, 0.155, (0, 8), 0.60, 0.04, 10),
    "grebe": Proportions(0.48, 0.120, 0.42, 70, 0.05, 30, -0.30, -0.06, 0.12, 0.19, (0, 6), 0.60, 0.01, 20),
    "woodpecker": Proportions(0.42, 0.175, 0.20, 42, 0.46, 12, -0.45, 0.14, 0.09, 0.17, (56, 74), 0.45, 0.0, -8),
    "hummingbird": Proportions(0.46, 0.190, 0.16, 46, 0.42, 12, 0.08, 0.40, 0.05, 0.19, (34, 54), 0.50, 0.01),
    "crow": Proportions(0.50, 0.165, 0.20, 50, 0.56, 13, -0.12, 0.30, 0.22, 0.145, (12, 30), 0.45, 0.03),
}  # fmt: skip
_TAILS = {"short": 0.66, "medium": 1.0, "long": 1.55}


def proportions(bird: Bird) -> Proportions:
    """Proportions of one bird: those of its shape, rounder where it is small, with its length of tail."""
    base = _PROPORTIONS[bird.shape]
    round_ = min(max((16.0 - bird.size) / 16.0, -0.5), 0.5)  # a kinglet is a ball, an oriole is not
    return replace(
        base,
        depth=base.depth * (1 + 0.10 * round_),
        head=base.head * (1 + 0.12 * round_),
        tail=base.tail * _TAILS[bird.tail_length],
    )


def require_drawable(bird: Bird) -> None:
    """Nothing, if every word of the record is one that can be drawn.

    Raises
    ------
    ValueError
        For an unknown word, a part without a marking, a pattern without its second colour, a scale or blur that no
        picture has.
    """
    words = (
        ("shape", bird.shape, SHAPES),
        ("beak", bird.beak, BEAKS),
        ("beak_length", bird.beak_length, LENGTHS),
        ("tail_length", bird.tail_length, LENGTHS),
        ("age", bird.age, AGES),
        ("pose", bird.pose, POSES),
        ("view", bird.view, VIEWS),
        ("surroundings", bird.surroundings, SURROUNDINGS),
    )
    for name, word, known in words:
        require_one_of(name, word, known)
    absent = [part for part in PARTS if part not in bird.markings and part not in OPTIONAL]
    if absent:
        raise ValueError(f"a bird needs a marking for {', '.join(absent)}; only {' and '.join(OPTIONAL)} may be absent")
    for part, marking in bird.markings.items():
        require_one_of("part", part, PARTS)
        require_one_of(f"colour of {part}", marking.colour, COLOURS)
        require_one_of(f"pattern of {part}", marking.pattern, PATTERNS)
        if marking.second is not None:
            require_one_of(f"second colour of {part}", marking.second, COLOURS)
        elif marking.pattern != "plain":
            raise ValueError(f"{part} is {marking.pattern} but has no second colour; give Marking(second=...)")
    if not 0.1 <= bird.scale <= 1.5:
        raise ValueError(f"scale must be 0.1 to 1.5 of the picture's side, got {bird.scale}")
    if not 0 <= bird.blur <= 0.2:
        raise ValueError(f"blur must be 0 to 0.2 of the picture's side, got {bird.blur}")
