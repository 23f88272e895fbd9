"""Partial pooling: the prior of one series is what the other series say (empirical Bayes, leaving that one out)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from haidang.learn.forecasts.posterior import Prior

Numbers = NDArray[np.float64]

VAGUE = Prior(
    np.array([0.5, -4.5, -1.7, -3.0, -3.5, -1.2, -1.5, -0.7]),
    np.diag(np.array([1.0, 2.0, 1.0, 1.0, 1.0, 0.7, 1.0, 1.0]) ** 2),
)
"""Before any series is seen: a ceiling of four fifths, between a fifth and all; p about 1 % and q about 0.2 a year, by
a factor of several either way (wider than the applications that Sultan, Farley and Lehmann 1990 collect); a pace that
changes by a third a year and forgets a fifth of it; adopters whose readiness varies with a variance of a half."""

_TURNS = 200
_VAGUE_COUNTS = 2.0


def pooled(parts: Sequence[Numbers]) -> Prior:
    """The normal distribution of parameters from which several series came.

    Expectation and maximisation (Dempster, Laird and Rubin 1977; Lindley and Smith 1972). What a series says alone is
    taken as normal: its posterior under `VAGUE`, by mean and covariance, with `VAGUE` divided out. So each turn is in
    closed form, and a series whose posterior lies far from the others' is weighed as it should be; weights of draws
    degenerate there. The vague prior counts as two more series, so that few series do not look more alike than they
    can be known to be.

    Args:
        parts: for each series, rows of parameters drawn given the series under `VAGUE`.
    """
    root = np.linalg.cholesky(VAGUE.covariance)
    inverse = np.linalg.inv(root).astype(np.float64)
    told = [_told_alone((rows - VAGUE.mean) @ inverse.T) for rows in parts]
    precision, pull = (np.stack(part) for part in zip(*told, strict=True))
    size, count = len(root), len(parts) + _VAGUE_COUNTS
    centre, spread = np.zeros(size), np.eye(size)
    for _ in range(_TURNS):
        before = np.linalg.inv(spread)
        within = np.linalg.inv(before + precision)
        means = np.einsum("sij,sj->si", within, before @ centre + pull)
        centre: Numbers = means.sum(axis=0) / count
        away = means - centre
        vague = _VAGUE_COUNTS * (np.outer(centre, centre) + np.eye(size))
        spread: Numbers = (within.sum(axis=0) + away.T @ away + vague) / count
    return Prior(VAGUE.mean + root @ centre, root @ spread @ root.T)


def _told_alone(rows: Numbers) -> tuple[Numbers, Numbers]:
    """Precision of a normal likelihood and its pull, where the prior of the rows is standard normal.

    A direction in which the rows are no narrower than the prior tells nothing.
    """
    values, vectors = np.linalg.eigh(np.cov(rows.T))
    told = np.maximum(1.0 / values - 1.0, 0.0)
    pull = np.where(told > 0, vectors.T @ rows.mean(axis=0) / values, 0.0)
    return (vectors * told) @ vectors.T, vectors @ pull
