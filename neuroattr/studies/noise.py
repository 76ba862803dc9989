"""Label noise put into mentions on purpose: what each way to learn a word loses by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from neuroattr import statistics
from neuroattr.discovery import Protocol
from neuroattr.recorded import Recorded


def noisy(true: np.ndarray, *, missed: float, invented: float, seed: int) -> np.ndarray:
    """Mentions of words, bool N x W, from what is true: some true ones missed, some untrue ones invented.

    Parameters
    ----------
    true
        Which words are true of which pictures.
    missed
        Chance that a text leaves out a word that is true (false negatives).
    invented
        Chance that it says a word that is not (false positives).
    seed
        Of the noise. The same seed with higher rates makes the same errors and more.

    Raises
    ------
    ValueError
        A rate outside [0, 1].
    """
    true = np.asarray(true, bool)
    for name, rate in (("missed", missed), ("invented", invented)):
        if not 0 <= rate <= 1:
            raise ValueError(f"{name} is a chance and lies in [0, 1]; got {rate}")
    chance = np.random.default_rng(seed).random((2, *true.shape))
    kept, added = chance[0] >= missed, chance[1] < invented
    mentions: np.ndarray = np.where(true, kept, added)
    return mentions


def degraded(
    recorded: Recorded,
    words: Sequence[str],
    true: np.ndarray,
    rates: Sequence[Mapping[str, float]],
    *,
    protocol: Protocol,
    seed: int,
) -> xr.DataArray:
    """How well each classifier tells true from untrue test pictures after learning from noisy mentions.

    Parameters
    ----------
    recorded
        Pictures and activations.
    words
        Words of its corpus.
    true : bool N x W
        Which of these words are true of which pictures.
    rates
        ``{"missed": ..., "invented": ...}`` for each case.
    protocol
        Its variants are compared; one draw is looked at.
    seed
        Of the noise and of the draws.

    Returns
    -------
    auc[case, word, variant]
        Probability that the classifier is surer of a true test picture than of an untrue one. Training, validation
        and balanced test mentions were all noisy: only this judgement knows the truth.
    """
    columns = [recorded.corpus.words.index(word) for word in words]
    test = (recorded.corpus.table["split"] == "test").to_numpy()
    cases = []
    for rate in rates:
        mentions = recorded.corpus.mentions.toarray()
        mentions[:, columns] = noisy(true, **rate, seed=seed)
        measured = recorded.with_mentions(mentions).visualness(words, protocol=protocol, seed=seed)
        log_odds = measured.log_odds.to_numpy()[:, :, test]
        cases.append(
            [[statistics.auc(each, true[test, w]).value for each in by_word] for w, by_word in enumerate(log_odds)]
        )
    return xr.DataArray(
        np.array(cases),
        dims=("case", "word", "variant"),
        coords={"word": list(words), "variant": list(protocol.variants)},
        name="auc",
    )
