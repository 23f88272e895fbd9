"""Whether the arms were alike before treatment."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from haidang.learn.evaluate.columns import Codes, Numbers
from haidang.learn.evaluate.effect import Diagnostic, Verdict
from haidang.learn.evaluate.heard import library

ALIKE, FAR = 0.1, 0.25
"""Standardised differences below which arms are alike and above which they are far apart (Imbens and Rubin 2015)."""

UNLIKELY = 0.05
"""Chance below which a difference is not put down to chance."""


def balance(
    found: Numbers, names: Sequence[str], treated: Numbers, cluster: Codes | None = None
) -> tuple[Diagnostic, ...]:
    """Standardised differences of the covariates, and the chance of differences as large by the lot alone.

    The joint chance is that of the `d'V^-1 d` of Hansen and Bowers (2008), over clusters where there are any.

    Args:
        found: covariates, shape (rows, names).
        names: of the covariates.
        treated: 0 or 1 of each row.
        cluster: of each row, from 0; none where units were assigned one by one.
    """
    if not names:
        return ()
    means, arm = (
        (found, treated) if cluster is None else (_means(found, cluster), _means(treated[:, None], cluster)[:, 0])
    )
    one, other = found[treated == 1.0], found[treated == 0.0]
    spread = np.sqrt((_variance(one) + _variance(other)) / 2.0)
    gaps = np.divide(one.mean(0) - other.mean(0), spread, out=np.zeros(len(names)), where=spread > 0.0)
    each = tuple(
        Diagnostic("balance", float(gap), by_size(abs(float(gap)), ALIKE, FAR), name)
        for gap, name in zip(gaps, names, strict=True)
    )
    chance = joint_chance(means, arm)
    return (*each, Diagnostic("balance_joint", chance, by_chance(chance)))


def joint_chance(found: Numbers, treated: Numbers) -> float:
    """The chance of differences in means as large, if the arms were drawn by lot (Hansen and Bowers 2008)."""
    ones, zeros = found[treated == 1.0], found[treated == 0.0]
    gap = ones.mean(0) - zeros.mean(0)
    spread = np.atleast_2d(np.cov(found, rowvar=False)) * (1.0 / len(ones) + 1.0 / len(zeros))
    rank = int(np.linalg.matrix_rank(spread))
    return float(library("scipy.stats").chi2.sf(gap @ np.linalg.pinv(spread) @ gap, rank))


def by_size(size: float, fine: float, poor: float) -> Verdict:
    """A verdict of something that should be small."""
    return "good" if size < fine else "doubtful" if size < poor else "bad"


def by_chance(chance: float) -> Verdict:
    """A verdict of a test that should not reject."""
    return "good" if chance >= 2.0 * UNLIKELY else "doubtful" if chance >= UNLIKELY / 5.0 else "bad"


def _means(found: Numbers, cluster: Codes) -> Numbers:
    counts = np.bincount(cluster)
    return np.column_stack([np.bincount(cluster, column) / counts for column in found.T])


def _variance(found: Numbers) -> Numbers:
    gaps = found - found.mean(axis=0)
    return np.einsum("ij,ij->j", gaps, gaps) / max(len(found) - 1, 1)
