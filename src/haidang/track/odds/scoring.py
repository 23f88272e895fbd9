"""Forecasts held against what came: how far off, and whether what was called likely was likely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from haidang.results.points import LEVELS, Points
from haidang.results.scores import crps


def brier(probability: float, happened: bool) -> float:
    """The squared distance between a probability and what happened (Brier 1950, for two outcomes): 0 is perfect."""
    return (probability - float(happened)) ** 2


def crps_of_points(points: Points, outcome: float) -> float:
    """The CRPS of a forecast told by its five points: of the distribution that runs straight between them.

    Outside the first and the last point it ends where the straight line through the last two would.

    Args:
        points: of the forecast.
        outcome: what came, in the same unit.
    """
    known = [points.p5, points.p25, points.p50, points.p75, points.p95]
    outer = LEVELS[1] - LEVELS[0]
    low = known[0] - (known[1] - known[0]) * LEVELS[0] / outer
    high = known[-1] + (known[-1] - known[-2]) * (1 - LEVELS[-1]) / outer
    shares = (np.arange(1000) + 0.5) / 1000
    return crps(np.interp(shares, (0.0, *LEVELS, 1.0), (low, *known, high)), outcome)


@dataclass(frozen=True, slots=True)
class Bin:
    """Forecasts of about the same probability: how many, what they said on average, and how often it happened."""

    low: float
    high: float
    count: int
    said: float
    happened: float


def reliability(probabilities: Sequence[float], happened: Sequence[bool], bins: int = 5) -> tuple[Bin, ...]:
    """The reliability diagram: what was said against what happened, in equal ranges of probability that are not empty.

    Args:
        probabilities: what was said (forecasts).
        happened: whether it did (forecasts).
        bins: ranges between zero and one.
    """
    said, came = np.array(probabilities, np.float64), np.array(happened, np.float64)
    which = np.minimum((said * bins).astype(int), bins - 1)
    return tuple(
        Bin(
            each / bins, (each + 1) / bins, int(np.sum(which == each)),
            float(said[which == each].mean()), float(came[which == each].mean()),
        )
        for each in range(bins) if np.any(which == each)
    )  # fmt: skip


def murphy(probabilities: Sequence[float], happened: Sequence[bool]) -> tuple[float, float, float]:
    """The mean Brier score in three parts (Murphy 1973): reliability less resolution plus uncertainty.

    Forecasts are grouped by the probability that they said, so that the parts add up exactly.

    Args:
        probabilities: what was said (forecasts), one at least.
        happened: whether it did (forecasts).
    """
    said, came = np.array(probabilities, np.float64), np.array(happened, np.float64)
    rate = float(came.mean())
    values, which, counts = np.unique(said, return_inverse=True, return_counts=True)
    rates = np.array([came[which == place].mean() for place in range(len(values))])
    share = counts / len(said)
    off, apart = float(np.sum(share * (values - rates) ** 2)), float(np.sum(share * (rates - rate) ** 2))
    return off, apart, rate * (1 - rate)
