"""The best layer against each other one."""

from __future__ import annotations

from collections.abc import Mapping

from neuroattr.neighbours.comparison import Comparison, comparisons
from neuroattr.neighbours.validation import Validation


def against_best(validations: Mapping[str, Validation], *, draws: int, seed: int) -> list[Comparison]:
    """The space of highest accuracy, the first of equal ones, compared with each other one on the same images.

    Parameters
    ----------
    validations
        Of the same images, by the name of the space.
    draws, seed
        Resamples of the images.
    """
    accuracy = {name: one.accuracy.value for name, one in validations.items()}
    best = max(accuracy, key=accuracy.__getitem__)
    pairs = [{best: validations[best], name: one} for name, one in validations.items() if name != best]
    return [comparisons(pair, draws=draws, seed=seed)[0] for pair in pairs]
