"""Train, test and validation parts: 50, 25 and 25 %, in the paper's order (Discovery, Section 3.1)."""

import numpy as np
import pandas as pd

PARTS = ("train", "test", "validation")
SPLIT_BY = ("listing", "shop")


def sizes(n):
    """Number of pictures in train, test and validation: half, then halves of the rest.

    >>> sizes(173_175)
    (86587, 43294, 43294)
    """
    train = n // 2
    test = (n - train + 1) // 2
    return train, test, n - train - test


def assigned(ids, *, seed, groups=None):
    """Part of each picture, independent of the order of the rows.

    Parameters
    ----------
    ids : N strings
    groups : N labels, optional
        Shops: all pictures of one fall into one part, so that look-alikes of a shop do not leak; the shares are then
        as near to 50/25/25 as whole shops allow.

    Returns
    -------
    pandas.Series of "train", "test" or "validation", index ``ids``.
    """
    ids = pd.Index(ids)
    rng = np.random.default_rng(seed)
    if groups is None:
        shuffled = rng.permutation(np.sort(ids.to_numpy(object)))  # as str each would be as wide as the longest
        return pd.Series(np.repeat(PARTS, sizes(len(ids))), index=shuffled).reindex(ids)
    groups = pd.Series(np.asarray(groups, dtype=object), index=ids)
    return groups.map(_parts_of_groups(groups.value_counts(), len(ids), rng))


def _parts_of_groups(counts, n, rng):
    """Part of each group: the largest first, each to the part that still lacks most."""
    lacking = np.array(sizes(n), float)
    counts = counts.loc[rng.permutation(counts.index.sort_values())].sort_values(ascending=False, kind="stable")
    parts = {}
    for group, count in counts.items():
        part = int(lacking.argmax())
        lacking[part] -= count
        parts[group] = PARTS[part]
    return parts
