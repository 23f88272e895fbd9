"""An encouragement by lot: whoever was invited, told or paid took up more often."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from haidang import __version__
from haidang.learn.evaluate.arrays import quantile
from haidang.learn.evaluate.balance import balance
from haidang.learn.evaluate.columns import (
    Codes,
    Numbers,
    arms,
    covariate_columns,
    labels,
    numbers,
    outcomes,
    strata_columns,
    varied,
)
from haidang.learn.evaluate.effect import Diagnostic, Effect, Verdict
from haidang.learn.evaluate.enough import CLUSTERS, ROWS_OF_AN_ARM, enough
from haidang.learn.evaluate.heard import heard, library, named
from haidang.learn.evaluate.mistakes import WeakError, at

STRONG, FAIR = 104.7, 10.0
"""First-stage F above which a usual interval covers (Lee, McCrary, Moreira and Porter 2022), and the old rule."""


def encouraged(
    table: pl.DataFrame,
    outcome: str,
    takeup: str,
    encouraged_by: str,
    *,
    covariates: Sequence[str] = (),
    strata: str | None = None,
    cluster: str | None = None,
    level: float = 0.95,
) -> Effect:
    """The effect of taking up on those whom the encouragement moved (Imbens and Angrist 1994).

    First: two-stage least squares by pyfixest, with HC1 errors or, with clusters, CR1 and a t of their number less one.
    Second: the interval of Anderson and Rubin (1949), which holds however weak the encouragement is; an end that it
    cannot bound is infinite.

    Args:
        table: one row a unit.
        outcome: column of numbers.
        takeup: column of what was taken up: 0 and 1, or an amount.
        encouraged_by: column of 0 and 1, by lot.
        covariates: columns of numbers, measured before the encouragement.
        strata: column of the strata within which the lot was drawn.
        cluster: column of the clusters that were encouraged together.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, empty somewhere, without variation or collinear, or an arm is empty.
        WeakError: the encouragement moved nobody.
        TooFewError: there are fewer than 30 clusters.
    """
    y, z = outcomes(table, outcome), arms(table, encouraged_by)
    d = varied(numbers(table, takeup), takeup)
    groups = None if cluster is None else labels(table, cluster)
    if cluster is not None and groups is not None:
        enough(groups.count, CLUSTERS, "clusters", cluster)
    enough(min(z.sum(), (1.0 - z).sum()), ROWS_OF_AN_ARM, "units in each arm", encouraged_by)
    dummies = strata_columns(table, strata, z)
    x = covariate_columns(table, covariates, np.column_stack([z, dummies]))
    codes = None if groups is None else groups.codes
    stages = _Stages(y, d, z, np.column_stack([x, dummies]), codes)
    if abs(stages.moved) <= 1e-12 * float(d.std()):
        raise WeakError("expected take-up to differ between those encouraged and the others", at(takeup))
    found, told = heard(lambda: _two_stages(y, d, z, stages.given, codes))
    ends = found.confint(alpha=1.0 - level).loc["d"]
    strength = float(stages.moved**2 / stages.variance[1, 1])
    return Effect(
        estimand="late",
        estimate=float(found.coef()["d"]),
        standard_error=float(found.se()["d"]),
        low=float(ends.iloc[0]),
        high=float(ends.iloc[1]),
        n=len(y),
        clusters=None if groups is None else groups.count,
        method="two_stage_hc1" if groups is None else "two_stage_cr1",
        library=named("pyfixest"),
        level=level,
        p_value=float(found.pvalue()["d"]),
        df=stages.df,
        diagnostics=(
            Diagnostic("first_stage_f", strength, _strength(strength)),
            Diagnostic("takeup_moved", stages.moved, "told"),
            Diagnostic("effect_of_offer", stages.offered, "told"),
            *balance(x, covariates, z, codes if codes is not None and stages.one_arm else None),
        ),
        warnings=told,
        second=_anderson_rubin(stages, level),
    )


def _two_stages(y: Numbers, d: Numbers, z: Numbers, given: Numbers, codes: Codes | None) -> Any:
    names = [f"x{place}" for place in range(given.shape[1])]
    columns = {"y": y, "d": d, "z": z, **dict(zip(names, given.T, strict=True))}
    data = pl.DataFrame(columns if codes is None else columns | {"cluster": codes})
    formula = f"y ~ {' + '.join(names) or '1'} | d ~ z"
    kind: Any = "hetero" if codes is None else {"CRV1": "cluster"}
    return library("pyfixest").feols(formula, data, vcov=kind)


class _Stages:
    """Outcome and take-up each regressed on the encouragement, with the robust covariance of the two coefficients."""

    def __init__(self, y: Numbers, d: Numbers, z: Numbers, given: Numbers, codes: Codes | None) -> None:
        self.given, self.rows = given, len(y)
        design = np.column_stack([np.ones(len(y)), z, given])
        both = np.column_stack([y, d])
        inverse = np.linalg.inv(design.T @ design)
        coefficient = inverse @ (design.T @ both)
        scores = (design @ inverse[1])[:, None] * (both - design @ coefficient)
        rows, columns = design.shape
        if codes is None:
            self.variance = scores.T @ scores * (rows / (rows - columns))
            self.df = float(rows - columns)
            self.clusters, self.one_arm = None, False
        else:
            sums = np.column_stack([np.bincount(codes, one) for one in scores.T])
            self.clusters = len(sums)
            factor = self.clusters / (self.clusters - 1) * (rows - 1) / (rows - columns)
            self.variance = sums.T @ sums * factor
            self.df = float(self.clusters - 1)
            share = np.bincount(codes, z) / np.bincount(codes)
            self.one_arm = bool(np.all((share == 0.0) | (share == 1.0)))
        self.offered, self.moved = float(coefficient[1, 0]), float(coefficient[1, 1])


def _anderson_rubin(stages: _Stages, level: float) -> Effect:
    """All effects `b` at which outcome less `b` take-up does not differ by encouragement: a quadratic in `b`."""
    critical = quantile(0.5 + level / 2.0, stages.df) ** 2
    a, b, own = stages.offered, stages.moved, stages.variance
    square = b * b - critical * own[1, 1]
    middle = a * b - critical * own[0, 1]
    rest = a * a - critical * own[0, 0]
    low, high = _within(float(square), float(middle), float(rest))
    return Effect(
        estimand="late",
        estimate=a / b,
        standard_error=None,
        low=low,
        high=high,
        n=stages.rows,
        clusters=stages.clusters,
        method="anderson_rubin",
        library=f"haidang {__version__}",
        level=level,
        df=stages.df,
    )


def _within(square: float, middle: float, rest: float) -> tuple[float, float]:
    """Where `square b^2 - 2 middle b + rest` is at most zero; the whole line where that is not one interval."""
    root = middle * middle - square * rest
    if square <= 0.0 or root < 0.0:
        return -np.inf, np.inf
    return (middle - root**0.5) / square, (middle + root**0.5) / square


def _strength(strength: float) -> Verdict:
    return "good" if strength >= STRONG else "doubtful" if strength >= FAIR else "bad"
