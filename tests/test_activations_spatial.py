"""Maps and vectors: each value at its place, drawn alike whoever asks, streamed, kept and resumed as recordings are."""

import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
import xarray as xr
import zarr
from torch import nn

from neuroattr import activations
from neuroattr.activations import passes, store
from neuroattr.activations.reductions import drawn
from neuroattr.backbone import Backbone
from neuroattr.backbone.preprocess import Preprocess
from neuroattr.receptive import ReceptiveField
from tests.test_activations import Memory, photos

SIDE = 16


def network(module, **nodes):
    preprocess = Preprocess(resize=SIDE, crop=SIDE)
    return Backbone(module.eval(), name="small", title="Small", nodes=nodes, preprocess=preprocess, licence="none")


def small(seed=0):
    """Two convolutions and a dense layer at random."""
    torch.manual_seed(seed)
    module = nn.Sequential(
        nn.Conv2d(3, 5, 3, stride=2, padding=1), nn.ReLU(), nn.Conv2d(5, 7, 3), nn.ReLU(), nn.Flatten(),
        nn.Linear(7 * 6 * 6, 4),
    )  # fmt: skip
    return network(module, first="1", second="3", dense="5")


def looking_through():
    """A network whose channels are the colours at the centre of what a unit sees, twice over; no padding at first."""
    module = nn.Sequential(
        nn.Conv2d(3, 3, 5, stride=2, bias=False), nn.Conv2d(3, 3, 3, stride=2, padding=1, bias=False)
    )
    for convolution in module:
        nn.init.zeros_(convolution.weight)
        middle = convolution.kernel_size[0] // 2
        with torch.no_grad():
            for colour in range(3):
                convolution.weight[colour, colour, middle, middle] = 1
    return network(module, once="0", twice="1")


def part(corpus, ids):
    """The corpus with other ids, or in another order."""
    files = {id: corpus.source.files[id] for id in ids}
    return SimpleNamespace(name="part", ids=pd.Index(files, name="image"), source=Memory(files))


def expected(net, corpus, ids, layer):
    """The oracle: one picture at a time, N x C x H x W."""
    found = []
    for id in ids:
        with torch.no_grad():
            response = net.responses(net.preprocess(corpus.source.image(id))[None], (layer,))[layer]
        found.append(response[0].numpy())
    return np.array(found)


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    return tmp_path


# --- values and places --------------------------------------------------------------------------------------------


def test_maps_are_what_the_layer_answers_to_each_picture(cache):
    net, corpus = small(), photos(9)
    found = activations.maps(net, corpus, "first", batch=4)
    assert found.dims == ("image", "channel", "row", "column") and found.shape == (9, 5, 8, 8)
    assert found.dtype == np.float32 and list(found["image"].values) == list(corpus.ids)
    np.testing.assert_allclose(found.values, expected(net, corpus, corpus.ids, "first"), atol=1e-5)
    np.testing.assert_array_equal(found["y"].values, np.arange(8) * 2.0)
    np.testing.assert_array_equal(found["x"].values, found["y"].values)


def test_a_dense_layer_is_a_map_of_one_place_that_sees_the_whole_picture(cache):
    net, corpus = small(), photos(3)
    found = activations.maps(net, corpus, "dense")
    assert found.shape == (3, 4, 1, 1) and found["x"].values == found["y"].values == (SIDE - 1) / 2
    np.testing.assert_allclose(found.values[:, :, 0, 0], expected(net, corpus, corpus.ids, "dense"), atol=1e-5)


def test_vectors_of_all_positions_are_the_maps_place_by_place(cache):
    net, corpus = small(), photos(5)
    maps = activations.maps(net, corpus, "second", batch=2)
    found = activations.vectors(net, corpus, "second", positions="all", seed=0, batch=2)
    assert found.dims == ("vector", "channel") and found.shape == (5 * 36, 7)
    np.testing.assert_array_equal(found.values, maps.values.transpose(0, 2, 3, 1).reshape(-1, 7))
    assert list(found["image"].values) == [id for id in corpus.ids for _ in range(36)]
    np.testing.assert_array_equal(found["row"].values[:36], np.repeat(np.arange(6), 6))
    np.testing.assert_array_equal(found["column"].values[36:72], np.tile(np.arange(6), 6))


@pytest.mark.parametrize(("layer", "first", "step"), [("once", 2, 2), ("twice", 2, 4)])
def test_x_and_y_are_the_pixel_at_the_centre_of_what_the_units_see(cache, layer, first, step):
    net, corpus = looking_through(), photos(4)
    found = activations.vectors(net, corpus, layer, positions=3, seed=1)
    assert set(found["y"].values) <= set(first + step * np.arange(6.0))
    for vector, id, y, x in zip(*(found[name].values for name in ("image", "y", "x")), found.values, strict=True):
        pixels = net.preprocess(corpus.source.image(vector)).numpy()
        np.testing.assert_allclose(x, pixels[:, int(id), int(y)], rtol=1e-6)


def test_drawn_vectors_are_the_maps_where_they_say(cache):
    net, corpus = small(), photos(6)
    maps = activations.maps(net, corpus, "second")
    found = activations.vectors(net, corpus, "second", positions=5, seed=3, batch=4)
    assert found.shape == (30, 7)
    for i in range(30):
        place = {name: found[name].values[i] for name in ("image", "row", "column")}
        np.testing.assert_array_equal(found.values[i], maps.sel(place).values)
    cells = (found["row"].values * 6 + found["column"].values).reshape(6, 5)
    assert (np.diff(cells, axis=1) > 0).all(), "without replacement, in the order of the map"
    assert len({tuple(each) for each in cells}) > 1, "each picture has its own"


def test_a_picture_keeps_its_positions_in_another_order_and_another_part_of_the_corpus(cache):
    net, corpus = small(), photos(6)
    whole = activations.vectors(net, corpus, "second", positions=4, seed=3)
    some = activations.vectors(net, part(corpus, ["id004", "id001"]), "second", positions=4, seed=3)
    for id in ("id001", "id004"):
        here, there = (each[each["image"].values == id] for each in (whole, some))
        np.testing.assert_array_equal(here["row"], there["row"])
        np.testing.assert_array_equal(here["column"], there["column"])
        np.testing.assert_allclose(here, there, atol=1e-6)


def test_positions_follow_the_seed_and_fewer_are_among_more():
    cells = np.arange(100, 149)
    few, many = (set(drawn(cells, count, id="a.jpg", seed=0)) for count in (5, 20))
    assert len(few) == 5 and few < many <= set(cells)
    assert set(drawn(cells, 5, id="a.jpg", seed=1)) != few != set(drawn(cells, 5, id="b.jpg", seed=0))
    counts = np.bincount(np.concatenate([drawn(np.arange(10), 3, id=str(i), seed=0) for i in range(1000)]))
    assert np.abs(counts - 300).max() < 60, "every cell is as likely as another"  # 4 standard deviations


def test_without_the_border_no_vector_has_seen_padding(cache):
    net, corpus = small(), photos(2)
    assert net.receptive_fields["first"] == ReceptiveField(size=3, stride=2, start=-1)
    found = activations.vectors(net, corpus, "first", positions="all", seed=0, border=False)
    assert found.shape == (2 * 7 * 7, 5)  # of 8 x 8, the first row and column look past the border
    assert set(found["row"].values) == set(found["column"].values) == set(range(1, 8))
    some = activations.vectors(net, corpus, "first", positions=10, seed=0, border=False)
    assert some["row"].values.min() >= 1 and some["column"].values.min() >= 1


def test_half_precision_is_the_nearest_half_and_takes_half_the_room(cache):
    net, corpus = small(), photos(4)
    for kept in (
        lambda dtype: activations.maps(net, corpus, "first", dtype=dtype),
        lambda dtype: activations.vectors(net, corpus, "first", positions=9, seed=0, dtype=dtype),
    ):
        full, half = kept("float32"), kept("float16")
        assert half.dtype == np.float16 and half.nbytes * 2 == full.nbytes
        np.testing.assert_array_equal(half.values, full.values.astype(np.float16))
        assert (np.abs(half.values - full.values) <= 2.0**-11 * np.abs(full.values) + 2.0**-25).all()


def test_the_network_is_left_as_it_was(cache):
    net = small()
    net.module.train()
    activations.maps(net, photos(3), "first")
    weight = net.module[0].weight
    assert net.module.training and weight.requires_grad and weight.is_contiguous()


# --- the store ----------------------------------------------------------------------------------------------------


def test_the_second_call_reads_what_the_first_one_wrote(cache, monkeypatch):
    net, corpus = small(), photos(5)
    maps = activations.maps(net, corpus, "first").load()
    vectors = activations.vectors(net, corpus, "first", positions=4, seed=0).load()
    monkeypatch.setattr(passes, "forward", lambda *_, **__: pytest.fail("passed again"))
    xr.testing.assert_identical(activations.maps(net, corpus, "first", batch=3).load(), maps)
    again = activations.vectors(net, corpus, "first", positions=4, seed=0, batch=3)
    xr.testing.assert_identical(again.load(), vectors)
    assert maps.attrs["key"]["kind"] == "maps" and vectors.attrs["key"]["kind"] == "vectors"


@pytest.mark.parametrize(
    "other", [{"positions": 5}, {"seed": 1}, {"border": False}, {"dtype": "float16"}, {"precision": "bfloat16"}]
)
def test_another_wish_is_another_recording(cache, other):
    net, corpus, wish = small(), photos(2), {"positions": 4, "seed": 0}
    activations.vectors(net, corpus, "first", **wish)
    activations.vectors(net, corpus, "first", **{**wish, **other})
    assert len(list(cache.glob("vectors/*/recording.zarr"))) == 2


def test_the_seed_does_not_count_where_nothing_is_drawn(cache):
    for seed in (0, 1):
        activations.vectors(small(), photos(2), "first", positions="all", seed=seed)
    assert len(list(cache.glob("vectors/*/recording.zarr"))) == 1


def test_values_lie_in_chunks_of_at_most_a_batch_and_are_read_only_when_asked_for(cache, monkeypatch):
    written = []
    real = store.Store.write
    monkeypatch.setattr(store.Store, "write", lambda s, rows, *rest: (written.append(rows), real(s, rows, *rest))[1])
    found = activations.vectors(small(), photos(10), "first", positions=6, seed=0, batch=4)
    assert [(rows.start, rows.stop) for rows in written] == [(0, 4), (4, 8), (8, 10)]
    assert not found.variable._in_memory
    monkeypatch.setattr(store, "CHUNK_BYTES", 2 * 4 * 5 * 8 * 8)  # two maps
    activations.maps(small(), photos(10), "first", batch=4)
    assert [rows.stop - rows.start for rows in written[3:]] == [2] * 5


def test_the_store_opens_as_xarray_without_this_library(cache):
    found = activations.vectors(small(), photos(4), "first", positions=3, seed=0)
    (path,) = cache.glob("vectors/*/recording.zarr")
    dataset = xr.open_zarr(path, consolidated=False, chunks=None)
    np.testing.assert_array_equal(dataset["activation"].values, found.values)
    assert set(dataset["activation"].coords) == {"picture", "row", "column", "x", "y", "channel"}
    np.testing.assert_array_equal(dataset["id"].values[dataset["picture"].values], found["image"].values)


def test_unreadable_pictures_are_skipped_and_named(cache):
    broken = ("id001", "id006")
    net, corpus = small(), photos(8, broken=broken)
    good = [id for id in corpus.ids if id not in broken]
    maps = activations.maps(net, corpus, "first", batch=3)
    vectors = activations.vectors(net, corpus, "first", positions=3, seed=0, batch=3)
    assert list(maps["image"].values) == good and list(vectors["image"].values) == list(np.repeat(good, 3))
    for found in (maps, vectors):
        assert set(found.attrs["skipped"]) == set(broken) and found.attrs["n_skipped"] == 2
        assert found.attrs["skipped"]["id006"] == "ValueError: missing image: id006"
        assert np.isfinite(found.values).all()
    np.testing.assert_allclose(maps.values, expected(net, corpus, good, "first"), atol=1e-5)


def test_pictures_that_are_all_unreadable_are_an_error(cache):
    with pytest.raises(ValueError, match=r"^none of the 2 pictures of noise could be read; the first: "):
        activations.vectors(small(), photos(2, broken=("id000", "id001")), "first", positions=3, seed=0)


def test_an_empty_corpus_is_refused(cache):
    with pytest.raises(ValueError, match=r"^corpus noise has no pictures to record$"):
        activations.vectors(small(), photos(0), "first", positions=3, seed=0)


def test_a_damaged_store_is_said_with_what_to_do_and_made_again(cache, caplog):
    net, corpus = small(), photos(4)
    first = activations.vectors(net, corpus, "first", positions=3, seed=0).load()
    (path,) = cache.glob("vectors/*/recording.zarr")
    (path / "activation/c/0/0").write_bytes(b"abc")
    with pytest.raises(activations.store.DamagedResult, match=r"make it again with activations\.vectors$"):
        activations.opened(path)
    xr.testing.assert_equal(activations.vectors(net, corpus, "first", positions=3, seed=0).load(), first)
    (line,) = [record.getMessage() for record in caplog.records]
    assert line.endswith("it is made again")


# --- interruption -------------------------------------------------------------------------------------------------

VECTORS = {"positions": 5, "seed": 2, "dtype": "float16", "batch": 24}
RECORD = """
from tests.test_activations_spatial import *
torch.set_num_threads(1)
activations.vectors(small(), photos(240, broken=("id030",), seconds=0.02), "second", **VECTORS, progress=False)
"""


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """The cache of a process that was killed while it recorded vectors, and how many of its ten chunks were whole."""
    cache = tmp_path_factory.mktemp("killed")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEUROATTR_CACHE", str(cache))
        with subprocess.Popen([sys.executable, "-c", RECORD], cwd=Path(__file__).parents[1]) as process:
            deadline = time.monotonic() + 300
            while len(list(cache.glob("vectors/*/*.progress/0*.json"))) < 2:
                assert process.poll() is None and time.monotonic() < deadline, "no recording is under way"
                time.sleep(0.01)
            process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return SimpleNamespace(cache=cache, finished=len(list(cache.glob("vectors/*/*.progress/0*.json"))))


def test_vectors_killed_with_sigkill_go_on_and_end_bit_for_bit_the_same(cache, killed, monkeypatch):
    shutil.copytree(killed.cache / "vectors", cache / "vectors")
    assert 2 <= killed.finished < 10
    corpus = photos(240, broken=("id030",))
    resumed = activations.vectors(small(), corpus, "second", **VECTORS)
    assert corpus.source.decoded == 240 - 24 * killed.finished, "finished chunks are not computed again"
    assert set(resumed.attrs["skipped"]) == {"id030"}
    monkeypatch.setenv("NEUROATTR_CACHE", str(cache / "whole"))
    whole = activations.vectors(small(), photos(240, broken=("id030",)), "second", **VECTORS)
    xr.testing.assert_equal(whole, resumed)


def test_a_chunk_damaged_after_the_kill_is_computed_again(cache, killed):
    shutil.copytree(killed.cache / "vectors", cache / "vectors")
    (path,) = cache.glob("vectors/*/recording.zarr")
    zarr.open_group(path, mode="r+")["activation"][7, 2] = 9.0
    corpus = photos(240, broken=("id030",))
    found = activations.vectors(small(), corpus, "second", **VECTORS)
    assert corpus.source.decoded == 240 - 24 * (killed.finished - 1)
    assert found.values[7, 2] != 9.0


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("positions", [0, -1, 65, 2.5, "some", None])
def test_a_number_of_positions_that_there_are_not_is_refused(cache, positions):
    said = f"positions must be 'all' or a number from 1 to 64, the cells of layer 'first' of small; got {positions!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        activations.vectors(small(), photos(2), "first", positions=positions, seed=0)


def test_more_positions_than_there_are_inside_the_border_are_refused(cache):
    said = "a number from 1 to 49, the cells of layer 'first' of small inside the border; got 50"
    with pytest.raises(ValueError, match=said):
        activations.vectors(small(), photos(2), "first", positions=50, seed=0, border=False)


def test_a_layer_that_sees_padding_everywhere_has_no_vectors_inside_the_border(cache):
    net = network(nn.Sequential(nn.Conv2d(3, 2, 17, padding=8)), wide="0")
    said = r"^no cell of layer 'wide' of small sees 17 x 17 pixels inside the picture \(16 x 16\); take a shallower "
    with pytest.raises(ValueError, match=said):
        activations.vectors(net, photos(2), "wide", positions=1, seed=0, border=False)


def test_a_layer_whose_places_are_not_known_gives_maps_and_no_vectors(cache):
    module = nn.Sequential(nn.Conv2d(3, 2, 3), nn.Upsample(scale_factor=2))  # counts as seeing everything everywhere
    net, corpus = network(module, larger="1"), photos(2)
    maps = activations.maps(net, corpus, "larger")
    assert maps.shape == (2, 2, 28, 28) and "x" not in maps.coords
    with pytest.raises(ValueError, match=r"^wanted a layer whose units see different squares of the picture, got 28 "):
        activations.vectors(net, corpus, "larger", positions=3, seed=0)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"layer": "norm1"}, "layers must be different named layers of small (first, second, dense); got 'norm1'"),
        ({"layer": ("first",)}, "wanted the name of one layer of small, got ('first',); ask for one after the other"),
        ({"dtype": "int8"}, "dtype must be one of float32, float16; got 'int8'"),
        ({"precision": "half"}, "precision must be one of float32, bfloat16; got 'half'"),
        (
            {"precision": "float16"},
            "precision is what the network computes in, float32 or bfloat16; got 'float16'. To keep what it gives in "
            "half precision, pass dtype='float16'",
        ),
        ({"batch": 0}, "batch must be at least 1 picture; got 0"),
    ],
)
def test_unknown_options_are_refused(cache, options, said):
    wish = {"layer": "first", **options}
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        activations.maps(small(), photos(2), **wish)
    with pytest.raises(ValueError, match=f"^{re.escape(said)}$"):
        activations.vectors(small(), photos(2), positions=1, seed=0, **wish)


def test_values_that_half_precision_cannot_hold_are_refused(cache):
    net = small()
    with torch.no_grad():
        net.module[0].bias[2] = 1e5
    said = r"^layer 'first' of small gives values up to 1e\+05; half precision holds 65504 at most: keep them"
    with pytest.raises(FloatingPointError, match=said):
        activations.maps(net, photos(2), "first", dtype="float16")
    assert activations.maps(net, photos(2), "first").values.max() > 9e4


def test_a_map_that_is_not_finite_is_refused_by_layer(cache):
    net = small()
    with torch.no_grad():
        net.module[2].bias[2] = torch.inf
    with pytest.raises(
        FloatingPointError, match=r"^layer 'second' of small gave non-finite values; check its weights$"
    ):
        activations.vectors(net, photos(2), "second", positions=2, seed=0)


def test_batches_hold_what_could_be_prepared_and_say_what_could_not():
    from concurrent.futures import ThreadPoolExecutor

    def prepare(item):
        return f"no {item}" if item == 4 else torch.full((3, 1, 1), float(item))

    with ThreadPoolExecutor(2) as pool:
        found = list(passes.batches(pool, prepare, list(range(10)), [slice(2, 5), slice(8, 10)]))
    assert [each.readable.tolist() for each in found] == [[2, 3], [8, 9]] and [len(each) for each in found] == [3, 2]
    assert [each.faults for each in found] == [{4: "no 4"}, {}]
    assert [float(picture[0, 0, 0]) for each in found for picture in each.pictures] == [2, 3, 8, 9]


def test_a_forward_loop_that_is_broken_off_leaves_the_network_as_it_was():
    module = nn.Sequential(nn.Conv2d(3, 2, 3)).train()
    weight = module[0].weight
    options = {"device": torch.device("cpu")}
    with pytest.raises(KeyError), passes.forward(module, [1, 2], lambda item: module.training, **options) as answered:
        assert next(answered) == (1, False) and torch.is_inference_mode_enabled()
        raise KeyError
    assert module.training and weight.is_contiguous() and not torch.is_inference_mode_enabled()
