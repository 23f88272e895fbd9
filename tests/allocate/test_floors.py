"""Rules that cannot be kept are named, with what they miss."""

import numpy as np
import pytest

from haidang.allocate.floors import InfeasibleRulesError
from haidang.allocate.problem import Rule
from haidang.allocate.solve import solve
from haidang.allocate.verify import breaches
from tests.allocate.towns import town


def test_a_floor_above_the_budget_misses_the_difference() -> None:
    budget = 6.0 * 300 * 3
    rule = Rule("small", "loan", "at_least", "size", ("small",), amount=budget + 500.0)
    with pytest.raises(InfeasibleRulesError, match="rule 'small' asks for 5,900 VND and misses 500 VND") as refused:
        solve(town(300, 1, rules=(rule,)), seconds=60)
    assert refused.value.short["small"] == pytest.approx(500.0, rel=0.01)


def test_two_floors_that_fight_for_one_budget_are_found_out() -> None:
    budget = 1.5 * 300 * 3
    rules = tuple(Rule(one, "grant", "at_least", "size", (one,), amount=0.6 * budget) for one in ("small", "large"))
    with pytest.raises(InfeasibleRulesError) as refused:
        solve(town(300, 1, rules=rules), seconds=60)
    assert sum(refused.value.short.values()) == pytest.approx(0.2 * budget, rel=0.05)


def test_a_floor_that_can_just_be_kept_is_kept() -> None:
    problem = town(300, 1)
    free = solve(problem, seconds=60, gap=0.01)
    large = problem.columns["size"] == "large"
    unit, year = np.nonzero((free.choice >= 0) & large[:, None])
    now = float(problem.amounts["loan"][unit, free.choice[unit, year]].sum())
    rule = Rule("large", "loan", "at_least", "size", ("large",), amount=np.floor(1.2 * now))
    asked = town(300, 1, rules=(rule,))
    plan = solve(asked, seconds=60, gap=0.01)
    assert breaches(asked, plan.choice, plan.value, plan.bound) == ()
    assert plan.value < free.value
    assert plan.prices[-1] > 0.0
