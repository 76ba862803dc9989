"""How a network is tuned: the pictures cut to size, the frozen layers computed once, the descent, and its report."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass

import numpy as np

from neuroattr.training.finetuning import heads, learning
from neuroattr.training.finetuning.pictures import pictures

CHECKPOINT, MAPS = "checkpoint.pt", "frozen.npy"  # while it learns


@dataclass(frozen=True, eq=False)
class Learner:
    """A network that is to learn.

    Attributes
    ----------
    net, corpus : as `finetune` takes them.
    module, head : the copy that learns, and the name of its new layer.
    lessons : pictures and answers.
    kind, tuning : `Task` and `Tuning`.
    """

    net: object
    corpus: object
    module: object
    head: str
    lessons: object
    kind: object
    tuning: object


def tuned(learner, folder, *, title, progress):
    """Let the module learn; the learning curves and the report.

    Parameters
    ----------
    learner : `Learner`; its module ends with the weights of the best epoch.
    folder : where checkpoints lie; an interrupted run goes on from there.
    """
    net, module, lessons, tuning = learner.net, learner.module, learner.lessons, learner.tuning
    started = time.perf_counter()
    heads.freeze(net, module, tuning.frozen)
    material, answers, skipped = _material(learner, folder / MAPS, progress)
    _, rest = heads.divided(net, module, tuning.frozen)
    descent = learning.Descent(rest, module.get_submodule(learner.head), material, answers, learner.kind, tuning)
    prepared = time.perf_counter() - started
    descent.run(folder / CHECKPOINT, title=title, progress=progress)
    for passing in (CHECKPOINT, MAPS):
        (folder / passing).unlink(missing_ok=True)
    best = descent.curves[descent.best_epoch - 1]
    report = {
        "training pictures": len(answers[0][0]),
        "validation pictures": len(answers[1][0]),
        "skipped": skipped,
        "without an answer": len(lessons.ids) - sum(len(part.rows) for part in lessons.targets),
        "best epoch": descent.best_epoch,
        "epochs": descent.epoch,
        "stopped": descent.stopped,
        "measure": learner.kind.measure,
        "validation measure": best["validation measure"],
        "seconds": round(prepared + sum(row["seconds"] for row in descent.curves), 1),
        "preparing seconds": round(prepared, 1),
        "recipe": asdict(tuning),
    }
    return descent.curves, report


def _material(learner, place, progress):
    """What is learned from, (rows of it, values) of the training and validation pictures, and the unreadable ones."""
    net, corpus, module, lessons, tuning = (
        learner.net, learner.corpus, learner.module, learner.lessons, learner.tuning
    )  # fmt: skip
    array, skipped = pictures(net, corpus, lessons.ids, lessons.digests, progress=progress)
    readable = ~np.isin(lessons.ids, list(skipped))
    answers = [(part.rows[readable[part.rows]], part.values[readable[part.rows]]) for part in lessons.targets]
    if not all(len(rows) for rows, _ in answers):
        raise ValueError(f"none of the training or of the validation pictures of {corpus.name} can be read: {skipped}")
    material = learning.Pixels(array, net.preprocess, next(module.parameters()).device)
    beginning, _ = heads.divided(net, module, tuning.frozen)
    if beginning is not None:
        material = learning.recorded_maps(beginning, material, place, precision=tuning.precision, progress=progress)
    return material, answers, skipped
