"""The values of a run of pictures: what a recording is made of."""

from collections.abc import Callable, Iterator, Sequence

import torch

from neuroattr.activations import passes
from neuroattr.activations.reductions import Reduction, Values
from neuroattr.backbone import Backbone


def batch_values(
    net: Backbone, reduction: Reduction, ids: Sequence[str], device: torch.device, batch: passes.Batch
) -> Values | None:
    """Values of the readable pictures of a batch, one row each; None where there is no such picture."""
    names = [ids[row] for row in batch.readable]
    return reduction(net, batch.pictures, names, device) if names else None


def chunk_values(
    answered: Iterator[tuple[passes.Batch, Values | None]],
    rows: slice,
    values: Values,
    done: Callable[[int], object],
) -> dict[int, str]:
    """Fill `values` with those of the pictures at `rows`; why some of them could not be read, by position.

    Parameters
    ----------
    answered : batches and their `batch_values`, as `passes.forward` gives them; those that make up `rows` come next.
    values : as many rows as there are pictures, of NaN, which stays for those that could not be read.
    done : called with the number of pictures after each batch.
    """
    faults: dict[int, str] = {}
    reached = rows.start
    while reached < rows.stop:
        batch, found = next(answered)
        if found is not None:
            values[batch.readable - rows.start] = found
        faults |= batch.faults
        reached = batch.rows.stop
        done(len(batch))
    return faults
