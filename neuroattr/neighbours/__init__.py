"""Attributes by nearest neighbours: classification without training, clusters, fewer dimensions, retrieval.

The method of *Hidden layers*. `cross_validated` gives its table 1, `clusters` and `cluster_score` figure 3,
`reduced_validations` table 2, `compared_rankings` what figure 6 shows; `learning_curve` tests the claim "scalable".
"""

from neuroattr.neighbours.clustering import (
    NOISE,
    Clustering,
    ClusterScore,
    cluster_score,
    clusters,
    rand_difference,
)
from neuroattr.neighbours.comparison import (
    Comparison,
    McNemar,
    best_depth,
    comparisons,
    depth_difference,
    difference,
)
from neuroattr.neighbours.features import scaled, spaces
from neuroattr.neighbours.fusion import FUSIONS, Fusion, fused_distances, ranked, space_distances
from neuroattr.neighbours.learning import OTHERS, LearningPoint, learning_curve
from neuroattr.neighbours.reduction import (
    PrincipalComponents,
    RandomProjection,
    Reducer,
    reduced_validations,
    too_wide,
)
from neuroattr.neighbours.retrieval import (
    RetrievalRow,
    RetrievalScores,
    alone_and_fused,
    compared_rankings,
    mean_over_queries,
    retrieval_scores,
    shared_attributes,
)
from neuroattr.neighbours.search import VectorIndex
from neuroattr.neighbours.validation import (
    AccuracyRow,
    Folds,
    Impossible,
    Validation,
    cross_validated,
    fold_numbers,
    rows,
)
from neuroattr.neighbours.voting import Prediction, Vote, predicted, winning

__all__ = [
    "FUSIONS",
    "NOISE",
    "OTHERS",
    "AccuracyRow",
    "ClusterScore",
    "Clustering",
    "Comparison",
    "Folds",
    "Fusion",
    "Impossible",
    "LearningPoint",
    "McNemar",
    "Prediction",
    "PrincipalComponents",
    "RandomProjection",
    "Reducer",
    "RetrievalRow",
    "RetrievalScores",
    "Validation",
    "VectorIndex",
    "Vote",
    "alone_and_fused",
    "best_depth",
    "cluster_score",
    "clusters",
    "compared_rankings",
    "comparisons",
    "cross_validated",
    "depth_difference",
    "difference",
    "fold_numbers",
    "fused_distances",
    "learning_curve",
    "mean_over_queries",
    "predicted",
    "rand_difference",
    "ranked",
    "reduced_validations",
    "retrieval_scores",
    "rows",
    "scaled",
    "shared_attributes",
    "space_distances",
    "spaces",
    "too_wide",
    "winning",
]
