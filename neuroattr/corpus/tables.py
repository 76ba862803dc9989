"""From a user's table, folder or data set to the fields of a Corpus, with every fault found on the way."""

import pandas as pd


def check(table):
    """Refuse a corpus table without unique string ids, without its columns, or with an unknown split."""
    from .splits import PARTS

    absent = [column for column in ("image", "split") if column not in table]
    if absent:
        raise ValueError(f"a corpus table has the columns image and split; missing: {', '.join(absent)}")
    if not all(isinstance(id, str) for id in table.index):
        raise ValueError("the index of a corpus table holds the ids of the pictures as strings; use index.astype(str)")
    if not table.index.is_unique:
        twice = list(table.index[table.index.duplicated()].unique()[:5])
        raise ValueError(f"the ids of pictures must be unique; {twice} occur more than once")
    unknown = set(table["split"].unique()) - set(PARTS)
    if unknown:
        raise ValueError(f"the parts of a corpus are {', '.join(PARTS)}; got {sorted(map(str, unknown))}")
