"""The estimators of `evaluate` once more, for thousands of simulated pilots: the same numbers in less time.

Only what a power table needs: the estimate, its standard error and degrees of freedom. That they are those of the
libraries behind `evaluate`, to eight digits, a test holds.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from haidang.learn.pilot.declaration import PilotError

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Found:
    """An estimate, its standard error, and the degrees of freedom of its t interval."""

    estimate: float
    error: float
    df: float

    def interval(self, alpha: float) -> tuple[float, float]:
        """The two-sided interval at `1 - alpha`."""
        half = critical(1.0 - alpha / 2.0, self.df) * self.error
        return self.estimate - half, self.estimate + half


@lru_cache(maxsize=4096)
def critical(part: float, df: float) -> float:
    """A quantile of Student's t."""
    from scipy.stats import t

    return float(t.ppf(part, df))


def least_squares(y: Floats, d: Floats, given: Floats) -> Found:
    """The coefficient of `d` with HC2 errors (MacKinnon and White 1985).

    Args:
        y: outcomes (units).
        d: 0 and 1 (units).
        given: covariates and dummies, without a constant (units, columns).
    """
    design: Floats = np.column_stack([np.ones(len(y)), d, given])
    # Normal equations of columns of unit length: exact enough here, and much faster than a decomposition.
    design /= np.sqrt(np.square(design).sum(axis=0))
    inverse = _inverse(design)
    rest = y - design @ (inverse @ (design.T @ y))
    leverage = ((design @ inverse) * design).sum(axis=1)
    scale = float(np.sqrt(d @ d))
    weight = design @ inverse[1] / scale
    variance = float(np.square(weight) @ (np.square(rest) / (1.0 - leverage)))
    return Found(float(weight @ y), variance**0.5, float(len(y) - design.shape[1]))


def pair_differences(y: Floats, d: Floats, pair: Whole) -> Found:
    """The mean difference within pairs, and its paired t."""
    order = np.lexsort((d, pair))
    gaps = y[order[1::2]] - y[order[::2]]
    return Found(float(gaps.mean()), float(gaps.std(ddof=1) / len(gaps) ** 0.5), float(len(gaps) - 1))


def two_stages(y: Floats, taken: Floats, z: Floats, given: Floats) -> Found:
    """Two-stage least squares of `y` on what was taken up, by the encouragement `z`, with HC1 errors.

    Raises:
        PilotError: the encouragement moved nobody.
    """
    base: Floats = np.column_stack([np.ones(len(y)), given])
    base /= np.sqrt(np.square(base).sum(axis=0))
    inverse = _inverse(base)
    rest = [one - base @ (inverse @ (base.T @ one)) for one in (y, taken, z)]
    moved = float(rest[2] @ rest[1])
    if abs(moved) < 1e-12:
        raise PilotError("expected an encouragement that moves take-up, found one that moves nobody")
    estimate = float(rest[2] @ rest[0]) / moved
    left = rest[0] - estimate * rest[1]
    rows, columns = len(y), base.shape[1] + 1
    variance = float((rest[2] ** 2) @ (left**2)) / moved**2 * rows / (rows - columns)
    return Found(estimate, variance**0.5, float(rows - columns))


def _inverse(design: Floats) -> Floats:
    """The inverse of the cross products of some columns (columns, columns)."""
    products: Floats = np.asarray(design.T @ design, np.float64)
    return np.asarray(np.linalg.inv(products), np.float64)
