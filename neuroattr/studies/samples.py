"""Pictures of a corpus in rows, and the words of their texts: what `figures.image_grid` takes."""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image

from neuroattr.corpus import Corpus


def pictures(corpus: Corpus, rows: Iterable[Iterable[int]]) -> list[list[Image.Image]]:
    """The whole pictures of rows of positions."""
    return [[corpus.image(int(position)) for position in row] for row in rows]


def mentioned(corpus: Corpus, rows: Iterable[Iterable[int]], *, most: int = 3) -> list[list[str]]:
    """For each picture of rows of positions the rarest words that its text has, at most so many, a line each."""
    return [["\n".join(_words(corpus, int(position))[-most:]) for position in row] for row in rows]


def _words(corpus: Corpus, position: int) -> list[str]:
    """Words that a picture's text has, the most frequent of the corpus first."""
    columns = corpus.mentions[[position]].nonzero()[1]
    return [corpus.words[column] for column in sorted(columns)]
