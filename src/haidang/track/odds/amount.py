"""Money paid out against a known total: payments only add, in bursts, at a pace that is learnt.

What is paid in a span is gamma distributed with a shape in proportion to the span (the gamma process, Moran 1956); its
rate has a gamma prior. What is still to be paid then has the closed distribution of a gamma over a gamma: X / (X + B)
is beta distributed with a h and A, where h are the years to go, a the shape a year, and A and B the posterior's.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, betaincinv, gammaln

from haidang.track.odds.priors import PacePrior
from haidang.track.odds.series import OddsError, Series, clock

Array = NDArray[np.float64]

RESOLUTION = 1e-4
"""Payments of less than this share of the total are not told from none."""


@dataclass(frozen=True, slots=True)
class Payments:
    """What the payments so far say: weight, shape a year, and the posterior's shape and rate, for each burstiness.

    Args:
        paid: what is paid already, a share of the total.
        total: the whole, in the series' unit.
        weight: of each burstiness (settings).
        burst: its shape a year (settings).
        shape: of the rate's posterior (settings).
        rate: of the rate's posterior (settings), a share of the total.
    """

    paid: float
    total: float
    weight: Array
    burst: Array
    shape: Array
    rate: Array

    def ahead(self, years: float) -> Paid:
        """What will be paid some years after the last observation."""
        return Paid(self, max(years, 1e-9))


@dataclass(frozen=True, slots=True)
class Paid:
    """What will be paid by a day: never less than is paid, never more than the total."""

    payments: Payments
    years: float

    def below(self, value: float) -> float:
        """The probability of less than an amount in the series' unit."""
        return float(self.below_each(np.array([value]))[0])

    def below_each(self, values: Array) -> Array:
        """The probability of less than each of some amounts (amounts)."""
        p = self.payments
        shares = values / p.total
        more = np.maximum(shares - p.paid, 0.0)[:, None]
        parts = betainc(p.burst * self.years, p.shape, more / (more + p.rate))
        return np.where(shares > 1.0, 1.0, np.sum(p.weight * parts, axis=1))

    def quantile(self, share: float) -> float:
        """The amount below which a share of the probability lies."""
        p = self.payments
        parts = betaincinv(p.burst * self.years, p.shape, share)
        low, high = (float(np.min(parts * p.rate / (1 - parts))), float(np.max(parts * p.rate / (1 - parts))))
        high = min(high, 1.0 - p.paid)
        low = min(low, high)
        for _ in range(60):
            middle = 0.5 * (low + high)
            if self.below((p.paid + middle) * p.total) < share:
                low = middle
            else:
                high = middle
        return min(p.paid + high, 1.0) * p.total


def payments(series: Series, total: float, prior: PacePrior) -> Payments:
    """What a series of cumulated payments says of those to come.

    Args:
        series: paid so far at each day, in one unit, never falling; one value at least. The first may be zero, on the
            day on which the money was promised.
        total: the whole, in the same unit.
        prior: what is assumed.

    Raises:
        OddsError: payments that fall, or more than the total.
    """
    if not total > 0:
        raise OddsError(f"expected a total of '{series.name}' above zero, found {total:g}")
    shares = np.array(series.values) / total
    steps, spans = np.diff(shares), np.diff(clock(series.dates))
    if np.any(steps < 0) or shares[0] < 0:
        raise OddsError(f"expected what is paid of '{series.name}' never to fall, found {list(series.values)}")
    if shares[-1] > 1:
        raise OddsError(f"expected at most the total {total:g} paid of '{series.name}', found {series.values[-1]:g}")
    steps = np.maximum(steps, RESOLUTION)
    burst = np.array([one for one, _ in prior.bursts])
    # The pace is burst / rate, and the prior's middle rate is such that it is the prior's whatever the burst.
    shape0, rate0 = np.full(len(burst), prior.certainty), prior.certainty * prior.pace / burst
    shapes = burst[:, None] * spans[None, :]
    shape, rate = shape0 + shapes.sum(axis=1), rate0 + float(steps.sum())
    prior_part = shape0 * np.log(rate0) - gammaln(shape0)
    seen_part = np.sum((shapes - 1.0) * np.log(steps)[None, :] - gammaln(shapes), axis=1)
    settings = np.log(np.array([weight for _, weight in prior.bursts]))
    log = np.asarray(settings + seen_part + prior_part + gammaln(shape) - shape * np.log(rate), np.float64)
    weight = np.exp(log - np.max(log))
    return Payments(float(shares[-1]), total, weight / math.fsum(weight), burst, shape, rate)
