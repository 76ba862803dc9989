"""An index in one file: arrays and JSON in a zip, no pickles, whole or not there."""

import dataclasses
import json
import zipfile
from pathlib import Path

import numpy as np

from neuroattr.assets import write_whole
from neuroattr.neighbours import Vote
from neuroattr.provenance import differences, plain

FORMAT = "neuroattr attribute index 1"


def save(index, path: Path) -> Path:
    """Write `index` to `path`.

    Raises
    ------
    ValueError
        A path that does not end in ``.npz``.
    """
    if path.suffix != ".npz":
        raise ValueError(f"an index is saved as .npz; got {path.name!r}")
    card = {
        "format": FORMAT,
        "network": {**_network(index.backbone, index.layers), "weights": index.described_by},
        "default": index.default,
        "layer_of": index.layer_of,
        "layers": list(index.layers),
        "vote": dataclasses.asdict(index.vote),
        "ids": index.ids,
        "digests": index.digests,
        "labels": index.labels,
    }
    arrays = {f"features {layer}": values for layer, values in index.features.items()}
    with write_whole(path) as temporary:
        np.savez(temporary, card=np.frombuffer(json.dumps(card).encode(), np.uint8), **arrays)
    return path


def load(kind, path: Path, backbone):
    """The index of class `kind` that was saved at `path`."""
    card, features = _read(path)
    lines = differences(_network(backbone, [x for x in card["layers"] if x in backbone.widths]), card["network"])
    if lines:
        raise ValueError(
            f"the index at {path.name} was made by another network:\n  " + "\n  ".join(lines)
            + "\nLoad that network, or add the pictures again to a new index."
        )  # fmt: skip
    layer = card["layer_of"] if card["default"] is None else card["default"]
    index = kind(backbone, layer, also=card["layers"], vote=Vote(**card["vote"]))
    index.layer_of, index.ids = card["layer_of"], card["ids"]
    index.digests = [(each,) if isinstance(each, str) else tuple(each) for each in card["digests"]]  # once only one
    index.labels, index.features = card["labels"], features
    return index


def _read(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
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


def _network(backbone, layers) -> dict:
    """What decides the features."""
    return {
        "name": backbone.name,
        "weights": backbone.digest,
        "preprocess": plain(backbone.preprocess),
        "pooling": "mean",
        "widths": {layer: int(backbone.widths[layer]) for layer in layers},
    }
