"""Rivals that know no theory: the last value, and the mean pace, each with the spread of its own past errors.

Every rival is a function of what was known, the times asked for, how many draws, and a source of chance; bounds are
applied by who calls it. Draws are times x draws. A series known by one number has no pace and no past errors: both
then say that number and nothing about how sure they are.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from haidang.learn.forecasts.observed import Observed

Numbers = NDArray[np.float64]


def last_value(known: Observed, at: Numbers, count: int, chance: np.random.Generator) -> Numbers:
    """A random walk from the last value; its variance a year is the mean squared step over the years between."""
    if len(known) == 1:
        return _alone(known, at, count)
    steps, gaps = np.diff(known.values), np.diff(known.times)
    spread = np.sqrt(np.mean(steps**2 / gaps))
    ahead = (at - known.times[-1])[:, None]
    return known.values[-1] + spread * np.sqrt(ahead) * chance.standard_normal((len(at), count))


def drift(known: Observed, at: Numbers, count: int, chance: np.random.Generator) -> Numbers:
    """A random walk with the mean pace since the first value, whose own error grows with the square of time ahead.

    The variance ahead is `s2 h (1 + h / T)` with T the years known (Hyndman and Athanasopoulos 2021, chapter 5).
    """
    if len(known) == 1:
        return _alone(known, at, count)
    steps, gaps = np.diff(known.values), np.diff(known.times)
    span = known.times[-1] - known.times[0]
    pace = (known.values[-1] - known.values[0]) / span
    freedom = max(len(steps) - 1, 1)
    spread = np.sqrt(np.sum((steps - pace * gaps) ** 2 / gaps) / freedom)
    ahead = (at - known.times[-1])[:, None]
    walk = np.sqrt(ahead * (1.0 + ahead / span)) * chance.standard_normal((len(at), count))
    return known.values[-1] + pace * ahead + spread * walk


def _alone(known: Observed, at: Numbers, count: int) -> Numbers:
    return np.full((len(at), count), known.values[-1])
