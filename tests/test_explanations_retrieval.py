"""Table 2 of *Summarization*: images found by the attributes of their explanations."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, precision_score, recall_score

from neuroattr import explanations, statistics

RNG = np.random.default_rng(5)
VALUES, TRUTH = RNG.random((40, 6)), RNG.random((40, 6)) < 0.3
FOUND = explanations.retrieved(VALUES, count=2)


def test_the_strongest_attributes_find_an_image():
    assert explanations.retrieved(np.array([[3, 1, 2], [0, 0, 1]]), count=2).tolist() == [
        [True, False, True],
        [True, False, True],
    ]


def test_after_merging_an_attribute_is_found_where_it_can_be_read():
    attributes = ["black crown", "red crown", "white throat", "crown"]
    found = explanations.retrieved_merged(np.array([[4.0, 3, 2, 1]]), attributes, count=3)
    assert found.tolist() == [[False, True, True, True]]  # "black and red crown", "white throat"
    with pytest.raises(ValueError, match="4 attributes need names; got 3"):
        explanations.retrieved_merged(np.ones((1, 4)), attributes[:3], count=1)


def test_measures_agree_with_scikit_learn():
    result = explanations.retrieval(FOUND, TRUTH)
    np.testing.assert_allclose(result.recall, recall_score(TRUTH, FOUND, average=None))
    np.testing.assert_allclose(result.true_negative, recall_score(~TRUTH, ~FOUND, average=None))
    np.testing.assert_allclose(result.precision, precision_score(TRUTH, FOUND, average=None))
    np.testing.assert_allclose(result.lift, result.precision / TRUTH.mean(axis=0))
    weighted = explanations.retrieval(FOUND, TRUTH, weights=np.repeat([2, 0], 20))
    np.testing.assert_allclose(weighted.precision, explanations.retrieval(FOUND[:20], TRUTH[:20]).precision)
    expected = [average_precision_score(hits, ranked) for hits, ranked in zip(TRUTH.T, VALUES.T, strict=True)]
    np.testing.assert_allclose(explanations.average_precisions(VALUES, TRUTH), expected)


def test_what_is_undefined_is_nan_and_left_out_of_the_mean():
    found, truth = np.array([[1, 0, 1], [0, 0, 1]]), np.array([[1, 1, 0], [1, 0, 0]])
    result = explanations.retrieval(found, truth)
    np.testing.assert_array_equal(result.precision, [1, np.nan, 0])
    np.testing.assert_array_equal(result.recall, [0.5, 0, np.nan])
    np.testing.assert_array_equal(explanations.precision_above_chance(found, truth), [0, 0])
    assert np.isnan(explanations.average_precisions(found * 1.0, truth)[2])
    options = {"resampled": "images", "draws": 9, "seed": 0}
    assert explanations.retrieval_estimate(found, truth, measure="precision", **options).value == 0.5
    with pytest.raises(ValueError, match="no attribute has a precision"):
        explanations.retrieval_estimate(found * 0, truth, measure="precision", **options)


@pytest.mark.parametrize("measure", explanations.MEASURES)
def test_intervals_resample_attributes_or_images(measure):
    values = explanations.retrieval(FOUND, TRUTH).measure(measure)
    options = {"measure": measure, "draws": 30, "seed": 2}
    queries = explanations.retrieval_estimate(FOUND, TRUTH, resampled="attributes", **options)
    means = values[statistics.resampled_rows(6, draws=30, seed=2)].mean(axis=1)
    assert (queries.value, queries.n) == (pytest.approx(values.mean()), 6)
    np.testing.assert_allclose([queries.low, queries.high], np.quantile(means, [0.025, 0.975]))
    photos = explanations.retrieval_estimate(FOUND, TRUTH, resampled="images", **options)
    means = []
    for counts in statistics.resampled_counts(40, draws=30, seed=2):
        rows = np.repeat(np.arange(40), counts)
        means.append(np.nanmean(explanations.retrieval(FOUND[rows], TRUTH[rows]).measure(measure)))
    np.testing.assert_allclose([photos.low, photos.high, photos.n], [*np.quantile(means, [0.025, 0.975]), 40])


def test_queries_of_several_attributes():
    values = np.array([[0.5, 0.5], [0.9, 0.2], [0.0, 1.0]])
    np.testing.assert_allclose(explanations.combined(values, by="product"), [0.25, 0.18, 0])
    np.testing.assert_allclose(explanations.combined(values, by="minimum"), [0.5, 0.2, 0])
    logs = explanations.combined(values, by="sum of logs")
    np.testing.assert_allclose(logs[:2], np.log([0.25, 0.18]))
    assert logs[2] == np.finfo(float).min
    with pytest.raises(ValueError, match="a product needs probabilities that are not negative; take the minimum"):
        explanations.combined(-values, by="product")
    with pytest.raises(ValueError, match="at least one attribute"):
        explanations.combined(np.ones((2, 0)), by="minimum")


def test_bad_tables_are_refused():
    with pytest.raises(ValueError, match="images x attributes alike"):
        explanations.retrieval(FOUND, TRUTH[:3])
    with pytest.raises(ValueError, match="values and truth must be alike"):
        explanations.average_precisions(VALUES, TRUTH[:3])
    with pytest.raises(ValueError, match="measure must be one of 'recall'"):
        explanations.retrieval(FOUND, TRUTH).measure("f1")
