"""Weights that reach published margins with the least change: bounded maximum entropy.

The weights are w_i = d_i F(z_i · λ), with d_i the weight before, z_i what row i adds to each margin, and F the bounded
("logit") form of raking of Deville and Särndal (1992), which becomes ordinary raking (Deming and Stephan, 1940) as the
bounds go to 0 and infinity. A published margin has a standard error, so it is an observation and not an equation: a
margin may be missed, at a price that grows with the square of the miss counted in standard errors ("ridge
calibration", Chambers 1996). The dual problem

    minimise over λ   Σ_i d_i G(z_i · λ) / Σ_i d_i  -  b · λ  +  |λ|² / (2 κ)        with G' = F

is smooth and strictly convex for every set of margins, so it has one answer even where margins contradict each other;
the ones that cannot be had are seen by their miss, by name.

Why scipy and not a survey package: `ipfn` and the raking of `svy` take categories only, `svy`'s calibration of numbers
is linear and exact (it stops where published figures differ by less than their own standard errors), `samplics` and
`balance` bring pandas and statsmodels. The dual above is one call of a well-kept optimiser.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]
MOST_STEPS = 500
STRENGTH = 100.0
"""κ: at a multiplier of 1 a margin is missed by 1/κ of its tolerance."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """Limits on a weight after, divided by the weight before: `least` below 1, `most` above."""

    least: float = 0.05
    most: float = 20.0


@dataclass(frozen=True, slots=True)
class Weighting:
    """The answer.

    Attributes:
        weight: shape (units,).
        multipliers: λ, one per margin; near zero where the margin cost nothing.
        missed: what each margin is missed by, in tolerances.
    """

    weight: Array
    multipliers: Array
    missed: Array


def reach(added: Array, wanted: Array, before: Array, bounds: Bounds, strength: float = STRENGTH) -> Weighting:
    """Weights nearest to `before` whose margins come nearest to what is wanted.

    Args:
        added: shape (units, margins): what one real unit of the row adds to each margin, in tolerances.
        wanted: shape (margins,): the margin wanted *per unit of weight before*, in tolerances.
        before: shape (units,): weights to start from, above zero.
        bounds: limits on the change of a weight.
        strength: κ, how dear a miss is.

    Returns:
        The weights, with Σ weight · added / Σ before = wanted + missed.
    """
    from scipy import optimize  # scipy is slow to import and only a build needs it

    scipy_optimize: Any = optimize
    share = before / before.sum()
    # The search goes by equally long columns: margins with a small tolerance would otherwise make it crawl.
    length = np.sqrt(share @ added**2)
    length = np.where(length > 0, length, 1.0)
    columns, goal, ridge = added / length, wanted / length, 1 / (strength * length**2)

    def dual(multipliers: Array) -> tuple[float, Array]:
        u = columns @ multipliers
        value = share @ _primitive(u, bounds) - goal @ multipliers + ridge @ multipliers**2 / 2
        return float(value), columns.T @ (share * _ratio(u, bounds)) - goal + ridge * multipliers

    def curvature(multipliers: Array) -> Array:
        bend = share * _ratio_slope(columns @ multipliers, bounds)
        return (columns.T * bend) @ columns + np.diag(ridge)

    start = np.zeros(added.shape[1])
    limits = {"gtol": 1e-10, "maxiter": MOST_STEPS, "max_trust_radius": 1e6}
    found = scipy_optimize.minimize(dual, start, jac=True, hess=curvature, method="trust-exact", options=limits)
    multipliers: Array = found.x
    ratio = _ratio(columns @ multipliers, bounds)
    return Weighting(before * ratio, multipliers / length, added.T @ (share * ratio) - wanted)


def _steepness(bounds: Bounds) -> tuple[float, float]:
    """A and log((1-L)/(U-1)) of Deville and Särndal's case 6, which make F(0) = F'(0) = 1."""
    low, high = bounds.least, bounds.most
    return (high - low) / ((1 - low) * (high - 1)), float(np.log((1 - low) / (high - 1)))


def _ratio(u: Array, bounds: Bounds) -> Array:
    """F(u): weight after over weight before."""
    from scipy.special import expit

    steep, shift = _steepness(bounds)
    return bounds.least + (bounds.most - bounds.least) * expit(steep * u + shift)


def _ratio_slope(u: Array, bounds: Bounds) -> Array:
    from scipy.special import expit

    steep, shift = _steepness(bounds)
    s = expit(steep * u + shift)
    return (bounds.most - bounds.least) * steep * s * (1 - s)


def _primitive(u: Array, bounds: Bounds) -> Array:
    """G(u) with G' = F and G(0) = 0."""
    steep, shift = _steepness(bounds)
    rise = np.logaddexp(0.0, steep * u + shift) - np.logaddexp(0.0, shift)
    return bounds.least * u + (bounds.most - bounds.least) / steep * rise
