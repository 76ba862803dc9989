"""A network with named layers: what it answers at each of them, and what each unit can see."""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import torch
from torch import fx, nn

from neuroattr.backbone import evaluation, structure, tracing
from neuroattr.backbone.geometry import traced_fields
from neuroattr.backbone.preprocess import Preprocess
from neuroattr.receptive import ReceptiveField


class Backbone:
    """A network, its named layers and how to show it a picture.

    Parameters
    ----------
    module : the network. Nothing of it is changed: it answers as in evaluation mode, whatever mode its stages are in.
    name : short name, as given to `backbone.load`.
    title : what to call it in print.
    nodes : mapping of layer name to the module or traced node whose output is the layer, shallow to deep.
    preprocess : `Preprocess`.
    licence : of the weights.
    channels_last : whether four-dimensional responses come as N x H x W x C.
    published : whether its name says how it is built, as those of `backbone.names()` do; `digest` then tells only what
        differs from that.

    Attributes
    ----------
    layers : names of the layers, shallow to deep.

    Raises
    ------
    ValueError : weights without values.
    """

    def __init__(
        self,
        module: nn.Module,
        *,
        name: str,
        title: str,
        nodes: Mapping[str, str],
        preprocess: Preprocess,
        licence: str,
        channels_last: bool = False,
        published: bool = False,
    ) -> None:
        structure.check_initialised(module, name)
        self.module = module
        self.name, self.title, self.licence = name, title, licence
        self.nodes, self.preprocess, self.channels_last = dict(nodes), preprocess, channels_last
        self.layers = tuple(nodes)
        self._published = structure.described(module) if published else None
        self._found: tuple[Any, structure.Standing | None, dict[Any, Any]] = (None, None, {})

    def __repr__(self) -> str:
        return f"<{self.title}: {', '.join(f'{layer} {width}' for layer, width in self.widths.items())}>"

    @property
    def published(self) -> bool:
        """Whether it is built as its name says."""
        return self._published is not None and self._published == structure.described(self.module)

    def responses(self, batch: torch.Tensor, layers: Sequence[str] | None = None) -> dict[str, torch.Tensor]:
        """What the layers answer: dict of layer to N x C x H x W, or N x C for layers without places.

        Parameters
        ----------
        batch : N x 3 x H x W, preprocessed.
        layers : names out of ``layers``, or None for all of them; nothing deeper than the deepest is computed.

        Raises
        ------
        ValueError : unknown or no layers, a batch of another shape, or a network that draws random numbers.

        Notes
        -----
        Each is what the layer computed, whatever is computed from it in place afterwards. Computed in the network's own
        precision, and with gradients only where the pictures ask for them.
        """
        wanted = self.layers if layers is None else tuple(layers)
        unknown = [layer for layer in wanted if layer not in self.nodes]
        if unknown or not wanted:
            raise ValueError(
                f"wanted layers of {self.name} out of {', '.join(self.layers)}; got {', '.join(wanted) or 'none'}"
            )
        found = self._answered(self._extractor(wanted), batch)
        return {layer: self._places_last(found[layer], layer) for layer in wanted}

    def logits(self, batch: torch.Tensor) -> torch.Tensor:
        """Answers of the last layer, N x classes, before the softmax."""
        return self._answered(self.module, batch)

    @property
    def widths(self) -> dict[str, int]:
        """Channels of each layer.

        Raises
        ------
        ValueError : the network answers otherwise when it sees a picture again, or sees it beside another one.
        """
        return {layer: shape[0] for layer, shape in self._shapes.items()}

    @property
    def map_sizes(self) -> dict[str, tuple[int, int]]:
        """Rows and columns of each layer's map for a preprocessed picture; (1, 1) where it has no places.

        Raises
        ------
        ValueError : as of ``widths``.
        """
        sizes = {}
        for layer, shape in self._shapes.items():
            rows, columns = (*shape[1:], 1, 1)[:2]
            sizes[layer] = rows, columns
        return sizes

    @property
    def units(self) -> pd.DataFrame:
        """All units of all layers, one a row: columns ``layer`` and ``channel``."""
        widths, found = self.widths, self._current()
        if "units" not in found:
            pairs = [(layer, channel) for layer, width in widths.items() for channel in range(width)]
            found["units"] = pd.DataFrame(pairs, columns=["layer", "channel"])
        return found["units"]

    @property
    def receptive_fields(self) -> dict[str, ReceptiveField]:
        """`ReceptiveField` of each layer, in pixels of the preprocessed picture."""
        found = self._current()
        if "fields" not in found:
            extractor = self._extractor(self.layers)
            fields = traced_fields(extractor, self.preprocess.crop)
            outputs = next(node for node in extractor.graph.nodes if node.op == "output").args[0]
            found["fields"] = {layer: fields[outputs[layer].name] for layer in self.layers}
        return dict(found["fields"])

    @property
    def digest(self) -> str:
        """SHA-256 of names, shapes and values of all weights as they are now, and of how the network is built.

        How it is built counts where the name does not tell it: for a network of one's own, and for one of
        `backbone.names()` whose stages were changed.
        """
        digest = hashlib.sha256()
        for name, tensor in structure.tensors(self.module):
            for part in structure.contents(name, tensor):
                digest.update(part)
        if not self.published:
            digest.update(structure.described(self.module).encode())
            digest.update(self._extractor(self.layers).code.encode())
        return digest.hexdigest()

    def _current(self) -> dict[Any, Any]:
        """What was traced and measured of the network as it stands; nothing once a stage or setting is another."""
        made_for, standing, found = self._found
        wanted, now = (self.preprocess, self.channels_last, tuple(self.nodes.items())), structure.standing(self.module)
        if made_for != wanted or not structure.same(standing, now):
            found = {}
            self._found = (wanted, now, found)
        return found

    def _extractor(self, layers: tuple[str, ...]) -> fx.GraphModule:
        """The network cut behind the deepest of the layers; traced once for each choice."""
        found = self._current()
        if layers not in found:
            found[layers] = self._cut(layers)
        return found[layers]

    def _cut(self, layers: tuple[str, ...]) -> fx.GraphModule:
        whole, nodes = tracing.traced(self.module, {layer: self.nodes[layer] for layer in layers}, name=self.name)
        return tracing.cut(whole, nodes)

    def _answered(self, network: Callable[[torch.Tensor], Any], batch: torch.Tensor) -> Any:
        """What the network or a part of it answers in evaluation mode; refused if that is left to chance."""
        device, dtype = evaluation.placement(self.module)
        batch = self._checked(batch).to(dtype)

        def answers() -> Any:
            return network(batch.clone())  # a first step in place must not change the pictures

        gradients = torch.is_grad_enabled() and batch.requires_grad
        with evaluation.evaluating(self.module), torch.set_grad_enabled(gradients):
            found, again = evaluation.drawn(answers, device)
            if again is not None and not _alike(found, again, share=0):
                raise ValueError(tracing.randomness(self.name))
        return found

    def _checked(self, batch: Any) -> torch.Tensor:
        if not isinstance(batch, torch.Tensor) or not batch.is_floating_point():
            kind = batch.dtype if isinstance(batch, torch.Tensor) else type(batch).__name__
            raise TypeError(
                f"wanted a batch of pictures as a floating-point torch tensor, got {kind}; stack `preprocess(image)`"
            )
        if batch.ndim != 4 or batch.shape[1] != 3:
            raise ValueError(
                f"wanted a batch N x 3 x H x W, got {tuple(batch.shape)}; stack `preprocess(image)` of each image"
            )
        return batch

    @property
    def _shapes(self) -> dict[str, tuple[int, ...]]:
        found = self._current()
        if "shapes" not in found:
            found["shapes"] = self._measured_shapes()
        return dict(found["shapes"])

    def _measured_shapes(self) -> dict[str, tuple[int, ...]]:
        """Channels, rows and columns of each layer, from noise; seen twice and beside another it must answer alike."""
        device, dtype = evaluation.placement(self.module)
        side, generator = self.preprocess.crop, torch.Generator().manual_seed(0)
        noise = torch.randn(2, 3, side, side, generator=generator) * torch.tensor([1.0, 3.0])[:, None, None, None]
        noise = noise.to(device, dtype)
        with torch.no_grad():
            first, again, pair = (self.responses(some) for some in (noise[:1], noise[:1], noise))
        if not _alike(first, again, share=1e-4):
            raise ValueError(tracing.randomness(self.name))
        if not _alike(first, {layer: response[:1] for layer, response in pair.items()}, share=0.05):
            raise ValueError(
                f"wanted a network that answers to each picture by itself; {self.name} answers otherwise to one when "
                "another one is in its batch. Give its normalisations running statistics (track_running_stats=True)"
            )
        return {layer: tuple(response.shape[1:]) for layer, response in first.items()}

    def _places_last(self, response: Any, layer: str) -> torch.Tensor:
        if not isinstance(response, torch.Tensor) or response.ndim not in (2, 3, 4):
            came = f"{tuple(response.shape)}" if isinstance(response, torch.Tensor) else type(response).__name__
            raise ValueError(
                f"wanted layer {layer!r} of {self.name} to give N x C, N x tokens x C or N x C x H x W, got {came}: "
                "name an operation that gives such an array"
            )
        if response.ndim == 3:  # tokens: N x T x C
            return response.movedim(2, 1).unsqueeze(3)
        return response.movedim(3, 1) if response.ndim == 4 and self.channels_last else response


def _alike(one: Any, other: Any, *, share: float) -> bool:
    """Whether two answers agree: arrays, or dicts of them."""
    if isinstance(one, torch.Tensor):
        return evaluation.close(one, other, share=share)
    return all(evaluation.close(one[layer], other[layer], share=share) for layer in one)
