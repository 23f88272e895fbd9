"""From a mixture of plans to one plan for every unit, by whole numbers over the units that could go either way.

At given prices a plan for all units falls short of the dual function by exactly the regrets of its units and the price
of what its rows leave: gap = sum of regrets + price times slack. So the programme over a core of units with small
regrets makes that sum smallest, beginning near nought; the other units keep what the mixture gives them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.core import Mixture
from haidang.allocate.cuts import Search
from haidang.allocate.dual import priced
from haidang.allocate.ledger import Totals, slack_of, taken_of, totals_of, totals_of_all
from haidang.allocate.linear import Linear, dense, none
from haidang.allocate.near import Near, near_plans, with_plans
from haidang.allocate.watch import Watch
from haidang.allocate.whole import MOST_CELLS, best_of_whole

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_FINENESS = 1e5
"""The solver's objective is the gap in parts of this."""
_TOLERANCE = 2e-6
"""More than what the solver may break a row by, in units of the core's largest uses."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One attempt.

    Args:
        units: how many units are in the core.
        plans: how many plans each has at most.
        nodes: how many nodes the solver may look at.
        among: out of how many of the most doubtful units they are taken by chance; they themselves where it is nought.
    """

    units: int
    plans: int
    nodes: int
    among: int = 0


TURNS = (
    Turn(100, 4, 8),
    *(Turn(60, 4, 8, among=200) for _ in range(5)),
    *(Turn(80, 4, 20, among=300) for _ in range(5)),
    Turn(100, 4, 600),
    Turn(200, 3, 300),
    *(Turn(100, 5, 60, among=400) for _ in range(100)),
)
"""Many short searches among different units find more than one long one; a few long ones follow."""
_IDLE = 12
"""So many attempts that find nothing better are enough."""
_CANDIDATES = 800


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """Plans of all units, what they contain together, and whether they keep every row."""

    plans: Ints
    totals: Totals
    keeps: bool


def round_plans(search: Search, mixture: Mixture, seed: int, watch: Watch) -> None:
    """Give the watch one plan for all units after the other, each better than the last, until the gap is small enough.

    Args:
        search: on all units.
        mixture: with the best prices.
        seed: of all chance.
        watch: asked between attempts, and given what they find.
    """
    near = near_plans(search, mixture, min(_CANDIDATES, search.field.size), seed, watch)
    plans = _nearest_whole(mixture)
    standing = _stand(search, plans, totals_of_all(search.field, plans), watch)
    torn = np.unique(mixture.units[(mixture.shares > 1e-9) & (mixture.shares < 1.0 - 1e-9)])
    idle = 0
    for number, turn in enumerate(TURNS):
        if watch.done or idle >= _IDLE:
            return
        watch.see("rounding")
        before = watch.value
        if number == 1 and search.level.units * search.field.code.years * search.field.code.options <= MOST_CELLS:
            standing = _written_out(search, standing, watch)
            continue
        core = _core(near, torn if not standing.keeps else torn[:0], turn, [seed, 2, number])
        standing = _attempt(search, mixture, near, standing, core, turn, watch)
        idle = 0 if watch.value != before else idle + 1


def _written_out(search: Search, standing: _Standing, watch: Watch) -> _Standing:
    """What the solver finds where all offers of all units are its columns."""
    for tolerance in (0.0, _TOLERANCE):
        limit = search.level.limit - tolerance * np.abs(search.level.limit)
        begin = standing.plans if standing.keeps else None
        plans = best_of_whole(search.field, begin, limit, watch.enough, watch)
        if plans is None:
            return standing
        found = _stand(search, plans, totals_of_all(search.field, plans), watch)
        if found.keeps:
            return found if not standing.keeps or found.totals.value >= standing.totals.value else standing
    return standing


def _stand(search: Search, plans: Ints, totals: Totals, watch: Watch) -> _Standing:
    kept = keeps(search, totals)
    if kept:
        watch.take_plan(totals.value, plans)
    return _Standing(plans, totals, kept)


def _nearest_whole(mixture: Mixture) -> Ints:
    """Each unit with the plan that it has most of in the mixture."""
    plans = mixture.base.copy()
    most = mixture.shares > 0.5
    plans[mixture.units[most]] = mixture.plans[most]
    return plans


def _core(near: Near, torn: Ints, turn: Turn, seed: list[int]) -> Ints:
    doubtful = near.doubtful()[: max(turn.units, turn.among)]
    if turn.among:
        doubtful = np.random.default_rng(seed).permutation(doubtful)[: turn.units]
    return np.unique(np.concatenate([doubtful, torn]))


def _attempt(
    search: Search, mixture: Mixture, near: Near, standing: _Standing, core: Ints, turn: Turn, watch: Watch
) -> _Standing:
    """Better plans for the units of a core, the others keeping theirs; the same as before where none is found."""
    # Without any offer units make room, so that budgets can be kept whatever else the core knows.
    known = np.concatenate([core, core]), np.concatenate([standing.plans[core], np.zeros_like(core)])
    near = with_plans(near.of(np.isin(near.units, core)), search, mixture, *known)
    kept = near.first(turn.plans) | (near.plans == standing.plans[near.units]) | (near.plans == 0)
    near = near.of(kept)
    others = standing.totals - totals_of(search.field, core, standing.plans[core])
    left = search.level.limit - taken_of(search.field, others)
    for tolerance in (0.0, _TOLERANCE):
        chosen = _programme(near, near.plans == standing.plans[near.units], left, tolerance, mixture, turn, watch)
        if chosen is None:
            return standing
        plans = standing.plans.copy()
        plans[near.units[chosen]] = near.plans[chosen]
        found = _stand(search, plans, others + totals_of(search.field, core, plans[core]), watch)
        if found.keeps:
            return found if not standing.keeps or found.totals.value >= standing.totals.value else standing
    return standing


def _programme(
    near: Near, now: NDArray[np.bool_], left: Floats, tolerance: float, mixture: Mixture, turn: Turn, watch: Watch
) -> NDArray[np.bool_] | None:
    """Which plan each unit of a core has, so that regrets and the price of what is left are smallest."""
    rows = int(near.load.shape[1])
    core, place = np.unique(near.units, return_inverse=True)
    row = np.abs(near.load).max(axis=0, initial=0.0)
    row = np.where(row > 0.0, row, 1.0)
    account = abs(mixture.found.value) / _FINENESS or 1.0
    linear = Linear()
    bound = left / row - tolerance
    linear.add_rows(bound, bound, np.zeros(rows, np.int64), *none()[1:])
    linear.add_rows(np.ones(len(core)), np.ones(len(core)), np.zeros(len(core), np.int64), *none()[1:])
    slack = np.arange(rows, dtype=np.int64)
    endless = np.full(rows, np.inf)
    linear.add_columns(mixture.priced.prices * row / account, np.zeros(rows), endless, slack, slack, np.ones(rows))
    starts, places = dense(len(place), rows + 1)
    places[rows :: rows + 1] = rows + place
    entries = np.column_stack([near.load / row, np.ones(len(place))]).ravel()
    first = linear.add_columns(
        near.regret / account, np.zeros(len(place)), np.ones(len(place)), starts, places, entries
    )
    linear.whole(first, len(place))
    linear.set("mip_rel_gap", 0.0)
    linear.set("mip_abs_gap", 0.1 * watch.enough * _FINENESS)
    linear.set("objective_target", 0.95 * watch.enough * _FINENESS)
    linear.set("mip_max_nodes", turn.nodes)
    linear.set("mip_heuristic_effort", 0.15)
    unused = bound - near.load[now].sum(axis=0) / row
    if (unused >= 0.0).all():
        linear.begin(np.concatenate([unused, now.astype(np.float64)]))
    answer = linear.run(watch.left)
    if answer.status == "none":
        return None
    return answer.values[first:] > 0.5


def keeps(search: Search, totals: Totals) -> bool:
    """Whether every row is kept, roundings included."""
    taken = taken_of(search.field, totals)
    return bool((taken <= search.level.limit + slack_of(search.field, totals)).all())


def cautious(search: Search, shares: Floats, watch: Watch) -> None:
    """Give the watch a plan from raised prices alone: poor, but at once.

    Args:
        search: on all units.
        shares: prices at which rows are nearly kept, in shares.
        watch: given what is found.
    """
    nothing = np.zeros(search.level.units, np.int64)
    if _stand(search, nothing, totals_of(search.field, nothing[:0], nothing[:0]), watch).keeps and not shares.any():
        return
    for power in range(12):
        raised = search.scale.prices(shares) * (1.0 + 0.002 * 2.0**power)
        plans = priced(search.field, search.level, raised, search.goal, watch).plans
        if _stand(search, plans, totals_of_all(search.field, plans), watch).keeps:
            return
