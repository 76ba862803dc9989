import numpy as np
import pytest
from scipy.optimize import brentq
from sklearn.linear_model import LogisticRegression

from neuroattr.discovery import newton, products
from neuroattr.discovery.logistic import dual_logistic, logistic

GRID = 10.0 ** np.arange(-4, 3)


@pytest.fixture
def images():
    """60 images with 12 correlated features, and what makes them positive."""
    random = np.random.default_rng(0)
    values = random.normal(size=(60, 4)) @ random.normal(size=(4, 12)) + random.normal(size=(60, 12))
    return values, values[:, 0] + random.normal(size=60) > 0.3


def by_scikit_learn(values, labels, C, **options):
    fitted = LogisticRegression(C=C, tol=1e-12, max_iter=50_000, **options).fit(values, labels)
    return fitted.coef_[0], fitted.intercept_[0]


@pytest.fixture(params=[0, 10_000], ids=["conjugate gradients", "factorised"])
def solver(request, monkeypatch):
    """Each way to find a Newton step."""
    monkeypatch.setattr(newton, "EXACT", request.param)


def test_two_images_by_hand(solver):
    # At +1 and -1 the intercept is 0 by symmetry, and w solves w = 2 C / (1 + exp(w)).
    expected = brentq(lambda w: w - 2 * 3 / (1 + np.exp(w)), 0, 6)
    fitted = logistic(np.array([[1.0], [-1.0]]), np.array([True, False]), C=3.0, tolerance=1e-9)
    np.testing.assert_allclose(fitted.coefficients, [[expected]], rtol=1e-8)
    np.testing.assert_allclose(fitted.intercepts, [0], atol=1e-8)


@pytest.mark.parametrize("features", [12, 150], ids=["more images", "more features"])
def test_coefficients_are_those_of_scikit_learn_for_every_C(images, features, solver):
    values, labels = images
    values = np.hstack([values, np.random.default_rng(1).normal(size=(60, features - 12))])
    fitted = logistic(values, labels, C=GRID)
    for m, C in enumerate(GRID):
        coefficients, intercept = by_scikit_learn(values, labels, C)
        np.testing.assert_allclose(fitted.coefficients[m], coefficients, atol=1e-4)
        np.testing.assert_allclose(fitted.intercepts[m], intercept, atol=1e-4)


def test_activations_as_they_are_unscaled_give_the_same_as_scikit_learn(images, solver):
    values, labels = np.maximum(images[0], 0) * 20, images[1]
    fitted = logistic(values, labels, C=1.0)
    coefficients, intercept = by_scikit_learn(values, labels, 1.0)
    np.testing.assert_allclose(fitted.coefficients[0], coefficients, atol=1e-4)
    np.testing.assert_allclose(fitted.intercepts[0], intercept, atol=1e-4)


def test_problems_of_other_words_and_rows_are_solved_together(images, solver):
    values, _ = images
    random = np.random.default_rng(2)
    labels, kept = random.random((60, 3)) < 0.4, random.random((60, 3)) < 0.6
    fitted = logistic(values, labels, C=np.array([0.1, 1.0, 0.5]), weights=kept)
    for m, C in enumerate([0.1, 1.0, 0.5]):
        rows = kept[:, m]
        coefficients, intercept = by_scikit_learn(values[rows], labels[rows, m], C)
        np.testing.assert_allclose(fitted.coefficients[m], coefficients, atol=1e-4)
        np.testing.assert_allclose(fitted.intercepts[m], intercept, atol=1e-4)


def test_a_weight_counts_an_image_so_often(images, solver):
    values, labels = images
    weights = np.random.default_rng(3).integers(0, 4, 60)
    repeated = np.repeat(np.arange(60), weights)
    weighed = logistic(values, labels, C=1.0, weights=weights[:, None].astype(float))
    counted = logistic(values[repeated], labels[repeated], C=1.0)
    np.testing.assert_allclose(weighed.coefficients, counted.coefficients, atol=1e-5)


def test_inner_products_alone_give_the_same_decisions(images, solver):
    values, labels = images
    other = np.random.default_rng(4).normal(size=(5, 12))
    duals, intercepts = dual_logistic(values @ values.T, labels, C=GRID, tolerance=1e-7)
    fitted = logistic(values, labels, C=GRID, tolerance=1e-7)
    decisions = (duals @ (values @ other.T)).T + intercepts
    np.testing.assert_allclose(decisions, fitted.decision(other), atol=1e-5)


def test_products_in_single_precision_change_no_solution(images, monkeypatch):
    monkeypatch.setattr(newton, "EXACT", 0)
    values, labels = images
    found = [dual_logistic(values @ values.T, labels, C=GRID, tolerance=1e-7)]
    monkeypatch.setattr(newton.Dual, "rough_predictor", newton.Dual.predictor)
    found += [dual_logistic(values @ values.T, labels, C=GRID, tolerance=1e-7)]
    (rough, rough_intercepts), (exact, intercepts) = found
    np.testing.assert_allclose(rough @ values, exact @ values, atol=1e-6)
    np.testing.assert_allclose(rough_intercepts, intercepts, atol=1e-6)


@pytest.mark.parametrize("n_columns", [0, 1, 3, 4, 7, 8, 11])
def test_a_product_with_few_columns_is_numpys(n_columns, monkeypatch):
    monkeypatch.setattr(products, "STRETCH", 16)
    random = np.random.default_rng(n_columns)
    matrix, columns = random.normal(size=(50, 41)), random.normal(size=(41, n_columns))
    found = products.few_columns(matrix, columns)
    assert found.shape == (50, n_columns) and found.dtype == np.float32
    np.testing.assert_allclose(found, matrix @ columns, atol=1e-4)


def test_repeated_images_are_no_trouble(images, solver):
    values, labels = np.repeat(images[0], 3, axis=0), np.repeat(images[1], 3)
    duals, _ = dual_logistic(values @ values.T, labels, C=10.0)
    np.testing.assert_allclose(duals @ values, logistic(values, labels, C=10.0).coefficients, atol=1e-4)


def test_separable_images_end(solver):
    values = np.array([[-2.0], [-1.0], [1.0], [2.0]])
    fitted = logistic(values, values[:, 0] > 0, C=1e6, tolerance=1e-4)
    assert (fitted.decision(values)[:, 0] > 0).tolist() == [False, False, True, True]


def test_flipped_labels_flip_the_classifier(images, solver):
    values, labels = images
    fitted, flipped = logistic(values, labels, C=1.0), logistic(values, ~labels, C=1.0)
    np.testing.assert_allclose(fitted.coefficients, -flipped.coefficients, atol=1e-5)


def test_a_stronger_penalty_gives_shorter_coefficients(images):
    lengths = np.linalg.norm(logistic(*images, C=GRID).coefficients, axis=1)
    assert (np.diff(lengths) > 0).all()


def test_no_convergence_is_said(images, monkeypatch):
    monkeypatch.setattr(newton, "STEPS", 1)
    message = (
        r"1 of 1 problems did not come to a gradient of 1.0e-06 in 1 Newton steps; scale the features, or raise "
        r"tolerance"
    )
    with pytest.raises(RuntimeError, match=message):
        logistic(*images, C=100.0)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"labels": np.ones(60, bool)}, "each problem needs images of both classes; problem 0 has only one"),
        ({"labels": np.ones(59, bool)}, r"labels must hold a row for each of the 60 images; got shape \(59, 1\)"),
        ({"C": 0.0}, "C must be positive, one number or one a problem; got 0.0"),
        ({"C": np.ones(3), "labels": np.eye(60, 2, dtype=bool)}, "labels and C must agree on the number of problems"),
        ({"weights": -np.ones((60, 1))}, "weights must not be negative"),
        ({"weights": np.ones(60)}, r"weights must be 60 images x 1 problems; got shape \(60,\)"),
        ({"values": np.full((60, 2), np.nan)}, "values must be finite; got 120 NaN"),
        ({"values": np.ones(60)}, r"values must be images x features; got shape \(60,\)"),
    ],
)
def test_what_cannot_be_is_refused(images, change, message):
    options = {"values": images[0], "labels": images[1], "C": 1.0} | change
    with pytest.raises(ValueError, match=message):
        logistic(options.pop("values"), options.pop("labels"), **options)


def test_a_gram_matrix_is_square():
    with pytest.raises(ValueError, match=r"gram must be images x images; got shape \(2, 3\)"):
        dual_logistic(np.ones((2, 3)), np.array([True, False]), C=1.0)
