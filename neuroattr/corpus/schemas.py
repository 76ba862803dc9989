"""Tables of annotations: which columns they have, whose pictures they speak of, and that their numbers are numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from pandas.api.types import infer_dtype, is_numeric_dtype

Report = dict[str, object]
SIZES = ("width", "height")


def table(frame: pd.DataFrame, *, name: str, strings: Sequence[str] = (), numbers: Sequence[str] = ()) -> None:
    """Refuse a table that lacks columns, or whose columns hold something else than strings or numbers.

    Parameters
    ----------
    name
        What to call it in an error, "annotations.points".
    strings
        Columns of strings, none missing.
    numbers
        Columns of numbers; NaN is for the caller to judge.

    Raises
    ------
    TypeError
        If it is no table, or a column holds something else.
    ValueError
        If a column is missing.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{name} is a DataFrame; got {type(frame).__name__}")
    wanted = [*strings, *numbers]
    if absent := [column for column in wanted if column not in frame]:
        raise ValueError(f"{name} has the columns {', '.join(wanted)}; missing: {', '.join(absent)}")
    for column in strings:
        if (kind := infer_dtype(frame[column], skipna=False)) not in {"string", "empty"}:
            raise TypeError(f"{name}: {column} holds strings, none missing; got {kind}: use astype(str), drop the rest")
    for column in numbers:
        if not is_numeric_dtype(frame[column]):
            raise TypeError(f"{name}: {column} holds numbers; got {frame[column].dtype}: use astype(float)")


def by_picture(frame: pd.DataFrame, *, name: str) -> None:
    """Refuse a table by picture whose index is not of different ids.

    Raises
    ------
    TypeError
        If an id is no string.
    ValueError
        If an id occurs more than once.
    """
    if not isinstance(frame, pd.DataFrame):
        raise TypeError(f"{name} is a DataFrame; got {type(frame).__name__}")
    if infer_dtype(frame.index, skipna=False) not in {"string", "empty"}:
        raise TypeError(f"the index of {name} holds the ids of the pictures as strings; use index.astype(str)")
    if not frame.index.is_unique:
        twice = frame.index[frame.index.duplicated()].unique()
        raise ValueError(f"{name} has one row a picture; {len(twice)} pictures have more, e.g. {twice[0]!r}")


def known(images: Iterable[str], ids: pd.Index, *, name: str) -> None:
    """Refuse annotations of pictures that are not there.

    Raises
    ------
    ValueError
        With the number of unknown ids and the first of them.
    """
    unknown = pd.Index(images).unique().difference(ids, sort=False)
    if len(unknown):
        raise ValueError(
            f"{name} speaks of pictures of the corpus; {len(unknown)} ids are none of its {len(ids):,}, e.g. "
            f"{unknown[0]!r}: keep those of its pictures with annotations.subset(ids)"
        )


def finite(frame: pd.DataFrame, columns: Sequence[str], *, name: str) -> None:
    """Refuse NaN and infinite numbers, with the row of the first.

    Raises
    ------
    ValueError
        With the number of rows that have one.
    """
    bad = ~np.isfinite(frame[list(columns)].to_numpy(float)).all(axis=1)
    if bad.any():
        raise ValueError(
            f"{name}: {', '.join(columns)} must be finite; {int(bad.sum())} of {len(bad)} rows are not, the first "
            f"{frame.index[bad.argmax()]!r}: leave those rows out"
        )


def sizes(frame: pd.DataFrame) -> None:
    """Refuse sizes of pictures (index: image; width and height in pixels) that are no whole numbers from 1 up.

    Raises
    ------
    TypeError, ValueError
    """
    name = "annotations.sizes"
    by_picture(frame, name=name)
    table(frame, name=name, numbers=SIZES)
    finite(frame, SIZES, name=name)
    values = frame[list(SIZES)].to_numpy(float)
    if not ((values >= 1) & (values == np.floor(values))).all():
        raise ValueError(f"{name}: width and height are whole numbers of pixels, 1 or more; got {values.min():g}")


def sizes_of(images: Iterable[str], sizes: pd.DataFrame, *, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Width and height of the picture of each row: float n and float n.

    Raises
    ------
    ValueError
        For pictures whose size is not known.
    """
    ids = pd.Index(images)
    rows = sizes.index.get_indexer(ids)
    if (rows < 0).any():
        unknown = ids[rows < 0].unique()
        raise ValueError(
            f"{name} needs the size of each of its pictures; {len(unknown)} are not in annotations.sizes, e.g. "
            f"{unknown[0]!r}"
        )
    values = sizes[list(SIZES)].to_numpy(float)[rows]
    return values[:, 0], values[:, 1]
