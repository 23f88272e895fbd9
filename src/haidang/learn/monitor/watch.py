"""Looking at a running pilot: after every arrival the interval, the evidence of each guardrail, and the stop rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.errors import Place, did_you_mean
from haidang.learn.monitor.by_cluster import DATE, whole_clusters
from haidang.learn.monitor.ratio import ratio_evidence
from haidang.learn.monitor.sequences import (
    Sequence,
    asymptotic_evidence,
    asymptotic_sequence,
    betting_evidence,
    betting_sequence,
    effect_terms,
    terms_range,
    two_sided_evidence,
)
from haidang.learn.pilot.assign import ARM, BLOCK, HEADINGS, ID
from haidang.learn.pilot.declaration import Declaration, Guardrail, PilotError

Floats = NDArray[np.float64]
_NOT_WATCHED = {
    "cutoff": "a cut-off: where the score decides, arms differ without any effect",
    "phased": "waves: the same units are offered nothing first and something later",
}
RATIO_ALPHA = 0.01
"""The level of the check of shares: an alarm says that the data are broken, and should be rare (Lindon and Malek)."""


@dataclass(frozen=True, slots=True)
class Look:
    """What was known at the end of a day, or after an arrival.

    Args:
        day: its date.
        arrivals: reports so far, by arm.
        estimate: the effect so far, the first treated arm against the control, in the outcome's unit.
        low: lower end of the interval that holds at all looks together.
        high: its upper end.
        evidence: the largest e-value so far: of the `effect` against none, of the `ratio`, of each guardrail.
        fired: the stop rules that have spoken, in the order of the declaration.
    """

    day: date
    arrivals: Mapping[str, int]
    estimate: float
    low: float
    high: float
    evidence: Mapping[str, float]
    fired: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The look as JSON takes it; an end that nothing bounds yet is null."""
        ends = {"low": self.low, "high": self.high, "estimate": self.estimate}
        return {
            "day": self.day.isoformat(),
            "arrivals": dict(self.arrivals),
            **{name: value if np.isfinite(value) else None for name, value in ends.items()},
            "evidence": {name: min(value, 1e300) for name, value in self.evidence.items()},
            "fired": list(self.fired),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Reports:
    """The reports of a pilot's units, in the order of their dates; of a lot by cluster, its whole clusters.

    Args:
        table: one row each, with `id`, `date`, `arm` and the columns that are read.
        arm: the place of each report's arm (arrivals).
        days: the date of each (arrivals).
        lots: how many there will be: units, or clusters.
    """

    table: pl.DataFrame
    arm: NDArray[np.int64]
    days: tuple[date, ...]
    lots: int


def reports_of(
    declaration: Declaration, table: pl.DataFrame, assigned: pl.DataFrame, place: Place | None = None
) -> Reports:
    """The reports, held against the declaration and the assignment.

    Raises:
        PilotError: a column is missing, a date is none, comes before the one above it or lies outside the pilot, an
            outcome is missing, a unit reports twice, is not of the pilot, or is said to have another arm; no cluster
            is whole yet; the rule draws no lot that can be watched.
    """
    rule = declaration.assignment.rule
    if rule in _NOT_WATCHED:
        raise PilotError(f"expected a lot between two arms, found {_NOT_WATCHED[rule]}", declaration.place)
    needed = (ID, DATE, declaration.outcome.column, *(one.column for one in declaration.guardrails))
    for name in dict.fromkeys(needed):
        if name not in table.columns:
            raise PilotError(f"expected the column '{name}', found none", place, did_you_mean(name, table.columns))
    if not table.height:
        raise PilotError("expected a report or more, found none", place)
    days = _days(table[DATE], declaration, place)
    arms = _arms(table, assigned, place)
    missing = table[declaration.outcome.column].cast(pl.Float64, strict=False).is_null()
    if missing.any():
        at = int(missing.arg_true()[0])
        problem = f"expected an outcome in every report, found none of '{table[ID][at]}' and {missing.sum() - 1} others"
        raise PilotError(problem, _row(place, at), "a unit that was lost does not report")
    ids = [one.id for one in declaration.arms]
    _refuse_outside(declaration, table, place)
    named = table.with_columns(pl.Series(ARM, arms))
    lots = declaration.units.size
    if declaration.units.cluster is not None:
        read = list(dict.fromkeys(needed[2:]))
        named, last = whole_clusters(named, days, assigned, read, place)
        days, lots = tuple(days[at] for at in last), int(assigned[BLOCK].n_unique())
    codes = np.array([ids.index(name) for name in named[ARM]], np.int64)
    return Reports(named, codes, days, lots)


def _row(place: Place | None, row: int) -> Place | None:
    """The line of a row of a text table: the headings stand in the first."""
    return None if place is None else Place(place.path, row + HEADINGS)


def _days(column: pl.Series, declaration: Declaration, place: Place | None) -> tuple[date, ...]:
    found: list[date] = []
    for row, cell in enumerate(column.cast(pl.String).to_list()):
        try:
            day = date.fromisoformat(str(cell)[:10])
        except ValueError:
            problem = f"expected a day such as 2026-01-31, found '{cell}'"
            raise PilotError(problem, _row(place, row)) from None
        if found and day < found[-1]:
            problem = f"expected dates in order, found {day} after {found[-1]}"
            raise PilotError(problem, _row(place, row), "what is peeked at must come as it came")
        if not declaration.start <= day <= declaration.end:
            problem = f"expected a day from {declaration.start} to {declaration.end}, found {day}"
            raise PilotError(problem, _row(place, row))
        found.append(day)
    return tuple(found)


def _arms(table: pl.DataFrame, assigned: pl.DataFrame, place: Place | None) -> list[str]:
    known = dict(zip(assigned[ID].cast(pl.String).to_list(), assigned[ARM].to_list(), strict=True))
    said = table[ARM].cast(pl.String).to_list() if ARM in table.columns else [None] * table.height
    seen: set[str] = set()
    found: list[str] = []
    for row, (name, arm) in enumerate(zip(table[ID].cast(pl.String).to_list(), said, strict=True)):
        if name not in known:
            raise PilotError(f"expected a unit of the pilot, found '{name}'", _row(place, row))
        if name in seen:
            raise PilotError(f"expected one report of each unit, found a second of '{name}'", _row(place, row))
        if arm is not None and arm != known[name]:
            problem = f"expected '{name}' in arm '{known[name]}', where it was assigned, found '{arm}'"
            raise PilotError(problem, _row(place, row))
        seen.add(name)
        found.append(known[name])
    return found


def _refuse_outside(declaration: Declaration, table: pl.DataFrame, place: Place | None) -> None:
    """Bets on a number in a range are void where it leaves it."""
    ranges = {one.column: one.between for one in declaration.guardrails}
    if declaration.outcome.between is not None:
        ranges[declaration.outcome.column] = declaration.outcome.between
    for name, (low, high) in ranges.items():
        column = table[name].cast(pl.Float64, strict=False)
        outside = ((column < low) | (column > high)).fill_null(False)
        if outside.any():
            at = int(outside.arg_true()[0])
            problem = f"expected '{name}' between {low:g} and {high:g} as declared, found {column[at]:g}"
            raise PilotError(problem, _row(place, at))


def looks(declaration: Declaration, reports: Reports) -> list[Look]:
    """What was known after each day with reports; stop rules are tried after every arrival of it."""
    control, treated = declaration.arms[0], declaration.arms[1]
    own = reports.arm <= 1
    y = reports.table[declaration.outcome.column].cast(pl.Float64).to_numpy()[own]
    d = reports.arm[own].astype(np.float64)
    share = treated.share / (treated.share + control.share)
    interval, effect = _effect(declaration, y, d, share, reports.lots)
    place = np.maximum(np.cumsum(own) - 1, 0)
    evidence = {"effect": _largest(np.where(np.cumsum(own) > 0, effect[place], 1.0) if len(effect) else effect)}
    evidence["ratio"] = _largest(ratio_evidence(reports.arm, [one.share for one in declaration.arms]))
    for one in declaration.guardrails:
        evidence[one.id] = _largest(_guard(declaration, one, reports))
    found: list[Look] = []
    for last in _ends_of_days(reports.days):
        now = int(np.cumsum(own)[last]) - 1
        low, high = (-np.inf, np.inf) if now < 0 else (float(interval.low[now]), float(interval.high[now]))
        counted = np.bincount(reports.arm[: last + 1], minlength=len(declaration.arms))
        told = {name: float(values[last]) for name, values in evidence.items()}
        found.append(
            Look(
                day=reports.days[last],
                arrivals={arm.id: int(count) for arm, count in zip(declaration.arms, counted, strict=True)},
                estimate=_difference(y[: now + 1], d[: now + 1]),
                low=low,
                high=high,
                evidence=told,
                fired=_fired(declaration, told, low, high),
            )
        )
    return found


def _effect(declaration: Declaration, y: Floats, d: Floats, share: float, sharpest: int) -> tuple[Sequence, Floats]:
    """The interval of the effect after each arrival, and the evidence against there being none."""
    between, alpha = declaration.outcome.between, declaration.alpha
    terms = effect_terms(y, d, share, between)
    if between is None:
        return asymptotic_sequence(terms, alpha, sharpest), asymptotic_evidence(terms, 0.0, alpha, sharpest)
    ends = terms_range(between, share)
    return betting_sequence(terms, ends, alpha), two_sided_evidence(terms, ends, 0.0, alpha)


def _guard(declaration: Declaration, one: Guardrail, reports: Reports) -> Floats:
    """The evidence against a guardrail's being kept after each arrival; an arrival that it does not read adds none."""
    column = reports.table[one.column].cast(pl.Float64, strict=False).fill_null(np.nan).to_numpy()
    place = [arm.id for arm in declaration.arms].index(one.arm)
    there = ~np.isnan(column)
    if one.kind == "harm":
        read = there & ((reports.arm == 0) | (reports.arm == place))
        treated, control = declaration.arms[place].share, declaration.arms[0].share
        share = treated / (treated + control)
        d = (reports.arm[read] == place).astype(np.float64)
        terms = effect_terms(column[read], d, share, one.between)
        side, bound = ("below", -one.bound) if one.better == "more" else ("above", one.bound)
        found = betting_evidence(terms, terms_range(one.between, share), bound, side, one.alpha)
    else:
        read = there & (reports.arm == place)
        units = declaration.units.size * declaration.arms[place].share
        bound = one.bound if one.kind == "rate" else one.bound / units
        found = betting_evidence(column[read], one.between, bound, "above", one.alpha)
    count = np.cumsum(read)
    return np.where(count > 0, np.concatenate([[1.0], found])[count], 1.0)


def _largest(evidence: Floats) -> Floats:
    return np.maximum.accumulate(evidence)


def _ends_of_days(days: tuple[date, ...]) -> list[int]:
    return [at for at, day in enumerate(days) if at + 1 == len(days) or days[at + 1] != day]


def _difference(y: Floats, d: Floats) -> float:
    if not (d == 1.0).any() or not (d == 0.0).any():
        return float("nan")
    return float(y[d == 1.0].mean() - y[d == 0.0].mean())


def _fired(declaration: Declaration, evidence: Mapping[str, float], low: float, high: float) -> tuple[str, ...]:
    """The stop rules that have spoken: evidence past its level, an interval that leaves nothing open."""
    levels = {one.id: one.alpha for one in declaration.guardrails} | {"ratio": RATIO_ALPHA}
    worthwhile = declaration.smallest_worthwhile
    best = high if declaration.outcome.better == "more" else -low
    fired = {name for name, alpha in levels.items() if evidence[name] >= 1.0 / alpha}
    if low > 0.0 or high < 0.0:
        fired.add("found")
    if best < worthwhile:
        fired.add("futile")
    return tuple(one.on for one in declaration.stop if one.on in fired)
