"""Which classes are found, and what the others are taken for."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from neuroattr import checks
from neuroattr.neighbours.validation import Validation


def class_recall(validation: Validation, classes: Sequence[str]) -> pd.DataFrame:
    """How much of each class is found, and what it is most often mistaken for; all repeats together.

    Parameters
    ----------
    validation
        Of any number of repeats.
    classes
        Classes to list, in this order.

    Returns
    -------
    table
        Index ``class``. ``recall``: share of the class's images that are given it, 0 to 1. ``most often taken for``:
        the most frequent wrong class, with its share of the class's images, or "nothing".

    Raises
    ------
    ValueError
        A class without images.
    """
    found = {}
    for name in classes:
        own = validation.labels == name
        checks.require(bool(own.any()), f"the validation has no images of class {name!r}")
        shares = pd.Series(validation.predictions[:, own].ravel()).value_counts(normalize=True)
        wrong = shares.drop(name, errors="ignore")
        mistaken = f"{wrong.index[0]} ({wrong.iloc[0]:.2f})" if len(wrong) else "nothing"
        found[name] = {"recall": shares.get(name, 0.0), "most often taken for": mistaken}
    return pd.DataFrame.from_dict(found, orient="index").rename_axis("class")
