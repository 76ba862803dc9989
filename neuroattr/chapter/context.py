"""What a page's numbers were made from, in words fit to print."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Sources:
    """Corpus and network of a page.

    Generated data are called generated wherever they appear; until the corpus itself is known (``uses``), its name
    tells: everything that this library draws is called ``atelier-...``.
    """

    corpus: str
    network: str
    generated: bool
    images: int | None = None
    digest: str = ""  # of the network's weights

    @classmethod
    def of(cls, corpus: Any, backbone: Any) -> Sources:
        """Sources from names, or from the loaded objects."""
        return cls("", "", False).updated(corpus, backbone)

    def updated(self, corpus: Any = None, backbone: Any = None) -> Sources:
        """These sources with what the given corpus and network say of themselves; None keeps what is known."""
        new = self
        if corpus is not None:
            name = _name(corpus)
            generated = bool(getattr(corpus, "generated", name.startswith("atelier")))
            images = None if isinstance(corpus, str) else len(corpus)
            new = replace(new, corpus=name, generated=generated, images=images)
        if backbone is not None:
            title = backbone if isinstance(backbone, str) else getattr(backbone, "title", _name(backbone))
            new = replace(new, network=str(title), digest=str(getattr(backbone, "digest", "")))
        return new


def _name(thing: Any) -> str:
    return thing if isinstance(thing, str) else str(thing.name)
