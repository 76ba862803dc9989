"""Pictures in figures: strips and grids, each picture whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from PIL import Image

from neuroattr.figures.style import WIDE, styled

Pixels: TypeAlias = npt.NDArray[np.uint8]  # [H, W, 3]
Picture: TypeAlias = Pixels | Image.Image
SIDE = 144  # most pixels of a picture in a strip: an inch at the resolution of the figures


@styled
def image_grid(
    rows: Sequence[Sequence[Picture]], *, titles: Sequence[str] = (), captions: Sequence[Sequence[str]] = ()
) -> Figure:
    """Rows of images, each row with a title on its left and, if given, a caption under each image.

    Parameters
    ----------
    rows : sequences of uint8 [H, W, 3] or PIL images
    titles : one str for each row
    captions : for each row, one str for each image

    Raises
    ------
    ValueError
        If there is no image.
    """
    across = max((len(row) for row in rows), default=0)
    if not across:
        raise ValueError("want at least one image, got none")
    left = 1.1 if titles else 0.0
    side = (WIDE - left) / max(across, 5)
    height = (side + (0.2 if captions else 0.05)) * len(rows)
    figure, panels = bare_rows(titles or [""] * len(rows), across, size=(left + side * across, height))
    for r, row in enumerate(rows):
        for c, picture in enumerate(row):
            panels[r, c].imshow(np.asarray(picture))
            if captions:
                panels[r, c].set_xlabel(captions[r][c], fontsize=7.5)
    return figure


def bare_rows(
    titles: Sequence[str], across: int, *, size: tuple[float, float]
) -> tuple[Figure, npt.NDArray[np.object_]]:
    """A figure, and its axes [len(titles), across] without ticks and frames; each row has its title on the left."""
    figure = Figure(figsize=size)
    panels = figure.subplots(len(titles), across, squeeze=False)
    for cells, title in zip(panels, titles, strict=True):
        for axes in cells:
            bare(axes)
        if title:
            cells[0].set_ylabel(title, rotation=0, ha="right", va="center", fontsize=9)
    return figure, panels


def strip(pictures: Sequence[Picture], across: int, *, width: int) -> Pixels:
    """Pictures side by side on white, each whole within a square; room for ``across``: uint8 [H, width, 3]."""
    gap = 4
    side = min(SIDE, (width + gap) // across - gap)
    sheet = Image.new("RGB", (width, side), "white")
    for place, picture in enumerate(pictures):
        image = picture if isinstance(picture, Image.Image) else Image.fromarray(np.asarray(picture))
        scale = side / max(image.size)
        size = [max(1, round(length * scale)) for length in image.size]
        image = image.convert("RGB").resize(size, Image.Resampling.BILINEAR)
        sheet.paste(image, (place * (side + gap) + (side - image.width) // 2, (side - image.height) // 2))
    return np.asarray(sheet)


def bare(axes: Axes) -> None:
    """Take ticks, grid and frame off the axes of a picture."""
    axes.set(xticks=[], yticks=[])
    axes.grid(False)
    axes.spines[:].set_visible(False)


def tiled(
    pictures: Sequence[Picture], *, across: int, side: int, margin: int = 0,
    resample: Image.Resampling = Image.Resampling.BICUBIC,
) -> Image.Image:  # fmt: skip
    """Pictures in rows of ``across``, each whole within a square of ``side`` pixels on white, a margin around it."""
    down = -(-len(pictures) // across)
    sheet = Image.new("RGB", (across * side, down * side), "white")
    for place, picture in enumerate(pictures):
        small = (picture if isinstance(picture, Image.Image) else Image.fromarray(np.asarray(picture))).convert("RGB")
        small.thumbnail((side - margin, side - margin), resample)
        row, column = divmod(place, across)
        sheet.paste(small, (column * side + (side - small.width) // 2, row * side + (side - small.height) // 2))
    return sheet
