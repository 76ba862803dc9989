"""Where in a picture a word's units look: few pictures that serve all words, one pass of occluders for each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from PIL import Image

from neuroattr import occlusion, saliency
from neuroattr.backbone import Backbone
from neuroattr.corpus import Corpus


@dataclass(frozen=True)
class Place:
    """Saliency maps of a word in one picture.

    Attributes
    ----------
    shown
        What the network looked at.
    maps
        float [H, W], by number K of units that were accumulated.
    """

    id: str
    shown: Image.Image
    maps: dict[int, np.ndarray] = field(repr=False)


def chosen_pictures(candidates: Mapping[str, Sequence[str]], *, each: int) -> dict[str, list[str]]:
    """For every word `each` of its candidates (or all, if it has fewer), so that few pictures serve all words.

    `candidates` are ids by word, the best first.

    Notes
    -----
    Greedy cover: the picture that serves most words that still lack one; of equals the one that stands higher among
    the candidates of those words, then the one that comes first. A word's pictures keep the order of its candidates.
    """
    places = {word: {id: place for place, id in enumerate(ids)} for word, ids in candidates.items()}
    chosen: dict[str, list[str]] = {word: [] for word in candidates}

    def serves(id: str) -> list[str]:
        return [w for w, at in places.items() if id in at and id not in chosen[w] and len(chosen[w]) < each]

    while True:
        served = {id: serves(id) for at in places.values() for id in at}
        best = max(served, key=lambda id: (len(served[id]), -sum(places[w][id] for w in served[id])), default=None)
        if best is None or not served[best]:
            return {word: sorted(ids, key=places[word].__getitem__) for word, ids in chosen.items()}
        for word in served[best]:
            chosen[word].append(best)


def salient_places(
    net: Backbone,
    corpus: Corpus,
    chosen: Mapping[str, Sequence[str]],
    divergence: Mapping[str, np.ndarray],
    settings: saliency.Occlusion,
    *,
    counts: Sequence[int],
    mean: torch.Tensor,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> dict[str, list[Place]]:
    """Saliency maps of every word in its pictures; each picture passes through the network once, for all words.

    Parameters
    ----------
    chosen
        Ids by word, from `chosen_pictures`.
    divergence
        Of all units of the network, in its order, by word: float [U].
    counts
        Numbers K of units.
    mean
        From `occlusion.mean_picture`.
    watch
        Wraps the pictures, for a progress bar.

    Notes
    -----
    *Discovery*, equation 5. Only the units that some word needs for a picture are read.
    """
    prime = {word: np.argsort(-scores, kind="stable")[: max(counts)] for word, scores in divergence.items()}
    shown: dict[str, dict[str, Place]] = {word: {} for word in chosen}
    for id in watch(list(dict.fromkeys(id for ids in chosen.values() for id in ids))):
        words = [word for word, ids in chosen.items() if id in ids]
        image = corpus.image(id)
        read = net.units.iloc[np.unique(np.concatenate([prime[word] for word in words]))]
        responses = occlusion.responses(net, occlusion.picture(net, image), mean, read, settings, progress=False)
        for word in words:
            own = responses.of(prime[word].tolist())
            response_maps = saliency.unit_maps(own.maps, settings, side=own.side, clean=own.clean)
            maps = saliency.saliency_maps(response_maps, divergence[word][prime[word]], counts=counts)
            shown[word][id] = Place(id, net.preprocess.picture(image), dict(zip(counts, maps, strict=True)))
    return {word: [shown[word][id] for id in ids] for word, ids in chosen.items()}
