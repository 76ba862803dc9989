"""How visualness is measured: what the paper leaves open, each choice an option."""

from dataclasses import dataclass

from neuroattr.checks import between, one_of, require

VARIANTS = ("random", "initial", "resample")
INITIALS = ("logistic", "naive bayes", "svm")
GRID = tuple(10.0**power for power in range(-4, 3))


@dataclass(frozen=True)
class Protocol:
    """Choices of *Discovery* section 4.2; the defaults are those of this companion's tables.

    Parameters
    ----------
    variants
        Classifiers to measure. "random": all units, a balanced random subset. "initial": the prime units of the word.
        "resample": all units, the images that the initial classifier is most sure of.
    initial
        The initial classifier: "logistic", "naive bayes" (footnote 4: works too) or "svm" with RBF kernel (footnote 4:
        tends to overfit).
    share
        How many images a side "resample" keeps, as a share of the smaller side.
    sides
        "both": the positives most surely positive and the negatives most surely negative. "positives": random
        negatives.
    ranked
        Split whose images are ranked: "train" or "validation". With "validation" the second classifier learns from
        validation images, and its C is chosen on training images.
    pool
        "drawn": the balanced draw is ranked, so that both sides keep the same share (always so where strata are given).
        "all": every image of that split; the negatives, many more, keep only the extreme ones. The paper does not say.
    test_resampled
        Keep only the same share of the test images by rank too, for "resample".
    penalties
        Values of C, of which the one with the best validation accuracy is taken, the smallest of equals.
    standardised
        Divide every unit by its standard deviation over the training split.
    draws
        Balanced draws of all splits.
    tolerance
        Gradient of the mean loss at which a fit stops, as LIBLINEAR and scikit-learn have it (theirs is 1e-4).

    Notes
    -----
    `pool` was decided on 608 training images of atelier-shop: "resample" agrees with simulated people by a Spearman of
    .56 with "drawn" and .48 with "all". Show both.

    ``Protocol(penalties=(1.0,), standardised=False)`` is LIBLINEAR's default, but for the intercept, which it would
    penalise.
    """

    variants: tuple[str, ...] = VARIANTS
    initial: str = "logistic"
    share: float = 0.5
    sides: str = "both"
    ranked: str = "train"
    pool: str = "drawn"
    test_resampled: bool = False
    penalties: tuple[float, ...] = GRID
    standardised: bool = True
    draws: int = 5
    tolerance: float = 1e-4

    def __post_init__(self) -> None:
        require(len(self.variants) > 0, f"variants must name at least one of {', '.join(VARIANTS)}")
        for variant in self.variants:
            one_of(variant, VARIANTS, name="each of variants")
        one_of(self.initial, INITIALS, name="initial")
        require(0 < self.share <= 1, f"share must be above 0 and at most 1; got {self.share}")
        one_of(self.sides, ("both", "positives"), name="sides")
        one_of(self.ranked, ("train", "validation"), name="ranked")
        one_of(self.pool, ("drawn", "all"), name="pool")
        require(
            len(self.penalties) > 0 and min(self.penalties) > 0,
            f"penalties must be one or more positive C; got {self.penalties}",
        )
        require(self.draws >= 1, f"draws must be at least 1; got {self.draws}")
        between(self.tolerance, 1e-12, 1, name="tolerance")
