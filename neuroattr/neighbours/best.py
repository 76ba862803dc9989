"""The best layer against each other one."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from neuroattr import statistics
from neuroattr.neighbours.comparison import comparisons
from neuroattr.neighbours.validation import Validation


def against_best(validations: Mapping[str, Validation], *, draws: int, seed: int) -> pd.DataFrame:
    """The space of highest accuracy compared with each other one on the same images; the first of equal ones.

    Parameters
    ----------
    validations
        Of the same images, by the name of the space.
    draws, seed
        Resamples of the images.

    Returns
    -------
    table
        Index ``layers``: "best against other". ``difference``: a `statistics.Estimate` of the accuracies' difference.
        ``only first right``, ``only second right``, ``mid-p``: McNemar's test on the first repeat.
        ``largest mid-p``: of all repeats.
    """
    accuracy = {name: one.accuracy.value for name, one in validations.items()}
    best = max(accuracy, key=accuracy.__getitem__)
    rows = {}
    for name, one in validations.items():
        if name != best:
            [found] = comparisons({best: validations[best], name: one}, draws=draws, seed=seed)
            rows[f"{best} against {name}"] = {
                "difference": statistics.Estimate(found.difference, found.low, found.high, found.n),
                "only first right": found.only_first,
                "only second right": found.only_second,
                "mid-p": found.mid,
                "largest mid-p": found.largest_mid,
            }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("layers")
