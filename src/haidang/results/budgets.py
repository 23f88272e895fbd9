"""What a programme's budgets paid out, and how much of its capacities was used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import polars as pl

from haidang.results.compare import Ratio
from haidang.results.manifest import BudgetLine, Feed
from haidang.results.points import Draws, Grid, Points, points, yearly_points
from haidang.results.run import Run

Kind = Literal["budget", "capacity"]


@dataclass(frozen=True, slots=True)
class MoneyUsed:
    """What a programme's budgets of one resource paid out, by year and since the first year.

    `line` is the sum of the instruments' bounds over the horizon, none where one is unbounded or fed by another
    programme; `fed` holds what such a budget had in each draw, and `feeds` where it came from. `exhausted` is the share
    of draws in which the line is spent (of a revolving line: in which a year spends all that it has).
    """

    scenario: str
    resource: str
    years: tuple[int, ...]
    spent: tuple[Points, ...]
    cumulative: tuple[Points, ...]
    total: Draws
    line: float | None
    share: Ratio
    exhausted: float
    revolving: bool
    feeds: tuple[Feed, ...] = ()
    fed: Draws | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class CapacityUsed:
    """How much of a capacity was used and how much of what was asked for was refused, by year and over the horizon.

    Amounts are in the resource's unit, summed over the places and periods of the year; a refused unit may have asked
    more than once. `by` names the columns whose every combination has its own capacity.
    """

    resource: str
    by: tuple[str, ...]
    years: tuple[int, ...]
    available: tuple[Points, ...]
    used: tuple[Points, ...]
    used_share: tuple[Points, ...]
    total: Draws
    share: Ratio
    refused: tuple[Points, ...]
    refused_share: Ratio
    share_draws: Draws = field(compare=False)
    refused_draws: Draws = field(compare=False)


def money_used(run: Run, scenario: str, resource: str) -> MoneyUsed:
    """What the scenario's budgets of a resource paid out, against their line."""
    years = run.manifest.years
    spent, available = (_grid(run, scenario, resource, column) for column in ("spent", "available"))
    lines = _lines(run, scenario, "budget", resource)
    bounds = [bound(run, each) for each in lines]
    line = sum(each for each in bounds if each is not None) if lines and None not in bounds else None
    feeds = tuple(dict.fromkeys(each.fed_by for each in lines if each.fed_by is not None))
    revolving = any(line.revolving for line in lines)
    total = spent.sum(axis=1)
    # What stands there in the last year and what was spent before it is all that there ever was.
    fed = available[:, -1] + spent[:, :-1].sum(axis=1) if feeds and not revolving else None
    if revolving or feeds:
        full = ((spent >= 0.995 * available) & (available > 0)).any(axis=1)
    else:
        full = total >= 0.995 * line if line else np.zeros(len(total), bool)
    share = Ratio(points(total / line)) if line else Ratio(None, "no_line")
    if fed is not None:
        filled = fed > 0
        share = Ratio(points(total[filled] / fed[filled])) if filled.any() else Ratio(None, "zero")
    return MoneyUsed(
        scenario, resource, years, yearly_points(spent), yearly_points(spent.cumsum(axis=1)), total, line, share,
        float(full.mean()), revolving, feeds, fed,
    )  # fmt: skip


def capacity_used(run: Run, scenario: str, resource: str) -> CapacityUsed:
    """How much of a scenario's capacity of a resource was used."""
    asked, spent, available, refused, applied = (
        _grid(run, scenario, resource, column, "capacity")
        for column in ("requested", "spent", "available", "refused", "applicants")
    )
    by = tuple(dict.fromkeys(name for line in _lines(run, scenario, "capacity", resource) for name in line.by))
    each = np.divide(spent, available, out=np.zeros_like(spent), where=available > 0)
    whole = available.sum(axis=1)
    used = np.divide(spent.sum(axis=1), whole, out=np.zeros_like(whole), where=whole > 0)
    turned = np.divide(
        refused.sum(axis=1), applied.sum(axis=1), out=np.zeros(len(whole)), where=applied.sum(axis=1) > 0
    )
    return CapacityUsed(
        resource, by, run.manifest.years, yearly_points(available), yearly_points(spent), yearly_points(each),
        spent.sum(axis=1), Ratio(points(used)) if whole.any() else Ratio(None, "no_line"), yearly_points(refused),
        Ratio(points(turned)) if asked.any() or applied.any() else Ratio(None, "no_users"), used, turned,
    )  # fmt: skip


def resources(run: Run, scenario: str, kind: Kind = "budget") -> tuple[str, ...]:
    """The resources of a scenario's budgets, or of its capacities; the one with the most to give first."""
    rows = run.table("budgets").filter(pl.col("scenario") == scenario)
    size: dict[str, float] = {}
    for (instrument, resource), own in rows.partition_by(["instrument", "resource"], as_dict=True).items():
        if _kind(run, scenario, str(instrument), str(resource)) == kind:
            size[str(resource)] = size.get(str(resource), 0.0)
            if _feeds(run, scenario, str(instrument), str(resource)):
                size[str(resource)] += float(own.filter(pl.col("year") == pl.col("year").max())["available"].mean())  # pyright: ignore[reportArgumentType]
    for line in run.manifest.budgets:
        if line.scenario == scenario and line.kind == kind:
            size[line.resource] = size.get(line.resource, 0.0) + (bound(run, line) or 0.0)
    return tuple(sorted(size, key=lambda resource: (-size[resource], resource)))


def requested(run: Run, scenario: str, resource: str) -> Draws:
    """What units asked of a resource's budgets over the horizon, in its unit, per draw."""
    return _grid(run, scenario, resource, "requested").sum(axis=1)


def refused(run: Run, scenario: str, resource: str) -> Draws:
    """Weighted applications for a resource's budgets that were refused over the horizon, per draw."""
    return _grid(run, scenario, resource, "refused").sum(axis=1)


def bound(run: Run, line: BudgetLine) -> float | None:
    """What a budget may give over the horizon: its total, or its tranches of the years in which it runs if less."""
    if line.per_year is None or line.fed_by is not None:
        return line.line
    running = run.manifest.years if line.years is None else line.years
    tranches = line.per_year * len(running)
    return tranches if line.line is None else min(line.line, tranches)


def _lines(run: Run, scenario: str, kind: Kind, resource: str) -> list[BudgetLine]:
    return [
        line
        for line in run.manifest.budgets
        if line.scenario == scenario and line.resource == resource and line.kind == kind
    ]


def _kind(run: Run, scenario: str, instrument: str, resource: str) -> Kind:
    """What the rows of an instrument and resource come from; a budget where it has both, or the manifest is silent."""
    kinds = {
        line.kind
        for line in run.manifest.budgets
        if (line.scenario, line.instrument, line.resource) == (scenario, instrument, resource)
    }
    return "capacity" if kinds == {"capacity"} else "budget"


def _feeds(run: Run, scenario: str, instrument: str, resource: str) -> bool:
    return any(
        line.fed_by is not None
        for line in run.manifest.budgets
        if (line.scenario, line.instrument, line.resource) == (scenario, instrument, resource)
    )


def _grid(run: Run, scenario: str, resource: str, column: str, kind: Kind = "budget") -> Grid:
    """A column of the budgets' table summed over the instruments of one kind, draws by years."""
    place = {year: index for index, year in enumerate(run.manifest.years)}
    rows = run.table("budgets").filter((pl.col("scenario") == scenario) & (pl.col("resource") == resource))
    own = [name for name in rows["instrument"].unique().to_list() if _kind(run, scenario, name, resource) == kind]
    rows = rows.filter(pl.col("instrument").is_in(own))
    grid = np.zeros((run.manifest.draws, len(place)))
    columns = rows["year"].replace_strict(place, return_dtype=pl.Int32).to_numpy()
    np.add.at(grid, (rows["draw"].to_numpy(), columns), rows[column].to_numpy().astype(np.float64))
    return grid
