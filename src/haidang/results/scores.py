"""Scores of a forecast that is a distribution: the smaller the better, in the unit of what is forecast."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def crps(draws: NDArray[np.float64], outcome: float) -> float:
    """Continuous ranked probability score of draws that are equally likely (Gneiting and Raftery 2007, equation 21).

    The mean distance to the outcome less half the mean distance between two draws, both draws taken with replacement;
    the latter from the sorted draws, sum of (2k - m - 1) x_k times 2 / m^2 with k from 1 to m.

    Args:
        draws: the forecast (draws).
        outcome: what came.

    Raises:
        ValueError: there is no draw.
    """
    count = len(draws)
    if not count:
        raise ValueError("expected at least one draw, found none")
    # Around the outcome, so that no digits are lost where the draws lie close together far from zero.
    away = np.sort(draws - outcome)
    rank = 2.0 * np.arange(1, count + 1) - count - 1.0
    return float(np.abs(away).mean() - (rank * away).sum() / count**2)


def crps_of_point(forecast: float, outcome: float) -> float:
    """The score of a forecast that is one number: its distance from the outcome."""
    return abs(forecast - outcome)


def crps_of_normal(mean: float, spread: float, outcome: float) -> float:
    """The score of a normal forecast in closed form (Gneiting and Raftery 2007, equation 20 and after).

    Args:
        mean: of the forecast.
        spread: its standard deviation, above zero.
        outcome: what came.
    """
    z = (outcome - mean) / spread
    density = math.exp(-0.5 * z * z) / math.sqrt(2.0 * math.pi)
    below = 0.5 * math.erfc(-z / math.sqrt(2.0))
    return spread * (z * (2.0 * below - 1.0) + 2.0 * density - 1.0 / math.sqrt(math.pi))


def inside(draws: NDArray[np.float64], outcome: float, share: float = 0.9) -> bool:
    """Whether the outcome lies in the middle `share` of the draws."""
    low, high = np.quantile(draws, [0.5 - share / 2.0, 0.5 + share / 2.0])
    return bool(low <= outcome <= high)


def log_score(draws: NDArray[np.float64], outcome: float, narrowest: float) -> float:
    """Negative logarithm of the density that a forecast gives to what came (Good 1952), from its draws.

    The density is a mean of Student kernels with three degrees of freedom around the draws, as wide as Silverman
    (1986, equation 3.31) says and never narrower than `narrowest`. Their long tails make the price of a surprise large
    and finite; with normal kernels a single number far outside would decide between forecasters.

    Args:
        draws: the forecast (draws).
        outcome: what came.
        narrowest: the least width of a kernel, above zero: half of what outcomes are rounded to.
    """
    low, high = np.quantile(draws, [0.25, 0.75])
    spread = min(float(draws.std()), float(high - low) / 1.349)
    width = max(0.9 * spread * len(draws) ** -0.2, narrowest)
    away = (draws - outcome) / width
    tails = np.square(1.0 + np.square(away) / 3.0)
    return -math.log(2.0 / (math.pi * math.sqrt(3.0)) * float((1.0 / tails).mean()) / width)


def pit(draws: NDArray[np.float64], outcome: float) -> float:
    """Where what came stands among the draws, 0 to 1 (Dawid 1984); draws that equal it count by half."""
    return float(np.count_nonzero(draws < outcome) + 0.5 * np.count_nonzero(draws == outcome)) / len(draws)
