import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, ndcg_score

from neuroattr import statistics


def drawn(seed, *, levels, shape=(60,)):
    """Scores of so many levels, and hits."""
    random = np.random.default_rng(seed)
    hits = random.random(shape) < 0.3
    hits[..., 0] = True
    return random.integers(0, levels, shape) / levels, hits


def slow(scores, hits, positives):
    """The oracle: precision and recall at every score that occurs."""
    total, before = 0.0, 0
    for score in sorted(set(scores.tolist()), reverse=True):
        taken = scores >= score
        found = hits[taken].sum()
        total += (found - before) / positives * found / taken.sum()
        before = found
    return total


def test_average_precision_by_hand():
    # Right at ranks 1 and 3: (1/1 + 2/3) / 2; with a third one that was never detected, / 3.
    scores, hits = np.array([1, 4, 3, 2]), np.array([0, 1, 0, 1], bool)
    assert statistics.average_precision(scores, hits, positives=2) == pytest.approx(5 / 6)
    assert statistics.average_precision(scores, hits, positives=3) == pytest.approx(5 / 9)


@given(st.integers(0, 10_000), st.sampled_from([2, 5, 1000]), st.integers(0, 7))
def test_average_precision_equals_a_loop_with_ties_and_with_what_was_missed(seed, levels, missed):
    scores, hits = drawn(seed, levels=levels)
    positives = int(hits.sum()) + missed
    expected = slow(scores, hits, positives)
    assert statistics.average_precision(scores, hits, positives=positives) == pytest.approx(expected, abs=1e-12)


@given(st.integers(0, 10_000), st.sampled_from([2, 5, 1000]))
def test_average_precision_is_that_of_scikit_learn_where_all_are_detected(seed, levels):
    scores, hits = drawn(seed, levels=levels)
    expected = average_precision_score(hits, scores)
    assert statistics.average_precision(scores, hits, positives=int(hits.sum())) == pytest.approx(expected, abs=1e-12)


def test_average_precision_does_not_depend_on_the_order_of_equal_scores():
    scores, hits = drawn(0, levels=3)
    order = np.random.default_rng(1).permutation(len(scores))
    one, other = (
        statistics.average_precision(*pair, positives=30) for pair in ((scores, hits), (scores[order], hits[order]))
    )
    assert one == other


def test_scores_may_be_unsigned_whole_numbers():
    scores, hits = np.array([0, 3, 1], np.uint8), np.array([False, True, False])
    assert statistics.average_precision(scores, hits, positives=1) == 1
    assert statistics.precision_at(scores, hits, count=1) == 1


def test_nothing_detected_and_nothing_right_have_no_precision():
    assert statistics.average_precision(np.array([]), np.array([], bool), positives=3) == 0
    assert statistics.average_precision(np.array([2.0, 1.0]), np.zeros(2, bool), positives=3) == 0


def test_precision_and_gain_of_the_first_by_hand():
    scores, hits = np.array([0.1, 0.9, 0.5]), np.array([True, True, False])
    assert statistics.precision_at(scores, hits, count=2) == 0.5
    assert statistics.ndcg(scores, hits, count=2) == pytest.approx(1 / (1 + 1 / np.log2(3)))
    assert statistics.ndcg(scores, np.zeros(3), count=2) == 0


def test_precision_and_gain_of_many_queries_equal_a_loop_and_scikit_learn():
    scores = np.random.default_rng(0).permutation(60.0 * np.arange(60)).reshape(3, 20)
    gains = np.random.default_rng(1).integers(0, 3, (3, 20))
    precision, gain = (
        statistics.precision_at(scores, gains == 2, count=7),
        statistics.ndcg(scores, gains, count=7),
    )
    for q in range(3):
        assert precision[q] == (gains[q][np.argsort(-scores[q])[:7]] == 2).mean()
        assert gain[q] == pytest.approx(ndcg_score(gains[q : q + 1], scores[q : q + 1], k=7))


def test_equal_scores_keep_their_order():
    hits = np.array([True, False, True, False])
    assert statistics.precision_at(np.zeros(4), hits, count=1) == 1
    assert statistics.precision_at(np.zeros(4), hits[::-1], count=1) == 0
    assert statistics.ndcg(np.zeros(4), hits[::-1], count=1) == 0


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: statistics.average_precision(np.ones(2), np.zeros(2, bool), positives=0),
            r"^positives must count every true one, at least 1 and at least the 0 hits; got 0$",
        ),
        (
            lambda: statistics.average_precision(np.ones(3), np.ones(3, bool), positives=2),
            r"^positives must count every true one, at least 1 and at least the 3 hits; got 2$",
        ),
        (
            lambda: statistics.average_precision(np.ones(2), np.zeros(3, bool), positives=1),
            r"^hits must hold one value for each score; got shapes \(2,\) and \(3,\)$",
        ),
        (
            lambda: statistics.average_precision(np.ones((2, 2)), np.ones((2, 2), bool), positives=4),
            r"^average precision ranks one list of scores; got shape \(2, 2\)$",
        ),
        (
            lambda: statistics.average_precision(np.array([1, np.nan]), np.ones(2, bool), positives=2),
            "^scores must be finite; got 1 NaN and 0 infinite of 2 values",
        ),
        (
            lambda: statistics.average_precision(np.ones(2), np.array([0.5, 1]), positives=2),
            "^hits must be true or false, or 0 and 1; got 0.5 among 2 values",
        ),
        (
            lambda: statistics.precision_at(np.ones(2), np.ones(2, bool), count=3),
            "^count must be between 1 and 2; got 3$",
        ),
        (lambda: statistics.ndcg(np.ones(2), np.array([-1, 1]), count=1), "^gains must not be negative$"),
        (
            lambda: statistics.ndcg(np.ones(2), np.ones(3), count=1),
            r"^gains must hold one value for each score; got shapes \(2,\) and \(3,\)$",
        ),
    ],
)
def test_what_cannot_be_ranked_is_refused(call, message):
    with pytest.raises(ValueError, match=message):
        call()
