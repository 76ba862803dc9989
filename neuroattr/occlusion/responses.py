"""Responses of units to one picture with an occluder at every position."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
import torch
from tqdm import tqdm

from neuroattr.activations import passes
from neuroattr.backbone import Backbone
from neuroattr.backbone.evaluation import placement
from neuroattr.occlusion.incremental import Incremental
from neuroattr.occlusion.pictures import OccludablePicture
from neuroattr.occlusion.plain import Plain
from neuroattr.occlusion.units import selected
from neuroattr.saliency import Occlusion

METHODS = {"plain": Plain, "incremental": Incremental}


@dataclass(frozen=True)
class Responses:
    """Responses of some units to a picture with parts hidden.

    Attributes
    ----------
    units : their ``layer`` and ``channel``, one row a unit.
    clean : response of each to the whole picture, float32 [U].
    maps : by size of the occluder: response with it at each position, float32 [U, P, P]. Of convolutional units the
        maximum of their map.
    side : of the picture, pixels.
    """

    units: pd.DataFrame
    clean: npt.NDArray[np.float32]
    maps: dict[int, npt.NDArray[np.float32]] = field(repr=False)
    side: int

    def of(self, units: Sequence[int] | npt.NDArray[np.int_]) -> Responses:
        """Those of some units, by their labels in ``units.index`` (positions in `Backbone.units`), in that order.

        Raises
        ------
        KeyError : a unit whose responses were not computed.
        """
        missing = [unit for unit in units if unit not in self.units.index]
        if missing:
            raise KeyError(
                f"no responses of unit(s) {', '.join(map(str, missing[:5]))}; ask occlusion.responses for them"
            )
        rows = self.units.index.get_indexer(list(units))
        maps = {size: each[rows] for size, each in self.maps.items()}
        return Responses(self.units.iloc[rows], self.clean[rows], maps, self.side)

    def thinned(self, times: int) -> Responses:
        """As if the occluder had moved so many times as far from one position to the next."""
        return Responses(
            self.units, self.clean, {size: each[:, ::times, ::times] for size, each in self.maps.items()}, self.side
        )


def responses(
    net: Backbone,
    picture: torch.Tensor,
    mean: torch.Tensor,
    units: pd.DataFrame,
    occlusion: Occlusion,
    *,
    method: str = "plain",
    batch: int = 64,
    precision: str = "float32",
    progress: bool = True,
) -> Responses:
    """Responses of units to one picture with an occluder at every position; one pass serves all units and words.

    Parameters
    ----------
    picture, mean : the picture and what hides its parts, 3 x S x S each: from `picture` and `mean_picture`, with the
        same ``side``.
    units : rows of ``net.units`` (columns layer and channel): those of all words asked about.
    occlusion : sizes and stride of the occluders.
    method : ``"plain"``: every occluded picture through the network up to the deepest layer of `units`.
        ``"incremental"``: only what the occluder can reach is computed anew; the same answers (bit for bit where the
        processor sums in the same order), several times faster, for networks whose layers follow one another (AlexNet,
        CaffeNet, VGG).
    batch : occluded pictures at a time; memory holds them and their maps.
    precision, progress : as `activations.record` takes them.

    Raises
    ------
    ValueError : an unknown method or precision, units that the network has not, an occluder larger than the picture, or
        a network with branches for ``"incremental"``.

    Notes
    -----
    ``a_i(x, y)`` of *Discovery* section 6. A patent application covers incremental inference (US 2023/0042004 A1): the
    plain method is the default, and a person has to decide whether the other may be shipped or used.
    """
    if method not in METHODS or precision not in passes.PRECISIONS or batch < 1:
        raise ValueError(
            f"wanted method {' or '.join(METHODS)}, precision {' or '.join(passes.PRECISIONS)} and a batch of at least "
            f"1; got method={method!r}, precision={precision!r}, batch={batch}"
        )
    device, _ = placement(net.module)
    selection = selected(net, units, device)
    shown, side = OccludablePicture(picture.to(device), mean.to(device), net.preprocess.crop), picture.shape[1]
    grids = {size: len(occlusion.positions(size, side=side)) for size in occlusion.sizes}
    maps = {size: np.empty((len(units), count, count), np.float32) for size, count in grids.items()}
    way = METHODS[method](net, shown, selection, occlusion, batch)
    total, hidden = occlusion.passes(side=side), None if progress else True
    with (
        passes.forward(net.module, way.tiles(), way.responses, device=device, precision=precision) as answered,
        tqdm(total=total, desc="occlusion", unit="picture", disable=hidden) as bar,
    ):
        whole = shown.fitted(shown.picture[None]).contiguous(memory_format=torch.channels_last)
        clean = selection.maxima(net.responses(whole, selection.layers))[0].cpu().numpy()
        for tile, values in answered:
            maps[tile.size][:, tile.rows[:, None], tile.columns] = values
            bar.update(len(tile.rows) * len(tile.columns))
    return Responses(units, clean, maps, side)
