"""Human visualness from votes, and how far votes can be trusted."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import xarray as xr

from neuroattr import statistics
from neuroattr.checks import require, same_length
from neuroattr.statistics import Estimate

ANSWERS = ("positive", "negative", "none")
"""What an annotator may answer to a pair; only "positive" counts for a word."""

ABSENT = -1


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


def ballots(words: npt.ArrayLike, pairs: npt.ArrayLike, answers: npt.ArrayLike) -> xr.DataArray:
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
    said, shown, chosen = (np.asarray(column).astype(str).tolist() for column in (words, pairs, answers))
    require(same_length(words=said, pairs=shown, answers=chosen) > 0, "ballots need at least one judgement; got none")
    unknown = sorted(set(chosen) - set(ANSWERS))
    require(not unknown, f"answers must be {', '.join(ANSWERS)}; got {', '.join(unknown[:5])}")
    numbers: dict[str, dict[str, int]] = {}  # of the pairs of each word, in the order of their first vote
    votes: Counter[tuple[str, str]] = Counter()
    places = []
    for word, name in zip(said, shown, strict=True):
        number = numbers.setdefault(word, {})
        places.append((number.setdefault(name, len(number)), votes[word, name]))
        votes[word, name] += 1
    w = {word: place for place, word in enumerate(numbers)}
    box = np.full((len(w), max(map(len, numbers.values())), max(votes.values())), ABSENT, np.int8)
    for word, (pair, vote), answer in zip(said, places, chosen, strict=True):
        box[w[word], pair, vote] = ANSWERS.index(answer)
    return xr.DataArray(box, dims=("word", "pair", "vote"), coords={"word": list(w)}, name="answer")


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
    value, (low, high) = float(np.mean(values)), np.nanquantile(resampled, tails).tolist()
    root, lowest, highest = np.sqrt(np.clip([value, low, high], 0, None)).tolist()
    return Ceiling(Estimate(value, low, high, len(judged)), Estimate(root, lowest, highest, len(judged)))


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
    r = float(np.corrcoef(left, right)[0, 1])
    return 2 * r / (1 + r)
