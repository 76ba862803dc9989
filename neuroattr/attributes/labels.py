"""What people know of pictures: classes of attributes, as they come in mappings, tables and lists."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeAlias

import numpy as np
import pandas as pd
from jaxtyping import Int

from neuroattr.checks import is_missing

Labels: TypeAlias = Mapping[str, Iterable[object]] | pd.DataFrame | Iterable[object]
"""For each attribute one label a picture; of one attribute, a plain list of them."""


def by_attribute(labels: Labels | None, attributes: Sequence[str], *, n: int) -> dict[str, list[str | None]]:
    """Labels of N pictures as text, None where they are not known, by attribute.

    Parameters
    ----------
    attributes
        Those of the index; a plain list of labels is of the only one.

    Raises
    ------
    ValueError
        A plain list where there are several attributes, another number of labels than of pictures.
    """
    if labels is None:
        return {}
    if not isinstance(labels, Mapping | pd.DataFrame):
        if len(attributes) != 1:
            raise ValueError(
                f"a plain list of labels needs an index of one attribute; this one has {len(attributes)} "
                f"({', '.join(attributes) or 'none'}). Give {{attribute: labels}}"
            )
        labels = {attributes[0]: labels}
    given = {str(name): [None if is_missing(value) else str(value) for value in labels[name]] for name in labels}
    for name, values in given.items():
        if len(values) != n:
            raise ValueError(f"{name} must have one label for each of {n} pictures; got {len(values)}")
    return given


def coded(labels: Sequence[str | None]) -> tuple[Int[np.ndarray, " L"], np.ndarray, Int[np.ndarray, " L"]]:
    """Rows of the L pictures whose label is known, the different classes, sorted, and the class number of each row."""
    rows = np.flatnonzero([label is not None for label in labels])
    known = [label for label in labels if label is not None]
    classes = np.array(sorted(set(known)), np.str_)
    return rows, classes, np.searchsorted(classes, np.array(known, np.str_))
