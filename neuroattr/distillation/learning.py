"""Distillation: a small network learns to answer as a larger one does."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import torch
from torch import nn
from tqdm import tqdm

from neuroattr.assets import write_whole
from neuroattr.backbone.caffenet import MINI, Widths
from neuroattr.backbone.preprocess import IMAGENET_MEAN, IMAGENET_STD
from neuroattr.distillation.student import folded, student
from neuroattr.distillation.views import FEATURES, ViewStore


@dataclass(frozen=True)
class Recipe:
    """What makes a student.

    Parameters
    ----------
    minutes : wall clock to train for; the learning rate follows one cycle over it, however many steps that are.
    batch : views a step.
    rate : highest learning rate (AdamW).
    decay : weight decay.
    temperature : of the soft answers.
    feature_weight : weight of the regression of the teacher's pooled features.
    dropout : share of fc6 and fc7 set to zero.
    memory : decay of the running mean of the weights, which is what is kept.
    smooth_from : share of the time after which the filters of conv1 are kept smooth. Photographs hardly drive the fine
        noise of random filters, so that learning alone leaves it there, and drawn edges would then wake it.
    finest : highest spatial frequency that stays, half cycles a filter.
    seed : of weights, order, crops and flips.
    """

    widths: Widths = MINI
    minutes: float = 50.0
    batch: int = 128
    rate: float = 3e-3
    decay: float = 0.02
    temperature: float = 2.0
    feature_weight: float = 1.0
    dropout: float = 0.1
    memory: float = 0.998
    smooth_from: float = 0.75
    finest: float = 6.0
    seed: int = 0


class StudentTrainer:
    """A student, its optimiser and its clock: everything that a checkpoint holds."""

    def __init__(self, recipe: Recipe, *, compiled: bool = False) -> None:
        self.recipe = recipe
        self._loss = torch.compile(self.loss) if compiled else self.loss
        self.student = student(recipe.widths, dropout=recipe.dropout, seed=recipe.seed).to(
            memory_format=torch.channels_last
        )
        self.regressor = nn.Linear(recipe.widths.fc7, FEATURES)
        parameters = [*self.student.parameters(), *self.regressor.parameters()]
        self.optimiser = torch.optim.AdamW(parameters, lr=recipe.rate, weight_decay=recipe.decay, fused=True)
        self.mean = {name: value.detach().clone() for name, value in self.student.state_dict().items()}
        self.step, self.seconds = 0, 0.0

    def save(self, path: Path) -> None:
        """Write everything, whole or not at all."""
        parts = {"student": self.student, "regressor": self.regressor, "optimiser": self.optimiser}
        record = {name: part.state_dict() for name, part in parts.items()}
        with write_whole(path) as temporary:
            torch.save(record | {"mean": self.mean, "step": self.step, "seconds": self.seconds}, temporary)

    def restore(self, path: Path) -> None:
        """Go on from a checkpoint."""
        record = torch.load(path, weights_only=True)
        for name in ("student", "regressor", "optimiser"):
            getattr(self, name).load_state_dict(record[name])
        self.mean, self.step, self.seconds = record["mean"], record["step"], record["seconds"]

    @property
    def progress(self) -> float:
        """Share of the time that is over."""
        return min(1.0, self.seconds / (60 * self.recipe.minutes))

    def learn(self, pixels: torch.Tensor, logits: torch.Tensor, features: torch.Tensor) -> float:
        """One step on a batch; the loss."""
        for group in self.optimiser.param_groups:
            group["lr"] = self.recipe.rate * cycle(self.progress)
        self.student.train()
        with torch.autocast("cpu", torch.bfloat16):
            loss = self._loss(pixels, logits, features)
        self.optimiser.zero_grad(set_to_none=True)
        loss.backward()
        nn.utils.clip_grad_norm_(self.student.parameters(), 5.0)
        self.optimiser.step()
        with torch.no_grad():
            self._update_mean()
            if self.progress >= self.recipe.smooth_from:
                self._smooth()
        self.step += 1
        return float(loss.detach())

    def loss(self, pixels: torch.Tensor, logits: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """Distance of the answers, and squared error of the features in units of their variance."""
        scaled = (pixels.float() - torch.tensor(IMAGENET_MEAN)) / torch.tensor(IMAGENET_STD)
        hidden = self.student[:-1](scaled.permute(0, 3, 1, 2))
        answer, guess = self.student[-1](hidden), self.regressor(hidden)
        regression = nn.functional.mse_loss(guess.float(), features) / features.var()
        return distance(answer.float(), logits, self.recipe.temperature) + self.recipe.feature_weight * regression

    def _update_mean(self) -> None:
        """Running mean of weights and batch statistics; short at first, so that it forgets the start."""
        keep = min(self.recipe.memory, (1 + self.step) / (10 + self.step))
        state = self.student.state_dict()
        names = [name for name, value in state.items() if value.is_floating_point()]
        torch._foreach_lerp_([self.mean[n] for n in names], [state[n] for n in names], 1 - keep)

    def _smooth(self) -> None:
        for weight in (self.student.conv1.weight, self.mean["conv1.weight"]):
            weight.copy_(smooth(weight, self.recipe.finest))


Export = Callable[[dict[str, torch.Tensor], StudentTrainer], None]


def smooth(filters: torch.Tensor, finest: float) -> torch.Tensor:
    """The filters without what is finer than ``finest`` half cycles a side.

    Parameters
    ----------
    filters : O x C x K x K.

    Notes
    -----
    A projection: in the orthonormal cosine transform (DCT-II) of each filter, components (u, v) with
    :math:`u^2 + v^2` above ``finest`` squared become zero.
    """
    side = filters.shape[-1]
    frequency = torch.arange(side, dtype=torch.float32)
    cosine = torch.cos(torch.pi / side * frequency[:, None] * (frequency + 0.5)) * (2 / side) ** 0.5
    cosine[0] /= 2**0.5
    kept = (frequency[:, None] ** 2 + frequency**2) <= finest**2
    return cosine.T @ (kept * (cosine @ filters @ cosine.T)) @ cosine


def cycle(progress: float, warm: float = 0.04) -> float:
    """Learning rate over its maximum: a linear rise, then half a cosine.

    Examples
    --------
    >>> [round(cycle(p), 3) for p in (0.0, 0.02, 0.04, 0.52, 1.0)]
    [0.01, 0.5, 1.0, 0.5, 0.0]
    """
    if progress < warm:
        return max(0.01, progress / warm)
    return 0.5 * (1 + math.cos(math.pi * (progress - warm) / (1 - warm)))


def distance(answer: torch.Tensor, target: torch.Tensor, temperature: float) -> torch.Tensor:
    r"""Kullback-Leibler divergence of the student's from the teacher's softened answers, nats, times :math:`T^2`.

    Source: Hinton et al. 2015, section 2.
    """
    soft = nn.functional.log_softmax(target / temperature, 1)
    mine = nn.functional.log_softmax(answer / temperature, 1)
    return temperature**2 * nn.functional.kl_div(mine, soft, reduction="batchmean", log_target=True)


def batches(
    store: ViewStore, rows: npt.NDArray[np.intp], recipe: Recipe, *, seed: int | Sequence[int]
) -> Iterator[tuple[torch.Tensor, ...]]:
    """Endless batches (pixels uint8 B x look x look x 3, logits, features) of whatever views are ready.

    Parameters
    ----------
    rows : photographs to learn from, one named twice being shown twice as often; squares and flips are drawn anew.
    """
    random = np.random.default_rng(seed)
    slack, look = store.recipe.side - store.recipe.look, store.recipe.look
    while True:
        whole, more = divmod(store.done, store.count)
        known = rows if whole else rows[rows < more]
        photo = random.choice(known, recipe.batch)
        view = random.integers(whole + (photo < more))
        corners = random.integers(slack + 1, size=(len(view), 2))
        pixels = np.empty((len(view), look, look, 3), np.uint8)
        for i, (y, x) in enumerate(corners):
            pixels[i] = store.pixels[view[i], photo[i], y : y + look, x : x + look]
        half = len(view) // 2
        pixels[:half] = pixels[:half, :, ::-1]  # the order is random, so half of a batch can be mirrored at once
        answers = (kind[view, photo].astype(np.float32) for kind in (store.logits, store.features))
        yield tuple(torch.from_numpy(array) for array in (pixels, *answers))


def distil(
    store: ViewStore,
    rows: npt.NDArray[np.intp],
    recipe: Recipe,
    folder: Path,
    *,
    every: float = 120.0,
    export: Export | None = None,
    compiled: bool = False,
) -> StudentTrainer:
    """Train until the time is over, going on from the checkpoint in ``folder`` where there is one.

    Parameters
    ----------
    store : `views.ViewStore`; it may still be filling, whole views are used as they come.
    rows : photographs to learn from.
    folder : where the checkpoint lives.
    every : seconds between checkpoints.
    export : called with the plain weights (state dict) and the trainer, at every checkpoint and at the end.
    compiled : compile the step (needs a C++ compiler; some 3 times faster on a processor).

    Returns
    -------
    The trainer at its end; `plain_weights` gives what is kept of it.
    """
    trainer, checkpoint = StudentTrainer(recipe, compiled=compiled), Path(folder) / "checkpoint.pt"
    if checkpoint.exists():
        trainer.restore(checkpoint)
    source = batches(store, rows, recipe, seed=[recipe.seed, trainer.step])
    saved = trainer.seconds
    with tqdm(total=60 * recipe.minutes, initial=trainer.seconds, unit="s", disable=None) as bar:
        while trainer.progress < 1:
            before = time.perf_counter()
            loss = trainer.learn(*next(source))
            spent = time.perf_counter() - before
            trainer.seconds += spent
            bar.update(spent)
            bar.set_postfix(step=trainer.step, loss=f"{loss:.3f}", refresh=False)
            if trainer.seconds - saved > every:
                saved = trainer.seconds
                _keep(trainer, checkpoint, export)
    _keep(trainer, checkpoint, export)
    return trainer


def _keep(trainer: StudentTrainer, checkpoint: Path, export: Export | None) -> None:
    trainer.save(checkpoint)
    if export:
        export(plain_weights(trainer), trainer)


def plain_weights(trainer: StudentTrainer) -> dict[str, torch.Tensor]:
    """Weights of the plain network, float16: the running mean, batch normalisation folded away."""
    return {name: value.half().contiguous() for name, value in folded(trainer.mean).items()}
