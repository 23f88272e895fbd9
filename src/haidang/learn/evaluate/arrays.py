"""The estimators of simple designs on arrays alone, for simulations that estimate thousands of times.

Equal to the libraries' numbers (a test holds that) without their tables, formulas and labels. Nothing is checked here:
the columns come from a simulation. `given` holds covariates and dummies of strata, shape (rows, any).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]
LONE = 1e-8
"""What is left of a row's own weight where the regression fits it exactly: nothing but rounding."""


@dataclass(frozen=True, slots=True)
class Estimated:
    """An estimate with its standard error and its degrees of freedom.

    Args:
        estimate: in the outcome's unit of measure.
        standard_error: the same.
        df: of the t interval; infinite for a normal one.
    """

    estimate: float
    standard_error: float
    df: float

    def interval(self, level: float = 0.95) -> tuple[float, float]:
        """The two ends of the interval."""
        half = quantile(0.5 + level / 2.0, self.df) * self.standard_error
        return self.estimate - half, self.estimate + half

    @property
    def p_value(self) -> float:
        """Two-sided, of no effect."""
        from scipy.special import ndtr, stdtr

        ratio = -abs(self.estimate / self.standard_error)
        return 2.0 * float(ndtr(ratio) if np.isinf(self.df) else stdtr(self.df, ratio))


def quantile(share: float, df: float) -> float:
    """A quantile of Student's t, or of the normal where the degrees of freedom are infinite."""
    from scipy.special import ndtri, stdtrit

    return float(ndtri(share) if np.isinf(df) else stdtrit(df, share))


def difference(outcome: Numbers, treated: Numbers, given: Numbers | None = None) -> Estimated:
    """The arms' difference by least squares, with HC2 errors (MacKinnon and White 1985) and n - k degrees of freedom.

    A row that is fitted exactly, alone in its stratum, says nothing of the difference and adds nothing to its error.

    Args:
        outcome: of each row.
        treated: 0 or 1.
        given: covariates, shape (rows, any).
    """
    design = _design(treated, given)
    inverse = np.linalg.inv(design.T @ design)
    coefficient = inverse @ (design.T @ outcome)
    residual = outcome - design @ coefficient
    leverage = np.einsum("ij,jk,ik->i", design, inverse, design, optimize=True)
    left = 1.0 - leverage
    there = left > LONE
    influence = design[there] @ inverse[1]
    variance = float(np.sum(influence**2 * residual[there] ** 2 / left[there]))
    return Estimated(float(coefficient[1]), variance**0.5, float(len(outcome) - design.shape[1]))


def cluster_difference(outcome: Numbers, treated: Numbers, cluster: Codes, given: Numbers | None = None) -> Estimated:
    """The arms' difference by least squares, with CR2 errors and Satterthwaite degrees of freedom.

    Bell and McCaffrey (2002), for an identity working model. Of a cluster with residual maker `I - XMX'` the adjustment
    is its inverse root, taken on the few directions of `X` in which it differs from one.

    Args:
        outcome: of each row.
        treated: 0 or 1, the same in all rows of a cluster.
        cluster: of each row, from 0.
        given: covariates, shape (rows, any).
    """
    design = _design(treated, given)
    inverse = np.linalg.inv(design.T @ design)
    coefficient = inverse @ (design.T @ outcome)
    residual = outcome - design @ coefficient
    order = np.argsort(cluster, kind="stable")
    ends = np.cumsum(np.bincount(cluster))[:-1]
    root = np.linalg.cholesky(inverse)
    scores, own, sums = list[float](), list[float](), list[Numbers]()
    for rows in np.split(order, ends):
        inside = design[rows]
        weight = _inverse_root(inside @ root, inside @ inverse[1])
        scores.append(float(weight @ residual[rows]))
        own.append(float(weight @ weight))
        sums.append(inside.T @ weight)
    total = np.array(sums)
    between = np.diag(own) - total @ inverse @ total.T
    df = float(np.trace(between) ** 2 / np.sum(between**2))
    return Estimated(float(coefficient[1]), float(np.sum(np.square(scores))) ** 0.5, df)


def pair_difference(outcome: Numbers, treated: Numbers, pair: Codes) -> Estimated:
    """The mean of the pairs' differences, with their standard deviation over the root of their number.

    Args:
        outcome: of each row.
        treated: 0 or 1, one of each in a pair.
        pair: of each row, from 0.
    """
    order = np.lexsort((treated, pair))
    found = outcome[order].reshape(-1, 2)
    gaps = found[:, 1] - found[:, 0]
    return Estimated(float(gaps.mean()), float(gaps.std(ddof=1) / len(gaps) ** 0.5), float(len(gaps) - 1))


def wald(
    outcome: Numbers, takeup: Numbers, encouraged: Numbers, given: Numbers | None = None, cluster: Codes | None = None
) -> Estimated:
    """The effect on those whom the encouragement moved, by two-stage least squares with HC1 or CR1 errors.

    Args:
        outcome: of each row.
        takeup: what was taken up, 0 or 1 or an amount.
        encouraged: 0 or 1, by lot.
        given: covariates, shape (rows, any).
        cluster: of each row, from 0; none for errors that are robust but not clustered.
    """
    instruments, regressors = _design(encouraged, given), _design(takeup, given)
    fitted = instruments @ np.linalg.lstsq(instruments, regressors, rcond=None)[0]
    inverse = np.linalg.inv(fitted.T @ fitted)
    coefficient = inverse @ (fitted.T @ outcome)
    score = (fitted @ inverse[1]) * (outcome - regressors @ coefficient)
    rows, columns = regressors.shape
    if cluster is None:
        variance, df = float(np.sum(score**2)) * rows / (rows - columns), float(rows - columns)
    else:
        sums = np.bincount(cluster, score)
        count = len(sums)
        variance = float(np.sum(sums**2)) * count / (count - 1) * (rows - 1) / (rows - columns)
        df = float(count - 1)
    return Estimated(float(coefficient[1]), variance**0.5, df)


def _design(treated: Numbers, given: Numbers | None) -> Numbers:
    """The constant, the arm, and what is given."""
    parts: list[Any] = [np.ones(len(treated)), treated]
    return np.column_stack(parts if given is None else [*parts, given])


def _inverse_root(thin: Numbers, vector: Numbers) -> Numbers:
    """`(I - thin thin')^(-1/2) vector`; a direction that the regression fits exactly is left out."""
    left, sizes, _ = np.linalg.svd(thin, full_matrices=False)
    rest = 1.0 - sizes**2
    scale = np.where(rest > LONE, 1.0 / np.sqrt(np.where(rest > LONE, rest, 1.0)), 0.0)
    return vector + left @ ((scale - 1.0) * (left.T @ vector))
