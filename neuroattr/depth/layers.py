"""What differs by layer over all words: how much it diverges (figure 4), how far it agrees with people (figure 5)."""

from collections.abc import Callable, Sequence

import numpy as np
import xarray as xr
from jaxtyping import Float, Real

from neuroattr import statistics
from neuroattr.checks import finite, require
from neuroattr.depth.shares import by_layer, layer_maxima
from neuroattr.statistics import Estimate, pearson


def layer_magnitudes(
    divergence: xr.DataArray, *, draws: int, seed: int, pooling: str = "max", level: float = 0.95
) -> xr.Dataset:
    """Average layer-wise divergence over the words and its share of all layers, with intervals over words.

    Parameters
    ----------
    divergence
        As `layer_maxima` takes it.
    draws, seed
        Of the resampling of words.
    pooling
        ``"max"``: of the most divergent unit, as text and caption say. ``"sum"``: over all units of the layer, as the
        formula is printed; then wide layers weigh more.

    Returns
    -------
    magnitudes
        By layer: ``magnitude`` in nats, ``share`` (sums to 1), ``low`` and ``high`` of the share, ``n`` words.

    Notes
    -----
    ``M_l = (1 / |U|) sum_u sum_{i in l} S_i(u | D)``, *Discovery* section 5 and figure 4, for the words u in U.
    """
    pooled = layer_maxima(divergence, pooling=pooling).transpose("word", "layer")
    values = finite(pooled.to_numpy(), name="divergence")  # W x L
    rows = statistics.resampled_rows(len(values), draws=draws, seed=seed)
    means = np.stack([values[chosen].mean(axis=0) for chosen in rows])  # draws x L
    low, high = np.quantile(means / means.sum(axis=1, keepdims=True), [(1 - level) / 2, (1 + level) / 2], axis=0)
    magnitude = values.mean(axis=0)
    share, n = magnitude / magnitude.sum(), [len(values)] * len(magnitude)
    return by_layer(pooled["layer"].to_numpy(), magnitude=magnitude, share=share, low=low, high=high, n=n)


def share_difference(
    after: xr.DataArray,
    before: xr.DataArray,
    *,
    layer: str,
    draws: int,
    seed: int,
    pooling: str = "max",
    level: float = 0.95,
) -> Estimate:
    """Share of a layer in the average divergence of one network less that in another's, resampling words together.

    Parameters
    ----------
    after, before
        Divergences of the same words in two networks, as `layer_maxima` takes them; widths may differ.
    layer
        Of both networks.
    draws, seed
        Of the resampling of words.
    pooling
        As `layer_magnitudes` takes it.

    Raises
    ------
    ValueError
        Other words, or a layer that one of them does not have.

    Notes
    -----
    The shares are those of `layer_magnitudes`: what fine-tuning does to *Discovery*'s figure 4.
    """
    require(list(after["word"].to_numpy()) == list(before["word"].to_numpy()), "both networks must have the same words")
    tables, places = [], []
    for divergence in (after, before):
        pooled = layer_maxima(divergence, pooling=pooling).transpose("word", "layer")
        layers = pooled["layer"].to_numpy().tolist()
        require(layer in layers, f"layer must be one of {', '.join(layers)}; got {layer!r}")
        tables.append(finite(pooled.to_numpy(), name="divergence"))
        places.append(layers.index(layer))

    def difference(*values: np.ndarray) -> float:
        first, second = (_shares(table)[place] for table, place in zip(values, places, strict=True))
        return float(first - second)

    return statistics.bootstrap(difference, *tables, draws=draws, seed=seed, level=level, method="percentile")


def tuning_effect(after: xr.DataArray, before: xr.DataArray, *, draws: int, seed: int) -> Estimate:
    """Largest change of any layer's share between two networks, less that between two halves of the words in one.

    The same words in both networks against other words in the same network (`before`): above zero, the network
    changed more than its words differ. The interval is from drawing the halves and resampling words anew each time.

    Raises
    ------
    ValueError
        As `share_difference`; fewer than four words.

    Notes
    -----
    "Fine-tuning affects the maximum KL ratio per layer" (poster), given a scale by which to call an effect one.
    """
    require(list(after["word"].to_numpy()) == list(before["word"].to_numpy()), "both networks must have the same words")
    first, second = (layer_maxima(one).transpose("word", "layer").to_numpy() for one in (after, before))
    n_words, random = len(first), np.random.default_rng(seed)
    require(n_words >= 4, f"tuning_effect needs at least 4 words; got {n_words}")
    differences = []
    for _ in range(draws):
        rows = random.integers(0, n_words, n_words)
        halves = np.array_split(random.permutation(n_words), 2)
        changed = np.abs(_shares(first[rows]) - _shares(second[rows])).max()
        differences.append(changed - np.abs(_shares(second[halves[0]]) - _shares(second[halves[1]])).max())
    return statistics.percentile_estimate(np.mean(differences), np.array(differences), n=n_words)


def visualness_by_layer(
    values: xr.DataArray,
    visualness: Real[np.ndarray, " W"],
    *,
    draws: int,
    seed: int,
    correlation: Callable[..., Estimate] = pearson,
) -> xr.Dataset:
    """Correlation over words of each layer's value with how visual people find the word.

    Parameters
    ----------
    values
        ``[word, layer]``: `layer_shares` as the paper has it, or `layer_maxima`, which no other layer can push down.
    visualness
        One number a word, in the order of `values`.
    draws, seed
        Of the resampling of words.
    correlation
        `statistics.pearson` or `statistics.spearman`.

    Returns
    -------
    correlations
        By layer: ``value``, ``low``, ``high``, ``n`` words.

    Notes
    -----
    *Discovery*, figure 5.
    """
    values, visualness = _aligned(values, visualness)
    layers, correlations = values["layer"].to_numpy(), []
    for layer in layers:
        pairs = values.sel(layer=layer).to_numpy(), visualness
        correlations.append(statistics.bootstrap(lambda x, y: correlation(x, y).value, *pairs, draws=draws, seed=seed))
    return by_layer(layers, **{name: [vars(each)[name] for each in correlations] for name in vars(correlations[0])})


def layer_advantage(
    values: xr.DataArray,
    visualness: Real[np.ndarray, " W"],
    layers: Sequence[str],
    *,
    draws: int,
    seed: int,
    correlation: Callable[..., Estimate] = pearson,
) -> Estimate:
    """Best correlation with people among `layers` less the best among the others, resampling words together.

    Above zero, those layers agree most with people: *Discovery* section 5 says so of the mid layers.

    Raises
    ------
    ValueError
        Layers that are not there, or none left on one of the sides.
    """
    values, visualness = _aligned(values, visualness)
    chosen = np.isin(values["layer"].to_numpy(), list(layers))
    if chosen.sum() != len(set(layers)) or chosen.all() or not chosen.any():
        there, got = ", ".join(values["layer"].to_numpy()), ", ".join(layers) or "none"
        raise ValueError(f"layers must be some, not all, of {there}; got {got}")

    def advantage(table: np.ndarray, people: np.ndarray) -> float:
        each = np.array([correlation(column, people).value for column in table.T])
        return float(each[chosen].max() - each[~chosen].max())

    return statistics.bootstrap(advantage, values.to_numpy(), visualness, draws=draws, seed=seed, method="percentile")


def _aligned(values: xr.DataArray, visualness: np.ndarray) -> tuple[xr.DataArray, np.ndarray]:
    values, visualness = values.transpose("word", "layer"), np.asarray(visualness, np.float64)
    n_words = values.sizes["word"]
    require(
        visualness.shape == (n_words,),
        f"visualness must hold one number for each of the {n_words} words of values; got shape {visualness.shape}",
    )
    return values, visualness


def _shares(maxima: Float[np.ndarray, "W L"]) -> Float[np.ndarray, " L"]:
    mean = maxima.mean(axis=0)
    shares: Float[np.ndarray, " L"] = mean / mean.sum()
    return shares
