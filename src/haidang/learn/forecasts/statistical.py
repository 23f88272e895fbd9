"""Rivals of statsforecast: exponential smoothing, ARIMA and Theta, each choosing its own form.

They want a value in every year, so gaps within what is known are bridged by straight lines. The package is of the
extra `learn`; where it is not installed, these rivals are missing from the table and the table says so.
"""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from haidang.learn.forecasts.observed import Observed

Numbers = NDArray[np.float64]

NAMES = ("ets", "arima", "theta")
_FEWEST = 10
_LEVEL = 90


def installed() -> bool:
    """Whether statsforecast is there."""
    return find_spec("statsforecast") is not None


def serves(known: Observed, at: Numbers) -> bool:
    """Whether a series is known in enough whole years for these methods, and asked for in whole years."""
    whole = np.concatenate([known.times, at])
    return bool(np.all(whole == np.rint(whole))) and len(known) >= _FEWEST and float(np.ptp(known.values)) > 0


def statistical_forecast(name: str, known: Observed, at: Numbers, count: int, chance: np.random.Generator) -> Numbers:
    """Draws from the normal distribution that the method's 90 % interval says (times x draws).

    Args:
        name: `ets`, `arima` or `theta`.
        known: the series up to the origin; `serves` holds.
        at: whole years after it.
        count: how many draws.
        chance: the source of chance.
    """
    years: Numbers = np.arange(float(known.times[0]), float(known.times[-1]) + 1.0)
    values = np.interp(years, known.times, known.values)
    ahead = np.rint(at - known.times[-1]).astype(int)
    told = _method(name).forecast(y=values, h=int(ahead[-1]), level=[_LEVEL])
    middle = np.asarray(told["mean"], np.float64)[ahead - 1]
    high = np.asarray(told[f"hi-{_LEVEL}"], np.float64)[ahead - 1]
    low = np.asarray(told[f"lo-{_LEVEL}"], np.float64)[ahead - 1]
    spread = np.maximum(high - low, 0.0) / (2.0 * ndtri(0.95))
    return middle[:, None] + spread[:, None] * chance.standard_normal((len(at), count))


def _method(name: str) -> Any:
    from statsforecast import models

    made = {"ets": models.AutoETS, "arima": models.AutoARIMA, "theta": models.AutoTheta}
    return made[name](season_length=1)
