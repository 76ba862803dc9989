"""Generated corpora with exact ground truth: pictures and texts that are both functions of one record.

>>> from neuroattr import atelier
>>> atelier.items(1, seed=0)[0].kind in atelier.KINDS
True
"""

import importlib
from typing import Any

from . import library  # noqa: F401  # before the first module that draws: it says what the system lacks
from .items import COLOURS, DETAILS, KINDS, STYLES, TEXTURES, Item, items
from .rendering import draw, masks
from .vocabulary import Word, words

__all__ = [
    "COLOURS",
    "DETAILS",
    "KINDS",
    "STYLES",
    "TEXTURES",
    "Item",
    "Word",
    "applies",
    "draw",
    "items",
    "masks",
    "shop",
    "street",
    "swatches",
    "words",
]

# Imported on first use: those who only draw, as the workers do, start without tables, texts and compilers.
_LATER = {
    "applies": "neuroattr.atelier.shop_corpus",
    "shop": "neuroattr.atelier.shop_corpus",
    "street": "neuroattr.atelier.street_photos.corpus",
    "swatches": "neuroattr.atelier.swatch_corpus",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_LATER[name]), name)
