"""Scenarios against the baseline, draw by draw.

Every scenario of a run sees the same draws, so an effect is a difference within a draw, and its interval is that of the
differences: the chance that moves both scenarios alike cancels. All money is VND, all points are over draws.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.results.manifest import Outcome
from haidang.results.points import Draws, Grid, Points, points, yearly_points
from haidang.results.run import Run

ALL = "all"
CLEAR = 0.005
"""Two designs differ in a draw where the difference is more than this part of the larger; the rest is rounding."""
Undefined = Literal["zero", "negative", "no_users", "no_line", "not_recorded", "no_eligible"]


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio over draws, or the reason why there is none.

    `zero`: the denominator's 90 % interval includes zero. `negative`: it lies below zero. The rest: there is nothing to
    divide, because nobody used, nobody is eligible, no line bounds the money, or the model does not record it.
    """

    points: Points | None
    undefined: Undefined | None = None


@dataclass(frozen=True, slots=True)
class Chance:
    """The shares of draws in which one design does better than another, and in which the two do the same."""

    better: float
    same: float


@dataclass(frozen=True, slots=True)
class Additionality:
    """What users of a programme had over the horizon, split by what they would have had without it.

    `additional` and `deadweight` are in the outcome's unit. `additional_share` and `deadweight_share` are ratios to the
    users' whole outcome, per draw, over draws with users; `with_users` is the share of draws that have any.
    """

    additional: Points
    deadweight: Points
    additional_share: Ratio
    deadweight_share: Ratio
    with_users: float


def totals(run: Run, scenario: str, outcome: str, by: str = ALL, group: str = ALL) -> Grid:
    """Weighted sums of an outcome, draws by years; zero where the run has no row.

    Raises:
        UnknownNameError: the run has no such scenario or outcome.
    """
    run.scenario(scenario)
    run.outcome(outcome)
    found = _grids(run).get((scenario, outcome, by, ALL if by == ALL else group))
    return np.zeros((run.manifest.draws, len(run.manifest.years))) if found is None else found


def yearly(run: Run, scenario: str, outcome: str, by: str = ALL, group: str = ALL) -> Grid:
    """An outcome per year, draws by years: a sum, or for a mean the sum over the group's weight (NaN if empty)."""
    grid = totals(run, scenario, outcome, by, group)
    if run.outcome(outcome).kind != "mean":
        return grid
    units = totals(run, scenario, run.manifest.roles.units, by, group)
    return np.divide(grid, units, out=np.full_like(grid, np.nan), where=units > 0)


def effect(run: Run, scenario: str, outcome: str, by: str = ALL, group: str = ALL) -> Grid:
    """An outcome minus its baseline in the same draw, draws by years."""
    return _difference(yearly(run, scenario, outcome, by, group), yearly(run, run.baseline.id, outcome, by, group))


def _difference(one: Grid, other: Grid) -> Grid:
    """One minus the other; zero where what is left is no more than the rounding of the two."""
    left = one - other
    return np.where(np.abs(left) <= 1e-13 * np.maximum(np.abs(one), np.abs(other)), 0.0, left)


def over_horizon(outcome: Outcome, grid: Grid) -> Draws:
    """One number per draw: a flow's sum over the years, a stock's or a mean's last year."""
    return grid.sum(axis=1) if outcome.kind == "flow" else grid[:, -1]


def accumulated(outcome: Outcome, grid: Grid) -> Draws:
    """What adds up over the years: as `over_horizon`, but an annual rate held as a stock is summed as well."""
    return grid.sum(axis=1) if outcome.unit.endswith("/year") else over_horizon(outcome, grid)


def horizon_unit(outcome: Outcome) -> str:
    """The unit of `over_horizon`: the sum of a yearly flow is no longer per year."""
    return outcome.unit.removesuffix("/year") if outcome.kind == "flow" else outcome.unit


def horizon_effect(run: Run, scenario: str, outcome: str, by: str = ALL, group: str = ALL) -> Draws:
    """The effect over the horizon, one number per draw."""
    known = run.outcome(outcome)
    return _difference(
        *(over_horizon(known, yearly(run, name, outcome, by, group)) for name in (scenario, run.baseline.id))
    )


def gain(run: Run, scenario: str, outcome: str) -> Draws:
    """What adds up of an effect over the years, in the good direction: less of an outcome of which less is better."""
    known = run.outcome(outcome)
    found = _difference(*(accumulated(known, yearly(run, name, outcome)) for name in (scenario, run.baseline.id)))
    return -found if known.good == "less" else found


def effects(run: Run) -> pl.DataFrame:
    """Points of every effect: scenario, outcome, by, group, year, p5, p25, p50, p75, p95.

    The year is null in the rows that tell the whole horizon. Groups without units are left out.
    """
    rows: list[dict[str, object]] = []
    groups = sorted({(by, group) for _, _, by, group in _grids(run)})
    for scenario in run.programmes:
        for outcome in run.manifest.outcomes:
            for by, group in groups:
                grid = effect(run, scenario.id, outcome.id, by, group)
                if np.isnan(grid).any():
                    continue
                head = {"scenario": scenario.id, "outcome": outcome.id, "by": by, "group": group}
                rows.append({**head, "year": None, **points(over_horizon(outcome, grid)).as_dict()})
                each = zip(run.manifest.years, yearly_points(grid), strict=True)
                rows.extend({**head, "year": year, **year_points.as_dict()} for year, year_points in each)
    texts = {"scenario": pl.String, "outcome": pl.String, "by": pl.String, "group": pl.String, "year": pl.Int32}
    return pl.DataFrame(rows, schema=texts | dict.fromkeys(("p5", "p25", "p50", "p75", "p95"), pl.Float64))


def users(run: Run, scenario: str, outcome: str, by: str = ALL, group: str = ALL) -> tuple[Draws, Draws]:
    """What users of the scenario's instruments had over the horizon, with it and in the baseline, per draw."""
    found = _user_sums(run).get((scenario, outcome, by, ALL if by == ALL else group))
    return found if found is not None else (np.zeros(run.manifest.draws), np.zeros(run.manifest.draws))


def counts_users(run: Run, scenario: str) -> bool:
    """Whether the run counts who used the scenario's instruments: those with a budget or a capacity have users."""
    counted = {key: pair for key, pair in _user_sums(run).items() if key[0] == scenario}
    budgeted = any(line.scenario == scenario for line in run.manifest.budgets)
    return bool(counted) and (budgeted or any(pair[0].any() for pair in counted.values()))


def additionality(run: Run, scenario: str, outcome: str, by: str = ALL, group: str = ALL) -> Additionality:
    """Additional and deadweight parts of an outcome of the users, and their shares."""
    with_it, without = users(run, scenario, outcome, by, group)
    used = with_it > 0
    if used.any():
        share = without[used] / with_it[used]
        additional_share, deadweight_share = Ratio(points(1 - share)), Ratio(points(share))
    else:
        additional_share = deadweight_share = Ratio(None, "no_users")
    return Additionality(
        points(with_it - without), points(without), additional_share, deadweight_share, float(used.mean())
    )


def divisible(run: Run, scenario: str) -> tuple[Outcome, ...]:
    """Outcomes for which additional and deadweight can be told: flows that are good, money of the programme apart."""
    roles = run.manifest.roles
    recorded = {name for own, name, by, _ in _user_sums(run) if own == scenario and by == ALL}
    return tuple(
        outcome
        for outcome in run.manifest.outcomes
        if outcome.id in recorded
        and outcome.kind == "flow"
        and outcome.good == "more"
        and outcome.id not in {roles.cost, roles.private_cost, roles.money, roles.units}
    )


def ratio(numerator: Draws, denominator: Draws) -> Ratio:
    """A ratio per draw and its points; undefined where the denominator's 90 % interval includes zero or is negative.

    A draw that pays and gets nothing counts as infinitely dear, never as missing; a draw that pays nothing and gets
    nothing says nothing about the price and is left out.
    """
    whole = points(denominator)
    if whole.p95 < 0:
        return Ratio(None, "negative")
    if whole.p5 <= 0:
        return Ratio(None, "zero")
    told = (denominator > 0) | (numerator > 0)
    up, down = numerator[told], denominator[told]
    each = np.divide(up, down, out=np.full(len(up), np.inf), where=down > 0)
    if np.isinf(each).any():
        found = np.quantile(each, (0.05, 0.25, 0.5, 0.75, 0.95), method="inverted_cdf")
        return Ratio(Points(*(float(point) for point in found))) if np.isfinite(found).all() else Ratio(None, "zero")
    return Ratio(points(each))


def cost_per(run: Run, scenario: str, outcome: str, cost: str | None = None) -> Ratio:
    """What a unit of gain in an outcome costs the public, per draw, over the horizon; or whoever pays another cost."""
    paid = run.manifest.roles.cost if cost is None else cost
    if not (run.has_outcome(paid) and run.has_outcome(outcome)):
        return Ratio(None, "not_recorded")
    return ratio(cost_over(run, scenario, paid), gain(run, scenario, outcome))


def gain_per_cost(run: Run, scenario: str, outcome: str) -> Ratio:
    """Additional outcome per VND of public cost, per draw: what variants are compared by at equal public cost."""
    if not (run.has_outcome(run.manifest.roles.cost) and run.has_outcome(outcome)):
        return Ratio(None, "not_recorded")
    cost = public_cost(run, scenario)
    if points(cost).p5 <= 0:
        return Ratio(None, "zero")
    told = cost > 0
    return Ratio(points(gain(run, scenario, outcome)[told] / cost[told]))


def public_cost(run: Run, scenario: str) -> Draws:
    """Public cost over the horizon against the baseline, VND per draw; below zero where the public earns."""
    return cost_over(run, scenario, run.manifest.roles.cost)


def cost_over(run: Run, scenario: str, cost: str) -> Draws:
    """An outcome that is a cost, over the horizon against the baseline, per draw."""
    known = run.outcome(cost)
    return _difference(*(accumulated(known, yearly(run, name, cost)) for name in (scenario, run.baseline.id)))


def chance_greater(one: Draws, other: Draws) -> Chance:
    """How often `one` is greater by more than `CLEAR` of the larger, and how often neither is."""
    least = CLEAR * np.maximum(np.abs(one), np.abs(other))
    return Chance(float((one - other > least).mean()), float((np.abs(one - other) <= least).mean()))


def chance_better(run: Run, one: str, other: str, outcome: str) -> Chance:
    """How often, over shared draws, a scenario has the better effect on an outcome over the horizon."""
    gains = horizon_effect(run, one, outcome), horizon_effect(run, other, outcome)
    return chance_greater(*(gains[::-1] if run.outcome(outcome).good == "less" else gains))


def chance_better_per_cost(run: Run, one: str, other: str, outcome: str) -> Chance | None:
    """How often a scenario gains more of an outcome per VND of public cost.

    Cross-multiplied, so that a draw without cost needs no division: a / c > b / d as a d > b c. None where there is
    nothing to compare: the model records no public cost, one of the two costs nothing in most draws, or neither gains.
    """
    if not (run.has_outcome(run.manifest.roles.cost) and run.has_outcome(outcome)):
        return None
    gains = gain(run, one, outcome), gain(run, other, outcome)
    costs = public_cost(run, one), public_cost(run, other)
    if any((cost > 0).mean() <= 0.5 for cost in costs) or all(np.median(each) <= 0 for each in gains):
        return None
    return chance_greater(gains[0] * costs[1], gains[1] * costs[0])


@lru_cache(maxsize=4)
def _grids(run: Run) -> dict[tuple[str, str, str, str], Grid]:
    """All totals as grids of draws by years, by scenario, outcome, by and group."""
    years = {year: column for column, year in enumerate(run.manifest.years)}
    keys, table, part = _parts(run.table("totals"))
    columns = table["year"].replace_strict(years, return_dtype=pl.Int64).to_numpy()
    place = (part * run.manifest.draws + table["draw"].to_numpy()) * len(years) + columns
    sums = _added(table["value"], place, len(keys) * run.manifest.draws * len(years))
    return dict(zip(keys, sums.reshape(len(keys), run.manifest.draws, len(years)), strict=True))


@lru_cache(maxsize=4)
def _user_sums(run: Run) -> dict[tuple[str, str, str, str], tuple[Draws, Draws]]:
    keys, table, part = _parts(run.table("users"))
    place = part * run.manifest.draws + table["draw"].to_numpy()
    own, baseline = (
        _added(table[name], place, len(keys) * run.manifest.draws).reshape(len(keys), run.manifest.draws)
        for name in ("scenario_value", "baseline_value")
    )
    return {key: (own[at], baseline[at]) for at, key in enumerate(keys)}


def _parts(table: pl.DataFrame) -> tuple[list[tuple[str, str, str, str]], pl.DataFrame, NDArray[np.int64]]:
    """The scenarios, outcomes and groups of a table, the table, and of which of them each of its rows is.

    One pass over the whole table: to cut it up took a question for each part, of which a run has hundreds.
    """
    names = ["scenario", "outcome", "by", "group"]
    parts = table.select(names).unique(maintain_order=True)
    rows = table.join(parts.with_row_index("part"), on=names, how="left", nulls_equal=True, maintain_order="left")
    keys = [(one, outcome, by, ALL if by == ALL else group) for one, outcome, by, group in parts.iter_rows()]
    return keys, rows, rows["part"].cast(pl.Int64).to_numpy()


def _added(values: pl.Series, place: NDArray[np.int64], size: int) -> NDArray[np.float64]:
    """Values added up by place, in the order of the table."""
    found = np.zeros(size)
    np.add.at(found, place, values.to_numpy())
    return found
