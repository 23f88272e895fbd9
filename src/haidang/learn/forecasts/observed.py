"""Series of numbers seen in time, cut at an origin: what was known, and what came after."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.learn.forecasts.suite_file import Suite, SuiteError

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Observed:
    """One series.

    Args:
        id: its name in the file.
        times: in years, a day being a part of its year; rising (observations).
        values: in the unit of the suite (observations).
    """

    id: str
    times: Numbers
    values: Numbers

    def __len__(self) -> int:
        """How many observations it has."""
        return len(self.times)

    def first(self, count: int) -> Observed:
        """Its first observations alone: an array of its own, so that nothing later can be reached from it."""
        return Observed(self.id, self.times[:count].copy(), self.values[:count].copy())

    def rest(self, count: int) -> Observed:
        """Its observations after the first so many."""
        return Observed(self.id, self.times[count:].copy(), self.values[count:].copy())

    def known_by(self, time: float) -> Observed:
        """What had been observed by then."""
        return self.first(int(np.searchsorted(self.times, time, side="right")))


@dataclass(frozen=True, slots=True)
class Cut:
    """A series cut at an origin.

    Args:
        known: up to the origin.
        came: after it; nobody who forecasts is given this.
    """

    known: Observed
    came: Observed


def cut_all(panel: tuple[Observed, ...], suite: Suite, place: int) -> tuple[Cut, ...]:
    """Every series that has an observation up to an origin and one after it.

    Of a series that is cut by its share at least two are known.

    Args:
        panel: all series.
        suite: whose origins they are.
        place: which origin, in the order of the declaration.

    Raises:
        SuiteError: no series can be cut there.
    """
    origin = suite.origins[place]
    cuts: list[Cut] = []
    for one in panel:
        count = max(part_of(len(one), origin), 2) if suite.by_share else len(one.known_by(origin))
        if count < 1 or count >= len(one):
            continue
        cuts.append(Cut(one.first(count), one.rest(count)))
    if not cuts:
        problem = "expected a series with numbers before the origin and after it, found none"
        raise SuiteError(problem, suite.place.at("origins"))
    return tuple(cuts)


def part_of(count: int, share: float) -> int:
    """How many of so many observations are the first `share` of them, rounded up."""
    return int(np.ceil(count * share - 1e-9))
