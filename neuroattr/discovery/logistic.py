"""Logistic regression with an L2 penalty, many problems at once on the same images."""

from dataclasses import dataclass

import numpy as np
from jaxtyping import Bool, Float, Real

from neuroattr.checks import finite, numbers, require, truths
from neuroattr.discovery import newton


@dataclass(frozen=True)
class Logistic:
    """Fitted problems: log odds of the positive class are ``values @ coefficients.T + intercepts``.

    Attributes
    ----------
    coefficients
        ``[problem, feature]``.
    intercepts
        ``[problem]``; not penalised.
    """

    coefficients: Float[np.ndarray, "M D"]
    intercepts: Float[np.ndarray, " M"]

    def decision(self, values: Real[np.ndarray, "N D"]) -> Float[np.ndarray, "N M"]:
        """Log odds of the positive class, images by problems."""
        log_odds: Float[np.ndarray, "N M"] = values @ self.coefficients.T + self.intercepts
        return log_odds


def logistic(
    values: Real[np.ndarray, "N D"],
    labels: Bool[np.ndarray, " N"] | Bool[np.ndarray, "N M"],
    *,
    C: float | Real[np.ndarray, " M"],
    weights: Real[np.ndarray, "N M"] | None = None,
    tolerance: float | Real[np.ndarray, " M"] = 1e-6,
) -> Logistic:
    """Minimise ``||w||^2 / 2 + C sum_i log(1 + exp(-y_i (w x_i + b)))`` for M problems at once.

    Parameters
    ----------
    values
        Features of the images, scaled as wanted.
    labels
        Whether an image is positive: of one problem, or a column for each.
    C
        Inverse strength of the penalty, one for each problem (a grid of C for one word is M problems).
    weights
        Weight of each image in each problem; 0 leaves it out, so that problems may have rows of their own.
    tolerance
        Largest norm of the gradient at the end, one number or one a problem. No eigenvalue of the Hessian in w is below
        1, so this also bounds the distance of the coefficients from the optimum. scikit-learn stops where the largest
        component is ``1e-4 C N``, often far from it.

    Raises
    ------
    ValueError
        Values that are not finite, labels of one class only, C or weights that cannot be, shapes that do not fit.
    RuntimeError
        No convergence.

    Notes
    -----
    Objective and result are scikit-learn's ``LogisticRegression(C=C)``. The two products with the images, which cost
    all the time, are shared by the problems. With fewer images than features it works on the images' inner products
    (`dual_logistic`), with the same iterates in other coordinates.

    Examples
    --------
    >>> fitted = logistic(np.array([[-2.0], [-1.0], [1.0], [2.0]]), np.array([False, False, True, True]), C=1.0)
    >>> fitted.coefficients.round(3), abs(fitted.intercepts.round(3))
    (array([[1.007]]), array([0.]))
    """
    values = finite(numbers(values, name="values"), name="values")
    require(values.ndim == 2, f"values must be images x features; got shape {values.shape}")
    if len(values) < values.shape[1]:
        duals, intercepts = dual_logistic(values @ values.T, labels, C=C, weights=weights, tolerance=tolerance)
        return Logistic(duals @ values, intercepts)
    targets, scaled = _problems(len(values), labels, C, weights)
    solution, intercepts = newton.solved(newton.Primal(values), targets, scaled, tolerance)
    return Logistic(solution.T, intercepts)


def dual_logistic(
    gram: Float[np.ndarray, "N N"],
    labels: Bool[np.ndarray, " N"] | Bool[np.ndarray, "N M"],
    *,
    C: float | Real[np.ndarray, " M"],
    weights: Real[np.ndarray, "N M"] | None = None,
    tolerance: float | Real[np.ndarray, " M"] = 1e-6,
) -> tuple[Float[np.ndarray, "M N"], Float[np.ndarray, " M"]]:
    """Coefficients as sums of images, and intercepts, of the problems of `logistic` from inner products alone.

    Parameters
    ----------
    gram
        Inner products of the images' features.
    labels, C, weights, tolerance
        As `logistic` takes them.

    Returns
    -------
    duals, intercepts
        ``duals @ values`` are the coefficients; ``duals @ values @ other.T`` needs only inner products again.
    """
    gram = numbers(gram, name="gram")
    require(gram.ndim == 2 and gram.shape[0] == gram.shape[1], f"gram must be images x images; got shape {gram.shape}")
    targets, scaled = _problems(len(gram), labels, C, weights)
    solution, intercepts = newton.solved(newton.Dual(gram), targets, scaled, tolerance)
    return solution.T, intercepts


def _problems(
    n_images: int, labels: np.ndarray, C: float | np.ndarray, weights: np.ndarray | None
) -> tuple[Float[np.ndarray, "N M"], Float[np.ndarray, "N M"]]:
    """Targets in {0, 1} and the weight of each image's loss, both ``[image, problem]``."""
    labels, C = truths(labels, name="labels"), numbers(C, name="C")
    labels = labels[:, None] if labels.ndim == 1 else labels
    require(
        labels.ndim == 2 and len(labels) == n_images,
        f"labels must hold a row for each of the {n_images} images; got shape {labels.shape}",
    )
    require(C.ndim <= 1 and (C > 0).all(), f"C must be positive, one number or one a problem; got {C}")
    weights = np.ones((n_images, 1)) if weights is None else finite(numbers(weights, name="weights"), name="weights")
    n_problems = max(labels.shape[1], C.size, weights.shape[1] if weights.ndim == 2 else 1)
    require(
        {labels.shape[1], C.size} <= {1, n_problems},
        f"labels and C must agree on the number of problems; got {labels.shape[1]} and {C.size}",
    )
    require(
        weights.ndim == 2 and weights.shape[0] == n_images and weights.shape[1] in {1, n_problems},
        f"weights must be {n_images} images x {n_problems} problems; got shape {weights.shape}",
    )
    require((weights >= 0).all(), "weights must not be negative")
    targets = np.broadcast_to(labels, (n_images, n_problems)).astype(np.float64)
    scaled = np.broadcast_to(weights * C, (n_images, n_problems))
    one_class = ((scaled * targets).sum(0) == 0) | ((scaled * (1 - targets)).sum(0) == 0)
    require(
        not one_class.any(),
        f"each problem needs images of both classes; problem {int(one_class.argmax())} has only one",
    )
    return targets, scaled
