"""What tells one network from another: its classes, its graph, its weights and how it is shown a picture."""

import hashlib
from collections.abc import Sequence
from typing import Any

from neuroattr.backbone import structure
from neuroattr.backbone.network import Backbone
from neuroattr.provenance import plain

LIBRARIES = ("torch", "torchvision")  # their code is known by their version


def actors(net: Backbone) -> list[type]:
    """Classes whose code takes part in what a network answers: its own, and those of its modules."""
    classes = {type(net), type(net.preprocess), *map(type, net.module.modules())}
    own = [each for each in classes if each.__module__.split(".")[0] not in LIBRARIES]
    return sorted(own, key=lambda each: (each.__module__, each.__qualname__))


def facts(net: Backbone, layers: Sequence[str] | None = None) -> dict[str, Any]:
    """What a network is, JSON-able: digests of weights and architecture, its named layers, its preprocessing.

    Parameters
    ----------
    net : `Backbone`, or another class with its methods.
    layers : names of those that are read; all of them for None.

    Notes
    -----
    The weights' digest is taken now, of the network as it stands. The architecture is the modules with their settings;
    of a network of one's own the traced forward pass is in the first digest.
    """
    layers = net.layers if layers is None else tuple(layers)
    nodes = getattr(net, "nodes", {})
    return {
        "weights": net.digest,
        "architecture": hashlib.sha256(structure.described(net.module).encode()).hexdigest(),
        "nodes": {layer: nodes[layer] for layer in layers if layer in nodes},
        "preprocess": plain(net.preprocess),
        "channels last": bool(getattr(net, "channels_last", False)),
    }
