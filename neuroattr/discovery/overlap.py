"""Prime units that two ways to measure a word have in common."""

import numpy as np
from jaxtyping import Int

from neuroattr.checks import require


def shared_units(first: Int[np.ndarray, "W P"], second: Int[np.ndarray, "W P"]) -> Int[np.ndarray, " W"]:
    """How many prime units of each word are in both choices, whatever their order.

    Parameters
    ----------
    first, second
        Positions of each word's prime units, as `prime_units` gives them.

    Raises
    ------
    ValueError
        Choices of other words.

    Examples
    --------
    >>> shared_units(np.array([[1, 3, 2]]), np.array([[2, 0, 1]]))
    array([2])
    """
    require(
        np.ndim(first) == np.ndim(second) == 2 and len(first) == len(second),
        f"want units of the same words, one row each; got shapes {np.shape(first)} and {np.shape(second)}",
    )
    return np.array([len(np.intersect1d(a, b)) for a, b in zip(first, second, strict=True)])
