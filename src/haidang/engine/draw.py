"""One draw: all scenarios through all periods, under the same facts and the same chance.

The conductor holds what is one for all units - accounts, prices, what is seen of others, sums - and the parts of the
population hold their units. Each period runs the scenarios side by side on the same noise: wish, ration, where there
is a market search for its price, move; then sums by group are taken, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from haidang.engine.accounts import Account, equal_parts
from haidang.engine.counter import SlotRecord, serve_budgets
from haidang.engine.market import MarketRecord, before_each, find_price
from haidang.engine.part import Part
from haidang.engine.pools import pools_of
from haidang.engine.scenario import Slot
from haidang.engine.setting import Feeder, Setting
from haidang.engine.sight import Word
from haidang.engine.tally import UNIT_QUANTUM, in_units, refuse_inexact
from haidang.models import Card
from haidang.programmes import Budget

Sums = NDArray[np.float64]
NO_PEERS = np.zeros((1, 1), np.float32)


class Crew(Protocol):
    """The parts of a population, wherever they are."""

    @property
    def alone(self) -> bool:
        """Whether one part in memory holds the whole population."""
        ...

    def __call__(self, method: str, *given: Any) -> list[Any]:
        """Call a method of every part; what each answers, in the order of the parts."""
        ...


class LocalCrew:
    """The whole population as one part in this process."""

    def __init__(self, setting: Setting, draw: int, facts: tuple[NDArray[np.float32], ...]) -> None:
        """Lay out the part."""
        self._part = Part(setting, draw, facts, range(setting.source.count))
        self.alone = setting.source.resident

    def __call__(self, method: str, *given: Any) -> list[Any]:
        """Call a method of the part."""
        return [self._part.call(method, *given)]


@dataclass(frozen=True, slots=True)
class DrawResult:
    """The sums of one draw, in units of measure; arrays end in the margins of the groups.

    Periods of months are told by year: flows, choices and stages are added up, stocks are those of the year's end.

    Args:
        totals: scenarios x years x (units, then outcomes) x margins.
        users: scenarios x (scenario's own, baseline's) x (units, then tracked outcomes) x margins.
        choices: scenarios x years x (nothing, then alternatives).
        stages: scenarios x years x stages.
        budgets: for each scenario and year, the record of each slot.
        periods: scenarios x periods x (units, then outcomes), the whole population.
        markets: for each scenario and period, what happened on the market; empty without one.
    """

    totals: Sums
    users: Sums
    choices: Sums
    stages: Sums
    budgets: tuple[tuple[tuple[SlotRecord, ...], ...], ...]
    periods: Sums
    markets: tuple[tuple[MarketRecord, ...], ...]


@dataclass(slots=True)
class _Track:
    """What the conductor keeps of one scenario from period to period."""

    accounts: list[Account]
    peers: NDArray[np.float32] = field(default_factory=lambda: NO_PEERS)
    price: float = 0.0
    prices: list[MarketRecord] = field(default_factory=list[MarketRecord])
    ran: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])


def simulate_draw(
    setting: Setting, draw: int, facts: tuple[NDArray[np.float32], ...], crew: Crew | None = None
) -> DrawResult:
    """Run every scenario of the setting through every period of one draw.

    Args:
        setting: what all draws share.
        draw: number of the draw, counted from zero.
        facts: for each period, the facts of the draw in canonical units, in the setting's order (float32, facts).
        crew: the parts of the population; one in this process where none is given.

    Raises:
        OverflowingSumError: an outcome's sum is too large to be exact.
    """
    return _Draw(setting, draw, crew or LocalCrew(setting, draw, facts)).run()


class _Draw:
    """The period loop."""

    def __init__(self, setting: Setting, draw: int, crew: Crew) -> None:
        self.setting, self.draw, self.crew = setting, draw, crew
        self.card: Card = setting.model.card
        self.pools = tuple(tuple(one.count for one in slots) for slots in pools_of(setting))
        self.tracks = [_Track([_account(slot.budget) for slot in one.slots]) for one in setting.scenarios]
        self.income = {at: _income(feeder, draw) for at, feeder in setting.feeders}
        self.quanta = np.array([UNIT_QUANTUM, *(one.quantum for one in self.card.outcomes)])
        self.names = ("units", *(one.id for one in self.card.outcomes))
        flows = [True, *(one.kind == "flow" for one in self.card.outcomes)]
        flows[0] = False
        self.flows = np.array(flows)

    def run(self) -> DrawResult:
        """All periods in turn, then what became of the users of each scenario."""
        self._see(self.crew("begin"))
        setting, groups = self.setting, self.setting.source.groups
        periods, scenarios = len(setting.years), len(setting.scenarios)
        totals = np.zeros((scenarios, periods, len(self.names), groups.cells))
        choices = np.zeros((scenarios, periods, len(self.card.alternatives) + 1))
        stages = np.zeros((scenarios, periods, len(self.card.stages)))
        budgets: list[list[tuple[SlotRecord, ...]]] = [[] for _ in range(scenarios)]
        for period in range(periods):
            for place, (seen, records) in enumerate(self._settle(period)):
                stages[place, period] = seen
                budgets[place].append(records)
            moved = self.crew("move", period)
            totals[:, period] = np.sum([one for one, _, _ in moved], axis=0)
            choices[:, period] = np.sum([one for _, one, _ in moved], axis=0)
            self._see([looks for _, _, looks in moved])
        refuse_inexact(totals, self.quanta, self.names)
        one = np.array([UNIT_QUANTUM])
        by_year = self._by_year(totals, self.flows[:, None])
        refuse_inexact(by_year, self.quanta, self.names)
        return DrawResult(
            totals=in_units(groups.margins(by_year), self.quanta[:, None]),
            users=self._users(),
            choices=in_units(self._by_year(choices, np.True_), one),
            stages=in_units(self._by_year(stages, np.True_), one),
            budgets=tuple(self._budgets_by_year(place, rows) for place, rows in enumerate(budgets)),
            periods=in_units(totals.sum(axis=-1), self.quanta),
            markets=tuple(tuple(track.prices) for track in self.tracks),
        )

    def _settle(self, period: int) -> list[tuple[Sums, tuple[SlotRecord, ...]]]:
        """Steps 1 to 5 of a period: for each scenario the counts by stage, and what happened to its budgets."""
        places = tuple(range(len(self.tracks)))
        if self.card.market is not None:
            return [self._trade(place, period) for place in places]
        words = tuple(Word(track.peers) for track in self.tracks)
        stages = np.sum(self.crew("wish", places, period, words), axis=0)
        found: list[tuple[Sums, tuple[SlotRecord, ...]]] = []
        for place in places:
            available = self._open(place, period)
            records = self._ration(place, available)
            self._close(place, period, records)
            found.append((stages[place], records))
        return found

    def _trade(self, place: int, period: int) -> tuple[Sums, tuple[SlotRecord, ...]]:
        """Steps 1 to 4 inside the search for the price of the market, then the orders filled at it."""
        market, track = self.card.market, self.tracks[place]
        if market is None:
            raise RuntimeError("a price is looked for where there is no market")
        available = self._open(place, period)
        limits = self.crew("limits", place, period, Word(track.peers, track.price, track.price))
        floor, ceiling = max(low for low, _ in limits), min(high for _, high in limits)
        last = track.price if period else floor
        found: dict[float, tuple[Any, Sums, tuple[SlotRecord, ...]]] = {}
        at: list[float] = []

        def look(price: float) -> None:
            stages = np.sum(self.crew("wish", (place,), period, (Word(track.peers, price, last),)), axis=0)[0]
            records = self._ration(place, available)
            found[price] = (self.crew("orders", place, period), stages, records)
            at.append(price)

        def excess(price: float) -> int:
            look(price)
            bid, offered = np.sum([one.sum(axis=(0, 1)) for one in found[price][0]], axis=0)
            return int(bid - offered)

        track.price = find_price(market, floor, ceiling, excess)
        if at[-1] != track.price:
            look(track.price)
        orders, stages, records = found[track.price]
        befores, totals = before_each(orders)
        self.crew("trade", place, period, befores, totals)
        amounts = [total * market.quantum for total in (*totals, min(totals))]
        track.prices.append(MarketRecord(track.price, *amounts))
        self._close(place, period, records)
        return stages, records

    def _open(self, place: int, period: int) -> tuple[int | None, ...]:
        """What each budget of a scenario may spend in a period, after what comes in at the start of a year."""
        setting, track = self.setting, self.tracks[place]
        year = setting.years[period]
        if period == 0 or setting.year_ends(period - 1):
            for slot in range(len(track.accounts)):
                if (place, slot) in self.income:
                    come = self.income[place, slot]
                    # What came in a year between the periods is there at the next.
                    due = [when for when in come if when <= year]
                    track.accounts[slot] = track.accounts[slot].receive(sum(come.pop(when) for when in due))
        active = setting.scenarios[place].active(year, setting.month(period))
        slots = setting.scenarios[place].slots
        return tuple(
            (slot.budget.amount if slot.by else account.available()) if active[slot.instrument] else 0
            for account, slot in zip(track.accounts, slots, strict=True)
        )

    def _ration(self, place: int, available: tuple[int | None, ...]) -> tuple[SlotRecord, ...]:
        slots = self.setting.scenarios[place].slots
        if not slots:
            return ()
        return serve_budgets(self.crew, place, slots, self.pools[place], available, self.crew.alone)

    def _close(self, place: int, period: int, records: tuple[SlotRecord, ...]) -> None:
        """The accounts after a period."""
        setting, track = self.setting, self.tracks[place]
        year, ends = setting.years[period], setting.year_ends(period)
        active = setting.scenarios[place].active(year, setting.month(period))
        for k, (slot, record) in enumerate(zip(setting.scenarios[place].slots, records, strict=True)):
            if slot.by:
                continue
            if active[slot.instrument]:
                track.ran.add((k, year))
            elif (k, year) not in track.ran:
                track.accounts[k] = track.accounts[k].rest(year_ends=ends)
                continue
            parts = setting.returns[place][k]
            back = equal_parts(record.spent, parts) if parts else ()
            track.accounts[k] = track.accounts[k].close(record.spent, back, year_ends=ends)

    def _see(self, looks: list[list[Sums | None]]) -> None:
        """What units see of their peers in the next period: the mean of the model's columns by group, by weight."""
        if not self.card.peers:
            return
        for place, track in enumerate(self.tracks):
            sums = [one[place] for one in looks]
            found: Sums = np.sum([one for one in sums if one is not None], axis=0)
            track.peers = (found[:, 1] / np.maximum(found[:, 0], 1.0)).astype(np.float32)

    def _by_year(self, values: Sums, flows: NDArray[np.bool_] | np.bool_) -> Sums:
        """Values by period (second axis) as values by year: flows added up, the rest as it stands at the year's end."""
        if self.setting.months is None:
            return values
        found = [
            np.where(flows, values[:, those].sum(axis=1), values[:, those[-1]]) for those in self._periods_of_years()
        ]
        return np.stack(found, axis=1)

    def _periods_of_years(self) -> list[list[int]]:
        years = self.setting.years
        return [[k for k, one in enumerate(years) if one == year] for year in self.setting.result_years]

    def _budgets_by_year(self, place: int, rows: list[tuple[SlotRecord, ...]]) -> tuple[tuple[SlotRecord, ...], ...]:
        if self.setting.months is None:
            return tuple(rows)
        scenario, found = self.setting.scenarios[place], list[tuple[SlotRecord, ...]]()
        for those in self._periods_of_years():
            active = [scenario.active(self.setting.years[period], self.setting.month(period)) for period in those]
            year: list[SlotRecord] = []
            for k, slot in enumerate(scenario.slots):
                months = [rows[period][k] for period, runs in zip(those, active, strict=True) if runs[slot.instrument]]
                year.append(_over_months(months, slot))
            found.append(tuple(year))
        return tuple(found)

    def _users(self) -> Sums:
        names = ("units", *(one.id for one in self.card.outcomes if one.id in self.card.tracked))
        quanta = np.array([self.quanta[self.names.index(name)] for name in names])
        found = np.sum(self.crew("users"), axis=0)
        refuse_inexact(found, quanta, names)
        return in_units(self.setting.source.groups.margins(found), quanta[:, None])


def _over_months(records: list[SlotRecord], slot: Slot) -> SlotRecord:
    """A year's record, from the months in which the instrument ran.

    A budget could spend what it did and what it had left at the end; a capacity is there anew every month.
    """
    if not records:
        return SlotRecord(0, 0, 0, 0.0, 0.0)
    spent = sum(one.spent for one in records)
    left = records[-1].available
    available = None if left is None else spent + left - records[-1].spent
    return SlotRecord(
        sum(one.available or 0 for one in records) if slot.by else available,
        sum(one.requested for one in records),
        spent,
        sum(one.applicants for one in records),
        sum(one.served for one in records),
    )


def _account(budget: Budget) -> Account:
    amount = budget.amount
    if budget.fed_by is not None:
        amount = amount or 0
    if budget.tranches is not None:
        return Account(amount, budget.tranches[0], budget.carry_over, coming=budget.tranches[1:])
    return Account(amount, budget.per_year, budget.carry_over)


def _income(feeder: Feeder, draw: int) -> dict[int, int]:
    """What another programme pays in, by year, in whole units."""
    result = simulate_draw(feeder.setting, draw, feeder.facts(draw))
    names = [one.id for one in feeder.setting.model.card.outcomes]
    raised = result.totals[-1, :, 1 + names.index(feeder.outcome), 0]
    return {
        year + feeder.lag: max(0, int(np.floor(amount * feeder.share)))
        for year, amount in zip(feeder.setting.result_years, raised, strict=True)
    }
