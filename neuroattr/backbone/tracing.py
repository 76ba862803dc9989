"""Networks as graphs: traced in evaluation mode, cut behind named layers, each layer read as it was computed."""

import difflib
import inspect
import math
import operator
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import fx, nn

from neuroattr.backbone.evaluation import attributes_kept, drawn, evaluating, placement
from neuroattr.backbone.normalisation import LocalResponseNorm, MeanDifference

KNOWN = ("torch", "torchvision", "_operator", "operator", "math", "builtins", "_VariableFunctions")
AUGMENTED = ("add", "sub", "mul", "truediv", "floordiv", "mod", "pow")
ONE_AT_A_TIME = threading.RLock()  # of threads: torch's tracer, and hooks, stand in every network's way meanwhile
IN_PLACE = {getattr(operator, f"i{name}") for name in AUGMENTED} | {operator.setitem}


def as_computed(response: Any) -> Any:
    """A response that nothing computed in place later on can change."""
    return response.clone() if isinstance(response, torch.Tensor) else response


def traced(module: nn.Module, nodes: Mapping[str, str], *, name: str) -> tuple[fx.GraphModule, dict[str, fx.Node]]:
    """The network as a graph, and the nodes that give its layers.

    Parameters
    ----------
    module : the network; nothing of it is changed, in whatever mode it is.
    nodes : mapping of layer to the path of a module (what it gives last) or of an operation.
    name : of the network, for errors.

    Returns
    -------
    (fx.GraphModule, dict of layer to node); the graph is whole, and shares the modules of the network.

    Raises
    ------
    ValueError : the network cannot be traced, draws random numbers while it is, or has no such node.
    """
    with ONE_AT_A_TIME:
        whole, paths = _whole(module, name)
    return whole, {layer: _node(paths, path, layer, name) for layer, path in nodes.items()}


def cut(
    whole: fx.GraphModule, ends: Mapping[str, fx.Node], *, read: Callable[[Any], Any] | None = as_computed
) -> fx.GraphModule:
    """The graph made to give only ``ends`` (dict of name to node), without what these do not need.

    What comes before the last of them and changes a value in place stays, because a later step may read that value.

    Parameters
    ----------
    read : how to take each of them down; None for the nodes themselves.
    """
    graph = whole.graph
    order = list(graph.nodes)
    places = {node: place for place, node in enumerate(order)}
    last = max((places[node] for node in ends.values()), default=-1)
    for node in reversed(order[last + 1 :]):
        if node.op != "placeholder":
            graph.erase_node(node)
    given = {}
    for layer, node in ends.items():
        given[layer] = node
        if read is not None:
            with graph.inserting_after(node):
                given[layer] = graph.call_function(read, (node,))
    graph.output(given)
    for node in reversed(list(graph.nodes)):
        if not node.users and node.op not in ("placeholder", "output") and not _in_place(node, whole):
            graph.erase_node(node)
    whole.recompile()
    return whole


def answer(whole: fx.GraphModule) -> fx.Node:
    """The node whose value the network gives.

    Raises
    ------
    ValueError : it gives several values.
    """
    given = next(node for node in whole.graph.nodes if node.op == "output").args[0]
    if not isinstance(given, fx.Node):
        raise ValueError(f"wanted a network that gives one array N x classes, got one that gives {given}")
    return given


def _whole(module: nn.Module, name: str) -> tuple[fx.GraphModule, dict[fx.Node, str]]:
    """The network as a graph, and the path of each node; a second try where random numbers were drawn meanwhile."""
    for _ in range(2):
        tracer = _tracer()
        with evaluating(module), attributes_kept(module), _explained(name):
            graph, again = drawn(partial(tracer.trace, module), placement(module)[0])
            whole = fx.GraphModule(module, graph)  # here, because constants are attributes of the network meanwhile
        if again is None:
            return whole, dict(tracer.node_to_qualname)
    raise ValueError(randomness(name))


def randomness(name: str) -> str:
    """Why a network that draws random numbers cannot be recorded."""
    return (
        f"wanted a network that answers alike whenever it sees the same picture; {name} draws random numbers in "
        "evaluation mode, too. Give its dropout training=self.training (F.dropout drops by default), or use nn.Dropout"
    )


def _tracer() -> Any:
    """torchvision's tracer, whose paths name the nodes; it takes ``x += y`` down as what it is."""
    import torchvision  # takes seconds
    from torchvision.models.feature_extraction import NodePathTracer

    class Tracer(NodePathTracer):  # type: ignore[misc]  # mypy does not read torchvision
        def proxy(self, node: fx.Node) -> fx.Proxy:
            return _Changing(node, self)

    classes = [kind for _, kind in inspect.getmembers(torchvision.ops, inspect.isclass) if issubclass(kind, nn.Module)]
    return Tracer(autowrap_modules=(math, torchvision.ops), leaf_modules=[*classes, LocalResponseNorm, MeanDifference])


class _Changing(fx.Proxy):  # type: ignore[misc]  # mypy does not read torch
    """A value in a network that is traced; torch.fx's own takes ``x += y`` for ``x = x + y``."""

    def __setitem__(self, place: Any, value: Any) -> None:
        self.tracer.create_proxy("call_function", operator.setitem, (self, place, value), {})


def _taken_down(name: str) -> Callable[[Any, Any], fx.Proxy]:
    function = getattr(operator, f"i{name}")

    def changed(self: Any, other: Any) -> fx.Proxy:
        # Named like the sum that torch.fx takes it for, as layers are named.
        return self.tracer.create_proxy("call_function", function, (self, other), {}, name=name)

    return changed


for _name in AUGMENTED:
    setattr(_Changing, f"__i{_name}__", _taken_down(_name))


@contextmanager
def _explained(name: str) -> Iterator[None]:
    try:
        yield
    except (fx.proxy.TraceError, TypeError, NameError) as fault:
        raise ValueError(
            f"wanted a network that torch.fx can trace, but {name} cannot be: {fault}. Its forward must not branch on "
            "the values of a picture, or turn them into numbers; wrap such a function with torch.fx.wrap"
        ) from fault


def _node(paths: Mapping[fx.Node, str], path: str, layer: str, name: str) -> fx.Node:
    """The last node at a path, or inside the module there."""
    depth = path.count(".") + 1
    at = [node for node, found in paths.items() if ".".join(found.split(".")[:depth]) == path]
    if not at:
        known = dict.fromkeys(".".join(found.split(".")[:d]) for found in paths.values() for d in range(1, depth + 2))
        near = difflib.get_close_matches(path, known, n=3, cutoff=0.0)
        raise ValueError(
            f"wanted a module or an operation of {name} as layer {layer!r}, got {path!r}, which it does not run; "
            f"nearest: {', '.join(near) or 'none'}"
        )
    return at[-1]


def _in_place(node: fx.Node, whole: fx.GraphModule) -> bool:
    """Whether a step may change the value that it is given."""
    if node.op == "call_module":
        return any(getattr(stage, "inplace", False) for stage in whole.get_submodule(node.target).modules())
    if node.op == "call_method":
        return node.target.endswith("_") and (not node.target.endswith("__") or node.target == "__setitem__")
    if node.op != "call_function":
        return False
    function = node.target
    if function in IN_PLACE or getattr(function, "__name__", "").endswith("_") or "out" in node.kwargs:
        return True
    foreign = (getattr(function, "__module__", None) or "torch").split(".")[0] not in KNOWN
    return (foreign and function is not as_computed) or _asked_in_place(function, node)


def _asked_in_place(function: Any, node: fx.Node) -> bool:
    if node.kwargs.get("inplace", False):
        return True
    try:
        names = list(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return False
    return "inplace" in names and len(node.args) > names.index("inplace") and bool(node.args[names.index("inplace")])
