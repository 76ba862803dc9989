import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from neuroattr.corpus import contrasts
from neuroattr.statistics import balanced


def test_strata_are_equal_on_both_sides_by_hand():
    mention = np.array([True] * 6 + [False] * 6)
    strata = np.array([0, 0, 0, 1, 1, 2, 0, 1, 1, 1, 3, 3])
    positives, negatives = balanced(mention, strata, random=np.random.default_rng(0))
    assert sorted(strata[positives]) == sorted(strata[negatives]) == [0, 1, 1]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 3)), min_size=2, max_size=40), st.integers(0, 9))
def test_every_stratum_gives_the_smaller_count_of_both_sides(rows, seed):
    mention, strata = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    positives, negatives = balanced(mention, strata, random=np.random.default_rng(seed))
    assert mention[positives].all() and not mention[negatives].any()
    for stratum in range(4):
        inside = strata == stratum
        smaller = min((inside & mention).sum(), (inside & ~mention).sum())
        assert (strata[positives] == stratum).sum() == (strata[negatives] == stratum).sum() == smaller
    for side in (positives, negatives):
        assert (np.diff(side) > 0).all()


def test_without_strata_the_smaller_side_is_kept_whole():
    mention = np.arange(10) < 3
    positives, negatives = balanced(mention, None, random=np.random.default_rng(1))
    assert positives.tolist() == [0, 1, 2] and len(negatives) == 3
    others = balanced(mention, None, random=np.random.default_rng(2))[1]
    assert negatives.tolist() != others.tolist()


def test_contrasts_of_a_corpus_are_drawn_by_the_same_hand():
    random = np.random.default_rng(3)
    mention, strata = random.random(60) < 0.3, random.integers(0, 4, 60)
    positives, negatives, report = contrasts.drawn(mention, strata, balanced=True, seed=5)
    expected = balanced(mention, strata, random=np.random.default_rng(5))
    np.testing.assert_array_equal(positives, expected[0])
    np.testing.assert_array_equal(negatives, expected[1])
    assert report["negatives dropped"] == (~mention).sum() - len(negatives)
