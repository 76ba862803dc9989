import re

import numpy as np
import pandas as pd
import pytest
import scipy.sparse
import torch
import xarray as xr

from neuroattr import discovery, statistics
from neuroattr.discovery import divergence as divergences


@pytest.fixture
def values():
    """90 images, 140 units; `activation` puts them into three layers, not in alphabetical order."""
    return np.maximum(np.random.default_rng(0).normal(size=(90, 140)), 0).astype(np.float32)


@pytest.fixture
def mentions(values):
    """Four words; the third is what unit 5 sees."""
    mentions = np.random.default_rng(1).random((90, 4)) < 0.3
    mentions[:, 2] = values[:, 5] > 0.8
    return mentions


@pytest.fixture
def activation(values):
    layers = ["norm1"] * 40 + ["conv3"] * 60 + ["fc6"] * 40
    channels = [*range(40), *range(60), *range(40)]
    coordinates = {"image": [f"i{n}" for n in range(90)], "layer": ("unit", layers), "channel": ("unit", channels)}
    return xr.DataArray(values, dims=("image", "unit"), coords=coordinates, name="activation")


def test_the_unit_that_sees_the_word_diverges_by_hand():
    # With 2 bins of 3 images, the word is in 2 of the upper ones and 1 of the lower; smoothing adds half of 1 to each.
    values = np.array([[1.0], [2.0], [3.0], [4.0], [5.0], [6.0]])
    mentions = np.array([[True], [False], [False], [False], [True], [True]])
    p, q = 2.5 / 4, 1.5 / 4
    expected = [[2 * (p - q) * np.log(p / q)]]
    np.testing.assert_allclose(discovery.unit_divergence(values, mentions, bins=2), expected)


@pytest.mark.parametrize("smoothing", ["pooled", "epsilon"])
@pytest.mark.parametrize("kind", ["quantile", "width"])
def test_divergence_equals_a_loop_over_words_and_units(values, mentions, smoothing, kind):
    _, edges = statistics.unit_codes(values, bins=6, kind=kind)
    expected = np.empty((4, 140))
    for w, has in enumerate(mentions.T):
        for u, e in enumerate(edges):
            histograms = [np.histogram(values[rows, u], e)[0] for rows in (has, ~has)]
            expected[w, u] = statistics.symmetric_kl(*histograms, smoothing=smoothing)
    divergence = discovery.unit_divergence(values, mentions, bins=6, smoothing=smoothing, kind=kind)
    np.testing.assert_allclose(divergence, expected, rtol=1e-12, atol=1e-15)
    assert discovery.prime_units(divergence, count=1)[2] == 5


def test_sparse_mentions_and_small_blocks_change_nothing(values, mentions, monkeypatch):
    expected = discovery.unit_divergence(values, mentions, bins=6)
    monkeypatch.setattr(divergences, "LOADED", 1)
    monkeypatch.setattr(divergences, "CELLS", 1)
    found = discovery.unit_divergence(values, scipy.sparse.csr_array(mentions), bins=6)
    np.testing.assert_array_equal(found, expected)


def test_labelled_activations_give_labelled_divergence(activation, mentions):
    words = ["red", "floral", "striped", "genuine"]
    divergence = discovery.unit_divergence(activation, mentions, bins=6, words=words)
    assert divergence.name == "divergence" and divergence.dims == ("word", "unit")
    assert divergence["word"].values.tolist() == words
    assert divergence["layer"].values.tolist() == activation["layer"].values.tolist()
    assert "image" not in divergence.coords
    np.testing.assert_array_equal(divergence, discovery.unit_divergence(activation.values, mentions, bins=6))
    assert "word" not in discovery.unit_divergence(activation, mentions, bins=6).coords


def test_a_units_multi_index_survives(activation, mentions):
    index = pd.MultiIndex.from_arrays(
        [activation["layer"].values, activation["channel"].values], names=["layer", "channel"]
    )
    coordinates = xr.Coordinates.from_pandas_multiindex(index, "unit")
    stacked = xr.DataArray(activation.values, dims=("image", "unit"), coords=coordinates)
    divergence = discovery.unit_divergence(stacked, mentions, bins=6)
    assert divergence.sel(layer="fc6").shape == (4, 40)


def test_units_may_come_first(activation, mentions):
    expected = discovery.unit_divergence(activation, mentions, bins=6)
    xr.testing.assert_identical(discovery.unit_divergence(activation.transpose(), mentions, bins=6), expected)


def test_any_score_of_the_counts_is_computed_the_same_way(values, mentions):
    areas = discovery.unit_scores(values, mentions, statistics.count_auc, bins=6)
    codes, _ = statistics.unit_codes(values, bins=6)
    positive = statistics.word_counts(codes, mentions, bins=6)
    negative = statistics.word_counts(codes, ~mentions, bins=6)
    np.testing.assert_array_equal(areas, statistics.count_auc(positive, negative))
    pvalues = discovery.unit_scores(values, mentions, lambda p, n: statistics.chi_square(p, n).pvalue, bins=6)
    assert pvalues[2].argmin() == 5


@pytest.mark.parametrize(("words", "names"), [(None, "1, 2"), (["red", "only", "all", "blue"], "only, all")])
def test_words_that_divide_nothing_are_named(values, mentions, words, names):
    mentions[:, 1], mentions[:, 2] = False, True
    message = rf"2 word\(s\) occur with none or with all of the 90 images and diverge from nothing \({names}\)"
    with pytest.raises(ValueError, match=message):
        discovery.unit_divergence(values, mentions, bins=6, words=words)


def test_mentions_of_other_images_are_refused(values, mentions):
    with pytest.raises(ValueError, match=r"mentions must be images x words with 90 images like values; got \(80, 4\)"):
        discovery.unit_divergence(values, mentions[:80], bins=6)


def test_pictures_that_were_skipped_are_told_with_what_to_do(values, mentions):
    recording = xr.DataArray(values[:88], dims=("image", "unit"), coords={"image": [f"p{i}" for i in range(88)]})
    recording.attrs["skipped"] = {"p88": "OSError: cut short", "p89": "ValueError: no picture"}
    message = (
        "mentions must be images x words with 88 images like values; got (90, 4). 2 pictures could not be read and are "
        "not in the recording (see attrs['skipped']; p88: OSError: cut short). Go on with the others: corpus = "
        "corpus.subset(corpus.ids.isin(values['image'].values))"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        discovery.unit_divergence(recording, mentions, bins=6)


@pytest.mark.parametrize("named", ["table", "array"])
def test_labelled_mentions_must_be_of_the_same_images_in_their_order(values, mentions, named):
    ids = [f"p{i}" for i in range(90)]
    recording = xr.DataArray(values, dims=("image", "unit"), coords={"image": ids})
    dense = np.asarray(mentions.toarray() if hasattr(mentions, "toarray") else mentions)
    table = pd.DataFrame(dense, index=pd.Index(ids, name="image"))
    labelled = (
        table if named == "table" else xr.DataArray(table.to_numpy().T, dims=("word", "image"), coords={"image": ids})
    )
    expected = discovery.unit_divergence(values, mentions, bins=6)
    np.testing.assert_array_equal(discovery.unit_divergence(recording, labelled, bins=6), expected)
    other = table.iloc[::-1] if named == "table" else labelled.isel(image=slice(None, None, -1))
    message = (
        "mentions must be of the images of values in their order; 90 of 90 differ, the first at row 0. Take them in "
        "that order: mentions.loc[values['image'].values]"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        discovery.unit_divergence(recording, other, bins=6)


def test_the_other_order_of_dimensions_tensors_and_tables_give_the_same(values, mentions):
    expected = discovery.unit_divergence(values, mentions, bins=6)
    turned = xr.DataArray(values.T, dims=("feature", "image"))
    for given in (turned, torch.from_numpy(values).requires_grad_(), pd.DataFrame(values), values.tolist()):
        np.testing.assert_array_equal(discovery.unit_divergence(given, mentions, bins=6), expected)


def test_prime_units_are_printed_with_layer_and_channel(values, mentions):
    coords = {"layer": ("unit", ["fc7"] * values.shape[1]), "channel": ("unit", np.arange(values.shape[1]))}
    recording = xr.DataArray(values, dims=("image", "unit"), coords=coords)
    divergence = discovery.unit_divergence(recording, mentions, bins=6, words=list("abcd"))
    units = discovery.prime_units(divergence.sel(word="a"), count=2)
    printed = divergence.sel(word="a")[units].to_dataframe()
    assert printed["channel"].tolist() == units.tolist() and set(printed["layer"]) == {"fc7"}


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (lambda values: xr.DataArray(values[0], dims="unit"), ValueError, "values must be images x units; got unit of"),
        (
            lambda values: xr.DataArray(values.astype(object)),
            TypeError,
            "values must be real numbers; got dtype object",
        ),
        (lambda values: scipy.sparse.csr_array(values), TypeError, "values must be an array; got a sparse matrix"),
        (lambda values: np.ma.masked_less(values, values.max()), ValueError, "values must be known everywhere; "),
    ],
)
def test_values_that_are_no_table_of_numbers_are_refused(values, mentions, given, error, message):
    with pytest.raises(error, match=f"^{message}"):
        discovery.unit_divergence(given(values), mentions, bins=6)


def test_a_mention_that_is_not_known_is_refused(values, mentions):
    dense = np.array(mentions.toarray() if hasattr(mentions, "toarray") else mentions, dtype=float)
    dense[3, 1] = np.nan
    with pytest.raises(
        ValueError, match=r"^mentions must be finite; got 1 NaN and 0 infinite of 360 values, the first"
    ):
        discovery.unit_divergence(values, dense, bins=6)


def test_words_must_name_every_column(values, mentions):
    with pytest.raises(ValueError, match="words must name each of the 4 columns of mentions; got 1"):
        discovery.unit_divergence(values, mentions, bins=6, words=["red"])


def test_values_must_be_a_table(mentions):
    with pytest.raises(ValueError, match=r"values must be images x units; got shape \(90,\)"):
        discovery.unit_divergence(np.ones(90), mentions, bins=6)


def test_a_value_that_is_not_finite_is_placed(values, mentions):
    values[7, 139] = np.nan
    message = (
        r"got 1 NaN and 0 infinite of 12600 values, in 1 image\(s\) and 1 unit\(s\), the first at image 7, unit 139"
    )
    with pytest.raises(ValueError, match=message):
        discovery.unit_divergence(values, mentions, bins=6)


def test_prime_units_come_largest_first_and_ties_in_order():
    divergence = np.array([[0.1, 0.9, 0.5, 0.9], [2.0, 2.0, 3.0, 2.0]])
    assert discovery.prime_units(divergence, count=3).tolist() == [[1, 3, 2], [2, 0, 1]]
    assert discovery.prime_units(divergence[0], count=4).tolist() == [1, 3, 2, 0]


def test_prime_units_of_labelled_divergence_select_its_units(activation, mentions):
    divergence = discovery.unit_divergence(activation, mentions, bins=6)
    prime = discovery.prime_units(divergence[2], count=3)
    assert activation.isel(unit=prime)["channel"].values[0] == 5
    np.testing.assert_array_equal(discovery.prime_units(divergence.T, count=3)[2], prime)


@pytest.mark.parametrize("count", [0, 5])
def test_a_count_beyond_the_units_is_refused(count):
    with pytest.raises(ValueError, match=f"count must be between 1 and the 4 units; got {count}"):
        discovery.prime_units(np.ones(4), count=count)


def test_prime_units_of_nan_are_refused():
    message = "divergence has 1 NaN, which no order can place; choose another smoothing than 'drop'"
    with pytest.raises(ValueError, match=message):
        discovery.prime_units(np.array([1.0, np.nan]), count=1)


def test_prime_units_need_words_by_units():
    with pytest.raises(ValueError, match=r"divergence must be units, or words x units; got shape \(1, 1, 1\)"):
        discovery.prime_units(np.ones((1, 1, 1)), count=1)
