"""Simulated annotators: which of two pictures is more of a word, the positive, the negative, or none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from jaxtyping import Bool, Float

from neuroattr.corpus.votes import ANSWERS, COLUMNS


@dataclass(frozen=True)
class Panel:
    """Who is asked how much.

    Parameters
    ----------
    words
        The most frequent words are asked about, at most this many.
    pairs
        Pairs of a positive and a negative picture for each word.
    annotators
        Different workers who see all pairs of a word.
    workers
        Size of the pool they are taken from.
    error
        Mean chance that a worker ticks one of the two wrong answers; workers differ (beta distribution).
    guess
        Chance that a worker who sees no difference picks a side rather than "none".
    """

    words: int
    pairs: int
    annotators: int
    workers: int
    error: float
    guess: float

    def __post_init__(self) -> None:
        for name in ("words", "pairs", "annotators", "workers"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.annotators > self.workers:
            raise ValueError(f"{self.annotators} annotators of a word need as many workers, got {self.workers}")
        for name in ("error", "guess"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(f"{name} must lie in [0, 1), got {getattr(self, name)}")


@dataclass(frozen=True)
class Evidence:
    """What the pictures show: ids (N), words (W), mentions and applies (bool N x W), visibility (W, in [0, 1])."""

    ids: Sequence[str]
    words: Sequence[str]
    mentions: Bool[np.ndarray, "N W"]
    applies: Bool[np.ndarray, "N W"]
    visibility: Float[np.ndarray, " W"]

    def __post_init__(self) -> None:
        shape = (len(self.ids), len(self.words))
        for name in ("mentions", "applies"):
            if np.shape(getattr(self, name)) != shape:
                raise ValueError(f"{name} must be N x W = {shape}, got {np.shape(getattr(self, name))}")
        if np.shape(self.visibility) != shape[1:]:
            raise ValueError(f"visibility must hold one number for each of {shape[1]} words")


def votes(evidence: Evidence, panel: Panel, *, seed: int) -> pd.DataFrame:
    """One row for each judgement: word, pair, positive_id, negative_id, annotator, answer (one of ANSWERS).

    Notes
    -----
    The positive picture's text mentions the word, the negative's does not (Discovery, Section 4.3): what a person sees
    is another matter. A pair *shows* the word with a chance equal to its visibility, alike for all who look at it.
    Where it shows, the right answer is the picture the word is true of, and "none" if it is true of both or of
    neither; where it does not show, the right answer is "none". Those who should say "none" guess a side with chance
    ``panel.guess``; then each worker errs at his own rate. Words that all or no texts mention are left out.
    """
    rng = np.random.default_rng(seed)
    errors = rng.beta(2.0, 2.0 / panel.error - 2.0, panel.workers) if panel.error else np.zeros(panel.workers)
    counts = evidence.mentions.sum(axis=0)
    order = np.argsort(-counts, kind="stable")
    asked = [w for w in order if 0 < counts[w] < len(evidence.ids)][: panel.words]
    judged = [_judged(evidence, w, panel, errors, rng) for w in asked]
    return pd.concat(judged, ignore_index=True) if judged else pd.DataFrame(columns=list(COLUMNS))


def _judged(evidence: Evidence, w: int, panel: Panel, errors: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    positive, negative = (
        rng.choice(np.flatnonzero(evidence.mentions[:, w] == said), panel.pairs) for said in (True, False)
    )
    shows = rng.random(panel.pairs) < evidence.visibility[w]
    true = evidence.applies[positive, w].astype(int) - evidence.applies[negative, w]
    right = np.where(shows, np.choose(true + 1, [1, 2, 0]), 2)  # -1, 0, 1 -> negative, none, positive
    workers = np.sort(rng.choice(panel.workers, panel.annotators, replace=False))
    answer = np.repeat(right[:, None], panel.annotators, axis=1)
    guesses = (answer == 2) & (rng.random(answer.shape) < panel.guess)
    answer = np.where(guesses, rng.integers(0, 2, answer.shape), answer)
    errs = rng.random(answer.shape) < errors[workers]
    answer = np.where(errs, (answer + rng.integers(1, 3, answer.shape)) % 3, answer)
    ids = np.asarray(evidence.ids)
    return pd.DataFrame(
        {
            "word": evidence.words[w],
            "pair": np.repeat(np.arange(panel.pairs), panel.annotators),
            "positive_id": np.repeat(ids[positive], panel.annotators),
            "negative_id": np.repeat(ids[negative], panel.annotators),
            "annotator": np.tile([f"worker-{k:02d}" for k in workers], panel.pairs),
            "answer": np.array(ANSWERS)[answer.ravel()],
        }
    )
