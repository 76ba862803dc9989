"""The key of a recording: everything that decides its values, as JSON, and where two of them differ."""

import dataclasses
import hashlib
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from neuroattr import programs

SCHEMA = 1  # of the store's layout; raise it when old stores can no longer be read


def key_record(
    net, ids: Sequence[str], digests: Sequence[str], layers: Sequence[str], *, pooling: str, precision: str, device
) -> dict:
    """Everything that decides the values of a recording, as JSON-able values.

    `digests` are the SHA-256 of the pictures' bytes, in the order of `ids`. The batch size is not in it: it does not
    change results beyond rounding.
    """
    return {
        "schema": SCHEMA,
        "code": code_digests(net),
        "weights": net.digest,
        "layers": [[layer, int(net.widths[layer])] for layer in layers],  # a list: their order is that of the units
        "preprocess": plain(net.preprocess),
        "pooling": pooling,
        "precision": precision,
        "device": str(device).split(":")[0],
        "images": {
            "count": len(ids),
            "sha256": _sha256("\n".join(f"{id} {digest}" for id, digest in zip(ids, digests, strict=True)).encode()),
        },
    }


def key(record: Mapping) -> str:
    """Short name of a key record: the first twenty hexadecimal digits of its SHA-256."""
    return _sha256(json.dumps(record, sort_keys=True).encode())[:20]


def differences(wanted: Mapping, found: Mapping, *, within: str = "") -> list[str]:
    """One line for each entry in which two key records differ."""
    lines = []
    for name in sorted(wanted.keys() | found.keys()):
        here, there = wanted.get(name), found.get(name)
        if isinstance(here, Mapping) and isinstance(there, Mapping):
            lines += differences(here, there, within=f"{within}{name}.")
        elif here != there:
            lines.append(f"{within}{name}: wanted {here!r}, found {there!r}")
    return lines


def code_digests(net) -> dict[str, str]:
    """Digests of the code that computes the values: the passes of this package, and the network's own package."""
    digests = {"neuroattr.activations.passes": programs.joint_digest([Path(__file__).with_name("passes.py")])}
    parts = type(net).__module__.split(".")
    if parts[0] == "neuroattr":
        name = ".".join(parts[:2])
        sources = Path(sys.modules[name].__file__)
        files = sorted(sources.parent.rglob("*.py")) if sources.name == "__init__.py" else [sources]
        digests[name] = programs.joint_digest(files)
    return digests


def plain(value):
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


def _sha256(contents: bytes) -> str:
    return hashlib.sha256(contents).hexdigest()
