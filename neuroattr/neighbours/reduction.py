"""Fewer dimensions: PCA and random projection beside any other reducer, fitted per training fold or on all images."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from jaxtyping import Real
from sklearn.decomposition import PCA
from sklearn.random_projection import GaussianRandomProjection

from neuroattr import checks
from neuroattr.neighbours.distances import nearest, pairwise
from neuroattr.neighbours.validation import Folds, Impossible, Validation, cross_validated, fold_numbers
from neuroattr.neighbours.voting import Vote, coded_labels, winning

FITS = ("training fold", "all images")
Transform = Callable[[np.ndarray], np.ndarray]


class Reducer(Protocol):
    """What reduces dimensions. Any object of this form will do; `neuroattr.projections.UMAP` is one."""

    name: str

    def limit(self, n: int, width: int, dimensions: int) -> str | None:
        """Why n images of `width` features cannot be reduced to so many dimensions; None where they can."""

    def fit(self, values: np.ndarray, *, dimensions: int, seed: int) -> tuple[np.ndarray, Transform]:
        """The values in fewer dimensions, and what takes other images there."""

    def embed(self, values: np.ndarray, *, dimensions: int, seed: int) -> np.ndarray:
        """The values in fewer dimensions."""


@dataclass(frozen=True)
class PrincipalComponents:
    """The directions of largest variance."""

    name: str = "PCA"

    def limit(self, n: int, width: int, dimensions: int) -> str | None:
        """More dimensions than features or images."""
        return too_wide(width, dimensions) or (
            f"{dimensions} principal components of {n} images" if dimensions > n else None
        )

    def fit(self, values: np.ndarray, *, dimensions: int, seed: int) -> tuple[np.ndarray, Transform]:
        """Components of `values`, and the projection onto them."""
        fitted = PCA(dimensions, svd_solver="full", random_state=seed).fit(values)
        return fitted.transform(values), fitted.transform

    def embed(self, values: np.ndarray, *, dimensions: int, seed: int) -> np.ndarray:
        """As `fit`, without the projection."""
        return self.fit(values, dimensions=dimensions, seed=seed)[0]


@dataclass(frozen=True)
class RandomProjection:
    """Directions drawn from a normal distribution: what any reduction must beat."""

    name: str = "random projection"

    def limit(self, n: int, width: int, dimensions: int) -> str | None:
        """More dimensions than features."""
        return too_wide(width, dimensions)

    def fit(self, values: np.ndarray, *, dimensions: int, seed: int) -> tuple[np.ndarray, Transform]:
        """Projections of `values`, and the projection."""
        fitted = GaussianRandomProjection(dimensions, random_state=seed).fit(values)
        return fitted.transform(values), fitted.transform

    def embed(self, values: np.ndarray, *, dimensions: int, seed: int) -> np.ndarray:
        """As `fit`, without the projection."""
        return self.fit(values, dimensions=dimensions, seed=seed)[0]


def too_wide(width: int, dimensions: int) -> str | None:
    """Why a space of `width` features is not reduced to so many dimensions, if it is not."""
    return f"{dimensions} dimensions out of {width} are no reduction" if dimensions > width else None


def reduced_validations(
    features: Real[np.ndarray, "N D"],
    labels: np.ndarray,
    vote: Vote,
    folds: Folds,
    *,
    reducer: Reducer,
    dimensions: Sequence[int],
    fit: str = "training fold",
    progress: Callable = iter,
) -> dict[int, Validation | Impossible]:
    """Cross-validated classification after a reduction to each number of dimensions.

    Parameters
    ----------
    features, labels, vote, folds
        As `cross_validated` takes them; the folds' seeds are those of the reducer too.
    reducer
        `PrincipalComponents()`, `RandomProjection()`, `neuroattr.projections.UMAP()` or another `Reducer`.
    dimensions
        How many to reduce to.
    fit
        "training fold": the reducer sees the images of the training folds only, and the others are taken there
        afterwards. "all images": it sees the images that are predicted later, though not their labels
        (transductive), which makes an embedding by neighbours look better than it is for new images.
    progress
        Wraps the list of dimensions, ``tqdm`` for one.

    Returns
    -------
    For each number of dimensions a `Validation`, or `Impossible` with its reason.

    Notes
    -----
    *Hidden layers* section 4.4 and table 2, which does not say on which images UMAP was fitted.
    """
    checks.one_of(fit, FITS, name="fit")
    features = checks.finite(checks.array(features, name="features", dimensions="images x features"), name="features")
    numbers = fold_numbers(labels, folds)
    n_fitted = len(features)
    if fit == "training fold":
        n_fitted -= int(np.bincount(numbers[0]).max())
    one = _within_folds if fit == "training fold" else _on_all
    results = {}
    for size in progress(list(dimensions)):
        reason = reducer.limit(n_fitted, features.shape[1], size)
        results[size] = (
            Impossible(f"{reducer.name}: {reason}") if reason else one(features, labels, vote, folds, reducer, size)
        )
    return results


def _on_all(features, labels, vote: Vote, folds: Folds, reducer: Reducer, dimensions: int) -> Validation:
    """One fit for each repeat, so that the interval over seeds is over fits as well."""
    parts = []
    for repeat in range(folds.repeats):
        seed = folds.seed + repeat
        reduced = reducer.embed(features, dimensions=dimensions, seed=seed)
        parts.append(cross_validated(reduced, labels, vote, Folds(folds.count, 1, seed)))
    return Validation(parts[0].labels, np.concatenate([part.predictions for part in parts]))


def _within_folds(features, labels, vote: Vote, folds: Folds, reducer: Reducer, dimensions: int) -> Validation:
    classes, codes = coded_labels(labels, n_images=len(features))
    numbers = fold_numbers(labels, folds)
    winners = np.empty(numbers.shape, np.int64)
    for repeat, number in enumerate(numbers):
        for fold in range(folds.count):
            test = number == fold
            train, transform = reducer.fit(features[~test], dimensions=dimensions, seed=folds.seed + repeat)
            distances = pairwise(transform(features[test]), train, metric=vote.metric)
            positions, values = nearest(distances, vote.neighbours)
            winners[repeat, test], _ = winning(codes[~test][positions], values, vote, n_classes=len(classes))
    return Validation(classes[codes], classes[winners])
