"""Arrays in single files that are whole, or noticed and made again."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from neuroattr.assets import write_whole
from neuroattr.provenance.kept import DamagedResult, begin, notice


def kept_arrays(
    path: Path, make: Callable[[], Mapping[str, np.ndarray]], *, record: Mapping[str, Any]
) -> dict[str, np.ndarray]:
    """The arrays of a file, or those that ``make()`` gives now and that are written to it.

    Parameters
    ----------
    path
        The file, in the folder of the kept results that `record` describes, which is written beside it.

    Raises
    ------
    DamagedResult
        If what was just written cannot be read.
    """
    found = read_arrays(path)
    if found is None:
        begin(path.parent, record)
        write_arrays(path, make())
        found = read_arrays(path)
        if found is None:
            raise DamagedResult(
                f"wanted the arrays that were just written to {path}, which cannot be read: is the disk full?"
            )
    return found


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray]) -> None:
    """Write arrays to a ``.npz`` file, whole or not at all; each has its checksum in it."""
    with write_whole(path) as part, part.open("wb") as out:
        whole: dict[str, Any] = {name: np.ascontiguousarray(array) for name, array in arrays.items()}
        np.savez(out, **whole)


def read_arrays(path: Path) -> dict[str, np.ndarray] | None:
    """The arrays of a file; None where there is none, or a damaged one, which the log names."""
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        return None
    except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile, NotImplementedError) as error:
        notice(f"{path} is damaged ({type(error).__name__}: {error}): it is made again")
        return None
