"""Work on many units: block by block, in threads."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numba

Result = TypeVar("Result")

UNITS = 128
"""Units of a block: two cache lines of codes an image, the measured best of 64, 128, 256 and 512."""


def unit_blocks(n_units: int, *, size: int = UNITS) -> list[slice]:
    """Slices that cover `n_units` units in order, `size` at a time."""
    return [slice(start, min(start + size, n_units)) for start in range(0, n_units, size)]


def in_threads(task: Callable[[slice], Result], blocks: list[slice]) -> list[Result]:
    """Results of `task` for every block, in the order of the blocks.

    Threads rather than numba's own: NumPy's sort and the kernels here release the interpreter lock, any thread may
    call them, and they survive a fork, which numba's thread layers do not. As many as numba would use: the cores this
    process may use, or fewer by the environment variable NUMBA_NUM_THREADS.
    """
    threads = min(len(blocks), vars(numba.config)["NUMBA_NUM_THREADS"])
    if threads <= 1:
        return [task(block) for block in blocks]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(task, blocks))
