"""Why each unit is on the list or not: what an offer is worth against what the budgets' cut-off prices charge for it.

At the prices that prove the bound, an offer is charged the price of every dong it is expected to use, and of every rule
it weighs on. Worth above the charge is what makes an offer stand on the list; what charges most is what keeps one out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.allocation import Allocation
from haidang.allocate.asked import Choice
from haidang.allocate.plan import Plan
from haidang.allocate.problem import Problem
from haidang.allocate.rows import Row, measured, rows_of

Floats = NDArray[np.float64]
Standing = Literal["listed", "not_eligible", "adds_nothing", "priced_out", "no_room"]
_NOTHING = 1e-12


@dataclass(frozen=True, slots=True)
class Made:
    """An offer on the list.

    Args:
        year: when.
        offer: the place of the offer.
        worth: what it is expected to add to the goal, for the whole row.
        counted: the same as it counts: in the draws that decide, where the goal is robust.
        amounts: by resource, what it is expected to use, for the whole row.
        charge: what the cut-off prices charge for it, in units of the goal.
    """

    year: int
    offer: int
    worth: float
    counted: float
    amounts: dict[str, float]
    charge: float


@dataclass(frozen=True, slots=True)
class Why:
    """How a unit stands.

    Args:
        standing: on the list, or why not.
        made: its offers.
        next_year: the year of the best offer that it does not get; none where no other adds anything.
        next_offer: its place.
        next_worth: what it would add.
        next_counted: the same as it counts.
        next_charge: what it is charged.
        next_amounts: what it would use.
        held_by: the budget or rule that charges most for it.
    """

    standing: Standing
    made: tuple[Made, ...]
    next_year: int | None
    next_offer: int | None
    next_worth: float
    next_counted: float
    next_charge: float
    next_amounts: dict[str, float]
    held_by: str

    @property
    def worth(self) -> float:
        """What all its offers are expected to add."""
        return sum(one.worth for one in self.made)

    @property
    def counted(self) -> float:
        """The same as it counts."""
        return sum(one.counted for one in self.made)


@dataclass(frozen=True, slots=True, eq=False)
class Charges:
    """What rows of the plan charge for each cell (units, years, options) in units of the goal, and the rows' labels."""

    total: Floats
    by_row: dict[str, Floats]


def label(row: Row) -> str:
    """A row as the list names it."""
    return f"{row.id} {row.year}" if row.kind == "budget" else row.id


def charges_of(problem: Problem, plan: Plan) -> Charges:
    """What each budget and rule charges for every offer at the plan's prices."""
    rows = rows_of(problem)
    shape = next(iter(problem.values.values())).shape
    total = np.zeros(shape)
    by_row: dict[str, Floats] = {}
    binding = [at for at in np.flatnonzero(plan.prices > 0.0).tolist() if rows.names[at].kind != "draw"]
    for at in binding:
        charge = np.zeros(shape)
        for place, name in enumerate(rows.measures):
            per = plan.prices[at] * rows.factor[at, place]
            if per.any():
                entries = np.asarray(measured(problem, name), np.float64)
                wide = entries[:, None, None] if entries.ndim == 1 else entries
                charge += per.T[rows.class_of][:, :, None] * wide
        served = plan.prices[at] * rows.served[at][rows.class_of] * (1.0 if problem.weight is None else problem.weight)
        charge += served[:, None, None]
        name = label(rows.names[at])
        by_row[name] = by_row.get(name, np.zeros(shape)) + charge
        total += charge
    return Charges(total, by_row)


def counted_of(problem: Problem, plan: Plan, goal: str) -> Floats:
    """What each offer adds as it counts (units, years, options): to the goal, or in the draws by their prices."""
    prices = {row.id: float(price) for row, price in zip(plan.rows, plan.prices, strict=True) if row.kind == "draw"}
    whole = sum(prices.values())
    if whole <= 0.0:
        return np.asarray(problem.values[goal], np.float64)
    found = np.zeros(problem.values[goal].shape)
    for name, price in prices.items():
        if price > 0.0:
            found += price / whole * np.asarray(problem.values[name], np.float64)
    return found


def reasons(found: Allocation) -> Iterator[Why]:
    """How each unit stands, in the order of the units."""
    problem, offered = found.problem, found.offered
    times = len(problem.options) // len(found.offers)
    # The times that one offer may be made are worth the same: the first stands for all.
    worth = np.asarray(problem.values[found.goal], np.float64)[:, :, ::times]
    counted = counted_of(problem, found.plan, found.goal)[:, :, ::times]
    amounts = {name: np.asarray(one, np.float64)[:, :, ::times] for name, one in problem.amounts.items()}
    charges = charges_of(problem, found.plan)
    total = charges.total[:, :, ::times]
    by_row = {name: one[:, :, ::times] for name, one in charges.by_row.items()}
    for unit in range(len(offered)):
        made = tuple(_made(found, unit, worth, counted, amounts, total))
        best = _next(counted[unit], total[unit], found.may[unit], offered[unit])
        standing = _standing(found, unit, bool(made), best, counted, total)
        if best is None:
            yield Why(standing, made, None, None, 0.0, 0.0, 0.0, {}, "")
            continue
        year, offer = best
        held = max(by_row, key=lambda name: float(by_row[name][unit, year, offer]), default="")
        yield Why(
            standing,
            made,
            problem.years[year],
            offer,
            float(worth[unit, year, offer]),
            float(counted[unit, year, offer]),
            float(total[unit, year, offer]),
            {name: float(one[unit, year, offer]) for name, one in amounts.items()},
            held if by_row and by_row[held][unit, year, offer] > 0 else "",
        )


def _made(
    found: Allocation, unit: int, worth: Floats, counted: Floats, amounts: dict[str, Floats], total: Floats
) -> Iterator[Made]:
    for year, offer in enumerate(found.offered[unit].tolist()):
        if offer >= 0:
            used = {name: float(one[unit, year, offer]) for name, one in amounts.items()}
            at = (unit, year, offer)
            yield Made(found.problem.years[year], offer, float(worth[at]), float(counted[at]), used, float(total[at]))


def _next(worth: Floats, charge: Floats, may: NDArray[np.bool_], offered: Choice) -> tuple[int, int] | None:
    """The best cell, after its charge, of those that are not taken; none where none adds anything."""
    net = np.where((worth > _NOTHING) & may[None, :], worth - charge, -np.inf)
    years = np.flatnonzero(offered >= 0)
    net[years, offered[years]] = -np.inf
    at = int(net.argmax())
    return None if not np.isfinite(net.flat[at]) else (at // net.shape[1], at % net.shape[1])


def _standing(
    found: Allocation, unit: int, listed: bool, best: tuple[int, int] | None, worth: Floats, total: Floats
) -> Standing:
    if listed:
        return "listed"
    if not found.may[unit].any():
        return "not_eligible"
    if best is None:
        return "adds_nothing"
    return "priced_out" if worth[unit][best] < total[unit][best] else "no_room"
