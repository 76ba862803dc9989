"""The network to be tuned: a copy with a new last layer, what of it learns, and what can be computed once."""

import copy
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from neuroattr.backbone import Backbone, structure
from neuroattr.backbone.evaluation import placement
from neuroattr.backbone.tracing import ONE_AT_A_TIME


def with_head(net: Backbone, biases: npt.NDArray[np.floating], *, seed: int) -> tuple[nn.Module, str]:
    """A copy of the network, in single precision and evaluation mode, whose last dense layer is new, and its name.

    Parameters
    ----------
    net : stays as it is.
    biases : of the new layer, one a label. Its weights are drawn from a normal distribution of sd 0.01, as Caffe's.
    seed : of the weights.

    Raises
    ------
    ValueError : the network's answers do not come straight from a dense layer.
    """
    with ONE_AT_A_TIME:  # else a copy would take along the hooks of another thread that looks
        module = copy.deepcopy(net.module).float().eval()
        name = _last_dense(net)
    old = module.get_submodule(name)
    new = nn.Linear(old.in_features, len(biases), device=old.weight.device)
    with torch.no_grad():
        new.weight.copy_(torch.randn(new.weight.shape, generator=torch.Generator().manual_seed(seed)) * 0.01)
        new.bias.copy_(torch.as_tensor(biases, dtype=torch.float32))
    parent, _, leaf = name.rpartition(".")
    setattr(module.get_submodule(parent), leaf, new)
    return module, name


def tuned_backbone(net: Backbone, module: nn.Module, *, task: str, title: str, corpus: str) -> Backbone:
    """The tuned module as a `Backbone` with the named layers and the preprocessing of ``net``."""
    return Backbone(
        module.eval().requires_grad_(False),
        name=f"{net.name}+{task}",
        title=f"{net.title}, {title}",
        nodes=net.nodes,
        preprocess=net.preprocess,
        licence=f"{net.licence}; tuned here on {corpus}",
        channels_last=net.channels_last,
        published=net.published,
    )


def freeze(net: Backbone, module: nn.Module, layers: Sequence[str]) -> None:
    """Let all parameters of the module learn but those that the named layers depend on.

    Raises
    ------
    ValueError : unknown layers.
    """
    unknown = [layer for layer in layers if layer not in net.layers]
    if unknown:
        raise ValueError(f"wanted frozen layers of {net.name} out of {', '.join(net.layers)}; got {', '.join(unknown)}")
    module.requires_grad_(True)
    if layers:
        for parameter in _below(net, module, layers):
            parameter.requires_grad_(False)


def divided(net: Backbone, module: nn.Module, layers: Sequence[str]) -> tuple[nn.Module | None, nn.Module]:
    """The frozen beginning (None where it cannot be cut off) and the rest of the module, which learns.

    Only networks in sequence (the CaffeNet family) are cut; of others the frozen beginning is computed every time. What
    follows without weights, a pooling say, is computed once as well.
    """
    names = [name for name, _ in module.named_children()]
    places = [net.nodes[layer] for layer in layers]
    if not places or not isinstance(module, nn.Sequential) or not set(places) <= set(names):
        return None, module
    cut = 1 + max(names.index(place) for place in places)
    while not (isinstance(module[cut], nn.Dropout) or any(True for _ in module[cut].parameters())):
        cut += 1
    return module[:cut], module[cut:]


def _below(net: Backbone, module: nn.Module, layers: Sequence[str]) -> list[nn.Parameter]:
    """Parameters of the module that the layers' responses depend on: those that get a gradient from them."""
    probe = tuned_backbone(net, module, task="", title="", corpus="")
    module.requires_grad_(True)
    blank = _blank_picture(net).float().requires_grad_()
    with torch.enable_grad():
        total = sum(response.float().sum() for response in probe.responses(blank, layers).values())
    gradients = torch.autograd.grad(total, list(module.parameters()), allow_unused=True)
    return [p for p, gradient in zip(module.parameters(), gradients, strict=True) if gradient is not None]


def _last_dense(net: Backbone) -> str:
    """Name of the dense layer whose output the network gives."""
    outputs: list[tuple[str, tuple[int, int | None]]] = []  # of two passes where another thread draws random numbers
    hooks = []
    for name, stage in net.module.named_modules():
        if isinstance(stage, nn.Linear):
            look = structure.looking(lambda _, __, out, name=name: outputs.append((name, _version(out))))
            hooks.append(stage.register_forward_hook(look))
    try:
        with torch.no_grad():
            logits = net.logits(_blank_picture(net))
    finally:
        for hook in hooks:
            hook.remove()
    last = next((name for name, version in reversed(outputs) if version == _version(logits)), None)
    if last is None:
        raise ValueError(
            f"{net.name} has no dense layer (nn.Linear) that gives its answers, so there is none to replace; tune "
            "another network, or put a dense layer behind its pooled features"
        )
    return last


def _version(array: torch.Tensor) -> tuple[int, int | None]:
    """An array by identity and version: a rectifier in place gives the same one, changed once more."""
    return id(array), None if array.is_inference() else array._version


def _blank_picture(net: Backbone) -> torch.Tensor:
    device, dtype = placement(net.module)
    return torch.zeros(1, 3, net.preprocess.crop, net.preprocess.crop, device=device, dtype=dtype)
