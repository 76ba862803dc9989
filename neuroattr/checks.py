"""Small checks of input that the core shares. Each says what was wanted, what came, and what to do."""

from collections.abc import Collection, Iterable, Sized
from typing import Any

import numpy as np
import scipy.sparse

MISSING_TEXTS = ("", "nan", "NaN", "NaT", "<NA>")
"""What a missing value becomes when a table is made text; a class may still be called None."""


def require(condition: object, message: str) -> None:
    """Raise ValueError with ``message`` unless ``condition`` holds.

    >>> require(3 > 2, "three is more than two")
    """
    if not condition:
        raise ValueError(message)


def plain(values: Any, *, name: str) -> np.ndarray:
    """``values`` as a numpy array, from anything that holds numbers, labels or truth values in rows.

    Lists, DataFrames and labelled arrays; tensors of torch on any device, with or without gradients, those in bfloat16
    in single precision.

    Raises
    ------
    TypeError
        A sparse matrix, or anything that is no array.
    ValueError
        Masked values, or rows of different lengths.

    Examples
    --------
    >>> plain([[1, 2], [3, 4]], name="values").shape
    (2, 2)
    """
    if scipy.sparse.issparse(values):
        raise TypeError(f"{name} must be an array; got a sparse matrix of shape {values.shape}. Pass its toarray()")
    if hasattr(values, "detach") and hasattr(values, "cpu"):
        values = values.detach().cpu().resolve_conj().resolve_neg()
        values = (values.float() if str(values.dtype) == "torch.bfloat16" else values).numpy()
    if np.ma.isMaskedArray(values):
        hidden = int(np.ma.getmaskarray(values).sum())
        require(not hidden, f"{name} must be known everywhere; {hidden} values are masked. Drop them, or use filled()")
        values = values.data
    if hasattr(values, "data_vars"):
        raise TypeError(f"{name} must be an array; got a Dataset of {', '.join(map(str, values.data_vars))}. Pass one")
    if not isinstance(values, np.ndarray) and not hasattr(values, "__array__") and not np.isscalar(values):
        if not hasattr(values, "__len__") or isinstance(values, dict | set | frozenset):
            raise TypeError(f"{name} must be an array; got {type(values).__name__}. Pass a list or an array of it")
        values = _stacked(values, name)
    return np.asarray(values)


def _stacked(values: Iterable[Any], name: str) -> np.ndarray:
    """A sequence as an array; its rows may be tensors."""
    rows = [plain(row, name=name) if hasattr(row, "detach") else row for row in values]
    try:
        return np.asarray(rows)
    except ValueError as fault:
        raise ValueError(f"{name} must be an array; got rows of different lengths. Make them equally long") from fault


def numbers(values: Any, *, name: str) -> np.ndarray:
    """``values`` as a float64 array.

    Raises
    ------
    TypeError
        For values that are not real numbers or truth values.
    """
    return real(values, name=name).astype(np.float64, copy=False)


def truths(values: Any, *, name: str) -> np.ndarray:
    """``values`` as a bool array: truth values, or zeros and ones.

    Raises
    ------
    ValueError
        For other numbers, among them NaN and -1, which numpy would call true.
    TypeError
        For text and what else is no number.
    """
    given = real(values, name=name)
    other = given[(given != 0) & (given != 1)] if given.dtype.kind != "b" else given[:0]
    require(
        not other.size,
        f"{name} must be true or false, or 0 and 1; got {', '.join(map(str, np.unique(other)[:3].tolist()))} among "
        f"{given.size} values. Compare first, as in {name} > 0, and leave out what is not known",
    )
    return given.astype(bool)


def mentioned(mentions: Any, *, name: str = "mentions") -> Any:
    """Mentions as a sparse matrix, if they are one, or an array; whatever is not zero is a mention.

    Raises
    ------
    ValueError
        NaN, which is not zero, but says nothing.
    TypeError
        For text and what else is no number.
    """
    if scipy.sparse.issparse(mentions):
        finite(mentions.data, name=name)
        return mentions
    return finite(mentions, name=name)


def is_missing(label: object) -> bool:
    """Whether a label says nothing: None, NaN, text that is blank, or what a missing value becomes as text.

    >>> [is_missing(label) for label in (None, float("nan"), " ", "nan", "None", 0)]
    [True, True, True, True, False, False]
    """
    if isinstance(label, str):
        return label.strip() in MISSING_TEXTS
    return label is None or str(label) in MISSING_TEXTS


def known(labels: Any, *, name: str) -> np.ndarray:
    """Which of the ``labels`` are known: bool N."""
    labels = plain(labels, name=name)
    if labels.dtype.kind in "iub":
        return np.ones(labels.shape, bool)
    return np.array([not is_missing(label) for label in labels.tolist()], bool)


def coded(labels: Any, *, name: str) -> np.ndarray:
    """Number of each label among the sorted different ones: int N.

    Raises
    ------
    ValueError
        Labels that are not known (None, NaN), which would be one class of their own, or not one for each image.
    """
    labels = plain(labels, name=name)
    require(labels.ndim == 1, f"{name} must be one label for each image; got shape {labels.shape}")
    if labels.dtype.kind in "OfmM":
        gaps = sum(not isinstance(label, str) and is_missing(label) for label in labels.tolist())
        require(
            not gaps,
            f"{name} must be known for all images; {gaps} of {len(labels)} are missing. Leave those images out, or "
            "give them a label of their own",
        )
    if labels.dtype.kind == "O":
        labels = labels.astype(str)
    return np.unique(labels, return_inverse=True)[1]


def real(values: Any, *, name: str) -> np.ndarray:
    """``values`` as an array of real numbers or truth values, of their own type.

    Raises
    ------
    TypeError
        For text, dates, objects and complex numbers.
    """
    given = plain(values, name=name)
    if given.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be real numbers; got dtype {given.dtype}. Convert it with astype(float)")
    return given


def array(values: Any, *, name: str, dimensions: str) -> np.ndarray:
    """``values`` as an array with these dimensions.

    Parameters
    ----------
    name
        What to call it in an error.
    dimensions
        Names of its dimensions in words, "images x units".

    Raises
    ------
    ValueError
        For another number of dimensions.
    TypeError
        For values that are not real numbers or truth values.
    """
    values = plain(values, name=name)
    wanted = dimensions.count(" x ") + 1 if dimensions else 0
    require(values.ndim == wanted, f"{name} must be {dimensions or 'one number'}; got shape {values.shape}")
    return real(values, name=name)


def finite(values: Any, *, name: str) -> np.ndarray:
    """``values`` as an array, all finite; an error counts what is not and says where the first is."""
    given = real(values, name=name)
    bad = ~np.isfinite(given)
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} must be finite; got {int(np.isnan(given).sum())} NaN and {int(np.isinf(given).sum())} infinite "
            f"of {given.size} values, the first at {first}. Drop or mend them first"
        )
    return given


def same_length(**sequences: Sized) -> int:
    """The common length of the named sequences."""
    lengths = {name: len(sequence) for name, sequence in sequences.items()}
    said = ", ".join(f"{name} {length}" for name, length in lengths.items())
    require(len(set(lengths.values())) <= 1, f"{' and '.join(lengths)} must be equally long; got {said}")
    return next(iter(lengths.values()))


def between(value: float, low: float, high: float, *, name: str) -> None:
    """Raise ValueError unless ``value`` is a number from ``low`` to ``high`` (both included)."""
    require(low <= value <= high, f"{name} must be between {low} and {high}; got {value}")  # false for NaN too


def one_of(value: object, choices: Collection[object], *, name: str) -> None:
    """Raise ValueError unless ``value`` is among ``choices``."""
    require(value in choices, f"{name} must be one of {', '.join(map(repr, choices))}; got {value!r}")
