"""Fewer dimensions: PCA and random projection beside any other reducer, fitted per training fold or on all images."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Protocol, runtime_checkable

import numpy as np
from jaxtyping import Real
from sklearn.random_projection import GaussianRandomProjection

from neuroattr import checks, statistics
from neuroattr.neighbours.validation import Folds, Impossible, Validation, cross_validated, fold_numbers
from neuroattr.neighbours.voting import Vote, coded_labels, winning

FITS = ("training fold", "all images")
Transform = Callable[[np.ndarray], np.ndarray]
Progress = Callable[[list[Any]], Iterable[Any]]


@runtime_checkable
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
        """Components of `values`, and the projection onto them.

        Notes
        -----
        The components of 8 dimensions are the first 8 of those of 512, so they are found once for all: `values` that
        come again with another number of dimensions cost one product.
        """
        mean, components = _principal(np.asarray(values, np.float64))
        chosen = components[:, :dimensions]

        def transform(others: np.ndarray) -> np.ndarray:
            projected: np.ndarray = (others - mean) @ chosen
            return projected

        return transform(values), transform

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


_decomposed: dict[str, tuple[np.ndarray, np.ndarray]] = {}  # of the last values only


def _principal(values: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mean, and orthonormal directions of falling variance, D x min(n, D); zero where there is no variance left."""
    key = hashlib.sha256(values.tobytes() + str(values.shape).encode()).hexdigest()
    if key not in _decomposed:
        mean = values.mean(axis=0)
        centred = values - mean
        n, width = centred.shape
        squares, vectors = np.linalg.eigh(centred @ centred.T if n < width else centred.T @ centred)
        squares, vectors = squares[::-1], vectors[:, ::-1]
        if n < width:  # the smaller of the two products; its vectors are of images, not of features
            lengths = np.sqrt(np.maximum(squares, 0))
            kept = lengths > lengths[0] * n * np.finfo(float).eps ** 0.5  # a product of two keeps half the digits
            vectors = np.where(kept, centred.T @ vectors / np.where(kept, lengths, 1), 0)
        _decomposed.clear()
        _decomposed[key] = mean, vectors
    return _decomposed[key]


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
    progress: Progress = iter,
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
        Wraps the list of fits for one number of dimensions, ``tqdm`` for one.

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
    reasons = {size: reducer.limit(n_fitted, features.shape[1], size) for size in dimensions}
    sizes = [size for size, reason in reasons.items() if reason is None]
    run = _within_folds if fit == "training fold" else _on_all
    validations = run(features, labels, vote, folds, reducer, sizes, progress)
    impossible = {size: Impossible(f"{reducer.name}: {reason}") for size, reason in reasons.items() if reason}
    return {size: impossible[size] if size in impossible else validations[size] for size in reasons}


def _on_all(
    features: np.ndarray,
    labels: np.ndarray,
    vote: Vote,
    folds: Folds,
    reducer: Reducer,
    sizes: list[int],
    progress: Progress,
) -> dict[int, Validation]:
    """One fit for each repeat, so that the interval over seeds is over fits as well."""
    parts: dict[int, list[Validation]] = {size: [] for size in sizes}
    for seed in progress([folds.seed + repeat for repeat in range(folds.repeats)]):
        for size in sizes:
            reduced = reducer.embed(features, dimensions=size, seed=seed)
            parts[size].append(cross_validated(reduced, labels, vote, Folds(folds.count, 1, seed)))
    return {
        size: Validation(each[0].labels, np.concatenate([part.predictions for part in each]))
        for size, each in parts.items()
    }


def _within_folds(
    features: np.ndarray,
    labels: np.ndarray,
    vote: Vote,
    folds: Folds,
    reducer: Reducer,
    sizes: list[int],
    progress: Progress,
) -> dict[int, Validation]:
    classes, codes = coded_labels(labels, n_images=len(features))
    numbers = fold_numbers(labels, folds)
    winners = {size: np.empty(numbers.shape, np.int64) for size in sizes}
    for repeat, fold in progress(list(product(range(folds.repeats), range(folds.count)))):
        test = numbers[repeat] == fold
        for size in sizes:
            train, transform = reducer.fit(features[~test], dimensions=size, seed=folds.seed + repeat)
            distances = statistics.pairwise(transform(features[test]), train, metric=vote.metric)
            positions, values = statistics.smallest(distances, vote.neighbours)
            winners[size][repeat, test], _ = winning(codes[~test][positions], values, vote, n_classes=len(classes))
    return {size: Validation(classes[codes], classes[each]) for size, each in winners.items()}
