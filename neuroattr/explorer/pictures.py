"""Pictures of a corpus as small files, one for each picture however often it is shown."""

from __future__ import annotations

import io
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from jaxtyping import Float
from PIL import Image

from neuroattr import widgets
from neuroattr.corpus import Corpus
from neuroattr.figures.saliency import overlaid

SIDE = 120  # pixels of the longer side: strips of six, and of three on a phone
INCH = 144  # pixels at the resolution of the figures
LINE = 48  # most letters of a title
Put = Callable[[str, bytes, str], str]


@dataclass(frozen=True)
class Thumbnails:
    """Small pictures of a corpus; each is made once, because many rows show the same.

    Parameters
    ----------
    side : int
        Pixels of the longer side.
    """

    corpus: Corpus
    side: int = SIDE
    _kept: dict[int, Image.Image] = field(default_factory=dict, repr=False)

    def thumbnail(self, row: int) -> Image.Image:
        """The picture of one row of the corpus."""
        row = int(row)
        if row not in self._kept:
            self._kept[row] = _small(self.corpus, row, self.side)
        return self._kept[row]

    def grid(self, rows: Iterable[Iterable[int]]) -> list[list[Image.Image]]:
        """The pictures of rows of rows."""
        return [[self.thumbnail(row) for row in some] for some in rows]


@dataclass(frozen=True)
class Pictures:
    """Small files of the pictures of a corpus.

    Parameters
    ----------
    put : callable
        ``put(name, content, suffix)`` keeps a file and gives its address: a chapter's ``page.files.put``.
    """

    corpus: Corpus
    put: Put
    _kept: dict[str, tuple[str, tuple[int, int]]] = field(default_factory=dict, repr=False)

    def thumbnail(self, id: str, alt: str, *, kind: str = "") -> str:
        """Markup of a picture, its file written once."""
        if id not in self._kept:
            small = _small(self.corpus, id, SIDE)
            self._kept[id] = self.put(id, webp(small), ".webp"), small.size
        address, (width, height) = self._kept[id]
        return widgets.picture(address, alt, width, height, lazy=True, kind=kind)

    def title(self, id: str) -> str:
        """What the corpus calls a picture, cut to a line."""
        title = self.corpus.table.at[id, "title"] if "title" in self.corpus.table else None
        return textwrap.shorten(title, LINE, placeholder=" …") if isinstance(title, str) and title.strip() else id

    def overlay(self, id: str, name: str, shown: Image.Image, heat: Float[np.ndarray, "H W"], alt: str) -> str:
        """Markup of a picture under a map of the same shape, its colours from the map's lowest to its highest value."""
        full = (heat - heat.min()) / (np.ptp(heat) or 1)
        address = self.put(f"{name}-{id}", webp(Image.fromarray(overlaid(np.asarray(shown), full))), ".webp")
        return widgets.picture(address, alt, *shown.size, lazy=True)

    def __len__(self) -> int:
        return len(self._kept)


def _small(corpus: Corpus, picture: str | int, side: int) -> Image.Image:
    """A picture of the corpus, its longer side `side` pixels at most."""
    small: Image.Image = corpus.image(picture)
    small.thumbnail((side, side), Image.Resampling.LANCZOS)
    return small


def webp(picture: Image.Image) -> bytes:
    """Bytes of a picture as WebP; the same picture always gives the same bytes."""
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=80, method=2)
    return out.getvalue()
