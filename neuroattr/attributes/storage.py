"""An index in one file: arrays and JSON in a zip, no pickles, whole or not there."""

import json
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from neuroattr.assets import write_whole
from neuroattr.backbone import Backbone
from neuroattr.provenance import differences, plain

FORMAT = "neuroattr attribute index 1"


def write(path: Path, card: Mapping[str, Any], features: Mapping[str, np.ndarray]) -> Path:
    """Write what an index knows, and its features of each layer, to `path`.

    Raises
    ------
    ValueError
        A path that does not end in ``.npz``.
    """
    if path.suffix != ".npz":
        raise ValueError(f"an index is saved as .npz; got {path.name!r}")
    text = json.dumps({"format": FORMAT, **card})
    arrays: dict[str, Any] = {f"features {layer}": values for layer, values in features.items()}
    with write_whole(path) as temporary:
        np.savez(temporary, card=np.frombuffer(text.encode(), np.uint8), **arrays)
    return path


def read(path: Path, backbone: Backbone) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    """What `write` was given, if `backbone` is the network that made it.

    Raises
    ------
    FileNotFoundError
        No such file.
    ValueError
        A file that is no index, or of another network.
    """
    card, features = _read(path)
    lines = differences(network(backbone, [x for x in card["layers"] if x in backbone.widths]), card["network"])
    if lines:
        raise ValueError(
            f"the index at {path.name} was made by another network:\n  " + "\n  ".join(lines)
            + "\nLoad that network, or add the pictures again to a new index."
        )  # fmt: skip
    return card, features


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    if not path.is_file():
        raise FileNotFoundError(f"no index at {path}: make one with AttributeIndex(...).save(path)")
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
            card = json.loads(file["card"].tobytes())
            if card["format"] != FORMAT:
                raise ValueError(f"format {card['format']!r} instead of {FORMAT!r}")
            features = {layer: file[f"features {layer}"] for layer in card["layers"]}
        n = len(card["ids"])
        lengths = {len(card["digests"]), *map(len, features.values()), *map(len, card["labels"].values())}
        if lengths - {n} or set(card["labels"]) != set(card["layer_of"]):
            raise ValueError(f"{n} names beside columns of {sorted(lengths)}")
        widths = {layer: values.shape[1] for layer, values in features.items() if values.dtype == np.float32}
        if widths != card["network"]["widths"]:
            raise ValueError(f"features of {widths} beside layers of {card['network']['widths']}")
    except (LookupError, TypeError, ValueError, EOFError, zipfile.BadZipFile) as fault:
        said = f"{type(fault).__name__}: {fault}"
        raise ValueError(f"{path.name} is no attribute index that can be read: {said}") from None
    return card, features


def network(backbone: Backbone, layers: Iterable[str]) -> dict[str, Any]:
    """What decides the features."""
    return {
        "name": backbone.name,
        "weights": backbone.digest,
        "preprocess": plain(backbone.preprocess),
        "pooling": "mean",
        "widths": {layer: int(backbone.widths[layer]) for layer in layers},
    }
