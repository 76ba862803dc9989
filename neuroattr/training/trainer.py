"""Epochs over the training pictures, a checkpoint behind each, the best one kept."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from tqdm import tqdm

from neuroattr.activations import passes
from neuroattr.assets import write_whole
from neuroattr.backbone import Preprocess
from neuroattr.training.pictures import scaled
from neuroattr.training.tasks import Task, Values
from neuroattr.training.tuning import Tuning

CURVES = ("learning rate", "training loss", "validation loss", "validation measure", "seconds")
Rows = tuple[npt.NDArray[np.intp], Values]
"""Rows of what is learned from, and what the network shall answer to each."""


@dataclass(frozen=True)
class Pixels:
    """Pictures as the network's input: N x S x S x 3 uint8, mirrored where wanted."""

    array: npt.NDArray[np.uint8]
    preprocess: Preprocess
    device: torch.device

    def batch(self, rows: npt.NDArray[np.intp], mirrored: npt.NDArray[np.bool_]) -> torch.Tensor:
        """Input of the network for some rows: float32 B x 3 x S x S."""
        pixels = self.array[rows]
        pixels[mirrored] = pixels[mirrored, :, ::-1]
        return scaled(torch.from_numpy(pixels).to(self.device), self.preprocess)


@dataclass(frozen=True)
class Maps:
    """Responses of the frozen beginning to pictures and their mirror images: N x 2 x C x H x W or N x 2 x C float16."""

    array: npt.NDArray[np.float16]
    device: torch.device

    def batch(self, rows: npt.NDArray[np.intp], mirrored: npt.NDArray[np.bool_]) -> torch.Tensor:
        """What the rest of the network gets for some rows: float32 B x C x H x W, or B x C."""
        maps = torch.from_numpy(self.array[rows, mirrored.astype(np.int64)]).to(self.device).float()
        return maps.contiguous(memory_format=torch.channels_last) if maps.ndim == 4 else maps


def recorded_maps(
    frozen: nn.Module, pixels: Pixels, place: Path, *, precision: str, progress: bool, batch: int = 64
) -> Maps:
    """`Maps` of all pictures, memory-mapped in a file at ``place``.

    Raises
    ------
    FloatingPointError : a response that half precision cannot hold.
    """
    n = len(pixels.array)
    items = [(rows, mirrored) for rows in passes.grouped(slice(0, n), batch) for mirrored in (False, True)]

    def maps(item: tuple[slice, bool]) -> npt.NDArray[np.float16]:
        rows = np.arange(item[0].start, item[0].stop)
        found = frozen(pixels.batch(rows, np.full(len(rows), item[1]))).half()
        if not torch.isfinite(found).all():
            raise FloatingPointError("the frozen layers give more than half precision holds; freeze fewer layers")
        return np.asarray(found.cpu().numpy())

    array: npt.NDArray[np.float16] | None = None
    with passes.forward(
        frozen, items, maps, device=pixels.device, precision=precision, layout=torch.preserve_format
    ) as answered:
        bar = tqdm(answered, total=len(items), desc="frozen layers", disable=None if progress else True)
        for (rows, mirrored), found in bar:
            if array is None:
                shape = (n, 2, *found.shape[1:])
                array = np.lib.format.open_memmap(place, mode="w+", dtype=np.float16, shape=shape)
            array[rows, int(mirrored)] = found
    assert array is not None  # there are pictures
    return Maps(array, pixels.device)


class Trainer:
    """A module that learns: everything that a checkpoint holds, and what it learns from.

    Parameters
    ----------
    module : what learns, from ``inputs`` to logits; parameters that do not learn need no gradient.
    head : its new last layer.
    targets : `Rows` of the training and of the validation pictures.
    """

    def __init__(
        self,
        module: nn.Module,
        head: nn.Linear,
        inputs: Pixels | Maps,
        targets: Iterable[Rows],
        task: Task,
        tuning: Tuning,
    ) -> None:
        self.module, self.head = module, head
        self.inputs, self.task, self.tuning = inputs, task, tuning
        self.train, self.validation = targets
        self.learned = {name: p for name, p in module.named_parameters() if p.requires_grad}
        new = dict.fromkeys(head.parameters())  # in order, as a set would not be
        old = [p for p in self.learned.values() if p not in new]
        groups = [
            {"params": list(new), "factor": tuning.head_factor},
            *([{"params": old, "factor": 1.0}] if old else []),
        ]
        self.optimiser = torch.optim.SGD(
            groups, lr=tuning.rate, momentum=tuning.momentum, weight_decay=tuning.weight_decay, fused=True
        )
        self.curves: list[dict[str, float]] = []
        self.best: dict[str, torch.Tensor] = {}

    @property
    def epoch(self) -> int:
        """Epochs that are over."""
        return len(self.curves)

    @property
    def best_epoch(self) -> int:
        """That with the lowest validation loss; 0 before the first."""
        return 1 + int(np.argmin([row["validation loss"] for row in self.curves])) if self.curves else 0

    @property
    def stopped(self) -> str:
        """Why it is over, or nothing while it is not."""
        if self.epoch - self.best_epoch >= self.tuning.patience:
            return f"no better validation loss for {self.tuning.patience} epochs"
        return f"all {self.tuning.epochs} epochs are over" if self.epoch >= self.tuning.epochs else ""

    def save(self, path: Path) -> None:
        """Write the state, whole or not at all."""
        state = {"weights": _copied(self.learned), "optimiser": self.optimiser.state_dict()}
        with write_whole(path) as temporary:
            torch.save(state | {"best": self.best, "curves": self.curves}, temporary)

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint."""
        state = torch.load(path, weights_only=True)
        self._load(state["weights"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.best, self.curves = state["best"], state["curves"]

    def run(self, checkpoint: Path, *, title: str, progress: bool) -> None:
        """Learn until it is over, from ``checkpoint`` on if there is one, and put the best epoch's weights in place."""
        if checkpoint.exists():
            self.restore(checkpoint)
        pictures = len(self.train[0])
        whole = {"total": pictures * self.tuning.epochs, "initial": pictures * self.epoch}
        with tqdm(desc=title, unit="picture", disable=None if progress else True, **whole) as bar:
            while not self.stopped:
                self.run_epoch(bar)
                self.save(checkpoint)
        self._load(self.best)

    def run_epoch(self, bar: tqdm[Any]) -> None:
        """One epoch: learn from every training picture once, then measure on the validation pictures."""
        start, number = time.perf_counter(), self.epoch + 1
        rate = self.tuning.rate_in(number)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["factor"]
        training = self._train(number, bar)
        logits, validation = self.validate()
        self._check(validation, number)
        measure = self.task.score(logits, self.validation[1])
        row = (rate, training, validation, measure, time.perf_counter() - start)
        self.curves.append(dict(zip(CURVES, map(float, row), strict=True)))
        if self.best_epoch == self.epoch:
            self.best = _copied(self.learned)
        bar.set_postfix({"loss": f"{validation:.3f}", self.task.measure: f"{measure:.3f}"}, refresh=False)

    def _train(self, number: int, bar: tqdm[Any]) -> float:
        """Mean loss of a picture over an epoch."""
        rows, values = self.train
        random = np.random.default_rng([self.tuning.seed, number])
        order = random.permutation(len(rows))
        mirrored = (random.random(len(rows)) < 0.5) & self.tuning.flips
        total = 0.0
        with (
            torch.random.fork_rng(devices=[]),
            torch.enable_grad(),
            dropping(self.module, self.head, self.tuning.dropout),
        ):
            torch.manual_seed(int(random.integers(2**62)))
            for start in range(0, len(order), self.tuning.batch):
                some = order[start : start + self.tuning.batch]
                with _autocast(self.inputs.device, self.tuning.precision):
                    logits = self._logits(rows[some], mirrored[some])
                loss = self._loss(logits, values[some])
                self._check(float(loss.detach()), number)
                self.optimiser.zero_grad(set_to_none=True)
                (loss / len(some)).backward()
                self.optimiser.step()
                total += float(loss.detach())
                bar.update(len(some))
        return total / len(rows)

    def _check(self, loss: float, number: int) -> None:
        if not np.isfinite(loss):
            raise FloatingPointError(
                f"the loss became {loss} in epoch {number}, at a learning rate of {self.tuning.rate_in(number):g}: "
                "lower Tuning.rate"
            )

    def validate(self) -> tuple[npt.NDArray[np.float32], float]:
        """Logits of the validation pictures, and their mean loss."""
        rows, values = self.validation

        def logits(some: slice) -> torch.Tensor:
            return self._logits(rows[some], np.zeros(len(rows[some]), bool))

        # As the weights lie: channels last, sums would come in another order.
        device, precision, layout = self.inputs.device, self.tuning.precision, torch.preserve_format
        groups = passes.grouped(slice(0, len(rows)), 64)
        with passes.forward(self.module, groups, logits, device=device, precision=precision, layout=layout) as answered:
            found = list(answered)
        total = sum(float(self._loss(each, values[some])) for some, each in found)
        return np.concatenate([each.cpu().numpy() for _, each in found]), total / len(rows)

    def _logits(self, rows: npt.NDArray[np.intp], mirrored: npt.NDArray[np.bool_]) -> torch.Tensor:
        return self.module(self.inputs.batch(rows, mirrored)).float()

    def _loss(self, logits: torch.Tensor, values: Values) -> torch.Tensor:
        return self.task.loss(logits, torch.from_numpy(values).to(logits.device))

    def _load(self, weights: Mapping[str, torch.Tensor]) -> None:
        with torch.no_grad():
            for name, parameter in self.learned.items():
                parameter.copy_(weights[name])


@contextmanager
def dropping(module: nn.Module, head: nn.Linear, share: float) -> Iterator[None]:
    """Dropout while a block runs: the network's own, and before the new layer. Batch statistics stay as they are."""
    drops = [stage for stage in module.modules() if isinstance(stage, nn.Dropout | nn.Dropout2d)]
    drop, hook = nn.functional.dropout, None
    for stage in drops:
        stage.train()
    if share:
        hook = head.register_forward_pre_hook(lambda _, inputs: drop(inputs[0], share))
    try:
        yield
    finally:
        for stage in drops:
            stage.eval()
        if hook:
            hook.remove()


def _autocast(device: torch.device, precision: str) -> torch.autocast:
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bfloat16")


def _copied(parameters: Mapping[str, nn.Parameter]) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone().contiguous() for name, p in parameters.items()}
