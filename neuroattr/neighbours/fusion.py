"""One ranking from several spaces: rules that join what two layers say of the same gallery."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from neuroattr import checks, statistics
from neuroattr.neighbours.features import same_images

FUSIONS = ("sum of z-scored distances", "concatenated unit vectors", "reciprocal rank fusion", "re-rank the first N")

FEW = 100
"""Images up to which the first of a ranking are picked out; for more it is sorted whole."""

Distances = Mapping[str, Real[np.ndarray, "Q N"]]
"""Of each space, queries x gallery."""


@dataclass(frozen=True)
class Fusion:
    """How the spaces are joined.

    Attributes
    ----------
    rule
        "sum of z-scored distances": each space's distances from the query, of mean 0 and spread 1 over the gallery.
        "concatenated unit vectors": one long vector of the spaces' vectors, each of length 1.
        "reciprocal rank fusion": ``sum w / (constant + rank)``, ranks from 1.
        "re-rank the first N": the first space chooses N, the others order them.
    weights
        One a space; equal where not given. Only their ratio counts.
    constant
        Of reciprocal rank fusion; 60 in Cormack, Clarke and Büttcher 2009, doi:10.1145/1571941.1572114.
    first
        N, how many are re-ranked.
    """

    rule: str = "sum of z-scored distances"
    weights: Mapping[str, float] | None = None
    constant: float = 60.0
    first: int = 50

    def __post_init__(self) -> None:
        checks.one_of(self.rule, FUSIONS, name="rule")
        checks.require(self.constant >= 0, f"constant must not be negative; got {self.constant}")
        checks.require(self.first >= 1, f"first must be at least 1; got {self.first}")

    def weight(self, names: list[str]) -> dict[str, float]:
        """The weight of each space; they sum to 1."""
        given = dict.fromkeys(names, 1.0) if self.weights is None else dict(self.weights)
        checks.require(
            set(given) == set(names),
            f"weights must name each space once ({', '.join(names)}); got {', '.join(map(str, given)) or 'none'}",
        )
        total = sum(given.values())
        checks.require(
            min(given.values()) >= 0 and 0 < total < np.inf,
            f"weights must not be negative, nor all zero; got {', '.join(f'{n} {w}' for n, w in given.items())}",
        )
        return {name: given[name] / total for name in names}


def space_distances(
    queries: Mapping[str, Real[np.ndarray, "Q _"]], gallery: Mapping[str, Real[np.ndarray, "N _"]], fusion: Fusion
) -> dict[str, Float[np.ndarray, "Q N"]]:
    """Distances in each space as the rule of `fusion` joins them: Euclidean, of unit vectors for concatenation."""
    checks.require(
        list(queries) == list(gallery),
        f"queries and gallery must have the same spaces; got {', '.join(queries)} and {', '.join(gallery)}",
    )
    same_images(queries, name="queries")
    same_images(gallery, name="gallery")
    if fusion.rule == "concatenated unit vectors":  # |a - b|^2 = 2 (1 - cos) of unit vectors
        return {
            name: np.sqrt(2 * statistics.pairwise(queries[name], gallery[name], metric="cosine")) for name in gallery
        }
    return {name: statistics.pairwise(queries[name], gallery[name], metric="euclidean") for name in gallery}


def fused_distances(
    distances: Distances, fusion: Fusion, *, own: Int[np.ndarray, " Q"] | None = None
) -> Float[np.ndarray, "Q N"]:
    """Joined distance of each query to each image of the gallery; the nearest is the smallest.

    Parameters
    ----------
    distances
        Of each space, as `space_distances` gives them.
    own
        Row of the gallery that each query is itself: it takes no part, and its distance is infinite.

    Raises
    ------
    ValueError
        Spaces of different shape, weights that do not fit.

    Notes
    -----
    *Hidden layers* sections 4.5 and 5 ("combining information from these two feature vectors, we update the ranking")
    give no rule. Raw distances cannot be added: those of a wide layer are larger for no reason but its width.
    """
    checks.require(len(distances) > 0, "distances must hold at least one space")
    shapes = {name: np.shape(values) for name, values in distances.items()}
    checks.require(len(set(shapes.values())) == 1, f"all spaces must have one shape of distances; got {shapes}")
    weights = fusion.weight(list(distances))
    masked = {name: np.array(values, np.float64) for name, values in distances.items()}
    if own is not None:
        for values in masked.values():
            values[np.arange(len(values)), own] = np.inf
    return RULES[fusion.rule](masked, weights, fusion)


def ranked(distances: Real[np.ndarray, "Q N"], *, count: int) -> Int[np.ndarray, "Q count"]:
    """Rows of the gallery, nearest first; equal distances in the order of the gallery."""
    checks.between(count, 1, distances.shape[1], name="count")
    if count <= FEW:
        return statistics.smallest(distances, count)[0]
    return np.argsort(distances, axis=1, kind="stable")[:, :count]


def _sum_of_scores(distances: Distances, weights: Mapping[str, float], fusion: Fusion) -> np.ndarray:
    return _weighted_sum({name: _z_scored(values) for name, values in distances.items()}, weights)


def _length_of_difference(distances: Distances, weights: Mapping[str, float], fusion: Fusion) -> np.ndarray:
    joined: np.ndarray = np.sqrt(_weighted_sum({name: values**2 for name, values in distances.items()}, weights))
    return joined


def _reciprocal_ranks(distances: Distances, weights: Mapping[str, float], fusion: Fusion) -> np.ndarray:
    joined = -sum(weights[name] / (fusion.constant + _ranks(values)) for name, values in distances.items())
    return np.where(np.isinf(next(iter(distances.values()))), np.inf, joined)


def _reranked(distances: Distances, weights: Mapping[str, float], fusion: Fusion) -> np.ndarray:
    """Ranks by the first space, those up to N replaced by the ranks among them by the others."""
    names = list(distances)
    checks.require(len(names) >= 2, "re-ranking needs a second space to order by; got one")
    rank = _ranks(distances[names[0]])
    rest = _weighted_sum({name: _z_scored(distances[name]) for name in names[1:]}, weights)
    chosen = rank <= fusion.first
    rank[chosen] = _ranks(np.where(chosen, rest, np.inf))[chosen]
    return np.where(np.isinf(distances[names[0]]), np.inf, rank)


RULES: dict[str, Callable[[Distances, Mapping[str, float], Fusion], np.ndarray]] = dict(
    zip(FUSIONS, (_sum_of_scores, _length_of_difference, _reciprocal_ranks, _reranked), strict=True)
)


def _weighted_sum(values: Distances, weights: Mapping[str, float]) -> np.ndarray:
    """Sum of the spaces that weigh anything: zero times the infinite distance of the query itself is no number."""
    return sum((weights[name] * array for name, array in values.items() if weights[name] > 0), np.zeros(()))


def _z_scored(distances: np.ndarray) -> np.ndarray:
    """Distances of each query with mean 0 and spread 1 over the gallery; infinite ones stay and do not count."""
    finite = np.isfinite(distances)
    n = finite.sum(axis=1, keepdims=True)
    values = np.where(finite, distances, 0)
    mean = values.sum(axis=1, keepdims=True) / n
    spread = np.sqrt((np.where(finite, values - mean, 0) ** 2).sum(axis=1, keepdims=True) / n)
    return np.where(finite, (values - mean) / np.where(spread > 0, spread, 1), np.inf)


def _ranks(distances: np.ndarray) -> np.ndarray:
    """Ranks from 1, equal distances in the order of the gallery."""
    order = np.argsort(distances, axis=1, kind="stable")
    ranks = np.empty(distances.shape)
    np.put_along_axis(ranks, order, np.arange(1.0, distances.shape[1] + 1)[None], axis=1)
    return ranks
