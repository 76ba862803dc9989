"""Newton's method for logistic problems, on the features of images or on the images' inner products."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.linalg
from jaxtyping import Float
from scipy.special import expit

from neuroattr.discovery.products import few_columns

STEPS = 200
"""Newton steps before giving up; ten are usual."""

EXACT = 400
"""Largest system that is factorised for every step of every problem. Larger ones are solved by conjugate gradients, all
problems together, where a product with the images serves them all. Measured: equal near 400 (one thread)."""


class Primal:
    """Coefficients of the features, as they are."""

    def __init__(self, values: Float[np.ndarray, "N D"]) -> None:
        self.values, self.size = values, values.shape[1]

    def predictor(self, coefficients: np.ndarray) -> np.ndarray:
        """Linear predictor of each image."""
        predictor: np.ndarray = self.values @ coefficients
        return predictor

    def rough_predictor(self, coefficients: np.ndarray) -> np.ndarray:
        """Linear predictor of each image."""
        return self.predictor(coefficients)

    def adjoint(self, residuals: np.ndarray) -> np.ndarray:
        """Coefficients of the images' residuals: the adjoint of `predictor`."""
        adjoint: np.ndarray = self.values.T @ residuals
        return adjoint

    def inner(self, left: np.ndarray, right: np.ndarray, right_predictor: np.ndarray) -> np.ndarray:
        """Inner products of coefficients, one a problem."""
        products: np.ndarray = np.einsum("dm,dm->m", left, right)
        return products

    def newton_step(self, gradient: "State", curvature: np.ndarray) -> tuple[np.ndarray, float]:
        """Coefficients and intercept of the exact step of one problem."""
        root = np.sqrt(curvature)
        weighted = self.values * root[:, None]
        hessian = weighted.T @ weighted  # of a matrix with itself: NumPy computes one half and mirrors it
        hessian.flat[:: self.size + 1] += 1
        factor = scipy.linalg.cho_factor(hessian, overwrite_a=True, check_finite=False)
        border = root @ weighted
        right = np.stack([gradient.solution[:, 0], border], axis=1)
        descent, coupling = scipy.linalg.cho_solve(factor, right, check_finite=False).T
        schur = max(curvature.sum() - border @ coupling, np.finfo(float).tiny)
        shift = (border @ descent - gradient.intercept[0]) / schur
        return -descent - shift * coupling, shift


class Dual:
    """Coefficients as weighted sums of the images: what leads from images to coefficients costs nothing."""

    def __init__(self, gram: Float[np.ndarray, "N N"]) -> None:
        self.gram, self.size = gram, len(gram)

    def predictor(self, duals: np.ndarray) -> np.ndarray:
        """Linear predictor of each image."""
        predictor: np.ndarray = self.gram @ duals
        return predictor

    def rough_predictor(self, duals: np.ndarray) -> np.ndarray:
        """Linear predictor of each image, to single precision: a step need not be exact, as gradients must."""
        scale = np.abs(duals).max(axis=0)
        scale[scale == 0] = 1
        predictor: np.ndarray = few_columns(self._rough, duals / scale) * scale
        return predictor

    @cached_property
    def _rough(self) -> np.ndarray:
        return self.gram.astype(np.float32)

    def adjoint(self, residuals: np.ndarray) -> np.ndarray:
        """Coefficients of the images' residuals: the residuals themselves."""
        return residuals

    def inner(self, left: np.ndarray, right: np.ndarray, right_predictor: np.ndarray) -> np.ndarray:
        """Inner products of coefficients, one a problem."""
        products: np.ndarray = np.einsum("nm,nm->m", left, right_predictor)
        return products

    def newton_step(self, gradient: "State", curvature: np.ndarray) -> tuple[np.ndarray, float]:
        """Coefficients and intercept of the exact step of one problem.

        (I + W K)^-1 y = y - R (I + R K R)^-1 R K y with R = sqrt(W): no eigenvalue of the factorised matrix is below 1,
        however many images are certain (Rasmussen and Williams 2006, section 3.4.3).
        """
        root = np.sqrt(curvature)
        inside = self.gram * root
        inside *= root[:, None]
        inside.flat[:: self.size + 1] += 1
        factor = scipy.linalg.cho_factor(inside, overwrite_a=True, check_finite=False)
        right = np.stack([gradient.solution[:, 0], curvature], axis=1)
        predictor = np.stack([gradient.predictor[:, 0], self.gram @ curvature], axis=1)
        solved = scipy.linalg.cho_solve(factor, root[:, None] * predictor, check_finite=False)
        descent, coupling = (right - root[:, None] * solved).T
        shift = (right[:, 0].sum() - gradient.intercept[0] - descent.sum()) / max(coupling.sum(), np.finfo(float).tiny)
        return -descent - shift * coupling, shift


Space = Primal | Dual
Problems = np.ndarray | list[int] | slice
"""Positions of some problems."""


@dataclass
class State:
    """A point or a direction of some problems: coefficients, linear predictors of the images, intercepts."""

    solution: np.ndarray
    predictor: np.ndarray
    intercept: np.ndarray

    def part(self, problems: Problems) -> "State":
        """Only these problems."""
        return State(self.solution[:, problems], self.predictor[:, problems], self.intercept[problems])

    def moved(self, length: np.ndarray, step: "State") -> "State":
        """The point so far along a direction."""
        return State(
            self.solution + length * step.solution,
            self.predictor + length * step.predictor,
            self.intercept + length * step.intercept,
        )


@dataclass
class Loss:
    """Targets in {0, 1} and weights of the images of some problems, ``[image, problem]``."""

    targets: np.ndarray
    scaled: np.ndarray

    def part(self, problems: Problems) -> "Loss":
        """Only these problems."""
        return Loss(self.targets[:, problems], self.scaled[:, problems])

    def of(self, log_odds: np.ndarray) -> np.ndarray:
        """Weighted sum of each problem's losses, for log odds of the images."""
        losses: np.ndarray = (self.scaled * (np.logaddexp(0, log_odds) - self.targets * log_odds)).sum(0)
        return losses


Stepper = Callable[[Space, State, np.ndarray, np.ndarray], State]
"""The step of each problem from its gradient, the curvature of each image's loss, and how exact it must be."""


def solved(
    space: Space, targets: np.ndarray, scaled: np.ndarray, tolerance: float | np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients ``[size, M]`` and intercepts ``[M]`` that minimise the objective of `logistic.logistic`."""
    n_problems = targets.shape[1]
    tolerance = np.broadcast_to(np.asarray(tolerance, np.float64), n_problems)
    loss = Loss(targets, scaled)
    origin = State(np.zeros((space.size, n_problems)), np.zeros(targets.shape), np.zeros(n_problems))
    if space.size > EXACT:
        minimum = _minimum(space, loss, origin, tolerance, _by_conjugate_gradients)
        return minimum.solution, minimum.intercept
    # From the strongest penalty to the weakest; where the images are the same, from the solution before.
    before: list[int] = []
    for problem in np.argsort(scaled.sum(0), kind="stable").tolist():
        only = [problem]
        alike = before and np.array_equal(targets[:, only], targets[:, before])
        start = origin.part(before) if alike else origin.part(only)
        minimum = _minimum(space, loss.part(only), start, tolerance[only], _by_factorisation)
        origin.solution[:, only], origin.intercept[only] = minimum.solution, minimum.intercept
        origin.predictor[:, only] = minimum.predictor
        before = only
    return origin.solution, origin.intercept


def _minimum(space: Space, loss: Loss, state: State, tolerance: np.ndarray, stepper: Stepper) -> State:
    """The minimum of each problem, from `state` on; problems that have converged drop out of the products."""
    point, active = state.part(slice(None)), np.arange(len(tolerance))
    first = None
    for _ in range(STEPS):
        current, losses = point.part(active), loss.part(active)
        probabilities = expit(current.predictor + current.intercept)
        curvature = losses.scaled * probabilities * (1 - probabilities)
        gradient = _gradient(space, current, losses, probabilities)
        # Where the intercept hardly curves the loss, a small derivative still lets it lie far off.
        slopes = curvature.sum(0).clip(np.finfo(float).tiny, 1)
        size = np.sqrt(
            space.inner(gradient.solution, gradient.solution, gradient.predictor).clip(min=0)
            + (gradient.intercept / slopes) ** 2
        )
        first = size if first is None else first
        left = size > tolerance[active]
        if not left.any():
            return point
        active, current, gradient, losses = active[left], current.part(left), gradient.part(left), losses.part(left)
        share = np.minimum(0.1, np.sqrt(size[left] / first[active]))
        share = share.clip(min=np.minimum(0.3 * tolerance[active] / size[left], 0.5))
        step = stepper(space, gradient, curvature[:, left], share)
        current = current.moved(_step_length(space, current, gradient, step, losses), step)
        point.solution[:, active], point.predictor[:, active] = current.solution, current.predictor
        point.intercept[active] = current.intercept
    raise RuntimeError(
        f"{len(active)} of {len(tolerance)} problems did not come to a gradient of {tolerance[active].min():.1e} in "
        f"{STEPS} Newton steps; scale the features, or raise tolerance"
    )


def _gradient(space: Space, state: State, loss: Loss, probabilities: np.ndarray) -> State:
    residuals = loss.scaled * (probabilities - loss.targets)
    slope = state.solution + space.adjoint(residuals)
    return State(slope, space.predictor(slope), residuals.sum(0))


def _by_factorisation(space: Space, gradient: State, curvature: np.ndarray, share: np.ndarray) -> State:
    """The exact Newton step of one problem."""
    solution, intercept = space.newton_step(gradient, curvature[:, 0])
    solution = solution[:, None]
    return State(solution, space.predictor(solution), np.array([intercept]))


def _by_conjugate_gradients(space: Space, gradient: State, curvature: np.ndarray, share: np.ndarray) -> State:
    """Solution of ``(I + X' curvature X) step = -gradient``, bordered by the intercept, to this share of it."""
    left = State(-gradient.solution, -gradient.predictor, -gradient.intercept)
    along, step = left, State(*map(np.zeros_like, (left.solution, left.predictor, left.intercept)))
    size = space.inner(left.solution, left.solution, left.predictor) + left.intercept**2
    goal, going = share**2 * size, np.arange(len(size))
    for _ in range(min(1000, 2 * space.size + 2)):
        log_odds = along.predictor + along.intercept
        pulled = curvature[:, going] * log_odds
        bending = space.inner(along.solution, along.solution, along.predictor) + np.einsum("nm,nm->m", pulled, log_odds)
        length = np.where(bending > 0, size / np.where(bending > 0, bending, 1), 0)
        step.solution[:, going] += length * along.solution
        step.intercept[going] += length * along.intercept
        remaining = left.solution - length * (along.solution + space.adjoint(pulled))
        left = State(remaining, space.rough_predictor(remaining), left.intercept - length * pulled.sum(0))
        before, size = size, space.inner(left.solution, left.solution, left.predictor) + left.intercept**2
        unfinished = (size > goal[going]) & (length > 0)
        if not unfinished.any():
            break
        along = left.moved(size / np.where(before > 0, before, 1), along)
        if not unfinished.all():  # those that are done need no more products
            going, size = going[unfinished], size[unfinished]
            left, along = left.part(unfinished), along.part(unfinished)
    return State(step.solution, space.predictor(step.solution), step.intercept)


def _step_length(space: Space, state: State, gradient: State, step: State, loss: Loss) -> np.ndarray:
    """Largest of 1, 1/2, 1/4 ... that lowers the objective enough, for each problem."""
    log_odds, change = state.predictor + state.intercept, step.predictor + step.intercept
    descent = space.inner(gradient.solution, step.solution, step.predictor) + gradient.intercept * step.intercept
    across = space.inner(state.solution, step.solution, step.predictor)
    along = space.inner(step.solution, step.solution, step.predictor)
    value = loss.of(log_odds)
    rounding = 1e-12 * (np.abs(value) + np.abs(across) + along)  # at the optimum, differences are rounding only
    length = np.ones(len(value))
    for _ in range(40):
        grown = loss.of(log_odds + length * change) - value + length * across + length**2 * along / 2
        short = grown > 1e-4 * length * descent + rounding
        if not short.any():
            break
        length = np.where(short, length / 2, length)
    return length
