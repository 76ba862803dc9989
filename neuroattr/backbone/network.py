"""A network with named layers: what it answers at each of them, and what each unit can see."""

import hashlib
from functools import cached_property

import pandas as pd
import torch

from neuroattr.backbone.geometry import traced_fields
from neuroattr.backbone.normalisation import LocalResponseNorm, MeanDifference


class Backbone:
    """A network, its named layers and how to show it a picture.

    Parameters
    ----------
    module : the network, in evaluation mode.
    name : short name, as given to `backbone.load`.
    title : what to call it in print.
    nodes : mapping of layer name to the module or traced node whose output is the layer, shallow to deep.
    preprocess : `Preprocess`.
    licence : of the weights.
    channels_last : whether four-dimensional responses come as N x H x W x C.

    Attributes
    ----------
    layers : names of the layers, shallow to deep.
    """

    def __init__(self, module, *, name, title, nodes, preprocess, licence, channels_last=False):
        self.module = module.eval().requires_grad_(False)
        self.name, self.title, self.licence = name, title, licence
        self.nodes, self.preprocess, self.channels_last = dict(nodes), preprocess, channels_last
        self.layers = tuple(nodes)
        self._extractors = {}

    def __repr__(self):
        return f"<{self.title}: {', '.join(f'{layer} {width}' for layer, width in self.widths.items())}>"

    def responses(self, batch, layers=None):
        """What the layers answer: dict of layer to N x C x H x W, or N x C for layers without places.

        Parameters
        ----------
        batch : N x 3 x H x W, preprocessed.
        layers : names out of ``layers``, or None for all of them; nothing deeper than the deepest is computed.

        Raises
        ------
        ValueError : unknown or no layers, or a batch of another shape.
        """
        wanted = self.layers if layers is None else tuple(layers)
        unknown = [layer for layer in wanted if layer not in self.nodes]
        if unknown or not wanted:
            raise ValueError(
                f"wanted layers of {self.name} out of {', '.join(self.layers)}; got {', '.join(wanted) or 'none'}"
            )
        if batch.ndim != 4 or batch.shape[1] != 3:
            raise ValueError(
                f"wanted a batch N x 3 x H x W, got {tuple(batch.shape)}; stack `preprocess(image)` of each image"
            )
        found = self._extractor(wanted)(batch)
        return {layer: self._places_last(found[layer]) for layer in wanted}

    def logits(self, batch):
        """Answers of the last layer, N x classes, before the softmax."""
        return self.module(batch)

    @cached_property
    def widths(self):
        """Channels of each layer."""
        side = self.preprocess.crop
        parameter = next(self.module.parameters())
        blank = torch.zeros(1, 3, side, side, device=parameter.device, dtype=parameter.dtype)
        with torch.no_grad():
            return {layer: response.shape[1] for layer, response in self.responses(blank).items()}

    @cached_property
    def units(self):
        """All units of all layers, one a row: columns ``layer`` and ``channel``."""
        pairs = [(layer, channel) for layer, width in self.widths.items() for channel in range(width)]
        return pd.DataFrame(pairs, columns=["layer", "channel"])

    @cached_property
    def receptive_fields(self):
        """`ReceptiveField` of each layer, in pixels of the preprocessed picture."""
        extractor = self._extractor(self.layers)
        fields = traced_fields(extractor, self.preprocess.crop)
        outputs = next(node for node in extractor.graph.nodes if node.op == "output").args[0]
        return {layer: fields[outputs[layer].name] for layer in self.layers}

    @cached_property
    def digest(self):
        """SHA-256 of names, shapes and values of all weights."""
        digest = hashlib.sha256()
        for name, tensor in sorted(self.module.state_dict().items()):
            digest.update(f"{name} {tuple(tensor.shape)} {tensor.dtype}\n".encode())
            digest.update(tensor.detach().cpu().contiguous().numpy().tobytes())
        return digest.hexdigest()

    def traced(self, layers):
        """The traced forward pass up to the deepest of the layers, as text: what the network computes, in its order."""
        return self._extractor(tuple(layers)).code

    def _extractor(self, layers):
        """The network cut behind the deepest of the layers; traced once for each choice."""
        if layers not in self._extractors:
            from torchvision.models.feature_extraction import create_feature_extractor  # takes seconds

            self._extractors[layers] = create_feature_extractor(
                self.module,
                {self.nodes[layer]: layer for layer in layers},
                tracer_kwargs={"leaf_modules": [LocalResponseNorm, MeanDifference]},
                suppress_diff_warning=True,
            )
        return self._extractors[layers]

    def _places_last(self, response):
        if response.ndim == 3:  # tokens: N x T x C
            return response.movedim(2, 1).unsqueeze(3)
        return response.movedim(3, 1) if response.ndim == 4 and self.channels_last else response
