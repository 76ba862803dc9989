"""The record of one street photo: who is in it and what is worn. Picture, tags and masks are functions of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

import numpy as np

from ..choices import choice, require_one_of, weighted_choice
from ..items import COLOURS, STYLES, Item, garment, partners
from ..items import recalled as item_recalled
from ..items import record as item_record

SEASONS = ("spring", "summer", "autumn", "winter")
SCENES = ("street", "park", "shop", "room", "wall")
FOOTWEAR = ("sneakers", "sandals", "pumps", "boots")
FABRICS = ("woven", "denim")
# What is worn, by the kind of product that lends it its cloth.
KIND_OF = {
    **{name: name for name in ("dress", "t-shirt", "blouse", "hoodie", "cardigan", "coat")},
    **{name: name for name in ("skirt", "trousers", "shorts", "bag", "hat", "scarf")},
    **dict.fromkeys(FOOTWEAR, "boots"),
    **dict.fromkeys(("backpack", "glasses", "sunglasses"), "bag"),
    **dict.fromkeys(("socks", "tights"), "scarf"),
}
NAMES = tuple(KIND_OF)


@dataclass(frozen=True)
class Worn:
    """One thing that is worn: its name (one of NAMES), what it is made of, and its fabric (one of FABRICS)."""

    name: str
    item: Item
    fabric: str = "woven"

    def __post_init__(self) -> None:
        require_one_of("thing to wear", self.name, NAMES)
        if self.item.kind != KIND_OF[self.name]:
            raise ValueError(f"{self.name} takes its cloth from a {KIND_OF[self.name]}, not from a {self.item.kind}")
        require_one_of("fabric", self.fabric, FABRICS)


@dataclass(frozen=True)
class Look:
    """One street photo.

    Parameters
    ----------
    worn : the things that are worn; each name at most once
    style, season, scene : of STYLES, SEASONS, SCENES; a season shows in nothing but what is worn
    author : number of the user who took it
    seed : nuisance: body, pose, framing, clutter, light, camera
    """

    worn: tuple[Worn, ...]
    style: str
    season: str
    scene: str
    author: int
    seed: int

    def __post_init__(self) -> None:
        for name, value, allowed in (
            ("style", self.style, STYLES),
            ("season", self.season, SEASONS),
            ("scene", self.scene, SCENES),
        ):
            require_one_of(name, value, allowed)
        names = [thing.name for thing in self.worn]
        if len(set(names)) != len(names):
            raise ValueError(f"each thing is worn once, got {', '.join(names)}")

    def thing(self, *names: str) -> Worn | None:
        """The first of these that is worn; None if none is."""
        return next((thing for thing in self.worn if thing.name in names), None)


def record(look: Look) -> dict[str, object]:
    """The look as JSON-able values."""
    worn = [{"name": thing.name, "item": item_record(thing.item), "fabric": thing.fabric} for thing in look.worn]
    return {**asdict(look), "worn": worn}


def recalled(values: Mapping[str, Any]) -> Look:
    """The look of which `values` are the record."""
    worn = tuple(Worn(thing["name"], item_recalled(thing["item"]), thing["fabric"]) for thing in values["worn"])
    return Look(**{**{each.name: values[each.name] for each in fields(Look)}, "worn": worn})


@dataclass(frozen=True)
class _Author:
    """Who takes the photos: a favourite style and place."""

    style: str
    scene: str


# Chances by season, in the order of SEASONS.
_CHANCES = {
    "coat": (0.12, 0.0, 0.34, 0.68),
    "cardigan": (0.34, 0.08, 0.30, 0.15),
    "scarf": (0.06, 0.02, 0.22, 0.50),
    "hat": (0.22, 0.34, 0.24, 0.26),
    "shorts": (0.14, 0.34, 0.08, 0.04),
    "tights": (0.25, 0.04, 0.45, 0.70),
    "sunglasses": (0.12, 0.30, 0.08, 0.04),
}
_SHOES = {
    "sneakers": (0.40, 0.28, 0.35, 0.28),
    "sandals": (0.12, 0.46, 0.04, 0.0),
    "pumps": (0.28, 0.20, 0.24, 0.17),
    "boots": (0.20, 0.06, 0.37, 0.55),
}
_TOPS = {"t-shirt": (0.42, 0.58, 0.30, 0.24), "blouse": (0.42, 0.40, 0.40, 0.40), "hoodie": (0.16, 0.02, 0.30, 0.36)}
_DRESSED = {"romantic": 0.42, "vintage": 0.32, "bohemian": 0.36, "sporty": 0.04, "casual": 0.16}
_SHOE_TILT = {
    "sporty": {"sneakers": 4.0},
    "casual": {"sneakers": 1.8},
    "formal": {"pumps": 3.0, "sneakers": 0.3},
    "romantic": {"pumps": 2.0, "sneakers": 0.5},
    "bohemian": {"sandals": 1.8, "boots": 1.5},
}


def looks(n: int, *, seed: int) -> list[Look]:
    """Sample of `n` street photos.

    Notes
    -----
    Season and style are independent. What is worn depends on both; an author repeats his style and his place in some
    three of five photos, which ties words to people as on any site.

    Raises
    ------
    ValueError
        If `n` is negative.
    """
    if n < 0:
        raise ValueError(f"n must be 0 or more looks, got {n}")
    rng = np.random.default_rng([seed, 0])
    authors = [_Author(choice(rng, STYLES), choice(rng, SCENES)) for _ in range(max(1, n // 12))]
    return [_look(np.random.default_rng([seed, 1, i]), authors) for i in range(n)]


def _look(rng: np.random.Generator, authors: list[_Author]) -> Look:
    author = int(len(authors) * rng.random() ** 1.6)  # some post much more than others
    style, scene = authors[author].style, authors[author].scene
    if rng.random() < 0.4:
        style = choice(rng, STYLES)
    if rng.random() < 0.4:
        scene = choice(rng, SCENES)
    season = int(rng.integers(len(SEASONS)))
    names = _names(style, season, rng)
    worn = _coloured([_made(name, style, rng) for name in names], rng)
    return Look(worn, style, SEASONS[season], scene, author, int(rng.integers(2**31)))


def _names(style: str, season: int, rng: np.random.Generator) -> list[str]:
    """What is worn, the main garments first."""

    def chance(name: str) -> bool:
        return bool(rng.random() < _CHANCES[name][season])

    if rng.random() < _DRESSED.get(style, 0.22):
        names = ["dress"]
    else:
        below = "shorts" if chance("shorts") else ("skirt" if rng.random() < 0.48 else "trousers")
        names = [weighted_choice(rng, {name: chances[season] for name, chances in _TOPS.items()}), below]
    names += [next((name for name in ("coat", "cardigan") if chance(name)), "")]
    shoes = weighted_choice(rng, {name: chances[season] for name, chances in _SHOES.items()}, _SHOE_TILT.get(style))
    names += [shoes, *(name for name in ("scarf", "hat", "sunglasses") if chance(name))]
    if "trousers" not in names and shoes != "sandals" and chance("tights"):
        names.append("tights")
    elif shoes in ("sneakers", "pumps") and rng.random() < 0.3:
        names.append("socks")
    carried = rng.random()
    names.append("bag" if carried < 0.42 else "backpack" if carried < 0.56 + 0.15 * (style == "sporty") else "")
    if "sunglasses" not in names and rng.random() < 0.13:
        names.append("glasses")
    return [name for name in names if name]


def _made(name: str, style: str, rng: np.random.Generator) -> Worn:
    item = garment(KIND_OF[name], style, rng)
    denim = name in ("trousers", "shorts", "skirt", "blouse") and rng.random() < (0.12 if name == "blouse" else 0.26)
    if denim:
        item = replace(item, colour="blue", texture="basic", second=partners("blue")[0])
    if name in (*FOOTWEAR, "backpack", "glasses", "sunglasses", "tights", "bag") and rng.random() < 0.85:
        item = replace(item, texture="basic")
    if name in ("glasses", "sunglasses"):
        item = replace(item, colour="black", second="yellow", texture="basic")
    if name == "tights" and rng.random() < 0.7:
        item = replace(item, colour="black", second="red")
    return Worn(name, item, "denim" if denim else "woven")


def _coloured(worn: list[Worn], rng: np.random.Generator) -> tuple[Worn, ...]:
    """The things in colours that go together: few patterns, colours that come back, at times all in one colour."""
    leader = worn[0].item
    one_colour = rng.random() < 0.10
    colour = COLOURS[int(rng.choice([1, 1, 1, 2, 5, 7, 3]))] if one_colour else leader.colour
    result, patterns = [], 0
    for thing in worn:
        item = thing.item
        if thing.fabric == "woven" and thing.name not in ("glasses", "sunglasses"):
            if one_colour or (item is not leader and rng.random() < 0.22):
                item = replace(item, colour=colour, second=_shown_on(colour, item.second, rng))
            plain = one_colour or (patterns and rng.random() < 0.9) or rng.random() < 0.3
            item = replace(item, texture="basic") if plain else item
            patterns += item.texture != "basic"
        result.append(replace(thing, item=item))
    return tuple(result)


def _shown_on(colour: str, second: str, rng: np.random.Generator) -> str:
    options = partners(colour)
    return second if second in options else choice(rng, options)
