"""How far units diverge for words in several contrasts: plain, matched by columns, and for words that mean nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

import numpy as np
import pandas as pd
import scipy.sparse
import xarray as xr
from jaxtyping import Int

from neuroattr import discovery, statistics
from neuroattr.corpus import Corpus
from neuroattr.recorded import Recorded


def largest_divergence(
    recorded: Recorded, words: Sequence[str], *, match: str | Sequence[str] = (), at_least: int = 1
) -> pd.Series:
    """Largest divergence over all units in nats, less what chance gives, by word.

    Parameters
    ----------
    recorded
        All of its pictures are measured.
    words
        Words of its corpus; the result has them in this order.
    match
        Columns ("category", "group") that pictures with and without a word are alike in; none: the plain contrast.
    at_least
        Words are left out that fewer pictures have, or have not, or that fewer pictures with the word are matched of.

    Raises
    ------
    KeyError, ValueError
        A word or a column that the corpus has not.

    Notes
    -----
    `statistics.corrected_divergence` of the counts of `discovery.unit_scores` or `discovery.matched_scores`.
    """
    mentions, strata = recorded.mentions(words), _strata(recorded, match)
    n_with = np.asarray(mentions.sum(axis=0)).ravel()
    enough = np.flatnonzero((n_with >= max(1, at_least)) & (len(recorded) - n_with >= max(1, at_least)))
    matched = discovery.matching(mentions[:, enough], strata).matched
    enough = enough[matched >= max(1, at_least)]
    kept = [words[int(place)] for place in enough]
    largest = _scores(recorded, mentions[:, enough], strata if match else None).max("unit").to_numpy()
    return pd.Series(largest, index=pd.Index(kept, name="word"), name="largest corrected divergence")


def shuffled_divergence(
    recorded: Recorded, words: Sequence[str], *, match: str | Sequence[str], seed: int
) -> xr.Dataset:
    """Divergence of words as they are said, and dealt out to the pictures at random, less what chance gives.

    Parameters
    ----------
    recorded, words
        Pictures, and words of their corpus.
    match
        Columns of the strata ("category").
    seed
        Of the shuffles.

    Returns
    -------
    divergence
        ``mean_unit`` and ``largest_unit``, in nats, ``[mentions, contrast, word]``. ``mentions`` are "as they are",
        "dealt out within strata" (`discovery.shuffled_within`) and "dealt out among all"; contrasts are "plain" and
        "matched". Words dealt out among all are measured in the plain contrast alone, the other is NaN.

    Raises
    ------
    KeyError, ValueError
        A word or a column that the corpus has not, a word that cannot be matched.
    """
    mentions, strata = recorded.mentions(words), _strata(recorded, match)
    no_strata = np.zeros(len(recorded), np.int64)
    by_mentions = {
        "as they are": mentions,
        "dealt out within strata": discovery.shuffled_within(mentions, strata, seed=seed),
        "dealt out among all": discovery.shuffled_within(mentions, no_strata, seed=seed),
    }
    shape = (len(by_mentions), 2, len(words))
    mean, largest = np.full(shape, np.nan), np.full(shape, np.nan)
    for row, said in enumerate(by_mentions.values()):
        for column, labels in enumerate((None, strata)):
            if labels is None or row < 2:
                scores = _scores(recorded, said, labels)
                mean[row, column], largest[row, column] = scores.mean("unit"), scores.max("unit")
    dims = ("mentions", "contrast", "word")
    coords = {"mentions": list(by_mentions), "contrast": ["plain", "matched"], "word": list(words)}
    return xr.Dataset({"mean_unit": (dims, mean), "largest_unit": (dims, largest)}, coords)


def with_mentions_of(recorded: Recorded, corpus: Corpus) -> Recorded:
    """The same pictures and words, with what another corpus says of these pictures.

    A word that `corpus` has not is mentioned by no picture.

    Raises
    ------
    ValueError
        Pictures that `corpus` has not.
    """
    rows = corpus.ids.get_indexer(recorded.corpus.ids)
    absent = int((rows < 0).sum())
    if absent:
        raise ValueError(f"{absent} of {len(recorded)} pictures are not in {corpus.name}")
    place = {word: column for column, word in enumerate(corpus.words)}
    columns = [place.get(word, len(corpus.words)) for word in recorded.corpus.words]
    nothing = scipy.sparse.csr_array((len(rows), 1), dtype=bool)
    said = scipy.sparse.hstack([corpus.mentions[rows], nothing], format="csc")
    return recorded.with_mentions(said[:, columns])


def _strata(recorded: Recorded, match: str | Sequence[str]) -> Int[np.ndarray, " N"]:
    """Number of the stratum of each picture; one stratum for no column."""
    return recorded.corpus.strata(match) if match else np.zeros(len(recorded), np.int64)


def _scores(recorded: Recorded, mentions: scipy.sparse.sparray, strata: Int[np.ndarray, " N"] | None) -> xr.DataArray:
    """Corrected divergence ``[word, unit]``, matched where there are strata."""

    def score(positive: np.ndarray, negative: np.ndarray) -> np.ndarray:
        return np.asarray(statistics.corrected_divergence(positive, negative, smoothing=recorded.smoothing))

    values, bins = recorded.responses, recorded.bins
    if strata is None:
        return cast(xr.DataArray, discovery.unit_scores(values, mentions, score, bins=bins))
    return cast(xr.DataArray, discovery.matched_scores(values, mentions, strata, score, bins=bins))
