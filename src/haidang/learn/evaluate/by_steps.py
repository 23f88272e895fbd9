"""A roll-out in steps: units began at different times, some never."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from haidang.learn.evaluate.arrays_panel import group_time
from haidang.learn.evaluate.balance import by_chance
from haidang.learn.evaluate.columns import Codes, covariate_columns, labels
from haidang.learn.evaluate.effect import Diagnostic, Effect, Point
from haidang.learn.evaluate.enough import UNITS_OF_AN_ARM, enough
from haidang.learn.evaluate.heard import heard, library, named
from haidang.learn.evaluate.mistakes import ColumnError, OneArmError, PeriodError, at, listed
from haidang.learn.evaluate.panel import NEVER, Panel, read_cohorts, read_panel


def staggered(
    table: pl.DataFrame,
    outcome: str,
    unit: str,
    period: str,
    first_treated: str,
    *,
    covariates: Sequence[str] = (),
    cluster: str | None = None,
    level: float = 0.95,
) -> Effect:
    """The effect on the treated in a staggered roll-out, averaged over treated units and periods.

    First: group-time effects of Callaway and Sant'Anna (2021) by diff-diff, doubly robust where there are covariates;
    controls are never treated, or not yet where fewer than twenty are never. Where all are treated in the end, the last
    cohort is compared with until it begins; a diagnostic counts the periods left out. Second: imputation (Borusyak,
    Jaravel and Spiess 2024), without covariates.

    Args:
        table: one row a unit and period.
        outcome: column of numbers.
        unit: column of the units.
        period: column of whole numbers, one after another.
        first_treated: column of the period in which the unit's treatment began, empty for never.
        covariates: columns of numbers, read in the last period before treatment.
        cluster: column of the clusters that hold whole units; none for the units themselves.
        level: of the interval.

    Raises:
        EvaluationError: a column is missing, empty somewhere or without variation, the panel has holes or doubles, or a
            period is not one.
        PeriodError: a unit was treated from the first period on, or starts after the last.
        TooFewError: fewer than twenty units, or clusters, were treated, or were not.
    """
    panel = read_panel(table, outcome, unit, period)
    start = read_cohorts(table, panel, first_treated)
    _comparable(panel, start, first_treated)
    panel, start, cut = _compared(panel, start)
    never = int(np.sum(start == NEVER)) >= UNITS_OF_AN_ARM
    groups = _groups(table, panel, cluster)
    _enough(start, groups, cluster or unit)
    covariate_columns(table, covariates)
    long = _Long(_pandas(table, panel, start, covariates, groups, outcome), tuple(covariates), cluster is not None)
    (found, told), (other, told_other) = (
        heard(lambda: long.callaway_santanna(never, level)),
        heard(lambda: long.imputation(level)),
    )
    events: Any = found.aggregate("event_study")
    count = len(panel.units) if groups is None else int(groups.max()) + 1
    second = _effect(other, panel.outcome.size, count, "imputation", level, told_other)
    first = _effect(found, panel.outcome.size, count, "callaway_santanna", level, told)
    return Effect(
        **first,
        diagnostics=(*_before(events), *_counts(start, never, cut), *_without(panel, start, never)),
        path=_path(events),
        starts=0.0,
        second=Effect(**second),
    )


@dataclass(frozen=True, slots=True)
class _Long:
    """The panel as diff-diff takes it: `y`, `unit`, `period`, `start` with 0 for never, `cluster`, covariates."""

    data: Any
    covariates: tuple[str, ...]
    by_cluster: bool

    def callaway_santanna(self, never: bool, level: float) -> Any:
        model = library("diff_diff").CallawaySantAnna(
            control_group="never_treated" if never else "not_yet_treated",
            estimation_method="dr",
            alpha=1.0 - level,
            cluster="cluster" if self.by_cluster else None,
            rank_deficient_action="error",
        )
        return model.fit(self.data, "y", "unit", "period", "start", covariates=list(self.covariates) or None)

    def imputation(self, level: float) -> Any:
        model = library("diff_diff").ImputationDiD(
            alpha=1.0 - level, cluster="cluster" if self.by_cluster else None, rank_deficient_action="error"
        )
        return model.fit(self.data, "y", "unit", "period", "start")


def _pandas(
    table: pl.DataFrame, panel: Panel, start: Codes, covariates: Sequence[str], groups: Codes | None, outcome: str
) -> Any:
    units, periods = len(panel.units), len(panel.periods)
    first: Codes = np.where(start == NEVER, 0, start + panel.periods[0])
    flat = panel.rows.ravel()
    columns: dict[str, Any] = {
        "y": panel.outcome.ravel(),
        "unit": np.repeat(np.arange(units), periods),
        "period": np.tile(np.array(panel.periods), units),
        "start": np.repeat(first, periods),
    }
    columns |= {name: table[name].cast(pl.Float64).to_numpy()[flat] for name in covariates}
    if groups is not None:
        columns["cluster"] = np.repeat(groups, periods)
    return library("pandas").DataFrame(columns)


def _comparable(panel: Panel, start: Codes, name: str) -> None:
    """Every treated unit has a period before, and somebody to be compared with.

    Raises:
        PeriodError: a unit was treated from the first period on.
        OneArmError: nobody is untreated when the first are treated.
    """
    always = [panel.units[place] for place in np.flatnonzero(start == 0)]
    if always:
        raise PeriodError(
            f"expected a period before treatment, {listed('found none of units', always)}",
            at(name),
            "such units say nothing of a change: leave them out and say so",
        )
    if np.all(start == start[0]):
        raise OneArmError("expected units treated later or never, found all treated at once", at(name))


def _compared(panel: Panel, start: Codes) -> tuple[Panel, Codes, int]:
    """The periods in which somebody is untreated, and how many were left out.

    Where all are treated in the end, the last cohort is the comparison until it begins, and its own effect is not told.
    """
    last = int(start.max())
    if np.any(start == NEVER):
        return panel, start, 0
    kept = Panel(panel.outcome[:, :last], panel.units, panel.periods[:last], panel.rows[:, :last])
    return kept, np.where(start == last, NEVER, start), len(panel.periods) - last


def _groups(table: pl.DataFrame, panel: Panel, cluster: str | None) -> Codes | None:
    if cluster is None:
        return None
    codes = labels(table, cluster).codes[panel.rows]
    moved = [panel.units[place] for place in np.flatnonzero(codes.min(axis=1) != codes.max(axis=1))]
    if moved:
        raise ColumnError(f"expected one cluster for a unit, {listed('found several at', moved)}", at(cluster))
    return codes[:, 0]


def _enough(start: Codes, groups: Codes | None, column: str) -> None:
    """Hold that both sides are many: units, or clusters that have a unit on that side."""
    one = np.arange(len(start)) if groups is None else groups
    what = "treated and untreated units" if groups is None else "clusters with treated and with untreated units"
    earliest = start[start != NEVER].min()
    sides = (start != NEVER, (start == NEVER) | (start > earliest))
    hint = "with few treated units use synthetic_control or synthetic_did, or repeat the lot"
    enough(min(len(np.unique(one[side])) for side in sides), UNITS_OF_AN_ARM, what, column, hint)


def _effect(found: Any, n: int, clusters: int, method: str, level: float, told: tuple[str, ...]) -> dict[str, Any]:
    return {
        "estimand": "att",
        "estimate": float(found.overall_att),
        "standard_error": float(found.overall_se),
        "low": float(found.overall_conf_int[0]),
        "high": float(found.overall_conf_int[1]),
        "n": n,
        "clusters": clusters,
        "method": method,
        "library": named("diff-diff"),
        "level": level,
        "p_value": float(found.overall_p_value),
        "warnings": told,
    }


def _path(events: Any) -> tuple[Point, ...]:
    return tuple(
        Point(float(at_), float(effect), float(low), float(high))
        for at_, effect, low, high in zip(
            events.event_time, events.att, events.conf_int_lower, events.conf_int_upper, strict=True
        )
    )


def _before(events: Any) -> tuple[Diagnostic, ...]:
    """The chance of effects before treatment as large if there are none (a Wald test of all of them)."""
    early = np.flatnonzero(np.asarray(events.event_time) < 0)
    if early.size == 0:
        return (Diagnostic("pre_trends", None, "doubtful"),)
    effect, spread = np.asarray(events.att)[early], np.asarray(events.vcov)[np.ix_(early, early)]
    rank = int(np.linalg.matrix_rank(spread))
    chance = float(library("scipy.stats").chi2.sf(effect @ np.linalg.pinv(spread) @ effect, rank))
    return (Diagnostic("pre_trends", chance, by_chance(chance)),)


def _counts(start: Codes, never: bool, cut: int) -> tuple[Diagnostic, ...]:
    cohorts = np.unique(start[start != NEVER], return_counts=True)[1]
    return (
        Diagnostic("periods_without_comparison", float(cut), "good" if cut == 0 else "doubtful"),
        Diagnostic("cohorts", float(len(cohorts)), "told"),
        Diagnostic("smallest_cohort", float(cohorts.min()), "good" if cohorts.min() >= 5 else "doubtful"),
        Diagnostic("never_treated", float(np.sum(start == NEVER)), "good" if never else "doubtful"),
    )


def _without(panel: Panel, start: Codes, never: bool) -> tuple[Diagnostic, ...]:
    """The least and the largest effect when one cohort is left out, covariates aside."""
    cohorts = np.unique(start[start != NEVER])
    if len(cohorts) < (2 if never else 3):
        return ()
    found = [group_time(panel.outcome[start != one], start[start != one], never=never).estimate for one in cohorts]
    return (
        Diagnostic("leave_one_out_low", min(found), "told"),
        Diagnostic("leave_one_out_high", max(found), "told"),
    )
