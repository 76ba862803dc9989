"""Weights out of a Caffe model file, with a reader for the few protocol-buffer fields they take."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
# Field numbers of caffe.proto: NetParameter (new and V1 layers), LayerParameter, V1LayerParameter, BlobProto.
LAYERS = {100: {"name": 1, "blobs": 7}, 2: {"name": 4, "blobs": 6}}
BLOB_OLD_SHAPE, BLOB_DATA, BLOB_SHAPE, BLOB_DOUBLE = (1, 2, 3, 4), 5, 7, 8


def caffe_weights(path: str | Path) -> dict[str, torch.Tensor]:
    """Weights of the layers that have any: state dict ``<layer>.weight``, ``<layer>.bias``, float32.

    Parameters
    ----------
    path : a ``.caffemodel`` file, of the current or the older (V1) layer format.

    Raises
    ------
    ValueError : the file is cut short, is no Caffe model, or holds no weights.

    Source: field numbers from BVLC Caffe's ``caffe.proto``.
    """
    data = memoryview(Path(path).read_bytes())
    found: dict[str, torch.Tensor] = {}
    try:
        for number, kind, value in _fields(data):
            if kind == BYTES and number in LAYERS:
                found |= _layer(value, LAYERS[number])
    except (IndexError, UnicodeDecodeError, _CutShort) as error:
        raise ValueError(f"{path} is cut short or no Caffe model: {error}") from error
    if not found:
        raise ValueError(f"{path} holds no layer with weights; wanted a .caffemodel, not a .prototxt")
    return found


class _CutShort(Exception):
    pass


def _layer(data: memoryview, numbers: Mapping[str, int]) -> dict[str, torch.Tensor]:
    name, blobs = None, []
    for number, kind, value in _fields(data):
        if kind == BYTES and number == numbers["name"]:
            name = bytes(value).decode()
        elif kind == BYTES and number == numbers["blobs"]:
            blobs.append(_blob(value))
    return {f"{name}.{part}": blob for part, blob in zip(("weight", "bias"), blobs, strict=False)}


def _blob(data: memoryview) -> torch.Tensor:
    """One array; its numbers may be packed, one by one, single or double."""
    shape, old_shape, values = [], [1, 1, 1, 1], []
    for number, kind, value in _fields(data):
        if number in BLOB_OLD_SHAPE and kind == VARINT:
            old_shape[number - 1] = value
        elif number == BLOB_SHAPE:
            shape = [edge for n, k, v in _fields(value) if n == 1 for edge in ([v] if k == VARINT else _varints(v))]
        elif number in (BLOB_DATA, BLOB_DOUBLE) and kind in (BYTES, FIXED32, FIXED64):
            values.append(np.frombuffer(value, "<f4" if number == BLOB_DATA else "<f8"))
    flat = np.concatenate(values or [np.empty(0)]).astype(np.float32)
    wanted = tuple(shape or old_shape)
    if flat.size != np.prod(wanted, dtype=int):
        raise _CutShort(f"an array of shape {wanted} holds {flat.size} numbers")
    return torch.from_numpy(flat.reshape(wanted))


def _fields(data: memoryview) -> Iterator[tuple[int, int, Any]]:
    """(number, wire type, value) of each field of a message."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        value: Any
        if kind == VARINT:
            value, at = _varint(data, at)
        elif kind in (BYTES, FIXED32, FIXED64):
            size, at = _varint(data, at) if kind == BYTES else ({FIXED32: 4, FIXED64: 8}[kind], at)
            if at + size > len(data):
                raise _CutShort(f"wanted {size} bytes at {at}, the message ends at {len(data)}")
            value, at = data[at : at + size], at + size
        else:
            raise _CutShort(f"unknown wire type {kind} at byte {at}")
        yield number, kind, value


def _varints(data: memoryview) -> Iterator[int]:
    at = 0
    while at < len(data):
        value, at = _varint(data, at)
        yield value


def _varint(data: memoryview, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[at]
        value, shift, at = value | (byte & 0x7F) << shift, shift + 7, at + 1
        if byte < 0x80:
            return value, at
