"""Depth of many words: what chance gives each layer, matched contrasts, where the paper's words stand, long tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

import numpy as np
import pandas as pd
import scipy.stats
import xarray as xr

from neuroattr import depth, discovery, statistics
from neuroattr.recorded import Recorded
from neuroattr.statistics import Estimate


def chance_maxima(
    recorded: Recorded, words: Sequence[str], *, shuffles: int, seed: int, within: str | Sequence[str] = ()
) -> xr.DataArray:
    """Largest divergence of each layer in nats, ``[word, layer]``, for words that are dealt out at random.

    Parameters
    ----------
    recorded
        All of its pictures are measured.
    words
        Words of its corpus. All words of a picture move together.
    shuffles
        The mean over so many is returned.
    seed
        Of the first shuffle; the next ones have the seeds that follow.
    within
        Columns ("category", "group") whose values keep the words: they are dealt out among pictures that agree in them.

    Raises
    ------
    KeyError, ValueError
        A word or a column that the corpus has not.

    Notes
    -----
    What `depth.layer_shares` takes as ``chance``.
    """
    mentions = recorded.mentions(words)
    strata = recorded.corpus.strata(within) if within else np.zeros(len(recorded), np.int64)
    options: dict[str, Any] = {"bins": recorded.bins, "smoothing": recorded.smoothing, "words": list(words)}
    maxima = []
    for shuffle in range(shuffles):
        dealt = discovery.shuffled_within(mentions, strata, seed=seed + shuffle)
        divergence = discovery.unit_divergence(recorded.responses, dealt, **options)
        maxima.append(depth.layer_maxima(cast(xr.DataArray, divergence)))
    return xr.concat(maxima, "shuffle").mean("shuffle")


def associated(recorded: Recorded, words: Sequence[str], *, rate: float = 0.05) -> list[str]:
    """Words that at least one unit is associated with (`statistics.chi_square`), in their order.

    Parameters
    ----------
    recorded
        All of its pictures are tested.
    words
        Words of its corpus.
    rate
        False discovery rate over the units of a word (Benjamini and Hochberg).
    """
    pvalues = recorded.scores(lambda positive, negative: statistics.chi_square(positive, negative).pvalue, words)
    adjusted = scipy.stats.false_discovery_control(pvalues.transpose("word", "unit").to_numpy(), axis=1)
    return [word for word, found in zip(words, (adjusted < rate).any(axis=1), strict=True) if found]


def matched_divergences(
    recorded: Recorded, words: Sequence[str], contrasts: Mapping[str, Sequence[str]], *, at_least: int
) -> dict[str, xr.DataArray]:
    """Divergence in nats in several contrasts, ``[word, unit]`` by contrast, of the words that suffice in all of them.

    Parameters
    ----------
    recorded
        All of its pictures are measured.
    words
        Words of its corpus.
    contrasts
        Columns ("category", "group") that pictures with and without a word are alike in, by name; none: all pictures.
    at_least
        Words are left out that fewer pictures are matched of in some contrast.

    Raises
    ------
    KeyError, ValueError
        A word or a column that the corpus has not.

    Notes
    -----
    `discovery.matched_divergence`.
    """
    mentions, strata, enough = recorded.mentions(words), {}, np.ones(len(words), bool)
    for name, columns in contrasts.items():
        strata[name] = recorded.corpus.strata(columns) if columns else np.zeros(len(recorded), np.int64)
        enough &= discovery.matching(mentions, strata[name]).matched >= at_least
    kept = [word for word, able in zip(words, enough, strict=True) if able]
    options: dict[str, Any] = {"bins": recorded.bins, "smoothing": recorded.smoothing, "words": kept}
    said, found = mentions[:, enough], {}
    for name, labels in strata.items():
        divergence = discovery.matched_divergence(recorded.responses, said, labels, **options)
        found[name] = cast(xr.DataArray, divergence)
    return found


def placement(shares: xr.DataArray, printed: Mapping[str, Sequence[str]] | pd.DataFrame) -> pd.DataFrame:
    """Where printed words stand among all words, at the layer they are printed for.

    Parameters
    ----------
    shares
        ``[word, layer]``, as `depth.layer_shares` gives them.
    printed
        Words by layer; layers and words that `shares` has not are left out.

    Returns
    -------
    table
        One row a layer: ``words`` that are found, joined by commas; their ``mean rank`` (1 is the largest share, equal
        ones share their ranks; NaN for no word), and the ``middle rank`` of all words.
    """
    ranks = cast(pd.DataFrame, shares.transpose("word", "layer").to_pandas()).rank(ascending=False)
    rows = {}
    for layer in printed:
        if layer in ranks:
            found = [word for word in printed[layer] if word in ranks.index]
            rows[layer] = {
                "words": ", ".join(found) or "none",
                "mean rank": ranks.loc[found, layer].mean(),
                "middle rank": (len(ranks) + 1) / 2,
            }
    return pd.DataFrame.from_dict(rows, orient="index", columns=["words", "mean rank", "middle rank"])


def unevenness(maxima: xr.DataArray, *, draws: int, seed: int) -> Estimate:
    """Mean over words of the layer that has most, divided by that of the layer that has least.

    Parameters
    ----------
    maxima
        ``[word, layer]``, as `depth.layer_maxima` gives them.
    draws, seed
        Of the resampling of words, for the interval (quantiles).

    Notes
    -----
    "Almost equally across layers" (*Discovery*, section 5) as a number: 1 would be exactly so.
    """

    def ratio(values: np.ndarray) -> float:
        means = values.mean(axis=0)
        return float(means.max() / means.min())

    values = maxima.transpose("word", "layer").to_numpy()
    return statistics.bootstrap(ratio, values, draws=draws, seed=seed, method="percentile")


def estimate(table: xr.Dataset, layer: str) -> Estimate:
    """One layer of `depth.visualness_by_layer`.

    Raises
    ------
    KeyError
        A layer that is not there.
    """
    one = table.sel(layer=layer)
    return Estimate(float(one["value"]), float(one["low"]), float(one["high"]), int(one["n"]))


def stacked(panels: Mapping[str, Mapping[str, xr.Dataset]], names: Sequence[str]) -> pd.DataFrame:
    """What `figures.panels_by_layer` draws as one long table: a row for each panel, series and layer.

    Parameters
    ----------
    panels
        Datasets by layer, by title of the panel and name of the series.
    names
        Headings of the two columns that hold the titles and the names.
    """
    tables = {}
    for title, series in panels.items():
        for name, table in series.items():
            tables[title, name] = table.to_dataframe()
    return pd.concat(tables, names=list(names)).reset_index()
