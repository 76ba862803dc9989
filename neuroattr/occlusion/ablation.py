"""Networks with ablated units: what the deeper layers make of a picture without them."""

from __future__ import annotations

import hashlib

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from torch import fx, nn

from neuroattr.backbone import Backbone, tracing
from neuroattr.backbone.evaluation import placement

LOGITS = "logits"


class Ablated(Backbone):
    """A network whose `units` give a constant, whatever they see; everything after them is computed from that.

    Use `ablated`. It is a `Backbone` like any other: `activations.record` stores what it answers under a key of its
    own.
    """

    def __init__(self, net: Backbone, units: pd.DataFrame, constants: npt.NDArray[np.float32]) -> None:
        super().__init__(
            net.module,
            name=f"{net.name} without {len(units)} units",
            title=f"{net.title} with {len(units)} units silenced",
            nodes=net.nodes,
            preprocess=net.preprocess,
            licence=net.licence,
            channels_last=net.channels_last,
        )
        self._net, self._ablated, self._constants = net, units, constants

    @property
    def digest(self) -> str:
        """SHA-256 of the network's weights, the ablated units and their constants."""
        digest = hashlib.sha256(self._net.digest.encode())
        digest.update(self._ablated[["layer", "channel"]].to_csv(index=False).encode())
        digest.update(self._constants.tobytes())
        return digest.hexdigest()

    def logits(self, batch: torch.Tensor) -> torch.Tensor:
        """Answers of the last layer without the units, N x classes."""
        return self._answered(self._extractor((LOGITS,)), batch)[LOGITS]

    def _cut(self, layers: tuple[str, ...]) -> fx.GraphModule:
        """The traced network with a `Constant` behind each layer that has ablated units."""
        whole, ends = tracing.traced(self.module, self.nodes, name=self.name)
        ends = {**ends, LOGITS: tracing.answer(whole)}
        device = placement(self.module)[0]
        for layer, rows in self._ablated.groupby("layer", sort=False).indices.items():
            channels = torch.as_tensor(self._ablated["channel"].to_numpy()[rows].astype(np.int64))
            constant = Constant(channels, torch.as_tensor(self._constants[rows]), last=self.channels_last)
            whole.add_submodule(f"ablated_{layer}", constant.to(device))
            read = ends[layer]
            with whole.graph.inserting_after(read):
                node = whole.graph.call_module(f"ablated_{layer}", (read,))
            read.replace_all_uses_with(node, delete_user_cb=lambda user, own=node: user is not own)
            ends = {name: node if end is read else end for name, end in ends.items()}
        return tracing.cut(whole, {layer: ends[layer] for layer in layers})


class Constant(nn.Module):  # type: ignore[misc]  # mypy does not read torch
    """Replaces some channels by constants.

    Parameters
    ----------
    channels : positions, int64.
    values : one for each of them.
    last : channels are the last of four axes (and always of three: tokens).
    """

    def __init__(self, channels: torch.Tensor, values: torch.Tensor, *, last: bool) -> None:
        super().__init__()
        self.register_buffer("channels", channels)
        self.register_buffer("values", values)
        self.last = last

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        places_last = maps.movedim(-1, 1) if maps.ndim == 3 or (self.last and maps.ndim == 4) else maps
        filled = places_last.clone()
        shape = (1, -1, *[1] * (filled.ndim - 2))
        filled[:, self.channels] = self.values.to(filled.dtype).view(shape)
        return filled.movedim(1, -1) if places_last is not maps else filled


def ablated(net: Backbone, units: pd.DataFrame, *, constants: npt.NDArray[np.floating] | float = 0.0) -> Ablated:
    """The network with some units held constant.

    Parameters
    ----------
    units : rows of ``net.units`` (columns layer and channel).
    constants : what they give instead of their answer, at every place: one number, or one for each unit, such as its
        mean over a corpus.

    Raises
    ------
    ValueError : no unit, one that the network has not, or another number of constants.

    Notes
    -----
    The network itself is not touched. Units of a layer are ablated behind it, as it is read: behind the rectifier or
    the normalisation where those belong to the layer.
    """
    faulty = [
        f"{layer} {channel}"
        for layer, channel in units[["layer", "channel"]].to_numpy()
        if not 0 <= channel < net.widths.get(layer, 0)
    ]
    if faulty or not len(units):
        raise ValueError(f"wanted units of {net.name}, rows of its `units`; got {', '.join(faulty[:3]) or 'none'}")
    values = np.asarray(constants, np.float32)
    if values.shape not in ((), (len(units),)):
        raise ValueError(
            f"wanted one constant, or one for each of the {len(units)} units; got an array of shape {values.shape}"
        )
    return Ablated(net, units, np.broadcast_to(values, len(units)).copy())
