"""Levels and shares: the forecast of a local linear trend, its settings and its noise integrated, none plugged in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.track.odds.kalman import Filtered, State, ahead, filtered, moves
from haidang.track.odds.mixture import StudentMixture
from haidang.track.odds.priors import TrendGrid, TrendPrior

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Posterior:
    """What series say of their trends: weight of each setting (series, settings), the state, and the noise's spread.

    Args:
        weight: of each setting, one in all for each series.
        state: at the last observation, in multiples of the noise.
        spread: of the noise under each setting, to be multiplied with the state's standard deviations.
        freedom: degrees of freedom (series).
        last: years of the last observation (series), on the clock of the observations.
        grid: the settings.
        return_rate: of the slope, a year.
    """

    weight: Array
    state: State
    spread: Array
    freedom: Array
    last: Array
    grid: TrendGrid
    return_rate: float

    def forecast(self, years: Array) -> StudentMixture:
        """What will be published at a time behind the last observation, one for each series.

        Args:
            years: when (series), on the clock of the observations.
        """
        then = ahead(self.state, moves(years - self.last, self.return_rate), self.grid)
        return self._told(then.level, then.p00 + self.grid.error**2)

    def of(self, rows: NDArray[np.int64]) -> Posterior:
        """Some of the series, in an order of their own."""
        state = State(*(getattr(self.state, name)[rows] for name in State.__slots__))
        return Posterior(
            self.weight[rows], state, self.spread[rows], self.freedom[rows], self.last[rows],
            self.grid, self.return_rate,
        )  # fmt: skip

    def change(self, start: Array, end: Array) -> StudentMixture:
        """The level's change between two times at or behind the last observation, one for each series.

        Args:
            start: when it begins (series).
            end: when it ends (series), behind the start.
        """
        at = ahead(self.state, moves(start - self.last, self.return_rate), self.grid)
        step = moves(end - start, self.return_rate)
        then = ahead(at, step, self.grid)
        shared = at.p00 + step.slope_to_level[:, None] * at.p01 + step.years[:, None] * at.p02
        return self._told(then.level - at.level, np.maximum(then.p00 + at.p00 - 2.0 * shared, 1e-300))

    def _told(self, middle: Array, variance: Array) -> StudentMixture:
        return StudentMixture(self.weight, middle, self.spread * np.sqrt(variance), self.freedom)


def learn(values: Array, years: Array, prior: TrendPrior, noise: Array | None = None) -> Posterior:
    """The trends of series, from what was published of them.

    The noise's variance has an inverse gamma prior and is integrated in closed form, so that each setting forecasts a
    Student distribution; the settings are weighted by their marginal likelihoods (Gelman and others 2013, section 14.2;
    West and Harrison 1997, section 4.5).

    Args:
        values: on the line of their scale (series, times), NaN behind the last observation; two at least in each.
        years: of each observation (series, times), rising.
        prior: what is assumed.
        noise: the prior's noise for each series (series) where it is not the same for all.
    """
    grid = prior.grid()
    found: Filtered = filtered(values, years, grid, prior.return_rate)
    size = np.full(len(values), prior.noise) if noise is None else noise
    shape = np.asarray(prior.certainty + 0.5 * found.count, np.float64)
    rate = (prior.certainty * size**2)[:, None] + 0.5 * found.squares
    with np.errstate(divide="ignore"):
        log = np.log(grid.weight)[None, :] - 0.5 * found.logdet - shape[:, None] * np.log(rate)
    weight = np.exp(log - log.max(axis=1, keepdims=True))
    weight /= weight.sum(axis=1, keepdims=True)
    last = years[np.arange(len(values)), found.count]
    return Posterior(
        weight, found.state, np.sqrt(rate / shape[:, None]), 2.0 * shape, last, grid, prior.return_rate
    )  # fmt: skip


def ragged(rows: Sequence[Sequence[float]]) -> Array:
    """Rows of different lengths as one array, NaN behind the end of each."""
    longest = max((len(row) for row in rows), default=0)
    table = np.full((len(rows), longest), np.nan)
    for place, row in enumerate(rows):
        table[place, : len(row)] = row
    return table
