"""Files on disk that are either whole or not there, and the memory of which were verified."""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TypeAlias

import platformdirs
from filelock import FileLock

REFUSALS = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOTDIR, errno.EEXIST, errno.ENOSPC, errno.EDQUOT}
"""What the system says where a folder cannot be written; the last two: there is no room left."""
FULL = {errno.ENOSPC, errno.EDQUOT}
Facts: TypeAlias = dict[str, str | int]
"""Of a verified file: its path, size, time of change and digest."""

_verified: dict[str, Facts | None] = {}  # what this process saw, where it cannot be written down; None: damaged


class UnwritableFolder(PermissionError):
    """A folder in which something must be written, and cannot be."""


def cache_folder() -> Path:
    """Folder for everything that can be made again: ``NEUROATTR_CACHE``, else the user's cache folder.

    Notes
    -----
    It is made where it can be. Where it cannot, there is nothing to read in it, and who writes is told why.

    Raises
    ------
    NotADirectoryError
        If it, or a folder above it, is a file.
    FileNotFoundError
        If it would be in the home folder, and none is known.
    """
    named = os.environ.get("NEUROATTR_CACHE", "")
    folder = named_folder(named, "NEUROATTR_CACHE") if named.strip() else _users_folder()
    folder = folder.absolute()
    if not os.path.isdir(folder):  # noqa: PTH112  (a folder above it may be closed to this user)
        _make(folder)
    return folder


def _users_folder() -> Path:
    try:
        folder = platformdirs.user_cache_path("neuroattr")
    except RuntimeError as error:
        raise _homeless("neuroattr in the user's cache folder") from error
    if folder.parts[0].startswith("~"):  # what older versions leave
        raise _homeless(folder)
    return folder


def named_folder(text: str, variable: str) -> Path:
    """The folder that an environment variable names, its ``~`` resolved.

    Raises
    ------
    FileNotFoundError
        If it begins with ``~`` and no home folder is known.
    """
    try:
        return Path(text).expanduser()
    except RuntimeError as error:
        raise _homeless(text, variable) from error


def _homeless(folder: Path | str, variable: str = "NEUROATTR_CACHE") -> FileNotFoundError:
    return FileNotFoundError(
        f"wanted the folder {folder}, but no home folder of this user is known (HOME is not set). "
        f"Name a folder without ~ in the environment variable {variable}"
    )


def _make(folder: Path) -> None:
    there = next(place for place in (folder, *folder.parents) if os.path.lexists(place))
    if not os.path.isdir(there):  # noqa: PTH112
        raise NotADirectoryError(
            f"the cache must be a folder, but {there} is none (the cache is {folder}). "
            "Name another in the environment variable NEUROATTR_CACHE"
        )
    with suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def writing(path: Path | str, *, setting: str | None = None) -> Iterator[None]:
    """Say what is wanted and what to do if the block cannot write `path`, a file or folder.

    Parameters
    ----------
    setting
        The environment variable that names the folder, where it is not the cache's.

    Raises
    ------
    UnwritableFolder
        For the system's refusals: no permission, a read-only file system, a file in the way, no room.
    """
    try:
        yield
    except UnwritableFolder:
        raise
    except OSError as error:
        if error.errno not in REFUSALS:
            raise
        raise _unwritable(Path(path), error, setting) from error


def _unwritable(path: Path, error: OSError, setting: str | None = None) -> UnwritableFolder:
    cache = None
    with suppress(OSError):
        cache = cache_folder()
    if cache and cache in (path, *path.absolute().parents):
        remedy = f"name another cache in the environment variable NEUROATTR_CACHE (now {cache})"
    else:
        remedy = "name another folder" + (f" in the environment variable {setting}" if setting else "")
    mend = "Make room there" if error.errno in FULL else "Make that folder writable for this user"
    return UnwritableFolder(
        f"wanted to write {path.name} in the folder {path.parent}, but: {error.strerror or error}. {mend}, or {remedy}"
    )


@contextmanager
def locked(path: Path | str) -> Iterator[None]:
    """While the block runs, no other process or thread is in a block of the same lock file `path`.

    Ask before whether there is anything to make: a lock writes, and what is complete may lie where nobody may.

    Raises
    ------
    UnwritableFolder
        If the lock file or its folder cannot be made.
    """
    path = Path(path)
    lock = FileLock(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


@contextmanager
def write_whole(path: Path | str) -> Iterator[Path]:
    """Temporary path that becomes `path` when the block ends well, and vanishes when it does not.

    Notes
    -----
    The temporary file has the name of `path`, inside a hidden folder beside it: writers that choose a format by the
    suffix work, a search for ``*.json`` beside it does not see it, and the final move stays on one file system.

    Raises
    ------
    FileNotFoundError
        If the block ended without writing the file.
    UnwritableFolder
        If the folder cannot be written, or has no room left.
    """
    path = Path(path)
    with writing(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        workshop = Path(tempfile.mkdtemp(prefix=".part-", dir=path.parent))
    try:
        temporary = workshop / path.name
        with _room(path):
            yield temporary
        if not temporary.exists():
            raise FileNotFoundError(f"wanted a file to move to {path}, but nothing was written to {temporary}")
        with writing(path):
            with temporary.open("rb") as file:
                os.fsync(file.fileno())
            temporary.replace(path)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


@contextmanager
def _room(path: Path) -> Iterator[None]:
    """Explain that no room is left; other faults of a writer are its own."""
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise _unwritable(path, error) from error


def sha256(path: Path | str) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_readable(path: Path | str) -> bool:
    """Whether there is a file that this user may read."""
    return os.path.isfile(path) and os.access(path, os.R_OK)  # noqa: PTH113  (a folder above it may be closed)


def is_whole(path: Path, digest: str, *, trust_memory: bool = True) -> bool:
    """Whether `path` holds the bytes of `digest`; hashed once for each (path, size, time of change).

    With ``trust_memory=False`` the bytes are hashed in any case. What was found is written into the cache; where that
    cannot be written, it is known to this process only. What this user may not read is not whole.
    """
    if not is_readable(path):
        return False
    state = path.stat()
    place = str(path.absolute())
    seen: Facts = {"path": place, "bytes": state.st_size, "mtime_ns": state.st_mtime_ns, "sha256": digest}
    memory = cache_folder() / "verified" / f"{hashlib.sha256(os.fsencode(place)).hexdigest()[:32]}.json"
    if trust_memory and _remembered(memory, place) == seen:
        return True
    if sha256(path) != digest:
        _verified[place] = None
        with suppress(OSError):
            memory.unlink(missing_ok=True)
        return False
    _verified[place] = seen
    with suppress(UnwritableFolder), write_whole(memory) as temporary:
        temporary.write_text(json.dumps(seen))
    return True


def _remembered(memory: Path, path: str) -> object:
    if path in _verified:
        return _verified[path]
    try:
        return json.loads(memory.read_text())
    except (OSError, ValueError):
        return None
