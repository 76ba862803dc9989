"""The descent itself: epochs over the training pictures, a checkpoint behind each, the best one kept."""

import time
from dataclasses import dataclass

import numpy as np
import torch
from torch import nn
from tqdm import tqdm

from neuroattr.activations import passes
from neuroattr.assets import write_whole
from neuroattr.training.finetuning.pictures import scaled

CURVES = ("learning rate", "training loss", "validation loss", "validation measure", "seconds")


@dataclass(frozen=True)
class Pixels:
    """Pictures as the network's input: N x S x S x 3 uint8, mirrored where wanted."""

    array: np.ndarray
    preprocess: object
    device: torch.device

    def batch(self, rows, mirrored):
        """Input of the network for some rows: float32 B x 3 x S x S."""
        pixels = self.array[rows]
        pixels[mirrored] = pixels[mirrored, :, ::-1]
        return scaled(torch.from_numpy(pixels).to(self.device), self.preprocess)


@dataclass(frozen=True)
class Maps:
    """Responses of the frozen beginning to pictures and their mirror images: N x 2 x C x H x W or N x 2 x C float16."""

    array: np.ndarray
    device: torch.device

    def batch(self, rows, mirrored):
        """What the rest of the network gets for some rows: float32 B x C x H x W, or B x C."""
        maps = torch.from_numpy(self.array[rows, mirrored.astype(np.int64)]).to(self.device).float()
        return maps.contiguous(memory_format=torch.channels_last) if maps.ndim == 4 else maps


def recorded_maps(beginning, pixels, place, *, precision, progress, batch=64):
    """`Maps` of all pictures, memory-mapped in a file at ``place``.

    Raises
    ------
    FloatingPointError : a response that half precision cannot hold.
    """
    array, n = None, len(pixels.array)
    items = [(some, side) for some in passes.grouped(slice(0, n), batch) for side in (False, True)]

    def maps(item):
        rows = np.arange(item[0].start, item[0].stop)
        found = beginning(pixels.batch(rows, np.full(len(rows), item[1]))).half()
        if not torch.isfinite(found).all():
            raise FloatingPointError("the frozen layers give more than half precision holds; freeze fewer layers")
        return found.cpu().numpy()

    options = {"device": pixels.device, "precision": precision, "layout": torch.preserve_format}
    with passes.forward(beginning, items, maps, **options) as answered:
        bar = tqdm(answered, total=len(items), desc="frozen layers", disable=None if progress else True)
        for (rows, side), found in bar:
            if array is None:
                shape = (n, 2, *found.shape[1:])
                array = np.lib.format.open_memmap(place, mode="w+", dtype=np.float16, shape=shape)
            array[rows, int(side)] = found
    return Maps(array, pixels.device)


class Descent:
    """A module on its way: everything that a checkpoint holds, and what it learns from.

    Parameters
    ----------
    module : what learns, from the inputs of ``material`` to logits; parameters that do not learn need no gradient.
    head : its new last layer.
    material : `Pixels` or `Maps`.
    answers : (rows of the material, values) of the training and of the validation pictures.
    task, tuning : `Task` and `Tuning`.
    """

    def __init__(self, module, head, material, answers, task, tuning):
        self.module, self.head = module, head
        self.material, self.task, self.tuning = material, task, tuning
        self.answers = dict(zip(("train", "validation"), answers, strict=True))
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
        self.curves, self.best = [], {}

    @property
    def epoch(self):
        """Epochs that are over."""
        return len(self.curves)

    @property
    def best_epoch(self):
        """That with the lowest validation loss; 0 before the first."""
        return 1 + int(np.argmin([row["validation loss"] for row in self.curves])) if self.curves else 0

    @property
    def stopped(self):
        """Why it is over, or nothing while it is not."""
        if self.epoch - self.best_epoch >= self.tuning.patience:
            return f"no better validation loss for {self.tuning.patience} epochs"
        return f"all {self.tuning.epochs} epochs are over" if self.epoch >= self.tuning.epochs else ""

    def save(self, path):
        """Write the state, whole or not at all."""
        state = {"weights": _copied(self.learned), "optimiser": self.optimiser.state_dict()}
        with write_whole(path) as temporary:
            torch.save(state | {"best": self.best, "curves": self.curves}, temporary)

    def restore(self, path):
        """Go on from a checkpoint."""
        state = torch.load(path, weights_only=True)
        self._take(state["weights"])
        self.optimiser.load_state_dict(state["optimiser"])
        self.best, self.curves = state["best"], state["curves"]

    def run(self, checkpoint, *, title, progress):
        """Learn until it is over, from ``checkpoint`` on if there is one, and put the best epoch's weights in place."""
        if checkpoint.exists():
            self.restore(checkpoint)
        pictures = len(self.answers["train"][0])
        whole = {"total": pictures * self.tuning.epochs, "initial": pictures * self.epoch}
        with tqdm(desc=title, unit="picture", disable=None if progress else True, **whole) as bar:
            while not self.stopped:
                self.learn(bar)
                self.save(checkpoint)
        self._take(self.best)

    def learn(self, bar):
        """One epoch: learn from every training picture once, then measure on the validation pictures."""
        start, number = time.perf_counter(), self.epoch + 1
        rate = self.tuning.rate_in(number)
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["factor"]
        training = self._train(number, bar)
        logits, validation = self.validated()
        self._check(validation, number)
        measure = self.task.score(logits, self.answers["validation"][1])
        row = (rate, training, validation, measure, time.perf_counter() - start)
        self.curves.append(dict(zip(CURVES, map(float, row), strict=True)))
        if self.best_epoch == self.epoch:
            self.best = _copied(self.learned)
        bar.set_postfix({"loss": f"{validation:.3f}", self.task.measure: f"{measure:.3f}"}, refresh=False)

    def _train(self, number, bar):
        """Mean loss of a picture over an epoch."""
        rows, values = self.answers["train"]
        random = np.random.default_rng([self.tuning.seed, number])
        order = random.permutation(len(rows))
        mirrored = (random.random(len(rows)) < 0.5) & self.tuning.flips
        total = 0.0
        with torch.random.fork_rng(devices=[]), torch.enable_grad(), self._learning():
            torch.manual_seed(int(random.integers(2**62)))
            for start in range(0, len(order), self.tuning.batch):
                some = order[start : start + self.tuning.batch]
                with _half(self.material.device, self.tuning.precision):
                    logits = self._logits(rows[some], mirrored[some])
                loss = self._loss(logits, values[some])
                self._check(float(loss.detach()), number)
                self.optimiser.zero_grad(set_to_none=True)
                (loss / len(some)).backward()
                self.optimiser.step()
                total += float(loss.detach())
                bar.update(len(some))
        return total / len(rows)

    def _check(self, loss, number):
        if not np.isfinite(loss):
            raise FloatingPointError(
                f"the loss became {loss} in epoch {number}, at a learning rate of {self.tuning.rate_in(number):g}: "
                "lower Tuning.rate"
            )

    def validated(self):
        """Logits of the validation pictures, and their mean loss."""
        rows, values = self.answers["validation"]

        def logits(some):
            return self._logits(rows[some], np.zeros(len(rows[some]), bool))

        # As the weights lie: channels last, sums would come in another order.
        options = {"device": self.material.device, "layout": torch.preserve_format}
        groups = passes.grouped(slice(0, len(rows)), 64)
        with passes.forward(self.module, groups, logits, **options, precision=self.tuning.precision) as answered:
            found = list(answered)
        total = sum(float(self._loss(each, values[some])) for some, each in found)
        return np.concatenate([each.cpu().numpy() for _, each in found]), total / len(rows)

    def _logits(self, rows, mirrored):
        return self.module(self.material.batch(rows, mirrored)).float()

    def _loss(self, logits, values):
        return self.task.loss(logits, torch.from_numpy(values).to(logits.device))

    def _learning(self):
        return Dropping(self.module, self.head, self.tuning.dropout)

    @torch.no_grad()
    def _take(self, weights):
        for name, parameter in self.learned.items():
            parameter.copy_(weights[name])


class Dropping:
    """Dropout while a block runs: the network's own, and before the new layer. Batch statistics stay as they are."""

    def __init__(self, module, head, share):
        self.drops = [stage for stage in module.modules() if isinstance(stage, nn.Dropout | nn.Dropout2d)]
        self.head, self.share, self.hook = head, share, None

    def __enter__(self):
        for stage in self.drops:
            stage.train()
        if self.share:
            drop = nn.functional.dropout
            self.hook = self.head.register_forward_pre_hook(lambda _, inputs: drop(inputs[0], self.share))

    def __exit__(self, *fault):
        for stage in self.drops:
            stage.eval()
        if self.hook:
            self.hook.remove()


def _half(device, precision):
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bfloat16")


def _copied(parameters):
    return {name: p.detach().clone().contiguous() for name, p in parameters.items()}
