import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st

from neuroattr import statistics
from neuroattr.statistics import counts as module


@pytest.fixture
def small():
    """60 images, 131 units, 5 words."""
    random = np.random.default_rng(0)
    values = np.maximum(random.normal(size=(60, 131)), 0).astype(np.float32)
    return values, random.random((60, 5)) < 0.3


def looped(values, edges, mentions):
    """The oracle: np.histogram for every word and unit."""
    return np.array(
        [[np.histogram(values[m, u], edges[u])[0] for u in range(values.shape[1])] for m in mentions.T.astype(bool)]
    )


def test_three_images_have_the_word():
    codes = np.array([[0, 2], [1, 2], [1, 0], [2, 1]], np.uint8)
    mentions = np.array([[1, 0], [1, 0], [1, 1], [0, 0]], bool)
    expected = [[[1, 2, 0], [1, 0, 2]], [[0, 1, 0], [1, 0, 0]]]
    counts = statistics.word_counts(codes, mentions, bins=3)
    assert counts.tolist() == expected and counts.dtype == np.int64


@pytest.mark.parametrize("bins", [2, 32, 64, 65, 256, 300])
def test_counts_equal_a_loop_over_numpys_histogram(small, bins):
    values, mentions = small
    codes, edges = statistics.unit_codes(values, bins=bins)
    np.testing.assert_array_equal(
        statistics.word_counts(codes, mentions, bins=bins), looped(values, edges, mentions), strict=True
    )


@pytest.mark.parametrize("n_positive", [0, 1, 3, 4, 252, 253, 255, 256, 600])
@pytest.mark.parametrize("bins", [32, 100])
def test_no_length_of_a_words_list_is_miscounted(n_positive, bins):
    codes = np.random.default_rng(0).integers(0, bins, (600, 2)).astype(np.uint8)
    codes[:, 1] = 7  # all in one bin: the byte accumulators reach their limit
    mentions = (np.arange(600) < n_positive)[:, None]
    expected = [[np.bincount(codes[:n_positive, u], minlength=bins) for u in range(2)]]
    np.testing.assert_array_equal(statistics.word_counts(codes, mentions, bins=bins), expected)


@pytest.mark.parametrize("bins", [32, 100])
def test_many_passes_over_the_images_count_as_one(small, bins, monkeypatch):
    values, mentions = small
    codes, _ = statistics.unit_codes(values, bins=bins)
    expected = statistics.word_counts(codes, mentions, bins=bins)
    monkeypatch.setattr(module, "IMAGES", 7)
    np.testing.assert_array_equal(statistics.word_counts(codes, mentions, bins=bins), expected)


@pytest.mark.parametrize(
    "form",
    [
        scipy.sparse.csr_array,
        scipy.sparse.csc_array,
        scipy.sparse.csr_matrix,
        scipy.sparse.coo_array,
        lambda m: m.astype(int) * 3,
        lambda m: scipy.sparse.csr_array(m.astype(np.float64) * 0.5),
    ],
)
def test_any_form_of_mentions_counts_the_same(small, form):
    values, mentions = small
    codes, _ = statistics.unit_codes(values, bins=8)
    expected = statistics.word_counts(codes, mentions, bins=8)
    np.testing.assert_array_equal(statistics.word_counts(codes, form(mentions), bins=8), expected)


def test_repeated_and_stored_zero_entries_are_no_further_mentions():
    mentions = scipy.sparse.coo_array(([1, 1, 0], ([0, 0, 1], [0, 0, 0])), shape=(3, 1))
    codes = np.zeros((3, 1), np.uint8)
    assert statistics.word_counts(codes, mentions, bins=2).tolist() == [[[1, 0]]]
    assert mentions.nnz == 3  # the caller's stays as it was


def test_no_words_give_no_counts(small):
    codes, _ = statistics.unit_codes(small[0], bins=4)
    assert statistics.word_counts(codes, np.empty((60, 0), bool), bins=4).shape == (0, 131, 4)


def test_negatives_are_the_images_without_the_word(small):
    values, mentions = small
    codes, edges = statistics.unit_codes(values, bins=6)
    totals = statistics.word_counts(codes, np.ones((60, 1)), bins=6)
    negatives = totals - statistics.word_counts(codes, mentions, bins=6)
    np.testing.assert_array_equal(negatives, looped(values, edges, ~mentions))


@settings(deadline=None, max_examples=25)
@given(shards=st.lists(st.integers(0, 3), min_size=60, max_size=60), order=st.permutations(range(4)))
def test_shards_merged_in_any_order_equal_one_pass(shards, order):
    random = np.random.default_rng(1)
    values, mentions = random.normal(size=(60, 3)), random.random((60, 4)) < 0.4
    codes, _ = statistics.unit_codes(values, bins=5)
    rows = [np.flatnonzero(np.array(shards) == shard) for shard in order]
    merged = sum(statistics.word_counts(codes[r], mentions[r], bins=5) for r in rows)
    np.testing.assert_array_equal(merged, statistics.word_counts(codes, mentions, bins=5))


def test_the_kernels_do_the_same_uncompiled():
    random = np.random.default_rng(0)
    codes = random.integers(0, 5, (11, 2)).astype(np.uint8)
    mentions = random.random((11, 3)) < 0.6
    images, starts = module._mention_lists(mentions, n_images=11)
    counts, weighted = np.zeros((3, 2, 5), np.int64), np.zeros((3, 2, 5))
    module._count_by_comparing.py_func(module._padded(codes), images, starts[:-1], starts[1:], 0, counts, 0)
    module._add_weights.py_func(codes.T.copy(), images, np.ones(len(images)), starts, weighted)
    np.testing.assert_array_equal(counts, statistics.word_counts(codes, mentions, bins=5))
    np.testing.assert_array_equal(weighted, counts)


def test_codes_beyond_the_bins_are_refused():
    with pytest.raises(ValueError, match=r"codes must lie in 0 \.\. 2; got 0 \.\. 3: pass the same bins"):
        statistics.word_counts(np.array([[0], [3]]), np.ones((2, 1), bool), bins=3)


def test_codes_must_be_integers():
    with pytest.raises(TypeError, match="codes must be integers, as unit_codes returns them; got dtype float64"):
        statistics.word_counts(np.ones((2, 1)), np.ones((2, 1), bool), bins=3)


def test_codes_must_be_a_table():
    with pytest.raises(ValueError, match=r"codes must be images x units; got shape \(2,\)"):
        statistics.word_counts(np.ones(2, int), np.ones((2, 1), bool), bins=3)


@pytest.mark.parametrize("mentions", [np.ones((3, 1), bool), scipy.sparse.csr_array(np.ones((3, 1))), np.ones(2)])
def test_mentions_of_other_images_are_refused(mentions):
    with pytest.raises(ValueError, match="mentions must be images x words with 2 images like codes; got "):
        statistics.word_counts(np.zeros((2, 1), np.uint8), mentions, bins=2)
