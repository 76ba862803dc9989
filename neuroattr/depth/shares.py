"""Equation 4: the share of each layer in a word's divergence, the words it puts first, and the word's mean depth."""

from collections.abc import Iterable

import numpy as np
import xarray as xr
from jaxtyping import Real

from neuroattr import statistics
from neuroattr.checks import finite, one_of, require
from neuroattr.statistics import Estimate

POOLINGS = ("max", "sum")
"""How the units of a layer become one number: `layer_magnitudes` describes them."""


def layer_maxima(divergence: xr.DataArray, *, pooling: str = "max") -> xr.DataArray:
    """Divergence in nats of each layer, ``[word, layer]``: that of its most divergent unit; shallow layers first.

    Parameters
    ----------
    divergence
        ``[word, unit]`` with the coordinate ``layer`` on ``unit``, as `neuroattr.discovery.unit_divergence` gives it;
        from ``statistics.corrected_divergence`` by way of ``discovery.unit_scores`` for the bias-corrected variant.
    pooling
        ``"max"``, or ``"sum"`` over the units of the layer.

    Raises
    ------
    ValueError
        No coordinate ``layer`` on ``unit``; an unknown pooling.

    Notes
    -----
    The numerator of equation 4 of *Discovery*. A maximum over many noisy units is large by chance: it grows with the
    width of the layer and with 1 / n+. Subtract what shuffled mentions give (`layer_shares`, `chance`) to see past it.
    """
    one_of(pooling, POOLINGS, name="pooling")
    if "layer" not in divergence.coords or divergence["layer"].dims != ("unit",):
        raise ValueError("divergence must have the coordinate 'layer' on its dimension 'unit', as activations have")
    layers = list(dict.fromkeys(divergence["layer"].to_numpy().tolist()))
    grouped = divergence.groupby("layer")  # in the order of the alphabet
    pooled = grouped.max("unit") if pooling == "max" else grouped.sum("unit")
    return pooled.sel(layer=layers)


def layer_shares(divergence: xr.DataArray, *, chance: xr.DataArray | None = None) -> xr.DataArray:
    """Share of each layer in a word's divergence, ``[word, layer]``; a word's shares sum to 1.

    Parameters
    ----------
    divergence
        As `layer_maxima` takes it.
    chance
        Layer maxima without any association, ``[word, layer]``: the mean of `layer_maxima` over divergences of
        shuffled mentions. It is subtracted before the division.

    Returns
    -------
    shares
        NaN for a word that diverges nowhere.

    Notes
    -----
    Equation 4 of *Discovery*:

    .. math:: S_l(u|D) = \\frac{1}{Z} \\max_{i \\in l} S_i(u|D), \\quad Z = \\sum_l \\max_{i \\in l} S_i(u|D)

    Maxima below zero, which only a corrected divergence has, count as zero. Shares are compositional: where one rises,
    others must fall, so a negative correlation of one layer may be forced by another's positive one.

    Examples
    --------
    >>> divergence = xr.DataArray([[0.1, 0.3, 0.1]], dims=("word", "unit"), coords={"layer": ("unit", ["a", "a", "b"])})
    >>> layer_shares(divergence).values.round(2).tolist()
    [[0.75, 0.25]]
    """
    maxima = layer_maxima(divergence)
    excess = (maxima if chance is None else maxima - chance.sel(layer=maxima["layer"])).clip(min=0)
    total = excess.sum("layer")
    return (excess / total.where(total > 0)).rename("share")


def salient_words(shares: xr.DataArray, *, count: int) -> xr.DataArray:
    """The `count` words with the largest share at each layer, ``[rank, layer]``, the most salient first (rank 1).

    Words without shares (NaN) come last; equal ones keep their order. *Discovery*, table 3.
    """
    _check_words(shares)
    require(1 <= count <= shares.sizes["word"], f"count must be 1 to {shares.sizes['word']} (words); got {count}")
    ranked = (-shares.transpose("word", "layer").to_numpy()).argsort(axis=0, kind="stable")[:count]  # count x L
    names = shares["word"].to_numpy()[ranked]
    coordinates = {"rank": np.arange(1, count + 1), "layer": shares["layer"].to_numpy()}
    return xr.DataArray(names, dims=("rank", "layer"), coords=coordinates, name="word")


def salient_overlap(first: xr.DataArray, second: xr.DataArray, *, count: int) -> xr.Dataset:
    """How many of the `count` most salient words two networks share, and how many chance would give, by layer.

    Variables ``shared[layer]`` and ``chance`` (the mean of the hypergeometric distribution), for the layers of both.
    """
    layers = [layer for layer in first["layer"].to_numpy() if layer in second["layer"].to_numpy()]
    require(set(first["word"].to_numpy()) == set(second["word"].to_numpy()), "both networks must have the same words")
    tables = [salient_words(shares, count=count) for shares in (first, second)]
    shared = [len(set.intersection(*(set(table.sel(layer=layer).to_numpy()) for table in tables))) for layer in layers]
    return by_layer(layers, shared=shared, chance=[count**2 / first.sizes["word"]] * len(layers))


def overlap_beyond_chance(overlap: xr.Dataset, *, draws: int, seed: int) -> Estimate:
    """Mean over layers of how many salient words two networks share beyond chance (`salient_overlap`).

    Notes
    -----
    The interval is from resampling layers: there are few, and they are not independent, so it is a rough one.
    """
    excess = (overlap["shared"] - overlap["chance"]).to_numpy().astype(np.float64)
    return statistics.bootstrap(np.mean, excess, draws=draws, seed=seed, method="percentile")


def mean_depth(shares: xr.DataArray) -> xr.DataArray:
    """Depth of each word: the mean position of the layers (first 1, last L), weighted by the word's shares."""
    positions = xr.DataArray(np.arange(1, shares.sizes["layer"] + 1), dims="layer", coords={"layer": shares["layer"]})
    return (shares * positions).sum("layer", skipna=False).rename("depth")


def depth_difference(
    first: Real[np.ndarray, " A"], second: Real[np.ndarray, " B"], *, draws: int, seed: int, level: float = 0.95
) -> Estimate:
    """Mean depth of the `first` words less that of the `second`, with an interval from resampling each group's words.

    Raises
    ------
    ValueError
        A group of fewer than two words; NaN.
    """
    groups = [finite(group, name=name) for name, group in (("first", first), ("second", second))]
    sizes = [len(group) for group in groups]
    require(min(sizes) >= 2, f"depth_difference needs two groups of at least 2 words; got {sizes[0]} and {sizes[1]}")
    random = np.random.default_rng(seed)
    rows = [statistics.resampled_rows(size, draws=draws, seed=random) for size in sizes]
    means = [group[chosen].mean(axis=1) for group, chosen in zip(groups, rows, strict=True)]
    value = groups[0].mean() - groups[1].mean()
    return statistics.percentile_estimate(value, means[0] - means[1], n=sum(sizes), level=level)


def by_layer(layers: Iterable[str], **columns: Iterable[float]) -> xr.Dataset:
    """Columns of one value a layer as a dataset."""
    return xr.Dataset({name: ("layer", list(column)) for name, column in columns.items()}, {"layer": list(layers)})


def _check_words(shares: xr.DataArray) -> None:
    require("word" in shares.coords, "shares must have the coordinate 'word'; pass words=... to unit_divergence")
