"""One draw: all scenarios through all periods, under the same facts and the same chance.

The conductor holds what is one for all units - accounts, prices, what is seen of others, sums - and the parts of the
population hold their units. Each period runs the scenarios side by side on the same noise: wish, ration, where there
is a market search for its price, move; then sums by group are taken, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from haidang.engine.accounts import Account, equal_parts
from haidang.engine.counter import Bounds, SlotRecord, serve_budgets
from haidang.engine.market import MarketRecord, before_each, find_price
from haidang.engine.part import Part, Stood
from haidang.engine.pools import pools_of
from haidang.engine.scenario import Slot
from haidang.engine.setting import Feeder, Setting
from haidang.engine.sight import Facts, Word
from haidang.engine.tally import UNIT_QUANTUM, in_units, refuse_inexact
from haidang.models import Card
from haidang.programmes import Budget

Sums = NDArray[np.float64]
Records = list[tuple[SlotRecord, ...]]
"""For each draw, or for each period, what happened to each budget."""
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

    def __init__(self, setting: Setting, draws: Sequence[int], facts: Sequence[Facts]) -> None:
        """Lay out the part."""
        self._part = Part(setting, draws, facts, range(setting.source.count))
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
    """What the conductor keeps of one scenario in one draw from period to period."""

    accounts: list[Account]
    peers: NDArray[np.float32] = field(default_factory=lambda: NO_PEERS)
    price: float = 0.0
    prices: list[MarketRecord] = field(default_factory=list[MarketRecord])
    ran: set[tuple[int, int]] = field(default_factory=set[tuple[int, int]])


def simulate_draw(setting: Setting, draw: int, facts: Facts, crew: Crew | None = None) -> DrawResult:
    """Run every scenario of the setting through every period of one draw.

    Args:
        setting: what all draws share.
        draw: number of the draw, counted from zero.
        facts: for each period, the facts of the draw in canonical units, in the setting's order (float32, facts).
        crew: the parts of the population; one in this process where none is given.

    Raises:
        OverflowingSumError: an outcome's sum is too large to be exact.
    """
    return PeriodLoop(setting, [draw], crew or LocalCrew(setting, [draw], [facts])).run()[0]


class PeriodLoop:
    """The period loop, of one draw or of several at once."""

    def __init__(self, setting: Setting, draws: Sequence[int], crew: Crew) -> None:
        """Lay out what the conductor keeps.

        Args:
            setting: what all draws share; the rows of its blocks are of as many draws.
            draws: their numbers.
            crew: the parts of the population.
        """
        self.setting, self.crew, self.count = setting, crew, len(draws)
        self.card: Card = setting.model.card
        self.pools = tuple(tuple(one.count for one in slots) for slots in pools_of(setting))
        self.tracks = [
            [_Track([_account(slot.budget) for slot in one.slots]) for one in setting.scenarios] for _ in draws
        ]
        self.income = [{at: _income(feeder, draw) for at, feeder in setting.feeders} for draw in draws]
        self.active = [
            [one.active(year, setting.month(period)) for period, year in enumerate(setting.years)]
            for one in setting.scenarios
        ]
        self.quanta = np.array([UNIT_QUANTUM, *(one.quantum for one in self.card.outcomes)])
        self.names = ("units", *(one.id for one in self.card.outcomes))
        flows = [True, *(one.kind == "flow" for one in self.card.outcomes)]
        flows[0] = False
        self.flows = np.array(flows)

    def run(self, stood: Stood | None = None) -> list[DrawResult]:
        """All periods in turn, then what became of the users of each scenario; for each draw.

        Args:
            stood: what the units came to in the baseline, where it was simulated before (see `Part.sums`).
        """
        self._see(self.crew("begin"))
        setting, cells = self.setting, self.setting.source.groups.cells
        draws, periods, scenarios = self.count, len(setting.years), len(setting.scenarios)
        totals = np.zeros((draws, scenarios, periods, len(self.names), cells))
        choices = np.zeros((draws, scenarios, periods, len(self.card.alternatives) + 1))
        stages = np.zeros((draws, scenarios, periods, len(self.card.stages)))
        budgets: list[list[Records]] = [[] for _ in range(scenarios)]
        for period in range(periods):
            for place, (seen, records) in enumerate(self._settle(period)):
                stages[:, place, period] = seen
                budgets[place].append(records)
            moved = self.crew("move", period)
            totals[:, :, period] = _by_draw(np.sum([one for one, _, _ in moved], axis=0), draws)
            choices[:, :, period] = _by_draw(np.sum([one for _, one, _ in moved], axis=0), draws)
            self._see([looks for _, _, looks in moved])
        refuse_inexact(totals, self.quanta, self.names)
        users = self._users(stood)
        return [
            self._result(totals[k], choices[k], stages[k], users[k], [[one[k] for one in rows] for rows in budgets], k)
            for k in range(draws)
        ]

    def _result(
        self, totals: Sums, choices: Sums, stages: Sums, users: Sums, budgets: list[Records], draw: int
    ) -> DrawResult:
        """What came of the draw in this place."""
        one = np.array([UNIT_QUANTUM])
        by_year = self._by_year(totals, self.flows[:, None])
        refuse_inexact(by_year, self.quanta, self.names)
        return DrawResult(
            totals=in_units(self.setting.source.groups.margins(by_year), self.quanta[:, None]),
            users=users,
            choices=in_units(self._by_year(choices, np.True_), one),
            stages=in_units(self._by_year(stages, np.True_), one),
            budgets=tuple(self._budgets_by_year(place, rows) for place, rows in enumerate(budgets)),
            periods=in_units(totals.sum(axis=-1), self.quanta),
            markets=tuple(tuple(track.prices) for track in self.tracks[draw]),
        )

    def _settle(self, period: int) -> list[tuple[Sums, Records]]:
        """Steps 1 to 5 of a period: for each scenario the counts by stage and what happened to budgets, by draw."""
        places = tuple(range(len(self.setting.scenarios)))
        if self.card.market is not None:
            return [self._trade(place, period) for place in places]
        words = tuple(Word(np.concatenate([mine[place].peers for mine in self.tracks])) for place in places)
        stages = np.sum(self.crew("wish", places, period, words), axis=0)
        found: list[tuple[Sums, Records]] = []
        for place in places:
            records = self._ration(place, self._open(place, period))
            self._close(place, period, records)
            found.append((stages[place], records))
        return found

    def _trade(self, place: int, period: int) -> tuple[Sums, Records]:
        """Steps 1 to 4 inside the search for the price of the market, then the orders filled at it; in one draw."""
        market, track = self.card.market, self.tracks[0][place]
        if market is None:
            raise RuntimeError("a price is looked for where there is no market")
        available = self._open(place, period)
        limits = self.crew("limits", place, period, Word(track.peers, track.price, track.price))
        floor, ceiling = max(low for low, _ in limits), min(high for _, high in limits)
        last = track.price if period else floor
        found: dict[float, tuple[Any, Sums, Records]] = {}
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

    def _open(self, place: int, period: int) -> list[Bounds]:
        """What each budget of a scenario may spend in a period, by draw, after what comes in at the start of a year."""
        setting, active = self.setting, self.active[place][period]
        year, slots = setting.years[period], setting.scenarios[place].slots
        found: list[Bounds] = []
        for mine, income in zip(self.tracks, self.income, strict=True):
            track = mine[place]
            if period == 0 or setting.year_ends(period - 1):
                for slot in range(len(track.accounts)):
                    if (place, slot) in income:
                        come = income[place, slot]
                        # What came in a year between the periods is there at the next.
                        due = [when for when in come if when <= year]
                        track.accounts[slot] = track.accounts[slot].receive(sum(come.pop(when) for when in due))
            available = (
                (slot.budget.amount if slot.by else account.available()) if active[slot.instrument] else 0
                for account, slot in zip(track.accounts, slots, strict=True)
            )
            found.append(tuple(available))
        return found

    def _ration(self, place: int, available: Sequence[Bounds]) -> Records:
        slots = self.setting.scenarios[place].slots
        if not slots:
            return [() for _ in available]
        return serve_budgets(self.crew, place, slots, self.pools[place], available, self.crew.alone)

    def _close(self, place: int, period: int, records: Records) -> None:
        """The accounts after a period, in each draw."""
        for mine, found in zip(self.tracks, records, strict=True):
            self._close_accounts(mine[place], place, period, found)

    def _close_accounts(self, track: _Track, place: int, period: int, records: tuple[SlotRecord, ...]) -> None:
        setting, active = self.setting, self.active[place][period]
        year, ends = setting.years[period], setting.year_ends(period)
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
        for place in range(len(self.setting.scenarios)):
            sums = [one[place] for one in looks]
            found: Sums = np.sum([one for one in sums if one is not None], axis=0)
            peers = (found[:, :, 1] / np.maximum(found[:, :, 0], 1.0)).astype(np.float32)
            for mine, seen in zip(self.tracks, peers, strict=True):
                mine[place].peers = seen

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
            year: list[SlotRecord] = []
            for k, slot in enumerate(scenario.slots):
                months = [rows[period][k] for period in those if self.active[place][period][slot.instrument]]
                year.append(_over_months(months, slot))
            found.append(tuple(year))
        return tuple(found)

    def _users(self, stood: Stood | None) -> Sums:
        """For each draw, the sums of the users of each scenario."""
        names = ("units", *(one.id for one in self.card.outcomes if one.id in self.card.tracked))
        quanta = np.array([self.quanta[self.names.index(name)] for name in names])
        found = _by_draw(np.sum(self.crew("users", stood), axis=0), self.count)
        refuse_inexact(found, quanta, names)
        return in_units(self.setting.source.groups.margins(found), quanta[:, None])


def _by_draw(sums: Sums, draws: int) -> Sums:
    """Sums of which those of a draw stand behind those of the draw before along the last axis, with the draws first."""
    return np.moveaxis(sums.reshape(*sums.shape[:-1], draws, -1), -2, 0)


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
