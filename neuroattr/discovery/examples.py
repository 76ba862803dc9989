"""Images as classifiers see them: activations, mentions and splits, balanced draws, standardised features."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse
import xarray as xr
from jaxtyping import Bool, Float, Int, Real

from neuroattr.checks import coded, finite, mentioned, plain, require
from neuroattr.statistics import balanced
from neuroattr.statistics.blocks import unit_blocks

SPLITS = ("train", "validation", "test")

GRAM = 2**31
"""Bytes that the inner products of all images may take (16,384 images); beyond, they are computed word by word."""

LOADED = 1024
"""Units whose activations are held in double precision at a time."""


@dataclass(frozen=True, eq=False)
class Examples:
    """Images with their activations, the words of their texts, and the split each belongs to.

    Parameters
    ----------
    values
        Activations, images by units; an array or ``activation[image, unit]``.
    mentions
        Images by words, scipy sparse or an array; whatever is not zero is a mention.
    split
        "train", "validation" or "test" of each image.
    words
        Names of the words.
    strata
        A label for each image (category, or category and brand), or None. With labels, both sides of every draw have
        the same distribution of them; what cannot be matched is left out.

    Raises
    ------
    ValueError
        Shapes that do not fit, another split, activations that are not finite, words that a split has none of or
        nothing but.
    """

    values: Real[np.ndarray, "N U"] | xr.DataArray
    mentions: Any
    split: Sequence[str] | np.ndarray
    words: Sequence[str]
    strata: Sequence[object] | np.ndarray | None = None

    def __post_init__(self) -> None:
        require(np.ndim(self.values) == 2, f"values must be images x units; got shape {np.shape(self.values)}")
        n_images = len(self.values)
        mentions = mentioned(self.mentions)
        require(
            mentions.shape == (n_images, len(self.words)),
            f"mentions must be {n_images} images x {len(self.words)} words; got shape {mentions.shape}",
        )
        split = plain(self.split, name="split").astype(str)
        require(
            split.shape == (n_images,) and set(split) <= set(SPLITS),
            f"split must say {', '.join(SPLITS)} for each of {n_images} images; got {len(split)} of {set(split)}",
        )
        if self.strata is not None:
            require(len(self.strata) == n_images, f"strata must hold a label for each of {n_images} images")
            object.__setattr__(self, "strata", coded(self.strata, name="strata"))
        object.__setattr__(self, "values", finite(self.values, name="values"))
        object.__setattr__(self, "mentions", scipy.sparse.csc_array(mentions != 0))
        object.__setattr__(self, "split", split)
        object.__setattr__(self, "words", tuple(map(str, self.words)))
        self._check_words()

    def _check_words(self) -> None:
        for split in SPLITS:
            inside = self.mentions[np.flatnonzero(self.split == split)]
            n_positive = np.asarray(inside.sum(axis=0)).ravel()
            useless = np.flatnonzero((n_positive == 0) | (n_positive == inside.shape[0]))
            named = ", ".join(self.words[w] for w in useless[:5])
            require(
                not useless.size,
                f"{useless.size} word(s) have no contrast among the {inside.shape[0]} {split} images "
                f"({named}{', ...' if useless.size > 5 else ''}); leave them out",
            )

    def mention(self, word: int) -> Bool[np.ndarray, " N"]:
        """Which images mention the word of this position."""
        column: np.ndarray = self.mentions[:, [word]].toarray()[:, 0]
        return column

    def generator(self, word: int, *numbers: int, seed: int) -> np.random.Generator:
        """Random numbers of this word's name, whatever its position and the other words are."""
        return np.random.default_rng([seed, zlib.crc32(self.words[word].encode()), *numbers])

    def drawn(self, word: int, draw: int, *, seed: int) -> dict[str, Int[np.ndarray, " n"]]:
        """Rows of a balanced draw of each split, the positives in the first half.

        Notes
        -----
        A draw depends on seed, number and the word's name, not on which other words there are; every method that is
        given the same three judges the same images.

        Raises
        ------
        ValueError
            Strata that leave nothing of a split.
        """
        random = self.generator(word, draw, seed=seed)
        mention = self.mention(word)
        rows = {}
        for split in SPLITS:
            inside = np.flatnonzero(self.split == split)
            positives, negatives = balanced(
                mention[inside], None if self.strata is None else np.asarray(self.strata)[inside], random=random
            )
            require(
                len(positives) > 0,
                f"no stratum of the {split} images has images with {self.words[word]!r} and without it; leave the "
                "word out, or match by less",
            )
            rows[split] = inside[np.concatenate([positives, negatives])]
        return rows


@dataclass(frozen=True, eq=False)
class Features:
    """Activations as classifiers see them: centred, and divided by their standard deviation if asked.

    Parameters
    ----------
    values
        Activations, images by units.
    train
        Rows that mean and standard deviation are taken from: the training split as a whole, so that they are the same
        for every word and one matrix of inner products serves all of them.
    standardised
        Divide by the standard deviation; a unit that is constant there stays 0.
    shared
        Compute the inner products of all images at once, on first use.
    """

    values: Real[np.ndarray, "N U"]
    train: Int[np.ndarray, " n"]
    standardised: bool
    shared: bool

    @classmethod
    def of(cls, examples: Examples, *, standardised: bool, shared: bool) -> "Features":
        """Features of these images; mean and standard deviation of their training split."""
        return cls(np.asarray(examples.values), np.flatnonzero(examples.split == "train"), standardised, shared)

    @cached_property
    def mean(self) -> Float[np.ndarray, " U"]:
        """Mean of each unit."""
        mean: np.ndarray = self.values[self.train].mean(axis=0, dtype=np.float64)
        return mean

    @cached_property
    def scale(self) -> Float[np.ndarray, " U"]:
        """What each centred unit is divided by."""
        if not self.standardised:
            return np.ones(self.values.shape[1])
        deviation = np.concatenate(
            [
                self.values[self.train, units].std(axis=0, dtype=np.float64)
                for units in unit_blocks(self.values.shape[1])
            ]
        )
        return np.where(deviation > 0, deviation, 1)

    def rows(self, rows: np.ndarray, units: np.ndarray | slice = slice(None)) -> Float[np.ndarray, "n u"]:
        """Features of some images and units."""
        index = (rows, units) if isinstance(units, slice) else np.ix_(rows, units)
        features: np.ndarray = (self.values[index] - self.mean[units]) / self.scale[units]
        return features

    def products(self, left: np.ndarray, right: np.ndarray) -> Float[np.ndarray, "n m"]:
        """Inner products of the features of two sets of images."""
        if self.shared:
            products: np.ndarray = self._all_products[np.ix_(left, right)]
            return products
        return sum(
            (
                self.rows(left, units) @ self.rows(right, units).T
                for units in unit_blocks(self.values.shape[1], size=LOADED)
            ),
            np.zeros(()),
        )

    @cached_property
    def _all_products(self) -> Float[np.ndarray, "N N"]:
        products = np.zeros((len(self.values), len(self.values)))
        for units in unit_blocks(self.values.shape[1], size=LOADED):
            block = self.rows(np.arange(len(self.values)), units)
            products += block @ block.T
        return products
