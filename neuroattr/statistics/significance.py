"""Is a divergence more than chance: the chi-square test; for many at once see `scipy.stats.false_discovery_control`."""

from dataclasses import dataclass

import numpy as np
import scipy.special
from jaxtyping import Float, Int

from neuroattr.checks import real
from neuroattr.statistics.compilation import Array, compiled
from neuroattr.statistics.divergence import Histograms


@dataclass(frozen=True)
class ChiSquare:
    """Chi-square tests of the same shape as the histograms without their bins.

    Attributes
    ----------
    statistic
        Pearson's statistic over the merged bins.
    freedom
        Merged bins less one. Zero where everything merged into one bin: nothing can be tested.
    pvalue
        Probability of a statistic at least as large without association; 1 where nothing can be tested.
    """

    statistic: Float[np.ndarray, "..."]
    freedom: Int[np.ndarray, "..."]
    pvalue: Float[np.ndarray, "..."]


def chi_square(positive: Histograms, negative: Histograms, *, least: float = 5.0) -> ChiSquare:
    """Test of each pair of histograms of counts for a common distribution, after thin bins were merged.

    Parameters
    ----------
    positive, negative
        Counts of the images with and without the word; shapes that broadcast.
    least
        Neighbouring bins merge, from the lowest on, until each is expected to hold this many images on either side; a
        remainder joins the last.

    Raises
    ------
    ValueError
        Negative counts, `least` not positive.

    Notes
    -----
    Pearson's statistic is ``n+ n- / (n+ + n-) sum_b (p_b - q_b)^2 / m_b`` with m the pooled histogram: the same to
    second order as ``S n+ n- / (n+ + n-)``, but it stays finite where a bin is empty. The merging looks at the pooled
    histogram alone, never at the difference, so it does not bias the test. Without it the size of a nominal 5 % test
    is anything between 0 and 45 % with unequal, thin bins.
    """
    positive, negative = real(positive, name="positive"), real(negative, name="negative")
    if least <= 0:
        raise ValueError(f"least must be a positive expected count; got {least}")
    if (positive < 0).any() or (negative < 0).any():
        raise ValueError("positive and negative must be counts, not below zero")
    positive, negative = np.broadcast_arrays(positive, negative)
    shape, bins = positive.shape[:-1], positive.shape[-1]
    rows = (np.ascontiguousarray(counts.reshape(-1, bins), dtype=np.float64) for counts in (positive, negative))
    statistic, freedom = _merged_chi_square(*rows, float(least))
    with np.errstate(invalid="ignore"):
        pvalue = np.where(freedom > 0, scipy.special.chdtrc(np.maximum(freedom, 1), statistic), 1.0)
    return ChiSquare(statistic.reshape(shape), freedom.reshape(shape), pvalue.reshape(shape))


@compiled
def _merged_chi_square(positive: Array, negative: Array, least: float) -> tuple[Array, Array]:
    """Pearson's statistic and degrees of freedom of every row of counts."""
    statistic, freedom = np.zeros(len(positive)), np.zeros(len(positive), np.int64)
    bins = positive.shape[1]
    groups = np.empty((2, bins))
    for row in range(len(positive)):
        n_positive, n_negative = positive[row].sum(), negative[row].sum()
        if n_positive == 0 or n_negative == 0:
            continue
        share = min(n_positive, n_negative) / (n_positive + n_negative)
        n_groups, sum_positive, sum_negative = 0, 0.0, 0.0
        for b in range(bins):
            sum_positive += positive[row, b]
            sum_negative += negative[row, b]
            if (sum_positive + sum_negative) * share >= least:
                groups[0, n_groups], groups[1, n_groups] = sum_positive, sum_negative
                n_groups, sum_positive, sum_negative = n_groups + 1, 0.0, 0.0
        if n_groups > 0:
            groups[0, n_groups - 1] += sum_positive
            groups[1, n_groups - 1] += sum_negative
        for g in range(n_groups):
            expected = (groups[0, g] + groups[1, g]) * n_positive / (n_positive + n_negative)
            difference = groups[0, g] - expected
            statistic[row] += difference**2 / expected * (n_positive + n_negative) / n_negative
        freedom[row] = max(n_groups - 1, 0)
    return statistic, freedom
