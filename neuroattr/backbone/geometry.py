"""Receptive fields of the named layers of any network, read off its traced graph."""

import operator
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import fx, nn

from neuroattr.backbone.tracing import as_computed
from neuroattr.receptive import PIXEL, ReceptiveField, grown, joined, whole

WINDOWED = (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d)
# What leaves every unit at its place; torchvision's module by name, because its import takes seconds. Anything unknown
# counts as seeing the whole picture: an upper bound.
POINTWISE_MODULES = (
    nn.ReLU, nn.ReLU6, nn.SiLU, nn.GELU, nn.Hardswish, nn.Hardsigmoid, nn.Sigmoid, nn.Identity, nn.Dropout,
    nn.Dropout2d, nn.BatchNorm2d,
)  # fmt: skip
POINTWISE = {
    operator.add, operator.iadd, operator.mul, operator.imul, torch.add, torch.mul, torch.cat, torch.relu,
    nn.functional.relu, nn.functional.relu6, nn.functional.dropout, nn.functional.batch_norm, nn.functional.hardswish,
    "relu", "contiguous", "relu_", "add", "add_", "mul", as_computed,
}  # fmt: skip
POOLS = (nn.functional.max_pool2d, nn.functional.avg_pool2d, torch.max_pool2d)


def traced_fields(graph_module: fx.GraphModule, side: int) -> dict[str, ReceptiveField]:
    """The receptive field of every node of a traced network: dict of node name to `ReceptiveField`.

    Parameters
    ----------
    graph_module : from ``create_feature_extractor``.
    side : width and height of the input, pixels.

    Notes
    -----
    Where branches meet, a unit sees the union; a field larger than the picture stays as it is, because ``start`` and
    ``stride`` still say where its centre is. Dense layers, attention, global pools and channels
    weighted by one (squeeze and excitation) see the whole picture.
    """
    modules = dict(graph_module.named_modules())
    fields: dict[str, ReceptiveField] = {}
    for node in graph_module.graph.nodes:
        below = [fields[source.name] for source in node.all_input_nodes if source.name in fields]
        if node.op == "placeholder":
            fields[node.name] = PIXEL
        elif below:
            fields[node.name] = _field(node, modules, below, side)
    return fields


def _field(
    node: fx.Node, modules: Mapping[str, nn.Module], below: Sequence[ReceptiveField], side: int
) -> ReceptiveField:
    if len({field.stride for field in below}) != 1:
        return whole(side)
    field = joined(below)
    if node.op == "call_module":
        return _after(modules[node.target], field, side)
    if field != whole(side) and node.target in POOLS:
        return grown(field, *_called_window(node))
    return field if node.target in POINTWISE else whole(side)


def _after(module: nn.Module, field: ReceptiveField, side: int) -> ReceptiveField:
    """The field behind a module; a sequence that the tracer kept in one piece is walked stage by stage."""
    if field == whole(side):
        return field
    if isinstance(module, nn.Sequential):
        for stage in module:
            field = _after(stage, field, side)
        return field
    if isinstance(module, WINDOWED):
        return grown(field, *_window(module))
    named = type(module).__name__ == "StochasticDepth"
    pointwise = named or isinstance(module, POINTWISE_MODULES) or getattr(module, "pointwise", False)
    return field if pointwise else whole(side)


def _window(module: nn.Module) -> list[int]:
    """Kernel, stride, padding, dilation along the longer side of the kernel."""
    sides = [_pair(getattr(module, name, 1)) for name in ("kernel_size", "stride", "padding", "dilation")]
    axis = 0 if sides[0][0] >= sides[0][1] else 1
    return [pair[axis] for pair in sides]


def _called_window(node: fx.Node) -> tuple[int, int, int]:
    named = dict(zip(("input", "kernel_size", "stride", "padding"), node.args, strict=False)) | node.kwargs
    kernel = _pair(named["kernel_size"])[0]
    return kernel, _pair(named.get("stride") or kernel)[0], _pair(named.get("padding", 0))[0]


def _pair(value: Any) -> Any:
    return value if isinstance(value, tuple | list) else (value, value)
