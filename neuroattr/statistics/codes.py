"""Bin codes of activations: which bin of its unit's histogram each value falls into."""

from collections.abc import Callable

import numpy as np
from jaxtyping import Float, Real, UInt

from neuroattr.checks import array, between, one_of, require
from neuroattr.statistics.blocks import in_threads, unit_blocks
from neuroattr.statistics.compilation import Array, compiled

KINDS = ("quantile", "width", "log", "fd")
"""Ways to place the edges; `unit_codes` describes them."""

MOST_BINS = 65536
"""Codes that uint16 can tell apart."""

OCTAVES = 16
"""Doublings that the bins of kind "log" span below the largest magnitude; smaller ones share the innermost bin."""


def unit_codes(
    values: Real[np.ndarray, "N U"], *, bins: int, kind: str = "quantile"
) -> tuple[UInt[np.ndarray, "N U"], Float[np.ndarray, "U E"]]:
    """Bin code of every value and the edges of every unit's bins (U x (bins + 1)).

    Parameters
    ----------
    values
        Activations, images by units.
    bins
        Bins of every unit, at least 2. Codes are uint8 up to 256 bins, uint16 above.
    kind
        ``"quantile"``: exact zeros have a bin of their own, the other values bins of equal count.
        ``"width"``: bins of equal width over [minimum, maximum].
        ``"log"``: exact zeros have a bin of their own, the other values bins of equal ratio, over 16 octaves.
        ``"fd"``: equal width by Freedman and Diaconis, at most `bins`; a unit that needs fewer has empty ones first.

    Returns
    -------
    codes, edges
        ``np.histogram(values[:, u], edges[u])[0]`` equals ``np.bincount(codes[:, u], minlength=bins)`` bit for bit.
        Edges have the precision of `values`, so that no comparison rounds.

    Raises
    ------
    ValueError
        Values that are not finite, fewer than 2 (or more than 65,536) bins, no image, an unknown kind.

    Notes
    -----
    Equation 1 of *Discovery* compares histograms whose edges the paper does not print. A rectified unit is mostly
    exact zeros: without a bin of their own they would swallow several quantiles. Edges are values of the data, so
    tied values are never torn apart; heavy ties repeat an edge and leave the bins between empty. With values on both
    sides of zero, each side has bins in proportion to its values (at least one; with 2 bins there is no room, and
    zero is the lower edge of the upper bin).

    Examples
    --------
    >>> codes, edges = unit_codes(np.array([[0.0], [0.0], [1.0], [2.0], [3.0], [4.0]]), bins=3)
    >>> codes.ravel()
    array([0, 0, 1, 1, 2, 2], dtype=uint8)
    """
    values = _floating(values)
    between(bins, 2, MOST_BINS, name="bins")
    one_of(kind, KINDS, name="kind")
    require(len(values) > 0, "values must hold at least one image to place edges by; got none")
    codes = np.empty(values.shape, _code_type(bins))
    edges = np.empty((values.shape[1], bins + 1), values.dtype)

    def code_block(block: slice) -> None:
        columns = np.ascontiguousarray(values[:, block].T)  # u N: a unit's values side by side
        ordered = np.sort(columns, axis=1)
        if not np.isfinite(ordered[:, [0, -1]]).all():  # NaN sorts last
            check_finite(values)
        for u, column in enumerate(ordered):
            edges[block.start + u] = _edges(column, bins, kind)
        codes[:, block] = _codes(columns, edges[block]).T

    in_threads(code_block, unit_blocks(values.shape[1]))
    return codes, edges


def check_finite(values: Real[np.ndarray, "N U"], *, first_unit: int = 0) -> None:
    """Raise with number and place of what is not finite; `first_unit` is the position of the first column.

    Raises
    ------
    ValueError
        Any NaN or infinity.
    """
    bad = ~np.isfinite(values)
    if not bad.any():
        return
    n_nan = int(np.isnan(values).sum())
    image, unit = np.argwhere(bad)[0]
    raise ValueError(
        f"values must be finite; got {n_nan} NaN and {int(bad.sum()) - n_nan} infinite of {bad.size} values, in "
        f"{bad.any(axis=1).sum()} image(s) and {bad.any(axis=0).sum()} unit(s), the first at image {image}, "
        f"unit {first_unit + unit}. Drop those images or mend their activations first"
    )


def _codes(columns: np.ndarray, edges: np.ndarray) -> np.ndarray:
    """Codes u x N of the columns u x N."""
    codes = np.zeros(columns.shape, _code_type(edges.shape[1] - 1))
    _count_edges(columns, edges, codes)
    return codes


@compiled
def _count_edges(columns: Array, edges: Array, codes: Array) -> None:
    """Add to each code the number of inner edges at or below its value.

    That number is np.histogram's bin: closed below, open above, the last bin closed on both sides. Comparing with
    all edges vectorises; a binary search does not.
    """
    chunk = 1024  # values that stay in the first-level cache while the edges pass by
    for u in range(columns.shape[0]):
        for start in range(0, columns.shape[1], chunk):
            column, code = columns[u, start : start + chunk], codes[u, start : start + chunk]
            for b in range(1, edges.shape[1] - 1):
                edge = edges[u, b]
                for i in range(column.size):
                    code[i] += column[i] >= edge


def _edges(ordered: np.ndarray, bins: int, kind: str) -> np.ndarray:
    """The bins + 1 edges of one unit from its sorted values."""
    if kind == "width":
        return _width_edges(ordered, bins)
    if kind == "fd":
        used = _freedman_diaconis(ordered, bins)
        return np.concatenate([np.full(bins - used, ordered[0]), _width_edges(ordered, used)])
    return _split_edges(ordered, bins, _quantile_edges if kind == "quantile" else _log_edges)


def _split_edges(ordered: np.ndarray, bins: int, rule: Callable[[np.ndarray, int], np.ndarray]) -> np.ndarray:
    """Edges with a bin for exact zero, by `rule` on either side of it."""
    below, through = np.searchsorted(ordered, 0, "left"), np.searchsorted(ordered, 0, "right")
    negative, positive = ordered[:below], ordered[through:]
    zero, next_up = ordered.dtype.type(0), np.nextafter(ordered.dtype.type(0), ordered.dtype.type(1))
    if not negative.size and not positive.size:
        return np.concatenate([[zero], np.full(bins, next_up)])
    if below == through:  # no exact zero
        if not negative.size or not positive.size or rule is _quantile_edges:
            return rule(ordered, bins)
        n_below = _share(negative.size, positive.size, bins)
        return np.concatenate([rule(negative, n_below)[:-1], [zero], rule(positive, bins - n_below)[1:]])
    if not negative.size:
        return np.concatenate([[zero, next_up], rule(positive, bins - 1)[1:]])
    if not positive.size:
        return np.concatenate([rule(negative, bins - 1)[:-1], [zero, zero]])
    if bins == 2:
        return np.array([ordered[0], zero, ordered[-1]])
    n_below = _share(negative.size, positive.size, bins - 1)
    return np.concatenate([rule(negative, n_below)[:-1], [zero, next_up], rule(positive, bins - 1 - n_below)[1:]])


def _share(n_negative: int, n_positive: int, bins: int) -> int:
    """Bins for the negative values: in proportion, at least one for either side."""
    return int(np.clip(round(bins * n_negative / (n_negative + n_positive)), 1, bins - 1))


def _quantile_edges(ordered: np.ndarray, bins: int) -> np.ndarray:
    """Every (n / bins)-th value, and the largest."""
    rank = np.arange(bins + 1) * ordered.size // bins
    return ordered[np.minimum(rank, ordered.size - 1)]


def _width_edges(ordered: np.ndarray, bins: int) -> np.ndarray:
    """Equally spaced from the smallest to the largest value."""
    low, high = float(ordered[0]), float(ordered[-1])
    step = np.linspace(0, 1, bins + 1)
    edges = (low * (1 - step) + high * step).astype(ordered.dtype)  # low + step * (high - low) could overflow
    edges[0], edges[-1] = ordered[0], ordered[-1]
    return np.maximum.accumulate(np.clip(edges, ordered[0], ordered[-1]))


def _log_edges(ordered: np.ndarray, bins: int) -> np.ndarray:
    """Equal ratios of magnitude; all values are on one side of zero."""
    low, high = (float(size) for size in np.sort(np.abs(ordered[[0, -1]])))
    steps = np.linspace(np.log(max(low, high * 2.0**-OCTAVES)), np.log(high), bins + 1)
    with np.errstate(over="ignore"):  # exp(log(x)) of the largest float
        sizes = np.maximum.accumulate(np.clip(np.exp(steps), low, high)).astype(ordered.dtype)
    edges = sizes if ordered[0] > 0 else -sizes[::-1]
    edges[0], edges[-1] = ordered[0], ordered[-1]
    return edges


def _freedman_diaconis(ordered: np.ndarray, most: int) -> int:
    """Number of bins of width 2 IQR / N^(1/3), between 1 and `most`."""
    low, high = np.quantile(ordered.astype(np.float64), [0.25, 0.75])
    width = 2 * (high - low) / ordered.size ** (1 / 3)
    span = float(ordered[-1]) - float(ordered[0])
    return most if span >= width * most else max(1, int(np.ceil(span / width)))


def _code_type(bins: int) -> np.dtype[np.unsignedinteger]:
    return np.dtype(np.uint8 if bins <= 256 else np.uint16)


def _floating(values: np.ndarray) -> np.ndarray:
    """Values as float32 or float64, images by units."""
    values = array(values, name="values", dimensions="images x units")
    if values.dtype in (np.float32, np.float64):
        return values
    return values.astype(np.float32 if values.dtype == np.float16 else np.float64)
