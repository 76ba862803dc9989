"""Scores of many regions averaged over the pictures of each tag, then over tags, with resamples of the pictures."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import xarray as xr
from jaxtyping import Bool, Int, Real

from neuroattr import statistics
from neuroattr.checks import require, same_length
from neuroattr.statistics import Estimate


@dataclass(frozen=True, eq=False)
class TagMeans:
    """Means over tags, of whatever else the scores have (network, number of units, threshold), and their resamples.

    Attributes
    ----------
    value
        The means.
    draws
        The same of each resample of pictures, dimension ``draw`` first.
    n
        Pictures that were resampled.
    drawn
        What the resamples depend on: pictures, number of draws, seed.
    """

    value: xr.DataArray
    draws: xr.DataArray
    n: int
    drawn: tuple[object, ...] = field(repr=False)

    def __sub__(self, other: "TagMeans") -> "TagMeans":
        """Difference of two means over the *same* resamples, so that what is hard in both cancels.

        Raises
        ------
        ValueError
            Means over other pictures, or with another seed or number of draws.
        """
        require(self.drawn == other.drawn, "a paired difference needs the same pictures, draws and seed in both means")
        return TagMeans(self.value - other.value, self.draws - other.draws, self.n, self.drawn)

    def estimate(
        self, statistic: Callable[[xr.DataArray], xr.DataArray] = lambda mean: mean, *, level: float = 0.95
    ) -> Estimate:
        """A number made of the means, with its interval: ``estimate(lambda m: m.sel(K=64) - m.sel(K=1))`` is paired.

        Raises
        ------
        ValueError
            A statistic that leaves more than one number.
        """
        value, draws = statistic(self.value), statistic(self.draws)
        require(
            value.ndim == 0 and draws.dims == ("draw",),
            f"statistic must leave one number; dimensions {list(value.dims)} are left: choose one with .sel",
        )
        return statistics.percentile_estimate(float(value), draws.to_numpy(), n=self.n, level=level)

    def band(self, *, level: float = 0.95) -> xr.Dataset:
        """``value``, ``low`` and ``high`` of every mean."""
        low, high = (self.draws.quantile(q, "draw").drop_vars("quantile") for q in ((1 - level) / 2, (1 + level) / 2))
        return xr.Dataset({"value": self.value, "low": low, "high": high})


def tag_means(scores: xr.DataArray, *, draws: int, seed: int) -> TagMeans:
    """Mean over the pictures of each tag, then over tags; *pictures* are resampled, each with all of its tags.

    Parameters
    ----------
    scores
        Has the dimension ``target`` (a tag in a picture) with the coordinates ``image`` and ``word``, and any others.
    draws, seed
        Resamples.

    Notes
    -----
    Tags of one picture share its light, pose and clutter; to resample targets would take them for independent. Tags
    stay as they are: the interval is about other pictures, not about other tags. A tag without any picture in a
    resample is left out of it.
    """
    pictures, picture = np.unique(scores["image"].to_numpy(), return_inverse=True)
    tags, tag = np.unique(scores["word"].to_numpy(), return_inverse=True)
    values = scores.transpose("target", ...)
    flat = values.to_numpy().reshape(len(values), -1).astype(np.float64)
    often = statistics.resampled_counts(len(pictures), draws=draws, seed=seed)
    weights = np.concatenate([np.ones((1, len(pictures))), often])[:, picture]  # the first: each picture once
    by_tag = np.full((len(tags), len(weights), flat.shape[1]), np.nan)
    for place in range(len(tags)):
        rows = np.flatnonzero(tag == place)
        total = weights[:, rows].sum(axis=1)
        drawn = total > 0
        by_tag[place, drawn] = weights[drawn][:, rows] @ flat[rows] / total[drawn, None]
    means = np.nanmean(by_tag, axis=0).reshape(len(weights), *values.shape[1:])
    kept = values.isel(target=0, drop=True).drop_vars(["image", "word"], errors="ignore")
    value = kept.copy(data=means[0])
    return TagMeans(value, kept.expand_dims(draw=draws).copy(data=means[1:]), len(pictures), (*pictures, draws, seed))


def enough_units(means: xr.DataArray, *, share: float) -> xr.DataArray:
    """Smallest K (a coordinate of `means`) whose mean reaches this share of the best one."""
    reached = means >= share * means.max("K")
    return means["K"].isel(K=reached.argmax("K")).drop_vars("K")


def best_on_others(precision: Real[np.ndarray, "N C"], words: np.ndarray, images: np.ndarray) -> Int[np.ndarray, " N"]:
    """For each target the candidate with the best mean precision on the *other* pictures of its word.

    Parameters
    ----------
    precision
        Of each candidate (a unit of the word) on each target.
    words, images
        Of each target; the candidates of a word are the same in all its targets.

    Notes
    -----
    A unit chosen on the picture it is scored on would win by chance. Where a word has one picture only, the first
    candidate stands in.
    """
    same_length(precision=precision, words=words, images=images)
    words, images = np.asarray(words), np.asarray(images)
    best = np.zeros(len(precision), np.int64)
    for row, (word, image) in enumerate(zip(words, images, strict=True)):
        others = (words == word) & (images != image)
        if others.any():
            best[row] = precision[others].mean(axis=0).argmax()
    return best


def co_occurring(
    mentions: Bool[np.ndarray, "N W"], words: Sequence[str], apart: Callable[[str, str], bool], *, lift: float
) -> dict[str, str]:
    """For each word the other one that is mentioned with it most often beyond chance, if there is one.

    Parameters
    ----------
    mentions
        Which pictures have which word.
    apart
        Whether the regions of two words lie apart from each other.
    lift
        How many times as often as by chance the two must stand together.

    Notes
    -----
    The "distractor" of *Discovery* section 6: legs go with shorts, so a detector of legs passes for one of shorts. A
    word's units cannot tell it from that other one, unless its region is the same anyway.
    """
    mentions = np.asarray(mentions, float)
    n, times = len(mentions), mentions.sum(axis=0)
    ratio = n * (mentions.T @ mentions) / np.maximum(np.outer(times, times), 1)
    partner = {}
    for row, word in enumerate(words):
        for other in np.argsort(-ratio[row], kind="stable"):
            if ratio[row, other] < lift:
                break
            if other != row and apart(word, words[other]):
                partner[word] = words[other]
                break
    return partner
