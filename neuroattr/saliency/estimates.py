"""Mean scores as estimates, one for each label of a table: network, number of units, threshold."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import xarray as xr

from neuroattr import statistics
from neuroattr.checks import require
from neuroattr.saliency.averages import TagMeans


def estimates(
    means: TagMeans, statistic: Callable[[xr.DataArray], xr.DataArray] = lambda mean: mean, *, level: float = 0.95
) -> xr.DataArray:
    """A `statistics.Estimate` for each label of the means: `TagMeans.estimate` of all of them at once.

    Parameters
    ----------
    means
        Of any dimensions.
    statistic
        Of the means and of their resamples: ``lambda mean: mean.sel(K=64) - mean.sel(K=1)`` is paired.
    level
        Coverage of the intervals.

    Returns
    -------
    estimates
        Objects, with the dimensions and labels that the statistic leaves; ``estimates.item()`` of no dimension.

    Raises
    ------
    ValueError
        A statistic that has other dimensions for the resamples than for the means.
    """
    value, draws = statistic(means.value), statistic(means.draws)
    require(
        set(draws.dims) == {"draw", *value.dims},
        f"statistic must keep the dimension 'draw' of the resamples; it leaves {list(draws.dims)} of them",
    )
    resampled = draws.transpose("draw", *value.dims).to_numpy()
    cells = np.empty(value.shape, object)
    for place, each in np.ndenumerate(value.to_numpy()):
        own = resampled[(slice(None), *place)]
        cells[place] = statistics.percentile_estimate(float(each), own, n=means.n, level=level)
    return value.copy(data=cells)
