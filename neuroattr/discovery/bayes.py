"""Gaussian naive Bayes: the alternative initial classifier."""

import numpy as np
from jaxtyping import Bool, Float, Real

from neuroattr.checks import numbers, require, truths

SMOOTHING = 1e-9
"""Share of the largest variance of any feature that is added to every variance."""


def naive_bayes_log_odds(
    values: Real[np.ndarray, "N D"], labels: Bool[np.ndarray, " N"], others: Real[np.ndarray, "M D"]
) -> Float[np.ndarray, " M"]:
    """Log odds of the positive class for `others`, by Gaussian naive Bayes learned from `values`.

    Raises
    ------
    ValueError
        Labels of one class only.

    Notes
    -----
    *Discovery*, footnote 4, has it as an initial classifier. Each feature is normal within a class with a variance of
    its own; the prior is the share of the classes. Far out it is very sure of itself: 100 correlated units count as
    100 independent witnesses, so use the order of the log odds, not their size.

    Examples
    --------
    >>> values, labels = np.array([[0.0], [2.0], [4.0], [6.0]]), np.array([False, False, True, True])
    >>> naive_bayes_log_odds(values, labels, np.array([[3.0]]))
    array([0.])
    """
    values, others = numbers(values, name="values"), numbers(others, name="others")
    labels = truths(labels, name="labels")
    require(labels.any() and not labels.all(), "naive Bayes needs images of both classes; all labels are the same")
    floor = SMOOTHING * values.var(axis=0).max()
    positive, negative = (_log_density(values[side], others, floor) for side in (labels, ~labels))
    return positive - negative + np.log(labels.mean() / (1 - labels.mean()))


def _log_density(values, others, floor):
    """Log density of the others under a normal distribution a feature, up to the constant that both classes share."""
    variance = values.var(axis=0) + floor
    variance = np.where(variance > 0, variance, 1)  # every image alike in every feature: nothing is known
    return -0.5 * (np.log(variance).sum() + ((others - values.mean(axis=0)) ** 2 / variance).sum(axis=1))
