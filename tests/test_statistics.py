"""What the public functions promise together: their shapes, and one word on its way from activation to p-value."""

import beartype
import numpy as np
import pytest
import scipy.stats
from jaxtyping import TypeCheckError, jaxtyped

from neuroattr import discovery, statistics

RANDOM = np.random.default_rng(0)
VALUES = RANDOM.normal(size=(40, 3)).astype(np.float32)
MENTIONS = RANDOM.random((40, 2)) < 0.5
CODES, _ = statistics.unit_codes(VALUES, bins=4)
POSITIVE = statistics.word_counts(CODES, MENTIONS, bins=4)
TOTALS = statistics.word_counts(CODES, np.ones((40, 1), bool), bins=4)[0]
X, Y = VALUES[:, 0], VALUES[:, 1]

CALLS = [
    (statistics.unit_codes, (VALUES,), {"bins": 4}),
    (statistics.word_counts, (CODES, MENTIONS), {"bins": 4}),
    (statistics.symmetric_kl, (POSITIVE, TOTALS), {}),
    (statistics.symmetric_kl, (TOTALS[0], TOTALS[1]), {}),
    (statistics.count_auc, (POSITIVE, TOTALS), {}),
    (statistics.corrected_divergence, (POSITIVE, TOTALS), {}),
    (statistics.null_divergence, (POSITIVE.sum(-1), 30), {"bins": 4}),
    (statistics.chi_square, (POSITIVE, TOTALS), {}),
    (statistics.resampled_rows, (5,), {"draws": 2, "seed": 0}),
    (statistics.resampled_counts, (5,), {"draws": 2, "seed": 0}),
    (statistics.percentile_estimate, (0.5, X), {"n": 40}),
    (statistics.average_precision, (X, Y > 0), {"positives": 40}),
    (statistics.precision_at, (VALUES.T, VALUES.T > 0), {"count": 3}),
    (statistics.ndcg, (X, abs(Y)), {"count": 3}),
    (statistics.pairwise, (VALUES, VALUES[:5]), {"metric": "euclidean"}),
    (statistics.nearest, (VALUES, VALUES[:5]), {"count": 2, "metric": "cosine"}),
    (statistics.smallest, (VALUES, 2), {}),
    (statistics.pearson, (X, Y), {}),
    (statistics.spearman, (X, Y), {}),
    (statistics.bootstrap, (np.mean, X), {"draws": 2, "seed": 0}),
    (statistics.auc, (X, Y > 0), {}),
    (statistics.proportion, (3, 4), {}),
    (discovery.unit_divergence, (VALUES, MENTIONS), {"bins": 4}),
    (discovery.prime_units, (POSITIVE[..., 0].astype(float),), {"count": 2}),
]


@pytest.mark.parametrize(("function", "arguments", "options"), CALLS, ids=lambda part: getattr(part, "__name__", ""))
def test_shapes_and_types_are_those_of_the_signature(function, arguments, options):
    jaxtyped(typechecker=beartype.beartype)(function)(*arguments, **options)


def test_the_shapes_of_the_signatures_are_checked():
    with pytest.raises(TypeCheckError):
        jaxtyped(typechecker=beartype.beartype)(statistics.average_precision)(X, Y[:2] > 0, positives=40)


def test_every_public_name_is_there():
    assert all(hasattr(statistics, name) for name in statistics.__all__)


def test_one_word_goes_from_activation_to_pvalue():
    random = np.random.default_rng(0)
    values = np.maximum(random.normal(size=(3000, 40)), 0).astype(np.float32)
    mentions = random.random((3000, 2)) < 0.1
    values[mentions[:, 0], 7] += 0.5
    divergence = discovery.unit_divergence(values, mentions, bins=16)
    assert discovery.prime_units(divergence, count=1)[0, 0] == 7
    codes, _ = statistics.unit_codes(values, bins=16)
    positive = statistics.word_counts(codes, mentions, bins=16)
    negative = statistics.word_counts(codes, ~mentions, bins=16)
    qvalues = scipy.stats.false_discovery_control(statistics.chi_square(positive, negative).pvalue, axis=None).reshape(
        2, 40
    )
    assert np.argwhere(qvalues < 0.01).tolist() == [[0, 7]]
    assert abs(statistics.corrected_divergence(positive, negative)[1]).max() < 0.1 < divergence[0, 7]
