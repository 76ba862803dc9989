"""A purifier of noisy texts: how often the suspects of each word's classifier are right, over many words."""

from __future__ import annotations

import numpy as np
import pandas as pd

from neuroattr import statistics
from neuroattr.discovery import Protocol
from neuroattr.recorded import Recorded
from neuroattr.studies import truths

SIDES = {"not in text, predicted most": True, "in text, predicted least": False}
"""The two kinds of suspects, and whether they are mentions that are missed (else invented)."""


def checked(recorded: Recorded, true: pd.DataFrame, *, protocol: Protocol, seed: int, count: int) -> pd.DataFrame:
    """Suspects among the test pictures, checked against the truth: `truths.purified` of every word and side.

    Parameters
    ----------
    recorded
        Pictures and activations.
    true
        Which words are true of which pictures, N x W, as `truths.shown` gives it.
    protocol, seed
        Of the classifiers; those of the variant "resample" are asked.
    count
        Suspects of a word and side, at most.

    Returns
    -------
    table
        One row a word and a side of `SIDES` whose truth is known; ``right suspects`` (precision), ``base rate`` and
        their difference ``gain``, each a `statistics.Estimate`.
    """
    test = np.flatnonzero(recorded.corpus.table["split"] == "test")
    log_odds = recorded.visualness(list(true), protocol=protocol, seed=seed).log_odds.sel(variant="resample")
    found = {}
    for word in true:
        sure, mention = log_odds.sel(word=word).to_numpy()[test], recorded.corpus.mention(word)[test]
        for side, missed in SIDES.items():
            made = truths.purified(sure, mention, true[word].to_numpy()[test], count=count, missed=missed)
            if made is not None:
                found[word, side] = [made.precision, made.base, made.gain]
    index = pd.MultiIndex.from_tuples(list(found), names=["word", "suspects"])
    return pd.DataFrame(list(found.values()), index, ["right suspects", "base rate", "gain"], dtype=object)


def beyond_base_rate(table: pd.DataFrame, *, draws: int, seed: int) -> pd.DataFrame:
    """Means of `checked` over its words, by side.

    Parameters
    ----------
    table
        As `checked` returns it.
    draws, seed
        Of the resampling of words.

    Returns
    -------
    summary
        One row a side of `SIDES`: ``words``, ``mean precision``, ``mean base rate``, and ``gain``, a
        `statistics.Estimate` with its interval over words.

    Raises
    ------
    ValueError
        A side with fewer than two words.
    """
    values, rows = table.map(float), {}
    for side in SIDES:
        precision, base, gain = values[values.index.get_level_values("suspects") == side].to_numpy(float).T
        mean_gain = statistics.bootstrap(np.mean, gain, draws=draws, seed=seed)
        rows[side] = {
            "words": mean_gain.n,
            "mean precision": np.mean(precision),
            "mean base rate": np.mean(base),
            "gain": mean_gain,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("suspects")
