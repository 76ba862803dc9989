"""Estimates with their intervals: the bootstrap, what it is made of, and proportions."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.stats
from jaxtyping import Float, Int, Real

from neuroattr.checks import numbers, plain, require


@dataclass(frozen=True)
class Estimate:
    """A number with its interval and the number of observations behind it."""

    value: float
    low: float
    high: float
    n: int

    def __float__(self) -> float:
        return self.value

    def __str__(self) -> str:
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}], n = {self.n}"


def bootstrap(
    statistic: Callable[..., float],
    *arrays: np.ndarray,
    draws: int,
    seed: int,
    level: float = 0.95,
    method: str = "bca",
) -> Estimate:
    """Statistic of some arrays with an interval from resampling their rows together.

    Parameters
    ----------
    statistic
        Function of as many arrays, which returns a number.
    arrays
        Arrays of equal length; row i of all of them is one observation.
    draws
        Resamples.
    seed
        Seed of the resamples.
    level
        Coverage of the interval.
    method
        ``"percentile"``: quantiles of the resampled statistics. ``"bca"``: the same, corrected for bias and for a
        spread that changes with the value (Efron 1987, doi:10.1080/01621459.1987.10478410); costs n calls more.

    Raises
    ------
    ValueError
        No array, lengths that differ, fewer than two rows, fewer than one draw, a level outside (0, 1), an unknown
        method, a statistic that is not finite on some resample.

    Notes
    -----
    Row numbers are drawn resample by resample, ``integers(0, n, n)``: those of `resampled_rows` with the same seed.
    """
    arrays = tuple(plain(array, name="each array") for array in arrays)
    lengths = {len(array) for array in arrays}
    if len(lengths) != 1 or min(lengths) < 2:
        raise ValueError(f"bootstrap needs arrays of one length of at least 2; got lengths {sorted(lengths)}")
    if method not in ("percentile", "bca"):
        raise ValueError(f"method must be 'percentile' or 'bca'; got {method!r}")
    if draws < 1:
        raise ValueError(f"draws must be at least 1; got {draws}")
    n, cut, random = lengths.pop(), tail(level), np.random.default_rng(seed)

    def of(rows: np.ndarray) -> float:
        return float(statistic(*(array[rows] for array in arrays)))

    value = of(np.arange(n))
    resampled = np.array([of(random.integers(0, n, n)) for _ in range(draws)])
    if not np.isfinite([value, *resampled]).all():
        raise ValueError("the statistic is not finite on the data or on some resample; too few distinct rows?")
    tails = np.array([cut, 1 - cut])
    if method == "bca":
        left_out = np.array([of(np.delete(np.arange(n), i)) for i in range(n)])
        tails = _bca_tails(tails, value, resampled, left_out)
    low, high = np.quantile(resampled, tails)
    return Estimate(value, float(low), float(high), n)


def resampled_rows(n: int, *, draws: int, seed: int | np.random.Generator) -> Int[np.ndarray, "R n"]:
    """Rows of each bootstrap resample of n observations, drawn with replacement.

    For statistics of many resamples at once, or of several groups: a generator goes on where it is.

    Raises
    ------
    ValueError
        No observation, or fewer than one draw.
    """
    _check_draws(n, draws)
    return np.random.default_rng(seed).integers(0, n, (draws, n))


def resampled_counts(n: int, *, draws: int, seed: int | np.random.Generator) -> Int[np.ndarray, "R n"]:
    """How often each of n observations is in each bootstrap resample: what means and tables of counts need of it.

    Notes
    -----
    A product with these is a bootstrap of all means at once. The resamples are other ones than those of
    `resampled_rows` with the same seed.

    Raises
    ------
    ValueError
        No observation, or fewer than one draw.
    """
    _check_draws(n, draws)
    return np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=draws)


def percentile_estimate(value: float, resampled: Real[np.ndarray, " R"], *, n: int, level: float = 0.95) -> Estimate:
    """Value with the interval between quantiles of what it is on resamples; n counts the observations behind it.

    The interval is NaN where the value of some resample is.

    Raises
    ------
    ValueError
        A level outside (0, 1).
    """
    resampled = numbers(resampled, name="resampled")
    low, high = np.quantile(resampled, [tail(level), 1 - tail(level)])
    return Estimate(float(value), float(low), float(high), int(n))


def proportion(successes: int, n: int, *, level: float = 0.95) -> Estimate:
    """Share of successes among n with Wilson's interval (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    Raises
    ------
    ValueError
        n below 1, successes outside 0 .. n.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"proportion needs 0 <= successes <= n with n at least 1; got {successes} of {n}")
    interval = scipy.stats.binomtest(int(successes), int(n)).proportion_ci(1 - 2 * tail(level), method="wilson")
    return Estimate(successes / n, float(interval.low), float(interval.high), int(n))


def proportion_difference(first: Estimate, second: Estimate) -> Estimate:
    """First less second of two independent proportions, with Newcombe's interval from their Wilson intervals.

    Notes
    -----
    Newcombe (1998), method 10, doi:10.1002/(SICI)1097-0258(19980430)17:8<873::AID-SIM779>3.0.CO;2-I. It stays inside
    [-1, 1] and has a width even where both proportions are 0 or 1. The level is that of the two estimates.
    """
    value = first.value - second.value
    below = np.hypot(first.value - first.low, second.high - second.value)
    above = np.hypot(first.high - first.value, second.value - second.low)
    return Estimate(value, float(value - below), float(value + above), first.n + second.n)


def tail(level: float) -> float:
    """Probability outside an interval of this level, on either side.

    Raises
    ------
    ValueError
        A level outside (0, 1).
    """
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1; got {level}")
    return (1 - level) / 2


def _check_draws(n: int, draws: int) -> None:
    require(n >= 1, f"a resample needs at least 1 observation; got {n}")
    require(draws >= 1, f"draws must be at least 1; got {draws}")


def _bca_tails(
    tails: Float[np.ndarray, " T"], value: float, resampled: Float[np.ndarray, " R"], left_out: Float[np.ndarray, " n"]
) -> Float[np.ndarray, " T"]:
    """Where to cut the resampled statistics instead of at `tails`."""
    below = ((resampled < value).sum() + (resampled == value).sum() / 2) / resampled.size
    bias = scipy.stats.norm.ppf(np.clip(below, 0.5 / resampled.size, 1 - 0.5 / resampled.size))
    spread = left_out.mean() - left_out
    norm = (spread**2).sum() ** 1.5
    acceleration = (spread**3).sum() / (6 * norm) if norm > 0 else 0.0
    shifted = bias + scipy.stats.norm.ppf(tails)
    cut: np.ndarray = scipy.stats.norm.cdf(bias + shifted / (1 - acceleration * shifted))
    return cut
