"""The explorer's panels as markup: bars by layer, prime units, saliency, and what the classifier expects."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from neuroattr.explorer.evidence import best_by_chance, resampled_interval
from neuroattr.explorer.pictures import Pictures
from neuroattr.explorer.places import Place
from neuroattr.explorer.predictions import Prediction
from neuroattr.explorer.views import view
from neuroattr.recorded import Recorded
from neuroattr.statistics import symmetric_kl

KEYS = {
    "bars": "<span class='chance'>ground: chance</span> <span class='length'>bar: best unit</span> <span class='range'>"
    "line: its 95 % interval</span>",
    "units": "<span class='with'>P⁺, solid: with the word</span> <span class='without'>P⁻, dashed: without</span>",
    "places": "test images with the word in their text; yellow where hiding matters most",
    "ends": "<span class='with'>solid frame: word in the text</span> <span class='without'>dashed: not in it</span>",
}


def heading(words: str, key: str) -> str:
    """Heading of a panel, with the key to its signs."""
    return f"<h3 class='panel'>{html.escape(words)}</h3><p class='key'>{KEYS[key]}</p>"


@dataclass(frozen=True)
class Unit:
    """A unit's divergence for a word, with its interval, histograms and strongest images."""

    title: str
    value: float
    low: float
    high: float
    positive: np.ndarray
    negative: np.ndarray
    strongest: np.ndarray

    def __str__(self) -> str:
        return f"{self.value:.2f} [{self.low:.2f}, {self.high:.2f}]"


@dataclass(frozen=True)
class WordPanels:
    """HTML of each panel for each choice.

    Parameters
    ----------
    recorded
        The training images.
    words
        Those that can be chosen.
    pictures
        Of the whole corpus.
    predictions, places
        By word.
    seed
        Of the resampling behind the intervals.
    count, across
        Prime units of a layer, and strongest images of each, that are shown.
    """

    recorded: Recorded
    words: Sequence[str]
    pictures: Pictures
    predictions: Mapping[str, Prediction]
    places: Mapping[str, Sequence[Place]]
    seed: int
    count: int = 3
    across: int = 6
    _units: dict[tuple[str, str], list[Unit]] = field(default_factory=dict, repr=False)

    @cached_property
    def layers(self) -> list[str]:
        """Layers of the network, shallow to deep."""
        return list(dict.fromkeys(self.recorded.unit_layers))

    @cached_property
    def scale(self) -> float:
        """Largest divergence of any unit for any word: one scale for all bars."""
        return 1.08 * float(self.recorded.divergence(self.words).max())

    def sides(self, word: str) -> tuple[int, int]:
        """Images with and without a word."""
        positives = int(self.recorded.corpus.mention(word).sum())
        return positives, len(self.recorded) - positives

    def chance(self, word: str, layer: str) -> float:
        """What the best unit of a layer stays below, in 95 of 100 layers, if nothing is associated with the word."""
        return best_by_chance(*self.sides(word), bins=self.recorded.bins, units=self._width(layer))

    def units(self, word: str, layer: str) -> list[Unit]:
        """The prime units of a word at a layer, the best first."""
        if (word, layer) not in self._units:
            self.recorded.divergence(self.words)  # of all words in one pass
            prime = view(self.recorded, word, layer, count=self.count, across=self.across)
            smoothing = self.recorded.smoothing
            low, high = resampled_interval(prime.positive, prime.negative, smoothing=smoothing, seed=self.seed)
            value = np.atleast_1d(symmetric_kl(prime.positive, prime.negative, smoothing=smoothing))
            self._units[word, layer] = [
                Unit(*unit)
                for unit in zip(
                    prime.titles, value, low, high, prime.positive, prime.negative, prime.strongest, strict=True
                )
            ]
        return self._units[word, layer]

    def by_layer(self, *, word: str) -> str:
        """Table with a bar for each layer: best unit, interval, and what chance gives the best of as many."""
        rows = []
        for layer in self.layers:
            best, chance = self.units(word, layer)[0], self.chance(word, layer)
            rows.append(
                f"<tr data-layer='{html.escape(layer)}'><th scope='row'>{html.escape(layer)}</th>"
                f"<td class='bar'>{self._bar(best, chance)}</td><td class='number'>{best}</td>"
                f"<td class='number'>{chance:.2f}</td></tr>"
            )
        positives, negatives = self.sides(word)
        name = html.escape(word)
        images = f"{positives:,} training images with the word, {negatives:,} without"
        caption = f"“{name}”: divergence in nats of the best unit of each layer; {images}"
        head = f"<th scope='col'>Layer</th><th scope='col'>0 to {self.scale:.1f} nats</th>"
        head += "<th scope='col'>best unit</th><th scope='col'>chance below</th>"
        return (
            f"<table class='by-layer'><caption>{caption}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody></table>"
        )

    def prime_units(self, *, layer: str, word: str) -> str:
        """Histograms of the prime units of a layer, and the images that excite each most."""
        units = self.units(word, layer)
        rows = "".join(self._unit(unit, word) for unit in units)
        return f"<p class='say'>{self.sentence(word, layer)}</p>{rows}"

    def sentence(self, word: str, layer: str) -> str:
        """What there is to see at a layer, in words."""
        best, chance = self.units(word, layer)[0], self.chance(word, layer)
        than = "more than" if best.low > chance else "not clearly more than" if best.high > chance else "less than"
        return (
            f"<strong>“{html.escape(word)}” at {html.escape(layer)}</strong>: the best of {self._width(layer):,} units "
            f"(channel {html.escape(best.title.split(' · ')[1])}) diverges by {best} nats: {than} the best of as many "
            f"units reaches by chance ({chance:.2f})."
        )

    def salient(self, *, k: str, word: str) -> str:
        """Pictures of the word, and under each the map of its K prime units."""
        shown = []
        for place in self.places[word]:
            title = self.pictures.title(place.id)
            heat = place.maps[int(k)]
            small = float((heat - heat.min() > (heat.max() - heat.min()) / 2).mean())
            says = f"{_whereabouts(heat)}; {small:.0%} of the picture lies above half of the map’s range"
            alt = f"Where {k} of the units of “{word}” look in {title}: {says}"
            whole = self.pictures.thumbnail(place.id, f"{title}, with “{word}”")
            map_ = self.pictures.overlay(place.id, f"{word}-{k}", place.shown, heat, alt)
            words = f"{html.escape(title)}: {html.escape(says)}"
            shown.append(f"<figure class='place'>{whole}{map_}<figcaption>{words}</figcaption></figure>")
        return "".join(shown) or "<p>No test image has this word.</p>"

    def predicted(self, *, word: str) -> str:
        """The test images that the word's classifier believes most and least."""
        prediction, count = self.predictions[word], 2 * self.across
        rows = []
        ranked = prediction.log_odds.index
        for name, ids in (("Most", ranked[:count]), ("Least", ranked[::-1][:count])):
            said = int(prediction.said[ids].sum())
            images = "".join(self._framed(id, word, bool(prediction.said[id])) for id in ids)
            words = f"{name} predicted: {said} of {len(ids)} have “{html.escape(word)}” in their text"
            strip = f"<div class='strip'>{images}</div>"
            rows.append(f"<figure class='ends'><figcaption>{words}</figcaption>{strip}</figure>")
        of = f"accuracy on balanced test images {prediction.accuracy}; {len(ranked):,} test images ranked"
        return f"<p>Classifier of “{html.escape(word)}”: {html.escape(of)}.</p>{''.join(rows)}"

    def _width(self, layer: str) -> int:
        """Number of units of a layer."""
        return int((self.recorded.unit_layers == layer).sum())

    def _unit(self, unit: Unit, word: str) -> str:
        corpus = self.recorded.corpus
        said = corpus.mention(word)
        images = "".join(self._framed(corpus.ids[row], word, bool(said[row])) for row in unit.strongest)
        middle = [int(np.searchsorted(side.cumsum(), side.sum() / 2)) + 1 for side in (unit.positive, unit.negative)]
        bins = f"bin {middle[0]} of {len(unit.positive)}, without it in bin {middle[1]}"
        alt = f"{unit.title}: the middle image with the word lies in {bins}"
        return (
            f"<figure class='unit'><figcaption><strong>{html.escape(unit.title)}</strong> {unit} nats</figcaption>"
            f"{_histogram(unit.positive, unit.negative, alt)}<div class='strip'>{images}</div></figure>"
        )

    def _framed(self, id: str, word: str, said: bool) -> str:
        alt = f"{self.pictures.title(id)}, {'with' if said else 'without'} “{word}”"
        return self.pictures.thumbnail(id, alt, kind="with" if said else "without")

    def _bar(self, best: Unit, chance: float) -> str:
        low, value, high, bound = (round(100 * x / self.scale, 1) for x in (best.low, best.value, best.high, chance))
        return (
            "<svg viewBox='0 0 100 10' preserveAspectRatio='none' aria-hidden='true'>"
            f"<path class='chance' d='M0 0H{bound}V10H0z'/><path class='length' d='M0 5H{value}'/>"
            f"<path class='range' d='M{low} 5H{high}'/><path class='value' d='M{value} 1V9'/></svg>"
        )


def _histogram(positive: np.ndarray, negative: np.ndarray, alt: str) -> str:
    """Two stepped outlines of mass 1, on one scale."""
    shares = {"without": negative / negative.sum(), "with": positive / positive.sum()}
    top = max(float(share.max()) for share in shares.values())
    lines = "".join(f"<path class='{name}' d='{_steps(share / top)}'/>" for name, share in shares.items())
    return (
        f"<svg class='histogram' viewBox='0 0 {len(positive)} 100' preserveAspectRatio='none' role='img' "
        f"aria-label='{html.escape(alt)}'>{lines}</svg>"
    )


def _steps(heights: np.ndarray) -> str:
    return "M0 100" + "".join(f"V{100 - round(97 * height)}h1" for height in heights.tolist()) + "V100"


def _whereabouts(heat: np.ndarray) -> str:
    """Where the peak of a map lies, in words."""
    row, column = np.unravel_index(heat.argmax(), heat.shape)
    down = ("upper", "middle", "lower")[min(3 * row // heat.shape[0], 2)]
    across = ("left", "centre", "right")[min(3 * column // heat.shape[1], 2)]
    return f"peak in the {down} {across}" if (down, across) != ("middle", "centre") else "peak in the centre"
