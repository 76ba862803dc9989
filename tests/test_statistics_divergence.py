import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from neuroattr import statistics

THREE_TO_ONE = np.array([3, 1]), np.array([1, 3])


def entropies(p, q):
    """The oracle: scipy's KL both ways."""
    return scipy.stats.entropy(p, q) + scipy.stats.entropy(q, p)


def null_counts(shares, *, n_positive, n_negative, draws, seed=0):
    """Histograms of words that mean nothing: both drawn from the same shares."""
    random = np.random.default_rng(seed)
    return random.multinomial(n_positive, shares, draws), random.multinomial(n_negative, shares, draws)


def flat(bins):
    return np.full(bins, 1 / bins)


def sparse(bins):
    """A unit that is zero on 95 % of the images."""
    return np.concatenate([[0.95], np.full(bins - 1, 0.05 / (bins - 1))])


def test_three_to_one_against_one_to_three_diverges_by_ln_3():
    # (3/4 - 1/4) ln 3 + (1/4 - 3/4) ln (1/3)
    assert statistics.symmetric_kl(*THREE_TO_ONE, smoothing="epsilon") == pytest.approx(np.log(3))


@pytest.mark.parametrize(
    ("smoothing", "p"),
    [("laplace", 4 / 6), ("jeffreys", 3.5 / 5), ("pooled", 3.5 / 5), ("drop", 3 / 4)],
)
def test_smoothing_adds_what_its_name_says(smoothing, p):
    # By hand: the second histogram mirrors the first, and pooled they are even, so "pooled" adds 1/2 to each of 2 bins.
    expected = 2 * (2 * p - 1) * np.log(p / (1 - p))
    assert statistics.symmetric_kl(*THREE_TO_ONE, smoothing=smoothing) == pytest.approx(expected)


@pytest.mark.parametrize("smoothing", ["epsilon", "laplace", "jeffreys", "pooled", "drop"])
def test_divergence_equals_scipys_entropies(smoothing):
    positive, negative = null_counts(flat(6), n_positive=100, n_negative=900, draws=20)
    prior = {"epsilon": 0, "drop": 0, "laplace": 1, "jeffreys": 0.5}.get(smoothing)
    if prior is None:
        prior = 3 * (positive + negative) / 1000
    expected = [entropies(p, q) for p, q in zip(positive + prior, negative + prior, strict=True)]
    np.testing.assert_allclose(statistics.symmetric_kl(positive, negative, smoothing=smoothing), expected, rtol=1e-7)


def test_dropping_leaves_the_common_bins():
    value = statistics.symmetric_kl(np.array([4, 3, 1, 0]), np.array([0, 1, 3, 9]), smoothing="drop")
    assert value == pytest.approx(np.log(3))


def test_dropping_everything_is_not_a_number():
    assert np.isnan(statistics.symmetric_kl(np.array([4, 0]), np.array([0, 4]), smoothing="drop"))


def test_a_bin_empty_on_both_sides_adds_nothing_when_pooled():
    with_empty = statistics.symmetric_kl(np.array([3, 0, 1, 0]), np.array([1, 0, 3, 0]), smoothing="pooled")
    # The strength follows the number of bins, 2 observations here: 1 more in each of two bins.
    assert with_empty == pytest.approx(2 * (2 * 4 / 6 - 1) * np.log(2))


histogram = st.lists(st.integers(0, 50), min_size=5, max_size=5).filter(any).map(np.array)


@given(p=histogram, q=histogram, smoothing=st.sampled_from(statistics.SMOOTHINGS))
def test_divergence_is_symmetric_and_never_negative(p, q, smoothing):
    one, other = (statistics.symmetric_kl(*pair, smoothing=smoothing) for pair in ((p, q), (q, p)))
    np.testing.assert_allclose(one, other, atol=1e-12)
    assert np.isnan(one) or one >= -1e-12
    assert smoothing == "drop" or statistics.symmetric_kl(p, 2 * p, smoothing="epsilon") == pytest.approx(0, abs=1e-9)


def test_positive_and_negative_broadcast():
    positive, negative = np.ones((3, 1, 4), int), np.arange(1, 9).reshape(2, 4)
    assert statistics.symmetric_kl(positive, negative, smoothing="pooled").shape == (3, 2)


@pytest.mark.parametrize(
    ("smoothing", "dense", "thin"), [("epsilon", 0.20, 0.65), ("jeffreys", 0.14, 0.10), ("pooled", 0.14, 0.13)]
)
def test_smoothing_decides_what_a_rare_word_diverges_by_chance(smoothing, dense, thin):
    # Means of 4,000 runs without association, 200 against 86,000 images, 32 bins (the papers' checklist, A3).
    for shares, expected in ((flat(32), dense), (sparse(32), thin)):
        counts = null_counts(shares, n_positive=200, n_negative=86_000, draws=2000)
        assert statistics.symmetric_kl(*counts, smoothing=smoothing).mean() == pytest.approx(expected, abs=0.01)


def test_the_mean_without_association_follows_the_formula():
    for n_positive, n_negative, bins in ((2000, 86_000, 32), (1000, 1000, 10)):
        counts = null_counts(flat(bins), n_positive=n_positive, n_negative=n_negative, draws=4000)
        mean = statistics.symmetric_kl(*counts, smoothing="epsilon").mean()
        assert mean == pytest.approx(statistics.null_divergence(n_positive, n_negative, bins=bins), rel=0.03)


def test_the_formula_gives_the_example_of_its_notes():
    assert statistics.null_divergence(200, 86_000, bins=32) == pytest.approx(0.155, abs=5e-4)
    assert statistics.null_divergence(np.array([2000]), 86_000, bins=32) == pytest.approx([0.016], abs=5e-4)


@pytest.mark.parametrize("shares", [flat(32), sparse(32)])
@pytest.mark.parametrize("n_positive", [200, 2000])
def test_corrected_divergence_is_about_zero_without_association(shares, n_positive):
    counts = null_counts(shares, n_positive=n_positive, n_negative=86_000, draws=3000)
    raw = statistics.symmetric_kl(*counts).mean()
    # With bins of 0.3 expected images the correction is of first order only; it still takes three quarters away.
    assert abs(statistics.corrected_divergence(*counts).mean()) < (0.25 if n_positive == 200 else 0.35) * raw


def test_corrected_divergence_subtracts_the_formula_over_the_filled_bins():
    positive, negative = np.array([10, 30, 0]), np.array([20, 20, 0])
    expected = statistics.symmetric_kl(positive, negative, smoothing="jeffreys") - 2 / 40
    assert statistics.corrected_divergence(positive, negative, smoothing="jeffreys") == pytest.approx(expected)


def test_count_auc_equals_mann_whitney():
    positive, negative = null_counts(flat(5), n_positive=30, n_negative=50, draws=1)
    samples = [np.repeat(np.arange(5), counts[0]) for counts in (positive, negative)]
    expected = scipy.stats.mannwhitneyu(*samples).statistic / (30 * 50)
    assert statistics.count_auc(positive, negative) == pytest.approx([expected])


def test_an_unknown_smoothing_is_refused():
    message = "smoothing must be one of 'pooled', 'epsilon', 'laplace', 'jeffreys', 'drop'; got 'none'"
    with pytest.raises(ValueError, match=message):
        statistics.symmetric_kl(*THREE_TO_ONE, smoothing="none")


def test_a_histogram_without_counts_is_refused():
    message = r"negative has 1 histogram\(s\) without any count; leave out words that no image has, or that all have"
    with pytest.raises(ValueError, match=message):
        statistics.symmetric_kl(np.ones((2, 3)), np.array([[0, 0, 0], [1, 0, 0]]))


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_what_cannot_be_a_count_is_refused(bad):
    with pytest.raises(ValueError, match="positive must be counts: finite and not negative"):
        statistics.symmetric_kl(np.array([bad, 1.0]), np.array([1.0, 1.0]))


def test_a_single_bin_is_refused():
    with pytest.raises(ValueError, match=r"positive must have at least two bins along its last axis; got shape \(1,\)"):
        statistics.symmetric_kl(np.array([3]), np.array([3]))
