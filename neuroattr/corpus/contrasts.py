"""Two sets of pictures for one word: with it (D+) and without it (D-), as equal in everything else as asked."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from neuroattr import statistics


@dataclass(frozen=True)
class Contrast:
    """Pictures with a word and pictures without it.

    ``positives`` and ``negatives`` are row positions in the corpus, ascending; ``report`` says what was dropped.
    """

    word: str
    positives: np.ndarray = field(repr=False)
    negatives: np.ndarray = field(repr=False)
    report: dict[str, object]

    def __repr__(self) -> str:
        return f"Contrast({self.word!r}, {len(self.positives):,} positives, {len(self.negatives):,} negatives)"


def contrast(
    table: pd.DataFrame,
    mention: np.ndarray,
    match: str | Sequence[str],
    *,
    balanced: bool,
    seed: int,
    word: str,
    name: str,
) -> Contrast:
    """The contrast of the pictures that have the ``word`` (bool N), as ``Corpus.contrast`` of the corpus ``name`` says.

    Raises
    ------
    ValueError
        For a word that no picture has or that all have, a match without balance, and a match that leaves nothing.
    """
    if not mention.any() or mention.all():
        where = "all" if mention.any() else "none"
        raise ValueError(
            f"a contrast needs pictures with and without the word; {word!r} is in {where} of the {len(mention)} "
            f"pictures of {name}: choose another word or a larger part of the corpus"
        )
    match = (match,) if isinstance(match, str) else tuple(match)
    joint = strata(table, match) if match else None
    if joint is not None and not balanced:
        raise ValueError("matched negatives are drawn one for one: use balanced=True with match")
    positives, negatives, report = drawn(mention, joint, balanced=balanced, seed=seed)
    if not len(positives):
        raise ValueError(f"no {' and '.join(match)} has pictures with {word!r} and without it: match fewer columns")
    return Contrast(word, positives, negatives, {**report, "matched by": list(match)})


def strata(table: pd.DataFrame, match: str | Sequence[str]) -> np.ndarray:
    """Number of the joint value of the columns ``match`` (one name or several) for each row: int N.

    Raises
    ------
    ValueError
        For a column that is not there.
    """
    match = [match] if isinstance(match, str) else list(match)
    absent = [column for column in match if column not in table]
    if absent or not match:
        raise ValueError(f"match names columns of the table, {list(table.columns)}; got {absent or 'none'}")
    numbers = table.reset_index(drop=True).groupby(match, dropna=False, observed=True, sort=True).ngroup()
    return np.asarray(numbers)


def drawn(
    mention: np.ndarray, strata: np.ndarray | None, *, balanced: bool, seed: int
) -> tuple[np.ndarray, np.ndarray, dict[str, int]]:
    """Row positions of positives and negatives, and a report.

    Parameters
    ----------
    mention : bool N
        Which pictures have the word.
    strata : int N or None
        Stratum of each picture; each stratum gives as many positives as negatives (so both sides have the same
        joint distribution), and what cannot be matched is dropped.
    balanced
        Draw as many negatives as positives (Section 4.2: a 50/50 subsample); else all negatives.
    """
    positives, negatives = np.flatnonzero(mention), np.flatnonzero(~mention)
    found = {"positives": len(positives), "negatives": len(negatives)}
    if balanced:
        positives, negatives = statistics.balanced(mention, strata, random=np.random.default_rng(seed))
    report = {
        **{f"{side} found": n for side, n in found.items()},
        "positives dropped": found["positives"] - len(positives),
        "negatives dropped": found["negatives"] - len(negatives),
    }
    return positives, negatives, report
