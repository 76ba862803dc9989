"""How good a ranking is: precision, average precision and gain of what is retrieved, by attribute and by both."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float, Int, Real

from neuroattr import checks, statistics
from neuroattr.neighbours.fusion import Fusion, fused_distances, ranked, space_distances
from neuroattr.neighbours.voting import coded_labels


@dataclass(frozen=True, eq=False)
class RetrievalScores:
    """Scores of each query; NaN for queries to which nothing in the gallery is relevant.

    Attributes
    ----------
    precision
        Share of the first `at` that are relevant.
    average_precision
        Mean precision at the relevant images, over the whole ranking.
    gain
        Normalised discounted cumulative gain of the first `at`.
    at
        How many are looked at.
    """

    precision: Float[np.ndarray, " Q"]
    average_precision: Float[np.ndarray, " Q"]
    gain: Float[np.ndarray, " Q"]
    at: int

    def estimates(self, *, draws: int, seed: int) -> dict[str, statistics.Estimate]:
        """Mean over queries of each score with a bootstrap interval; n counts the queries that have relevant images."""
        return {
            name: mean_over_queries(getattr(self, name), draws=draws, seed=seed)
            for name in ("precision", "average_precision", "gain")
        }


@dataclass(frozen=True)
class RetrievalRow:
    """One ranking judged by one attribute, or by all together.

    Attributes
    ----------
    ranking
        The space it ranks by, or the rule that joins them.
    judged
        The attribute by which images are relevant; "both" (or "all"): those that share every attribute.
    precision, precision_low, precision_high
        At the first `at`, mean over queries with its bootstrap interval.
    average_precision, average_precision_low, average_precision_high
        Its mean over queries is what is called mAP.
    gain, gain_low, gain_high
        nDCG; for "both" an image that shares one attribute of two has half the gain.
    chance
        Precision of a random ranking.
    queries
        Those with relevant images.
    """

    ranking: str
    judged: str
    precision: float
    precision_low: float
    precision_high: float
    average_precision: float
    average_precision_low: float
    average_precision_high: float
    gain: float
    gain_low: float
    gain_high: float
    chance: float
    queries: int


def mean_over_queries(scores: Float[np.ndarray, " Q"], *, draws: int, seed: int) -> statistics.Estimate:
    """Mean of the scores that are not NaN, with a bootstrap interval over queries.

    Also of a difference of two scores of the same queries, which pairs them.
    """
    counted = np.asarray(scores)[~np.isnan(scores)]
    checks.require(len(counted) >= 2, f"a mean over queries needs two that have relevant images; got {len(counted)}")
    return statistics.bootstrap(np.mean, counted, draws=draws, seed=seed, method="percentile")


def shared_attributes(
    labels: Mapping[str, np.ndarray], queries: Int[np.ndarray, " Q"], *, by: Sequence[str] | None = None
) -> Int[np.ndarray, "Q N"]:
    """How many of the attributes `by` (all, if not given) each image of the gallery shares with each query.

    Parameters
    ----------
    labels
        One class an image for each attribute, a mapping or a DataFrame; all images have all of them.
    queries
        Rows of the gallery.
    """
    names = list(labels if by is None else by)
    unknown = [name for name in names if name not in labels]
    checks.require(
        names and not unknown, f"by must name attributes out of {', '.join(labels)}; got {', '.join(names) or 'none'}"
    )
    n = checks.same_length(**{name: labels[name] for name in names})
    shared = np.zeros((len(queries), n), np.int64)
    for name in names:
        _, codes = coded_labels(labels[name], n_images=n)
        shared += codes[queries][:, None] == codes
    return shared


def retrieval_scores(
    distances: Real[np.ndarray, "Q N"],
    relevant: np.ndarray,
    *,
    at: int,
    gains: Real[np.ndarray, "Q N"] | None = None,
) -> RetrievalScores:
    """Precision, average precision and nDCG of the ranking by distance.

    Parameters
    ----------
    distances
        Nearest is best; infinite: not in the ranking (the query itself).
    relevant
        Which images are right for which query, queries x gallery.
    at
        How many of the first are looked at for precision and gain.
    gains
        Worth of each image for the gain, not negative; 1 for the relevant if not given.

    Raises
    ------
    ValueError
        Shapes that differ, `at` beyond the shortest ranking.
    """
    distances, relevant = np.asarray(distances), np.asarray(relevant, bool)
    gains = relevant.astype(float) if gains is None else np.asarray(gains, float)
    checks.require(
        distances.shape == relevant.shape == gains.shape,
        f"distances, relevant and gains must be queries x gallery; got {distances.shape}, {relevant.shape}, "
        f"{gains.shape}",
    )
    there = np.isfinite(distances)
    checks.between(at, 1, int(there.sum(axis=1).min()), name="at")
    order = ranked(distances, count=distances.shape[1])
    hits = np.take_along_axis(relevant & there, order, axis=1)
    worth = np.take_along_axis(np.where(there, gains, 0), order, axis=1)
    total = hits.sum(axis=1)
    falling = np.broadcast_to(-np.arange(hits.shape[1]), hits.shape)  # equal distances were put in an order above
    average = [
        statistics.average_precision(*ranking, positives=int(n)) if n else np.nan
        for *ranking, n in zip(falling, hits, total, strict=True)
    ]
    return RetrievalScores(
        precision=np.where(total > 0, statistics.precision_at(falling, hits, count=at), np.nan),
        average_precision=np.array(average),
        gain=np.where(total > 0, statistics.ndcg(falling, worth, count=at), np.nan),
        at=at,
    )


def compared_rankings(
    spaces: Mapping[str, Real[np.ndarray, "N _"]],
    labels: Mapping[str, np.ndarray],
    *,
    fusions: Sequence[Fusion],
    queries: Int[np.ndarray, " Q"],
    at: int,
    draws: int,
    seed: int,
) -> list[RetrievalRow]:
    """Rankings by each space alone and by each fusion of them, judged by each attribute and by all together.

    Parameters
    ----------
    spaces
        Features of the gallery for each attribute (colour: block 2, texture: block 4).
    labels
        Classes of the gallery in each attribute, of the same names; a mapping or a DataFrame.
    queries
        Rows of the gallery; each is left out of its own ranking.

    Notes
    -----
    *Hidden layers* section 4.5 and figure 6, which show one query and give no number.
    """
    checks.require(
        set(spaces) == set(labels),
        f"spaces and labels must have the same attributes; got {', '.join(spaces)} and {', '.join(labels)}",
    )
    rankings = alone_and_fused(spaces, fusions=fusions, queries=queries)
    shared = {name: shared_attributes(labels, queries, by=[name]) for name in labels}
    together = "both" if len(shared) == 2 else "all"
    all_shared = shared_attributes(labels, queries)
    judged = {name: (value > 0, value) for name, value in shared.items()}
    judged[together] = all_shared == len(shared), all_shared / len(shared)
    table = []
    for ranking, distances in rankings.items():
        for name, (relevant, gains) in judged.items():
            scores = retrieval_scores(distances, relevant, at=at, gains=gains).estimates(draws=draws, seed=seed)
            precision, average, gain = scores["precision"], scores["average_precision"], scores["gain"]
            chance = float(relevant[np.isfinite(distances)].mean())
            row = RetrievalRow(
                ranking, name, precision.value, precision.low, precision.high, average.value, average.low,
                average.high, gain.value, gain.low, gain.high, chance, precision.n,
            )  # fmt: skip
            table.append(row)
    return table


def alone_and_fused(
    spaces: Mapping[str, Real[np.ndarray, "N _"]], *, fusions: Sequence[Fusion], queries: Int[np.ndarray, " Q"]
) -> dict[str, Float[np.ndarray, "Q N"]]:
    """Distances of the queries (rows of the gallery, left out themselves) by each space and by each rule, by name."""
    queries = np.asarray(queries)
    query_features = {name: values[queries] for name, values in spaces.items()}
    plain = space_distances(query_features, spaces, Fusion())
    ranking = {name: fused_distances({name: values}, Fusion(), own=queries) for name, values in plain.items()}
    for fusion in fusions:
        joined = space_distances(query_features, spaces, fusion) if "unit" in fusion.rule else plain
        ranking[_unused(fusion.rule, ranking)] = fused_distances(joined, fusion, own=queries)
    return ranking


def _unused(name: str, taken: Collection[str]) -> str:
    return name if name not in taken else f"{name} ({sum(key.startswith(name) for key in taken) + 1})"
