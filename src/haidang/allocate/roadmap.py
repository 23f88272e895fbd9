"""The best order of steps for one factory: what is asked, and what comes out.

Years t = 0..T-1, steps j. A step is paid for at the start of its year and works from that year on, for its life. With
discount rate r and x_jt = 1 where step j is taken in year t, its net present value counted to the end of its life is

    v_jt = -cost_j / (1 + r)^t + sum_{s=t}^{t+life_j-1} (saving_j - running_j) / (1 + r)^(s+1)

    subject to   sum_t x_jt <= 1,   sum_j cost_j x_jt <= budget_t,
                 x_jt <= sum_{s<t} x_is for every i that j comes after.

Effects of several steps add. Where two steps save the same electricity, that is slightly more than they save
together; with savings of a fifth and a twentieth by 1 point in 25.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from haidang.errors import HaidangError, did_you_mean

GoalKind = Literal["npv", "level", "carbon"]
GOALS: tuple[GoalKind, ...] = ("npv", "level", "carbon")
MOST_STEPS, MOST_YEARS = 40, 15


class RoadmapError(HaidangError):
    """A roadmap that cannot be asked for: a step after one that is not there, a budget below nothing, no years."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that a factory may do once.

    Args:
        cost: VND, once.
        running: VND a year from the year in which it is taken.
        saving: VND a year from the year in which it is taken: energy not bought and value added gained.
        carbon: tCO2e a year avoided.
        raises: the level to which it brings each area.
        after: steps that must have been taken in an earlier year, or be in place.
        life: years that it works.
    """

    id: str
    title: Mapping[str, str]
    cost: float
    running: float = 0.0
    saving: float = 0.0
    carbon: float = 0.0
    raises: Mapping[str, int] = field(default_factory=dict[str, int])
    after: tuple[str, ...] = ()
    life: int = 10


@dataclass(frozen=True, slots=True)
class Goal:
    """What the roadmap is to reach.

    Args:
        kind: highest net present value; highest level; least emissions. The second and third choose the highest net
            present value among the plans that are best.
        level: for `level`: a level to be reached, at the highest net present value; none for the highest mean.
        by: the last year in which steps may be taken for it; the last year of the roadmap unless given.
        areas: the areas that are to reach it; those that some step brings there unless given.
    """

    kind: GoalKind = "npv"
    level: int | None = None
    by: int | None = None
    areas: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One factory's question.

    Args:
        steps: what it may do.
        start: the level of each area now.
        years: calendar years, consecutive.
        budgets: the most that may be spent on steps in each year, VND.
        rate: discount rate a year, as a fraction.
    """

    steps: tuple[Step, ...]
    start: Mapping[str, int]
    years: tuple[int, ...]
    budgets: tuple[float, ...]
    rate: float
    goal: Goal = field(default_factory=Goal)

    def step(self, name: str) -> Step:
        """The step of that id.

        Raises:
            RoadmapError: there is none.
        """
        for one in self.steps:
            if one.id == name:
                return one
        hint = did_you_mean(name, [one.id for one in self.steps])
        raise RoadmapError(f"expected a step, found '{name}'", None, hint)


@dataclass(frozen=True, slots=True)
class Year:
    """What a year of a roadmap costs and brings.

    Args:
        steps: taken at its start.
        cost: VND spent on them.
        running: VND of running costs of all that is in place through the roadmap.
        saving: VND saved by it.
        carbon: tCO2e avoided by it.
        levels: the level of each area at the year's end.
        level: their mean.
        net: saving less cost and running, VND, not discounted.
        paid_back: the sum of `net` up to this year.
    """

    year: int
    steps: tuple[str, ...]
    cost: float
    running: float
    saving: float
    carbon: float
    levels: Mapping[str, int]
    level: float
    net: float
    paid_back: float


@dataclass(frozen=True, slots=True)
class Plan:
    """An order of steps and what it comes to.

    Args:
        taken: the year of each step that is taken.
        npv: net present value over the life of the steps, VND.
        carbon: tCO2e avoided within the roadmap's years.
        level: the mean level of the areas at the end.
        years: year by year.
    """

    taken: Mapping[str, int]
    npv: float
    carbon: float
    level: float
    years: tuple[Year, ...]


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a goal cannot be reached, and what would be enough.

    Args:
        binds: `no_step` (no step brings an area there), `years` (too few, even with any budget), `budget`.
        areas: the areas that no step brings there.
        budget: the same budget every year that would be enough, VND; none where no budget would be.
        year: the first year by which the budget given would be enough; none where none within 15 years is.
        level: the highest level that all areas asked for can reach within the budget and the years.
    """

    binds: Literal["no_step", "years", "budget"]
    areas: tuple[str, ...] = ()
    budget: float | None = None
    year: int | None = None
    level: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What would change the answer: the price and the effect of a step at which it enters or leaves the plan.

    Args:
        taken: whether the best plan has the step.
        price: the cost, VND, above which it leaves, or below which it enters; none where no price does.
        saving: the saving, VND a year, below which it leaves, or above which it enters; none where none does.
    """

    step: str
    taken: bool
    price: float | None
    saving: float | None


@dataclass(frozen=True, slots=True)
class Roadmap:
    """The answer.

    Args:
        best: the best plan; none where the goal cannot be reached.
        bound: no plan is better than this, in the measure of the goal: VND, mean level or tCO2e.
        objective: what the best plan reaches in that measure.
        proven: whether the two are the same.
        next_best: the plans that come next, best first.
        obstacle: why the goal cannot be reached; none where it can.
    """

    question: Question
    best: Plan | None
    objective: float | None
    bound: float | None
    proven: bool
    next_best: tuple[Plan, ...] = ()
    obstacle: Obstacle | None = None


def check_question(question: Question) -> None:
    """See that a question can be asked.

    Raises:
        RoadmapError: a step is there twice, comes after one that is unknown or after itself, a number is wrong.
    """
    ids = [one.id for one in question.steps]
    if len(set(ids)) != len(ids):
        raise RoadmapError("expected each step once, found one twice")
    if not 0 < len(ids) <= MOST_STEPS:
        raise RoadmapError(f"expected 1 to {MOST_STEPS} steps, found {len(ids)}")
    years = question.years
    if not 0 < len(years) <= MOST_YEARS or list(years) != list(range(years[0], years[0] + len(years))):
        raise RoadmapError(f"expected 1 to {MOST_YEARS} consecutive years, found {list(years)}")
    if len(question.budgets) != len(years) or min(question.budgets) < 0:
        raise RoadmapError(f"expected a budget of at least 0 for each of {len(years)} years, found another")
    if not -0.5 < question.rate < 1.0:
        raise RoadmapError(f"expected a discount rate between -50 and 100 % a year, found {100 * question.rate:g} %")
    for one in question.steps:
        _check_step(one, ids)
    _check_goal(question)


def _check_step(step: Step, ids: list[str]) -> None:
    if step.cost < 0 or step.life < 1:
        raise RoadmapError(f"expected a cost of at least 0 and a life of at least a year of '{step.id}', found another")
    for other in step.after:
        if other not in ids or other == step.id:
            raise RoadmapError(
                f"expected another step before '{step.id}', found '{other}'", None, did_you_mean(other, ids)
            )


def _check_goal(question: Question) -> None:
    goal = question.goal
    if goal.kind not in GOALS:
        raise RoadmapError(f"expected a goal of {', '.join(GOALS)}, found '{goal.kind}'")
    if goal.by is not None and goal.by not in question.years:
        raise RoadmapError(f"expected a year from {question.years[0]} to {question.years[-1]}, found {goal.by}")
    for area in goal.areas or ():
        if area not in question.start:
            raise RoadmapError(f"expected an area, found '{area}'", None, did_you_mean(area, question.start))


def targets(question: Question) -> tuple[str, ...]:
    """The areas below the goal's level that are to reach it: those named, else those that some step brings there.

    Where no step brings any there, all of them: such a goal is out of reach, which must be said and not passed over.
    """
    goal = question.goal
    if goal.level is None:
        return ()
    if goal.areas is not None:
        return tuple(area for area in goal.areas if question.start[area] < goal.level)
    reached = {area for one in question.steps for area, level in one.raises.items() if level >= goal.level}
    below = tuple(area for area, level in question.start.items() if level < goal.level)
    return tuple(area for area in below if area in reached) or below


def plan_of(question: Question, taken: Mapping[str, int]) -> Plan:
    """What an order of steps comes to, year by year.

    Args:
        question: whose steps and years.
        taken: the year of each step that is taken.
    """
    years: list[Year] = []
    paid_back = 0.0
    for year in question.years:
        now = tuple(one.id for one in question.steps if taken.get(one.id) == year)
        works = [one for one in question.steps if one.id in taken and 0 <= year - taken[one.id] < one.life]
        done = [one for one in question.steps if one.id in taken and taken[one.id] <= year]
        levels = {
            area: max([level, *(one.raises.get(area, 0) for one in done)]) for area, level in question.start.items()
        }
        cost = sum(question.step(name).cost for name in now)
        running, saving = sum(one.running for one in works), sum(one.saving for one in works)
        net = saving - cost - running
        paid_back += net
        years.append(
            Year(
                year=year,
                steps=now,
                cost=cost,
                running=running,
                saving=saving,
                carbon=sum(one.carbon for one in works),
                levels=levels,
                level=sum(levels.values()) / len(levels) if levels else 0.0,
                net=net,
                paid_back=paid_back,
            )
        )
    npv = sum(net_present_value(question, question.step(name), year) for name, year in taken.items())
    ordered = {one.id: taken[one.id] for one in question.steps if one.id in taken}
    return Plan(ordered, npv, sum(one.carbon for one in years), years[-1].level, tuple(years))


def net_present_value(question: Question, step: Step, year: int) -> float:
    """What a step taken in a year is worth at the start of the first year, VND, to the end of its life."""
    t = year - question.years[0]
    growth = 1.0 + question.rate
    worth = sum((step.saving - step.running) / growth ** (s + 1) for s in range(t, t + step.life))
    return worth - step.cost / growth**t


def carbon_avoided(question: Question, step: Step, year: int) -> float:
    """What a step taken in a year avoids within the roadmap's years, tCO2e."""
    return step.carbon * min(question.years[-1] - year + 1, step.life)
