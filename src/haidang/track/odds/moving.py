"""A programme's effect on a forecast: the same distribution, moved by each draw of what a run says it adds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np

from haidang.track.odds.forecast import Bound, Drawn, Movable, Moved, chance
from haidang.track.odds.priors import Scale
from haidang.track.odds.series import OddsError
from haidang.track.odds.told import Effect, Fan, Way, points_of

LIMITS: dict[Scale, tuple[float, float]] = {
    "log": (0.0, np.inf),
    "logit": (0.0, 1.0),
    "rank": (1.0, np.inf),
    "identity": (-np.inf, np.inf),
}
"""The least and the greatest value on each scale."""


def moved_way(
    dates: Sequence[date],
    forecasts: Sequence[Movable],
    effect: Effect,
    bound: Bound,
    scale: Scale,
    whole: bool = False,
    all_there_is: float | None = None,
) -> Way:
    """The odds and the fan with a programme.

    Args:
        dates: of the forecasts, the target's day last.
        forecasts: without the programme.
        effect: what it adds, by year; a day takes the draws of its year's last day at or before it, and none before
            the first.
        bound: what is asked.
        scale: of the indicator.
        whole: it is counted in whole numbers.
        all_there_is: the greatest value that can be, where that is less than the scale's.

    Raises:
        OddsError: a day has no draws, or draws that are not finite.
    """
    least, most = LIMITS[scale]
    most = most if all_there_is is None else min(most, all_there_is)
    moved = [Moved(one, _draws(effect, day), least, most) for day, one in zip(dates, forecasts, strict=True)]
    fan = Fan(tuple(dates), tuple(points_of(one) for one in moved))
    return Way(chance(moved[-1], bound, whole), fan)


USED_UP = 1e-6
"""A run pays out whole dong and serves the last in line in part, so a line that is used up ends this share below."""


def drawn_way(dates: Sequence[date], start: float, effect: Effect, bound: Bound) -> Way:
    """The odds and the fan of what nothing but a programme moves: what it begins with and each draw of what is added.

    Args:
        dates: of the fan, the target's day last.
        start: what it begins with; nothing else is uncertain.
        effect: what the programme adds, as `moved_way` takes it.
        bound: what is asked; a lower bound is kept by what rounds to it.

    Raises:
        OddsError: a day has draws that are not finite.
    """
    drawn = [Drawn(start + _draws(effect, day)) for day in dates]
    fan = Fan(tuple(dates), tuple(points_of(one) for one in drawn))
    return Way(chance(drawn[-1], _rounded(bound)), fan)


def _rounded(bound: Bound) -> Bound:
    return bound if bound.low is None else Bound(bound.low - USED_UP * abs(bound.low), bound.high)


def _draws(effect: Effect, day: date) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    known = [one for one in sorted(effect) if one <= day]
    if not known:
        return np.zeros(1)
    draws = np.asarray(effect[known[-1]], np.float64)
    if not draws.size or not np.isfinite(draws).all():
        raise OddsError(
            f"expected finite draws of the effect at {known[-1]}, found {draws.size} with some that are not"
        )
    return draws
