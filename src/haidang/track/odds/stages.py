"""Stage survival: how likely a promise reaches a stage by a day, learnt from how long promises stood in each.

In each stage a promise moves on at one rate and lapses at another, both unknown with gamma distributions (Gelman and
others 2013, section 2.6). With the rates integrated, the time to move on has the closed density

    A B^A / (B + t)^(A + 1)  (D / (D + t))^C

where A moves and C lapses are on record in B and D years of waiting, priors included. Stages follow one another, so
their times add, and the density of the sum is a convolution on a fine grid. How long this promise has waited already
belongs to the record: it is part of the years of its stage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.track.odds.convolve import convolved
from haidang.track.odds.series import OddsError

Array = NDArray[np.float64]
_GRID = 2048


@dataclass(frozen=True, slots=True)
class StageWait:
    """What is known and assumed of leaving one stage.

    Args:
        name: of the stage.
        moved: promises on record that went on from it.
        lapsed: promises on record that lapsed or were withdrawn in it.
        years: all the time on record that promises stood in it, open waits included.
        prior_moved: assumed moves, above zero.
        prior_lapsed: assumed lapses, zero for a stage in which nothing lapses.
        prior_years: assumed years of waiting, above zero.

    Raises:
        OddsError: a number out of its range.
    """

    name: str
    moved: int
    lapsed: int
    years: float
    prior_moved: float
    prior_lapsed: float
    prior_years: float

    def __post_init__(self) -> None:
        if min(self.moved, self.lapsed, self.years, self.prior_lapsed) < 0:
            raise OddsError(f"expected the record of stage '{self.name}' of zero at least, found a number below")
        if min(self.prior_moved, self.prior_years) <= 0:
            raise OddsError(f"expected a prior of stage '{self.name}' above zero, found one that is not")

    def density(self, years: Array) -> Array:
        """Of going on after so many years, not having lapsed before (times)."""
        moves, lapses = self.prior_moved + self.moved, self.prior_lapsed + self.lapsed
        waited = self.prior_years + self.years
        stays = (moves + lapses) * np.log1p(years / waited)
        return moves / (waited + years) * np.exp(-stays)

    def gone_by(self, years: Array) -> Array:
        """The probability of having gone on within so many years (times)."""
        moves, lapses = self.prior_moved + self.moved, self.prior_lapsed + self.lapsed
        waited = self.prior_years + self.years
        return moves / (moves + lapses) * -np.expm1(-(moves + lapses) * np.log1p(years / waited))


@dataclass(frozen=True, slots=True)
class Arrival:
    """The probability of having arrived, by years from today (times), rising; it may never reach one."""

    years: Array
    probability: Array

    def by(self, years: float) -> float:
        """The probability of having arrived within so many years; none of arriving at once."""
        return float(np.interp(max(years, 0.0), self.years, self.probability))


def arrival(stages: Sequence[StageWait], years: float) -> Arrival:
    """When a promise that stands in the first of some stages will have left the last.

    Args:
        stages: those that it must leave, in order; with none it has arrived.
        years: how far to look, above zero.
    """
    times = np.linspace(0.0, max(years, 1e-6), _GRID)
    if not stages:
        return Arrival(times, np.ones(_GRID))
    step = times[1]
    total = stages[-1].gone_by(times)
    for stage in reversed(stages[:-1]):
        # The density's mass between grid points, exact, laid at the middle: no stage is too quick for the grid.
        mass = np.diff(stage.gone_by(times))
        middle = 0.5 * (total[1:] + total[:-1])
        total = np.concatenate([[0.0], convolved(mass, middle)[: _GRID - 1]])
    return Arrival(times, np.clip(np.maximum.accumulate(total), 0.0, 1.0)) if step else Arrival(times, total)


def arrivals(stages: Mapping[str, StageWait], order: Sequence[str], goal: str, years: float) -> dict[str, Arrival]:
    """When promises will have reached a goal, one answer for each stage in which they may stand now.

    Args:
        stages: what is known of leaving each stage.
        order: their names in the order in which a promise goes through them.
        goal: the stage to be reached.
        years: how far to look.

    Raises:
        OddsError: the goal is not in the order, or a stage before it is not known.
    """
    if goal not in order:
        raise OddsError(f"expected one of the stages {', '.join(order)}, found '{goal}'")
    before = list(order[: order.index(goal)])
    if missing := [name for name in before if name not in stages]:
        raise OddsError(f"expected what is known of stage '{missing[0]}', found nothing")
    return {name: arrival([stages[one] for one in before[place:]], years) for place, name in enumerate([*before, goal])}
