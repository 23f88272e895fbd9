"""What is forecast from: dated values, and the line on which they are laid."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit

from haidang.errors import HaidangError
from haidang.track.odds.priors import Scale

Array = NDArray[np.float64]
DAYS_IN_YEAR = 365.2425


class OddsError(HaidangError):
    """A series, a bound or a record of stages from which no odds can be told."""


@dataclass(frozen=True, slots=True)
class Series:
    """Published values of one indicator by one method.

    Args:
        name: the indicator's id.
        dates: the day that each value speaks of, rising.
        values: as many, in one unit of measure; shares and growth rates as fractions of one.
        scale: the line on which it is forecast: `log` for what is above zero, `logit` for a share, `rank` for a place
            among rivals, `identity` for the rest.
        most: the greatest value that can be; what a forecast holds beyond it is all that there is. None where any can.

    Raises:
        OddsError: days that do not rise, or a value that the scale does not have.
    """

    name: str
    dates: tuple[date, ...]
    values: tuple[float, ...]
    scale: Scale
    most: float | None = None

    def __post_init__(self) -> None:
        if len(self.dates) != len(self.values):
            found = f"{len(self.dates)} and {len(self.values)}"
            raise OddsError(f"expected as many days as values of '{self.name}', found {found}")
        if any(late <= early for early, late in pairwise(self.dates)):
            raise OddsError(f"expected the days of '{self.name}' to rise, found {[str(one) for one in self.dates]}")
        for value in self.values:
            if not _on(value, self.scale):
                raise OddsError(f"expected values of '{self.name}' {_WANTED[self.scale]}, found {value:g}")

    @property
    def span(self) -> float:
        """Years from the first value to the last; zero where there is none."""
        return years_between(self.dates[0], self.dates[-1]) if self.dates else 0.0


_WANTED: dict[Scale, str] = {
    "log": "above zero",
    "logit": "between zero and one",
    "rank": "of one at least",
    "identity": "that are finite",
}


def _on(value: float, scale: Scale) -> bool:
    if not math.isfinite(value):
        return False
    return {"log": value > 0, "logit": 0 < value < 1, "rank": value >= 1, "identity": True}[scale]


def years_between(start: date, end: date) -> float:
    """Years from one day to another."""
    return (end - start).days / DAYS_IN_YEAR


def clock(days: Sequence[date]) -> list[float]:
    """Days as years on one clock for all series."""
    return [day.toordinal() / DAYS_IN_YEAR for day in days]


def to_line(values: Array, scale: Scale) -> Array:
    """Values on the line of a scale; the ends of the scale at minus and plus infinity."""
    with np.errstate(divide="ignore", invalid="ignore"):
        if scale in ("log", "rank"):
            return np.where(values > 0, np.log(np.maximum(values, 0.0)), -np.inf)
        return logit(np.clip(values, 0.0, 1.0)) if scale == "logit" else values.astype(np.float64)


def from_line(places: Array, scale: Scale) -> Array:
    """Values from their places on the line; a rank is one at least."""
    if scale == "rank":
        return np.maximum(np.exp(places), 1.0)
    if scale == "log":
        return np.exp(np.minimum(places, 700.0))
    return expit(places) if scale == "logit" else places
