"""Our own forecaster: a stochastic Bass path for each series, its prior pooled from the others."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from haidang.learn.forecasts.observed import Observed
from haidang.learn.forecasts.path import Seen, walk_on
from haidang.learn.forecasts.pooled import VAGUE, pooled
from haidang.learn.forecasts.posterior import Prior, posterior
from haidang.learn.forecasts.suite_file import SuiteError

Numbers = NDArray[np.float64]

GRID = 120
"""Years that a series may span."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What values a series may take.

    Args:
        top: what none can pass; none where there is no such thing.
        resolution: to what they are told.
    """

    top: float | None
    resolution: float

    def kept(self, draws: Numbers) -> Numbers:
        """Draws brought back between nothing and the top."""
        return np.clip(draws, 0.0, self.top)


def seen_in_years(known: Observed, top: float, resolution: float) -> Seen:
    """A series on the grid of years that the filter runs over.

    A value nearer to nothing or all than half the resolution counts as that half; the variance of its logit from
    rounding is that of a uniform error of the resolution's width.

    Args:
        known: in whole years.
        top: what no value can pass.
        resolution: to what values are told.

    Raises:
        SuiteError: times are no whole years, or span too many.
    """
    places = known.times - known.times[0]
    if np.any(places != np.rint(places)) or places[-1] >= GRID:
        raise SuiteError(f"expected whole years, {GRID} at most, found other times in '{known.id}'")
    year = np.rint(places).astype(int)
    share = np.clip(known.values, 0.5 * resolution, top - 0.5 * resolution) / top
    logit, error, mask = np.zeros(GRID), np.zeros(GRID), np.zeros(GRID)
    logit[year] = np.log(share) - np.log1p(-share)
    error[year] = (resolution / top / (share * (1.0 - share))) ** 2 / 12.0
    mask[year] = 1.0
    return Seen(logit, error, mask, (np.arange(GRID) <= year[-1]).astype(np.float64))


@dataclass(slots=True)
class Pool:
    """What each series says alone, worked out once and shared by the forecasts of all the others.

    Args:
        count: how many particles.
        seed: of all chance.
        told: rows of parameters by series and by how many of its numbers were used.
    """

    count: int
    seed: int
    told: dict[tuple[str, int], Numbers] = field(default_factory=dict[tuple[str, int], Numbers])

    def rows(self, name: str, known: Observed, bounds: Bounds) -> Numbers:
        """Parameters of a series given its numbers alone, under the vague prior."""
        key = (name, len(known))
        if key not in self.told:
            assert bounds.top is not None
            seen = seen_in_years(known, bounds.top, bounds.resolution)
            self.told[key], _ = posterior(seen, VAGUE, self.count, chance_of(self.seed, name, len(known)))
        return self.told[key]

    def prior(self, others: Mapping[str, tuple[Observed, Bounds]]) -> Prior:
        """The prior that other series give to one like them; the vague one where there are none."""
        parts = [self.rows(name, known, bounds) for name, (known, bounds) in others.items()]
        return pooled(parts) if parts else VAGUE


def diffusion_forecast(
    known: Observed, at: Numbers, prior: Prior, bounds: Bounds, count: int, chance: np.random.Generator
) -> Numbers:
    """Draws of a series under the prior that the others give (times x draws).

    Args:
        known: the series up to the origin.
        at: whole years after it.
        prior: of the parameters of its path.
        bounds: of its values.
        count: how many draws.
        chance: the source of chance.
    """
    assert bounds.top is not None
    rows, state = posterior(seen_in_years(known, bounds.top, bounds.resolution), prior, count, chance)
    ahead = np.rint(at - known.times[-1]).astype(int)
    return np.asarray(bounds.top * expit(walk_on(rows, state, int(ahead[-1]), chance)[ahead - 1]), np.float64)


def chance_of(seed: int, name: str, *words: int) -> np.random.Generator:
    """Chance that hangs on a name and not on what stands beside it or in which order."""
    return np.random.default_rng([seed, zlib.crc32(name.encode()), *words])


def others_of(panel: Sequence[tuple[str, Observed, Bounds]], name: str) -> dict[str, tuple[Observed, Bounds]]:
    """All series of a panel but one that have two numbers or more."""
    return {key: (known, bounds) for key, known, bounds in panel if key != name and len(known) > 1}
