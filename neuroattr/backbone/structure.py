"""What decides a network's answers: its tensors, byte by byte, and the settings of its stages, in words."""

import hashlib
import threading
from collections.abc import Callable, Iterable
from typing import Any

import torch
from torch import nn
from torch.nn.parameter import is_lazy

PLAIN = (bool, int, float, complex, str, bytes, type(None), torch.dtype, torch.device)
_LOOKING = "_neuroattr_looking"
Standing = tuple[list[Any], list[Any]]
"""Settings to compare, and objects to compare by identity."""


def tensors(module: nn.Module) -> list[tuple[str, Any]]:
    """All tensors that decide what a network answers, by name, sorted.

    Those of its state dict, buffers that are not saved with it, and tensors kept as plain attributes.
    """
    found = dict(module.state_dict())
    for name, buffer in module.named_buffers(remove_duplicate=False):
        found.setdefault(name, buffer)
    for path, stage in module.named_modules(remove_duplicate=False):
        for name, value in _own(stage):
            if isinstance(value, torch.Tensor):
                found.setdefault(f"{path}.{name}".strip("."), value)
    return sorted(found.items(), key=lambda item: item[0])


def contents(name: str, value: Any) -> tuple[bytes, bytes]:
    """Name, shape, type and bytes of a tensor; what a state dict holds besides tensors in words."""
    if not isinstance(value, torch.Tensor):
        if not is_plain(value):
            raise TypeError(
                f"wanted tensors, numbers or text as the state of a network, got {type(value).__name__} as {name!r}: "
                "two of them could not be told apart. Keep it in a buffer"
            )
        return f"{name} {value!r}\n".encode(), b""
    plain = value.detach().cpu()
    if plain.is_quantized:
        name, plain = f"{name} {value.q_scale()} {value.q_zero_point()}", plain.int_repr()
    if plain.layout != torch.strided:
        plain = plain.to_dense()
    whole = plain.resolve_conj().resolve_neg().contiguous()
    # By bytes: numpy has no bfloat16.
    values = whole.reshape(-1).view(torch.uint8).numpy().tobytes()
    return f"{name} {tuple(whole.shape)} {whole.dtype}\n".encode(), values


def described(module: nn.Module) -> str:
    """Every stage with its type and settings, one a line: what weights alone do not tell, such as a stride."""
    lines = []
    for path, stage in module.named_modules(remove_duplicate=False):
        lines.append(f"{path}: {type(stage).__module__}.{type(stage).__qualname__} {_settings(stage)}")
        lines.extend(f"{path}: hook {_function(hook)}" for hook in _hooks(stage))
    return "\n".join(lines)


def standing(module: nn.Module) -> Standing:
    """A network as it stands.

    Changes with every stage or tensor that is replaced, and every setting that is changed; not with the values of
    tensors, which stages are asked for each time.
    """
    settings: list[Any] = []
    objects: list[Any] = []
    for path, stage in module.named_modules(remove_duplicate=False):
        settings.append((path, type(stage), _settings(stage)))
        objects.append(stage)
        for held in (stage._parameters, stage._buffers):
            settings.append(tuple(held))
            objects.extend(held.values())
        objects.extend(value for _, value in _own(stage) if callable(value) or isinstance(value, torch.Tensor))
        if stage._modules:  # those of single stages run at every pass; those around several are traced
            objects.extend(_hooks(stage))
    return settings, objects


def same(one: Standing | None, other: Standing) -> bool:
    """Whether a network stands as it did."""
    return (
        one is not None
        and one[0] == other[0]
        and len(one[1]) == len(other[1])
        and all(a is b for a, b in zip(one[1], other[1], strict=True))
    )


def check_initialised(module: nn.Module, name: str) -> None:
    """Raise ValueError where weights have no values yet."""
    empty = [path for path, value in module.named_parameters() if is_lazy(value) or value.is_meta]
    if empty:
        raise ValueError(
            f"wanted a network whose weights have values; {len(empty)} of {name} have none ({', '.join(empty[:3])}): "
            "load them, or show a lazy network one picture first"
        )


def is_plain(value: Any) -> bool:
    """Whether a value is numbers and text, or lists, tuples and dicts of them."""
    if isinstance(value, list | tuple | set | frozenset):
        return all(map(is_plain, value))
    if isinstance(value, dict):
        return all(is_plain(key) and is_plain(entry) for key, entry in value.items())
    return isinstance(value, PLAIN)


def looking(hook: Callable[..., None]) -> Callable[..., None]:
    """A hook that changes nothing, for passes of this thread: to whoever describes the network, it is not there."""
    thread = threading.get_ident()

    def look(*given: Any) -> None:
        if threading.get_ident() == thread:
            hook(*given)

    look.__dict__[_LOOKING] = True
    return look


def _hooks(stage: nn.Module) -> list[Callable[..., Any]]:
    hooks = [*stage._forward_pre_hooks.values(), *stage._forward_hooks.values()]
    return [hook for hook in hooks if not hasattr(hook, _LOOKING)]


def _function(function: Any) -> str:
    """A function by its name, its code and what it holds; other objects by their type and settings."""
    code = getattr(function, "__code__", None)
    if code is None:
        return f"{type(function).__qualname__} {_settings(function) if hasattr(function, '__dict__') else ''}"
    held = [cell.cell_contents for cell in function.__closure__ or ()] + list(function.__defaults__ or ())
    plain = [value for value in (*code.co_consts, *held) if is_plain(value)]
    arrays = [hashlib.sha256(b"".join(contents("", each))).hexdigest() for each in held if torch.is_tensor(each)]
    return f"{function.__qualname__} {code.co_code.hex()} {code.co_names} {plain!r} {arrays}"


def _own(stage: nn.Module) -> Iterable[tuple[str, Any]]:
    """Plain attributes of a stage; not those of torch's own, where they are made of the weights at every pass."""
    return [] if type(stage).__module__.startswith("torch.nn") else vars(stage).items()


def _settings(stage: Any) -> str:
    found = {
        name: value
        for name, value in vars(stage).items()
        if name != "training" and not name.startswith("_") and is_plain(value)
    }
    return ", ".join(f"{name}={found[name]!r}" for name in sorted(found))
