"""Table 2: images found by the attributes of their explanations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Real

from neuroattr.checks import array, finite, one_of, require, truths
from neuroattr.explanations.probabilities import most_probable
from neuroattr.explanations.sentences import merged
from neuroattr.statistics import Estimate, average_precision, percentile_estimate, resampled_counts, resampled_rows

COMBINATIONS = ("product", "minimum", "sum of logs")
"""How the probabilities of several attributes become one (figure 6): see `combined`."""
MEASURES = ("recall", "true negative", "precision", "base rate", "lift")
"""What `Retrieval` knows of each attribute."""


@dataclass(frozen=True)
class Retrieval:
    """How well images are found by each attribute; NaN where an attribute's measure is undefined.

    Attributes
    ----------
    recall
        Share found of the images that have it.
    true_negative
        Share left out of the images that have it not.
    precision
        Share of the found ones that have it: printed as "accuracy".
    base_rate
        Share of all images that have it: the precision of random retrieval.
    """

    recall: Float[np.ndarray, " T"]
    true_negative: Float[np.ndarray, " T"]
    precision: Float[np.ndarray, " T"]
    base_rate: Float[np.ndarray, " T"]

    @property
    def lift(self) -> Float[np.ndarray, " T"]:
        """Precision over base rate."""
        return _quotient(self.precision, self.base_rate)

    def measure(self, name: str) -> Float[np.ndarray, " T"]:
        """One of `MEASURES`, of each attribute.

        Raises
        ------
        ValueError
            Another measure.
        """
        one_of(name, MEASURES, name="measure")
        values: np.ndarray = getattr(self, name.replace(" ", "_"))
        return values


def retrieved(values: Real[np.ndarray, "N T"], *, count: int) -> Bool[np.ndarray, "N T"]:
    """Which attributes are among the `count` strongest of each image: the image is found by these, before merging.

    Raises
    ------
    ValueError
        A count outside 1 .. T, values that are not finite.
    """
    values = array(values, name="values", dimensions="images x attributes")
    found = np.zeros(values.shape, bool)
    np.put_along_axis(found, most_probable(values, count=count), True, axis=1)
    return found


def retrieved_merged(
    values: Real[np.ndarray, "N T"], attributes: Sequence[str], *, count: int
) -> Bool[np.ndarray, "N T"]:
    """Which attributes can be read word for word in the merged sentence of each image.

    "black and red crown" says "red crown" and no longer "black crown": a strict reading of table 2's "contain".

    Raises
    ------
    ValueError
        As `retrieved`; other attributes than values.
    """
    values = array(values, name="values", dimensions="images x attributes")
    require(len(attributes) == values.shape[1], f"{values.shape[1]} attributes need names; got {len(attributes)}")
    found = np.zeros(values.shape, bool)
    for row, best in enumerate(most_probable(values, count=count).tolist()):
        said = [f" {reason} " for reason in merged([attributes[t] for t in best])]
        found[row] = [any(f" {attribute} " in reason for reason in said) for attribute in attributes]
    return found


def retrieval(
    found: Bool[np.ndarray, "N T"], truth: Bool[np.ndarray, "N T"], *, weights: Real[np.ndarray, " N"] | None = None
) -> Retrieval:
    """Recall, true negatives, precision and base rate of each attribute.

    Parameters
    ----------
    found
        Whether each image is found by each attribute (`retrieved`).
    truth
        Whether its own captions have it.
    weights
        How often each image counts, as in a resample; None: once.

    Raises
    ------
    ValueError
        Shapes that differ, no image.
    """
    found, truth = truths(found, name="found"), truths(truth, name="truth")
    require(
        found.shape == truth.shape and found.ndim == 2 and len(found) > 0,
        f"found and truth must be images x attributes alike; got shapes {found.shape} and {truth.shape}",
    )
    counted = np.ones(len(found)) if weights is None else finite(weights, name="weights").astype(np.float64)
    hits, have, taken, total = counted @ (found & truth), counted @ truth, counted @ found, counted.sum()
    return Retrieval(
        recall=_quotient(hits, have),
        true_negative=_quotient(total - have - taken + hits, total - have),
        precision=_quotient(hits, taken),
        base_rate=have / total,
    )


def retrieval_estimate(
    found: Bool[np.ndarray, "N T"],
    truth: Bool[np.ndarray, "N T"],
    *,
    measure: str,
    resampled: str,
    draws: int,
    seed: int,
) -> Estimate:
    """Mean of a measure over the attributes where it is defined, with a 95 % interval.

    Parameters
    ----------
    found, truth
        As in `retrieval`.
    measure
        One of `MEASURES`.
    resampled
        ``"attributes"``: how the mean varies with the queries; ``"images"``: with the photographs.
    draws, seed
        Of the resamples.

    Raises
    ------
    ValueError
        As `retrieval`; another measure, a measure that no attribute has.
    """
    one_of(resampled, ("attributes", "images"), name="resampled")
    values = retrieval(found, truth).measure(measure)
    defined = values[~np.isnan(values)]
    require(bool(len(defined)), f"no attribute has a {measure}: none is found, or none is in an image")
    if resampled == "attributes":
        means = defined[resampled_rows(len(defined), draws=draws, seed=seed)].mean(axis=1)
        return percentile_estimate(float(defined.mean()), means, n=len(defined))
    counts = resampled_counts(len(found), draws=draws, seed=seed)
    again = [retrieval(found, truth, weights=weights).measure(measure) for weights in counts]
    return percentile_estimate(float(defined.mean()), np.array([_mean(values) for values in again]), n=len(found))


def precision_above_chance(found: Bool[np.ndarray, "N T"], truth: Bool[np.ndarray, "N T"]) -> Float[np.ndarray, " t"]:
    """Precision less base rate of each attribute by which something is found: the claim ``retrieval-beats-random``."""
    result = retrieval(found, truth)
    differences: np.ndarray = result.precision - result.base_rate
    return np.asarray(differences[~np.isnan(differences)])


def average_precisions(values: Real[np.ndarray, "N T"], truth: Bool[np.ndarray, "N T"]) -> Float[np.ndarray, " T"]:
    """Average precision of the images ranked by each attribute's probability; NaN where no image has it.

    Raises
    ------
    ValueError
        Shapes that differ, values that are not finite.
    """
    values = finite(array(values, name="values", dimensions="images x attributes"), name="values")
    truth = truths(truth, name="truth")
    require(values.shape == truth.shape, f"values and truth must be alike; got {values.shape} and {truth.shape}")
    return np.array(
        [
            average_precision(ranked, hits, positives=int(hits.sum())) if hits.any() else np.nan
            for ranked, hits in zip(values.T, truth.T, strict=True)
        ]
    )


def combined(values: Real[np.ndarray, "N Q"], *, by: str) -> Float[np.ndarray, " N"]:
    """One value of each image for a query of several attributes (figure 6).

    Parameters
    ----------
    values
        Probability of each of the attributes asked for, not negative.
    by
        One of `COMBINATIONS`. The sum of logs ranks as the product does, without its underflow; a probability of zero
        gives the smallest finite number.

    Raises
    ------
    ValueError
        No attribute, negative values (but for the minimum), another combination.
    """
    one_of(by, COMBINATIONS, name="combination")
    values = finite(array(values, name="values", dimensions="images x attributes"), name="values").astype(np.float64)
    require(values.shape[1] > 0, "a query needs at least one attribute")
    if by == "minimum":
        return np.asarray(values.min(axis=1))
    require(bool((values >= 0).all()), f"a {by} needs probabilities that are not negative; take the minimum")
    if by == "product":
        return np.asarray(values.prod(axis=1))
    lowest = np.finfo(np.float64).min
    with np.errstate(divide="ignore"):
        return np.asarray(np.maximum(np.log(values).sum(axis=1), lowest))


def _quotient(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    """A quotient that is NaN where one divides by zero."""
    return np.asarray(part / np.where(whole > 0, whole, np.nan))


def _mean(values: np.ndarray) -> float:
    """Mean of what is defined; NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
