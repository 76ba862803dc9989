"""Saliency maps of many words in many pictures, each scored against the region that people marked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
import xarray as xr
from PIL import Image

from neuroattr import saliency
from neuroattr.occlusion.gradients import smoothed_gradient
from neuroattr.occlusion.localiser import Localiser
from neuroattr.occlusion.scenes import picture

THINNED = 3  # every third pixel: where single units are compared, 64 for each target


@dataclass(frozen=True, eq=False)
class Target:
    """A word in a picture (by its id), and where people see it: bool [S, S]."""

    image: str
    word: str
    region: np.ndarray = field(repr=False)


def pairs(corpus, words: Sequence[str], *, images: int, seed: int) -> list[tuple[str, str]]:
    """Pictures (ids) drawn at random for each word, with the word: whom to ask for a region, or which masks to take.

    Parameters
    ----------
    images
        Pictures drawn for each word from those that have it.
    seed
        Of the draw.

    Notes
    -----
    One random order of all pictures serves every word: each word gets the first of its own pictures. For each word
    that is a draw at random, and words share pictures, which are the expensive part.
    """
    order = np.random.default_rng(seed).permutation(len(corpus))
    rows = {word: order[corpus.mention(word)[order]][:images] for word in words}
    return [(corpus.ids[row], word) for word, drawn in rows.items() for row in drawn]


def targets(places, words: Sequence[str], *, side: int) -> list[Target]:
    """Regions of some words, resized to side x side pixels; those of one picture stand together.

    Parameters
    ----------
    places
        A `corpus.regions.Places`: boxes that people agreed on, or masks.
    """
    rows = zip(places.found.itertuples(), places.masks, strict=True)
    chosen = [Target(str(row.image), row.word, resized(mask, side)) for row, mask in rows if row.word in set(words)]
    first = {target.image: -place for place, target in enumerate(reversed(chosen))}
    return sorted(chosen, key=lambda target: first[target.image])


def resized(region: np.ndarray, side: int) -> np.ndarray:
    """A mask H x W as one of side x side, each pixel that of the nearest; at least one pixel stays."""
    small = np.asarray(Image.fromarray(np.asarray(region, bool)).resize((side, side), Image.Resampling.NEAREST), bool)
    if not small.any():
        rows, columns = (int(axis.mean() * side / n) for axis, n in zip(np.nonzero(region), region.shape, strict=True))
        small = small.copy()
        small[rows, columns] = True
    return small


def survey(
    localiser: Localiser,
    corpus,
    regions: Sequence[Target],
    *,
    counts: Sequence[int],
    thresholds: Sequence[float],
    seed: int,
    progress: bool = True,
) -> xr.Dataset:
    """Scores of the maps of every target for every K.

    Parameters
    ----------
    regions
        From `targets`, those of one picture together.
    counts
        Numbers of units (K), the largest not above ``localiser.count``.
    thresholds
        At which a map is cut for its overlap.
    seed
        Of the random units.

    Returns
    -------
    scores
        Dimension ``target`` with the coordinates ``image``, ``word`` and ``share`` (of salient pixels: what average
        precision is by chance), and ``K``:

        ``precision[target, K]``, ``overlap[target, K, threshold]``, ``compactness[target, K]``
            Of equation 5.
        ``random[target, K]``
            Precision of as many units drawn at random, alike weighted, the same for every word.
        ``other[target]``
            Mean precision, for this region, of the maps of the picture's *other* words at the largest K; NaN where it
            has none.
        ``single[target, unit]``, ``thinned[target, K]``
            Precision of each of the word's units alone, and of the first K together, on every third pixel.
    """
    counts, thresholds = sorted(counts), np.asarray(thresholds, float)
    drawn = np.random.default_rng(seed).permutation(len(localiser.net.units))[: localiser.count]
    by_image = {}
    for target in regions:
        by_image.setdefault(target.image, []).append(target)
    asked = {image: localiser.asked([target.word for target in own], besides=drawn) for image, own in by_image.items()}
    rows = []
    answers = localiser.recorded(corpus, asked, progress=progress)
    for (image, own), answer in zip(by_image.items(), answers, strict=True):
        maps = localiser.unit_maps(answer)
        rows += _scored(localiser, own, maps, asked[image], drawn, counts, thresholds)
    dims = {"precision": "K", "random": "K", "compactness": "K", "thinned": "K", "single": "unit"}
    found = {
        name: (("target", *([dims[name]] if name in dims else [])), np.array([row[name] for row in rows]))
        for name in rows[0]
        if name != "overlap"
    }
    found["overlap"] = (("target", "K", "threshold"), np.array([row["overlap"] for row in rows]))
    coordinates = labels(regions) | {"K": counts, "threshold": thresholds}
    return xr.Dataset(found, coords=coordinates, attrs={"network": localiser.net.title})


def labels(regions: Sequence[Target]) -> dict:
    """Coordinates of the dimension ``target``: image, word, and share of salient pixels."""
    return {
        "image": ("target", [target.image for target in regions]),
        "word": ("target", [target.word for target in regions]),
        "share": ("target", [target.region.mean() for target in regions]),
    }


def gradients(
    net,
    corpus,
    regions: Sequence[Target],
    outputs: Sequence[str],
    *,
    side: int,
    sigmas: Sequence[float],
    thresholds: Sequence[float],
) -> xr.Dataset:
    """Scores of the baseline: ``precision[target]`` and ``overlap[target, threshold]`` of the smoothed gradient.

    Parameters
    ----------
    net
        A network whose outputs are words: the attribute-tuned one.
    outputs
        Its words in the order of its logits.
    side, sigmas
        Of the picture, and of the Gaussian filters, pixels.
    """
    place = {word: position for position, word in enumerate(outputs)}
    shown: dict[str, torch.Tensor] = {}
    precision, overlap = [], []
    for target in regions:
        if target.image not in shown:
            shown = {target.image: picture(net, corpus.image(target.image), side=side)}
        found = smoothed_gradient(net, shown[target.image], place[target.word], sigmas=sigmas)
        precision.append(float(saliency.average_precision(found, target.region)))
        overlap.append(saliency.overlaps(_stretched(found), target.region, thresholds=np.asarray(thresholds)))
    values = {"precision": ("target", precision), "overlap": (("target", "threshold"), np.array(overlap))}
    return xr.Dataset(values, coords=labels(regions) | {"threshold": np.asarray(thresholds, float)})


def chance(regions: Sequence[Target]) -> xr.Dataset:
    """What needs no network: ``share`` of salient pixels, and ``centre``, the precision of a Gaussian in the middle."""
    prior = saliency.centre_prior(regions[0].region.shape)
    centre = [float(saliency.average_precision(prior, target.region)) for target in regions]
    share = [target.region.mean() for target in regions]
    named = {name: values for name, values in labels(regions).items() if name != "share"}
    return xr.Dataset({"share": ("target", share), "centre": ("target", centre)}, coords=named)


def _scored(localiser, own, maps, units, drawn, counts, thresholds) -> list[dict]:
    """Scores of the targets of one picture."""
    found = {target.word: localiser.saliency(maps, units, target.word, counts=counts) for target in own}
    chosen = maps[np.searchsorted(units, drawn)]
    blind = saliency.accumulated(chosen, np.ones(len(chosen)), counts=counts)
    rows = []
    for target in own:
        map_, region, thin = found[target.word], target.region, (..., *[slice(THINNED // 2, None, THINNED)] * 2)
        others = [saliency.average_precision(found[word][-1], region) for word in found if word != target.word]
        alone = maps[np.searchsorted(units, localiser.units(target.word))]
        usable = region[thin].any()
        rows.append(
            {
                "precision": saliency.average_precision(map_, region),
                "overlap": saliency.overlaps(map_, region, thresholds=thresholds),
                "compactness": saliency.compactness(map_),
                "random": saliency.average_precision(blind, region),
                "other": float(np.mean(others)) if others else np.nan,
                "single": _thinned(alone, region, thin) if usable else np.full(len(alone), np.nan),
                "thinned": _thinned(map_, region, thin) if usable else np.full(len(counts), np.nan),
            }
        )
    return rows


def _thinned(maps, region, thin) -> np.ndarray:
    return saliency.average_precision(np.ascontiguousarray(maps[thin]), region[thin])


def _stretched(values: np.ndarray) -> np.ndarray:
    """Values from 0 to 1, as saliency maps have them."""
    span = np.ptp(values)
    return (values - values.min()) / (span if span > 0 else 1)
