"""Two sets of pictures for one word: with it (D+) and without it (D-), as equal in everything else as asked."""

from dataclasses import dataclass, field

import numpy as np

from neuroattr import statistics


@dataclass(frozen=True)
class Contrast:
    """Pictures with a word and pictures without it.

    ``positives`` and ``negatives`` are row positions in the corpus, ascending; ``report`` says what was dropped.
    """

    word: str
    positives: np.ndarray = field(repr=False)
    negatives: np.ndarray = field(repr=False)
    report: dict

    def __repr__(self):
        return f"Contrast({self.word!r}, {len(self.positives):,} positives, {len(self.negatives):,} negatives)"


def usable(mention, word, name):
    """``mention`` (bool N) if some of its pictures have the word and some have not.

    Raises
    ------
    ValueError
        Else, with the word and the ``name`` of the corpus.
    """
    if not mention.any() or mention.all():
        where = "all" if mention.any() else "none"
        raise ValueError(
            f"a contrast needs pictures with and without the word; {word!r} is in {where} of the {len(mention)} "
            f"pictures of {name}: choose another word or a larger part of the corpus"
        )
    return mention


def contrast(word, mention, strata, match, *, balanced, seed):
    """The contrast of a word, as ``Corpus.contrast`` says; ``match`` are the names of what the strata join.

    Raises
    ------
    ValueError
        For a match without balance, and a match that leaves nothing.
    """
    if strata is not None and not balanced:
        raise ValueError("matched negatives are drawn one for one: use balanced=True with match")
    positives, negatives, report = drawn(mention, strata, balanced=balanced, seed=seed)
    if not len(positives):
        raise ValueError(f"no {' and '.join(match)} has pictures with {word!r} and without it: match fewer columns")
    return Contrast(word, positives, negatives, {**report, "matched by": list(match)})


def strata(table, match):
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
    return table.reset_index(drop=True).groupby(match, dropna=False, observed=True, sort=True).ngroup().to_numpy()


def drawn(mention, strata, *, balanced, seed):
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
