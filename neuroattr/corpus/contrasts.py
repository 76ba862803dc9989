"""Two sets of pictures for one word: with it (D+) and without it (D-), as equal in everything else as asked."""

from dataclasses import dataclass, field

import numpy as np


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
        strata = np.zeros(len(mention), int) if strata is None else strata
        positives, negatives = _matched(positives, negatives, strata, np.random.default_rng(seed))
    report = {
        **{f"{side} found": n for side, n in found.items()},
        "positives dropped": found["positives"] - len(positives),
        "negatives dropped": found["negatives"] - len(negatives),
    }
    return positives, negatives, report


def _matched(positives, negatives, strata, rng):
    """As many of each side in every stratum: the smaller count, drawn at random."""
    positives, negatives = rng.permutation(positives), rng.permutation(negatives)
    n = strata.max() + 1
    wanted = np.minimum(np.bincount(strata[positives], minlength=n), np.bincount(strata[negatives], minlength=n))
    return tuple(np.sort(rows[_rank_within(strata[rows]) < wanted[strata[rows]]]) for rows in (positives, negatives))


def _rank_within(labels):
    """Rank of each entry among those of its label, in the given order: [2, 5, 2] -> [0, 0, 1]."""
    order = np.argsort(labels, kind="stable")
    ordered = labels[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]]) if len(labels) else np.zeros(0, int)
    lengths = np.diff(np.r_[starts, len(labels)])
    rank = np.empty(len(labels), int)
    rank[order] = np.arange(len(labels)) - np.repeat(starts, lengths)
    return rank
