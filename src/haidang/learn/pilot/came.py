"""What came of a pilot, held against what its analysis reads: each mistake with file, line and column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TypeVar

import polars as pl

from haidang.errors import Place, did_you_mean
from haidang.learn.evaluate.mistakes import EvaluationError
from haidang.learn.monitor.by_cluster import DATE
from haidang.learn.pilot.assign import ARM, HEADINGS, ID
from haidang.learn.pilot.declaration import Declaration, PilotError
from haidang.learn.pilot.deviations import Analysis

PERIOD = "period"
BOUNDED = ("simple", "complete", "stratified", "rerandomised", "cluster", "pairs")
"""The rules under which outcomes may be missing, since the effect of the lot itself can be bounded (Lee 2009)."""
NOT_BOUNDED = "with --without-lost such units are left out, counted, and the report says so"
_TABLE = "the table"
_SHOWN = 5
Given = TypeVar("Given")


def checked_results(
    declaration: Declaration, analysis: Analysis, data: pl.DataFrame, assigned: pl.DataFrame, place: Place | None
) -> pl.DataFrame:
    """The data with numbers where numbers are read; a cell that says "not a number" is an empty one.

    Args:
        declaration: the pilot.
        analysis: what is about to be done.
        data: one row a unit, of a phased pilot one a unit and period.
        assigned: the units with their arms.
        place: the file of the data.

    Raises:
        PilotError: a column is missing or not of numbers, a unit or a unit's period stands twice, a period or who took
            part is not known, a unit's periods run backwards, a day is none or before the pilot's first, or an outcome
            is missing in a design in which that cannot be bounded.
    """
    phased = declaration.assignment.rule == "phased"
    takeup = declaration.assignment.takeup
    known = [*([] if takeup is None else [takeup]), *([PERIOD] if phased else [])]
    for name in (ID, analysis.outcome, *known):
        if name not in data.columns:
            raise PilotError(f"expected the column '{name}', found none", place, did_you_mean(name, data.columns))
    read = data.with_columns(
        pl.col(ID).cast(pl.String), *(_numbers(data, name, place) for name in (analysis.outcome, *known))
    )
    key = [ID, PERIOD] if phased else [ID]
    again = read.select(pl.struct(key).is_first_distinct()).to_series().not_().arg_true()
    if len(again):
        at = int(again[0])
        what = f"each unit once in a {PERIOD}" if phased else "each unit once"
        raise PilotError(f"expected {what}, found '{read[ID][at]}' again", _cell(place, at, ID))
    own = read.with_row_index("row").filter(pl.col(ID).is_in(assigned[ID].cast(pl.String).implode()))
    if DATE in read.columns:
        _refuse_before(own, declaration.start, place)
    beside = [name for name in analysis.covariates if name in data.columns and name not in assigned.columns]
    for name in (*known, *beside):
        _refuse_empty(own, name, place, None)
    if phased:
        _refuse_backwards(own, place)
    if declaration.assignment.rule not in BOUNDED:
        if analysis.without_lost:
            return _whole(read, analysis.outcome, key)
        hint = f"nothing bounds what that can hide here: {NOT_BOUNDED}"
        _refuse_empty(own, analysis.outcome, place, hint)
        _refuse_absent(own, assigned, analysis.outcome, place, hint)
    return read


def _whole(read: pl.DataFrame, outcome: str, key: Sequence[str]) -> pl.DataFrame:
    """The rows of the units whose outcome is known, in every period that anybody has."""
    there = read.filter(pl.col(outcome).is_not_null())
    periods = 1 if len(key) == 1 else there[PERIOD].n_unique()
    return there.filter(pl.len().over(ID) == periods)


def _numbers(data: pl.DataFrame, name: str, place: Place | None) -> pl.Series:
    column = data[name]
    if column.dtype == pl.Boolean or column.dtype.is_numeric():
        found = column.cast(pl.Float64)
        return found.fill_nan(None) if name != PERIOD else found.fill_nan(None).cast(pl.Int64, strict=False)
    found = column.cast(pl.String).str.strip_chars().cast(pl.Float64, strict=False)
    odd = (found.is_null() & column.is_not_null()).arg_true()
    if len(odd):
        at = int(odd[0])
        raise PilotError(f"expected a number, found '{column[at]}'", _cell(place, at, name))
    return found.fill_nan(None).alias(name)


def _refuse_empty(own: pl.DataFrame, name: str, place: Place | None, hint: str | None) -> None:
    empty = own.filter(pl.col(name).is_null())
    if not empty.height:
        return
    units = ", ".join(f"'{one}'" for one in empty[ID].head(_SHOWN))
    more = f" and {empty.height - _SHOWN} more" if empty.height > _SHOWN else ""
    problem = f"expected '{name}' of every unit, found none of {units}{more}"
    raise PilotError(problem, _cell(place, int(empty["row"][0]), name), hint)


def _refuse_absent(own: pl.DataFrame, assigned: pl.DataFrame, name: str, place: Place | None, hint: str) -> None:
    absent = sorted(set(assigned[ID].cast(pl.String).to_list()) - set(own[ID].to_list()))
    if absent:
        shown = ", ".join(f"'{one}'" for one in absent[:_SHOWN])
        more = f" and {len(absent) - _SHOWN} more" if len(absent) > _SHOWN else ""
        problem = f"expected a row with '{name}' for every unit that was assigned, found none for {shown}{more}"
        raise PilotError(problem, place, hint)


def _refuse_backwards(own: pl.DataFrame, place: Place | None) -> None:
    """A unit's rows run forward in time: rows out of order are often rows with the wrong period."""
    back = own.filter(pl.col(PERIOD) < pl.col(PERIOD).shift(1).over(ID))
    if back.height:
        unit, period, row = back[ID][0], back[PERIOD][0], int(back["row"][0])
        problem = f"expected a unit's rows in the order of time, found {period} of '{unit}' below a later one"
        raise PilotError(problem, _cell(place, row, PERIOD), f"where the periods are right, sort the table by {PERIOD}")


def _refuse_before(own: pl.DataFrame, start: date, place: Place | None) -> None:
    """An outcome is measured after the lot, on a day."""
    for row, cell in own.select("row", pl.col(DATE).cast(pl.String)).iter_rows():
        try:
            day = date.fromisoformat(str(cell)[:10])
        except ValueError:
            raise PilotError(f"expected a day such as 2026-01-31, found '{cell}'", _cell(place, row, DATE)) from None
        if day < start:
            problem = f"expected an outcome of a day from the pilot's first on, {start}, found one of {day}"
            raise PilotError(problem, _cell(place, row, DATE))


def _cell(place: Place | None, row: int, column: str) -> Place | None:
    """The line of a row of a text table, whose headings stand in the first, and its column."""
    return None if place is None else Place(place.path, row + HEADINGS, column)


def in_their_files(
    work: Callable[[], Given], declaration: Declaration, assigned: pl.DataFrame, data: Place | None, arms: Place | None
) -> Given:
    """The result of a computation on the joined table, its mistakes placed in the file that has their column.

    Raises:
        EvaluationError: as the computation, with the file in the place of "the table".
    """
    try:
        return work()
    except EvaluationError as mistake:
        place = mistake.place
        if place is None or place.path != _TABLE or data is None:
            raise
        strata = "/".join(declaration.units.strata)
        column = {"treated": ARM, "stratum": strata, "first_treated": ARM}.get(str(place.key), place.key)
        # A column of words is read as one for each word, named after both; ids stand in both files.
        own = str(column).partition(": ")[0]
        here = arms if arms is not None and own in {*assigned.columns, strata} - {ID} else data
        raise type(mistake)(mistake.problem, Place(here.path, key=column), mistake.hint) from None
