"""Closed forms for how exact a pilot will be: the check on the simulated table."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
DISCONTINUITY = 2.75
"""How many times the units a cut-off needs for what a lot would give, with a score spread evenly (Schochet 2009)."""


@dataclass(frozen=True, slots=True)
class Spread:
    """What closed forms need to know of the outcome.

    Args:
        control: its variance without the treatment.
        treated: its variance with it.
        explained: the part of it that strata and covariates explain (R squared).
        alike: the intracluster correlation, or that within pairs; nought without either.
        moved: how many more take up when encouraged; one where the offer itself is the treatment.
    """

    control: float
    treated: float
    explained: float = 0.0
    alike: float = 0.0
    moved: float = 1.0


def standard_error(rule: str, counts: tuple[float, float], spread: Spread, cluster_size: float = 1.0) -> float:
    """The standard error of an estimate.

    Two means: `sqrt((1 - R2) (s1 / n1 + s0 / n0))` (Neyman 1923). Clusters of m units: times `sqrt(1 + (m - 1) rho)`
    (Kish 1965). Pairs: `sqrt(1 - r)` in place of `sqrt(1 - R2)`. Encouragement: divided by the take-up it moves (Bloom
    1984). Cut-off: the variance times 2.75 (Schochet 2009).

    Args:
        rule: the rule of assignment.
        counts: units in the control arm and in the treated one.
        spread: of the outcome.
        cluster_size: mean units of a cluster.
    """
    plain = spread.control / counts[0] + spread.treated / counts[1]
    left = 1.0 - (spread.alike if rule == "pairs" else spread.explained)
    design = 1.0 + (cluster_size - 1.0) * max(spread.alike, 0.0) if cluster_size > 1.0 else 1.0
    further = DISCONTINUITY if rule == "cutoff" else 1.0
    return float((plain * left * design * further) ** 0.5 / abs(spread.moved))


def power_of(effect: float, error: float, alpha: float, df: float = np.inf) -> float:
    """How often a two-sided test rejects when the effect is there: by the noncentral t, or the normal law."""
    from scipy.stats import nct, norm, t

    if error <= 0.0:
        return 1.0 if effect != 0.0 else alpha
    if not np.isfinite(df) or df > 1000.0:
        cut = float(norm.ppf(1.0 - alpha / 2.0))
        return float(norm.sf(cut - effect / error) + norm.cdf(-cut - effect / error))
    cut = float(t.ppf(1.0 - alpha / 2.0, df))
    # Far from nought the library has no number for the tail on the other side, which is nothing there.
    other = float(nct.cdf(-cut, df, effect / error))
    return float(nct.sf(cut, df, effect / error)) + (0.0 if np.isnan(other) else other)


def detectable(error: float, alpha: float, power: float, df: float = np.inf) -> float:
    """The smallest effect that is found with this power: `(t[1 - alpha / 2] + t[power])` errors (Bloom 1995)."""
    from scipy.stats import norm, t

    if np.isfinite(df):
        return float(t.ppf(1.0 - alpha / 2.0, df) + t.ppf(power, df)) * error
    return float(norm.ppf(1.0 - alpha / 2.0) + norm.ppf(power)) * error


def explained_part(y: Floats, given: Floats) -> float:
    """R squared of least squares, adjusted for the number of columns."""
    if given.shape[1] == 0:
        return 0.0
    inside = given - given.mean(axis=0)
    rest = y - y.mean()
    coefficient: Floats = np.asarray(np.linalg.pinv(inside.T @ inside) @ (inside.T @ rest), np.float64)
    left = np.square(rest - inside @ coefficient).sum() / (len(y) - given.shape[1] - 1)
    return max(0.0, 1.0 - float(left) / float(y.var(ddof=1)))


def intracluster(y: Floats, cluster: NDArray[np.int64]) -> float:
    """Intracluster correlation by analysis of variance (Donner and Klar 2000)."""
    codes = np.unique(cluster, return_inverse=True)[1]
    size = np.bincount(codes).astype(np.float64)
    means = np.bincount(codes, y) / size
    rows, groups = float(len(y)), float(len(size))
    if groups < 2 or rows == groups:
        return 0.0
    within = float(((y - means[codes]) ** 2).sum()) / (rows - groups)
    between = float((size * (means - y.mean()) ** 2).sum()) / (groups - 1.0)
    usual = (rows - float((size**2).sum()) / rows) / (groups - 1.0)
    whole = between + (usual - 1.0) * within
    return 0.0 if whole <= 0 else (between - within) / whole
