"""What a longer step of the occluder costs: maps of coarse grids beside that of the finest one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from neuroattr import saliency
from neuroattr.corpus import Corpus
from neuroattr.occlusion import Localiser, Target


def by_stride(
    localiser: Localiser, corpus: Corpus, targets: Sequence[Target], *, times: Sequence[int], count: int
) -> pd.DataFrame:
    """Maps with longer and longer steps, compared with the first of them: one row a step, means over the targets.

    Parameters
    ----------
    localiser
        With the finest step; each picture is occluded once, and coarser grids are part of that one.
    corpus
        Has the pictures.
    targets
        Words in pictures, with the region that people marked.
    times
        Multiples of the finest step, the first of them what the others are compared with.
    count
        Units of each map (K).

    Returns
    -------
    table
        Index ``step (px)``, in pixels of the occluded picture. ``passes``: occluded pictures that the step needs.
        ``correlation with the finest``: Pearson, over pixels. ``average precision``.

    Raises
    ------
    ValueError
        No target.
    """
    if not targets:
        raise ValueError("want at least one target to compare the steps on; got none")
    compared = []
    for target in targets:
        found = localiser.strides(corpus.image(target.image), target.word, times=times, count=count)
        maps = found.to_numpy()
        alike = [np.corrcoef(maps[0].ravel(), each.ravel())[0, 1] for each in maps]
        columns = {
            "step (px)": found["stride"].to_numpy(),
            "correlation with the finest": alike,
            "average precision": saliency.average_precision(maps, target.region),
        }
        compared.append(pd.DataFrame(columns))
    table = pd.concat(compared).groupby("step (px)").mean()
    passes = [localiser.with_stride(int(step)).occlusion.passes(side=localiser.side) for step in table.index]
    table.insert(0, "passes", passes)
    return table
