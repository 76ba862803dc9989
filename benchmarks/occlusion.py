"""Occluded responses, plainly and incrementally, beside Captum's `Occlusion` with the same windows and unit.

Estimated: how many times fewer multiplications the incremental way needs. Measured: processor seconds (a busy machine
disturbs them least) and seconds by the clock, from picture to response maps of 64 units of all layers, for each size
of the occluder. Captum answers for one output at a time and is given one unit; it evaluates all windows of the largest
occluder, whose pictures cost what those of any other size cost. Weights are random: they do not change the work.

    python benchmarks/occlusion.py --network caffenet --stride 8 --threads 2
    python benchmarks/occlusion.py --network vgg16 --stride 16 --batch 16
"""

import argparse
import time
from dataclasses import dataclass

import numpy as np
import torch
from captum.attr import Occlusion as CaptumOcclusion

from neuroattr import backbone, occlusion
from neuroattr.occlusion import incremental
from neuroattr.saliency import Occlusion


@dataclass(frozen=True)
class Run:
    """Seconds of processor and clock, pictures, and what came out."""

    processor: float
    clock: float
    pictures: int
    result: object


def timed(work, pictures):
    """A `Run` of `work()`, which looks at so many occluded pictures."""
    clock, processor = time.perf_counter(), time.process_time()
    result = work()
    return Run(time.process_time() - processor, time.perf_counter() - clock, pictures, result)


def captum(net, picture, mean, units, size, stride, batch):
    """A `Run` of Captum's occlusion, with the number of pictures that it really looked at."""
    layer, channel = units.iloc[-1]
    seen = []

    def response(pictures):
        seen.append(len(pictures))
        answer = net.responses(pictures, [layer])[layer][:, channel]
        return answer.flatten(1).amax(1) if answer.ndim > 1 else answer

    with torch.inference_mode():
        run = timed(
            lambda: CaptumOcclusion(response).attribute(
                picture[None],
                sliding_window_shapes=(3, size, size),
                strides=(3, stride, stride),
                baselines=mean[None],
                perturbations_per_eval=batch,
            ),
            0,
        )
    return Run(run.processor, run.clock, sum(seen), run.result)


def row(name, size, run, estimated="", ratio=""):
    """One line of the table."""
    each = f"{run.processor:9.2f} {run.clock:9.2f} {1000 * run.processor / run.pictures:10.2f}"
    print(f"{name:12} {size:>5} {run.pictures:8d} {each} {estimated:>10} {ratio:>9}", flush=True)


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--network", default="caffenet")
    arguments.add_argument("--sizes", type=int, nargs="+", default=[24, 48, 96])
    arguments.add_argument("--stride", type=int, default=8)
    arguments.add_argument("--batch", type=int, default=64)
    arguments.add_argument("--units", type=int, default=64)
    arguments.add_argument("--precision", default="float32")
    arguments.add_argument("--threads", type=int, default=torch.get_num_threads())
    options = arguments.parse_args()
    torch.set_num_threads(options.threads)
    net = backbone.load(options.network, weights="random")
    side, rng = net.preprocess.crop, np.random.default_rng(0)
    picture = torch.from_numpy(rng.normal(0, 50, (3, side, side)).astype(np.float32))
    mean = torch.zeros(3, side, side)
    chosen = np.sort(rng.choice(len(net.units), options.units, replace=False))
    units = net.units.iloc[np.union1d(chosen, [0, len(net.units) - 1])]  # the first and the deepest layer among them
    print(f"{options.network}, {side} pixels, stride {options.stride}, batch {options.batch}, {options.precision}")
    print("way           size pictures     cpu s   clock s cpu ms/pic  estimated  measured")
    sums, runs = np.zeros(4), {}
    for size in options.sizes:
        sliding = Occlusion((size,), options.stride)
        pictures = sliding.passes(side=side)
        for method in occlusion.METHODS:
            settings = {"method": method, "batch": options.batch, "precision": options.precision, "progress": False}
            runs[method] = timed(
                lambda s=sliding, o=settings: occlusion.responses(net, picture, mean, units, s, **o), pictures
            )
        plain, fast = runs["plain"], runs["incremental"]
        full, some = incremental.operations(net, net.layers, sliding, batch=options.batch)
        row("plain", size, plain)
        row("incremental", size, fast, f"{full / some:.2f}", f"{plain.processor / fast.processor:.2f}")
        gap = np.abs(plain.result.maps[size] - fast.result.maps[size]).max()
        print(f"{'':12} largest difference {gap:.2g} of responses up to {np.abs(plain.result.maps[size]).max():.3g}")
        sums += full, some, plain.processor, fast.processor
    print(f"all sizes: estimated {sums[0] / sums[1]:.2f}, measured {sums[2] / sums[3]:.2f}")
    peer = captum(net, picture, mean, units, options.sizes[-1], options.stride, options.batch)
    each = sums[3] / sum(Occlusion((size,), options.stride).passes(side=side) for size in options.sizes)
    row("captum", options.sizes[-1], peer)
    print(f"incremental over all sizes beside captum: {peer.processor / peer.pictures / each:.2f} times as fast")


if __name__ == "__main__":
    main()
