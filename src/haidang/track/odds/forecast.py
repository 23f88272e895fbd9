"""Distributions of what will be, whatever the method: how likely below a value, and their quantiles."""

from __future__ import annotations

import math
from bisect import bisect_left
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from haidang.track.odds.mixture import StudentMixture
from haidang.track.odds.priors import Scale
from haidang.track.odds.series import OddsError, from_line, to_line

Array = NDArray[np.float64]


class Forecast(Protocol):
    """A distribution on the indicator's own unit of measure."""

    def below(self, value: float) -> float:
        """The probability of less than a value."""
        ...

    def quantile(self, share: float) -> float:
        """The value below which a share of the probability lies, above zero and below one."""
        ...


class Movable(Forecast, Protocol):
    """A forecast to which an effect can be added: it tells of many values at once."""

    def below_each(self, values: Array) -> Array:
        """The probability of less than each of some values (values)."""
        ...


@dataclass(frozen=True, slots=True)
class Bound:
    """What a target asks: at least `low`, at most `high`, or both; in the indicator's unit, both ends included.

    Raises:
        OddsError: neither is given, or they are the wrong way round.
    """

    low: float | None = None
    high: float | None = None

    def __post_init__(self) -> None:
        if self.low is None and self.high is None:
            raise OddsError("expected a lower or an upper bound, found neither")
        if self.low is not None and self.high is not None and self.low > self.high:
            raise OddsError(f"expected the lower bound at or below the upper one, found {self.low:g} and {self.high:g}")


@dataclass(frozen=True, slots=True)
class Chance:
    """Below a bound, within it and above it; one in all."""

    below: float
    within: float
    above: float


def chance(forecast: Forecast, bound: Bound, whole: bool = False) -> Chance:
    """How likely a forecast keeps a bound.

    Args:
        forecast: what will be.
        bound: what is asked.
        whole: the quantity is counted in whole numbers, so that a bound of a hundred lets in what rounds to it.
    """
    edge = 0.5 if whole else 0.0
    below = 0.0 if bound.low is None else forecast.below(bound.low - edge)
    under = 1.0 if bound.high is None else forecast.below(_past(bound.high) if not whole else bound.high + edge)
    return Chance(below, max(0.0, under - below), max(0.0, 1.0 - under))


def _past(value: float) -> float:
    """The next number above: the end of a bound belongs to it."""
    return math.nextafter(value, math.inf)


@dataclass(frozen=True, slots=True)
class OnLine:
    """A mixture on the line of a scale, read in the indicator's unit."""

    mixture: StudentMixture
    scale: Scale

    def below(self, value: float) -> float:
        """The probability of less than a value."""
        return float(self.below_each(np.array([value]))[0])

    def below_each(self, values: Array) -> Array:
        """The probability of less than each of some values (values)."""
        return self.mixture.below(to_line(values, self.scale))

    def quantile(self, share: float) -> float:
        """The value below which a share of the probability lies."""
        return float(from_line(self.mixture.quantile(share), self.scale)[0])


@dataclass(frozen=True, slots=True)
class MeanGrowth:
    """Growth a year, compounded, over a span of which part may be known: its whole logarithm is a mixture.

    Args:
        mixture: of the change that is not known.
        known: the change that is, a logarithm.
        years: the whole span.
    """

    mixture: StudentMixture
    known: float
    years: float

    def below(self, value: float) -> float:
        """The probability of less growth a year than a fraction of one."""
        if value <= -1:
            return 0.0
        return float(self.mixture.below(np.array([self.years * math.log1p(value) - self.known]))[0])

    def quantile(self, share: float) -> float:
        """The growth a year below which a share of the probability lies."""
        return math.expm1((float(self.mixture.quantile(share)[0]) + self.known) / self.years)


@dataclass(frozen=True, slots=True)
class Moved:
    """A forecast with a programme's effect added: each draw of the effect is equally likely and knows nothing of it.

    Args:
        base: the forecast without.
        effect: draws of the effect in the indicator's unit (draws).
        least: the smallest value that the indicator can have.
        most: the largest.
    """

    base: Movable
    effect: Array
    least: float = -math.inf
    most: float = math.inf

    def below(self, value: float) -> float:
        """The probability of less than a value, by the convolution of both."""
        if value <= self.least:
            return 0.0
        if value > self.most:
            return 1.0
        return self._unbounded(value)

    def quantile(self, share: float) -> float:
        """The value below which a share of the probability lies."""
        at = self.base.quantile(share)
        low, high = at + float(self.effect.min()), at + float(self.effect.max())
        if high - low <= 1e-12 * max(1.0, abs(high)):
            return min(max(low, self.least), self.most)
        # Between the shifts by the least and by the greatest effect lies the shift by all of them.
        margin = 1e-9 * (high - low) + 1e-12 * abs(at)
        low, high = low - margin, high + margin
        found = low
        if self._unbounded(low) < share < self._unbounded(high):
            from scipy.optimize import brentq  # slow to import, and only a forecast that is moved needs it

            found = float(brentq(lambda value: self._unbounded(value) - share, low, high, xtol=1e-9 * (high - low)))
        elif self._unbounded(high) <= share:
            found = high
        return min(max(found, self.least), self.most)

    def _unbounded(self, value: float) -> float:
        return float(self.base.below_each(value - self.effect).mean())


@dataclass(frozen=True, slots=True)
class Drawn:
    """Equally likely values, such as those that the draws of a run give (draws)."""

    draws: Array

    def below(self, value: float) -> float:
        """The probability of less than a value."""
        return float((self.draws < value).mean())

    def quantile(self, share: float) -> float:
        """The value below which a share of the draws lies, between two of them in proportion."""
        return float(np.quantile(self.draws, share))


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Whole numbers: the probability of `first`, of one more, and so on (numbers)."""

    probability: Array
    first: int = 0

    def below(self, value: float) -> float:
        """The probability of less than a value."""
        count = max(0, math.ceil(value) - self.first)
        return min(1.0, float(self.probability[:count].sum()))

    def quantile(self, share: float) -> float:
        """The smallest number that is not exceeded with a share of the probability."""
        each: list[float] = self.probability.tolist()
        total = list(accumulate(each))
        return float(self.first + min(bisect_left(total, share * total[-1]), len(total) - 1))
