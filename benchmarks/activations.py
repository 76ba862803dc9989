"""Images a second of `activations.record` beside plain torch hooks and the machine's own matrix-product rate.

Estimated: operations of AlexNet up to its deepest recorded layer, at the rate of one large matrix product here.
Measured: `record` from JPEG files to the finished store on disk; the hooks from the same files to an array in memory.

    python benchmarks/activations.py --images 192 --threads 2
"""

import argparse
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import torch
import torchvision
from PIL import Image
from torch.utils.flop_counter import FlopCounterMode

from neuroattr import activations
from neuroattr.corpus.sources import ImageSource

BATCH = 32
DTYPES = (torch.float32, torch.bfloat16)


@dataclass(frozen=True)
class Crop:
    """Shorter side 256, centre 224, about zero mean."""

    side: int = 224

    def __call__(self, image):
        image = image.resize((256, 256), Image.Resampling.BILINEAR).crop((16, 16, 240, 240))
        return torch.from_numpy(np.asarray(image, dtype=np.float32).transpose(2, 0, 1) / 128 - 1)


class AlexNet:
    """torchvision's AlexNet with random weights, in the shape that `record` takes, so that only `record` is timed."""

    name, digest, preprocess = "alexnet with random weights", "0" * 64, Crop()
    widths = {"features.2": 64, "features.5": 192, "features.7": 384, "features.9": 256, "features.12": 256}
    layers = tuple(widths)

    def __init__(self):
        torch.manual_seed(0)
        self.module = torchvision.models.alexnet(weights=None).eval()

    def responses(self, batch, layers):
        given = {}
        for index, step in enumerate(self.module.features):
            batch = step(batch)
            given[f"features.{index}"] = batch
            if f"features.{index}" == layers[-1]:
                break
        return given


def matmul_rate(dtype, *, side=2048, repeats=20):
    """Operations a second of one large matrix product: the best of a few, so that a busy machine disturbs least."""
    left, right = (torch.randn(side, side, dtype=dtype) for _ in range(2))
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        left @ right
        seconds.append(time.perf_counter() - start)
    return 2 * side**3 / min(seconds)


def hooked(net, corpus):
    """What one writes without this library: one thread reads, the whole network runs, hooks keep the maxima."""
    kept = {name: [] for name in net.layers}
    handles = []
    for name in net.layers:
        keep = lambda _module, _inputs, output, name=name: kept[name].append(output.amax((2, 3)))  # noqa: E731
        handles.append(net.module.get_submodule(name).register_forward_hook(keep))
    with torch.no_grad():
        for start in range(0, len(corpus.ids), BATCH):
            ids = corpus.ids[start : start + BATCH]
            net.module(torch.stack([net.preprocess(corpus.source.image(id)) for id in ids]))
    for handle in handles:
        handle.remove()
    return torch.cat([torch.cat(kept[name]) for name in net.layers], dim=1).numpy()


def photographs(folder, n):
    """n JPEG files of 400 x 500 pixels of smooth noise, as a corpus."""
    rng = np.random.default_rng(0)
    for i in range(n):
        small = Image.fromarray(rng.integers(0, 256, (25, 20, 3), dtype=np.uint8))
        small.resize((400, 500), Image.Resampling.BICUBIC).save(folder / f"{i}.jpg", quality=85)
    files = {str(i): f"{i}.jpg" for i in range(n)}
    return SimpleNamespace(name="smooth noise", ids=list(files), source=ImageSource(folder, files))


def fresh_cache(folder):
    """Make `record` start from nothing."""
    os.environ["NEUROATTR_CACHE"] = tempfile.mkdtemp(dir=folder)


def timed(work):
    """The result of `work()` and the seconds it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def race(ways, *, rounds):
    """Result and least seconds of each of `ways`, run in turn so that a busy machine disturbs all alike."""
    best = {}
    for _ in range(rounds):
        for name, work in ways.items():
            result, seconds = timed(work)
            best[name] = (result, min(seconds, best.get(name, (None, np.inf))[1]))
    return best


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--images", type=int, default=192)
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    net = AlexNet()
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net.responses(torch.zeros(1, 3, 224, 224), net.layers)
    flops = counter.get_total_flops()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "photos").mkdir()
        corpus = photographs(Path(folder) / "photos", options.images)

        def recorded(precision):
            fresh_cache(folder)
            return activations.record(net, corpus, batch=BATCH, precision=precision)

        ways = {
            "plain torch hooks": lambda: hooked(net, corpus),
            "record float32": lambda: recorded("float32"),
            "record bfloat16": lambda: recorded("bfloat16"),
        }
        before = {dtype: matmul_rate(dtype) for dtype in DTYPES}
        best = race(ways, rounds=options.rounds)
        rates = {dtype: max(before[dtype], matmul_rate(dtype)) for dtype in DTYPES}
        report(best, rates, flops, options)
        again, seconds = timed(lambda: activations.record(net, corpus, batch=BATCH, precision="bfloat16").load())
        print(f"{'record again (reads)':24} {'':12} {len(again) / seconds:11.1f}")
        difference = np.abs(best["record float32"][0].values - best["plain torch hooks"][0]).max()
        print(f"largest difference of float32 from the hooks: {difference:.2g}")


def report(best, rates, flops, options):
    """The table: estimated from the matrix product, measured, and their ratio."""
    print(f"{flops / 1e9:.2f} GFLOP an image, {options.images} images, batch {BATCH}, {options.threads} threads")
    print(f"{'way':24} {'estimated/s':>12} {'measured/s':>11} {'of estimate':>12} {'of hooks':>9}")
    slowest = options.images / best["plain torch hooks"][1]
    for name, (_, seconds) in best.items():
        floor = rates[torch.bfloat16 if name.endswith("bfloat16") else torch.float32] / flops
        speed = options.images / seconds
        print(f"{name:24} {floor:12.1f} {speed:11.1f} {speed / floor:12.0%} {speed / slowest:9.2f}")


if __name__ == "__main__":
    main()
