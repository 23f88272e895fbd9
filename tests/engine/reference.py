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


def simulate(units, years, seed, draw, liking, copying, grant=None):
    """All periods of one draw.

    Args:
        units: mappings with id, weight, income, place, member.
        grant: None for the baseline, else a mapping with share, cap, eligible, priority (functions), budget per year.

    Returns:
        Choices by (id, year), the smallest difference between best and second utility by (id, year), and the money
        spent by year.
    """
    has = {u["id"]: 0 for u in units}
    choices, gaps, money = {}, {}, {}
    for index, year in enumerate(years):
        seen = {}
        for place in ("north", "south"):
            inside = [u for u in units if u["place"] == place]
            total = sum(u["weight"] for u in inside)
            seen[place] = sum(u["weight"] for u in inside if has[u["id"]]) / total if total else 0.0

        def choose(unit, share, cap, index=index, seen=seen):
            taste = NormalDist().inv_cdf(uniform(seed, draw, "chance", "taste", None, unit["id"]))
            best = [(gumbel(seed, draw, "noise", "nothing", index, unit["id"]), "nothing", 0)]
            for name, cost in COST.items():
                if has[unit["id"]] & BIT[name]:
                    continue
                given = min(share * cost, cap)
                utility = LIKING[name] + liking + copying * seen[unit["place"]] + 0.5 * taste
                utility += -4.0 * (cost - given) / unit["income"]
                best.append((utility + gumbel(seed, draw, "noise", name, index, unit["id"]), name, round(given)))
            best.sort(reverse=True)
            gap = best[0][0] - best[1][0] if len(best) > 1 else math.inf
            return best[0][1], best[0][2], gap

        wishes = {}
        for unit in units:
            reached = grant is not None and grant["eligible"](unit)
            wishes[unit["id"]] = choose(unit, grant["share"], grant["cap"]) if reached else choose(unit, 0.0, 1e18)
        left = spent = 0
        if grant is not None:
            left = grant["budget"]
            queue = [u for u in units if wishes[u["id"]][1] > 0]
            tie = {u["id"]: word(seed, draw, "queue", "grant/grant", index, u["id"]) for u in queue}
            queue.sort(key=lambda u: (-grant["priority"](u), tie[u["id"]], u["id"]))
            shut = False
            for unit in queue:
                asked = wishes[unit["id"]][1] * unit["weight"]
                if shut or asked > left:
                    shut = True
                    wishes[unit["id"]] = choose(unit, 0.0, 1e18)
                else:
                    left -= asked
                    spent += asked
        for unit in units:
            name, _, gap = wishes[unit["id"]]
            choices[unit["id"], year], gaps[unit["id"], year] = name, gap
            if name != "nothing":
                has[unit["id"]] |= BIT[name]
        money[year] = spent
    return choices, gaps, money
