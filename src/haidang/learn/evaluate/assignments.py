"""The lot itself, so that it can be repeated: who might have been treated, and how often each way came up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import combinations, product
from math import comb, prod

import numpy as np
from numpy.typing import NDArray

from haidang.learn.evaluate.columns import Codes, Numbers

Draw = Callable[[np.random.Generator], NDArray[np.float64]]
"""An assignment of every row, 0 or 1, in the order of the table, as the lot might have fallen."""


@dataclass(frozen=True, slots=True)
class Assignments:
    """A lot with equally likely assignments.

    Args:
        draw: one of them.
        count: how many there are; none where that is not known.
        every: all of them, one after another; none where they cannot be listed.
    """

    draw: Draw
    count: int | None = None
    every: Callable[[], Iterator[Numbers]] | None = None


def permuted(treated: Numbers, strata: Codes | None = None, clusters: Codes | None = None) -> Assignments:
    """As many treated in each stratum as there were, units or whole clusters.

    Args:
        treated: 0 or 1 of each row.
        strata: of each row, from 0; none for one.
        clusters: of each row, from 0; none where units were drawn one by one.
    """
    rows = np.arange(len(treated)) if clusters is None else clusters
    first = np.unique(rows, return_index=True)[1]
    arm = treated[first].astype(np.float64)
    block = np.zeros(len(arm), np.int64) if strata is None else strata[first]
    groups = [np.flatnonzero(block == one) for one in np.unique(block)]
    counts = [int(arm[one].sum()) for one in groups]

    def draw(generator: np.random.Generator) -> Numbers:
        found = np.zeros(len(arm))
        for group in groups:
            found[group] = generator.permutation(arm[group])
        return found[rows]

    def every() -> Iterator[Numbers]:
        ways = (combinations(group.tolist(), count) for group, count in zip(groups, counts, strict=True))
        for chosen in product(*(list(way) for way in ways)):
            found = np.zeros(len(arm))
            for some in chosen:
                found[list(some)] = 1.0
            yield found[rows]

    return Assignments(draw, prod(comb(len(g), c) for g, c in zip(groups, counts, strict=True)), every)


def flipped(treated: Numbers, pairs: Codes) -> Assignments:
    """One of each pair, by the toss of a coin.

    Args:
        treated: 0 or 1 of each row, one of each in a pair.
        pairs: of each row, from 0.
    """
    count = int(pairs.max()) + 1

    def draw(generator: np.random.Generator) -> Numbers:
        return np.abs(treated - generator.integers(0, 2, count)[pairs])

    def every() -> Iterator[Numbers]:
        for turned in product((0.0, 1.0), repeat=count):
            yield np.abs(treated - np.array(turned)[pairs])

    return Assignments(draw, 2**count, every)
