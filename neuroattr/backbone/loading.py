"""A network by its name, with weights checked against it."""

from pathlib import Path

import torch

from neuroattr.backbone.catalogue import ALEXNET_MEAN, entry, state
from neuroattr.backbone.network import Backbone


def load(name, *, weights=None, device="cpu", seed=0):
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


def _licence(found, chosen):
    return found.licence if chosen == found.weights else f"that of {Path(chosen).name}"


def _fill(module, weights, name):
    """Load weights, strictly but for what a file may leave out: batch statistics folded into scale and shift."""
    own = module.state_dict()
    if "mean_bgr" in weights:
        weights = {**weights, "mean.picture": _mean_difference(weights["mean_bgr"], own["mean.picture"])}
        del weights["mean_bgr"]
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


def _shaped(value, wanted, key, name):
    """Old Caffe files keep the weights of dense layers as 1 x 1 x out x in."""
    if value.numel() != wanted.numel():
        raise ValueError(f"wanted {key} of {name} of shape {tuple(wanted.shape)}, got {tuple(value.shape)}")
    return value.reshape(wanted.shape).float() if wanted.is_floating_point() else value


def _mean_difference(picture, like):
    """Centre of a mean picture less the channel means that `Preprocess` subtracts."""
    edge = (picture.shape[-1] - like.shape[-1]) // 2
    centre = picture[:, edge : edge + like.shape[-2], edge : edge + like.shape[-1]].float()
    return centre - torch.tensor(ALEXNET_MEAN)[:, None, None]


def _some(keys):
    return ", ".join(sorted(keys)[:3]) or "none"
