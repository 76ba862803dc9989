"""Part polygons: outlines of the parts of a picture, and the masks of pixels that they enclose."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from jaxtyping import Bool

from . import schemas

NAME = "annotations.polygons"
COLUMNS = ("image", "part", "instance", "coordinates")


def checked(polygons: pd.DataFrame, sizes: pd.DataFrame) -> pd.DataFrame:
    """The polygons, the coordinates of each as an array; a table that is none of polygons is refused.

    Parameters
    ----------
    polygons
        One row a polygon: image, part, instance (a whole number; polygons of one instance of a part, which something
        hides in the middle, have the same), coordinates (x0, y0, x1, y1, ... of three or more corners, in pixels; the
        picture begins at 0, 0). A polygon may leave its picture, but not lie outside.
    sizes
        Width and height of each picture.

    Raises
    ------
    TypeError, ValueError
        For columns that are missing or hold something else, polygons with fewer than three corners or a single number
        too much, with NaN, and those outside their picture, which `fitted` leaves out.
    """
    schemas.table(polygons, name=NAME, strings=("image", "part"), numbers=("instance",))
    if "coordinates" not in polygons:
        raise ValueError(f"{NAME} has the columns {', '.join(COLUMNS)}; missing: coordinates")
    polygons = polygons.assign(coordinates=_arrays(polygons["coordinates"]))
    outside = _outside(polygons, sizes)
    if outside.any():
        row = polygons.iloc[int(outside.argmax())]
        raise ValueError(
            f"{NAME}: a polygon lies in its picture; {int(outside.sum())} lie outside, e.g. one of {row['part']!r} of "
            f"{row['image']!r}: leave them out with polygons.fitted(polygons, sizes)"
        )
    return polygons


def fitted(polygons: pd.DataFrame, sizes: pd.DataFrame) -> tuple[pd.DataFrame, schemas.Report]:
    """The polygons without those that lie outside their pictures, and a report of how many of each part that were."""
    polygons = polygons.assign(coordinates=_arrays(polygons["coordinates"]))
    outside = _outside(polygons, sizes)
    counts = polygons["part"][outside].value_counts().sort_index()
    named = {part: int(n) for part, n in counts.items()}
    return polygons[~outside], {"polygons outside their picture, left out": named} if named else {}


def moved(polygons: pd.DataFrame, window: pd.DataFrame) -> pd.DataFrame:
    """The polygons in the coordinates of the windows, whether they lie inside or not."""
    corners = window[["left", "top"]].to_numpy(float)[window.index.get_indexer(polygons["image"])]
    each = [xy - np.tile(corner, len(xy) // 2) for xy, corner in zip(polygons["coordinates"], corners, strict=True)]
    return polygons.assign(coordinates=pd.Series(each, polygons.index, dtype=object))


def mask(rings: Iterable[np.ndarray], *, width: int, height: int) -> Bool[np.ndarray, "H W"]:
    """Pixels whose centre lies in one of the polygons.

    Parameters
    ----------
    rings
        Coordinates (x0, y0, x1, y1, ...) of each, in pixels; what lies beyond the picture is cut off.

    Notes
    -----
    A point is inside if a ray from it crosses the outline an odd number of times. Centres on a left or an upper edge
    are inside, those on a right or a lower edge are not, so that polygons which share an edge share no pixel.
    """
    found = np.zeros((height, width), bool)
    for ring in rings:
        found |= _inside(np.asarray(ring, float).reshape(-1, 2), width, height)
    return found


def masks(polygons: pd.DataFrame, *, width: int, height: int) -> dict[str, np.ndarray]:
    """Part -> bool H x W of the polygons of one picture, all instances together; parts without a pixel are left out."""
    grouped = polygons.groupby("part", sort=True)["coordinates"]
    found = {str(part): mask(rings, width=width, height=height) for part, rings in grouped}
    return {part: pixels for part, pixels in found.items() if pixels.any()}


def _inside(corners: np.ndarray, width: int, height: int) -> np.ndarray:
    """Line by line: after each crossing of the outline the inside becomes the outside, and the other way round."""
    left, top = np.clip(np.floor(corners.min(axis=0)), 0, (width, height)).astype(np.int64)
    right, bottom = np.clip(np.ceil(corners.max(axis=0)), 0, (width, height)).astype(np.int64)
    (x0, y0), (x1, y1) = corners.T, np.roll(corners, -1, axis=0).T
    lines = np.arange(top, bottom)[:, None] + 0.5
    row, edge = np.nonzero((y0 <= lines) != (y1 <= lines))  # an edge owns its upper end and not its lower
    x = x0[edge] + (lines[row, 0] - y0[edge]) * (x1 - x0)[edge] / (y1 - y0)[edge]
    column = np.clip(np.ceil(x - 0.5), left, right).astype(np.int64) - left  # the first centre that is not left of it
    turns = np.zeros((bottom - top, right - left + 1), np.int64)
    np.add.at(turns, (row, column), 1)
    found = np.zeros((height, width), bool)
    found[top:bottom, left:right] = np.cumsum(turns, axis=1)[:, :-1] % 2 == 1
    return found


def _outside(polygons: pd.DataFrame, sizes: pd.DataFrame) -> np.ndarray:
    """Which polygons have no point of their bounding box inside their picture."""
    wide, high = schemas.sizes_of(polygons["image"], sizes, name=NAME)
    if not len(polygons):
        return np.zeros(0, bool)
    starts = np.r_[0, np.cumsum(polygons["coordinates"].map(len))[:-1]] // 2
    corners = np.concatenate(list(polygons["coordinates"])).reshape(-1, 2)
    (left, top), (right, bottom) = np.minimum.reduceat(corners, starts).T, np.maximum.reduceat(corners, starts).T
    return np.asarray((right <= 0) | (bottom <= 0) | (left >= wide) | (top >= high))


def _arrays(coordinates: pd.Series) -> pd.Series:
    """Each polygon's coordinates as an array of float; refuses what is no polygon."""
    arrays = [np.asarray(xy, float) for xy in coordinates]
    for name, xy in zip(coordinates.index, arrays, strict=True):
        if xy.ndim != 1 or len(xy) < 6 or len(xy) % 2:
            raise ValueError(
                f"{NAME}: a polygon is x0, y0, x1, y1, ... of three or more corners; row {name!r} has shape {xy.shape}"
            )
        if not np.isfinite(xy).all():
            raise ValueError(f"{NAME}: coordinates must be finite; row {name!r} has others: leave that polygon out")
    return pd.Series(arrays, coordinates.index, dtype=object)
