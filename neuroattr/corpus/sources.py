"""Where a corpus's pictures come from: files in a folder, or rows of a data set that holds decoded pictures."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageOps, UnidentifiedImageError

MAX_PIXELS = 89_478_485  # Pillow's own limit against decompression bombs (a quarter of a gigabyte as RGB)


class ImageFault(ValueError):
    """A picture that cannot be used; ``kind`` is "missing image", "corrupt image" or "huge image"."""

    def __init__(self, kind, message):
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.detail = message

    def __reduce__(self):  # two arguments, so that worker processes can hand it back
        return type(self), (self.kind, self.detail)


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

    def path(self, id):
        """Path of the file of picture ``id``, whether it is there or not."""
        try:
            return Path(self.root) / self.files[id]
        except KeyError:
            raise KeyError(f"no picture has the id {id!r}; ids are the index of the corpus table") from None

    def image(self, id):
        """The picture ``id``, RGB, upright, transparent parts on white.

        Raises
        ------
        ImageFault
            If the file is missing, cannot be decoded, or has more than ``MAX_PIXELS`` pixels.
        """
        return decode(self._bytes(id), name=str(self.path(id)))

    def digest(self, id):
        """sha256 of the bytes of picture ``id``, hexadecimal."""
        return hashlib.sha256(self._bytes(id)).hexdigest()

    def _bytes(self, id):
        path = self.path(id)
        try:
            return path.read_bytes()
        except OSError as error:
            raise ImageFault("missing image", f"{path} cannot be read ({type(error).__name__})") from None


@dataclass(frozen=True)
class RowSource:
    """Pictures as a column of a data set with decoded rows (Hugging Face ``datasets``, or a list of dicts)."""

    rows: object = field(repr=False)
    column: str
    positions: Mapping[str, int] = field(repr=False)

    def path(self, id):
        """None: a row has no file."""
        return None

    def image(self, id):
        """The picture ``id``, RGB, upright, transparent parts on white; raises ImageFault like ImageSource."""
        value = self._value(id)
        if isinstance(value, Image.Image):
            _refuse_huge(value.size, f"row {self.positions[id]}")
            return _upright_rgb(value)
        return decode(value, name=f"row {self.positions[id]}")

    def digest(self, id):
        """sha256 of the stored bytes of picture ``id``, or of its pixels where the row holds a decoded picture."""
        value = self._value(id)
        if isinstance(value, Image.Image):
            value = repr((value.mode, value.size)).encode() + value.tobytes()
        return hashlib.sha256(value).hexdigest()

    def _value(self, id):
        value = self.rows[self.positions[id]][self.column]
        if isinstance(value, dict):  # Hugging Face's Image(decode=False): {"bytes": ..., "path": ...}
            value = value.get("bytes")
        if not isinstance(value, bytes | Image.Image):
            raise ImageFault("missing image", f"row {self.positions[id]} holds {type(value).__name__}, not a picture")
        return value


def decode(data, *, name, small=False):
    """The picture in ``data`` (encoded bytes), RGB and upright; ``small`` decodes a JPEG at an eighth of its size.

    Raises
    ------
    ImageFault
        If it cannot be decoded, or has more than ``MAX_PIXELS`` pixels (looked up before decoding).
    """
    try:
        image = Image.open(io.BytesIO(data))
        _refuse_huge(image.size, name)
        if small:  # all coefficients are still read, so a truncated file is still found
            image.draft("RGB", (1, 1))
        image.load()
        return _upright_rgb(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ImageFault("huge image", f"{name}: {error}") from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        if isinstance(error, ImageFault):
            raise
        said = "not a picture format that Pillow reads" if isinstance(error, UnidentifiedImageError) else str(error)
        raise ImageFault("corrupt image", f"{name}: {said}") from None


def _refuse_huge(size, name):
    width, height = size
    if width * height > MAX_PIXELS:
        raise ImageFault("huge image", f"{name} has {width} x {height} pixels, more than {MAX_PIXELS:,}; scale it down")


def _upright_rgb(image):
    image = ImageOps.exif_transpose(image)
    if image.mode in {"RGBA", "LA", "PA"} or "transparency" in image.info:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        ground.alpha_composite(image)
        image = ground
    return image.convert("RGB")
