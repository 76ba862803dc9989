import numpy as np
import pytest
import xarray as xr

from neuroattr import saliency


def scores(values, images, words, **coords):
    values = np.asarray(values, float)
    dims = ("target", *coords)
    return xr.DataArray(values, dims=dims, coords={"image": ("target", images), "word": ("target", words), **coords})


@pytest.fixture
def some():
    """Three tags in five pictures, two numbers of units."""
    rng = np.random.default_rng(0)
    words = ["red"] * 4 + ["hat"] * 3 + ["bag"] * 2
    images = ["a", "b", "c", "d", "a", "b", "e", "c", "e"]
    return scores(rng.random((9, 2)), images, words, K=[1, 8])


# ---- averages


def test_the_mean_over_tags_by_hand():
    found = saliency.tag_means(scores([1, 0, 0.5], ["a", "b", "a"], ["red", "red", "hat"]), draws=5, seed=0)
    assert float(found.value) == 0.5 and found.n == 2


def test_means_equal_the_plain_mean_and_resamples_equal_a_loop_over_pictures(some):
    found = saliency.tag_means(some, draws=40, seed=3)
    for k in range(2):
        of_tags = [some.to_numpy()[some.word.values == word, k].mean() for word in np.unique(some.word)]
        assert float(found.value[k]) == pytest.approx(np.mean(of_tags))
    often = np.random.default_rng(3).multinomial(5, np.full(5, 0.2), size=40)
    for draw in range(40):
        tags = []
        for word in np.unique(some.word):
            rows = np.flatnonzero(some.word == word)
            drawn = [row for row in rows for _ in range(often[draw]["abcde".index(str(some.image.values[row]))])]
            if drawn:
                tags.append(some.to_numpy()[drawn].mean(axis=0))
        np.testing.assert_allclose(found.draws[draw], np.mean(tags, axis=0))


def test_differences_are_paired(some):
    """A constant between two scores has no spread, however much both vary."""
    some = xr.concat([some.sel(K=1), (some.sel(K=1) + 0.25).assign_coords(K=8)], "K").transpose("target", "K")
    found = saliency.tag_means(some, draws=200, seed=0)
    gained = found.estimate(lambda mean: mean.sel(K=8) - mean.sel(K=1))
    assert gained.value == pytest.approx(0.25) and gained.low == pytest.approx(0.25) == gained.high
    band = found.band()
    assert (band["low"] < band["value"]).all() and (band["value"] < band["high"]).all()
    one = found.estimate(lambda mean: mean.sel(K=8))
    assert (one.low, one.high) == (float(band["low"].sel(K=8)), float(band["high"].sel(K=8)))


def test_two_means_over_the_same_resamples_are_paired(some):
    first, second = (saliency.tag_means(some + shift, draws=50, seed=1) for shift in (0.25, 0.0))
    gained = (first - second).estimate(lambda mean: mean.sel(K=8))
    assert gained.value == pytest.approx(0.25) == gained.low
    other = saliency.tag_means(some, draws=50, seed=2)
    with pytest.raises(ValueError, match="a paired difference needs the same pictures, draws and seed in both means"):
        first - other


def test_a_companion_stands_beside_a_word_more_often_than_by_chance_and_apart_from_it():
    shorts, legs, hat = np.array([1, 1, 1, 0, 0, 0]), np.array([1, 1, 1, 1, 0, 0]), np.array([1, 0, 0, 1, 0, 1])
    mentions, words = np.stack([shorts, legs, hat], axis=1).astype(bool), ["shorts", "legs", "hat"]
    found = saliency.co_occurring(mentions, words, lambda *_: True, lift=1.4)
    assert found == {"shorts": "legs", "legs": "shorts"}  # 6 * 3 / (3 * 4) = 1.5; with hats 2/3 and 1
    assert saliency.co_occurring(mentions, words, lambda *_: False, lift=1.4) == {}


def test_the_smallest_number_of_units_that_is_nearly_as_good_as_the_best():
    means = xr.DataArray([0.2, 0.39, 0.4, 0.3], dims="K", coords={"K": [1, 2, 4, 8]})
    assert int(saliency.enough_units(means, share=0.95)) == 2
    assert int(saliency.enough_units(means, share=1.0)) == 4
    both = xr.concat([means, means[::-1].assign_coords(K=means.K)], "network")
    assert saliency.enough_units(both, share=0.95).values.tolist() == [2, 2]


def test_a_unit_is_chosen_on_other_pictures_of_its_word_only():
    precision = np.array([[0.9, 0.1, 0.3], [0.2, 0.8, 0.4], [0.1, 0.3, 0.2], [0.5, 0.6, 0.7]])
    words, images = np.array(["red", "red", "red", "hat"]), np.array(["a", "b", "c", "a"])
    found = saliency.best_on_others(precision, words, images)
    assert found.tolist() == [1, 0, 0, 0]  # of "a": means of b and c are .15 .55 .3; "hat" has no other picture


def test_the_centre_is_a_gaussian_in_the_middle():
    found = saliency.centre_prior((5, 9))
    assert found[2, 4] == found.max() == 1
    np.testing.assert_allclose(found, found[::-1, ::-1])
    assert saliency.centre_prior((9, 9), spread=0.1)[0, 4] == pytest.approx(np.exp(-(4**2) / 0.9**2 / 2))


# ---- errors


def test_an_estimate_needs_one_number(some):
    found = saliency.tag_means(some, draws=3, seed=0)
    with pytest.raises(ValueError, match=r"must leave one number; dimensions \['K'\] are left: choose one with .sel"):
        found.estimate()


def test_without_resamples_there_is_no_interval(some):
    with pytest.raises(ValueError, match="draws must be at least 1; got 0"):
        saliency.tag_means(some, draws=0, seed=0)


def test_a_prior_must_have_a_spread():
    with pytest.raises(ValueError, match="spread must be above 0; got 0"):
        saliency.centre_prior((3, 3), spread=0)
