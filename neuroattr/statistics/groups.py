"""Means of two groups of observations beside each other."""

from __future__ import annotations

import numpy as np
from jaxtyping import Bool, Real

from neuroattr.checks import finite, require, same_length
from neuroattr.statistics.estimates import Estimate


def mean_difference(
    values: Real[np.ndarray, " N"], inside: Bool[np.ndarray, " N"], *, draws: int, seed: int | np.random.Generator
) -> Estimate:
    """Mean of the values inside a group less that of the others, with a 95 % interval; n counts all of them.

    Parameters
    ----------
    values
        One an observation.
    inside
        Which belong to the group.
    draws
        Resamples of either side on its own.
    seed
        Of the resamples; a generator goes on where it is.

    Raises
    ------
    ValueError
        A side without observations, lengths that differ, values that are not finite, fewer than one draw.
    """
    values, inside = finite(values, name="values"), np.asarray(inside, bool)
    same_length(values=values, inside=inside)
    sides = values[inside], values[~inside]
    require(all(map(len, sides)), f"both sides need observations; got {len(sides[0])} and {len(sides[1])}")
    require(draws >= 1, f"draws must be at least 1; got {draws}")
    random = np.random.default_rng(seed)
    resampled = []
    for _ in range(draws):
        first, second = (random.choice(side, len(side)).mean() for side in sides)
        resampled.append(first - second)
    low, high = np.quantile(resampled, [0.025, 0.975])
    return Estimate(float(sides[0].mean() - sides[1].mean()), float(low), float(high), len(values))
