"""Scores of words held against what kind of word each is known to be."""

from __future__ import annotations

import pandas as pd

from neuroattr import statistics
from neuroattr.statistics import Estimate

COMPARED = ("visual", "non-visual")


def visual_auc(scores: pd.Series, kinds: pd.Series) -> Estimate:
    """Probability that a visual word has a larger score than a non-visual one (ties half), with its interval.

    Parameters
    ----------
    scores
        By word.
    kinds
        "visual", "non-visual", "abstract", "context" or missing, by word. Words of other kinds than the first two are
        left out, and words without a score.

    Raises
    ------
    ValueError
        No word of one of the two kinds; a score that is not finite.
    """
    of_scored = kinds.reindex(scores.index)
    compared = of_scored.isin(COMPARED)
    return statistics.auc(scores[compared].to_numpy(), (of_scored[compared] == "visual").to_numpy())
