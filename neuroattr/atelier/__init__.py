"""Generated corpora with exact ground truth: pictures and texts that are both functions of one record.

>>> from neuroattr import atelier
>>> market = atelier.shop(n=6000, size=160, seed=0)  # doctest: +SKIP
"""

from .annotators import Panel, votes
from .items import COLOURS, DETAILS, KINDS, STYLES, TEXTURES, Item, items
from .lexicon import Word, words
from .rendering import draw, masks
from .shop import applies, shop

__all__ = [
    "COLOURS",
    "DETAILS",
    "KINDS",
    "STYLES",
    "TEXTURES",
    "Item",
    "Panel",
    "Word",
    "applies",
    "draw",
    "items",
    "masks",
    "shop",
    "votes",
    "words",
]
