"""The toy model's city simulated the slow way: one unit at a time, in plain Python, with integers and doubles."""

from __future__ import annotations

import math
from hashlib import blake2b
from statistics import NormalDist

from tests.engine.toy import BIT, COST, LIKING

MASK = 0xFFFFFFFF
ROTATIONS = (13, 15, 26, 6, 17, 29, 16, 24)


def threefry(key, counter):
    """The first word of Threefry-2x32 with twenty rounds, from its description."""
    k = [key[0], key[1], key[0] ^ key[1] ^ 0x1BD11BDA]
    x = [(counter[0] + k[0]) & MASK, (counter[1] + k[1]) & MASK]
    for r in range(20):
        x[0] = (x[0] + x[1]) & MASK
        turn = ROTATIONS[r % 8]
        x[1] = (((x[1] << turn) | (x[1] >> (32 - turn))) & MASK) ^ x[0]
        if (r + 1) % 4 == 0:
            s = (r + 1) // 4
            x[0] = (x[0] + k[s % 3]) & MASK
            x[1] = (x[1] + k[(s + 1) % 3] + s) & MASK
    return x[0]


def word(seed, draw, purpose, name, period, unit):
    """The random word of a unit in a stream."""
    label = "\x1f".join((str(seed), str(draw), purpose, name, "" if period is None else str(period)))
    digest = blake2b(label.encode(), digest_size=8).digest()
    key = (int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little"))
    return threefry(key, (unit & MASK, unit >> 32))


def uniform(*stream):
    """A number in (0, 1) of 23 bits."""
    return ((word(*stream) >> 9) + 0.5) * 2.0**-23


def gumbel(*stream):
    """A standard Gumbel number."""
    return -math.log(-math.log(uniform(*stream)))


def simulate(units, years, seed, draw, liking, copying, instruments=()):
    """All periods of one draw.

    Args:
        units: mappings with id, weight (1), income, place, member.
        years: the years of the periods.
        seed: the seed of all chance.
        draw: the draw.
        liking: utility of having any machine.
        copying: utility of going from no peer to all peers.
        instruments: in order; each a mapping with id, eligible (of a unit), levers (`grant_share`, `loan_share`),
            resource, per_year (no carry-over), priority (of a unit; none for a lottery).

    Returns:
        Choices by (id, year), the smallest difference between best and second utility by (id, year), and the money
        spent by year, one number for each instrument.
    """
    has = {u["id"]: 0 for u in units}
    choices, gaps, money = {}, {}, {}
    for index, year in enumerate(years):
        seen = _seen(units, has)
        wish = {
            u["id"]: _Wish(
                u, instruments, lambda u, s=seen, i=index: _tastes(u, has, s, seed, draw, i, liking, copying)
            )
            for u in units
        }
        money[year] = _serve(units, instruments, wish, seed, draw, index)
        for unit in units:
            name, gap = wish[unit["id"]].name, wish[unit["id"]].gap
            choices[unit["id"], year], gaps[unit["id"], year] = name, gap
            if name != "nothing":
                has[unit["id"]] |= BIT[name]
    return choices, gaps, money


def _seen(units, has):
    """The share of households with any machine, by place."""
    shares = {}
    for place in ("north", "south"):
        inside = [u for u in units if u["place"] == place]
        total = sum(u["weight"] for u in inside)
        shares[place] = sum(u["weight"] for u in inside if has[u["id"]]) / total if total else 0.0
    return shares


def _tastes(unit, has, seen, seed, draw, index, liking, copying):
    """For each thing a unit may choose, its utility with noise before any support."""
    taste = NormalDist().inv_cdf(uniform(seed, draw, "chance", "taste", None, unit["id"]))
    found = {"nothing": gumbel(seed, draw, "noise", "nothing", index, unit["id"])}
    for name, cost in COST.items():
        if not has[unit["id"]] & BIT[name]:
            utility = LIKING[name] + liking + copying * seen[unit["place"]] + 0.5 * taste - 4.0 * cost / unit["income"]
            found[name] = utility + gumbel(seed, draw, "noise", name, index, unit["id"])
    return found


class _Wish:
    """What one unit wants in a period, and what it lost so far."""

    def __init__(self, unit, instruments, tastes):
        self.unit, self.instruments, self.tastes = unit, instruments, tastes(unit)
        self.lost, self.granted = set(), {}
        self.choose()

    def choose(self):
        """The best thing with the instruments that are left."""
        reached = [one for one in self.instruments if one["eligible"](self.unit) and one["id"] not in self.lost]
        lever = {"grant_share": 0.0, "loan_share": 0.0}
        for one in reversed(reached):
            lever |= one["levers"]
        best = []
        for name, taste in self.tastes.items():
            cost = COST.get(name, 0.0)
            help = lever["grant_share"] * cost + 0.5 * lever["loan_share"] * cost
            best.append((taste + 4.0 * help / self.unit["income"], name))
        best.sort(reverse=True)
        self.name = best[0][1]
        self.gap = best[0][0] - best[1][0] if len(best) > 1 else math.inf
        cost, first = COST.get(self.name, 0.0), {}
        for one in reached:
            first.setdefault(one["resource"], one["id"])
        self.asks = {who: round(lever[f"{resource}_share"] * cost) for resource, who in first.items()}

    def lose(self, instrument, served):
        """Choose without an instrument, and without those of which the new choice asks more than they gave."""
        lost = {instrument}
        while lost:
            self.lost |= lost
            self.choose()
            lost = {who for who in served if self.asks.get(who, 0) > self.granted.get(who, 0)}


def _serve(units, instruments, wish, seed, draw, index):
    """Every budget in turn; what each spends when all is done."""
    served = []
    for one in instruments:
        served.append(one["id"])
        queue = [u for u in units if wish[u["id"]].asks.get(one["id"], 0) > 0]
        stream = f"{one['id']}/{one['resource']}"
        tie = {u["id"]: word(seed, draw, "queue", stream, index, u["id"]) for u in queue}
        rank = one["priority"] or (lambda unit: 0)
        left, shut, refused = one["per_year"], False, []
        for unit in sorted(queue, key=lambda u: (-rank(u), tie[u["id"]], u["id"])):
            asked = wish[unit["id"]].asks[one["id"]]
            shut = shut or asked > left
            if shut:
                refused.append(unit["id"])
            else:
                left -= asked
                wish[unit["id"]].granted[one["id"]] = asked
        for unit in refused:
            wish[unit].lose(one["id"], served)
    return [
        sum(min(w.asks.get(one["id"], 0), w.granted.get(one["id"], 0)) for w in wish.values()) for one in instruments
    ]
