"""The exact likelihood of a local linear trend with a damped slope, for many series and many settings at once.

The level moves by a constant drift b, by a slope v that wanders and comes back (Ornstein and Uhlenbeck 1930), and by
noise of its own; what is published is the level with an error:

    dx = (b + v) dt + dW,    v stationary with standard deviation `slope` and return rate k,    y = x + e

All standard deviations are multiples of the noise's, which stays open (Harvey 1989, sections 3.4 and 9.1). The first
level is diffuse: the filter starts after the first observation, which is exact under a flat prior on the level.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from haidang.track.odds.priors import TrendGrid

Array = NDArray[np.float64]


class Moves(NamedTuple):
    """What a span of years does to level, slope and drift: the slope's weights and its noise's covariances (series)."""

    years: Array
    slope_to_level: Array
    slope_kept: Array
    level_noise: Array
    cross_noise: Array
    slope_noise: Array


@dataclass(frozen=True, slots=True)
class State:
    """Mean and covariance of level (0), slope (1) and drift (2), in multiples of the noise (series, settings)."""

    level: Array
    slope: Array
    drift: Array
    p00: Array
    p01: Array
    p02: Array
    p11: Array
    p12: Array
    p22: Array


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the observations leave (series, settings): the state at the last one, and the two parts of the likelihood.

    Args:
        state: after the last observation.
        squares: sum of squared innovations over their variances.
        logdet: sum of the logarithms of those variances.
        count: innovations of each series (series).
    """

    state: State
    squares: Array
    logdet: Array
    count: NDArray[np.int64]


def moves(years: Array, return_rate: float) -> Moves:
    """The transition over spans of years, and the noise of a unit slope within them.

    Args:
        years: how long each span is (series).
        return_rate: of the slope, a year, above zero.
    """
    kept = np.exp(-return_rate * years)
    gone = -np.expm1(-return_rate * years)
    twice_gone = -np.expm1(-2.0 * return_rate * years)
    level = 2.0 / return_rate * (years - 2.0 * gone / return_rate + twice_gone / (2.0 * return_rate))
    return Moves(years, gone / return_rate, kept, np.maximum(level, 0.0), gone**2 / return_rate, twice_gone)


def ahead(state: State, step: Moves, grid: TrendGrid) -> State:
    """The state after a span in which nothing is observed."""
    years, c, kept, q00, q01, q11 = (each[:, None] for each in step)
    variance = grid.slope[None, :] ** 2
    p = state
    return State(
        p.level + c * p.slope + years * p.drift,
        kept * p.slope,
        p.drift,
        p.p00 + c * (2.0 * p.p01 + c * p.p11) + years * (2.0 * p.p02 + 2.0 * c * p.p12 + years * p.p22)
        + years + variance * q00,
        kept * (p.p01 + c * p.p11 + years * p.p12) + variance * q01,
        p.p02 + c * p.p12 + years * p.p22,
        kept**2 * p.p11 + variance * q11,
        kept * p.p12,
        p.p22,
    )  # fmt: skip


def filtered(values: Array, years: Array, grid: TrendGrid, return_rate: float) -> Filtered:
    """Every series through the filter under every setting.

    Args:
        values: on the line of their scale (series, times), NaN behind the last observation of a series.
        years: of each observation from any day on (series, times), rising.
        grid: the settings.
        return_rate: of the slope, a year.
    """
    shape = (len(values), len(grid.weight))
    zero = np.zeros(shape)
    state = State(
        zero + values[:, :1], zero, zero,
        zero + grid.error**2, zero, zero, zero + grid.slope**2, zero, zero + grid.drift**2,
    )  # fmt: skip
    squares, logdet = np.zeros(shape), np.zeros(shape)
    seen = ~np.isnan(values)
    for time in range(1, values.shape[1]):
        rows = seen[:, time]
        if not rows.any():
            break
        whole = bool(rows.all())
        before = state if whole else _of(state, rows)
        gap = (years[:, time] - years[:, time - 1])[rows]
        guess = ahead(before, moves(gap, return_rate), grid)
        surprise = values[rows, time][:, None] - guess.level
        variance = guess.p00 + grid.error[None, :] ** 2
        squares[rows] += surprise**2 / variance
        logdet[rows] += np.log(variance)
        after = _learnt(guess, surprise, variance)
        state = after if whole else _put(state, rows, after)
    return Filtered(state, squares, logdet, seen.sum(axis=1) - 1)


def _learnt(p: State, surprise: Array, variance: Array) -> State:
    g0, g1, g2 = p.p00 / variance, p.p01 / variance, p.p02 / variance
    return State(
        p.level + g0 * surprise, p.slope + g1 * surprise, p.drift + g2 * surprise,
        p.p00 - g0 * p.p00, p.p01 - g0 * p.p01, p.p02 - g0 * p.p02,
        p.p11 - g1 * p.p01, p.p12 - g1 * p.p02, p.p22 - g2 * p.p02,
    )  # fmt: skip


def _parts(state: State) -> tuple[Array, ...]:
    return tuple(getattr(state, name) for name in State.__slots__)


def _of(state: State, rows: NDArray[np.bool_]) -> State:
    return State(*(part[rows] for part in _parts(state)))


def _put(state: State, rows: NDArray[np.bool_], new: State) -> State:
    return State(
        *(
            np.where(rows[:, None], _spread(part, rows), old)
            for old, part in zip(_parts(state), _parts(new), strict=True)
        )
    )


def _spread(part: Array, rows: NDArray[np.bool_]) -> Array:
    wide = np.zeros((len(rows), part.shape[1]))
    wide[rows] = part
    return wide
