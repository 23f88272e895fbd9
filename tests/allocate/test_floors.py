"""Rules that cannot be kept are named, with what they miss."""

import numpy as np
import pytest

from haidang.allocate.floors import InfeasibleRulesError, refuse_too_many
from haidang.allocate.problem import Rule
from haidang.allocate.solve import solve
from haidang.allocate.verify import breaches
from haidang.study.resource import Resource
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


SIZES = {"size": np.array(["small", "small", "large"])}
WEIGHT = np.array([10.0, 5.0, 2.0])
MONEY = (
    Resource("loan", total=100.0),
    Resource("power", "kWh", per_year=(4.0, 4.0)),
    Resource("turns", total=1.0, returned=(1.0,)),
)


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        (Rule("r", "units", "at_least", "size", ("small",), amount=16.0), "asks for 16 units and misses 1 units"),
        (Rule("r", "units", "at_least", amount=18.0), "asks for 18 units and misses 1 units"),
        (Rule("r", "offers", "at_least", "size", ("large",), amount=5.0), "asks for 5 offers and misses 1 offers"),
        (Rule("r", "offers", "at_least", "size", ("large",), amount=3.0, years=(2026,)), "misses 1 offers"),
        (Rule("r", "loan", "at_least", "size", ("large",), amount=150.0), "asks for 150 VND and misses 50 VND"),
        (Rule("r", "power", "at_least", amount=9.0), "asks for 9 kWh and misses 1 kWh"),
    ],
)
def test_a_floor_above_what_there_is_is_refused_before_anything_is_valued(rule: Rule, says: str) -> None:
    with pytest.raises(InfeasibleRulesError, match=says):
        refuse_too_many([rule], SIZES, WEIGHT, 2, MONEY)


@pytest.mark.parametrize(
    "rule",
    [
        Rule("r", "units", "at_least", "size", ("small",), amount=15.0),
        Rule("r", "offers", "at_least", "size", ("large",), amount=4.0),
        Rule("r", "units", "at_most", amount=900.0),
        Rule("r", "loan", "at_least", amount=100.0),
        Rule("r", "turns", "at_least", amount=5.0),
        Rule("r", "gain", "at_least", amount=5.0),
        Rule("r", "loan", "at_least", "size", ("large",), share=1.0),
    ],
)
def test_a_floor_that_may_be_kept_is_left_to_the_search(rule: Rule) -> None:
    refuse_too_many([rule], SIZES, WEIGHT, 2, MONEY)


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
