"""Parametric silhouettes of every kind of product: shapes only, no colour, no light, no scene."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ..items import Item
from . import accessories, bottoms, tops
from .pieces import Drape, Piece, Places, Silhouette, present

__all__ = ["Drape", "Piece", "Places", "Silhouette", "present", "silhouette"]

_MAKERS: dict[str, Callable[[Item, np.random.Generator], Silhouette]] = {
    "t-shirt": tops.t_shirt,
    **{name: getattr(tops, name) for name in ("blouse", "hoodie", "cardigan", "coat")},
    **{name: getattr(bottoms, name) for name in ("dress", "skirt", "trousers", "shorts", "swimsuit")},
    **{name: getattr(accessories, name) for name in ("bag", "hat", "scarf", "boots")},
}


def silhouette(item: Item, rng: np.random.Generator) -> Silhouette:
    """Shape of `item` in centimetres; `rng` moves its contours a little, so that no two are the same cut."""
    return _MAKERS[item.kind](item, rng)
