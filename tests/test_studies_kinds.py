"""Scores of words against their kinds, and texts against what is stated, on tables small enough to count."""

import numpy as np
import pandas as pd
import pytest
import scipy.sparse

from neuroattr import statistics
from neuroattr.corpus import Corpus, ImageSource
from neuroattr.studies import mentions, samples
from neuroattr.studies.kinds import visual_auc


@pytest.fixture
def four():
    """Four pictures: red is said of a and b, blue of b, c and d, wool of a."""
    ids = pd.Index(list("abcd"), name="image")
    said = np.array([[1, 0, 1], [1, 1, 0], [0, 1, 0], [0, 1, 0]], bool)
    table = pd.DataFrame({"image": ids, "split": "train"}, index=ids)
    return Corpus("toy", table, ("red", "blue", "wool"), scipy.sparse.csr_array(said), ImageSource(".", {}))


def test_words_of_the_two_kinds_are_compared_by_hand():
    scores = pd.Series({"red": 3.0, "new": 2.0, "blue": 1.0, "soft": 9.0, "unknown": 9.0})
    kinds = pd.Series({"blue": "visual", "new": "non-visual", "red": "visual", "soft": "abstract", "gone": "visual"})
    assert visual_auc(scores, kinds) == statistics.auc(np.array([3.0, 2.0, 1.0]), np.array([True, False, True]))
    assert visual_auc(scores, kinds).value == 0.5 and visual_auc(scores, kinds).n == 3


def test_words_of_one_kind_alone_cannot_be_compared():
    with pytest.raises(ValueError, match="auc needs both classes"):
        visual_auc(pd.Series({"red": 3.0}), pd.Series({"red": "visual"}))


def test_recall_and_precision_by_hand(four):
    stated = pd.Series(["red", "red", "red", "blue"])
    found = mentions.recall_and_precision(four, stated, at_least=1)
    assert found.index.tolist() == ["red", "blue"] and found.index.name == "word"
    assert found["stated"].tolist() == [3, 1] and found["mentioned"].tolist() == [2, 3]
    assert found["recall"].tolist() == [statistics.proportion(2, 3), statistics.proportion(1, 1)]
    assert found["precision"].tolist() == [statistics.proportion(2, 2), statistics.proportion(1, 3)]


def test_rare_values_are_left_out_of_recall_and_precision(four):
    found = mentions.recall_and_precision(four, pd.Series(["red", "red", "red", "blue"]), at_least=2)
    assert found.index.tolist() == ["red"]
    assert mentions.recall_and_precision(four, pd.Series(["grey"] * 4), at_least=2).empty


def test_a_value_for_each_picture_is_wanted(four):
    with pytest.raises(ValueError, match="want a value for each of 4 pictures; got 3"):
        mentions.recall_and_precision(four, pd.Series(["red"] * 3), at_least=1)


def test_a_picture_has_its_rarest_words_a_line_each(four):
    assert samples.mentioned(four, np.array([[0, 1], [2, 3]])) == [["red\nwool", "red\nblue"], ["blue", "blue"]]
    assert samples.mentioned(four, [[0]], most=1) == [["wool"]]


def test_pictures_are_whole_and_in_rows(shop):
    rows = np.array([[3, 1], [0, 2]])
    found = samples.pictures(shop, rows)
    assert [[picture.size for picture in row] for row in found] == [[(64, 64)] * 2] * 2
    np.testing.assert_array_equal(np.asarray(found[0][1]), np.asarray(shop.image(1)))
