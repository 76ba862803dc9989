import hypothesis.extra.numpy as hnp
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from neuroattr import statistics
from neuroattr.statistics import codes as module


def counted(values, edges):
    """The oracle: np.histogram of every unit."""
    return np.array([np.histogram(column, e)[0] for column, e in zip(values.T, edges, strict=True)])


def of_codes(codes, bins):
    return np.array([np.bincount(column, minlength=bins) for column in codes.T])


def rectified(n_images, n_units, dtype=np.float32, seed=0):
    return np.maximum(np.random.default_rng(seed).normal(size=(n_images, n_units)), 0).astype(dtype)


def test_zero_has_its_own_bin_and_the_rest_share_equally():
    values = np.array([[0.0, 3.0, 0.0, 1.0, 0.0, 2.0, 4.0]]).T
    codes, edges = statistics.unit_codes(values, bins=3)
    assert codes.ravel().tolist() == [0, 2, 0, 1, 0, 1, 2]
    assert edges.tolist() == [[0.0, 5e-324, 3.0, 4.0]]


def test_zero_has_its_own_bin_between_negative_and_positive_values():
    values = np.array([[-4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0]]).T
    codes, _ = statistics.unit_codes(values, bins=4)
    assert codes.ravel().tolist() == [0, 0, 1, 1, 2, 3, 3]


def test_zero_has_the_last_bin_above_negative_values():
    codes, edges = statistics.unit_codes(np.array([[-2.0, -1.0, 0.0, 0.0]]).T, bins=3)
    assert codes.ravel().tolist() == [0, 1, 2, 2]
    assert edges.tolist() == [[-2.0, -1.0, 0.0, 0.0]]


def test_two_bins_around_zero_put_it_at_the_start_of_the_upper_one():
    codes, _ = statistics.unit_codes(np.array([[-2.0, 0.0, 3.0]]).T, bins=2)
    assert codes.ravel().tolist() == [0, 1, 1]


def test_width_bins_are_equally_wide():
    _, edges = statistics.unit_codes(np.array([[1.0, 2.0, 9.0]]).T, bins=4, kind="width")
    assert edges.tolist() == [[1.0, 3.0, 5.0, 7.0, 9.0]]


def test_log_bins_grow_by_equal_ratios():
    _, edges = statistics.unit_codes(np.array([[0.0, 1.0, 2.0, 16.0]]).T, bins=5, kind="log")
    np.testing.assert_allclose(edges[0, 2:], [2, 4, 8, 16])


def test_freedman_diaconis_bins_are_those_of_numpy():
    values = np.random.default_rng(0).normal(size=(500, 1))
    _, edges = statistics.unit_codes(values, bins=64, kind="fd")
    used = np.unique(edges[0])
    np.testing.assert_allclose(used, np.histogram_bin_edges(values, "fd"))


@pytest.mark.parametrize("kind", statistics.KINDS)
@pytest.mark.parametrize("bins", [2, 3, 32, 256, 300])
def test_codes_equal_numpys_histogram(kind, bins):
    values = rectified(400, 131) - 0.5 * (np.arange(131) % 3).astype(np.float32)  # sparse, dense, mixed in sign
    values[:, 0], values[:, 1] = 0, -7
    values[:, 2] = np.round(values[:, 2])  # heavy ties
    codes, edges = statistics.unit_codes(values, bins=bins, kind=kind)
    assert codes.dtype == (np.uint8 if bins <= 256 else np.uint16)
    assert edges.dtype == np.float32 and edges.shape == (131, bins + 1)
    np.testing.assert_array_equal(of_codes(codes, bins), counted(values, edges))


awkward = st.one_of(
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.1, 5e-324, 1e300, -1e300]), st.floats(-1e3, 1e3, allow_subnormal=True)
)


@settings(deadline=None, max_examples=60)
@given(
    values=hnp.arrays(np.float64, st.tuples(st.integers(1, 30), st.integers(1, 3)), elements=awkward),
    bins=st.integers(2, 40),
    kind=st.sampled_from(statistics.KINDS),
    single=st.booleans(),
)
def test_codes_equal_numpys_histogram_whatever_the_values(values, bins, kind, single):
    values = np.clip(values, -1e30, 1e30).astype(np.float32) if single else values
    codes, edges = statistics.unit_codes(values, bins=bins, kind=kind)
    assert (np.diff(edges, axis=1) >= 0).all()
    np.testing.assert_array_equal(of_codes(codes, bins), counted(values, edges))


def test_the_zero_bin_holds_nothing_but_zeros():
    values = rectified(300, 5)
    values[0] = np.nextafter(np.float32(0), np.float32(1))
    codes, _ = statistics.unit_codes(values, bins=8)
    np.testing.assert_array_equal(codes == 0, values == 0)


def test_quantile_bins_are_equally_full_without_ties():
    codes, _ = statistics.unit_codes(np.random.default_rng(0).normal(size=(640, 2)), bins=32)
    assert (of_codes(codes, 32) == 20).all()


@pytest.mark.parametrize("dtype", [np.int64, np.float16])
def test_integers_and_half_precision_are_coded_too(dtype):
    values = (10 * rectified(50, 2)).astype(dtype)
    codes, edges = statistics.unit_codes(values, bins=5)
    np.testing.assert_array_equal(of_codes(codes, 5), counted(values, edges))


def test_the_kernel_does_the_same_uncompiled():
    columns = rectified(40, 3).T.copy()
    edges = np.array([module._edges(np.sort(column), 6, "quantile") for column in columns])
    codes = np.zeros(columns.shape, np.uint8)
    module._count_edges.py_func(columns, edges, codes)
    np.testing.assert_array_equal(codes, module._codes(columns, edges))


def test_values_that_are_not_finite_are_counted_and_placed():
    values = np.zeros((5, 200))
    values[3, 150], values[4, 7], values[4, 8] = np.nan, np.inf, -np.inf
    message = (
        r"values must be finite; got 1 NaN and 2 infinite of 1000 values, in 2 image\(s\) and 3 unit\(s\), "
        r"the first at image 3, unit 150\. Drop those images or mend their activations first"
    )
    with pytest.raises(ValueError, match=message):
        statistics.unit_codes(values, bins=4)


@pytest.mark.parametrize("bins", [1, 65537])
def test_a_number_of_bins_without_use_is_refused(bins):
    with pytest.raises(ValueError, match=f"bins must be between 2 and 65536; got {bins}"):
        statistics.unit_codes(np.ones((3, 1)), bins=bins)


def test_an_unknown_kind_is_refused():
    message = "kind must be one of 'quantile', 'width', 'log', 'fd'; got 'equal'"
    with pytest.raises(ValueError, match=message):
        statistics.unit_codes(np.ones((3, 1)), bins=2, kind="equal")


def test_no_image_is_refused():
    with pytest.raises(ValueError, match="values must hold at least one image to place edges by; got none"):
        statistics.unit_codes(np.ones((0, 1)), bins=2)


def test_values_must_be_a_table():
    with pytest.raises(ValueError, match=r"values must be images x units; got shape \(3,\)"):
        statistics.unit_codes(np.ones(3), bins=2)


def test_values_must_be_real():
    with pytest.raises(TypeError, match="values must be real numbers; got dtype complex128"):
        statistics.unit_codes(np.ones((3, 1), complex), bins=2)
