import numpy as np
import pytest
import scipy.ndimage
import sklearn.metrics
from hypothesis import given
from hypothesis import strategies as st

from neuroattr import saliency
from neuroattr.saliency import Occlusion
from neuroattr.saliency.response_maps import _medians, resampled

OCCLUSION = Occlusion(sizes=(4, 8), stride=2)


@pytest.fixture
def responses():
    """Three units on a picture of 16 pixels."""
    rng = np.random.default_rng(0)
    return {size: rng.normal(size=(3, n, n)).astype(np.float32) for size, n in ((4, 7), (8, 5))}


# ---- positions


def test_the_passes_of_the_paper_by_hand():
    """(256 - 24) / 4 + 1 = 59, and 53 and 41; 51, 45 and 33 on 227 pixels."""
    paper = Occlusion(sizes=(24, 48, 96), stride=4)
    assert [len(paper.positions(size, side=256)) for size in paper.sizes] == [59, 53, 41]
    assert paper.passes(side=256) == 7971 and paper.passes(side=227) == 5715
    assert paper.sigmas == (6.0, 12.0, 24.0)


@given(st.integers(1, 20), st.integers(1, 9), st.integers(20, 60))
def test_occluders_stay_inside_and_the_next_one_would_not(size, stride, side):
    starts = Occlusion(sizes=(size,), stride=stride).positions(size, side=side)
    assert starts[0] == 0 and starts[-1] + size <= side < starts[-1] + stride + size


def test_a_smaller_picture_has_smaller_occluders():
    assert Occlusion((24, 48, 96), 4, inversion="drop").scaled(0.5) == Occlusion((12, 24, 48), 2, inversion="drop")


# ---- maps


def test_resampling_by_hand():
    """Centres at 1 and 3: linear between, constant beyond."""
    found = resampled(np.array([[[0.0, 2.0], [4.0, 6.0]]]), np.array([1.0, 3.0]), side=5)
    rows = np.array([0, 0, 2, 4, 4])
    np.testing.assert_allclose(found[0], rows[:, None] + np.array([0, 0, 1, 2, 2]))


def test_combined_responses_equal_a_loop_over_pixels(responses):
    expected = np.zeros((3, 16, 16))
    for size, maps in responses.items():
        centres = np.arange(0, 16 - size + 1, 2) + (size - 1) / 2
        for unit, each in enumerate(maps):
            smooth = scipy.ndimage.gaussian_filter(each, size / 4 / 2, mode="nearest")
            across = np.array([np.interp(np.arange(16), centres, row) for row in smooth])
            expected[unit] += np.array([np.interp(np.arange(16), centres, column) for column in across.T]).T / 2
    np.testing.assert_allclose(saliency.combined_responses(responses, OCCLUSION, side=16), expected, atol=1e-5)


def test_an_occluder_as_large_as_the_picture_gives_a_constant_map():
    found = saliency.combined_responses({8: np.full((1, 1, 1), 3.0)}, Occlusion((8,), 2), side=8)
    np.testing.assert_array_equal(found, np.full((1, 8, 8), 3, np.float32))


def test_a_dip_becomes_a_peak_and_a_peak_stays():
    maps = np.zeros((2, 5, 5))
    maps[0, 1, 2], maps[1, 3, 3] = -2, 2
    maps[:, 0, 0] = 1, -1
    found = saliency.oriented(maps, inversion="peaks")
    assert found[0].argmax() == 7 and found[1].argmax() == 18
    np.testing.assert_array_equal(saliency.oriented(maps, inversion="drop"), -maps)
    changes = saliency.oriented(maps, inversion="absolute", clean=np.array([1.0, 2.0]))
    assert changes[0].max() == 3 and changes[1, 0, 0] == 3 and changes[1, 3, 3] == 0
    edge = np.ones((1, 5, 5))
    edge[:, 1:4, 1:4] = 0
    np.testing.assert_array_equal(saliency.oriented(edge, inversion="centre"), -edge)
    np.testing.assert_array_equal(saliency.oriented(-edge, inversion="centre"), -edge)


@given(st.integers(0, 1000), st.floats(0.1, 5), st.floats(-3, 3))
def test_normalised_maps_reach_both_ends_and_forget_scale(seed, scale, shift):
    maps = np.random.default_rng(seed).normal(size=(2, 4, 4))
    found = saliency.normalised(maps)
    assert (found.min(axis=(1, 2)) == 0).all() and (found.max(axis=(1, 2)) == 1).all()
    np.testing.assert_allclose(saliency.normalised(maps * scale + shift), found, atol=1e-4)


@given(st.integers(0, 1000), st.integers(1, 30))
def test_medians_are_those_of_numpy(seed, count):
    rows = np.random.default_rng(seed).integers(0, 9, (3, count)).astype(float)
    np.testing.assert_array_equal(_medians(rows), np.median(rows, axis=1))


def test_a_constant_map_becomes_zeros():
    np.testing.assert_array_equal(saliency.normalised(np.full((1, 3, 3), 7.0)), 0)


# ---- accumulation


def test_accumulation_equals_the_equation_in_a_loop():
    rng = np.random.default_rng(0)
    maps, divergence = rng.random((6, 4, 4)), rng.random(6)
    found = saliency.saliency_maps(maps, divergence, counts=[5, 1, 6])
    for row, count in enumerate((5, 1, 6)):
        units = sorted(range(6), key=lambda unit: -divergence[unit])[:count]
        expected = sum(divergence[u] * maps[u] for u in units) / sum(divergence[u] for u in units)
        np.testing.assert_allclose(found[row], expected)


def test_a_picture_with_one_place_that_matters_lights_up_there():
    """The unit answers 1 unless the pixel (11, 4) is hidden."""
    responses = {}
    for size in OCCLUSION.sizes:
        starts = OCCLUSION.positions(size, side=16)
        rows, columns = ((starts <= at) & (at < starts + size) for at in (11, 4))
        responses[size] = 1.0 - (rows[:, None] & columns)[None].astype(np.float32)
    maps = saliency.unit_maps(responses, OCCLUSION, side=16)
    found = saliency.saliency_maps(maps, np.array([0.3]), counts=[1])
    row, column = np.unravel_index(found[0].argmax(), (16, 16))
    assert abs(row - 11) <= 1 and abs(column - 4) <= 1
    assert found.min() == 0 and found.max() == 1


# ---- evaluation


def test_two_of_three_boxes_by_hand():
    votes = saliency.box_votes([[(0, 2, 0, 2)], [(1, 3, 0, 9), (1, 2, 0, 1)], []], (3, 4))
    assert votes.tolist() == [[1, 1, 0, 0], [2, 2, 1, 1], [1, 1, 1, 1]]
    assert saliency.agreed_region(votes, votes_needed=2).sum() == 2
    assert saliency.agreed_region(votes, votes_needed=3) is None


@given(st.integers(0, 10_000), st.integers(2, 40))
def test_average_precision_equals_scikit_learn_with_ties(seed, levels):
    rng = np.random.default_rng(seed)
    maps, truth = rng.integers(0, levels, (2, 6, 7)) / levels, rng.random((6, 7)) < 0.4
    truth[0, 0] = True
    expected = [sklearn.metrics.average_precision_score(truth.ravel(), each.ravel()) for each in maps]
    np.testing.assert_allclose(saliency.average_precision(maps, truth), expected)


def test_overlaps_equal_a_loop_over_thresholds():
    rng = np.random.default_rng(0)
    maps, truth, thresholds = rng.random((3, 6, 6)).round(1), rng.random((6, 6)) < 0.5, np.linspace(0, 1.2, 13)
    found = saliency.overlaps(maps, truth, thresholds=thresholds)
    for k in range(3):
        for t, threshold in enumerate(thresholds):
            marked = maps[k] >= threshold
            assert found[k, t] == pytest.approx((marked & truth).sum() / (marked | truth).sum())


def test_a_perfect_map_scores_one():
    truth = np.eye(5, dtype=bool)
    assert saliency.average_precision(truth.astype(float), truth) == 1
    assert saliency.overlaps(truth.astype(float), truth, thresholds=np.array([0.5])) == 1
    assert saliency.compactness(truth.astype(float)) == 0.2


# ---- errors


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"sizes": ()}, r"sizes must be pixels of at least 1; got \[\]"),
        ({"sizes": (0, 3)}, r"sizes must be pixels of at least 1; got \[0, 3\]"),
        ({"sizes": (3, 3)}, r"sizes must differ; got \[3, 3\]"),
        ({"stride": 0}, "stride must be at least 1 pixel; got 0"),
        ({"sigma": -1}, "sigma must not be negative; got -1"),
        ({"inversion": "no"}, "inversion must be one of 'peaks', 'drop', 'absolute', 'centre'; got 'no'"),
    ],
)
def test_an_impossible_occlusion_is_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        Occlusion(**({"sizes": (4,), "stride": 2} | settings))


def test_an_occluder_must_fit():
    with pytest.raises(ValueError, match="an occluder of 8 pixels does not fit into a picture of 7; use smaller sizes"):
        OCCLUSION.positions(8, side=7)


def test_responses_must_be_those_of_the_occlusion(responses):
    with pytest.raises(ValueError, match=r"for the sizes \[4, 8\] of the occlusion; got \[4\]"):
        saliency.combined_responses({4: responses[4]}, OCCLUSION, side=16)
    with pytest.raises(ValueError, match=r"responses of size 4 must have 8 x 8 positions on 18 pixels; got 7 x 7"):
        saliency.combined_responses(responses, OCCLUSION, side=18)


def test_absolute_changes_need_the_clean_responses():
    message = "inversion 'absolute' needs the responses to the whole picture; pass clean="
    with pytest.raises(ValueError, match=message):
        saliency.oriented(np.zeros((1, 2, 2)), inversion="absolute")


@pytest.mark.parametrize(
    ("divergence", "counts", "message"),
    [
        ([1.0], [1], "maps and divergence must be of the same units; got 2 and 1"),
        ([1.0, 2.0], [3], r"counts must lie between 1 and the 2 units; got \[3\]"),
        ([0.0, 0.0], [1], "divergence must not be negative, nor zero for every unit"),
        ([-1.0, 1.0], [2], "divergence must not be negative, nor zero for every unit"),
    ],
)
def test_what_cannot_be_accumulated_is_refused(divergence, counts, message):
    with pytest.raises(ValueError, match=message):
        saliency.saliency_maps(np.zeros((2, 3, 3)), np.array(divergence), counts=counts)


def test_scores_need_a_region_of_the_same_shape():
    with pytest.raises(ValueError, match="the true region is empty; leave out pictures on which nobody agreed"):
        saliency.average_precision(np.zeros((3, 3)), np.zeros((3, 3), bool))
    with pytest.raises(ValueError, match=r"must have the rows and columns of the truth, \(3, 3\); got shape \(2, 3\)"):
        saliency.average_precision(np.zeros((2, 3)), np.ones((3, 3), bool))


def test_a_box_must_end_after_it_begins():
    with pytest.raises(ValueError, match=r"a box must be \(top, bottom, left, right\); got \(3, 1, 0, 2\)"):
        saliency.box_votes([[(3, 1, 0, 2)]], (5, 5))


def test_agreement_needs_a_vote():
    with pytest.raises(ValueError, match="votes_needed must be at least 1; got 0"):
        saliency.agreed_region(np.ones((2, 2), int), votes_needed=0)
