"""Text files of a data set in which every line begins with a number: ``<number> <value> ...``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd


def numbered(path: Path, types: Sequence[Callable[[str], Any]]) -> list[pd.Series]:
    """Columns of such a file, each by the number; ``types`` read the values behind it.

    Raises
    ------
    ValueError
        For a line that has other values, and a number that is there twice.
    """
    rows = lines(path, (int, *types))
    index = pd.Index([row[0] for row in rows])
    if index.has_duplicates:
        raise ValueError(f"{path}: number {index[index.duplicated()][0]} is there twice")
    return [pd.Series([row[n] for row in rows], index=index) for n in range(1, len(types) + 1)]


def lines(path: Path, types: Sequence[Callable[[str], Any]]) -> list[tuple[Any, ...]]:
    """Values of each line of a file, between blanks; the last text may have some.

    Raises
    ------
    ValueError
        For a line that has other values, with its number, and where there is no file.
    """
    if not path.is_file():
        raise ValueError(f"there is no {path}")
    rows = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        values = line.split(maxsplit=len(types) - 1)
        try:
            rows.append(tuple(kind(value) for kind, value in zip(types, values, strict=True)))
        except ValueError:
            raise ValueError(f"{path}, line {number}: {len(types)} values are wanted; got {line[:80]!r}") from None
    return rows
