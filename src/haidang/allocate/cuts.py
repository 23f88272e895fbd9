"""Prices from nothing: cutting planes on a sample of the units.

The dual function is the largest of many linear functions of the prices, and every evaluation gives one for each group
of units. A linear programme finds the lowest point of what is known, inside a box around the best prices so far: the
box grows where the model foretells well and shrinks where it does not (Marsten, Hogan and Blankenship 1975). Many
groups make a better model of the same evaluations.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.dual import Level, Priced, priced
from haidang.allocate.field import Field
from haidang.allocate.ledger import Totals, ledger_of
from haidang.allocate.linear import Linear, dense, none
from haidang.allocate.watch import Watch

Floats = NDArray[np.float64]

_GROUPS = 50
_MOST_ROUNDS = 200
_START = 0.3
"""What all rows together are thought to be worth at first, as a share of what could be had without them."""
_MOST = 30.0
"""The largest price looked at here, in shares: a sample may seem unable to do what all units can."""
_NOUGHT = 1e-3
"""A dual function below this share of what could be had without rows counts as this share where nearness is asked."""


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Units of account in which problems of any size look alike.

    A price in shares is what all of a row's limit is worth at it, as a share of what could be had without rows.

    Args:
        worth: of a unit without rows, on average.
        row: what a unit has of each row, on average (rows).
    """

    worth: float
    row: Floats

    def prices(self, shares: Floats) -> Floats:
        """Prices per unit of the rows."""
        return shares * self.worth / self.row


@dataclass(frozen=True, slots=True, eq=False)
class Search:
    """What prices are sought.

    Args:
        field: the units.
        level: which of them.
        scale: the units of account.
        goal: what one unit of the goal counts: one, or nought where only the rows matter.
        most: the most that each row's price may be, in shares.
        draws: the rows of a robust problem's draws, where a plan counts once; none for others.
        ceiling: more than any plan of the level is worth in any draw, for a robust problem.
    """

    field: Field
    level: Level
    scale: Scale
    goal: float
    most: Floats
    draws: NDArray[np.int64]
    ceiling: float

    @property
    def counts(self) -> bool:
        """Whether the dual function bounds what plans are worth."""
        return self.goal > 0.0 or len(self.draws) > 0

    def fair(self, shares: Floats) -> Floats:
        """Prices whose draws weigh no more than one together: a plan counts once."""
        weight = float(self.scale.prices(shares)[self.draws].sum())
        return shares / weight if weight > 1.0 else shares

    def size(self, value: float) -> float:
        """What nearness is measured against: the dual function, unless it is next to nothing."""
        return max(abs(value), _NOUGHT * self.scale.worth * self.level.units)

    def hopeless(self, value: float) -> bool:
        """Whether the dual function proves that no plan keeps the rows: every plan is worth something or nothing."""
        return self.counts and value < 0.0

    def priced(self, shares: Floats, watch: Watch) -> Priced:
        """The dual function at fair prices in shares."""
        prices = self.scale.prices(shares)
        found = priced(self.field, self.level, prices, self.goal, watch)
        missing = 1.0 - float(prices[self.draws].sum()) if len(self.draws) else 0.0
        return replace(found, value=found.value + missing * self.ceiling) if missing > 0.0 else found

    def value(self, totals: Totals) -> float:
        """What plans are worth."""
        problem = self.field.problem
        if problem.robust is None:
            return totals.value
        places = {name: self.field.rows.measures.index(name) for name in problem.robust.draws}
        return problem.robust.value({name: float(totals.measured[at].sum()) for name, at in places.items()})


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """Prices and the dual function there.

    Args:
        shares: the prices in shares.
        value: the dual function.
    """

    shares: Floats
    value: float


def scale_of(field: Field, level: Level, watch: Watch) -> Scale:
    """The units of account, from what the units of a level would have without rows."""
    free = priced(field, level, np.zeros(len(field.rows.names)), 1.0, watch)
    worth = free.value / level.units
    load = np.abs(ledger_of(field, np.arange(level.units), free.plans).load).mean(axis=0)
    row = np.where(level.limit == 0.0, load, np.maximum(np.abs(level.limit) / level.units, 0.02 * load))
    return Scale(worth if worth > 0.0 else 1.0, np.where(row > 0.0, row, 1.0))


def start_of(search: Search) -> tuple[Floats, Floats]:
    """Prices to begin at where nothing is known, and a box around them, in shares."""
    rows = len(search.scale.row)
    even = np.full(rows, _START / max(rows, 1))
    start = np.minimum(np.where(search.level.limit > 0.0, even, 0.0), search.most)
    start[search.draws] = (search.scale.row / search.scale.worth)[search.draws] / max(len(search.draws), 1)
    return search.fair(start), even


def cutting_planes(search: Search, start: Floats, box: Floats, near: float, watch: Watch) -> tuple[Found, Model]:
    """Prices at which the dual function is nearly lowest, and all that was learned of it on the way.

    Args:
        search: on a sample small enough to be evaluated some dozens of times.
        start: prices to begin at, in shares.
        box: how far from the best prices so far the next may lie, at first.
        near: how near, as a share.
        watch: asked between evaluations.
    """
    most = np.minimum(search.most, _MOST)
    model = Model(search)
    best = Found(start, model.evaluate(start, watch))
    for _ in range(_MOST_ROUNDS):
        if search.hopeless(best.value):
            break
        shares, low, inside = model.lowest(best.shares, box, most, watch)
        foretold = best.value - low
        if inside and foretold <= near * search.size(best.value):
            break
        shares = search.fair(shares)
        value = model.evaluate(shares, watch)
        fell = best.value - value
        if fell <= 0.0:
            box = box * 0.5
        elif not inside and fell > 0.25 * foretold:
            box = box * 2.0
        if fell > 0.0:
            best = Found(shares, value)
    return best, model


class Model:
    """The dual function as far as it is known: a column for each price and each group, a row for each cut.

    Args:
        search: whose dual function it is.
    """

    def __init__(self, search: Search) -> None:
        """Begin with nothing known."""
        self._search = search
        self._rows = len(search.scale.row)
        self._units = np.arange(search.level.units)
        self._account = search.scale.worth
        self._linear = Linear()
        self.groups = min(_GROUPS, search.level.units)
        self.tried: list[Floats] = []
        endless = np.full(self.groups, np.inf)
        limit = search.level.limit / search.scale.row
        self._linear.add_columns(limit, np.zeros(self._rows), np.zeros(self._rows), *_empty(self._rows))
        self._linear.add_columns(np.ones(self.groups), -endless, endless, *_empty(self.groups))
        self._first = 0
        if len(search.draws):
            weights = (search.scale.worth / search.scale.row)[search.draws]
            self._linear.add_rows(np.ones(1), np.ones(1), np.zeros(1), search.draws, weights)
            self._first = 1

    def evaluate(self, shares: Floats, watch: Watch) -> float:
        """The dual function; its cuts are kept."""
        found = self._search.priced(shares, watch)
        ledger = ledger_of(self._search.field, self._units, found.plans)
        group = self._units % self.groups
        load = ledger.load / self._search.scale.row
        value = np.bincount(group, self._search.goal * ledger.value / self._account, self.groups)
        taken = np.stack([np.bincount(group, load[:, row], self.groups) for row in range(self._rows)], axis=1)
        starts, columns = dense(self.groups, self._rows + 1)
        columns[self._rows :: self._rows + 1] += np.arange(self.groups)
        entries = np.column_stack([taken, np.ones(self.groups)]).ravel()
        self._linear.add_rows(value, np.full(self.groups, np.inf), starts, columns, entries)
        self.tried.append(shares)
        return found.value

    def lowest(self, around: Floats, box: Floats, most: Floats, watch: Watch) -> tuple[Floats, float, bool]:
        """The lowest point of the model in a box, the value there, and whether it lies inside the box."""
        least, most = np.maximum(around - box, 0.0), np.minimum(around + box, most)
        self._linear.bound(0, least, most)
        answer = self._linear.run(watch.left)
        if answer.status == "none":
            watch.see("cutting planes")
        shares = np.clip(answer.values[: self._rows], least, most)
        at_edge = (shares <= around - box * (1 - 1e-6)) | (shares >= around + box * (1 - 1e-6))
        self._duals = answer.duals[self._first :]
        return shares, answer.objective * self._account, not at_edge.any()

    def weights(self) -> Floats:
        """How much of each group follows each of the prices tried, at the lowest point (tried, groups)."""
        weights = np.maximum(self._duals.reshape(-1, self.groups), 0.0)
        missing = len(self.tried) - len(weights)
        weights = np.pad(weights, ((0, missing), (0, 0)))
        return weights / weights.sum(axis=0)


def _empty(count: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    return np.zeros(count, np.int64), *none()[1:]
