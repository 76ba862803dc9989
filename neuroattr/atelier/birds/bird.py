"""One drawn bird: everything that its picture shows, and the words for it."""

from __future__ import annotations

from dataclasses import dataclass

SHAPES = ("finch", "warbler", "wren", "sparrow", "thrush", "gull", "duck", "grebe", "woodpecker", "hummingbird", "crow")
"""Silhouettes; each has its proportions of body, neck, tail and legs."""
COLOURS = ("black", "white", "grey", "brown", "rufous", "red", "orange", "yellow", "green", "blue", "buff", "pink")
PATTERNS = ("plain", "streaked", "spotted", "barred")
"""Of breast, belly, back and wing."""
PARTS = (
    "crown", "forehead", "eyebrow", "eye", "cheek patch", "throat", "nape", "breast", "belly", "wing", "back", "tail",
    "legs", "beak",
)  # fmt: skip
POINTS = (
    "back", "beak", "belly", "breast", "crown", "forehead", "left eye", "left leg", "left wing", "nape", "right eye",
    "right leg", "right wing", "tail", "throat",
)  # fmt: skip
"""Part points as CUB-200-2011 names them."""
BEAKS = ("cone", "pointed", "hooked", "curved", "flat", "needle")
LENGTHS = ("short", "medium", "long")
SURROUNDINGS = ("branch", "water", "sky", "reeds", "ground", "foliage")
POSES = ("perched", "alert", "leaning", "swimming", "standing")
AGES = ("adult", "juvenile")
VIEWS = ("left", "right")
"""Which way the beak points: a bird facing left shows its left side."""


@dataclass(frozen=True)
class Marking:
    """Colour of a part, and how it is patterned: ``second`` is the colour of streaks, spots and bars."""

    colour: str
    pattern: str = "plain"
    second: str | None = None


@dataclass(frozen=True)
class Bird:
    """A bird in a picture.

    Parameters
    ----------
    species : its name; it changes nothing in the picture by itself.
    shape, size : silhouette, and the bird's length in centimetres (small ones look rounder).
    markings : of each part in `PARTS`; a part of the head that is not there (eyebrow, cheek patch) is absent.
    beak, beak_length, tail_length : shape and lengths, of `BEAKS` and `LENGTHS`.
    age, pose, view, surroundings : of the lists above.
    scale : length of the bird's body and tail as a share of the picture's side.
    place : centre of the bird, as shares of the picture's width and height.
    seed : of everything individual: light, jitter of colours, feathers, leaves.
    cast : gains of red, green, blue, or nothing: a colour cast of the photograph.
    blur : standard deviation of a blur, as a share of the picture's side; 0 is sharp.
    """

    species: str
    shape: str
    size: float
    markings: dict[str, Marking]
    beak: str
    beak_length: str
    tail_length: str
    age: str
    pose: str
    view: str
    surroundings: str
    scale: float
    place: tuple[float, float]
    seed: int
    cast: tuple[float, float, float] | None = None
    blur: float = 0.0
