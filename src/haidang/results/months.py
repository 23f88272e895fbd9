"""A run's outcomes month by month, for models whose period is a month."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from haidang.results.manifest import Outcome
from haidang.results.points import Grid, Points, points, yearly_points
from haidang.results.run import Run

Month = tuple[int, int]
"""Year and month."""


@dataclass(frozen=True, slots=True)
class MonthlyPath:
    """An outcome of the whole population in one scenario, month by month, and its mean month."""

    months: tuple[Month, ...]
    values: tuple[Points, ...]
    mean: Points


def has_months(run: Run) -> bool:
    """Whether the run tells its outcomes month by month."""
    return not run.table("periods").is_empty()


def monthly_path(run: Run, scenario: str, outcome: Outcome) -> MonthlyPath | None:
    """An outcome by month; a mean is divided by the units of the month. None where the run does not tell it."""
    found = _grid(run, scenario, outcome.id)
    if found is None:
        return None
    months, grid = found
    if outcome.kind == "mean":
        units = _grid(run, scenario, run.manifest.roles.units)
        if units is None or units[0] != months or not (units[1] > 0).all():
            return None
        grid = grid / units[1]
    return MonthlyPath(months, yearly_points(grid), points(grid.mean(axis=1)))


def _grid(run: Run, scenario: str, outcome: str) -> tuple[tuple[Month, ...], Grid] | None:
    rows = run.table("periods").filter((pl.col("scenario") == scenario) & (pl.col("outcome") == outcome))
    if rows.is_empty():
        return None
    months = tuple(sorted({(year, month) for year, month in rows.select("year", "month").iter_rows()}))
    place = {month: index for index, month in enumerate(months)}
    grid = np.zeros((run.manifest.draws, len(months)))
    columns = np.array([place[year, month] for year, month in rows.select("year", "month").iter_rows()])
    np.add.at(grid, (rows["draw"].to_numpy(), columns), rows["value"].to_numpy())
    return months, grid
