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
