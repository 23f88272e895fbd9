"""A scenario compiled apart gives what it gives in one, and another condition compiles a small program alone."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import cache

import numpy as np
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from haidang.engine import compile_scenario
from haidang.engine.apart import compile_conditions, compile_levers, joined, set_apart
from haidang.engine.draw import DrawResult
from tests.engine.city import CODES, FACTS, TOY, city, draw_of, instrument, programme, setting_of

HOUSEHOLDS = city(1000, 11, weight=None)
RELATIONS = st.sampled_from(["<", "<=", ">", ">=", "==", "!="])
PARTS = st.one_of(
    st.builds("income {} {}e6 VND/year".format, RELATIONS, st.integers(20, 90)),
    st.builds("income * {} - {}e6 VND/year > 0 VND/year".format, st.floats(0.1, 3).map(repr), st.integers(20, 90)),
    st.builds("log(income / 50e6 VND/year) {} liking * {}".format, RELATIONS, st.integers(-3, 3)),
    st.builds("owned * 0.1 + copying {} {} / 10".format, RELATIONS, st.integers(7, 10)),
    st.sampled_from(["member", "true", 'place == "north"', 'place not in ("south", "north")', "year >= 2027"]),
)
CONDITIONS = st.recursive(
    PARTS,
    lambda below: st.one_of(
        st.builds("({} and {})".format, below, below),
        st.builds("({} or {})".format, below, below),
        st.builds("(not {})".format, below),
        st.builds("({} if {} else {})".format, below, below, below),
    ),
    max_leaves=5,
)
LEVERS = st.sampled_from(
    ["grant_share: 50 %", "grant_share: 60 % if member else liking, loan_share: 0.1 * owned", "loan_share: copying / 3"]
)


BUDGETS = (
    "resource: grant, per_year: 900e6 VND, per_unit: 15e6 VND",
    "resource: loan, amount: 2500e6 VND, waitlist: true",
    "resource: grant, amount: 600e6 VND",
    "",
)


def several(*parts: tuple[str, str]) -> str:
    """An instrument for each: they reach some of the same households, and budgets do not suffice."""
    made = zip("abcd", parts, BUDGETS, strict=True)
    ration = "{by: income / 3, order: lowest}"
    return programme(
        *(instrument(k, eligible=f"'{one}'", levers=levers, ration=ration, budget=b) for k, (one, levers), b in made)
    )


PLAIN = (("member", "grant_share: 30 %"),) * 4


@cache
def large():
    """The large programs of `several`, whatever it says."""
    scenario = setting_of(HOUSEHOLDS, several(*PLAIN)).scenarios[1]
    return compile_scenario(TOY, set_apart(scenario, TOY.card), CODES, FACTS)


def assert_same_apart(setting, programs):
    scenario = setting.scenarios[1]
    small = (compile_it(TOY, scenario, CODES, FACTS) for compile_it in (compile_conditions, compile_levers))
    apart = replace(setting, programs=(setting.programs[0], joined(programs, *small)))
    for draw in range(2):
        whole, found = draw_of(setting, draw), draw_of(apart, draw)
        for field in fields(DrawResult):
            one, other = getattr(whole, field.name), getattr(found, field.name)
            assert np.array_equal(one, other) if isinstance(one, np.ndarray) else one == other, field.name


# Each example compiles a whole scenario, so four conditions share one, and what fails is not made smaller.
@settings(max_examples=3, phases=[Phase.generate])
@given(st.lists(st.tuples(CONDITIONS, LEVERS), min_size=4, max_size=4, unique=True))
def test_a_scenario_compiled_apart_gives_what_it_gives_in_one(parts):
    assert_same_apart(setting_of(HOUSEHOLDS, several(*parts)), large())


def test_another_condition_or_lever_compiles_nothing_of_the_large_programs():
    assert_same_apart(setting_of(HOUSEHOLDS, several(*PLAIN)), large())
    sizes = [getattr(large(), name)._cache_size() for name in ("wish", "claim", "move", "stages")]
    assert_same_apart(
        setting_of(HOUSEHOLDS, several(*PLAIN[1:], ("income / 3 > 1e7 VND/year", "loan_share: liking"))), large()
    )
    assert [getattr(large(), name)._cache_size() for name in ("wish", "claim", "move", "stages")] == sizes


def test_blocks_of_units_are_told_apart():
    setting = setting_of(HOUSEHOLDS, several(*PLAIN), block_rows=512)
    assert setting.source.count > 1
    assert_same_apart(setting, large())


def test_a_scenario_without_a_programme_is_left_as_it_is():
    baseline = setting_of(HOUSEHOLDS).scenarios[0]
    assert set_apart(baseline, TOY.card) is baseline
