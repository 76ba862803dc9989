"""Receptive fields, against tables that others computed and against a network's own gradients."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from neuroattr.receptive import PIXEL, ReceptiveField, grown, joined, receptive_fields, whole

CONV, POOL = (3, 1, 1), (2, 2, 0)
VGG16 = [CONV, CONV, POOL, CONV, CONV, POOL] + [CONV, CONV, CONV, POOL] * 3
ALEXNET = [(11, 4, 0), (3, 2, 0), (5, 1, 2), (3, 2, 0), (3, 1, 1), (3, 1, 1), (3, 1, 1), (3, 2, 0)]


def test_two_layers_by_hand():
    """A 3-wide window that steps by 2 over a 3-wide window that steps by 1 sees 5 pixels and steps by 2."""
    assert receptive_fields([(3, 1, 0), (3, 2, 0)])[-1] == ReceptiveField(size=5, stride=2, start=0)


def test_padding_moves_the_first_square_past_the_border():
    assert grown(grown(PIXEL, 3, padding=1), 3, padding=1).start == -2


def test_the_pools_of_vgg16_as_published():
    """Sizes 6, 16, 44, 100, 212 and strides 2 to 32: Araujo, Norris, Sim 2019, table of receptive fields."""
    pools = [field for field, stage in zip(receptive_fields(VGG16), VGG16, strict=True) if stage == POOL]
    assert [pool.size for pool in pools] == [6, 16, 44, 100, 212]
    assert [pool.stride for pool in pools] == [2, 4, 8, 16, 32]
    assert [-pool.start for pool in pools] == [2, 6, 18, 42, 90], "padding seen by the first unit"


def test_alexnet_as_published():
    """conv1 11, pool1 19, conv2 51, pool2 67, conv3 99, conv4 131, conv5 163, pool5 195."""
    assert [field.size for field in receptive_fields(ALEXNET)] == [11, 19, 51, 67, 99, 131, 163, 195]


@pytest.mark.parametrize(
    ("stages", "first", "stride"),
    [
        ([(7, 2, 3), (3, 2, 0), (3, 1, 1), (3, 2, 0), (3, 1, 1), (3, 2, 0), (5, 1, 2)], 14, 16),  # GoogLeNet 4
        ([(3, 2, 0), (3, 2, 0), (3, 1, 1), (3, 2, 0), (3, 1, 1), (3, 2, 0), (3, 1, 1)], 15, 16),  # SqueezeNet 1.1
        (ALEXNET[:6], 17, 8 * 2),  # conv4
        ([(7, 2, 3), (3, 2, 1), *[(3, 1, 1)] * 4, (3, 2, 1), (3, 1, 1)], 0, 8),  # ResNet, second stage
        (VGG16[:14], 7.5, 16),  # VGG-16's pool4: between two pixels
    ],
)
def test_the_first_centre_is_no_half_cell_of_the_map(stages, first, stride):
    field = receptive_fields(stages)[-1]
    np.testing.assert_array_equal(field.centres(5), first + stride * np.arange(5))
    low, high = reached(stages, 3)
    assert field.centres(5)[3] == (low + high) / 2


def test_the_border_that_vgg16_sees_padding_from_is_three_cells_at_pool4():
    """The checklist's offset, the padding divided by the stride and rounded up, at either side of 14 cells."""
    pool4 = receptive_fields(VGG16[:14])[-1]
    assert np.flatnonzero(pool4.inside(14, side=224)).tolist() == list(range(3, 11))


def test_units_that_all_see_the_same_have_no_centres_of_their_own():
    assert whole(227).centres(1).tolist() == [113]
    message = "wanted a layer whose units see different squares of the picture, got 5 units that all see the same one"
    with pytest.raises(ValueError, match=f"^{message}"):
        whole(227).centres(5)


def reached(stages, unit):
    """First and last pixel that a unit can see, by following every window down."""
    low = high = unit
    for kernel, stride, padding in reversed(stages):
        low, high = low * stride - padding, high * stride - padding + kernel - 1
    return low, high


@given(
    st.lists(st.tuples(st.integers(1, 7), st.integers(1, 4), st.integers(0, 3)), min_size=1, max_size=6),
    st.integers(0, 5),
)
def test_every_unit_sees_what_following_its_windows_down_gives(stages, unit):
    field = receptive_fields(stages)[-1]
    low, high = reached(stages, unit)
    assert (field.start + unit * field.stride, field.size) == (low, high - low + 1)


def test_dilation_spreads_the_window():
    assert grown(PIXEL, kernel=3, dilation=2).size == 5


def test_branches_are_joined_to_their_union():
    one, five = PIXEL, grown(PIXEL, kernel=5, padding=2)
    assert joined([one, five]) == five


def test_a_window_is_cut_at_the_border_of_the_picture():
    field = ReceptiveField(size=7, stride=2, start=-3)
    seen = np.zeros((8, 8))
    top, bottom, left, right = field.window(0, 3, side=8)
    seen[top:bottom, left:right] = 1
    assert (top, bottom, left, right) == (0, 4, 3, 8)
    assert seen.sum() == 20


def test_a_dense_unit_sees_everything():
    assert whole(227).window(0, 0, side=227) == (0, 227, 0, 227)


def test_an_impossible_window_is_refused():
    message = (
        "wanted kernel, stride and dilation of at least 1 and padding of at least 0, "
        "got kernel=0, stride=1, padding=0, dilation=1"
    )
    with pytest.raises(ValueError, match=f"^{message}$"):
        grown(PIXEL, kernel=0)


def test_branches_of_different_stride_are_refused():
    with pytest.raises(ValueError, match=r"^wanted branches of one stride, got strides \[1, 2\]; they cannot be added"):
        joined([PIXEL, grown(PIXEL, kernel=1, stride=2)])
