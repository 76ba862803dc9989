"""Balanced samples: so many pictures of each class, all of them usable and no two the same."""

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd
from tqdm import tqdm

from . import splits, thumbnails
from .faults import ImageFault
from .report import Findings
from .sources import Source

DISTANCE = 16.0  # levels of 255 below which two pictures count as one, see ``balanced``


def balanced(
    labels: pd.Series,
    source: Source,
    *,
    each: int,
    seed: int,
    rank: pd.Series | None = None,
    distance: float = DISTANCE,
) -> tuple[list[str], Findings]:
    """Ids of ``each`` pictures a class, drawn at random, and a report.

    Parameters
    ----------
    labels : Series
        Class by picture id; neither the order of the rows nor that of the classes matters.
    source : ImageSource
        Opens the pictures; those that cannot be opened are passed over and reported.
    rank : Series of int, optional
        By id: a class is filled from its pictures of lower rank first.
    distance
        Pictures whose thumbnails differ by less count as one, also those of different classes: the first drawn stays.

    Returns
    -------
    ids : list
        Class after class.
    report : dict
        Faults by their kind; "near-duplicates left out", id by the id it looks like; "classes with fewer than asked".

    Raises
    ------
    ValueError
        If ``each`` is less than 1 or nothing usable is there.

    Notes
    -----
    Only as many pictures are opened as are needed. On shop photos every pair below a distance of 16 is one photo, or
    one garment in one pose with another print on it; from 16 to 22 both occur. Other views of one garment, and
    mirrored copies, are not found.
    """
    if each < 1:
        raise ValueError(f"each is how many pictures of a class to draw, 1 or more; got {each}")
    rng, chosen = np.random.default_rng(seed), _Distinct(source, distance)
    short: dict[str, int] = {}
    for label in tqdm(sorted(set(labels)), desc="drawing pictures", unit="class", disable=None, leave=False):
        count = chosen.take(_shuffled(labels.index[labels == label], rank, rng), each)
        if count < each:
            short[str(label)] = count
    if not chosen.ids:
        raise ValueError(f"none of the {len(labels)} pictures can be opened: {chosen.said}")
    found = {"near-duplicates left out": chosen.repeated, "classes with fewer than asked": short}
    return chosen.ids, {**chosen.faults, **found}


def stratified_split(labels: pd.Series, *, seed: int) -> pd.Series:
    """Train, test or validation for each picture, class by class, so that each split has all of them.

    Returns
    -------
    Series, index that of ``labels``.
    """
    assigned = [
        splits.assigned(ids, seed=seed) for ids in labels.groupby(labels, observed=True, sort=True).groups.values()
    ]
    return pd.concat(assigned).reindex(labels.index)


def limited(ids: Sequence[str], limit: int | None, *, seed: int, what: str) -> list[str]:
    """The ids, or with a limit that many of them, drawn at random, in the same order; `what` they are in an error.

    Raises
    ------
    ValueError
        For a limit below 1.
    """
    if limit is None or limit >= len(ids):
        return list(ids)
    if limit < 1:
        raise ValueError(f"limit is how many {what} to use, 1 or more; got {limit}")
    return [ids[row] for row in np.sort(np.random.default_rng(seed).choice(len(ids), limit, replace=False))]


def _shuffled(ids: pd.Index, rank: pd.Series | None, rng: np.random.Generator) -> pd.Index:
    ids = pd.Index(rng.permutation(np.sort(ids.to_numpy(str))))
    return ids if rank is None else ids[np.argsort(rank.loc[ids].to_numpy(), kind="stable")]


class _Distinct:
    """Pictures taken so far, none of which looks like another."""

    def __init__(self, source: Source, distance: float) -> None:
        self.source, self.distance = source, distance
        self.ids: list[str] = []
        self.repeated: dict[str, str] = {}
        self.faults: dict[str, list[str]] = {}
        self.said = ""
        self._seen = np.zeros((0, 3 * thumbnails.SIDE**2), np.float32)

    def take(self, candidates: Iterable[str], wanted: int) -> int:
        """Take up to ``wanted`` of the candidates; returns how many there were."""
        start = len(self.ids)
        for id in candidates:
            if len(self.ids) - start == wanted:
                break
            try:
                small = thumbnails.thumbnail(self.source.image(id))
            except ImageFault as fault:
                self.faults.setdefault(fault.kind, []).append(id)
                self.said = str(fault)
                continue
            self._add(id, small)
        return len(self.ids) - start

    def _add(self, id: str, small: np.ndarray) -> None:
        twins = np.flatnonzero(thumbnails.alike(small, self._seen[: len(self.ids)], distance=self.distance))
        if len(twins):
            self.repeated[id] = self.ids[twins[0]]
            return
        if len(self.ids) == len(self._seen):  # grow by doubling
            self._seen = np.concatenate(
                [self._seen, np.zeros_like(self._seen, shape=(max(64, len(self._seen)), small.size))]
            )
        self._seen[len(self.ids)] = small
        self.ids.append(id)
