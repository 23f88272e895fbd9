"""The bound is never below the best there is, nor the plan above it, as a mixed-integer programme finds that best.

All amounts are whole and all shares quarters, so that no tolerance of the solver makes room for another plan.
"""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp

from haidang.allocate.floors import InfeasibleRulesError
from haidang.allocate.problem import Option, Problem, Rule
from haidang.allocate.solve import UnfinishedError, solve
from haidang.allocate.verify import breaches
from haidang.study.resource import Resource

YEARS = (2026, 2027, 2028)
RULES = (
    Rule("half", "loan", "at_least", "group", ("b",), share=0.5),
    Rule("quarter", "grant", "at_most", "group", ("a",), share=0.25),
    Rule("fair", "units", "at_least", "group", ("c",), share=0.25),
    Rule("floor", "loan", "at_least", "group", ("c",), amount=9.0, years=(2026, 2027)),
    Rule("few", "offers", "at_most", "group", ("a", "b"), amount=7.0),
)


def invented(seed: int, units: int) -> Problem:
    """A loan that revolves, a grant carried over under a total, power that lasts, and some of the rules."""
    random = np.random.default_rng(seed)
    loan, grant, power = (random.integers(least, 12, (units, 3)).astype(np.float64) for least in (1, 0, 0))
    ample = float(random.integers(1, 4)) * units

    def budget(share: float) -> tuple[float, ...]:
        return tuple(np.ceil(share * ample * random.uniform(0.3, 1.7, 3)).tolist())

    return Problem(
        ids=np.arange(units),
        years=YEARS,
        options=(Option("a"), Option("b", ("a",)), Option("c")),
        values={"gain": random.gamma(2.0, 1.0, (units, 3, 3))},
        goal={"gain": 1.0},
        amounts={"loan": loan, "grant": grant, "power": power},
        resources=(
            Resource("loan", per_year=budget(1.0), carry_over=random.random() < 0.5, returned=(0.5, 0.25)),
            Resource("grant", per_year=budget(1.5), total=np.ceil(2.0 * ample), carry_over=True),
            Resource("power", "kWh", tuple(np.cumsum(budget(1.0)).tolist()), lasting=True),
        ),
        eligible=random.random((units, 3, 3)) < 0.85,
        columns={"group": random.permutation(np.array(list("abc") * units)[:units])},
        rules=tuple(rule for rule in RULES if random.random() < 0.4),
    )


def best_of(problem: Problem) -> NDArray[np.int64] | None:
    """The best plan, from the problem as it is worded; none where there is none.

    The columns are the offers, then for each unit whether it is offered anything.
    """
    values = np.asarray(problem.values["gain"], np.float64)
    shape = values.shape
    cells = values.size
    unit, year, option = (place.ravel() for place in np.indices(shape))
    entries: list[NDArray[Any]] = []
    least: list[float] = []
    most: list[float] = []

    def row(offers: NDArray[Any], served: NDArray[Any] | float, low: float, high: float) -> None:
        entries.append(np.concatenate([offers, np.broadcast_to(served, shape[0])]))
        least.append(low)
        most.append(high)

    for one in range(shape[0]):
        own = np.arange(shape[0]) == one
        row((unit == one) * 1.0, -3.0 * own, -np.inf, 0.0)
        row((unit == one) * 1.0, -1.0 * own, 0.0, np.inf)
        for at in range(3):
            row(((unit == one) & (year == at)) * 1.0, 0.0, -np.inf, 1.0)
            row(((unit == one) & (option == at)) * 1.0, 0.0, -np.inf, 1.0)
            here = (unit == one) & (year == at) & (option == 1)
            before = (unit == one) & (year < at) & (option == 0)
            row(1.0 * here - before, 0.0, -np.inf, 0.0)
    for resource in problem.resources:
        amount = np.asarray(problem.amounts[resource.id])[unit, option]
        assert resource.per_year is not None
        net = [used(resource, amount, year, when) for when in range(3)]
        for when in range(3):
            first = 0 if resource.carry_over else when
            row(np.sum(net[first : when + 1], axis=0), 0.0, -np.inf, sum(resource.per_year[first : when + 1]))
            if resource.total is not None:
                row(np.sum(net[: when + 1], axis=0), 0.0, -np.inf, resource.total)
    for rule in problem.rules:
        inside = np.isin(problem.columns["group"], list(rule.groups)) * 1.0 - (rule.share or 0.0)
        limit = rule.amount or 0.0
        low, high = (limit, np.inf) if rule.sense == "at_least" else (-np.inf, limit)
        if rule.measure == "units":
            row(np.zeros(cells), inside, low, high)
            continue
        amount = problem.amounts[rule.measure][unit, option] if rule.measure != "offers" else np.ones(cells)
        counted = np.isin(np.array(YEARS)[year], rule.years or YEARS)
        row(amount * counted * inside[unit], 0.0, low, high)
    assert problem.eligible is not None
    found = milp(
        np.concatenate([-values.ravel(), np.zeros(shape[0])]),
        constraints=LinearConstraint(np.array(entries), np.array(least), np.array(most)),
        bounds=Bounds(0.0, np.concatenate([problem.eligible.ravel() * 1.0, np.ones(shape[0])])),
        integrality=np.ones(cells + shape[0]),
        options={"mip_rel_gap": 0.0},
    )
    if found.status == 2:
        return None
    assert found.status == 0, found.message
    choice = np.full(shape[:2], -1)
    for at in np.flatnonzero(found.x[:cells] > 0.5):
        choice[unit[at], year[at]] = option[at]
    return choice


def used(resource: Resource, amount: NDArray[Any], year: NDArray[Any], when: int) -> NDArray[Any]:
    """What each offer takes of a year's budget, less what comes back in it."""
    taken = amount * ((year <= when) if resource.lasting else (year == when))
    for lag, share in enumerate(resource.returned, start=1):
        taken = taken - share * amount * (year + lag == when)
    return taken


@settings(max_examples=25)
@given(seed=st.integers(0, 1_000_000), units=st.integers(4, 16))
def test_no_bound_is_below_the_best_and_no_plan_is_above_it(seed: int, units: int) -> None:
    problem = invented(seed, units)
    best = best_of(problem)
    if best is None:
        with pytest.raises((InfeasibleRulesError, UnfinishedError)):
            solve(problem, seconds=60, gap=0.0)
        return
    assert breaches(problem, best) == ()
    value = sum(float(problem.values["gain"][u, y, best[u, y]]) for u, y in np.argwhere(best >= 0))
    plan = solve(problem, seconds=60, gap=0.0)
    assert breaches(problem, plan.choice, plan.value, plan.bound) == ()
    assert value <= plan.bound
    assert plan.value == pytest.approx(value, rel=1e-6)
