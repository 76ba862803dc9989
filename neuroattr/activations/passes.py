"""The one forward loop: pictures decoded ahead in threads, batch by batch through a network that is left as it was."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image

from neuroattr.backbone import Backbone
from neuroattr.backbone.evaluation import evaluating
from neuroattr.corpus.faults import printable
from neuroattr.corpus.sources import opened

PRECISIONS = {"float32": torch.float32, "bfloat16": torch.bfloat16}
POOLINGS = {  # a map N x C x H x W to N x C; the mean is taken in single precision, where half of one would round
    "max": lambda response: response.amax(dim=tuple(range(2, response.ndim))),
    "mean": lambda response: response.float().mean(dim=tuple(range(2, response.ndim))),
}
WORKERS = min(16, os.cpu_count() or 1)  # threads that decode; Pillow leaves the interpreter free while it works
Item = TypeVar("Item")
Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Batch:
    """Consecutive items, as far as they could be prepared.

    Attributes
    ----------
    rows : positions of all of them.
    readable : positions of those that could be prepared, int [n].
    pictures : what the network gets of these, n tensors 3 x H x W.
    faults : what is wrong with the others, by position.
    """

    rows: slice
    readable: npt.NDArray[np.int64]
    pictures: Sequence[torch.Tensor]
    faults: Mapping[int, Any]

    def __len__(self) -> int:
        return int(self.rows.stop - self.rows.start)


def batches(
    pool: ThreadPoolExecutor, prepare: Callable[[Item], Any], items: Sequence[Item], groups: Iterable[slice]
) -> Iterator[Batch]:
    """Items prepared in the threads of `pool`, one `Batch` for each group, at most two groups ahead.

    Parameters
    ----------
    prepare : gives the network's input for an item, 3 x H x W, or whatever says why there is none.
    groups : positions of the items of each batch: `grouped`.
    """
    groups = list(groups)
    wanted = (item for rows in groups for item in items[rows])
    ahead = 2 * max((rows.stop - rows.start for rows in groups), default=0)
    prepared = prefetched(pool, prepare, wanted, ahead=ahead)
    for rows in groups:
        found = dict(zip(range(rows.start, rows.stop), islice(prepared, rows.stop - rows.start), strict=True))
        pictures = {row: each for row, each in found.items() if isinstance(each, torch.Tensor)}
        faults = {row: each for row, each in found.items() if row not in pictures}
        yield Batch(rows, np.array(list(pictures), np.int64), list(pictures.values()), faults)


def grouped(rows: slice, batch: int) -> list[slice]:
    """Consecutive rows, at most `batch` at a time.

    >>> grouped(slice(4, 9), 2)
    [slice(4, 6, None), slice(6, 8, None), slice(8, 9, None)]
    """
    return [slice(start, min(start + batch, rows.stop)) for start in range(rows.start, rows.stop, batch)]


@contextmanager
def forward(
    module: torch.nn.Module,
    items: Iterable[Item],
    answer: Callable[[Item], Answer],
    *,
    device: torch.device,
    precision: str = "float32",
    layout: torch.memory_format = torch.channels_last,
) -> Iterator[Iterator[tuple[Item, Answer]]]:
    """``(item, answer(item))`` of each item, computed when it is asked for, while the network is `placed`.

    Parameters
    ----------
    items : batches, or whatever `answer` makes the network's input of.
    answer : runs the network, without gradients and in evaluation mode.
    device, precision, layout : as `placed` takes them.
    """
    with placed(module, device, precision, layout=layout):
        yield ((item, answer(item)) for item in items)


def checked_device(device: str | torch.device) -> torch.device:
    """`device` as torch names it.

    Raises
    ------
    RuntimeError : if it is not there; a recording never moves to another one by itself.
    """
    device = torch.device(device)
    present = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if not present.get(device.type, False):
        raise RuntimeError(
            f"device {str(device)!r} was asked for, but torch {torch.__version__} finds none on this machine; "
            "pass device='cpu', or install a torch that supports it"
        )
    return device


def prefetched(
    pool: ThreadPoolExecutor, function: Callable[[Item], Answer], items: Iterable[Item], *, ahead: int
) -> Iterator[Answer]:
    """``function(item)`` of each item in order, with at most `ahead` results waiting."""
    waiting: deque[Future[Answer]] = deque()
    for item in items:
        waiting.append(pool.submit(function, item))
        if len(waiting) > ahead:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def prepared_picture(source: Any, preprocess: Callable[[Image.Image], Answer], id: str) -> Answer | str:
    """What `preprocess` makes of one picture of a source, such as the network's input, or why it could not be read."""
    try:
        picture = opened(source.image(id), name=id)
    except Exception as fault:  # whatever a source or decoder raises is the fault of this picture
        return printable(f"{type(fault).__name__}: {fault}")
    try:
        return preprocess(picture)
    except (OSError, ValueError) as fault:  # other errors are faults of the program, the same for all pictures
        return f"{type(fault).__name__}: {fault}"


def picture_digests(pool: ThreadPoolExecutor, source: Any, ids: Iterable[str]) -> list[str]:
    """SHA-256 of each picture's bytes, by which it enters a key; "unreadable" where there are none."""

    def digest(id: str) -> str:
        try:
            return str(source.digest(id))
        except Exception:  # no such file, or no bytes: it will be skipped with its reason
            return "unreadable"

    return list(pool.map(digest, ids))


@contextmanager
def placed(
    module: torch.nn.Module,
    device: torch.device,
    precision: str,
    *,
    layout: torch.memory_format = torch.channels_last,
) -> Iterator[None]:
    """The module on `device`, in evaluation mode, without gradients; put back as it was afterwards.

    Parameters
    ----------
    precision : "float32" for the network's own, or "bfloat16".
    layout : how weights of four dimensions lie meanwhile; ``torch.preserve_format`` for as they are.

    Raises
    ------
    ValueError : half precision of a network that is not in single precision, which torch would leave as it is.
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
        module.to(device, memory_format=layout)
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
    net: Backbone, pictures: Sequence[torch.Tensor], layers: Sequence[str], device: torch.device, pooling: str
) -> npt.NDArray[np.float32]:
    """Each unit's response to each picture, N x U float32: a map's maximum or mean, a dense unit as it is.

    Raises
    ------
    FloatingPointError : if a layer gives something that is not a finite number.
    """
    responses, columns = net.responses(stacked(pictures, device), layers), []
    for layer in layers:
        response = responses[layer]
        values = response if response.ndim == 2 else POOLINGS[pooling](response)  # N x C
        check(values, net, layer, shape=(len(pictures), net.widths[layer]), gave=response)
        columns.append(values.float())
    return np.asarray(torch.cat(columns, dim=1).cpu().numpy())  # N x U


def stacked(pictures: Sequence[torch.Tensor], device: torch.device) -> torch.Tensor:
    """Pictures 3 x H x W as a batch N x 3 x H x W on `device`, channels last in memory."""
    return torch.stack(list(pictures)).to(device, memory_format=torch.channels_last, non_blocking=True)


def check(values: torch.Tensor, net: Backbone, layer: str, *, shape: tuple[int, ...], gave: torch.Tensor) -> None:
    """Raise where the values of a layer that `gave` a response are not N x C..., or not finite."""
    if values.shape != shape:
        raise ValueError(
            f"layer {layer!r} should give {shape[1]} channels for each of {shape[0]} pictures; "
            f"it gave an array of shape {tuple(gave.shape)}"
        )
    if not torch.isfinite(values).all():
        raise FloatingPointError(f"layer {layer!r} of {net.name} gave non-finite values; check its weights")
