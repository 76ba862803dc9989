"""Near-duplicates among the texts of a shop (Discovery, Section 3.1, "Near-duplicate removal"), exact and fast."""

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import numpy as np
import scipy.sparse
from jaxtyping import Int

from neuroattr import checks
from neuroattr.statistics.compilation import Array, compiled

from .tokens import STOP_WORDS, bags

EXACT = 3_000_000_000  # the square of a larger integer leaves 64 bits


@dataclass(frozen=True)
class Duplicates:
    """Clusters of near-duplicates: ``labels`` (int N), the rows to ``keep`` (one a cluster), and a ``report``."""

    labels: Int[np.ndarray, " N"] = field(repr=False)
    keep: Int[np.ndarray, " K"] = field(repr=False)
    report: dict[str, Any]

    def members(self, label: int) -> Int[np.ndarray, " n"]:
        """Rows of one cluster."""
        return np.flatnonzero(self.labels == label)


def near_duplicates(
    texts: Sequence[str],
    groups: Sequence[object],
    *,
    threshold: float,
    seed: int,
    ids: Sequence[object] | None = None,
    stop_words: Collection[str] = STOP_WORDS,
) -> Duplicates:
    """Clusters of texts of one group that are nearly the same, and one text picked from each.

    Parameters
    ----------
    texts : N strings
        Title and description of each product.
    groups : N labels
        Shop of each product; texts of different shops are never merged.
    threshold
        Cosine distance below which two texts are merged (strictly).
    seed
        Of the pick: first by id after a seeded shuffle, whatever the order of the rows.
    ids : N strings, optional
        Ids for the pick; default: the row numbers.

    Raises
    ------
    ValueError
        For lengths that differ, repeated ids, or a threshold outside (0, 1].

    Notes
    -----
    The paper's five steps: groups by shop; bags of words (raw counts) without English stop words; cosine distance of
    all pairs; agglomerative clustering "by thresholding", in which "any pairs having less than" the threshold go
    into the same cluster, that is single linkage, whose clusters are the connected components; one pick a cluster.
    Texts without any word are never merged. Counts are integers, so a pair exactly at the threshold is decided in
    integers: 1 - 9/10 is not less than 0.1, although floating point says so.

    Most pairs are never compared. Words are ordered from rare to frequent, and a text's *prefix* ends where the rest
    of it has a norm of at most 1 - threshold; two texts without a common word in their prefixes have a smaller cosine
    than that. Pairs that are connected already are skipped, too: single linkage only asks for connection. All pairs by
    scipy's sparse product take eight times as long for the texts of one shop, and are not exact at the threshold
    (``benchmarks/near_duplicates.py``).
    """
    checks.same_length(texts=texts, groups=groups)
    if not 0 < threshold <= 1:
        raise ValueError(f"the threshold is a cosine distance in (0, 1]; got {threshold}")
    names = [f"{row:012d}" for row in range(len(texts))] if ids is None else [str(id) for id in ids]
    if len(set(names)) != len(texts):
        raise ValueError("near_duplicates picks by id: ids must be unique and as many as the texts")
    counts, _ = bags(texts, stop_words=stop_words)
    labels = connected(counts, groups, threshold=threshold)
    keep = _picked(labels, names, seed)
    return Duplicates(labels, keep, _report(labels, counts, groups))


def connected(counts: scipy.sparse.sparray, groups: Sequence[object], *, threshold: float) -> Int[np.ndarray, " N"]:
    """Connected components of "cosine distance below ``threshold``" within each group.

    Parameters
    ----------
    counts : sparse int N x V
        Bags of words; rows without a word stay alone.
    groups : N labels

    Returns
    -------
    int64 N: number of the component, in order of first appearance.
    """
    counts = scipy.sparse.csr_array(counts)
    order = np.argsort(np.bincount(counts.indices, minlength=counts.shape[1]), kind="stable")  # rare words first
    rank = np.empty(len(order), np.int32)
    rank[order] = np.arange(len(order))
    ranked = scipy.sparse.csr_array((counts.data, rank[counts.indices], counts.indptr), counts.shape)
    ranked = ranked.tocsc().tocsr()  # sorts the words of each row in linear time, in a copy
    codes = np.unique(np.asarray([str(group) for group in groups]), return_inverse=True)[1]
    same = _same(ranked, codes)
    rows, starts = _by_group(codes, same == np.arange(len(same)))
    similarity = 1 - Fraction(repr(float(threshold)))  # the decimal as written: 0.1 is one tenth
    exact = similarity.denominator < EXACT  # else no pair is small enough for integers, nor is the fraction itself
    parent = _components(
        ranked.indptr.astype(np.int64), ranked.indices, ranked.data.astype(np.int64), rows, starts,
        similarity.numerator / similarity.denominator, similarity.numerator if exact else 0,
        similarity.denominator if exact else EXACT, counts.shape[1],
    )  # fmt: skip
    _, first, inverse = np.unique(parent[same], return_index=True, return_inverse=True)
    return np.argsort(np.argsort(first))[inverse].astype(np.int64)


def _same(counts: scipy.sparse.csr_array, codes: Int[np.ndarray, " N"]) -> Int[np.ndarray, " N"]:
    """The first row of the same group with the same words, for each row: int64 N. Rows without a word are alone.

    A sentence that a shop says a hundred thousand times need not be compared with itself so often.
    """
    first: dict[tuple[int, bytes, bytes], int] = {}
    bounds = zip(counts.indptr[:-1], counts.indptr[1:], strict=True)
    keys = ((counts.indices[i:j].tobytes(), counts.data[i:j].tobytes()) for i, j in bounds)
    rows = (
        (first.setdefault((code, *key), row) if key[0] else row)
        for row, (code, key) in enumerate(zip(codes, keys, strict=True))
    )
    return np.fromiter(rows, np.int64, len(codes))


def _by_group(codes: Int[np.ndarray, " N"], kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows that are kept, sorted by group, and where each group starts: int64 and int64 G+1."""
    rows = np.argsort(codes, kind="stable")
    return rows[kept[rows]], np.r_[0, np.cumsum(np.bincount(codes[kept]))].astype(np.int64)


@compiled
def _find(parent: Array, i: int) -> int:
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@compiled
def _alike(
    b: int,
    weight: Array,
    square: int,
    indptr: Array,
    words: Array,
    counts: Array,
    norm_b: int,
    similarity: float,
    numerator: int,
    denominator: int,
) -> bool:
    """Whether the cosine of row b and the row scattered in ``weight`` exceeds the similarity.

    Gives up once Cauchy-Schwarz for what is left of both rows leaves no chance; asked every eight words.
    """
    dot, rest, rest_b = 0, square, norm_b
    norms = float(square) * float(norm_b)  # a word said 60,000 times has a product beyond 64 bits
    needed = similarity * np.sqrt(norms) * (1 - 1e-9)
    start, end = indptr[b], indptr[b + 1]
    while start < end:
        stop = min(start + 8, end)
        for k in range(start, stop):
            w, c = weight[words[k]], counts[k]
            dot += w * c
            rest -= w * w
            rest_b -= c * c
        if needed > dot and (needed - dot) * (needed - dot) > float(rest) * float(rest_b):
            return False
        start = stop
    exceeds: bool = _exceeds(dot, norms, similarity, numerator, denominator, square * norm_b)
    return exceeds


@compiled
def _exceeds(
    dot: int, norms: float, similarity: float, numerator: int, denominator: int, exact_norms: int, exact: int = EXACT
) -> bool:
    """Whether dot / sqrt(norms) > similarity: in floating point unless it is close, then in integers."""
    margin: float = dot - similarity * np.sqrt(norms)
    if abs(margin) > 1e-9 * dot or float(dot) * denominator >= exact:
        return margin > 0
    return dot * dot * denominator * denominator > numerator * numerator * exact_norms


@compiled
def _components(
    indptr: Array,
    words: Array,
    counts: Array,
    rows: Array,
    starts: Array,
    similarity: float,
    numerator: int,
    denominator: int,
    n_words: int,
) -> Array:
    """Union-find over pairs with a common word in their prefixes; words ascend within a row, rare ones first."""
    n = len(indptr) - 1
    parent = np.arange(n)
    norm = np.zeros(n, np.int64)
    heads = np.full(n_words, -1)  # last posting of each word, a linked list through `before`
    before, who, word_of = np.empty((3, len(words)), np.int64)
    seen = np.full(n, -1)
    weight = np.zeros(n_words, np.int64)  # the row a, dense
    for g in range(len(starts) - 1):
        used = 0
        for a in rows[starts[g] : starts[g + 1]]:
            span = range(indptr[a], indptr[a + 1])
            for k in span:
                weight[words[k]] = counts[k]
                norm[a] += counts[k] * counts[k]
            rest = norm[a]
            limit = similarity * similarity * norm[a] * (1 - 1e-12)
            for k in span:
                if rest < limit:
                    break
                rest -= counts[k] * counts[k]
                posting = heads[words[k]]
                while posting >= 0:
                    b = who[posting]
                    posting = before[posting]
                    if seen[b] == a:
                        continue
                    seen[b] = a
                    root_a, root_b = _find(parent, a), _find(parent, b)
                    if root_a != root_b and _alike(
                        b, weight, norm[a], indptr, words, counts, norm[b], similarity, numerator, denominator
                    ):
                        parent[root_a] = root_b
                before[used], who[used], word_of[used] = heads[words[k]], a, words[k]
                heads[words[k]] = used
                used += 1
            for k in span:
                weight[words[k]] = 0
        for k in range(used):  # the next group starts with empty lists
            heads[word_of[k]] = -1
    for i in range(n):
        parent[i] = _find(parent, i)
    return parent


def _picked(labels: Int[np.ndarray, " N"], ids: Sequence[str], seed: int) -> Int[np.ndarray, " K"]:
    """Ascending rows, one a cluster: that whose id comes first in an order that the seed shuffles."""
    turn = [hashlib.blake2b(f"{seed}:{id}".encode(), digest_size=16).digest() for id in ids]
    order = sorted(range(len(ids)), key=turn.__getitem__)
    _, first = np.unique(labels[order], return_index=True)
    return np.sort(np.asarray(order, np.int64)[first])


def _report(labels: Int[np.ndarray, " N"], counts: scipy.sparse.csr_array, groups: Sequence[object]) -> dict[str, Any]:
    sizes = np.bincount(labels) if len(labels) else np.zeros(0, int)
    how_many, of_size = np.unique(sizes[sizes > 1], return_counts=True)
    largest = np.argsort(-sizes, kind="stable")[:5]
    return {
        "texts": len(labels),
        "groups": len({str(group) for group in groups}),
        "clusters": len(sizes),
        "removed": int(len(labels) - len(sizes)),
        "texts without words": int((np.diff(counts.indptr) == 0).sum()),
        "clusters by size": {int(size): int(n) for size, n in zip(how_many, of_size, strict=True)},
        "largest": [np.flatnonzero(labels == label)[:10].tolist() for label in largest if sizes[label] > 1],
    }
