"""An explainer as a file: arrays as safetensors, everything else as JSON inside; no pickle."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save_file

from neuroattr.assets import write_whole
from neuroattr.backbone import Backbone
from neuroattr.explainers.pooled import PooledClassifier
from neuroattr.explainers.settings import Settings

FORMAT = "neuroattr explainer 1"
ARRAYS = ("joint", "density", "top_responses")


def save(path: Path | str, classifier: PooledClassifier, facts: dict[str, Any], arrays: dict[str, np.ndarray]) -> None:
    """Write an explainer, whole or not at all.

    Parameters
    ----------
    facts
        Attributes, settings, top and report, as JSON can hold them.
    arrays
        Those of `ARRAYS`.
    """
    network = classifier.network
    facts = {"format": FORMAT, "network": network.name, "network digest": network.digest, **facts}
    facts["labels"] = classifier.labels
    contiguous = {name: np.ascontiguousarray(arrays[name]) for name in ARRAYS}
    with write_whole(path) as temporary:
        save_file(contiguous, temporary, metadata={"neuroattr": json.dumps(facts)})


def load(path: Path | str, network: Backbone) -> dict[str, Any]:
    """Everything an `Explainer` is made of.

    Raises
    ------
    FileNotFoundError
        No such file.
    ValueError
        A file that is none or not whole, or a network with other weights.
    """
    facts, arrays = _read(Path(path))
    if network.digest != facts["network digest"]:
        raise ValueError(
            f"{path} explains {facts['network']} with the weights {facts['network digest'][:12]}; this network "
            f"({network.name}) has {network.digest[:12]}. Load the one it was fitted to, or fit again"
        )
    return {
        "classifier": PooledClassifier.of(network, facts["labels"]),
        "attributes": tuple(facts["attributes"]),
        "settings": Settings(**facts["settings"]),
        "top": tuple(map(tuple, facts["top"])),
        "report": facts["report"],
        **arrays,
    }


def _read(path: Path) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    if not path.is_file():
        raise FileNotFoundError(f"no explainer at {path}")
    try:
        with safe_open(path, "np") as file:
            facts = json.loads((file.metadata() or {}).get("neuroattr", "{}"))
            arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except SafetensorError as error:
        raise ValueError(f"{path} is no explainer, or not whole: {error}") from error
    if facts.get("format") != FORMAT or set(arrays) != set(ARRAYS):
        raise ValueError(f"{path} must be a file of format {FORMAT!r}; got {facts.get('format')!r}")
    return facts, arrays
