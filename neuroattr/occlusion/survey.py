"""Saliency maps of many words in many pictures, each scored against the region that people marked."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
import xarray as xr
from PIL import Image

from neuroattr import saliency
from neuroattr.backbone import Backbone
from neuroattr.corpus import Corpus
from neuroattr.corpus.regions import WordRegions
from neuroattr.occlusion.gradients import smoothed_gradient
from neuroattr.occlusion.localiser import Localiser
from neuroattr.occlusion.pictures import displayed, picture

THINNED = 3  # every third pixel: where single units are compared, 64 for each target

Region = npt.NDArray[np.bool_]
Maps = npt.NDArray[np.floating]


@dataclass(frozen=True, eq=False)
class Target:
    """A word in a picture (by its id), and where people see it: bool [S, S]."""

    image: str
    word: str
    region: Region = field(repr=False)


def pairs(corpus: Corpus, words: Sequence[str], *, images: int, seed: int) -> list[tuple[str, str]]:
    """Pictures (ids) drawn at random for each word, with the word: whom to ask for a region, or which masks to take.

    Parameters
    ----------
    images : pictures drawn for each word from those that have it.
    seed : of the draw.

    Notes
    -----
    One random order of all pictures serves every word: each word gets the first of its own pictures. For each word
    that is a draw at random, and words share pictures, which are the expensive part.
    """
    order = np.random.default_rng(seed).permutation(len(corpus))
    rows = {word: order[corpus.mention(word)[order]][:images] for word in words}
    return [(corpus.ids[row], word) for word, drawn in rows.items() for row in drawn]


def targets(places: WordRegions, words: Sequence[str], *, side: int, images: int | None = None) -> list[Target]:
    """Regions of some words, resized to side x side pixels; those of one picture stand together.

    Parameters
    ----------
    places : boxes that people agreed on, or masks.
    images : the first so many pictures of each word; None for all.
    """
    rank = places.table.groupby("word").cumcount()
    kept = places.table["word"].isin(words) & ((rank < images) if images is not None else True)
    rows = [(row, places.masks[at]) for at, row in enumerate(places.table.itertuples()) if kept.iloc[at]]
    chosen = [Target(str(row.image), row.word, resized(mask, side)) for row, mask in rows]
    first = {target.image: -place for place, target in enumerate(reversed(chosen))}
    return sorted(chosen, key=lambda target: first[target.image])


def resized(region: Region, side: int) -> Region:
    """A mask H x W as one of side x side, each pixel that of the nearest; at least one pixel stays."""
    small = np.asarray(Image.fromarray(np.asarray(region, bool)).resize((side, side), Image.Resampling.NEAREST), bool)
    if not small.any():
        rows, columns = (int(axis.mean() * side / n) for axis, n in zip(np.nonzero(region), region.shape, strict=True))
        small = small.copy()
        small[rows, columns] = True
    return small


def survey(
    localiser: Localiser,
    corpus: Corpus,
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
    regions : from `targets`, those of one picture together.
    counts : numbers of units (K), the largest not above ``localiser.count``.
    thresholds : at which a map is cut for its overlap.

    Returns
    -------
    scores
        Dimension ``target`` with the coordinates ``image``, ``word`` and ``share`` (of salient pixels: what average
        precision is by chance), and ``K``:

        ``precision[target, K]``, ``overlap[target, K, threshold]``, ``compactness[target, K]`` of equation 5.
        ``spread[target, K]``
            `saliency.compactness` of the map stretched to 0..1: maps of many units have a floor far above 0.
        ``random[target, K]``
            Precision of as many units drawn at random, alike weighted, the same for every word.
        ``other[target, K]``
            Precision, for this region, of the maps of another word, drawn at random for each picture among those that
            are not said of it.
        ``single[target, unit]``, ``thinned[target, K]``
            Precision of each of the word's units alone, and of the first K together, on every third pixel.
    """
    counts, cuts = sorted(counts), np.asarray(thresholds, float)
    drawn = np.random.default_rng(seed).permutation(len(localiser.net.units))[: localiser.count]
    by_image: dict[str, list[Target]] = {}
    for target in regions:
        by_image.setdefault(target.image, []).append(target)
    others = _others(corpus, localiser.divergence["word"].to_numpy(), by_image, seed)
    asked = {
        image: localiser.asked([others[image], *(target.word for target in own)], besides=drawn)
        for image, own in by_image.items()
    }
    rows, even = [], np.ones(len(drawn))
    answers = localiser.recorded(corpus, asked, progress=progress)
    for (image, own), answer in zip(by_image.items(), answers, strict=True):
        maps = localiser.unit_maps(answer)
        besides = {
            "random": saliency.saliency_maps(maps[np.searchsorted(asked[image], drawn)], even, counts=counts),
            "other": localiser.saliency(maps, asked[image], others[image], counts=counts),
        }
        rows += [_scored(localiser, target, maps, asked[image], besides, counts, cuts) for target in own]
    dims = dict.fromkeys(rows[0], ("K",)) | {"single": ("unit",), "overlap": ("K", "threshold")}
    found = {name: (("target", *own), np.array([row[name] for row in rows])) for name, own in dims.items()}
    coordinates = labels(regions) | {"K": counts, "threshold": cuts}
    return xr.Dataset(found, coords=coordinates, attrs={"network": localiser.net.title})


def labels(regions: Sequence[Target]) -> dict[str, Any]:
    """Coordinates of the dimension ``target``: image, word, and share of salient pixels."""
    return {
        "image": ("target", [target.image for target in regions]),
        "word": ("target", [target.word for target in regions]),
        "share": ("target", [target.region.mean() for target in regions]),
    }


def exhibit(
    localisers: Mapping[str, Localiser], corpus: Corpus, target: Target, *, counts: Sequence[int]
) -> dict[str, Any]:
    """What a gallery shows of a target: its ``picture`` (uint8 [S, S, 3]), ``maps`` and ``captions``, their scores.

    Maps are named by network and K: ``{"pre-trained, K = 8": float [S, S]}``; of one network by K alone.
    """
    image = corpus.image(target.image)
    maps: dict[str, Maps] = {}
    for name, localiser in localisers.items():
        found = localiser.located(image, [target.word], counts=counts)[0].to_numpy()
        named = f"{name}, " if len(localisers) > 1 else ""
        maps |= {f"{named}K = {count}": each for count, each in zip(counts, found, strict=True)}
    captions = {name: f"AP {saliency.average_precision(each, target.region):.2f}" for name, each in maps.items()}
    shown = displayed(localiser.net, picture(localiser.net, image, side=localiser.side))
    return {"picture": shown, "maps": maps, "captions": captions}


def apart(regions: Callable[[str], Mapping[str, Region]], images: Sequence[str]) -> Callable[[str, str], bool]:
    """Whether the regions of two words mostly lie apart in these pictures: ``apart(word, other)``.

    Parameters
    ----------
    regions : ``regions(id)[word]``: masks of what a picture shows (``corpus.truth.regions``).

    Notes
    -----
    Apart means: where both are seen, less than a tenth of the smaller one lies in the other, on average. Two words that
    are never seen together are not apart: nothing says that they are.
    """
    seen = [regions(image) for image in images]

    def lie_apart(word: str, other: str) -> bool:
        both = [(masks[word], masks[other]) for masks in seen if word in masks and other in masks]
        shares = [(a & b).sum() / max(1, min(a.sum(), b.sum())) for a, b in both]
        return bool(shares) and float(np.mean(shares)) < 0.1

    return lie_apart


def gradients(
    net: Backbone,
    corpus: Corpus,
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
    net : a network whose outputs are words: the attribute-tuned one.
    outputs : its words in the order of its logits.
    side, sigmas : of the picture, and of the Gaussian filters, pixels.
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


def _others(
    corpus: Corpus, words: npt.NDArray[np.str_], by_image: Mapping[str, Sequence[Target]], seed: int
) -> dict[str, str]:
    """For each picture a word that is not said of it, nor is any of its targets."""
    random, said = np.random.default_rng([seed, 1]), {word: corpus.mention(word) for word in words}
    rows = dict(zip(corpus.ids, range(len(corpus)), strict=True))
    found = {}
    for image, own in by_image.items():
        there = {target.word for target in own} | {word for word in words if said[word][rows[image]]}
        free = [word for word in words if word not in there]
        found[image] = str(random.choice(free or list(words)))
    return found


def _scored(
    localiser: Localiser,
    target: Target,
    maps: Maps,
    units: npt.NDArray[np.int_],
    besides: Mapping[str, Maps],
    counts: Sequence[int],
    thresholds: npt.NDArray[np.floating],
) -> dict[str, Any]:
    """Scores of one target; `besides` are maps that know nothing of its word."""
    region, thin = target.region, (..., *[slice(THINNED // 2, None, THINNED)] * 2)
    found = localiser.saliency(maps, units, target.word, counts=counts)
    alone = maps[np.searchsorted(units, localiser.units(target.word))]
    return {
        "precision": saliency.average_precision(found, region),
        "overlap": saliency.overlaps(found, region, thresholds=thresholds),
        "compactness": saliency.compactness(found),
        "spread": saliency.compactness(np.stack([_stretched(each) for each in found])),
        **{name: saliency.average_precision(each, region) for name, each in besides.items()},
        "single": _thinned(alone, region, thin),
        "thinned": _thinned(found, region, thin),
    }


def _thinned(maps: Maps, region: Region, thin: tuple[Any, ...]) -> npt.NDArray[np.floating]:
    """Precision on some of the pixels; NaN where none of them is in the region."""
    if not region[thin].any():
        return np.full(len(maps), np.nan)
    return saliency.average_precision(np.ascontiguousarray(maps[thin]), region[thin])


def _stretched(values: Maps) -> Maps:
    """Values from 0 to 1, as saliency maps have them."""
    span = np.ptp(values)
    return np.asarray((values - values.min()) / (span if span > 0 else 1))
