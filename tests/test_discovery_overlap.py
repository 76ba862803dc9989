"""Prime units in common: by hand, by an oracle, always, and what is refused."""

import numpy as np
import pytest

from neuroattr import discovery
from neuroattr.discovery.overlap import shared_units


def test_units_in_both_choices_are_counted_by_hand():
    first = np.array([[1, 3, 2], [0, 1, 2]])
    second = np.array([[2, 0, 1], [3, 4, 5]])
    assert shared_units(first, second).tolist() == [2, 0]


def test_choices_of_prime_units_agree_with_a_loop_over_sets():
    random = np.random.default_rng(0)
    first, second = (discovery.prime_units(random.random((6, 30)), count=10) for _ in range(2))
    expected = [len(set(a) & set(b)) for a, b in zip(first.tolist(), second.tolist(), strict=True)]
    assert shared_units(first, second).tolist() == shared_units(second, first).tolist() == expected
    assert shared_units(first, first).tolist() == [10] * 6


def test_choices_for_other_words_are_refused():
    with pytest.raises(ValueError, match=r"same words, one row each; got shapes \(1, 2\) and \(2, 2\)"):
        shared_units(np.zeros((1, 2), int), np.zeros((2, 2), int))
