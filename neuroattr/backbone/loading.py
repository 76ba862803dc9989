"""A network by its name, with weights checked against it."""

from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import nn

from neuroattr.backbone.catalogue import ALEXNET_MEAN, Entry, entry, state
from neuroattr.backbone.network import Backbone


def load(
    name: str, *, weights: str | Path | None = None, device: str | torch.device = "cpu", seed: int = 0
) -> Backbone:
    """A network with named layers.

    Parameters
    ----------
    name : one of `backbone.names()`: caffenet-mini, caffenet, alexnet_bvlc, googlenet_bvlc, squeezenet1_1,
        resnet50_pqf, or any classifier of ``torchvision.models``.
    weights : None for the default of that name, "random", "published" (torchvision's), a path (.safetensors,
        .caffemodel, .pt, .pth), or the name of an asset.
    device : where to put it, as torch names it.
    seed : of random weights.

    Raises
    ------
    ValueError : unknown name, no default weights, or weights of another network.
    assets.MissingAsset : the weights are an asset that is not at hand.
    ConnectionError : torchvision's weights cannot be reached.

    Examples
    --------
    >>> load("caffenet-mini", weights="random").layers
    ('norm1', 'norm2', 'conv3', 'conv4', 'pool5', 'fc6', 'fc7')
    """
    found = entry(name)
    chosen = found.weights if weights is None else weights
    module = found.build(seed)
    if chosen != "random":
        _fill(module, state(name, chosen), name)
    title = found.titles.get(chosen, found.title) if isinstance(chosen, str) else found.title
    return Backbone(
        module.to(device).eval().requires_grad_(False),
        name=name,
        title=f"{title} with random weights" if chosen == "random" else title,
        nodes=found.nodes(module),
        preprocess=found.preprocess,
        licence="none: random weights" if chosen == "random" else _licence(found, chosen),
        channels_last=found.channels_last,
        published=True,
    )


def _licence(found: Entry, chosen: str | Path | None) -> str:
    return found.licence if chosen == found.weights else f"that of {Path(str(chosen)).name}"


def _fill(module: nn.Module, weights: Mapping[str, torch.Tensor], name: str) -> None:
    """Load weights, strictly but for what a file may leave out: batch statistics folded into scale and shift."""
    own = module.state_dict()
    if "mean_bgr" in weights:
        picture = _mean_difference(weights["mean_bgr"], own["mean.picture"])
        weights = {key: value for key, value in weights.items() if key != "mean_bgr"} | {"mean.picture": picture}
    optional = {
        key for key in own if key.endswith(("running_mean", "running_var", "num_batches_tracked", "mean.picture"))
    }
    missing, foreign = set(own) - set(weights) - optional, set(weights) - set(own)
    if missing or foreign:
        raise ValueError(
            f"wanted the weights of {name}, got those of another network: {len(missing)} missing "
            f"({_some(missing)}), {len(foreign)} unknown ({_some(foreign)})"
        )
    shaped = {key: _shaped(value, own[key], key, name) for key, value in weights.items()}
    module.load_state_dict(own | shaped)


def _shaped(value: torch.Tensor, wanted: torch.Tensor, key: str, name: str) -> torch.Tensor:
    """Old Caffe files keep the weights of dense layers as 1 x 1 x out x in."""
    if value.numel() != wanted.numel():
        raise ValueError(f"wanted {key} of {name} of shape {tuple(wanted.shape)}, got {tuple(value.shape)}")
    return value.reshape(wanted.shape).float() if wanted.is_floating_point() else value


def _mean_difference(picture: torch.Tensor, like: torch.Tensor) -> torch.Tensor:
    """Centre of a mean picture less the channel means that `Preprocess` subtracts."""
    edge = (picture.shape[-1] - like.shape[-1]) // 2
    centre = picture[:, edge : edge + like.shape[-2], edge : edge + like.shape[-1]].float()
    return centre - torch.tensor(ALEXNET_MEAN)[:, None, None]


def _some(keys: Iterable[str]) -> str:
    return ", ".join(sorted(keys)[:3]) or "none"
