import numpy as np
import pytest
import scipy.stats
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from neuroattr import depth, statistics

LAYERS = ["norm1"] * 3 + ["conv3"] * 5 + ["fc6"] * 4


@pytest.fixture
def divergence():
    """Thirty words, twelve units of three layers that are not in the order of the alphabet."""
    values = np.random.default_rng(0).gamma(2, 0.1, (30, 12))
    coordinates = {"word": [f"w{w}" for w in range(30)], "layer": ("unit", LAYERS)}
    return xr.DataArray(values, dims=("word", "unit"), coords=coordinates)


@pytest.fixture
def by_hand():
    values = [[0.1, 0.4, 0.3, 0.2], [0.6, 0.1, 0.3, 0.3], [0.0, 0.0, 0.1, 0.9]]
    coordinates = {"word": ["red", "floral", "lovely"], "layer": ("unit", ["norm1", "conv3", "conv3", "fc6"])}
    return xr.DataArray(values, dims=("word", "unit"), coords=coordinates)


def test_shares_by_hand(by_hand):
    # red: 0.1, max(0.4, 0.3), 0.2 of 0.7
    shares = depth.layer_shares(by_hand)
    assert shares["layer"].values.tolist() == ["norm1", "conv3", "fc6"]
    expected = [[1 / 7, 4 / 7, 2 / 7], [6 / 12, 3 / 12, 3 / 12], [0, 0.1, 0.9]]
    np.testing.assert_allclose(shares, expected)
    np.testing.assert_allclose(depth.mean_depth(shares), [(1 + 8 + 6) / 7, 1.75, 2.9])


def test_salient_words_by_hand(by_hand):
    words = depth.salient_words(depth.layer_shares(by_hand), count=2)
    assert words.sel(layer="norm1").values.tolist() == ["floral", "red"]
    assert words.sel(layer="conv3").values.tolist() == ["red", "floral"]
    assert words.sel(layer="fc6").values.tolist() == ["lovely", "red"]
    assert words["rank"].values.tolist() == [1, 2] and words["layer"].values.tolist() == ["norm1", "conv3", "fc6"]


def test_maxima_and_sums_equal_a_loop(divergence):
    for pooling, pool in (("max", max), ("sum", sum)):
        found = depth.layer_maxima(divergence, pooling=pooling)
        for word in range(30):
            for layer in ("norm1", "conv3", "fc6"):
                units = [divergence.values[word, u] for u in range(12) if LAYERS[u] == layer]
                assert found.sel(layer=layer).values[word] == pytest.approx(pool(units))


def test_words_of_equal_share_keep_their_order_and_empty_ones_come_last(by_hand):
    shares = depth.layer_shares(by_hand)
    shares[0] = np.nan
    shares[1:] = 1 / 3
    assert depth.salient_words(shares, count=3).sel(layer="norm1").values.tolist() == ["floral", "lovely", "red"]


@settings(deadline=None)
@given(st.integers(1, 6), st.integers(1, 4), st.integers(0, 1000))
def test_shares_sum_to_one_and_ignore_scale(words, per_layer, seed):
    values = np.random.default_rng(seed).random((words, 3 * per_layer)) + 1e-3
    coordinates = {"layer": ("unit", np.repeat(["a", "b", "c"], per_layer))}
    divergence = xr.DataArray(values, dims=("word", "unit"), coords=coordinates)
    shares = depth.layer_shares(divergence)
    np.testing.assert_allclose(shares.sum("layer"), 1)
    np.testing.assert_allclose(depth.layer_shares(divergence * 7), shares)
    means = depth.mean_depth(shares)
    assert ((means >= 1) & (means <= 3)).all()


def test_chance_is_subtracted_and_what_falls_below_it_counts_as_zero(by_hand):
    chance = xr.DataArray([[0.2, 0.1, 0.1]] * 3, dims=("word", "layer"), coords={"layer": ["fc6", "norm1", "conv3"]})
    shares = depth.layer_shares(by_hand, chance=chance)
    np.testing.assert_allclose(shares[0], [0, 1, 0])  # red: 0.1 - 0.1, 0.4 - 0.1, 0.2 - 0.2
    np.testing.assert_allclose(shares[2], [0, 0, 1])


def test_a_word_that_diverges_nowhere_has_no_shares(by_hand):
    by_hand[1] = -0.1
    shares = depth.layer_shares(by_hand)
    assert np.isnan(shares[1]).all() and not np.isnan(shares[0]).any()
    assert np.isnan(depth.mean_depth(shares)[1])


def test_overlap_of_a_network_with_itself_is_complete(divergence):
    shares = depth.layer_shares(divergence)
    same = depth.salient_overlap(shares, shares, count=10)
    assert same["shared"].values.tolist() == [10, 10, 10]
    assert same["chance"].values.tolist() == pytest.approx([100 / 30] * 3)


def test_magnitudes_are_means_over_words_with_an_interval(divergence):
    found = depth.layer_magnitudes(divergence, draws=300, seed=0)
    maxima = depth.layer_maxima(divergence)
    np.testing.assert_allclose(found["magnitude"], maxima.mean("word"))
    assert found["share"].values.sum() == pytest.approx(1)
    assert ((found["low"] < found["share"]) & (found["share"] < found["high"])).all()
    assert found["n"].values.tolist() == [30] * 3
    summed = depth.layer_magnitudes(divergence, draws=10, seed=0, pooling="sum")
    np.testing.assert_allclose(summed["magnitude"], depth.layer_maxima(divergence, pooling="sum").mean("word"))


def test_the_interval_of_a_magnitude_is_as_wide_as_theory_says():
    rng = np.random.default_rng(0)
    values = np.stack([rng.normal(5, 1, 400), np.full(400, 5.0)], axis=1)  # only the first layer varies
    divergence = xr.DataArray(values, dims=("word", "unit"), coords={"layer": ("unit", ["a", "b"])})
    found = depth.layer_magnitudes(divergence, draws=2000, seed=1).sel(layer="a")
    # share = m / (m + 5), so its standard error is that of m (1 / 20) times 5 / 10^2
    assert (found["high"] - found["low"]).item() == pytest.approx(2 * 1.96 * 0.05 * 0.05, rel=0.15)


def test_correlations_by_layer_equal_scipy(divergence):
    people = np.random.default_rng(1).random(30)
    shares = depth.layer_shares(divergence)
    for correlation, oracle in (
        (statistics.pearson, scipy.stats.pearsonr),
        (statistics.spearman, scipy.stats.spearmanr),
    ):
        found = depth.visualness_by_layer(shares, people, draws=50, seed=0, correlation=correlation)
        expected = [oracle(shares.sel(layer=layer), people).statistic for layer in ("norm1", "conv3", "fc6")]
        np.testing.assert_allclose(found["value"], expected)
        assert (found["low"] <= found["high"]).all() and found["n"].values.tolist() == [30] * 3


def test_the_advantage_of_layers_is_a_difference_of_best_correlations(divergence):
    shares = depth.layer_shares(divergence)
    people = shares.sel(layer="conv3").values + 0.01
    found = depth.layer_advantage(shares, people, ["conv3"], draws=100, seed=0)
    others = max(statistics.pearson(shares.sel(layer=layer).values, people).value for layer in ("norm1", "fc6"))
    assert found.value == pytest.approx(1 - others)
    assert 0 < found.low <= found.high and found.n == 30


def test_the_difference_of_depths_has_an_interval_about_it():
    rng = np.random.default_rng(0)
    found = depth.depth_difference(rng.normal(4, 1, 100), rng.normal(3, 1, 50), draws=2000, seed=0)
    assert found.low < found.value < found.high and found.n == 150
    assert found.high - found.low == pytest.approx(2 * 1.96 * np.sqrt(1 / 100 + 1 / 50), rel=0.15)


def test_divergence_must_say_its_layers(divergence):
    message = "divergence must have the coordinate 'layer' on its dimension 'unit', as activations have"
    with pytest.raises(ValueError, match=message):
        depth.layer_shares(divergence.drop_vars("layer"))


def test_an_unknown_pooling_is_refused(divergence):
    with pytest.raises(ValueError, match="pooling must be one of 'max', 'sum'; got 'mean'"):
        depth.layer_maxima(divergence, pooling="mean")


def test_more_salient_words_than_words_are_refused(by_hand):
    with pytest.raises(ValueError, match=r"count must be 1 to 3 \(words\); got 4"):
        depth.salient_words(depth.layer_shares(by_hand), count=4)


def test_salient_words_need_names(by_hand):
    with pytest.raises(
        ValueError, match=r"shares must have the coordinate 'word'; pass words=\.\.\. to unit_divergence"
    ):
        depth.salient_words(depth.layer_shares(by_hand.drop_vars("word")), count=1)


def test_networks_of_other_words_are_not_compared(by_hand):
    shares = depth.layer_shares(by_hand)
    with pytest.raises(ValueError, match="both networks must have the same words"):
        depth.salient_overlap(shares, shares[:2], count=1)


def test_people_must_have_seen_every_word(by_hand):
    message = r"visualness must hold one number for each of the 3 words of values; got shape \(2,\)"
    with pytest.raises(ValueError, match=message):
        depth.visualness_by_layer(depth.layer_shares(by_hand), np.ones(2), draws=10, seed=0)


@pytest.mark.parametrize(("layers", "named"), [(["conv9"], "conv9"), ([], "none"), (["norm1", "conv3", "fc6"], ".*")])
def test_an_advantage_needs_layers_on_both_sides(by_hand, layers, named):
    message = rf"layers must be some, not all, of norm1, conv3, fc6; got {named}"
    with pytest.raises(ValueError, match=message):
        depth.layer_advantage(depth.layer_shares(by_hand), np.ones(3), layers, draws=10, seed=0)


def test_a_difference_of_depths_needs_words_on_both_sides():
    with pytest.raises(ValueError, match="depth_difference needs two groups of at least 2 words; got 1 and 3"):
        depth.depth_difference(np.ones(1), np.ones(3), draws=10, seed=0)


def test_a_changed_share_by_hand(by_hand):
    # maxima by layer: before 0.1+0.6+0, 0.4+0.3+0.1, 0.2+0.3+0.9; after, fc6 twice as large
    after = by_hand * xr.where(by_hand["layer"] == "fc6", 2.0, 1.0)
    found = depth.share_difference(after, by_hand, layer="fc6", draws=50, seed=0)
    assert found.value == pytest.approx(2.8 / (0.7 + 0.8 + 2.8) - 1.4 / (0.7 + 0.8 + 1.4)) and found.n == 3
    sums = depth.share_difference(after, by_hand, layer="conv3", pooling="sum", draws=50, seed=0)
    assert sums.value == pytest.approx(1.2 / (0.7 + 1.2 + 2.8) - 1.2 / (0.7 + 1.2 + 1.4))


def test_a_changed_share_is_that_of_the_magnitudes(divergence):
    after = divergence**2
    shares = [depth.layer_magnitudes(one, draws=10, seed=0)["share"].sel(layer="conv3") for one in (after, divergence)]
    found = depth.share_difference(after, divergence, layer="conv3", draws=200, seed=0)
    assert found.value == pytest.approx(float(shares[0] - shares[1]))
    assert found.low < found.value < found.high
    same = depth.share_difference(divergence, divergence, layer="conv3", draws=20, seed=0)
    assert (same.value, same.low, same.high) == (0, 0, 0)


def test_networks_of_other_words_or_layers_are_not_compared(divergence):
    with pytest.raises(ValueError, match="both networks must have the same words"):
        depth.share_difference(divergence[::-1], divergence, layer="fc6", draws=2, seed=0)
    with pytest.raises(ValueError, match="layer must be one of norm1, conv3, fc6; got 'fc7'"):
        depth.share_difference(divergence, divergence, layer="fc7", draws=2, seed=0)


def test_tuning_has_an_effect_where_layers_change_more_than_words_differ(divergence):
    changed = divergence * xr.where(divergence["layer"] == "fc6", 3.0, 1.0)
    assert depth.tuning_effect(changed, divergence, draws=100, seed=0).low > 0
    same = depth.tuning_effect(divergence, divergence, draws=100, seed=0)
    assert same.high <= 0 and same.n == 30
    with pytest.raises(ValueError, match="tuning_effect needs at least 4 words; got 3"):
        depth.tuning_effect(divergence[:3], divergence[:3], draws=2, seed=0)
    with pytest.raises(ValueError, match="both networks must have the same words"):
        depth.tuning_effect(divergence[::-1], divergence, draws=2, seed=0)


def test_shared_words_beyond_chance_by_hand(divergence):
    shares = depth.layer_shares(divergence)
    overlap = depth.salient_overlap(shares, shares, count=10)
    beyond = depth.overlap_beyond_chance(overlap, draws=20, seed=0)
    assert beyond.value == pytest.approx(10 - 100 / 30) and beyond.n == 3
