"""Which classes are found, and what the others are taken for."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from neuroattr import checks
from neuroattr.neighbours.validation import Validation


def class_recall(validation: Validation, classes: Sequence[str]) -> xr.Dataset:
    """How much of each class is found, and what it is most often mistaken for; all repeats together.

    Parameters
    ----------
    validation
        Of any number of repeats.
    classes
        Classes to list, in this order.

    Returns
    -------
    recall
        ``recall[class]``: share of the class's images that are given it, 0 to 1. ``mistaken[class]``: the most frequent
        wrong class, of equally frequent ones the first to be met, or "nothing". ``mistakes[class]``: its share of the
        class's images.

    Raises
    ------
    ValueError
        A class without images.
    """
    recall, mistaken, mistakes = [], [], []
    for name in classes:
        own = validation.labels == name
        checks.require(bool(own.any()), f"the validation has no images of class {name!r}")
        said = validation.predictions[:, own].ravel()
        wrong, first, times = np.unique(said[said != name], return_index=True, return_counts=True)
        order = np.lexsort((first, -times))
        recall.append(float((said == name).mean()))
        mistaken.append(str(wrong[order[0]]) if len(wrong) else "nothing")
        mistakes.append(float(times.max() / len(said)) if len(wrong) else 0.0)
    values = {"recall": recall, "mistaken": np.array(mistaken, object), "mistakes": mistakes}
    return xr.Dataset({name: ("class", each) for name, each in values.items()}, {"class": list(classes)})
