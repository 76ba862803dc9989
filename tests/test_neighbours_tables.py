"""Tables of validations: recall by class, the best space against the others, restricted votes, centres of classes."""

import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import KNeighborsClassifier

from neuroattr import neighbours
from neuroattr.neighbours import Validation, Vote
from neuroattr.neighbours.best import against_best
from neuroattr.neighbours.centres import around_centres
from neuroattr.neighbours.recall import class_recall
from neuroattr.neighbours.restricted import outside_group

LABELS = np.array(["red", "red", "red", "red", "blue", "blue"])


def validation(*repeats):
    return Validation(LABELS, np.array(repeats))


# ---- recall


def test_recall_by_hand():
    found = class_recall(
        validation(["red", "red", "blue", "green", "blue", "blue"], ["red", "red", "blue", "red", "blue", "blue"]),
        ["blue", "red"],
    )
    assert found["class"].to_numpy().tolist() == ["blue", "red"]
    assert found["recall"].to_numpy().tolist() == [1.0, 5 / 8]
    assert found["mistaken"].to_numpy().tolist() == ["nothing", "blue"]
    assert found["mistakes"].to_numpy().tolist() == [0.0, 0.25]


def test_of_equally_frequent_mistakes_the_first_is_named():
    found = class_recall(validation(["green", "blue", "red", "red", "blue", "blue"]), ["red"])
    assert found["mistaken"].item() == "green"


def test_recall_is_that_of_a_table_of_confusions():
    rng = np.random.default_rng(0)
    said = rng.choice(["red", "blue", "green"], (5, 6))
    found = class_recall(validation(*said), ["red", "blue"])
    for name in ("red", "blue"):
        table = pd.Series(said[:, name == LABELS].ravel()).value_counts(normalize=True)
        assert float(found["recall"].sel({"class": name})) == pytest.approx(table[name])
        assert float(found["mistakes"].sel({"class": name})) == pytest.approx(table.drop(name).max())


def test_recall_of_a_class_without_images_is_an_error():
    with pytest.raises(ValueError) as error:
        class_recall(validation(LABELS), ["green"])
    assert str(error.value) == "the validation has no images of class 'green'"


# ---- the best space


def test_the_best_space_is_compared_with_each_other_one():
    worse, none = ["red", "red", "red", "blue", "blue", "blue"], ["blue"] * 6
    three = {"first": validation(worse), "second": validation(LABELS), "third": validation(none)}
    found = against_best(three, draws=50, seed=0)
    assert [(each.first, each.second) for each in found] == [("second", "first"), ("second", "third")]
    assert [(each.only_first, each.only_second) for each in found] == [(1, 0), (4, 0)]
    own = neighbours.difference(three["second"], three["third"], draws=50, seed=0)
    assert (found[1].difference, found[1].low, found[1].high) == (own.value, own.low, own.high)


def test_of_equally_good_spaces_the_first_is_the_best():
    [found] = against_best({"a": validation(LABELS), "b": validation(LABELS)}, draws=20, seed=0)
    assert (found.first, found.second, found.difference) == ("a", "b", 0)


# ---- restricted votes


def test_a_neighbour_of_the_same_group_has_no_vote():
    line = np.array([[0.0], [0.1], [1.0], [1.1]])
    labels, groups = np.array(["red", "red", "blue", "blue"]), np.array(["dots", "dots", "checks", "checks"])
    found = outside_group(line, labels, Vote(1), groups)
    assert found.predictions.tolist() == [["blue", "blue", "red", "red"]] and found.accuracy.value == 0


def test_with_a_group_for_each_image_it_is_the_vote_of_all_others():
    rng = np.random.default_rng(0)
    features, labels = rng.random((30, 4)), rng.choice(["a", "b", "c"], 30)
    found = outside_group(features, labels, Vote(3), np.arange(30))
    for row in range(30):
        others = np.arange(30) != row
        oracle = KNeighborsClassifier(3).fit(features[others], labels[others])
        assert oracle.predict(features[[row]])[0] == found.predictions[0, row]


def test_too_few_images_outside_a_group_are_an_error():
    with pytest.raises(ValueError) as error:
        outside_group(np.zeros((4, 2)), np.array(list("abab")), Vote(2), np.array([0, 0, 0, 1]))
    assert str(error.value) == ("each group needs at least 2 images of other groups for the vote; the largest has 1")


# ---- centres


def test_the_middle_of_a_class_and_its_neighbours_by_hand():
    line = np.array([[0.0], [1.0], [2.0], [2.5], [9.0]])
    found = around_centres(line, np.array(["a", "a", "a", "b", "b"]), ["a", "b"], count=2)
    assert found["a"].tolist() == [1, 0, 2] and found["b"].tolist() == [3, 2, 1]


def test_a_class_without_images_has_no_middle():
    with pytest.raises(ValueError) as error:
        around_centres(np.zeros((2, 1)), np.array(["a", "a"]), ["b"], count=1)
    assert str(error.value) == "there are no images of class 'b'"
