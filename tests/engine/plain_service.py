"""One pass over budgets in plain Python, one unit at a time: what the served arrays must equal."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from haidang.engine.answers import Asked, Roll
from haidang.engine.chance import stream_key, tie_breakers
from haidang.engine.counter import serve_budgets
from haidang.engine.scenario import Slot
from haidang.engine.service import Queues, Teller
from haidang.engine.waiting import serve_waiting
from haidang.programmes import Budget, Instrument, Ration, parse


@dataclass(frozen=True)
class Town:
    """Units that choose among alternatives; instruments raise utilities and are asked for money.

    Args:
        ids: the units' ids.
        weight: real units per row.
        utility: utility of each alternative with its noise, *nothing* first (units by alternatives).
        bonus: utility that holding an instrument adds (instruments by alternatives).
        money: what an alternative asks of each budget while its instrument is held (slots by alternatives).
        priority: the place in each queue, higher first (slots by units).
        rules: the rule of each instrument.
        owners: the instrument of each slot.
        waitlist: whether each slot keeps a waiting list.
    """

    ids: tuple[int, ...]
    weight: tuple[float, ...]
    utility: tuple[tuple[float, ...], ...]
    bonus: tuple[tuple[float, ...], ...]
    money: tuple[tuple[int, ...], ...]
    priority: tuple[tuple[float, ...], ...]
    rules: tuple[str, ...]
    owners: tuple[int, ...]
    waitlist: tuple[bool, ...]

    def choose(self, unit: int, denied: int) -> int:
        """The best alternative of a unit without the instruments in these bits."""
        held = [k for k in range(len(self.bonus)) if not denied >> k & 1]
        best = [u + sum(self.bonus[k][a] for k in held) for a, u in enumerate(self.utility[unit])]
        return max(range(len(best)), key=lambda a: (best[a], -a))

    def asks(self, slot: int, choice: int, denied: int) -> int:
        """What a choice asks of a slot per real unit."""
        return 0 if denied >> self.owners[slot] & 1 else self.money[slot][choice]

    @property
    def keys(self):
        """The streams of the queues and of their parts."""
        places = range(len(self.owners))
        queues = tuple(stream_key(5, 0, "queue", f"q{p}", 0) for p in places)
        return queues, tuple(stream_key(5, 0, "part", f"q{p}", 0) for p in places)


class Parts:
    """Tellers that each serve some blocks."""

    def __init__(self, tellers):
        self.tellers = tellers

    def __call__(self, method, _, *given):
        if method == "wait":
            return [serve_waiting(teller, *given) for teller in self.tellers]
        return [getattr(teller, method)(*given) for teller in self.tellers]


def serve_by_engine(town: Town, available, cuts=(), apart=False):
    """The engine's pass, with rows cut into blocks at these places; where `apart`, each block in a part of its own."""
    bounds = [0, *cuts, len(town.ids)]
    rows = {k: range(bounds[k], bounds[k + 1]) for k in range(len(bounds) - 1)}
    length = max(len(one) for one in rows.values()) + 3
    anybody = parse("1 > 0", None)
    instruments = tuple(Instrument(f"i{k}", {}, anybody, {}, (), Ration(rule)) for k, rule in enumerate(town.rules))
    slots = tuple(
        Slot(owner, Budget("money", waitlist=waits)) for owner, waits in zip(town.owners, town.waitlist, strict=True)
    )

    def ask(index, denied):
        choice = np.zeros(length, np.uint8)
        amount = [np.zeros(length) for _ in slots]
        rank = [np.zeros(length, np.float32) for _ in slots]
        for row, unit in enumerate(rows[index]):
            choice[row] = town.choose(unit, int(denied[row]))
            for p in range(len(slots)):
                amount[p][row] = town.asks(p, int(choice[row]), int(denied[row]))
                rank[p][row] = town.priority[p][unit]
        return Asked(choice, denied.copy(), tuple(amount), tuple(rank))

    asked = {k: ask(k, np.zeros(length, np.uint8)) for k in rows}
    rolls = {
        k: Roll(np.array([town.ids[u] for u in one], np.int64), np.array([town.weight[u] for u in one]))
        for k, one in rows.items()
    }
    keys, coins = (tuple(one[:, None] for one in streams) for streams in town.keys)
    queues = Queues(instruments, slots, (1,) * len(slots), keys, coins)
    groups = [[k] for k in rows] if apart else [list(rows)]
    tellers = [Teller(queues, {k: asked[k] for k in some}, rolls, lambda *_: None, ask) for some in groups]
    records = serve_budgets(Parts(tellers), 0, slots, queues.pools, [tuple(available)], not apart)[0]
    flat = [
        (teller, k, row)
        for teller, some in zip(tellers, groups, strict=True)
        for k in some
        for row in range(len(rows[k]))
    ]
    shares = {id(teller): teller.shares() for teller in tellers}
    return {
        "choice": [int(one.asked[k].choice[row]) for one, k, row in flat],
        "denied": [int(one.asked[k].denied[row]) for one, k, row in flat],
        "received": [[float(one.received(p)[k][row]) for one, k, row in flat] for p in range(len(slots))],
        "share": [float(shares[id(one)][k][row]) if shares[id(one)] else 1.0 for one, k, row in flat],
        "spent": [one.spent for one in records],
        "requested": [one.requested for one in records],
        "applicants": [one.applicants for one in records],
        "served": [one.served for one in records],
    }


def serve_plainly(town: Town, available):
    """The pass without a waiting list, one unit at a time."""
    units, slots = range(len(town.ids)), range(len(town.owners))
    denied = [0] * len(town.ids)
    choice = [town.choose(u, 0) for u in units]
    granted = [[0] * len(town.ids) for _ in slots]
    share = [[0.0] * len(town.ids) for _ in slots]
    requested = []
    queues, coins = town.keys

    def lose(unit, bits, served):
        while bits:
            denied[unit] |= bits
            choice[unit] = town.choose(unit, denied[unit])
            bits = 0
            for q in served:
                if town.asks(q, choice[unit], denied[unit]) > granted[q][unit]:
                    bits |= 1 << town.owners[q]

    for p in slots:
        wanted = {u: town.asks(p, choice[u], denied[u]) for u in units}
        queue = [u for u in units if wanted[u] > 0]
        whole = {u: math.ceil(wanted[u] * town.weight[u]) for u in queue}
        requested.append(sum(whole.values()))
        tie = dict(zip(town.ids, tie_breakers(queues[p], np.array(town.ids)), strict=True))
        coin = dict(zip(town.ids, tie_breakers(coins[p], np.array(town.ids)), strict=True))
        ranks = [0.0] * len(town.ids) if town.rules[town.owners[p]] == "lottery" else town.priority[p]
        left, shut = available[p] if available[p] is not None else sum(whole.values()), False
        for u in sorted(queue, key=lambda u, ranks=ranks, tie=tie: (-ranks[u], tie[town.ids[u]], town.ids[u])):
            if not shut and whole[u] <= left:
                share[p][u], granted[p][u] = 1.0, wanted[u]
                left -= whole[u]
                continue
            part = 0.0 if shut or left <= 0 or town.weight[u] == 1.0 else left / whole[u]
            shut = True
            if part > 0 and coin[town.ids[u]] < part * 2**32:
                share[p][u], granted[p][u] = part, wanted[u]
        for u in queue:
            if share[p][u] == 0.0:
                lose(u, 1 << town.owners[p], range(p + 1))
    spent, received = [], []
    part = [
        min([share[p][u] for p in slots if town.asks(p, choice[u], denied[u]) > 0 and share[p][u] > 0], default=1.0)
        for u in units
    ]
    for p in slots:
        share[p] = [part[u] if share[p][u] > 0 else 0.0 for u in units]
        got = [min(town.asks(p, choice[u], denied[u]), granted[p][u]) for u in units]
        spent.append(
            sum(
                math.ceil(got[u] * town.weight[u])
                if share[p][u] == 1.0
                else round(math.ceil(got[u] * town.weight[u]) * share[p][u])
                for u in units
            )
        )
        received.append([got[u] * share[p][u] for u in units])
    return {"choice": choice, "denied": denied, "received": received, "spent": spent, "requested": requested}
