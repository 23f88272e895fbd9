"""Distributions of uncertain facts, as quantile functions, so that one uniform number per fact draws it.

Sources: the triangular and uniform quantiles are closed forms; PERT is the beta distribution of Malcolm et al. (1959)
with shape 4; the lognormal has the fact's value as its mean and `se` as its standard deviation (Aitchison and Brown,
1957).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Numbers: TypeAlias = NDArray[np.float64]

Kind: TypeAlias = Literal["uniform", "triangular", "normal", "lognormal", "beta", "choice"]

KINDS: tuple[Kind, ...] = ("uniform", "triangular", "normal", "lognormal", "beta", "choice")


@dataclass(frozen=True, slots=True)
class Distribution:
    """What is known about a fact beyond its value, in canonical units.

    Attributes:
        kind: the family.
        parameters: uniform (low, high); triangular and beta (low, mode, high); normal and lognormal (mean, standard
            error, low, high), cut off at low and high, which may be infinite; choice (the values, increasing).
    """

    kind: Kind
    parameters: tuple[float, ...]

    def quantile(self, u: Numbers) -> Numbers:
        """The values that a share `u` of the distribution does not exceed.

        Args:
            u: shares strictly between 0 and 1, any shape.

        Returns:
            Values in canonical units, in the shape of `u`, not decreasing in `u`.
        """
        import numpy as np

        values = _QUANTILES[self.kind](np.asarray(u, dtype=np.float64), *self.parameters)
        low, high = self.bounds
        return np.clip(values, low, high)

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest value that can be drawn, in canonical units."""
        if self.kind in {"normal", "lognormal"}:
            return self.parameters[2], self.parameters[3]
        return self.parameters[0], self.parameters[-1]


def _uniform(u: Numbers, low: float, high: float) -> Numbers:
    return low + u * (high - low)


def _triangular(u: Numbers, low: float, mode: float, high: float) -> Numbers:
    import numpy as np

    width = high - low
    rising = low + np.sqrt(u * width * (mode - low))
    falling = high - np.sqrt((1 - u) * width * (high - mode))
    return np.where(u * width < mode - low, rising, falling)


def _beta(u: Numbers, low: float, mode: float, high: float) -> Numbers:
    from scipy import special

    width = high - low
    first = 1 + 4 * (mode - low) / width
    second = 1 + 4 * (high - mode) / width
    scipy_special: Any = special
    return low + width * scipy_special.betaincinv(first, second, u)


def _normal(u: Numbers, mean: float, se: float, low: float, high: float) -> Numbers:
    from scipy import special

    scipy_special: Any = special
    below = scipy_special.ndtr((low - mean) / se)
    within = scipy_special.ndtr((high - mean) / se) - below
    return mean + se * scipy_special.ndtri(below + u * within)


def _lognormal(u: Numbers, mean: float, se: float, low: float, high: float) -> Numbers:
    import numpy as np

    variance = np.log1p((se / mean) ** 2)
    with np.errstate(divide="ignore"):
        log_low, log_high = float(np.log(low)), float(np.log(high))
    return np.exp(_normal(u, float(np.log(mean) - variance / 2), float(np.sqrt(variance)), log_low, log_high))


def _choice(u: Numbers, *values: float) -> Numbers:
    import numpy as np

    rank = np.minimum((u * len(values)).astype(np.int64), len(values) - 1)
    return np.asarray(values, dtype=np.float64)[rank]


_QUANTILES: Mapping[str, Callable[..., Numbers]] = {
    "uniform": _uniform,
    "triangular": _triangular,
    "beta": _beta,
    "normal": _normal,
    "lognormal": _lognormal,
    "choice": _choice,
}
