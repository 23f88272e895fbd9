"""Three logits of yes-no decisions by plants: conditional on the plant's total, pooled, and with a random plant effect.

Plants are numbered from zero. All estimates are by Newton's method on exact log-likelihoods; covariances are sandwiches
with the plant as cluster.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from haidang.errors import HaidangError
from haidang.models.logit import NEVER, log_subset_sums

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Likelihood = Callable[[Floats], tuple[float, Floats]]

STEPS, TOLERANCE, NODES = 60, 1e-9, 15


class FitError(HaidangError):
    """Data on which the estimation has no answer."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """Coefficients with what inference needs.

    Attributes:
        coefficients: one per column.
        covariance: clustered by plant, one row per column.
        log_likelihood: at the coefficients.
        scores: gradient of each plant's log-likelihood, plants by columns.
        hessian: second derivative of the log-likelihood.
    """

    coefficients: Floats
    covariance: Floats
    log_likelihood: float
    scores: Floats
    hessian: Floats

    @property
    def standard_errors(self) -> Floats:
        """Square roots of the covariance's diagonal."""
        return np.sqrt(np.diag(self.covariance))


def sandwich(scores: Floats, hessian: Floats) -> Floats:
    """Covariance of an estimate from clusters' scores, with the factor G/(G-1) (Liang and Zeger, 1986)."""
    clusters = len(scores)
    inverse = np.linalg.pinv(hessian)
    return clusters / max(clusters - 1, 1) * inverse @ (scores.T @ scores) @ inverse.T


def conditional_likelihood(
    beta: Floats, x: Floats, adopted: NDArray[np.bool_], plant: Integers
) -> tuple[Floats, Floats, Floats]:
    """Log-likelihood of which items a plant adopted given how many, with gradient and second derivative.

    The sum over all subsets of the observed size is the one of `models.logit`, on which `haidang fit` stands too;
    derivatives are JAX's.

    Args:
        beta: columns.
        x: items by columns.
        adopted: items.
        plant: items; numbers from zero without gaps, in ascending order.

    Returns:
        Log-likelihood per plant, gradient (plants by columns), second derivative (plants by columns by columns).
    """
    import jax

    items = np.bincount(plant)
    column = np.arange(int(items.max()))
    present = column[None, :] < items[:, None]
    place = np.where(present, (np.cumsum(items) - items)[:, None] + column[None, :], 0)
    taken = adopted[place] & present
    # The likelihood does not see a plant's mean.
    centred = x - np.stack([np.bincount(plant, x[:, c]) / items for c in range(x.shape[1])], axis=1)[plant]
    with jax.enable_x64(True):
        found = _conditional_program()(
            beta, centred[place], present, taken, taken.sum(axis=1), int(taken.sum(axis=1).max())
        )
        value, gradient, second = (np.asarray(one, dtype=np.float64) for one in found)
    return value, gradient, second


@cache
def _conditional_program() -> Any:
    """The likelihood with both derivatives, compiled once for each shape."""
    import jax

    transform: Any = jax

    def evaluate(beta: Any, x: Any, present: Any, taken: Any, count: Any, most: int) -> tuple[Any, ...]:
        from haidang.models import arrays

        def each(at: Any) -> Any:
            utilities = arrays.where(present, x @ at, NEVER)
            sums = log_subset_sums(utilities, most)
            total = arrays.take_along_axis(sums, count[:, None], axis=1)[:, 0]
            return arrays.sum(arrays.where(taken, utilities, 0.0), axis=1) - total

        slope = transform.jacfwd(each)
        return each(beta), slope(beta), transform.jacfwd(slope)(beta)

    return transform.jit(evaluate, static_argnums=5)


def fit_conditional(x: Floats, adopted: NDArray[np.bool_], plant: Integers) -> Estimate:
    """Conditional (fixed-effects) logit (Chamberlain, 1980); plants that adopted all or nothing carry no information.

    Args:
        x: items by columns, without an intercept.
        adopted: items.
        plant: items; numbers from zero without gaps, in ascending order.

    Raises:
        FitError: there is no item, or the coefficients do not converge.
    """
    if not len(x):
        raise FitError("expected plants that adopted some items and refused others, found none")
    beta = np.zeros(x.shape[1])
    for _ in range(STEPS):
        value, gradient, second = conditional_likelihood(beta, x, adopted, plant)
        hessian = second.sum(axis=0)
        step = solve(hessian, gradient.sum(axis=0))
        if float(np.abs(step).max()) < TOLERANCE:
            return Estimate(beta, sandwich(gradient, hessian), float(value.sum()), gradient, hessian)
        beta = beta - step * min(1.0, 2.0 / float(np.abs(step).max()))
    raise FitError("expected the conditional logit to converge, found that it does not")


def fit_pooled(x: Floats, adopted: NDArray[np.bool_], plant: Integers, offset: Floats) -> Estimate:
    """Logit without plant effects around a fixed part of utility, its covariance clustered by plant.

    Args:
        x: items by columns, intercepts included.
        adopted: items.
        plant: items; numbers from zero.
        offset: items; the part of utility that is held fixed.

    Raises:
        FitError: the coefficients do not converge.
    """
    beta, plants = np.zeros(x.shape[1]), int(plant.max()) + 1
    for _ in range(STEPS):
        utility = offset + x @ beta
        share = 1.0 / (1.0 + np.exp(-utility))
        gradient = x * (adopted - share)[:, None]
        hessian = -(x * (share * (1.0 - share))[:, None]).T @ x
        step = solve(hessian, gradient.sum(axis=0))
        if float(np.abs(step).max()) < TOLERANCE:
            scores = by_plant(gradient, plant, plants)
            value = float(np.sum(adopted * utility - np.logaddexp(0.0, utility)))
            return Estimate(beta, sandwich(scores, hessian), value, scores, hessian)
        beta = beta - step
    raise FitError("expected the pooled logit to converge, found that it does not")


def random_likelihood(
    beta: Floats, x: Floats, adopted: NDArray[np.bool_], plant: Integers, offset: Floats
) -> tuple[float, Floats]:
    """Log-likelihood with a normal plant effect, by Gauss-Hermite quadrature, and each plant's gradient.

    Args:
        beta: columns of `x`, then the logarithm of the plant effect's standard deviation.
        x: items by columns, intercepts included.
        adopted: items.
        plant: items; numbers from zero.
        offset: items.
    """
    plants = int(plant.max()) + 1
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    deviation = np.exp(beta[-1])
    fixed = offset + x @ beta[:-1]
    sign = np.where(adopted, 1.0, -1.0)
    joint = np.empty((plants, NODES))
    slopes = np.empty((len(x), NODES))
    for n, node in enumerate(nodes):
        signed = sign * (fixed + deviation * node)
        joint[:, n] = np.bincount(plant, -np.logaddexp(0.0, -signed), plants)
        slopes[:, n] = sign / (1.0 + np.exp(signed))
    joint += np.log(weights / weights.sum())
    top = joint.max(axis=1, keepdims=True)
    likelihood = np.exp(joint - top)
    total = likelihood.sum(axis=1, keepdims=True)
    posterior = (likelihood / total)[plant]
    slope = np.einsum("in,in->i", slopes, posterior)
    spread = np.einsum("in,in,n->i", slopes, posterior, nodes) * deviation
    gradient = by_plant(np.column_stack([x * slope[:, None], spread]), plant, plants)
    return float(np.sum(np.log(total[:, 0]) + top[:, 0])), gradient


def fit_random(x: Floats, adopted: NDArray[np.bool_], plant: Integers, offset: Floats) -> Estimate:
    """Logit with a normal plant effect around a fixed part of utility.

    The coefficients are those of `x`, then the logarithm of the plant effect's standard deviation.

    Raises:
        FitError: the coefficients do not converge.
    """
    start = np.append(fit_pooled(x, adopted, plant, offset).coefficients, np.log(0.8))

    def likelihood(beta: Floats) -> tuple[float, Floats]:
        return random_likelihood(beta, x, adopted, plant, offset)

    return maximise(likelihood, start)


def maximise(likelihood: Likelihood, start: Floats) -> Estimate:
    """Newton's method with halved steps; the second derivative is the difference of exact gradients.

    Raises:
        FitError: no maximum is found.
    """
    beta = start
    value, scores = likelihood(beta)
    for _ in range(STEPS):
        hessian = curvature(likelihood, beta)
        step = solve(hessian, scores.sum(axis=0))
        if float(np.abs(step).max()) < 1e-7:
            return Estimate(beta, sandwich(scores, hessian), value, scores, hessian)
        beta, value, scores = _uphill(likelihood, beta, step, value)
    raise FitError("expected the logit with plant effects to converge, found that it does not")


def _uphill(likelihood: Likelihood, beta: Floats, step: Floats, value: float) -> tuple[Floats, float, Floats]:
    """The first of the step, its half, its quarter ... that does not lower the likelihood."""
    for length in 0.5 ** np.arange(14):
        tried = beta - float(length) * step
        after, scores = likelihood(tried)
        if after >= value - 1e-9:
            return tried, after, scores
    raise FitError("expected the logit with plant effects to converge, found no step uphill")


def solve(matrix: Floats, vector: Floats) -> Floats:
    """The least solution of a linear system, also where a column says nothing."""
    return cast(Floats, np.linalg.lstsq(matrix, vector, rcond=None)[0])


def curvature(likelihood: Likelihood, beta: Floats, width: float = 1e-5) -> Floats:
    """Second derivative of the log-likelihood from central differences of its gradient."""
    rows = [
        (likelihood(beta + shift)[1].sum(axis=0) - likelihood(beta - shift)[1].sum(axis=0)) / (2.0 * width)
        for shift in width * np.eye(len(beta))
    ]
    square = np.array(rows)
    return (square + square.T) / 2.0


def by_plant(values: Floats, plant: Integers, plants: int) -> Floats:
    """Sums of items' rows within plants."""
    sums: list[Floats] = [np.bincount(plant, values[:, c], plants).astype(np.float64) for c in range(values.shape[1])]
    return np.stack(sums, axis=1)


def marginal_share(utility: Floats, deviation: float) -> Floats:
    """Chance of adoption of a plant drawn at random: the logistic averaged over the normal plant effect."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    at_nodes = 1.0 / (1.0 + np.exp(-(utility[:, None] + deviation * nodes[None, :])))
    return at_nodes @ (weights / weights.sum())
