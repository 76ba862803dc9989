"""Forward passes: pictures decoded in parallel, one number a unit out. What stands here decides the values."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import numpy as np
import torch

from neuroattr.backbone.evaluation import evaluating
from neuroattr.corpus.faults import printable
from neuroattr.corpus.sources import opened

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
POOLINGS = {  # a map N x C x H x W to N x C; the mean is taken in single precision, where half of one would round
    "max": lambda response: response.amax(dim=tuple(range(2, response.ndim))),
    "mean": lambda response: response.float().mean(dim=tuple(range(2, response.ndim))),
}


def checked_device(device) -> torch.device:
    """`device` as torch names it.

    Raises
    ------
    RuntimeError
        If it is not there; a recording never moves to another one by itself.
    """
    device = torch.device(device)
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not present.get(device.type, False):
        raise RuntimeError(
            f"device {str(device)!r} was asked for, but torch {torch.__version__} finds none on this machine; "
            "pass device='cpu', or install a torch that supports it"
        )
    return device


def prefetched(pool: ThreadPoolExecutor, function: Callable, items: Iterable, *, ahead: int) -> Iterator:
    """``function(item)`` of each item in order, with at most `ahead` results waiting."""
    waiting = deque()
    for item in items:
        waiting.append(pool.submit(function, item))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def prepared_picture(source, preprocess, id: str) -> torch.Tensor | str:
    """The network's input for one picture (3 x H x W), or why it could not be read."""
    try:
        picture = opened(source.image(id), name=id)
    except Exception as fault:  # whatever a source or decoder raises is the fault of this picture
        return printable(f"{type(fault).__name__}: {fault}")
    try:
        return preprocess(picture)
    except (OSError, ValueError) as fault:  # other errors are faults of the program, the same for all pictures
        return f"{type(fault).__name__}: {fault}"


@contextmanager
def placed(module: torch.nn.Module, device: torch.device, precision: str) -> Iterator[None]:
    """The module on `device`, channels-last, in evaluation mode, without gradients; put back as it was afterwards.

    Raises
    ------
    ValueError
        Half precision of a network that is not in single precision, which torch would leave as it is.
    """
    kinds = sorted({str(value.dtype) for value in module.parameters() if value.is_floating_point()} - {"torch.float32"})
    if precision == "bfloat16" and kinds:
        raise ValueError(
            f"precision 'bfloat16' is for networks in torch.float32; this one has weights in {', '.join(kinds)}. Leave "
            "precision at 'float32', which computes in the network's own, or convert it with module.float()"
        )
    exact = torch.backends.cudnn.flags(enabled=torch.backends.cudnn.enabled, benchmark=False, allow_tf32=False)
    half = torch.autocast(device.type, dtype=torch.bfloat16, enabled=precision == "bfloat16")
    with _tensors_kept(module), evaluating(module):
        module.to(device, memory_format=torch.channels_last)
        with torch.inference_mode(), exact, half:
            yield


@contextmanager
def _tensors_kept(module: torch.nn.Module) -> Iterator[None]:
    """Weights, gradients and buffers where and how they lie in memory, put back afterwards: copies would be others."""
    weights = [
        (weight, weight.data, weight.grad, None if weight.grad is None else weight.grad.data)
        for weight in module.parameters()
    ]
    buffers = [(stage, dict(stage._buffers)) for stage in module.modules()]
    try:
        yield
    finally:
        for weight, data, gradient, values in weights:
            if gradient is not None:
                gradient.data = values
            weight.data = data
            weight.grad = gradient  # after both lie on one device again
        for stage, held in buffers:
            stage._buffers.update(held)


def pooled(
    net, pictures: Sequence[torch.Tensor], layers: Sequence[str], device: torch.device, pooling: str
) -> np.ndarray:
    """Each unit's response to each picture, N x U float32: a map's maximum or mean, a dense unit as it is.

    Raises
    ------
    FloatingPointError
        If a layer gives something that is not a finite number.
    """
    batch = torch.stack(list(pictures)).to(device, memory_format=torch.channels_last, non_blocking=True)
    responses, widths = net.responses(batch, layers), net.widths
    columns = []
    for layer in layers:
        response = responses[layer]
        values = response if response.ndim == 2 else POOLINGS[pooling](response)  # N x C
        if values.shape != (len(batch), widths[layer]):
            raise ValueError(
                f"layer {layer!r} should give {widths[layer]} channels for each of {len(batch)} pictures; "
                f"it gave an array of shape {tuple(response.shape)}"
            )
        if not torch.isfinite(values).all():
            raise FloatingPointError(f"layer {layer!r} of {net.name} gave non-finite values; check its weights")
        columns.append(values.float())
    return torch.cat(columns, dim=1).cpu().numpy()  # N x U
