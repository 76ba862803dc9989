"""Correlations, AUC and proportions, each with its interval and n."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy.optimize
import scipy.stats
from jaxtyping import Bool, Real

from neuroattr.checks import numbers, plain, truths


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


def pearson(x: Real[np.ndarray, " N"], y: Real[np.ndarray, " N"], *, level: float = 0.95) -> Estimate:
    """Pearson's correlation with Fisher's interval.

    Raises
    ------
    ValueError
        Fewer than four pairs, lengths that differ, values that are not finite, a constant.

    Notes
    -----
    ``tanh(atanh(r) -+ z / sqrt(n - 3))``; exact only for normal data. *Discovery* table 1 prints none: 0.737 over
    100 words lies in 0.632 to 0.815.
    """
    x, y = _pairs(x, y)
    value = float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))
    return _with_fisher(value, len(x), level, variance=1.0)


def spearman(x: Real[np.ndarray, " N"], y: Real[np.ndarray, " N"], *, level: float = 0.95) -> Estimate:
    """Spearman's rank correlation (tied values share their mean rank) with an interval.

    Raises
    ------
    ValueError
        As `pearson`.

    Notes
    -----
    Fisher's interval widened by ``sqrt(1 + r^2 / 2)`` (Bonett and Wright 2000, doi:10.1007/BF02294183).
    """
    x, y = (scipy.stats.rankdata(values) for values in _pairs(x, y))
    value = float(np.clip(np.corrcoef(x, y)[0, 1], -1, 1))
    return _with_fisher(value, len(x), level, variance=1 + value**2 / 2)


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
        method, a statistic
        that is not finite on some resample.
    """
    arrays = tuple(plain(array, name="each array") for array in arrays)
    lengths = {len(array) for array in arrays}
    if len(lengths) != 1 or min(lengths) < 2:
        raise ValueError(f"bootstrap needs arrays of one length of at least 2; got lengths {sorted(lengths)}")
    if method not in ("percentile", "bca"):
        raise ValueError(f"method must be 'percentile' or 'bca'; got {method!r}")
    if draws < 1:
        raise ValueError(f"draws must be at least 1; got {draws}")
    n, tail, random = lengths.pop(), _tail(level), np.random.default_rng(seed)

    def of(rows: np.ndarray) -> float:
        return float(statistic(*(array[rows] for array in arrays)))

    value = of(np.arange(n))
    resampled = np.array([of(random.integers(0, n, n)) for _ in range(draws)])
    if not np.isfinite([value, *resampled]).all():
        raise ValueError("the statistic is not finite on the data or on some resample; too few distinct rows?")
    tails = np.array([tail, 1 - tail])
    if method == "bca":
        left_out = np.array([of(np.delete(np.arange(n), i)) for i in range(n)])
        tails = _bca_tails(tails, value, resampled, left_out)
    low, high = np.quantile(resampled, tails)
    return Estimate(value, float(low), float(high), n)


def correlation_difference(
    first: Real[np.ndarray, " N"],
    second: Real[np.ndarray, " N"],
    target: Real[np.ndarray, " N"],
    *,
    draws: int,
    seed: int,
    correlation: Callable[..., Estimate] = pearson,
    level: float = 0.95,
) -> Estimate:
    """How much better `first` correlates with `target` than `second` does, over the same observations.

    Notes
    -----
    The rows of *Discovery* table 1 share their 100 words, so their separate intervals overlap widely and say little;
    resampling words keeps the pairs together. The rows differ where the interval leaves out zero.
    """

    def difference(x: np.ndarray, y: np.ndarray, z: np.ndarray) -> float:
        return correlation(x, z).value - correlation(y, z).value

    return bootstrap(difference, first, second, target, draws=draws, seed=seed, level=level)


def auc(scores: Real[np.ndarray, " N"], labels: Bool[np.ndarray, " N"], *, level: float = 0.95) -> Estimate:
    """Probability that a positive scores above a negative (ties half), with an interval.

    Raises
    ------
    ValueError
        Labels of one class only, lengths that differ, scores that are not finite.

    Notes
    -----
    Mann and Whitney's statistic over ``m n``. The interval inverts the test with the variance of Hanley and McNeil
    under the exponential model (Newcombe 2006, doi:10.1002/sim.2324, method 5): like Wilson's for a proportion it
    stays within [0, 1] and keeps a width when the classes separate completely.
    """
    scores, labels = numbers(scores, name="scores"), truths(labels, name="labels")
    if scores.shape != labels.shape or scores.ndim != 1:
        raise ValueError(f"auc needs one label for each score; got shapes {scores.shape} and {labels.shape}")
    if not np.isfinite(scores).all():
        raise ValueError("scores must be finite")
    m, n = int(labels.sum()), int((~labels).sum())
    if m == 0 or n == 0:
        raise ValueError(f"auc needs both classes; got {m} positive and {n} negative")
    value = float((scipy.stats.rankdata(scores)[labels].sum() - m * (m + 1) / 2) / (m * n))
    low, high = _newcombe(value, m, n, -scipy.stats.norm.ppf(_tail(level)))
    return Estimate(value, low, high, m + n)


def proportion(successes: int, n: int, *, level: float = 0.95) -> Estimate:
    """Share of successes among n with Wilson's interval (Wilson 1927, doi:10.1080/01621459.1927.10502953).

    Raises
    ------
    ValueError
        n below 1, successes outside 0 .. n.
    """
    if n < 1 or not 0 <= successes <= n:
        raise ValueError(f"proportion needs 0 <= successes <= n with n at least 1; got {successes} of {n}")
    z, value = -scipy.stats.norm.ppf(_tail(level)), successes / n
    centre = (value + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(value * (1 - value) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    # Wilson's ends are exactly 0 and 1 there; rounding would leave 1e-17 beyond them.
    low, high = (0.0 if successes == 0 else centre - half), (1.0 if successes == n else centre + half)
    return Estimate(value, float(low), float(high), int(n))


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


def _with_fisher(value: float, n: int, level: float, *, variance: float) -> Estimate:
    half = -scipy.stats.norm.ppf(_tail(level)) * np.sqrt(variance / (n - 3))
    if abs(value) == 1:  # atanh is infinite: the interval has no width
        return Estimate(value, value, value, n)
    middle = np.arctanh(value)
    return Estimate(value, float(np.tanh(middle - half)), float(np.tanh(middle + half)), n)


def _bca_tails(tails: np.ndarray, value: float, resampled: np.ndarray, left_out: np.ndarray) -> np.ndarray:
    """Where to cut the resampled statistics instead of at `tails`."""
    below = ((resampled < value).sum() + (resampled == value).sum() / 2) / resampled.size
    bias = scipy.stats.norm.ppf(np.clip(below, 0.5 / resampled.size, 1 - 0.5 / resampled.size))
    spread = left_out.mean() - left_out
    norm = (spread**2).sum() ** 1.5
    acceleration = (spread**3).sum() / (6 * norm) if norm > 0 else 0.0
    shifted = bias + scipy.stats.norm.ppf(tails)
    return scipy.stats.norm.cdf(bias + shifted / (1 - acceleration * shifted))


def _newcombe(value: float, m: int, n: int, z: float) -> tuple[float, float]:
    """The two areas from which `value` is z standard errors away."""
    size = (m + n) / 2 - 1

    def excess(area: float) -> float:
        spread = area * (1 - area) * (1 + size * ((1 - area) / (2 - area) + area / (1 + area))) / (m * n)
        return (value - area) ** 2 - z**2 * spread

    rim = 1e-12  # at 0 and 1 the spread vanishes, a root that is not an end of the interval
    low = 0.0 if value == 0 else scipy.optimize.brentq(excess, 0.0, min(value, 1 - rim))
    high = 1.0 if value == 1 else scipy.optimize.brentq(excess, max(value, rim), 1.0)
    return float(low), float(high)


def _pairs(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    x, y = numbers(x, name="x"), numbers(y, name="y")
    if x.shape != y.shape or x.ndim != 1 or x.size < 4:
        raise ValueError(f"a correlation needs two arrays of one length of at least 4; got shapes {x.shape}, {y.shape}")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("a correlation needs finite values; drop the pairs with NaN first")
    if np.ptp(x) == 0 or np.ptp(y) == 0:
        raise ValueError("a correlation with a constant is undefined; one of the arrays has a single value")
    return x, y


def _tail(level: float) -> float:
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1; got {level}")
    return (1 - level) / 2
