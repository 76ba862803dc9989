"""Ways to measure the same words, side by side: agreement with people, its differences, the ends of each ranking."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
import xarray as xr

from neuroattr import discovery, statistics
from neuroattr.discovery import Agreement
from neuroattr.statistics import Estimate


def agreements(methods: Mapping[str, xr.DataArray], human: xr.DataArray, *, draws: int, seed: int) -> pd.DataFrame:
    """Correlation over words of each method with people: `discovery.agreement` of every row.

    Parameters
    ----------
    methods
        ``[word]`` by name.
    human
        ``[word]``.
    draws, seed
        Of the resampling of words; the same resamples for methods of the same words.

    Returns
    -------
    table
        One row a method, ``Pearson`` and ``Spearman``, each a `statistics.Estimate`.
    """
    found = {name: discovery.agreement(row, human, draws=draws, seed=seed) for name, row in methods.items()}
    return _tabulated(found, "method")


def advantages(
    methods: Mapping[str, xr.DataArray],
    pairs: Mapping[str, tuple[str, str]],
    human: xr.DataArray,
    *,
    draws: int,
    seed: int,
) -> pd.DataFrame:
    """How much better the first method of each pair agrees with people than the second: `discovery.advantage`.

    Parameters
    ----------
    methods, human, draws, seed
        As `agreements` takes them.
    pairs
        Names of two methods, by a label. Pairs with a method that is not there are left out.

    Returns
    -------
    table
        One row a pair, ``Pearson`` and ``Spearman``, each a `statistics.Estimate` of the difference.
    """
    found = {}
    for label, (first, second) in pairs.items():
        if first in methods and second in methods:
            found[label] = discovery.advantage(methods[first], methods[second], human, draws=draws, seed=seed)
    return _tabulated(found, "difference")


def extremes(rows: Mapping[str, xr.DataArray | pd.Series], *, count: int) -> pd.DataFrame:
    """The words at either end of each row: *Discovery*, table 2.

    Parameters
    ----------
    rows
        Values by word. Words without a value are left out; of equal ones the earlier is taken for the larger.
    count
        Words at each end.

    Returns
    -------
    ends
        One line a row of values; ``most`` (the largest first) and ``least`` (the smallest first), lists of words.
    """
    ends = {}
    for name, row in rows.items():
        values = row.to_series() if isinstance(row, xr.DataArray) else row
        ranked = values.dropna().sort_values(ascending=False, kind="stable").index.tolist()
        ends[name] = {"most": ranked[:count], "least": ranked[::-1][:count]}
    return pd.DataFrame.from_dict(ends, orient="index", columns=["most", "least"])


def shared(ends: pd.DataFrame, name: str) -> pd.DataFrame:
    """How many words each line of `extremes` shares with the line `name`, for each end.

    Raises
    ------
    KeyError
        No such line.
    """
    own = ends.loc[name]
    return pd.DataFrame({end: [len({*words} & {*own[end]}) for words in ends[end]] for end in ends}, ends.index)


def means_over_words(values: xr.DataArray, *, draws: int, seed: int) -> dict[str, list[Estimate]]:
    """Means over words with intervals from resampling them, by variant one a case: a panel of `figures.degradation`.

    Parameters
    ----------
    values
        ``[case, word, variant]``, as `studies.noise.degraded` returns it.
    draws, seed
        Of the resampling of words.
    """
    found = {}
    for variant in values["variant"].to_numpy().tolist():
        rows = values.sel(variant=variant).transpose("case", "word").to_numpy()
        found[variant] = [statistics.bootstrap(np.mean, row, draws=draws, seed=seed) for row in rows]
    return found


def _tabulated(found: Mapping[str, Agreement], name: str) -> pd.DataFrame:
    columns = {
        "Pearson": [one.pearson for one in found.values()],
        "Spearman": [one.spearman for one in found.values()],
    }
    return pd.DataFrame(columns, pd.Index(list(found), name=name), dtype=object)
