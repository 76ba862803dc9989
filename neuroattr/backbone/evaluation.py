"""Looking at a network without changing it: evaluation mode for a while, where it lies, whether it draws at random."""

import random
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
import torch
from torch import nn

_LOCK = threading.RLock()
_HELD: dict[int, list[Any]] = {}  # id of a module -> [how many are looking, its stages that were in training mode]

Found = TypeVar("Found")
Generators = tuple[list[torch.Tensor], Any, tuple[Any, ...]]
"""States of the random numbers of torch, Python and numpy."""


@contextmanager
def evaluating(module: nn.Module) -> Iterator[None]:
    """Every stage of the module in evaluation mode; each gets its own mode back afterwards.

    The modes are set one by one and not by ``eval()``, which a network may have given another meaning, and which
    forgets that some stages were in training mode and others not. Whoever looks last, in whatever thread, puts them
    back.
    """
    with _LOCK:
        held = _HELD.setdefault(id(module), [0, []])
        held[0] += 1
        learning = [stage for stage in module.modules() if stage.training]
        held[1] += learning
        for stage in learning:
            stage.training = False
    try:
        yield
    finally:
        with _LOCK:
            held[0] -= 1
            if not held[0]:
                for stage in _HELD.pop(id(module))[1]:
                    stage.training = True


@contextmanager
def attributes_kept(module: nn.Module) -> Iterator[None]:
    """What the stages hold in their attributes, put back afterwards: tracing runs a network's code on stand-ins."""
    held = [(stage, {name: _copied(value) for name, value in vars(stage).items()}) for stage in module.modules()]
    try:
        yield
    finally:
        for stage, before in held:
            for name in vars(stage).keys() - before.keys():
                del stage.__dict__[name]
            for name, value in before.items():
                now = vars(stage).get(name)
                if type(value) in (dict, list) and type(now) is type(value) and not _alike(now, value):
                    now.clear()
                    now.update(value) if isinstance(now, dict) else now.extend(value)
                elif type(value) not in (dict, list) and now is not value:
                    stage.__dict__[name] = value


def _copied(value: Any) -> Any:
    return value.copy() if type(value) in (dict, list) else value


def _alike(one: Any, other: Any) -> bool:
    if len(one) != len(other):
        return False
    if isinstance(one, dict):
        return all(key in other and other[key] is value for key, value in one.items())
    return all(a is b for a, b in zip(one, other, strict=True))


def placement(module: nn.Module) -> tuple[torch.device, torch.dtype]:
    """Device and floating-point type that a network computes in: those of its first weight, buffer, or torch's own."""
    tensors = [*module.parameters(), *module.buffers()]
    floating = [tensor for tensor in tensors if tensor.is_floating_point()]
    device = (floating or tensors or [torch.empty(0)])[0].device
    return device, floating[0].dtype if floating else torch.float32


def drawn(run: Callable[[], Found], device: torch.device) -> tuple[Found, Found | None]:
    """What ``run()`` gives, and what it gives the next time if it draws random numbers (torch's, numpy's, Python's).

    None where it drew none. The generators are put back to where they were.
    """
    before = _generators(device)
    found = run()
    if _same_generators(before, _generators(device)):
        return found, None
    again = run()
    torch.set_rng_state(before[0][0])
    if len(before[0]) > 1:
        torch.cuda.set_rng_state(before[0][1], device)
    _put_back(*before[1:])
    return found, again


def _same_generators(one: Generators, other: Generators) -> bool:
    return all(torch.equal(a, b) for a, b in zip(one[0], other[0], strict=True)) and one[1:] == other[1:]


def _generators(device: torch.device) -> Generators:
    states = [torch.get_rng_state(), *([torch.cuda.get_rng_state(device)] if device.type == "cuda" else [])]
    state: Any = np.random.get_state()  # noqa: NPY002 - the one that networks may draw from
    name, keys, *rest = state
    return states, random.getstate(), (name, keys.tobytes(), *rest)


def _put_back(python: Any, numpy: Any) -> None:
    random.setstate(python)
    name, keys, *rest = numpy
    np.random.set_state((name, np.frombuffer(keys, np.uint32), *rest))  # noqa: NPY002


def close(one: torch.Tensor, other: torch.Tensor, *, share: float) -> bool:
    """Whether two responses agree but for a share of the largest value; what is not finite must be so in both."""
    one, other = one.detach().double(), other.detach().double()
    if one.shape != other.shape or not torch.equal(one.isfinite(), other.isfinite()):
        return False
    one, other = one.nan_to_num(0, 0, 0), other.nan_to_num(0, 0, 0)
    return bool((one - other).abs().max() <= share * one.abs().max()) if one.numel() else True
