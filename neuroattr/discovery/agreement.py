"""Who agrees with whom on which words are visual: methods with people, and methods with each other."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import scipy.stats
import xarray as xr
from jaxtyping import Float, Int, Real

from neuroattr import statistics
from neuroattr.checks import require
from neuroattr.statistics import Estimate

Row = xr.DataArray | Real[np.ndarray, " W"]
"""A value for each word."""


@dataclass(frozen=True)
class Agreement:
    """Two correlations over the same words (or two differences of correlations), each with interval and n."""

    pearson: Estimate
    spearman: Estimate


def agreement(visualness: Row, human: Row, *, draws: int, seed: int, level: float = 0.95) -> Agreement:
    """Pearson's and Spearman's correlation of a method with people over words, with bootstrap intervals.

    Parameters
    ----------
    visualness, human
        ``[word]``, labelled by word, or arrays in one order. Of labelled ones, only the words of both enter; words
        without a value (NaN) are left out. `n` says how many are left.
    draws, seed
        Resamples of the words, and their seed.

    Notes
    -----
    *Discovery* table 1 prints the values without intervals.
    """
    x, y = _common(visualness, human)
    return Agreement(
        *(
            statistics.bootstrap(lambda a, b, f=f: f(a, b).value, x, y, draws=draws, seed=seed, level=level)
            for f in (statistics.pearson, statistics.spearman)
        )
    )


def advantage(first: Row, second: Row, human: Row, *, draws: int, seed: int, level: float = 0.95) -> Agreement:
    """How much better `first` agrees with people than `second` does, over the words that all three have.

    Notes
    -----
    Rows of *Discovery* table 1 share their words, so their separate intervals overlap widely and say little; each
    resample keeps the three values of a word together. Rows differ where the interval leaves out zero.
    """
    x, y, z = _common(first, second, human)
    return Agreement(
        *(
            statistics.bootstrap(
                lambda a, b, c, f=f: f(a, c).value - f(b, c).value, x, y, z, draws=draws, seed=seed, level=level
            )
            for f in (statistics.pearson, statistics.spearman)
        )
    )


def shared_extremes(first: Row, second: Row, *, count: int, least: bool = False) -> Estimate:
    """How many of the `count` most (or least) visual words two rows share, less what chance would share.

    Parameters
    ----------
    first, second
        ``[word]``; only words that both have are ranked.
    count
        Length of either list; *Discovery* table 2 has ten.
    least
        Compare the other ends.

    Returns
    -------
    Estimate
        In words; the interval is Wilson's of the shared share, n is `count`. Chance shares ``count^2 / W`` of W words.
    """
    x, y = _common(first, second)
    require(len(x) > count, f"lists of {count} need more than {count} words that both rows have; got {len(x)}")
    shared = len(set(_extreme(x, count, least)) & set(_extreme(y, count, least)))
    share, chance = statistics.proportion(shared, count), count**2 / len(x)
    return Estimate(shared - chance, count * share.low - chance, count * share.high - chance, count)


def other_winner(
    accuracies: Mapping[str, Row], human: Row, *, draws: int, seed: int
) -> tuple[tuple[str, str], Estimate]:
    """Which row has the best mean, which agrees most with people (Spearman), and how often these are not the same.

    Parameters
    ----------
    accuracies
        Visualness by name of the row, over one set of words.
    human
        People's.
    draws, seed
        Resamples of the words.

    Returns
    -------
    names, share
        The two rows, and the share of resamples in which they differ, with Wilson's interval over the resamples.

    Notes
    -----
    *Discovery* section 4.4: "the highest accuracy in classification does not mean the best proximity to people".
    """
    values = _common(*accuracies.values(), human)
    rows, people, names = np.stack(values[:-1]), values[-1], list(accuracies)
    differ = 0
    for resample in statistics.resampled_rows(len(people), draws=draws, seed=seed):
        best, nearest = _winners(rows[:, resample], people[resample])
        differ += best != nearest
    best, nearest = _winners(rows, people)
    return (names[best], names[nearest]), statistics.proportion(int(differ), draws)


def _winners(rows: Float[np.ndarray, "R W"], people: Float[np.ndarray, " W"]) -> tuple[int, int]:
    """Positions of the row of largest mean and of that of largest rank correlation."""
    ranks = scipy.stats.rankdata(np.vstack([rows, people]), axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(ranks, axis=1)
    correlation = (ranks[:-1] @ ranks[-1]) / np.where(lengths[:-1] > 0, lengths[:-1], np.inf)
    return int(rows.mean(axis=1).argmax()), int(correlation.argmax())


def _extreme(values: Float[np.ndarray, " W"], count: int, least: bool) -> Int[np.ndarray, " count"]:
    order = np.argsort(-values, kind="stable")
    return order[-count:] if least else order[:count]


def _common(*rows: Row) -> list[Float[np.ndarray, " W"]]:
    """The values of the words that all have."""
    labelled = [row for row in rows if isinstance(row, xr.DataArray)]
    if len(labelled) == len(rows):
        require(
            all(row.dims == ("word",) for row in labelled),
            f"words are compared, so each row must have the one dimension 'word'; got {[row.dims for row in labelled]}",
        )
        rows = xr.align(*labelled, join="inner")
    else:
        require(len({np.shape(row) for row in rows}) == 1, "rows must be equally long, or all labelled by word")
    values = [np.asarray(row, np.float64) for row in rows]
    known = np.all([np.isfinite(row) for row in values], axis=0)
    return [row[known] for row in values]
