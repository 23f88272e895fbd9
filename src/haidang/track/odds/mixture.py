"""A forecast in closed form: Student distributions weighted by how well each setting explains the series."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, stdtr, stdtrit

Array = NDArray[np.float64]

_STEPS = 60
_CLOSE = 1e-9


@dataclass(frozen=True, slots=True)
class StudentMixture:
    """One forecast a row, on its scale's line: weights, middles and widths (rows, parts), degrees of freedom (rows).

    A width of zero is a point.
    """

    weight: Array
    middle: Array
    width: Array
    freedom: Array

    def below(self, bound: Array) -> Array:
        """The probability of lying below a bound, one for each row; of a single row below each of some bounds."""
        return np.sum(self.weight * self._parts_below(bound), axis=1)

    def quantile(self, share: float) -> Array:
        """The point below which a share of the probability lies, one for each row.

        It lies between the lowest and the highest quantile of the parts; halving that with Newton's steps where they
        stay inside (Press and others 2007, section 9.4) ends within a billionth of the widest part.

        Args:
            share: above zero and below one.
        """
        parts = self.middle + self.width * stdtrit(self.freedom, share)[:, None]
        low, high = parts.min(axis=1), parts.max(axis=1)
        at = np.sum(self.weight * parts, axis=1)
        open_ = np.flatnonzero(high - low > _CLOSE * np.maximum(self.width.max(axis=1), 1e-300))
        for _ in range(_STEPS):
            if not len(open_):
                break
            rows = StudentMixture(
                self.weight[open_], self.middle[open_], self.width[open_], self.freedom[open_]
            )  # fmt: skip
            here = at[open_]
            miss = rows.below(here) - share
            high[open_] = np.where(miss > 0, here, high[open_])
            low[open_] = np.where(miss <= 0, here, low[open_])
            step = here - miss / np.maximum(rows.density(here), 1e-300)
            inside = (step > low[open_]) & (step < high[open_])
            at[open_] = np.where(inside, step, 0.5 * (low[open_] + high[open_]))
            # Newton's steps square the distance: one after a ten-thousandth is at rounding.
            far = np.abs(at[open_] - here) > 1e-4 * rows.width.max(axis=1)
            open_ = open_[far]
        return at

    def density(self, at: Array) -> Array:
        """The density at a point, one for each row."""
        nu = self.freedom[:, None]
        z = (at[:, None] - self.middle) / self.width
        log = (
            gammaln(0.5 * (nu + 1))
            - gammaln(0.5 * nu)
            - 0.5 * np.log(nu * np.pi)
            - 0.5 * (nu + 1) * np.log1p(z * z / nu)
        )
        return np.sum(self.weight * np.exp(log) / self.width, axis=1)

    def row(self, place: int) -> StudentMixture:
        """One forecast alone."""
        here = slice(place, place + 1)
        return StudentMixture(self.weight[here], self.middle[here], self.width[here], self.freedom[here])

    def _parts_below(self, bound: Array) -> Array:
        with np.errstate(divide="ignore", invalid="ignore"):
            z = (bound[:, None] - self.middle) / self.width
        z = np.where(np.isnan(z), 0.0, z)
        return stdtr(self.freedom[:, None], z)
