"""Prices to the last digit: a linear programme over the units that could go either way.

Near the best prices most units have one plan. The others are given every plan that some evaluation found for them, each
a column: the unit's change from its base plan. A unit with one other plan is a single bounded column, and only units
with more need a row that lets them take one; so the programme has few rows however many units there are. Its prices are
tried on all units, those who found another plan bring new columns, and so on until nobody does (Dantzig and Wolfe
1960). Prices stay in a box, which is widened as long as it holds them back: while it does, the programme's value is no
measure of how near the end is.

Where crowds of units are alike, all of them change their plans at the same price, and as columns they would be too
many. There the mixture of cutting planes says how many of each group follow which prices, and the units are given base
plans in these proportions; what is left to do is small, and few columns do it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.cuts import Found, Search, cutting_planes
from haidang.allocate.dual import Priced
from haidang.allocate.ledger import Ledger, Totals, ledger_of, taken_of, totals_of_all
from haidang.allocate.linear import Linear, dense, none
from haidang.allocate.watch import Watch

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CODE_BITS = 36
_MOST_ROUNDS = 60
_CROWD = 2000
_CROWDED = 0.35
"""Units that move at once are a crowd where they are more than this and more than this share of all."""
_MOST_NEW = 30_000
_MOST_NEW_OF_CROWD = 3000
"""How many columns an evaluation may bring: those that would gain most by it."""
_TOUCH = 1e-9
_LEAST_BOX = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """What the linear programme of a core found.

    Args:
        found: the best prices and the dual function there.
        value: of the mixture of plans; the dual function cannot fall below it once no box holds prices back.
        priced: every unit's best plan at the best prices.
        base: every unit's base plan.
        totals: what the base plans contain together.
        units: of each further plan.
        plans: each further plan.
        shares: how much of each further plan the mixture takes.
        short: by how much the mixture breaks each row, in units of account.
    """

    found: Found
    value: float
    priced: Priced
    base: Ints
    totals: Totals
    units: Ints
    plans: Ints
    shares: Floats
    short: Floats


def mixture_of(search: Search, start: Floats, box: Floats, probes: int, near: float, watch: Watch) -> Mixture:
    """The best prices of a level and the mixture of plans that proves them best.

    Args:
        search: on the level.
        start: prices to begin at, in shares.
        box: how far from the best prices so far the next may lie.
        probes: evaluations around the start that look for units which could go either way.
        near: how near to the lowest dual function, as a share.
        watch: asked between evaluations; where the level is the whole problem, every evaluation is a bound.
    """
    at_start = search.priced(start, watch)
    _keep(search, at_start, watch)
    core, best, best_priced = _Core(search, at_start.plans, _MOST_NEW), Found(start, at_start.value), at_start
    random = np.random.default_rng(len(start))
    for probe in range(probes):
        signs = np.full(len(start), 1.0 - 2.0 * probe) if probe < 2 else random.choice([-1.0, 1.0], len(start))
        tried = search.priced(search.fair(np.clip(start + box * signs, 0.0, search.most)), watch)
        _keep(search, tried, watch)
        if core.add(tried) > max(_CROWD, _CROWDED * search.level.units):
            found, base = _blended(search, start, box, watch)
            core = _Core(search, base, _MOST_NEW_OF_CROWD)
            best, best_priced = found, search.priced(found.shares, watch)
            core.add(best_priced)
            break
    for _ in range(_MOST_ROUNDS):
        least, most = np.maximum(best.shares - box, 0.0), np.minimum(best.shares + box, search.most)
        shares, value, held = core.solve(least, most, search.most, watch)
        shares = search.fair(shares)
        tried = search.priced(shares, watch)
        _keep(search, tried, watch)
        core.add(tried)
        fell, foretold = best.value - tried.value, best.value - value
        if fell > 0.0:
            best, best_priced = Found(shares, tried.value), tried
            box = box * 2.0 if held and fell > 0.25 * foretold else box
        else:
            box = box * 0.5
        there = not held and best.value - value <= near * search.size(best.value)
        if there or search.hopeless(best.value) or box.max() < _LEAST_BOX:
            break
    return core.mixture(best, best_priced, search.most, watch)


def _blended(search: Search, start: Floats, box: Floats, watch: Watch) -> tuple[Found, Ints]:
    """Good prices, and base plans in the proportions in which groups follow the prices that were tried."""
    found, model = cutting_planes(search, start, box, 1e-5, watch)
    model.lowest(found.shares, np.full(len(start), np.inf), search.most, watch)
    shares = np.cumsum(model.weights(), axis=0)
    units = np.arange(search.level.units)
    group, place = units % model.groups, units // model.groups
    along = (place + 0.5) / (1 + (search.level.units - 1 - group) // model.groups)
    follows = np.zeros(search.level.units, np.int64)
    for share in shares:
        follows += along > share[group]
    base = np.zeros(search.level.units, np.int64)
    for at, tried in enumerate(model.tried):
        mine = np.flatnonzero(follows == at)
        if len(mine):
            base[mine] = search.priced(tried, watch).plans[mine]
    return found, base


def _keep(search: Search, tried: Priced, watch: Watch) -> None:
    # A sample, and limits drawn in, prove nothing of the problem.
    whole = search.level.units == search.field.units and np.array_equal(search.level.limit, search.field.rows.limit)
    if search.counts and whole:
        watch.take_bound(tried.value, tried.prices)


class _Core:
    """The linear programme: rows, a row for each unit with several further plans; buying and selling at the box."""

    def __init__(self, search: Search, base: Ints, most_new: int) -> None:
        self._search = search
        self._most_new = most_new
        self._base = base
        self._rows = len(search.scale.row)
        self._totals = totals_of_all(search.field, base)
        self._keys = np.zeros(0, np.int64)
        self._row = np.full(search.level.units, -1, np.int64)
        self._single = np.full(search.level.units, -1, np.int64)
        self._account = search.scale.worth
        self._linear = Linear()
        left = (search.level.limit - taken_of(search.field, self._totals)) / search.scale.row
        rows = np.arange(self._rows)
        self._linear.add_rows(np.full(self._rows, -np.inf), left, np.zeros(self._rows, np.int64), *none()[1:])
        for sign in (-1.0, 1.0):
            endless = np.full(self._rows, np.inf)
            self._linear.add_columns(np.zeros(self._rows), 0 * rows, endless, rows, rows, np.full(self._rows, sign))
        draws = search.draws
        if len(draws):
            # What the plan counts in the end: no more than what it adds in each draw.
            entries = self._account / search.scale.row[draws]
            free = np.full(1, np.inf)
            self._linear.add_columns(-np.ones(1), -free, free, np.zeros(1), draws, entries)
        self._fixed = self._linear.columns

    def add(self, tried: Priced) -> int:
        """Give units that would have another plan than their base that plan; how many would."""
        moved = np.flatnonzero(tried.plans != self._base)
        count = len(moved)
        keys = (moved << CODE_BITS) | tried.plans[moved]
        moved = moved[~np.isin(keys, self._keys)]
        if not len(moved):
            return count
        change = self._change(moved, tried.plans[moved])
        if len(moved) > self._most_new:
            gain = self._search.goal * change.value - change.load @ tried.prices
            best = np.sort(np.argsort(-gain, kind="stable")[: self._most_new])
            moved, change = moved[best], Ledger(change.value[best], change.load[best])
        keys = (moved << CODE_BITS) | tried.plans[moved]
        inside = self._row[moved] >= 0
        starts, places = dense(len(moved), self._rows + 1)
        places[self._rows :: self._rows + 1] = self._rows + self._row[moved]
        entries = np.column_stack([change.load / self._search.scale.row, np.ones(len(moved))]).ravel()
        kept = np.ones(len(entries), np.bool_)
        kept[self._rows :: self._rows + 1] = inside
        starts = np.concatenate([[0], np.cumsum(self._rows + inside)[:-1]])
        first = self._linear.add_columns(
            -self._search.goal * change.value / self._account,
            np.zeros(len(moved)),
            np.ones(len(moved)),
            starts,
            places[kept],
            entries[kept],
        )
        self._one_of_several(moved, np.arange(first, first + len(moved)), inside)
        self._keys = np.concatenate([self._keys, keys])
        return count

    def _change(self, units: Ints, plans: Ints) -> Ledger:
        now, base = (ledger_of(self._search.field, units, one) for one in (plans, self._base[units]))
        return Ledger(now.value - base.value, now.load - base.load)

    def _one_of_several(self, units: Ints, columns: Ints, inside: NDArray[np.bool_]) -> None:
        """A row for each unit that now has a second further plan, over both."""
        second = ~inside & (self._single[units] >= 0)
        pairs = np.stack([self._single[units[second]], columns[second]], axis=1).ravel()
        count = int(second.sum())
        first = self._linear.add_rows(
            np.full(count, -np.inf), np.ones(count), np.arange(count) * 2, pairs, np.ones(len(pairs))
        )
        self._row[units[second]] = np.arange(first, first + count) - self._rows
        self._single[units[~inside & ~second]] = columns[~inside & ~second]

    def solve(self, least: Floats, most: Floats, dearest: Floats, watch: Watch) -> tuple[Floats, float, bool]:
        """The prices inside a box, the value of the model there, and whether the box holds the prices back.

        Args:
            least: the least price of each row, in shares.
            most: the most.
            dearest: the most that any price may be; a price that stands there is not held back by the box.
            watch: asked for the time that remains.
        """
        self._linear.price(0, np.concatenate([most, -least]))
        answer = self._linear.run(watch.left)
        if answer.status == "none":
            watch.see("linear programme")
        used = answer.values[: 2 * self._rows] > _TOUCH * self._search.level.units
        held = (used[: self._rows] & (most < dearest)) | (used[self._rows :] & (least > 0.0))
        self._values = answer.values
        value = (self._search.goal * self._totals.value / self._account - answer.objective) * self._account
        return np.clip(-answer.duals[: self._rows], least, most), value, bool(held.any())

    def mixture(self, best: Found, at_best: Priced, dearest: Floats, watch: Watch) -> Mixture:
        """The mixture of plans with no box."""
        _, value, _ = self.solve(np.zeros(self._rows), dearest, dearest, watch)
        return Mixture(
            best,
            value,
            at_best,
            self._base,
            self._totals,
            self._keys >> CODE_BITS,
            self._keys & ((1 << CODE_BITS) - 1),
            self._values[self._fixed :],
            self._values[: self._rows],
        )
