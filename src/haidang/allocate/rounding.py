"""From a mixture of plans to one plan for every unit, by whole numbers over the units that could go either way.

At given prices a plan for all units falls short of the dual function by exactly the regrets of its units and the price
of what its rows leave: gap = sum of regrets + price times slack. So the programme over a core of units with small
regrets makes that sum smallest, beginning near nought; the other units keep what the mixture gives them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.core import Mixture, mixture_of
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
_PATIENCE, _MOST_DRAWN_IN = 3, 5
"""After how many attempts without a plan that keeps the rules these are drawn in, and how many times at most."""
_RAISES = 10
"""How often prices are raised where a plan is wanted at once."""
_DEAR = 30.0
"""What breaking a row costs, in the worth of a unit for what a unit has of the row."""


@dataclass(frozen=True, slots=True, eq=False)
class _Standing:
    """Plans of all units, what they contain together, what they are worth, and the price of what they break."""

    plans: Ints
    totals: Totals
    value: float
    short: float

    @property
    def whole(self) -> bool:
        return self.short == 0.0

    def better(self, other: _Standing) -> bool:
        """Whether it breaks less than another or, where neither breaks anything, is worth no less."""
        return self.value >= other.value if self.whole and other.whole else self.short < other.short


def round_plans(search: Search, mixture: Mixture, seed: int, watch: Watch) -> None:
    """Give the watch one plan for all units after the other, each better than the last, until the gap is small enough.

    Args:
        search: on all units.
        mixture: with the best prices.
        seed: of all chance.
        watch: asked between attempts, and given what they find.
    """
    near, standing, torn = _begun(search, mixture, seed, watch)
    idle, drawn_in = 0, 0
    for number, turn in enumerate(TURNS):
        if watch.done or idle >= _IDLE:
            return
        watch.see("rounding")
        before = watch.value
        small = search.level.units * search.field.code.years * search.field.code.options <= MOST_CELLS
        if number == 1 and small and not len(search.draws):
            standing = _written_out(search, mixture, standing, watch)
            continue
        if not standing.whole and number and number % _PATIENCE == 0 and drawn_in < _MOST_DRAWN_IN:
            drawn_in += 1
            mixture = _drawn_in(search, mixture, standing, 2.0**drawn_in, watch)
            near, standing, torn = _begun(search, mixture, seed, watch)
        core = _core(near, torn if not standing.whole else torn[:0], turn, [seed, 2, number])
        standing = _attempt(search, mixture, near, standing, core, turn, watch)
        idle = 0 if watch.value != before or not standing.whole else idle + 1


def _begun(search: Search, mixture: Mixture, seed: int, watch: Watch) -> tuple[Near, _Standing, Ints]:
    """Nearly best plans, the plans nearest to a mixture, and the units that the mixture cannot make up its mind on."""
    near = near_plans(search, mixture, min(_CANDIDATES, search.field.size), seed, watch)
    plans = _nearest_whole(mixture)
    standing = _stand(search, plans, totals_of_all(search.field, plans), _dear(search, mixture), watch)
    return near, standing, np.unique(mixture.units[(mixture.shares > 1e-9) & (mixture.shares < 1.0 - 1e-9)])


def _drawn_in(search: Search, mixture: Mixture, standing: _Standing, units: float, watch: Watch) -> Mixture:
    """A mixture that keeps the rules which whole plans broke with some units to spare."""
    broken = (_over(search, standing.totals) > 0.0) & (search.scale.row > 0.0)
    limit = search.level.limit - units * search.scale.row * broken
    inside = replace(search, level=replace(search.level, limit=limit))
    box = np.maximum(0.05 * mixture.found.shares, 1e-4)
    return mixture_of(inside, mixture.found.shares, box, 4, 1e-5, watch)


def _written_out(search: Search, mixture: Mixture, standing: _Standing, watch: Watch) -> _Standing:
    """What the solver finds where all offers of all units are its columns."""
    for tolerance in (0.0, _TOLERANCE):
        limit = search.level.limit - tolerance * np.abs(search.level.limit)
        begin = standing.plans if standing.whole else None
        plans = best_of_whole(search.field, begin, limit, watch.enough, watch)
        if plans is None:
            return standing
        found = _stand(search, plans, totals_of_all(search.field, plans), _dear(search, mixture), watch)
        if found.whole:
            return found if found.better(standing) else standing
    return standing


def _stand(search: Search, plans: Ints, totals: Totals, dear: Floats, watch: Watch) -> _Standing:
    short = float(_over(search, totals) @ dear)
    if short == 0.0:
        watch.take_plan(search.value(totals), plans)
    return _Standing(plans, totals, search.value(totals), short)


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
        now = near.plans == standing.plans[near.units]
        chosen = _programme(search, near, now, left, tolerance, mixture, turn, watch)
        if chosen is None:
            return standing
        plans = standing.plans.copy()
        plans[near.units[chosen]] = near.plans[chosen]
        totals = others + totals_of(search.field, core, plans[core])
        found = _stand(search, plans, totals, _dear(search, mixture), watch)
        standing = found if found.better(standing) else standing
        if found.whole:
            break
    return standing


def _programme(
    search: Search,
    near: Near,
    now: NDArray[np.bool_],
    left: Floats,
    tolerance: float,
    mixture: Mixture,
    turn: Turn,
    watch: Watch,
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
    rules = _elastic(search, linear, _dear(search, mixture) * row / account)
    counted = _counted(search, linear, row, mixture.priced.prices, account)
    linear.set("mip_rel_gap", 0.0)
    linear.set("mip_abs_gap", 0.1 * watch.enough * _FINENESS)
    linear.set("mip_max_nodes", turn.nodes)
    linear.set("mip_heuristic_effort", 0.15)
    unused = bound - near.load[now].sum(axis=0) / row
    if (unused[rules] >= 0.0).all():
        linear.set("objective_target", 0.95 * watch.enough * _FINENESS)
    if (np.delete(unused, rules) >= 0.0).all() and not counted:
        broken = np.maximum(-unused, 0.0)[rules]
        linear.begin(np.concatenate([np.maximum(unused, 0.0), now.astype(np.float64), broken]))
    answer = linear.run(watch.left)
    if answer.status == "none":
        return None
    return answer.values[first : first + len(place)] > 0.5


def _elastic(search: Search, linear: Linear, cost: Floats) -> Ints:
    """Let rules be broken at a high price, so that there is always something to begin with; which rows they are."""
    rules = np.array([at for at, name in enumerate(search.field.rows.names) if name.kind == "rule"], np.int64)
    endless = np.full(len(rules), np.inf)
    linear.add_columns(cost[rules], np.zeros(len(rules)), endless, np.arange(len(rules)), rules, -np.ones(len(rules)))
    return rules


def _counted(search: Search, linear: Linear, row: Floats, prices: Floats, account: float) -> int:
    """What counts of a robust problem's plans, and by how much each draw falls short of it; how many columns."""
    draws, robust = search.draws, search.field.problem.robust
    if robust is None or not len(draws):
        return 0
    endless = np.full(1, np.inf)
    linear.add_columns(np.zeros(1), -endless, endless, np.zeros(1), draws, account / row[draws])
    short = np.full(len(draws), np.inf if robust.counted > 1.0 else 0.0)
    cost = np.maximum(1.0 / robust.counted - prices[draws], 0.0) * row[draws] / account
    linear.add_columns(cost, np.zeros(len(draws)), short, np.arange(len(draws)), draws, -np.ones(len(draws)))
    return 1 + len(draws)


def _over(search: Search, totals: Totals) -> Floats:
    """By how much each row is broken, roundings included."""
    over = taken_of(search.field, totals) - search.level.limit
    over = np.where(over > slack_of(search.field, totals), over, 0.0)
    over[search.draws] = 0.0  # they say what a plan is worth, not what it may be
    return over


def _dear(search: Search, mixture: Mixture) -> Floats:
    """What breaking a row costs: far more than its price, and than what a unit could pay for it."""
    return _DEAR * (search.scale.worth / search.scale.row + mixture.priced.prices)


def cautious(search: Search, shares: Floats, step: float, watch: Watch) -> None:
    """Give the watch a plan from raised prices alone: poor, but at once.

    Args:
        search: on all units.
        shares: prices at which rows are nearly kept, in shares.
        step: by what share they are raised at first; each time twice as much.
        watch: given what is found.
    """
    dear = search.scale.worth / search.scale.row
    nothing = np.zeros(search.level.units, np.int64)
    empty = _stand(search, nothing, totals_of(search.field, nothing[:0], nothing[:0]), dear, watch)
    if empty.whole and not shares.any():
        return
    for power in range(_RAISES):
        raised = search.scale.prices(shares) * (1.0 + step * 2.0**power)
        raised[search.draws] = search.scale.prices(shares)[search.draws]
        plans = priced(search.field, search.level, raised, search.goal, watch).plans
        if _stand(search, plans, totals_of_all(search.field, plans), dear, watch).whole:
            return
