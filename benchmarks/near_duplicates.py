"""Near-duplicates in a shop: this package beside scipy's products of all pairs and scikit-learn, same clusters."""

import time

import numpy as np
import scipy.sparse
from scipy.sparse.csgraph import connected_components
from sklearn.cluster import AgglomerativeClustering

from neuroattr import text

THRESHOLD = 0.1
ITEMS = 1_000
GOAL = 1_000


def shop(items, *, seed, templates=0.6):
    """Texts of one shop: a share of them are different, the others repeat one with a few words changed."""
    rng = np.random.default_rng(seed)
    vocabulary = np.array([f"word{i}" for i in range(4_000)])
    popularity = 1 / np.arange(10, 4_010)
    originals = [
        rng.choice(vocabulary, rng.integers(40, 120), p=popularity / popularity.sum())
        for _ in range(int(items * templates))
    ]
    texts = list(originals)
    while len(texts) < items:
        copy = originals[rng.integers(len(originals))].copy()
        copy[rng.integers(0, len(copy), 2)] = [f"name{n}" for n in rng.integers(0, 10_000, 2)]
        texts.append(copy)
    return [" ".join(words) for words in texts]


def seconds(call, repeats):
    """Least time of a call, and what it returned."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        result = call()
        times.append(time.perf_counter() - start)
    return min(times), result


def same(first, second):
    """Whether two labellings are one partition."""
    pairs = {(int(a), int(b)) for a, b in zip(first, second, strict=True)}
    return len(pairs) == len(set(first.tolist())) == len(set(second.tolist()))


def all_pairs(bags, block=2_000):
    """Clusters by the cosines of all pairs, a block of rows at a time, and their connected components."""
    counts = scipy.sparse.csr_array(bags, dtype=float)
    lengths = np.sqrt(counts.power(2).sum(axis=1))
    unit = scipy.sparse.diags_array(1 / np.maximum(lengths, 1)) @ counts
    across = unit.T.tocsr()
    near = [scipy.sparse.csr_array(unit[start : start + block] @ across) for start in range(0, len(lengths), block)]
    return connected_components(scipy.sparse.vstack([each > 1 - THRESHOLD for each in near]), directed=False)[1]


def main():
    texts = shop(ITEMS, seed=0)
    bags, _ = text.bags(texts)
    groups = np.zeros(ITEMS, int)
    text.connected(bags[:10], groups[:10], threshold=THRESHOLD)  # compiles
    ours, labels = seconds(lambda: text.connected(bags, groups, threshold=THRESHOLD), 20)
    products, labels_of_products = seconds(lambda: all_pairs(bags), 3)
    dense = bags.toarray().astype(float)
    peer = AgglomerativeClustering(n_clusters=None, metric="cosine", linkage="single", distance_threshold=THRESHOLD)
    theirs, expected = seconds(lambda: peer.fit_predict(dense), 2)
    whole, _ = seconds(lambda: text.near_duplicates(texts, groups, threshold=THRESHOLD, seed=0), 3)
    compared = ITEMS * (ITEMS - 1) / 2
    print(f"{ITEMS:,} items of one shop, {bags.shape[1]:,} words, {labels.max() + 1:,} clusters")
    print(f"estimated  every pair once, 50 words each: {compared * 50 / 1e9:.3f} s at 1 G word comparisons/s")
    print(f"measured   neuroattr {ours:.5f} s (texts to clusters {whole:.3f} s), scikit-learn {theirs:.2f} s")
    print(f"ratio      {theirs / ours:,.0f} x (goal {GOAL:,} x); same clusters: {same(labels, expected)}")
    alike = same(labels, labels_of_products)
    print(f"           {products / ours:,.0f} x scipy's sparse product ({products:.3f} s); same clusters: {alike}")


if __name__ == "__main__":
    main()
