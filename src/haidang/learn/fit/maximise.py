"""Finding the coefficients at which a log-likelihood is largest."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol, TypeAlias

import numpy as np

from haidang.learn.fit.choices import Array, Floats
from haidang.learn.fit.coefficients import Freedom
from haidang.learn.fit.derivatives import jax
from haidang.learn.fit.terms import Data

STEPS, HALVINGS = 200, 40
SETTLED = 1e-10
"""A maximum is found where a full step would gain less log-likelihood than this."""
LEFT = 1e-4
"""The same where the likelihood is simulated, which is no sharper."""

Terms: TypeAlias = Callable[[Array, Data], Array]


@dataclass(frozen=True, slots=True)
class Top:
    """A largest log-likelihood.

    Attributes:
        free: the free numbers.
        value: the log-likelihood.
        scores: gradient of each unit's weighted term, of shape (units, free).
        hessian: second derivative of the log-likelihood.
        steps: how many steps it took.
        found: whether the search settled.
        units: each unit's term without its weight.
    """

    free: Floats
    value: float
    scores: Floats
    hessian: Floats
    steps: int
    found: bool
    units: Floats


@cache
def _program() -> Any:
    """Terms, scores and second derivative at once; compiled once for each kind of likelihood and each shape."""

    def evaluate(terms: Terms, free: Array, base: Array, basis: Array, weight: Array, data: Data) -> tuple[Array, ...]:
        def each(at: Array) -> Array:
            return terms(base + basis @ at, data)

        def total(at: Array) -> Array:
            return (weight * each(at)).sum()

        return each(free), weight[:, None] * jax.jacfwd(each)(free), jax.hessian(total)(free)

    compiled: Any = jax.jit(evaluate, static_argnums=0)
    return compiled


def newton(terms: Terms, data: Data, weight: Floats, freedom: Freedom, start: Floats | None = None) -> Top:
    """Newton's method with halved steps; where the likelihood is not concave, along the outer product of scores.

    Args:
        terms: the log-likelihood of each unit.
        data: what it reads.
        weight: of each unit.
        freedom: what is estimated.
        start: free numbers to begin at; the coefficients' starts unless given.
    """
    program = _program()
    held = jax.device_put((freedom.base, freedom.basis, weight, data))

    def at(free: Floats) -> tuple[Floats, Floats, Floats]:
        units, scores, hessian = program(terms, free, *held)
        return np.asarray(units), np.asarray(scores), np.asarray(hessian)

    free = np.zeros(freedom.free) if start is None else start
    units, scores, hessian = at(free)
    value, steps, found = float(weight @ units), 0, False
    while steps < STEPS and not found:
        step = _uphill(scores, hessian)
        found = float(scores.sum(axis=0) @ step) / 2.0 < SETTLED
        length, better = 1.0, None
        for _ in range(HALVINGS):
            tried = at(free + length * step)
            risen = float(weight @ tried[0])
            if np.isfinite(risen) and risen >= value - 1e-12 * abs(value):
                better = tried
                break
            length /= 2.0
        if better is None:
            break
        free, (units, scores, hessian) = free + length * step, better
        value, steps = float(weight @ units), steps + 1
    return Top(free, value, scores, hessian, steps, found, units)


def _uphill(scores: Floats, hessian: Floats) -> Floats:
    gradient: Floats = scores.sum(axis=0)
    bent: Floats = -(hessian + hessian.T) / 2.0
    if not np.isfinite(bent).all() or np.linalg.eigvalsh(bent).min() <= 0.0:
        bent = scores.T @ scores
    return np.asarray(np.linalg.lstsq(bent, gradient, rcond=None)[0], dtype=np.float64)


class Smooth(Protocol):
    """A log-likelihood that is dear to compute."""

    @property
    def weight(self) -> Floats:
        """Of each unit."""
        ...

    def slope(self, free: Floats) -> tuple[Floats, Floats]:
        """Each unit's term and its gradient at free numbers."""
        ...

    def hessian(self, free: Floats) -> Floats:
        """Second derivative of the weighted log-likelihood."""
        ...


Tick = Callable[[bool, float], None]
"""Told after each evaluation whether it was of the fine likelihood, and about which part of that search is done."""


def quasi_newton(rough: Smooth, fine: Smooth, start: Floats, tick: Tick) -> Top:
    """Broyden, Fletcher, Goldfarb and Shanno's method (1970), first on a rough likelihood, then on the fine one.

    The first search begins with the outer product of scores, the second with the rough likelihood's second derivative,
    from which few steps are left.

    Args:
        rough: a cheap likelihood near the fine one.
        fine: the likelihood.
        start: free numbers.
        tick: called after every evaluation.
    """
    _, scores = rough.slope(start)
    bent = (rough.weight[:, None] * scores).T @ scores
    near, _ = _search(rough, start, bent, 1e-4, lambda part: tick(False, part))
    bent = -rough.hessian(near)
    if np.linalg.eigvalsh(bent).min() <= 0.0:
        _, scores = fine.slope(near)
        bent = (fine.weight[:, None] * scores).T @ scores
    free, steps = _search(fine, near, bent, 1e-6, lambda part: tick(True, part))
    units, scores = fine.slope(free)
    weight, hessian = fine.weight, fine.hessian(free)
    gradient = weight @ scores
    left = float(gradient @ np.linalg.lstsq(-hessian, gradient, rcond=None)[0]) / 2.0
    return Top(free, float(weight @ units), weight[:, None] * scores, hessian, steps, abs(left) < LEFT, units)


def _search(
    likelihood: Smooth, start: Floats, bent: Floats, tolerance: float, tick: Callable[[float], None]
) -> tuple[Floats, int]:
    """Where a likelihood is largest and after how many steps, from its curvature at the start.

    How far the search is, is told by the slope: it falls about as fast by its logarithm until it is below the bound.
    """
    from scipy import optimize

    bound, steep = tolerance**0.5, list[float]()

    # In directions of the curvature's own, so that a step of one is a step of one in each.
    values, vectors = np.linalg.eigh((bent + bent.T) / 2.0)
    stretch = vectors / np.sqrt(np.maximum(values, 1e-9 * values.max()))

    def falling(moved: Floats) -> tuple[float, Floats]:
        units, scores = likelihood.slope(start + stretch @ moved)
        slope: Floats = -(likelihood.weight @ scores) @ stretch
        steep.append(max(float(np.abs(slope).max()), bound))
        tick(float(np.log(steep[0] / min(steep)) / np.log(steep[0] / bound)) if steep[0] > bound else 1.0)
        return -float(likelihood.weight @ units), slope

    find: Any = optimize
    best = find.minimize(
        falling, np.zeros(len(start)), jac=True, method="BFGS", options={"gtol": bound, "maxiter": STEPS}
    )
    return start + stretch @ np.asarray(best.x, dtype=np.float64), int(best.nit)
