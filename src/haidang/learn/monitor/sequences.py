"""Intervals and evidence that may be looked at after every arrival.

An e-process starts at one and is, where its hypothesis holds, on average no more than one whenever one stops; so it
ever reaches `1 / alpha` with a chance of at most `alpha` (Ville 1939). A confidence sequence is the set of values whose
e-process has not reached it. Both are exact for numbers in a known range (Waudby-Smith and Ramdas 2024, betting), and
nearly so without one, after a first stretch (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2024).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Side = Literal["above", "below"]
GRID = 300
"""Values of the mean that are tried on each of three spans: the whole range, and two about the mean of all arrivals."""
LARGEST_BET = 0.5
"""The part of what is at hand that is ever staked: the rest is there if the next number is the worst one."""
BURN_IN = 100
"""Arrivals before the approximation without a range is told."""


@dataclass(frozen=True, slots=True, eq=False)
class Sequence:
    """An interval after each arrival (arrivals); the intersection of all up to then."""

    low: Floats
    high: Floats


def effect_terms(y: Floats, d: Floats, share: float, between: tuple[float, float] | None) -> Floats:
    """For each arrival a number whose mean is the effect, by the chance of its arm (Horvitz and Thompson 1952).

    From each outcome the mean of those before it is taken: no arm of its own decides it, and the terms are steadier.

    Args:
        y: outcomes in the order of arrival (arrivals).
        d: whether in the treated arm, 0 or 1 (arrivals).
        share: the chance of the treated arm among the two.
        between: the range of an outcome, from whose middle the first is measured; nought without one.
    """
    start = 0.0 if between is None else (between[0] + between[1]) / 2.0
    before = (start + np.concatenate([[0.0], np.cumsum(y)[:-1]])) / np.arange(1, len(y) + 1)
    return (y - before) * (d / share - (1.0 - d) / (1.0 - share))


def terms_range(between: tuple[float, float], share: float) -> tuple[float, float]:
    """Between what the terms of `effect_terms` lie."""
    largest = (between[1] - between[0]) / min(share, 1.0 - share)
    return -largest, largest


def betting_sequence(x: Floats, between: tuple[float, float], alpha: float) -> Sequence:
    """A confidence sequence of the mean of numbers in a range: exact at every arrival together.

    Hedged capital with predictable plug-in bets (Waudby-Smith and Ramdas 2024, section 4.4) at each value of a grid;
    the interval ends at the first values outside.
    """
    low, high = between
    unit = (x - low) / (high - low)
    grid = _grid(unit)
    bets = _bets(unit, alpha / 2.0)[:, None]
    inside = np.empty((len(x), len(grid)), np.bool_)
    for part in np.array_split(np.arange(len(grid)), 8):
        m = grid[part]
        up = np.minimum(bets, LARGEST_BET / np.maximum(m, 1e-12))
        down = np.minimum(bets, LARGEST_BET / np.maximum(1.0 - m, 1e-12))
        gaps = unit[:, None] - m
        higher = np.cumsum(np.log1p(up * gaps), axis=0)
        lower = np.cumsum(np.log1p(-down * gaps), axis=0)
        inside[:, part] = np.maximum(higher, lower) + np.log(0.5) < -np.log(alpha)
    kept = np.logical_and.accumulate(inside, axis=0)
    some = np.asarray(kept.any(axis=1), np.bool_)
    # Where no value is left, chance has played the rare trick or the mean has moved: the last interval stands.
    first = _held(np.argmax(kept, axis=1), some)
    last = _held(len(grid) - 1 - np.argmax(kept[:, ::-1], axis=1), some)
    return Sequence(
        low + (high - low) * grid[np.maximum(first - 1, 0)],
        low + (high - low) * grid[np.minimum(last + 1, len(grid) - 1)],
    )


def _grid(unit: Floats) -> Floats:
    """Values of the mean on the unit interval, close where the interval will end."""
    centre, step = float(unit.mean()), float(unit.std() + 1e-6) / len(unit) ** 0.5
    spans = [(0.0, 1.0), *((centre - width * step, centre + width * step) for width in (8.0, 64.0))]
    return np.unique(np.clip(np.concatenate([np.linspace(*span, GRID) for span in spans]), 0.0, 1.0))


def _held(places: NDArray[np.int64], some: NDArray[np.bool_]) -> NDArray[np.int64]:
    latest = np.maximum.accumulate(np.where(some, np.arange(len(places)), 0))
    return places[latest]


def betting_evidence(x: Floats, between: tuple[float, float], mean: float, side: Side, alpha: float) -> Floats:
    """The e-process against the hypothesis that the mean is no more (`above`) or no less (`below`) than a number.

    Args:
        x: numbers in the order of arrival (arrivals).
        between: their range.
        mean: the bound of the hypothesis.
        side: on which side of it evidence counts.
        alpha: the level for which bets are sized; the e-process is valid whatever it is.

    Returns:
        Evidence after each arrival (arrivals).
    """
    low, high = between
    unit, m = (x - low) / (high - low), (mean - low) / (high - low)
    sign, room = (1.0, m) if side == "above" else (-1.0, 1.0 - m)
    bets = np.minimum(_bets(unit, alpha), LARGEST_BET / max(room, 1e-12))
    return np.exp(np.minimum(np.cumsum(np.log1p(sign * bets * (unit - m))), 700.0))


def two_sided_evidence(x: Floats, between: tuple[float, float], mean: float, alpha: float) -> Floats:
    """The e-process against the mean being a number: half is staked on either side."""
    above = betting_evidence(x, between, mean, "above", alpha / 2.0)
    return 0.5 * above + 0.5 * betting_evidence(x, between, mean, "below", alpha / 2.0)


def _bets(unit: Floats, alpha: float) -> Floats:
    """How much is staked before each arrival, from those before it alone (predictable plug-in)."""
    count = np.arange(1, len(unit) + 1, dtype=np.float64)
    mean = (0.5 + np.cumsum(unit)) / (count + 1.0)
    variance = (0.25 + np.cumsum(np.square(unit - mean))) / (count + 1.0)
    before = np.concatenate([[0.25], variance[:-1]])
    return np.sqrt(2.0 * np.log(1.0 / alpha) / (before * count * np.log1p(count)))


def asymptotic_sequence(x: Floats, alpha: float, sharpest: int, burn_in: int = BURN_IN) -> Sequence:
    """A confidence sequence of the mean without a range, by the normal mixture; infinite up to the burn-in.

    Args:
        x: numbers in the order of arrival (arrivals).
        alpha: one less the level.
        sharpest: the number of arrivals at which it is to be narrowest.
        burn_in: arrivals after which the normal approximation is believed.
    """
    count, mean, variance = _so_far(x)
    rho = _rho(alpha, sharpest)
    scale = count * variance * rho**2 + 1.0
    half = np.sqrt(2.0 * scale / (count * rho) ** 2 * np.log(np.sqrt(scale) / alpha))
    unknown = count <= burn_in
    low, high = np.where(unknown, -np.inf, mean - half), np.where(unknown, np.inf, mean + half)
    return Sequence(np.maximum.accumulate(low), np.minimum.accumulate(high))


def asymptotic_evidence(x: Floats, mean: float, alpha: float, sharpest: int, burn_in: int = BURN_IN) -> Floats:
    """The e-process of the normal mixture against the mean being a number (arrivals); one up to the burn-in."""
    count, _, variance = _so_far(x)
    rho = _rho(alpha, sharpest)
    scale = count * variance * rho**2 + 1.0
    exponent = np.square(np.cumsum(x - mean) * rho) / (2.0 * scale)
    found = np.exp(np.minimum(exponent, 700.0)) / np.sqrt(scale)
    return np.where(count <= burn_in, 1.0, found)


def _so_far(x: Floats) -> tuple[Floats, Floats, Floats]:
    count = np.arange(1, len(x) + 1, dtype=np.float64)
    mean = np.cumsum(x) / count
    variance = np.maximum(np.cumsum(np.square(x)) / count - np.square(mean), 0.0)
    return count, mean, variance


def _rho(alpha: float, sharpest: int) -> float:
    """The spread of the mixture at which the interval is narrowest after so many arrivals."""
    log = -2.0 * np.log(alpha)
    return float(np.sqrt((log + np.log(log + 1.0)) / max(sharpest, 1)))
