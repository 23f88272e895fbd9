"""Every order in which a unit may be offered options, as a table of sums and maxima.

A unit gets at most one option a year, each at most once, each after what it requires. The best plan is found over sets
of *years* and not over sets of options: F[S] is the most that the options looked at so far can bring when they fill
exactly the years of S. An option and what requires it form a tree; the tree's first option stands in the first of its
years, so A[S] = cell(option, first of S) + B[rest of S], with B the trees of those that require it, and trees are
joined by F[S] = max over R in S of F[S less R] + A[R]. For T years and O options that is O T 2^(T-1) steps at most,
where sets of options would be exponential in O. Options with several requirements are taken over sets of options, with
those that hang together with them.

The table is an array program: registers, each a number per unit, and steps `register = max(held, one + other)`, where
what is held is the register itself or, when it is written first, the register `NEVER`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from haidang.errors import HaidangError

ZERO, NEVER, SERVED, CELLS = 0, 1, 2, 3
"""The registers that every table begins with: nought, what no plan reaches, the worth of being served, the cells."""

MOST_STEPS = 100_000
"""A table with more steps than this is refused: what requires what is too entangled."""

Sets = dict[int, int]
"""The register of each set of years, written as bits; the empty set is `ZERO`."""


class EntangledOptionsError(HaidangError):
    """Options that require one another in so many ways that not every order can be looked at."""


@dataclass(frozen=True, slots=True, eq=False)
class Orders:
    """A table of steps.

    Args:
        years: how many.
        options: how many.
        registers: how many.
        steps: the register that is written, the one held against it, and the two whose sum is, in order (int32, steps
            by 4).
        best: the register that holds the result.
    """

    years: int
    options: int
    registers: int
    steps: NDArray[np.int32]
    best: int


@dataclass(slots=True)
class _Table:
    years: int
    options: int
    registers: int = 0
    steps: list[tuple[int, int, int, int]] = field(default_factory=list[tuple[int, int, int, int]])
    written: set[int] = field(default_factory=set[int])

    def cell(self, option: int, year: int) -> int:
        return CELLS + year * self.options + option

    def fresh(self) -> int:
        self.registers += 1
        return self.registers - 1

    def step(self, raised: int, one: int, other: int) -> None:
        self.steps.append((raised, raised if raised in self.written else NEVER, one, other))
        self.written.add(raised)
        if len(self.steps) > MOST_STEPS:
            raise EntangledOptionsError(
                f"{self.options} options over {self.years} years can be ordered in too many ways to look at them all",
                hint="let fewer options have several requirements, or take fewer years",
            )


def orders(after: Sequence[Sequence[int]], years: int) -> Orders:
    """The table of all orders.

    Args:
        after: for each option, the places of those it requires; without cycles.
        years: how many years there are.

    Raises:
        EntangledOptionsError: the table would be too long.
    """
    table = _Table(years, len(after), CELLS + years * len(after))
    joined: Sets = {0: ZERO}
    for part in sorted(_parts(after), key=len):
        tree = all(len(after[option]) <= 1 for option in part)
        alone = _tree(table, after, _root(after, part)) if tree else _tangle(table, after, part)
        _join(table, joined, alone)
    best = table.fresh()
    table.step(best, ZERO, ZERO)
    for years_taken, register in joined.items():
        if years_taken:
            table.step(best, register, SERVED)
    return _packed(table, best)


def _packed(table: _Table, best: int) -> Orders:
    """The table with registers used again once nothing reads what they hold."""
    fixed = CELLS + table.years * table.options
    last = {register: at for at, (_, *read) in enumerate(table.steps) for register in read}
    last[best] = len(table.steps)
    place = list(range(fixed)) + [-1] * (table.registers - fixed)
    free: list[int] = []
    count = fixed
    packed: list[tuple[int, ...]] = []
    for at, (raised, *read) in enumerate(table.steps):
        told = [place[register] for register in read]
        for register in {one for one in read if one >= fixed and last[one] == at and one != raised}:
            free.append(place[register])
        if place[raised] < 0:
            if not free:
                free, count = [count], count + 1
            place[raised] = free.pop()
        packed.append((place[raised], *told))
    return Orders(table.years, table.options, count, np.array(packed, np.int32).reshape(-1, 4), place[best])


def _parts(after: Sequence[Sequence[int]]) -> list[list[int]]:
    """Options that hang together."""
    name = list(range(len(after)))

    def leader(option: int) -> int:
        while name[option] != option:
            option = name[option]
        return option

    for option, required in enumerate(after):
        for other in required:
            name[leader(option)] = leader(other)
    return [found for one in range(len(after)) if (found := [k for k in range(len(after)) if leader(k) == one])]


def _root(after: Sequence[Sequence[int]], part: Sequence[int]) -> int:
    return next(option for option in part if not after[option])


def _tree(table: _Table, after: Sequence[Sequence[int]], option: int) -> Sets:
    """For each set of years, the best of an option and of what requires it, filling exactly these years."""
    below: Sets = {0: ZERO}
    for other, required in enumerate(after):
        if option in required:
            _join(table, below, _tree(table, after, other))
    alone: Sets = {}
    for year in range(table.years):
        for later, register in below.items():
            if later & ((2 << year) - 1):
                continue
            if later == 0:
                alone[1 << year] = table.cell(option, year)
                continue
            alone[1 << year | later] = table.fresh()
            table.step(alone[1 << year | later], table.cell(option, year), register)
    return alone


def _join(table: _Table, joined: Sets, alone: Sets) -> None:
    """Let another tree fill some of the years: larger sets first, since they read the smaller ones as they were."""
    pairs = [(free | own, free, own) for free in joined for own in alone if not free & own]
    before = dict(joined)
    for years, free, own in sorted(pairs, key=lambda pair: (-pair[0].bit_count(), pair)):
        if years not in joined:
            joined[years] = table.fresh()
        table.step(joined[years], before[free], alone[own])


def _tangle(table: _Table, after: Sequence[Sequence[int]], part: Sequence[int]) -> Sets:
    """The same for options with several requirements: sets of options filled up year after year."""
    filled: dict[tuple[int, frozenset[int]], int] = {(0, frozenset()): ZERO}
    reached: dict[tuple[int, frozenset[int]], int] = dict(filled)
    for _ in range(min(table.years, len(part))):
        longer: dict[tuple[int, frozenset[int]], int] = {}
        for (years, taken), register in reached.items():
            for option in part:
                if option in taken or not taken.issuperset(after[option]):
                    continue
                for year in range(years.bit_length(), table.years):
                    key = (years | 1 << year, taken | {option})
                    if key not in longer:
                        longer[key] = table.fresh()
                    table.step(longer[key], register, table.cell(option, year))
        filled |= longer
        reached = longer
    alone: Sets = {}
    for (years, _), register in filled.items():
        if years:
            if years not in alone:
                alone[years] = table.fresh()
            table.step(alone[years], register, ZERO)
    return alone
