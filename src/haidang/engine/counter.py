"""The counter of a scenario's budgets in a period: adds up what the parts of the population ask, and says who gets it.

Between the counter and the parts go sums and cuts, and nothing of a unit but the few whose words are alike where a
budget ends. So a part may lie in this process or on another machine.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.engine.rationing import Cut, cut_queue
from haidang.engine.scenario import Slot

Whole = NDArray[np.int64]
Amounts = NDArray[np.float64]
All = Callable[..., list[Any]]
"""Calls a method of every part and gives what each answers, in the order of the parts."""
Bounds = tuple[int | None, ...]
"""What each budget of a scenario may spend; none where nothing bounds it."""
NO_BOUND = 2**63 - 1
_MOST_CELLS = 2**20
_WORD = 64
_MOST_BITS = 16


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


def serve_budgets(
    parts: All,
    place: int,
    slots: tuple[Slot, ...],
    pools: tuple[int, ...],
    available: Sequence[Bounds],
    alone: bool,
) -> list[tuple[SlotRecord, ...]]:
    """Serve every budget of a scenario in a period, in one draw or in several at once.

    Args:
        parts: the parts of the population.
        place: the scenario.
        slots: its budgets in order.
        pools: how many pools each has.
        available: for each draw, what each budget may spend, in each of its pools; none where nothing bounds it.
        alone: whether one part in memory holds the whole population.

    Returns:
        For each draw, the record of each budget.
    """
    found: list[tuple[list[int | None], Whole, Amounts]] = []
    for k in range(len(slots)):
        money, units, there = _asked_of(parts, place, k, len(available))
        bounds = [one[k] for one in available]
        whole = [None if bound is None else bound * int(open_to) for bound, open_to in zip(bounds, there, strict=True)]
        found.append((whole, money.sum(axis=1), units))
        cut, most = None, np.array([NO_BOUND if one is None else min(one, NO_BOUND) for one in bounds])
        if np.any(money > most[:, None]):
            each = np.repeat(most, pools[k])
            cut = parts("cut", place, k, each)[0] if alone else _cut_over_parts(parts, place, k, each)
        parts("serve", place, k, cut)
        for earlier in range(k + 1):
            if slots[earlier].budget.waitlist:
                parts("wait", place, earlier, k, available)
    records: list[list[SlotRecord]] = [[] for _ in available]
    for k, (whole, requested, applicants) in enumerate(found):
        given: list[tuple[Whole, Amounts]] = parts("spent", place, k)
        spent, served = (np.sum(one, axis=0) for one in zip(*given, strict=True))
        columns = (whole, requested.tolist(), spent.tolist(), (applicants / 1e6).tolist(), (served / 1e6).tolist())
        for mine, row in zip(records, zip(*columns, strict=True), strict=True):
            mine.append(SlotRecord(*row))
    return [tuple(mine) for mine in records]


def _asked_of(parts: All, place: int, slot: int, draws: int) -> tuple[Whole, Amounts, Whole]:
    """What is asked of a budget: of each pool of each draw; by how many; and how many pools of each draw are open."""
    answers: list[tuple[Whole, Amounts, NDArray[np.bool_]]] = parts("demand", place, slot)
    money, units = np.sum([one for one, _, _ in answers], axis=0), np.sum([one for _, one, _ in answers], axis=0)
    there = np.any([one for _, _, one in answers], axis=0)
    return money.reshape(draws, -1), units, there.reshape(draws, -1).sum(axis=1)


def _cut_over_parts(parts: All, place: int, slot: int, available: Whole) -> Cut:
    """The cut that one sorted queue would have, found from sums: a few bits of the last word at a time."""
    pools = len(available)
    most = int(np.log2(_MOST_CELLS // pools)) if pools < _MOST_CELLS else 1
    left = np.maximum(available, 0)
    prefix, known = np.zeros(pools, np.uint64), 0
    while known < _WORD:
        bits = min(_MOST_BITS, max(1, most), _WORD - known)
        found: Whole = np.sum(parts("histogram", place, slot, prefix, known, bits), axis=0)
        running = np.cumsum(found, axis=1)
        # A pool that serves everybody ends behind all its words.
        cell = np.minimum((running <= left[:, None]).sum(axis=1), 2**bits - 1)
        left = left - np.where(cell > 0, np.take_along_axis(running, np.maximum(cell, 1)[:, None] - 1, 1)[:, 0], 0)
        prefix = (prefix << np.uint64(bits) if known else np.zeros(pools, np.uint64)) | cell.astype(np.uint64)
        known += bits
    answers: list[Any] = parts("alike", place, slot, prefix)
    pool, ids, amount, divisible = (np.concatenate(columns) for columns in zip(*answers, strict=True))
    last = cut_queue(prefix[pool], ids, amount, divisible, pool, left)
    return Cut(prefix, last.id, last.share)
