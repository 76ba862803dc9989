"""Files on disk that are either whole or not there, and the memory of which were verified."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs


def cache_folder() -> Path:
    """Folder for everything that can be made again: ``NEUROATTR_CACHE``, else the user's cache folder."""
    named = os.environ.get("NEUROATTR_CACHE")
    folder = Path(named).expanduser().absolute() if named else platformdirs.user_cache_path("neuroattr")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


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
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    workshop = Path(tempfile.mkdtemp(prefix=".part-", dir=path.parent))
    try:
        temporary = workshop / path.name
        yield temporary
        if not temporary.exists():
            raise FileNotFoundError(f"wanted a file to move to {path}, but nothing was written to {temporary}")
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def sha256(path: Path | str) -> str:
    """Hexadecimal SHA-256 of a file's bytes."""
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def is_whole(path: Path, digest: str, *, trust_memory: bool = True) -> bool:
    """Whether `path` holds the bytes of `digest`; hashed once for each (path, size, time of change).

    With ``trust_memory=False`` the bytes are hashed in any case.
    """
    if not path.is_file():
        return False
    state = path.stat()
    seen = {"path": str(path.absolute()), "bytes": state.st_size, "mtime_ns": state.st_mtime_ns, "sha256": digest}
    memory = cache_folder() / "verified" / f"{hashlib.sha256(seen['path'].encode()).hexdigest()[:32]}.json"
    if trust_memory and _remembered(memory) == seen:
        return True
    if sha256(path) != digest:
        memory.unlink(missing_ok=True)
        return False
    with write_whole(memory) as temporary:
        temporary.write_text(json.dumps(seen))
    return True


def _remembered(memory: Path) -> dict | None:
    try:
        return json.loads(memory.read_text())
    except (FileNotFoundError, json.JSONDecodeError):
        return None
