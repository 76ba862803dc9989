"""Pictures with more than 256 levels, brought to 8 bits a pixel by the range of their type."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image

DEEP = ("I", "I;16", "I;16L", "I;16B", "I;16N", "F")  # Pillow's modes of one channel with more than 8 bits
SIXTEEN = ("PNG", "PPM", "JPEG2000")  # formats whose 32-bit mode "I" holds 16 bits
BITS, WHITE, SAMPLES = 258, 262, 339  # tags of TIFF: bits a sample, which end is white, kind of number
UNSIGNED, FLOAT = 1, 3  # kinds of number


def eight_bits(image: Image.Image) -> Image.Image:
    """The same picture in a mode of 8 bits a channel: grey, with transparency where a level was named transparent.

    Parameters
    ----------
    image : a decoded Pillow picture.

    Raises
    ------
    ValueError
        If the range of its numbers cannot be known.

    Notes
    -----
    Pillow's own conversion cuts at 255 (16 bits turn white) and drops fractions (0..1 turns black).
    """
    if image.mode not in DEEP:
        return _eight_bit_key(image)
    values = np.asarray(image)  # H x W
    tags = getattr(image, "tag_v2", {})
    grey = unit_levels(values) if image.mode == "F" else scaled(*_unsigned(image, values, tags))
    if tags.get(WHITE) == 0:  # black on white: Pillow turns this round for 8 bits only
        grey = 255 - grey
    picture, key = Image.fromarray(grey), image.info.get("transparency")
    if isinstance(key, int):
        picture.putalpha(Image.fromarray(np.where(values == key, 0, 255).astype(np.uint8)))
    return picture


def scaled(values: np.ndarray, most: int) -> np.ndarray:
    """Levels 0..``most`` as uint8 0..255, rounded; any shape.

    >>> scaled(np.array([0, 257, 32768, 65535]), 65535)
    array([  0,   1, 128, 255], dtype=uint8)
    """
    levels: np.ndarray = np.rint(np.asarray(values, np.float32) * np.float32(255 / most))
    return levels.astype(np.uint8)


def unit_levels(values: np.ndarray) -> np.ndarray:
    """Fractions 0..1 as uint8 0..255, rounded; any shape.

    Raises
    ------
    ValueError
        For numbers outside of [0, 1], or none.
    """
    low, high = (float(values.min()), float(values.max())) if values.size else (0.0, 0.0)
    if not (low >= 0 and high <= 1):  # NaN fails both
        raise ValueError(
            f"its numbers are floating-point from {low:g} to {high:g}, a range whose black and white cannot be known; "
            "scale them to 0..1, or to whole numbers 0..255 (uint8)"
        )
    return scaled(values, 1)


def array_picture(array: np.ndarray) -> Image.Image:
    """An array as a Pillow picture: H x W, H x W x 1, x 3 or x 4 (the last one opaqueness) of uint8, uint16 or bool.

    Raises
    ------
    TypeError
        For any other; floating-point arrays are in use with 0..1 and with 0..255, so theirs is not guessed.
    """
    channels = array.shape[2] if array.ndim == 3 else 1
    if array.ndim not in (2, 3) or channels not in (1, 3, 4) or array.dtype.name not in ("uint8", "uint16", "bool"):
        raise TypeError(f"an array must be H x W x 3 of uint8 to be a picture; got {array.shape} of {array.dtype}")
    if array.dtype != np.uint8:
        array = scaled(array, 1 if array.dtype == bool else 65535)
    return Image.fromarray(np.ascontiguousarray(array[..., 0] if array.ndim == 3 and channels == 1 else array))


def _unsigned(image: Image.Image, values: np.ndarray, tags: Mapping[int, Any]) -> tuple[np.ndarray, int]:
    """The numbers and the highest that their type can hold."""
    if image.mode != "I":
        return values, (1 << int(tags.get(BITS, (16,))[0])) - 1  # 12 bits in some TIFFs
    if image.format in SIXTEEN:
        return values, 65535
    if image.format == "TIFF" and tags.get(BITS) == (32,) and tags.get(SAMPLES, (UNSIGNED,)) == (UNSIGNED,):
        return values.view(np.uint32), 2**32 - 1
    raise ValueError(
        f"its numbers are signed 32-bit integers from {values.min()} to {values.max()}, of which the range from black "
        "to white cannot be known; save it with 8 or 16 bits"
    )


def _eight_bit_key(image: Image.Image) -> Image.Image:
    """A transparent colour of 16 bits beside pixels that were cut to 8, as Pillow leaves them, cut as well."""
    key = image.info.get("transparency")
    if image.mode == "RGB" and isinstance(key, tuple) and max(key) > 255:
        image = image.copy()
        image.info["transparency"] = tuple(level >> 8 for level in key)
    return image
