"""How sure a divergence is: its interval from its own counts, and what the best of many units reaches by chance."""

from __future__ import annotations

import numpy as np
from jaxtyping import Float, Int
from scipy.stats import chi2

from neuroattr.statistics import symmetric_kl


def resampled_interval(
    positive: Int[np.ndarray, "K B"],
    negative: Int[np.ndarray, "K B"],
    *,
    smoothing: str,
    seed: int,
    draws: int = 200,
    level: float = 0.95,
) -> tuple[Float[np.ndarray, " K"], Float[np.ndarray, " K"]]:
    """Interval of the divergence of K units, nats, from multinomial resampling of their bin counts.

    Parameters
    ----------
    positive, negative
        Images with and without the word in each bin.
    smoothing
        As `statistics.symmetric_kl` takes it.

    Raises
    ------
    ValueError
        Fewer than two draws, or a unit without any image on one side.

    Notes
    -----
    Counts drawn from a histogram scatter around it as the histogram scattered around the truth, so a resampled
    divergence is too large by about what chance gives. The interval is therefore that of the deviations from their
    mean, laid around the measured value. That the best unit was chosen for being the best is not resampled.
    """
    if draws < 2:
        raise ValueError(f"an interval needs at least two draws; got {draws}")
    if not (positive.sum(1).all() and negative.sum(1).all()):
        raise ValueError("every unit needs images on both sides of the word")
    random = np.random.default_rng(seed)
    measured = symmetric_kl(positive, negative, smoothing=smoothing)
    sides = (
        random.multinomial(side.sum(1), side / side.sum(1, keepdims=True), (draws, len(side)))
        for side in (positive, negative)
    )
    drawn = symmetric_kl(*sides, smoothing=smoothing)
    low, high = np.quantile(drawn - drawn.mean(0), [(1 - level) / 2, (1 + level) / 2], axis=0)
    return np.maximum(measured + low, 0), measured + high


def best_by_chance(n_positive: int, n_negative: int, *, bins: int, units: int, level: float = 0.95) -> float:
    """Divergence, nats, that the best of so many units without any association stays below with probability `level`.

    Notes
    -----
    ``S n+ n- / (n+ + n-)`` is chi-square with B - 1 degrees of freedom for well-filled bins; of U independent units
    the largest stays below the ``level^(1/U)`` quantile. Units are not independent and smoothing shrinks S, so the
    bound is a careful one.

    Examples
    --------
    >>> round(best_by_chance(100, 900, bins=32, units=1), 3), round(best_by_chance(100, 900, bins=32, units=192), 3)
    (0.5, 0.736)
    """
    return float(chi2.ppf(level ** (1 / units), bins - 1) * (1 / n_positive + 1 / n_negative))
