"""Divergence against images that are alike in category and shop, for all words at once."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import Any

import numpy as np
import scipy.sparse
import xarray as xr
from jaxtyping import Bool, Float, Int, Real

from neuroattr import statistics
from neuroattr.checks import coded, require
from neuroattr.discovery.divergence import Score, by_image, checked_mentions, left_out, scored, scores_by_block
from neuroattr.statistics.blocks import unit_blocks
from neuroattr.statistics.counts import weighted_counts

ROUNDING = 1e-9
"""Weighted counts below this are what is left of a difference that is zero; the smallest true one is 1 / N."""

STRATA = 512
"""Strata whose counts are held at a time: 17 MB for a block of 128 units and 32 bins."""


@dataclass(frozen=True, eq=False)
class Matching:
    """What matching by strata leaves of each word's images, and how the negatives are weighted.

    Attributes
    ----------
    kept
        Positives in a stratum (a category, or a category and a shop) that also has images without the word.
    strata
        Number of the stratum of each image.
    positives, negatives
        Images with and without the word by word and stratum, only where both are there.
    mentioned
        All positives of each word.
    words
        Names of the words, or None.
    """

    kept: scipy.sparse.csc_array = field(repr=False)
    strata: Int[np.ndarray, " N"] = field(repr=False)
    positives: Int[np.ndarray, "W S"] = field(repr=False)
    negatives: Int[np.ndarray, "W S"] = field(repr=False)
    mentioned: Int[np.ndarray, " W"] = field(repr=False)
    words: tuple[str, ...] | None = field(default=None, repr=False)

    def __repr__(self) -> str:
        matched = self.positives.sum() / max(1, self.mentioned.sum())
        n_words, n_strata = self.positives.shape
        return f"Matching({n_words} words, {n_strata} strata, {matched:.0%} of mentions matched)"

    @property
    def matched(self) -> Int[np.ndarray, " W"]:
        """Positives of each word that are kept."""
        matched: Int[np.ndarray, " W"] = self.positives.sum(axis=1)
        return matched

    @property
    def unmatched(self) -> Float[np.ndarray, " W"]:
        """Share of each word's positives that could not be matched and are left out."""
        share: Float[np.ndarray, " W"] = 1 - self.matched / self.mentioned
        return share

    @cached_property
    def effective(self) -> Float[np.ndarray, " W"]:
        """Number of equally weighted negatives that would be as certain as the weighted ones (Kish); 0 for none."""
        with np.errstate(divide="ignore", invalid="ignore"):
            squares = np.where(self.negatives > 0, self.positives**2 / self.negatives, 0.0).sum(axis=1)
            return np.where(squares > 0, self.matched**2 / squares, 0.0)

    @cached_property
    def weights(self) -> Float[np.ndarray, "W S"]:
        """Weight of each negative by word and stratum; those of a word add up to ``effective``."""
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(self.negatives > 0, self.positives / self.negatives, 0.0)
            return np.where(self.matched[:, None] > 0, ratio * (self.effective / self.matched)[:, None], 0.0)


def matching(mentions: Any, strata: Sequence[object] | np.ndarray, *, words: Sequence[str] | None = None) -> Matching:
    """Which positives of each word have images without the word in their stratum.

    Parameters
    ----------
    mentions
        Images by words, scipy sparse or an array; whatever is not zero is a mention.
    strata
        A label for each image: category, or category and shop (`neuroattr.corpus.Corpus.strata` makes it).
    words
        Names of the words.

    Raises
    ------
    ValueError
        Another number of labels than images; words that no image has, or that all have.

    Examples
    --------
    >>> has = np.array([[True], [False], [False], [True], [True]])
    >>> matches = matching(has, ["dress", "dress", "dress", "boots", "dress"])
    >>> matches.matched, matches.unmatched.round(2), matches.effective  # no boots without the word
    (array([2]), array([0.33]), array([2.]))
    """
    strata = coded(strata, name="strata")
    require(strata.ndim == 1, f"strata must be one label for each image; got shape {strata.shape}")
    mentions = checked_mentions(mentions, len(strata), words)
    mentioned = np.asarray(mentions.sum(axis=0)).ravel().astype(np.int64)
    size = np.bincount(strata)
    positives = (mentions.T.astype(np.int64) @ _indicator(strata, np.arange(len(size)))).toarray()
    negatives = size - positives
    both = (positives > 0) & (negatives > 0)
    used = np.flatnonzero(both.any(axis=0))
    number = np.full(len(size), -1)
    number[used] = np.arange(len(used))
    where = np.repeat(np.arange(mentions.shape[1]), np.diff(mentions.indptr))
    stays = both[where, strata[mentions.indices]]
    kept = scipy.sparse.csc_array(
        (np.ones(stays.sum(), bool), (mentions.indices[stays], where[stays])), shape=mentions.shape
    )
    inside = both[:, used]
    return Matching(
        kept, number[strata], np.where(inside, positives[:, used], 0), np.where(inside, negatives[:, used], 0),
        mentioned, None if words is None else tuple(map(str, words)),
    )  # fmt: skip


def matched_divergence(
    values: Real[np.ndarray, "N U"] | xr.DataArray,
    mentions: Any,
    strata: Sequence[object] | np.ndarray,
    *,
    bins: int,
    smoothing: str = "pooled",
    kind: str = "quantile",
    words: Sequence[str] | None = None,
) -> Float[np.ndarray, "W U"] | xr.DataArray:
    """Divergence in nats of every unit between images with a word and images without it that are alike in strata.

    Parameters
    ----------
    values, mentions, bins, smoothing, kind, words
        As `unit_divergence` takes them.
    strata
        A label for each image, see `matching`.

    Returns
    -------
    divergence
        ``[word, unit]``; labelled if `values` are. `matching` says what was left out of each word.

    Raises
    ------
    ValueError
        As `unit_divergence`, and words none of whose images can be matched.

    Notes
    -----
    Equation 1 of *Discovery* with another D-: a negative of stratum s counts with weight n+(s) / n-(s), so that both
    sides have the same distribution of strata, that of the positives. Positives in strata that have no negative are
    left out. The weights are scaled to the effective number of negatives, (sum)^2 / sum of squares, so that smoothing
    and the correction for chance know how little many negatives may say; with one stratum for all, the result is that
    of `unit_divergence`. Bins are those of all images. What a category or a shop explains does not count for the
    word: the price is that a word which *is* a category ("analogue") is left with few images.
    """
    score = partial(statistics.symmetric_kl, smoothing=smoothing)
    divergence = matched_scores(values, mentions, strata, score, bins=bins, kind=kind, words=words)
    return divergence.rename("divergence") if isinstance(divergence, xr.DataArray) else divergence


def matched_scores(
    values: Real[np.ndarray, "N U"] | xr.DataArray,
    mentions: Any,
    strata: Sequence[object] | np.ndarray,
    score: Score,
    *,
    bins: int,
    kind: str = "quantile",
    words: Sequence[str] | None = None,
) -> Float[np.ndarray, "W U"] | xr.DataArray:
    """Any score of positive and matched negative counts, as `unit_scores` gives it of plain ones.

    `score` takes counts ``[word, unit, bin]``, those of the negatives weighted and so not whole:
    `neuroattr.statistics.corrected_divergence` and `count_auc` take them, a chi-square test does not.

    Notes
    -----
    ``corrected_divergence`` takes off ``(B - 1) (1 / n+ + 1 / n-)`` with the effective n-. Words dealt out at random
    within strata (`shuffled_within`) have a little less than that, because strata are more uniform than their union.

    The counts of the weighted negatives are ``R T - C``: T the counts of each stratum, R the weights by word and
    stratum, C the weighted counts of the word's own images. One matrix product for all words, whatever the number of
    negatives.
    """
    matches = matching(mentions, strata, words=words)
    n_images, n_strata = len(by_image(values)), len(matches.strata)
    require(
        n_images == n_strata,
        f"values and strata must have the same number of images; got {n_images} and {n_strata}"
        f"{left_out(n_strata, n_images, values)}",
    )
    lost = np.flatnonzero(matches.matched == 0)
    named = ", ".join(str(words[w] if words is not None else w) for w in lost[:5])
    require(
        not lost.size,
        f"{lost.size} word(s) have no image in a stratum that also has images without the word ({named}"
        f"{', ...' if lost.size > 5 else ''}); leave them out, or match by less",
    )
    member = _indicator(matches.strata, np.arange(matches.positives.shape[1]))
    where = np.repeat(np.arange(len(matches.mentioned)), np.diff(matches.kept.indptr))
    own = matches.weights[where, matches.strata[matches.kept.indices]]

    def score_block(codes: np.ndarray) -> np.ndarray:
        positive = statistics.word_counts(codes, matches.kept, bins=bins)
        negative = -weighted_counts(codes, matches.kept.indices, own, matches.kept.indptr, bins=bins)
        for some in unit_blocks(member.shape[1], size=STRATA):
            counts = statistics.word_counts(codes, member[:, some], bins=bins).astype(np.float64)
            negative += (matches.weights[:, some] @ counts.reshape(len(counts), -1)).reshape(negative.shape)
        negative[negative < ROUNDING] = 0
        return scored(positive, negative, score)

    return scores_by_block(values, score_block, n_words=len(matches.mentioned), bins=bins, kind=kind, words=words)


def shuffled_within(mentions: Any, strata: Sequence[object] | np.ndarray, *, seed: int) -> scipy.sparse.csr_array:
    """Mentions dealt out anew among the images of each stratum: what matched scores are of words that mean nothing.

    All words of an image move together, which keeps how often each word is said in each stratum, and with which
    others.

    Raises
    ------
    ValueError
        Another number of labels than images.
    """
    strata = coded(strata, name="strata")
    mentions = scipy.sparse.csr_array(mentions)
    require(mentions.shape[0] == len(strata), f"strata must hold a label for each of {mentions.shape[0]} images")
    shuffled = np.random.default_rng(seed).permutation(len(strata))
    order = np.empty(len(strata), np.int64)
    order[np.argsort(strata, kind="stable")] = shuffled[np.argsort(strata[shuffled], kind="stable")]
    return mentions[order]


def _indicator(strata: Int[np.ndarray, " N"], numbers: Int[np.ndarray, " S"]) -> Bool[scipy.sparse.csc_array, "N S"]:
    """Which images belong to which stratum; images of none (-1) have an empty row."""
    rows = np.flatnonzero(strata >= 0)
    return scipy.sparse.csc_array((np.ones(len(rows), bool), (rows, strata[rows])), shape=(len(strata), len(numbers)))
