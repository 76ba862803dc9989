"""Kept results: each a folder of the cache that is whole, known by everything that made it, or made again.

A `Kind` says what is kept and which function makes it; its records hold the code that this function reaches, the
libraries, and what it was given. A `Kept` is one result: `Kept.made` gives its folder, filled once, whoever asks.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, is_dataclass
from pathlib import Path
from typing import Any

from neuroattr.assets import cache_folder, locked, sha256, write_whole
from neuroattr.provenance import keys
from neuroattr.provenance.origin import Actor, code

MARK = "whole.json"  # written last: the record, and size and SHA-256 of every file
RECORD = "record.json"  # written first: what a folder in the making will be
MEMORY = ".verified"  # sizes and times of files that were read through once
NAMES: dict[str, Kind] = {}
"""All kinds by their names, as far as their modules were imported."""


class DamagedResult(ValueError):
    """A kept file that is not as it was written."""


@dataclass(frozen=True)
class Kind:
    """A kind of kept results.

    Parameters
    ----------
    name
        Folder below the cache: "activations".
    makers
        The functions that make the values. What they reach is in every key.
    """

    name: str
    makers: tuple[Actor, ...]

    def __post_init__(self) -> None:
        NAMES[self.name] = self

    def record(self, *actors: Actor, **facts: Any) -> dict[str, Any]:
        """Everything that decides a result, JSON-able.

        Parameters
        ----------
        actors
            Classes of the objects that the makers are given, whose code decides too.
        facts
            Data by digest, parameters, seeds. The class of a dataclass among them is an actor by itself.
        """
        classes = [type(value) for value in facts.values() if is_dataclass(value)]
        return {"kind": self.name, "code": code(*self.makers, *actors, *classes), **keys.plain(facts)}

    def kept(self, record: Mapping[str, Any]) -> Kept:
        """The result that a record describes, whether it is there or not."""
        return Kept(cache_folder() / self.name / keys.key(record), record)


@dataclass(frozen=True)
class Kept:
    """One result in the cache: a folder.

    Attributes
    ----------
    path
        The folder.
    record
        Everything that it is made from; None to read one whatever it was made from.
    """

    path: Path
    record: Mapping[str, Any] | None = field(repr=False)

    def made(self, make: Callable[[Path], None]) -> Path:
        """The folder, whole: as it was kept, or filled by ``make(folder)`` now.

        Notes
        -----
        Reading takes no lock and writes nothing. A second process that wants the same result waits for the first. What
        a killed ``make`` left is still in the folder when the next one begins, so that it can go on.

        Raises
        ------
        neuroattr.assets.UnwritableFolder
            Where the cache cannot be written; the message names it, and what to do.
        """
        if not self.is_whole():
            with locked(self.path.with_name(f"{self.path.name}.lock")):
                if not self.is_whole(say=False):
                    self._begin()
                    make(self.path)
                    self._seal()
        return self.path

    def is_whole(self, *, say: bool = True) -> bool:
        """Whether the result is there as it was written; `say` in a line of the log what is wrong with it."""
        fault = self.fault()
        if fault and say:
            notice(f"{self.path} is damaged ({fault}): it is made again")
        return fault is None and (self.path / MARK).exists()

    def fault(self) -> str | None:
        """What is wrong with a folder that says it is whole; None where nothing is, or where it does not say so."""
        return _fault(self.path, self.record)

    def _begin(self) -> None:
        """Keep what a killed run of the same key left; throw away what is damaged or of another record."""
        begun, wanted = read_json(self.path / RECORD), _as_json(self.record)
        if (self.path / MARK).exists() or begun != wanted:
            shutil.rmtree(self.path, ignore_errors=True)
            begin(self.path, wanted)

    def _seal(self) -> None:
        files = {
            path.relative_to(self.path).as_posix(): [path.stat().st_size, sha256(path)] for path in _files(self.path)
        }
        with write_whole(self.path / MARK) as part:
            part.write_text(json.dumps({"record": self.record, "files": files}), encoding="utf-8")
        _remember(self.path, files)


def begin(folder: Path, record: Mapping[str, Any]) -> None:
    """Write into a folder what its results are made from, unless it says so."""
    if read_json(folder / RECORD) != _as_json(record):
        with write_whole(folder / RECORD) as part:
            part.write_text(json.dumps(record, indent=1), encoding="utf-8")


def _fault(folder: Path, record: Mapping[str, Any] | None) -> str | None:
    mark = folder / MARK
    if not mark.exists():
        return None
    kept = read_json(mark)
    if not (isinstance(kept, dict) and all(isinstance(kept.get(part), dict) for part in ("files", "record"))):
        return f"{MARK} cannot be read"
    if record is not None and kept["record"] != _as_json(record):
        return "it was made from something else: " + "; ".join(keys.differences(_as_json(record), kept["record"]))
    for name, (size, _) in kept["files"].items():
        path = folder / name
        if not path.is_file():
            return f"{name} is gone"
        if path.stat().st_size != size:
            return f"{name} has {path.stat().st_size:,} of {size:,} bytes"
    if read_json(folder / MEMORY) != _seen(folder, kept["files"]):
        for name, (_, digest) in kept["files"].items():
            if sha256(folder / name) != digest:
                return f"{name} has other bytes than were written"
        _remember(folder, kept["files"])
    return None


def _remember(folder: Path, files: Mapping[str, Any]) -> None:
    """Note that files were read through, so that the next process need not; where that can be written."""
    with suppress(OSError), write_whole(folder / MEMORY) as part:
        part.write_text(json.dumps(_seen(folder, files)), encoding="utf-8")


def _seen(folder: Path, files: Mapping[str, Any]) -> str:
    """Digest of what files look like from outside: whoever changes one changes its time."""
    looks = [f"{name} {digest} {(folder / name).stat().st_mtime_ns}" for name, (_, digest) in sorted(files.items())]
    return hashlib.sha256("\n".join(looks).encode("utf-8", "surrogateescape")).hexdigest()


def _files(folder: Path) -> list[Path]:
    """Files of a result, sorted; hidden ones and what only describes it are not among them."""
    described = {folder / MARK, folder / RECORD, folder / MEMORY}
    return sorted(
        path
        for path in folder.rglob("*")
        if path.is_file() and path not in described and not any(part.startswith(".part-") for part in path.parts)
    )


def read_json(path: Path) -> Any:
    """What a JSON file holds; None where there is none, or one that cannot be read."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def _as_json(record: Mapping[str, Any] | None) -> Any:
    return json.loads(json.dumps(record))


def notice(line: str) -> None:
    """Say something in one line where people look for it, and never on a page: the log, and the terminal."""
    logging.getLogger("neuroattr").warning(line)


class _Terminal(logging.Handler):
    """The terminal of the process: a notebook's cells do not catch it, so that no page shows it."""

    def emit(self, record: logging.LogRecord) -> None:
        if sys.__stderr__ is not None:
            with suppress(OSError, ValueError):
                sys.__stderr__.write(f"neuroattr: {record.getMessage()}\n")


logging.getLogger("neuroattr").addHandler(_Terminal())
