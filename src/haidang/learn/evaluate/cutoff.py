"""A score with a cut-off: units just above were served, units just below were not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl

from haidang.learn.evaluate.balance import by_chance
from haidang.learn.evaluate.columns import Numbers, covariate_columns, numbers, outcomes, varied
from haidang.learn.evaluate.effect import Diagnostic, Effect
from haidang.learn.evaluate.enough import ROWS_IN_A_WINDOW, ROWS_OF_A_SIDE, enough
from haidang.learn.evaluate.heard import heard, library, named
from haidang.learn.evaluate.mistakes import OneArmError, WeakError, at


def at_cutoff(
    table: pl.DataFrame,
    outcome: str,
    score: str,
    cutoff: float,
    *,
    treated_above: bool = True,
    takeup: str | None = None,
    covariates: Sequence[str] = (),
    level: float = 0.95,
) -> Effect:
    """The effect of being served at the cut-off, on units there (on those it moved, where `takeup` is given).

    First: local linear regression by diff-diff's port of rdrobust: the conventional estimate and error at the bandwidth
    of least mean squared error, with the robust bias-corrected interval (Calonico, Cattaneo and Titiunik 2014), which
    is not centred on the estimate. Second: local quadratic.

    Args:
        table: one row a unit.
        outcome: column of numbers.
        score: column of the score that decided.
        cutoff: the score from which units were served; those exactly at it were.
        treated_above: whether higher scores were served; else lower ones.
        takeup: column of what was taken up, where the cut-off moved only some.
        covariates: columns of numbers, measured before treatment.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, empty somewhere, without variation or collinear.
        OneArmError: all scores lie on one side.
        WeakError: take-up does not differ across the cut-off.
        TooFewError: there are fewer than a hundred units on a side.
    """
    side = 1.0 if treated_above else -1.0
    y, x, place = outcomes(table, outcome), side * varied(numbers(table, score), score), side * cutoff
    served = x >= place
    if served.all() or not served.any():
        raise OneArmError(f"expected scores on both sides of {cutoff:g}, found them on one", at(score))
    enough(min(served.sum(), (~served).sum()), ROWS_OF_A_SIDE, "units on each side", score, "a wider score window")
    d = None if takeup is None else _moved(varied(numbers(table, takeup), takeup), served, takeup)
    extra = covariate_columns(table, covariates)
    local = _Local(x, place, level)
    found, told = heard(lambda: local.fit(y, d, extra))
    wide = max(float(found.h_left), float(found.h_right))
    near = float(min(found.n_h_left, found.n_h_right))
    second, told_second = heard(lambda: local.fit(y, d, extra, degree=2))
    (density, _) = heard(lambda: local.density())
    first = _effect(found, "local_linear", level, told)
    return Effect(
        **first,
        diagnostics=(
            Diagnostic("density", density, by_chance(density)),
            *_jumps(local, extra, covariates),
            *_placebo_cutoffs(local, y, served),
            Diagnostic("rows_in_window", near, "good" if near >= ROWS_IN_A_WINDOW else "doubtful"),
            Diagnostic("bandwidth", wide, "told"),
            Diagnostic("half_bandwidth", _estimate(local, y, d, extra, wide / 2.0), "told"),
            Diagnostic("double_bandwidth", _estimate(local, y, d, extra, 2.0 * wide), "told"),
            *(() if d is None else (Diagnostic("takeup_moved", float(found.first_stage_conventional), "told"),)),
        ),
        second=Effect(**_effect(second, "local_quadratic", level, told_second)),
    )


def local_linear(x: Numbers, y: Numbers, cutoff: float, level: float = 0.95) -> Effect:
    """The first estimator alone, on arrays without a check, for simulations; served is whoever reaches the cut-off.

    Args:
        x: score of each row.
        y: outcome of each row.
        cutoff: the score from which units were served.
        level: of the interval.
    """
    found, told = heard(lambda: _Local(x, cutoff, level).fit(y, None, np.empty((len(y), 0))))
    return Effect(**_effect(found, "local_linear", level, told))


class _Local:
    """The score, and regressions at its cut-off by diff-diff."""

    def __init__(self, x: Numbers, place: float, level: float) -> None:
        self.x, self.place, self.level = x, place, level

    def fit(self, y: Numbers, d: Numbers | None, extra: Numbers, *, degree: int = 1, width: float | None = None) -> Any:
        """Everything that diff-diff finds."""
        return _fit(self.x, y, d, extra, self.place, degree, width, 1.0 - self.level)

    def density(self) -> float:
        """The chance of as large a jump in the density of scores (Cattaneo, Jansson and Ma 2020)."""
        test = library("diff_diff").RDDensityTest(cutoff=self.place)
        found = test.fit(library("pandas").DataFrame({"x": self.x}), "x")
        return float(found.p_value)


def _fit(
    x: Numbers,
    y: Numbers,
    d: Numbers | None,
    extra: Numbers,
    place: float,
    degree: int,
    width: float | None,
    alpha: float,
) -> Any:
    names = [f"c{one}" for one in range(extra.shape[1])]
    columns = {"y": y, "x": x, **dict(zip(names, extra.T, strict=True))}
    data = library("pandas").DataFrame(columns if d is None else columns | {"d": d})
    model = library("diff_diff").RegressionDiscontinuity(cutoff=place, p=degree, h=width, alpha=alpha)
    return model.fit(data, outcome="y", running="x", **({} if d is None else {"takeup": "d"}), covariates=names or None)


def _moved(d: Numbers, served: Any, takeup: str) -> Numbers:
    if abs(float(d[served].mean() - d[~served].mean())) <= 1e-12 * float(d.std()):
        raise WeakError("expected take-up to differ across the cut-off", at(takeup))
    return d


def _effect(found: Any, method: str, level: float, told: tuple[str, ...]) -> dict[str, Any]:
    return {
        "estimand": "at_cutoff" if found.takeup is None else "at_cutoff_late",
        "estimate": float(found.att_conventional),
        "standard_error": float(found.se_conventional),
        "low": float(found.conf_int[0]),
        "high": float(found.conf_int[1]),
        "n": int(found.n_h_left + found.n_h_right),
        "clusters": None,
        "method": method,
        "library": named("diff-diff"),
        "level": level,
        "p_value": float(found.p_value),
        "warnings": told,
    }


def _jumps(local: _Local, extra: Numbers, names: Sequence[str]) -> tuple[Diagnostic, ...]:
    """The chance of as large a jump in each covariate, which the programme cannot have moved."""
    made: list[Diagnostic] = []
    for column, name in zip(extra.T, names, strict=True):
        found, _ = heard(lambda column=column: local.fit(column, None, np.empty((len(column), 0))))
        made.append(Diagnostic("jump", float(found.p_value), by_chance(float(found.p_value)), name))
    return tuple(made)


def _placebo_cutoffs(local: _Local, y: Numbers, served: Any) -> tuple[Diagnostic, ...]:
    """The chance of as large a jump at the median score of each side, where nothing happened."""
    made: list[Diagnostic] = []
    for name, side in (("below", ~served), ("above", served)):
        middle = float(np.median(local.x[side]))
        none = np.empty((int(side.sum()), 0))
        one = _Local(local.x[side], middle, local.level)
        if min(np.sum(one.x >= middle), np.sum(one.x < middle)) < ROWS_OF_A_SIDE:
            continue
        found, _ = heard(lambda one=one, side=side, none=none: one.fit(y[side], None, none))
        made.append(Diagnostic("placebo_cutoff", float(found.p_value), by_chance(float(found.p_value)), name))
    return tuple(made)


def _estimate(local: _Local, y: Numbers, d: Numbers | None, extra: Numbers, width: float) -> float:
    found, _ = heard(lambda: local.fit(y, d, extra, width=width))
    return float(found.att_conventional)
