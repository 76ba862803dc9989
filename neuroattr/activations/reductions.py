"""What is kept of a batch's responses: pooled maps, whole maps, or vectors at positions drawn for each picture."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import torch

from neuroattr.activations import passes
from neuroattr.backbone import Backbone

DTYPES = ("float32", "float16")
Values = npt.NDArray[np.float32] | npt.NDArray[np.float16]
Reduction = Callable[[Backbone, Sequence[torch.Tensor], Sequence[str], torch.device], Values]
"""Values of some pictures (and their ids), one row each."""


@dataclass(frozen=True)
class Pooled:
    """One number a unit: the maximum or mean of its map, as `record` takes its layers and pooling."""

    layers: tuple[str, ...]
    pooling: str

    def __call__(
        self, net: Backbone, pictures: Sequence[torch.Tensor], ids: Sequence[str], device: torch.device
    ) -> Values:
        """N x U float32."""
        return passes.pooled(net, pictures, self.layers, device, self.pooling)


@dataclass(frozen=True)
class WholeMap:
    """The map of a layer, N x C x H x W."""

    layer: str
    dtype: str

    def __call__(
        self, net: Backbone, pictures: Sequence[torch.Tensor], ids: Sequence[str], device: torch.device
    ) -> Values:
        """N x C x H x W."""
        return in_precision(responses(net, pictures, self.layer, device), net, self.layer, self.dtype)


@dataclass(frozen=True)
class AtPositions:
    """Vectors of a map, one for each position: the responses of all channels there.

    Parameters
    ----------
    cells : those that may be taken, int [M]: ``row * columns + column``.
    positions : how many of them are drawn for each picture; all M for None.
    seed : of the draw.
    """

    layer: str
    dtype: str
    cells: npt.NDArray[np.intp] = field(repr=False)
    positions: int | None
    seed: int

    def drawn(self, id: str) -> npt.NDArray[np.intp]:
        """Cells of a picture, ascending: int [P]."""
        return self.cells if self.positions is None else drawn(self.cells, self.positions, id=id, seed=self.seed)

    def __call__(
        self, net: Backbone, pictures: Sequence[torch.Tensor], ids: Sequence[str], device: torch.device
    ) -> Values:
        """N x P x C."""
        maps = responses(net, pictures, self.layer, device).flatten(2)  # N x C x cells
        taken = torch.as_tensor(np.stack([self.drawn(id) for id in ids]), device=maps.device)  # N x P
        found = maps.gather(2, taken[:, None].expand(-1, maps.shape[1], -1)).transpose(1, 2)
        return in_precision(found, net, self.layer, self.dtype)


def drawn(cells: npt.NDArray[np.intp], count: int, *, id: str, seed: int) -> npt.NDArray[np.intp]:
    """``count`` of the cells, drawn without replacement for the picture of a name, ascending.

    The same for the same name and seed, whatever the other pictures. Those of a smaller count are among those of a
    larger one.
    """
    words = np.frombuffer(hashlib.sha256(id.encode("utf-8", "surrogatepass")).digest(), "<u4")
    order = np.random.default_rng([seed, *words.tolist()]).permutation(len(cells))
    return np.sort(cells[order[:count]])


def responses(net: Backbone, pictures: Sequence[torch.Tensor], layer: str, device: torch.device) -> torch.Tensor:
    """What a layer answers to some pictures, N x C x H x W; 1 x 1 places where it has none."""
    found = net.responses(passes.stacked(pictures, device), (layer,))[layer]
    maps = found[:, :, None, None] if found.ndim == 2 else found
    passes.check(maps, net, layer, shape=(len(pictures), net.widths[layer], *net.map_sizes[layer]), gave=found)
    return maps


def in_precision(values: torch.Tensor, net: Backbone, layer: str, dtype: str) -> Values:
    """Values as an array of a type.

    Raises
    ------
    FloatingPointError : if half precision cannot hold one of them.
    """
    found = values.to(getattr(torch, dtype))
    if not torch.isfinite(found).all():
        raise FloatingPointError(
            f"layer {layer!r} of {net.name} gives values up to {values.abs().max():.3g}; half precision holds 65504 at "
            "most: keep them with dtype='float32'"
        )
    return np.asarray(found.cpu().numpy())
