"""The part of a network that *Summarization* explains: maps of a layer, their mean, one linear layer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
import xarray as xr
from jaxtyping import Float
from PIL import Image
from torch import nn

from neuroattr import activations
from neuroattr.activations import passes
from neuroattr.backbone import Backbone, structure
from neuroattr.backbone.evaluation import placement
from neuroattr.corpus import Corpus
from neuroattr.corpus.sources import opened

Answered = Iterator[tuple[list[Image.Image], Float[np.ndarray, "B F H W"]]]
TRIED = 2  # pictures of noise that show how a network is built


@dataclass(frozen=True, eq=False)
class PooledClassifier:
    """A classifier with global pooling and one linear layer: ``logits = mean of the maps @ weights.T + bias``.

    Attributes
    ----------
    network
        The whole of it.
    layer
        Its layer whose maps are averaged, by its name in ``network.layers``.
    weights, bias
        Of the linear layer: float32 C x F, and C.
    labels
        Names of the C classes.
    """

    network: Backbone = field(repr=False)
    layer: str
    weights: Float[np.ndarray, "C F"] = field(repr=False)
    bias: Float[np.ndarray, " C"] = field(repr=False)
    labels: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, network: Backbone, labels: Sequence[str] | None = None) -> PooledClassifier:
        """The classifier in a network, found by trying which of its layers the linear one gets the mean of.

        Parameters
        ----------
        labels
            Names of the classes, in the order of the logits; ``"class 0"`` and so on by default.

        Raises
        ------
        ValueError
            A network that is built otherwise (the message says how), other than one label a class, or a label twice.
        """
        linear, given = _linear_layer(network)
        with torch.no_grad():
            responses = network.responses(_noise(network))
        fitting = [layer for layer, maps in responses.items() if _is_mean(maps, given)]
        if not fitting:
            widths = ", ".join(f"{layer} {tuple(maps.shape[1:])}" for layer, maps in responses.items())
            raise ValueError(
                f"the linear layer of {network.name} must get the mean of a layer's maps (global average pooling); it "
                f"gets {given.shape[1]} values that are the mean of none of {widths}. Name the last convolutional "
                "layer among the network's layers, or put global pooling and a linear layer behind it"
            )
        weights = linear.weight.detach().cpu().numpy().astype(np.float32)
        bias = np.zeros(len(weights), np.float32)
        if linear.bias is not None:
            bias = linear.bias.detach().cpu().numpy().astype(np.float32)
        names = tuple(map(str, labels)) if labels is not None else tuple(f"class {c}" for c in range(len(weights)))
        if len(names) != len(weights) or len(set(names)) != len(names):
            raise ValueError(
                f"{network.name} tells {len(weights)} classes apart and needs as many different labels; got "
                f"{len(names)}, {len(set(names))} of them different"
            )
        return cls(network, fitting[-1], weights, bias, names)

    def __repr__(self) -> str:
        classes, filters = self.weights.shape
        return f"PooledClassifier({self.network.title}: {filters:,} filters of {self.layer}, {classes:,} classes)"

    def number(self, label: str) -> int:
        """Number of a class.

        Raises
        ------
        KeyError
            A class that the network does not know.
        """
        if label not in self.labels:
            listed = ", ".join(self.labels[:10]) + (" ..." if len(self.labels) > 10 else "")
            raise KeyError(f"{self.network.name} does not know the class {label!r}; it knows {listed}")
        return self.labels.index(label)

    def pooled(self, corpus: Corpus, *, progress: bool = True) -> xr.DataArray:
        """Means of the maps, ``activation[image, unit]`` N x F: recorded once, as `activations.record` does."""
        options: dict[str, Any] = {"layers": [self.layer], "pooling": "mean", "progress": progress}
        return activations.record(self.network, corpus, **options)

    def logits(self, pooled: Float[np.ndarray, "N F"]) -> Float[np.ndarray, "N C"]:
        """Answers of the linear layer."""
        return np.asarray(pooled @ self.weights.T + self.bias)

    def maps(self, picture: Any) -> Float[np.ndarray, "F H W"]:
        """Maps of the layer for one picture, as `corpus.sources.opened` takes it.

        Raises
        ------
        ImageFault
            A picture that is missing or cannot be decoded.
        """
        with self._answered([[opened(picture)]]) as answers:
            return np.asarray(next(answers)[1][0])

    def streamed_maps(self, corpus: Corpus, *, batch: int = 16) -> Iterator[tuple[list[str], np.ndarray]]:
        """Ids and maps, float32 B x F x H x W, batch by batch, so that memory holds those of one batch alone.

        Raises
        ------
        ImageFault
            A picture that is missing or cannot be decoded.
        ValueError
            An empty batch.
        """
        if batch < 1:
            raise ValueError(f"a batch has at least 1 picture; got batch={batch}")
        ids = [str(id) for id in corpus.ids]
        groups = [ids[start : start + batch] for start in range(0, len(ids), batch)]
        pictures = ([corpus.source.image(id) for id in group] for group in groups)
        with self._answered(pictures) as answers:
            for group, (_, maps) in zip(groups, answers, strict=True):
                yield group, maps

    def _answered(
        self, groups: Iterable[list[Image.Image]]
    ) -> AbstractContextManager[Iterator[tuple[Any, np.ndarray]]]:
        """Maps of groups of pictures, each computed when it is asked for."""
        device, _ = placement(self.network.module)

        def maps(pictures: list[Image.Image]) -> np.ndarray:
            batch = passes.stacked([self.network.preprocess(picture) for picture in pictures], device)
            return np.asarray(self.network.responses(batch, [self.layer])[self.layer].float().cpu().numpy())

        return passes.forward(self.network.module, groups, maps, device=device)


def _linear_layer(network: Backbone) -> tuple[nn.Linear, torch.Tensor]:
    """The one linear layer of a network, and what it gets for pictures of noise."""
    seen: list[tuple[str, nn.Linear, torch.Tensor, torch.Tensor]] = []
    hooks = []
    for name, stage in network.module.named_modules():
        if isinstance(stage, nn.Linear):
            look = structure.looking(lambda own, given, out, name=name: seen.append((name, own, given[0], out)))
            hooks.append(stage.register_forward_hook(look))
    try:
        with torch.no_grad():
            logits = network.logits(_noise(network))
    finally:
        for hook in hooks:
            hook.remove()
    wanted = "a classifier with global pooling and one linear layer (nn.Linear) behind it is wanted"
    if len(seen) != 1:
        names = ", ".join(name for name, *_ in seen) or "none"
        raise ValueError(f"{wanted}; the linear layers of {network.name} are: {names}")
    name, linear, given, out = seen[0]
    if out.shape != logits.shape or not torch.allclose(out, logits):
        raise ValueError(f"{wanted}; what {network.name} answers is not what its linear layer {name} gives")
    return linear, given


def _noise(network: Backbone) -> torch.Tensor:
    device, dtype = placement(network.module)
    side = network.preprocess.crop
    noise = torch.randn(TRIED, 3, side, side, generator=torch.Generator().manual_seed(0))
    return (60 / max(network.preprocess.std) * noise).to(device, dtype)


def _is_mean(maps: torch.Tensor, given: torch.Tensor) -> bool:
    """Whether a linear layer gets the mean of these maps."""
    if maps.ndim != 4 or maps.shape[:2] != given.shape:
        return False
    return bool(torch.allclose(maps.mean((2, 3)), given, rtol=1e-3, atol=1e-5))
