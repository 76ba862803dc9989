"""Occluded responses on networks whose numbers are small integers, so that sums are exact in any order.

Normalisation across channels leaves fractions behind it; sums of those may differ in their last bits.
"""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from neuroattr import occlusion
from neuroattr.backbone import Backbone, Preprocess
from neuroattr.backbone.normalisation import LocalResponseNorm, MeanDifference
from neuroattr.occlusion import incremental, windows
from neuroattr.receptive import PIXEL, grown
from neuroattr.saliency import Occlusion

SIDE = 32


def network(*steps, layers, side=SIDE, seed=0):
    """A Backbone of these steps with small whole numbers as weights."""
    module = nn.Sequential(*steps)
    random = torch.Generator().manual_seed(seed)
    for parameter in module.parameters():
        parameter.data = torch.randint(-2, 3, parameter.shape, generator=random).float()
    preprocess = Preprocess(resize=side, crop=side, mean=(128.0,) * 3, std=(1.0,) * 3)
    nodes = {name: str(step) for name, step in layers.items()}
    return Backbone(module, name="tiny", title="Tiny", nodes=nodes, preprocess=preprocess, licence="none")


def caffe():
    """Everything CaffeNet has: a mean picture, normalisation, groups, pools that round up, dense layers."""
    mean = MeanDifference(SIDE)
    mean.picture = torch.randint(-3, 4, (3, SIDE, SIDE), generator=torch.Generator().manual_seed(1)).float()
    return network(
        mean, nn.Conv2d(3, 6, 5, stride=2), nn.ReLU(), nn.MaxPool2d(3, 2, ceil_mode=True), LocalResponseNorm(3),
        nn.Conv2d(6, 8, 3, padding=1, groups=2), nn.ReLU(inplace=True), nn.MaxPool2d(3, 2, ceil_mode=True),
        nn.Flatten(), nn.Linear(8 * 9, 10), nn.ReLU(), nn.Linear(10, 4),
        layers={"norm1": 4, "conv2": 6, "pool2": 7, "fc3": 10},
    )  # fmt: skip


def vgg():
    """Blocks of convolutions with padding, and plain pools; an average that sees everything before the dense layer."""
    return network(
        nn.Conv2d(3, 4, 3, padding=1), nn.ReLU(True), nn.Conv2d(4, 4, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(2),
        nn.Conv2d(4, 6, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(2), nn.AdaptiveAvgPool2d(8), nn.Flatten(),
        nn.Linear(6 * 64, 5), layers={"pool1": 4, "pool2": 7, "fc": 10},
    )  # fmt: skip


def odd():
    """What the papers' networks lack: padded pools, averages, dilation, strides that skip pixels, 1 x 1 windows."""
    return network(
        nn.Conv2d(3, 4, 1, stride=2), nn.AvgPool2d(2, 1), nn.Conv2d(4, 5, 3, padding=2, dilation=2), nn.ReLU(),
        nn.MaxPool2d(3, 2, padding=1), nn.AvgPool2d(3, 3, padding=1), nn.Dropout(), layers={"a": 1, "b": 3, "c": 6},
    )  # fmt: skip


def rectified_later():
    """Layers before and behind a rectifier in place."""
    return network(
        nn.Conv2d(3, 6, 3, stride=2), nn.ReLU(True), nn.Conv2d(6, 8, 3, padding=1), nn.ReLU(True), nn.MaxPool2d(2),
        layers={"conv1": 0, "relu1": 1, "conv2": 2, "pool2": 4},
    )  # fmt: skip


NETWORKS = [caffe, vgg, odd, rectified_later]


def pictures(side=SIDE, seed=0):
    """A picture and a mean picture of small whole numbers."""
    random = torch.Generator().manual_seed(seed)
    return [torch.randint(-4, 5, (3, side, side), generator=random).float() for _ in range(2)]


# ---- the plain way


@pytest.mark.parametrize("make", NETWORKS)
def test_plain_responses_equal_a_loop_over_occluders(make):
    net, (picture, mean), sliding = make(), pictures(), Occlusion((8, 20), 6)
    units = net.units.iloc[[7, 1, 0, 9, 12]]
    found = occlusion.responses(net, picture, mean, units, sliding, batch=9)
    for size, count in ((8, 5), (20, 3)):
        assert found.maps[size].shape == (5, count, count) and found.maps[size].dtype == np.float32
        for i, j in np.ndindex(count, count):
            hidden = picture.clone()
            place = slice(6 * i, 6 * i + size), slice(6 * j, 6 * j + size)
            hidden[:, *place] = mean[:, *place]
            answers = net.responses(hidden[None])
            expected = [answers[layer][0, channel].max() for layer, channel in units.to_numpy()]
            np.testing.assert_allclose(found.maps[size][:, i, j], expected, rtol=1e-5, atol=1e-4)
    clean = net.responses(picture[None])
    np.testing.assert_allclose(
        found.clean, [clean[layer][0, channel].max() for layer, channel in units.to_numpy()], rtol=1e-5
    )


def test_responses_of_one_word_are_picked_from_those_of_all():
    net, (picture, mean) = caffe(), pictures()
    found = occlusion.responses(net, picture, mean, net.units.iloc[[3, 8, 20]], Occlusion((16,), 8))
    word = found.of([20, 3])
    assert word.units["layer"].tolist() == ["pool2", "norm1"]
    np.testing.assert_array_equal(word.maps[16], found.maps[16][[2, 0]])
    np.testing.assert_array_equal(word.clean, found.clean[[2, 0]])


def test_nothing_deeper_than_the_deepest_unit_is_computed():
    def fail(*_):
        raise AssertionError("computed too much")

    net = caffe()
    assert len(net.widths) == 4
    net.module[7].register_forward_hook(fail)
    picture, mean = pictures()
    shallow = net.units.query("layer in ['norm1', 'conv2']")
    for method in occlusion.METHODS:
        occlusion.responses(net, picture, mean, shallow, Occlusion((16,), 16), method=method)


# ---- the incremental way


@pytest.mark.parametrize("make", NETWORKS)
@pytest.mark.parametrize("batch", [1, 10, 200])
def test_incremental_responses_are_the_plain_ones_bit_for_bit(make, batch):
    net, (picture, mean) = make(), pictures()
    arguments = net, picture, mean, net.units, Occlusion((3, 9, 32), 4)
    plain = occlusion.responses(*arguments)
    found = occlusion.responses(*arguments, method="incremental", batch=batch)
    exact = net.units["layer"].isin(["norm1"]) | (make is not caffe)
    np.testing.assert_array_equal(found.clean, plain.clean)
    for size in (3, 9, 32):
        np.testing.assert_array_equal(found.maps[size][exact], plain.maps[size][exact])
        np.testing.assert_allclose(found.maps[size], plain.maps[size], rtol=2e-5, atol=1e-4)
    assert np.ptp(plain.maps[9][: net.widths[net.layers[0]]]) > 0


@pytest.mark.parametrize("side", [44, 20])
def test_pictures_that_are_resized_after_occlusion_agree_as_well(side):
    """Resized pixels are not whole numbers, so sums may differ in their last bits."""
    net, (picture, mean) = caffe(), pictures(side)
    arguments = net, picture, mean, net.units, Occlusion((5, 12), 3)
    plain, found = (occlusion.responses(*arguments, method=method, batch=16) for method in ("plain", "incremental"))
    hidden = picture.clone()
    hidden[:, 3:8, 6:11] = mean[:, 3:8, 6:11]
    small = nn.functional.interpolate(hidden[None], size=(SIDE, SIDE), mode="bilinear", antialias=True)
    np.testing.assert_allclose(plain.maps[5][:6, 1, 2], net.responses(small)["norm1"].amax((0, 2, 3)), rtol=1e-5)
    for size in (5, 12):
        np.testing.assert_allclose(found.maps[size], plain.maps[size], rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize("seed", range(12))
def test_incremental_equals_plain_on_any_chain(seed):
    random = np.random.default_rng(seed)
    steps, channels = [nn.Conv2d(3, 2, 2)], 2
    for _ in range(random.integers(1, 4)):
        kernel = int(random.integers(1, 5))
        shape = {"stride": int(random.integers(1, 3)), "padding": int(random.integers(0, kernel // 2 + 1))}
        pool = nn.MaxPool2d(kernel, **shape, ceil_mode=bool(random.integers(2)))
        steps += [nn.Conv2d(channels, 2, kernel, **shape) if random.integers(2) else pool, nn.ReLU()]
    net = network(*steps, layers={"last": len(steps) - 1}, side=36, seed=seed)
    sliding = Occlusion((int(random.integers(1, 14)),), int(random.integers(3, 7)))
    results = [
        occlusion.responses(net, *pictures(36), net.units, sliding, method=m, batch=20) for m in occlusion.METHODS
    ]
    np.testing.assert_array_equal(*(result.maps[sliding.sizes[0]] for result in results))


@given(st.integers(1, 5), st.integers(1, 4), st.integers(0, 3), st.integers(1, 2), st.integers(0, 20))
def test_reached_units_are_those_whose_window_holds_a_changed_cell(kernel, stride, padding, dilation, first):
    field = grown(PIXEL, kernel, stride, padding, dilation)
    cells = (24 + 2 * padding - field.size) // stride + 1
    below = windows.pixels(np.array([first, 3]), 4, 24)
    found = windows.reached(below, field, cells)
    for low, high, start in zip(found.low, found.high, below.low, strict=True):
        seen = [
            o for o in range(cells) if o * stride - padding < start + 4 and start < o * stride - padding + field.size
        ]
        assert list(range(low, high)) == seen or (not seen and high - low == 1)
    assert (found.origin <= found.low).all() and (found.high <= found.origin + found.length).all()
    assert (found.origin >= 0).all() and (found.origin + found.length <= cells).all()


def test_the_maximum_outside_of_a_window_equals_a_mask():
    maps = torch.randn(3, 6, 7, generator=torch.Generator().manual_seed(0))
    rows = windows.Span(*[np.array([0, 2])] * 3, length=4, cells=6)
    columns = windows.Span(*[np.array([0, 3, 1])] * 3, length=3, cells=7)
    found = windows.outside_maxima(maps, rows, columns)
    for r, c in np.ndindex(2, 3):
        masked = maps.clone()
        masked[:, rows.origin[r] :, columns.origin[c] :][:, :4, :3] = -torch.inf
        torch.testing.assert_close(found[r, c], masked.amax((1, 2)))
    everything = windows.Span(*[np.array([0])] * 3, length=6, cells=6), windows.Span(*[np.array([0])] * 3, 7, 7)
    assert (windows.outside_maxima(maps, *everything) == -torch.inf).all()


def test_the_operations_by_hand():
    """One 3 x 3 convolution without padding on 8 pixels, an occluder of 2 in the 7 x 7 places."""
    net = network(nn.Conv2d(3, 5, 3), layers={"conv": 0}, side=8)
    full, windows_only = incremental.operations(net, ("conv",), Occlusion((2,), 1), batch=1)
    assert full == 5 * 27 * 36 * 49
    reached = [min(o + 2, 6) - max(o - 2, 0) for o in range(7)]  # units that see pixels o and o + 1
    assert windows_only == 5 * 27 * sum(reached) ** 2


def test_half_precision_stays_near():
    net, (picture, mean) = caffe(), pictures()
    arguments = net, picture, mean, net.units, Occlusion((16,), 8)
    exact = occlusion.responses(*arguments).maps[16]
    for method in occlusion.METHODS:
        half = occlusion.responses(*arguments, method=method, precision="bfloat16").maps[16]
        assert half.dtype == np.float32
        np.testing.assert_allclose(half, exact, rtol=0.1, atol=0.05 * np.abs(exact).max())


# ---- pictures


def test_pictures_keep_the_networks_scale_at_any_size(shop):
    net = caffe()
    assert torch.equal(occlusion.picture(net, shop.image(0)), net.preprocess(shop.image(0)))
    wide = occlusion.picture(net, shop.image(0), side=48)
    assert wide.shape == (3, 48, 48)
    expected = np.asarray(shop.image(0).convert("RGB").resize((48, 48), 2), np.float32).transpose(2, 0, 1) - 128
    np.testing.assert_allclose(wide, expected)


def test_the_mean_picture_is_the_mean_of_what_can_be_read(shop):
    class Broken:
        name = "broken"

        def __len__(self):
            return 3

        def image(self, row):
            if row == 1:
                raise RuntimeError("damaged")
            return shop.image(row)

    net = caffe()
    expected = (net.preprocess(shop.image(0)) + net.preprocess(shop.image(2))) / 2
    torch.testing.assert_close(occlusion.mean_picture(net, Broken(), seed=0), expected)
    assert occlusion.mean_picture(net, Broken(), seed=0, count=1).shape == (3, SIDE, SIDE)
    empty = SimpleNamespace(name="none", __len__=None)
    empty = type("Empty", (), {"name": "nothing", "__len__": lambda self: 0})()
    with pytest.raises(ValueError, match="wanted pictures to average; none of the 0 of nothing can be read"):
        occlusion.mean_picture(net, empty, seed=0)
    Broken.__len__, Broken.image = (
        lambda self: 1,
        lambda self, row: (_ for _ in ()).throw(ValueError("missing image: x")),
    )
    with pytest.raises(ValueError, match=r"of the 1 of broken can be read; the first: ValueError: missing image: x$"):
        occlusion.mean_picture(net, Broken(), seed=0)


# ---- errors


@pytest.mark.parametrize("change", [{"method": "fast"}, {"precision": "int8"}, {"batch": 0}])
def test_unknown_ways_are_refused(change):
    message = "wanted method plain or incremental, precision float32 or bfloat16 and a batch of at least 1; got method="
    with pytest.raises(ValueError, match=message):
        occlusion.responses(caffe(), *pictures(), caffe().units, Occlusion((8,), 8), **change)


def test_branches_are_refused_by_the_incremental_way_only():
    class Branched(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv, self.relu = nn.Conv2d(3, 3, 3, padding=1), nn.ReLU()

        def forward(self, maps):
            return self.relu(maps + self.conv(maps))

    preprocess = Preprocess(resize=SIDE, crop=SIDE)
    net = Backbone(Branched(), name="split", title="", nodes={"relu": "relu"}, preprocess=preprocess, licence="")
    arguments = net, *pictures(), net.units, Occlusion((16,), 16)
    assert occlusion.responses(*arguments).maps[16].shape == (3, 2, 2)
    message = "whose layers follow one another; split has branches at add: use method='plain'"
    with pytest.raises(ValueError, match=message):
        occlusion.responses(*arguments, method="incremental")


def test_units_must_be_the_networks():
    net = caffe()
    arguments = Occlusion((8,), 8)
    for units, fault in (
        (net.units.iloc[:0], "none"),
        (net.units.iloc[:1].assign(layer="conv9"), "layers conv9"),
        (net.units.iloc[:1].assign(channel=6), "channels beyond the width of norm1"),
    ):
        with pytest.raises(ValueError, match=f"wanted units of tiny, rows of its `units`; got {fault}"):
            occlusion.responses(net, *pictures(), units, arguments)


def test_picture_and_mean_must_match():
    net = caffe()
    message = (
        r"wanted a square picture 3 x S x S and a mean picture of the same size, got \(3, 32, 32\) and \(3, 8, 8\)"
    )
    with pytest.raises(ValueError, match=message):
        occlusion.responses(net, pictures()[0], torch.zeros(3, 8, 8), net.units, Occlusion((8,), 8))


def test_units_that_were_not_asked_for_are_named():
    net = caffe()
    found = occlusion.responses(net, *pictures(), net.units.iloc[:2], Occlusion((16,), 16))
    with pytest.raises(KeyError, match=r"no responses of unit\(s\) 5; ask occlusion.responses for them"):
        found.of([1, 5])


# ---- what people see of it


def test_a_picture_comes_back_as_people_see_it(shop):
    image = shop.image(0)
    for order in ("RGB", "BGR"):
        net = caffe()
        net.preprocess = Preprocess(resize=48, crop=48, mean=(10.0, 20.0, 30.0), std=(2.0, 3.0, 4.0), order=order)
        found = occlusion.displayed(net, occlusion.picture(net, image, side=48))
        np.testing.assert_array_equal(found, np.asarray(image.convert("RGB").resize((48, 48), 2)))


def test_the_mean_picture_shows_in_the_square_only():
    picture, mean = pictures()
    found = occlusion.occluded(picture, mean, 5, row=3, column=20)
    inside = torch.zeros(SIDE, SIDE, dtype=torch.bool)
    inside[3:8, 20:25] = True
    assert torch.equal(found[:, inside], mean[:, inside]) and torch.equal(found[:, ~inside], picture[:, ~inside])
