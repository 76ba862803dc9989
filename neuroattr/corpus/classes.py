"""Classes: the label of each picture, its side of the official split, and what is known of whole classes."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import schemas
from .splits import OFFICIAL

NAME, ATTRIBUTES = "annotations.classes", "annotations.class_attributes"


def check(classes: pd.DataFrame) -> None:
    """Refuse a table that is none of classes.

    Parameters
    ----------
    classes
        Index: image. Columns label, and, where the data come with one, split: "train" or "test", to which
        ``splits.carved`` adds a validation part.

    Raises
    ------
    TypeError, ValueError
    """
    schemas.by_picture(classes, name=NAME)
    official = ("split",) if "split" in classes else ()
    schemas.table(classes, name=NAME, strings=("label", *official))
    if official and (strange := sorted(set(classes["split"]) - set(OFFICIAL))):
        raise ValueError(f'{NAME}: an official split is "train" or "test"; got {strange}: see splits.carved')


def check_attributes(table: pd.DataFrame, classes: pd.DataFrame | None = None) -> None:
    """Refuse a table that is none of class attributes.

    Parameters
    ----------
    table
        Index: class. One column an attribute: percentage of the class's pictures that have it, 0 to 100.
    classes
        Labels of the pictures, each of which must have a row.

    Raises
    ------
    TypeError, ValueError
    """
    if not isinstance(table, pd.DataFrame):
        raise TypeError(f"{ATTRIBUTES} is a DataFrame; got {type(table).__name__}")
    for axis, what in ((table.index, "class"), (table.columns, "attribute")):
        if not axis.is_unique:
            raise ValueError(f"{ATTRIBUTES}: each {what} is there once; {axis[axis.duplicated()][0]!r} is there twice")
    schemas.table(table, name=ATTRIBUTES, numbers=list(table.columns))
    values = table.to_numpy(float)
    if not ((values >= 0) & (values <= 100)).all():  # false for NaN too
        row, column = np.argwhere(~((values >= 0) & (values <= 100)))[0]
        raise ValueError(
            f"{ATTRIBUTES} are percentages from 0 to 100; {table.columns[column]!r} of {table.index[row]!r} is "
            f"{values[row, column]:g}: leave that attribute out"
        )
    if classes is not None:
        unknown = pd.Index(classes["label"]).unique().difference(table.index)
        if len(unknown):
            raise ValueError(
                f"{ATTRIBUTES} has a row for each class; {len(unknown)} have none, e.g. {unknown[0]!r}: leave out the "
                f"pictures of these classes, or the table"
            )
