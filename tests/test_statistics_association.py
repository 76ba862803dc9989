import numpy as np
import pytest
import scipy.stats
import sklearn.metrics

from neuroattr import statistics

TABLE_1 = (
    (0.737, 0.632, 0.815),
    (0.760, 0.662, 0.832),
    (0.799, 0.715, 0.860),
    (0.662, 0.535, 0.760),
    (0.139, -0.059, 0.327),
)


def correlated(r, n=100, seed=0):
    """x and y whose Pearson correlation is r exactly."""
    x, noise = np.random.default_rng(seed).normal(size=(2, n))
    x = (x - x.mean()) / x.std()
    noise = noise - noise.mean()
    noise = noise - x * (x @ noise) / n
    return x, r * x + np.sqrt(1 - r**2) * noise / noise.std()


@pytest.fixture
def pairs():
    random = np.random.default_rng(0)
    x = random.integers(0, 12, 80).astype(float)  # with ties
    return x, x + random.normal(size=80) * 4


@pytest.mark.parametrize(("r", "low", "high"), TABLE_1)
def test_the_correlations_of_table_1_have_the_intervals_derived_for_100_words(r, low, high):
    # Printed in Discovery table 1; intervals derived in the papers' checklist (A6).
    estimate = statistics.pearson(*correlated(r))
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((r, low, high), abs=6e-4)


def test_pearson_equals_scipys(pairs):
    expected = scipy.stats.pearsonr(*pairs)
    interval = expected.confidence_interval(0.9)
    estimate = statistics.pearson(*pairs, level=0.9)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((expected.statistic, *interval))
    assert estimate.n == 80 and float(estimate) == estimate.value


def test_spearman_equals_scipys(pairs):
    estimate = statistics.spearman(*pairs)
    assert estimate.value == pytest.approx(scipy.stats.spearmanr(*pairs).statistic)
    resampled = statistics.bootstrap(lambda x, y: scipy.stats.spearmanr(x, y).statistic, *pairs, draws=300, seed=0)
    assert (estimate.low, estimate.high) == pytest.approx((resampled.low, resampled.high), abs=0.05)


@pytest.mark.parametrize("correlation", [statistics.pearson, statistics.spearman])
def test_a_perfect_correlation_is_one(correlation):
    estimate = correlation(np.arange(5.0), np.arange(5.0) ** 1 * -2)
    assert (estimate.value, estimate.low, estimate.high) == pytest.approx((-1, -1, -1))


def test_an_estimate_prints_with_interval_and_n():
    assert str(statistics.Estimate(0.737, 0.6321, 0.8149, 100)) == "0.737 [0.632, 0.815], n = 100"


def test_a_correlation_needs_four_pairs():
    message = r"a correlation needs two arrays of one length of at least 4; got shapes \(3,\), \(3,\)"
    with pytest.raises(ValueError, match=message):
        statistics.pearson(np.arange(3), np.arange(3))


def test_a_correlation_needs_finite_values():
    with pytest.raises(ValueError, match="a correlation needs finite values; drop the pairs with NaN first"):
        statistics.spearman(np.array([1, 2, 3, np.nan]), np.arange(4))


def test_a_correlation_with_a_constant_is_refused():
    message = "a correlation with a constant is undefined; one of the arrays has a single value"
    with pytest.raises(ValueError, match=message):
        statistics.pearson(np.ones(5), np.arange(5))


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


def test_pairing_tells_two_correlations_apart_whose_own_intervals_overlap():
    random = np.random.default_rng(0)
    target, shared = random.normal(size=(2, 100))
    second = target + 0.9 * shared
    first = target + 0.8 * shared + 0.05 * random.normal(size=100)
    better, worse = statistics.pearson(first, target), statistics.pearson(second, target)
    difference = statistics.correlation_difference(first, second, target, draws=300, seed=0)
    assert better.low < worse.high
    assert difference.value == pytest.approx(better.value - worse.value)
    assert 0 < difference.low < difference.high


def test_a_correlation_does_not_differ_from_itself():
    x, y = correlated(0.5)
    difference = statistics.correlation_difference(x, x, y, draws=20, seed=0, correlation=statistics.spearman)
    assert (difference.value, difference.low, difference.high) == (0, 0, 0)


def test_one_of_four_pairs_is_out_of_order():
    assert statistics.auc(np.array([1.0, 3.0, 2.0, 4.0]), np.array([0, 0, 1, 1], bool)).value == 0.75


def test_auc_equals_sklearns_with_ties():
    random = np.random.default_rng(0)
    labels = random.random(90) < 0.3
    scores = np.round(random.normal(size=90) + labels)
    estimate = statistics.auc(scores, labels)
    assert estimate.value == pytest.approx(sklearn.metrics.roc_auc_score(labels, scores))
    assert 0 < estimate.low < estimate.value < estimate.high < 1


def test_the_interval_of_the_auc_is_about_that_of_a_bootstrap():
    random = np.random.default_rng(0)
    labels = np.arange(120) < 60
    scores = random.normal(size=120) + labels
    estimate = statistics.auc(scores, labels)
    resampled = statistics.bootstrap(
        lambda s, y: sklearn.metrics.roc_auc_score(y, s), scores, labels, draws=300, seed=0, method="percentile"
    )
    assert (estimate.low, estimate.high) == pytest.approx((resampled.low, resampled.high), abs=0.03)


def test_complete_separation_keeps_an_interval():
    scores, labels = np.arange(20.0), np.arange(20) >= 10
    best, worst = statistics.auc(scores, labels), statistics.auc(-scores, labels)
    assert (best.value, best.high) == (1, 1) and 0.7 < best.low < 0.99
    assert (worst.value, worst.low, worst.high) == pytest.approx((0, 0, 1 - best.low))


def test_auc_needs_both_classes():
    with pytest.raises(ValueError, match="auc needs both classes; got 3 positive and 0 negative"):
        statistics.auc(np.arange(3), np.ones(3, bool))


def test_auc_needs_one_label_for_each_score():
    with pytest.raises(ValueError, match=r"auc needs one label for each score; got shapes \(3,\) and \(2,\)"):
        statistics.auc(np.arange(3), np.ones(2, bool))


def test_auc_needs_finite_scores():
    with pytest.raises(ValueError, match="scores must be finite"):
        statistics.auc(np.array([0, np.nan]), np.array([True, False]))


@pytest.mark.parametrize(("successes", "n"), [(0, 10), (3, 10), (10, 10), (1, 1), (47, 900)])
def test_proportion_has_wilsons_interval(successes, n):
    expected = scipy.stats.binomtest(successes, n).proportion_ci(method="wilson")
    estimate = statistics.proportion(successes, n)
    assert (estimate.low, estimate.high) == pytest.approx((expected.low, expected.high), abs=1e-12)
    assert (estimate.value, estimate.n) == (successes / n, n)


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
