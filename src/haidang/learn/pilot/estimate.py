"""The declared estimator on one simulated pilot."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.learn.pilot.assign import numbers_of, strata_of
from haidang.learn.pilot.declaration import Declaration
from haidang.learn.pilot.quick import Found, least_squares, pair_differences, two_stages

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
) -> Found:
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
        return pair_differences(y, d, block)
    if rule == "encouragement" and declaration.units.cluster is None:
        return two_stages(y, taken, d, given)
    if rule == "cutoff":
        return _at_cutoff(declaration, table, y, d)
    if declaration.units.cluster is not None:
        return _by_cluster(y, d, block, given)
    return least_squares(y, d, given)


def _by_cluster(y: Floats, d: Floats, cluster: Whole, given: Floats) -> Found:
    from haidang.learn.evaluate.clustered import clustered

    names = [f"x{place}" for place in range(given.shape[1])]
    table = pl.DataFrame({"y": y, "d": d, "c": cluster, **dict(zip(names, given.T, strict=True))})
    found = clustered(table, "y", "d", "c", covariates=names)
    return Found(found.estimate, float(found.standard_error or np.nan), float(found.df or np.inf))


def _at_cutoff(declaration: Declaration, table: pl.DataFrame, y: Floats, d: Floats) -> Found:
    """Local lines on both sides with a triangular kernel of the rule-of-thumb width (Imbens and Lemieux 2008)."""
    rule = declaration.assignment
    score = numbers_of(table, (str(rule.score),))[:, 0] - float(rule.cutoff or 0.0)
    width = 1.84 * float(score.std()) * len(score) ** -0.2
    near = np.abs(score) < width
    root = np.sqrt(1.0 - np.abs(score[near]) / width)
    columns = [root, d[near] * root, score[near] * root, d[near] * score[near] * root]
    return _weighted(y[near] * root, columns)


def _weighted(y: Floats, columns: Sequence[Floats]) -> Found:
    """Least squares of weighted columns, the second's coefficient with HC1 errors."""
    design = np.column_stack(columns)
    inverse = np.linalg.inv(design.T @ design)
    weight = design @ inverse[1]
    rest = y - design @ (inverse @ (design.T @ y))
    rows, many = design.shape
    variance = float((weight**2) @ (rest**2)) * rows / (rows - many)
    return Found(float(weight @ y), variance**0.5, float(rows - many))
