"""Clusters and their scores: scikit-learn as oracle, noise treated as named, intervals that pair."""

import re

import numpy as np
import pytest
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

from neuroattr import neighbours
from neuroattr.neighbours import Clustering, clustering

DRAWS = {"draws": 60, "seed": 0}


def clouds(n=240, width=8, spread=1.0, seed=0):
    random = np.random.default_rng(seed)
    labels = random.permutation(np.resize(["a", "b", "c"], n))
    centres = {name: random.normal(size=width) * 4 for name in "abc"}
    points = np.stack([centres[label] for label in labels]) + spread * random.normal(size=(n, width))
    points[:12] = random.uniform(-12, 12, (12, width))  # noise
    return points, labels


@pytest.mark.parametrize("width", [3, 40])
def test_clusters_are_those_of_scikit_learn_on_the_features(width):
    points, _ = clouds(width=width)
    wanted = HDBSCAN(min_cluster_size=20, min_samples=10, leaf_size=40, copy=False).fit_predict(points)
    found = neighbours.clusters(points, Clustering(20, 10, leaf_size=40))
    assert len(set(found) - {-1}) == 3 and (found == -1).any()
    np.testing.assert_array_equal(found, wanted)


def test_beyond_the_dense_limit_the_trees_give_the_same_clusters(monkeypatch):
    points, _ = clouds()
    dense = neighbours.clusters(points, Clustering(20, 10))
    monkeypatch.setattr(clustering, "DENSE", 100)
    np.testing.assert_array_equal(neighbours.clusters(points, Clustering(20, 10)), dense)


def test_adjusted_rand_counts_pairs_and_multiplicity():
    first, second = np.array([0, 0, 1, 1, 2]), np.array([0, 0, 0, 1, 1])
    assert clustering.adjusted_rand(first, second) == pytest.approx(adjusted_rand_score(first, second))
    times = np.array([2, 0, 1, 3, 2])
    wanted = adjusted_rand_score(np.repeat(first, times), np.repeat(second, times))
    assert clustering.adjusted_rand(first, second, times=times) == pytest.approx(wanted)
    assert clustering.adjusted_rand(first, first) == 1
    assert clustering.adjusted_rand(np.zeros(3, int), np.zeros(3, int)) == 1


@pytest.mark.parametrize("average", ["arithmetic", "max"])
def test_noise_is_scored_as_its_name_says(average):
    labels = np.array(["a", "a", "a", "b", "b", "b", "b", "a"])
    found = np.array([4, 4, -1, 7, 7, 7, -1, -1])
    by_hand = {
        "one extra cluster": (labels, found),
        "dropped": (labels[[0, 1, 3, 4, 5]], found[[0, 1, 3, 4, 5]]),
        "singletons": (labels, [4, 4, 10, 7, 7, 7, 11, 12]),
    }
    for noise, (classes, groups) in by_hand.items():
        score = neighbours.cluster_score(labels, found, noise=noise, average=average, **DRAWS)
        assert score.rand == pytest.approx(adjusted_rand_score(classes, groups))
        wanted = adjusted_mutual_info_score(classes, groups, average_method=average)
        assert score.information == pytest.approx(wanted)
        assert (score.clusters, score.noise, score.n, score.treatment) == (2, 3, len(classes), noise)
        assert score.low <= score.rand + 1e-9 and score.high >= score.rand - 1e-9


def test_nothing_but_noise_has_no_score_when_it_is_dropped_and_zero_when_it_is_kept():
    labels, found = np.array(["a", "b", "a", "b"]), np.full(4, -1)
    assert np.isnan(neighbours.cluster_score(labels, found, noise="dropped", **DRAWS).rand)
    kept = neighbours.cluster_score(labels, found, **DRAWS)
    assert kept.rand == 0 and kept.information == 0 and kept.clusters == 0 and kept.noise == 4


def test_the_difference_of_two_clusterings_is_paired():
    points, labels = clouds()
    good = neighbours.clusters(points, Clustering(20, 10))
    poor = np.resize([0, 1], len(labels))
    gap = neighbours.rand_difference(labels, good, poor, **DRAWS)
    assert gap.low < gap.value < gap.high and gap.low > 0.5
    scores = (neighbours.cluster_score(labels, found, **DRAWS).rand for found in (good, poor))
    assert gap.value == pytest.approx(-np.diff(list(scores))[0])
    same = neighbours.rand_difference(labels, good, good, **DRAWS)
    assert (same.value, same.low, same.high) == (0, 0, 0)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: Clustering(1, 10), "min_cluster_size must be at least 2; got 1"),
        (lambda: Clustering(5, 0), "min_samples must be at least 1; got 0"),
        (
            lambda: neighbours.clusters(np.zeros((4, 2)), Clustering(2, 10)),
            "HDBSCAN needs at least min_samples = 10 images; got 4",
        ),
        (
            lambda: neighbours.cluster_score(np.array(["a"]), np.array([0]), noise="kept", **DRAWS),
            "noise must be one of 'one extra cluster', 'dropped', 'singletons'; got 'kept'",
        ),
        (
            lambda: neighbours.cluster_score(np.array(["a"]), np.array([0]), average="mean", **DRAWS),
            "average must be one of 'arithmetic', 'geometric', 'max', 'min'; got 'mean'",
        ),
        (
            lambda: neighbours.rand_difference(np.array(["a"]), [0], [0], noise="dropped", **DRAWS),
            "noise must be one of 'one extra cluster', 'singletons'; got 'dropped'",
        ),
    ],
)
def test_errors_say_what_was_wanted_and_what_came(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
