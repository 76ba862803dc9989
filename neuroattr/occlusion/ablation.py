"""Networks with silenced units: what the deeper layers make of a picture without them."""

from __future__ import annotations

import hashlib
from functools import cached_property

import numpy as np
import pandas as pd
import torch
from torch import fx, nn

from neuroattr.backbone import Backbone
from neuroattr.backbone.normalisation import LocalResponseNorm, MeanDifference

LOGITS = "logits"


class Silenced(Backbone):
    """A network whose `units` give a constant, whatever they see; everything after them is computed from that.

    Use `silenced`. It is a `Backbone` like any other: `activations.record` stores what it answers under a key of its
    own.
    """

    def __init__(self, net: Backbone, units: pd.DataFrame, constants: np.ndarray):
        super().__init__(
            net.module,
            name=f"{net.name} without {len(units)} units",
            title=f"{net.title} with {len(units)} units silenced",
            nodes=net.nodes,
            preprocess=net.preprocess,
            licence=net.licence,
            channels_last=net.channels_last,
        )
        self._net, self._silent, self._constants = net, units, constants

    @cached_property
    def digest(self):
        """SHA-256 of the network's weights, the silenced units and their constants."""
        digest = hashlib.sha256(self._net.digest.encode())
        digest.update(self._silent[["layer", "channel"]].to_csv(index=False).encode())
        digest.update(self._constants.tobytes())
        return digest.hexdigest()

    def logits(self, batch):
        """Answers of the last layer without the units, N x classes."""
        return self._extractor((LOGITS,))(batch)[LOGITS]

    def _extractor(self, layers):
        """The traced network with a `Constant` behind each layer that has silenced units."""
        if layers not in self._extractors:
            self._extractors[layers] = self._cut(layers)
        return self._extractors[layers]

    def _cut(self, layers: tuple[str, ...]) -> fx.GraphModule:
        traced = _traced(self)
        ends = dict(_output(traced).args[0])
        for layer, rows in self._silent.groupby("layer", sort=False).indices.items():
            channels = torch.as_tensor(self._silent["channel"].to_numpy()[rows].astype(np.int64))
            constant = Constant(channels, torch.as_tensor(self._constants[rows]), last=self.channels_last)
            traced.add_submodule(f"silent_{layer}", constant)
            with traced.graph.inserting_after(ends[layer]):
                node = traced.graph.call_module(f"silent_{layer}", (ends[layer],))
            ends[layer].replace_all_uses_with(node, delete_user_cb=lambda user, own=node: user is not own)
            ends = dict(_output(traced).args[0])
        _output(traced).args = ({layer: ends[layer] for layer in layers},)
        traced.graph.eliminate_dead_code()
        traced.recompile()
        return traced.to(next(self.module.parameters()).device).eval()


class Constant(nn.Module):
    """Replaces some channels by constants.

    Parameters
    ----------
    channels : positions, int64.
    values : one for each of them.
    last : channels are the last of four axes (and always of three: tokens).
    """

    def __init__(self, channels, values, *, last):
        super().__init__()
        self.register_buffer("channels", channels)
        self.register_buffer("values", values)
        self.last = last

    def forward(self, maps):
        places_last = maps.movedim(-1, 1) if maps.ndim == 3 or (self.last and maps.ndim == 4) else maps
        filled = places_last.clone()
        shape = (1, -1, *[1] * (filled.ndim - 2))
        filled[:, self.channels] = self.values.to(filled.dtype).view(shape)
        return filled.movedim(1, -1) if places_last is not maps else filled


def silenced(net: Backbone, units: pd.DataFrame, *, constants: np.ndarray | float = 0.0) -> Silenced:
    """The network with some units held constant.

    Parameters
    ----------
    units
        Rows of ``net.units`` (columns layer and channel).
    constants
        What they give instead of their answer, at every place: one number, or one for each unit, such as its mean over
        a corpus.

    Raises
    ------
    ValueError
        No unit, one that the network has not, or another number of constants.

    Notes
    -----
    The network itself is not touched. Units of a layer are silenced behind it, as it is read: behind the rectifier or
    the normalisation where those belong to the layer.
    """
    faulty = [
        f"{layer} {channel}"
        for layer, channel in units[["layer", "channel"]].to_numpy()
        if not 0 <= channel < net.widths.get(layer, 0)
    ]
    if faulty or not len(units):
        raise ValueError(f"wanted units of {net.name}, rows of its `units`; got {', '.join(faulty[:3]) or 'none'}")
    constants = np.asarray(constants, np.float32)
    if constants.shape not in ((), (len(units),)):
        raise ValueError(
            f"wanted one constant, or one for each of the {len(units)} units; got an array of shape {constants.shape}"
        )
    return Silenced(net, units, np.broadcast_to(constants, len(units)).copy())


def _traced(net: Backbone) -> fx.GraphModule:
    """The network with all its layers and its logits as outputs, sharing its modules."""
    from torchvision.models.feature_extraction import create_feature_extractor, get_graph_node_names  # takes seconds

    tracing = {"leaf_modules": [LocalResponseNorm, MeanDifference]}
    last = get_graph_node_names(net.module, tracer_kwargs=tracing, suppress_diff_warning=True)[1][-1]
    wanted = {node: layer for layer, node in net.nodes.items()}
    wanted.setdefault(last, LOGITS)
    dual = create_feature_extractor(net.module, wanted, tracer_kwargs=tracing, suppress_diff_warning=True).eval()
    return fx.GraphModule(dual, dual.graph)


def _output(traced: fx.GraphModule) -> fx.Node:
    return next(node for node in traced.graph.nodes if node.op == "output")
