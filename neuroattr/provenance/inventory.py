"""What the cache holds: kept results by kind, from what they were made, how large they are, and who can use them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from neuroattr.assets import cache_folder
from neuroattr.provenance.kept import MARK, RECORD, read_json
from neuroattr.provenance.origin import unchanged


@dataclass(frozen=True)
class Entry:
    """One folder of kept results.

    Attributes
    ----------
    path, size
        Folder, and bytes in it.
    record
        What it was made from; empty where that cannot be read.
    state
        "whole", "begun", or "unreadable".
    usable
        Whether the present code would read it.
    """

    path: Path
    size: int
    record: dict[str, Any]
    state: str
    usable: bool

    @property
    def kind(self) -> str:
        """Kind of the result: the folder that it lies in."""
        return self.path.parent.name

    @property
    def facts(self) -> str:
        """What the result was made from besides code, each entry cut to what fits on a line."""
        return ", ".join(
            f"{name} {_short(value)}" for name, value in self.record.items() if name not in {"kind", "code"}
        )

    def __str__(self) -> str:
        ending = "" if self.usable else "; no current code can use it"
        return f"{self.kind}/{self.path.name} ({self.state}, {size_text(self.size)}{ending}): {self.facts}"


def entries() -> list[Entry]:
    """Everything that the cache keeps with a record, largest first; nothing of assets, which have their own command."""
    folders = {path.parent for name in (MARK, RECORD) for path in cache_folder().glob(f"*/*/{name}")}
    return sorted(map(_entry, folders), key=lambda entry: (-entry.size, entry.path))


def clear(*, kind: str | None = None, everything: bool = False) -> list[Entry]:
    """Remove what no current code can use, or `everything`, of all kinds or of one; what was removed.

    Notes
    -----
    What a running process holds the lock of stays.
    """
    removed = []
    for entry in entries():
        if (everything or not entry.usable) and kind in {None, entry.kind}:
            try:
                with FileLock(entry.path.with_name(f"{entry.path.name}.lock"), timeout=0):
                    shutil.rmtree(entry.path)
            except Timeout:
                continue
            entry.path.with_name(f"{entry.path.name}.lock").unlink(missing_ok=True)
            removed.append(entry)
    return removed


def size_text(size: float) -> str:
    """A number of bytes as people write it: "12.5 MB"."""
    for unit in ("bytes", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} bytes" if unit == "bytes" else f"{size:.1f} {unit}"
        size /= 1000
    return f"{size:.1f} GB"


def _entry(folder: Path) -> Entry:
    mark, begun = read_json(folder / MARK), read_json(folder / RECORD)
    record = mark.get("record") if isinstance(mark, dict) else begun
    state = "whole" if isinstance(mark, dict) else "begun" if isinstance(begun, dict) else "unreadable"
    record = record if isinstance(record, dict) else {}
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    return Entry(folder, size, record, state, unchanged(record.get("code") or {}))


def _short(value: object) -> str:
    text = str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
