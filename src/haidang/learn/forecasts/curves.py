"""Rivals with one curve for a life: logistic, Gompertz and Bass, by least squares, with intervals of prediction.

Parameters are fitted as logarithms (the ceiling as a logit under `top`), so that none leaves its range. Draws take
parameters from the normal distribution around the fit with the covariance of Gauss and Newton, and a Student error
with the degrees of freedom that the fit leaves (Seber and Wild 1989, section 5.1).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares
from scipy.special import expit

from haidang.learn.forecasts.observed import Observed

Numbers = NDArray[np.float64]
Curve = Callable[[Numbers, Numbers], Numbers]

_WIDEST = 3.0
"""Standard deviation beyond which a parameter that the data leave open is not drawn, in logarithms."""
_FLAT = 1e-12


def logistic(years: Numbers, row: Numbers) -> Numbers:
    """Share of the ceiling by years since the first value: speed, then the logit of the share at the start."""
    return np.asarray(expit(row[1] + np.exp(row[0]) * years), np.float64)


def gompertz(years: Numbers, row: Numbers) -> Numbers:
    """Share of the ceiling: `exp(-b exp(-c t))` with the logarithms of c and b (Gompertz 1825)."""
    return np.exp(-np.exp(np.clip(row[1] - np.exp(row[0]) * years, -700.0, 6.0)))


def bass(years: Numbers, row: Numbers) -> Numbers:
    """Share of the ceiling (Bass 1969): logarithms of q and p, and of how long before the first value it began.

    The formula is that of `haidang.models.diffusion.bass_share`, here in double precision for the fit.
    """
    imitation, innovation = np.exp(row[0]), np.exp(row[1])
    left = np.exp(-(innovation + imitation) * (years + np.exp(row[2])))
    return (1.0 - left) / (1.0 + imitation / innovation * left)


@dataclass(frozen=True, slots=True)
class Shape:
    """A curve and where the search for its parameters begins, besides the ceiling."""

    curve: Curve
    starts: tuple[tuple[float, ...], ...]


SHAPES = {
    "logistic": Shape(logistic, ((-1.5, -3.0), (-2.5, 0.0), (-0.5, -2.0))),
    "gompertz": Shape(gompertz, ((-2.0, 1.0), (-3.0, 0.0), (-1.0, 1.5))),
    "bass": Shape(bass, ((-1.5, -4.0, 0.0), (-2.5, -4.0, 1.5), (-0.7, -3.5, 0.0))),
}


@dataclass(frozen=True, slots=True)
class Fit:
    """A curve fitted to a series.

    Args:
        shape: the curve.
        row: its parameters; the ceiling's last.
        covariance: of the parameters.
        spread: standard deviation of a value around the curve.
        freedom: degrees of freedom left; at least one.
        begin: the first time of the series.
        top: what the ceiling cannot pass; none for a ceiling given as a logarithm.
    """

    shape: Shape
    row: Numbers
    covariance: Numbers
    spread: float
    freedom: int
    begin: float
    top: float | None

    def value(self, at: Numbers, row: Numbers) -> Numbers:
        """The curve at some times for a row of parameters, in the unit of the series."""
        return _ceiling(row[-1], self.top) * self.shape.curve(at - self.begin, row)


def fit_curve(name: str, known: Observed, top: float | None) -> Fit:
    """The curve of a kind that lies nearest to a series.

    A penalty that weighs as one further value, a tenth as exact, holds parameters that the data leave open.

    Args:
        name: `logistic`, `gompertz` or `bass`.
        known: the series up to the origin.
        top: what its ceiling cannot pass.
    """
    shape = SHAPES[name]
    begin = float(known.times[0])
    scale = max(float(known.values.max()), _FLAT)
    ceilings = (1.5,) if top is not None else (np.log(1.2 * scale), np.log(5.0 * scale))

    def off(row: Numbers, start: Numbers) -> Numbers:
        curve = _ceiling(row[-1], top) * shape.curve(known.times - begin, row)
        return np.concatenate([(curve - known.values) / scale, 0.002 * (row - start)])

    best = min(
        (
            least_squares(off, start, args=(start,), method="lm", max_nfev=2000)
            for ceiling in ceilings
            for start in (np.array([*first, ceiling]) for first in shape.starts)
        ),
        key=lambda found: found.cost,
    )
    row = np.asarray(best.x, np.float64)
    freedom = max(len(known) - len(row), 1)
    around = scale * best.fun[: len(known)]
    spread = float(np.sqrt(np.sum(around**2) / freedom))
    slopes = np.asarray(best.jac, np.float64) * scale
    # The penalty keeps this matrix from being singular.
    covariance = np.asarray(np.linalg.pinv(slopes.T @ slopes) * max(spread, _FLAT) ** 2, np.float64)
    return Fit(shape, row, covariance, spread, freedom, begin, top)


def curve_forecast(
    name: str, known: Observed, at: Numbers, count: int, top: float | None, chance: np.random.Generator
) -> Numbers:
    """Draws of a curve carried on, shifted to meet nothing but its own fit (times x draws)."""
    fit = fit_curve(name, known, top)
    values, vectors = np.linalg.eigh(fit.covariance)
    wide = np.minimum(np.sqrt(np.maximum(values, 0.0)), _WIDEST)
    rows = fit.row + (chance.standard_normal((count, len(fit.row))) * wide) @ vectors.T
    paths = np.stack([fit.value(at, row) for row in rows], axis=1)
    return paths + fit.spread * chance.standard_t(fit.freedom, (len(at), count))


def _ceiling(parameter: float, top: float | None) -> float:
    return float(np.exp(np.minimum(parameter, 30.0)) if top is None else top * expit(parameter))
