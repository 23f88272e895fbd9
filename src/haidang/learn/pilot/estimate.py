"""The declared estimator on one simulated pilot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.learn.evaluate.arrays import Estimated, cluster_difference, difference, pair_difference, wald
from haidang.learn.pilot.assign import numbers_of, strata_of
from haidang.learn.pilot.declaration import Declaration

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def given_columns(declaration: Declaration, table: pl.DataFrame) -> Floats:
    """What the estimator adjusts for: dummies of the strata, and the covariates where it is declared to.

    Returns:
        Columns without a constant, none of which follows from the others (units, columns).
    """
    parts: list[Floats] = []
    if declaration.units.strata and declaration.assignment.rule != "pairs":
        codes = strata_of(table, declaration.units.strata)
        parts.append(np.equal.outer(codes, np.arange(1, int(codes.max()) + 1)).astype(np.float64))
    if declaration.estimator == "adjusted" and declaration.covariates:
        found = numbers_of(table, declaration.covariates)
        parts.append(found - found.mean(axis=0))
    return np.concatenate(parts, axis=1) if parts else np.empty((table.height, 0))


def estimate(
    declaration: Declaration, table: pl.DataFrame, y: Floats, d: Floats, block: Whole, given: Floats, taken: Floats
) -> Estimated:
    """The estimate of the declared design.

    Args:
        declaration: the pilot.
        table: its units, ordered as the arrays.
        y: outcomes (units).
        d: whether in the treated arm, 0 or 1 (units).
        block: the block of each unit: its pair or its cluster (units).
        given: what is adjusted for (units, columns).
        taken: whether the programme was taken up, 0 or 1 (units).
    """
    rule = declaration.assignment.rule
    if rule == "pairs":
        return pair_difference(y, d, block)
    cluster = None if declaration.units.cluster is None else block
    if rule == "encouragement":
        return wald(y, taken, d, given, cluster)
    if rule == "cutoff":
        return _at_cutoff(declaration, table, y, d)
    if cluster is not None:
        return cluster_difference(y, d, np.unique(cluster, return_inverse=True)[1], given)
    return difference(y, d, given)


def _at_cutoff(declaration: Declaration, table: pl.DataFrame, y: Floats, d: Floats) -> Estimated:
    """Local lines on both sides with a triangular kernel of the rule-of-thumb width (Imbens and Lemieux 2008)."""
    rule = declaration.assignment
    score = numbers_of(table, (str(rule.score),))[:, 0] - float(rule.cutoff or 0.0)
    width = 1.84 * float(score.std()) * len(score) ** -0.2
    near = np.abs(score) < width
    root = np.sqrt(1.0 - np.abs(score[near]) / width)
    columns = [root, d[near] * root, score[near] * root, d[near] * score[near] * root]
    return _weighted(y[near] * root, columns)


def _weighted(y: Floats, columns: Sequence[Floats]) -> Estimated:
    """Least squares of weighted columns, the second's coefficient with HC1 errors."""
    design = np.column_stack(columns)
    inverse = np.linalg.inv(design.T @ design)
    weight = design @ inverse[1]
    rest = y - design @ (inverse @ (design.T @ y))
    rows, many = design.shape
    variance = float((weight**2) @ (rest**2)) * rows / (rows - many)
    return Estimated(float(weight @ y), variance**0.5, float(rows - many))
