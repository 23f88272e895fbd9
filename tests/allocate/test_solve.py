"""Plans are the best there are or say how far they may be from it; nothing is ever broken."""

from dataclasses import replace

import highspy
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.allocate.floors import InfeasibleRulesError
from haidang.allocate.plan import Plan
from haidang.allocate.problem import Problem, Rule
from haidang.allocate.solve import UnfinishedError, solve
from haidang.allocate.verify import breaches
from haidang.allocate.watch import Progress
from haidang.study.resource import Resource
from tests.allocate.towns import plans, tiny, town

RULES = (
    Rule("small", "loan", "at_least", "size", ("small",), share=0.4),
    *(Rule(f"district-{one}", "grant", "at_most", "district", (one,), share=0.4) for one in range(4)),
    Rule("fair", "units", "at_least", "district", (3,), share=0.2),
    Rule("floor", "offers", "at_least", "size", ("large",), amount=20.0, years=(2026, 2027)),
)


@settings(max_examples=12)
@given(seed=st.integers(0, 100_000))
def test_a_tiny_problem_is_solved_as_well_as_by_trying_every_plan(seed: int) -> None:
    problem = tiny(seed)
    best = max(plans(problem), key=lambda found: found[0], default=None)
    try:
        plan = solve(problem, seconds=60, gap=0.0)
    except (InfeasibleRulesError, UnfinishedError):
        assert best is None
        return
    assert best is not None
    assert breaches(problem, plan.choice, plan.value, plan.bound) == ()
    assert plan.value == pytest.approx(best[0], abs=1e-9)


@settings(max_examples=5)
@given(seed=st.integers(0, 100_000), units=st.integers(30, 400), ruled=st.booleans())
def test_no_plan_breaks_anything_and_no_bound_lies_below_a_plan(seed: int, units: int, ruled: bool) -> None:
    problem = town(units, seed, rules=RULES if ruled else ())
    try:
        plan = solve(problem, seconds=60, gap=0.02)
    except InfeasibleRulesError:
        return
    assert breaches(problem, plan.choice, plan.value, plan.bound) == ()
    other = solve(problem, seconds=60, gap=0.02, seed=1)
    assert breaches(problem, other.choice, other.value, min(plan.bound, other.bound)) == ()
    assert plan.value <= other.bound
    assert plan.gap == pytest.approx((plan.bound - plan.value) / plan.bound)


def test_the_plan_is_as_good_as_that_of_a_solver_for_whole_numbers() -> None:
    problem = town(25, 5, years=2, options=3)
    plan = solve(problem, seconds=60, gap=0.01)
    best = by_highs(problem)
    assert plan.value <= best * (1 + 1e-9)
    assert best <= plan.bound * (1 + 1e-9)
    assert plan.value >= best * (1 - plan.gap)


def by_highs(problem: Problem) -> float:
    """The best value, from the problem as anybody would write it down."""
    model = highspy.Highs()
    model.setOptionValue("output_flag", False)
    units, years, options = problem.values["gain"].shape
    assert problem.eligible is not None
    offer = {
        (unit, year, option): model.addBinary(obj=-float(problem.values["gain"][unit, year, option]))
        for unit in range(units)
        for year in range(years)
        for option in range(options)
        if problem.eligible[unit, option]
    }

    def total(amount: np.ndarray, when: range) -> object:
        return sum(float(amount[unit, option]) * one for (unit, year, option), one in offer.items() if year in when)

    for same in (lambda key: (key[0], key[1]), lambda key: (key[0], -1, key[2])):
        for group in {same(key) for key in offer}:
            model.addConstr(sum(one for key, one in offer.items() if same(key) == group) <= 1)
    for unit in range(units):
        for year in range(years):
            if (unit, year, 1) in offer:
                earlier = sum(one for key, one in offer.items() if key[0] == unit and key[1] < year and key[2] == 0)
                model.addConstr(offer[unit, year, 1] - earlier <= 0)
    loan, grant, power = problem.resources
    assert loan.per_year is not None
    assert grant.per_year is not None
    assert power.per_year is not None
    for year in range(years):
        model.addConstr(total(problem.amounts["loan"], range(year, year + 1)) <= loan.per_year[year])
        model.addConstr(total(problem.amounts["grant"], range(year + 1)) <= sum(grant.per_year[: year + 1]))
        model.addConstr(total(problem.amounts["power"], range(year + 1)) <= power.per_year[year])
    model.run()
    return -float(model.getInfo().objective_function_value)


def test_the_same_seed_gives_the_same_plan() -> None:
    problem = town(150, 7, rules=RULES)
    first, second = (solve(problem, seconds=60, gap=0.01) for _ in range(2))
    assert np.array_equal(first.choice, second.choice)
    assert first.bound == second.bound


def test_the_order_of_units_is_the_problem_s() -> None:
    problem = town(50, 3)
    plan = solve(problem, seconds=60, gap=0.01)
    rich = replace(
        problem, values={"gain": np.where(np.arange(50) == 17, 1e3, 1.0)[:, None, None] * problem.values["gain"]}
    )
    assert (solve(rich, seconds=60, gap=0.01).choice[17] >= 0).any()
    assert plan.outcomes["gain"] == pytest.approx(plan.value)


def test_without_budgets_everybody_gets_the_best() -> None:
    problem = town(60, 2)
    free = replace(problem, resources=tuple(Resource(one.id, one.unit) for one in problem.resources))
    plan = solve(free, seconds=60)
    assert plan.gap == 0.0
    assert plan.rows == ()


def test_without_money_nobody_gets_anything_and_that_is_proven() -> None:
    problem = town(30, 2)
    poor = replace(problem, resources=(Resource("loan", "VND", (0.0,) * 3), *problem.resources[1:]))
    plan = solve(poor, seconds=60)
    assert (plan.choice == -1).all()
    assert plan.gap == 0.0


def test_like_units_are_shared_out() -> None:
    one = town(1, 4)
    many = 6000
    problem = replace(
        town(many, 4),
        values={"gain": np.repeat(one.values["gain"], many, axis=0)},
        amounts={name: np.repeat(entries, many, axis=0) for name, entries in one.amounts.items()},
        eligible=None,
    )
    plan = solve(problem, seconds=60, gap=0.001)
    assert breaches(problem, plan.choice, plan.value, plan.bound) == ()
    assert plan.gap < 0.001


def test_a_search_can_be_told_to_stop_and_gives_what_it_has() -> None:
    told: list[Progress] = []

    def stop(progress: Progress) -> bool:
        told.append(progress)
        return False

    problem = town(20_000, 1)
    plan = solve(problem, seconds=60, gap=0.0, progress=stop)
    assert plan.ended == "asked"
    assert len(told) == 1
    assert breaches(problem, plan.choice, plan.value, plan.bound) == ()


def test_an_interrupted_search_gives_what_it_has() -> None:
    def interrupt(progress: Progress) -> None:
        if progress.value is not None:
            raise KeyboardInterrupt

    problem = town(200, 1)
    plan = solve(problem, seconds=60, gap=0.0, progress=interrupt)
    assert plan.ended == "interrupted"
    assert plan.value > 0.0
    assert breaches(problem, plan.choice, plan.value, plan.bound) == ()


def test_no_time_gives_an_empty_plan_and_no_bound() -> None:
    plan = solve(town(100, 1), seconds=0.0)
    assert plan.ended == "time"
    assert plan.value == 0.0
    assert plan.gap == float("inf")


def test_no_time_with_a_floor_is_said() -> None:
    with pytest.raises(UnfinishedError, match="no plan that keeps every rule was found in"):
        solve(town(100, 1, rules=RULES), seconds=0.0)


def test_prices_say_what_more_money_would_add() -> None:
    problem = town(2000, 9)
    plan = solve(problem, seconds=60, gap=0.0005)
    loan = problem.resources[0]
    assert loan.per_year is not None
    more = replace(loan, per_year=(loan.per_year[0] * 1.02, *loan.per_year[1:]))
    richer = solve(replace(problem, resources=(more, *problem.resources[1:])), seconds=60, gap=0.0005)
    foretold = plan.price("loan", 2026) * 0.02 * loan.per_year[0]
    assert richer.bound - plan.bound == pytest.approx(foretold, rel=0.1)
    assert richer.bound <= plan.bound + foretold * (1 + 1e-9)


def test_what_is_used_is_told_by_year() -> None:
    problem = town(100, 9)
    plan: Plan = solve(problem, seconds=60, gap=0.01)
    unit, year = np.nonzero(plan.choice >= 0)
    option = plan.choice[unit, year]
    loan = np.bincount(year, problem.amounts["loan"][unit, option], 3)
    power = np.cumsum(np.bincount(year, problem.amounts["power"][unit, option], 3))
    assert plan.used["loan"] == pytest.approx(loan)
    assert plan.used["power"] == pytest.approx(power)
