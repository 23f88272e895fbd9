"""Placebos, one for each donor: how large a gap is where nothing happened (Abadie, Diamond and Hainmueller 2010)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from haidang.learn.evaluate.columns import Numbers


@dataclass(frozen=True, slots=True)
class Placed:
    """The treated unit's gap among its placebos.

    Args:
        estimate: its average gap after treatment.
        low: lower end of the effects that are not rejected.
        high: upper end; both infinite where the donors are too few to reject any.
        chance: of an average gap as large, over the error before treatment, if any unit might have been treated.
        chance_rmspe: the same of the root mean squared gap, which also sees effects that cancel over time.
        fit: the share of units that fit at most as well before treatment, the treated one among them.
    """

    estimate: float
    low: float
    high: float
    chance: float
    chance_rmspe: float
    fit: float


def place(gaps: Numbers, first: int, level: float) -> Placed:
    """Where the treated unit stands among the placebos, and which constant effects that rejects.

    An effect is rejected where the treated unit's average gap less that effect, over its error before treatment, is
    among the largest: `1 - level` of all units. With donors few, none can be rejected.

    Args:
        gaps: shape (1 + donors, periods), the treated unit first.
        first: place of the first treated period.
        level: of the interval.
    """
    floor = 1e-12 * float(np.abs(gaps).max() or 1.0)
    error = np.maximum(np.sqrt(np.mean(gaps[:, :first] ** 2, axis=1)), floor)
    size = np.abs(gaps[:, first:].mean(axis=1)) / error
    rmspe = np.sqrt(np.mean(gaps[:, first:] ** 2, axis=1)) / error
    rank = int(np.floor((1.0 - level) * len(gaps) + 1e-9))
    half = float(np.sort(size[1:])[-rank] * error[0]) if rank else np.inf
    estimate = float(gaps[0, first:].mean())
    return Placed(estimate, estimate - half, estimate + half, _share(size), _share(rmspe), _share(error))


def _share(size: Numbers) -> float:
    """The share of units with a size as large as that of the first."""
    return float(np.count_nonzero(size >= float(size[0]))) / len(size)
