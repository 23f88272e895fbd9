"""Looking for the best design of a programme under a bound on its cost, and showing how good it is on other draws."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from haidang.allocate.design_space import Space
from haidang.allocate.design_trial import Measured, Trials
from haidang.errors import HaidangError

Numbers = NDArray[np.float64]
Progress = Callable[[int, int], None]
APART = 0.15
"""Designs are told apart where one parameter differs by this part of its span."""
_POLISH = 0.35
"""The part of the trials that is kept for the neighbourhood of the best."""


@dataclass(frozen=True, slots=True)
class Trial:
    """A design that was tried.

    Args:
        values: of the parameters, canonical.
        point: the same as shares of their spans.
        gain: mean over the draws of the search.
        cost: mean over the draws of the search.
    """

    values: tuple[float, ...]
    point: tuple[float, ...]
    gain: float
    cost: float


@dataclass(frozen=True, slots=True)
class Against:
    """The winner held against another design on draws that the search did not see.

    Args:
        other: the values of the other design.
        measured: what it brought there.
        ahead: in each draw, by how much the winner brought more.
    """

    other: tuple[float, ...]
    measured: Measured
    ahead: Numbers

    @property
    def share(self) -> float:
        """The share of draws in which the winner brought more."""
        return float(np.mean(self.ahead > 0))


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found.

    Args:
        trials: every design tried, in order.
        winner: the best whose cost keeps the bound.
        frontier: the designs that no other beats in both gain and cost, by rising cost.
        measured: the winner on draws that the search did not see.
        runner_up: the best that differs from the winner, on the same draws; none where all tried are alike.
        bound: the most that a design may cost; none for no bound.
    """

    trials: tuple[Trial, ...]
    winner: Trial
    frontier: tuple[Trial, ...]
    measured: Measured
    runner_up: Against | None
    bound: float | None


class NoDesignError(HaidangError):
    """No design that was tried keeps the bound."""


def search_design(
    space: Space, trials: Trials, *, bound: float | None, draws: int, fresh: int, budget: int, progress: Progress
) -> Found:
    """The best design under a bound; every design meets the same draws.

    First the programme as declared and each lever by itself from end to end, then the whole space by dividing
    rectangles (DIRECT: Jones, Perttunen and Stuckman 1993), then around the best by quadratic models (COBYQA: Ragonneau
    2022), both as SciPy has them.

    Args:
        space: what may change.
        trials: measures designs.
        bound: the most that a design may cost on average; none for no bound.
        draws: draws of the search, counted from zero.
        fresh: how many further draws the winner is held against others on.
        budget: how many designs may be tried.
        progress: called with the designs tried and those allowed.

    Raises:
        NoDesignError: none of them keeps the bound.
    """
    tried: dict[tuple[float, ...], Trial] = {}

    def measure(point: Numbers) -> Trial:
        values = space.values(point)
        if values not in tried:
            found = trials.measure(values, range(draws))
            shares = tuple(float(one) for one in np.clip(point, 0.0, 1.0))
            tried[values] = Trial(values, shares, float(found.gain.mean()), float(found.cost.mean()))
            progress(len(tried), budget)
        return tried[values]

    measure(space.declared)
    for corner in np.eye(len(space.parameters)):
        # Each lever by itself from end to end: among these are the designs that cost least.
        measure(np.where(corner > 0, 0.0, space.declared))
        measure(np.where(corner > 0, 1.0, space.declared))
    _over_all(measure, len(space.parameters), bound, max(1, round(budget * (1.0 - _POLISH)) - len(tried)))
    _around(measure, best_of(tuple(tried.values()), bound), bound, budget - len(tried))
    found = tuple(tried.values())
    winner = best_of(found, bound)
    other = _runner_up(found, winner, bound)
    later = range(draws, draws + fresh)
    measured = trials.measure(winner.values, later)
    against = None
    if other is not None:
        beside = trials.measure(other.values, later)
        against = Against(other.values, beside, measured.gain - beside.gain)
    return Found(found, winner, frontier_of(found), measured, against, bound)


def _over_all(measure: Callable[[Numbers], Trial], size: int, bound: float | None, budget: int) -> None:
    seen: list[Trial] = []

    def worth(point: Numbers) -> float:
        seen.append(measure(point))
        scale = max((abs(one.gain) for one in seen), default=1.0) or 1.0
        return _penalised(seen[-1], bound, scale)

    solver: Any = optimize
    solver.direct(worth, [(0.0, 1.0)] * size, maxfun=budget, maxiter=budget, locally_biased=True)


def _penalised(trial: Trial, bound: float | None, scale: float) -> float:
    """What is made least: a design over the bound is worse the farther it is over, and worse than any that keeps it."""
    if bound is None or trial.cost <= bound:
        return -trial.gain
    return scale * (1.0 + (trial.cost - bound) / max(abs(bound), 1.0))


def _around(measure: Callable[[Numbers], Trial], start: Trial, bound: float | None, budget: int) -> None:
    if budget < 2 * len(start.point) + 2:
        return
    scale, solver = max(abs(start.gain), 1e-12), cast(Any, optimize)
    constraints: list[Any] = []

    def loss(point: Numbers) -> float:
        return -measure(point).gain / scale

    if bound is not None:
        least = max(abs(bound), 1.0)

        def cost(point: Numbers) -> float:
            return measure(point).cost / least

        constraints = [solver.NonlinearConstraint(cost, -np.inf, bound / least)]
    solver.minimize(
        loss,
        np.array(start.point),
        method="COBYQA",
        bounds=[(0.0, 1.0)] * len(start.point),
        constraints=constraints,
        options={"maxfev": budget, "initial_tr_radius": 0.1, "final_tr_radius": 1e-3},
    )


def best_of(trials: tuple[Trial, ...], bound: float | None) -> Trial:
    """The design that gains most among those that keep the bound; of equals the cheapest.

    Raises:
        NoDesignError: none keeps it.
    """
    kept = [one for one in trials if bound is None or one.cost <= bound]
    if not kept:
        least = min(one.cost for one in trials)
        raise NoDesignError(f"expected a design that costs at most {bound:,.6g}, found none under {least:,.6g}")
    return max(kept, key=lambda one: (one.gain, -one.cost))


def _runner_up(trials: tuple[Trial, ...], winner: Trial, bound: float | None) -> Trial | None:
    apart = [
        one
        for one in trials
        if (bound is None or one.cost <= bound)
        and max(abs(a - b) for a, b in zip(one.point, winner.point, strict=True)) >= APART
    ]
    return max(apart, key=lambda one: (one.gain, -one.cost), default=None)


def frontier_of(trials: tuple[Trial, ...]) -> tuple[Trial, ...]:
    """The designs that no other beats in both, by rising cost."""
    found: list[Trial] = []
    for one in sorted(trials, key=lambda trial: (trial.cost, -trial.gain)):
        if not found or one.gain > found[-1].gain:
            found.append(one)
    return tuple(found)
