"""What a model's market did: its price, what changed hands, and what found no other side.

An order of sale that nobody took is a surplus, a bid that nobody met a shortage. Prices and quantities are in the
market's own units.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.results.points import Draws, Grid, Points, yearly_points
from haidang.results.run import Run

Period = tuple[int, int]
"""Year and month."""


@dataclass(frozen=True, slots=True)
class MarketPath:
    """A scenario's market by period, and by year.

    `floor` and `ceiling` are the bounds of each period, none where there is no such bound or it is not told; `at_floor`
    and `at_ceiling` are the shares of draws and periods with orders in which the price stands there. By year: the mean
    price of its periods, the sum traded, and offers less bids left over in its last period (`surplus`; a shortage is
    below zero).
    """

    periods: tuple[Period, ...]
    prices: tuple[Points, ...]
    floor: tuple[float | None, ...]
    ceiling: tuple[float | None, ...]
    at_floor: float | None
    at_ceiling: float | None
    years: tuple[int, ...]
    price: tuple[Points, ...]
    traded: tuple[Points, ...]
    surplus: tuple[Points, ...]
    last_price: Draws = field(compare=False)
    mean_price: Draws = field(compare=False)
    all_traded: Draws = field(compare=False)
    last_surplus: Draws = field(compare=False)


@lru_cache(maxsize=32)
def market_path(run: Run, scenario: str) -> MarketPath | None:
    """The market of a scenario; none where the run has none, or nobody in it bids or offers."""
    rows = run.table("markets").filter(pl.col("scenario") == scenario)
    if rows.is_empty() or not rows.select((pl.col("bid") > 0) | (pl.col("offered") > 0)).to_series().any():
        return None
    periods = tuple(sorted({(year, month) for year, month in rows.select("year", "month").iter_rows()}))
    price, bid, offered, traded, floor, ceiling = (
        _grid(run, rows, periods, name) for name in ("price", "bid", "offered", "traded", "floor", "ceiling")
    )
    years = tuple(sorted({year for year, _ in periods}))
    own = [[place for place, (year, _) in enumerate(periods) if year == one] for one in years]
    yearly_price = np.stack([price[:, places].mean(axis=1) for places in own], axis=1)
    yearly_traded = np.stack([traded[:, places].sum(axis=1) for places in own], axis=1)
    left = (offered - traded) - (bid - traded)
    yearly_left = np.stack([left[:, places[-1]] for places in own], axis=1)
    ordered = (bid > 0) | (offered > 0)
    return MarketPath(
        periods, yearly_points(price), _bounds(floor), _bounds(ceiling), _stands(price, floor, ordered),
        _stands(price, ceiling, ordered), years, yearly_points(yearly_price), yearly_points(yearly_traded),
        yearly_points(yearly_left), yearly_price[:, -1], yearly_price.mean(axis=1), yearly_traded.sum(axis=1),
        yearly_left[:, -1],
    )  # fmt: skip


def _grid(run: Run, rows: pl.DataFrame, periods: tuple[Period, ...], column: str) -> Grid:
    """Draws by periods; NaN where nothing is told."""
    place = {period: index for index, period in enumerate(periods)}
    grid = np.full((run.manifest.draws, len(periods)), np.nan)
    columns = [place[year, month] for year, month in rows.select("year", "month").iter_rows()]
    grid[rows["draw"].to_numpy(), columns] = rows[column].cast(pl.Float64).to_numpy()
    return grid


def _bounds(grid: Grid) -> tuple[float | None, ...]:
    """The middle draw's bound of each period, none where it is not told or so far away that it bounds nothing."""
    told = (grid[:, column] for column in range(grid.shape[1]))
    middle = [float(np.median(each)) if np.isfinite(each).all() else np.inf for each in told]
    return tuple(value if abs(value) < 1e15 else None for value in middle)


def _stands(price: Grid, bound: Grid, ordered: NDArray[np.bool_]) -> float | None:
    """The share of draws and periods with orders in which the price stands at its bound."""
    told = np.isfinite(bound) & ordered
    if not told.any():
        return None
    return float((np.abs(price - bound)[told] <= 1e-9 * np.maximum(1.0, np.abs(bound[told]))).mean())
