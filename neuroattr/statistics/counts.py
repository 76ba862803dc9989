"""Histogram counts word x unit x bin: integers, mergeable by addition in any order."""

from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse
from jaxtyping import Float, Int64, Integer, UInt

from neuroattr.checks import array, mentioned, plain, require
from neuroattr.statistics.blocks import UNITS, in_threads, unit_blocks
from neuroattr.statistics.compilation import Array, compiled

COMPARED = 64
"""Most bins for which comparing a row of codes with every bin beats looking one table entry up per code (measured)."""

IMAGES = 16384
"""Images of a pass: their codes of one block of units (2 MB) stay near the core while all words read them."""


def word_counts(codes: Integer[np.ndarray, "N U"], mentions: Any, *, bins: int) -> Int64[np.ndarray, "W U B"]:
    """Number of images by word, unit and bin: those that have the word and whose unit falls into the bin.

    Parameters
    ----------
    codes
        Bin codes below `bins`, images by units.
    mentions
        Images by words, a scipy sparse array or matrix or an array; whatever is not zero is a mention.
    bins
        Bins of every unit.

    Raises
    ------
    ValueError
        Another number of images in `mentions` than in `codes`, codes outside ``0 .. bins - 1``.

    Notes
    -----
    ``C[w, u, b] = sum_i mentions[i, w] [codes[i, u] = b]``, the histograms of equation 1 of *Discovery* before they
    are normalised. Negatives need no second pass: ``totals - C``. The result takes 8 W U B bytes (612 MB for 250
    words, 9,568 units, 32 bins); `neuroattr.discovery.unit_scores` goes by blocks of units and never holds it.

    Examples
    --------
    >>> codes = np.array([[0], [1], [1], [2]], np.uint8)
    >>> word_counts(codes, np.array([[True], [True], [True], [False]]), bins=3)
    array([[[1, 2, 0]]])
    """
    codes = plain(codes, name="codes")
    _check_codes(codes, bins)
    images, starts = _mention_lists(mentions, n_images=len(codes))
    passes = range(0, len(codes), IMAGES)
    cuts = _cuts(images, starts, [*passes, len(codes)])
    counts = np.zeros((len(starts) - 1, codes.shape[1], bins), np.int64)
    ones = np.ones(len(images))

    def count_block(block: slice) -> None:
        if bins > COMPARED:
            counts[:, block] = weighted_counts(codes[:, block], images, ones, starts, bins=bins)
            return
        for start, first, last in zip(passes, cuts[:-1], cuts[1:], strict=True):
            near = _padded(codes[start : start + IMAGES, block])
            _count_by_comparing(near, images, first, last, start, counts, block.start)

    in_threads(count_block, unit_blocks(codes.shape[1]))
    return counts


def weighted_counts(
    codes: UInt[np.ndarray, "N U"], images: np.ndarray, weights: np.ndarray, starts: np.ndarray, *, bins: int
) -> Float[np.ndarray, "W U B"]:
    """Sum of the weights of the images of each word that fall into each bin of each unit.

    Parameters
    ----------
    codes
        Bin codes below `bins`, images by units.
    images, weights, starts
        Positions of the images of word w are ``images[starts[w]:starts[w + 1]]``, and so their weights: the arrays
        ``indices``, ``data`` and ``indptr`` of a sparse CSC matrix images x words.
    bins
        Bins of every unit.

    Raises
    ------
    ValueError
        Lists that do not fit each other or the images, codes beyond `bins`.

    Notes
    -----
    With weights of one the same as `word_counts`, which is several times faster for few bins.

    Examples
    --------
    >>> codes = np.array([[0], [1], [1]], np.uint8)
    >>> weighted_counts(codes, np.array([0, 1, 2]), np.array([0.5, 1.0, 2.0]), np.array([0, 3]), bins=2)
    array([[[0.5, 3. ]]])
    """
    codes = array(codes, name="codes", dimensions="images x units")
    images, starts = np.asarray(images, np.int64), np.asarray(starts, np.int64)
    require(
        len(images) == len(weights) == starts[-1] and starts[0] == 0 and (np.diff(starts) >= 0).all(),
        f"starts must rise from 0 to the {len(images)} images and {len(weights)} weights; "
        f"got {starts[0]} to {starts[-1]}",
    )
    inside = images.size == 0 or (images.min() >= 0 and images.max() < len(codes))
    require(inside, f"images must be positions of the {len(codes)} rows of codes")
    require(codes.size == 0 or codes.max() < bins, f"codes must lie in 0 .. {bins - 1}: pass the same bins")
    counts = np.empty((len(starts) - 1, codes.shape[1], bins))
    _add_weights(np.ascontiguousarray(codes.T), images, np.asarray(weights, np.float64), starts, counts)
    return counts


@compiled
def _count_by_comparing(
    near: Array, images: Array, first: Array, last: Array, offset: int, counts: Array, unit: int, units: int = UNITS
) -> None:
    """Add the counts of `units` units at once: each image's row of codes is compared with every bin.

    A comparison of 64 codes is one AVX-512 instruction, so 32 bins cost half an instruction a code, whatever the
    codes are; a table costs a dependent load and store each, and stalls where one bin (exact zero) takes most. Four
    images share each load and store of the accumulators, which are bytes and so emptied every 252 images. The loops
    are vectors because the compiler knows `units`: a default is part of the signature, a value passed is not.
    """
    if near.shape[1] != units:
        raise ValueError("rows of codes have another width than the kernel was compiled for: import it again")
    n_units, bins, blank = min(units, counts.shape[1] - unit), counts.shape[2], near.shape[0] - 1
    narrow = np.zeros((bins, units), np.uint8)
    wide = np.zeros((bins, units), np.int32)
    for w in range(first.size):
        wide[:] = 0
        for start in range(first[w], last[w], 252):
            stop = min(start + 252, last[w])
            narrow[:] = 0
            for k in range(start, stop, 4):
                row0 = near[images[k] - offset]
                row1 = near[images[k + 1] - offset if k + 1 < stop else blank]
                row2 = near[images[k + 2] - offset if k + 2 < stop else blank]
                row3 = near[images[k + 3] - offset if k + 3 < stop else blank]
                for b in range(bins):
                    code = np.uint8(b)
                    for u in range(units):
                        narrow[b, u] += (
                            np.uint8(row0[u] == code)
                            + np.uint8(row1[u] == code)
                            + np.uint8(row2[u] == code)
                            + np.uint8(row3[u] == code)
                        )
            for b in range(bins):
                for u in range(units):
                    wide[b, u] += narrow[b, u]
        for u in range(n_units):
            for b in range(bins):
                counts[w, unit + u, b] += wide[b, u]


@compiled
def _add_weights(columns: Array, images: Array, weights: Array, starts: Array, counts: Array) -> None:
    """Fill the counts, one unit at a time; four tables in turn, so that two images of one bin need not wait."""
    table = np.zeros((4, counts.shape[2]))
    for u in range(columns.shape[0]):
        column = columns[u]
        for w in range(starts.size - 1):
            table[:] = 0
            first, last = starts[w], starts[w + 1]
            whole = last - (last - first) % 4
            for k in range(first, whole, 4):
                table[0, column[images[k]]] += weights[k]
                table[1, column[images[k + 1]]] += weights[k + 1]
                table[2, column[images[k + 2]]] += weights[k + 2]
                table[3, column[images[k + 3]]] += weights[k + 3]
            for k in range(whole, last):
                table[0, column[images[k]]] += weights[k]
            for b in range(table.shape[1]):
                counts[w, u, b] = table[0, b] + table[1, b] + table[2, b] + table[3, b]


def _padded(codes: np.ndarray) -> np.ndarray:
    """Codes of one block as n + 1 rows of UNITS bytes; 255 (a code of no bin) fills what is missing."""
    rows = np.full((len(codes) + 1, UNITS), 255, np.uint8)
    rows[:-1, : codes.shape[1]] = codes
    return rows


def _mention_lists(mentions: Any, *, n_images: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions of each word's images in rising order, end to end, and where each word starts."""
    mentions = mentioned(mentions)
    if mentions.ndim != 2 or mentions.shape[0] != n_images:
        raise ValueError(f"mentions must be images x words with {n_images} images like codes; got {mentions.shape}")
    # Through bool and a copy: duplicates merge, zeros that were stored go, the caller's matrix stays as it is.
    mentions = scipy.sparse.csc_array(mentions != 0 if isinstance(mentions, np.ndarray) else mentions.astype(bool))
    mentions.sum_duplicates()
    mentions.eliminate_zeros()
    return mentions.indices.astype(np.int64), mentions.indptr.astype(np.int64)


def _cuts(images: np.ndarray, starts: np.ndarray, edges: list[int]) -> np.ndarray:
    """Where each word's list passes each of the image positions `edges` (edges x words)."""
    cuts = np.empty((len(edges), len(starts) - 1), np.int64)
    for w, (start, stop) in enumerate(pairwise(starts)):
        cuts[:, w] = start + np.searchsorted(images[start:stop], edges)
    return cuts


def _check_codes(codes: np.ndarray, bins: int) -> None:
    array(codes, name="codes", dimensions="images x units")
    if codes.dtype.kind not in "ui":
        raise TypeError(f"codes must be integers, as unit_codes returns them; got dtype {codes.dtype}")
    if codes.size and (codes.max() >= bins or codes.min() < 0):
        raise ValueError(f"codes must lie in 0 .. {bins - 1}; got {codes.min()} .. {codes.max()}: pass the same bins")
