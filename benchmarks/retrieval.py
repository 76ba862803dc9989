"""Nearest neighbours at the sizes of *Hidden layers* and of a shop: this library beside what one would use instead.

Estimated: the bytes of the gallery once a query at the rate this machine reads memory, or the operations of the
distances at the rate of one large matrix product here, whichever is slower. Measured: the best of a few runs,
interleaved. The peers are used where they are installed; exact answers are compared, not assumed.

    python benchmarks/retrieval.py --vectors 100000 --width 256
"""

import argparse
import importlib.util
import time

import numpy as np
from sklearn.cluster import HDBSCAN
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier, NearestNeighbors

from neuroattr import neighbours
from neuroattr.neighbours import Clustering, Folds, Fusion, VectorIndex, Vote

COUNT = 10


def best(function, *, repeats):
    """Seconds of the fastest of some runs, and its result."""
    seconds, result = [], None
    for _ in range(repeats):
        start = time.perf_counter()
        result = function()
        seconds.append(time.perf_counter() - start)
    return min(seconds), result


def machine():
    """Single-precision operations a second of a matrix product, and bytes a second of a matrix by a vector."""
    square = np.ones((2048, 2048), np.float32)
    seconds, _ = best(lambda: square @ square, repeats=5)
    tall = np.ones((100_000, 256), np.float32)
    vector = np.ones(256, np.float32)
    reading, _ = best(lambda: tall @ vector, repeats=5)
    return 2 * 2048**3 / seconds, tall.nbytes / reading


def line(name, seconds, estimated, note=""):
    print(f"  {name:<44} {seconds * 1e3:10.2f} ms   {estimated * 1e3:10.2f} ms   {seconds / estimated:7.1f}  {note}")


def search(vectors, width, queries, repeats, rates):
    """A gallery of many vectors answers one query, or a batch."""
    operations, reading = rates
    random = np.random.default_rng(0)
    gallery = random.gamma(1, 1, (vectors, width)).astype(np.float32)  # positive and skewed, as pooled responses are
    asked = random.gamma(1, 1, (queries, width)).astype(np.float32)
    batch = f"{queries} queries" if queries > 1 else "1 query"
    print(f"\n{batch} over {vectors:,} x {width}, {COUNT} nearest          measured     estimated     ratio")
    estimated = max(2 * vectors * width * queries / operations, gallery.nbytes / reading)
    made, index = best(lambda: VectorIndex(gallery), repeats=1)
    seconds, (rows, _) = best(lambda: index.nearest(asked, count=COUNT), repeats=repeats)
    line("neuroattr VectorIndex (exact)", seconds, estimated, f"made in {made:.2f} s")
    peer = NearestNeighbors(n_neighbors=COUNT, algorithm="brute").fit(gallery)
    seconds, found = best(lambda: peer.kneighbors(asked, return_distance=False), repeats=repeats)
    line("scikit-learn brute", seconds, estimated, agreement(rows, found))
    seconds, found = best(lambda: plain(gallery, asked), repeats=min(repeats, 3))
    line("numpy, three lines", seconds, estimated, agreement(rows, found))
    if importlib.util.find_spec("faiss"):
        import faiss

        flat = faiss.IndexFlatL2(width)
        flat.add(gallery)
        seconds, (_, found) = best(lambda: flat.search(asked, COUNT), repeats=repeats)
        line("faiss IndexFlatL2", seconds, estimated, agreement(rows, found))
    else:
        print("  faiss is not installed: pip install faiss-cpu")
    spaces = {"colour": index, "texture": VectorIndex(random.permutation(gallery))}
    seconds, _ = best(lambda: _fused(spaces, asked[:1]), repeats=repeats)
    line("neuroattr, one query by two spaces fused", seconds, 2 * gallery.nbytes / reading)


def _fused(spaces, query):
    distances = {name: index.distances(query) for name, index in spaces.items()}
    return neighbours.ranked(neighbours.fused_distances(distances, Fusion()), count=COUNT)


def plain(gallery, asked):
    """What one writes without a library."""
    squares = (gallery**2).sum(1) - 2 * asked @ gallery.T
    nearest = np.argpartition(squares, COUNT, axis=1)[:, :COUNT]
    return np.take_along_axis(nearest, np.argsort(np.take_along_axis(squares, nearest, 1), 1), 1)


def agreement(rows, found):
    return f"same answer {np.mean([len(set(a) & set(b)) / len(a) for a, b in zip(rows, found, strict=True)]):.1%}"


def study(images, width, repeats, rates):
    """Table 1 and figure 3 at the size of the paper: repeated cross-validation, and HDBSCAN."""
    random = np.random.default_rng(0)
    labels = np.resize(np.arange(10), images)
    features = (random.gamma(1, 1, (10, width))[labels] + random.gamma(1, 1, (images, width))).astype(np.float32)
    vote, folds, clustering = Vote(5), Folds(5, repeats=10, seed=0), Clustering(50, 10, leaf_size=40)
    estimated = 2 * images**2 * width / (rates[0] / 2)  # double precision: half the rate
    print(f"\n{images:,} x {width}                                       measured     estimated     ratio")
    neighbours.cross_validated(features[:100], labels[:100], vote, folds)  # compile
    seconds, ours = best(lambda: neighbours.cross_validated(features, labels, vote, folds), repeats=repeats)
    line("neuroattr, 10 x 5-fold", seconds, estimated)
    seconds, theirs = best(lambda: _cross_validated(features, labels), repeats=1)
    line("scikit-learn, 10 x 5-fold", seconds, estimated, f"same {(ours.predictions == theirs).mean():.2%}")
    seconds, ours = best(lambda: neighbours.clusters(features, clustering), repeats=repeats)
    line("neuroattr, HDBSCAN", seconds, estimated)
    peer = HDBSCAN(min_cluster_size=50, min_samples=10, leaf_size=40, copy=False)
    seconds, theirs = best(lambda: peer.fit_predict(features), repeats=1)
    line("scikit-learn, HDBSCAN", seconds, estimated, f"same {(ours == theirs).mean():.2%}")


def _cross_validated(features, labels):
    splits = (StratifiedKFold(5, shuffle=True, random_state=seed) for seed in range(10))
    return np.stack([cross_val_predict(KNeighborsClassifier(5), features, labels, cv=split) for split in splits])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--vectors", type=int, default=100_000)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--queries", type=int, nargs="+", default=[1, 64])
    parser.add_argument("--images", type=int, default=1000)
    parser.add_argument("--widths", type=int, nargs="+", default=[256, 2048])
    parser.add_argument("--repeats", type=int, default=5)
    given = parser.parse_args()
    rates = machine()
    print(f"{rates[0] / 1e9:.0f} GFLOP/s in matrix products, {rates[1] / 1e9:.1f} GB/s read by matrix times vector")
    for queries in given.queries:
        search(given.vectors, given.width, queries, given.repeats, rates)
    for width in given.widths:
        study(given.images, width, given.repeats, rates)


if __name__ == "__main__":
    main()
