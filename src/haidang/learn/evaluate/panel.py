"""A panel of units and periods as one matrix, or a named mistake."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.learn.evaluate.columns import Codes, Labels, Numbers, binary, labels, outcomes, series
from haidang.learn.evaluate.mistakes import (
    DuplicateError,
    HoleError,
    OneArmError,
    PeriodError,
    TurnsOffError,
    at,
    listed,
)

NEVER = -1
"""The start of a unit that is never treated."""


@dataclass(frozen=True, slots=True)
class Panel:
    """A balanced panel.

    Args:
        outcome: shape (units, periods).
        units: their names, in sorted order.
        periods: consecutive whole numbers, ascending.
        rows: the table's row of each cell, shape (units, periods).
    """

    outcome: Numbers
    units: tuple[object, ...]
    periods: tuple[int, ...]
    rows: NDArray[np.int64]


def read_panel(table: pl.DataFrame, outcome: str, unit: str, period: str) -> Panel:
    """The panel of a table with one row for each unit and period.

    Raises:
        ColumnError: a column is not there or not of numbers.
        MissingError: a cell is empty.
        NoVariationError: the outcome is the same everywhere.
        PeriodError: periods are not whole numbers, leave some out, or run backwards within a unit.
        DuplicateError: a unit has a period twice.
        HoleError: a unit lacks a period.
    """
    values = outcomes(table, outcome)
    who = labels(table, unit)
    when = _periods(table, period)
    first = int(when.min())
    count = int(when.max()) - first + 1
    cell = who.codes * count + (when - first)
    _once(cell, who, when, unit)
    if cell.size < who.count * count:
        place = int(np.setdiff1d(np.arange(who.count * count), cell)[0])
        short = who.count * count - cell.size
        raise HoleError(
            f"expected each unit in each of {count} periods, found {short:,} holes,"
            f" the first at unit {who.names[place // count]}, period {first + place % count}",
            at(unit),
            "find those rows, or keep only units or periods that are whole and say so",
        )
    _forward(who, when, unit, period)
    rows = np.argsort(cell, kind="stable").reshape(who.count, count)
    return Panel(values[rows], who.names, tuple(range(first, first + count)), rows)


def read_starts(table: pl.DataFrame, panel: Panel, treated: str, period: str) -> Codes:
    """The place of each unit's first treated period among the panel's, `NEVER` where there is none.

    Args:
        table: the panel's table.
        panel: as read from it.
        treated: column of 0 and 1, one where the unit is under treatment in the period.
        period: the column of periods, for what an error says.

    Raises:
        ColumnError: another value than 0 and 1.
        TurnsOffError: a treatment ends again.
        OneArmError: all are treated from the first period, or nobody ever.
    """
    on = binary(table, treated)[panel.rows]
    off = np.argwhere(np.diff(on, axis=1) < 0.0)
    if off.size:
        unit, place = (int(one) for one in off[0])
        raise TurnsOffError(
            f"expected a treatment that stays, found it ending at unit {panel.units[unit]},"
            f" {period} {panel.periods[place + 1]}",
            at(treated),
            "these estimators know a first period of treatment only",
        )
    if not on.any():
        raise OneArmError("expected treated units, found nobody treated", at(treated))
    return np.where(on.any(axis=1), on.argmax(axis=1), NEVER).astype(np.int64)


def read_cohorts(table: pl.DataFrame, panel: Panel, first_treated: str) -> Codes:
    """The place of each unit's first treated period, from a column that names it; empty is never.

    Raises:
        ColumnError: no such column.
        PeriodError: a start is not a whole number, differs within a unit, or lies outside the periods seen.
        OneArmError: nobody is ever treated.
    """
    found = table[first_treated] if first_treated in table.columns else series(table, first_treated)
    if not (found.dtype.is_integer() or _whole(found)):
        raise PeriodError(f"expected whole numbers, empty for never, found {found.dtype}", at(first_treated))
    start = found.cast(pl.Int64).fill_null(np.iinfo(np.int64).max).to_numpy()[panel.rows]
    moved = np.flatnonzero(start.min(axis=1) != start.max(axis=1))
    if moved.size:
        raise PeriodError(
            f"expected one start for a unit, found {listed('several at units', [panel.units[i] for i in moved])}",
            at(first_treated),
        )
    one = start[:, 0]
    known = one < np.iinfo(np.int64).max
    odd = np.flatnonzero(known & ((one < panel.periods[0]) | (one > panel.periods[-1])))
    if odd.size:
        raise PeriodError(
            f"expected a start in {panel.periods[0]}..{panel.periods[-1]}, found {one[odd[0]]}"
            f" at {listed('units', [panel.units[i] for i in odd])}",
            at(first_treated),
            "leave it empty for a unit that was not treated in the years seen",
        )
    if not known.any():
        raise OneArmError("expected treated units, found nobody treated", at(first_treated))
    return np.where(known, one - panel.periods[0], NEVER).astype(np.int64)


def _periods(table: pl.DataFrame, name: str) -> Codes:
    found = series(table, name)
    if not (found.dtype.is_integer() or _whole(found)):
        raise PeriodError(
            f"expected periods counted by whole numbers, found {found.dtype}",
            at(name),
            "number the years, quarters or months one after another",
        )
    when = found.cast(pl.Int64).to_numpy()
    seen = np.unique(when)
    gaps = np.flatnonzero(np.diff(seen) > 1)
    if gaps.size:
        missing = [f"{seen[i] + 1}" + (f"..{seen[i + 1] - 1}" if seen[i + 1] - seen[i] > 2 else "") for i in gaps]
        raise PeriodError(
            f"expected each period from {seen[0]} to {seen[-1]}, {listed('none at', missing)}",
            at(name),
            "a lead or a lag is counted in periods: number them without gaps",
        )
    if seen.size < 2:
        raise PeriodError(f"expected at least two periods, found {seen.size}", at(name))
    return when.astype(np.int64)


def _whole(found: pl.Series) -> bool:
    """Whether floating-point numbers are all whole, as files without a type for integers write them."""
    return found.dtype.is_float() and bool((found.drop_nulls() == found.drop_nulls().round()).all())


def _once(cell: Codes, who: Labels, when: Codes, unit: str) -> None:
    _, place, counts = np.unique(cell, return_index=True, return_counts=True)
    twice = place[counts > 1]
    if twice.size:
        named = [f"({who.names[who.codes[i]]}, {when[i]})" for i in twice]
        raise DuplicateError(f"expected one row for a unit and a period, {listed('found more for', named)}", at(unit))


def _forward(who: Labels, when: Codes, unit: str, period: str) -> None:
    """A unit's rows run forward in time: rows out of order are often rows with the wrong date."""
    order = np.argsort(who.codes, kind="stable")
    back = (np.diff(when[order]) < 0) & (np.diff(who.codes[order]) == 0)
    if back.any():
        row = int(order[int(np.flatnonzero(back)[0]) + 1])
        raise PeriodError(
            f"expected a unit's rows in the order of time, found row {row + 1}"
            f" (unit {who.names[who.codes[row]]}, {when[row]}) after a later one",
            at(period),
            f"where the dates are right, sort the table by {unit} and {period} first",
        )
