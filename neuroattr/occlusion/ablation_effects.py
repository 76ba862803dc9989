"""What a word's answer loses when its prime units are ablated, beside units at random and units that match them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch
import xarray as xr
from tqdm import tqdm

from neuroattr import statistics
from neuroattr.activations import passes
from neuroattr.backbone import Backbone
from neuroattr.backbone.evaluation import placement
from neuroattr.corpus import Corpus
from neuroattr.occlusion.ablation import ablated

CONDITIONS = ("none", "prime", "random", "matched")
Answer = Callable[[Backbone, torch.Tensor, str], npt.NDArray[np.floating]]
"""Answer of a network for a word to each picture of a batch, [N]."""


class Classifier(Protocol):
    """A classifier of one word: `discovery.LinearClassifier`."""

    def log_odds(self, responses: npt.NDArray[np.float32], /) -> npt.NDArray[np.floating]:
        """Log odds of the word for each row."""


@dataclass(frozen=True)
class Outputs:
    """The network's own answers: its logits are words, in this order."""

    words: Sequence[str]

    def __call__(self, net: Backbone, batch: torch.Tensor, word: str) -> npt.NDArray[np.float32]:
        """Logits, [N]."""
        return np.asarray(net.logits(batch)[:, list(self.words).index(word)].float().cpu().numpy())


@dataclass(frozen=True)
class Classified:
    """Answers of each word's linear classifier over the activations of all units (`discovery.word_classifier`)."""

    classifiers: Mapping[str, Classifier]

    def __call__(self, net: Backbone, batch: torch.Tensor, word: str) -> npt.NDArray[np.floating]:
        """Log odds, [N]."""
        return self.classifiers[word].log_odds(passes.pooled(net, batch, net.layers, batch.device, "max"))


@dataclass(frozen=True)
class AblationDesign:
    """How the effect of an ablation is measured.

    Parameters
    ----------
    count : units that are ablated at a time.
    images : pictures with the word, and as many without, at most.
    repeats : random sets, and matched sets, whose effect is averaged.
    pool : a matched unit is drawn from so many of the nearest.
    """

    count: int
    images: int
    repeats: int
    pool: int = 3


def matched_units(
    layers: Sequence[str] | npt.NDArray[np.str_],
    means: npt.NDArray[np.floating],
    chosen: npt.NDArray[np.int_],
    *,
    pool: int,
    seed: int | Sequence[int],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """For each chosen unit another one of its layer with nearly its mean activation.

    Parameters
    ----------
    layers, means : of every unit.
    chosen : positions, most important first.
    pool : the other unit is drawn from the so many nearest that are left.
    seed : of the draw.

    Returns
    -------
    kept, matched
        The chosen units that a layer has others for (in a layer of which more than half is chosen the last ones go
        without), and their counterparts; no unit comes twice.

    Examples
    --------
    >>> matched_units(["a"] * 4, np.array([1.0, 5.0, 1.2, 9.0]), np.array([0]), pool=1, seed=0)
    (array([0]), array([2]))
    """
    named, means, random = np.asarray(layers), np.asarray(means, float), np.random.default_rng(seed)
    free = np.ones(len(named), bool)
    free[chosen] = False
    kept, found = [], []
    for unit in np.asarray(chosen):
        others = np.flatnonzero(free & (named == named[unit]))
        if len(others):
            nearest = others[np.argsort(np.abs(means[others] - means[unit]), kind="stable")[:pool]]
            other = int(random.choice(nearest))
            free[other] = False
            kept.append(int(unit))
            found.append(other)
    return np.array(kept, np.int64), np.array(found, np.int64)


def ablation_effects(
    net: Backbone,
    parts: Mapping[str, Corpus],
    divergence: xr.DataArray,
    answer: Answer,
    *,
    means: npt.NDArray[np.floating],
    design: AblationDesign,
    seed: int,
    progress: bool = True,
) -> xr.Dataset:
    """Accuracy and AUC of each word's answer with no, its prime, random and matched units ablated.

    Parameters
    ----------
    parts : the "validation" and the "test" part of a corpus. Answers are cut where the *intact* network is most
        accurate on balanced validation pictures, and judged on balanced test pictures.
    divergence : ``divergence[word, unit]``: words to try, and their prime units.
    answer : `Outputs` or `Classified`.
    means : mean activation of each unit, for matching.

    Returns
    -------
    effects
        ``accuracy[word, silent]`` and ``auc[word, silent]`` with ``silent`` out of `CONDITIONS`; ``silenced[word]``,
        the number of units.

    Notes
    -----
    An ablated unit gives 0 at every place, and everything after it is computed from that. Random units are drawn from
    the whole network, matched ones from the same layer with nearly the same mean activation: they take as much
    activity out of the same layers. Accuracy also falls if ablation merely moves all answers to one side; AUC does not.
    """
    words, rows = divergence["word"].to_numpy().tolist(), []
    for place, word in enumerate(tqdm(words, desc=f"ablation, {net.name}", disable=None if progress else True)):
        pictures, labels = _pictures(net, parts["validation"], word, design, seed)
        threshold = _threshold(_batched(net, pictures, word, answer), labels)
        prime = np.argsort(-divergence.sel(word=word).to_numpy(), kind="stable")[: design.count]
        kept, sets = _unit_sets(net, prime, means, design, [seed, place])
        pictures, labels = _pictures(net, parts["test"], word, design, seed)
        row = {"silenced": float(len(kept))}
        for name, choices in sets.items():
            tried = [net if units is None else ablated(net, net.units.iloc[units]) for units in choices]
            answers = [_batched(each, pictures, word, answer) for each in tried]
            row[name] = float(np.mean([((each > threshold) == labels).mean() for each in answers]))
            row[f"{name} auc"] = float(np.mean([statistics.auc(each, labels).value for each in answers]))
        rows.append(row)
    table = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    found = {
        "accuracy": (("word", "silent"), np.stack([table[name] for name in CONDITIONS], axis=1)),
        "auc": (("word", "silent"), np.stack([table[f"{name} auc"] for name in CONDITIONS], axis=1)),
        "silenced": (("word",), table["silenced"].astype(int)),
    }
    return xr.Dataset(found, coords={"word": words, "silent": list(CONDITIONS)})


def _unit_sets(
    net: Backbone,
    prime: npt.NDArray[np.int_],
    means: npt.NDArray[np.floating],
    design: AblationDesign,
    seed: Sequence[int],
) -> tuple[npt.NDArray[np.int64], dict[str, list[npt.NDArray[np.int64] | None]]]:
    """The prime units that have a match, and the sets of units to ablate for each of `CONDITIONS`; None for no unit."""
    layers = net.units["layer"].to_numpy()
    others = np.setdiff1d(np.arange(len(layers)), prime)
    sets: dict[str, list[npt.NDArray[np.int64] | None]] = {name: [] for name in CONDITIONS}
    for repeat in range(design.repeats):
        draw = [*seed, repeat]
        kept, matched = matched_units(layers, means, prime, pool=design.pool, seed=draw)
        sets["random"].append(np.random.default_rng(draw).choice(others, len(kept), replace=False))
        sets["matched"].append(matched)
    sets["none"], sets["prime"] = [None], [kept]
    return kept, sets


def _pictures(
    net: Backbone, part: Corpus, word: str, design: AblationDesign, seed: int
) -> tuple[torch.Tensor, npt.NDArray[np.bool_]]:
    """Balanced pictures of a word as the network takes them, and which have it."""
    contrast = part.contrast(word, seed=seed)
    random = np.random.default_rng(seed)
    count = min(design.images, len(contrast.positives))
    sides = [np.sort(random.choice(rows, count, replace=False)) for rows in (contrast.positives, contrast.negatives)]
    pictures = torch.stack([net.preprocess(part.image(int(row))) for row in np.concatenate(sides)])
    return pictures.contiguous(memory_format=torch.channels_last), np.arange(2 * count) < count


def _batched(
    net: Backbone, pictures: torch.Tensor, word: str, answer: Answer, *, batch: int = 64
) -> npt.NDArray[np.floating]:
    device, _ = placement(net.module)

    def answered(some: torch.Tensor) -> npt.NDArray[np.floating]:
        return answer(net, some.to(device), word)

    kept = torch.preserve_format
    with passes.forward(net.module, pictures.split(batch), answered, device=device, layout=kept) as found:
        return np.concatenate([values for _, values in found])


def _threshold(answers: npt.NDArray[np.floating], labels: npt.NDArray[np.bool_]) -> float:
    """Where to cut the answers for the best accuracy: between two neighbours, the middle of equally good places."""
    order = np.argsort(answers, kind="stable")
    ranked, positive = answers[order], labels[order]
    right = np.cumsum(~positive)[:-1] + positive.sum() - np.cumsum(positive)[:-1]  # right, if cut behind each
    right = np.where(np.diff(ranked) > 0, right, -1)
    best = np.flatnonzero(right == right.max())
    place = best[len(best) // 2]
    return float((ranked[place] + ranked[place + 1]) / 2)
