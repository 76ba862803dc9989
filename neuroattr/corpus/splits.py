"""Splits into train, test and validation: 50, 25, 25 % (Discovery, Section 3.1), or carved out of an official one."""

from collections.abc import Iterable

import numpy as np
import pandas as pd

SPLITS = ("train", "test", "validation")
OFFICIAL = ("train", "test")
SPLIT_BY = ("listing", "shop")


def sizes(n: int) -> tuple[int, int, int]:
    """Number of pictures in train, test and validation: half, then halves of the rest.

    >>> sizes(173_175)
    (86587, 43294, 43294)
    """
    train = n // 2
    test = (n - train + 1) // 2
    return train, test, n - train - test


def assigned(ids: Iterable[str], *, seed: int, groups: Iterable[object] | None = None) -> pd.Series:
    """Split of each picture, independent of the order of the rows.

    Parameters
    ----------
    ids : N strings
    groups : N labels, optional
        Shops: all pictures of one fall into one split, so that look-alikes of a shop do not leak; the shares are then
        as near to 50/25/25 as whole shops allow.

    Returns
    -------
    pandas.Series of "train", "test" or "validation", index ``ids``.
    """
    index = pd.Index(ids)
    rng = np.random.default_rng(seed)
    if groups is None:
        shuffled = rng.permutation(np.sort(index.to_numpy(object)))  # as str each would be as wide as the longest
        return pd.Series(np.repeat(list(SPLITS), sizes(len(index))), index=shuffled).reindex(index)
    of_groups = pd.Series(np.asarray(groups, dtype=object), index=index)
    return of_groups.map(_splits_of_groups(of_groups.value_counts(), len(index), rng))


def carved(official: pd.Series, labels: pd.Series, *, share: float, seed: int) -> pd.Series:
    """Train, test or validation for each picture of an official split: validation is a share of its train side.

    Parameters
    ----------
    official
        "train" or "test" of each picture, by id.
    labels
        Class of each picture, by id; each class gives the same share, rounded, and keeps one picture or more.
    share
        Of the training pictures of a class that become validation pictures, from 0 to below 1.
    seed
        Of the draw; neither the order of the rows nor that of the classes matters.

    Returns
    -------
    Series, index that of ``official``.

    Raises
    ------
    ValueError
        For another share, another part, labels that lack a picture, and an official split without training pictures.
    """
    if not 0 <= share < 1:
        raise ValueError(f"share is the part of the training pictures to validate on, from 0 to below 1; got {share}")
    if strange := sorted(set(official) - set(OFFICIAL)):
        raise ValueError(f'an official split is "train" or "test"; got {strange}')
    if len(absent := official.index.difference(labels.index)):
        raise ValueError(f"each picture needs a label; {len(absent)} have none, e.g. {absent[0]!r}")
    train = official.index[official == "train"].sort_values()
    if not len(train):
        raise ValueError("validation is carved out of the train part of an official split; it has none")
    shuffled = pd.Series(train[np.random.default_rng(seed).permutation(len(train))])
    of_class = shuffled.groupby(labels.loc[shuffled].to_numpy())
    sizes_of_class = of_class.transform("size")
    wanted = np.minimum(np.floor(sizes_of_class * share + 0.5), sizes_of_class - 1)
    found = official.astype(object)
    found.loc[shuffled[of_class.cumcount() < wanted].to_numpy()] = "validation"
    return found


def _splits_of_groups(counts: pd.Series, n: int, rng: np.random.Generator) -> dict[object, str]:
    """Split of each group: the largest first, each to the one that still lacks most."""
    lacking = np.array(sizes(n), float)
    counts = counts.loc[rng.permutation(counts.index.sort_values())].sort_values(ascending=False, kind="stable")
    found = {}
    for group, count in counts.items():
        row = int(lacking.argmax())
        lacking[row] -= count
        found[group] = SPLITS[row]
    return found
