"""How far two recordings of the same pictures agree: what a lower precision, or another device, does to results."""

import numpy as np
import numpy.typing as npt
import pandas as pd
import xarray as xr
from scipy.stats import rankdata


def rank_agreement(reference: xr.DataArray, other: xr.DataArray, *, over: str = "image") -> pd.DataFrame:
    """Spearman's correlation of each unit's values along the dimension `over`, summarised by layer.

    Parameters
    ----------
    reference, other : two recordings ``activation[image, unit]``, or two divergences ``divergence[word, unit]`` with
        ``over="word"``, with the same labels in the same order.

    Returns
    -------
    One row a layer: ``units`` that vary in both, the ``median`` and ``lowest`` correlation of those,
    ``constant`` units (without a rank order, so left out), and the ``largest_difference`` relative to the
    layer's largest absolute value.

    Raises
    ------
    ValueError : if the two do not have the same labels.
    """
    for name in (over, "layer", "channel"):
        if not np.array_equal(reference[name].values, other[name].values):
            raise ValueError(f"the two must have the same {name} labels in the same order to be compared; they differ")
    first = reference.transpose(over, "unit").values
    second = other.transpose(over, "unit").values
    correlation = _spearman(first, second)
    layer = reference["layer"].values
    rows = {}
    for name in dict.fromkeys(layer):
        here = layer == name
        varying = correlation[here][~np.isnan(correlation[here])]
        scale = np.abs(first[:, here]).max() or 1.0
        rows[name] = {
            "units": len(varying),
            "median": np.median(varying) if len(varying) else np.nan,
            "lowest": varying.min() if len(varying) else np.nan,
            "constant": int(here.sum()) - len(varying),
            "largest_difference": np.abs(first[:, here] - second[:, here]).max() / scale,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("layer")


def _spearman(first: npt.NDArray[np.floating], second: npt.NDArray[np.floating]) -> npt.NDArray[np.floating]:
    """Correlation of the ranks of each column of two N x U arrays; NaN where a column is constant."""
    ranks = [rankdata(values, axis=0) for values in (first, second)]  # ties share their mean rank
    centred = [rank - rank.mean(axis=0) for rank in ranks]
    spread = np.sqrt((centred[0] ** 2).sum(axis=0) * (centred[1] ** 2).sum(axis=0))
    product = (centred[0] * centred[1]).sum(axis=0)
    return np.asarray(np.divide(product, spread, out=np.full(len(product), np.nan), where=spread > 0))
