"""A corpus and the activations recorded on it, aligned, with everything that is computed of both."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, cast

import numpy as np
import scipy.sparse
import xarray as xr
from jaxtyping import Int

from neuroattr import activations, discovery, neighbours, papers, statistics
from neuroattr import corpus as corpora
from neuroattr.backbone import Backbone
from neuroattr.classifiers import WordClassifier
from neuroattr.corpus import Corpus
from neuroattr.discovery import Examples, Features, Protocol
from neuroattr.recorded import visualness
from neuroattr.recorded.words import learnable

PAPER = papers.constants("discovery")
LEFT_OUT = "pictures without activations, left out"


def load(name: str, network: Backbone, *, seed: int, pooling: str = "max") -> Recorded:
    """A corpus by name, recorded: ``Recorded.of(corpus.load(name, seed=seed), network)``."""
    return Recorded.of(corpora.load(name, seed=seed), network, pooling=pooling)


@dataclass(frozen=True, eq=False)
class Recorded:
    """N pictures with their words, and the activations of U units on them.

    Attributes
    ----------
    corpus
        The pictures that could be read; its report says which could not.
    recording
        ``activation[image, unit]`` of these pictures in their order, with the coordinates ``layer`` and ``channel``;
        read from disk when values are asked for. `responses` are the same in memory.
    bins, smoothing
        Of the histograms, as `discovery.unit_divergence` takes them: the constants of *Discovery*, if not given.
    progress
        Show a bar while words are measured, if there is a terminal.

    Raises
    ------
    ValueError
        A recording of other pictures, or in another order.
    """

    corpus: Corpus
    network: Backbone = field(repr=False)
    recording: xr.DataArray = field(repr=False)
    bins: int = PAPER.bins
    smoothing: str = PAPER.smoothing
    progress: bool = True
    _divergences: list[tuple[tuple[str, ...], xr.DataArray]] = field(init=False, default_factory=list, repr=False)
    _prime: dict[str, np.ndarray] = field(init=False, default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        if list(self.recording["image"].to_numpy()) != list(self.corpus.ids):
            raise ValueError(
                f"a recording must be of the {len(self.corpus)} pictures of its corpus, in their order; got "
                f"{self.recording.sizes['image']} pictures, not those: use Recorded.of(corpus, network), which records "
                "them"
            )

    @classmethod
    def of(cls, corpus: Corpus, network: Backbone, *, pooling: str = "max", progress: bool = True) -> Recorded:
        """A corpus through a network; activations are recorded, or read where they were recorded before.

        Pictures that cannot be read are left out, and stand in the report. `pooling` and `progress` are those of
        `activations.record`.
        """
        recording = activations.record(network, corpus, pooling=pooling, progress=progress)
        read = corpus.ids.isin(recording["image"].to_numpy())
        if not read.all():
            corpus = replace(corpus.subset(read), report={**corpus.report, LEFT_OUT: dict(recording.attrs["skipped"])})
        return cls(corpus, network, recording.sel(image=corpus.ids.to_numpy()), progress=progress)

    def __len__(self) -> int:
        return len(self.corpus)

    def __repr__(self) -> str:
        units = self.recording.sizes["unit"]
        return f"Recorded({len(self):,} pictures of {self.corpus.name} x {units:,} units of {self.network.title})"

    @cached_property
    def responses(self) -> xr.DataArray:
        """``activation[image, unit]`` in memory, N x U."""
        return self.recording.transpose("image", "unit").load()

    @cached_property
    def unit_layers(self) -> np.ndarray:
        """Layer of each unit: str [U]."""
        return self.recording["layer"].to_numpy()

    @cached_property
    def spaces(self) -> dict[str, np.ndarray]:
        """Features of each layer, shallow to deep: N x D."""
        return neighbours.spaces(self.responses)

    @cached_property
    def features(self) -> Features:
        """The responses as classifiers see them; inner products are made when first needed, and then shared."""
        train = np.flatnonzero(self.corpus.table["split"].to_numpy() == "train")
        return Features(self.responses.to_numpy(), train, True, 8 * len(self) ** 2 <= discovery.GRAM)

    def subset(self, rows: np.ndarray) -> Recorded:
        """Only these rows (positions or a bool mask), in that order."""
        corpus = self.corpus.subset(rows)
        held = vars(self).get("responses", self.recording)
        return replace(self, corpus=corpus, recording=held.sel(image=corpus.ids.to_numpy()))

    def part(self, split: str) -> Recorded:
        """Only the "train", "test" or "validation" pictures."""
        corpus = self.corpus.part(split)
        return self.subset(self.corpus.ids.get_indexer(corpus.ids))

    def with_mentions(self, mentions: np.ndarray | scipy.sparse.sparray) -> Recorded:
        """The same pictures with other mentions of the same words: what noisier texts would say of them."""
        other = replace(self, corpus=replace(self.corpus, mentions=scipy.sparse.csr_array(mentions)))
        vars(other).update(responses=self.responses, features=self.features)  # they do not depend on words
        return other

    def mentions(self, words: Sequence[str]) -> scipy.sparse.csr_array:
        """Which pictures mention which of these words: sparse bool N x W.

        Raises
        ------
        KeyError
            A word that the corpus has not, with the nearest ones.
        """
        for word in words:
            if word not in self.corpus.words:
                self.corpus.mention(word)  # says which words are near
        return self.corpus.mentions[:, [self.corpus.words.index(word) for word in words]]

    def frequent(self, *, at_least: float) -> list[str]:
        """Words that so many pictures have, and as many have not; most frequent first."""
        return [word for word, n in self.corpus.frequency.items() if at_least <= n <= len(self) - at_least]

    def learnable(self, *, at_least: int, among: Sequence[str] | None = None) -> list[str]:
        """Words that a classifier can be learned of and judged by, most frequent first.

        Parameters
        ----------
        at_least
            Every part needs so many pictures with the word, and as many without; see `words.learnable`.
        among
            Only these words; all of the corpus by default.
        """
        asked = set(self.corpus.words if among is None else among)
        return [word for word in learnable(self.corpus, at_least) if word in asked]

    def divergence(self, words: Sequence[str], *, match: Sequence[str] = ()) -> xr.DataArray:
        """Symmetric divergence in nats over all pictures, ``[word, unit]`` (*Discovery*, equation 1); kept.

        Parameters
        ----------
        words
            Words of the corpus, each with pictures on both sides.
        match
            Columns of the table ("category", "group") that pictures with and without a word shall be alike in.
        """
        words, match = list(words), _names(match)
        for matched, table in self._divergences:
            if matched == match and set(words) <= set(table["word"].to_numpy().tolist()):
                return table.sel(word=words)
        options: dict[str, Any] = {"bins": self.bins, "smoothing": self.smoothing, "words": words}
        strata, mentions = self._strata(match), self.mentions(words)
        if strata is None:
            divergence = discovery.unit_divergence(self.responses, mentions, **options)
        else:
            divergence = discovery.matched_divergence(self.responses, mentions, strata, **options)
        self._divergences.append((match, cast(xr.DataArray, divergence)))
        return self._divergences[-1][1]

    def scores(self, score: Callable[[np.ndarray, np.ndarray], np.ndarray], words: Sequence[str]) -> xr.DataArray:
        """Any score of positive and negative counts, ``[word, unit]``; see `discovery.unit_scores`."""
        mentions = self.mentions(words)
        scores = discovery.unit_scores(self.responses, mentions, score, bins=self.bins, words=list(words))
        return cast(xr.DataArray, scores)

    def chance(self, word: str) -> float:
        """Divergence in nats that a unit without any association to the word has on average."""
        positives = int(self.corpus.mention(word).sum())
        return float(statistics.null_divergence(positives, len(self) - positives, bins=self.bins))

    def prime_units(self, words: Sequence[str]) -> Int[np.ndarray, "W P"]:
        """Positions of the prime units of each word, by the divergence over the training pictures; kept.

        Notes
        -----
        *Discovery* sections 4.1 and 4.2; how many there are is the paper's constant.
        """
        new = [word for word in words if word not in self._prime]
        if new:
            train = self.features.train
            options: dict[str, Any] = {"bins": self.bins, "smoothing": self.smoothing, "words": new}
            scores = discovery.unit_divergence(self.features.values[train], self.mentions(new)[train], **options)
            prime = discovery.prime_units(scores, count=min(PAPER.prime_units, scores.shape[1]))
            self._prime.update(zip(new, prime, strict=True))
        return np.stack([self._prime[word] for word in words])

    def examples(self, words: Sequence[str], match: Sequence[str] = ()) -> Examples:
        """The pictures as `discovery.visualness` takes them; `match` names columns that both sides agree in."""
        strata = self._strata(match)
        return Examples(self.features.values, self.mentions(words), self.corpus.table["split"], words, strata)

    def classifier(
        self,
        word: str,
        *,
        seed: int,
        variant: str = "resample",
        match: Sequence[str] = (),
        protocol: Protocol | None = None,
    ) -> WordClassifier:
        """Learn to see a word from these pictures and the words said of them.

        Parameters
        ----------
        word
            One of the words, with pictures on both sides in each part.
        seed
            Of the balanced draw.
        variant
            "resample" (the paper's classifier), "random" (the baseline) or "initial" (on prime units alone).
        match
            Columns ("category", "group") that pictures with and without the word shall agree in.
        protocol
            Other choices than the default ones.

        Raises
        ------
        KeyError
            A word that the corpus has not, with the nearest ones.
        ValueError
            A word without contrast in some part, a column that is not there.

        Notes
        -----
        *Discovery* section 4.2. The log odds that `visualness` keeps are those of this classifier.
        """
        protocol, match = Protocol() if protocol is None else protocol, _names(match)
        examples, prime = self.examples([word], match), self.prime_units([word])[0]
        linear = discovery.word_classifier(examples, word, prime, variant=variant, protocol=protocol, seed=seed)
        recipe = {"seed": seed, "match": match, "protocol": dataclasses.asdict(protocol), "pictures": len(self)}
        return WordClassifier.of(linear, word, variant, self.corpus.name, self.network, recipe)

    def visualness(
        self, words: Sequence[str], *, protocol: Protocol, seed: int, match: Sequence[str] = ()
    ) -> xr.Dataset:
        """Visualness of words, read from the cache as far as it was measured before.

        Parameters
        ----------
        words
            Words of the corpus with pictures on both sides in every part (see `learnable`).
        protocol, seed, match
            As `classifier` takes them; what it raises is raised here.

        Returns
        -------
        visualness
            As `discovery.visualness`, and besides ``prime[word, rank]`` and ``log_odds[word, variant, image]``: the
            confidence of the first draw's classifiers for all pictures, those among them that they learned from, too.
        """
        return visualness.kept(self, [str(word) for word in words], protocol, seed, _names(match))

    def _strata(self, match: Sequence[str]) -> Int[np.ndarray, " N"] | None:
        """Number of the joint value of some columns for each picture; None for no column."""
        return self.corpus.strata(_names(match)) if match else None


def _names(match: Sequence[str]) -> tuple[str, ...]:
    return (match,) if isinstance(match, str) else tuple(match)
