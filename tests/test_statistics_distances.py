import re

import numpy as np
import pytest
import scipy.spatial.distance
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.neighbors import NearestNeighbors

from neuroattr import statistics
from neuroattr.statistics import distances


@pytest.mark.parametrize("metric, name", [("euclidean", "euclidean"), ("cosine", "cosine"), ("manhattan", "cityblock")])
def test_distances_are_those_of_scipy(metric, name):
    random = np.random.default_rng(0)
    queries, gallery = random.normal(size=(7, 5)), random.normal(size=(11, 5))
    wanted = scipy.spatial.distance.cdist(queries, gallery, name)
    np.testing.assert_allclose(statistics.pairwise(queries, gallery, metric=metric), wanted, atol=1e-7)


def test_the_nearest_come_in_order_and_equal_ones_in_the_order_of_the_gallery():
    positions, values = statistics.smallest(np.array([[3.0, 1.0, 2.0, 1.0]]), 3)
    assert positions.tolist() == [[1, 3, 2]] and values.tolist() == [[1.0, 1.0, 2.0]]


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 6), st.integers(0, 10**6))
def test_the_nearest_are_the_first_of_a_stable_sort_without_the_own_group(count, seed):
    random = np.random.default_rng(seed)
    table = random.integers(0, 5, (8, 30)).astype(float)  # many equal distances
    groups, own = random.integers(-1, 3, 30), random.integers(0, 3, 8)
    positions, values = statistics.smallest(table, count, query_groups=own, gallery_groups=groups)
    for row, group, found, value in zip(table, own, positions, values, strict=True):
        allowed = np.flatnonzero((groups >= 0) & (groups != group))
        wanted = allowed[np.argsort(row[allowed], kind="stable")][:count]
        assert found.tolist() == wanted.tolist() and value.tolist() == row[wanted].tolist()


@pytest.mark.parametrize("metric", statistics.METRICS)
def test_the_nearest_of_vectors_are_those_of_scikit_learn_whatever_the_blocks(metric, monkeypatch):
    random = np.random.default_rng(0)
    queries, gallery = random.normal(size=(23, 5)), random.normal(size=(40, 5))
    brute = NearestNeighbors(n_neighbors=6, algorithm="brute", metric=metric).fit(gallery)
    wanted = brute.kneighbors(queries)
    for held in (distances.HELD, 8 * 40 * 7):  # one block, and four
        monkeypatch.setattr(distances, "HELD", held)
        positions, values = statistics.nearest(queries, gallery, count=6, metric=metric)
        np.testing.assert_array_equal(positions, wanted[1])
        np.testing.assert_allclose(values, wanted[0], atol=1e-7)


def test_copies_come_in_the_order_of_their_rows():
    gallery = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    positions, _ = statistics.nearest(np.array([[0.0, 2.0]]), gallery, count=4, metric="cosine")
    assert positions.tolist() == [[1, 3, 0, 2]]


def test_vectors_of_unit_length_have_it_and_keep_their_direction():
    vectors = np.array([[3.0, 4.0], [-2.0, 0.0]])
    np.testing.assert_allclose(statistics.unit_length(vectors), [[0.6, 0.8], [-1, 0]])


X = np.arange(1.0, 13.0).reshape(3, 4)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: statistics.pairwise(X, X, metric="l2"),
            "metric must be one of 'euclidean', 'cosine', 'manhattan'; got 'l2'",
        ),
        (
            lambda: statistics.pairwise(X, X[:, :3], metric="euclidean"),
            "queries and gallery must have the same features; got 4 and 3",
        ),
        (
            lambda: statistics.unit_length(np.zeros((2, 3))),
            "2 vectors are zero and have no direction; use metric 'euclidean', or leave them out",
        ),
        (
            lambda: statistics.nearest(X, X, count=4, metric="euclidean"),
            "4 neighbours were asked for, but a query has only 3 vectors to choose from; ask for fewer, or give more "
            "examples",
        ),
        (
            lambda: statistics.nearest(X[:0], X, count=1, metric="euclidean"),
            "nearest needs at least one query; got none",
        ),
        (lambda: statistics.smallest(X, 0), "count must be at least 1 neighbour; got 0"),
    ],
)
def test_what_cannot_be_measured_is_refused(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
