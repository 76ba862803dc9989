"""What near-duplicates that are left among the listings do to the test of a word's classifier."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from jaxtyping import Int

from neuroattr.corpus.splits import assigned
from neuroattr.discovery import Protocol
from neuroattr.measurements import Bench

WAYS = ("kept, split by listing", "kept, split by cluster", "removed")


def benches(
    bench: Bench, clusters: Int[np.ndarray, " N"], keep: Int[np.ndarray, " K"], *, count: int, seed: int
) -> dict[str, Bench]:
    """The same number of listings with near-duplicates and without, each split into parts anew.

    Parameters
    ----------
    bench
        All listings, near-duplicates among them.
    clusters
        Cluster of near-duplicates that each belongs to.
    keep
        Rows of one of each cluster.
    count
        Listings of each bench, at most `keep` has.
    seed
        Of the choice of listings and of the parts.

    Returns
    -------
    benches
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
        WAYS[0]: _parted(bench, whole, seed),
        WAYS[1]: _parted(bench, whole, seed, clusters[whole]),
        WAYS[2]: _parted(bench, single, seed),
    }


def _parted(bench: Bench, rows: np.ndarray, seed: int, groups: np.ndarray | None = None) -> Bench:
    corpus = bench.corpus.subset(rows)
    parts = assigned(corpus.ids, seed=seed, groups=groups).to_numpy()
    corpus = replace(corpus, table=corpus.table.assign(split=parts))
    return Bench(corpus, bench.responses.isel(image=rows), seed, bench.progress)


def accuracies(
    benches: dict[str, Bench], *, rarest: int, most: int, protocol: Protocol, among: Sequence[str] | None = None
) -> pd.DataFrame:
    """Balanced test accuracy of the words that can be measured on all benches: one row a word, one column a bench.

    Parameters
    ----------
    benches
        As `benches` gives them.
    rarest, among
        Of the words, as `Bench.measurable` has them.
    most
        So many of the words that are most frequent on the first bench.
    protocol
        Its first variant is measured, the mean over its draws.
    """
    able = [set(bench.measurable(rarest=rarest, among=among)) for bench in benches.values()]
    first = next(iter(benches.values())).corpus.frequency.index
    words = [word for word in first if all(word in one for one in able)][:most]
    found = {
        way: bench.visualness(words, protocol=protocol).accuracy.isel(variant=0).mean("draw").to_series()
        for way, bench in benches.items()
    }
    return pd.DataFrame(found).rename_axis("word")
