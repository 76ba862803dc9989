"""Where a word is in a picture: what people drew, joined to one region, or the masks that came with the pictures."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from neuroattr import saliency

from .collection import Corpus

Row = tuple[str, str, int]  # image, word, pixels


@dataclass(frozen=True)
class WordRegions:
    """Regions of words in pictures.

    Attributes
    ----------
    table : DataFrame, one row a region: image, word, pixels (their number)
    dropped : DataFrame, one row for each pair that was asked about and has no region: image, word
    masks : list of bool H x W
        In the order of ``table``.
    """

    table: pd.DataFrame
    dropped: pd.DataFrame
    masks: list[np.ndarray] = field(repr=False)

    def __repr__(self) -> str:
        words = self.table["word"].nunique()
        return f"WordRegions({len(self.table)} regions of {words} words, {len(self.dropped)} dropped)"


def agreed(corpus: Corpus, *, votes_needed: int) -> WordRegions:
    """Regions that enough annotators put into their boxes; pictures without agreement are dropped and listed.

    Parameters
    ----------
    corpus
        With ``annotations.drawn_boxes``.
    votes_needed
        Boxes that a pixel must lie in (paper: 2 of 3).

    Raises
    ------
    ValueError
        If nobody drew boxes in this corpus.

    Notes
    -----
    *Discovery*, section 6: "at least two of three". A judgement without a box counts for no pixel.
    """
    boxes = corpus.annotations.drawn_boxes
    if boxes is None:
        raise ValueError(f"nobody drew boxes in {corpus.name}; use regions.masks(corpus, ...) or another corpus")
    rows: list[Row] = []
    dropped, masks = [], []
    for (word, image), judged in boxes.groupby(["word", "image"], sort=False):
        width, height = corpus.image(str(image)).size
        drawn = [[(row.top, row.bottom, row.left, row.right)] for row in judged.dropna().itertuples()]
        region = saliency.agreed_region(saliency.box_votes(drawn, (height, width)), votes_needed=votes_needed)
        if region is None:
            dropped.append((image, word))
        else:
            rows.append((image, word, int(region.sum())))
            masks.append(region)
    return _regions(rows, dropped, masks)


def masks(corpus: Corpus, pairs: Iterable[tuple[str, str]]) -> WordRegions:
    """The masks that came with the pictures, for pairs of an image and a word; pairs without one are listed.

    Raises
    ------
    ValueError
        If the corpus has no masks.
    """
    if corpus.annotations.regions is None and corpus.annotations.polygons is None:
        raise ValueError(f"{corpus.name} has neither regions nor polygons; what is known of it: {corpus.annotations!r}")
    rows: list[Row] = []
    dropped, kept = [], []
    for image, word in pairs:
        mask = corpus.annotations.masks(image).get(word)
        if mask is None or not mask.any():
            dropped.append((image, word))
        else:
            rows.append((image, word, int(mask.sum())))
            kept.append(mask)
    return _regions(rows, dropped, kept)


def _regions(rows: list[Row], dropped: list[tuple[str, str]], masks: list[np.ndarray]) -> WordRegions:
    table = pd.DataFrame(rows, columns=["image", "word", "pixels"])
    return WordRegions(table, pd.DataFrame(dropped, columns=["image", "word"]), masks)
