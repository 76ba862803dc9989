"""What near-duplicates that are left among the listings do to the test of a word's classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from jaxtyping import Int

from neuroattr.corpus.splits import assigned
from neuroattr.discovery import Protocol
from neuroattr.recorded import Recorded

WAYS = ("kept, split by listing", "kept, split by cluster", "removed")


def with_and_without(
    recorded: Recorded, clusters: Int[np.ndarray, " N"], keep: Int[np.ndarray, " K"], *, count: int, seed: int
) -> dict[str, Recorded]:
    """The same number of listings with near-duplicates and without, each split into parts anew.

    Parameters
    ----------
    recorded
        All listings, near-duplicates among them.
    clusters
        Cluster of near-duplicates that each belongs to.
    keep
        Rows of one of each cluster.
    count
        Listings of each way, at most `keep` has.
    seed
        Of the choice of listings and of the parts.

    Returns
    -------
    ways
        "kept, split by listing": whole clusters, whose members fall into any part. "kept, split by cluster": the same
        listings, the members of a cluster in one part. "removed": one of each cluster.

    Raises
    ------
    ValueError
        More listings than are left without near-duplicates.
    """
    if not 0 < count <= len(keep):
        raise ValueError(f"count must be from 1 to the {len(keep)} listings without near-duplicates; got {count}")
    rng = np.random.default_rng(seed)
    rank = rng.permutation(clusters.max() + 1)[clusters]
    whole = np.sort(np.argsort(rank, kind="stable")[:count])  # the last cluster may lose members
    single = np.sort(rng.permutation(keep)[:count])
    return {
        WAYS[0]: _parted(recorded, whole, seed),
        WAYS[1]: _parted(recorded, whole, seed, clusters[whole]),
        WAYS[2]: _parted(recorded, single, seed),
    }


def _parted(recorded: Recorded, rows: np.ndarray, seed: int, groups: np.ndarray | None = None) -> Recorded:
    some = recorded.subset(rows)
    parts = assigned(some.corpus.ids, seed=seed, groups=groups).to_numpy()
    return replace(some, corpus=replace(some.corpus, table=some.corpus.table.assign(split=parts)))


def accuracies(
    ways: dict[str, Recorded],
    *,
    at_least: int,
    most: int,
    protocol: Protocol,
    seed: int,
    among: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Balanced test accuracy of the words that can be learned in all ways: one row a word, one column a way.

    Parameters
    ----------
    ways
        As `with_and_without` gives them.
    at_least, among
        Of the words, as `Recorded.learnable` has them.
    most
        So many of the words that are most frequent in the first way.
    protocol
        Its first variant is measured, the mean over its draws.
    seed
        Of the draws.
    """
    able = [set(recorded.learnable(at_least=at_least, among=among)) for recorded in ways.values()]
    first = next(iter(ways.values())).corpus.frequency.index
    words = [word for word in first if all(word in learnable for learnable in able)][:most]
    measured = {
        way: recorded.visualness(words, protocol=protocol, seed=seed).accuracy.isel(variant=0).mean("draw").to_series()
        for way, recorded in ways.items()
    }
    return pd.DataFrame(measured).rename_axis("word")
