"""What a backtest says: one forecast held against what came, against a reference class, or a list of cases."""

from __future__ import annotations

import math

from haidang.results.manifest import Backtest, Case
from haidang.results.points import Points, points


def forecast(told: Backtest | Case) -> Points | None:
    """The five points of a forecast, from its quantiles or its draws."""
    wanted = ("5", "25", "50", "75", "95")
    if all(name in told.quantiles for name in wanted):
        return Points(*(told.quantiles[name] for name in wanted))
    if isinstance(told, Backtest) and told.draws:
        import numpy as np

        return points(np.array(told.draws))
    return None


def inside(told: Backtest | Case, found: Points) -> bool | None:
    """Whether what came lies in the 90 % interval; none where nothing is known to have come."""
    if told.outcome is None:
        return None
    return found.p5 <= told.outcome <= found.p95 if told.covered90 is None else told.covered90


def worse_than_naive(told: Backtest) -> bool | None:
    """Whether the naive forecast does at least as well; none where one of the two has no score."""
    if told.worse_than_naive is not None:
        return told.worse_than_naive
    scores = told.crps
    return None if scores.model is None or scores.naive is None else scores.model >= scores.naive


def is_foresight(told: Backtest) -> bool:
    """Whether it is a forecast with what was known before: a list of past cases without dates of their own is none."""
    return told.kind != "cases" or any(case.cutoff not in {None, told.cutoff} for case in told.cases)


def enough_inside(share: float, count: int) -> bool:
    """Whether nine in ten lie inside, but for one or two more of a few that may miss by chance."""
    return share * count >= 0.9 * count - 1.64 * math.sqrt(count * 0.09)


def covered(told: Backtest) -> tuple[float, int] | None:
    """The share of the scored outcomes inside the 90 % interval, and how many there are; none without any."""
    if told.kind == "one":
        found = forecast(told)
        hit = None if found is None else inside(told, found)
        return None if hit is None else (float(hit), 1)
    scored = [case for case in told.cases if not case.fitted and case.covered90 is not None]
    if not scored:
        return None
    share = sum(case.covered90 is True for case in scored) / len(scored)
    return (share if told.coverage90 is None else told.coverage90, told.scored or len(scored))
