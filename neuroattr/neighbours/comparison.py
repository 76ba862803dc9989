"""Is one layer better than another: paired tests on the same images."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import scipy.stats
from jaxtyping import Bool, Int

from neuroattr import checks, statistics
from neuroattr.neighbours.validation import Validation


@dataclass(frozen=True)
class McNemar:
    """McNemar's test of two classifiers on the same images.

    Attributes
    ----------
    only_first, only_second
        Images that only the first, only the second predicts right.
    exact
        Two-sided p-value of the binomial test of the one against the other.
    mid
        The mid-p value: half the probability of what was observed is left out. Closer to its nominal size than the
        exact one, which is too large.
    """

    only_first: int
    only_second: int
    exact: float
    mid: float


@dataclass(frozen=True)
class Comparison:
    """Two validations of the same images beside each other.

    Attributes
    ----------
    first, second
        Their names.
    difference, low, high, n
        Accuracy of the first minus that of the second (mean over repeats) with a paired bootstrap interval over the n
        images.
    only_first, only_second, exact, mid
        McNemar's test on the pooled folds of the first repeat.
    largest_mid
        The largest mid-p value of all repeats: a difference that hangs on the shuffle shows here.
    """

    first: str
    second: str
    difference: float
    low: float
    high: float
    n: int
    only_first: int
    only_second: int
    exact: float
    mid: float
    largest_mid: float


def mcnemar(first: Bool[np.ndarray, " N"], second: Bool[np.ndarray, " N"]) -> McNemar:
    """McNemar's test from where the first and the second are right, image by image.

    Notes
    -----
    McNemar 1947, doi:10.1007/BF02295996; mid-p: Fagerland, Lydersen and Laake 2013, doi:10.1186/1471-2288-13-91. The
    images of cross-validation share their training images, so even this test is somewhat too confident.

    Examples
    --------
    >>> mcnemar(np.array([True, True, True, False]), np.array([False, False, True, True]))
    McNemar(only_first=2, only_second=1, exact=1.0, mid=0.625)
    """
    first, second = np.asarray(first, bool), np.asarray(second, bool)
    checks.same_length(first=first, second=second)
    only_first, only_second = int((first & ~second).sum()), int((second & ~first).sum())
    n, low = only_first + only_second, min(only_first, only_second)
    tail = scipy.stats.binom.cdf(low, n, 0.5)
    exact = min(1.0, 2 * float(tail))
    mid = 1.0 if n == 0 else float(2 * tail - scipy.stats.binom.pmf(low, n, 0.5))
    return McNemar(only_first, only_second, exact, min(1.0, mid))


def difference(first: Validation, second: Validation, *, draws: int, seed: int) -> statistics.Estimate:
    """Accuracy of the first minus that of the second, with a bootstrap interval over the images they share.

    Raises
    ------
    ValueError
        Validations of different images.
    """
    _check_same_images(first, second)
    gap = first.image_accuracy - second.image_accuracy
    return statistics.bootstrap(np.mean, gap, draws=draws, seed=seed, method="percentile")


def comparisons(validations: Mapping[str, Validation], *, draws: int, seed: int) -> list[Comparison]:
    """Every pair of validations, earlier against later: ``pandas.DataFrame(comparisons(...))``."""
    return [
        _comparison(str(one), validations[one], str(other), validations[other], draws=draws, seed=seed)
        for one, other in combinations(validations, 2)
    ]


def _comparison(one: str, first: Validation, other: str, second: Validation, *, draws: int, seed: int) -> Comparison:
    gap = difference(first, second, draws=draws, seed=seed)
    tests = [mcnemar(a, b) for a, b in zip(first.correct, second.correct, strict=False)]
    shown = tests[0]
    counts = shown.only_first, shown.only_second
    largest = max(test.mid for test in tests)
    return Comparison(one, other, gap.value, gap.low, gap.high, gap.n, *counts, shown.exact, shown.mid, largest)


def best_depth(
    validations: Mapping[str, Validation], *, draws: int, seed: int
) -> tuple[int, Int[np.ndarray, " draws"]]:
    """Position of the space of highest accuracy, shallow to deep from 0, and the same on resampled images.

    Equal accuracies go to the shallower one.
    """
    _check_same_images(*validations.values())
    accuracy = np.stack([validation.image_accuracy for validation in validations.values()])  # L x N
    n = accuracy.shape[1]
    times = statistics.resampled_counts(n, draws=draws, seed=seed)
    return int(accuracy.mean(axis=1).argmax()), (times @ accuracy.T).round(9).argmax(axis=1)


def depth_difference(
    first: Mapping[str, Validation], second: Mapping[str, Validation], *, draws: int, seed: int
) -> statistics.Estimate:
    """How many layers deeper the second attribute is known best than the first, with a bootstrap interval.

    The two may have different images (which are then resampled apart), but the same spaces in the same order.

    Notes
    -----
    *Hidden layers* section 4.2: two blocks from colour (block 2) to texture (block 4).
    """
    checks.require(
        list(first) == list(second),
        f"both must have the same spaces in the same order; got {', '.join(first)} and {', '.join(second)}",
    )
    early, drawn_early = best_depth(first, draws=draws, seed=seed)
    late, drawn_late = best_depth(second, draws=draws, seed=seed + 1)
    n = min(len(next(iter(each.values())).labels) for each in (first, second))
    return statistics.percentile_estimate(late - early, drawn_late - drawn_early, n=n)


def _check_same_images(*validations: Validation) -> None:
    first = validations[0]
    if any(not np.array_equal(first.labels, other.labels) for other in validations[1:]):
        raise ValueError("validations must be of the same images in the same order to be compared; their labels differ")
