import numpy as np
import pytest
import scipy.sparse
import xarray as xr

from neuroattr import discovery, statistics
from neuroattr.discovery import matched
from neuroattr.statistics.counts import weighted_counts


@pytest.fixture
def market():
    """600 images, 30 units, five words, eight strata; units and words both follow the strata, unit 3 is word 2."""
    random = np.random.default_rng(0)
    strata = random.choice(8, 600, p=[0.3, 0.2, 0.15, 0.1, 0.1, 0.1, 0.04, 0.01])
    values = np.maximum(random.normal(random.normal(size=(8, 30))[strata]), 0).astype(np.float32)
    mentions = random.random((600, 5)) < random.uniform(0.02, 0.5, (8, 5))[strata]
    mentions[:, 2] = values[:, 3] + random.normal(scale=0.3, size=600) > 1
    mentions[strata == 1, 4] = True  # nothing to compare with there
    return values, mentions, strata


def loop(values, mentions, strata, score, bins):
    """Word by word and unit by unit with explicit weights of the images; the oracle."""
    _, edges = statistics.unit_codes(values, bins=bins)
    scores = np.empty((mentions.shape[1], values.shape[1]))
    for w, has in enumerate(mentions.T):
        weight, kept = np.zeros(len(has)), np.zeros(len(has), bool)
        for s in np.unique(strata):
            inside = strata == s
            if (inside & has).any() and (inside & ~has).any():
                kept |= inside & has
                weight[inside & ~has] = (inside & has).sum() / (inside & ~has).sum()
        weight *= weight.sum() / (weight**2).sum()
        for u, e in enumerate(edges):
            positive = np.histogram(values[kept, u], e)[0]
            negative = np.histogram(values[~has, u], e, weights=weight[~has])[0]
            scores[w, u] = score(positive, negative)
    return scores


def test_negatives_are_weighted_to_the_categories_of_the_positives_by_hand():
    # Dresses: 2 with the word, 4 without; boots: 2 with, 1 without; hats: 1 with and none without.
    strata = np.array(["dress"] * 6 + ["boots"] * 3 + ["hat"])
    has = np.array([[1], [1], [0], [0], [0], [0], [1], [1], [0], [1]])
    found = discovery.matching(has, strata, words=["red"])
    assert found.mentioned.tolist() == [5] and found.matched.tolist() == [4]
    np.testing.assert_allclose(found.unmatched, 1 / 5)
    # Weights 1/2 four times and 2 once: (2 + 2)^2 / (4/4 + 4) = 16/5 effective negatives, of total weight 4.
    np.testing.assert_allclose(found.effective, 16 / 5)
    np.testing.assert_allclose(found.weights, [[2 * 0.8, 0.5 * 0.8]])  # boots, dress: in alphabetical order
    values = np.array([[0], [0], [0], [0], [1], [1], [1], [1], [1], [1]], float)
    positive, negative = np.array([2, 2]), np.array([0.5 * 2, 0.5 * 2 + 2]) * 0.8
    expected = statistics.symmetric_kl(positive, negative)
    np.testing.assert_allclose(discovery.matched_divergence(values, has, strata, bins=2), [[expected]])
    assert "80% of mentions" in repr(found)


@pytest.mark.parametrize("smoothing", ["pooled", "epsilon", "drop"])
def test_divergence_equals_a_loop_with_explicit_weights(market, smoothing):
    values, mentions, strata = market
    expected = loop(*market, lambda p, n: statistics.symmetric_kl(p, n, smoothing=smoothing), 8)
    found = discovery.matched_divergence(values, mentions, strata, bins=8, smoothing=smoothing)
    np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("score", [statistics.corrected_divergence, statistics.count_auc])
def test_other_scores_equal_the_loop(market, score):
    values, mentions, strata = market
    found = discovery.matched_scores(values, scipy.sparse.csr_array(mentions), strata, score, bins=8)
    np.testing.assert_allclose(found, loop(*market, score, 8), rtol=1e-9, atol=1e-12)


def test_few_strata_at_a_time_change_nothing(market, monkeypatch):
    values, mentions, strata = market
    expected = discovery.matched_divergence(values, mentions, strata, bins=8)
    monkeypatch.setattr(matched, "STRATA", 3)
    np.testing.assert_allclose(discovery.matched_divergence(values, mentions, strata, bins=8), expected, rtol=1e-9)


def test_weighted_counts_are_weighted_histograms():
    random = np.random.default_rng(0)
    codes, weights = random.integers(0, 9, (200, 7)).astype(np.uint8), random.random((200, 3))
    weights[random.random((200, 3)) < 0.6] = 0
    lists = scipy.sparse.csc_array(weights)
    found = weighted_counts(codes, lists.indices, lists.data, lists.indptr, bins=9)
    expected = [[np.bincount(column, one, 9) for column in codes.T] for one in weights.T]
    np.testing.assert_allclose(found, expected)


def test_one_stratum_for_all_is_the_plain_divergence(market):
    values, mentions, _ = market
    found = discovery.matched_divergence(values, mentions, np.zeros(600), bins=8)
    np.testing.assert_allclose(found, discovery.unit_divergence(values, mentions, bins=8), rtol=1e-9, atol=1e-12)


def test_what_the_strata_explain_is_gone_and_what_the_word_means_stays(market):
    values, mentions, strata = market
    score = statistics.corrected_divergence
    plain = discovery.unit_scores(values, mentions, score, bins=8)
    alike = discovery.matched_scores(values, mentions, strata, score, bins=8)
    others = np.delete(np.arange(30), 3)
    assert abs(alike[:, others].mean()) < 0.2 * plain[:, others].mean()
    assert alike[2].argmax() == 3 and alike[2, 3] > 0.7 * plain[2, 3]


def test_words_dealt_out_within_strata_have_no_corrected_divergence(market):
    values, mentions, strata = market
    means = []
    for seed in range(20):
        dealt = discovery.shuffled_within(mentions, strata, seed=seed)
        by_stratum = [np.bincount(strata, column, 8) for column in dealt.toarray().T]
        np.testing.assert_array_equal(by_stratum, [np.bincount(strata, column, 8) for column in mentions.T])
        score = statistics.corrected_divergence
        means.append(discovery.matched_scores(values, dealt, strata, score, bins=8).mean())
    plain = discovery.unit_scores(values, dealt, statistics.corrected_divergence, bins=8).mean()
    assert abs(np.mean(means)) < 0.1 * plain


def test_labels_of_units_and_words_are_kept(market):
    values, mentions, strata = market
    coordinates = {"layer": ("unit", ["conv"] * 20 + ["fc"] * 10)}
    labelled = xr.DataArray(values, dims=("image", "unit"), coords=coordinates)
    found = discovery.matched_divergence(labelled.T, mentions, strata, bins=8, words=list("abcde"))
    assert found.name == "divergence" and found["word"].values.tolist() == list("abcde")
    assert found["layer"].values.tolist() == labelled["layer"].values.tolist()
    np.testing.assert_array_equal(found, discovery.matched_divergence(values, mentions, strata, bins=8))


def test_words_that_cannot_be_matched_are_refused(market):
    values, mentions, strata = market
    mentions[:, 1] = strata == 0
    with pytest.raises(ValueError, match=r"1 word\(s\) have no image in a stratum .* \(b\); leave them out, or match"):
        discovery.matched_divergence(values, mentions, strata, bins=8, words=list("abcde"))


def test_strata_of_other_images_are_refused(market):
    values, mentions, strata = market
    with pytest.raises(ValueError, match="mentions must be images x words with 599 images"):
        discovery.matching(mentions, strata[1:])
    with pytest.raises(ValueError, match="values and strata must have the same number of images"):
        discovery.matched_divergence(values[1:], mentions, strata, bins=8)
    with pytest.raises(ValueError, match="strata must hold a label for each of 600 images"):
        discovery.shuffled_within(mentions, strata[1:], seed=0)


def test_lists_that_do_not_fit_are_refused():
    codes = np.zeros((3, 1), np.uint8)
    with pytest.raises(ValueError, match="starts must rise from 0 to the 2 images and 1 weights; got 0 to 2"):
        weighted_counts(codes, np.arange(2), np.ones(1), np.array([0, 2]), bins=2)
    with pytest.raises(ValueError, match="images must be positions of the 3 rows"):
        weighted_counts(codes, np.array([3]), np.ones(1), np.array([0, 1]), bins=2)
    with pytest.raises(ValueError, match=r"codes must lie in 0 \.\. 1: pass the same bins"):
        weighted_counts(codes + 2, np.array([0]), np.ones(1), np.array([0, 1]), bins=2)
