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
from haidang.learn.forecasts.mixed import (
    FOLDS,
    TRIAL_DRAWS,
    Learned,
    Panel,
    Trial,
    learn_weight,
    mixed,
    trials_across,
    trials_before,
    trials_within,
)
from haidang.learn.forecasts.naive import drift, last_value
from haidang.learn.forecasts.observed import Cut, Observed, cut_all, part_of
from haidang.learn.forecasts.posterior import Prior
from haidang.learn.forecasts.scored import (
    DIFFUSION,
    MIXED,
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
MODEL = "model"
OURS = (MODEL, MIXED, DIFFUSION)
"""Our forecasters; the first that a suite has is the one that is judged."""
ORDER = (*OURS, *NAIVE, *SHAPES, *statistical.NAMES)
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
        learned: by series, what training parts say of the weight of our paths beside the mean pace.
    """

    origin: float
    judged: tuple[Judged, ...]
    left_out: tuple[str, ...]
    lines: tuple[Line, ...]
    verdict: Verdict | None
    learned: Mapping[str, Learned]


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
    sets = _Sets([(one.id, one, bounds) for one in panel], [] if beside is None else _beside(*beside))
    pool, trial_pool = Pool(draws, seed), Pool(min(draws, TRIAL_DRAWS), seed)
    cuts = [cut_all(panel, suite, place) for place in range(len(suite.origins))]
    trials = [_trials(suite, sets, place) for place in range(len(suite.origins))]
    total, done = sum(map(len, cuts)) + sum(len(one) for groups in trials for one in groups), 0

    def told() -> None:
        nonlocal done
        done += 1
        if progress is not None:
            progress(done, total)

    origins: list[FromOrigin] = []
    for place, parts in enumerate(cuts):
        learned = _learned(panel, [learn_weight(one, trial_pool, seed, told) for one in trials[place]])
        others = _others(suite, sets, place)
        judged: list[Judged] = []
        for cut in parts:
            forecasts = _forecasts(cut, bounds, draws, seed)
            if suite.pool != "none":
                prior = pool.prior(others_of(others, cut.known.id))
                forecasts |= _ours(cut, prior, bounds, draws, seed, forecasts["drift"], learned.get(cut.known.id))
            if modelled is not None and place == 0:
                forecasts[MODEL] = _modelled(suite, cut, modelled)
            judged.append(_judge(cut, forecasts, bounds))
            told()
        origins.append(_from_origin(suite, place, panel, tuple(judged), learned, seed))
    absent = () if statistical.installed() else statistical.NAMES
    return SuiteResult(suite, tuple(origins), draws, seed, absent)


@dataclass(frozen=True, slots=True)
class _Sets:
    """The series of the suite, and those of the suite beside it."""

    own: Panel
    beside: Panel


def _beside(other: Suite, series: Sequence[Observed]) -> Panel:
    bounds = Bounds(other.top, other.resolution)
    return [(f"{other.id}/{one.id}", one, bounds) for one in series]


def _others(suite: Suite, sets: _Sets, place: int) -> Panel:
    """What may be read to form a prior: the series whole or their known parts, and the other suite up to the origin."""
    origin = suite.origins[place]
    if not suite.by_share:
        return [(name, one.known_by(origin), bounds) for name, one, bounds in (*sets.own, *sets.beside)]
    return [*(sets.own if suite.pool == "whole" else _first_parts(sets.own, origin)), *sets.beside]


def _first_parts(panel: Panel, share: float) -> Panel:
    return [(name, one.first(max(part_of(len(one), share), 2)), bounds) for name, one, bounds in panel]


def _trials(suite: Suite, sets: _Sets, place: int) -> tuple[tuple[Trial, ...], ...]:
    """The trials of each group of series, in the order in which series are dealt; one group where none is left out."""
    origin = suite.origins[place]
    if suite.pool == "none":
        return ()
    if suite.pool == "whole":
        return tuple(tuple(trials_across(sets.own, origin, group)) for group in range(FOLDS))
    if suite.by_share:
        return (tuple(trials_within(_first_parts(sets.own, origin))),)
    return (tuple(trials_before(sets.own, sets.beside, origin)),)


def _learned(panel: Sequence[Observed], groups: Sequence[Learned | None]) -> dict[str, Learned]:
    names = sorted(one.id for one in panel) if groups else []
    dealt = {name: groups[place % len(groups)] for place, name in enumerate(names)}
    return {name: one for name, one in dealt.items() if one is not None}


def _forecasts(cut: Cut, bounds: Bounds, draws: int, seed: int) -> dict[str, Numbers]:
    """Draws of every rival that serves a series, from what was known and from nothing else of it."""
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
    return found


def _ours(
    cut: Cut, prior: Prior, bounds: Bounds, draws: int, seed: int, pace: Numbers, learned: Learned | None
) -> dict[str, Numbers]:
    """Draws of our paths, and of their mixture with the pace; our paths alone where nothing says how to mix."""
    known = cut.known
    chance = chance_of(seed, f"{DIFFUSION}/{known.id}", len(known))
    own = diffusion_forecast(known, cut.came.times, prior, bounds, draws, chance)
    return {DIFFUSION: own} if learned is None else {DIFFUSION: own, MIXED: mixed(own, pace, learned.weight)}


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
    suite: Suite, place: int, panel: Sequence[Observed], judged: tuple[Judged, ...],
    learned: Mapping[str, Learned], seed: int,
) -> FromOrigin:  # fmt: skip
    served = [name for name in ORDER if any(name in one.scores for one in judged)]
    lines = tuple(line_of(name, judged, suite.resolution) for name in served)
    ours = next((name for name in OURS if name in served), None)
    cut = {one.cut.known.id for one in judged}
    return FromOrigin(
        origin=suite.origins[place],
        judged=judged,
        left_out=tuple(one.id for one in panel if one.id not in cut),
        lines=lines,
        verdict=None if ours is None else verdict_of(ours, judged, lines, seed),
        learned={name: learned[name] for name in sorted(cut) if name in learned},
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
        "learned": {
            name: {
                "weight": told.weight,
                "trials": told.trials,
                "crps": told.crps,
                "crps_alone": told.alone,
                "coverage90": told.coverage,
            }
            for name, told in one.learned.items()
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
