"""Human visualness from votes, how far votes can be trusted, what text alone says, and who agrees with whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import scipy.stats
import xarray as xr
from jaxtyping import Float, Real

from neuroattr import statistics
from neuroattr.checks import finite, numbers, require, same_length
from neuroattr.statistics import Estimate

ANSWERS = ("positive", "negative", "none")
"""What an annotator may answer to a pair; only "positive" counts for a word."""

ABSENT = -1

Row = xr.DataArray | Real[np.ndarray, " W"]
"""A value for each word."""


@dataclass(frozen=True)
class Agreement:
    """Two correlations over the same words (or two differences of correlations), each with interval and n."""

    pearson: Estimate
    spearman: Estimate


@dataclass(frozen=True)
class Ceiling:
    """How well votes agree with themselves.

    Attributes
    ----------
    reliability
        Correlation that a second, equal set of votes would have with this one.
    ceiling
        Correlation that a method could have with these votes at most, were it to know the true values.
    """

    reliability: Estimate
    ceiling: Estimate


def ballots(words: Sequence[str], pairs: Sequence, answers: Sequence[str]) -> xr.DataArray:
    """Votes in a box: positions in `ANSWERS`, ``answer[word, pair, vote]``, -1 where a pair has fewer votes.

    Parameters
    ----------
    words, pairs, answers
        Columns of a table with one row a judgement: the word, a name of the pair of images (unique within the word),
        and the answer.

    Raises
    ------
    ValueError
        No judgement, columns of different length, an unknown answer.
    """
    words, pairs, answers = (np.asarray(column).astype(str) for column in (words, pairs, answers))
    require(same_length(words=words, pairs=pairs, answers=answers) > 0, "ballots need at least one judgement; got none")
    unknown = sorted(set(answers) - set(ANSWERS))
    require(not unknown, f"answers must be {', '.join(ANSWERS)}; got {', '.join(unknown[:5])}")
    names, word = _numbered(words)
    pair = np.empty(len(words), np.int64)
    vote = np.empty(len(words), np.int64)
    for w in range(len(names)):
        rows = np.flatnonzero(word == w)
        pair[rows] = _numbered(pairs[rows])[1]
        vote[rows] = _occurrence(pair[rows])
    box = np.full((len(names), pair.max() + 1, vote.max() + 1), ABSENT, np.int8)
    box[word, pair, vote] = [ANSWERS.index(answer) for answer in answers]
    return xr.DataArray(box, dims=("word", "pair", "vote"), coords={"word": names}, name="answer")


def human_visualness(votes: xr.DataArray, *, theta: int, strict: bool = True, level: float = 0.95) -> xr.Dataset:
    """Share of the pairs of each word in which enough annotators chose the positive image.

    Parameters
    ----------
    votes
        As `ballots` gives them.
    theta
        Threshold on the number of positive votes.
    strict
        More than theta votes, as the formula is printed (4 of 5 for theta 3); else at least theta (a majority).
    level
        Coverage of the interval.

    Returns
    -------
    human
        ``visualness[word]`` with Wilson's binomial interval ``low[word]``, ``high[word]``, and ``pairs[word]``.

    Raises
    ------
    ValueError
        A theta that no pair, or every pair, can pass.

    Notes
    -----
    Equation 3 of *Discovery*, ``H(u) = 1/N sum_k 1[h+_k(u) > theta]``. With 50 pairs H moves in steps of 0.02 and has
    a standard deviation of up to 0.07: see `noise_ceiling` for what that does to correlations. "None" and the negative
    image count alike; a pair with missing votes has less chance to pass.
    """
    agreed, judged = _agreed(votes, theta, strict)
    estimates = [
        statistics.proportion(int(n_agreed), int(n_pairs), level=level)
        for n_agreed, n_pairs in zip(agreed.sum(axis=1), judged.sum(axis=1), strict=True)
    ]
    return xr.Dataset(
        {
            "visualness": ("word", [estimate.value for estimate in estimates]),
            "low": ("word", [estimate.low for estimate in estimates]),
            "high": ("word", [estimate.high for estimate in estimates]),
            "pairs": ("word", [estimate.n for estimate in estimates]),
        },
        coords={"word": votes["word"]},
        attrs={"theta": theta, "strict": int(strict)},
    )


def noise_ceiling(
    votes: xr.DataArray, *, theta: int, draws: int, seed: int, strict: bool = True, level: float = 0.95
) -> Ceiling:
    """Reliability of human visualness by split halves, and the correlation with it that no method can surpass.

    Parameters
    ----------
    votes, theta, strict
        As `human_visualness` takes them.
    draws
        Random splits; the value is their mean. The interval is over as many resamples of the words, split anew.
    seed
        Seed of splits and resamples.

    Raises
    ------
    ValueError
        A word with fewer than two pairs, fewer than four words, votes that make all words alike.

    Notes
    -----
    The pairs of each word are halved at random, eq. 3 is taken of either half, and r is Pearson's correlation of the
    halves over words. ``2 r / (1 + r)`` (Spearman and Brown) is the reliability of all pairs; its root is the ceiling.
    Pairs are halved, not annotators, because theta is a number of annotators of one pair. Annotators who judge many
    pairs of a word share their habits between the halves, which this does not see: the ceiling is an upper one.
    """
    agreed, judged = _agreed(votes, theta, strict)
    require(judged.sum(axis=1).min() >= 2, "a split half needs at least two pairs of every word")
    require(len(judged) >= 4, f"a noise ceiling needs at least four words; got {len(judged)}")
    require(draws >= 1, f"draws must be at least 1; got {draws}")
    random = np.random.default_rng(seed)
    everyone = np.arange(len(judged))
    values = [_reliability(agreed, judged, everyone, random) for _ in range(draws)]
    others = statistics.resampled_rows(len(judged), draws=draws, seed=random)
    resampled = [_reliability(agreed, judged, words, random) for words in others]
    require(np.isfinite(values).all(), "all words have the same human visualness: there is nothing to correlate")
    tails = [(1 - level) / 2, (1 + level) / 2]
    value, (low, high) = float(np.mean(values)), np.nanquantile(resampled, tails)
    roots = np.sqrt(np.clip([value, low, high], 0, None))
    return Ceiling(Estimate(value, float(low), float(high), len(judged)), Estimate(*map(float, roots), len(judged)))


def language_prior(
    adjectives: Sequence[str],
    nouns: Sequence[str],
    counts: Real[np.ndarray, " K"],
    *,
    words: Sequence[str],
    objects: Sequence[str],
    total: float | None = None,
) -> Float[np.ndarray, " W"]:
    """Probability of each word directly before one of the objects, summed over the objects.

    Parameters
    ----------
    adjectives, nouns, counts
        Counts of adjective-noun pairs, one row a pair.
    words
        Words to score.
    objects
        Nouns to sum over; the paper takes 20 categories of clothing.
    total
        Count of all bigrams that the counts are a share of; by default the sum of `counts`. It scales all words alike.

    Raises
    ------
    ValueError
        Columns of different length, negative counts, objects given twice, a total that is not positive.

    Notes
    -----
    *Discovery* section 4.4: the assumption is that visual words modify clothing more often. A pair that was never
    counted has probability 0: of a small corpus that says little about the word.

    Examples
    --------
    >>> counted = ["red", "red", "due"], ["dress", "car", "date"], [6, 2, 2]
    >>> language_prior(*counted, words=["red", "due"], objects=["dress"])
    array([0.6, 0. ])
    """
    counts = finite(numbers(counts, name="counts"), name="counts")
    same_length(adjectives=adjectives, nouns=nouns, counts=counts)
    require((counts >= 0).all(), "counts must not be negative")
    require(len(set(objects)) == len(objects), "objects must differ from each other; some are given twice")
    total = counts.sum() if total is None else total
    require(total > 0, f"total must be positive; got {total}")
    inside = np.isin(np.asarray(nouns, dtype=str), np.asarray(objects, dtype=str))
    names, position = np.unique(np.asarray(adjectives, dtype=str)[inside], return_inverse=True)
    sums = dict(zip(names.tolist(), np.bincount(position, counts[inside], len(names)), strict=True))
    return np.array([sums.get(word, 0.0) for word in words]) / total


def agreement(
    visualness: xr.DataArray, human: xr.DataArray, *, draws: int, seed: int, level: float = 0.95
) -> Agreement:
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
    Rows of *Discovery* table 1 share their words, so each resample keeps the three values of a word together; rows
    differ where the interval leaves out zero.
    """
    x, y, z = _common(first, second, human)
    return Agreement(
        *(
            statistics.correlation_difference(x, y, z, draws=draws, seed=seed, correlation=f, level=level)
            for f in (statistics.pearson, statistics.spearman)
        )
    )


def shared_extremes(first: xr.DataArray, second: xr.DataArray, *, count: int, least: bool = False) -> Estimate:
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


def _winners(rows, people):
    """Positions of the row of largest mean and of that of largest rank correlation."""
    ranks = scipy.stats.rankdata(np.vstack([rows, people]), axis=1)
    ranks -= ranks.mean(axis=1, keepdims=True)
    lengths = np.linalg.norm(ranks, axis=1)
    correlation = (ranks[:-1] @ ranks[-1]) / np.where(lengths[:-1] > 0, lengths[:-1], np.inf)
    return int(rows.mean(axis=1).argmax()), int(correlation.argmax())


def _extreme(values, count, least):
    order = np.argsort(-values, kind="stable")
    return order[-count:] if least else order[:count]


def _numbered(names: np.ndarray) -> tuple[list[str], np.ndarray]:
    """Different names in the order of their first appearance, and the number of each entry."""
    number = {name: i for i, name in enumerate(dict.fromkeys(names.tolist()))}
    return list(number), np.array([number[name] for name in names.tolist()])


def _occurrence(numbers: np.ndarray) -> np.ndarray:
    """How many equal numbers come before each: [4, 7, 4] -> [0, 0, 1]."""
    order = np.argsort(numbers, kind="stable")
    first = np.searchsorted(numbers[order], numbers[order], side="left")
    occurrence = np.empty(len(numbers), np.int64)
    occurrence[order] = np.arange(len(numbers)) - first
    return occurrence


def _agreed(votes: xr.DataArray, theta: int, strict: bool) -> tuple[np.ndarray, np.ndarray]:
    """Which pairs pass the threshold, and which were judged at all, both ``[word, pair]``."""
    box = votes.transpose("word", "pair", "vote").to_numpy()
    needed, most = theta + 1 if strict else theta, box.shape[2]
    require(
        1 <= needed <= most,
        f"theta must ask for 1 to {most} of the {most} votes of a pair; {'>' if strict else '>='} {theta} asks for "
        f"{needed}",
    )
    return (box == ANSWERS.index("positive")).sum(axis=2) >= needed, (box != ABSENT).any(axis=2)


def _reliability(agreed: np.ndarray, judged: np.ndarray, words: np.ndarray, random: np.random.Generator) -> float:
    """Spearman-Brown reliability over some words, with the pairs of each halved at random; NaN if undefined."""
    agreed, judged = agreed[words], judged[words]
    order = np.where(judged, random.random(judged.shape), np.inf).argsort(axis=1).argsort(axis=1)
    half = judged.sum(axis=1, keepdims=True) // 2
    first, second = order < half, (order >= half) & judged
    left, right = ((agreed & side).sum(axis=1) / side.sum(axis=1) for side in (first, second))
    if np.ptp(left) == 0 or np.ptp(right) == 0:
        return float("nan")
    r = np.corrcoef(left, right)[0, 1]
    return 2 * r / (1 + r)


def _common(*rows: xr.DataArray) -> list[np.ndarray]:
    """The values of the words that all have."""
    if all(isinstance(row, xr.DataArray) for row in rows):
        require(
            all(row.dims == ("word",) for row in rows),
            f"words are compared, so each row must have the one dimension 'word'; got {[row.dims for row in rows]}",
        )
        rows = xr.align(*rows, join="inner")
    else:
        require(len({np.shape(row) for row in rows}) == 1, "rows must be equally long, or all labelled by word")
    values = [np.asarray(row, np.float64) for row in rows]
    known = np.all([np.isfinite(row) for row in values], axis=0)
    return [row[known] for row in values]
