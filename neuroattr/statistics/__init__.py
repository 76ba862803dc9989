"""Histograms, divergences, tests, correlations, intervals, rankings and distances: arrays in, arrays out.

The way of a value: `unit_codes` turns activations into bin codes, `word_counts` turns codes and mentions into integer
counts (mergeable by addition), and everything else (divergence, AUC, p-values) is computed from those counts.
"""

from neuroattr.statistics.association import auc, pearson, spearman
from neuroattr.statistics.codes import KINDS, unit_codes
from neuroattr.statistics.counts import word_counts
from neuroattr.statistics.distances import METRICS, nearest, pairwise, row_blocks, smallest, unit_length
from neuroattr.statistics.divergence import (
    SMOOTHINGS,
    corrected_divergence,
    count_auc,
    null_divergence,
    pooled_strength,
    symmetric_kl,
)
from neuroattr.statistics.estimates import (
    Estimate,
    bootstrap,
    percentile_estimate,
    proportion,
    proportion_difference,
    resampled_counts,
    resampled_rows,
)
from neuroattr.statistics.ranking import average_precision, ndcg, precision_at
from neuroattr.statistics.sampling import balanced
from neuroattr.statistics.significance import ChiSquare, chi_square

__all__ = [
    "KINDS",
    "METRICS",
    "SMOOTHINGS",
    "ChiSquare",
    "Estimate",
    "auc",
    "average_precision",
    "balanced",
    "bootstrap",
    "chi_square",
    "corrected_divergence",
    "count_auc",
    "ndcg",
    "nearest",
    "null_divergence",
    "pairwise",
    "pearson",
    "percentile_estimate",
    "pooled_strength",
    "precision_at",
    "proportion",
    "proportion_difference",
    "resampled_counts",
    "resampled_rows",
    "row_blocks",
    "smallest",
    "spearman",
    "symmetric_kl",
    "unit_codes",
    "unit_length",
    "word_counts",
]
