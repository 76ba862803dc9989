"""Pictures cropped to their boxes, and their annotations in the coordinates of the crops."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd
from PIL import Image

from . import boxes, points, polygons, schemas
from .annotations import Annotations
from .sources import Source, of_id

Fill = Literal["mean", "edge"]
Window = tuple[int, int, int, int]  # left, top, width, height


@dataclass(frozen=True)
class CroppedSource:
    """Windows of the pictures of another source.

    Parameters
    ----------
    source
        Opens the whole pictures.
    windows
        Left, top, width and height of each picture's window in whole pixels; it may reach over the border.
    fill
        What is put there: "mean", the mean colour of the whole picture, or "edge", the nearest pixel.
    """

    source: Source = field(repr=False)
    windows: Mapping[str, Window] = field(repr=False)
    fill: Fill

    def __post_init__(self) -> None:
        if self.fill not in get_args(Fill):
            raise ValueError(f'fill is "mean" or "edge": what lies beyond the border of a picture; got {self.fill!r}')

    def path(self, id: str) -> None:
        """None: no file holds the crop."""
        return None

    def image(self, id: str) -> Image.Image:
        """The window of picture ``id``, RGB; raises ImageFault like the source."""
        window = of_id(self.windows, id)
        return cropped_picture(self.source.image(id), window, self.fill)

    def digest(self, id: str) -> str:
        """sha256 of the digest of the whole picture, the window and the fill, hexadecimal."""
        numbers = " ".join(map(str, of_id(self.windows, id)))
        return hashlib.sha256(f"{self.source.digest(id)} {numbers} {self.fill}".encode()).hexdigest()


@dataclass(frozen=True)
class CroppedRegions:
    """Masks of the parts of a picture within its window; outside the picture no part is."""

    regions: Callable[[str], dict[str, np.ndarray]] = field(repr=False)
    windows: Mapping[str, Window] = field(repr=False)

    def __call__(self, id: str) -> dict[str, np.ndarray]:
        """Part -> bool H x W."""
        return {part: _windowed(mask, self.windows[id], mode="constant") for part, mask in self.regions(id).items()}


def cropped_picture(picture: Image.Image, window: Window, fill: Fill) -> Image.Image:
    """The window of an RGB picture, with what lies beyond it filled.

    Raises
    ------
    ValueError
        For a window that shows nothing of the picture: sizes or boxes are those of another.
    """
    left, top, width, height = window
    if left >= picture.width or top >= picture.height or left + width <= 0 or top + height <= 0:
        raise ValueError(
            f"a window shows a piece of its picture; {width} x {height} pixels from ({left}, {top}) lie outside "
            f"{picture.width} x {picture.height}: the box is that of another picture"
        )
    if left >= 0 and top >= 0 and left + width <= picture.width and top + height <= picture.height:
        return picture.crop((left, top, left + width, top + height))
    pixels = np.asarray(picture)
    if fill == "edge":
        found = _windowed(pixels, window, mode="edge")
    else:
        mean = np.rint(pixels.mean(axis=(0, 1))).astype(np.uint8)
        inside = _windowed(np.ones(pixels.shape[:2], bool), window, mode="constant")
        found = np.where(inside[..., None], _windowed(pixels, window, mode="constant"), mean)
    made = Image.fromarray(found)
    made.info = dict(picture.info)  # its colour profile
    return made


def windows(annotations: Annotations, ids: Sequence[str], *, margin: float, square: bool) -> pd.DataFrame:
    """The window of each picture, of ``boxes.windows``.

    Raises
    ------
    ValueError
        If pictures have no box, or the margin is none.
    """
    index = pd.Index(ids)
    known = pd.DataFrame() if annotations.boxes is None else annotations.boxes
    without = index[~index.isin(known.index)]
    if len(without):
        raise ValueError(
            f"a crop needs the box of each picture; {len(without)} of {len(index)} have none, e.g. {without[0]!r}: "
            f"give annotations.boxes, or leave these pictures out with corpus.subset"
        )
    return boxes.windows(known.loc[index], margin=margin, square=square)


def cropped(annotations: Annotations, window: pd.DataFrame) -> tuple[Annotations, schemas.Report]:
    """The annotations in the coordinates of the windows, and a report of what lies outside them.

    Returns
    -------
    annotations
        Boxes of objects and of annotators are clipped to the windows (of annotators, those outside are missing, as if
        none were drawn); points outside are invisible; polygons outside are left out.
    report
        As ``points.fitted`` and ``polygons.fitted`` give it.
    """
    sizes = window[["width", "height"]]
    changes: dict[str, Any] = {"sizes": sizes, "boxes": boxes.moved(annotations.boxes, window)}
    report: schemas.Report = {}
    for name, kind in (("points", points), ("polygons", polygons)):
        if (table := getattr(annotations, name)) is not None:
            changes[name], found = kind.fitted(kind.moved(table, window), sizes)
            report |= {said.replace("their picture", "the crop"): value for said, value in found.items()}
    if annotations.drawn_boxes is not None:
        changes["drawn_boxes"] = _drawn(annotations.drawn_boxes, window)
    if annotations.regions is not None:
        changes["regions"] = CroppedRegions(annotations.regions, as_mapping(window))
    return replace(annotations, **changes), report


def as_mapping(window: pd.DataFrame) -> dict[str, Window]:
    """Left, top, width and height of each window by id."""
    return dict(zip(window.index, map(tuple, window[list(boxes.WINDOW)].to_numpy().tolist()), strict=True))


def _drawn(drawn: pd.DataFrame, window: pd.DataFrame) -> pd.DataFrame:
    """What annotators drew, within the windows."""
    left, top, wide, high = window.loc[drawn["image"], list(boxes.WINDOW)].to_numpy(float).T
    columns = {
        "left": (drawn["left"].to_numpy(float) - left).clip(0, wide),
        "top": (drawn["top"].to_numpy(float) - top).clip(0, high),
        "right": (drawn["right"].to_numpy(float) - left).clip(0, wide),
        "bottom": (drawn["bottom"].to_numpy(float) - top).clip(0, high),
    }
    outside = ~((columns["left"] < columns["right"]) & (columns["top"] < columns["bottom"]))
    return drawn.assign(**{name: np.where(outside, np.nan, values) for name, values in columns.items()})


def _windowed(pixels: np.ndarray, window: Window, *, mode: Literal["constant", "edge"]) -> np.ndarray:
    """The window of an array H x W or H x W x 3, padded where it reaches beyond by zeros ("constant") or the edge."""
    left, top, width, height = window
    high, wide = pixels.shape[:2]
    inside = pixels[max(top, 0) : max(top + height, 0), max(left, 0) : max(left + width, 0)]
    rows = (max(-top, 0), max(top + height - high, 0))
    columns = (max(-left, 0), max(left + width - wide, 0))
    return np.asarray(np.pad(inside, [rows, columns, *[(0, 0)] * (pixels.ndim - 2)], mode=mode))
