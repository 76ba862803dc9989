"""A network in sequence: windows (convolution, pooling) with what follows at the same place, then dense layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import torch
from torch import fx, nn
from torch.nn import functional as F

from neuroattr.backbone import Backbone, tracing
from neuroattr.backbone.geometry import POINTWISE, POINTWISE_MODULES
from neuroattr.backbone.normalisation import MeanDifference
from neuroattr.backbone.tracing import as_computed
from neuroattr.receptive import PIXEL, ReceptiveField, grown

Call = Callable[[torch.Tensor], torch.Tensor]


@dataclass(frozen=True)
class Stage:
    """A window that slides over a map, and what is done to each of its answers at its place.

    Attributes
    ----------
    whole : the window over a whole map, with the padding of the network.
    inner : the window over a map that is padded already.
    field : what a unit sees of the map below, in cells of that map.
    padding : cells around the map below.
    fill : what stands in them.
    then : what follows at each place: rectifier, normalisation across channels.
    layers : names that the outcome has.
    """

    whole: Call
    inner: Call
    field: ReceptiveField
    padding: int
    fill: float
    then: tuple[Call, ...] = ()
    layers: tuple[str, ...] = ()


@dataclass(frozen=True)
class LayerSequence:
    """A network cut behind the deepest layer asked for.

    Attributes
    ----------
    before : what happens at each pixel of the picture first (the mean picture of Caffe).
    stages : windows, from the picture upwards.
    rest : everything from the first step that sees the whole map (dense layers): the step, and the names of its
        outcome.
    """

    before: tuple[Call, ...]
    stages: tuple[Stage, ...]
    rest: tuple[tuple[Call, tuple[str, ...]], ...]


def layer_sequence(net: Backbone, layers: tuple[str, ...]) -> LayerSequence:
    """The network up to the deepest of `layers`.

    Raises
    ------
    ValueError : a network with branches, or a layer before the first window.
    """
    whole, ends = tracing.traced(net.module, {layer: net.nodes[layer] for layer in layers}, name=net.name)
    traced = tracing.cut(whole, ends, read=None)
    modules, named = dict(traced.named_modules()), _names(traced)
    before: list[Call] = []
    stages: list[Stage] = []
    rest: list[tuple[Call, tuple[str, ...]]] = []
    for node in _line(traced, net.name):
        step, names = _call(node, modules), named.get(node.name, ())
        stage = None if rest else _window(node, modules)
        if stage is not None:
            stages.append(replace(stage, layers=names))
        elif not rest and _pointwise(node, modules, first=not stages):
            if stages and stages[-1].layers:  # a layer is read before what follows it changes it
                stages.append(_stage(as_computed, as_computed, 1))
            if stages:
                stages[-1] = replace(stages[-1], then=(*stages[-1].then, step), layers=names)
            elif not names:
                before.append(step)
            else:
                raise ValueError(
                    f"wanted layers of {net.name} behind its first convolution or pooling; {', '.join(names)} comes "
                    "before it: use method='plain'"
                )
        else:
            rest.append((step, names))
    return LayerSequence(tuple(before), tuple(stages), tuple(rest))


def _line(traced: fx.GraphModule, name: str) -> list[fx.Node]:
    """Nodes between picture and answer, each of which takes the one before it."""
    steps = [node for node in traced.graph.nodes if node.op not in ("placeholder", "output")]
    last = next(node for node in traced.graph.nodes if node.op == "placeholder")
    for node in steps:
        if node.all_input_nodes != [last]:
            raise ValueError(
                f"incremental occlusion wants a network whose layers follow one another; {name} has branches at "
                f"{node.name}: use method='plain'"
            )
        last = node
    return steps


def _names(traced: fx.GraphModule) -> dict[str, tuple[str, ...]]:
    """Layers by the name of their node."""
    named: dict[str, tuple[str, ...]] = {}
    for layer, node in next(node for node in traced.graph.nodes if node.op == "output").args[0].items():
        named[node.name] = (*named.get(node.name, ()), layer)
    return named


def _call(node: fx.Node, modules: dict[str, nn.Module]) -> Call:
    if node.op == "call_module":
        module: Call = modules[node.target]
        return module

    def step(values: torch.Tensor) -> torch.Tensor:
        args, kwargs = fx.node.map_arg((node.args, node.kwargs), lambda _: values)
        if node.op == "call_method":
            return getattr(args[0], node.target)(*args[1:], **kwargs)
        return node.target(*args, **kwargs)

    return step


def _pointwise(node: fx.Node, modules: dict[str, nn.Module], *, first: bool) -> bool:
    if node.op != "call_module":
        return node.target in POINTWISE
    module = modules[node.target]
    if isinstance(module, MeanDifference):  # at its place, but not alike at all places
        return first
    return isinstance(module, POINTWISE_MODULES) or getattr(module, "pointwise", False)


def _window(node: fx.Node, modules: dict[str, nn.Module]) -> Stage | None:
    """The stage of a convolution or pooling that is the same along rows and columns, else None."""
    module = modules.get(node.target) if node.op == "call_module" else None
    if isinstance(module, nn.Conv2d) and module.padding_mode == "zeros" and not isinstance(module.padding, str):
        shape = _square(module, "kernel_size", "stride", "padding", "dilation")
        return _stage(module, partial(_convolved, module), *shape) if shape else None
    if isinstance(module, nn.MaxPool2d):
        shape = _square(module, "kernel_size", "stride", "padding", "dilation")
        inner = partial(F.max_pool2d, kernel_size=shape[0], stride=shape[1], dilation=shape[3]) if shape else None
        return _stage(module, inner, *shape, fill=-torch.inf) if inner else None
    if isinstance(module, nn.AvgPool2d) and not module.ceil_mode and module.divisor_override is None:
        shape = _square(module, "kernel_size", "stride", "padding")
        if shape and (shape[2] == 0 or module.count_include_pad):
            return _stage(module, partial(F.avg_pool2d, kernel_size=shape[0], stride=shape[1]), *shape)
    return None


def _convolved(module: nn.Conv2d, maps: torch.Tensor) -> torch.Tensor:
    return F.conv2d(maps, module.weight, module.bias, module.stride, 0, module.dilation, module.groups)


def _square(module: nn.Module, *names: str) -> tuple[int, ...]:
    """These settings of a window; none where rows and columns differ."""
    pairs = [value if isinstance(value, tuple) else (value, value) for value in (getattr(module, n) for n in names)]
    return tuple(pair[0] for pair in pairs) if all(pair[0] == pair[1] for pair in pairs) else ()


def _stage(
    whole: Call, inner: Call, kernel: int, stride: int = 1, padding: int = 0, dilation: int = 1, *, fill: float = 0.0
) -> Stage:
    return Stage(whole, inner, grown(PIXEL, kernel, stride, padding, dilation), padding, fill)
