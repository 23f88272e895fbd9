"""How those who take up a list's offers are served, so that the money goes where the plan meant it to go.

A list is made before anybody applies. Who applies can then be told apart better than the list could: the model
foretells what each wish would add. So the queue is ordered by that against what the wish takes, at the cut-off prices
of the budgets that bind; and a budget that is only a total is opened year by year as the plan means to use it, so that
offers beyond the budget do not let the first year take what the later ones were meant to have.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.plan import Plan, used_of
from haidang.allocate.problem import Problem
from haidang.allocate.rows import Row
from haidang.models import Card
from haidang.study.planned import Served
from haidang.study.resource import Resource

_DIGITS = 4
"""So many digits of a price decide who comes first."""


def served_of(
    card: Card, goal: str, resources: Sequence[Resource], problem: Problem, plan: Plan, choice: NDArray[np.int8]
) -> Served:
    """How a list is served.

    Args:
        card: of the model.
        goal: the outcome that is made largest.
        resources: the budgets as they are.
        problem: what was solved for the list.
        plan: the plan whose prices order the queue.
        choice: the options of the list that is served, as the problem has them (units, years).
    """
    used = used_of(problem, choice)
    opened = {one.id: _tranches(one, used[one.id]) for one in resources}
    return Served(_order(card, goal, resources, plan), {name: each for name, each in opened.items() if each})


def _order(card: Card, goal: str, resources: Sequence[Resource], plan: Plan) -> str | None:
    """What a wish is foretold to add against what it takes; none where the model foretells nothing of the goal."""
    if goal not in card.foretold:
        return None
    prices = {
        one.id: sum(float(price) for row, price in zip(plan.rows, plan.prices, strict=True) if _of(row, one))
        for one in resources
    }
    dearest = max(prices.values(), default=0.0)
    if dearest <= 0.0:
        return card.foretold[goal]
    shares = {name: round(price / dearest, _DIGITS) for name, price in prices.items()}
    parts = [name if share == 1.0 else f"{share:f} * {name}" for name, share in shares.items() if share > 0.0]
    # One dong or unit more, so that a wish that takes nothing is no division by nought.
    return f"{card.foretold[goal]} / ({' + '.join(parts)} + 1)"


def _of(row: Row, resource: Resource) -> bool:
    return row.kind in ("budget", "total") and row.id == resource.id


def _tranches(resource: Resource, used: NDArray[np.float64]) -> tuple[int, ...] | None:
    """A total over the years in proportion to what the plan means to use; none where nothing is to be spread."""
    spread = resource.total is not None and resource.per_year is None and not (resource.lasting or resource.returned)
    if not spread or used.sum() <= 0.0:
        return None
    total = int(resource.total or 0.0)
    opened = [int(total * share) for share in np.cumsum(used) / used.sum()]
    opened[-1] = total
    return tuple(int(each) for each in np.diff([0, *opened]))
