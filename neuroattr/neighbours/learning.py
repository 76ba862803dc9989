"""A new class without training: accuracy against the number of examples it is given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Real

from neuroattr import checks, statistics
from neuroattr.neighbours.validation import Folds, Impossible, fold_numbers
from neuroattr.neighbours.voting import Vote, coded_labels, winning

OTHERS = ("all examples", "as few")


@dataclass(frozen=True)
class LearningPoint:
    """How well a class is known from so many examples.

    Attributes
    ----------
    examples
        Of the new class, in the training folds.
    recall, low, high
        Share of the new class's images that are given it, mean over classes and repeats, with a bootstrap interval
        over images.
    others
        Accuracy on the images of the other classes, that the new one may take images from.
    chance
        One by the number of classes.
    n
        Images.
    note
        Empty, or "impossible: ..." where the training folds hold fewer examples.
    """

    examples: int
    recall: float
    low: float
    high: float
    others: float
    chance: float
    n: int
    note: str = ""


def learning_curve(
    features: Real[np.ndarray, "N D"],
    labels: np.ndarray,
    vote: Vote,
    folds: Folds,
    *,
    examples: Sequence[int],
    draws: int,
    others: str = "all examples",
) -> list[LearningPoint]:
    """Accuracy on a class that was added with so many examples, each class being the new one in turn.

    Parameters
    ----------
    features, labels, vote, folds
        As `cross_validated` takes them; the folds' seeds also choose the examples, larger choices containing smaller
        ones.
    examples
        Numbers of examples of the new class.
    others
        What the other classes have: "all examples" of the training folds, as a shop that adds a class to those it
        knows; or "as few" as the new one, as a shop that begins.
    draws
        Resamples of the images for the interval.

    Notes
    -----
    The claim "scalable" of *Hidden layers* (sections 1 and 3.3). The vote's own arithmetic shows here: with k = 5 and
    others at full strength, a class of two examples needs its rivals divided; and where all classes have one example,
    five neighbours are five classes and the lowest label wins whatever is nearest. Ties to the nearest neighbour mend
    the second.
    """
    checks.one_of(others, OTHERS, name="others")
    classes, codes = coded_labels(labels, n_images=len(features))
    numbers = fold_numbers(labels, folds)
    distances = statistics.pairwise(features, features, metric=vote.metric)
    held = _fewest_in_training(codes, numbers)
    curve = []
    for count in examples:
        checks.require(count >= 1, f"examples must be at least 1; got {count}")
        if count > held:
            reason = Impossible(f"{count} examples of a class of which the training folds hold {held}")
            curve.append(LearningPoint(count, np.nan, np.nan, np.nan, np.nan, 1 / len(classes), 0, str(reason)))
            continue
        recall, rest = _accuracies(distances, codes, numbers, folds.seed, vote, count, others == "as few")
        mean = statistics.bootstrap(np.mean, recall, draws=draws, seed=folds.seed, method="percentile")
        curve.append(LearningPoint(count, mean.value, mean.low, mean.high, rest, 1 / len(classes), mean.n))
    return curve


def _fewest_in_training(codes: np.ndarray, numbers: np.ndarray) -> int:
    """Images of a class outside a fold: the smallest number over classes, folds and repeats."""
    n_classes, n_folds = codes.max() + 1, numbers.max() + 1
    cells = np.stack([np.bincount(codes * n_folds + number, minlength=n_classes * n_folds) for number in numbers])
    within = cells.reshape(len(numbers), n_classes, n_folds)
    return int((within.sum(axis=2, keepdims=True) - within).min())


def _accuracies(
    distances: np.ndarray, codes: np.ndarray, numbers: np.ndarray, seed: int, vote: Vote, count: int, as_few: bool
) -> tuple[np.ndarray, float]:
    """Recall of each image when its class is the new one [N], and accuracy on the images of the other classes."""
    n_classes = int(codes.max()) + 1
    recall, rest = np.zeros(len(codes)), []
    for repeat, number in enumerate(numbers):
        order = np.random.default_rng(seed + repeat).permutation(len(codes))
        for fold in range(number.max() + 1):
            test = np.flatnonzero(number == fold)
            turn = _turns(codes, number != fold, order)
            for new in [None] if as_few else range(n_classes):
                few = turn < count if new is None else (codes != new) | (turn < count)
                groups = np.where((number != fold) & few, 0, -1)
                positions, values = statistics.smallest(distances[test], vote.neighbours, gallery_groups=groups)
                winners, _ = winning(codes[positions], values, vote, n_classes=n_classes)
                right = winners == codes[test]
                own = np.full(len(test), True) if new is None else codes[test] == new
                recall[test[own]] += right[own]
                rest.append(right.mean() if new is None else right[~own].mean())
    return recall / len(numbers), float(np.mean(rest))


def _turns(codes: np.ndarray, training: np.ndarray, order: np.ndarray) -> np.ndarray:
    """When each training image is chosen as an example of its class: 0 for the first of the class in `order`."""
    turn = np.full(len(codes), len(codes))
    for code in range(codes.max() + 1):
        members = order[(codes[order] == code) & training[order]]
        turn[members] = np.arange(len(members))
    return turn
