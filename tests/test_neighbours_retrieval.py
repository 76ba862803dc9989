"""Retrieval: rules of fusion by hand and by loops, scores against scikit-learn, the query never finds itself."""

import re

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import average_precision_score, ndcg_score

from neuroattr import neighbours, statistics
from neuroattr.neighbours import FUSIONS, Fusion

RANDOM = np.random.default_rng(0)
SPACES = {"colour": RANDOM.normal(size=(30, 4)), "texture": 10 * RANDOM.normal(size=(30, 9))}
LABELS = {"colour": np.resize(["red", "blue", "green"], 30), "texture": np.repeat(["dots", "plain"], 15)}
QUERIES = np.array([2, 7, 11])


def distances(fusion=None):
    asked = {name: values[QUERIES] for name, values in SPACES.items()}
    return neighbours.space_distances(asked, SPACES, fusion or Fusion())


# --- fusion -------------------------------------------------------------------------------------------------------


def test_z_scores_make_a_wide_space_weigh_no_more_than_a_narrow_one():
    table = {"colour": np.array([[1.0, 2.0, 3.0]]), "texture": np.array([[300.0, 100.0, 200.0]])}
    fused = neighbours.fused_distances(table, Fusion())
    unit = np.sqrt(3 / 2)
    np.testing.assert_allclose(fused, [[0, -unit / 2, unit / 2]], atol=1e-12)
    heavy = neighbours.fused_distances(table, Fusion(weights={"colour": 3, "texture": 1}))
    np.testing.assert_allclose(heavy, [[unit * (-3 + 1) / 4, unit * -1 / 4, unit * 3 / 4]], atol=1e-12)


def test_concatenation_is_the_distance_of_the_concatenated_unit_vectors():
    fusion = Fusion("concatenated unit vectors", weights={"colour": 0.25, "texture": 0.75})
    unit = {name: values / np.linalg.norm(values, axis=1, keepdims=True) for name, values in SPACES.items()}
    long = np.hstack([np.sqrt(fusion.weights[name]) * values for name, values in unit.items()])
    wanted = statistics.pairwise(long[QUERIES], long, metric="euclidean")
    fused = neighbours.fused_distances(distances(fusion), fusion)
    np.testing.assert_allclose(fused, wanted, atol=1e-7)


def test_reciprocal_ranks_are_those_of_a_loop():
    table, fusion = distances(), Fusion("reciprocal rank fusion", constant=10)
    fused = neighbours.fused_distances(table, fusion)
    for q in range(len(QUERIES)):
        for j in range(30):
            ranks = [1 + (table[name][q] < table[name][q, j]).sum() for name in table]
            assert fused[q, j] == pytest.approx(-sum(0.5 / (10 + rank) for rank in ranks))


def test_re_ranking_orders_the_first_n_by_the_other_space_and_leaves_the_rest():
    table = distances()
    fused = neighbours.fused_distances(table, Fusion("re-rank the first N", first=6))
    for q, order in enumerate(neighbours.ranked(fused, count=30)):
        by_colour = np.argsort(table["colour"][q])
        assert set(order[:6]) == set(by_colour[:6])
        assert order[:6].tolist() == sorted(by_colour[:6], key=lambda j: table["texture"][q, j])
        assert order[6:].tolist() == by_colour[6:].tolist()


@pytest.mark.parametrize("rule", FUSIONS)
def test_the_query_itself_takes_no_part(rule):
    fusion = Fusion(rule, first=5)
    fused = neighbours.fused_distances(distances(fusion), fusion, own=QUERIES)
    assert np.isinf(fused[np.arange(3), QUERIES]).all() and np.isinf(fused).sum() == 3
    for q, row in enumerate(QUERIES):
        without = {name: np.delete(values[q : q + 1], row, axis=1) for name, values in distances(fusion).items()}
        np.testing.assert_allclose(np.delete(fused[q], row), neighbours.fused_distances(without, fusion)[0])


def test_a_ranking_is_a_stable_sort_however_long(monkeypatch):
    table = RANDOM.integers(0, 4, (5, 40)).astype(float)
    table[:, 3] = np.inf
    wanted = np.argsort(table, axis=1, kind="stable")
    for count in (1, 7, 40):
        np.testing.assert_array_equal(neighbours.ranked(table, count=count), wanted[:, :count])
    monkeypatch.setattr("neuroattr.neighbours.fusion.FEW", 0)
    np.testing.assert_array_equal(neighbours.ranked(table, count=7), wanted[:, :7])


# --- scores -------------------------------------------------------------------------------------------------------


def test_scores_of_a_ranking_by_hand():
    table = np.array([[0.1, 0.2, 0.3, 0.4, np.inf]])
    scores = neighbours.retrieval_scores(table, np.array([[True, False, True, False, True]]), at=2)
    assert scores.precision.tolist() == [0.5]
    assert scores.average_precision.tolist() == [pytest.approx((1 + 2 / 3) / 2)]
    assert scores.gain.tolist() == [pytest.approx(1 / (1 + 1 / np.log2(3)))]


def test_scores_are_those_of_scikit_learn():
    table, gains = distances()["colour"], RANDOM.integers(0, 3, (3, 30))
    scores = neighbours.retrieval_scores(table, gains == 2, at=7, gains=gains)
    for q in range(3):
        assert scores.average_precision[q] == pytest.approx(average_precision_score(gains[q] == 2, -table[q]))
        assert scores.gain[q] == pytest.approx(ndcg_score(gains[q : q + 1], -table[q : q + 1], k=7))
        assert scores.precision[q] == (gains[q][np.argsort(table[q])[:7]] == 2).mean()


def test_queries_without_relevant_images_are_left_out_and_counted():
    relevant = np.zeros((3, 30), bool)
    relevant[:2, :10] = True
    scores = neighbours.retrieval_scores(distances()["colour"], relevant, at=5)
    assert np.isnan(scores.precision[2]) and np.isnan(scores.average_precision[2]) and np.isnan(scores.gain[2])
    estimate = scores.estimates(draws=20, seed=0)["precision"]
    assert estimate.n == 2 and estimate.value == pytest.approx(scores.precision[:2].mean())


def test_shared_attributes_count_what_two_images_have_in_common():
    shared = neighbours.shared_attributes(LABELS, QUERIES)
    for q, row in enumerate(QUERIES):
        for j in range(30):
            assert shared[q, j] == sum(LABELS[name][row] == LABELS[name][j] for name in LABELS)
    only = neighbours.shared_attributes(LABELS, QUERIES, by=["texture"])
    np.testing.assert_array_equal(only == 1, LABELS["texture"][QUERIES][:, None] == LABELS["texture"])


def test_rankings_are_compared_in_each_attribute_and_in_both():
    onehot = {
        name: (values[:, None] == np.unique(values)) + 0.01 * SPACES[name][:, :1] for name, values in LABELS.items()
    }
    fusions = [Fusion(), Fusion("concatenated unit vectors"), Fusion(weights={"colour": 1, "texture": 0})]
    table = neighbours.compared_rankings(onehot, LABELS, fusions=fusions, queries=np.arange(30), at=3, draws=30, seed=0)
    found = {(row.ranking, row.judged): row for row in table}
    rankings = ["colour", "texture", FUSIONS[0], FUSIONS[1], f"{FUSIONS[0]} (2)"]
    assert list(found) == [(ranking, judged) for ranking in rankings for judged in ("colour", "texture", "both")]
    assert found["colour", "colour"].precision == 1 and found["texture", "texture"].precision == 1
    assert found[FUSIONS[0], "both"].precision == 1 > found["colour", "both"].precision
    assert found["colour", "colour"].chance == pytest.approx(9 / 29)
    assert found[rankings[-1], "colour"].precision == found["colour", "colour"].precision
    assert found["colour", "both"].queries == 30
    settings = {"fusions": fusions, "queries": np.arange(30), "at": 3, "draws": 30, "seed": 0}
    assert neighbours.compared_rankings(onehot, pd.DataFrame(LABELS), **settings) == table


# --- errors -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: Fusion("sum"), f"rule must be one of {', '.join(map(repr, FUSIONS))}; got 'sum'"),
        (lambda: Fusion(first=0), "first must be at least 1; got 0"),
        (lambda: Fusion(constant=-1), "constant must not be negative; got -1"),
        (
            lambda: neighbours.fused_distances(distances(), Fusion(weights={"colour": 1})),
            "weights must name each space once (colour, texture); got colour",
        ),
        (
            lambda: neighbours.fused_distances(distances(), Fusion(weights={"colour": 0, "texture": 0})),
            "weights must not be negative, nor all zero; got colour 0, texture 0",
        ),
        (
            lambda: neighbours.fused_distances({"colour": np.ones((1, 3))}, Fusion("re-rank the first N")),
            "re-ranking needs a second space to order by; got one",
        ),
        (
            lambda: neighbours.fused_distances({"a": np.ones((1, 3)), "b": np.ones((1, 2))}, Fusion()),
            "all spaces must have one shape of distances; got {'a': (1, 3), 'b': (1, 2)}",
        ),
        (
            lambda: neighbours.space_distances({"colour": np.ones((1, 4))}, SPACES, Fusion()),
            "queries and gallery must have the same spaces; got colour and colour, texture",
        ),
        (
            lambda: neighbours.retrieval_scores(np.ones((1, 3)), np.ones((1, 2), bool), at=1),
            "distances, relevant and gains must be queries x gallery; got (1, 3), (1, 2), (1, 2)",
        ),
        (
            lambda: neighbours.retrieval_scores(np.array([[1.0, np.inf]]), np.ones((1, 2), bool), at=2),
            "at must be between 1 and 1; got 2",
        ),
        (
            lambda: neighbours.mean_over_queries(np.array([np.nan, 1.0]), draws=1, seed=0),
            "a mean over queries needs two that have relevant images; got 1",
        ),
        (
            lambda: neighbours.shared_attributes(LABELS, QUERIES, by=["shape"]),
            "by must name attributes out of colour, texture; got shape",
        ),
        (
            lambda: neighbours.compared_rankings(
                SPACES, {"colour": LABELS["colour"]}, fusions=[], queries=QUERIES, at=1, draws=1, seed=0
            ),
            "spaces and labels must have the same attributes; got colour, texture and colour",
        ),
    ],
)
def test_errors_say_what_was_wanted_and_what_came(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()
