"""What is assumed before a series has spoken, in one place, each with its reason.

The figures were chosen on one half of the published series named in `docs/mathematics/odds.md` and are reported on the
other half. They are assumptions, not facts: a series of three points is told mostly by them, and says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Scale: TypeAlias = Literal["log", "logit", "rank", "identity"]
"""How a quantity lies on a line: a positive level or a rank by its logarithm, a share by its log odds, else as is."""


@dataclass(frozen=True, slots=True)
class TrendPrior:
    """What is assumed of a local linear trend; all but the first two are multiples of the level's own noise.

    Args:
        noise: size of the level's noise in a year, on the line of the scale; for `identity` a multiple of
            the series' own spread.
        certainty: shape of the inverse gamma of the noise's variance; the forecast has twice as many degrees of
            freedom before it sees a point, so a small one means heavy tails.
        drift: standard deviations of a slope that never changes, each with its weight.
        slope: standard deviations of a slope that wanders about that, each with its weight; zero is a local level.
        error: standard deviations of what is published about what is, each with its weight.
        return_rate: how fast a wandering slope comes back, a year.
    """

    noise: float
    certainty: float
    drift: tuple[tuple[float, float], ...]
    slope: tuple[tuple[float, float], ...]
    error: tuple[tuple[float, float], ...]
    return_rate: float

    def grid(self) -> TrendGrid:
        """Every combination of drift, slope and error, with the product of their weights."""
        points = list(product(self.drift, self.slope, self.error))
        return TrendGrid(
            np.array([drift for (drift, _), _, _ in points]),
            np.array([slope for _, (slope, _), _ in points]),
            np.array([error for _, _, (error, _) in points]),
            np.array([one * two * three for (_, one), (_, two), (_, three) in points]),
        )


@dataclass(frozen=True, slots=True)
class TrendGrid:
    """The points over which the ratios are integrated (points): drift, slope, error and weight of each."""

    drift: NDArray[np.float64]
    slope: NDArray[np.float64]
    error: NDArray[np.float64]
    weight: NDArray[np.float64]


# A constant slope is likely, and its size is not known: what grows has mostly grown before.
_DRIFT = ((0.0, 0.1), (1.0, 0.45), (3.0, 0.45))
# The slope wanders by nothing, as much as the level, twice and four times as much, equally likely.
_SLOPE = ((0.0, 0.25), (1.0, 0.25), (2.0, 0.25), (4.0, 0.25))
# Published values are mostly taken as they are; one in ten series is as rough as its level.
_ERROR = ((0.0, 0.9), (0.7, 0.1))
# A slope that has changed is half way back after four to five years.
_RETURN = 0.15

TRENDS: dict[Scale, TrendPrior] = {
    # Electricity demand and emissions of countries, stocks of electric cars: series so unlike that one degree of
    # freedom is all the prior may have; the smallness of the noise only keeps three equal values from looking certain.
    "log": TrendPrior(0.015, 0.5, _DRIFT, _SLOPE, _ERROR, _RETURN),
    # Shares of electric cars, technologies in homes.
    "logit": TrendPrior(0.06, 0.5, _DRIFT, _SLOPE, _ERROR, _RETURN),
    # Editions of one index (GFCI) move a rank by a twelfth in a year; too few series to choose more than that a
    # rank walks, mostly without a direction, since the others want to rise as well.
    "rank": TrendPrior(0.08, 1.0, ((0.0, 0.7), (1.0, 0.3)), ((0.0, 1.0),), _ERROR, _RETURN),
    # As logarithms, in multiples of the series' own changes.
    "identity": TrendPrior(0.5, 0.5, _DRIFT, _SLOPE, _ERROR, _RETURN),
}

ENOUGH_POINTS = 5
"""With fewer the words "not enough data" stand beside the odds: the prior then has as much to say as the series."""

ENOUGH_SPAN = 0.5
"""The same where the series is shorter than this share of the years still to go."""

LEAST_POINTS = 2
"""With fewer nothing was seen to move: how it moves is then assumed, `ONE_POINT`."""


@dataclass(frozen=True, slots=True)
class ChangePrior:
    """How a series of one kind changes, on the line of its scale.

    Args:
        weight: how likely a series is of this kind, of all kinds on its scale.
        drift: the middle change a year.
        spread: by how much series of the kind differ in that, a standard deviation.
        noise: of a year by itself, a standard deviation.
    """

    weight: float
    drift: float
    spread: float
    noise: float


# What is well established moves as electricity demand, emissions and carbon intensity of countries did (2000-2021).
_ESTABLISHED = (0.02, 0.04, 0.04)
ONE_POINT: dict[Scale, tuple[ChangePrior, ...]] = {
    # One value does not show whether it is of something established or of something that is being taken up, as stocks
    # of battery electric cars were in 15 regions (2010-2023, IEA): each half.
    "log": (ChangePrior(0.5, *_ESTABLISHED), ChangePrior(0.5, 0.55, 0.12, 0.37)),
    # The same for shares: those taken up are half as electric cars in sales and stocks, half as technologies in homes
    # of the United States (Comin and Hobijn 2004 and others). Of established shares there is no record: as levels.
    "logit": (
        ChangePrior(0.5, *_ESTABLISHED),
        ChangePrior(0.25, 0.55, 0.15, 0.6),
        ChangePrior(0.25, 0.17, 0.12, 0.22),
    ),
    # Editions of the one index on record (GFCI, Ho Chi Minh City) move by a tenth a year, without a direction.
    "rank": (ChangePrior(1.0, 0.0, 0.1, 0.1),),
}
"""How a series moves of which one value is published: means and spreads of the published records named at each, of
the half on which all priors were chosen. On the scale `identity` nothing can be said, as it has no size of its own."""

ONE_POINT_FREEDOM = 4.0
"""Degrees of freedom of each kind: few records stand behind it, so its tails are heavier than a normal's."""


@dataclass(frozen=True, slots=True)
class PacePrior:
    """What is assumed of money paid out of a known total.

    Args:
        pace: the middle pace, a share of the total a year.
        certainty: as many payments' worth of certainty about it.
        bursts: shapes of the gamma process a year, each with its weight; one is few large payments, ten a steady flow.
    """

    pace: float
    certainty: float
    bursts: tuple[tuple[float, float], ...]


PAYMENTS = PacePrior(0.1, 1.0, ((0.5, 0.25), (1.0, 0.25), (3.0, 0.25), (10.0, 0.25)))
"""A tenth of the total a year, and anything from a hundredth to all of it: of the national interest support of
2022-2023 less than two hundredths were paid in its first year; five years that keep their word pay a fifth a year."""


@dataclass(frozen=True, slots=True)
class StagePrior:
    """What is assumed of leaving a stage, as if it had been seen.

    Args:
        moved: promises that went on.
        lapsed: promises that lapsed.
        years: that all of them together waited.
    """

    moved: float
    lapsed: float
    years: float


STAGES: dict[str, StagePrior] = {
    # Each counts as one promise seen, so that five real ones outweigh it; the rate of going on is nine times in ten
    # between a twentieth and three times its mean. No record of memoranda followed to their end was found for the
    # city: that one in five is dropped at each of the first stages, that the odds improve once money is there, and
    # middle waits of two to eight months are assumptions. From the announcement to delivery within five years they
    # give 22 %, and between nothing and 68 % as the rates vary. Published shares of other places lie within that range.
    "announced": StagePrior(1.0, 0.25, 0.25),
    "signed": StagePrior(1.0, 0.25, 0.5),
    "planned": StagePrior(1.0, 0.25, 0.5),
    "funded": StagePrior(1.0, 0.125, 0.5),
    "running": StagePrior(1.0, 0.125, 1.0),
    "delivered": StagePrior(1.0, 0.25, 0.75),
}
"""By the stage that is left: the wait in it, and how often a promise ends there."""
