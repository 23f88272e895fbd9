"""A plan for all units, what it is worth, and how far from the best it can be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.problem import Problem
from haidang.allocate.rows import Row, uses


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Who is offered what, and when.

    Args:
        choice: the place of the option offered, -1 for none (int8, units by years), units as the problem has them.
        value: of the goal.
        bound: nothing that keeps budgets and rules is worth more; infinite where the time was too short to tell.
        gap: how far the value may be from the best, as a share of the bound.
        rows: what budgets and rules bound.
        prices: what one more unit of each row's limit would add, at most; they prove the bound (rows).
        outcomes: what the plan adds of each outcome.
        used: what it takes of each resource's budget in each year, less what comes back (years).
        ended: why the search ended: `gap` small enough, `time` up, `asked` to, `interrupted`, or nothing left to try.
        seconds: how long it took.
    """

    choice: NDArray[np.int8]
    value: float
    bound: float
    gap: float
    rows: tuple[Row, ...]
    prices: NDArray[np.float64]
    outcomes: Mapping[str, float]
    used: Mapping[str, NDArray[np.float64]]
    ended: str
    seconds: float

    def price(self, resource: str, year: int) -> float:
        """What one more unit of a resource in a year's budget would add to the goal, at most."""
        found = (price for row, price in zip(self.rows, self.prices, strict=True) if _lifts(row, resource, year))
        return float(sum(found))


def outcomes_of(problem: Problem, choice: NDArray[np.int8]) -> dict[str, float]:
    """What a plan adds of each outcome."""
    return {name: float(_chosen(np.asarray(values), choice).sum()) for name, values in problem.values.items()}


def used_of(problem: Problem, choice: NDArray[np.int8]) -> dict[str, NDArray[np.float64]]:
    """What a plan takes of each resource's budget in each year, less what comes back."""
    return {
        one.id: _chosen(np.asarray(problem.amounts[one.id]), choice).sum(axis=0) @ uses(one, len(problem.years))
        for one in problem.resources
    }


def _lifts(row: Row, resource: str, year: int) -> bool:
    return row.kind == "budget" and row.id == resource and year in row.brings


def _chosen(entries: NDArray[Any], choice: NDArray[np.int8]) -> NDArray[np.float64]:
    """What the chosen offers count (units, years)."""
    units, years = np.ogrid[: choice.shape[0], : choice.shape[1]]
    option = np.maximum(choice, 0).astype(np.int64)
    found = entries[units, years, option] if entries.ndim == 3 else entries[units, option]
    return np.where(choice < 0, 0.0, found)
