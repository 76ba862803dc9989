"""What is wrong with a picture, in words that can be printed and stored."""

from __future__ import annotations


class ImageFault(ValueError):
    """A picture that cannot be used; ``kind`` is "missing image", "corrupt image" or "huge image"."""

    def __init__(self, kind: str, message: object) -> None:
        message = printable(message)
        super().__init__(f"{kind}: {message}")
        self.kind = kind
        self.detail = message

    def __reduce__(self) -> tuple[type[ImageFault], tuple[str, str]]:
        # Two arguments, so that worker processes can hand it back.
        return type(self), (self.kind, self.detail)


def printable(text: object) -> str:
    r"""Text that can be printed and stored: bytes of a file's name that are no UTF-8 as ``\xe9``, zero bytes as ``\0``.

    >>> printable("caf\udce9.jpg")
    'caf\\xe9.jpg'
    """
    try:
        written = str(text).encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # half a character, which no file name gives
        written = str(text).encode("utf-8", "backslashreplace")
    return written.decode("utf-8", "backslashreplace").replace("\0", "\\0")
