"""Where the files of a page go: beside the book, or into the page itself."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

from neuroattr.assets import write_whole

TYPES = {
    ".png": "image/png",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
}
STATIC = Path("book", "generated", "static")  # what the book serves as _static; made anew, never committed


class Shelf:
    """Takes bytes and gives the address under which the page finds them.

    Parameters
    ----------
    chapter : str
        ``"discovery/04_1_divergence"``.
    root : Path or None
        The repository: files lie under ``book/generated/static/figures/<chapter>`` and addresses are relative to the
        page. None: addresses are data URIs, because a live notebook serves no files of its own.

    Notes
    -----
    The digest of the content is part of a file's name. A run that fails halfway therefore leaves the files of the
    earlier page untouched, and a reader's browser never shows an old picture from its cache.
    """

    def __init__(self, chapter: str, root: Path | None):
        self.chapter, self.root = chapter, root
        self.files: list[str] = []  # written, relative to STATIC

    @staticmethod
    def stem(name: str) -> str:
        """What a file's name begins with, before the digest."""
        return (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "file")[:60]

    def put(self, name: str, content: bytes, suffix: str) -> str:
        """Address of a new file that holds ``content``."""
        if suffix not in TYPES:
            raise ValueError(f"a page's files end in one of {sorted(TYPES)}, got {suffix!r}")
        if self.root is None:
            return f"data:{TYPES[suffix]};base64,{base64.b64encode(content).decode()}"
        digest = hashlib.sha256(content).hexdigest()[:10]
        place = f"figures/{self.chapter}/{self.stem(name)}-{digest}{suffix}"
        target = self.root / STATIC / place
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            with write_whole(target) as part:
                part.write_bytes(content)
        self.files.append(place)
        up = "../" * (self.chapter.count("/") + 1)
        return f"{up}_static/{place}"
