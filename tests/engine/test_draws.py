"""Several draws at once come to what each comes to alone, to the last bit."""

from dataclasses import fields, replace

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.engine import Feeder, MemorySource, draws_at_once, simulate_draw, simulate_draws
from haidang.engine.draw import DrawResult
from haidang.engine.repeated import Repeated
from tests.engine.city import TOY, YEARS, city, instrument, programme, setting_of
from tests.engine.exchange import exchange, market, plants
from tests.engine.test_months import PERIODS, months

DRAWS = (0, 1, 5)
TABLE = city(300, 11, weight=None)
RULES = ("lottery", "{by: income, order: lowest}", "{by: liking, order: highest}")


def known(years: int = len(YEARS)):
    """Facts that differ from draw to draw and from year to year."""
    return [
        tuple(np.array([0.8 - 0.1 * draw, 0.1 * draw + 0.05 * year], np.float32) for year in range(years))
        for draw in range(len(DRAWS))
    ]


def one_by_one(setting, facts):
    with jax.enable_x64(True):
        return [simulate_draw(setting, draw, one) for draw, one in zip(DRAWS, facts, strict=True)]


def assert_same(found, wanted):
    assert len(found) == len(wanted)
    for one, other in zip(found, wanted, strict=True):
        for field in fields(DrawResult):
            mine, alone = getattr(one, field.name), getattr(other, field.name)
            assert np.array_equal(mine, alone) if isinstance(mine, np.ndarray) else mine == alone, field.name


def text(grant: int, loan: int, place: int, rule: str) -> str:
    """A bounded grant, a loan with a waiting list, a capacity of each place and membership, for the same households."""
    bounded = instrument("a", budget=f"resource: grant, per_year: {grant}e6 VND, per_unit: 15e6 VND", ration=rule)
    waiting = instrument(
        "b", levers="loan_share: 40 %", budget=f"resource: loan, amount: {loan}e6 VND, waitlist: true", ration=rule
    )
    placed = instrument("c", eligible="not member", levers="grant_share: 20 %", budget="")
    capacity = f"    capacity: {{resource: grant, by: [place, member], amount: {place}e6 VND}}"
    return programme(bounded, waiting, f"{placed}\n{capacity}")


@settings(max_examples=20)
@given(grant=st.integers(0, 900), loan=st.integers(0, 2500), place=st.integers(0, 90), rule=st.sampled_from(RULES))
def test_whatever_budgets_hold_each_draw_comes_to_what_it_comes_to_alone(grant, loan, place, rule):
    written, facts = text(grant, loan, place, rule), known()
    together = simulate_draws(setting_of(TABLE, written, draws=len(DRAWS)), DRAWS, facts)
    assert_same(together.results, one_by_one(setting_of(TABLE, written), facts))


def test_draws_differ_and_are_rationed():
    found = simulate_draws(setting_of(TABLE, text(300, 900, 20, "lottery"), draws=len(DRAWS)), DRAWS, known()).results
    assert len({one.totals.tobytes() for one in found}) == len(DRAWS)
    refused = [[record.applicants > record.served for record in one.budgets[1][0]] for one in found]
    assert all(any(rows[slot] for rows in refused) for slot in range(3))


def test_periods_of_months_with_a_capacity():
    placed = instrument("grant", budget="") + "\n    capacity: {resource: grant, by: [place], amount: 90e6 VND}"
    facts = known(len(PERIODS))
    together = simulate_draws(months(programme(placed), draws=len(DRAWS)), DRAWS, facts)
    assert_same(together.results, one_by_one(months(programme(placed)), facts))


def test_what_another_programme_pays_in_is_that_of_the_same_draw():
    other, facts = setting_of(city(60, 2), programme(instrument("grant", budget=""))), known()
    feeder = Feeder(other, lambda draw: facts[DRAWS.index(draw)], "spent", 0.5, 1)
    fed = "resource: grant, fed_by: {programme: other, outcome: spent, share: 50 %, lag: 1}"

    def mine(draws):
        written = programme(instrument("grant", budget=fed))
        return replace(setting_of(TABLE, written, draws=draws), feeders=(((1, 0), feeder),))

    together = simulate_draws(mine(len(DRAWS)), DRAWS, facts).results
    assert_same(together, one_by_one(mine(1), facts))
    assert len({one.budgets[1][2][0].available for one in together}) == len(DRAWS)


def test_beside_a_baseline_that_was_simulated_before_users_are_told_as_beside_one_that_was_not():
    written, facts = text(300, 900, 20, "lottery"), known()
    whole = setting_of(TABLE, written, draws=len(DRAWS))
    stood = simulate_draws(setting_of(TABLE, draws=len(DRAWS)), DRAWS, facts)
    alone = replace(whole, scenarios=whole.scenarios[1:], programs=whole.programs[1:], returns=whole.returns[1:])
    beside = simulate_draws(alone, DRAWS, facts, stood).results
    for one, other in zip(beside, simulate_draws(whole, DRAWS, facts).results, strict=True):
        np.testing.assert_array_equal(one.users[0], other.users[1])
        np.testing.assert_array_equal(one.totals[0], other.totals[1])
        assert (one.users[0, 0] != one.users[0, 1]).any()


def test_a_market_is_simulated_draw_by_draw_since_each_looks_for_a_price_of_its_own():
    chance = np.random.default_rng(3)
    rows = list(zip(chance.uniform(50, 200, 40), chance.uniform(0, 60, 40), chance.uniform(0, 90, 40), strict=True))
    setting = exchange(plants(rows), market("{given: 80 %, owed: 100 %}"))
    facts = [tuple(np.array([0.0], np.float32) for _ in setting.years) for _ in DRAWS]
    assert draws_at_once(setting.model.card, setting.source, len(DRAWS)) == 1
    assert_same(simulate_draws(setting, DRAWS, facts).results, one_by_one(setting, facts))


def test_a_population_of_several_blocks_is_simulated_draw_by_draw():
    setting, facts = setting_of(city(900, 3), text(300, 900, 20, "lottery"), block_rows=256), known()
    assert draws_at_once(TOY.card, setting.source, len(DRAWS)) == 1
    assert_same(simulate_draws(setting, DRAWS, facts).results, one_by_one(setting, facts))


def test_only_a_population_of_one_block_is_repeated():
    with pytest.raises(ValueError, match="one block in memory"):
        Repeated(MemorySource(city(900, 3), TOY.card, 256), 2)
