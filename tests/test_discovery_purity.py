import numpy as np
import pytest
import scipy.sparse

from neuroattr import discovery
from neuroattr.discovery import purity as purities


@pytest.fixture
def market():
    """400 images: features follow four strata and, within them, word 0; word 1 follows the stratum, word 2 nothing."""
    random = np.random.default_rng(0)
    strata = random.integers(0, 4, 400)
    mentions = np.stack([random.random(400) < 0.3, random.random(400) < strata / 4, random.random(400) < 0.2], axis=1)
    features = random.normal(size=(4, 12))[strata] + random.normal(scale=0.7, size=(400, 12))
    features[:, 0] += 2 * mentions[:, 0]
    return features, mentions, strata


def slow(features, mentions, neighbours, strata):
    """Image by image; the oracle."""
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    share, chance = np.zeros(mentions.shape[1]), np.zeros(mentions.shape[1])
    for w, has in enumerate(mentions.T):
        pairs = 0
        for i in np.flatnonzero(has):
            order = np.argsort(-(unit @ unit[i]), kind="stable")
            for j in order[order != i][:neighbours]:
                inside = strata == strata[j]
                others = inside & (np.arange(len(has)) != i)
                share[w] += has[j]
                chance[w] += has[others].mean()
                pairs += 1
        share[w], chance[w] = share[w] / pairs, chance[w] / pairs
    return share, chance


def test_pairs_that_share_a_word_are_pure_by_hand():
    features = np.array([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0], [0.1, 1.0]])
    near = discovery.nearest(features, neighbours=1)
    assert near.tolist() == [[1], [0], [3], [2]]
    found = discovery.neighbour_purity(near, [[1, 1], [1, 0], [0, 1], [0, 0]], words=["red", "new"])
    assert found["word"].values.tolist() == ["red", "new"]
    np.testing.assert_allclose(found["share"], [1, 0])
    np.testing.assert_allclose(found["chance"], [1 / 3, 1 / 3])
    np.testing.assert_allclose(found["lift"], [3, 0])


@pytest.mark.parametrize("matched", [False, True])
def test_purity_and_chance_equal_a_loop(market, matched, monkeypatch):
    monkeypatch.setattr(purities, "BLOCK", 64)
    features, mentions, strata = market
    near = discovery.nearest(features, neighbours=10)
    labels = strata if matched else np.zeros(400)
    found = discovery.neighbour_purity(near, scipy.sparse.csr_array(mentions), strata=strata if matched else None)
    share, chance = slow(features, mentions, 10, labels)
    np.testing.assert_allclose(found["share"], share)
    np.testing.assert_allclose(found["chance"], chance)


def test_neighbours_come_nearest_first(market):
    features = market[0]
    unit = features / np.linalg.norm(features, axis=1, keepdims=True)
    expected = [[j for j in np.argsort(-(unit @ own)) if j != i][:10] for i, own in enumerate(unit)]
    np.testing.assert_array_equal(discovery.nearest(features, neighbours=10), expected)


def test_chance_is_what_words_dealt_out_within_strata_reach(market):
    features, mentions, strata = market
    near = discovery.nearest(features, neighbours=10)
    expected = discovery.neighbour_purity(near, mentions, strata=strata)["chance"]
    shares = [
        discovery.neighbour_purity(near, discovery.shuffled_within(mentions, strata, seed=seed))["share"]
        for seed in range(30)
    ]
    # Chance is conditional on which strata the word's images are in, not on where in them.
    np.testing.assert_allclose(np.mean(shares, axis=0), expected, rtol=0.05)


def test_strata_explain_words_of_a_category_and_leave_those_that_look_alike(market):
    features, mentions, strata = market
    near = discovery.nearest(features, neighbours=10)
    plain = discovery.neighbour_purity(near, mentions)["lift"].values
    within = discovery.neighbour_purity(near, mentions, strata=strata)["lift"].values
    assert plain[1] > 1.15 and abs(within[1] - 1) < 0.07
    assert within[0] > 1.5
    assert abs(plain[2] - 1) < 0.15


def test_a_word_of_one_image_has_no_chance_and_no_lift():
    found = discovery.neighbour_purity(np.array([[1], [0], [0]]), [[1], [0], [0]])
    assert np.isnan(found["lift"]).all() and found["share"].values == 0


def test_images_without_features_have_neighbours_too():
    features = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 0.0]], np.float32)
    assert discovery.nearest(features, neighbours=1).tolist()[1:] == [[2], [1]]


def test_what_does_not_fit_is_refused(market):
    features, mentions, strata = market
    with pytest.raises(ValueError, match="neighbours must be between 1 and the 399 other images; got 400"):
        discovery.nearest(features, neighbours=400)
    with pytest.raises(ValueError, match="features must be finite"):
        discovery.nearest(np.where(features > 2, np.nan, features), neighbours=3)
    near = discovery.nearest(features, neighbours=3)
    with pytest.raises(ValueError, match="near must be images x neighbours"):
        discovery.neighbour_purity(near[:, 0], mentions)
    with pytest.raises(ValueError, match="strata must hold a label for each of the 400 images"):
        discovery.neighbour_purity(near, mentions, strata=strata[1:])
    with pytest.raises(ValueError, match="mentions must be images x words with 400 images"):
        discovery.neighbour_purity(near, mentions[1:])
