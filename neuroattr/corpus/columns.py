"""Columns of a user's table as text, and what its column of pictures holds: paths, or the pictures themselves."""

import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from PIL import Image

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|data:image/|www\.", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:[\\/]|\\\\")


@dataclass(frozen=True)
class Columns:
    """Which column of a user's table is what."""

    image: str
    texts: Sequence[str] = ()
    id: str | None = None
    category: str | None = None
    group: str | None = None

    def __post_init__(self) -> None:
        texts = tuple(self.texts) if isinstance(self.texts, Iterable) and not isinstance(self.texts, str) else (None,)
        if not all(isinstance(column, str) for column in texts):
            raise ValueError('text_columns is a sequence of names of columns; write text_columns=("title",)')
        object.__setattr__(self, "texts", texts)
        twice = sorted({name for name in self.texts if self.texts.count(name) > 1})
        if twice:
            raise ValueError(f"text_columns names {', '.join(map(repr, twice))} more than once; name each column once")
        for role in ("image", "id", "category", "group"):
            name = getattr(self, role)
            if not isinstance(name, str | int) and not (name is None and role != "image"):
                raise ValueError(f"{role}_column is the name of one column; got {name!r}")

    def named(self) -> list[str]:
        """All columns that are named."""
        return [name for name in (self.image, *self.texts, self.id, self.category, self.group) if name is not None]

    def require(self, names: Iterable[object], index: object = None) -> None:
        """Refuse a table that lacks a named column, or has one more than once.

        Parameters
        ----------
        names
            Of the columns that the table has.
        index
            Name of its index, if it has one.
        """
        names = list(names)
        absent = [name for name in dict.fromkeys(self.named()) if name not in names]
        if absent:
            has = ", ".join(map(repr, names[:30])) + (f" and {len(names) - 30} more" if len(names) > 30 else "")
            said = f"the table has no column {', '.join(map(repr, absent))}; it has {has}"
            raise ValueError(said + _hint(absent, names, index))
        twice = [name for name in dict.fromkeys(self.named()) if names.count(name) > 1]
        if twice:
            counts = ", ".join(f"{name!r} {names.count(name)} times" for name in twice)
            raise ValueError(f"the table has the column {counts}, so which is meant is not known: rename all but one")


def as_texts(frame: pd.DataFrame, name: str) -> tuple[list[str], str]:
    """The column ``name`` as strings, and a remark about it or "".

    Whole numbers that came as floats, because the column has gaps, are written as whole numbers.

    Raises
    ------
    ValueError
        For floats so large that neighbouring whole numbers are the same, bytes that are no UTF-8, and dicts.
    """
    values = frame[name].astype(object).tolist()
    floats = [float(value) for value in values if isinstance(value, float | np.floating) and np.isfinite(value)]
    whole = bool(floats) and all(value.is_integer() for value in floats)
    kind = getattr(frame[name].dtype, "numpy_dtype", frame[name].dtype)
    exact = 2 ** (np.finfo(kind if isinstance(kind, np.dtype) and kind.kind == "f" else float).nmant + 1)
    largest = max(floats, key=abs, default=0.0)
    if whole and abs(largest) >= exact:
        raise ValueError(
            f"column {name!r} holds whole numbers as floats, among them {largest:.0f}: from {exact:,} on "
            "neighbours are the same number, so what stood there is not known; read the file with dtype=str"
        )
    remark = (
        f"column {name!r}: whole numbers that came as floats; zeros before them, if there were any, are lost: "
        "read the file with dtype=str"
    )
    return [_as_text(value, name, whole) for value in values], remark if whole else ""


def embedded(frame: pd.DataFrame, name: str) -> list[dict[str, object]] | None:
    """Pictures that the column ``name`` holds itself, as rows of a ``RowSource``; None where it holds paths.

    Raises
    ------
    ValueError
        For lists, arrays and other things that are neither.
    """
    values = [_unpacked(value) for value in frame[name].astype(object)]
    strange = next((n for n, value in enumerate(values) if not _is_picture_or_path(value)), None)
    if strange is not None:
        raise ValueError(
            f"column {name!r} holds a path or a picture in each row; {_complaint(values[strange], strange)}"
        )
    if any(isinstance(value, bytes | Image.Image) for value in values):
        return [{name: value} for value in values]
    return None


def paths(frame: pd.DataFrame, name: str) -> tuple[list[str], str]:
    """The column ``name`` of paths, or of dicts with paths, as strings."""
    values = frame[name].astype(object).map(_unpacked)
    return as_texts(pd.DataFrame({name: values.astype(object)}), name)


def path_fault(path: str, root: str | Path) -> tuple[str, str]:
    """What is wrong with the name of a picture's file, and what to do: two strings; ("", "") for nothing."""
    if "\0" in path:
        return "path with a NUL", "no file has such a name; mend the table"
    if os.path.lexists(Path(root) / path):
        return "", ""
    if _ADDRESS.match(path):
        return "address, not a file", "download to a folder first, and name what is there"
    if os.name != "nt" and _DRIVE.match(path):
        return "path of a Windows computer", "copy to this computer first, and name what is here"
    if os.name != "nt" and "\\" in path:
        return "path of a Windows computer", r'write "/" for "\", as in frame[column].str.replace("\\", "/")'
    if path.startswith("~"):
        return "path with ~", "write the whole path; ~ is not replaced"
    if path.strip() != path and os.path.lexists(Path(root) / path.strip()):
        return "path with blanks around it", "take them away, as in frame[column].str.strip()"
    return "", ""


def _hint(absent: Sequence[object], names: Sequence[object], index: object) -> str:
    """What may have happened, where the names of the columns show it."""
    if names and str(names[0]).startswith("sep="):
        return f": {names[0]!r} is a line for spreadsheets; take it away"
    for name in names:
        if str(name).strip().removeprefix("\ufeff").strip().strip('"') in absent:
            return f": {name!r} has blanks or marks around its name; mend the header or write the name so"
        if str(name).lower() in [str(wanted).lower() for wanted in absent]:
            return f": write {name!r}"
    if index is not None and index in absent:
        return f": {index!r} is its index; use frame.reset_index()"
    for mark in (";", "\t", "|"):
        if set(absent) & {part.strip() for name in names for part in str(name).split(mark)}:
            return f": the names seem to be separated by {mark!r}; pass separator={mark!r}"
    if any(re.search(r"\.(jpe?g|png|webp|gif|tiff?)$", str(name), re.IGNORECASE) for name in names):
        return ": its first line seems to be a row; give it a line with the names of the columns"
    if not all(isinstance(name, str) for name in names):
        return ": names of columns are strings; rename them with frame.columns = [...]"
    return ""


def _as_text(value: Any, name: str, whole: bool) -> str:
    """A cell as text: lists (tags) joined by commas, missing as ""."""
    if isinstance(value, str):
        return value
    if isinstance(value, os.PathLike):
        return str(os.fspath(value))
    if isinstance(value, list | tuple | set | frozenset | np.ndarray):
        values = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
        return ", ".join(said for said in (_as_text(one, name, False) for one in values) if said)
    if isinstance(value, bytes | bytearray | memoryview):
        try:
            return bytes(value).decode()
        except UnicodeDecodeError:
            raise ValueError(f"column {name!r} holds bytes that are no UTF-8; decode it to strings first") from None
    if isinstance(value, dict):
        raise ValueError(
            f"column {name!r} holds dicts with {', '.join(map(repr, value))}; name a column of strings, or make one"
        )
    if pd.isna(value):
        return ""
    return str(int(value)) if whole and isinstance(value, float | np.floating) and np.isfinite(value) else str(value)


def _unpacked(value: object) -> object:
    """Bytes of a dict with "bytes" and "path" (an image of Hugging Face), its path where it has no bytes."""
    if isinstance(value, dict) and ("bytes" in value or "path" in value):
        value = value.get("path") if value.get("bytes") is None else value["bytes"]
    return bytes(value) if isinstance(value, bytearray | memoryview) else value


def _is_picture_or_path(value: object) -> bool:
    kinds = (str, os.PathLike, bytes, Image.Image, int, float, np.number)
    return isinstance(value, kinds) or (not isinstance(value, dict) and bool(pd.api.types.is_scalar(value)))


def _complaint(value: object, row: int) -> str:
    if isinstance(value, list | tuple | np.ndarray) and np.ndim(np.asarray(value, dtype=object)) <= 1:
        remedy = "one row is one picture, so use frame.explode(column)"
        return f"row {row} holds a {type(value).__name__} of {len(value)}: {remedy}"
    if isinstance(value, np.ndarray):
        return f"row {row} holds an array of shape {value.shape}: make a picture of it with PIL.Image.fromarray"
    if isinstance(value, dict):
        return f'row {row} holds a dict with {", ".join(map(repr, value))}: one with "bytes" or "path" can be opened'
    return f"row {row} holds {type(value).__name__}: write the path of its file"
