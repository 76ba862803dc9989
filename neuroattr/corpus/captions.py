"""Captions: several texts a picture, and how often each term is in the texts of each picture."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd
import scipy.sparse

from . import schemas

NAME = "annotations.captions"
COLUMNS = ("image", "text")


def check(captions: pd.DataFrame) -> None:
    """Refuse a table that is none of captions: one row a text, image and text, both strings.

    Raises
    ------
    TypeError, ValueError
        For columns that are missing or hold something else.
    """
    schemas.table(captions, name=NAME, strings=COLUMNS)


def counts(
    captions: pd.DataFrame,
    ids: Sequence[str],
    terms: Callable[[str], Iterable[str]],
    *,
    vocabulary: Sequence[str] | None = None,
) -> tuple[scipy.sparse.csr_array, tuple[str, ...]]:
    """How often each term is in the texts of each picture: int N x T, and the terms.

    Parameters
    ----------
    ids
        The N pictures, in the wanted order; captions of others are left out, and pictures without a caption have a row
        of zeros.
    terms
        ``terms(text)`` gives the words or phrases of one text, each as often as it is in it.
    vocabulary
        The T terms to count; None counts all, the most frequent first, equally frequent ones by the alphabet.

    Raises
    ------
    ValueError
        For a vocabulary in which a term is there twice.
    """
    check(captions)
    rows = pd.Index(ids).get_indexer(captions["image"])
    found = [(row, Counter(terms(said))) for row, said in zip(rows, captions["text"], strict=True) if row >= 0]
    if vocabulary is None:
        total: Counter[str] = Counter()
        for _, counted in found:
            total.update(counted)
        vocabulary = sorted(total, key=lambda term: (-total[term], term))
    column = {term: t for t, term in enumerate(vocabulary)}
    if len(column) != len(vocabulary):
        raise ValueError("the terms of a vocabulary must differ from each other; some are there twice")
    cells = [(row, column[term], n) for row, counted in found for term, n in counted.items() if term in column]
    row, term, n = np.array(cells, np.int64).reshape(-1, 3).T
    return scipy.sparse.coo_array((n, (row, term)), (len(ids), len(column))).tocsr(), tuple(vocabulary)
