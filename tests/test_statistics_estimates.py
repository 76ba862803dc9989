import numpy as np
import pytest
import scipy.stats

from neuroattr import statistics


def test_an_estimate_prints_with_interval_and_n():
    assert str(statistics.Estimate(0.737, 0.6321, 0.8149, 100)) == "0.737 [0.632, 0.815], n = 100"


@pytest.mark.parametrize(("method", "name"), [("percentile", "percentile"), ("bca", "BCa")])
def test_bootstrap_intervals_are_those_of_scipy(method, name):
    skewed = np.random.default_rng(0).exponential(size=40)
    estimate = statistics.bootstrap(np.mean, skewed, draws=4000, seed=1, method=method)
    expected = scipy.stats.bootstrap(
        (skewed,), np.mean, n_resamples=4000, method=name, rng=np.random.default_rng(2)
    ).confidence_interval
    assert estimate.value == skewed.mean()
    assert (estimate.low, estimate.high) == pytest.approx(tuple(expected), abs=0.03)


def test_bootstrap_is_the_same_for_the_same_seed():
    first, second, other = (
        statistics.bootstrap(np.median, np.arange(20.0) ** 2, draws=50, seed=seed, method="percentile")
        for seed in (3, 3, 4)
    )
    assert first == second != other


def test_bootstrap_keeps_rows_together():
    x = np.random.default_rng(0).normal(size=30)
    estimate = statistics.bootstrap(lambda a, b: np.corrcoef(a, b)[0, 1], x, 2 * x, draws=50, seed=0)
    assert (estimate.low, estimate.high) == pytest.approx((1, 1))


def test_bootstrap_refuses_lengths_that_differ():
    with pytest.raises(ValueError, match=r"bootstrap needs arrays of one length of at least 2; got lengths \[3, 4\]"):
        statistics.bootstrap(np.mean, np.ones(3), np.ones(4), draws=1, seed=0)


def test_bootstrap_refuses_an_unknown_method():
    with pytest.raises(ValueError, match="method must be 'percentile' or 'bca'; got 'basic'"):
        statistics.bootstrap(np.mean, np.ones(3), draws=1, seed=0, method="basic")


def test_bootstrap_refuses_no_draws():
    with pytest.raises(ValueError, match="draws must be at least 1; got 0"):
        statistics.bootstrap(np.mean, np.ones(3), draws=0, seed=0)


def test_bootstrap_refuses_a_statistic_that_fails_on_a_resample():
    message = "the statistic is not finite on the data or on some resample; too few distinct rows?"
    with pytest.raises(ValueError, match=message):
        statistics.bootstrap(lambda x: np.inf if len(set(x)) < 3 else 1.0, np.arange(3), draws=20, seed=0)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_outside_zero_to_one_is_refused(level):
    with pytest.raises(ValueError, match=f"level must lie between 0 and 1; got {level}"):
        statistics.proportion(1, 2, level=level)


def test_resampled_rows_are_those_that_the_bootstrap_draws_one_by_one():
    values = np.random.default_rng(0).normal(size=30)
    rows = statistics.resampled_rows(30, draws=200, seed=5)
    found = statistics.percentile_estimate(values.mean(), values[rows].mean(axis=1), n=30, level=0.9)
    expected = statistics.bootstrap(np.mean, values, draws=200, seed=5, level=0.9, method="percentile")
    assert found == expected


def test_resampled_counts_say_how_often_each_observation_is_drawn():
    counts = statistics.resampled_counts(7, draws=2000, seed=0)
    assert counts.shape == (2000, 7) and (counts.sum(axis=1) == 7).all()
    np.testing.assert_allclose(counts.mean(axis=0), 1, atol=0.1)
    np.testing.assert_allclose(counts.var(axis=0), 6 / 7, atol=0.15)  # binomial of 7 draws with probability 1/7


@pytest.mark.parametrize("resampled", [statistics.resampled_rows, statistics.resampled_counts])
def test_a_generator_goes_on_and_a_seed_begins_anew(resampled):
    random = np.random.default_rng(1)
    first, second = (resampled(50, draws=3, seed=random) for _ in range(2))
    np.testing.assert_array_equal(first, resampled(50, draws=3, seed=1))
    assert (first != second).any()


@pytest.mark.parametrize("resampled", [statistics.resampled_rows, statistics.resampled_counts])
def test_resamples_of_nothing_and_no_resamples_are_refused(resampled):
    with pytest.raises(ValueError, match=r"^a resample needs at least 1 observation; got 0$"):
        resampled(0, draws=3, seed=0)
    with pytest.raises(ValueError, match=r"^draws must be at least 1; got 0$"):
        resampled(3, draws=0, seed=0)


def test_an_interval_of_what_is_not_a_number_on_some_resample_is_not_a_number():
    found = statistics.percentile_estimate(1.0, np.array([1.0, np.nan]), n=3)
    assert found.value == 1 and np.isnan([found.low, found.high]).all()


@pytest.mark.parametrize(("successes", "n"), [(0, 10), (3, 10), (10, 10), (1, 1), (47, 900)])
def test_proportion_has_wilsons_interval(successes, n):
    share, z = successes / n, scipy.stats.norm.ppf(0.95)
    centre = (share + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z * np.sqrt(share * (1 - share) / n + z**2 / (4 * n**2)) / (1 + z**2 / n)
    estimate = statistics.proportion(successes, n, level=0.9)
    assert (estimate.low, estimate.high) == pytest.approx((centre - half, centre + half), abs=1e-12)
    assert (estimate.value, estimate.n) == (share, n) and 0 <= estimate.low <= estimate.high <= 1


@pytest.mark.parametrize(("successes", "n"), [(0, 0), (-1, 3), (4, 3)])
def test_impossible_proportions_are_refused(successes, n):
    message = f"proportion needs 0 <= successes <= n with n at least 1; got {successes} of {n}"
    with pytest.raises(ValueError, match=message):
        statistics.proportion(successes, n)


def test_the_difference_of_two_proportions_has_newcombes_published_interval():
    # Newcombe (1998), Table II, example (a): 56/70 and 48/80, method 10 gives 0.0524 to 0.3339
    found = statistics.proportion_difference(statistics.proportion(56, 70), statistics.proportion(48, 80))
    assert (found.value, found.low, found.high) == pytest.approx((0.2, 0.0524, 0.3339), abs=5e-5)
    assert found.n == 150
