"""Object boxes: one a picture, in pixels, and the windows of whole pixels that pictures are cropped to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from . import schemas

NAME = "annotations.boxes"
COLUMNS = ("x", "y", "width", "height")
WINDOW = ("left", "top", "width", "height")
SLACK = 1e-6  # pixels by which a sum of two rounded numbers may pass the border


def check(boxes: pd.DataFrame, sizes: pd.DataFrame | None = None) -> None:
    """Refuse a table that is none of object boxes.

    Parameters
    ----------
    boxes
        Index: image. Columns x, y (the left upper corner; the picture begins at 0, 0), width and height, in pixels.
    sizes
        Width and height of each picture; None where they are not known.

    Raises
    ------
    TypeError, ValueError
        For columns that are missing or hold no numbers, NaN, boxes without area, more than one of a picture, and boxes
        that leave their picture, of which `fitted` makes boxes that do not.
    """
    schemas.by_picture(boxes, name=NAME)
    schemas.table(boxes, name=NAME, numbers=COLUMNS)
    schemas.finite(boxes, COLUMNS, name=NAME)
    x, y, width, height = boxes[list(COLUMNS)].to_numpy(float).T
    flat = ~((width > 0) & (height > 0))
    if flat.any():
        raise ValueError(
            f"{NAME}: a box has a width and a height above 0; {int(flat.sum())} have not, e.g. that of "
            f"{boxes.index[flat.argmax()]!r}: leave them out"
        )
    if sizes is None:
        return
    wide, high = schemas.sizes_of(boxes.index, sizes, name=NAME)
    outside = (x < -SLACK) | (y < -SLACK) | (x + width > wide + SLACK) | (y + height > high + SLACK)
    if outside.any():
        raise ValueError(
            f"{NAME}: a box lies in its picture; {int(outside.sum())} leave it, e.g. that of "
            f"{boxes.index[outside.argmax()]!r}: clip them with boxes.fitted(boxes, sizes)"
        )


def fitted(boxes: pd.DataFrame, sizes: pd.DataFrame) -> tuple[pd.DataFrame, schemas.Report]:
    """The boxes clipped to their pictures, without those that lie wholly outside, and a report of both.

    Returns
    -------
    boxes, report
        "boxes that left their picture, clipped": largest number of pixels outside on one side, by id; "boxes outside
        their picture, left out": ids.
    """
    check(boxes)
    wide, high = schemas.sizes_of(boxes.index, sizes, name=NAME)
    x, y, width, height = boxes[list(COLUMNS)].to_numpy(float).T
    left, top, right, bottom = x.clip(0, wide), y.clip(0, high), (x + width).clip(0, wide), (y + height).clip(0, high)
    beyond = np.max([-x, -y, x + width - wide, y + height - high], axis=0)
    out = (right <= left) | (bottom <= top)
    clipped = (beyond > SLACK) & ~out
    values = np.stack([left, top, right - left, bottom - top], axis=1)
    values[~clipped] = boxes[list(COLUMNS)].to_numpy(float)[~clipped]  # those inside stay as they are, bit for bit
    inside = pd.DataFrame(values, boxes.index, list(COLUMNS))[~out]
    report: schemas.Report = {}
    if clipped.any():
        pixels = beyond[clipped].round(2).tolist()
        report["boxes that left their picture, clipped"] = dict(zip(boxes.index[clipped], pixels, strict=True))
    if out.any():
        report["boxes outside their picture, left out"] = boxes.index[out].tolist()
    return inside, report


def windows(boxes: pd.DataFrame, *, margin: float, square: bool) -> pd.DataFrame:
    """The smallest windows of whole pixels around the boxes, which may reach over the border of the picture.

    Parameters
    ----------
    margin
        What is added on each side, as a share of the box's width (left and right) or height (top and bottom).
    square
        Extend the shorter side around the middle until both are equal; of an odd rest, the pixel goes to the right
        or below.

    Returns
    -------
    DataFrame of int, index: image; columns left, top (of the first pixel inside), width, height.

    Raises
    ------
    ValueError
        For a margin below 0, or that is no number.
    """
    if not 0 <= margin < np.inf:
        raise ValueError(f"margin is the share of a box's side to add on each side, 0 or more; got {margin}")
    x, y, width, height = boxes[list(COLUMNS)].to_numpy(float).T
    left, top = _down(x - margin * width), _down(y - margin * height)
    right, bottom = -_down(-(x + width + margin * width)), -_down(-(y + height + margin * height))
    wide, high = right - left, bottom - top
    if square:
        side = np.maximum(wide, high)
        left, top, wide, high = left - (side - wide) // 2, top - (side - high) // 2, side, side
    return pd.DataFrame(np.stack([left, top, wide, high], axis=1), boxes.index, list(WINDOW))


def moved(boxes: pd.DataFrame, window: pd.DataFrame) -> pd.DataFrame:
    """The boxes in the coordinates of the windows, within which they lie but for what rounding leaves."""
    left, top, wide, high = window.loc[boxes.index, list(WINDOW)].to_numpy(float).T
    x, y, width, height = boxes[list(COLUMNS)].to_numpy(float).T
    start, above = (x - left).clip(0, wide), (y - top).clip(0, high)
    end, below = (x - left + width).clip(0, wide), (y - top + height).clip(0, high)
    return pd.DataFrame(np.stack([start, above, end - start, below - above], axis=1), boxes.index, list(COLUMNS))


def _down(values: np.ndarray) -> np.ndarray:
    """The whole number below; what lies a rounding error under one counts as that one."""
    return np.floor(values + SLACK).astype(np.int64)
