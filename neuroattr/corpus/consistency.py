"""Whether what a corpus is made of fits together: its table, words, mentions, annotations and origin."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import scipy.sparse

from .annotations import Annotations
from .splits import SPLITS


def check(
    table: pd.DataFrame, words: Sequence[str], mentions: scipy.sparse.csr_array, annotations: Annotations
) -> None:
    """Refuse what does not fit: N rows of the table, W different words, N x W mentions, annotations of these pictures.

    Raises
    ------
    ValueError
    """
    check_table(table)
    if mentions.shape != (len(table), len(words)):
        raise ValueError(
            f"mentions is N x W = {len(table)} x {len(words)} (rows of the table, words); "
            f"got {mentions.shape[0]} x {mentions.shape[1]}"
        )
    if strange := [word for word in words if not isinstance(word, str)]:
        raise ValueError(f"words are strings; got {strange[0]!r}: leave out what is missing, write numbers as strings")
    if len(set(words)) != len(words):
        raise ValueError("words must differ from each other; some are there twice")
    annotations.check(table.index)


def check_table(table: pd.DataFrame) -> None:
    """Refuse a corpus table without unique string ids, without its columns, or with an unknown split."""
    absent = [column for column in ("image", "split") if column not in table]
    if absent:
        raise ValueError(f"a corpus table has the columns image and split; missing: {', '.join(absent)}")
    if not all(isinstance(id, str) for id in table.index):
        raise ValueError("the index of a corpus table holds the ids of the pictures as strings; use index.astype(str)")
    if not table.index.is_unique:
        twice = list(table.index[table.index.duplicated()].unique()[:5])
        raise ValueError(f"the ids of pictures must be unique; {twice} occur more than once")
    unknown = set(table["split"].unique()) - set(SPLITS)
    if unknown:
        raise ValueError(f"the parts of a corpus are {', '.join(SPLITS)}; got {sorted(map(str, unknown))}")


def origin(generated: object) -> bool | None:
    """Whether pictures are drawings: True, False, or None where nobody has said so; a ValueError for anything else."""
    if generated is None:
        return None
    if not isinstance(generated, bool | np.bool_):
        raise ValueError(
            f"generated is True for drawings, False for photographs, None where nobody knows; got {generated!r}"
        )
    return bool(generated)
