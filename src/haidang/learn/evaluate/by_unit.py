"""A trial by unit: who was treated was drawn by lot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Literal

import numpy as np
import polars as pl

from haidang.learn.evaluate.balance import balance
from haidang.learn.evaluate.columns import Labels, Numbers, arms, covariate_columns, labels, outcomes, strata_columns
from haidang.learn.evaluate.effect import Diagnostic, Effect
from haidang.learn.evaluate.enough import ROWS_OF_AN_ARM, enough
from haidang.learn.evaluate.heard import heard, library, named
from haidang.learn.evaluate.lone import lone, telling

Variance = Literal["hc2", "classical"]
_VARIANCE = {"hc2": "HC2", "classical": "iid"}


def randomised(
    table: pl.DataFrame,
    outcome: str,
    treated: str,
    *,
    covariates: Sequence[str] = (),
    strata: str | None = None,
    variance: Variance = "hc2",
    level: float = 0.95,
) -> Effect:
    """The average effect of treatment in a trial by unit.

    First: least squares on the arm, the covariates and the strata, by pyfixest, with HC2 errors. Second: with each
    covariate and stratum centred and let to differ between arms (Lin 2013); without either, Welch's difference. A unit
    alone in its stratum is left out and counted by a diagnostic: it says nothing of the effect.

    Args:
        table: one row a unit.
        outcome: column of numbers.
        treated: column of 0 and 1.
        covariates: columns of numbers, measured before treatment.
        strata: column of the strata within which the lot was drawn.
        variance: `hc2` is robust; `classical` assumes one variance, as older studies did.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, empty somewhere, without variation or collinear, or an arm is empty.
    """
    y, d = outcomes(table, outcome), arms(table, treated)
    dummies = strata_columns(table, strata, d)
    x = covariate_columns(table, covariates, np.column_stack([d, dummies]))
    rows, columns = telling(np.column_stack([np.ones(len(y)), d, x, dummies]))
    own, arm, given = y[rows], d[rows], np.column_stack([x, dummies])[np.ix_(rows, columns[2:])]
    enough(min(arm.sum(), (1.0 - arm).sum()), ROWS_OF_AN_ARM, "units in each arm", treated)
    first = least_squares(own, arm, given, _VARIANCE[variance], level)
    return Effect(
        estimand="ate",
        estimate=first.estimate,
        standard_error=first.standard_error,
        low=first.low,
        high=first.high,
        n=len(own),
        clusters=None,
        method=f"least_squares_{variance}",
        library=named("pyfixest"),
        level=level,
        p_value=first.p_value,
        df=first.df,
        diagnostics=(
            *balance(x, covariates, d),
            *_arms(d, None if strata is None else labels(table, strata)),
            *lone(rows),
        ),
        warnings=first.warnings,
        second=_second(own, arm, given, level),
    )


def regression(formula: str, data: pl.DataFrame, kind: str) -> Any:
    """A regression by pyfixest; HC2 as it was defined, without the factor `n / (n - k)` that pyfixest would add."""
    pyfixest = library("pyfixest")
    return pyfixest.feols(formula, data, vcov=kind, ssc=pyfixest.ssc(k_adj=kind != "HC2"))


def least_squares(y: Numbers, d: Numbers, given: Numbers, kind: str, level: float) -> Effect:
    """One regression by pyfixest, its coefficient of `d` as an effect without a method's name yet."""
    names = [f"x{place}" for place in range(given.shape[1])]
    data = pl.DataFrame({"y": y, "d": d, **dict(zip(names, given.T, strict=True))})
    found, told = heard(lambda: regression(" + ".join(["y ~ d", *names]), data, kind))
    ends = found.confint(alpha=1.0 - level).loc["d"]
    return Effect(
        estimand="ate",
        estimate=float(found.coef()["d"]),
        standard_error=float(found.se()["d"]),
        low=float(ends.iloc[0]),
        high=float(ends.iloc[1]),
        n=len(y),
        clusters=None,
        method="least_squares",
        library=named("pyfixest"),
        level=level,
        p_value=float(found.pvalue()["d"]),
        df=float(len(y) - 2 - given.shape[1]),
        warnings=told,
    )


def _second(y: Numbers, d: Numbers, given: Numbers, level: float) -> Effect:
    """Lin's estimator where the arms can bear it, else the plain difference by Welch."""
    centred = given - given.mean(axis=0)
    both = np.column_stack([centred, centred * d[:, None]])
    whole = np.column_stack([np.ones(len(y)), d, both])
    if given.shape[1] and np.linalg.matrix_rank(whole) == whole.shape[1] < len(y) and _bearable(whole):
        found = least_squares(y, d, both, "HC2", level)
        return replace(found, method="lin")
    return welch(y, d, level)


def welch(
    y: Numbers, d: Numbers, level: float, estimand: str = "ate", method: str = "welch", clusters: int | None = None
) -> Effect:
    """The plain difference in means, each arm with its own variance (Welch 1947)."""
    one, other = y[d == 1.0], y[d == 0.0]
    test = library("scipy.stats").ttest_ind(one, other, equal_var=False)
    ends = test.confidence_interval(level)
    return Effect(
        estimand=estimand,
        estimate=float(one.mean() - other.mean()),
        standard_error=float((one.var(ddof=1) / one.size + other.var(ddof=1) / other.size) ** 0.5),
        low=float(ends.low),
        high=float(ends.high),
        n=len(y),
        clusters=clusters,
        method=method,
        library=named("scipy"),
        level=level,
        p_value=float(test.pvalue),
        df=float(test.df),
    )


def _bearable(design: Numbers) -> bool:
    """Whether no row decides its own fit: HC2 has no answer at a leverage of one."""
    basis = np.linalg.qr(design)[0]
    return bool(np.max(np.sum(basis**2, axis=1)) < 1.0 - 1e-8)


def _arms(d: Numbers, blocks: Labels | None) -> tuple[Diagnostic, ...]:
    share = Diagnostic("share_treated", float(d.mean()), "told")
    if blocks is None:
        return (share,)
    size = np.bincount(blocks.codes)
    inside = np.bincount(blocks.codes, d) / size
    lone = int(np.sum((inside == 0.0) | (inside == 1.0)))
    return share, Diagnostic("strata_of_one_arm", float(lone), "good" if lone == 0 else "doubtful")
