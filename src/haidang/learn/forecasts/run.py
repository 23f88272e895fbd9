"""Running a suite: every series cut at every origin, every forecaster given what was known, and the scores."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.learn.forecasts import statistical
from haidang.learn.forecasts.curves import SHAPES, curve_forecast
from haidang.learn.forecasts.diffusion import Bounds, Pool, chance_of, diffusion_forecast, others_of
from haidang.learn.forecasts.naive import drift, last_value
from haidang.learn.forecasts.observed import Cut, Observed, cut_all
from haidang.learn.forecasts.scored import (
    DIFFUSION,
    NAIVE,
    Judged,
    Line,
    Verdict,
    line_json,
    line_of,
    score_draws,
    scored_json,
    verdict_of,
)
from haidang.learn.forecasts.suite_file import Suite, SuiteError

Numbers = NDArray[np.float64]
Progress = Callable[[int, int], None]

DRAWS = 1000
MODEL, BLEND = "model", "blend"
ORDER = (MODEL, DIFFUSION, BLEND, *NAIVE, *SHAPES, *statistical.NAMES)
"""The rows of a table from top to bottom."""


@dataclass(frozen=True, slots=True)
class FromOrigin:
    """A suite from one origin.

    Args:
        origin: a share of each series, or a time.
        judged: every series that can be cut there.
        left_out: the names of those that cannot.
        lines: the table.
        verdict: how our forecaster stands; none where the suite has none.
    """

    origin: float
    judged: tuple[Judged, ...]
    left_out: tuple[str, ...]
    lines: tuple[Line, ...]
    verdict: Verdict | None


@dataclass(frozen=True, slots=True)
class SuiteResult:
    """What a suite found; the first origin is the one that is judged.

    Args:
        suite: its declaration.
        origins: in the order of the declaration.
        draws: of each forecast.
        seed: of all chance.
        absent: rivals whose package is not installed.
    """

    suite: Suite
    origins: tuple[FromOrigin, ...]
    draws: int
    seed: int
    absent: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """Everything as plain values."""
        return {
            "id": self.suite.id,
            "kind": "series",
            "title": dict(self.suite.title),
            "unit": self.suite.unit,
            "draws": self.draws,
            "seed": self.seed,
            "absent": list(self.absent),
            "origins": [_origin_json(one) for one in self.origins],
        }


def run_suite(
    suite: Suite,
    panel: tuple[Observed, ...],
    beside: tuple[Suite, tuple[Observed, ...]] | None = None,
    modelled: Mapping[float, Numbers] | None = None,
    *,
    draws: int = DRAWS,
    seed: int = 1,
    progress: Progress | None = None,
) -> SuiteResult:
    """Forecast every series of a suite from every origin and score the forecasts.

    Args:
        suite: its declaration.
        panel: its series.
        beside: another suite and its series, whose numbers up to the origin join the pool.
        modelled: the draws of the pack's own model at each time, where the suite has one; it forecasts one series.
        draws: of each forecast.
        seed: of all chance.
        progress: called with how many forecasts are made and how many there are.

    Raises:
        SuiteError: an origin cuts no series, or times do not fit.
    """
    bounds = Bounds(suite.top, suite.resolution)
    pool = Pool(draws, seed)
    cuts = [cut_all(panel, suite, place) for place in range(len(suite.origins))]
    total, done = sum(len(one) for one in cuts), 0
    origins: list[FromOrigin] = []
    for place, parts in enumerate(cuts):
        judged: list[Judged] = []
        for cut in parts:
            prior_of = _others(suite, panel, beside, place, bounds)
            forecasts = _forecasts(suite, cut, bounds, pool, prior_of, draws, seed)
            if modelled is not None and place == 0:
                forecasts[MODEL] = _modelled(suite, cut, modelled)
            judged.append(_judge(cut, forecasts, bounds))
            done += 1
            if progress is not None:
                progress(done, total)
        origins.append(_from_origin(suite, place, panel, tuple(judged), seed))
    absent = () if statistical.installed() else statistical.NAMES
    return SuiteResult(suite, tuple(origins), draws, seed, absent)


Panel = list[tuple[str, Observed, Bounds]]


def _others(
    suite: Suite, panel: Sequence[Observed], beside: tuple[Suite, tuple[Observed, ...]] | None, place: int,
    bounds: Bounds,
) -> Panel:  # fmt: skip
    """What may be read to form a prior: the panel whole or up to the origin, and the other suite up to the origin."""
    if suite.pool == "none":
        return []
    if suite.pool == "whole":
        found: Panel = [(one.id, one, bounds) for one in panel]
    else:
        found = [(one.id, one.known_by(suite.origins[place]), bounds) for one in panel]
    if beside is not None:
        other, series = beside
        theirs = Bounds(other.top, other.resolution)
        found += [(f"{other.id}/{one.id}", one.known_by(suite.origins[place]), theirs) for one in series]
    return found


def _forecasts(
    suite: Suite, cut: Cut, bounds: Bounds, pool: Pool, panel: Panel, draws: int, seed: int
) -> dict[str, Numbers]:
    """Draws of every forecaster that serves a series, from what was known and from nothing else of it."""
    known, at = cut.known, cut.came.times

    def chance(name: str) -> np.random.Generator:
        return chance_of(seed, f"{name}/{known.id}", len(known))

    found = {
        "last": bounds.kept(last_value(known, at, draws, chance("last"))),
        "drift": bounds.kept(drift(known, at, draws, chance("drift"))),
    }
    for name in SHAPES if len(known) > 1 else ():
        found[name] = bounds.kept(curve_forecast(name, known, at, draws, bounds.top, chance(name)))
    if statistical.installed() and statistical.serves(known, at):
        for name in statistical.NAMES:
            found[name] = bounds.kept(statistical.statistical_forecast(name, known, at, draws, chance(name)))
    if suite.pool != "none":
        prior = pool.prior(others_of(panel, known.id))
        found[DIFFUSION] = diffusion_forecast(known, at, prior, bounds, draws, chance(DIFFUSION))
        found[BLEND] = np.concatenate([found[DIFFUSION][:, ::2], found["drift"][:, ::2]], axis=1)
    return found


def _modelled(suite: Suite, cut: Cut, modelled: Mapping[float, Numbers]) -> Numbers:
    rows = [modelled.get(float(time)) for time in cut.came.times]
    kept = [row for row in rows if row is not None]
    if len(kept) < len(rows):
        problem = f"expected a quantity for each of {len(rows)} times after the origin, found {len(kept)}"
        raise SuiteError(problem, suite.place.at("model.quantities"))
    return np.stack(kept)


def _judge(cut: Cut, forecasts: Mapping[str, Numbers], bounds: Bounds) -> Judged:
    scores = {
        name: score_draws(forecasts[name], cut.came.values, bounds.resolution) for name in ORDER if name in forecasts
    }
    return Judged(cut, scores)


def _from_origin(
    suite: Suite, place: int, panel: Sequence[Observed], judged: tuple[Judged, ...], seed: int
) -> FromOrigin:
    served = [name for name in ORDER if any(name in one.scores for one in judged)]
    lines = tuple(line_of(name, judged, suite.resolution) for name in served)
    ours = next((name for name in (MODEL, DIFFUSION) if name in served), None)
    cut = {one.cut.known.id for one in judged}
    return FromOrigin(
        origin=suite.origins[place],
        judged=judged,
        left_out=tuple(one.id for one in panel if one.id not in cut),
        lines=lines,
        verdict=None if ours is None else verdict_of(ours, judged, lines, seed),
    )


def _origin_json(one: FromOrigin) -> dict[str, Any]:
    verdict = one.verdict
    return {
        "origin": one.origin,
        "left_out": list(one.left_out),
        "table": [line_json(line) for line in one.lines],
        "verdict": None
        if verdict is None
        else {
            "forecaster": verdict.name,
            "rival": verdict.rival,
            "gain": verdict.gain,
            "gain_low": verdict.low,
            "gain_high": verdict.high,
            "beats": verdict.beats,
            "coverage90": verdict.coverage,
            "coverage90_points": verdict.coverage_points,
            "holds": verdict.holds,
        },
        "series": [
            {
                "id": each.cut.known.id,
                "known": {"times": each.cut.known.times.tolist(), "values": each.cut.known.values.tolist()},
                "came": {"times": each.cut.came.times.tolist(), "values": each.cut.came.values.tolist()},
                "scores": {name: scored_json(scored) for name, scored in each.scores.items()},
            }
            for each in one.judged
        ],
    }
