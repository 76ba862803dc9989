"""Where a corpus's pictures come from (files in a folder, rows of a data set), and the one way in for any picture."""

import functools
import hashlib
import io
import os
import stat
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol, TypeVar

import numpy as np
from PIL import Image, UnidentifiedImageError

from . import bit_depth
from .faults import ImageFault

MAX_PIXELS = 89_478_485  # Pillow's own limit against decompression bombs (a quarter of a gigabyte as RGB)
MAX_BYTES = 8 * MAX_PIXELS  # of a file: four channels of 16 bits, not compressed
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "DIB", "TIFF", "AVIF", "JPEG2000", "PPM")  # none runs a program
ORIENTATION = 0x0112  # tag of EXIF
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
Value = TypeVar("Value")
_DECODING = threading.Lock()  # of pictures that were opened elsewhere, which threads may share


class Source(Protocol):
    """Opens pictures by their ids: path of the file, if one holds it; the picture, RGB; sha256, hexadecimal."""

    def path(self, id: str) -> Path | None: ...

    def image(self, id: str) -> Image.Image: ...

    def digest(self, id: str) -> str: ...


@dataclass(frozen=True)
class ImageSource:
    """Pictures as files below a folder, by id.

    Parameters
    ----------
    root
        The folder.
    files
        Path of each picture relative to ``root`` (or absolute), by id.
    """

    root: Path
    files: Mapping[str, str] = field(repr=False)

    def path(self, id: str) -> Path:
        """Path of the file of picture ``id``, whether it is there or not."""
        return Path(self.root) / of_id(self.files, id)

    def image(self, id: str) -> Image.Image:
        """The picture ``id``, RGB, upright, transparent parts on white.

        Raises
        ------
        ImageFault
            If the file is missing, cannot be decoded, or has more than ``MAX_PIXELS`` pixels.
        """
        return opened(self.path(id))

    def digest(self, id: str) -> str:
        """sha256 of the bytes of picture ``id``, hexadecimal."""
        return hashlib.sha256(contents(self.path(id))).hexdigest()


@dataclass(frozen=True)
class RowSource:
    """Pictures as a column of a data set (Hugging Face ``datasets``, or a list of dicts).

    A cell may hold whatever ``opened`` takes, encoded or decoded.
    """

    rows: Any = field(repr=False)  # rows[position][column]
    column: str
    positions: Mapping[str, int] = field(repr=False)

    def path(self, id: str) -> None:
        """None: a row has no file."""
        return None

    def image(self, id: str) -> Image.Image:
        """The picture ``id``, RGB, upright, transparent parts on white; raises ImageFault like ImageSource."""
        return self._opened(self._value(id), id)

    def digest(self, id: str) -> str:
        """sha256 of the stored bytes of picture ``id``, or of its pixels where the row holds a decoded picture."""
        value = self._value(id)
        if isinstance(value, Path):
            value = contents(value)
        elif not isinstance(value, bytes):
            picture = self._opened(value, id)
            value = repr((picture.mode, picture.size)).encode() + picture.tobytes()
        return hashlib.sha256(value).hexdigest()

    def _opened(self, value: object, id: str) -> Image.Image:
        name = f"row {self.positions[id]}"
        try:
            return opened(value, name=name)
        except TypeError as error:  # an array of other numbers
            raise ImageFault("corrupt image", f"{name}: {error}") from None

    def _value(self, id: str) -> bytes | Path | Image.Image | np.ndarray:
        """What the row holds: bytes, a path, a decoded picture or an array."""
        position = of_id(self.positions, id)
        try:
            value = stored(self.rows[position][self.column])
        except Exception as error:  # a data set decodes as it is read, and raises what its decoders raise
            raise ImageFault("corrupt image", f"row {position} cannot be read: {_said(error)}") from None
        if not isinstance(value, bytes | Path | Image.Image | np.ndarray):
            raise ImageFault("missing image", f"row {position} holds {type(value).__name__}, not a picture")
        return value


def opened(picture: object, *, name: str | None = None) -> Image.Image:
    """Any picture as networks see it: RGB, upright, 8 bits a channel, transparent parts on white; always a new one.

    Parameters
    ----------
    picture
        A path, encoded bytes, a Pillow picture, an array (H x W x 3 of uint8; also grey, with opaqueness, of uint16 or
        bool), or a dict with ``bytes`` or ``path`` as data sets store pictures.
    name
        What messages call it.

    Raises
    ------
    ImageFault
        A picture that is missing, cannot be decoded, has no pixels or more than ``MAX_PIXELS``, or numbers whose range
        cannot be known.
    TypeError
        Something that is no picture.
    """
    picture = stored(picture)
    if isinstance(picture, Path):
        return decode(contents(picture), name=name or str(picture))
    if isinstance(picture, bytes):
        return decode(picture, name=name or "the picture")
    if isinstance(picture, np.ndarray):
        picture = bit_depth.array_picture(picture)
    if not isinstance(picture, Image.Image):
        raise TypeError(f"a picture is a path, a Pillow image or an array; got {type(picture).__name__}")
    with _faults(name or "the picture"):
        with _DECODING:
            _load(picture, name or "the picture")
        return _upright_rgb(picture)


def decode(data: bytes, *, name: str, small: bool = False) -> Image.Image:
    """The picture in ``data`` (encoded bytes), RGB and upright; ``small`` decodes a JPEG at an eighth of its size.

    Raises
    ------
    ImageFault
        If it is in none of ``FORMATS``, cannot be decoded, or has more than ``MAX_PIXELS`` pixels (looked up before
        decoding).
    """
    with _faults(name):
        if not data:
            raise ImageFault("corrupt image", f"{name} is empty")
        try:
            image = Image.open(io.BytesIO(data), formats=_formats())
        except UnidentifiedImageError:
            raise ImageFault("corrupt image", f"{name}: {_unidentified(data)}") from None
        _check_size(image.size, name)
        if small:  # all coefficients are still read, so a truncated file is still found
            image.draft("RGB", (1, 1))
        _load(image, name)
        return _upright_rgb(image)


def contents(path: str | Path) -> bytes:
    """The bytes of a file.

    Raises
    ------
    ImageFault
        If it cannot be read, is no regular file (a pipe would wait for ever), or has more than ``MAX_BYTES`` bytes.
    """
    try:
        status = Path(path).stat()
        if not stat.S_ISREG(status.st_mode):
            kind = "a folder" if stat.S_ISDIR(status.st_mode) else "a pipe or device"
            raise ImageFault("missing image", f"{path} is {kind}, not a file")
        if status.st_size > MAX_BYTES:
            raise ImageFault("huge image", f"{path} has {status.st_size:,} bytes, more than {MAX_BYTES:,}")
        return Path(path).read_bytes()
    except OSError as error:
        raise ImageFault("missing image", f"{path} cannot be read ({type(error).__name__})") from None
    except ValueError as error:  # a path that no file system takes
        if isinstance(error, ImageFault):
            raise
        raise ImageFault("missing image", f"{path} cannot be read ({_said(error)})") from None


def stored(picture: Any) -> Any:
    """What holds a picture, without its wrapping: ``bytes``, a ``Path``, or as it came."""
    if isinstance(picture, Mapping) and {"bytes", "path"} & picture.keys():  # Hugging Face's Image(decode=False)
        picture = picture.get("path") if picture.get("bytes") is None else picture["bytes"]
    if isinstance(picture, bytearray | memoryview):
        return bytes(picture)
    return Path(picture) if isinstance(picture, str | os.PathLike) else picture


def of_id(known: Mapping[str, Value], id: str) -> Value:
    """What is known of the picture ``id``; a KeyError says what ids are."""
    try:
        return known[id]
    except KeyError:
        raise KeyError(f"no picture has the id {id!r}; ids are the index of the corpus table") from None


@contextmanager
def _faults(name: str) -> Iterator[None]:
    """Whatever a decoder raises is the fault of the picture."""
    try:
        yield
    except ImageFault:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageFault("huge image", f"{name}: {error}") from None
    except MemoryError:
        raise ImageFault("huge image", f"{name} needs more memory than there is; scale it down") from None
    except Exception as error:
        raise ImageFault("corrupt image", f"{name}: {_said(error)}") from None


def _said(error: BaseException) -> str:
    """Words of an error, with its type where they alone would not be understood."""
    if isinstance(error, OSError | SyntaxError | ValueError) and str(error):
        return str(error)
    return f"{type(error).__name__}: {error}".removesuffix(": ")


@functools.cache
def _formats() -> tuple[str, ...]:
    """Those of ``FORMATS`` that this Pillow knows; it raises for others."""
    Image.init()
    return tuple(name for name in FORMATS if name in Image.OPEN)


def _unidentified(data: bytes) -> str:
    """What is wrong with bytes that were not opened; formats are told by their first bytes, nothing is decoded."""
    for name, (_, accept) in Image.OPEN.items():
        with suppress(Exception):
            if accept and accept(data[:16]) is True:
                what = "but is damaged" if name in FORMATS else f"which is not opened; {_remedy()}"
                return f"it begins like {name}, {what}"
    return "not a picture format that Pillow reads"


def _remedy() -> str:
    return f"save it as one of {', '.join(_formats())}"


def _check_size(size: tuple[int, int], name: str) -> None:
    width, height = size
    if width * height > MAX_PIXELS:
        raise ImageFault("huge image", f"{name} has {width} x {height} pixels, more than {MAX_PIXELS:,}; scale it down")
    if not width * height:
        raise ImageFault("corrupt image", f"{name} has {width} x {height} pixels: none")


def _load(image: Image.Image, name: str) -> None:
    _check_size(image.size, name)
    if getattr(image, "tile", ()) and image.format not in (*FORMATS, "MPO"):  # to be decoded yet; MPO: several JPEGs
        raise ImageFault("corrupt image", f"{name}: {image.format}, which is not opened; {_remedy()}")
    image.load()


def _upright_rgb(image: Image.Image) -> Image.Image:
    turn = image.getexif().get(ORIENTATION)
    profile = image.info.get("icc_profile") if image.mode in {"RGB", "RGBA", "P"} else None
    image = bit_depth.eight_bits(image)
    if image.has_transparency_data:
        image = (image.convert("LA") if image.mode == "La" else image).convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        image = ground
    if turn in TURNS:
        image = image.transpose(TURNS[turn])
    image = image.convert("RGB")
    image.info = {} if profile is None else {"icc_profile": profile}  # what was turned is not turned again
    return image
