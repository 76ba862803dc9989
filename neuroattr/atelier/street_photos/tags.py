"""Tags of street photos: when one is true and where, and what users type, in two languages and with mistakes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import numpy as np

from neuroattr.corpus import translation

from ..choices import choice
from ..vocabulary import Facts, Table, frozen, holds
from . import dressing, rendering
from .looks import Look, Worn

Forms = dict[str, list[str]]  # how a tag is written, by one of translation.WHY
_SMALL = frozenset({"socks", "tights", "glasses", "sunglasses", "sneakers", "sandals", "pumps", "boots"})
_OUTER = ("coat", "cardigan")
LEAST = 6  # pixels: a place with fewer cannot be seen
_JAPANESE = 0.62  # share of authors who write Japanese; the paper says: the majority
_TYPO, _UNLISTED = 0.05, 0.012  # chances that a tag is one of the known typos, or a new one
_CHATTER = ("♡", "がんばる", "明日も", "カフェ巡り", "hello!!", "いいね", "no-filter", "久しぶり", "wearista", "またね")


@dataclass(frozen=True)
class Tag:
    """One tag: its kind as in ``Annotations.kinds``, what makes it true, how often users miss or invent it."""

    word: str
    kind: str
    any: tuple[Table, ...] = ()
    look: Table = field(default_factory=dict)
    everything: bool = False
    miss: float = 0.0
    invent: float = 0.0
    visible: float = 0.0

    @property
    def has_place(self) -> bool:
        """Whether there is a region of the picture that it names: seasons, moods and chatter have none."""
        return self.kind == "visual"

    def applies(self, look: Look) -> bool:
        """Whether the tag is true of the look."""
        if self.look:
            return holds(self.look, _facts_of_look(look))
        return any(holds(table, facts(look, thing)) for table in self.any for thing in look.worn)


@cache
def tags() -> tuple[Tag, ...]:
    """All tags, in the order of ``tags.toml``."""
    text = resources.files(__package__).joinpath("tags.toml").read_text(encoding="utf-8")
    return tuple(
        _tag(word, kind, entry)
        for kind, groups in tomllib.loads(text).items()
        for entries in groups.values()
        for word, entry in entries.items()
    )


def facts(look: Look, thing: Worn) -> Facts:
    """What a tag can follow: the values of each field that one of the things of a look has."""
    item = thing.item
    single = {"name": thing.name, "fabric": thing.fabric, "sleeve": item.sleeve, "length": item.length}
    known = {name: frozenset({value} if value else ()) for name, value in single.items()}
    small = thing.name in _SMALL
    known["texture"] = frozenset({item.texture} if thing.fabric == "woven" else ())
    known["main"] = frozenset() if small else frozenset({item.colour})
    known["part"] = frozenset() if small else item.details
    known["outer"] = frozenset({"yes" if look.thing(*_OUTER) else "no"})
    return known


def regions(look: Look, size: int) -> dict[str, np.ndarray]:
    """Where each tag that is true of the look and has a place is seen: bool size x size; unseen ones are not there."""
    person = dressing.figure(look)
    at = rendering.seen(look, size, person)
    known = [facts(look, thing) for thing in look.worn]
    found = {}
    for tag in tags():
        if tag.has_place and tag.applies(look):
            layers = np.flatnonzero([_names(tag, known, layer) for layer in person.layers])
            mask = np.isin(at, layers + 1)
            if mask.sum() >= LEAST:
                found[tag.word] = mask
    return found


def applicability(looks: Sequence[Look]) -> np.ndarray:
    """Which tags are true of which looks: bool N x W, columns in the order of ``tags()``."""
    return np.array([[tag.applies(look) for tag in tags()] for look in looks], bool).reshape(len(looks), len(tags()))


def typed(looks: Sequence[Look], *, seed: int) -> list[list[str]]:
    """Tags as the author of each photo types them.

    Notes
    -----
    An author writes Japanese or English. Every tag that is true is typed but for its rate of misses, others at their
    rate of invention; in one of its forms, a spelling mistake among them now and then, and at times one that no table
    knows. Chatter that no table knows is added.
    """
    true = applicability(looks)
    forms = _forms()
    return [
        _typed(look, row, forms, np.random.default_rng([seed, 2, i]))
        for i, (look, row) in enumerate(zip(looks, true, strict=True))
    ]


def _typed(look: Look, true: np.ndarray, forms: Mapping[str, Forms], rng: np.random.Generator) -> list[str]:
    japanese = np.random.default_rng([look.author, 7]).random() < _JAPANESE
    chances = rng.random(len(true))
    chosen = [
        _spelled(forms[tag.word], japanese, rng)
        for tag, holds, u in zip(tags(), true, chances, strict=True)
        if (u >= tag.miss if holds else u < tag.invent)
    ]
    if rng.random() < 0.12:
        chosen.append(choice(rng, _CHATTER))
    return [chosen[k] for k in rng.permutation(len(chosen))]


def _spelled(forms: Forms, japanese: bool, rng: np.random.Generator) -> str:
    """One form of a tag: in the author's language mostly, a variant or a mistake at times."""
    if japanese != (rng.random() < 0.08) and forms["japanese"]:
        options = forms["japanese"]
    else:
        options = forms["same"] * 3 + forms["synonyms"]
    tag = choice(rng, options)
    mistake = rng.random()
    if mistake < _UNLISTED and len(tag) > 3:
        k = int(rng.integers(1, len(tag) - 1))
        tag = tag[:k] + tag[k + 1] + tag[k] + tag[k + 2 :]
    elif mistake < _UNLISTED + _TYPO and forms["typos"]:
        tag = choice(rng, forms["typos"])
    if rng.random() < 0.1:
        tag = f"#{tag}"
    return tag


@cache
def _forms() -> dict[str, Forms]:
    known = translation.table("street")
    return {
        tag.word: {
            why: list(known.index[(known["word"] == tag.word) & (known["why"] == why)]) for why in translation.WHY
        }
        for tag in tags()
    }


def _names(tag: Tag, known: Sequence[Facts], layer: dressing.Layer) -> bool:
    """Whether a layer of the picture is part of what the tag names; `known` are the facts of each thing worn."""
    if layer.thing < 0:
        return False
    if tag.everything:
        return True
    tables = (table for table in tag.any if "part" not in table or layer.piece.part in table["part"])
    return any(holds(table, known[layer.thing]) for table in tables)


def _facts_of_look(look: Look) -> Facts:
    main = [thing.item for thing in look.worn if thing.name not in _SMALL]
    colours = {item.colour for item in main}
    plain = all(item.texture == "basic" for item in main)
    palette = "mixed"
    if plain and len(main) > 1 and colours <= {"black", "gray"}:
        palette = " and ".join(sorted(colours))
    elif plain and len(main) > 1 and len(colours) == 1:
        palette = "one colour"
    single = {"style": look.style, "season": look.season, "scene": look.scene, "palette": palette}
    return {name: frozenset({value}) for name, value in single.items()}


def _tag(word: str, kind: str, entry: Mapping[str, Any]) -> Tag:
    tables, look = tuple(map(frozen, entry.get("any", ()))), frozen(entry.get("look", {}))
    numbers = (float(entry.get(name, 0.0)) for name in ("miss", "invent", "visible"))
    return Tag(word, kind, tables, look, entry.get("everything", False), *numbers)
