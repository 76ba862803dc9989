"""Accuracy of the neighbours' vote by repeated stratified cross-validation."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.stats
from jaxtyping import Bool, Float, Int, Real
from sklearn.model_selection import StratifiedKFold

from neuroattr import checks, statistics
from neuroattr.neighbours.voting import Vote, coded_labels, winning


@dataclass(frozen=True)
class Folds:
    """A stratified cross-validation, repeated over shuffles.

    Attributes
    ----------
    count
        Folds; each image is predicted once in each repeat, from the images of the other folds.
    repeats
        Shuffles, of seeds ``seed``, ``seed + 1``, ...
    seed
        Of the first shuffle.
    """

    count: int
    repeats: int
    seed: int

    def __post_init__(self) -> None:
        checks.require(self.count >= 2, f"count must be at least 2 folds; got {self.count}")
        checks.require(self.repeats >= 1, f"repeats must be at least 1; got {self.repeats}")


@dataclass(frozen=True, eq=False)
class Validation:
    """What a cross-validation of N images predicted in each of S repeats.

    Attributes
    ----------
    labels
        True class of each image.
    predictions
        Predicted class, repeats x images.
    """

    labels: np.ndarray
    predictions: np.ndarray

    def __str__(self) -> str:
        return str(self.accuracy)

    @cached_property
    def correct(self) -> Bool[np.ndarray, "S N"]:
        """Where the prediction is right."""
        right: Bool[np.ndarray, "S N"] = self.predictions == self.labels
        return right

    @cached_property
    def image_accuracy(self) -> Float[np.ndarray, " N"]:
        """Share of the repeats in which each image is predicted right: what paired comparisons resample."""
        share: Float[np.ndarray, " N"] = self.correct.mean(axis=0)
        return share

    @property
    def accuracies(self) -> Float[np.ndarray, " S"]:
        """Accuracy of each repeat, its folds pooled."""
        accuracies: Float[np.ndarray, " S"] = self.correct.mean(axis=1)
        return accuracies

    @property
    def accuracy(self) -> statistics.Estimate:
        """Mean accuracy over the repeats, with Wilson's interval for N images.

        Notes
        -----
        This is the interval that says how far another N images may lie. The interval over shuffles (`over_seeds`) is
        narrower the more one shuffles, and says nothing of new images.
        """
        n = self.correct.shape[1]
        value = float(self.correct.mean())
        wilson = statistics.proportion(round(value * n), n)  # of the nearest whole number of images
        return statistics.Estimate(value, min(wilson.low, value), max(wilson.high, value), n)

    @property
    def over_seeds(self) -> statistics.Estimate:
        """Mean accuracy with Student's interval over the repeats; n is the number of repeats.

        Raises
        ------
        ValueError
            One repeat only.
        """
        accuracies = self.accuracies
        n = len(accuracies)
        checks.require(n >= 2, "an interval over seeds needs at least 2 repeats; got 1. Raise Folds.repeats")
        half = scipy.stats.t.ppf(0.975, n - 1) * accuracies.std(ddof=1) / np.sqrt(n)
        mean = float(accuracies.mean())
        return statistics.Estimate(mean, float(mean - half), float(mean + half), n)


@dataclass(frozen=True)
class Impossible:
    """A result that cannot exist, and why: it takes the place of a number in a table."""

    reason: str

    def __str__(self) -> str:
        return f"impossible: {self.reason}"


@dataclass(frozen=True)
class AccuracyRow:
    """One line of a table of accuracies, or the reason why it has no number.

    Attributes
    ----------
    name
        Of the space, or the number of dimensions.
    accuracy, low, high, n
        Mean over the repeats, Wilson's interval, images.
    seeds_low, seeds_high, seeds
        Student's interval over the repeats, and their number; NaN for one repeat.
    note
        Empty, or "impossible: ...".
    """

    name: object
    accuracy: float
    low: float
    high: float
    n: int
    seeds_low: float
    seeds_high: float
    seeds: int
    note: str = ""


def cross_validated(features: Real[np.ndarray, "N D"], labels: np.ndarray, vote: Vote, folds: Folds) -> Validation:
    """Every image's class by the vote of its neighbours in the other folds, in every repeat.

    Parameters
    ----------
    features
        One vector an image.
    labels
        One class an image: text or whole numbers.

    Raises
    ------
    ValueError
        A class with fewer images than folds, fewer images than neighbours, values that are not finite.

    Notes
    -----
    *Hidden layers* section 4.1 (table 1). Distances do not depend on the folds, so they are computed once; each repeat
    costs one pass over them. Equal to fitting a classifier for each fold, up to the order of equal distances (here:
    the order of the images).
    """
    classes, codes = coded_labels(labels, n_images=len(features))
    numbers = fold_numbers(labels, folds)
    winners = np.empty(numbers.shape, np.int64)
    for block in statistics.row_blocks(len(features), len(features)):
        distances = statistics.pairwise(features[block], features, metric=vote.metric)
        for repeat, number in enumerate(numbers):
            positions, values = statistics.smallest(
                distances, vote.neighbours, query_groups=number[block], gallery_groups=number
            )
            winners[repeat, block], _ = winning(codes[positions], values, vote, n_classes=len(classes))
    return Validation(classes[codes], classes[winners])


def fold_numbers(labels: np.ndarray, folds: Folds) -> Int[np.ndarray, "S N"]:
    """Fold of each image in each repeat, 0 to ``folds.count - 1``: those of scikit-learn's ``StratifiedKFold``."""
    classes, codes = coded_labels(labels, n_images=len(labels))
    sizes = np.bincount(codes)
    checks.require(len(classes) >= 2, f"a classification needs at least two classes; got {len(classes)}")
    rarest = int(sizes.argmin())
    checks.require(
        sizes[rarest] >= folds.count,
        f"each class needs at least {folds.count} images for {folds.count} stratified folds; "
        f"{str(classes[rarest])!r} has {sizes[rarest]}",
    )
    numbers = np.empty((folds.repeats, len(codes)), np.int64)
    for repeat in range(folds.repeats):
        splitter = StratifiedKFold(folds.count, shuffle=True, random_state=folds.seed + repeat)
        for number, (_, test) in enumerate(splitter.split(codes, codes)):
            numbers[repeat, test] = number
    return numbers


def rows(results: Mapping[object, Validation | Impossible]) -> list[AccuracyRow]:
    """Lines of a table, one a result: ``pandas.DataFrame(rows(results))``."""
    return [_row(name, result) for name, result in results.items()]


def _row(name: object, result: Validation | Impossible) -> AccuracyRow:
    if isinstance(result, Impossible):
        return AccuracyRow(name, np.nan, np.nan, np.nan, 0, np.nan, np.nan, 0, str(result))
    images, repeats = result.accuracy, len(result.accuracies)
    seeds = result.over_seeds if repeats > 1 else statistics.Estimate(images.value, np.nan, np.nan, 1)
    return AccuracyRow(name, images.value, images.low, images.high, images.n, seeds.low, seeds.high, repeats)
