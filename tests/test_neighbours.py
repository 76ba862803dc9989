"""Classification by neighbours: votes by hand, scikit-learn as oracle, paired tests against scipy."""

import re

import numpy as np
import pytest
import scipy.spatial.distance
import scipy.stats
import xarray as xr
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from neuroattr import neighbours
from neuroattr.neighbours import Folds, Vote, comparison, validation
from neuroattr.statistics import distances


def blobs(n=90, width=12, classes=("blue", "green", "red"), spread=3.0, seed=0):
    """Features around one centre a class, and the labels, shuffled."""
    random = np.random.default_rng(seed)
    labels = random.permutation(np.resize(classes, n))
    centres = {name: random.normal(size=width) for name in classes}
    return np.stack([centres[label] for label in labels]) + spread * random.normal(size=(n, width)) / 3, labels


# --- distances ----------------------------------------------------------------------------------------------------


def test_spaces_keep_the_order_of_the_layers_and_of_their_units():
    values = np.arange(12, dtype="float32").reshape(2, 6)
    coordinates = {"layer": ("unit", ["b", "b", "a", "a", "a", "c"])}
    spaces = neighbours.spaces(xr.DataArray(values, dims=("image", "unit"), coords=coordinates))
    assert list(spaces) == ["b", "a", "c"]
    assert spaces["a"].tolist() == [[2, 3, 4], [8, 9, 10]]


def test_scaling_does_what_its_name_says_and_leaves_a_constant_feature_alone():
    features = np.array([[3.0, 4.0, 1.0], [6.0, 8.0, 1.0]])
    np.testing.assert_array_equal(neighbours.scaled(features, scaling="none"), features)
    np.testing.assert_allclose(neighbours.scaled(features, scaling="standardised"), [[-1, -1, 0], [1, 1, 0]])
    np.testing.assert_allclose(np.linalg.norm(neighbours.scaled(features, scaling="unit length"), axis=1), 1)


# --- votes --------------------------------------------------------------------------------------------------------

GALLERY = np.array([[0.0], [1.0], [2.0], [3.0], [10.0]])
NAMES = np.array(["red", "blue", "blue", "red", "green"])


def test_the_most_frequent_class_wins():
    found = neighbours.predicted(np.array([[1.4]]), GALLERY, NAMES, Vote(3))
    assert found.labels.tolist() == ["blue"] and found.neighbours.tolist() == [[1, 2, 0]]
    assert found.shares[0] == pytest.approx(2 / 3)
    np.testing.assert_allclose(found.distances, [[0.4, 0.6, 1.4]])


def test_a_tie_goes_to_the_lowest_label_or_to_the_nearest_neighbour_by_name():
    query = np.array([[-0.1]])  # red, blue, blue, red: two votes each
    assert neighbours.predicted(query, GALLERY, NAMES, Vote(4)).labels.tolist() == ["blue"]
    assert neighbours.predicted(query, GALLERY, NAMES, Vote(4, ties="nearest neighbour")).labels.tolist() == ["red"]


def test_weights_by_distance_count_only_what_is_at_distance_zero_where_something_is():
    found = neighbours.predicted(np.array([[0.0]]), GALLERY, NAMES, Vote(3, weights="distance"))
    assert found.labels.tolist() == ["red"] and found.shares.tolist() == [1.0]


@pytest.mark.parametrize("weights", ["uniform", "distance"])
@pytest.mark.parametrize("metric", ["euclidean", "manhattan"])
def test_predictions_are_those_of_scikit_learn(weights, metric):
    features, labels = blobs()
    queries, _ = blobs(seed=1)
    wanted = KNeighborsClassifier(5, metric=metric, weights=weights).fit(features, labels).predict(queries)
    vote = Vote(5, metric=metric, weights=weights)
    np.testing.assert_array_equal(neighbours.predicted(queries, features, labels, vote).labels, wanted)


def test_labels_may_be_numbers_or_the_objects_of_pandas():
    features, labels = blobs()
    codes = np.unique(labels, return_inverse=True)[1]
    by_text = neighbours.predicted(features, features, labels.astype(object), Vote(5)).labels
    by_number = neighbours.predicted(features, features, codes, Vote(5)).labels
    np.testing.assert_array_equal(np.unique(labels)[by_number], by_text)


# --- cross-validation ---------------------------------------------------------------------------------------------


def test_cross_validation_is_that_of_scikit_learn_in_every_repeat(monkeypatch):
    features, labels = blobs()
    monkeypatch.setattr(distances, "HELD", 8 * 90 * 7)  # thirteen blocks
    found = neighbours.cross_validated(features, labels, Vote(5), Folds(5, repeats=3, seed=4))
    for repeat, predictions in enumerate(found.predictions):
        splits = StratifiedKFold(5, shuffle=True, random_state=4 + repeat)
        wanted = cross_val_predict(KNeighborsClassifier(5), features, labels, cv=splits)
        np.testing.assert_array_equal(predictions, wanted)


def test_accuracy_comes_with_an_interval_over_images_and_one_over_seeds():
    labels = np.array(["a", "a", "b", "b"])
    found = neighbours.Validation(labels, np.array([["a", "a", "b", "a"], ["a", "a", "b", "b"]]))
    assert found.accuracies.tolist() == [0.75, 1.0] and found.image_accuracy.tolist() == [1, 1, 1, 0.5]
    assert found.accuracy.value == 0.875 and found.accuracy.n == 4
    over = found.over_seeds
    wanted = scipy.stats.t.interval(0.95, 1, loc=0.875, scale=scipy.stats.sem([0.75, 1.0]))
    assert (over.low, over.high) == pytest.approx(wanted) and over.n == 2
    assert str(found) == str(found.accuracy)


def test_the_interval_at_a_thousand_images_is_the_half_width_that_the_checklist_derives():
    labels = np.repeat(["a", "b"], 500)
    guess = labels.copy()
    guess[:63] = "b"  # .937, table 1, colour at block 2
    accuracy = neighbours.Validation(labels, guess[None]).accuracy
    assert (accuracy.high - accuracy.low) / 2 == pytest.approx(0.015, abs=5e-4)


def test_rows_hold_numbers_or_say_why_there_is_none():
    features, labels = blobs()
    found = neighbours.cross_validated(features, labels, Vote(5), Folds(5, repeats=1, seed=0))
    one, none = neighbours.rows({"block1": found, 1024: neighbours.Impossible("too many")})
    assert (one.name, one.accuracy, one.n, one.seeds, one.note) == ("block1", found.accuracy.value, 90, 1, "")
    assert np.isnan(one.seeds_low)
    assert none.name == 1024 and np.isnan(none.accuracy) and none.note == "impossible: too many"


# --- comparisons --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("first, second", [(0, 0), (1, 0), (5, 5), (3, 9), (20, 4)])
def test_mcnemar_is_the_binomial_test(first, second):
    right = np.repeat([True, False, True], [first, second, 7])
    other = np.repeat([False, True, True], [first, second, 7])
    found = comparison.mcnemar(right, other)
    assert (found.only_first, found.only_second) == (first, second)
    wanted = scipy.stats.binomtest(first, first + second).pvalue if first + second else 1.0
    assert found.exact == pytest.approx(wanted)
    half = scipy.stats.binom.pmf(first, first + second, 0.5)
    assert found.mid == pytest.approx(1.0 if first == second else wanted - half)


def test_comparisons_pair_the_images_of_every_two_spaces():
    features, labels = blobs(spread=4)
    folds = Folds(5, repeats=3, seed=0)
    spaces = {"good": features, "poor": features[:, :2], "same": features}
    validations = {name: neighbours.cross_validated(x, labels, Vote(5), folds) for name, x in spaces.items()}
    pairs = neighbours.comparisons(validations, draws=400, seed=0)
    assert [(pair.first, pair.second) for pair in pairs] == [("good", "poor"), ("good", "same"), ("poor", "same")]
    better, equal, worse = pairs
    gap = validations["good"].accuracy.value - validations["poor"].accuracy.value
    assert better.difference == pytest.approx(gap) and better.low < gap < better.high
    assert (equal.difference, equal.low, equal.high, equal.exact, equal.largest_mid) == (0, 0, 0, 1, 1)
    assert worse.difference == -better.difference and worse.only_first == better.only_second
    tests = [
        comparison.mcnemar(*rows) for rows in zip(*(validations[n].correct for n in ("good", "poor")), strict=True)
    ]
    assert better.mid == tests[0].mid and better.largest_mid == max(test.mid for test in tests)


def test_the_best_depth_and_its_difference_follow_the_accuracies():
    right, wrong = np.array([["a", "b"] * 50]), np.array([["b", "a"] * 50])
    labels = right[0]
    half = np.where(np.arange(100) < 50, right, wrong)
    early = {name: neighbours.Validation(labels, p) for name, p in zip("123", (right, half, wrong), strict=True)}
    late = {name: neighbours.Validation(labels, p) for name, p in zip("123", (half, wrong, right), strict=True)}
    position, drawn = neighbours.best_depth(early, draws=50, seed=0)
    assert position == 0 and set(drawn) == {0}
    gap = neighbours.depth_difference(early, late, draws=50, seed=0)
    assert (gap.value, gap.low, gap.high, gap.n) == (2, 2, 2, 100)


# --- a new class --------------------------------------------------------------------------------------------------


def test_with_all_examples_a_new_class_is_known_as_in_cross_validation():
    features, labels = blobs()
    folds = Folds(5, repeats=2, seed=3)
    whole = neighbours.cross_validated(features, labels, Vote(5), folds)
    (learned,) = neighbours.learning_curve(features, labels, Vote(5), folds, examples=[24], draws=50)
    assert learned.recall == pytest.approx(whole.accuracy.value) == pytest.approx(learned.others)
    assert learned.chance == pytest.approx(1 / 3) and learned.n == 90


def test_few_examples_are_the_classifier_of_few_examples():
    features, labels = blobs(n=40, classes=("a", "b"))
    folds, vote = Folds(4, repeats=1, seed=0), Vote(3, ties="nearest neighbour")
    (learned,) = neighbours.learning_curve(features, labels, vote, folds, examples=[4], draws=20)
    number, order = neighbours.fold_numbers(labels, folds)[0], np.random.default_rng(0).permutation(40)
    right = []
    for fold, new in ((fold, new) for fold in range(4) for new in "ab"):
        members = [row for row in order if labels[row] == new and number[row] != fold][:4]
        train = np.array(sorted(members + [r for r in range(40) if labels[r] != new and number[r] != fold]))
        test = np.flatnonzero((number == fold) & (labels == new))
        right.extend(neighbours.predicted(features[test], features[train], labels[train], vote).labels == new)
    assert learned.recall == pytest.approx(np.mean(right))


def test_one_example_of_each_class_makes_ties_that_the_lowest_label_wins():
    features, labels = blobs(classes=tuple("abcde"), spread=0.3)
    folds = Folds(5, repeats=1, seed=0)
    settings = {"examples": [1], "draws": 20, "others": "as few"}
    (lowest,) = neighbours.learning_curve(features, labels, Vote(5), folds, **settings)
    (nearest,) = neighbours.learning_curve(features, labels, Vote(5, ties="nearest neighbour"), folds, **settings)
    assert lowest.recall == pytest.approx(0.2) and nearest.recall > 0.9


def test_more_examples_than_there_are_are_said_not_crashed():
    features, labels = blobs()
    (learned,) = neighbours.learning_curve(features, labels, Vote(5), Folds(5, 1, 0), examples=[100], draws=10)
    assert np.isnan(learned.recall)
    assert learned.note == "impossible: 100 examples of a class of which the training folds hold 24"


# --- search -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_queries", [1, 5, 70])
def test_the_gallery_finds_what_scikit_learn_finds(n_queries):
    random = np.random.default_rng(0)
    vectors = random.normal(5, 1, (700, 16)).astype("float32")
    queries = random.normal(5, 1, (n_queries, 16)).astype("float32")
    wanted = NearestNeighbors(n_neighbors=9, algorithm="brute").fit(vectors.astype(float)).kneighbors(queries)
    rows, found = neighbours.VectorIndex(vectors).nearest(queries, count=9)
    np.testing.assert_array_equal(rows, wanted[1])
    np.testing.assert_allclose(found, wanted[0], rtol=1e-6)


def test_the_gallery_is_exact_where_single_precision_is_not():
    random = np.random.default_rng(1)
    vectors = (1000 + 1e-2 * random.normal(size=(400, 64))).astype("float32")  # nearly all digits are the mean
    queries = (1000 + 1e-2 * random.normal(size=(6, 64))).astype("float32")
    exact = np.sqrt(((queries[:, None].astype(float) - vectors.astype(float)) ** 2).sum(axis=2))
    rows, found = neighbours.VectorIndex(vectors).nearest(queries, count=20)
    np.testing.assert_array_equal(rows, np.argsort(exact, axis=1, kind="stable")[:, :20])
    np.testing.assert_allclose(found, np.sort(exact, axis=1)[:, :20], rtol=1e-12)


@pytest.mark.parametrize("n_queries", [1, 3])
def test_all_distances_of_a_gallery_are_right_to_single_precision(n_queries):
    random = np.random.default_rng(2)
    vectors, queries = random.normal(5, 1, (50, 8)), random.normal(5, 1, (n_queries, 8))
    wanted = scipy.spatial.distance.cdist(queries, vectors)
    np.testing.assert_allclose(neighbours.VectorIndex(vectors).distances(queries), wanted, rtol=1e-5)


def test_copies_in_a_gallery_come_in_the_order_of_their_rows():
    vectors = np.array([[1.0, 0.0], [0.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    rows, found = neighbours.VectorIndex(vectors).nearest(np.zeros((1, 2)), count=4)
    assert rows.tolist() == [[1, 3, 0, 2]] and found.tolist() == [[0, 0, 1, 1]]


# --- errors -------------------------------------------------------------------------------------------------------

X, Y = blobs(n=12)
FOLDS = Folds(2, repeats=1, seed=0)


@pytest.mark.parametrize(
    "call, message",
    [
        (lambda: Vote(0), "neighbours must be at least 1; got 0"),
        (lambda: Vote(5, metric="l2"), "metric must be one of 'euclidean', 'cosine', 'manhattan'; got 'l2'"),
        (lambda: Vote(5, weights="rank"), "weights must be one of 'uniform', 'distance'; got 'rank'"),
        (lambda: Vote(5, ties="random"), "ties must be one of 'lowest label', 'nearest neighbour'; got 'random'"),
        (lambda: Folds(1, 1, 0), "count must be at least 2 folds; got 1"),
        (lambda: Folds(5, 0, 0), "repeats must be at least 1; got 0"),
        (
            lambda: neighbours.cross_validated(X, Y, Vote(5), Folds(5, 1, 0)),
            "each class needs at least 5 images for 5 stratified folds; 'blue' has 4",
        ),
        (
            lambda: neighbours.cross_validated(X, Y, Vote(7), FOLDS),
            "7 neighbours were asked for, but a query has only 6 vectors to choose from; ask for fewer, or give more "
            "examples",
        ),
        (
            lambda: neighbours.cross_validated(X, Y[:3], Vote(1), FOLDS),
            "labels must give one class to each of 12 images; got (3,)",
        ),
        (
            lambda: neighbours.cross_validated(X, np.array(["None", None, np.nan] * 4, object), Vote(1), FOLDS),
            "labels must be known for all images; 8 are missing. Leave those out",
        ),
        (
            lambda: neighbours.cross_validated(X, np.array(["hat", "", " ", "nan"] * 3), Vote(1), FOLDS),
            "labels must be known for all images; 9 are missing. Leave those out",
        ),
        (
            lambda: neighbours.fold_numbers(np.zeros(8, int), FOLDS),
            "a classification needs at least two classes; got 1",
        ),
        (
            lambda: neighbours.cross_validated(np.full((12, 2), np.nan), Y, Vote(1), FOLDS),
            "queries must be finite; got 24 NaN and 0 infinite of 24 values, the first at (0, 0). Drop or mend them "
            "first",
        ),
        (
            lambda: neighbours.spaces(xr.DataArray(X, dims=("image", "unit"))),
            "activation must have the coordinate 'layer' on its dimension 'unit', as recordings have",
        ),
        (
            lambda: neighbours.Validation(Y, Y[None]).over_seeds,
            "an interval over seeds needs at least 2 repeats; got 1. Raise Folds.repeats",
        ),
        (
            lambda: neighbours.difference(
                neighbours.Validation(Y, Y[None]), neighbours.Validation(Y[::-1], Y[None]), draws=1, seed=0
            ),
            "validations must be of the same images in the same order to be compared; their labels differ",
        ),
        (
            lambda: neighbours.depth_difference({"a": None}, {"b": None}, draws=1, seed=0),
            "both must have the same spaces in the same order; got a and b",
        ),
        (
            lambda: neighbours.learning_curve(X, Y, Vote(1), FOLDS, examples=[0], draws=1),
            "examples must be at least 1; got 0",
        ),
        (lambda: neighbours.VectorIndex(np.zeros((0, 3))), "an index needs at least one vector; got none"),
        (lambda: neighbours.VectorIndex(X).nearest(X[:, :2], count=1), "queries must have 12 features; got 2"),
        (lambda: neighbours.VectorIndex(X).nearest(X, count=13), "count must be between 1 and 12; got 13"),
    ],
)
def test_errors_say_what_was_wanted_and_what_came(call, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        call()


def test_module_names_are_what_the_package_promises():
    assert sorted(neighbours.__all__, key=str) == sorted(set(neighbours.__all__))
    assert validation.Impossible("x") == neighbours.Impossible("x")
