"""Units to be read, out of those of a network."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import torch

from neuroattr.backbone import Backbone


@dataclass(frozen=True)
class UnitSelection:
    """Which units are read: their rows in the result and their channels, by layer, shallow to deep."""

    rows: dict[str, torch.Tensor]
    channels: dict[str, torch.Tensor]
    count: int

    @property
    def layers(self) -> tuple[str, ...]:
        """Layers that are read."""
        return tuple(self.rows)

    def maxima(self, responses: dict[str, torch.Tensor]) -> torch.Tensor:
        """Response of each unit: N x U float32; of a map its maximum."""
        chosen = {layer: each.index_select(1, self.channels[layer]) for layer, each in responses.items()}
        return self.joined({layer: largest(each) for layer, each in chosen.items()})

    def joined(self, values: dict[str, torch.Tensor]) -> torch.Tensor:
        """Values N x c of each layer's units as N x U float32."""
        first = next(iter(values.values()))
        found = first.new_empty((len(first), self.count), dtype=torch.float32)
        for layer, each in values.items():
            found[:, self.rows[layer]] = each.float()
        return found


def largest(responses: torch.Tensor) -> torch.Tensor:
    """Maximum of each map: N x C x H x W, or N x C as it is, to N x C."""
    return responses.flatten(2).amax(2) if responses.ndim > 2 else responses


def selected(net: Backbone, units: pd.DataFrame, device: torch.device) -> UnitSelection:
    """What to read for `units` (columns layer and channel).

    Raises
    ------
    ValueError : no unit, or one that the network has not.
    """
    layers = [layer for layer in net.layers if (units["layer"] == layer).any()]
    unknown = sorted(set(units["layer"]) - set(net.layers))
    beyond = [layer for layer in layers if units.loc[units["layer"] == layer, "channel"].max() >= net.widths[layer]]
    if not layers or unknown or beyond:
        fault = f"layers {', '.join(unknown)}" if unknown else f"channels beyond the width of {', '.join(beyond)}"
        raise ValueError(f"wanted units of {net.name}, rows of its `units`; got {fault if len(units) else 'none'}")
    rows = {layer: np.flatnonzero(units["layer"] == layer) for layer in layers}
    channels = {layer: units["channel"].to_numpy()[at].astype(np.int64) for layer, at in rows.items()}
    return UnitSelection(
        {layer: torch.as_tensor(each, device=device) for layer, each in rows.items()},
        {layer: torch.as_tensor(each, device=device) for layer, each in channels.items()},
        len(units),
    )
