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

from haidang.results.manifest import Outcome
from haidang.results.points import Draws, Grid, Points, points, yearly_points
from haidang.results.run import Run

ALL = "all"
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


@dataclass(frozen=True, slots=True)
class MoneyUsed:
    """What a programme's budgets of one resource paid out, by year and since the first year.

    `line` is the sum of the instruments' bounds over the horizon, none where one is unbounded. `exhausted` is the share
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
    return yearly(run, scenario, outcome, by, group) - yearly(run, run.baseline.id, outcome, by, group)


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
    return over_horizon(run.outcome(outcome), effect(run, scenario, outcome, by, group))


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
        and outcome.id not in {roles.cost, roles.money, roles.units}
    )


def money_used(run: Run, scenario: str, resource: str) -> MoneyUsed:
    """What the scenario's budgets of a resource paid out, against their line."""
    years = run.manifest.years
    spent, available = (_budget_grid(run, scenario, resource, column) for column in ("spent", "available"))
    lines = [line for line in run.manifest.budgets if line.scenario == scenario and line.resource == resource]
    bounds = [line.line for line in lines]
    line = sum(bound for bound in bounds if bound is not None) if lines and None not in bounds else None
    revolving = any(line.revolving for line in lines)
    total = spent.sum(axis=1)
    if revolving:
        full = ((spent >= 0.995 * available) & (available > 0)).any(axis=1)
    else:
        full = total >= 0.995 * line if line else np.zeros(len(total), bool)
    share = Ratio(points(total / line)) if line else Ratio(None, "no_line")
    return MoneyUsed(
        scenario, resource, years, yearly_points(spent), yearly_points(spent.cumsum(axis=1)), total, line, share,
        float(full.mean()), revolving,
    )  # fmt: skip


def resources(run: Run, scenario: str) -> tuple[str, ...]:
    """The resources of a scenario's budgets, the one with the largest line first."""
    own = run.table("budgets").filter(pl.col("scenario") == scenario)
    lines: dict[str, float] = dict.fromkeys(own["resource"].unique().to_list(), 0.0)
    for line in run.manifest.budgets:
        if line.scenario == scenario:
            lines[line.resource] = lines.get(line.resource, 0.0) + (line.line or 0.0)
    return tuple(sorted(lines, key=lambda resource: (-lines[resource], resource)))


def requested(run: Run, scenario: str, resource: str) -> Draws:
    """What units asked of a resource over the horizon, in its unit, per draw."""
    return _budget_grid(run, scenario, resource, "requested").sum(axis=1)


def refused(run: Run, scenario: str, resource: str) -> Draws:
    """Weighted applications for a resource that were refused over the horizon, per draw."""
    return _budget_grid(run, scenario, resource, "refused").sum(axis=1)


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


def cost_per(run: Run, scenario: str, outcome: str) -> Ratio:
    """Public cost in VND per additional unit of an outcome, per draw, over the horizon."""
    if not (run.has_outcome(run.manifest.roles.cost) and run.has_outcome(outcome)):
        return Ratio(None, "not_recorded")
    return ratio(public_cost(run, scenario), _gain(run, scenario, outcome))


def gain_per_cost(run: Run, scenario: str, outcome: str) -> Ratio:
    """Additional outcome per VND of public cost, per draw: what variants are compared by at equal public cost."""
    if not (run.has_outcome(run.manifest.roles.cost) and run.has_outcome(outcome)):
        return Ratio(None, "not_recorded")
    cost = public_cost(run, scenario)
    if points(cost).p5 <= 0:
        return Ratio(None, "zero")
    told = cost > 0
    return Ratio(points(_gain(run, scenario, outcome)[told] / cost[told]))


def public_cost(run: Run, scenario: str) -> Draws:
    """Public cost over the horizon against the baseline, VND per draw."""
    return _gain(run, scenario, run.manifest.roles.cost)


def chance_greater(one: Draws, other: Draws) -> float:
    """The share of draws in which `one` is greater; a tie counts half."""
    return (int((one > other).sum()) + 0.5 * int((one == other).sum())) / len(one)


def chance_better(run: Run, one: str, other: str, outcome: str) -> float:
    """The probability, over shared draws, that a scenario has the better effect on an outcome over the horizon."""
    gains = horizon_effect(run, one, outcome), horizon_effect(run, other, outcome)
    better = chance_greater(*gains)
    return 1 - better if run.outcome(outcome).good == "less" else better


def chance_better_per_cost(run: Run, one: str, other: str, outcome: str) -> float:
    """The probability that a scenario gains more of an outcome per VND of public cost.

    Cross-multiplied, so that a draw without cost needs no division: a / c > b / d as a d > b c.
    """
    gains = _gain(run, one, outcome), _gain(run, other, outcome)
    costs = public_cost(run, one), public_cost(run, other)
    return chance_greater(gains[0] * costs[1], gains[1] * costs[0])


def _gain(run: Run, scenario: str, outcome: str) -> Draws:
    return accumulated(run.outcome(outcome), effect(run, scenario, outcome))


@lru_cache(maxsize=4)
def _grids(run: Run) -> dict[tuple[str, str, str, str], Grid]:
    """All totals as grids of draws by years, by scenario, outcome, by and group."""
    place = {year: column for column, year in enumerate(run.manifest.years)}
    shape = (run.manifest.draws, len(place))
    found: dict[tuple[str, str, str, str], Grid] = {}
    keys = ["scenario", "outcome", "by", "group"]
    for (scenario, outcome, by, group), rows in run.table("totals").partition_by(keys, as_dict=True).items():
        grid = np.zeros(shape)
        columns = rows["year"].replace_strict(place, return_dtype=pl.Int32).to_numpy()
        np.add.at(grid, (rows["draw"].to_numpy(), columns), rows["value"].to_numpy())
        found[scenario, outcome, by, ALL if by == ALL else group] = grid
    return found


@lru_cache(maxsize=4)
def _user_sums(run: Run) -> dict[tuple[str, str, str, str], tuple[Draws, Draws]]:
    found: dict[tuple[str, str, str, str], tuple[Draws, Draws]] = {}
    keys = ["scenario", "outcome", "by", "group"]
    for (scenario, outcome, by, group), rows in run.table("users").partition_by(keys, as_dict=True).items():
        pair = np.zeros((2, run.manifest.draws))
        for row, column in enumerate(("scenario_value", "baseline_value")):
            np.add.at(pair[row], rows["draw"].to_numpy(), rows[column].to_numpy())
        found[scenario, outcome, by, ALL if by == ALL else group] = (pair[0], pair[1])
    return found


def _budget_grid(run: Run, scenario: str, resource: str, column: str) -> Grid:
    place = {year: index for index, year in enumerate(run.manifest.years)}
    rows = run.table("budgets").filter((pl.col("scenario") == scenario) & (pl.col("resource") == resource))
    grid = np.zeros((run.manifest.draws, len(place)))
    columns = rows["year"].replace_strict(place, return_dtype=pl.Int32).to_numpy()
    np.add.at(grid, (rows["draw"].to_numpy(), columns), rows[column].to_numpy().astype(np.float64))
    return grid
