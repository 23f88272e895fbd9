"""Where an analysis departs from what was registered: found by comparing, not by asking."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl

from haidang.learn.pilot.assign import ARM, ID
from haidang.learn.pilot.declaration import Declaration
from haidang.learn.pilot.registration import Registered


@dataclass(frozen=True, slots=True)
class Deviation:
    """A departure from the plan: the key of its words, and what they are filled with."""

    what: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is about to be analysed.

    Args:
        outcome: the column taken as outcome.
        estimator: the estimator used.
        covariates: what it adjusts for.
        day: when the analysis is made.
        without_lost: whether units with a missing outcome are left out where nothing bounds what that can do.
    """

    outcome: str
    estimator: str
    covariates: tuple[str, ...]
    day: date
    without_lost: bool = False


def deviations(
    declaration: Declaration,
    registered: Registered,
    analysis: Analysis,
    data: pl.DataFrame,
    assigned: pl.DataFrame,
    drawn_by: str | None = None,
) -> tuple[Deviation, ...]:
    """Every departure of an analysis and its data from the registered plan.

    Args:
        declaration: the pilot as registered.
        registered: its register.
        analysis: what is about to be done.
        data: the units as they came, with `id`, and with `arm` or `date` where these were recorded.
        assigned: the units as they were assigned.
        drawn_by: the hash of the declaration by which the lots were drawn; that in force unless given.
    """
    found: list[Deviation] = []
    after = registered.after(drawn_by or registered.declaration_hash)
    for one in registered.amendments:
        keys = ", ".join(each.key for each in one.changes)
        late = "amended_late" if one.day > declaration.start else "amended_after_lots" if one in after else "amended"
        found.append(Deviation(late, {"day": one.day.isoformat(), "keys": keys, "reason": one.reason}))
    if registered.day > declaration.start:
        values = {"day": registered.day.isoformat(), "start": declaration.start.isoformat()}
        found.append(Deviation("registered_late", values))
    found += _of_the_analysis(declaration, analysis)
    found += _of_the_units(data, assigned)
    if analysis.day < declaration.end:
        values = {"day": analysis.day.isoformat(), "end": declaration.end.isoformat()}
        found.append(Deviation("analysed_early", values))
    return tuple(found)


def _of_the_analysis(declaration: Declaration, analysis: Analysis) -> list[Deviation]:
    pairs = (
        ("other_outcome", declaration.outcome.column, analysis.outcome),
        ("other_estimator", declaration.estimator, analysis.estimator),
        ("other_covariates", ", ".join(declaration.covariates) or "-", ", ".join(analysis.covariates) or "-"),
    )
    return [Deviation(what, {"planned": one, "used": other}) for what, one, other in pairs if one != other]


def _of_the_units(data: pl.DataFrame, assigned: pl.DataFrame) -> list[Deviation]:
    found: list[Deviation] = []
    here, there = set(data[ID].cast(pl.String).to_list()), set(assigned[ID].cast(pl.String).to_list())
    if there - here:
        values = {"count": str(len(there - here)), "first": min(there - here), "planned": str(len(there))}
        found.append(Deviation("units_lost", values))
    if here - there:
        found.append(Deviation("units_added", {"count": str(len(here - there)), "first": min(here - there)}))
    if ARM in data.columns:
        said = data.select(pl.col(ID).cast(pl.String), pl.col(ARM).cast(pl.String).alias("said"))
        both = said.join(assigned.select(pl.col(ID).cast(pl.String), ARM), on=ID)
        moved = both.filter(pl.col("said") != pl.col(ARM))
        if moved.height:
            found.append(Deviation("arm_changed", {"count": str(moved.height), "first": str(moved[ID][0])}))
    return found
