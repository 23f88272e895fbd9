"""Who should be offered what and when, from a programme and its units to a plan that was judged.

Half of the draws make a plan and the other half judge it, both ways round: that tells what of a plan's promise was luck
in the draws, and whether estimates are better drawn to similar units. The plan that is listed then uses all draws, and
the engine judges it on fresh ones, beside simple rules and beside plans that commit more than the budgets hold.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.allocate.answer import OWN, Allocation, Promise, Request
from haidang.allocate.asked import Choice, offers_in, options_of, planned, problem_of, robust_of, scaled, with_outcome
from haidang.allocate.floors import InfeasibleRulesError, refuse_too_many
from haidang.allocate.frontier import Point, frontier
from haidang.allocate.judged import Judged, judge
from haidang.allocate.kept import Kept
from haidang.allocate.metered import Metered
from haidang.allocate.moved import ENDS, End, Move, Moves, carrying, ends_of, move_of, with_fact
from haidang.allocate.people import beside, failed_first, first_of, groups_of
from haidang.allocate.plan import Plan
from haidang.allocate.problem import Problem, Rule
from haidang.allocate.rules_file import load_rules
from haidang.allocate.serving import served_of
from haidang.allocate.similar import columns_of, own_means, shrunk
from haidang.allocate.solve import solve
from haidang.allocate.valued import Valued, met_at_start, offers_setting, value_offers
from haidang.allocate.watch import Report
from haidang.allocate.weighted import GOAL, Weighted
from haidang.engine import MemorySource
from haidang.engine.setting import DrawFacts
from haidang.errors import did_you_mean
from haidang.models import Card
from haidang.packs import Pack
from haidang.programmes import check_programme
from haidang.study import Question, prepare_jax, units_of
from haidang.study.draws import FactDraws, facts_read
from haidang.study.offers import OfferError, offers_of, refuse_unfit
from haidang.study.plan_file import OPTIMAL, facts_digests, shared_budgets
from haidang.study.planned import Served
from haidang.study.setting import periods_of

Floats = NDArray[np.float64]
Progress = Callable[[str, int, int], None]
_SIDE_GAP = 0.003
"""The gap at which plans that are not listed may end: they only compare."""
LEARNING_ROWS = 512
"""Of the pack's population, beside applicants: few applicants tell little of what similar units do."""
_FRESH = 10_007
"""Added to the seed for the draws that judge."""


def allocate(
    pack: Pack,
    request: Request,
    table: pl.DataFrame | None = None,
    progress: Progress | None = None,
    search: Report | None = None,
    kept: Kept | None = None,
) -> Allocation:
    """Value every offer, make the plan, and judge it.

    Ctrl-C while the plan is searched for ends the search with the best plan and its gap; while plans are made again, it
    ends that with what is done. The list is told and judged all the same.

    Args:
        pack: the pack.
        request: what is asked.
        table: the units; the pack's population where none is given. Units of the population are valued beside them,
            so that what similar units do is known where applicants are few.
        progress: called with what is done now, how much of it is done, and how much there is.
        search: told where the search for the listed plan stands.
        kept: where what offers add is kept, so that work that is broken off goes on from it.

    Raises:
        HaidangError: whatever the user can mend.
    """
    return _Allocator(pack, request, table, progress or _silent, kept).run(search)


def _silent(what: str, done: int, total: int) -> None:
    """Nobody is told."""
    del what, done, total


class _Allocator:
    """What the steps share."""

    def __init__(
        self, pack: Pack, request: Request, table: pl.DataFrame | None, progress: Progress, kept: Kept | None
    ) -> None:
        self.pack, self.request, self.progress, self.kept = pack, request, progress, kept
        self.relaxed = 0
        self.file = pack.programme(request.programme)
        self.base = self.file.base
        plain = pack.model(self.base.model)
        for programme in self.file.programmes:
            check_programme(programme, plain.card, pack.book)
        refuse_unfit(self.file, plain.card)
        if request.goal is None or isinstance(request.goal, str):
            self.model, self.goal = plain, goal_of(plain.card, request.goal)
        else:
            self.model, self.goal = Weighted(plain, request.goal), GOAL
        self.card = self.model.card
        self.against = None if request.against is None else goal_of(self.card, request.against)
        self.measures = tuple(dict.fromkeys(one for one in (self.goal, self.against) if one is not None))
        if self.against == self.goal:
            raise OfferError(f"expected another outcome than the goal to set against it, found '{self.goal}' twice")
        self.offers = offers_of(self.file, request.offers)
        options_of(self.offers, 1, request.after)  # what is wrong with them is told before anything is simulated
        self.periods = periods_of(self.card, [self.base])
        self.years = tuple(dict.fromkeys(year for year, _ in self.periods))
        self.names = facts_read(pack.book, self.card, self.file.programmes)
        self.resources = shared_budgets(pack, self.file)
        self._refuse_unfit()
        prepare_jax()
        city = self._city() if table is None else self._city(rows=request.rows or LEARNING_ROWS)
        self.table = (city if table is None else table).sort("id")
        self.everybody = self.table if table is None else beside(self.table, city, self.card)
        self.columns, self.groups = groups_of(self.card, self.table)
        self.rules = self._rules()
        weight = self.table["weight"].cast(pl.Float64).to_numpy()
        committed = [scaled(one, request.commit) for one in self.resources]
        refuse_too_many(self.rules, self.columns, weight, len(self.years), committed)

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
        measures = {**{one: units[one] for one in self.measures}, **{one.id: one.unit for one in self.resources}}
        return load_rules(self.request.rules, measures, self.groups, self.years)

    def _drawn(self, seed: int) -> FactDraws:
        return FactDraws(self.pack.book, self.names, self.request.draws, seed)

    def _facts(self, seed: int) -> DrawFacts:
        drawn = self._drawn(seed)
        years = tuple(year for year, _ in self.periods)
        return lambda draw: drawn.of(draw, years)

    def run(self, search: Report | None) -> Allocation:
        """All steps in turn."""
        request = self.request
        source = MemorySource(self.everybody, self.card)
        self.setting = offers_setting(
            Metered(self.model), self.base, self.offers, source, self.names, request.seed, self.periods
        )
        facts = self._facts(request.seed)
        self.all, self.all_may = self._valued(facts, "value")
        self.valued, self.may = self.all.first(self.table.height), self.all_may[: self.table.height]
        self.alike = columns_of(self.everybody, self.card.attributes)
        promises = {drawn: self._promise(drawn) for drawn in (False, True)}
        drawn = promises[True].kept >= promises[False].kept
        estimates = self._estimates(drawn)
        problem = self._problem(estimates, request.commit)
        plan = solve(problem, seconds=request.seconds, gap=request.gap, seed=request.seed, progress=search)
        self.plan = plan
        served = self._served(problem, plan.choice)
        offered = offers_in(problem, plan.choice, len(self.offers))
        # Whoever ended the search waits for the answer: what only tests the list is then left out.
        hurried = plan.ended == "interrupted"
        share_in, share_same, again = self._again(drawn, offered, 0 if hurried else request.resolves)
        moves = self._moves(drawn, offered, facts, 0 if hurried else request.facts)
        curve = () if hurried else self._curve(estimates)
        scales, judged = self._judge(estimates, offered, served, () if hurried else request.scales)
        conditions = [part for one in self.offers for part in one.instrument.eligible.conditions]
        met = met_at_start(self.setting, conditions, facts(0))
        failed = failed_first(self.may, [one.text for one in conditions], met)
        return Allocation(
            self.file, request, self.goal, self.table, self.card, self.valued, self.may, estimates, drawn, promises,
            problem, self.resources, served, plan, offered, share_in, share_same, scales, judged, again, moves, curve,
            self.relaxed, facts_digests(self.pack, self.file), failed,
        )  # fmt: skip

    def _valued(
        self, facts: DrawFacts, what: str, turn: int = 0, turns: int = 1, moved: str = ""
    ) -> tuple[Valued, NDArray[np.bool_]]:
        """What each offer adds under some facts, and who may be offered it: all units, the city's among them."""
        draws = self.request.draws

        def simulated() -> Valued:
            return value_offers(
                self.setting, self.offers, self.measures, [one.id for one in self.resources], facts, draws,
                lambda done, _: self.progress(what, turn * draws + done, turns * draws),
            )  # fmt: skip

        found = simulated() if self.kept is None else self.kept.valued(f"{what} {moved}", self.offers, simulated)
        return found, met_at_start(self.setting, [one.instrument.eligible for one in self.offers], facts(0))

    def _estimates(self, drawn: bool, counts: Floats | None = None) -> dict[str, Floats]:
        return self._estimates_of(self.all, self.all_may, drawn, counts)

    def _estimates_of(
        self, valued: Valued, may: NDArray[np.bool_], drawn: bool, counts: Floats | None = None
    ) -> dict[str, Floats]:
        names = dict.fromkeys((*self.measures, *(one.id for one in self.resources)))
        found = {
            name: (shrunk(valued, name, self.alike, may, counts) if drawn else own_means(valued, name, counts)).mean
            for name in names
        }
        return {name: one[: self.table.height] for name, one in found.items()}

    def _problem(
        self,
        estimates: Mapping[str, Floats],
        scale: float | None = None,
        may: NDArray[np.bool_] | None = None,
        by_draw: Floats | None = None,
    ) -> Problem:
        """What is solved for a list: the goal, or the worst draws where that was asked."""
        found = self._plain(estimates, self.request.commit if scale is None else scale, may)
        if self.request.robust is None:
            return found
        return robust_of(found, self.goal, self.all.by_draw if by_draw is None else by_draw, self.request.robust)

    def _plain(
        self, estimates: Mapping[str, Floats], scale: float = 1.0, may: NDArray[np.bool_] | None = None
    ) -> Problem:
        allowed = self.may if may is None else may
        found = problem_of(
            self.valued, self.goal, estimates, self.resources, allowed,
            after=self.request.after, columns=self.columns, rules=self.rules, scale=scale,
        )  # fmt: skip
        return found if self.against is None else with_outcome(found, self.against, estimates[self.against], allowed)

    def _served(self, problem: Problem, choice: Choice) -> Served:
        return served_of(self.card, self.goal, self.resources, problem, self.plan, choice)

    def _curve(self, estimates: Mapping[str, Floats]) -> tuple[Point, ...]:
        """Plans from the most of the goal to the most of the outcome that is set against it."""
        if self.against is None:
            return ()
        request = self.request
        return frontier(
            self._plain(estimates, request.commit), self.goal, self.against,
            points=request.points, seconds=request.seconds, gap=max(request.gap, _SIDE_GAP), seed=request.seed,
        )  # fmt: skip

    def _offered(self, problem: Problem) -> Choice:
        """A plan that only compares."""
        return offers_in(problem, self._side(problem, max(self.request.gap, _SIDE_GAP)).choice, len(self.offers))

    def _side(self, problem: Problem, gap: float) -> Plan:
        try:
            plan = solve(problem, seconds=self.request.seconds, gap=gap, seed=self.request.seed)
        except InfeasibleRulesError:
            # The list keeps every rule. Under other draws or facts the offers may add too little of an outcome of which
            # a rule asks for a least amount: that plan is made without it, and how often is told.
            kept = tuple(rule for rule in problem.rules if rule.measure not in problem.values)
            if len(kept) == len(problem.rules):
                raise
            self.relaxed += 1
            plan = solve(replace(problem, rules=kept), seconds=self.request.seconds, gap=gap, seed=self.request.seed)
        if plan.ended == "interrupted":
            raise KeyboardInterrupt
        return plan

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
            offered = self._offered(self._plain(estimates))
            promised.append(self._worth(estimates[self.goal], offered))
            others = np.flatnonzero(mine == 0.0)
            beyond = self.valued.more[self.goal][others] - self.valued.less[self.goal][others]
            by_group = [planned(one.astype(np.float64), offered) * self.valued.weight[:, None] for one in beyond]
            kept.append(np.array([one.sum() for one in by_group]))
            self.progress("promise", 2 * drawn + half + 1, 4)
        together = np.concatenate(kept)
        error = float(together.std(ddof=1) / np.sqrt(len(together))) if len(together) > 1 else float("nan")
        return Promise(float(np.mean(promised)), float(np.mean([one.mean() for one in kept])), error)

    def _again(self, drawn: bool, offered: Choice, times: int) -> tuple[Floats, Floats, int]:
        """Plans made again on draws drawn with replacement: facts and chance move together (Efron 1979)."""
        random = np.random.default_rng(self.request.seed)
        groups = len(self.valued.draws)
        held, same = np.zeros(len(offered)), np.zeros(len(offered))
        first = first_of(offered)
        made = 0
        try:
            while made < times:
                counts = random.multinomial(groups, np.full(groups, 1.0 / groups)).astype(np.float64)
                found = self._offered(self._problem(self._estimates(drawn, counts)))
                held += (found >= 0).any(axis=1)
                same += (found == first[:, None]).any(axis=1) & (first >= 0)
                made += 1
                self.progress("again", made, times)
        except KeyboardInterrupt:
            self.progress("again", made, made)
        count = made or float("nan")
        return held / count, same / count, made

    def _moves(self, drawn: bool, offered: Choice, facts: DrawFacts, most: int) -> Moves:
        """The plan with single facts at the ends of their ranges: those that carry most of what its offers add."""
        book = self.pack.book
        fixed = [name for name in self.names if book.facts[name].dated is not None]
        table = self._drawn(self.request.seed).table().filter(~pl.col("fact").is_in(fixed))
        shares, below, enough = carrying(self.all.by_draw[:, np.unique(offered[offered >= 0])], table)
        ends: list[tuple[str, End, float]] = [
            (name, end, value)
            for name in list(shares)[:most]
            for end, value in zip(ENDS, ends_of(book, name), strict=True)
        ]
        made: list[Move] = []
        try:
            for turn, (name, end, value) in enumerate(ends):
                there = with_fact(facts, self.names, name, value)
                valued, may = self._valued(there, "move", turn, len(ends), f"{name} {value!r}")
                mine = may[: self.table.height]
                problem = self._problem(self._estimates_of(valued, may, drawn), may=mine, by_draw=valued.by_draw)
                # To the gap of the list, from its seed: a fact that changes nothing then changes nobody's place.
                plan = self._side(problem, self.request.gap)
                found = offers_in(problem, plan.choice, len(self.offers))
                made.append(move_of(book.facts[name], end, value, plan.value, found))
        except KeyboardInterrupt:
            self.progress("move", len(made), len(made))
        return Moves(tuple(made), shares, below, enough)

    def _judge(
        self, estimates: Mapping[str, Floats], offered: Choice, served: Served, wanted: tuple[float, ...]
    ) -> tuple[dict[str, float], Judged]:
        plans, ways, scales = {OPTIMAL: offered}, {OPTIMAL: served}, {OPTIMAL: self.request.commit}
        asked = {
            f"{OPTIMAL}_{round(100 * one)}": (one, self._problem(estimates, one))
            for one in wanted
            if one != self.request.commit
        }
        own = np.array([one.own for one in self.offers])
        # In the worst draws the programme's own offers may add nothing, whoever has them: nothing is then to be chosen.
        if own.any() and not own.all() and self.request.robust is None:
            asked[OWN] = (self.request.commit, self._problem(estimates, may=self.may & own))
        for name, (scale, problem) in asked.items():
            choice = self._side(problem, max(self.request.gap, _SIDE_GAP)).choice
            plans[name], ways[name] = offers_in(problem, choice, len(self.offers)), self._served(problem, choice)
            if name != OWN:
                scales[name] = scale
        scales = dict(sorted(scales.items(), key=lambda pair: pair[1]))
        mine = [at for at, one in enumerate(self.offers) if one.own] or [0]
        score = estimates[self.goal][:, :, mine].mean(axis=1).max(axis=1)
        facts = self._facts(self.request.seed + _FRESH)
        judged = judge(
            self.model, self.base, self.table, plans, ways, self.offers, self.resources, score,
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
