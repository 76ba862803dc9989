"""The record of one generated product, of which its picture and its texts are both functions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any

import numpy as np

from .choices import choice, require_one_of, weighted_choice

COLOURS = ("red", "black", "blue", "green", "yellow", "gray", "brown", "pink", "purple", "orange")
TEXTURES = ("squared", "striped", "flowers", "leopard", "polka", "basic", "paisley", "argyle", "crows-feet", "sequin")
SLEEVES = ("sleeveless", "short", "long")
NECKLINES = ("round", "v", "collar", "halter")
DETAILS = ("lace", "ruffle", "buttons", "bow", "pocket", "logo", "fringe", "zipper", "belt")
STYLES = ("romantic", "vintage", "casual", "formal", "sporty", "bohemian", "minimal")


@dataclass(frozen=True)
class Cut:
    """What one kind of product can have: its options, each tuple empty where the kind has no such part."""

    sleeves: tuple[str, ...] = ()
    necklines: tuple[str, ...] = ()
    lengths: tuple[str, ...] = ()
    details: tuple[str, ...] = ()


CUTS = {
    "dress": Cut(
        SLEEVES,
        NECKLINES,
        ("mini", "midi", "maxi"),
        ("lace", "ruffle", "buttons", "bow", "pocket", "fringe", "zipper", "belt"),
    ),
    "t-shirt": Cut(("short",), ("round", "v"), ("cropped", "regular"), ("lace", "pocket", "logo", "fringe")),
    "blouse": Cut(
        SLEEVES, ("v", "collar", "round"), ("cropped", "regular"), ("lace", "ruffle", "buttons", "bow", "pocket")
    ),
    "hoodie": Cut(("long",), (), ("cropped", "regular"), ("pocket", "logo", "zipper")),
    "cardigan": Cut(("long",), ("v",), ("cropped", "regular", "long"), ("buttons", "pocket", "belt", "fringe")),
    "coat": Cut(("long",), ("collar",), ("regular", "long"), ("buttons", "pocket", "zipper", "belt")),
    "skirt": Cut(
        lengths=("mini", "midi", "maxi"),
        details=("lace", "ruffle", "buttons", "bow", "pocket", "fringe", "zipper", "belt"),
    ),
    "trousers": Cut(lengths=("cropped", "long"), details=("bow", "pocket", "zipper", "belt")),
    "shorts": Cut(details=("lace", "ruffle", "bow", "pocket", "zipper", "belt")),
    "swimsuit": Cut(("sleeveless",), ("round", "v", "halter"), (), ("lace", "ruffle", "bow", "zipper", "belt")),
    "bag": Cut(details=("buttons", "bow", "pocket", "logo", "fringe", "zipper")),
    "hat": Cut(details=("bow", "logo", "belt")),
    "scarf": Cut(details=("lace", "logo", "fringe")),
    "boots": Cut(lengths=("ankle", "knee"), details=("buttons", "bow", "fringe", "zipper", "belt")),
}
KINDS = tuple(CUTS)


@dataclass(frozen=True)
class Item:
    """One generated product.

    Parameters
    ----------
    kind : one of KINDS; `CUTS[kind]` says which of the parts below it can have
    colour : one of COLOURS, the ground of the cloth
    second : one of COLOURS but not `colour`: the pattern and the trim
    texture : one of TEXTURES
    sleeve, neckline, length : of those of its cut; None where the kind has none
    details : subset of DETAILS
    style : one of STYLES; shifts palette, details, shape and light
    seed : nuisance: pose, scale, folds, lighting, background, camera

    Raises
    ------
    ValueError
        If a value is unknown, or is a part that the kind does not have.
    """

    kind: str
    colour: str
    second: str
    texture: str
    sleeve: str | None = None
    neckline: str | None = None
    length: str | None = None
    details: frozenset[str] = field(default_factory=frozenset)
    style: str = "casual"
    seed: int = 0

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("kind", self.kind, KINDS),
            ("colour", self.colour, COLOURS),
            ("second", self.second, COLOURS),
            ("texture", self.texture, TEXTURES),
            ("style", self.style, STYLES),
        ):
            require_one_of(name, value, allowed)
        if self.second == self.colour:
            raise ValueError(f"second must differ from colour, both are {self.colour!r}; choose another of COLOURS")
        cut = CUTS[self.kind]
        _require_part(self.kind, "sleeve", self.sleeve, cut.sleeves)
        _require_part(self.kind, "neckline", self.neckline, cut.necklines)
        _require_part(self.kind, "length", self.length, cut.lengths)
        for detail in sorted(self.details):
            if detail not in cut.details:
                raise ValueError(f"a {self.kind} cannot have detail {detail!r}; choose from {', '.join(cut.details)}")


def _require_part(kind: str, name: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if not allowed and value is not None:
        raise ValueError(f"a {kind} has no {name}, but {name}={value!r} came; leave it None")
    if allowed and value not in allowed:
        raise ValueError(f"a {kind} cannot have {name} {value!r}; choose one of {', '.join(allowed)}")


def record(item: Item) -> dict[str, Any]:
    """The item as JSON-able values."""
    return {**vars(item), "details": sorted(item.details)}


def recalled(values: Mapping[Any, Any]) -> Item:
    """The item of which `values` are the record."""
    known = {field.name: values[field.name] for field in fields(Item)}
    return Item(**{**known, "details": frozenset(values["details"]), "seed": int(values["seed"])})


# Base rates: long-tailed, as on a shop, with no value rare enough to leave a word without examples.
_KIND_RATES = dict(
    zip(KINDS, (0.15, 0.12, 0.09, 0.07, 0.06, 0.07, 0.08, 0.065, 0.05, 0.045, 0.07, 0.05, 0.05, 0.05), strict=True)
)
_COLOUR_RATES = dict(zip(COLOURS, (0.125, 0.165, 0.15, 0.095, 0.08, 0.09, 0.075, 0.09, 0.065, 0.065), strict=True))
_TEXTURE_RATES = dict(zip(TEXTURES, (0.095, 0.13, 0.13, 0.075, 0.09, 0.24, 0.065, 0.055, 0.06, 0.06), strict=True))
_STYLE_RATES = dict(zip(STYLES, (0.16, 0.14, 0.26, 0.13, 0.12, 0.10, 0.09), strict=True))
_DETAIL_RATES = dict(zip(DETAILS, (0.17, 0.20, 0.30, 0.16, 0.28, 0.28, 0.20, 0.22, 0.22), strict=True))

# A style multiplies base rates. Colour and texture are drawn independently given the style.
_STYLE_TILT = {
    "romantic": {
        **{"pink": 2.8, "purple": 1.6, "red": 1.3, "black": 0.5, "gray": 0.6, "brown": 0.6},
        **{"flowers": 2.6, "polka": 1.5, "squared": 0.5, "crows-feet": 0.5, "leopard": 0.5},
        **{"lace": 3.2, "ruffle": 2.8, "bow": 2.4, "zipper": 0.3, "logo": 0.2, "pocket": 0.6},
    },
    "vintage": {
        **{"brown": 2.4, "orange": 1.7, "yellow": 1.6, "green": 1.3, "pink": 0.6, "purple": 0.7},
        **{"argyle": 2.0, "polka": 1.6, "squared": 1.5, "crows-feet": 1.6, "sequin": 0.5, "basic": 0.6},
        **{"buttons": 1.8, "belt": 1.5, "logo": 0.4, "zipper": 0.4},
    },
    "casual": {"basic": 1.2, "striped": 1.3, "sequin": 0.5, "blue": 1.2, "pocket": 1.6, "logo": 1.4, "bow": 0.5},
    "formal": {
        **{"black": 2.6, "gray": 1.7, "blue": 1.1, "yellow": 0.4, "orange": 0.4, "pink": 0.5, "green": 0.7},
        **{"basic": 1.5, "crows-feet": 2.0, "leopard": 0.4, "flowers": 0.4, "sequin": 1.3, "paisley": 0.6},
        **{"buttons": 1.5, "logo": 0.1, "fringe": 0.2, "ruffle": 0.4, "lace": 0.5},
    },
    "sporty": {
        **{"blue": 1.5, "red": 1.5, "orange": 1.6, "green": 1.3, "brown": 0.4, "purple": 0.8},
        **{"basic": 1.7, "striped": 1.7, "paisley": 0.4, "flowers": 0.4, "argyle": 0.6, "polka": 0.5},
        **{"zipper": 3.0, "logo": 2.6, "lace": 0.1, "ruffle": 0.1, "bow": 0.2, "fringe": 0.2, "belt": 0.5},
    },
    "bohemian": {
        **{"brown": 1.7, "orange": 1.7, "purple": 1.4, "yellow": 1.3, "green": 1.3, "black": 0.5, "gray": 0.5},
        **{"paisley": 3.6, "flowers": 1.6, "leopard": 1.3, "basic": 0.5, "argyle": 0.6, "crows-feet": 0.5},
        **{"fringe": 3.4, "lace": 1.5, "zipper": 0.4, "logo": 0.3},
    },
    "minimal": {
        **{"black": 1.5, "gray": 2.0, "orange": 0.5, "purple": 0.6},
        **{"basic": 2.8, "leopard": 0.3, "flowers": 0.4, "paisley": 0.3, "sequin": 0.4, "argyle": 0.5},
        **dict.fromkeys(DETAILS, 0.25),
    },
}

# Neighbours on the palette that would not show as a pattern on each other.
_TOO_NEAR = frozenset(
    frozenset(pair)
    for pair in (
        *(("red", "orange"), ("red", "brown"), ("red", "purple"), ("red", "pink"), ("orange", "brown")),
        *(("orange", "yellow"), ("orange", "pink"), ("pink", "purple"), ("purple", "blue"), ("purple", "brown")),
        *(("black", "brown"), ("black", "purple"), ("blue", "green"), ("gray", "purple"), ("gray", "brown")),
        *(("gray", "blue"), ("green", "brown"), ("green", "gray"), ("black", "blue")),
    )
)


def partners(colour: str) -> tuple[str, ...]:
    """Colours that show as a pattern on a ground of `colour`."""
    return tuple(other for other in COLOURS if other != colour and frozenset((other, colour)) not in _TOO_NEAR)


def items(n: int, *, seed: int) -> list[Item]:
    """Sample of `n` products; the first k of a longer sample are the sample of k.

    Notes
    -----
    Kind and style are independent; colour, texture and details depend on the style, and are independent given
    style and kind. Every kind, colour and texture has an expected share of at least 4 %.

    Raises
    ------
    ValueError
        If `n` is negative.
    """
    if n < 0:
        raise ValueError(f"n must be 0 or more items, got {n}")
    return [_item(np.random.default_rng([seed, i])) for i in range(n)]


def _item(rng: np.random.Generator) -> Item:
    kind = weighted_choice(rng, _KIND_RATES)
    return garment(kind, weighted_choice(rng, _STYLE_RATES), rng)


def garment(kind: str, style: str, rng: np.random.Generator) -> Item:
    """Random product of this kind in this style."""
    colour = weighted_choice(rng, _COLOUR_RATES, _STYLE_TILT[style])
    texture = weighted_choice(rng, _TEXTURE_RATES, _STYLE_TILT[style])
    second = weighted_choice(rng, {other: _COLOUR_RATES[other] for other in partners(colour)}, _STYLE_TILT[style])
    cut = CUTS[kind]
    sleeve, neckline, length = (
        choice(rng, options) if options else None for options in (cut.sleeves, cut.necklines, cut.lengths)
    )
    details = _details(rng, cut.details, style)
    seed = int(rng.integers(2**31))
    return Item(kind, colour, second, texture, sleeve, neckline, length, details, style, seed)


def _details(rng: np.random.Generator, possible: tuple[str, ...], style: str) -> frozenset[str]:
    tilt = _STYLE_TILT[style]
    chance = rng.random(len(DETAILS))  # one draw each, so that a detail does not depend on what else is possible
    drawn = {
        d for d, u in zip(DETAILS, chance, strict=True) if d in possible and u < _DETAIL_RATES[d] * tilt.get(d, 1.0)
    }
    if {"zipper", "buttons"} <= drawn:  # one opening in front
        drawn.discard("buttons" if rng.random() < 0.5 else "zipper")
    return frozenset(drawn)
