"""Folders in which the chapters' libraries keep their own files, for users whose home cannot be written."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from neuroattr.assets import cache_folder

LIBRARIES = {"MPLCONFIGDIR": "~/.config/matplotlib", "IPYTHONDIR": "~/.ipython", "NUMBA_CACHE_DIR": "~/.cache/numba"}
"""The setting that names the folder of a library, and the folder where it is not set."""


@contextmanager
def library_folders() -> Iterator[None]:
    """While the block runs, processes that are started have folders for what cannot be kept in the home folder.

    Notes
    -----
    Compiled code goes into the cache, where it serves the next run, settings and fonts into a folder that ends with the
    block. Else matplotlib makes a folder of its own in the kernel server, which the first kernel that ends takes from
    the others; IPython warns in each kernel, and each compiles for itself.
    """
    lacking = [name for name, usual in LIBRARIES.items() if not os.environ.get(name) and not _can_be_written(usual)]
    if not lacking:
        yield
        return
    with tempfile.TemporaryDirectory(prefix="neuroattr-home-", ignore_cleanup_errors=True) as folder:
        lent = {name: str(Path(folder, name.lower())) for name in lacking}
        if "NUMBA_CACHE_DIR" in lent and _can_be_written(cache_folder()):
            lent["NUMBA_CACHE_DIR"] = str(cache_folder() / "numba")
        for place in lent.values():
            Path(place).mkdir(exist_ok=True)
        os.environ.update(lent)
        try:
            yield
        finally:
            for name in lent:
                del os.environ[name]


def _can_be_written(folder: Path | str) -> bool:
    """Whether a folder can be written, or made where it is not there."""
    with suppress(RuntimeError, OSError):  # no home is known, or it is closed to this user
        place = Path(folder).expanduser().absolute()
        there = next(above for above in (place, *place.parents) if above.exists())
        return there.is_dir() and os.access(there, os.W_OK | os.X_OK)
    return False
