"""How a recording is made, checked."""

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from neuroattr.activations import passes
from neuroattr.backbone import Backbone
from neuroattr.backbone.evaluation import placement


@dataclass(frozen=True)
class Settings:
    """How a recording is made."""

    layers: tuple[str, ...]
    batch: int
    precision: str
    device: torch.device
    progress: bool


def checked(
    net: Backbone, layers: Sequence[str] | None, batch: int, precision: str, device: str | None, progress: bool
) -> Settings:
    """The settings as `record` takes them.

    Raises
    ------
    ValueError : an unknown layer or precision; a batch of less than one picture.
    RuntimeError : a device that is not there.
    """
    layers = tuple(net.layers if layers is None else layers)
    unknown = [layer for layer in layers if layer not in net.widths]
    if unknown or not layers or len(set(layers)) < len(layers):
        raise ValueError(
            f"layers must be different named layers of {net.name} ({', '.join(net.widths)}); got {', '.join(layers)!r}"
        )
    if precision not in passes.PRECISIONS:
        raise ValueError(f"precision must be one of {', '.join(passes.PRECISIONS)}; got {precision!r}")
    if batch < 1:
        raise ValueError(f"batch must be at least 1 picture; got {batch}")
    if device is None:
        device, _ = placement(net.module)
    return Settings(layers, batch, precision, passes.checked_device(device), progress)
