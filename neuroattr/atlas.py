"""Words, units and the images that excite them, ready to be looked at: one word at one layer at a time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import xarray as xr
from PIL import Image

from neuroattr import discovery, statistics
from neuroattr.corpus import Corpus

THUMBNAIL = 120  # pixels: as large as a strip of six is shown, twice over for fine screens


@dataclass(frozen=True)
class View:
    """What there is to see of a word at a layer (or in the whole network).

    Attributes
    ----------
    word, layer : str
        ``layer`` is empty for the whole network.
    units : int [K]
        Positions of the units of largest divergence, largest first.
    titles : [K] of str
        Their layers and channels.
    positive, negative : int [K, B]
        Images with and without the word in each bin of each unit.
    strongest : int [K, M]
        Rows of the corpus with the largest responses, strongest first.
    """

    word: str
    layer: str
    units: np.ndarray
    titles: tuple[str, ...]
    positive: np.ndarray
    negative: np.ndarray
    strongest: np.ndarray


@dataclass(frozen=True)
class Atlas:
    """The divergence of all words and units over one corpus, and the way back from a unit to its images.

    Parameters
    ----------
    corpus : Corpus
        The N images, in the order of the rows of ``responses``.
    responses : DataArray activation[image, unit]
        In memory, with the coordinates ``layer`` and ``channel``.
    words : sequence of str
        Among those of the corpus; each needs images on both sides.
    bins, smoothing
        As `neuroattr.discovery.unit_divergence` takes them.

    Raises
    ------
    ValueError
        If the images of the two differ.
    """

    corpus: Corpus
    responses: xr.DataArray = field(repr=False)
    words: Sequence[str] = field(repr=False)
    bins: int
    smoothing: str = "pooled"

    def __post_init__(self):
        if list(self.responses.image.to_numpy()) != list(self.corpus.ids):
            raise ValueError(
                f"an atlas wants the responses to the {len(self.corpus)} images of its corpus, in their order; got "
                f"{self.responses.sizes['image']} others: select them with responses.sel(image=corpus.ids)"
            )

    def __repr__(self) -> str:
        units = self.responses.sizes["unit"]
        return f"Atlas({len(self.words)} words x {units:,} units, {len(self.corpus):,} images of {self.corpus.name})"

    @cached_property
    def layers(self) -> np.ndarray:
        """Layer of each unit: str [U]."""
        return self.responses.layer.to_numpy()

    @cached_property
    def mentions(self):
        """Which images have which of the atlas's words: sparse bool [N, W]."""
        return self.corpus.mentions[:, [self.corpus.words.index(word) for word in self.words]]

    @cached_property
    def divergence(self) -> xr.DataArray:
        """Symmetric divergence in nats: [word, unit] (Discovery, equation 1)."""
        options = {"bins": self.bins, "smoothing": self.smoothing, "words": list(self.words)}
        return discovery.unit_divergence(self.responses, self.mentions, **options)

    def scores(self, score) -> xr.DataArray:
        """Any score of positive and negative counts, [word, unit]; see `neuroattr.discovery.unit_scores`."""
        return discovery.unit_scores(self.responses, self.mentions, score, bins=self.bins, words=list(self.words))

    def chance(self, word: str) -> float:
        """Divergence in nats that a unit without any association to the word has on average."""
        positives = int(self.corpus.mention(word).sum())
        return float(statistics.null_divergence(positives, len(self.corpus) - positives, bins=self.bins))

    def view(self, word: str, layer: str = "", *, count: int = 3, across: int = 6) -> View:
        """The ``count`` prime units of a word at a layer (or anywhere); the ``across`` images that excite each most."""
        there = np.flatnonzero(self.layers == layer) if layer else np.arange(len(self.layers))
        if not len(there):
            raise ValueError(f"no layer {layer!r}; the atlas has {', '.join(dict.fromkeys(self.layers))}")
        scores = self.divergence.sel(word=word).to_numpy()[there]
        units = there[discovery.prime_units(scores, count=min(count, len(there)))]
        values = self.responses.to_numpy()[:, units]
        _, edges = statistics.unit_codes(values, bins=self.bins)
        tally = statistics.unit_counts(values, self.corpus.mention(word)[:, None], edges=edges)
        positive, negative = tally.words[0], tally.negatives[0]
        channels = self.responses.channel.to_numpy()[units]
        titles = tuple(f"{self.layers[unit]} · {channel}" for unit, channel in zip(units, channels, strict=True))
        strongest = np.argsort(-values, axis=0, kind="stable")[:across].T
        return View(word, layer, units, titles, positive, negative, strongest)

    def pictures(self, view: View) -> list[list[Image.Image]]:
        """Thumbnails of a view's strongest images, one row a unit."""
        return [[self.thumbnail(int(row)) for row in rows] for rows in view.strongest]

    def thumbnail(self, row: int) -> Image.Image:
        """The picture of one row, its longer side ``THUMBNAIL`` pixels; kept, because units share their images."""
        kept = self._thumbnails
        if row not in kept:
            picture = self.corpus.image(row)
            picture.thumbnail((THUMBNAIL, THUMBNAIL), Image.Resampling.LANCZOS)
            kept[row] = picture
        return kept[row]

    @cached_property
    def _thumbnails(self) -> dict[int, Image.Image]:
        return {}

    def leaf(self, word: str, layer: str) -> dict:
        """The arguments of `neuroattr.figures.word_layer`: what the explorer shows of a word at a layer."""
        view = self.view(word, layer)
        return {
            "divergence": self.divergence.sel(word=word).to_numpy(),
            "layers": self.layers,
            "positive": view.positive,
            "negative": view.negative,
            "pictures": self.pictures(view),
            "word": word,
            "chosen": layer,
            "titles": view.titles,
            "expected": self.chance(word),
        }

    def description(self, word: str, layer: str) -> str:
        """What a leaf shows, in words, for readers who do not see it."""
        here = self.divergence.sel(word=word).to_numpy()
        best = {name: float(here[self.layers == name].max()) for name in dict.fromkeys(self.layers)}
        strongest = max(best, key=best.get)
        return (
            f"“{word}” at {layer}: the best unit there diverges by {best[layer]:.2f} nats, chance gives"
            f" {self.chance(word):.2f}; the best of all, {best[strongest]:.2f}, is in {strongest}. Below: histograms"
            f" of the three prime units of {layer}, and the images that excite each most."
        )
