"""The divergence of every unit for every word, and the prime units it names."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np
import scipy.sparse
import xarray as xr
from jaxtyping import Float, Int, Real

from neuroattr import statistics
from neuroattr.checks import array, mentioned, plain, real, require
from neuroattr.statistics.blocks import UNITS, in_threads, unit_blocks
from neuroattr.statistics.codes import check_finite

Score = Callable[[np.ndarray, np.ndarray], np.ndarray | np.float64]
"""Positive and negative counts, both ``[word, unit, bin]``, to a score ``[word, unit]``."""

LOADED = 2**28
"""Bytes of activations read at a time where they lie on disk."""

CELLS = 2**17
"""Histogram cells scored at a time: 1 MB of float64, half the time of arrays that leave the second-level cache."""


def unit_divergence(
    values: Real[np.ndarray, "N U"] | xr.DataArray,
    mentions: Any,
    *,
    bins: int,
    smoothing: str = "pooled",
    kind: str = "quantile",
    words: Sequence[str] | None = None,
) -> Float[np.ndarray, "W U"] | xr.DataArray:
    """Divergence in nats of every unit's activations between images with and without every word.

    Parameters
    ----------
    values
        Activations, images by units: an array, or ``activation[image, unit]`` whose unit coordinates (layer, channel)
        the result keeps; it may lie on disk.
    mentions
        Images by words, scipy sparse or an array; whatever is not zero is a mention.
    bins, kind
        Histogram bins, as `neuroattr.statistics.unit_codes` takes them.
    smoothing
        Treatment of empty bins, as `neuroattr.statistics.symmetric_kl` takes it.
    words
        Names of the words; with labelled `values` they become the coordinate ``word``.

    Returns
    -------
    divergence
        ``[word, unit]``; labelled if `values` are.

    Raises
    ------
    ValueError
        Words that no image has, or that all have; another number of images in `mentions`; values that are not finite.

    Notes
    -----
    Equation 1 of *Discovery*, ``S_i(u | D) = KL(P+_i || P-_i) + KL(P-_i || P+_i)`` over the images D given here.
    """
    score = partial(statistics.symmetric_kl, smoothing=smoothing)
    divergence = unit_scores(values, mentions, score, bins=bins, kind=kind, words=words)
    return divergence.rename("divergence") if isinstance(divergence, xr.DataArray) else divergence


def unit_scores(
    values: Real[np.ndarray, "N U"] | xr.DataArray,
    mentions: Any,
    score: Score,
    *,
    bins: int,
    kind: str = "quantile",
    words: Sequence[str] | None = None,
) -> Float[np.ndarray, "W U"] | xr.DataArray:
    """Any score of positive and negative counts for every word and unit: what `unit_divergence` is made of.

    `score` takes counts with and without the word, both ``[word, unit, bin]`` for some of the units, and returns
    ``[word, unit]``: `neuroattr.statistics.corrected_divergence`, `count_auc`, or
    ``lambda p, n: chi_square(p, n).pvalue``.

    Notes
    -----
    Goes block by block of units: memory stays at one block's counts a core (8 MB for 250 words and 32 bins), where
    the counts of 9,568 units take 612 MB.
    """
    values = by_image(values)
    n_images = len(values)
    mentions = checked_mentions(mentions, n_images, words, recording=values)
    # The last column is "all images", whose counts are the totals.
    everyone = scipy.sparse.csc_array(np.ones((n_images, 1), bool))
    columns = scipy.sparse.hstack([mentions, everyone], format="csc")

    def score_block(codes: np.ndarray) -> np.ndarray:
        counts = statistics.word_counts(codes, columns, bins=bins)
        return scored(counts[:-1], counts[-1:], lambda positive, totals: score(positive, totals - positive))

    return scores_by_block(values, score_block, n_words=mentions.shape[1], bins=bins, kind=kind, words=words)


def scores_by_block(
    values: Real[np.ndarray, "N U"] | xr.DataArray,
    score_block: Callable[[np.ndarray], np.ndarray],
    *,
    n_words: int,
    bins: int,
    kind: str,
    words: Sequence[str] | None,
) -> Float[np.ndarray, "W U"] | xr.DataArray:
    """Scores ``[word, unit]`` of all units from ``score_block(codes [N, u]) -> [W, u]``, some units at a time.

    Labelled where `values` are; those may lie on disk.

    Raises
    ------
    ValueError
        Values of another shape, or not finite.
    """
    values = by_image(values)
    scores = np.empty((n_words, values.shape[1]))
    held = max(UNITS, LOADED // (8 * len(values)) // UNITS * UNITS)
    for loaded in unit_blocks(values.shape[1], size=held):
        activations = values[:, loaded].to_numpy() if isinstance(values, xr.DataArray) else values[:, loaded]
        check_finite(activations, first_unit=loaded.start)

        def code_and_score(
            block: slice, activations: np.ndarray = activations, scores: np.ndarray = scores[:, loaded]
        ) -> None:
            codes, _ = statistics.unit_codes(activations[:, block], bins=bins, kind=kind)
            scores[:, block] = score_block(codes)

        in_threads(code_and_score, unit_blocks(activations.shape[1]))
    if not isinstance(values, xr.DataArray):
        return scores
    unit_coordinates = values.isel({values.dims[0]: 0}, drop=True).coords
    labelled = xr.DataArray(scores, dims=("word", values.dims[1]), coords=unit_coordinates)
    return labelled if words is None else labelled.assign_coords(word=list(words))


def prime_units(divergence: Float[np.ndarray, "*W U"] | xr.DataArray, *, count: int) -> Int[np.ndarray, "*W count"]:
    """Positions of the `count` units of largest divergence, largest first, for one word ``[U]`` or each ``[W, U]``.

    Equal divergences keep the order of the units.

    Raises
    ------
    ValueError
        More units asked for than there are, or fewer than one; NaN.

    Notes
    -----
    *Discovery* section 4.1 calls them prime units; its initial classifiers see 100 of 9,568.

    Examples
    --------
    >>> prime_units(np.array([0.1, 0.9, 0.5, 0.9]), count=3)
    array([1, 3, 2])
    """
    if isinstance(divergence, xr.DataArray) and "unit" in divergence.dims:
        divergence = divergence.transpose(..., "unit")
    divergence = real(divergence, name="divergence")
    if divergence.ndim not in (1, 2):
        raise ValueError(f"divergence must be units, or words x units; got shape {divergence.shape}")
    if not 1 <= count <= divergence.shape[-1]:
        raise ValueError(f"count must be between 1 and the {divergence.shape[-1]} units; got {count}")
    n_nan = int(np.isnan(divergence).sum())
    if n_nan:
        raise ValueError(f"divergence has {n_nan} NaN, which no order can place; choose another smoothing than 'drop'")
    return np.argsort(-divergence, axis=-1, kind="stable")[..., :count]


def by_image(values: Any) -> np.ndarray | xr.DataArray:
    """Activations as images x units; labelled ones are turned where they name their dimensions the other way round.

    Raises
    ------
    ValueError
        Another number of dimensions.
    TypeError
        Values that are no real numbers, a sparse matrix.
    """
    if not isinstance(values, xr.DataArray):
        return array(values, name="values", dimensions="images x units")
    require(
        values.ndim == 2,
        f"values must be images x units; got {' x '.join(map(str, values.dims))} of shape {values.shape}",
    )
    if values.dtype.kind not in "fiub":
        raise TypeError(f"values must be real numbers; got dtype {values.dtype}. Convert it with astype(float)")
    return values.transpose() if values.dims[0] == "unit" or values.dims[1] == "image" else values


def scored(first: np.ndarray, second: np.ndarray, score: Score) -> np.ndarray:
    """Scores [W, u] of two counts, each [W or 1, u, B], few units at a time: temporaries stay in the nearer caches."""
    size = max(1, CELLS // max(1, first.shape[0] * first.shape[2]))
    parts = [score(first[:, units], second[:, units]) for units in unit_blocks(first.shape[1], size=size)]
    return np.concatenate(parts, axis=1)


def checked_mentions(
    mentions: Any, n_images: int, words: Sequence[str] | None, *, recording: Any = None
) -> scipy.sparse.csc_array:
    """Mentions as bool columns, each with images that have the word and images that have not.

    With the `recording` that they belong to, an error about their number names the pictures it left out, and labelled
    mentions must be of its pictures in their order.
    """
    mentions, ids = _by_image(mentions)
    if mentions.ndim != 2 or mentions.shape[0] != n_images:
        raise ValueError(
            f"mentions must be images x words with {n_images} images like values; got {mentions.shape}"
            f"{left_out(mentions.shape[0] if mentions.ndim == 2 else 0, n_images, recording)}"
        )
    _check_order(ids, recording)
    if words is not None and len(words) != mentions.shape[1]:
        raise ValueError(f"words must name each of the {mentions.shape[1]} columns of mentions; got {len(words)}")
    mentions = scipy.sparse.csc_array(mentions != 0)
    n_positive = np.asarray(mentions.sum(axis=0)).ravel()
    useless = np.flatnonzero((n_positive == 0) | (n_positive == n_images))
    if useless.size:
        named = ", ".join(str(words[w] if words is not None else w) for w in useless[:5])
        raise ValueError(
            f"{useless.size} word(s) occur with none or with all of the {n_images} images and diverge from nothing "
            f"({named}{', ...' if useless.size > 5 else ''}); leave them out"
        )
    return mentions


def _by_image(mentions: Any) -> tuple[Any, np.ndarray | None]:
    """Mentions as images x words, and the ids of their images where they name them: a DataFrame, a labelled array."""
    ids = None
    if isinstance(mentions, xr.DataArray):
        mentions = mentions.transpose() if mentions.ndim == 2 and mentions.dims[1] == "image" else mentions
        ids = mentions["image"].to_numpy() if "image" in mentions.coords else None
    elif hasattr(mentions, "iloc") and getattr(mentions.index, "name", None) == "image":
        ids = mentions.index.to_numpy()
    return mentioned(mentions), ids


def left_out(n_given: int, n_images: int, recording: Any) -> str:
    """What to say and do where a recording of `n_images` lacks pictures that mentions or strata still have."""
    skipped = getattr(recording, "attrs", {}).get("skipped", {})
    if not skipped or n_given != n_images + len(skipped):
        return ""
    first, reason = next(iter(skipped.items()))
    return (
        f". {len(skipped)} pictures could not be read and are not in the recording (see attrs['skipped']; {first}: "
        f"{reason}). Go on with the others: corpus = corpus.subset(corpus.ids.isin(values['image'].values))"
    )


def _check_order(ids: np.ndarray | None, recording: Any) -> None:
    """Raise ValueError where mentions name other images than the recording, or in another order."""
    if ids is None or not isinstance(recording, xr.DataArray) or "image" not in recording.coords:
        return
    wanted = plain(recording["image"], name="image").astype(str)
    other = np.flatnonzero(wanted != ids.astype(str))
    require(
        not other.size,
        f"mentions must be of the images of values in their order; {other.size} of {len(wanted)} differ, the first at "
        f"row {other[0] if other.size else ''}. Take them in that order: mentions.loc[values['image'].values]",
    )
