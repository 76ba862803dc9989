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
