"""The compiled engine equals a city simulated one unit at a time in plain Python."""

import numpy as np
import pytest

from tests.engine import reference
from tests.engine.city import YEARS, city, instrument, programme, setting_of, watch

POOR = np.float32(60e6)


def poor(unit):
    """As the programme has it, in the precision of the column."""
    return np.float32(unit["income"]) < POOR


def everybody(unit):
    """Nobody is left out."""
    return True


ONE = programme(
    instrument(
        "grant",
        eligible="income < 60e6 VND/year",
        budget="resource: grant, per_year: 150e6 VND, carry_over: false",
        ration="{by: income, order: lowest}",
    )
)
ONE_PLAINLY = [
    {
        "id": "grant",
        "eligible": poor,
        "levers": {"grant_share": 0.5},
        "resource": "grant",
        "per_year": 150_000_000,
        "priority": lambda unit: -unit["income"],
    }
]
# Two grants, of which the poor may have the higher first, and a loan that changes what is asked of either.
THREE = programme(
    instrument(
        "high",
        eligible="income < 60e6 VND/year",
        budget="resource: grant, per_year: 200e6 VND, carry_over: false",
        ration="lottery",
    ),
    instrument(
        "low",
        levers="grant_share: 25 %",
        budget="resource: grant, per_year: 60e6 VND, carry_over: false",
        ration="{by: income, order: highest}",
    ),
    instrument(
        "credit",
        eligible="member",
        levers="loan_share: 50 %",
        budget="resource: loan, per_year: 40e6 VND, carry_over: false",
        ration="first_come",
    ),
)
THREE_PLAINLY = [
    {
        "id": "high",
        "eligible": poor,
        "levers": {"grant_share": 0.5},
        "resource": "grant",
        "per_year": 200_000_000,
        "priority": None,
    },
    {
        "id": "low",
        "eligible": everybody,
        "levers": {"grant_share": 0.25},
        "resource": "grant",
        "per_year": 60_000_000,
        "priority": lambda unit: unit["income"],
    },
    {
        "id": "credit",
        "eligible": lambda unit: unit["member"],
        "levers": {"loan_share": 0.5},
        "resource": "loan",
        "per_year": 40_000_000,
        "priority": None,
    },
]


def differences(found, plain, gaps):
    """Choices that differ, with how near the second choice was: a gap of 1e-6 is a tie in single precision."""
    return {key: (found[key], name, gaps[key]) for key, name in plain.items() if found[key] != name}


def spent(seen, place=1):
    """The money of each budget by year."""
    return {
        year: [one.spent for one in by_year] for year, by_year in zip(YEARS, seen.result.budgets[place], strict=True)
    }


@pytest.mark.parametrize("draw", [0, 3])
@pytest.mark.parametrize(("text", "plainly"), [(ONE, ONE_PLAINLY), (THREE, THREE_PLAINLY)], ids=["one", "three"])
def test_engine_equals_plain_python_choice_by_choice(draw, text, plainly):
    table = city(400, 1)
    seen = watch(setting_of(table, text), draw)
    for scenario, instruments in (("baseline", []), ("p0", plainly)):
        plain, gaps, money = reference.simulate(table.to_dicts(), YEARS, 7, draw, 0.2, 0.8, instruments)
        assert differences(seen.choices(scenario), plain, gaps) == {}
        if instruments:
            assert spent(seen) == money


def test_the_example_is_one_in_which_every_budget_refuses_and_second_choices_matter():
    seen = watch(setting_of(city(400, 1), THREE), 0)
    for by_year in seen.result.budgets[1]:
        assert all(one.requested > one.available for one in by_year)
    assert {0, 0b001, 0b010, 0b011, 0b100} <= set(seen.denied.values())
    assert max(spent(seen)[2026]) > 0


def test_a_budget_is_spent_to_within_the_next_units_request():
    for one in (record for by_year in watch(setting_of(city(400, 1), ONE)).result.budgets[1] for record in by_year):
        assert one.available - 20_000_000 < one.spent <= one.available
