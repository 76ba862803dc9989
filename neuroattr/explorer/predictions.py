"""What the classifier of each word makes of the test images."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from neuroattr import discovery, statistics
from neuroattr.recorded import Recorded


@dataclass(frozen=True)
class Prediction:
    """A word's classifier on images that it has not learned from.

    Attributes
    ----------
    log_odds
        Of the word by image, the most predicted first.
    said
        Whether the text of each has the word, in the same order.
    accuracy
        On balanced test images.
    """

    log_odds: pd.Series
    said: pd.Series
    accuracy: statistics.Estimate


def predictions(
    recorded: Recorded,
    words: Sequence[str],
    *,
    variant: str,
    protocol: discovery.Protocol,
    seed: int,
    watch: Callable[[Sequence[str]], Iterable[str]] = iter,
) -> dict[str, Prediction]:
    """The classifiers of some words, learned on the training part and asked about all test images.

    Parameters
    ----------
    recorded
        A whole corpus.
    words
        Each with and without images in every part.
    variant, protocol, seed
        As `Recorded.classifier` takes them.
    watch
        Wraps the sequence of words, for a progress bar.
    """
    test = np.flatnonzero(recorded.corpus.table["split"].to_numpy() == "test")
    ids, values = recorded.corpus.ids[test], recorded.responses.to_numpy()[test]
    recorded.prime_units(words)  # of all words in one pass
    predicted = {}
    for word in watch(words):
        learned = recorded.classifier(word, variant=variant, protocol=protocol, seed=seed)
        log_odds = pd.Series(learned.linear.log_odds(values), ids, name=word).sort_values(
            ascending=False, kind="stable"
        )
        said = pd.Series(recorded.corpus.mention(word)[test], ids).reindex(log_odds.index)
        predicted[word] = Prediction(log_odds, said, learned.accuracy)
    return predicted


def best_with(prediction: Prediction, *, count: int) -> list[str]:
    """Ids of the images whose text has the word that its classifier believes most."""
    return list(prediction.log_odds.index[prediction.said.to_numpy()][:count])
