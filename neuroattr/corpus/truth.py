"""What is known about the pictures of a corpus apart from their words: held out, for measuring only."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

KINDS = ("visual", "abstract", "context", "non-visual")


@dataclass(frozen=True)
class Truth:
    """Ground truth of a corpus; None where there is none. Methods never read it, chapters measure against it.

    Parameters
    ----------
    attributes
        Categorical columns (colour, pattern, sleeve length ...), one row a picture: N x A, index of the corpus table.
    visibility
        How visible each word is in a picture that has it, in [0, 1], by word.
    kinds
        One of ``KINDS`` for each word.
    regions
        ``regions(id) -> dict[str, bool H x W]``: masks of the parts of a picture.
    votes
        Annotators' votes, one row a judgement: word, pair, positive_id, negative_id, annotator, answer ("positive",
        "negative" or "none").
    boxes
        What annotators drew, one row a judgement: image, word, annotator, and left, top, right, bottom in pixels
        (half open), missing where no box was drawn; ``corpus.regions.agreed`` joins them to one region.
    """

    attributes: pd.DataFrame | None = None
    visibility: pd.Series | None = None
    kinds: pd.Series | None = None
    regions: Callable | None = None
    votes: pd.DataFrame | None = None
    boxes: pd.DataFrame | None = None

    def __post_init__(self):
        if self.visibility is not None and not self.visibility.dropna().between(0, 1).all():
            raise ValueError("truth.visibility lies in [0, 1]; use NaN for words without a known visibility")
        if self.kinds is not None and not set(self.kinds.unique()) <= set(KINDS):
            raise ValueError(f"truth.kinds are among {KINDS}; got {sorted(map(str, set(self.kinds) - set(KINDS)))}")

    def __repr__(self):
        known = [name for name, value in vars(self).items() if value is not None]
        return f"Truth({', '.join(known) or 'nothing'})"

    def part(self, ids):
        """The truth of the pictures ``ids`` only (an array of ids, in the wanted order)."""
        attributes = None if self.attributes is None else self.attributes.loc[ids]
        inside, votes, boxes = set(np.asarray(ids)), self.votes, self.boxes
        if votes is not None:
            votes = votes[votes.positive_id.isin(inside) & votes.negative_id.isin(inside)]
        if boxes is not None:
            boxes = boxes[boxes.image.isin(inside)]
        return Truth(attributes, self.visibility, self.kinds, self.regions, votes, boxes)
