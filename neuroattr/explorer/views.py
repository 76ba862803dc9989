"""A word at a layer, ready to be looked at: its prime units, their histograms, and the pictures that excite them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from neuroattr import discovery, statistics
from neuroattr.explorer.pictures import Thumbnails
from neuroattr.recorded import Recorded


@dataclass(frozen=True)
class View:
    """What there is to see of a word at a layer (or in the whole network).

    Attributes
    ----------
    layer
        Empty for the whole network.
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


def view(recorded: Recorded, word: str, layer: str = "", *, count: int = 3, across: int = 6) -> View:
    """The ``count`` prime units of a word at a layer (or anywhere); the ``across`` pictures that excite each most.

    Parameters
    ----------
    recorded
        All of its pictures are looked at: pass ``recorded.part("train")`` to look at those.

    Raises
    ------
    KeyError
        A word that the corpus has not, with the nearest ones.
    ValueError
        A layer that the network has not.
    """
    layers = recorded.unit_layers
    there = np.flatnonzero(layers == layer) if layer else np.arange(len(layers))
    if not len(there):
        raise ValueError(f"wanted one of the layers {', '.join(dict.fromkeys(layers))}; got {layer!r}")
    scores = recorded.divergence([word]).sel(word=word).to_numpy()[there]
    units = there[discovery.prime_units(scores, count=min(count, len(there)))]
    values = recorded.responses.to_numpy()[:, units]
    codes, _ = statistics.unit_codes(values, bins=recorded.bins)
    mention = recorded.corpus.mention(word)[:, None]
    positive, negative = (statistics.word_counts(codes, side, bins=recorded.bins)[0] for side in (mention, ~mention))
    channels = recorded.responses["channel"].to_numpy()[units]
    titles = tuple(f"{layers[unit]} · {channel}" for unit, channel in zip(units, channels, strict=True))
    strongest = np.argsort(-values, axis=0, kind="stable")[:across].T
    return View(word, layer, units, titles, positive, negative, strongest)


def word_at_layer(recorded: Recorded, word: str, layer: str) -> dict[str, Any]:
    """The arguments of `neuroattr.figures.word_layer`: divergence, prime units and pictures of a word at a layer."""
    shown = view(recorded, word, layer)
    return {
        "divergence": recorded.divergence([word]).sel(word=word).to_numpy(),
        "layers": recorded.unit_layers,
        "positive": shown.positive,
        "negative": shown.negative,
        "pictures": Thumbnails(recorded.corpus).grid(shown.strongest),
        "word": word,
        "chosen": layer,
        "titles": shown.titles,
        "expected": recorded.chance(word),
    }


def description(recorded: Recorded, word: str, layer: str) -> str:
    """What the figure of a word at a layer shows, in words, for readers who do not see it."""
    here = recorded.divergence([word]).sel(word=word).to_numpy()
    largest = {name: float(here[recorded.unit_layers == name].max()) for name in dict.fromkeys(recorded.unit_layers)}
    strongest = max(largest, key=largest.__getitem__)
    return (
        f"“{word}” at {layer}: the best unit there diverges by {largest[layer]:.2f} nats, chance gives"
        f" {recorded.chance(word):.2f}; the best of all, {largest[strongest]:.2f}, is in {strongest}. Below: histograms"
        f" of the three prime units of {layer}, and the images that excite each most."
    )
