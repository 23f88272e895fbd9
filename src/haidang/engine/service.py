"""Rationing within a period: what the budgets of a scenario do to the units of one part of the population.

A refused unit loses that instrument and chooses again with the same noise. What it then no longer asks of an earlier
budget returns to that budget's queue where the budget keeps a waiting list. A unit whose new choice asks more of an
earlier budget than that budget gave it loses that instrument too: the pass does not go back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from haidang.engine.answers import Amounts, Asked, Roll, asked_on, columns_on
from haidang.engine.chance import tie_breakers
from haidang.engine.rationing import Cut, cut_queue, queue_key, refuse_wrapping
from haidang.engine.scenario import Slot
from haidang.engine.shelf import Shelf
from haidang.programmes import Instrument

T = TypeVar("T")
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64] | slice
Whole = NDArray[np.int64]
Keys = NDArray[np.uint32]
EVERY = slice(None)
_DIGIT = 21
"""Whole numbers are added up in floating point in pieces of so many bits, which is exact for 2^32 of them."""

Rewish = Callable[[int, NDArray[np.uint8]], Asked]
"""The choices and claims of a block again, after the instruments in these bits were lost."""


class _ByBlock(Mapping[int, T]):
    """A column for each block, computed when it is looked at: a population's columns need not be held at once."""

    def __init__(self, blocks: Iterable[int], column: Callable[[int], T]) -> None:
        self._blocks = tuple(blocks)
        self._column = column

    def __getitem__(self, index: int) -> T:
        return self._column(index)

    def __iter__(self) -> Iterator[int]:
        return iter(self._blocks)

    def __len__(self) -> int:
        return len(self._blocks)


@dataclass(frozen=True, slots=True)
class Line:
    """Those of a block who ask a slot for something.

    Args:
        rows: their places in the block.
        ids: their ids.
        weight: real units per row.
        amount: what each asks for in all its real units, in whole units of the resource.
        pool: the pool that each asks; 0 where there is one.
        draw: the place of the draw of which each is; 0 where there is one.
    """

    rows: Whole
    ids: Whole
    weight: Amounts
    amount: Whole
    pool: Whole
    draw: Whole


@dataclass(frozen=True, slots=True)
class Queues:
    """How the queues of a scenario are ordered in a period.

    Args:
        instruments: the scenario's instruments.
        slots: its budgets in order.
        pools: how many pools each slot has in each draw.
        keys: for each slot, the stream that orders equal priorities and lotteries, in each draw (uint32, 2 by draws).
        coins: for each slot, the stream that decides for the one row that is served in part; likewise.
    """

    instruments: tuple[Instrument, ...]
    slots: tuple[Slot, ...]
    pools: tuple[int, ...]
    keys: tuple[Keys, ...]
    coins: tuple[Keys, ...]
    draws: int = 1

    def lottery(self, place: int) -> bool:
        """Whether chance alone orders this queue."""
        return self.instruments[self.slots[place].instrument].ration.rule == "lottery"


Pool = Callable[[int, int], Whole | None]
"""For a slot and a block, the pool of each unit, those of one draw behind those of the draw before; none where there
is one."""


class Teller:
    """Serves the budgets of one scenario in one period to the units of one part of the population.

    What a block answered lies in memory, or on a shelf where there is one. Where the rows of a block are of several
    draws, each draw has budgets of its own, and their queues are told apart as pools are.
    """

    def __init__(
        self,
        queues: Queues,
        asked: MutableMapping[int, Asked],
        rolls: Mapping[int, Roll],
        pool: Pool,
        rewish: Rewish,
        shelf: Shelf | None = None,
        name: str = "",
    ) -> None:
        """Begin with the first wishes."""
        self.queues, self.asked, self.rolls, self.rewish = queues, asked, rolls, rewish
        self.in_part = False
        self.granted: dict[int, MutableMapping[int, Amounts]] = {}
        self.share: dict[int, MutableMapping[int, Amounts]] = {}
        self.pool, self._shelf, self._name = pool, shelf, name
        self._lines: dict[tuple[int, int], Line] = {}
        self._words: dict[tuple[int, int], NDArray[np.uint64]] = {}

    @staticmethod
    def answers(shelf: Shelf | None, name: str) -> MutableMapping[int, Asked]:
        """An empty place for the answers of blocks."""
        return {} if shelf is None else asked_on(shelf, name)

    def _columns(self, what: str, place: int) -> MutableMapping[int, Amounts]:
        return {} if self._shelf is None else columns_on(self._shelf, f"{self._name}-{what}-{place}")

    def line(self, place: int, index: int) -> Line:
        """Those of a block who ask a slot for something."""
        key = (place, index)
        if key in self._lines:
            return self._lines[key]
        asked, roll = self.asked[index], self.rolls[index]
        rows = np.flatnonzero((asked.amount[place][: len(roll.ids)] > 0) & (roll.weight > 0))
        weight, pool, one = roll.weight[rows], self.pool(place, index), np.zeros(len(rows), np.int64)
        amount = whole_amount(asked.amount[place][rows], weight)
        draw = one if self.queues.draws == 1 else rows // (len(roll.ids) // self.queues.draws)
        line = Line(rows, roll.ids[rows], weight, amount, one if pool is None else pool[rows], draw)
        if self._shelf is None:
            self._lines[key] = line
        return line

    def demand(self, place: int) -> tuple[Whole, Amounts, Mask]:
        """What is asked of a slot.

        Returns:
            Whole units of the resource by pool of each draw; the real units that ask by draw, in millionths; the pools
            of each draw that anybody may ask.

        Raises:
            OverflowingSumError: the requests are too large for whole numbers of 64 bits.
        """
        draws = self.queues.draws
        pools = draws * self.queues.pools[place]
        money, units = np.zeros(pools, np.int64), np.zeros(draws)
        open_pools = np.full(pools, pools == draws)
        for index in self.asked:
            line = self.line(place, index)
            open_pools |= self._open(place, index)
            money += sums_by_pool(line.amount, line.pool, pools)
            refuse_wrapping(money)
            units += sums_by_draw(np.rint(line.weight * 1e6), line.draw, draws)
        return money, units, open_pools

    def _open(self, place: int, index: int) -> Mask:
        """The pools of a slot that somebody of a block may ask."""
        pools, pool = self.queues.draws * self.queues.pools[place], self.pool(place, index)
        if pool is None or not self.queues.slots[place].by:
            return np.ones(pools, bool)
        capacity = sum(1 for slot in self.queues.slots[:place] if slot.by)
        may = self.asked[index].may[capacity][: len(pool)] & (self.rolls[index].weight > 0)
        return np.bincount(pool[may], minlength=pools) > 0

    def key(self, place: int, index: int, line: Line) -> NDArray[np.uint64]:
        """The words that order a line: who comes first has the smallest."""
        if self._lines.get((place, index)) is line and (place, index) in self._words:
            return self._words[place, index]
        lottery = self.queues.lottery(place)
        priority = np.zeros(len(line.rows), np.float32) if lottery else self.asked[index].priority[place][line.rows]
        words = queue_key(priority, self._chance(self.queues.keys[place], line.ids, line.draw))
        if self._lines.get((place, index)) is line:
            self._words[place, index] = words
        return words

    def _chance(self, keys: Keys, ids: Whole, draw: Whole) -> NDArray[np.uint32]:
        """A random word for each of some units, from the stream of its draw."""
        return tie_breakers(keys[:, 0] if self.queues.draws == 1 else keys[:, draw], ids)

    def cut(self, place: int, available: Whole) -> Cut:
        """Where the money of a slot ends, where all who ask are in this part."""
        lines = [(index, self.line(place, index)) for index in sorted(self.asked)]
        key = np.concatenate([self.key(place, index, line) for index, line in lines])
        ids, weight, amount, pool = (
            np.concatenate([getattr(line, what) for _, line in lines]) for what in ("ids", "weight", "amount", "pool")
        )
        return cut_queue(key, ids, amount, weight != 1.0, pool, available)

    def histogram(self, place: int, prefix: NDArray[np.uint64], known: int, bits: int) -> Whole:
        """What is asked by those whose words begin as each pool's prefix does, by the bits that follow.

        Args:
            place: the slot.
            prefix: the first bits of the word looked for (uint64, pools).
            known: how many they are.
            bits: how many bits are told apart.

        Returns:
            Whole units of the resource (int64, pools by 2^bits).
        """
        pools, cells = self.queues.pools[place], 2**bits
        found = np.zeros((pools, cells), np.int64)
        for index in self.asked:
            line = self.line(place, index)
            key = self.key(place, index, line)
            if known:
                same = key >> np.uint64(64 - known) == prefix[line.pool]
                key, line = key[same], Line(*(getattr(line, name)[same] for name in Line.__slots__))
            digit = (key >> np.uint64(64 - known - bits) & np.uint64(cells - 1)).astype(np.int64)
            found += sums_by_pool(line.amount, line.pool * cells + digit, pools * cells).reshape(pools, cells)
        return found

    def alike(self, place: int, key: NDArray[np.uint64]) -> tuple[Whole, Whole, Whole, Mask]:
        """Those whose word is that of their pool: pool, id, amount, and whether a part of it can be served."""
        parts: list[tuple[Whole, Whole, Whole, Mask]] = []
        for index in self.asked:
            line = self.line(place, index)
            same = self.key(place, index, line) == key[line.pool]
            parts.append((line.pool[same], line.ids[same], line.amount[same], line.weight[same] != 1.0))
        pool, ids, amount, divisible = (np.concatenate(columns) for columns in zip(*parts, strict=True))
        return pool, ids, amount, divisible

    def serve(self, place: int, cut: Cut | None) -> None:
        """Serve a slot up to a cut (everybody where there is none), and let those who lose it choose again."""
        self.granted[place], self.share[place] = self._columns("granted", place), self._columns("share", place)
        bit = np.uint8(1 << self.queues.slots[place].instrument)
        lost: dict[int, NDArray[np.uint8]] = {}
        for index in self.asked:
            line, asked = self.line(place, index), self.asked[index]
            part = self._parts(place, index, line, cut)
            granted, shares = np.zeros_like(asked.amount[place]), np.zeros_like(asked.amount[place])
            granted[line.rows] = np.where(part > 0, asked.amount[place][line.rows], 0.0)
            shares[line.rows] = part
            self.granted[place][index], self.share[place][index] = granted, shares
            refused = np.zeros_like(asked.denied)
            refused[line.rows[part == 0.0]] = bit
            if refused.any():
                lost[index] = refused
        self.deny(lost, place + 1)

    def _parts(self, place: int, index: int, line: Line, cut: Cut | None) -> Amounts:
        """The part of what each in a line asks that it gets: a row served in part acts as served by its own number."""
        if cut is None:
            return np.ones(len(line.rows))
        share = cut.shares(self.key(place, index, line), line.ids, line.pool)
        part = np.flatnonzero((share > 0) & (share < 1))
        self.in_part = self.in_part or len(part) > 0
        falls = self._chance(self.queues.coins[place], line.ids[part], line.draw[part]) < share[part] * 2.0**32
        share[part] = np.where(falls, share[part], 0.0)
        return share

    def deny(self, lost: dict[int, NDArray[np.uint8]], before: int) -> None:
        """Take instruments away, choose again, and settle with the budgets served before.

        Args:
            lost: for each block, the bits of the instruments that its units lose.
            before: slots below this place were served already.
        """
        while lost:
            for index, bits in lost.items():
                self.replace(index, self.rewish(index, self.asked[index].denied | bits))
            lost = self._beyond_grant(before, lost)

    def replace(self, index: int, asked: Asked) -> None:
        """Other answers of a block."""
        self.asked[index] = asked
        for place in range(len(self.queues.slots)):
            self._lines.pop((place, index), None)
            self._words.pop((place, index), None)

    def _beyond_grant(self, before: int, touched: dict[int, NDArray[np.uint8]]) -> dict[int, NDArray[np.uint8]]:
        again: dict[int, NDArray[np.uint8]] = {}
        for index in touched:
            asked = self.asked[index]
            bits = np.zeros_like(asked.denied)
            for place in range(before):
                more = asked.amount[place] > self.granted[place][index]
                bits |= np.where(more, np.uint8(1 << self.queues.slots[place].instrument), np.uint8(0))
            if bits.any():
                again[index] = bits
        return again

    def received(self, place: int) -> Mapping[int, Amounts]:
        """What each unit got from a slot per real unit, by block."""
        return _ByBlock(
            self.asked,
            lambda index: (
                np.minimum(self.asked[index].amount[place], self.granted[place][index]) * self._got(place, index, EVERY)
            ),
        )

    def shares(self) -> Mapping[int, NDArray[np.float32]]:
        """The part of what each unit asked for that it got; empty where no row was served in part."""
        if not self.in_part:
            return {}
        return _ByBlock(self.asked, lambda index: self._part(index, EVERY).astype(np.float32))

    def _part(self, index: int, rows: Rows) -> Amounts:
        """The least part that any budget served so far gave: a row served in part is so by all its budgets."""
        asked = self.asked[index]
        part = np.ones(len(asked.choice[rows]))
        if self.in_part:
            for place, by_block in self.share.items():
                got = by_block[index][rows]
                part = np.where((asked.amount[place][rows] > 0) & (got > 0), np.minimum(part, got), part)
        return part

    def _got(self, place: int, index: int, rows: Rows) -> Amounts:
        """The part of what they ask of a slot that units of a block get."""
        return np.where(self.share[place][index][rows] > 0, self._part(index, rows), 0.0)

    def spent(self, place: int) -> tuple[Whole, Amounts]:
        """What a slot's choices take, in whole units, and the real units that get it, in millionths; by draw."""
        draws = self.queues.draws
        money, units = np.zeros(draws, np.int64), np.zeros(draws)
        for index in self.asked:
            line = self.line(place, index)
            amount = np.minimum(self.asked[index].amount[place][line.rows], self.granted[place][index][line.rows])
            share = self._got(place, index, line.rows)
            money += exact_totals(amount, line.weight, share, line.draw, draws)
            units += sums_by_draw(np.rint(line.weight * share * (amount > 0) * 1e6), line.draw, draws)
        return money, units


def whole_amount(amount: Amounts, weight: Amounts) -> Whole:
    """What rows ask for in all their real units, in whole units of the resource, rounded up so that no bound breaks."""
    whole = np.ceil(amount * weight)
    refuse_wrapping(whole)
    return whole.astype(np.int64)


def exact_totals(amount: Amounts, weight: Amounts, share: Amounts, draw: Whole, draws: int) -> Whole:
    """What rows take that are served in these parts, by draw (int64, draws)."""
    whole = whole_amount(amount, weight)
    part = (share > 0.0) & (share < 1.0)
    taken = np.where(share == 1.0, whole, 0)
    taken[part] = np.rint(whole[part] * share[part]).astype(np.int64)
    return sums_by_pool(taken, draw, draws)


def sums_by_draw(parts: Amounts, draw: Whole, draws: int) -> Amounts:
    """Sums of whole numbers of millionths by draw (float64, draws)."""
    if draws == 1:
        return np.array([parts.sum()])
    return np.bincount(draw, weights=parts, minlength=draws).astype(np.float64)


def sums_by_pool(amount: Whole, pool: Whole, pools: int) -> Whole:
    """Exact sums of whole amounts by pool (int64, pools)."""
    if pools == 1:
        return np.array([amount.sum()], np.int64)
    found = np.zeros(pools, np.int64)
    for piece in range(3):
        digits = amount >> (_DIGIT * piece) & (2**_DIGIT - 1)
        found += np.bincount(pool, weights=digits, minlength=pools).astype(np.int64) << (_DIGIT * piece)
    return found
