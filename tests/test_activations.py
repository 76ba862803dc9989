"""Activations: right values, whatever the batch; a store that survives SIGKILL and knows what it was made from."""

import dataclasses
import hashlib
import io
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
import torch
import xarray as xr
import zarr
from PIL import Image
from scipy.stats import spearmanr

from neuroattr import activations
from neuroattr.activations import passes, store
from neuroattr.provenance import DamagedResult, meaning, plain

SIDE = 20


@dataclasses.dataclass(frozen=True)
class Scaled:
    """Preprocessing of the fake network."""

    side: int = SIDE
    mean: tuple[float, ...] = (0.5, 0.4, 0.3)

    def __call__(self, image):
        pixels = np.asarray(image.resize((self.side, self.side)), dtype="float32") / 255 - np.float32(self.mean)
        return torch.from_numpy(pixels.transpose(2, 0, 1).copy())


class Small:
    """A network of three named layers that counts the pictures it sees."""

    name = "small"
    layers = ("shallow", "deep", "dense")
    widths = {"shallow": 8, "deep": 12, "dense": 10}
    preprocess = Scaled()

    def __init__(self, seed=0):
        torch.manual_seed(seed)
        self.module = torch.nn.ModuleDict(
            {
                "shallow": torch.nn.Conv2d(3, 8, 5, stride=2),
                "deep": torch.nn.Conv2d(8, 12, 3),
                "dense": torch.nn.Linear(12 * 6 * 6, 10),
            }
        )
        weights = b"".join(value.numpy().tobytes() for value in self.module.state_dict().values())
        self.digest = hashlib.sha256(weights).hexdigest()
        self.seen = 0

    def responses(self, batch, layers=None):
        self.seen += len(batch)
        shallow = self.module["shallow"](batch).relu()
        deep = self.module["deep"](shallow).relu()
        dense = self.module["dense"](deep.flatten(1))
        return {"shallow": shallow, "deep": deep, "dense": dense}


class Memory:
    """Pictures as PNG bytes in memory, read as slowly as asked; counts what it decodes."""

    def __init__(self, files, seconds=0.0):
        self.files, self.seconds, self.decoded = files, seconds, 0

    def image(self, id):
        self.decoded += 1
        time.sleep(self.seconds)
        return Image.open(io.BytesIO(self._bytes(id))).convert("RGB")

    def digest(self, id):
        return hashlib.sha256(self._bytes(id)).hexdigest()

    def _bytes(self, id):
        if self.files[id] is None:
            raise ValueError(f"missing image: {id}")
        return self.files[id]


def photos(n, *, broken=(), seconds=0.0, seed=0):
    """A fake corpus of n noise pictures; those in `broken` are cut off or absent."""
    rng = np.random.default_rng(seed)
    files = {}
    for i in range(n):
        file = io.BytesIO()
        Image.fromarray(rng.integers(0, 256, (24, 24, 3), dtype=np.uint8)).save(file, "PNG")
        files[f"id{i:03d}"] = file.getvalue()
    for position, id in enumerate(broken):
        files[id] = None if position % 2 else files[id][:200]
    return SimpleNamespace(name="noise", ids=pd.Index(files, name="image"), source=Memory(files, seconds))


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """One thread: the networks are tiny, and threads that wait for one another are slow on a busy machine."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache of the test's own, with small chunks of 64 rows."""
    monkeypatch.setenv("NEUROATTR_CACHE", str(tmp_path))
    monkeypatch.setattr(store, "CHUNK_BYTES", 1)
    return tmp_path / "activations"


def expected(net, corpus, ids):
    """The oracle: one picture at a time, maxima by numpy."""
    rows = []
    for id in ids:
        with torch.no_grad():
            responses = net.responses(net.preprocess(corpus.source.image(id))[None])
        shallow, deep, dense = (responses[layer][0].numpy() for layer in net.layers)
        rows.append(np.concatenate([shallow.max(axis=(1, 2)), deep.max(axis=(1, 2)), dense]))
    return np.array(rows)


# --- values -------------------------------------------------------------------------------------------------------


def test_a_unit_is_the_largest_response_of_its_map_or_its_own_response(folder):
    net, corpus = Small(), photos(70)
    array = activations.record(net, corpus, batch=16)
    assert array.dims == ("image", "unit") and array.dtype == np.float32
    assert list(array["image"].values) == list(corpus.ids)
    assert list(array["layer"].values) == ["shallow"] * 8 + ["deep"] * 12 + ["dense"] * 10
    assert list(array["channel"].values) == [*range(8), *range(12), *range(10)]
    np.testing.assert_allclose(array.values, expected(net, corpus, corpus.ids), atol=1e-5)


def test_results_do_not_depend_on_the_batch(folder, monkeypatch):
    corpus = photos(70)
    first = activations.record(Small(), corpus, batch=1).values
    monkeypatch.setenv("NEUROATTR_CACHE", str(folder / "other"))
    second = activations.record(Small(), corpus, batch=33).values
    np.testing.assert_allclose(first, second, rtol=1e-5, atol=1e-6)


def test_layers_can_be_chosen_and_keep_the_order_asked_for(folder):
    net, corpus = Small(), photos(5)
    everything = activations.record(net, corpus)
    some = activations.record(net, corpus, layers=("dense", "shallow"))
    assert list(dict.fromkeys(some["layer"].values)) == ["dense", "shallow"]
    for layer in ("dense", "shallow"):
        np.testing.assert_array_equal(some[:, some["layer"] == layer], everything[:, everything["layer"] == layer])
    other = activations.record(net, corpus, layers=("shallow", "dense"))
    assert list(dict.fromkeys(other["layer"].values)) == ["shallow", "dense"]


def test_a_recording_can_be_grouped_by_layer(folder):
    array = activations.record(Small(), photos(5))
    largest = array.mean("image").groupby("layer").max()
    assert set(largest["layer"].values) == {"shallow", "deep", "dense"}


def test_the_network_is_left_as_it_was(folder):
    net = Small()
    net.module.train()
    activations.record(net, photos(3))
    assert net.module.training
    weight = net.module["shallow"].weight
    assert weight.requires_grad and weight.is_contiguous() and weight.device.type == "cpu"


# --- the store ----------------------------------------------------------------------------------------------------


def test_the_second_call_reads_what_the_first_one_wrote(folder):
    net, corpus = Small(), photos(10)
    first = activations.record(net, corpus)
    seen = net.seen
    second = activations.record(net, corpus)
    assert net.seen == seen == 10
    xr.testing.assert_identical(first.load(), second.load())
    assert not list(folder.glob("*/*.progress"))


def test_the_store_opens_as_xarray_without_this_library(folder):
    array = activations.record(Small(), photos(10))
    (path,) = folder.glob("*/recording.zarr")
    dataset = xr.open_zarr(path, consolidated=False, chunks=None)
    np.testing.assert_array_equal(dataset["activation"].values, array.values)
    assert set(dataset["activation"].coords) == {"image", "digest", "layer", "channel"}


@pytest.mark.parametrize(
    "change",
    [
        lambda net, corpus: setattr(net, "digest", "0" * 64),
        lambda net, corpus: setattr(net, "preprocess", Scaled(mean=(0.1, 0.4, 0.3))),
        lambda net, corpus: corpus.source.files.update(id003=corpus.source.files["id004"]),
        lambda net, corpus: setattr(corpus, "ids", corpus.ids[::-1]),
    ],
    ids=["weights", "preprocessing", "a picture", "order"],
)
def test_a_changed_ingredient_is_recorded_anew(folder, change):
    net, corpus = Small(), photos(10)
    activations.record(net, corpus)
    change(net, corpus)
    activations.record(net, corpus)
    assert net.seen == 20
    assert len(list(folder.glob("*/recording.zarr"))) == 2


def test_changed_code_is_recorded_anew(folder, monkeypatch):
    net, corpus = Small(), photos(3)
    activations.record(net, corpus)
    real = meaning.joint_digest
    monkeypatch.setattr(meaning, "joint_digest", lambda paths: "other" if "passes.py" in str(paths) else real(paths))
    activations.record(net, corpus)
    assert net.seen == 6


def test_the_key_holds_everything_that_decides_the_values(folder):
    key = activations.record(Small(), photos(3)).attrs["key"]
    ingredients = {"network", "layers", "pooling", "precision", "device", "images"}
    assert set(key) == ingredients | {"kind", "schema", "code"}
    assert key["network"]["preprocess"] == {"type": "Scaled", "side": SIDE, "mean": [0.5, 0.4, 0.3]}
    assert key["network"]["weights"] == Small().digest
    assert key["layers"] == [["shallow", 8], ["deep", 12], ["dense", 10]]
    assert key["images"]["count"] == 3
    modules = {f"neuroattr.activations.{name}" for name in ("chunks", "passes", "reductions")}
    assert modules == set(key["code"]["by"])
    assert {line.split()[0] for line in key["code"]["and"]} == {
        f"tests.test_activations.{name}" for name in ("Small", "Memory", "Scaled")
    }


def test_a_store_made_from_something_else_is_refused_with_what_differs(folder):
    net, corpus = Small(), photos(3)
    wanted = activations.record(net, corpus).attrs["key"]
    (path,) = folder.glob("*/recording.zarr")
    message = (
        f"the activations at {path} were made from something else:\n"
        "  network.weights: wanted 'abc', found '" + net.digest + "'\n"
        "  precision: wanted 'bfloat16', found 'float32'\n"
        "Delete that folder and record again."
    )
    other = wanted | {"precision": "bfloat16", "network": wanted["network"] | {"weights": "abc"}}
    with pytest.raises(activations.StaleActivations, match=f"^{re.escape(message)}$"):
        activations.opened(path, other)


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (lambda path: (path / "activation/c/1/0").unlink(), "recording.zarr/activation/c/1/0 is gone"),
        (lambda path: (path / "activation/c/0/0").write_bytes(b"abc"), r"c/0/0 has 3 of [\d,]+ bytes"),
        (lambda path: (path / "zarr.json").write_text(""), r"zarr.json has 0 of [\d,]+ bytes"),
        (lambda path: (path / "image/zarr.json").unlink(), "image/zarr.json is gone"),
    ],
)
def test_a_store_that_is_not_whole_is_noticed_said_in_one_line_and_made_again(folder, caplog, harm, said):
    net, corpus = Small(), photos(100)
    first = activations.record(net, corpus).load()
    (path,) = folder.glob("*/recording.zarr")
    harm(path)
    with pytest.raises(DamagedResult, match=said):
        activations.opened(path)
    second = activations.record(net, corpus).load()
    xr.testing.assert_equal(first, second)
    assert net.seen == 200 and np.isfinite(second.values).all()
    (line,) = [record.getMessage() for record in caplog.records]
    assert re.search(said, line) and line.endswith("it is made again")


def test_a_recording_that_is_not_complete_cannot_be_opened(folder):
    with pytest.raises(FileNotFoundError, match=r"^no complete recording at .*nothing.zarr: make it with"):
        activations.opened(folder / "nothing.zarr")


def test_a_chunk_holds_about_eight_mebibytes_and_whole_batches():
    assert store.rows_in_chunk(9568) == 192
    assert store.rows_in_chunk(10**7) == 64
    assert store.rows_in_chunk(2500) % 64 == 0


# --- damaged pictures ---------------------------------------------------------------------------------------------


def test_damaged_pictures_are_skipped_counted_and_listed(folder):
    broken = ("id003", "id064", "id069")
    net, corpus = Small(), photos(70, broken=broken)
    array = activations.record(net, corpus, batch=16)
    assert set(array.attrs["skipped"]) == set(broken) and array.attrs["n_skipped"] == 3
    assert array.attrs["skipped"]["id064"] == "ValueError: missing image: id064"
    kept = [id for id in corpus.ids if id not in broken]
    assert list(array["image"].values) == kept
    np.testing.assert_allclose(array.values, expected(net, corpus, kept), atol=1e-5)


def test_whatever_a_source_raises_is_the_fault_of_one_picture(folder):
    corpus = photos(8)
    image, digest, files = corpus.source.image, corpus.source.digest, corpus.source.files
    raised = {
        "id001": RuntimeError("decoder"),
        "id002": NotImplementedError(),
        "id003": MemoryError(),
        "id004": KeyError(4),
    }

    def lazy(id):  # what is wrong with it shows when it is decoded, after the source gave it
        return Image.open(io.BytesIO(files[id][:-300])) if id == "id006" else image(id)

    corpus.source.image = lambda id: (_ for _ in ()).throw(raised[id]) if id in raised else lazy(id)
    corpus.source.digest = lambda id: (_ for _ in ()).throw(raised[id]) if id in ("id001", "id002") else digest(id)
    array = activations.record(Small(), corpus, batch=4)
    assert list(array["image"].values) == ["id000", "id005", "id007"]
    assert {id: why.partition(":")[0] for id, why in array.attrs["skipped"].items()} == {
        **{id: type(error).__name__ for id, error in raised.items()}, "id006": "ImageFault",
    }  # fmt: skip


def test_a_fault_of_the_preprocessing_is_none_of_the_pictures(folder):
    net = Small()
    net.preprocess = type(
        "Wrong", (), {"__array__": lambda self, **_: np.zeros(1), "__call__": lambda self, x: x.gone}
    )()
    with pytest.raises(AttributeError, match="gone"):
        activations.record(net, photos(2))


def test_a_corpus_of_damaged_pictures_only_is_an_error(folder):
    with pytest.raises(ValueError, match=r"^none of the 2 pictures of noise could be read; the first: "):
        activations.record(Small(), photos(2, broken=("id000", "id001")))


# --- interruption -------------------------------------------------------------------------------------------------

RECORD_TWICE = """
import os, sys
from tests.test_activations import *
torch.set_num_threads(1)
store.CHUNK_BYTES = 1
for cache in sys.argv[1:]:
    os.environ["NEUROATTR_CACHE"] = cache
    activations.record(Small(), photos(400, broken=("id070",), seconds=0.004), batch=24, progress=False)
"""


@pytest.fixture(scope="module")
def other_process(tmp_path_factory):
    """What came of a process that recorded into one cache undisturbed, and into a second until SIGKILL.

    One process for both, because it takes seconds to start: `waited` is what this process got when it asked for the
    first recording while it was being made, with the network and pictures it did not need; `cache` is the second cache,
    with `finished` of its seven chunks.
    """
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    command = [sys.executable, "-c", RECORD_TWICE, first, second]
    with subprocess.Popen(command, cwd=Path(__file__).parents[1]) as process:
        _wait_for_chunks(first, process)
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("NEUROATTR_CACHE", str(first))
            net, corpus = Small(), photos(400, broken=("id070",))
            waited = SimpleNamespace(array=activations.record(net, corpus, batch=24), net=net, corpus=corpus)
        _wait_for_chunks(second, process)
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    return SimpleNamespace(waited=waited, cache=second, finished=len(_chunk_records(second)))


def _chunk_records(cache):
    return list(cache.glob("activations/*/*.progress/0*.json"))


def _wait_for_chunks(cache, process):
    deadline = time.monotonic() + 300
    while len(_chunk_records(cache)) < 2:
        assert process.poll() is None and time.monotonic() < deadline, "no recording is under way"
        time.sleep(0.01)


def contents(cache):
    """Every file of the stores in a cache, by its path."""
    return {
        path.relative_to(cache): path.read_bytes()
        for path in sorted(cache.glob("activations/*/*.zarr/**/*"))
        if path.is_file() and path.parent.suffix != ".zarr"  # the group's own attributes hold the speed
    }


def test_a_recording_killed_with_sigkill_goes_on_and_ends_bit_for_bit_the_same(folder, other_process, monkeypatch):
    shutil.copytree(other_process.cache / "activations", folder)
    assert 2 <= other_process.finished < 7
    (unfinished,) = folder.glob("*/recording.zarr")
    with pytest.raises(FileNotFoundError, match="no complete recording"):
        activations.opened(unfinished)

    corpus = photos(400, broken=("id070",))
    resumed = activations.record(Small(), corpus, batch=24)
    assert corpus.source.decoded == 400 - 64 * other_process.finished, "finished chunks are not computed again"
    assert set(resumed.attrs["skipped"]) == {"id070"}, "also what the killed process skipped is listed"

    whole = folder.parent / "whole"
    monkeypatch.setenv("NEUROATTR_CACHE", str(whole))
    xr.testing.assert_equal(activations.record(Small(), photos(400, broken=("id070",)), batch=24), resumed)
    assert contents(whole) == contents(folder.parent)


def test_a_chunk_whose_bytes_were_damaged_after_the_kill_is_computed_again(folder, other_process):
    shutil.copytree(other_process.cache / "activations", folder)
    (path,) = folder.glob("*/recording.zarr")
    zarr.open_group(path, mode="r+")["activation"][3, 4] = 9.0
    net, corpus = Small(), photos(400, broken=("id070",))
    array = activations.record(net, corpus, batch=24)
    assert corpus.source.decoded == 400 - 64 * (other_process.finished - 1)
    np.testing.assert_allclose(array.values[:9], expected(net, corpus, corpus.ids[:9]), atol=1e-5)


def test_a_second_process_waits_for_the_first_and_then_reads(other_process):
    waited = other_process.waited
    assert waited.net.seen == waited.corpus.source.decoded == 0
    assert waited.array.shape == (399, 30)


# --- precision and devices ----------------------------------------------------------------------------------------


def test_bfloat16_is_recorded_apart_and_its_effect_can_be_told(folder):
    net, corpus = Small(), photos(64)
    exact = activations.record(net, corpus)
    half = activations.record(net, corpus, precision="bfloat16")
    assert half.dtype == np.float32 and half.attrs["key"]["precision"] == "bfloat16"
    assert not np.array_equal(exact, half)
    effect = activations.rank_agreement(exact, half)
    assert list(effect.index) == ["shallow", "deep", "dense"]
    assert (effect["median"] > 0.98).all() and (effect["largest_difference"].between(1e-5, 0.1)).all()


def test_rank_agreement_is_spearmans_correlation_of_each_unit():
    rng = np.random.default_rng(0)
    first, second = rng.integers(0, 6, (2, 40, 4)).astype(float)  # with ties
    first[:, 3] = 0
    labels = {"word": np.arange(40), "layer": ("unit", ["a", "a", "b", "b"]), "channel": ("unit", [0, 1, 0, 1])}
    one, two = (xr.DataArray(values, dims=("word", "unit"), coords=labels) for values in (first, second))
    table = activations.rank_agreement(one, two, over="word")
    oracle = [spearmanr(first[:, unit], second[:, unit]).statistic for unit in range(3)]
    assert table.loc["a", ["units", "constant"]].tolist() == [2, 0]
    assert table.loc["b", ["units", "constant"]].tolist() == [1, 1]
    np.testing.assert_allclose(table["median"], [np.mean(oracle[:2]), oracle[2]])
    np.testing.assert_allclose(table["lowest"], [min(oracle[:2]), oracle[2]])
    np.testing.assert_allclose(activations.rank_agreement(one, one, over="word")["lowest"], 1)
    with pytest.raises(ValueError, match=r"^the two must have the same word labels in the same order to be compared"):
        activations.rank_agreement(one, two[::-1], over="word")


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has the device that must be absent")
def test_a_device_that_is_not_there_is_an_error_and_not_another_device(folder):
    message = "device 'cuda' was asked for, but torch .* finds none on this machine; pass device='cpu'"
    with pytest.raises(RuntimeError, match=message):
        activations.record(Small(), photos(2), device="cuda")
    assert not folder.exists()


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_cuda_device_agrees_with_the_processor_and_leaves_the_network_where_it_was(folder):
    net, corpus = Small(), photos(64)
    array = activations.record(net, corpus, device="cuda")
    np.testing.assert_allclose(array.values, expected(net, corpus, corpus.ids), atol=1e-4)
    assert array.attrs["key"]["device"] == "cuda"


# --- what is refused ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"layers": ("shallow", "norm1")},
            "layers must be different named layers of small (shallow, deep, dense); got 'shallow, norm1'",
        ),
        ({"layers": ()}, "layers must be different named layers of small (shallow, deep, dense); got ''"),
        ({"precision": "float16"}, "precision must be one of float32, bfloat16; got 'float16'"),
        ({"batch": 0}, "batch must be at least 1 picture; got 0"),
    ],
)
def test_unknown_options_are_refused(folder, options, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        activations.record(Small(), photos(2), **options)


def test_an_empty_corpus_is_refused(folder):
    with pytest.raises(ValueError, match=r"^corpus noise has no pictures to record$"):
        activations.record(Small(), photos(0))


def test_a_network_that_gives_infinity_is_refused_by_layer(folder):
    net = Small()
    with torch.no_grad():
        net.module["deep"].bias[2] = torch.inf
    with pytest.raises(FloatingPointError, match=r"^layer 'deep' of small gave non-finite values; check its weights$"):
        activations.record(net, photos(2))


def test_a_layer_of_another_width_than_announced_is_refused(folder):
    net = Small()
    net.widths = {**net.widths, "dense": 11}
    message = r"^layer 'dense' should give 11 channels for each of 2 pictures; it gave an array of shape \(2, 10\)$"
    with pytest.raises(ValueError, match=message):
        activations.record(net, photos(2))


def test_a_preprocessing_that_cannot_be_told_apart_is_refused(folder):
    net = Small()
    net.preprocess = Scaled().__call__
    with pytest.raises(TypeError, match=r"^a key needs numbers, text, arrays, or frozen dataclasses of them; method"):
        activations.record(net, photos(2))


def test_arrays_enter_the_key_by_their_contents():
    first, second = plain(np.zeros((2, 3), "float32")), plain(torch.zeros(2, 3))
    assert first == second and first.startswith("float32[2, 3] sha256 ")
    assert plain(np.eye(2)) != plain(np.ones((2, 2)))
    assert plain(np.float64(0.5)) == 0.5


# --- prefetch -----------------------------------------------------------------------------------------------------


def test_prefetch_keeps_the_order_and_never_runs_far_ahead():
    from concurrent.futures import ThreadPoolExecutor

    begun, lock = [], threading.Lock()

    def work(item):
        with lock:
            begun.append(item)
        time.sleep(0.001 * (item % 3))
        return item

    with ThreadPoolExecutor(4) as pool:
        results = passes.prefetched(pool, work, range(50), ahead=6)
        taken = []
        for result in results:
            taken.append(result)
            assert len(begun) <= len(taken) + 7
    assert taken == list(range(50))
