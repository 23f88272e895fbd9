"""A series of which one value is published: where it goes is what was assumed of how such series move.

On the line of the scale the change over h years is a mixture over kinds of series, of each a Student distribution about
m h with the width sqrt(s^2 h^2 + w^2 h): a drift m that series of the kind differ in by s, and noise w of each year.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from haidang.track.odds.mixture import StudentMixture
from haidang.track.odds.priors import ONE_POINT, ONE_POINT_FREEDOM, Scale
from haidang.track.odds.series import Series, clock, to_line

Array = NDArray[np.float64]


def from_one_point(series: Sequence[Series], scale: Scale, rows: NDArray[np.int64], years: Array) -> StudentMixture:
    """Forecasts of series with one value each, each row at a time of its own, on the line of their scale.

    Args:
        series: each with one value, on one scale.
        scale: of them; one of those of `ONE_POINT`.
        rows: which series each row is of (rows).
        years: when (rows), on the clock of `clock`, behind the value's day.
    """
    kinds = ONE_POINT[scale]
    weight, drift, spread, noise = (
        np.array([getattr(kind, name) for kind in kinds]) for name in ("weight", "drift", "spread", "noise")
    )
    start = to_line(np.array([one.values[-1] for one in series]), scale)[rows, None]
    ahead = (years - np.array([clock(one.dates)[-1] for one in series])[rows])[:, None]
    return StudentMixture(
        np.broadcast_to(weight, (len(rows), len(kinds))),
        start + drift * ahead,
        np.sqrt((spread * ahead) ** 2 + noise**2 * ahead),
        np.full(len(rows), ONE_POINT_FREEDOM),
    )
