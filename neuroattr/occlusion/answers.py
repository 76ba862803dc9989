"""Responses of units to one picture with an occluder at every position."""

from __future__ import annotations

import numpy as np
import pandas as pd
import torch
from tqdm import tqdm

from neuroattr.activations.passes import PRECISIONS, placed
from neuroattr.backbone.evaluation import placement
from neuroattr.occlusion import incremental, plain
from neuroattr.occlusion.scenes import Responses, Scene, reading
from neuroattr.saliency import Occlusion

METHODS = {"plain": plain.parts, "incremental": incremental.parts}


def responses(
    net,
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
    net
        A `backbone.Backbone`; it is computed where its weights are.
    picture, mean
        The picture and what hides its parts, 3 x S x S each: from `picture` and `mean_picture`, with the same ``side``.
    units
        Rows of ``net.units`` (columns layer and channel): those of all words asked about.
    occlusion
        Sizes and stride of the occluders.
    method
        ``"plain"``: every occluded picture through the network up to the deepest layer of `units`. ``"incremental"``:
        only what the occluder can reach is computed anew; the same answers (bit for bit where the processor sums in the
        same order), several times faster, for networks whose layers follow one another (AlexNet, CaffeNet, VGG).
    batch
        Occluded pictures at a time; decides memory.
    precision
        "float32" or "bfloat16".
    progress
        Show a progress bar, if there is a terminal.

    Raises
    ------
    ValueError
        An unknown method or precision; units that the network has not; an occluder larger than the picture; a network
        with branches for ``"incremental"``.

    Notes
    -----
    ``a_i(x, y)`` of *Discovery* section 6. Memory holds `batch` pictures and their maps, whatever the number of
    positions, and the answers. A patent application covers incremental inference (US 2023/0042004 A1): the plain
    method is the default, and a person has to decide whether the other may be shipped or used.
    """
    if method not in METHODS or precision not in PRECISIONS or batch < 1:
        raise ValueError(
            f"wanted method {' or '.join(METHODS)}, precision {' or '.join(PRECISIONS)} and a batch of at least 1; got "
            f"method={method!r}, precision={precision!r}, batch={batch}"
        )
    device, _ = placement(net.module)
    wanted = reading(net, units, device)
    scene = Scene(picture.to(device), mean.to(device), net.preprocess.crop)
    side = picture.shape[1]
    grids = {size: len(occlusion.positions(size, side=side)) for size in occlusion.sizes}
    maps = {size: np.empty((len(units), count, count), np.float32) for size, count in grids.items()}
    with (
        placed(net.module, device, precision),
        tqdm(
            total=occlusion.passes(side=side), desc="occlusion", unit="picture", disable=None if progress else True
        ) as bar,
    ):
        whole = scene.fitted(scene.picture[None]).contiguous(memory_format=torch.channels_last)
        clean = wanted.peaks(net.responses(whole, wanted.layers))[0].cpu().numpy()
        for size, rows, columns, values in METHODS[method](net, scene, wanted, occlusion, batch=batch):
            maps[size][:, rows[:, None], columns] = values
            bar.update(len(rows) * len(columns))
    return Responses(units, clean, maps, side)
