"""What a word's answer loses when its prime units are silent, beside units at random and units that match them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import xarray as xr
from tqdm import tqdm

from neuroattr import statistics
from neuroattr.activations import passes
from neuroattr.backbone.evaluation import placement
from neuroattr.occlusion.ablation import silenced

CONDITIONS = ("none", "prime", "random", "matched")


@dataclass(frozen=True)
class Outputs:
    """The network's own answers: its logits are words, in this order."""

    words: Sequence[str]

    def __call__(self, net, batch: torch.Tensor, word: str) -> np.ndarray:
        """Answer for each picture of the batch, [N]."""
        return net.logits(batch)[:, list(self.words).index(word)].float().cpu().numpy()


@dataclass(frozen=True)
class Classified:
    """Answers of each word's linear classifier over the activations of all units (`discovery.word_classifier`)."""

    classifiers: Mapping[str, object]

    def __call__(self, net, batch: torch.Tensor, word: str) -> np.ndarray:
        """Log odds for each picture of the batch, [N]."""
        return self.classifiers[word].log_odds(passes.pooled(net, batch, net.layers, batch.device, "max"))


@dataclass(frozen=True)
class Design:
    """How the effect of silence is measured.

    Parameters
    ----------
    count
        Units that are silenced at a time.
    images
        Pictures with the word, and as many without, at most.
    repeats
        Random sets, and matched sets, whose effect is averaged.
    pool
        A matched unit is drawn from so many of the nearest.
    """

    count: int
    images: int
    repeats: int
    pool: int = 3


def matched_units(
    layers: Sequence[str], means: np.ndarray, chosen: np.ndarray, *, pool: int, seed: int
) -> tuple[np.ndarray, np.ndarray]:
    """For each chosen unit another one of its layer with nearly its mean activation.

    Parameters
    ----------
    layers, means
        Of every unit.
    chosen
        Positions, most important first.
    pool
        The other unit is drawn from the so many nearest that are left.
    seed
        Of the draw.

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
    layers, means, random = np.asarray(layers), np.asarray(means, float), np.random.default_rng(seed)
    free = np.ones(len(layers), bool)
    free[chosen] = False
    kept, found = [], []
    for unit in np.asarray(chosen):
        others = np.flatnonzero(free & (layers == layers[unit]))
        if len(others):
            nearest = others[np.argsort(np.abs(means[others] - means[unit]), kind="stable")[:pool]]
            other = int(random.choice(nearest))
            free[other] = False
            kept.append(int(unit))
            found.append(other)
    return np.array(kept, np.int64), np.array(found, np.int64)


def silencing(
    net,
    parts: Mapping[str, object],
    divergence: xr.DataArray,
    answer: Callable[[object, torch.Tensor, str], np.ndarray],
    *,
    means: np.ndarray,
    design: Design,
    seed: int,
    progress: bool = True,
) -> xr.Dataset:
    """Accuracy and AUC of each word's answer with no, its prime, random and matched units silent.

    Parameters
    ----------
    net
        A `backbone.Backbone`.
    parts
        The "validation" and the "test" part of a corpus. Answers are cut where the *intact* network is most accurate on
        balanced validation pictures, and judged on balanced test pictures.
    divergence
        ``divergence[word, unit]``: words to try, and their prime units.
    answer
        `Outputs` or `Classified`.
    means
        Mean activation of each unit, for matching.

    Returns
    -------
    effect
        ``accuracy[word, silent]`` and ``auc[word, silent]`` with ``silent`` out of `CONDITIONS`; ``silenced[word]``,
        the number of units.

    Notes
    -----
    A silent unit gives 0 at every place, and everything after it is computed from that. Random units are drawn from
    the whole network, matched ones from the same layer with nearly the same mean activation: they take as much
    activity out of the same layers. Accuracy also falls if silence merely moves all answers to one side; AUC does not.
    """
    layers = net.units["layer"].to_numpy()
    words, rows = divergence["word"].to_numpy().tolist(), []
    for place, word in enumerate(tqdm(words, desc=f"silencing, {net.name}", disable=None if progress else True)):
        cut = _cut(*_answers(net, parts["validation"], word, answer, design, seed))
        prime = np.argsort(-divergence.sel(word=word).to_numpy(), kind="stable")[: design.count]
        others = np.setdiff1d(np.arange(len(layers)), prime)
        sets = {name: [] for name in CONDITIONS}
        for repeat in range(design.repeats):
            draw = [seed, place, repeat]
            kept, matched = matched_units(layers, means, prime, pool=design.pool, seed=draw)
            sets["random"].append(np.random.default_rng(draw).choice(others, len(kept), replace=False))
            sets["matched"].append(matched)
        sets["none"], sets["prime"] = [None], [kept]
        pictures, labels = _pictures(net, parts["test"], word, design, seed)
        row = {"silenced": len(kept)}
        for name, choices in sets.items():
            tried = [net if one is None else silenced(net, net.units.iloc[one]) for one in choices]
            odds = [_batched(each, pictures, word, answer) for each in tried]
            row[name] = np.mean([((one > cut) == labels).mean() for one in odds])
            row[f"{name} auc"] = np.mean([statistics.auc(one, labels).value for one in odds])
        rows.append(row)
    found = {
        measure: (("word", "silent"), np.array([[row[f"{name}{end}"] for name in CONDITIONS] for row in rows]))
        for measure, end in (("accuracy", ""), ("auc", " auc"))
    }
    found["silenced"] = ("word", np.array([row["silenced"] for row in rows]))
    return xr.Dataset(found, coords={"word": words, "silent": list(CONDITIONS)})


def _pictures(net, part, word: str, design: Design, seed: int) -> tuple[torch.Tensor, np.ndarray]:
    """Balanced pictures of a word as the network takes them, and which have it."""
    contrast = part.contrast(word, seed=seed)
    random = np.random.default_rng(seed)
    count = min(design.images, len(contrast.positives))
    sides = [np.sort(random.choice(rows, count, replace=False)) for rows in (contrast.positives, contrast.negatives)]
    pictures = torch.stack([net.preprocess(part.image(int(row))) for row in np.concatenate(sides)])
    return pictures.contiguous(memory_format=torch.channels_last), np.arange(2 * count) < count


def _answers(net, part, word, answer, design, seed) -> tuple[np.ndarray, np.ndarray]:
    pictures, labels = _pictures(net, part, word, design, seed)
    return _batched(net, pictures, word, answer), labels


def _batched(net, pictures: torch.Tensor, word: str, answer, *, batch: int = 64) -> np.ndarray:
    device, _ = placement(net.module)

    def answered(some: torch.Tensor) -> np.ndarray:
        return answer(net, some.to(device), word)

    kept = torch.preserve_format
    with passes.forward(net.module, pictures.split(batch), answered, device=device, layout=kept) as found:
        return np.concatenate([values for _, values in found])


def _cut(odds: np.ndarray, labels: np.ndarray) -> float:
    """Where to cut the answers for the best accuracy: between two neighbours, the middle of equally good places."""
    order = np.argsort(odds, kind="stable")
    ranked, positive = odds[order], labels[order]
    right = np.cumsum(~positive)[:-1] + positive.sum() - np.cumsum(positive)[:-1]  # right, if cut behind each
    right = np.where(np.diff(ranked) > 0, right, -1)
    best = np.flatnonzero(right == right.max())
    place = best[len(best) // 2]
    return float((ranked[place] + ranked[place + 1]) / 2)
