"""One draw: all scenarios through all periods, under the same facts and the same chance.

This is the only place that holds state. Each period runs the scenarios side by side on the same noise: wish, ration,
move; then sums by group are taken, exactly, and the states are kept for the next period.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.engine import few
from haidang.engine.accounts import Account, equal_parts
from haidang.engine.blocks import Block, Source
from haidang.engine.chance import gumbel, normal, stream_key, uniform
from haidang.engine.compiled import jnp
from haidang.engine.holdings import HeldInFiles, HeldInMemory, Holding, Holdings
from haidang.engine.scenario import Programs, Scenario, Slot, View
from haidang.engine.service import Asked, Outcome, Roll, SlotRecord, ration
from haidang.engine.shelf import Shelf
from haidang.engine.tally import UNIT_QUANTUM, in_units, record, refuse_inexact, tally
from haidang.models import Card, Columns, Model

Array = Any
_LAWS = {"uniform": uniform, "normal": normal}


@dataclass(frozen=True, slots=True)
class Setting:
    """What all draws share.

    Args:
        model: the model.
        source: the population.
        scenarios: the baseline first.
        programs: the compiled programs of each scenario.
        years: the years of the periods in order.
        seed: the seed of all chance.
        facts: the names of the facts, in the order of a draw's arrays.
        returns: for each scenario and slot, over how many periods what was given comes back; 0 where it does not.
    """

    model: Model
    source: Source
    scenarios: tuple[Scenario, ...]
    programs: tuple[Programs, ...]
    years: tuple[int, ...]
    seed: int
    facts: tuple[str, ...]
    returns: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class DrawResult:
    """The sums of one draw, in units of measure; arrays end in the margins of the groups.

    Args:
        totals: scenarios x years x (units, then outcomes) x margins.
        users: scenarios x (scenario's own, baseline's) x (units, then tracked outcomes) x margins.
        choices: scenarios x years x (nothing, then alternatives).
        stages: scenarios x years x stages.
        budgets: for each scenario and year, the record of each slot.
    """

    totals: NDArray[np.float64]
    users: NDArray[np.float64]
    choices: NDArray[np.float64]
    stages: NDArray[np.float64]
    budgets: tuple[tuple[tuple[SlotRecord, ...], ...], ...]


@dataclass(slots=True)
class _Track:
    """What one scenario carries from period to period."""

    accounts: list[Account]
    holdings: Holdings
    peers: Array = None


def simulate_draw(setting: Setting, draw: int, facts: tuple[NDArray[np.float32], ...]) -> DrawResult:
    """Run every scenario of the setting through every period of one draw.

    Args:
        setting: what all draws share.
        draw: number of the draw, counted from zero.
        facts: for each period, the facts of the draw in canonical units, in the setting's order (float32, facts).

    Raises:
        OverflowingSumError: an outcome's sum is too large to be exact.
    """
    return _Draw(setting, draw, facts).run()


class _Draw:
    """The period loop."""

    def __init__(self, setting: Setting, draw: int, facts: tuple[NDArray[np.float32], ...]) -> None:
        self.setting = setting
        self.card: Card = setting.model.card
        self.draw = draw
        self.facts = tuple(jnp.asarray(one) for one in facts)
        self.first = dict(zip(setting.facts, facts[0], strict=True))
        self.clock = [(jnp.int32(year), jnp.int32(period)) for period, year in enumerate(setting.years)]
        self.rolls: dict[int, Roll] = {}
        self.tracks: list[_Track] = []
        self.ones = jnp.ones(setting.source.length, jnp.float32)
        self.nobody = jnp.zeros(setting.source.length, jnp.uint8)
        self.kept: dict[tuple[int, int, str], Any] = {}
        self.quanta = np.array([UNIT_QUANTUM, *(one.quantum for one in self.card.outcomes)])
        self.names = ("units", *(one.id for one in self.card.outcomes))
        self.tracked = tuple(i for i, one in enumerate(self.card.outcomes) if one.id in self.card.tracked)

    def run(self) -> DrawResult:
        """All periods in turn, then what became of the users of each scenario."""
        self._begin()
        years, scenarios = len(self.setting.years), len(self.setting.scenarios)
        groups = self.setting.source.groups
        totals = np.zeros((scenarios, years, len(self.names), groups.cells))
        choices = np.zeros((scenarios, years, len(self.card.alternatives) + 1))
        stages = np.zeros((scenarios, years, len(self.card.stages)))
        budgets: list[list[tuple[SlotRecord, ...]]] = [[] for _ in range(scenarios)]
        for period in range(years):
            served = self._wish_and_ration(period, stages)
            for place, outcome in enumerate(served):
                budgets[place].append(outcome.records)
            self._move(period, served, totals, choices)
        refuse_inexact(totals, self.quanta, self.names)
        one = np.array([UNIT_QUANTUM])
        return DrawResult(
            totals=in_units(groups.margins(totals), self.quanta[:, None]),
            users=self._users(),
            choices=in_units(choices, one),
            stages=in_units(stages, one),
            budgets=tuple(tuple(rows) for rows in budgets),
        )

    def _key(self, purpose: str, name: str, period: int | None = None) -> NDArray[np.uint32]:
        return stream_key(self.setting.seed, self.draw, purpose, name, period)

    def _begin(self) -> None:
        """States, accounts and memories before the first period."""
        source, shelf = self.setting.source, None if self.setting.source.resident else Shelf()
        for place, scenario in enumerate(self.setting.scenarios):
            holdings = HeldInMemory() if shelf is None else HeldInFiles(shelf, str(place))
            self.tracks.append(_Track([_account(slot.budget) for slot in scenario.slots], holdings))
        zeros = jnp.zeros(source.length, jnp.float32)
        sums: list[Any] = [0.0 for _ in self.tracks]
        for index in range(source.count):
            block = source.block(index)
            self.rolls[index] = Roll(block.ids, np.asarray(block.weight)[: block.rows])
            start = self.setting.model.start(Columns(block.units, source.codes), self.first)
            state = {
                name: jnp.broadcast_to(jnp.asarray(column), (source.length,)).astype(self.card.states[name].dtype)
                for name, column in start.items()
            }
            for place, track in enumerate(self.tracks):
                bounded = (k for k, one in enumerate(self._slots(place)) if one.budget.per_unit is not None)
                received = {slot: np.zeros(source.length) for slot in bounded}
                track.holdings.keep(index, Holding(state, tuple(zeros for _ in self.tracked), zeros > 1, received))
                self._look(sums, place, block, state)
        self._see(sums)

    def _slots(self, place: int) -> tuple[Slot, ...]:
        return self.setting.scenarios[place].slots

    def _look(self, sums: list[Any], place: int, block: Block, state: Mapping[str, Array]) -> None:
        """Add a block to the sums behind what units see of their peers."""
        if self.card.peers:
            seen = self.setting.programs[place].observe(block.units, state, block.weight)
            sums[place] = sums[place] + np.asarray(seen)

    def _see(self, sums: list[Any]) -> None:
        """What units see of their peers in the next period: the mean of the model's columns by group, by weight."""
        if self.card.peers:
            for track, found in zip(self.tracks, sums, strict=True):
                track.peers = jnp.asarray((found[:, 1] / np.maximum(found[:, 0], 1.0)).astype(np.float32))

    def _noise(self, block: Block, period: int) -> dict[str, Array]:
        """Gumbel numbers for *nothing* and each alternative; kept for the period where the blocks are kept."""
        names = ("nothing", *(one.id for one in self.card.alternatives))
        return {name: self._number(block, period, "noise", name, gumbel, period) for name in names}

    def _chance(self, block: Block, period: int) -> dict[str, Array]:
        return {
            name: self._number(block, period, "chance", name, _LAWS[one.law], None if one.lasts == "draw" else period)
            for name, one in self.card.chances.items()
        }

    def _number(self, block: Block, period: int, purpose: str, name: str, law: Any, stream: int | None) -> Array:
        key = (block.index, -1 if stream is None else stream, f"{purpose}/{name}")
        if key in self.kept:
            return self.kept[key]
        numbers = law(self._key(purpose, name, stream), block.low, block.high)
        if self.setting.source.resident:
            self.kept[key] = numbers
        return numbers

    def _forget(self, period: int) -> None:
        """Drop the numbers of a period that is over."""
        for key in [key for key in self.kept if key[1] == period]:
            del self.kept[key]

    def _left(
        self, place: int, block: Block, period: int, received: Mapping[int, NDArray[np.float64]]
    ) -> Mapping[str, Array]:
        """For each slot with a bound per unit, what each unit may still get; the same all through a period."""
        key = (block.index, period, f"left/{place}")
        if key in self.kept:
            return self.kept[key]
        left: dict[str, Array] = {}
        for slot, got in received.items():
            bound = self._slots(place)[slot].budget.per_unit or 0
            left[str(slot)] = jnp.asarray(_rounded_down(np.maximum(bound - got, 0.0)))
        if self.setting.source.resident:
            self.kept[key] = left
        return left

    def _view(self, place: int, block: Block, period: int, denied: Array, share: Array | None = None) -> View:
        state, received = self.tracks[place].holdings.seen(block.index)
        return View(
            units=self._units(block),
            state=state,
            fact=self.facts[period],
            chance=self._chance(block, period),
            peers=self.tracks[place].peers,
            denied=denied,
            share=self.ones if share is None else share,
            left=self._left(place, block, period, received),
            active=self.setting.scenarios[place].active(self.setting.years[period]),
            year=self.clock[period][0],
            index=self.clock[period][1],
        )

    def _units(self, block: Block) -> Mapping[str, Array]:
        """The population's columns and the model's own for the draw; kept where the blocks are kept."""
        key = (block.index, -1, "units")
        if key not in self.kept:
            columns = {**block.units, **self.setting.programs[0].prepare(block.units, self.facts[0])}
            if not self.setting.source.resident:
                return columns
            self.kept[key] = columns
        return self.kept[key]

    def _ask(self, place: int, block: Block, period: int, denied: NDArray[np.uint8]) -> Asked:
        """The choices of a block under what it was denied, and what they ask of each budget."""
        view = self._view(place, block, period, jnp.asarray(denied))
        return self._answers(place, view, self._noise(block, period), denied)

    def _ask_again(self, place: int, block: Block, period: int, base: Asked, denied: NDArray[np.uint8]) -> Asked:
        """The same after some were denied more: only they are asked, where they are few."""
        rows = np.flatnonzero(base.denied != denied)
        if not few.are_few(rows, self.setting.source.length):
            return self._ask(place, block, period, denied)
        view = self._view(place, block, period, self.nobody)
        some, noise = few.gather(view, self._noise(block, period), rows, denied)
        return few.merge(base, rows, self._answers(place, some, noise, denied), denied)

    def _answers(self, place: int, view: View, noise: Mapping[str, Array], denied: NDArray[np.uint8]) -> Asked:
        programs = self.setting.programs[place]
        choice = programs.wish(view, noise)
        if not self._slots(place):
            return Asked(np.asarray(choice), denied, (), ())
        amounts, priorities = (tuple(np.asarray(one) for one in columns) for columns in programs.claim(view, choice))
        return Asked(np.asarray(choice), denied, amounts, priorities)

    def _wish_and_ration(self, period: int, stages: NDArray[np.float64]) -> list[Outcome]:
        """Steps 1 to 4 of a period, for every scenario."""
        source = self.setting.source
        asked: list[dict[int, Asked]] = [{} for _ in self.tracks]
        none = np.zeros(source.length, np.uint8)
        for index in range(source.count):
            block = source.block(index)
            for place in range(len(self.tracks)):
                asked[place][index] = self._ask(place, block, period, none)
                stages[place, period] += self._stages(place, block, period)
        return [self._ration(place, period, asked[place]) for place in range(len(self.tracks))]

    def _stages(self, place: int, block: Block, period: int) -> NDArray[np.float64]:
        if not self.card.stages or not self.setting.scenarios[place].instruments:
            return np.zeros(len(self.card.stages))
        view = self._view(place, block, period, self.nobody)
        return np.asarray(self.setting.programs[place].stages(view, block.weight))

    def _ration(self, place: int, period: int, asked: dict[int, Asked]) -> Outcome:
        scenario, track = self.setting.scenarios[place], self.tracks[place]
        if not scenario.slots:
            return Outcome(asked, (), (), {})
        year = self.setting.years[period]
        active = scenario.active(year)

        latest = dict(asked)

        def rewish(index: int, denied: NDArray[np.uint8]) -> Asked:
            latest[index] = self._ask_again(place, self.setting.source.block(index), period, latest[index], denied)
            return latest[index]

        bounds = [account.available() for account in track.accounts]
        outcome = ration(
            scenario.instruments,
            scenario.slots,
            tuple(bound if active[slot.instrument] else 0 for bound, slot in zip(bounds, scenario.slots, strict=True)),
            asked,
            self.rolls,
            tuple(self._key("queue", _queue_name(scenario, k), period) for k in range(len(scenario.slots))),
            tuple(self._key("part", _queue_name(scenario, k), period) for k in range(len(scenario.slots))),
            rewish,
        )
        for slot, one in enumerate(outcome.records):
            if not active[scenario.slots[slot].instrument]:
                track.accounts[slot] = track.accounts[slot].rest()
                continue
            years = self.setting.returns[place][slot]
            back = equal_parts(one.spent, years) if years else ()
            track.accounts[slot] = track.accounts[slot].close(one.spent, back)
        return outcome

    def _move(
        self, period: int, served: list[Outcome], totals: NDArray[np.float64], choices: NDArray[np.float64]
    ) -> None:
        """Step 6: states change and outcomes are recorded by group."""
        source, cells = self.setting.source, self.setting.source.groups.cells
        sums: list[Any] = [0.0 for _ in self.tracks]
        for index in range(source.count):
            block = source.block(index)
            for place, track in enumerate(self.tracks):
                asked = served[place].asked[index]
                view = self._view(place, block, period, asked.denied, served[place].share.get(index))
                choice = jnp.asarray(asked.choice)
                state, found = self.setting.programs[place].move(view, choice)
                held = track.holdings.whole(index)
                counted, by_choice, so_far, helped = record(
                    found,
                    (held.sums, held.helped),
                    (block.weight, block.cell, choice),
                    self.quanta,
                    sizes=(cells, choices.shape[-1]),
                    tracked=self.tracked,
                )
                # Only now: what a unit may still get is seen by its move as it was when it wished.
                received = {slot: got + served[place].received[slot][index] for slot, got in held.received.items()}
                track.holdings.keep(index, Holding(state, so_far, helped, received))
                totals[place, period] += np.asarray(counted)
                choices[place, period] += np.asarray(by_choice)
                self._look(sums, place, block, state)
        self._see(sums)
        self._forget(period)

    def _users(self) -> NDArray[np.float64]:
        """Tracked outcomes over the horizon of the units that used an instrument: theirs, and the same in baseline."""
        source = self.setting.source
        names = ("units", *(self.names[1 + i] for i in self.tracked))
        quanta = np.array([UNIT_QUANTUM, *(self.quanta[1 + i] for i in self.tracked)])
        found = np.zeros((len(self.tracks), 2, len(names), source.groups.cells))
        for index in range(source.count):
            block = source.block(index)
            held = [track.holdings.whole(index) for track in self.tracks]
            for place, mine in enumerate(held):
                helped = mine.helped.astype(jnp.float32)
                for side, whose in enumerate((mine, held[0])):
                    columns = (helped, *(total * helped for total in whose.sums))
                    counted = tally(columns, block.weight, quanta, block.cell, cells=source.groups.cells)
                    found[place, side] += np.asarray(counted)
        refuse_inexact(found, quanta, names)
        return in_units(source.groups.margins(found), quanta[:, None])


def _queue_name(scenario: Scenario, place: int) -> str:
    """A queue's own name: the instrument's, so that what other instruments a scenario has changes nothing."""
    slot = scenario.slots[place]
    return f"{scenario.instruments[slot.instrument].id}/{slot.budget.resource}"


def _rounded_down(column: NDArray[np.float64]) -> NDArray[np.float32]:
    """In single precision and never above: a bound that is rounded up would be passed."""
    single = column.astype(np.float32)
    return np.where(single > column, np.nextafter(single, np.float32(-np.inf)), single)


def _account(budget: Any) -> Account:
    return Account(budget.amount, budget.per_year, budget.carry_over)
