"""A part of the population in one draw: some of its blocks, all that their units carry, and what they answer.

This is the only place that holds state of units. It is told prices, cuts and what units see of others, and answers
with sums; it never learns what other parts there are. A small population may stand in its block once for each of
several draws (`engine.repeated`): then the answers are of each.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.engine import few
from haidang.engine.answers import Asked, Roll, rolls_on
from haidang.engine.blocks import Block
from haidang.engine.compiled import jnp
from haidang.engine.counter import Bounds
from haidang.engine.holdings import HeldInFiles, HeldInMemory, Holding, Holdings
from haidang.engine.market import fill, order_sums
from haidang.engine.pools import pools_of
from haidang.engine.rationing import Cut
from haidang.engine.scenario import Scenario
from haidang.engine.service import Queues, Teller
from haidang.engine.setting import Setting
from haidang.engine.shelf import Shelf
from haidang.engine.sight import Facts, Sight, Word
from haidang.engine.tally import UNIT_QUANTUM, record, tally
from haidang.engine.view import View
from haidang.engine.waiting import serve_waiting

Array = Any
Sums = NDArray[np.float64]
Amounts = NDArray[np.float64]
Whole = NDArray[np.int64]
Stood = Mapping[int, tuple[Array, ...]]
"""By block, what each unit came to of each tracked outcome over the horizon (float32, units)."""


@dataclass(slots=True)
class _Side:
    """What one scenario's units carry, and what they answer in the period at hand."""

    holdings: Holdings
    word: Word
    teller: Teller | None = None
    traded: dict[int, dict[str, Amounts]] = field(default_factory=dict[int, dict[str, Amounts]])


class Part:
    """Some blocks of a setting's population in one draw, or in as many as the rows of its blocks are of."""

    def __init__(
        self, setting: Setting, draws: Sequence[int], facts: Sequence[Facts], blocks: Iterable[int], number: int = 0
    ) -> None:
        """Lay out what the draws need; `begin` comes next.

        Args:
            setting: what all draws share.
            draws: the numbers of the draws.
            facts: the facts of each.
            blocks: the places of the blocks.
            number: the part's place among all parts.
        """
        self.number = number
        self.setting, self.card = setting, setting.model.card
        self.sight, self.draws = Sight(setting, draws, facts), len(draws)
        self.blocks = tuple(blocks)
        self.shelf = None if setting.source.resident else Shelf()
        self.rolls: MutableMapping[int, Roll] = {} if self.shelf is None else rolls_on(self.shelf, "rolls")
        self.sides: list[_Side] = []
        self.nobody = jnp.zeros(setting.source.length, jnp.uint8)
        self.quanta = np.array([UNIT_QUANTUM, *(one.quantum for one in self.card.outcomes)])
        self.tracked = tuple(i for i, one in enumerate(self.card.outcomes) if one.id in self.card.tracked)
        self.pools = pools_of(setting)

    def call(self, method: str, *given: Any) -> Any:
        """Call a method with numbers of double precision where the programs ask for them."""
        with jax.enable_x64(True):
            return getattr(self, method)(*given)

    def begin(self) -> list[Sums | None]:
        """States and memories before the first period; gives the sums behind what units see of their peers."""
        source = self.setting.source
        for place in range(len(self.setting.scenarios)):
            holdings = HeldInMemory() if self.shelf is None else HeldInFiles(self.shelf, str(place))
            self.sides.append(_Side(holdings, Word(np.zeros((1, 1), np.float32))))
        zeros = jnp.zeros(source.length, jnp.float32)
        looks: list[Sums | None] = [None for _ in self.sides]
        for index in self.blocks:
            block = source.block(index)
            self.rolls[index] = Roll(block.ids, np.asarray(block.weight)[: block.rows])
            state = self.sight.start(block)
            for place, side in enumerate(self.sides):
                bounded = (
                    k for k, one in enumerate(self.setting.scenarios[place].slots) if one.budget.per_unit is not None
                )
                received = {slot: np.zeros(source.length) for slot in bounded}
                side.holdings.keep(index, Holding(state, tuple(zeros for _ in self.tracked), zeros > 1, received))
                looks[place] = self._look(looks[place], place, block, state)
        return looks

    def limits(self, place: int, period: int, word: Word) -> tuple[float, float]:
        """The highest floor and the lowest ceiling of the price among the units."""
        self.sides[place].word = word
        found: list[tuple[float, float]] = []
        for index in self.blocks:
            block = self.setting.source.block(index)
            view = self._view(place, block, period, self.nobody)
            low, high = self.setting.programs[place].limits(view, block.weight)
            found.append((float(low), float(high)))
        return max(low for low, _ in found), min(high for _, high in found)

    def wish(self, places: tuple[int, ...], period: int, words: tuple[Word, ...]) -> list[Sums]:
        """First choices of some scenarios; gives how many units reach each stage, in quanta (each draws x stages)."""
        source, none = self.setting.source, np.zeros(self.setting.source.length, np.uint8)
        stages: list[Sums] = [np.zeros((self.draws, len(self.card.stages))) for _ in places]
        asked: list[MutableMapping[int, Asked]] = []
        for place, word in zip(places, words, strict=True):
            self.sides[place].word, self.sides[place].traded = word, {}
            asked.append(Teller.answers(self.shelf, str(place)))
        for index in self.blocks:
            block = source.block(index)
            for k, place in enumerate(places):
                asked[k][index] = self._ask(place, block, period, none)
                stages[k] = stages[k] + self._stages(place, block, period)
        for k, place in enumerate(places):
            self.sides[place].teller = self._teller(place, period, asked[k])
        return stages

    def _teller(self, place: int, period: int, asked: MutableMapping[int, Asked]) -> Teller:
        scenario = self.setting.scenarios[place]
        names = [_queue_name(scenario, k) for k in range(len(scenario.slots))]
        queues = Queues(
            scenario.instruments,
            scenario.slots,
            tuple(pool.count for pool in self.pools[place]),
            tuple(self.sight.keys("queue", name, period) for name in names),
            tuple(self.sight.keys("part", name, period) for name in names),
            self.draws,
        )

        def rewish(index: int, denied: NDArray[np.uint8]) -> Asked:
            block = self.setting.source.block(index)
            return self._ask_again(place, block, period, asked[index], denied)

        return Teller(queues, asked, self.rolls, self._pool_of(place), rewish, self.shelf, str(place))

    def _pool_of(self, place: int) -> Any:
        def pool(slot: int, index: int) -> Whole | None:
            one = self.pools[place][slot]
            return None if one.count * self.draws == 1 else one.codes(self.setting.source.block(index))

        return pool

    def _serving(self, place: int) -> Teller:
        teller = self.sides[place].teller
        if teller is None:
            raise RuntimeError("a budget is served before anybody has wished")
        return teller

    def demand(self, place: int, slot: int) -> tuple[Whole, Amounts, Any]:
        """See `Teller.demand`."""
        return self._serving(place).demand(slot)

    def cut(self, place: int, slot: int, available: Whole) -> Cut:
        """See `Teller.cut`."""
        return self._serving(place).cut(slot, available)

    def histogram(self, place: int, slot: int, prefix: NDArray[np.uint64], known: int, bits: int) -> Whole:
        """See `Teller.histogram`."""
        return self._serving(place).histogram(slot, prefix, known, bits)

    def alike(self, place: int, slot: int, key: NDArray[np.uint64]) -> tuple[Whole, Whole, Whole, Any]:
        """See `Teller.alike`."""
        return self._serving(place).alike(slot, key)

    def serve(self, place: int, slot: int, cut: Cut | None) -> None:
        """See `Teller.serve`."""
        self._serving(place).serve(slot, cut)

    def wait(self, place: int, slot: int, last: int, available: Sequence[Bounds]) -> None:
        """See `serve_waiting`."""
        serve_waiting(self._serving(place), slot, last, available)

    def spent(self, place: int, slot: int) -> tuple[Whole, Amounts]:
        """See `Teller.spent`."""
        return self._serving(place).spent(slot)

    def orders(self, place: int, period: int) -> Whole:
        """What is bid and offered on each side of the market at the price told, in quanta (blocks x sides x 2)."""
        return np.stack([order_sums(self._orders(place, period, index)) for index in self.blocks])

    def _orders(self, place: int, period: int, index: int) -> list[Whole]:
        """Each side's orders of a block in whole quanta, all real units of a row together (int64, rows)."""
        market, block = self.card.market, self.setting.source.block(index)
        if market is None:
            return []
        teller = self._serving(place)
        asked = teller.asked[index]
        view = self._view(place, block, period, asked.denied, teller.shares().get(index))
        columns = self.setting.programs[place].orders(view, jnp.asarray(asked.choice))
        roll = self.rolls[index]
        return [
            np.rint(np.asarray(one)[: len(roll.ids)] * roll.weight / market.quantum).astype(np.int64) for one in columns
        ]

    def trade(self, place: int, period: int, befores: list[Whole], totals: tuple[int, int]) -> None:
        """Fill the orders: the short side whole, the long side in equal parts.

        Args:
            place: the scenario.
            period: the period.
            befores: for each part, what blocks before each of its own bid and offered (blocks x sides x 2).
            totals: all that is bid and all that is offered.
        """
        market, side = self.card.market, self.sides[place]
        if market is None:
            return
        for k, index in enumerate(self.blocks):
            orders = self._orders(place, period, index)
            roll, filled = self.rolls[index], fill(orders, befores[self.number][k], totals)
            side.traded[index] = {
                name: _padded(column * market.quantum / roll.weight, self.setting.source.length)
                for name, column in zip(market.sides, filled, strict=True)
            }

    def move(self, period: int) -> tuple[Sums, Sums, list[Sums | None]]:
        """Step 6: states change; gives sums in quanta, and for peers.

        Returns:
            Sums by scenario, outcome and cell, and by scenario and choice, where the cells and the choices of a draw
            come behind those of the draw before; what `_look` gives for each scenario.
        """
        source, cells = self.setting.source, self.draws * self.setting.source.groups.cells
        codes = len(self.card.alternatives) + 1
        first = np.repeat(np.arange(self.draws, dtype=np.int32) * codes, source.length // self.draws)
        totals = np.zeros((len(self.sides), len(self.quanta), cells))
        choices = np.zeros((len(self.sides), self.draws * codes))
        looks: list[Sums | None] = [None for _ in self.sides]
        for index in self.blocks:
            block = source.block(index)
            for place, side in enumerate(self.sides):
                teller = self._serving(place)
                asked, share = teller.asked[index], teller.shares().get(index)
                view = self._view(place, block, period, asked.denied, share)
                state, found = self.setting.programs[place].move(view, asked.choice)
                held = side.holdings.whole(index)
                counted, by_choice, so_far, helped = record(
                    found,
                    (held.sums, held.helped),
                    (block.weight, block.cell, asked.choice if self.draws == 1 else asked.choice + first),
                    self.quanta,
                    sizes=(cells, choices.shape[-1]),
                    tracked=self.tracked,
                    draws=self.draws,
                )
                # Only now: what a unit may still get is seen by its move as it was when it wished.
                received = {slot: got + teller.received(slot)[index] for slot, got in held.received.items()}
                side.holdings.keep(index, Holding(state, so_far, helped, received))
                totals[place] += np.asarray(counted)
                choices[place] += np.asarray(by_choice)
                looks[place] = self._look(looks[place], place, block, state)
        self.sight.forget(period)
        return totals, choices, looks

    def close(self) -> None:
        """Throw away what lies in files; nothing can be asked afterwards."""
        if self.shelf is not None:
            self.shelf.close()

    def sums(self) -> Stood:
        """What each unit came to in the first scenario, by block: beside it others can be told without it."""
        return {index: self.sides[0].holdings.whole(index).sums for index in self.blocks}

    def users(self, stood: Stood | None = None) -> Sums:
        """Tracked outcomes over the horizon of the units that used an instrument: theirs, and the same in baseline.

        The last axis has the cells of the groups, those of a draw behind those of the draw before.

        Args:
            stood: the baseline where it was simulated before; where it is none, it is the first scenario.
        """
        source, cells = self.setting.source, self.draws * self.setting.source.groups.cells
        quanta = np.array([UNIT_QUANTUM, *(self.quanta[1 + i] for i in self.tracked)])
        found = np.zeros((len(self.sides), 2, len(quanta), cells))
        for index in self.blocks:
            block = source.block(index)
            held = [side.holdings.whole(index) for side in self.sides]
            baseline = held[0].sums if stood is None else stood[index]
            for place, mine in enumerate(held):
                helped = mine.helped.astype(jnp.float32)
                for side, sums in enumerate((mine.sums, baseline)):
                    columns = (helped, *(total * helped for total in sums))
                    counted = tally(columns, block.weight, quanta, block.cell, cells=cells)
                    found[place, side] += np.asarray(counted)
        return found

    def _look(self, so_far: Sums | None, place: int, block: Block, state: Any) -> Sums | None:
        """The sums behind what units see of their peers, with a block's added (draws x peers x 2 x groups)."""
        if not self.card.peers:
            return None
        found = np.asarray(self.setting.programs[place].observe(block.units, state, block.weight))
        seen = found.reshape(self.draws, *found.shape[-3:])
        return seen if so_far is None else so_far + seen

    def _view(
        self, place: int, block: Block, period: int, denied: Array, share: NDArray[np.float32] | None = None
    ) -> View:
        side = self.sides[place]
        seen, traded = side.holdings.seen(block.index), side.traded.get(block.index, {})
        return self.sight.view(place, block, period, side.word, seen, denied, share, traded)

    def _ask(self, place: int, block: Block, period: int, denied: NDArray[np.uint8]) -> Asked:
        """The choices of a block under what it was denied, and what they ask of each budget."""
        view = self._view(place, block, period, denied)
        return self._answers(place, view, self.sight.noise(block, period), denied)

    def _ask_again(self, place: int, block: Block, period: int, base: Asked, denied: NDArray[np.uint8]) -> Asked:
        """The same after some were denied more: only they are asked, where they are few."""
        rows = np.flatnonzero(base.denied != denied)
        if self.draws > 1 or not few.are_few(rows, self.setting.source.length):
            return self._ask(place, block, period, denied)
        view = self._view(place, block, period, self.nobody)
        some, noise = few.gather(view, self.sight.noise(block, period), rows, denied)
        return few.merge(base, rows, self._answers(place, some, noise, denied), denied)

    def _answers(self, place: int, view: View, noise: Mapping[str, Array], denied: NDArray[np.uint8]) -> Asked:
        programs = self.setting.programs[place]
        choice = programs.wish(view, noise)
        if not self.setting.scenarios[place].slots:
            return Asked(np.asarray(choice), denied, (), ())
        amounts, priorities, may = (tuple(np.asarray(one) for one in found) for found in programs.claim(view, choice))
        return Asked(np.asarray(choice), denied, amounts, priorities, may)

    def _stages(self, place: int, block: Block, period: int) -> Sums:
        if not self.card.stages or not self.setting.scenarios[place].instruments:
            return np.zeros((self.draws, len(self.card.stages)))
        view = self._view(place, block, period, self.nobody)
        return np.asarray(self.setting.programs[place].stages(view, block.weight)).reshape(self.draws, -1)


def _padded(column: Amounts, length: int) -> Amounts:
    return np.concatenate([column, np.zeros(length - len(column))])


def _queue_name(scenario: Scenario, place: int) -> str:
    """A queue's own name: the instrument's, so that what other instruments a scenario has changes nothing."""
    slot = scenario.slots[place]
    return f"{scenario.instruments[slot.instrument].id}/{slot.budget.resource}"
