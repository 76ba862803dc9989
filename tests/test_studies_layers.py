"""Depth of many words: by hand, against what the core gives word by word, and each error."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import xarray as xr

from neuroattr import depth, discovery, statistics
from neuroattr.corpus import Corpus, ImageSource
from neuroattr.recorded import Recorded
from neuroattr.studies import layers

WORDS = ("red", "striped", "new")


@pytest.fixture
def market():
    """160 pictures in two categories, 12 units of three layers; two units of conv see "red", nothing sees "new"."""
    rng = np.random.default_rng(0)
    ids = pd.Index([f"p{row:03d}" for row in range(160)], name="image")
    table = pd.DataFrame({"image": ids, "split": "train", "category": np.repeat(["top", "skirt"], 80)}, index=ids)
    mentions = rng.random((160, 3)) < [0.4, 0.3, 0.3]
    values = rng.normal(size=(160, 12)).astype(np.float32)
    values[:, 4:6] += 3 * mentions[:, [0]]
    corpus = Corpus("toy", table, WORDS, scipy.sparse.csr_array(mentions), ImageSource(".", {}))
    names = ["norm"] * 3 + ["conv"] * 5 + ["fc"] * 4
    coords = {"image": ids, "layer": ("unit", names), "channel": ("unit", range(12))}
    responses = xr.DataArray(values, dims=("image", "unit"), coords=coords, attrs={"key": "toy"})
    return Recorded(corpus, SimpleNamespace(title="toy"), responses, progress=False)


def curve(values, low=0.0, high=1.0):
    columns = {"value": values, "low": [low] * 2, "high": [high] * 2, "n": [9] * 2}
    return xr.Dataset({name: ("layer", column) for name, column in columns.items()}, {"layer": ["norm", "fc"]})


# By hand


def test_printed_words_are_placed_by_hand():
    shares = xr.DataArray(
        [[0.5, 0.5], [0.9, 0.1], [0.2, 0.8], [0.2, 0.8]],
        dims=("word", "layer"),
        coords={"word": ["a", "b", "c", "d"], "layer": ["norm", "fc"]},
    )
    placed = layers.placement(shares, {"norm": ["b", "a", "unknown"], "fc": ["x"], "conv": ["a"]})
    assert placed.index.tolist() == ["norm", "fc"]
    assert placed.loc["norm"].tolist() == ["b, a", 1.5, 2.5]
    assert placed["words"]["fc"] == "none" and np.isnan(placed["mean rank"]["fc"])
    tied = layers.placement(shares.transpose(), pd.DataFrame({"fc": ["c", "d"]}))
    assert tied.loc["fc"].tolist() == ["c, d", 1.5, 2.5]


def test_unevenness_by_hand():
    maxima = xr.DataArray([[1.0, 2.0, 4.0], [3.0, 2.0, 4.0]], dims=("word", "layer"))
    found = layers.unevenness(maxima, draws=200, seed=0)
    assert found.value == 2 and found.n == 2
    assert (found.low, found.high) == (2, 4)  # only the second word: 4 / 2; only the first: 4 / 1


def test_one_layer_of_a_curve_is_an_estimate():
    assert layers.estimate(curve([0.3, -0.2]), "fc") == statistics.Estimate(-0.2, 0.0, 1.0, 9)
    with pytest.raises(KeyError, match="not all values found"):
        layers.estimate(curve([0.3, -0.2]), "conv")


def test_panels_become_a_long_table():
    panels = {"share": {"a": curve([1.0, 2.0])}, "maximum": {"a": curve([3.0, 4.0]), "b": curve([5.0, 6.0])}}
    table = layers.stacked(panels, ["panel", "network"])
    assert table.columns.tolist() == ["panel", "network", "layer", "value", "low", "high", "n"]
    assert table[["panel", "network", "layer"]].iloc[3].tolist() == ["maximum", "a", "fc"]
    assert table["value"].tolist() == [1, 2, 3, 4, 5, 6]


# Against the core


def test_what_chance_gives_is_the_mean_over_shuffles(market):
    found = layers.chance_maxima(market, WORDS, shuffles=2, seed=5, within="category")
    expected = 0
    for seed in (5, 6):
        dealt = discovery.shuffled_within(market.corpus.mentions, market.corpus.strata("category"), seed=seed)
        options = {"bins": market.bins, "smoothing": market.smoothing, "words": WORDS}
        expected = expected + depth.layer_maxima(discovery.unit_divergence(market.responses, dealt, **options)) / 2
    xr.testing.assert_allclose(found, expected)
    assert found.dims == ("word", "layer") and found["layer"].to_numpy().tolist() == ["norm", "conv", "fc"]


def test_chance_takes_from_a_word_what_its_units_see(market):
    seen = depth.layer_maxima(market.divergence(WORDS)).sel(layer="conv")
    chance = layers.chance_maxima(market, WORDS, shuffles=2, seed=0).sel(layer="conv")
    excess = (seen - chance).to_series()
    assert excess["red"] > 5 * abs(excess["new"])


def test_words_are_associated_that_a_unit_sees(market):
    assert layers.associated(market, ["new", "red"]) == ["red"]
    assert layers.associated(market, ["new", "red"], rate=1.0) == ["new", "red"]


def test_contrasts_are_those_of_the_core_and_rare_words_are_left_out(market):
    alike = {"plain": [], "by category": ["category"]}
    found = layers.matched_divergences(market, WORDS, alike, at_least=10)
    assert list(found) == list(alike)
    options = {"bins": market.bins, "smoothing": market.smoothing, "words": WORDS}
    strata = market.corpus.strata("category")
    expected = discovery.matched_divergence(market.responses, market.mentions(WORDS), strata, **options)
    xr.testing.assert_identical(found["by category"], expected)
    np.testing.assert_allclose(found["plain"], market.divergence(WORDS), atol=1e-6)
    most = int(market.corpus.frequency["red"])
    only = layers.matched_divergences(market, WORDS, alike, at_least=most)
    assert only["plain"]["word"].to_numpy().tolist() == ["red"]


def test_unknown_words_and_columns_are_refused(market):
    with pytest.raises(KeyError, match="blue"):
        layers.chance_maxima(market, ["blue"], shuffles=1, seed=0)
    with pytest.raises(ValueError, match="shop"):
        layers.matched_divergences(market, WORDS, {"by shop": ["shop"]}, at_least=1)
