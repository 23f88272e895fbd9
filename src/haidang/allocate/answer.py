"""What is asked of an allocation, and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.allocate.asked import Choice
from haidang.allocate.frontier import Point
from haidang.allocate.judged import Judged
from haidang.allocate.moved import Moves
from haidang.allocate.plan import Plan
from haidang.allocate.problem import Problem
from haidang.allocate.valued import Valued
from haidang.models import Card
from haidang.programmes import ProgrammeFile
from haidang.study.offers import Offer
from haidang.study.planned import Served
from haidang.study.resource import Resource

Floats = NDArray[np.float64]
OWN = "optimal_own"
SCALES = (1.0, 1.2, 1.5, 2.0)


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Args:
        programme: its id in the pack.
        goal: the tracked outcome that is made largest, or the weight of several; the model's main one unless given.
        draws: how many draws value the offers, and as many fresh ones judge the plan.
        seed: of all chance.
        seconds: how long the search for the plan may take.
        gap: how far from the best it may be, as a share.
        offers: ids of the offers that may be made; all unless given.
        after: for an offer, the offer that a unit must have had in an earlier year.
        rules: a file of group rules.
        rows: of the population that is built.
        resolves: how often the plan is made again on draws drawn anew, to see who is always in.
        facts: how many of the facts that carry most of what offers add are moved to the ends of their ranges.
        commit: how many times the budgets the list's own offers are expected to take.
        robust: the share of the draws, the worst ones of each plan, whose mean is made largest instead of the mean of
            all; nought for the one worst draw, none for all.
        against: another tracked outcome; plans from the most of the goal to the most of it are then found too.
        points: how many of those.
        scales: how far the plans that are compared commit beyond the budgets.
    """

    programme: str
    goal: str | Mapping[str, float] | None = None
    draws: int = 64
    seed: int = 1
    seconds: float = 60.0
    gap: float = 0.001
    offers: tuple[str, ...] = ()
    after: Mapping[str, str] = field(default_factory=dict[str, str])
    rules: Path | None = None
    rows: int | None = None
    resolves: int = 12
    facts: int = 3
    commit: float = 1.0
    robust: float | None = None
    against: str | None = None
    points: int = 7
    scales: tuple[float, ...] = SCALES


@dataclass(frozen=True, slots=True)
class Promise:
    """What plans of one half of the draws promise, and what the other half says of them.

    Args:
        promised: the goal by the draws that made the plan.
        kept: the goal of the same plan by the other draws.
        error: the standard error of what was kept, over groups of draws.
    """

    promised: float
    kept: float
    error: float


@dataclass(frozen=True, slots=True, eq=False)
class Allocation:
    """The plan with all that is told of it.

    Args:
        file: the programme.
        request: what was asked.
        goal: the outcome that was made largest.
        table: the units, in ascending order of ids.
        card: of the model.
        valued: what each offer adds, draw by draw.
        may: who may be offered what (units, offers).
        estimates: for the goal and each resource, what the plan was made by (units, years, offers).
        drawn: whether estimates are drawn to similar units.
        promises: by whether they are, what was promised and kept.
        problem: what was solved.
        resources: the budgets as they are, whatever the list commits.
        served: how those who take up the list's offers are served.
        plan: its plan with the bound.
        offered: the offer of each unit and year, -1 for none (units, years).
        share_in: in which share of the plans made again a unit is offered anything; no number where none was (units).
        share_same: in which share it is offered the same first offer, any year (units).
        scales: by plan that was judged, how far it commits beyond the budgets.
        judged: what plans and simple rules did over fresh draws.
        resolves: how often the plan was made again.
        moves: the plan where one fact is moved to an end of its range.
        curve: plans from the most of the goal to the most of another outcome, where that was asked.
        relaxed: how many plans that only compare were made without rules on outcomes, since none could keep them.
        facts: a digest of each fact that the plan was made on.
        failed: for units that may be offered nothing, the first condition they do not meet; else empty (units).
    """

    file: ProgrammeFile
    request: Request
    goal: str
    table: pl.DataFrame
    card: Card
    valued: Valued
    may: NDArray[np.bool_]
    estimates: Mapping[str, Floats]
    drawn: bool
    promises: Mapping[bool, Promise]
    problem: Problem
    resources: tuple[Resource, ...]
    served: Served
    plan: Plan
    offered: Choice
    share_in: Floats
    share_same: Floats
    scales: Mapping[str, float]
    judged: Judged
    resolves: int
    moves: Moves
    curve: tuple[Point, ...]
    relaxed: int
    facts: Mapping[str, str]
    failed: tuple[str, ...]

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What could be offered."""
        return self.valued.offers

    @property
    def seed(self) -> int:
        """Of all chance."""
        return self.request.seed
