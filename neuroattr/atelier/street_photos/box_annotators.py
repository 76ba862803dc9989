"""Simulated annotators who draw a box around what a tag names in a picture."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

COLUMNS = ("image", "word", "annotator", "left", "top", "right", "bottom")
Regions = Callable[[str], dict[str, np.ndarray]]
Bounds = tuple[float, float, float, float]  # left, top, right, bottom in pixels


@dataclass(frozen=True)
class Task:
    """Who is asked how much, and how well they work.

    Parameters
    ----------
    words, images, annotators
        The most frequent words, pictures that have each, different workers for each picture.
    workers
        Size of the pool they are taken from.
    slack
        Standard deviation of each side of a box, as a share of the box's length.
    careless
        Chance that a worker draws a box around the whole person instead.
    guess
        Chance that a worker who finds nothing draws a box all the same.
    """

    words: int
    images: int
    annotators: int
    workers: int = 40
    slack: float = 0.07
    careless: float = 0.06
    guess: float = 0.25

    def __post_init__(self) -> None:
        for name in ("words", "images", "annotators", "workers"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}")
        if self.annotators > self.workers:
            raise ValueError(f"{self.annotators} annotators of a picture need as many workers, got {self.workers}")


def drawn(
    ids: Sequence[str], words: Sequence[str], mentions: np.ndarray, regions: Regions, task: Task, *, seed: int
) -> pd.DataFrame:
    """One row a judgement: image, word, annotator, and the sides of the box in pixels (half open), missing for no box.

    Parameters
    ----------
    ids, words, mentions : N, W, bool N x W
        Words in the order in which they are asked for: most frequent first.
    regions
        ``regions(id)["everyone"]`` is the whole person, ``regions(id)[word]`` the place of a word, where it has one.

    Notes
    -----
    Workers are asked for pictures whose tags have the word (Discovery, Section 6). If the picture does not show it,
    because the tag is wrong, hidden, or of a thing without a place, they say so, or box some part of the person.
    """
    rng, rows, cached = np.random.default_rng([seed, 3]), [], {}
    for w in range(min(task.words, len(words))):
        have = np.flatnonzero(mentions[:, w])
        chosen = np.sort(rng.choice(have, min(task.images, len(have)), replace=False))
        for i in chosen.tolist():
            if ids[i] not in cached:
                cached[ids[i]] = {word: _bounds(mask) for word, mask in regions(ids[i]).items()}
            boxes = cached[ids[i]]
            for worker in np.sort(rng.choice(task.workers, task.annotators, replace=False)).tolist():
                box = _box(boxes.get(words[w]), boxes["everyone"], task, rng)
                rows.append((ids[i], words[w], f"worker-{worker:02d}", *(box or (None,) * 4)))
    return pd.DataFrame(rows, columns=list(COLUMNS)).astype(dict.fromkeys(COLUMNS[3:], "Int32"))


def _bounds(mask: np.ndarray) -> Bounds:
    rows, columns = (np.flatnonzero(mask.any(axis=axis)) for axis in (1, 0))
    return float(columns[0]), float(rows[0]), float(columns[-1] + 1), float(rows[-1] + 1)


def _box(place: Bounds | None, person: Bounds, task: Task, rng: np.random.Generator) -> tuple[int, ...] | None:
    """Left, top, right, bottom as one worker draws them, at least 3 pixels on a side; None for no box."""
    careless, guesses = rng.random() < task.careless, rng.random() < task.guess
    if place is None and not guesses:
        return None
    left, top, right, low = person if place is None or careless else place
    wide, high = right - left, low - top
    if place is None and rng.random() < 0.5:  # some part of the person, at random
        left, top = left + rng.uniform(0, 0.5) * wide, top + rng.uniform(0, 0.7) * high
        right, low = left + 0.5 * wide, top + 0.3 * high
        wide, high = right - left, low - top
    error = rng.normal(0, task.slack, 4) * (wide, high, wide, high) + rng.normal(0, 1.0, 4)
    left, top, right, low = np.array([left, top, right, low]) + error
    middle = ((left + right) / 2, (top + low) / 2)
    half = (max(right - left, 3.0) / 2, max(low - top, 3.0) / 2)
    sides = (middle[0] - half[0], middle[1] - half[1], middle[0] + half[0], middle[1] + half[1])
    return tuple(max(0, round(float(side))) for side in sides)
