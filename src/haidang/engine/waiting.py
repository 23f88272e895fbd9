"""Waiting lists: what comes back to a budget goes to the next in its queue. For a population that lies in one part."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from haidang.engine.answers import Asked
from haidang.engine.counter import NO_BOUND, Bounds
from haidang.engine.service import Mask, Teller, whole_amount


def serve_waiting(teller: Teller, place: int, last: int, available: Sequence[Bounds]) -> None:
    """Give what came back to a budget to the next in its queue.

    Those refused by this budget alone are asked again, as many from the head of the queue as what came back can serve.
    One who would then ask for another amount, or overrun a budget served since, stays refused.

    Args:
        teller: who serves the budgets.
        place: the budget with the waiting list.
        last: budgets up to this place were served already.
        available: for each draw, what each budget may spend; none where nothing bounds it.
    """
    bounds = [min(bound, NO_BOUND) for bound in (one[place] for one in available) if bound is not None]
    if len(bounds) < len(available):
        return
    free = np.maximum(np.array(bounds) - teller.spent(place)[0], 0)
    bit = np.uint8(1 << teller.queues.slots[place].instrument)
    trial = {
        index: teller.rewish(index, asked.denied & ~bit)
        for index, asked in teller.asked.items()
        if (asked.denied == bit).any()
    }
    if not free.any() or not trial:
        return
    hopeful = {index: _only(trial[index], teller.asked[index].denied == bit, place) for index in trial}
    queue = Teller(teller.queues, hopeful, teller.rolls, teller.pool, teller.rewish)
    cut = queue.cut(place, free)
    for index in sorted(hopeful):
        line = queue.line(place, index)
        whole = cut.shares(queue.key(place, index, line), line.ids, line.pool) == 1.0
        _admit(teller, index, trial[index], line.rows[whole], place, last, available)


def _only(trial: Asked, waiting: Mask, place: int) -> Asked:
    """The trial's claims on one slot, for the waiting units alone."""
    amount = tuple(np.where(waiting & (p == place), a, 0.0) for p, a in enumerate(trial.amount))
    return Asked(trial.choice, trial.denied, amount, trial.priority, trial.may)


def _writable(asked: Asked) -> Asked:
    """The same answers in arrays of their own."""
    amount = tuple(one.copy() for one in asked.amount)
    priority = tuple(one.copy() for one in asked.priority)
    return Asked(asked.choice.copy(), asked.denied.copy(), amount, priority, asked.may)


def _admit(
    teller: Teller,
    index: int,
    trial: Asked,
    rows: NDArray[np.int64],
    place: int,
    last: int,
    available: Sequence[Bounds],
) -> None:
    """Admit waiting rows one by one as long as every budget served so far can bear them."""
    asked, roll = _writable(teller.asked[index]), teller.rolls[index]
    served = range(last + 1)
    granted = {p: teller.granted[p][index] for p in served}
    share = {p: teller.share[p][index] for p in served}
    spent = {p: teller.spent(p)[0].tolist() for p in served}
    for row in rows:
        one, draw = slice(row, row + 1), int(row) // (len(roll.ids) // len(available))
        wanted = {p: int(whole_amount(trial.amount[p][one], roll.weight[one])[0]) for p in served}
        bounds = {p: available[draw][p] for p in served}
        if any(bound is not None and spent[p][draw] + wanted[p] > bound for p, bound in bounds.items()):
            continue
        asked.choice[row], asked.denied[row] = trial.choice[row], trial.denied[row]
        for p in range(len(teller.queues.slots)):
            asked.amount[p][row], asked.priority[p][row] = trial.amount[p][row], trial.priority[p][row]
        for p in served:
            spent[p][draw] += wanted[p]
            granted[p][row] = trial.amount[p][row]
            share[p][row] = 1.0 if trial.amount[p][row] > 0 else 0.0
    for p in served:
        teller.granted[p][index], teller.share[p][index] = granted[p], share[p]
    teller.replace(index, asked)
