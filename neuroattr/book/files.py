"""The files of a page: beside the book, or inside the page itself."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from neuroattr.assets import write_whole
from neuroattr.corpus import delimited

TYPES = {
    ".png": "image/png",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
    ".csv": "text/csv",
    ".html": "text/html",
    ".json": "application/json",
}
STATIC = Path("book", "generated", "static")  # what the book serves as _static; made anew, never committed


class PublishedFiles:
    """Takes bytes and gives the address under which the page finds them.

    Parameters
    ----------
    chapter : str
        ``"discovery/04_1_divergence"``.
    root : Path or None
        The repository: files lie under ``book/generated/static/figures/<chapter>`` and addresses are relative to the
        page. None: addresses are data URIs, because a live notebook serves no files of its own.

    Attributes
    ----------
    paths : list of str
        Files that the page shows, relative to `STATIC`.

    Notes
    -----
    The digest of the content is part of a file's name. A run that fails halfway therefore leaves the files of the
    earlier page untouched, and a reader's browser never shows an old picture from its cache.
    """

    def __init__(self, chapter: str, root: Path | None) -> None:
        self.chapter, self.root = chapter, root
        self.paths: list[str] = []

    def put(self, name: str, content: bytes, suffix: str) -> str:
        """Address of a new file that holds ``content``."""
        if suffix not in TYPES:
            raise ValueError(f"a page's files end in one of {sorted(TYPES)}, got {suffix!r}")
        if self.root is None:
            return f"data:{TYPES[suffix]};base64,{base64.b64encode(content).decode()}"
        digest = hashlib.sha256(content).hexdigest()[:10]
        path = f"figures/{self.chapter}/{stem(name)}-{digest}{suffix}"
        target = self.root / STATIC / path
        if not target.exists():
            with write_whole(target) as part:
                part.write_bytes(content)
        return self.show(path)

    def show(self, path: str) -> str:
        """Address of a file that is there, relative to `STATIC`; the page shows it from now on."""
        self.paths.append(path)
        return f"{'../' * (self.chapter.count('/') + 1)}_static/{path}"


def stem(name: str) -> str:
    """What a file's name begins with, before the digest."""
    return (re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "file")[:60]


def csv(data: Any) -> bytes:
    """A DataFrame, Series, DataArray or dict of columns as CSV; a plain count of rows is left out.

    Notes
    -----
    No spreadsheet takes a word of somebody's texts for a formula.
    """
    if hasattr(data, "to_dataframe"):  # xarray
        data = data.to_dataframe(name=data.name or "value").reset_index()
    if isinstance(data, pd.Series):
        data = data.to_frame()
    frame = pd.DataFrame(data) if isinstance(data, Mapping) else data
    cells = frame.map(_escaped)
    cells.index = frame.index.map(_escaped)
    text: str = cells.to_csv(index=not isinstance(frame.index, pd.RangeIndex), lineterminator="\n")
    return text.encode()


def _escaped(cell: Any) -> Any:
    """A cell, or the cells of a row's name."""
    if isinstance(cell, tuple):
        return tuple(map(_escaped, cell))
    return delimited.escaped(cell) if isinstance(cell, str) else cell
