"""Pictures that show the same: found by small copies of them, where texts and bytes differ."""

import numpy as np
from PIL import Image

SIDE = 16  # pixels of the small copies


def thumbnail(image: Image.Image, *, side: int = SIDE) -> np.ndarray:
    """Small copy of a picture without its white margins, float32 D = side * side * 3, in 0..255.

    Notes
    -----
    Shops print one photo with wider and narrower margins, and squashed to a square: the product alone, stretched to a
    square, is what stays the same.
    """
    product = image.crop(_extent(image))
    small = product.convert("RGB").resize((side, side), Image.Resampling.BOX)
    return np.asarray(small, np.float32).ravel()


def alike(thumbnail: np.ndarray, others: np.ndarray, *, distance: float) -> np.ndarray:
    """Which of ``others`` (N x D) differ from ``thumbnail`` (D) by less than ``distance`` levels of 255: bool N.

    Notes
    -----
    Root mean square over pixels and channels.
    """
    others = np.asarray(others, np.float32).reshape(-1, len(thumbnail))
    away: np.ndarray = np.sqrt(np.mean((others - thumbnail) ** 2, axis=1))
    return away < distance


def _extent(image: Image.Image, *, white: int = 244) -> tuple[int, int, int, int]:
    """Left, upper, right and lower border of what is not white; the whole picture where that is nothing."""
    inside = np.asarray(image.convert("L")) < white
    rows, columns = np.flatnonzero(inside.any(axis=1)), np.flatnonzero(inside.any(axis=0))
    if not len(rows):
        return 0, 0, image.width, image.height
    return int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1
