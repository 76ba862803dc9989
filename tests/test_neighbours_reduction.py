"""Fewer dimensions: fitted on the training folds or on all, impossible sizes said, scikit-learn as oracle."""

import re

import numpy as np
import pytest
from sklearn.decomposition import PCA
from sklearn.model_selection import StratifiedKFold, cross_val_predict
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.random_projection import GaussianRandomProjection

from neuroattr import neighbours
from neuroattr.neighbours import Folds, Impossible, PrincipalComponents, RandomProjection, Vote
from tests.test_neighbours import blobs

FOLDS = Folds(5, repeats=2, seed=3)
X, Y = blobs(n=60, width=20)


@pytest.mark.parametrize(
    "reducer, oracle",
    [
        (PrincipalComponents(), lambda seed: PCA(4, svd_solver="full")),
        (RandomProjection(), lambda seed: GaussianRandomProjection(4, random_state=seed)),
    ],
    ids=["PCA", "random projection"],
)
def test_a_reducer_is_fitted_on_the_training_folds_only(reducer, oracle):
    found = neighbours.reduced_validations(X, Y, Vote(5), FOLDS, reducer=reducer, dimensions=[4])[4]
    for repeat, predictions in enumerate(found.predictions):
        splits = StratifiedKFold(5, shuffle=True, random_state=3 + repeat)
        pipeline = make_pipeline(oracle(3 + repeat), KNeighborsClassifier(5))
        np.testing.assert_array_equal(predictions, cross_val_predict(pipeline, X, Y, cv=splits))


def test_fitted_on_all_images_the_space_is_reduced_before_the_folds():
    settings = {"reducer": PrincipalComponents(), "dimensions": [3], "fit": "all images"}
    found = neighbours.reduced_validations(X, Y, Vote(5), FOLDS, **settings)[3]
    wanted = neighbours.cross_validated(PCA(3, svd_solver="full").fit_transform(X), Y, Vote(5), FOLDS)
    np.testing.assert_array_equal(found.predictions, wanted.predictions)


def test_all_components_together_lose_nothing():
    found = neighbours.reduced_validations(X, Y, Vote(5), FOLDS, reducer=PrincipalComponents(), dimensions=[20])
    wanted = neighbours.cross_validated(X, Y, Vote(5), FOLDS)
    np.testing.assert_array_equal(found[20].predictions, wanted.predictions)


@pytest.mark.parametrize("shape", [(60, 9), (30, 50)], ids=["tall", "wide"])
def test_principal_components_are_those_of_scikit_learn_up_to_sign(shape):
    values, others = (np.random.default_rng(seed).normal(3, 1, shape) for seed in (0, 1))
    for dimensions in (8, 3):
        oracle = PCA(dimensions, svd_solver="full").fit(values)
        here, transform = PrincipalComponents().fit(values, dimensions=dimensions, seed=0)
        signs = np.sign((here * oracle.transform(values)).sum(axis=0))
        np.testing.assert_allclose(here * signs, oracle.transform(values), atol=1e-8)
        np.testing.assert_allclose(transform(others) * signs, oracle.transform(others), atol=1e-8)


def test_components_without_variance_are_zero():
    values = np.random.default_rng(0).normal(size=(6, 2)) @ np.ones((2, 30))  # one direction
    here, _ = PrincipalComponents().fit(values, dimensions=4, seed=0)
    np.testing.assert_allclose(np.abs(here[:, 0]), np.linalg.norm(values - values.mean(axis=0), axis=1))
    np.testing.assert_array_equal(here[:, 1:], 0)


def test_impossible_sizes_are_results():
    settings = {"dimensions": [2, 32], "fit": "training fold"}
    found = neighbours.reduced_validations(X, Y, Vote(5), FOLDS, reducer=RandomProjection(), **settings)
    assert found[32] == Impossible("random projection: 32 dimensions out of 20 are no reduction")
    assert [row.note for row in neighbours.rows(found)] == [
        "", "impossible: random projection: 32 dimensions out of 20 are no reduction",
    ]  # fmt: skip
    wide = np.hstack([X] * 4)
    found = neighbours.reduced_validations(wide, Y, Vote(5), FOLDS, reducer=PrincipalComponents(), dimensions=[48, 49])
    assert isinstance(found[48], neighbours.Validation)
    assert str(found[49]) == "impossible: PCA: 49 principal components of 48 images"


def test_any_object_of_the_form_reduces():
    class FirstFeatures:
        name = "first features"

        def limit(self, n, width, dimensions):
            return neighbours.too_wide(width, dimensions)

        def fit(self, values, *, dimensions, seed):
            return values[:, :dimensions], lambda others: others[:, :dimensions]

        def embed(self, values, *, dimensions, seed):
            return values[:, :dimensions]

    seen = []
    settings = {"reducer": FirstFeatures(), "dimensions": (2, 5), "progress": lambda sizes: seen.append(sizes) or sizes}
    found = neighbours.reduced_validations(X, Y, Vote(5), FOLDS, **settings)
    wanted = neighbours.cross_validated(X[:, :5], Y, Vote(5), FOLDS)
    np.testing.assert_array_equal(found[5].predictions, wanted.predictions)
    assert seen == [[(repeat, fold) for repeat in range(2) for fold in range(5)]]


def test_an_unknown_fit_is_refused():
    message = "fit must be one of 'training fold', 'all images'; got 'test'"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        neighbours.reduced_validations(X, Y, Vote(5), FOLDS, reducer=PrincipalComponents(), dimensions=[2], fit="test")
