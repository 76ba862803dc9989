"""Part points: where each part of the object in a picture is, and whether it can be seen."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import schemas

NAME = "annotations.points"
COLUMNS = ("image", "part", "x", "y", "visible")


def check(points: pd.DataFrame, sizes: pd.DataFrame | None = None) -> None:
    """Refuse a table that is none of part points.

    Parameters
    ----------
    points
        One row a part of a picture: image, part, x, y (pixels; the picture begins at 0, 0, and its first pixel has its
        centre at .5, .5), visible (bool). Where a part is not visible, x and y mean nothing.
    sizes
        Width and height of each picture; None where they are not known.

    Raises
    ------
    TypeError, ValueError
        For columns that are missing or hold something else, a part that is there twice in a picture, and visible points
        that are NaN or lie outside their picture, which `fitted` takes for invisible ones.
    """
    schemas.table(points, name=NAME, strings=("image", "part"), numbers=("x", "y"))
    if "visible" not in points:
        raise ValueError(f"{NAME} has the columns {', '.join(COLUMNS)}; missing: visible")
    if points["visible"].dtype != bool:
        raise TypeError(f"{NAME}: visible is True or False; got {points['visible'].dtype}: use astype(bool)")
    twice = points.duplicated(["image", "part"]).to_numpy()
    if twice.any():
        raise ValueError(
            f"{NAME}: a part has one point in a picture; {_named(points, twice)} has more: name left and right apart"
        )
    shown = points["visible"].to_numpy()
    lost = shown & ~np.isfinite(points[["x", "y"]].to_numpy(float)).all(axis=1)
    if lost.any():
        raise ValueError(
            f"{NAME}: a visible point has an x and a y; {int(lost.sum())} have not, e.g. {_named(points, lost)}: "
            f"say visible=False"
        )
    if sizes is not None and (outside := _outside(points, sizes)).any():
        raise ValueError(
            f"{NAME}: a visible point lies in its picture; {int(outside.sum())} do not, e.g. "
            f"{_named(points, outside)}: make them invisible with points.fitted(points, sizes)"
        )


def fitted(points: pd.DataFrame, sizes: pd.DataFrame) -> tuple[pd.DataFrame, schemas.Report]:
    """The points with those outside their pictures made invisible, and a report.

    Returns
    -------
    points
        With x and y missing (NaN) wherever a part is not visible.
    report
        "part points outside their picture, made invisible": how many of each part; "parts visible in no picture".
    """
    check(points)
    outside = _outside(points, sizes)
    shown = points["visible"].to_numpy() & ~outside
    places = np.where(shown[:, None], points[["x", "y"]].to_numpy(float), np.nan)
    found = points.assign(x=places[:, 0], y=places[:, 1], visible=shown)
    report: schemas.Report = {}
    if outside.any():
        counts = points["part"][outside].value_counts().sort_index()
        report["part points outside their picture, made invisible"] = {part: int(n) for part, n in counts.items()}
    if missing := invisible(found):
        report["parts visible in no picture"] = missing
    return found, report


def invisible(points: pd.DataFrame) -> list[str]:
    """Parts that can be seen in no picture."""
    seen = points.groupby("part", sort=True)["visible"].any()
    return list(seen.index[~seen])


def moved(points: pd.DataFrame, window: pd.DataFrame) -> pd.DataFrame:
    """The points in the coordinates of the windows, whether they lie inside or not."""
    corner = window[["left", "top"]].to_numpy(float)[window.index.get_indexer(points["image"])]
    places = points[["x", "y"]].to_numpy(float) - corner
    return points.assign(x=places[:, 0], y=places[:, 1])


def _outside(points: pd.DataFrame, sizes: pd.DataFrame) -> np.ndarray:
    """Which rows are visible points outside the pixels of their picture."""
    wide, high = schemas.sizes_of(points["image"], sizes, name=NAME)
    x, y = points["x"].to_numpy(float), points["y"].to_numpy(float)
    outside: np.ndarray = points["visible"].to_numpy() & ~((x >= 0) & (x < wide) & (y >= 0) & (y < high))
    return outside


def _named(points: pd.DataFrame, rows: np.ndarray) -> str:
    row = points.iloc[int(rows.argmax())]
    return f"{row['part']!r} of {row['image']!r}"
