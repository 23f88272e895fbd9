"""Who should be offered what and when, from a programme and its units to a plan that was judged.

Half of the draws make a plan and the other half judge it, both ways round: that tells what of a plan's promise was luck
in the draws, and whether estimates are better drawn to similar units. The plan that is listed then uses all draws, and
the engine judges it on fresh ones, beside simple rules and beside plans that commit more than the budgets hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.allocate.asked import Choice, offers_in, planned, problem_of
from haidang.allocate.judged import Judged, judge
from haidang.allocate.metered import Metered
from haidang.allocate.plan import Plan
from haidang.allocate.problem import Labels, Problem, Rule
from haidang.allocate.rules_file import load_rules
from haidang.allocate.similar import columns_of, own_means, shrunk
from haidang.allocate.solve import solve
from haidang.allocate.valued import Valued, met_at_start, offers_setting, value_offers
from haidang.engine import MemorySource
from haidang.engine.setting import DrawFacts
from haidang.errors import did_you_mean
from haidang.models import Card
from haidang.packs import Pack
from haidang.programmes import ProgrammeFile
from haidang.study import Question, prepare_jax, units_of
from haidang.study.draws import FactDraws, facts_read
from haidang.study.offers import Offer, OfferError, offers_of, refuse_unfit
from haidang.study.plan_file import OPTIMAL, shared_budgets
from haidang.study.resource import Resource
from haidang.study.setting import periods_of

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
OWN = "optimal_own"
SCALES = (1.0, 1.2, 1.5, 2.0)
_SIDE_GAP = 0.003
"""The gap at which plans that are not listed may end: they only compare."""
LEARNING_ROWS = 512
"""Of the pack's population, beside applicants: few applicants tell little of what similar units do."""
_FRESH = 10_007
"""Added to the seed for the draws that judge."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked.

    Args:
        programme: its id in the pack.
        goal: the tracked outcome that is made largest; the model's main one unless given.
        draws: how many draws value the offers, and as many fresh ones judge the plan.
        seed: of all chance.
        seconds: how long the search for the plan may take.
        gap: how far from the best it may be, as a share.
        offers: ids of the offers that may be made; all unless given.
        after: for an offer, the offer that a unit must have had in an earlier year.
        rules: a file of group rules.
        rows: of the population that is built.
        resolves: how often the plan is made again on draws drawn anew, to see who is always in.
        scales: how far the plans that are compared commit beyond the budgets, the list's own 1 first.
    """

    programme: str
    goal: str | None = None
    draws: int = 64
    seed: int = 1
    seconds: float = 60.0
    gap: float = 0.001
    offers: tuple[str, ...] = ()
    after: Mapping[str, str] = field(default_factory=dict[str, str])
    rules: Path | None = None
    rows: int | None = None
    resolves: int = 12
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
        goal: the outcome that was made largest.
        table: the units, in ascending order of ids.
        card: of the model.
        valued: what each offer adds, draw by draw.
        may: who may be offered what (units, offers).
        estimates: for the goal and each resource, what the plan was made by (units, years, offers).
        drawn: whether estimates are drawn to similar units.
        promises: by whether they are, what was promised and kept.
        problem: what was solved.
        plan: its plan with the bound.
        offered: the offer of each unit and year, -1 for none (units, years).
        share_in: in which share of the plans made again a unit is offered anything (units).
        share_same: in which share it is offered the same first offer, any year (units).
        scales: by plan that was judged, how far it commits beyond the budgets.
        judged: what plans and simple rules did over fresh draws.
        resolves: how often the plan was made again.
        seed: of all chance.
        failed: for units that may be offered nothing, the first condition they do not meet; else empty (units).
    """

    file: ProgrammeFile
    goal: str
    table: pl.DataFrame
    card: Card
    valued: Valued
    may: NDArray[np.bool_]
    estimates: Mapping[str, Floats]
    drawn: bool
    promises: Mapping[bool, Promise]
    problem: Problem
    plan: Plan
    offered: Choice
    share_in: Floats
    share_same: Floats
    scales: Mapping[str, float]
    judged: Judged
    resolves: int
    seed: int
    failed: tuple[str, ...]

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What could be offered."""
        return self.valued.offers

    @property
    def resources(self) -> tuple[Resource, ...]:
        """The budgets."""
        return self.problem.resources


def allocate(
    pack: Pack, request: Request, table: pl.DataFrame | None = None, progress: Progress | None = None
) -> Allocation:
    """Value every offer, make the plan, and judge it.

    Args:
        pack: the pack.
        request: what is asked.
        table: the units; the pack's population where none is given. Units of the population are valued beside them,
            so that what similar units do is known where applicants are few.
        progress: called with what is done now, how much of it is done, and how much there is.

    Raises:
        HaidangError: whatever the user can mend.
    """
    return _Allocator(pack, request, table, progress or _silent).run()


def _silent(what: str, done: int, total: int) -> None:
    """Nobody is told."""
    del what, done, total


class _Allocator:
    """What the steps share."""

    def __init__(self, pack: Pack, request: Request, table: pl.DataFrame | None, progress: Progress) -> None:
        self.pack, self.request, self.progress = pack, request, progress
        self.file = pack.programme(request.programme)
        self.base = self.file.base
        self.model = pack.model(self.base.model)
        self.card = self.model.card
        refuse_unfit(self.file, self.card)
        self.goal = goal_of(self.card, request.goal)
        self.offers = offers_of(self.file, request.offers)
        self.periods = periods_of(self.card, [self.base])
        self.years = tuple(dict.fromkeys(year for year, _ in self.periods))
        self.names = facts_read(pack.book, self.card, self.file.programmes)
        self.resources = shared_budgets(pack, self.file)
        self._refuse_unfit()
        prepare_jax()
        city = self._city() if table is None else self._city(rows=request.rows or LEARNING_ROWS)
        self.table = (city if table is None else table).sort("id")
        self.everybody = self.table if table is None else _beside(self.table, city, self.card)
        self.columns, self.groups = _groups(self.card, self.table)
        self.rules = self._rules()

    def _city(self, rows: int | None = None) -> pl.DataFrame:
        """The pack's population."""
        request = self.request
        question = Question(request.programme, draws=request.draws, seed=request.seed, rows=rows or request.rows)
        population, _ = units_of(self.pack, self.card, question)
        if population is None:
            raise OfferError("expected units that fit in memory")
        return population.table

    def _refuse_unfit(self) -> None:
        if not self.resources:
            raise OfferError(f"expected a budget in '{self.base.id}', found none: without one everybody is offered all")
        if self.goal in self.card.resources:
            problem = f"expected a goal that is no resource, found '{self.goal}'"
            raise OfferError(problem, hint="what is given is bounded by the budget, not made largest")

    def _rules(self) -> tuple[Rule, ...]:
        if self.request.rules is None:
            return ()
        units = {one.id: one.unit for one in self.card.outcomes}
        measures = {self.goal: units[self.goal], **{one.id: one.unit for one in self.resources}}
        return load_rules(self.request.rules, measures, self.groups, self.years)

    def _facts(self, seed: int) -> DrawFacts:
        drawn = FactDraws(self.pack.book, self.names, self.request.draws, seed)
        years = tuple(year for year, _ in self.periods)
        return lambda draw: drawn.of(draw, years)

    def run(self) -> Allocation:
        """All steps in turn."""
        request = self.request
        source = MemorySource(self.everybody, self.card)
        setting = offers_setting(
            Metered(self.model), self.base, self.offers, source, self.names, request.seed, self.periods
        )
        facts = self._facts(request.seed)
        resources = [one.id for one in self.resources]
        self.all = value_offers(
            setting, self.offers, [self.goal], resources, facts, request.draws,
            lambda done, total: self.progress("value", done, total),
        )  # fmt: skip
        self.valued = self.all.first(self.table.height)
        self.all_may = met_at_start(setting, [one.instrument.eligible for one in self.offers], facts(0))
        self.may = self.all_may[: self.table.height]
        self.alike = columns_of(self.everybody, self.card.attributes)
        promises = {drawn: self._promise(drawn) for drawn in (False, True)}
        drawn = promises[True].kept >= promises[False].kept
        estimates = self._estimates(drawn)
        problem = self._problem(estimates)
        plan = solve(problem, seconds=request.seconds, gap=request.gap, seed=request.seed)
        offered = offers_in(problem, plan.choice, len(self.offers))
        share_in, share_same = self._again(drawn, offered)
        scales, judged = self._judge(estimates, offered)
        conditions = [part for one in self.offers for part in one.instrument.eligible.conditions]
        met = met_at_start(setting, conditions, facts(0))
        failed = tuple(
            "" if may.any() else next(one.text for one, holds in zip(conditions, row, strict=True) if not holds)
            for may, row in zip(self.may, met[: self.table.height], strict=True)
        )
        return Allocation(
            self.file, self.goal, self.table, self.card, self.valued, self.may, estimates, drawn, promises, problem,
            plan, offered, share_in, share_same, scales, judged, request.resolves, request.seed, failed,
        )  # fmt: skip

    def _estimates(self, drawn: bool, counts: Floats | None = None) -> dict[str, Floats]:
        names = dict.fromkeys((self.goal, *(one.id for one in self.resources)))
        if drawn:
            found = {name: shrunk(self.all, name, self.alike, self.all_may, counts).mean for name in names}
            return {name: one[: self.table.height] for name, one in found.items()}
        return {name: own_means(self.valued, name, counts).mean for name in names}

    def _problem(
        self, estimates: Mapping[str, Floats], scale: float = 1.0, may: NDArray[np.bool_] | None = None
    ) -> Problem:
        return problem_of(
            self.valued, self.goal, estimates, self.resources, self.may if may is None else may,
            after=self.request.after, columns=self.columns, rules=self.rules, scale=scale,
        )  # fmt: skip

    def _offered(self, problem: Problem) -> Choice:
        """A plan that only compares."""
        gap = max(self.request.gap, _SIDE_GAP)
        plan = solve(problem, seconds=self.request.seconds, gap=gap, seed=self.request.seed)
        return offers_in(problem, plan.choice, len(self.offers))

    def _worth(self, entries: Floats, offered: Choice) -> float:
        return float((np.maximum(planned(entries, offered), 0.0) * self.valued.weight[:, None]).sum())

    def _promise(self, drawn: bool) -> Promise:
        """Plans of each half of the draws, judged by the other half; the mean of both ways round."""
        groups = len(self.valued.draws)
        promised: list[float] = []
        kept: list[Floats] = []
        for half in (0, 1):
            mine = (np.arange(groups) % 2 == half).astype(np.float64)
            estimates = self._estimates(drawn, mine)
            offered = self._offered(self._problem(estimates))
            promised.append(self._worth(estimates[self.goal], offered))
            others = np.flatnonzero(mine == 0.0)
            beyond = self.valued.more[self.goal][others] - self.valued.less[self.goal][others]
            by_group = [planned(one.astype(np.float64), offered) * self.valued.weight[:, None] for one in beyond]
            kept.append(np.array([one.sum() for one in by_group]))
            self.progress("promise", 2 * drawn + half + 1, 4)
        together = np.concatenate(kept)
        error = float(together.std(ddof=1) / np.sqrt(len(together))) if len(together) > 1 else float("nan")
        return Promise(float(np.mean(promised)), float(np.mean([one.mean() for one in kept])), error)

    def _again(self, drawn: bool, offered: Choice) -> tuple[Floats, Floats]:
        """Plans made again on draws drawn with replacement: facts and chance move together (Efron 1979)."""
        random = np.random.default_rng(self.request.seed)
        groups = len(self.valued.draws)
        held, same = np.zeros(len(offered)), np.zeros(len(offered))
        first = _first(offered)
        for time in range(self.request.resolves):
            counts = random.multinomial(groups, np.full(groups, 1.0 / groups)).astype(np.float64)
            found = self._offered(self._problem(self._estimates(drawn, counts)))
            held += (found >= 0).any(axis=1)
            same += (found == first[:, None]).any(axis=1) & (first >= 0)
            self.progress("again", time + 1, self.request.resolves)
        times = max(self.request.resolves, 1)
        return held / times, same / times

    def _judge(self, estimates: Mapping[str, Floats], offered: Choice) -> tuple[dict[str, float], Judged]:
        plans, scales = {OPTIMAL: offered}, {OPTIMAL: 1.0}
        for scale in self.request.scales[1:]:
            name = f"{OPTIMAL}_{round(100 * scale)}"
            plans[name], scales[name] = self._offered(self._problem(estimates, scale)), scale
        own = np.array([one.own for one in self.offers])
        if own.any() and not own.all():
            plans[OWN] = self._offered(self._problem(estimates, may=self.may & own))
        mine = [at for at, one in enumerate(self.offers) if one.own] or [0]
        score = estimates[self.goal][:, :, mine].mean(axis=1).max(axis=1)
        facts = self._facts(self.request.seed + _FRESH)
        judged = judge(
            self.model, self.base, self.table, plans, self.offers, self.resources, score,
            lambda _: (self.names, facts), self.periods, draws=self.request.draws, seed=self.request.seed + _FRESH,
            progress=lambda done, total: self.progress("judge", done, total),
        )  # fmt: skip
        return scales, judged


def goal_of(card: Card, asked: str | None) -> str:
    """What is made largest: the outcome asked for, else the model's main one, the levels, or the first good one.

    Raises:
        OfferError: it is not one that the model tracks for each unit.
    """
    if asked is not None and asked not in card.tracked:
        raise OfferError(f"expected a tracked outcome, found '{asked}'", hint=did_you_mean(asked, card.tracked))
    good = [one.id for one in card.outcomes if one.id in card.tracked and one.good == "more"]
    wanted = [asked, card.roles.get("main"), card.roles.get("levels", "level_gain"), *good]
    found = next((one for one in wanted if one in card.tracked), None)
    if found is None:
        raise OfferError(f"expected a tracked outcome of which more is good, found none in '{card.id}'")
    return found


def _beside(table: pl.DataFrame, city: pl.DataFrame, card: Card) -> pl.DataFrame:
    """Applicants, and behind them the city's units under ids of their own."""
    kinds = {"category": pl.String, "flag": pl.Boolean, "number": pl.Float64, "level": pl.Float64}
    wanted = ["id", "weight", *card.attributes]
    alike = [
        pl.col("weight").cast(pl.Float64),
        *(pl.col(name).cast(kinds[one.kind]) for name, one in card.attributes.items()),
    ]
    behind = int(table["id"].to_numpy().max()) + 1
    renamed = city.with_columns(id=pl.Series(np.arange(behind, behind + city.height)))
    return pl.concat([one.select(wanted).with_columns(alike) for one in (table, renamed)])


def _first(offered: Choice) -> Choice:
    """Each unit's first offer, -1 for none (units)."""
    at = (offered >= 0).argmax(axis=1)
    return offered[np.arange(len(offered)), at]


def _groups(card: Card, table: pl.DataFrame) -> tuple[dict[str, Labels], dict[str, Sequence[str]]]:
    """The columns of groups that rules may speak of, and the groups that some unit is in."""
    columns: dict[str, Labels] = {}
    for name in card.attributes:
        kind = card.attributes[name].kind
        if kind in ("category", "flag"):
            words = table[name].cast(pl.String)
            columns[name] = words.to_numpy().astype(str)
    return columns, {name: tuple(sorted(set(one.tolist()))) for name, one in columns.items()}
