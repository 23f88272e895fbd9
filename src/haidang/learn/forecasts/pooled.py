"""Partial pooling: the prior of one series is what the other series say (empirical Bayes, leaving that one out)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from haidang.learn.forecasts.posterior import Prior

Numbers = NDArray[np.float64]

VAGUE = Prior(
    np.array([0.5, -4.5, -1.7, -3.0, -3.5, -1.2, -1.5]),
    np.diag(np.array([1.0, 2.0, 1.0, 1.0, 1.0, 0.7, 1.0]) ** 2),
)
"""Before any series is seen: a ceiling of four fifths, between a fifth and all; p about 1 % and q about 0.2 a year, by
a factor of several either way (wider than the applications that Sultan, Farley and Lehmann 1990 collect); a pace that
changes by a third a year and forgets a fifth of it."""

_TURNS = 40
_VAGUE_COUNTS = 2.0


def pooled(parts: Sequence[Numbers]) -> Prior:
    """The normal distribution of parameters from which several series came.

    Expectation and maximisation over draws of each series under `VAGUE`, weighted anew in every turn (Dempster, Laird
    and Rubin 1977; Lindley and Smith 1972). The vague prior counts as two more series, so that few series do not look
    more alike than they can be known to be.

    Args:
        parts: for each series, rows of parameters drawn given the series under `VAGUE`.
    """
    prior = VAGUE
    base = [VAGUE.log_density(rows) for rows in parts]
    for _ in range(_TURNS):
        means: list[Numbers] = []
        spreads: list[Numbers] = []
        for rows, known in zip(parts, base, strict=True):
            weight = prior.log_density(rows) - known
            weight = np.exp(weight - weight.max())
            weight /= weight.sum()
            mean: Numbers = weight @ rows
            means.append(mean)
            spreads.append((weight[:, None] * (rows - mean)).T @ (rows - mean))
        count = len(parts) + _VAGUE_COUNTS
        centre: Numbers = (np.sum(means, axis=0) + _VAGUE_COUNTS * VAGUE.mean) / count
        away = [np.outer(mean - centre, mean - centre) for mean in means]
        off = np.outer(VAGUE.mean - centre, VAGUE.mean - centre) + VAGUE.covariance
        prior = Prior(centre, (np.sum(spreads, axis=0) + np.sum(away, axis=0) + _VAGUE_COUNTS * off) / count)
    return prior
