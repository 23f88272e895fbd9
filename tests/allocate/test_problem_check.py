"""A problem that cannot be asked is refused, and what is wrong is named."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from haidang.allocate.problem import Option, Problem, Rule
from haidang.allocate.problem_check import ProblemError, check_problem
from haidang.errors import HaidangError
from haidang.study.resource import Resource
from tests.allocate.towns import town

TOWN = town(20, 1)


def changed(name: str, row: int, value: float) -> Problem:
    """The town with one amount, or one value, changed."""
    if name in TOWN.values:
        values = TOWN.values[name].copy()
        values[row, 1, 2] = value
        return replace(TOWN, values={name: values})
    amounts = TOWN.amounts[name].copy()
    amounts[row, 2] = value
    return replace(TOWN, amounts={**TOWN.amounts, name: amounts})


def resource(**more: Any) -> Problem:
    return replace(TOWN, resources=(replace(TOWN.resources[0], **more), *TOWN.resources[1:]))


def ruled(rule: Rule) -> Problem:
    return replace(TOWN, rules=(rule,))


@pytest.mark.parametrize(
    ("problem", "says"),
    [
        (changed("loan", 7, -3.0), r"resource 'loan' is negative in row 8 \(id 107\); the first is -3 for option 'o2'"),
        (changed("gain", 7, -3.0), r"outcome 'gain' is negative in row 8 .* -3 for option 'o2' in 2027"),
        (changed("gain", 0, np.nan), r"outcome 'gain' is not a finite number in row 1 \(id 100\)"),
        (replace(TOWN, amounts={**TOWN.amounts, "loan": -TOWN.amounts["loan"]}), r"row 5 \(id 104\) and 15 more rows"),
        (replace(TOWN, ids=np.array([*range(19), 3])), r"row 4 \(id 3\) stand more than once"),
        (replace(TOWN, options=(Option("o0", ("o1",)), Option("o1", ("o0",)))), "o0 after o1 after o0"),
        (replace(TOWN, options=(Option("o0", ("o9",)), *TOWN.options[1:])), "'o0' comes after 'o9'; known are: o0, o1"),
        (replace(TOWN, years=(2026, 2028, 2029)), "years follow one another"),
        (replace(TOWN, amounts={"loans": TOWN.amounts["loan"]}), "'loans', which is no resource; did you mean 'loan'"),
        (replace(TOWN, resources=(*TOWN.resources, Resource("grants"))), "'grants', of which .*; did you mean 'grant'"),
        (resource(per_year=(1.0, 2.0)), "a budget for each of 3 years, found 2"),
        (resource(per_year=(1.0, -2.0, 3.0)), "finite and not negative"),
        (resource(returned=(0.7, 0.5)), "add up to one at the most"),
        (resource(returned=(0.5,), lasting=True), "nothing of it can come back"),
        (resource(per_year=(1e-4, 1e-4, 1e-4)), "same unit"),
        (replace(TOWN, units={"loan": "million VND"}), "amounts in million VND; multiply the amounts by 1e\\+06"),
        (replace(TOWN, units={"loan": "kWh"}), "same kind as 'VND', found 'kWh'"),
        (replace(TOWN, goal={"gains": 1.0}), "outcome 'gains', which is not given; did you mean 'gain'"),
        (replace(TOWN, goal={"gain": -1.0}), "not negative"),
        (replace(TOWN, values={"gain": TOWN.values["gain"][:, :2]}), "20 by 3 by 4 .*, found 20 by 2 by 4"),
        (ruled(Rule("r", "loans", "at_most", amount=1.0)), "measures 'loans'; did you mean 'loan'"),
        (ruled(Rule("r", "loan", "at_most", "sizes", ("small",), share=0.5)), "column 'sizes', .* did you mean 'size'"),
        (ruled(Rule("r", "loan", "at_most", "size", ("smal",), share=0.5)), "has size 'smal'; did you mean 'small'"),
        (ruled(Rule("r", "loan", "at_most", "size", ("small",))), "either a share or an amount"),
        (ruled(Rule("r", "loan", "at_most", "size", ("small",), share=1.5)), "between 0 and 1"),
        (ruled(Rule("r", "loan", "at_most", amount=1.0, years=(2031,))), "counts the years 2031"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(problem: Problem, says: str) -> None:
    with pytest.raises(HaidangError, match=says):
        check_problem(problem)


def test_too_many_options_and_years_are_refused() -> None:
    wide = town(3, 1, years=8, options=40)
    with pytest.raises(ProblemError, match="more than one plan can hold"):
        check_problem(wide)


def test_a_problem_that_can_be_asked_passes() -> None:
    check_problem(TOWN)
