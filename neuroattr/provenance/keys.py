"""Records of what a result was made from, as JSON: their short names, and where two of them differ."""

import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np


def key(record: Mapping[str, Any]) -> str:
    """Short name of a key record: the first twenty hexadecimal digits of its SHA-256."""
    return _sha256(json.dumps(record, sort_keys=True).encode())[:20]


def differences(wanted: Mapping[str, Any], found: Mapping[str, Any], *, within: str = "") -> list[str]:
    """One line for each entry in which two key records differ."""
    lines = []
    for name in sorted(wanted.keys() | found.keys()):
        here, there = wanted.get(name), found.get(name)
        if isinstance(here, Mapping) and isinstance(there, Mapping):
            lines += differences(here, there, within=f"{within}{name}.")
        elif here != there:
            lines.append(f"{within}{name}: wanted {here!r}, found {there!r}")
    return lines


def plain(value: Any) -> Any:
    """`value` in terms of JSON; arrays and tensors by shape and digest, frozen records by their fields."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {field.name: plain(getattr(value, field.name)) for field in dataclasses.fields(value)}
        return {"type": type(value).__name__, **fields}
    if isinstance(value, Mapping):
        return {str(name): plain(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [plain(entry) for entry in value]
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    if hasattr(value, "__array__"):
        array = np.asarray(value)
        digest = _sha256(array.tobytes())
        return array.item() if array.ndim == 0 else f"{array.dtype}{list(array.shape)} sha256 {digest}"
    raise TypeError(
        f"a key needs numbers, text, arrays, or frozen dataclasses of them; {type(value).__name__} is none of these, "
        "so two of them could not be told apart"
    )


def lines_digest(lines: Iterable[object]) -> str:
    """SHA-256 of some lines of text."""
    return _sha256("\n".join(map(str, lines)).encode("utf-8", "surrogatepass"))


def _sha256(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()
