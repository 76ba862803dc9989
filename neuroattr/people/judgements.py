"""What people say of the words of a corpus: votes on pictures where there are any, else published norms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import xarray as xr

from neuroattr import discovery, text
from neuroattr.corpus import Corpus
from neuroattr.people import norms

NORMS = {
    "lancaster": "Lancaster visual strength (0 to 5)",
    "brysbaert": "Brysbaert concreteness (1 to 5)",
    "glasgow": "Glasgow imageability (1 to 7)",
}


@dataclass(frozen=True, eq=False)
class Judgements:
    """The yardstick that visualness is held against.

    Attributes
    ----------
    visualness
        ``[word]``: equation 3 of *Discovery* from votes, or the first norm.
    title
        What it is, as an axis is labelled.
    source
        Who voted, or the name of the norm.
    others
        Other yardsticks of the same words by title: a plain majority of votes, or the other norms (NaN where a norm
        has not the word).
    low, high
        Ends of the interval of each word's visualness; None for norms, which are one number a word.
    ballots
        The votes as `discovery.ballots` gives them; None for norms.
    """

    visualness: xr.DataArray
    title: str
    source: str
    others: dict[str, xr.DataArray] = field(repr=False)
    low: xr.DataArray | None = field(default=None, repr=False)
    high: xr.DataArray | None = field(default=None, repr=False)
    ballots: xr.DataArray | None = field(default=None, repr=False)

    @property
    def note(self) -> str:
        """What stands in for the paper's votes, in a few words."""
        return self.source if self.ballots is not None else f"{self.source} in place of votes"


def judgements(corpus: Corpus, words: Sequence[str] | None = None, *, theta: int) -> Judgements:
    """What people say of words of a corpus.

    Parameters
    ----------
    words
        By default all that are `judged`.
    theta
        Threshold of equation 3, for votes.

    Raises
    ------
    ValueError
        A word that nobody judged.
    neuroattr.assets.MissingAsset
        A corpus without votes where the norms are not at hand.
    """
    known = judged(corpus)
    words = known if words is None else list(words)
    missing = sorted(set(words) - set(known))
    if missing:
        raise ValueError(f"nobody judged {', '.join(missing[:5])}; ask of the words in people.judged(corpus)")
    votes = corpus.truth.votes
    return _of_norms(words) if votes is None else _of_votes(votes, words, theta, voters(corpus))


def judged(corpus: Corpus) -> list[str]:
    """Words of the corpus that people judged, most frequent first."""
    votes = corpus.truth.votes
    if votes is not None:
        known = set(votes["word"])
        return [word for word in corpus.frequency.index if word in known]
    known = set(norms.lancaster().index)
    return [word for word in corpus.frequency.index if text.normalised(word) in known]


def voters(corpus: Corpus) -> str:
    """Who judged the pairs of pictures of a corpus that has votes, in a few words."""
    return "simulated annotators" if corpus.generated else "votes on pairs of pictures"


def table(judgements: Judgements) -> pd.DataFrame:
    """Every yardstick by word, the first one first."""
    columns = {judgements.title: judgements.visualness.to_series()}
    return pd.DataFrame(columns | {title: other.to_series() for title, other in judgements.others.items()})


def _of_votes(votes: pd.DataFrame, words: list[str], theta: int, source: str) -> Judgements:
    box = discovery.ballots(votes["word"], votes["pair"], votes["answer"]).sel(word=words)
    strict = discovery.human_visualness(box, theta=theta)
    majority = discovery.human_visualness(box, theta=theta, strict=False).visualness
    others = {f"majority of votes (>= {theta})": majority}
    return Judgements(strict.visualness, "human visualness (equation 3)", source, others, strict.low, strict.high, box)


def _of_norms(words: list[str]) -> Judgements:
    rated = norms.norms(words)
    first, *others = (xr.DataArray(rated[name].to_numpy(float), coords={"word": words}, dims="word") for name in NORMS)
    title, *titles = NORMS.values()
    return Judgements(first, title, "Lancaster visual strength", dict(zip(titles, others, strict=True)))
