"""Clusters of images found without labels, and how well they agree with the labels."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Int, Real
from sklearn.cluster import HDBSCAN
from sklearn.metrics import adjusted_mutual_info_score

from neuroattr import checks, statistics
from neuroattr.neighbours.voting import coded_labels

NOISE = ("one extra cluster", "dropped", "singletons")
AVERAGES = ("arithmetic", "geometric", "max", "min")
DENSE = 8192
"""Images up to which all distances are held at once (512 MB); beyond, scikit-learn searches trees."""


@dataclass(frozen=True)
class Clustering:
    """Settings of HDBSCAN.

    Attributes
    ----------
    min_cluster_size
        Smallest number of images that make a cluster.
    min_samples
        Neighbours, the image itself among them, within whose distance an image counts as dense.
    leaf_size
        Of the tree that searches neighbours: changes the speed above 8,192 images, never the clusters.
    metric
        "euclidean", "cosine" or "manhattan".
    """

    min_cluster_size: int
    min_samples: int
    leaf_size: int = 40
    metric: str = "euclidean"

    def __post_init__(self) -> None:
        checks.require(self.min_cluster_size >= 2, f"min_cluster_size must be at least 2; got {self.min_cluster_size}")
        checks.require(self.min_samples >= 1, f"min_samples must be at least 1; got {self.min_samples}")
        checks.one_of(self.metric, statistics.METRICS, name="metric")


@dataclass(frozen=True)
class ClusterScore:
    """Agreement of clusters with classes.

    Attributes
    ----------
    rand, low, high
        Adjusted Rand index with a bootstrap interval over images, the clusters held fixed.
    information
        Adjusted mutual information.
    clusters, noise, n
        Clusters found, images left as noise, images scored.
    treatment
        What became of the noise.
    """

    rand: float
    low: float
    high: float
    information: float
    clusters: int
    noise: int
    n: int
    treatment: str


def clusters(features: Real[np.ndarray, "N D"], clustering: Clustering) -> Int[np.ndarray, " N"]:
    """Cluster of each image, 0, 1, ..., or -1 where HDBSCAN calls it noise.

    Raises
    ------
    ValueError
        Fewer images than `min_samples`, values that are not finite.

    Notes
    -----
    *Hidden layers* section 4.1 and figure 3. The reference is scikit-learn's HDBSCAN; the packages `hdbscan` and
    `fast_hdbscan` give other labels at hard settings. Up to 8,192 images all distances come from one matrix product,
    which is the same minimum spanning tree some forty times faster than searching a tree in 2,048 dimensions.
    """
    features = checks.array(features, name="features", dimensions="images x features")
    n = len(features)
    checks.require(
        n >= max(clustering.min_samples, 2),
        f"HDBSCAN needs at least min_samples = {clustering.min_samples} images; got {n}",
    )
    settings = {
        "min_cluster_size": clustering.min_cluster_size,
        "min_samples": clustering.min_samples,
        "leaf_size": clustering.leaf_size,
        "copy": False,
    }
    if n <= DENSE:
        distances = statistics.pairwise(features, features, metric=clustering.metric)
        np.fill_diagonal(distances, 0)
        distances = np.minimum(distances, distances.T)  # the product is symmetric but for rounding
        cluster = HDBSCAN(**settings, metric="precomputed").fit_predict(distances)
    else:
        cluster = HDBSCAN(**settings, metric=clustering.metric).fit_predict(checks.finite(features, name="features"))
    return np.asarray(cluster, np.int64)


def cluster_score(
    labels: np.ndarray,
    cluster: Int[np.ndarray, " N"],
    *,
    draws: int,
    seed: int,
    noise: str = "one extra cluster",
    average: str = "arithmetic",
) -> ClusterScore:
    """Adjusted Rand index and adjusted mutual information of clusters with the classes.

    Parameters
    ----------
    labels, cluster
        Class and cluster of each image; -1 is noise.
    noise
        "one extra cluster": noise is a cluster like others. "dropped": only clustered images are scored, which
        flatters whoever calls much noise. "singletons": each noisy image is a cluster of its own.
    average
        Mean of the entropies in the adjusted mutual information; "arithmetic" in scikit-learn now, "max" once.
    draws, seed
        Resamples of the images for the interval of the Rand index. The clusters are not found anew (HDBSCAN cannot
        see copies of an image), so the interval says how the score varies, not how the clusters do.

    Raises
    ------
    ValueError
        Another number of labels, an unknown treatment or average.
    """
    checks.one_of(noise, NOISE, name="noise")
    checks.one_of(average, AVERAGES, name="average")
    _, classes = coded_labels(labels, n_images=len(cluster))
    treated, kept = _treated(np.asarray(cluster), noise)
    n_noise, n_clusters = int((np.asarray(cluster) < 0).sum()), len(set(np.asarray(cluster).tolist()) - {-1})
    classes = classes[kept]
    if len(classes) < 2:  # all is noise, and dropped
        return ClusterScore(np.nan, np.nan, np.nan, np.nan, n_clusters, n_noise, len(classes), noise)
    information = adjusted_mutual_info_score(classes, treated, average_method=average)
    n = len(classes)
    times = statistics.resampled_counts(n, draws=draws, seed=seed)
    drawn = [adjusted_rand(classes, treated, times=row) for row in times]
    rand = statistics.percentile_estimate(adjusted_rand(classes, treated), np.array(drawn), n=n)
    return ClusterScore(rand.value, rand.low, rand.high, float(information), n_clusters, n_noise, n, noise)


def rand_difference(
    labels: np.ndarray,
    first: Int[np.ndarray, " N"],
    second: Int[np.ndarray, " N"],
    *,
    draws: int,
    seed: int,
    noise: str = "one extra cluster",
) -> statistics.Estimate:
    """Adjusted Rand index of the first clusters minus that of the second, paired bootstrap over the images.

    "dropped" is refused: the two would then be scored on different images.
    """
    checks.one_of(noise, ("one extra cluster", "singletons"), name="noise")
    _, classes = coded_labels(labels, n_images=len(first))
    first, second = (_treated(np.asarray(cluster), noise)[0] for cluster in (first, second))
    n = checks.same_length(first=first, second=second)

    def difference(times: Int[np.ndarray, " N"] | None = None) -> float:
        return adjusted_rand(classes, first, times=times) - adjusted_rand(classes, second, times=times)

    resampled = [difference(times) for times in statistics.resampled_counts(n, draws=draws, seed=seed)]
    return statistics.percentile_estimate(difference(), np.array(resampled), n=n)


def adjusted_rand(
    first: Int[np.ndarray, " N"], second: Int[np.ndarray, " N"], *, times: Int[np.ndarray, " N"] | None = None
) -> float:
    """Adjusted Rand index of two partitions coded from 0, each image taken as often as `times` says.

    Notes
    -----
    Hubert and Arabie 1985, doi:10.1007/BF01908075: ``(R - E[R]) / (max R - E[R])`` with R the pairs that are together
    in both.

    Examples
    --------
    >>> adjusted_rand(np.array([0, 0, 1, 1]), np.array([0, 0, 1, 2]))
    0.5714285714285714
    """
    table = np.zeros((first.max() + 1, second.max() + 1))
    np.add.at(table, (first, second), 1 if times is None else times)
    together = _pairs(table).sum()
    in_first, in_second = _pairs(table.sum(axis=1)).sum(), _pairs(table.sum(axis=0)).sum()
    expected = in_first * in_second / _pairs(table.sum())
    largest = (in_first + in_second) / 2
    return 1.0 if largest == expected else float((together - expected) / (largest - expected))


def _pairs(counts: np.ndarray) -> np.ndarray:
    pairs: np.ndarray = counts * (counts - 1) / 2
    return pairs


def _treated(cluster: np.ndarray, noise: str) -> tuple[np.ndarray, np.ndarray]:
    """Clusters coded from 0 after the noise was treated, and which images are kept."""
    noisy = cluster < 0
    if noise == "dropped":
        return np.unique(cluster[~noisy], return_inverse=True)[1], ~noisy
    treated = cluster.copy()
    if noise == "singletons":
        treated[noisy] = cluster.max() + 1 + np.arange(noisy.sum())
    return np.unique(treated, return_inverse=True)[1], np.ones(len(cluster), bool)
