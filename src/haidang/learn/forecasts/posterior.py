"""What a series says of the parameters of its path: draws by tempering from the prior (Del Moral and others 2006)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.learn.forecasts.path import Seen, State, likelihoods

Numbers = NDArray[np.float64]

_KEPT = 0.5
_MOVES = 4


@dataclass(frozen=True, slots=True)
class Prior:
    """A normal distribution of parameters: what the other series say of one more like them.

    Args:
        mean: (parameters).
        covariance: (parameters x parameters).
    """

    mean: Numbers
    covariance: Numbers

    def log_density(self, rows: Numbers) -> Numbers:
        """Of each row of parameters."""
        root = np.linalg.cholesky(self.covariance)
        away = np.linalg.solve(root, (rows - self.mean).T)
        return -0.5 * (away**2).sum(axis=0) - np.log(np.diag(root)).sum() - 0.5 * len(self.mean) * np.log(2 * np.pi)

    def draw(self, count: int, chance: np.random.Generator) -> Numbers:
        """Rows of parameters."""
        root = np.linalg.cholesky(self.covariance)
        return self.mean + chance.standard_normal((count, len(self.mean))) @ root.T


def posterior(seen: Seen, prior: Prior, count: int, chance: np.random.Generator) -> tuple[Numbers, State]:
    """Equally likely rows of parameters given a series, with the state of each at its last year.

    From the prior to the posterior by powers of the likelihood, each as large as keeps half of the particles alive;
    after each, particles are drawn again by weight and moved by random walk Metropolis with their own covariance.

    Args:
        seen: the series up to the origin.
        prior: of its parameters.
        count: how many particles.
        chance: the source of chance.
    """
    rows = prior.draw(count, chance)
    fit, state = likelihoods(rows, seen)
    power = 0.0
    while power < 1.0:
        rise = _rise(fit, 1.0 - power)
        power = 1.0 if rise >= 1.0 - power else power + rise
        chosen = _resample(np.exp(rise * (fit - fit.max())), chance)
        rows, fit, state = rows[chosen], fit[chosen], State(*(part[chosen] for part in state))
        rows, fit, state = _moved(rows, fit, state, seen, prior, power, chance)
    return rows, state


def _rise(fit: Numbers, most: float) -> float:
    """By how much the power may rise so that half of the particles stay alive by effective number."""

    def alive(rise: float) -> float:
        weight = np.exp(rise * (fit - fit.max()))
        return float(weight.sum() ** 2 / (weight**2).sum() / len(fit))

    if alive(most) >= _KEPT:
        return most
    low, high = 0.0, most
    for _ in range(40):
        middle = 0.5 * (low + high)
        low, high = (middle, high) if alive(middle) >= _KEPT else (low, middle)
    return max(low, 1e-6)


def _resample(weight: Numbers, chance: np.random.Generator) -> NDArray[np.int64]:
    """Systematic resampling (Kitagawa 1996)."""
    total = np.cumsum(weight) / weight.sum()
    points = (np.arange(len(weight)) + chance.random()) / len(weight)
    return np.minimum(np.searchsorted(total, points), len(weight) - 1)


def _moved(
    rows: Numbers, fit: Numbers, state: State, seen: Seen, prior: Prior, power: float, chance: np.random.Generator
) -> tuple[Numbers, Numbers, State]:
    size = rows.shape[1]
    root = np.linalg.cholesky(np.cov(rows.T) + 1e-8 * np.eye(size))
    known = prior.log_density(rows)
    for turn in range(_MOVES):
        scale = (2.38 if turn % 2 else 0.8) / np.sqrt(size)
        tried = rows + scale * chance.standard_normal(rows.shape) @ root.T
        fit_tried, state_tried = likelihoods(tried, seen)
        known_tried = prior.log_density(tried)
        gain = power * (fit_tried - fit) + known_tried - known
        taken = np.log(chance.random(len(rows))) < gain
        rows = np.where(taken[:, None], tried, rows)
        fit, known = np.where(taken, fit_tried, fit), np.where(taken, known_tried, known)
        state = State(*(np.where(taken, new, old) for new, old in zip(state_tried, state, strict=True)))
    return rows, fit, state
