"""What a page's numbers were made from, as its corpus and network say it, in words fit to print."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from neuroattr import corpus as corpora
from neuroattr.results import Context

DRAWN = "atelier"  # what the names of the corpora that this library draws begin with


def described(context: Context, corpus: Any = None, backbone: Any = None) -> Context:
    """A context with what a corpus and a network, or their names, say of themselves; None keeps what is known.

    Notes
    -----
    Generated data are called generated wherever they appear. Of a name that is known only where the library draws that
    corpus (``atelier-...``) or has it otherwise (``corpus.names()``); else ``generated`` is None.
    """
    if corpus is not None:
        name = corpus if isinstance(corpus, str) else str(corpus.name)
        generated = corpus.generated if hasattr(corpus, "generated") else _is_generated(name)
        context = replace(
            context,
            corpus=name,
            generated=None if generated is None else bool(generated),
            images=None if isinstance(corpus, str) else len(corpus),
        )
        recipe = json.dumps(getattr(corpus, "recipe", {}), sort_keys=True, default=str)
        if recipe != "{}":
            digest = hashlib.sha256(recipe.encode()).hexdigest()
            context = replace(context, assets={**context.assets, f"recipe of {name}": digest})
    if backbone is not None:
        title = backbone if isinstance(backbone, str) else str(getattr(backbone, "title", None) or backbone.name)
        context = replace(context, network=title)
        if hasattr(backbone, "digest"):
            context = replace(context, assets={**context.assets, f"weights of {title}": str(backbone.digest)})
    return context


def _is_generated(name: str) -> bool | None:
    """Whether the corpus of a name is drawn; None for a name that the library does not know."""
    return True if name.startswith(DRAWN) else False if name in corpora.names() else None
