"""Forecasts of series held against what came: scores a number, a series, and over all series."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.learn.forecasts.observed import Cut
from haidang.learn.scores import crps, log_score, pit

Numbers = NDArray[np.float64]

LEVELS = (0.5, 0.8, 0.9, 0.95)
JUDGED = 0.9
BAND = (0.85, 0.95)
"""What intervals of 90 % should cover of what came."""
NAIVE = ("last", "drift")
DIFFUSION, MIXED = "diffusion", "mixed"
POINTS = (5, 25, 50, 75, 95)
_RESAMPLES = 4000


@dataclass(frozen=True, slots=True)
class Scored:
    """One forecaster on one series.

    Args:
        crps: mean over the times (unit of the series).
        log_score: mean over the times, natural logarithm, the smaller the better.
        pit: where what came stands in the forecast, 0 to 1 (times).
        covered: for each of `LEVELS`, whether what came lies inside to within rounding (times x levels).
        quantiles: the 5, 25, 50, 75 and 95 % points (times x points).
    """

    crps: float
    log_score: float
    pit: Numbers
    covered: NDArray[np.bool_]
    quantiles: Numbers

    def coverage(self, level: float) -> float:
        """Which part of the times lies in the middle `level` of the forecast."""
        return float(self.covered[:, LEVELS.index(level)].mean())


def score_draws(draws: Numbers, came: Numbers, resolution: float) -> Scored:
    """Scores of draws at each time.

    Args:
        draws: the forecast (times x draws).
        came: what came (times).
        resolution: to what it is told: an outcome is inside an interval that it touches to within rounding.
    """
    half = 0.5 * resolution
    pairs = list(zip(draws, came, strict=True))
    return Scored(
        crps=float(np.mean([crps(row, float(value)) for row, value in pairs])),
        log_score=float(np.mean([log_score(row, float(value), half) for row, value in pairs])),
        pit=np.array([pit(row, float(value)) for row, value in pairs]),
        covered=np.stack([inside_of(draws, came, resolution, level) for level in LEVELS], axis=1),
        quantiles=np.quantile(draws, [point / 100.0 for point in POINTS], axis=1).T,
    )


def inside_of(draws: Numbers, came: Numbers, resolution: float, level: float) -> NDArray[np.bool_]:
    """Whether what came lies in the middle `level` of the draws at each time, to within rounding (times)."""
    low, high = np.quantile(draws, [0.5 - level / 2.0, 0.5 + level / 2.0], axis=1)
    return (low - 0.5 * resolution <= came) & (came <= high + 0.5 * resolution)


@dataclass(frozen=True, slots=True)
class Judged:
    """All forecasters on one series from one origin.

    Args:
        cut: what was known and what came.
        scores: by forecaster; one that cannot serve the series is missing.
    """

    cut: Cut
    scores: Mapping[str, Scored]

    def best_naive(self, resolution: float) -> float:
        """The lower score of the last value and the drift, at least half a unit of rounding."""
        return max(min(self.scores[name].crps for name in NAIVE), 0.5 * resolution)


@dataclass(frozen=True, slots=True)
class Line:
    """One forecaster over all series that it serves; each series weighs the same.

    Args:
        name: the forecaster.
        series: how many it serves.
        crps: mean over series (unit of the series).
        relative: geometric mean over series of its score over the better naive one's on the same series.
        better: in how many series it is nearer than the better naive one.
        log_score: mean over series.
        coverage: by level, mean over series.
        coverage_points: by level, over all times of all series.
        reached: for shares 0.05 to 0.95, which part of what came lay below that point of the forecast.
    """

    name: str
    series: int
    crps: float
    relative: float
    better: int
    log_score: float
    coverage: Mapping[float, float]
    coverage_points: Mapping[float, float]
    reached: Numbers


SHARES = np.linspace(0.05, 0.95, 19)


def line_of(name: str, judged: Sequence[Judged], resolution: float) -> Line:
    """A forecaster's row of the table.

    Args:
        name: the forecaster; it serves one series at least.
        judged: all series.
        resolution: to what values are told, which keeps ratios from being divided by zero.
    """
    pairs = [(one, one.scores[name]) for one in judged if name in one.scores]
    half = 0.5 * resolution
    ratio = np.array([max(mine.crps, half) / one.best_naive(resolution) for one, mine in pairs])
    covered = np.concatenate([mine.covered for _, mine in pairs])
    reached = [np.mean(mine.pit[:, None] <= SHARES, axis=0) for _, mine in pairs]
    return Line(
        name=name,
        series=len(pairs),
        crps=float(np.mean([mine.crps for _, mine in pairs])),
        relative=float(np.exp(np.log(ratio).mean())),
        better=int(np.sum(ratio < 1.0)),
        log_score=float(np.mean([mine.log_score for _, mine in pairs])),
        coverage={level: float(np.mean([mine.coverage(level) for _, mine in pairs])) for level in LEVELS},
        coverage_points={level: float(covered[:, place].mean()) for place, level in enumerate(LEVELS)},
        reached=np.mean(reached, axis=0),
    )


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether our forecaster is nearer than the better naive rival, and whether its intervals hold.

    Args:
        name: the forecaster that is judged.
        rival: the naive rival with the lower mean score.
        gain: mean score of the rival less ours (unit of the series).
        low: 5 % point of that difference when series are drawn again with replacement (Efron 1979).
        high: 95 % point.
        coverage: of intervals of 90 %, each series weighing the same.
        coverage_points: the same over all times.
    """

    name: str
    rival: str
    gain: float
    low: float
    high: float
    coverage: float
    coverage_points: float

    @property
    def beats(self) -> bool:
        """Whether its mean score is lower than that of the better naive rival."""
        return self.gain > 0

    @property
    def holds(self) -> bool:
        """Whether the coverage lies between 85 and 95 %, with each series weighing the same."""
        return BAND[0] <= self.coverage <= BAND[1]


def verdict_of(name: str, judged: Sequence[Judged], lines: Sequence[Line], seed: int) -> Verdict:
    """How a forecaster stands against the naive ones.

    Args:
        name: the forecaster; it serves every series.
        judged: all series.
        lines: the table.
        seed: of drawing series again.
    """
    by_name = {one.name: one for one in lines}
    rival = min(NAIVE, key=lambda other: by_name[other].crps)
    gains = np.array([one.scores[rival].crps - one.scores[name].crps for one in judged])
    drawn = np.random.default_rng(seed).integers(0, len(gains), (_RESAMPLES, len(gains)))
    low, high = np.quantile(gains[drawn].mean(axis=1), [0.05, 0.95])
    mine = by_name[name]
    return Verdict(
        name, rival, float(gains.mean()), float(low), float(high), mine.coverage[JUDGED], mine.coverage_points[JUDGED]
    )


def scored_json(scored: Scored) -> dict[str, Any]:
    """One forecaster on one series as plain values."""
    return {
        "crps": scored.crps,
        "log_score": scored.log_score,
        "pit": scored.pit.tolist(),
        "coverage": {f"{level:g}": scored.coverage(level) for level in LEVELS},
        "quantiles": {str(point): scored.quantiles[:, place].tolist() for place, point in enumerate(POINTS)},
    }


def line_json(line: Line) -> dict[str, Any]:
    """A row of the table as plain values."""
    return {
        "forecaster": line.name,
        "series": line.series,
        "crps": line.crps,
        "relative": line.relative,
        "better": line.better,
        "log_score": line.log_score,
        "coverage": {f"{level:g}": share for level, share in line.coverage.items()},
        "coverage_points": {f"{level:g}": share for level, share in line.coverage_points.items()},
        "reached": dict(zip((f"{share:.2f}" for share in SHARES), line.reached.tolist(), strict=True)),
    }
