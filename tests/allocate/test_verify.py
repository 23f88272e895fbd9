"""The second look at a plan finds every kind of breach, and none where there is none."""

from dataclasses import replace

import numpy as np
import pytest

from haidang.allocate.problem import Option, Problem, Rule
from haidang.allocate.verify import breaches
from haidang.study.resource import Resource

NOTHING = -1


def problem(resource: Resource | None = None, *rules: Rule) -> Problem:
    """Two units, three years, options a, b and c after a; each offer uses 10 and adds 1."""
    return Problem(
        ids=np.array(["x", "y"]),
        years=(2026, 2027, 2028),
        options=(Option("a"), Option("b"), Option("c", ("a",))),
        values={"gain": np.ones((2, 3, 3))},
        goal={"gain": 1.0},
        amounts={"loan": np.full((2, 3), 10.0)},
        resources=(resource or Resource("loan"),),
        eligible=np.array([[True, True, True], [True, False, True]]),
        columns={"size": np.array(["small", "large"])},
        rules=rules,
    )


def kinds(asked: Problem, *choice: list[int], value: float | None = None, bound: float | None = None) -> list[str]:
    return [one.what for one in breaches(asked, np.array(choice), value, bound)]


def test_a_plan_that_breaks_nothing_has_no_breach() -> None:
    assert kinds(problem(), [0, 2, 1], [NOTHING, 0, 2], value=5.0, bound=5.0) == []


@pytest.mark.parametrize(
    ("choice", "kind"),
    [
        ([[0, 0, NOTHING], [NOTHING] * 3], "twice"),
        ([[NOTHING] * 3, [1, NOTHING, NOTHING]], "eligible"),
        ([[2, 0, NOTHING], [NOTHING] * 3], "after"),
        ([[NOTHING, 2, NOTHING], [NOTHING] * 3], "after"),
        ([[3, NOTHING, NOTHING], [NOTHING] * 3], "choice"),
        ([[0, 1], [0, 2]], "choice"),
    ],
)
def test_an_offer_that_may_not_be_made_is_found(choice: list[list[int]], kind: str) -> None:
    assert kinds(problem(), *choice) == [kind]


def test_a_year_s_budget_is_kept_to_the_last_dong() -> None:
    first = [0, NOTHING, NOTHING]
    assert kinds(problem(Resource("loan", per_year=(20.0, 0.0, 0.0))), first, first) == []
    assert kinds(problem(Resource("loan", per_year=(19.0, 99.0, 99.0))), first, first) == ["budget"]


def test_what_a_year_leaves_is_there_the_next_year_only_where_it_carries_over() -> None:
    later = [NOTHING, 0, NOTHING]
    budget = Resource("loan", per_year=(10.0, 10.0, 0.0))
    assert kinds(problem(budget), later, later) == ["budget"]
    assert kinds(problem(replace(budget, carry_over=True)), later, later) == []


def test_what_comes_back_may_be_given_again() -> None:
    budget = Resource("loan", per_year=(20.0, 0.0, 0.0), returned=(0.5,))
    first, second = [0, NOTHING, NOTHING], [NOTHING, 0, NOTHING]
    assert kinds(problem(budget), [0, 1, NOTHING], [0, NOTHING, NOTHING]) == []
    assert kinds(problem(budget), first, second) == ["budget"]
    fund = Resource("loan", total=10.0, returned=(1.0,))
    assert kinds(problem(fund), [0, 1, 2], [NOTHING] * 3) == []
    assert kinds(problem(replace(fund, returned=())), first, second) == ["total", "total"]  # in 2027, and still in 2028


def test_what_lasts_is_used_in_every_later_year() -> None:
    budget = Resource("loan", per_year=(10.0, 20.0, 19.0), lasting=True)
    assert kinds(problem(budget), [0, 1, NOTHING], [NOTHING] * 3) == ["budget"]
    assert kinds(problem(replace(budget, per_year=(10.0, 20.0, 20.0))), [0, 1, NOTHING], [NOTHING] * 3) == []


@pytest.mark.parametrize(
    ("rule", "holds"),
    [
        (Rule("r", "loan", "at_least", "size", ("large",), share=1 / 3), True),
        (Rule("r", "loan", "at_least", "size", ("large",), share=0.34), False),
        (Rule("r", "loan", "at_most", "size", ("small",), amount=20.0), True),
        (Rule("r", "loan", "at_most", "size", ("small",), amount=19.0), False),
        (Rule("r", "offers", "at_most", "size", ("small",), amount=1.0, years=(2027,)), True),
        (Rule("r", "offers", "at_least", "size", ("small",), amount=2.0, years=(2027,)), False),
        (Rule("r", "units", "at_least", "size", ("large",), share=0.5), True),
        (Rule("r", "units", "at_least", None, (), amount=3.0), False),
        (Rule("r", "gain", "at_least", None, (), amount=3.0), True),
    ],
)
def test_rules_are_read_as_they_are_written(rule: Rule, holds: bool) -> None:
    assert kinds(problem(None, rule), [0, 2, NOTHING], [0, NOTHING, NOTHING]) == ([] if holds else ["rule"])


def test_a_wrong_value_and_a_bound_below_it_are_found() -> None:
    plan = [0, NOTHING, NOTHING], [0, NOTHING, NOTHING]
    assert kinds(problem(), *plan, value=2.1) == ["value"]
    assert kinds(problem(), *plan, value=2.0, bound=1.999999) == ["bound"]
