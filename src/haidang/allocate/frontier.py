"""How much of one outcome must be given up for more of another."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from haidang.allocate.plan import Plan
from haidang.allocate.problem import Problem, Rule
from haidang.allocate.solve import solve
from haidang.allocate.watch import Report
from haidang.errors import HaidangError

_RULE = "frontier"


class FrontierError(HaidangError):
    """A frontier between outcomes that are not there, or between one and itself."""


@dataclass(frozen=True, slots=True, eq=False)
class Point:
    """A plan that no other betters in both outcomes by more than its gap.

    Args:
        first: what the plan adds of the first outcome.
        second: what it adds of the second.
        asked: how much of the second it had to add at least.
        bound: no plan that adds as much of the second adds more of the first.
        rate: how much of the first one more of the second costs here.
        plan: the plan.
    """

    first: float
    second: float
    asked: float
    bound: float
    rate: float
    plan: Plan


def frontier(
    problem: Problem,
    first: str,
    second: str,
    *,
    points: int = 7,
    seconds: float = 120.0,
    gap: float = 0.0005,
    progress: Report | None = None,
    seed: int = 0,
) -> tuple[Point, ...]:
    """Plans from the most of one outcome to the most of another, by rising amounts of the second.

    Between the two ends the first outcome is made as large as can be while the second keeps a least amount, so that
    plans are found which no weighing of the two would choose.

    Args:
        problem: what is to be allocated; its goal does not count.
        first: an outcome.
        second: another.
        points: how many plans, the ends included.
        seconds: how long all searches together may take.
        gap: how far from the best each plan may be, as a share.
        progress: told where each search stands; its answer `False` ends that search.
        seed: of all chance.

    Raises:
        FrontierError: an outcome is not given, or both are one.
        HaidangError: whatever `solve` raises.
    """
    for outcome in (first, second):
        if outcome not in problem.values:
            raise FrontierError(f"a frontier between '{first}' and '{second}', and '{outcome}' is not given")
    if first == second or points < 2:
        raise FrontierError("a frontier has two outcomes and at least two points")
    each = seconds / points

    def plan_for(goal: dict[str, float], *rules: Rule) -> Plan:
        asked = replace(problem, goal=goal, rules=(*problem.rules, *rules), robust=None)
        return solve(asked, seconds=each, gap=gap, progress=progress, seed=seed)

    most_first = plan_for({first: 1.0, second: _little(problem, first, second)})
    most_second = plan_for({second: 1.0, first: _little(problem, second, first)})
    low, high = most_first.outcomes[second], most_second.outcomes[second]
    between = [
        (float(level), plan_for({first: 1.0}, Rule(_RULE, second, "at_least", amount=float(level))))
        for level in np.linspace(low, high, points)[1:-1]
    ]
    found = [
        Point(plan.outcomes[first], plan.outcomes[second], level, plan.bound, float(plan.prices[-1]), plan)
        for level, plan in between
    ]
    return (_end(most_first, first, second, low), *found, _end(most_second, first, second, high))


def _little(problem: Problem, much: str, little: str) -> float:
    """A weight that only decides between plans that are alike in the outcome that counts."""
    sizes = [float(np.asarray(problem.values[one], np.float64).mean()) for one in (much, little)]
    return 1e-6 * sizes[0] / sizes[1] if sizes[1] > 0 else 0.0


def _end(plan: Plan, first: str, second: str, asked: float) -> Point:
    """An end of the frontier: its bound is that of what it was made for."""
    return Point(plan.outcomes[first], plan.outcomes[second], asked, plan.bound, 0.0, plan)
