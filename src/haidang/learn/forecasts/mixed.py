"""Our own paths mixed with the mean pace, by a weight that training parts teach (Bates and Granger 1969).

A trial is a forecast whose outcome may be read: of another series, or of what was known, cut again at an earlier
time. The weight is the one at which the trials' mean CRPS is lowest among those at which their intervals of 90 % hold
what they should: the two things a suite is judged by, asked of the training parts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.learn.forecasts.diffusion import Bounds, Pool, chance_of, diffusion_forecast, others_of
from haidang.learn.forecasts.naive import drift
from haidang.learn.forecasts.observed import Observed, part_of
from haidang.learn.forecasts.scored import BAND, JUDGED, inside_of
from haidang.learn.scores import crps

Numbers = NDArray[np.float64]
Panel = Sequence[tuple[str, Observed, Bounds]]

GRID = np.linspace(0.0, 1.0, 21)
FOLDS = 4
"""Series are dealt into so many groups by turns; a group's weight comes from the others."""
BACK = (5, 4, 3, 2)
"""Years before an origin at which what was known by then is cut again."""
TRIAL_DRAWS = 300
"""Of each forecast of a trial: enough for a weight to a twentieth."""
_FEWEST = 4
_EVEN = 0.5


@dataclass(frozen=True, slots=True)
class Trial:
    """A forecast whose outcome may be read.

    Args:
        known: what it may use.
        came: what it is held against.
        bounds: of its values.
        others: what its prior may use.
    """

    known: Observed
    came: Observed
    bounds: Bounds
    others: Panel


@dataclass(frozen=True, slots=True)
class Learned:
    """What trials say of a mixture.

    Args:
        weight: of our own forecast, 0 to 1; the mean pace has the rest.
        trials: how many there were.
        crps: mean over trials, at that weight.
        alone: the same of our own forecast without the pace.
        coverage: of intervals of 90 % over trials, at that weight.
    """

    weight: float
    trials: int
    crps: float
    alone: float
    coverage: float


def trials_across(panel: Panel, share: float, group: int) -> Iterator[Trial]:
    """Every series outside a group, cut at a share; its prior from the others outside the group, whole."""
    rest = [one for place, one in enumerate(sorted(panel, key=lambda one: one[0])) if place % FOLDS != group]
    for name, whole, bounds in rest:
        count = max(part_of(len(whole), share), 2)
        if count < len(whole):
            yield Trial(whole.first(count), whole.rest(count), bounds, [one for one in rest if one[0] != name])


def trials_within(panel: Panel) -> Iterator[Trial]:
    """The known part of every series, cut at its half; its prior from the known parts of the others."""
    for name, part, bounds in panel:
        if len(part) >= _FEWEST:
            count = part_of(len(part), _EVEN)
            yield Trial(part.first(count), part.rest(count), bounds, [one for one in panel if one[0] != name])


def trials_before(panel: Panel, beside: Panel, origin: float) -> Iterator[Trial]:
    """Every series up to an origin, cut some years before it; its prior from what all were known by then.

    Args:
        panel: the series of the suite.
        beside: series of another suite, which join the pool.
        origin: the time behind which nothing is read.
    """
    for back in BACK:
        time = origin - back
        then = [(name, one.known_by(time), bounds) for name, one, bounds in (*panel, *beside)]
        for name, one, bounds in panel:
            known, upto = one.known_by(time), one.known_by(origin)
            if 1 <= len(known) < len(upto):
                yield Trial(known, upto.rest(len(known)), bounds, [each for each in then if each[0] != name])


def learn_weight(
    trials: Sequence[Trial], pool: Pool, seed: int, told: Callable[[], None] = lambda: None
) -> Learned | None:
    """The weight that trials teach; none where there are no trials.

    Args:
        trials: forecasts whose outcomes may be read.
        pool: what each series says alone, shared by the trials.
        seed: of all chance.
        told: called after each trial.
    """
    made: list[tuple[Numbers, Numbers, Trial]] = []
    for one in trials:
        at, name = one.came.times, one.known.id
        chance = chance_of(seed, f"trial/{name}", len(one.known))
        prior = pool.prior(others_of(one.others, name))
        own = diffusion_forecast(one.known, at, prior, one.bounds, pool.count, chance)
        made.append((own, one.bounds.kept(drift(one.known, at, pool.count, chance)), one))
        told()
    return best_weight([(own, pace, one.came.values, one.bounds.resolution) for own, pace, one in made])


def best_weight(made: Sequence[tuple[Numbers, Numbers, Numbers, float]]) -> Learned | None:
    """The weight with the lowest mean CRPS among those whose intervals cover 85 to 95 %.

    Where none covers as much, the one that comes nearest to 90 %. The CRPS of a mixture is quadratic in the weight
    (Gneiting and Raftery 2007, equation 21), so that its values at none, half and all give it everywhere.

    Args:
        made: for each trial our draws and as many of the pace (times x draws), what came, and to what it is told.
    """
    if not made:
        return None
    none = float(np.mean([_score(pace, came) for _, pace, came, _ in made]))
    half = float(np.mean([_score(np.concatenate([own, pace], axis=1), came) for own, pace, came, _ in made]))
    whole = float(np.mean([_score(own, came) for own, _, came, _ in made]))
    score = none * (1 - GRID) * (1 - 2 * GRID) + 4 * half * GRID * (1 - GRID) + whole * GRID * (2 * GRID - 1)
    cover = np.array(
        [np.mean([inside_of(mixed(own, pace, w), came, unit, JUDGED).mean() for own, pace, came, unit in made])
         for w in GRID]
    )  # fmt: skip
    holds = (cover >= BAND[0]) & (cover <= BAND[1])
    chosen = int(np.argmin(np.where(holds, score, np.inf) if holds.any() else np.abs(cover - JUDGED)))
    return Learned(float(GRID[chosen]), len(made), float(score[chosen]), whole, float(cover[chosen]))


def mixed(own: Numbers, pace: Numbers, weight: float) -> Numbers:
    """A share of our draws and the rest of the pace's, as many as each has (times x draws).

    Taken at even distances, since neighbours among our draws have common ancestors.
    """
    total = own.shape[1]
    count = round(weight * total)
    return np.concatenate([own[:, _evenly(total, count)], pace[:, _evenly(total, total - count)]], axis=1)


def _evenly(total: int, count: int) -> NDArray[np.int64]:
    return (np.arange(count) * total) // max(count, 1)


def _score(draws: Numbers, came: Numbers) -> float:
    return float(np.mean([crps(row, float(value)) for row, value in zip(draws, came, strict=True)]))
