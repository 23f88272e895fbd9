"""The odds of five thousand targets, each on a series of its own, with their fans."""

from __future__ import annotations

import math
import time
from datetime import date

import numpy as np

from benchmarks.figure import Figure
from haidang.track.odds import Asked, Bound, Series, level_odds

SERIES, BY = 5_000, date(2030, 12, 31)


def measure(small: bool) -> tuple[list[Figure], list[str]]:
    """CPU seconds for invented series of three to twenty years, half levels and half shares, with five years ahead."""
    asked = [_asked(seed) for seed in range(SERIES // 20 if small else SERIES)]
    level_odds(asked[:10])  # the library is loaded once
    begun = time.process_time()
    found = level_odds(asked)
    seconds = time.process_time() - begun
    unsound = sum(one.probability is None or not 0.0 <= one.probability <= 1.0 for one in found)
    return [
        Figure(f"odds and fans of {len(asked):,} series", "s of CPU", (seconds,), bound=15.0),
        Figure("odds that are no probability", "", (float(unsound),), bound=0.0),
    ], []


def _asked(seed: int) -> Asked:
    random = np.random.default_rng(seed)
    count = int(random.integers(3, 21))
    walk = np.cumsum(random.normal(0.03, 0.05, count))
    days = tuple(date(2026 - count + place, 12, 31) for place in range(count))
    if seed % 2:
        values = tuple(1.0 / (1.0 + math.exp(-one)) for one in walk.tolist())
        return Asked(str(seed), Series(str(seed), days, values, "logit"), BY, Bound(0.5, 0.6))
    values = tuple(math.exp(one) for one in walk.tolist())
    return Asked(str(seed), Series(str(seed), days, values, "log"), BY, Bound(low=1.2 * values[-1]))
