"""Rationing within a period: the budgets of a scenario are served in the order of their declaration, one pass.

A refused unit loses that instrument and chooses again with the same noise. What it then no longer asks of an earlier
budget returns to that budget's queue where the budget keeps a waiting list. A unit whose new choice asks more of an
earlier budget than that budget gave it loses that instrument too: the pass does not go back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from haidang.engine.chance import tie_breakers
from haidang.engine.rationing import Queue, refuse_wrapping, serve
from haidang.engine.scenario import Slot
from haidang.programmes import Instrument

T = TypeVar("T")
Mask = NDArray[np.bool_]
Rows = NDArray[np.int64] | slice
_EVERY = slice(None)
Amounts = NDArray[np.float64]


@dataclass(slots=True)
class Asked:
    """What the units of one block ask for under their present choices (padded arrays).

    Args:
        choice: each unit's choice (uint8).
        denied: bit k is set where instrument k is lost (uint8).
        amount: for each slot, what is asked per real unit (float64).
        priority: for each slot, the place in its queue, higher first (float32).
    """

    choice: NDArray[np.uint8]
    denied: NDArray[np.uint8]
    amount: tuple[Amounts, ...]
    priority: tuple[NDArray[np.float32], ...]


@dataclass(frozen=True, slots=True)
class Roll:
    """The units of one block as the queues know them (rows, not padded)."""

    ids: NDArray[np.int64]
    weight: Amounts


@dataclass(frozen=True, slots=True)
class SlotRecord:
    """What happened to one budget in one period, in whole units of its resource and in real units.

    Args:
        available: what could be spent; none where nothing bounds it.
        requested: what was asked of it when its turn came.
        spent: what was given.
        applicants: real units that asked.
        served: real units that got it.
    """

    available: int | None
    requested: int
    spent: int
    applicants: float
    served: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a scenario's budgets were served in a period, by block.

    Args:
        asked: the final choices.
        records: what happened to each slot.
        received: for each slot, what each unit got per real unit (float64, padded).
        share: the part of what each unit asked for that it got (float32, padded).
    """

    asked: dict[int, Asked]
    records: tuple[SlotRecord, ...]
    received: tuple[Mapping[int, Amounts], ...]
    share: Mapping[int, NDArray[np.float32]]


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


Rewish = Callable[[int, NDArray[np.uint8]], Asked]
"""The choices and claims of a block again, after the instruments in these bits were lost."""


@dataclass(slots=True)
class _Pass:
    """The one pass over the budgets of a scenario in a period."""

    slots: tuple[Slot, ...]
    asked: dict[int, Asked]
    rolls: dict[int, Roll]
    rewish: Rewish
    in_part: bool = False
    granted: dict[int, dict[int, Amounts]] = field(default_factory=dict[int, dict[int, Amounts]])
    share: dict[int, dict[int, Amounts]] = field(default_factory=dict[int, dict[int, Amounts]])

    def deny(self, lost: dict[int, NDArray[np.uint8]], before: int) -> None:
        """Take instruments away, choose again, and settle with the budgets served before.

        Args:
            lost: for each block, the bits of the instruments that its units lose.
            before: slots below this place were served already.
        """
        while lost:
            for index, bits in lost.items():
                self.asked[index] = self.rewish(index, self.asked[index].denied | bits)
            lost = self._beyond_grant(before, lost)

    def _beyond_grant(self, before: int, touched: dict[int, NDArray[np.uint8]]) -> dict[int, NDArray[np.uint8]]:
        again: dict[int, NDArray[np.uint8]] = {}
        for index in touched:
            bits = np.zeros_like(self.asked[index].denied)
            for place in range(before):
                more = self.asked[index].amount[place] > self.granted[place][index]
                bits |= np.where(more, np.uint8(1 << self.slots[place].instrument), np.uint8(0))
            if bits.any():
                again[index] = bits
        return again

    def received(self, place: int) -> Mapping[int, Amounts]:
        """What each unit got from a slot per real unit, by block."""
        return _ByBlock(
            self.asked,
            lambda index: (
                np.minimum(self.asked[index].amount[place], self.granted[place][index])
                * self._got(place, index, _EVERY)
            ),
        )

    def shares(self) -> Mapping[int, NDArray[np.float32]]:
        """The part of what each unit asked for that it got; empty where no row was served in part."""
        if not self.in_part:
            return {}
        return _ByBlock(self.asked, lambda index: self._part(index, _EVERY).astype(np.float32))

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

    def spent(self, place: int) -> tuple[int, float]:
        """What a slot's present choices take, in whole units of the resource, and the real units that get it."""
        money, units = 0, 0.0
        for index, asked in self.asked.items():
            roll = self.rolls[index]
            rows = np.flatnonzero(asked.amount[place][: len(roll.ids)] > 0)
            amount = np.minimum(asked.amount[place][rows], self.granted[place][index][rows])
            share, weight = self._got(place, index, rows), roll.weight[rows]
            money += _exact_total(amount, weight, share)
            units += float(np.rint(weight * share * (amount > 0) * 1e6).sum())
        return money, units / 1e6


def _whole(amount: Amounts, weight: Amounts) -> NDArray[np.int64]:
    """What rows ask for in all their real units, in whole units of the resource, rounded up so that no bound breaks."""
    whole = np.ceil(amount * weight)
    refuse_wrapping(whole)
    return whole.astype(np.int64)


def _exact_total(amount: Amounts, weight: Amounts, share: Amounts) -> int:
    whole = _whole(amount, weight)
    full = int(whole[share == 1.0].sum())
    part = (share > 0.0) & (share < 1.0)
    return full + int(np.rint(whole[part] * share[part]).sum())


def ration(
    instruments: tuple[Instrument, ...],
    slots: tuple[Slot, ...],
    available: tuple[int | None, ...],
    asked: dict[int, Asked],
    rolls: dict[int, Roll],
    keys: tuple[NDArray[np.uint32], ...],
    coins: tuple[NDArray[np.uint32], ...],
    rewish: Rewish,
) -> Outcome:
    """Serve every budget of a scenario in a period.

    Args:
        instruments: the scenario's instruments.
        slots: its budgets in order.
        available: what each may spend; none where nothing bounds it.
        asked: for each block, the first choices and claims.
        rolls: for each block, ids and weights.
        keys: for each slot, the stream that orders equal priorities and lotteries.
        coins: for each slot, the stream that decides for the one row that is served in part.
        rewish: chooses again for a block.

    """
    run = _Pass(slots, asked, rolls, rewish)
    records: list[SlotRecord] = []
    for place, slot in enumerate(slots):
        requested, applicants = _demand(run, place)
        refused = _serve_slot(run, place, instruments[slot.instrument], available[place], keys[place], coins[place])
        run.deny(refused, place + 1)
        records.append(SlotRecord(available[place], requested, 0, applicants, 0.0))
        for earlier in range(place + 1):
            if slots[earlier].budget.waitlist:
                _serve_waiting(run, earlier, place, instruments, available, keys)
    final: list[SlotRecord] = []
    for place, record in enumerate(records):
        money, units = run.spent(place)
        final.append(SlotRecord(record.available, record.requested, money, record.applicants, units))
    return Outcome(run.asked, tuple(final), tuple(run.received(place) for place in range(len(slots))), run.shares())


def _demand(run: _Pass, place: int) -> tuple[int, float]:
    money, units = 0, 0.0
    for index, asked in run.asked.items():
        roll = run.rolls[index]
        rows = np.flatnonzero(asked.amount[place][: len(roll.ids)] > 0)
        weight = roll.weight[rows]
        money += int(_whole(asked.amount[place][rows], weight).sum())
        units += float(np.rint(weight * 1e6).sum())
    return money, units / 1e6


def _queue(
    run: _Pass, place: int, rule: str, key: NDArray[np.uint32], available: int | None
) -> tuple[Queue, list[tuple[int, NDArray[np.int64]]]]:
    """The queue of a slot over all blocks, and where each part of it lies; unordered where all can be served."""
    where: list[tuple[int, NDArray[np.int64]]] = []
    parts: list[tuple[Any, ...]] = []
    for index in sorted(run.asked):
        asked, roll = run.asked[index], run.rolls[index]
        rows = np.flatnonzero(asked.amount[place][: len(roll.ids)] > 0)
        where.append((index, rows))
        priority = asked.priority[place][rows].astype(np.float64)
        ids, weight = roll.ids[rows], roll.weight[rows]
        if rule == "lottery":
            priority = np.zeros(len(rows))
        parts.append((ids, priority, _whole(asked.amount[place][rows], weight), weight != 1.0))
    ids, priority, amount, divisible = (np.concatenate([part[k] for part in parts]) for k in range(4))
    crowded = available is not None and amount.sum(dtype=np.float64) > available
    ties = tie_breakers(key, ids) if crowded else np.zeros(len(ids), np.uint32)
    return Queue(ids, priority, ties, amount, divisible), where


def _serve_slot(
    run: _Pass,
    place: int,
    instrument: Instrument,
    available: int | None,
    key: NDArray[np.uint32],
    coin: NDArray[np.uint32],
) -> dict[int, NDArray[np.uint8]]:
    """Serve one queue, note what each unit was granted, and say who loses the instrument."""
    queue, where = _queue(run, place, instrument.ration.rule, key, available)
    bound = int(queue.amount.sum()) if available is None else available
    share = serve(queue, bound).share
    part = np.flatnonzero((share > 0) & (share < 1))
    run.in_part = run.in_part or len(part) > 0
    share[part] = np.where(_coin_falls(coin, queue.ids[part], share[part]), share[part], 0.0)
    run.granted[place], run.share[place] = {}, {}
    lost: dict[int, NDArray[np.uint8]] = {}
    start = 0
    bit = np.uint8(1 << run.slots[place].instrument)
    for index, rows in where:
        part = share[start : start + len(rows)]
        start += len(rows)
        asked = run.asked[index]
        granted, shares = np.zeros_like(asked.amount[place]), np.zeros_like(asked.amount[place])
        granted[rows] = np.where(part > 0, asked.amount[place][rows], 0.0)
        shares[rows] = part
        run.granted[place][index], run.share[place][index] = granted, shares
        refused = np.zeros_like(asked.denied)
        refused[rows[part == 0.0]] = bit
        if refused.any():
            lost[index] = refused
    return lost


def _coin_falls(key: NDArray[np.uint32], ids: NDArray[np.int64], share: Amounts) -> Mask:
    """Whether a row that is served in part acts as served: with the probability of its share, by its own number."""
    return tie_breakers(key, ids) < share * 2.0**32


def _serve_waiting(
    run: _Pass,
    place: int,
    last: int,
    instruments: tuple[Instrument, ...],
    available: tuple[int | None, ...],
    keys: tuple[NDArray[np.uint32], ...],
) -> None:
    """Give what came back to a budget to the next in its queue.

    Those refused by this budget alone are asked again, as many from the head of the queue as what came back can serve.
    One who would then ask for another amount, or overrun a budget served since, stays refused.
    """
    bound = available[place]
    if bound is None:
        return
    free = bound - run.spent(place)[0]
    bit = np.uint8(1 << run.slots[place].instrument)
    trial = {
        index: run.rewish(index, asked.denied & ~bit)
        for index, asked in run.asked.items()
        if (asked.denied == bit).any()
    }
    if free <= 0 or not trial:
        return
    hopeful = {index: _only(trial[index], run.asked[index], run.asked[index].denied == bit, place) for index in trial}
    line = _Pass(run.slots, hopeful, {index: run.rolls[index] for index in trial}, run.rewish)
    queue, where = _queue(line, place, instruments[run.slots[place].instrument].ration.rule, keys[place], free)
    whole = serve(queue, free).share == 1.0
    start = 0
    for index, rows in where:
        taken = rows[whole[start : start + len(rows)]]
        start += len(rows)
        _admit(run, index, trial[index], taken, place, last, available)


def _only(trial: Asked, now: Asked, waiting: Mask, place: int) -> Asked:
    """The trial's claims on one slot, for the waiting units alone."""
    amount = tuple(np.where(waiting & (p == place), a, 0.0) for p, a in enumerate(trial.amount))
    return Asked(now.choice, now.denied, amount, trial.priority)


def _writable(asked: Asked) -> Asked:
    """The same answers in arrays of their own."""
    amount = tuple(one.copy() for one in asked.amount)
    return Asked(asked.choice.copy(), asked.denied.copy(), amount, tuple(one.copy() for one in asked.priority))


def _admit(
    run: _Pass,
    index: int,
    trial: Asked,
    rows: NDArray[np.int64],
    place: int,
    last: int,
    available: tuple[int | None, ...],
) -> None:
    """Admit waiting rows one by one as long as every budget served so far can bear them."""
    asked, roll = _writable(run.asked[index]), run.rolls[index]
    run.asked[index] = asked
    spent = {p: run.spent(p)[0] for p in range(last + 1)}
    for row in rows:
        wanted = {
            p: int(_whole(trial.amount[p][row : row + 1], roll.weight[row : row + 1])[0]) for p in range(last + 1)
        }
        bounds = {p: available[p] for p in range(last + 1)}
        if any(bound is not None and spent[p] + wanted[p] > bound for p, bound in bounds.items()):
            continue
        asked.choice[row], asked.denied[row] = trial.choice[row], trial.denied[row]
        for p in range(len(run.slots)):
            asked.amount[p][row], asked.priority[p][row] = trial.amount[p][row], trial.priority[p][row]
        for p in range(last + 1):
            spent[p] += wanted[p]
            run.granted[p][index][row] = trial.amount[p][row]
            run.share[p][index][row] = 1.0 if trial.amount[p][row] > 0 else 0.0
