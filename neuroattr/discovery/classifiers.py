"""Classifiers of one word: on its prime units, on all units, and on the images that the first is sure of."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Int
from sklearn.naive_bayes import GaussianNB
from sklearn.svm import SVC

from neuroattr.discovery.examples import Examples, Features
from neuroattr.discovery.logistic import dual_logistic, logistic
from neuroattr.discovery.protocol import Protocol

Rows = Int[np.ndarray, " n"]

Linear = tuple[np.ndarray, np.ndarray, float]
"""Units, coefficients and intercept of a classifier for activations as they are."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A classifier of one word in one draw.

    Attributes
    ----------
    decide
        Confidence (log odds, for the SVM its margin) for rows of the examples; positive means the word.
    C
        Penalty chosen on validation images; NaN for naive Bayes.
    learned, tested
        Rows it learned from and is tested on, the positives in the first half.
    linear
        Gives units, coefficients and intercept for activations as they are; None where the classifier is not linear.
    """

    decide: Callable[[Rows], Float[np.ndarray, " n"]]
    C: float
    learned: Rows
    tested: Rows
    linear: Callable[[], Linear] | None

    def accuracy(self, rows: Rows) -> float:
        """Share of these rows, half of them positive, that fall on their side."""
        return float(_accuracy(self.decide(rows)[:, None], halves(rows))[0])


def halves(rows: Rows) -> Bool[np.ndarray, " n"]:
    """Labels of balanced rows: the first half is positive."""
    return np.arange(len(rows)) < len(rows) // 2


def fitted(
    examples: Examples, features: Features, word: int, prime: Rows, draw: int, *, protocol: Protocol, seed: int
) -> dict[str, Fitted]:
    """The classifiers of one word in one balanced draw, by variant.

    Parameters
    ----------
    examples, features
        The images, and their activations as classifiers see them.
    word
        Position of the word.
    prime
        Positions of its prime units.
    draw
        Number of the draw.
    """
    rows = examples.drawn(word, draw, seed=seed)
    made = {}
    if {"initial", "resample"} & set(protocol.variants):
        made["initial"] = initial = INITIAL[protocol.initial](features, rows, prime, protocol)
    if "random" in protocol.variants:
        made["random"] = _on_all_units(features, rows["train"], rows["validation"], rows["test"], protocol)
    if "resample" in protocol.variants:
        random = examples.generator(word, draw, 1, seed=seed)
        kept = _resampled(examples, word, rows[protocol.ranked], initial, protocol, random)
        other = rows["validation" if protocol.ranked == "train" else "train"]
        positives, negatives = np.split(rows["test"], 2)
        tested = _surest(initial, positives, negatives, protocol) if protocol.test_resampled else rows["test"]
        made["resample"] = _on_all_units(features, kept, other, tested, protocol)
    return {variant: made[variant] for variant in protocol.variants}


def _resampled(
    examples: Examples, word: int, drawn: Rows, initial: Fitted, protocol: Protocol, random: np.random.Generator
) -> Rows:
    """Rows the second classifier learns from."""
    positives, negatives = np.split(drawn, 2)
    if protocol.pool == "all" and examples.strata is None:
        mention, inside = examples.mention(word), examples.split == protocol.ranked
        positives, negatives = np.flatnonzero(inside & mention), np.flatnonzero(inside & ~mention)
    if protocol.sides == "positives":
        kept = _surest(initial, positives, negatives, protocol)
        half = len(kept) // 2
        return np.concatenate([kept[:half], np.sort(random.choice(negatives, half, replace=False))])
    return _surest(initial, positives, negatives, protocol)


def _surest(initial: Fitted, positives: Rows, negatives: Rows, protocol: Protocol) -> Rows:
    """The surest images of each side, the protocol's share of the smaller one: equally many, positives first."""
    count = max(1, round(protocol.share * min(len(positives), len(negatives))))
    sides = ((positives, -initial.decide(positives)), (negatives, initial.decide(negatives)))
    return np.concatenate([rows[np.argsort(doubt, kind="stable")[:count]] for rows, doubt in sides])


def _on_all_units(features: Features, learned: Rows, chosen_on: Rows, tested: Rows, protocol: Protocol) -> Fitted:
    """Logistic regression on all units, by inner products: the features of 9,568 units are never touched again."""
    C = np.array(protocol.penalties)
    duals, intercepts = dual_logistic(
        features.products(learned, learned),
        halves(learned),
        C=C,
        tolerance=protocol.tolerance * C * len(learned),
    )
    log_odds = features.products(chosen_on, learned) @ duals.T + intercepts
    best = _best(log_odds, chosen_on)
    dual, intercept = duals[best], intercepts[best]

    def linear() -> Linear:
        return _unscaled(features, np.arange(features.values.shape[1]), dual @ features.rows(learned), intercept)

    return Fitted(
        lambda rows: features.products(rows, learned) @ dual + intercept, float(C[best]), learned, tested, linear
    )


def _logistic_on_prime(features: Features, rows: dict[str, Rows], prime: Rows, protocol: Protocol) -> Fitted:
    C, learned = np.array(protocol.penalties), rows["train"]
    fit = logistic(features.rows(learned, prime), halves(learned), C=C, tolerance=protocol.tolerance * C * len(learned))
    best = _best(fit.decision(features.rows(rows["validation"], prime)), rows["validation"])
    coefficients, intercept = fit.coefficients[best], fit.intercepts[best]
    return Fitted(
        lambda others: features.rows(others, prime) @ coefficients + intercept,
        float(C[best]),
        learned,
        rows["test"],
        lambda: _unscaled(features, prime, coefficients, intercept),
    )


def _bayes_on_prime(features: Features, rows: dict[str, Rows], prime: Rows, protocol: Protocol) -> Fitted:
    """Far out its log odds are very sure: 100 correlated units count as 100 witnesses; only their order is used."""
    learned = rows["train"]
    model = GaussianNB().fit(features.rows(learned, prime), halves(learned))

    def log_odds(others: Rows) -> Float[np.ndarray, " n"]:
        negative, positive = model.predict_joint_log_proba(features.rows(others, prime)).T
        difference: np.ndarray = positive - negative
        return difference

    return Fitted(log_odds, float("nan"), learned, rows["test"], None)


def _svm_on_prime(features: Features, rows: dict[str, Rows], prime: Rows, protocol: Protocol) -> Fitted:
    learned, validation = rows["train"], rows["validation"]
    values, labels, held_out = features.rows(learned, prime), halves(learned), features.rows(validation, prime)
    machines = [SVC(C=C, kernel="rbf", gamma="scale", tol=1e-3).fit(values, labels) for C in protocol.penalties]
    best = _best(np.stack([machine.decision_function(held_out) for machine in machines], axis=1), validation)
    return Fitted(
        lambda others: machines[best].decision_function(features.rows(others, prime)),
        float(protocol.penalties[best]),
        learned,
        rows["test"],
        None,
    )


INITIAL = {"logistic": _logistic_on_prime, "naive bayes": _bayes_on_prime, "svm": _svm_on_prime}


def _best(log_odds: Float[np.ndarray, "n C"], rows: Rows) -> int:
    """Position of the penalty with the best accuracy on balanced rows; the first of equals."""
    return int(_accuracy(log_odds, halves(rows)).argmax())


def _accuracy(log_odds: Float[np.ndarray, "n C"], labels: Bool[np.ndarray, " n"]) -> Float[np.ndarray, " C"]:
    accuracy: np.ndarray = ((log_odds > 0) == labels[:, None]).mean(axis=0)
    return accuracy


def _unscaled(features: Features, units: Rows, coefficients: np.ndarray, intercept: float) -> Linear:
    """Units, coefficients and intercept for activations as they are."""
    coefficients = coefficients / features.scale[units]
    return units, coefficients, float(intercept - coefficients @ features.mean[units])
