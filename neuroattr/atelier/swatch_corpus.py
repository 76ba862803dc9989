"""atelier-swatches: generated clothing in which every colour meets every texture equally often."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import scipy.sparse

from neuroattr.corpus import Annotations, Corpus, ImageSource
from neuroattr.corpus.splits import assigned

from . import chunks, pictures
from .items import COLOURS, CUTS, KINDS, STYLES, TEXTURES, Item, partners, record
from .shop_corpus import Regions

NAME = "atelier-swatches"
VALUES = {"colour": COLOURS, "texture": TEXTURES, "kind": KINDS, "style": STYLES}
ATTRIBUTES = ("colour", "texture", "kind", "second", "style")
DETAIL_SHARE = 0.12  # of each detail that a kind can have: fewer than in the shop, as they hide cloth


@dataclass(frozen=True)
class Design:
    """What swatches are to be drawn; see ``swatches``."""

    each: int
    size: int
    seed: int
    fixed: Mapping[str, str]

    def __post_init__(self) -> None:
        step = len(COLOURS)
        if self.each < step or self.each % step:
            raise ValueError(
                f"each is how many pictures of every colour and of every texture, a multiple of {step} so that each "
                f"colour meets each texture equally often; got {self.each}"
            )
        pictures.require_size(self.size)
        for name, value in self.fixed.items():
            if name not in VALUES:
                raise ValueError(f"fixed names one of {', '.join(VALUES)}; got {name!r}")
            if value not in VALUES[name]:
                raise ValueError(f"no {name} is called {value!r}; choose one of {', '.join(VALUES[name])}")


def swatches(*, each: int = 100, size: int = 160, seed: int, fixed: Mapping[str, str] | None = None) -> Corpus:
    """Generated clothing in ten colours and ten textures, crossed: Hidden layers, Section 3.1, with exact labels.

    Parameters
    ----------
    each
        Pictures of every colour and of every texture, a multiple of 10 (paper: 100). There are ten times as many, and
        each of the 100 pairs has a tenth of ``each``: one set serves the study of colours, that of textures, and
        retrieval by both.
    size
        Side of the pictures in pixels.
    seed
        Of everything; the same seed gives the same pictures.
    fixed
        Attributes that are the same in all pictures, e.g. ``{"texture": "basic"}`` for colours without patterns; of
        colour, texture, kind and style. All else stays as it is without it: the same garments in the same poses.

    Returns
    -------
    Corpus
        ``annotations.attributes``: colour (of the ground), texture, kind, second (colour of the pattern) and style;
        ``annotations.regions(id)`` draws the masks of the parts. There are no words.

    Notes
    -----
    Kinds and styles are as frequent in one colour and texture as in another, but for a picture or two, so that neither
    shape nor background tells a class. A patterned garment shows a second colour, of crows-feet about half: who wants
    one colour a picture fixes the texture to basic.

    Raises
    ------
    ValueError
        If ``each`` is no multiple of 10, ``size`` is less than 16, or ``fixed`` has an unknown name or value.
    """
    design = Design(each, size, seed, dict(fixed or {}))
    items, recipe = designed(design), {"corpus": NAME, **asdict(design)}

    def assembled(folder: Path) -> Corpus:
        return _assembled(folder, items, recipe)

    return pictures.corpus_of(items, recipe, size, renderer=chunks.RENDERING, assembled=assembled)


def designed(design: Design) -> dict[str, Item]:
    """The products by the ids of their pictures; ten times ``each`` of them."""
    rng = np.random.default_rng(design.seed)
    pairs = list(itertools.product(COLOURS, TEXTURES))
    count = design.each // len(COLOURS)
    n = len(pairs) * count
    kinds, styles = rng.permutation(KINDS).tolist(), rng.permutation(STYLES).tolist()
    items = {}
    for row, k in enumerate(rng.permutation(n).tolist()):
        colour, texture = pairs[k // count]
        # One round of kinds after the other, a step further in every colour: all get nearly equal shares of each.
        rounds, place = divmod(k + COLOURS.index(colour), len(kinds))
        style = styles[(place + rounds) % len(styles)]
        wish = {"colour": colour, "texture": texture, "kind": kinds[place], "style": style}
        items[f"swatch-{row:05d}"] = _item({**wish, **design.fixed}, np.random.default_rng([design.seed, k]))
    return items


def _item(wish: Mapping[str, str], rng: np.random.Generator) -> Item:
    seed, chances = int(rng.integers(2**31)), rng.random(5)
    cut = CUTS[wish["kind"]]
    sleeve, neckline, length = (
        options[int(u * len(options))] if options else None
        for options, u in zip((cut.sleeves, cut.necklines, cut.lengths), chances, strict=False)
    )
    details = {name for name in cut.details if rng.random() < DETAIL_SHARE}
    if {"zipper", "buttons"} <= details:  # one opening in front
        details.discard("buttons")
    seconds = partners(wish["colour"])
    return Item(
        second=seconds[int(chances[3] * len(seconds))],
        sleeve=sleeve,
        neckline=neckline,
        length=length,
        details=frozenset(details),
        seed=seed,
        **wish,
    )


def _assembled(folder: Path, items: Mapping[str, Item], recipe: dict[str, Any]) -> Corpus:
    ids = pd.Index(items, name="image")
    records = pd.DataFrame([record(item) for item in items.values()], index=ids)
    places = [pictures.relative_path(row, id) for row, id in enumerate(ids)]
    split = assigned(ids, seed=recipe["seed"])
    table = pd.DataFrame({"image": places, "category": records["kind"], "split": split}, index=ids)
    return Corpus(
        NAME, table, (), scipy.sparse.csr_array((len(ids), 0), dtype=bool),
        ImageSource(folder, dict(zip(ids, places, strict=True))),
        Annotations(records[list(ATTRIBUTES)].astype("category"), regions=Regions(dict(items), recipe["size"])),
        generated=True, recipe=recipe,
    )  # fmt: skip
