import numpy as np
import pytest
import scipy.stats

from neuroattr import statistics
from neuroattr.statistics import significance as module


def null_counts(shares, *, n_positive, n_negative, draws, seed=0):
    random = np.random.default_rng(seed)
    return random.multinomial(n_positive, shares, draws), random.multinomial(n_negative, shares, draws)


def test_thin_bins_merge_with_their_upper_neighbours():
    # 100 of 400 images: a bin needs 20 images in all for 5 expected positives. Groups: 8 + 22, 40, 330 with its rest.
    positive, negative = np.array([3, 7, 20, 70, 0]), np.array([5, 15, 20, 255, 5])
    test = statistics.chi_square(positive, negative)
    expected = scipy.stats.chi2_contingency([[10, 20, 70], [20, 20, 260]], correction=False)
    assert test.freedom == 2
    assert test.statistic == pytest.approx(expected.statistic)
    assert test.pvalue == pytest.approx(expected.pvalue)


def test_well_filled_bins_are_tested_as_scipy_tests_them():
    positive, negative = null_counts(np.full(8, 1 / 8), n_positive=300, n_negative=900, draws=10)
    tests = statistics.chi_square(positive, negative)
    for p, q, statistic, pvalue in zip(positive, negative, tests.statistic, tests.pvalue, strict=True):
        expected = scipy.stats.chi2_contingency([p, q])
        assert (statistic, pvalue) == pytest.approx((expected.statistic, expected.pvalue))


def test_the_statistic_is_the_scaled_divergence_to_second_order():
    positive, negative = null_counts(np.full(8, 1 / 8), n_positive=20_000, n_negative=80_000, draws=5)
    scaled = statistics.symmetric_kl(positive, negative, smoothing="epsilon") * 20_000 * 80_000 / 100_000
    np.testing.assert_allclose(statistics.chi_square(positive, negative).statistic, scaled, rtol=0.01)


@pytest.mark.parametrize("n_positive", [60, 200, 2000])
@pytest.mark.parametrize("zeros", [1 / 32, 0.5, 0.95])
def test_a_nominal_five_percent_test_rejects_about_five_percent_without_association(n_positive, zeros):
    shares = np.concatenate([[zeros], np.full(31, (1 - zeros) / 31)])
    counts = null_counts(shares, n_positive=n_positive, n_negative=20_000, draws=4000)
    rejected = (statistics.chi_square(*counts).pvalue < 0.05).mean()
    if n_positive == 60 and zeros == 0.95:  # 3 images outside zero are expected: one bin, no test
        assert rejected == 0
    else:
        assert 0.035 < rejected < 0.065


def test_what_is_in_one_bin_cannot_be_tested():
    test = statistics.chi_square(np.array([4, 0]), np.array([90, 6]))
    assert (test.freedom, test.pvalue) == (0, 1)
    assert statistics.chi_square(np.array([0, 0]), np.array([90, 6])).pvalue == 1


def test_counts_broadcast():
    test = statistics.chi_square(np.full((3, 1, 4), 9), np.full((2, 4), 30))
    assert test.pvalue.shape == (3, 2)


def test_the_kernel_does_the_same_uncompiled():
    rows = [counts.astype(float) for counts in null_counts(np.full(6, 1 / 6), n_positive=40, n_negative=90, draws=5)]
    rows[0][0] = 0
    for uncompiled, compiled in zip(
        module._merged_chi_square.py_func(*rows, 5.0), module._merged_chi_square(*rows, 5.0), strict=True
    ):
        np.testing.assert_allclose(uncompiled, compiled)


def test_a_negative_count_is_refused():
    with pytest.raises(ValueError, match="positive and negative must be counts, not below zero"):
        statistics.chi_square(np.array([-1, 2]), np.array([1, 2]))


def test_a_least_count_of_nothing_is_refused():
    with pytest.raises(ValueError, match="least must be a positive expected count; got 0"):
        statistics.chi_square(np.array([1, 2]), np.array([1, 2]), least=0)
