"""The listings of the generated shop: who sells what, in which words, and how often nearly the same thing twice."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from neuroattr.corpus.splits import assigned

from . import vocabulary, wording
from .items import KINDS, STYLES, Item, items, record

NEAR_DUPLICATES = 0.40  # share of listings: "roughly 40 %" (Discovery, Section 3.1)
_TAIL = 1.0  # exponent of shop sizes
_LARGEST = 1 / 15  # share of all listings that one shop holds at most
_STRAY = 0.3  # share of products outside a shop's usual assortment

# One seed, several independent streams.
_ITEMS, _SHOPS, _ERRORS, _TEXTS, _NAMES = range(5)


@dataclass(frozen=True)
class Catalogue:
    """N listings: their products, and their texts as a table (title, description, category, group, look)."""

    items: tuple[Item, ...]
    table: pd.DataFrame


def listed(n: int, *, seed: int) -> pd.DataFrame:
    """Table of `n` listings by id: texts, split, and the record of the product."""
    made = catalogue(n, seed=seed)
    records = pd.DataFrame([record(item) for item in made.items], index=made.table.index)
    records["details"] = records["details"].map("|".join)
    table = made.table.join(records)
    table["split"] = assigned(table.index, seed=seed)
    return table


def catalogue(n: int, *, seed: int) -> Catalogue:
    """All listings of a generated market place, in random order.

    Parameters
    ----------
    n
        Number of listings.

    Notes
    -----
    A *look* is a product with its text. About 40 % of the listings show a look that the shop has listed before: the
    same product in another pose, the same text but for a proper noun. Words are drawn once for each look, so the
    stated rates of error hold among looks, not among listings.

    Raises
    ------
    ValueError
        If `n` is less than 1.
    """
    if n < 1:
        raise ValueError(f"a shop needs at least 1 listing, got n={n}")
    rng = np.random.default_rng([seed, _SHOPS])
    sizes = shop_sizes(n, rng)
    look = looks(sizes, rng)
    products = _assorted(items(int(look.max()) + 1, seed=_stream(seed, _ITEMS)), rng)
    shop = np.repeat(np.arange(len(sizes)), sizes)
    first = np.unique(look, return_index=True)[1]
    texts = _texts(products, shop[first], seed)
    rows = rng.permutation(n)
    names = _names(look, seed)
    listed = pd.DataFrame(
        {
            "title": [texts[look[i]][0].replace(wording.NAME, names[i]) for i in rows],
            "description": [texts[look[i]][1].replace(wording.NAME, names[i]) for i in rows],
            "category": [products[look[i]].kind for i in rows],
            "group": _shop_names(len(sizes), rng)[shop[rows]],
            "look": look[rows],
        },
        index=pd.Index([f"shop-{i:06d}" for i in range(n)], name="image"),
    )
    poses = rng.integers(2**31, size=n)
    return Catalogue(tuple(replace(products[look[i]], seed=int(poses[i])) for i in rows), listed)


def shop_sizes(n: int, rng: np.random.Generator) -> np.ndarray:
    """Listings of each shop: long-tailed whole numbers of at least 1 with sum `n`."""
    cap = max(int(n * _LARGEST), 1)
    sizes = np.minimum(np.floor(rng.pareto(_TAIL, n) + 1), cap).astype(int)
    shops = int(np.searchsorted(np.cumsum(sizes), n)) + 1
    sizes = sizes[:shops]
    sizes[-1] -= sizes.sum() - n
    return sizes


def looks(sizes: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Look of each listing, listings shop by shop: a repeated number is a near-duplicate.

    Notes
    -----
    Each listing after a shop's first repeats one of the shop's earlier listings with one fixed chance, so that
    popular looks are repeated most; the chance gives NEAR_DUPLICATES of all listings on average.
    """
    n, later = int(sizes.sum()), int((sizes - 1).sum())
    chance = min(NEAR_DUPLICATES * n / later, 1.0) if later else 0.0
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    look, following = np.zeros(n, int), 0
    for i, start in enumerate(starts):
        if i > start and rng.random() < chance:
            look[i] = look[rng.integers(start, i)]
        else:
            look[i], following = following, following + 1
    return look


def _assorted(products: list[Item], rng: np.random.Generator) -> list[Item]:
    """The same products in an order in which neighbours, who will share a shop, are often of one style and kind."""
    alike = np.array([STYLES.index(p.style) * len(KINDS) + KINDS.index(p.kind) for p in products], float)
    alike = rng.permutation(len(KINDS) * len(STYLES))[alike.astype(int)] + rng.random(len(products))
    stray = rng.random(len(products)) < _STRAY
    alike[stray] = rng.uniform(0, len(KINDS) * len(STYLES), stray.sum())
    return [products[i] for i in np.argsort(alike)]


def _texts(products: list[Item], shop: np.ndarray, seed: int) -> list[tuple[str, str]]:
    words = vocabulary.words()
    mentioned = vocabulary.mentioned(vocabulary.applicability(products), seed=_stream(seed, _ERRORS))
    voices = [wording.voice(np.random.default_rng([seed, _TEXTS, 0, s])) for s in range(int(shop.max()) + 1)]
    return [
        wording.written(
            product,
            [words[w] for w in np.flatnonzero(mentioned[i])],
            voices[shop[i]],
            np.random.default_rng([seed, _TEXTS, 1, i]),
        )
        for i, product in enumerate(products)
    ]


def _names(look: np.ndarray, seed: int) -> list[str]:
    """Proper noun of each listing, different within a look as long as the names last, then numbered."""
    names, given = wording.phrases()["names"], []
    listings: Counter[int] = Counter()
    for number in look:
        i = listings[number]
        listings[number] += 1
        order = np.random.default_rng([seed, _NAMES, int(number)]).permutation(len(names))
        name = names[order[i % len(names)]]
        given.append(name if i < len(names) else f"{name} {i // len(names) + 1}")
    return given


def _shop_names(n: int, rng: np.random.Generator) -> np.ndarray:
    shops = wording.phrases()["shops"]
    names = [(first + second).replace(" ", "") for first in shops["first"] for second in shops["second"]]
    order = rng.permutation(len(names))
    number = ["" if i < len(names) else str(i // len(names) + 1) for i in range(n)]
    return np.array([names[order[i % len(names)]] + number[i] for i in range(n)])


def _stream(seed: int, stream: int) -> int:
    return int(np.random.default_rng([seed, stream]).integers(2**31))
