"""The values of a run of pictures: what a recording is made of."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch

from neuroattr.activations import passes


@dataclass(frozen=True)
class Pooled:
    """One number a unit: the maximum or mean of its map.

    Parameters
    ----------
    layers, pooling
        As `record` takes them.
    """

    layers: tuple[str, ...]
    pooling: str

    def __call__(self, net, pictures: Sequence[torch.Tensor], ids: Sequence[str], device: torch.device) -> np.ndarray:
        """Values of some pictures, N x U float32."""
        return passes.pooled(net, pictures, self.layers, device, self.pooling)


def batch_values(
    net, reduction: Callable, ids: Sequence[str], device: torch.device, batch: passes.Batch
) -> np.ndarray | None:
    """Values of the readable pictures of a batch, one row each; None where there is no such picture."""
    names = [ids[row] for row in batch.readable]
    return reduction(net, batch.pictures, names, device) if names else None


def chunk_values(
    answered: Iterator[tuple[passes.Batch, np.ndarray | None]], rows: slice, values: np.ndarray, done: Callable
) -> dict[int, str]:
    """Fill `values` with those of the pictures at `rows`; why some of them could not be read, by position.

    Parameters
    ----------
    answered
        Batches and their `batch_values`, as `passes.forward` gives them; those that make up `rows` come next.
    values
        As many rows as there are pictures, of NaN, which stays for those that could not be read.
    done
        Called with the number of pictures after each batch.
    """
    faults, reached = {}, rows.start
    while reached < rows.stop:
        batch, found = next(answered)
        if found is not None:
            values[batch.readable - rows.start] = found
        faults |= batch.faults
        reached = batch.rows.stop
        done(len(batch))
    return faults
