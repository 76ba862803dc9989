import numpy as np
import pytest

from neuroattr.statistics.groups import mean_difference


def test_groups_that_do_not_vary_differ_by_their_means_without_doubt():
    found = mean_difference(np.array([3.0, 3.0, 1.0, 1.0, 1.0]), np.array([1, 1, 0, 0, 0], bool), draws=20, seed=0)
    assert (found.value, found.low, found.high, found.n) == (2.0, 2.0, 2.0, 5)


def test_the_interval_is_that_of_resampling_each_side():
    rng = np.random.default_rng(1)
    values, inside = rng.normal(size=60), rng.random(60) < 0.4
    found = mean_difference(values, inside, draws=3000, seed=0)
    assert found.value == pytest.approx(values[inside].mean() - values[~inside].mean())
    spread = np.sqrt(values[inside].var() / inside.sum() + values[~inside].var() / (~inside).sum())
    assert found.low == pytest.approx(found.value - 1.96 * spread, abs=0.15 * spread)
    assert found.high == pytest.approx(found.value + 1.96 * spread, abs=0.15 * spread)


def test_a_generator_goes_on_where_it_is():
    values, inside = np.arange(10.0), np.arange(10) < 4
    random = np.random.default_rng(0)
    first, second = (mean_difference(values, inside, draws=30, seed=random) for _ in range(2))
    assert first == mean_difference(values, inside, draws=30, seed=0) and first != second


def test_a_side_without_observations_is_an_error():
    with pytest.raises(ValueError) as error:
        mean_difference(np.ones(3), np.ones(3, bool), draws=10, seed=0)
    assert str(error.value) == "both sides need observations; got 3 and 0"
    with pytest.raises(ValueError, match=r"^draws must be at least 1; got 0$"):
        mean_difference(np.arange(3.0), np.array([True, False, False]), draws=0, seed=0)
