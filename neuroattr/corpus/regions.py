"""Where a word is in a picture: what people drew, joined to one region, or the masks that came with the pictures."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from neuroattr import saliency

from .collection import Corpus


@dataclass(frozen=True)
class Places:
    """Regions of words in pictures.

    Attributes
    ----------
    found : DataFrame, one row a region: image, word, pixels (their number)
    dropped : DataFrame, one row for each pair that was asked about and has no region: image, word
    masks : list of bool H x W
        In the order of ``found``.
    """

    found: pd.DataFrame
    dropped: pd.DataFrame
    masks: list[np.ndarray] = field(repr=False)

    def __repr__(self) -> str:
        return f"Places({len(self.found)} regions of {self.found['word'].nunique()} words, {len(self.dropped)} dropped)"


def agreed(corpus: Corpus, *, votes_needed: int) -> Places:
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
    found, dropped, masks = [], [], []
    for (word, image), rows in boxes.groupby(["word", "image"], sort=False):
        width, height = corpus.image(str(image)).size
        drawn = [[(row.top, row.bottom, row.left, row.right)] for row in rows.dropna().itertuples()]
        region = saliency.agreed_region(saliency.box_votes(drawn, (height, width)), votes_needed=votes_needed)
        if region is None:
            dropped.append((image, word))
        else:
            found.append((image, word, int(region.sum())))
            masks.append(region)
    return _places(found, dropped, masks)


def masks(corpus: Corpus, pairs: Iterable[tuple[str, str]]) -> Places:
    """The masks that came with the pictures, for pairs of an image and a word; pairs without one are listed.

    Raises
    ------
    ValueError
        If the corpus has no masks.
    """
    if corpus.annotations.regions is None and corpus.annotations.polygons is None:
        raise ValueError(f"{corpus.name} has neither regions nor polygons; what is known of it: {corpus.annotations!r}")
    found, dropped, kept = [], [], []
    for image, word in pairs:
        mask = corpus.annotations.masks(image).get(word)
        if mask is None or not mask.any():
            dropped.append((image, word))
        else:
            found.append((image, word, int(mask.sum())))
            kept.append(mask)
    return _places(found, dropped, kept)


def _places(found: list, dropped: list, masks: list) -> Places:
    return Places(
        pd.DataFrame(found, columns=["image", "word", "pixels"]),
        pd.DataFrame(dropped, columns=["image", "word"]),
        masks,
    )
