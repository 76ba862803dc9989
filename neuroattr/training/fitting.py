"""How a network is tuned: pictures cut to size, frozen layers computed once, epochs of training, and the report."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from torch import nn

from neuroattr.backbone import Backbone
from neuroattr.corpus import Corpus
from neuroattr.training import layers, trainer
from neuroattr.training.examples import Examples
from neuroattr.training.pictures import pictures
from neuroattr.training.tasks import Task
from neuroattr.training.tuning import Tuning

CHECKPOINT, MAPS = "checkpoint.pt", "frozen.npy"  # while it learns


@dataclass(frozen=True, eq=False)
class Setup:
    """What `finetune` was given, the copy of the network that learns, and the name of its new layer."""

    net: Backbone
    corpus: Corpus
    task: Task
    tuning: Tuning
    examples: Examples
    module: nn.Module
    head: str


def fitted(setup: Setup, folder: Path, *, progress: bool) -> tuple[list[dict[str, float]], dict[str, Any]]:
    """Let the module learn, up to the weights of its best epoch; the learning curves and the report.

    Parameters
    ----------
    folder : where checkpoints lie; an interrupted run goes on from there.
    """
    net, module, examples, tuning = setup.net, setup.module, setup.examples, setup.tuning
    started = time.perf_counter()
    layers.freeze(net, module, tuning.frozen)
    frozen, rest = layers.divided(net, module, tuning.frozen)
    inputs, targets, skipped = _inputs(setup, frozen, folder / MAPS, progress)
    training = trainer.Trainer(rest, module.get_submodule(setup.head), inputs, targets, setup.task, tuning)
    prepared = time.perf_counter() - started
    training.run(folder / CHECKPOINT, title=f"{net.name}+{setup.task.name}", progress=progress)
    for passing in (CHECKPOINT, MAPS):
        (folder / passing).unlink(missing_ok=True)
    best = training.curves[training.best_epoch - 1]
    report = {
        "training pictures": len(targets[0][0]),
        "validation pictures": len(targets[1][0]),
        "skipped": skipped,
        "without an answer": len(examples.ids) - sum(len(split.rows) for split in examples.splits),
        "best epoch": training.best_epoch,
        "epochs": training.epoch,
        "stopped": training.stopped,
        "measure": setup.task.measure,
        "validation measure": best["validation measure"],
        "seconds": round(prepared + sum(row["seconds"] for row in training.curves), 1),
        "preparing seconds": round(prepared, 1),
        "recipe": asdict(tuning),
    }
    return training.curves, report


def _inputs(
    setup: Setup, frozen: nn.Module | None, place: Path, progress: bool
) -> tuple[trainer.Pixels | trainer.Maps, list[trainer.Rows], dict[str, str]]:
    """What is learned from, (rows of it, values) of the training and validation pictures, and the unreadable ones."""
    net, corpus, examples = setup.net, setup.corpus, setup.examples
    array, skipped = pictures(net, corpus, examples.ids, examples.digests, progress=progress)
    readable = ~np.isin(examples.ids, list(skipped))
    kept = [split.among(readable[split.rows]) for split in examples.splits]
    targets = [(split.rows, split.values) for split in kept]
    if not all(len(rows) for rows, _ in targets):
        raise ValueError(f"none of the training or of the validation pictures of {corpus.name} can be read: {skipped}")
    pixels = trainer.Pixels(array, net.preprocess, next(setup.module.parameters()).device)
    if frozen is None:
        return pixels, targets, skipped
    maps = trainer.recorded_maps(frozen, pixels, place, precision=setup.tuning.precision, progress=progress)
    return maps, targets, skipped
