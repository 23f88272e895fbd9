"""The five points by which a distribution over draws is told."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Draws = NDArray[np.float64]
Grid = NDArray[np.float64]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class Points:
    """The 5, 25, 50, 75 and 95 % points of a quantity over draws, in the quantity's unit."""

    p5: float
    p25: float
    p50: float
    p75: float
    p95: float

    def scaled(self, factor: float) -> Points:
        """The points of the quantity times a positive factor."""
        return Points(self.p5 * factor, self.p25 * factor, self.p50 * factor, self.p75 * factor, self.p95 * factor)

    def as_dict(self) -> dict[str, float]:
        """For JSON and tables."""
        return {"p5": self.p5, "p25": self.p25, "p50": self.p50, "p75": self.p75, "p95": self.p95}


def points(values: Draws) -> Points:
    """The five points of draws, by linear interpolation of the order statistics; all NaN where a draw is NaN.

    Args:
        values: one number per draw, at least one.
    """
    return Points(*(float(point) for point in np.quantile(np.asarray(values, np.float64), LEVELS)))


def yearly_points(grid: Grid) -> tuple[Points, ...]:
    """The five points of each column of a grid of draws by years."""
    return tuple(points(grid[:, column]) for column in range(grid.shape[1]))
