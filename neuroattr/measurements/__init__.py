"""Measurements that take minutes, kept: measured once a corpus, network and protocol, and read by every later page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
import scipy.sparse
import xarray as xr
from filelock import FileLock
from threadpoolctl import threadpool_limits
from tqdm import tqdm

from neuroattr import activations, discovery, papers
from neuroattr.backbone import Backbone
from neuroattr.corpus import Corpus
from neuroattr.discovery import Examples, Features, Protocol
from neuroattr.measurements.storage import KIND, WordFiles
from neuroattr.provenance import lines_digest

__all__ = ["Bench", "visualness"]


def visualness(
    corpus: Corpus,
    network: Backbone,
    words: Sequence[str],
    *,
    protocol: Protocol,
    seed: int,
    match: Sequence[str] = (),
    progress: bool = True,
) -> xr.Dataset:
    """Visualness of words of a corpus through a network: `Bench.visualness` in one line."""
    return Bench.of(corpus, network, seed=seed, progress=progress).visualness(words, protocol=protocol, match=match)


@dataclass(frozen=True, eq=False)
class Bench:
    """A corpus and what a network says of its pictures, with everything that is measured of its words.

    Attributes
    ----------
    corpus
        The pictures that could be read.
    responses
        ``activation[image, unit]`` of these pictures, in memory.
    seed
        Of all draws.
    progress
        Show a bar while words are measured, if there is a terminal.
    features
        The responses as classifiers see them; their inner products are made when first needed and then shared.
    """

    corpus: Corpus
    responses: xr.DataArray = field(repr=False)
    seed: int
    progress: bool = True
    features: Features | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if list(self.responses["image"].to_numpy()) != list(self.corpus.ids):
            raise ValueError(
                f"a bench wants the responses to the {len(self.corpus)} pictures of its corpus, in their order; use "
                "Bench.of(corpus, network), which records them"
            )
        if self.features is None:
            train = np.flatnonzero(self.corpus.table["split"].to_numpy() == "train")
            shared = 8 * len(self.corpus) ** 2 <= discovery.GRAM
            object.__setattr__(self, "features", Features(self.responses.to_numpy(), train, True, shared))

    @classmethod
    def of(cls, corpus: Corpus, network: Backbone, *, seed: int, progress: bool = True) -> Bench:
        """The bench of a corpus and a network: activations are recorded, or read where they were recorded before."""
        responses = activations.record(network, corpus, progress=progress).load().transpose("image", "unit")
        read = corpus.ids.isin(responses["image"].to_numpy())
        corpus = corpus if read.all() else corpus.subset(read)
        return cls(corpus, responses.sel(image=corpus.ids.to_numpy()), seed, progress)

    def with_mentions(self, mentions) -> Bench:
        """The same pictures with other mentions of the same words: what noisier texts would say of them."""
        return replace(self, corpus=replace(self.corpus, mentions=scipy.sparse.csr_array(mentions)))

    def measurable(self, *, rarest: int, among: Sequence[str] | None = None) -> list[str]:
        """Words that can be measured, most frequent first.

        Parameters
        ----------
        rarest
            Every part needs so many pictures with the word, and as many without.
        among
            Only these words; all of the corpus by default.

        Notes
        -----
        Within at least one category of each part there must be pictures with the word and without it, so that the
        contrast matched by category can be drawn as well.
        """
        table, words = self.corpus.table, list(self.corpus.words)
        split = table["split"].to_numpy()
        mentioned = pd.DataFrame(self.corpus.mentions.toarray(), columns=words)
        counts, sizes = mentioned.groupby(split).sum(), mentioned.groupby(split).size()
        enough = (np.minimum(counts, counts.rsub(sizes, axis=0)) >= rarest).all()
        if "category" in table:
            shares = mentioned.groupby([split, table["category"].astype(str).to_numpy()]).mean()
            enough &= ((shares > 0) & (shares < 1)).groupby(level=0).any().all()
        asked = set(words if among is None else among)
        return [word for word in self.corpus.frequency.index if enough[word] and word in asked]

    def mentions(self, words: Sequence[str]) -> np.ndarray:
        """Which pictures mention which of these words, bool N x W."""
        return np.stack([self.corpus.mention(word) for word in words], axis=1)

    def examples(self, words: Sequence[str], match: Sequence[str] = ()) -> Examples:
        """The pictures as `discovery.visualness` takes them; `match` names columns that both sides agree in."""
        split = self.corpus.table["split"]
        return Examples(self.features.values, self.mentions(words), split, words, self._strata(match))

    def prime(self, words: Sequence[str]) -> np.ndarray:
        """Positions of the prime units of each word, W x P, by the divergence over the training part.

        Notes
        -----
        *Discovery* sections 4.1 and 4.2; bins, smoothing and number of prime units are the paper's constants.
        """
        train, paper = self.features.train, _constants()
        options = {"bins": paper["bins"], "smoothing": paper["smoothing"], "words": list(words)}
        scores = discovery.unit_divergence(self.features.values[train], self.mentions(words)[train], **options)
        return discovery.prime_units(scores, count=min(paper["prime_units"], scores.shape[1]))

    def visualness(self, words: Sequence[str], *, protocol: Protocol, match: Sequence[str] = ()) -> xr.Dataset:
        """Visualness of words, read from the cache as far as it was measured before.

        Parameters
        ----------
        words
            Words of the corpus with pictures on both sides in every part (see `measurable`).
        protocol
            What the paper leaves open.
        match
            Columns of the table ("category", "group") that pictures with and without the word shall agree in.

        Returns
        -------
        visualness
            As `discovery.visualness`, and besides ``prime[word, rank]`` and ``odds[word, variant, image]``: the
            confidence of the first draw's classifiers for all pictures (of those of the training part they have
            learned).

        Raises
        ------
        KeyError
            A word that the corpus has not.
        ValueError
            A word without contrast in some part, a column that is not there.

        Notes
        -----
        A word's measurement does not depend on the other words, so each is kept in a file of its own: a run that was
        killed goes on after the last words that were done, and two pages that ask for the same words at the same time
        measure them once. The key is made of the activations' key, the split, the mentions of the word, the matched
        columns, protocol, seed, the paper's constants and the code.
        """
        words = [str(word) for word in words]
        mentions = self.mentions(words)
        files = WordFiles(self._record(protocol, match))
        paths = [files.path(word, mentions[:, w]) for w, word in enumerate(words)]
        found = [files.get(path) for path in paths]
        if any(one is None for one in found):
            files.begin()
            with FileLock(files.folder.with_suffix(".lock")):
                found = [files.get(path) if one is None else one for one, path in zip(found, paths, strict=True)]
                missing = [w for w, one in enumerate(found) if one is None]
                self._measure([words[w] for w in missing], [paths[w] for w in missing], files, protocol, match)
            found = [files.get(path) if one is None else one for one, path in zip(found, paths, strict=True)]
        measured, prime = zip(*found, strict=True)
        widths = (self.features.values.shape[1], len(prime[0]))
        table = discovery.tabulated(measured, words, widths=widths, protocol=protocol, seed=self.seed)
        table["prime"] = ("word", "rank"), np.stack(prime)
        table["odds"] = ("word", "variant", "image"), np.stack([one.log_odds for one in measured])
        return table.assign_coords(image=self.responses["image"].to_numpy())

    def _measure(self, words, paths, files, protocol, match):
        """Measure words one by one, in one thread: small products wait for a second one."""
        if not words:
            return
        features = self.features if protocol.standardised else replace(self.features, standardised=False)
        examples, prime = self.examples(words, match), self.prime(words)
        options = {"protocol": protocol, "seed": self.seed}
        title = f"visualness through {len(self.responses['unit']):,} units"
        with threadpool_limits(1), tqdm(words, title, unit="word", disable=None if self.progress else True) as bar:
            for word, _ in enumerate(bar):
                found = discovery.word_visualness(examples, features, word, prime[word], **options)
                files.put(paths[word], found, prime[word])

    def _record(self, protocol, match):
        """Everything that decides the values of a word but itself."""
        match = _names(match)
        table = self.corpus.table
        return KIND.record(
            activations=self.responses.attrs["key"],
            pictures_and_parts=lines_digest(zip(table.index, table["split"], strict=True)),
            matched=match,
            strata=None if not match else lines_digest(self._strata(match)),
            protocol=protocol,
            constants=_constants(),
            seed=self.seed,
        )

    def _strata(self, match):
        """The joint value of some columns for each picture; None for no column."""
        match, table = _names(match), self.corpus.table
        absent = [column for column in match if column not in table]
        if absent:
            raise ValueError(f"match names columns of the table, {list(table.columns)}; got {absent}")
        return table[list(match)].astype(str).agg("\0".join, axis=1).to_numpy() if match else None


def _names(match):
    return (match,) if isinstance(match, str) else tuple(match)


def _constants():
    """The paper's constants that the prime units are made with."""
    paper = papers.constants("discovery")
    return {"bins": paper.bins, "smoothing": paper.smoothing, "prime_units": paper.prime_units}
