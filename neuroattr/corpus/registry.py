"""The corpora by name: the real data sets and the generated ones."""

from __future__ import annotations

import importlib
from typing import Any

from .collection import Corpus

# Makers are named, not imported: atelier itself builds on this module.
MAKERS = {
    "atelier-shop": ("neuroattr.atelier", "shop"),
    "atelier-swatches": ("neuroattr.atelier", "swatches"),
    "atelier-street": ("neuroattr.atelier", "street"),
    "products": ("neuroattr.corpus.products", "products"),
    "street": ("neuroattr.corpus.street", "street"),
    "birds": ("neuroattr.corpus.birds", "birds"),
    "colours": ("neuroattr.corpus.labelled", "colours"),
    "textures": ("neuroattr.corpus.labelled", "textures"),
    "colours-and-patterns": ("neuroattr.corpus.labelled", "colours_and_patterns"),
}


def names() -> tuple[str, ...]:
    """Names that ``load`` knows."""
    return tuple(MAKERS)


def load(name: str, **options: Any) -> Corpus:
    """The corpus ``name``, made or read from the cache.

    Parameters
    ----------
    name
        One of ``names()``.
    options
        Of its maker, each with seed=0: ``neuroattr.atelier.shop`` (n=6000, size=160, deduplicate=True), ``swatches``
        (each=100, size=160, fixed=None) and ``street`` (n=1600, size=160); ``neuroattr.corpus.products.products``
        (n_words=250, deduplicate=True, boilerplate="keep", limit=None) and ``neuroattr.corpus.street.street``
        (limit=None), ``neuroattr.corpus.birds.birds`` (crop="square", words="captions", validation=0.2, apart=False);
        in ``neuroattr.corpus.labelled`` ``colours`` (each=100), ``textures`` (each=100,
        basic="products", tenth="zebra") and ``colours_and_patterns`` (most=40).

    Raises
    ------
    ValueError
        For an unknown name.
    """
    if name not in MAKERS:
        raise ValueError(f"the corpora are {', '.join(MAKERS)}; got {name!r}. For your own pictures: Corpus.from_table")
    module, function = MAKERS[name]
    options.setdefault("seed", 0)
    made: Corpus = getattr(importlib.import_module(module), function)(**options)
    return made
