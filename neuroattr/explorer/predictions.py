"""What the classifier of each word makes of the test images."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from neuroattr import discovery, statistics


@dataclass(frozen=True)
class Prediction:
    """A word's classifier on images that it has not learned from.

    Attributes
    ----------
    odds : Series
        Log odds of the word by image, the most predicted first.
    said : Series of bool
        Whether the text of each has the word, in the same order.
    accuracy : statistics.Estimate
        On balanced test images.
    """

    odds: pd.Series
    said: pd.Series
    accuracy: statistics.Estimate


def predictions(
    corpus,
    responses,
    words: Sequence[str],
    prime: np.ndarray,
    *,
    variant: str,
    protocol: discovery.Protocol,
    seed: int,
    watch: Callable[[Sequence], Iterable] = iter,
) -> dict[str, Prediction]:
    """The classifiers of some words, learned on the training part and asked about all test images.

    Parameters
    ----------
    corpus : Corpus
    responses : DataArray activation[image, unit]
        To its images, in its order.
    words : [W] of str
        Each with and without images in every part.
    prime : int [W, P]
        Positions of each word's prime units, measured on the training part.
    variant, protocol, seed
        As `discovery.word_classifier` takes them.
    watch : callable
        Wraps the sequence of words, for a progress bar.
    """
    mentions = np.column_stack([corpus.mention(word) for word in words])
    examples = discovery.Examples(responses, mentions, corpus.table["split"], list(words))
    test = np.flatnonzero(examples.split == "test")
    ids, found = corpus.ids[test], {}
    for place in watch(range(len(words))):
        word = words[place]
        fit = discovery.word_classifier(examples, word, prime[place], variant=variant, protocol=protocol, seed=seed)
        odds = pd.Series(fit.log_odds(examples.values[test]), ids, name=word)
        odds = odds.sort_values(ascending=False, kind="stable")
        said = pd.Series(mentions[test, place], ids).reindex(odds.index)
        found[word] = Prediction(odds, said, statistics.proportion(round(fit.accuracy * fit.tested), fit.tested))
    return found


def best_with(one: Prediction, *, count: int) -> list[str]:
    """Ids of the images whose text has the word that its classifier believes most."""
    return list(one.odds.index[one.said.to_numpy()][:count])
