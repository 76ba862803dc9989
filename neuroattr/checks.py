"""Small checks of input that the core shares. Each says what was wanted, what came, and what to do."""

import numpy as np


def require(condition, message):
    """Raise ValueError with ``message`` unless ``condition`` holds.

    >>> require(3 > 2, "three is more than two")
    """
    if not condition:
        raise ValueError(message)


def array(values, *, name, dimensions):
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
    values = np.asarray(values)
    wanted = dimensions.count(" x ") + 1 if dimensions else 0
    require(values.ndim == wanted, f"{name} must be {dimensions or 'one number'}; got shape {values.shape}")
    if values.dtype.kind not in "fiub":
        raise TypeError(f"{name} must be real numbers; got dtype {values.dtype}. Convert it with astype(float)")
    return values


def finite(values, *, name):
    """``values`` as an array, all finite; an error counts what is not and says where the first is."""
    values = np.asarray(values)
    bad = ~np.isfinite(values)
    if bad.any():
        first = tuple(int(i) for i in np.argwhere(bad)[0])
        raise ValueError(
            f"{name} must be finite; got {int(np.isnan(values).sum())} NaN and {int(np.isinf(values).sum())} infinite "
            f"of {values.size} values, the first at {first}. Drop or mend them first"
        )
    return values


def same_length(**sequences):
    """The common length of the named sequences."""
    lengths = {name: len(sequence) for name, sequence in sequences.items()}
    said = ", ".join(f"{name} {length}" for name, length in lengths.items())
    require(len(set(lengths.values())) <= 1, f"{' and '.join(lengths)} must be equally long; got {said}")
    return next(iter(lengths.values()))


def between(value, low, high, *, name):
    """``value`` if it is a number from ``low`` to ``high`` (both included)."""
    require(low <= value <= high, f"{name} must be between {low} and {high}; got {value}")  # false for NaN too
    return value


def one_of(value, choices, *, name):
    """``value`` if it is among ``choices``."""
    require(value in choices, f"{name} must be one of {', '.join(map(repr, choices))}; got {value!r}")
    return value
