"""Visualness: how well a classifier tells images with a word from images without it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np
import xarray as xr
from jaxtyping import Float, Int, Real

from neuroattr import statistics
from neuroattr.checks import finite, plain, require
from neuroattr.discovery.classifiers import Fitted, fitted, halves
from neuroattr.discovery.examples import GRAM, SPLITS, Examples, Features
from neuroattr.discovery.protocol import Protocol


def visualness(
    examples: Examples,
    prime: Int[np.ndarray, "W P"],
    *,
    protocol: Protocol,
    seed: int,
) -> xr.Dataset:
    """Balanced test accuracy of the classifiers of every word, by variant and draw.

    Parameters
    ----------
    examples
        The images.
    prime
        Positions of each word's prime units, as `prime_units` gives them, measured on the training split.
    protocol
        What the paper leaves open.
    seed
        Seed of the draws.

    Returns
    -------
    visualness
        ``accuracy[word, variant, draw]``, ``training_accuracy`` on the images that were learned from, ``C`` (chosen on
        validation; NaN for naive Bayes), and ``images[word, split]``, the images of each balanced draw. ``features`` is
        the number of units of each variant.

    Raises
    ------
    ValueError
        Prime units of other words or units.

    Notes
    -----
    Equation 2 of *Discovery*, ``V(u|f) = accuracy(f, D+_u, D-_u)``, on a balanced test split; section 4.4 calls the
    variants CNN+random, CNN+initial and CNN+resample. Chance is 0.5, with a standard deviation of ``0.5 / sqrt(n)``
    over n test images: of rare words the test split has few, and draws of the same positives do not make them more.
    """
    prime, n_units = np.asarray(prime), examples.values.shape[1]
    require(
        prime.ndim == 2 and len(prime) == len(examples.words),
        f"prime must hold a row of units for each of {len(examples.words)} words; got shape {prime.shape}",
    )
    require(
        bool(((prime >= 0) & (prime < n_units)).all()), f"prime must hold positions of the {n_units} units; got others"
    )
    features = Features.of(examples, standardised=protocol.standardised, shared=_shares(examples, protocol))
    measured = [
        word_visualness(examples, features, word, prime[word], protocol=protocol, seed=seed)
        for word in range(len(examples.words))
    ]
    return tabulated(measured, examples.words, widths=(n_units, prime.shape[1]), protocol=protocol, seed=seed)


@dataclass(frozen=True, eq=False)
class WordVisualness:
    """What `visualness` measures of one word.

    Attributes
    ----------
    accuracy, training_accuracy, C
        ``[variant, draw]``.
    images
        Images of a balanced draw of each split.
    log_odds
        Confidence of each variant's classifier of the first draw for all images, those it learned from included.
    """

    accuracy: Float[np.ndarray, "V R"]
    training_accuracy: Float[np.ndarray, "V R"]
    C: Float[np.ndarray, "V R"]
    images: Int[np.ndarray, " 3"]
    log_odds: Float[np.ndarray, "V N"]


def word_visualness(
    examples: Examples, features: Features, word: int, prime: Int[np.ndarray, " P"], *, protocol: Protocol, seed: int
) -> WordVisualness:
    """Visualness of the word at one position; `features` are those of the examples, as the protocol wants them."""
    draws = [fitted(examples, features, word, prime, d, protocol=protocol, seed=seed) for d in range(protocol.draws)]
    by_variant = [[fits[variant] for fits in draws] for variant in protocol.variants]
    return WordVisualness(
        accuracy=np.array([[each.accuracy(each.tested) for each in fits] for fits in by_variant]),
        training_accuracy=np.array([[each.accuracy(each.learned) for each in fits] for fits in by_variant]),
        C=np.array([[each.C for each in fits] for fits in by_variant]),
        images=np.array([len(rows) for rows in examples.drawn(word, 0, seed=seed).values()]),
        log_odds=np.stack([_log_odds(fits[0], features) for fits in by_variant]),
    )


def _log_odds(classifier: Fitted, features: Features) -> Float[np.ndarray, " N"]:
    """Confidence for all images: from inner products where they are at hand, else from coefficients."""
    if features.shared or classifier.linear is None:
        return classifier.decide(np.arange(len(features.values)))
    units, coefficients, intercept = classifier.linear()
    log_odds: np.ndarray = features.values[:, units] @ coefficients + intercept
    return log_odds


def tabulated(
    measured: Sequence[WordVisualness], words: Sequence[str], *, widths: tuple[int, int], protocol: Protocol, seed: int
) -> xr.Dataset:
    """The table that `visualness` returns; `widths` are the numbers of all units and of prime units."""
    names = ("accuracy", "training_accuracy", "C")
    return xr.Dataset(
        {name: (("word", "variant", "draw"), np.stack([getattr(word, name) for word in measured])) for name in names}
        | {"images": (("word", "split"), np.stack([word.images for word in measured]))},
        coords={
            "word": list(words),
            "variant": list(protocol.variants),
            "draw": np.arange(protocol.draws),
            "split": list(SPLITS),
            "features": ("variant", [widths[variant == "initial"] for variant in protocol.variants]),
        },
        attrs={"seed": seed} | {name: str(value) for name, value in asdict(protocol).items()},
    )


def direct_precision(examples: Examples, scores: Real[np.ndarray, "N W"], *, draws: int, seed: int) -> xr.DataArray:
    """Average precision of a network's direct output for each word on balanced test images, ``[word, draw]``.

    Parameters
    ----------
    examples
        The images; the same as in `visualness`, so that the test images of a draw are the same.
    scores
        Output for each image and word.
    draws, seed
        As in `visualness`.

    Notes
    -----
    *Discovery* section 4.4, "Attribute-tuned": average precision because the outputs are badly calibrated. Chance is
    about 0.5, as for accuracy.
    """
    scores = finite(scores, name="scores")
    wanted = (len(examples.split), len(examples.words))
    require(scores.shape == wanted, f"scores must be {wanted[0]} images x {wanted[1]} words; got {scores.shape}")
    precision = np.empty((len(examples.words), draws))
    for word in range(len(examples.words)):
        for draw in range(draws):
            rows = examples.drawn(word, draw, seed=seed)["test"]
            precision[word, draw] = statistics.average_precision(
                scores[rows, word], halves(rows), positives=len(rows) // 2
            )
    return xr.DataArray(precision, dims=("word", "draw"), coords={"word": list(examples.words)}, name="precision")


@dataclass(frozen=True, eq=False)
class LinearClassifier:
    """A word's classifier for activations as they are: log odds are ``values[:, units] @ coefficients + intercept``.

    Attributes
    ----------
    units
        Positions of the units it reads.
    C
        Penalty that was chosen.
    accuracy
        On the balanced test images.
    tested, learned
        Number of images of the test, and of those it learned from.
    """

    units: Int[np.ndarray, " U"]
    coefficients: Float[np.ndarray, " U"]
    intercept: float
    C: float
    accuracy: float
    tested: int
    learned: int

    def log_odds(self, values: Real[np.ndarray, "N U"]) -> Float[np.ndarray, " N"]:
        """Log odds of the word for activations of all units."""
        log_odds: np.ndarray = plain(values, name="values")[:, self.units] @ self.coefficients + self.intercept
        return log_odds


def word_classifier(
    examples: Examples, word: str, prime: Int[np.ndarray, " P"], *, variant: str, protocol: Protocol, seed: int
) -> LinearClassifier:
    """The classifier of one word from the first draw, to be applied to any images.

    Raises
    ------
    ValueError
        A word or variant that is not there, or an initial classifier that is not linear.
    """
    require(word in examples.words, f"word must be one of the {len(examples.words)} words; got {word!r}")
    require(variant in protocol.variants, f"variant must be one of {', '.join(protocol.variants)}; got {variant!r}")
    features = Features.of(examples, standardised=protocol.standardised, shared=False)
    position = examples.words.index(word)
    made = fitted(examples, features, position, np.asarray(prime), 0, protocol=protocol, seed=seed)[variant]
    if made.linear is None:
        raise ValueError(f"a {protocol.initial} classifier has no coefficients; use initial='logistic'")
    units, coefficients, intercept = made.linear()
    return LinearClassifier(
        units, coefficients, intercept, made.C, made.accuracy(made.tested), len(made.tested), len(made.learned)
    )


def _shares(examples: Examples, protocol: Protocol) -> bool:
    """Whether the inner products of all images at once have room, and cost less than those of each fit."""
    n_images, counts = len(examples.split), np.asarray(examples.mentions.sum(axis=0)).ravel().astype(float)
    needed = 2 * protocol.draws * (np.minimum(counts, n_images - counts) ** 2).sum()
    return 8 * n_images**2 <= GRAM and needed >= n_images**2
