"""A balanced draw: as many rows with a mention as without, in every stratum."""

import numpy as np
from jaxtyping import Bool, Int


def balanced(
    mention: Bool[np.ndarray, " N"], strata: Int[np.ndarray, " N"] | None, *, random: np.random.Generator
) -> tuple[Int[np.ndarray, " n"], Int[np.ndarray, " n"]]:
    """Rows with the mention and as many without, ascending, drawn at random: equally many of each in every stratum.

    Parameters
    ----------
    mention
        Which rows have it.
    strata
        Number of each row's stratum, from 0 on; None for a single one. The side that has fewer of a stratum decides;
        what the other has too many of is left out.
    random
        Random numbers of the draw.

    Notes
    -----
    *Discovery* section 4.2 draws without strata, 50 % to 50 %. With strata both sides have one joint distribution of
    whatever they stand for, so that no classifier gains by telling the strata apart.

    Examples
    --------
    >>> mention, kinds = np.array([True, True, False, False, False]), np.array([0, 1, 0, 0, 2])
    >>> balanced(mention, kinds, random=np.random.default_rng(0))[0]
    array([0])
    """
    strata = np.zeros(len(mention), np.int64) if strata is None else strata
    sides = [random.permutation(np.flatnonzero(side)) for side in (mention, ~mention)]
    wanted = np.minimum(*(np.bincount(strata[rows], minlength=strata.max() + 1) for rows in sides))
    kept = []
    for rows in sides:
        ordered = rows[np.argsort(strata[rows], kind="stable")]
        sizes = np.bincount(strata[rows], minlength=len(wanted))
        rank = np.arange(len(rows)) - np.repeat(np.cumsum(sizes) - sizes, sizes)  # within the stratum
        kept.append(np.sort(ordered[rank < wanted[strata[ordered]]]))
    return kept[0], kept[1]
