"""What a page's numbers were made from, in words fit to print."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from typing import Any

from neuroattr import corpus as corpora
from neuroattr.results import Context

DRAWN = "atelier"  # what the names of the corpora that this library draws begin with


@dataclass(frozen=True)
class Sources:
    """Corpus and network of a page.

    Generated data are called generated wherever they appear; until the corpus itself is known (``uses``), its name
    tells: everything that this library draws is called ``atelier-...``, the other names of ``corpus.names()`` are
    photographs. Of any other corpus nobody knows it unless the corpus says so: ``generated`` is then None.
    """

    corpus: str
    network: str
    generated: bool | None
    images: int | None = None
    digests: dict[str, str] = field(default_factory=dict)  # of the weights, and of the corpus's recipe

    @classmethod
    def of(cls, corpus: Any, backbone: Any) -> Sources:
        """Sources from names, or from the loaded objects."""
        return cls("", "", None).updated(corpus, backbone)

    def updated(self, corpus: Any = None, backbone: Any = None) -> Sources:
        """These sources with what the given corpus and network say of themselves; None keeps what is known."""
        new = self
        if corpus is not None:
            name = _name(corpus)
            generated = _origin(corpus.generated if hasattr(corpus, "generated") else _known(name))
            images = None if isinstance(corpus, str) else len(corpus)
            new = replace(new, corpus=name, generated=generated, images=images)
            recipe = json.dumps(getattr(corpus, "recipe", {}), sort_keys=True, default=str)
            if recipe != "{}":
                digests = {**new.digests, f"recipe of {name}": hashlib.sha256(recipe.encode()).hexdigest()}
                new = replace(new, digests=digests)
        if backbone is not None:
            title = backbone if isinstance(backbone, str) else getattr(backbone, "title", _name(backbone))
            weights = {f"weights of {title}": str(backbone.digest)} if hasattr(backbone, "digest") else {}
            new = replace(new, network=str(title), digests={**new.digests, **weights})
        return new

    def context(self, profile: str) -> Context:
        """These sources as a ledger keeps them; the runner adds code, parameters and commit."""
        return Context(
            corpus=self.corpus,
            network=self.network,
            profile=profile,
            generated=self.generated,
            code="",
            assets=dict(self.digests),
        )


def _origin(generated: Any) -> bool | None:
    return None if generated is None else bool(generated)


def _known(name: str) -> bool | None:
    """Whether the corpus of a name is drawn; None for a name that the library does not know."""
    return True if name.startswith(DRAWN) else False if name in corpora.names() else None


def _name(thing: Any) -> str:
    return thing if isinstance(thing, str) else str(thing.name)
