"""A rank where the rivals' scores are known: they move too, each by a trend of its own.

Given one's own score the rivals pass it or not independently of one another, so their number is Poisson-binomial; over
one's own score it is averaged at equally likely points.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from numpy.typing import NDArray

from haidang.track.odds.forecast import Counted
from haidang.track.odds.mixture import StudentMixture
from haidang.track.odds.priors import LEAST_POINTS, TRENDS
from haidang.track.odds.series import OddsError, Series, clock, to_line
from haidang.track.odds.trend import learn, ragged

Array = NDArray[np.float64]
_POINTS = 200


def rank_among(own: Series, rivals: Sequence[Series], by: date, ahead: int = 0) -> Counted:
    """The rank at a day: one and the number of rivals whose score will be higher.

    Args:
        own: one's score, the higher the better; two values at least.
        rivals: theirs, on the same scale; two values at least in each.
        by: the day, behind the last value of each.
        ahead: rivals whose scores are not known and who are taken to stay ahead.

    Raises:
        OddsError: a series on another scale or too short.
    """
    every = [own, *rivals]
    for one in every:
        if one.scale != own.scale or one.scale in ("rank", "identity"):
            raise OddsError(f"expected scores on one scale, log or logit, found '{one.name}' on {one.scale}")
        if len(one.values) < LEAST_POINTS:
            raise OddsError(f"expected two scores of '{one.name}' at least, found {len(one.values)}")
    values = ragged([to_line(np.array(one.values), one.scale).tolist() for one in every])
    then = np.full(len(every), clock([by])[0])
    found = learn(values, ragged([clock(one.dates) for one in every]), TRENDS[own.scale]).forecast(then)
    mine = np.array([found.row(0).quantile((k + 0.5) / _POINTS)[0] for k in range(_POINTS)])
    return Counted(passed(mine, [found.row(place) for place in range(1, len(every))]), 1 + ahead)


def passed(mine: Array, theirs: Sequence[StudentMixture]) -> Array:
    """The probability that 0, 1 ... of the rivals end higher (rivals + 1).

    Args:
        mine: equally likely places of one's own on the line (points).
        theirs: one forecast each.
    """
    count = np.zeros((len(mine), len(theirs) + 1))
    count[:, 0] = 1.0
    for one in theirs:
        higher = (1.0 - one.below(mine))[:, None]
        stays, moves = count * (1.0 - higher), count * higher
        count = stays
        count[:, 1:] += moves[:, :-1]
    return count.mean(axis=0)
