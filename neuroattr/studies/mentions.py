"""How well the words of texts agree with what is stated of the same pictures elsewhere."""

from __future__ import annotations

import pandas as pd

from neuroattr import statistics
from neuroattr.corpus import Corpus


def recall_and_precision(corpus: Corpus, stated: pd.Series, *, at_least: int) -> pd.DataFrame:
    """How often texts mention the stated value of a picture, and how often a mentioned one is the stated one.

    Parameters
    ----------
    corpus
        Its words are looked for among the values.
    stated
        A value of each picture, in their order, in lower case.
    at_least
        Values that are stated of fewer pictures are left out.

    Returns
    -------
    table
        By word, in the order of the corpus: ``stated``, ``mentioned`` (pictures), and the estimates ``recall`` (share
        of the stated that are mentioned) and ``precision`` (share of the mentioned that are stated), with Wilson's
        intervals.

    Raises
    ------
    ValueError
        Another number of values than pictures; a stated word that no text mentions.
    """
    if len(stated) != len(corpus):
        raise ValueError(f"want a value for each of {len(corpus)} pictures; got {len(stated)}")
    rows = {}
    for word in corpus.words:
        is_stated, is_mentioned = (stated == word).to_numpy(), corpus.mention(word)
        if is_stated.sum() < at_least:
            continue
        both = int((is_stated & is_mentioned).sum())
        rows[word] = {
            "stated": int(is_stated.sum()),
            "mentioned": int(is_mentioned.sum()),
            "recall": statistics.proportion(both, int(is_stated.sum())),
            "precision": statistics.proportion(both, int(is_mentioned.sum())),
        }
    columns = ["stated", "mentioned", "recall", "precision"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("word")
