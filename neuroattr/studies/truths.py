"""What is true of the pictures whatever their texts say: the hidden truth that a purifier of labels is judged by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from neuroattr import statistics, text
from neuroattr.corpus import Corpus
from neuroattr.statistics import Estimate

LOOKS = ("baseColour", "Pattern", "Print or Pattern Type", "Fabric", "Sleeve Length", "Neck", "Collar", "Fit")
"""Fields of a catalogue whose values can be seen, or are about the cloth."""


def shown(corpus: Corpus, words: Sequence[str]) -> pd.DataFrame:
    """Which words are true of which pictures, N x W: 1, 0, or NaN where it is not known.

    Parameters
    ----------
    corpus
        A generated shop, whose truth is its recipe, or one with the attributes of a catalogue.
    words
        Words of the corpus; those of which nothing is known are left out.

    Raises
    ------
    ValueError
        A corpus of which nothing is known.

    Notes
    -----
    In a catalogue a word is true of a picture if one of its stated values has the word in it (base colour "navy blue":
    blue and navy), in any spelling, and untrue if a field whose values know the word states something else. A catalogue
    has one base colour a product: black trimmings of a white shirt count as not black, so precision is a lower bound.
    """
    if corpus.generated:
        from neuroattr import atelier  # here, because real data need no drawing library

        true = atelier.applies(corpus)[list(words)].astype(float)
        return true.loc[:, (true.min() < true.max())]
    attributes = corpus.truth.attributes
    fields = [] if attributes is None else [name for name in LOOKS if name in attributes]
    if attributes is None or not fields:
        raise ValueError(f"nothing is known of the pictures of {corpus.name} but their texts: no truth to judge by")
    stated = {word: _stated(attributes[fields], word) for word in words}
    return pd.DataFrame({word: values for word, values in stated.items() if values is not None}, index=corpus.ids)


def _stated(attributes: pd.DataFrame, word: str) -> np.ndarray | None:
    """1, 0 or NaN for each picture by all fields whose values know the word; None if no field does."""
    result = None
    for name in attributes:
        column = attributes[name]
        documents = [text.tokens(str(value)) for value in column.cat.categories]
        having = column.cat.categories[text.mentions(documents, [word]).toarray()[:, 0]]
        if len(having):
            values = np.where(column.isna(), np.nan, column.isin(having))
            result = values if result is None else np.fmax(result, values)
    return result


@dataclass(frozen=True)
class Purified:
    """How well a classifier finds what the texts got wrong.

    Attributes
    ----------
    precision
        Among the `count` pictures that stand out most: how many are wrong in the text.
    base
        The same among all pictures of that side.
    gain
        Difference of the two.
    rows
        Those pictures, the most suspected first.
    """

    precision: Estimate
    base: Estimate
    gain: Estimate
    rows: np.ndarray


def purified(
    log_odds: np.ndarray, mention: np.ndarray, true: np.ndarray, *, count: int, missed: bool
) -> Purified | None:
    """Suspected errors of a text, checked against the truth; None where the truth of that side is not known.

    Parameters
    ----------
    log_odds : float N
        Confidence of a classifier for pictures it has not learned from.
    mention : bool N
        Whose text has the word.
    true : float N
        1, 0, NaN, as `shown` gives it; pictures of which it is not known are left out.
    count
        How many suspects are checked; fewer where there are fewer pictures.
    missed
        True: pictures without the word, the most likely first (false negatives of the text). False: pictures with
        the word, the least likely first (false positives).
    """
    log_odds, mention, true = np.asarray(log_odds), np.asarray(mention, bool), np.asarray(true, float)
    side = np.flatnonzero((mention != missed) & np.isfinite(true))
    if len(side) == 0:
        return None
    wrong = true[side] == (1.0 if missed else 0.0)
    order = np.argsort(-log_odds[side] if missed else log_odds[side], kind="stable")[:count]
    precision = statistics.proportion(int(wrong[order].sum()), len(order))
    base = statistics.proportion(int(wrong.sum()), len(side))
    return Purified(precision, base, statistics.proportion_difference(precision, base), side[order])
