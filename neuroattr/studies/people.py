"""What people say of the words of a corpus: votes on pictures where there are any, else published norms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
import xarray as xr

from neuroattr import discovery, text
from neuroattr.corpus import Corpus, norms

NORMS = {
    "lancaster": "Lancaster visual strength (0 to 5)",
    "brysbaert": "Brysbaert concreteness (1 to 5)",
    "glasgow": "Glasgow imageability (1 to 7)",
}


@dataclass(frozen=True, eq=False)
class People:
    """The yardstick that visualness is held against.

    Attributes
    ----------
    visualness
        ``[word]``: equation 3 of *Discovery* from votes, or the first norm.
    title
        What it is, as an axis is labelled.
    note
        What stands in for the paper's votes, in a few words.
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
    note: str
    others: dict[str, xr.DataArray] = field(repr=False)
    low: xr.DataArray | None = field(default=None, repr=False)
    high: xr.DataArray | None = field(default=None, repr=False)
    ballots: xr.DataArray | None = field(default=None, repr=False)

    @classmethod
    def of(cls, corpus: Corpus, words: Sequence[str], *, theta: int) -> People:
        """What people say of these words of the corpus; `theta` is the threshold of equation 3.

        Raises
        ------
        ValueError
            A word that nobody judged.
        neuroattr.assets.MissingAsset
            A corpus without votes where the norms are not at hand.
        """
        words = list(words)
        missing = sorted(set(words) - set(judged(corpus)))
        if missing:
            raise ValueError(f"nobody judged {', '.join(missing[:5])}; ask of the words in people.judged(corpus)")
        return _by_votes(corpus, words, theta) if corpus.truth.votes is not None else _by_norms(words)


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


def _by_votes(corpus, words, theta):
    votes = corpus.truth.votes
    box = discovery.ballots(votes["word"], votes["pair"], votes["answer"]).sel(word=words)
    strict = discovery.human_visualness(box, theta=theta)
    majority = discovery.human_visualness(box, theta=theta, strict=False).visualness
    note = voters(corpus)
    others = {f"majority of votes (>= {theta})": majority}
    title = "human visualness (equation 3)"
    return People(strict.visualness, title, note, others, strict.low, strict.high, box)


def _by_norms(words):
    rated = norms.norms(words)
    first, *others = (xr.DataArray(rated[name].to_numpy(float), coords={"word": words}, dims="word") for name in NORMS)
    titles = list(NORMS.values())
    return People(
        first, titles[0], "Lancaster visual strength in place of votes", dict(zip(titles[1:], others, strict=True))
    )


def table(people: People) -> pd.DataFrame:
    """Every yardstick by word, the first one first."""
    columns = {people.title: people.visualness.to_series()}
    return pd.DataFrame(columns | {title: other.to_series() for title, other in people.others.items()})
