"""Abatement and permits against sums by hand and the closed forms of the textbook."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.models import Taken
from haidang.models.abatement import (
    Permits,
    abated_at,
    abatement_cost,
    cost_per_tonne,
    cut_together,
    holds,
    kept_price,
    kit_after,
    market_balance,
    sells,
    shortage_chance,
    whole,
)

plants = st.lists(
    st.tuples(st.floats(0, 50), st.floats(0.5, 20), st.floats(0, 5)), min_size=2, max_size=8
)  # first cost, slope, own need


def column(values):
    return jnp.asarray(np.asarray(values), jnp.float32)


def clearing_price(first, slope, need):
    """With every plant cutting something: sum of (p - c) / s is the need, so p = (need + sum c/s) / sum 1/s."""
    return (need + np.sum(first / slope)) / np.sum(1 / slope)


def test_a_tonne_costs_the_annuity_and_the_yearly_cost_over_its_tonnes():
    # 100 over 5 years at 10 % is 100 / 3.790787 = 26.380 a year; less a saving of 6.380, over 4 tonnes: 5.000.
    found = cost_per_tonne(jnp.float32(100), jnp.float32(-6.380), jnp.float32(4), jnp.float32(0.1), jnp.float32(5))
    assert float(found) == pytest.approx(5.0, abs=1e-3)


def test_a_measure_that_saves_more_than_it_takes_costs_less_than_nothing():
    assert float(cost_per_tonne(jnp.float32(10), jnp.float32(-5), jnp.float32(2), jnp.float32(0.0), jnp.float32(5))) < 0


def test_the_last_tonne_costs_the_price():
    # First tonne 10, each further one 2 dearer: at a price of 30 ten tonnes, which cost 10 x 10 + 2 x 10^2 / 2 = 200.
    cut = abated_at(jnp.float32(30), jnp.float32(10), jnp.float32(2), jnp.float32(100))
    assert float(cut) == 10.0
    assert float(abatement_cost(cut, jnp.float32(10), jnp.float32(2))) == 200.0
    assert float(abated_at(jnp.float32(5), jnp.float32(10), jnp.float32(2), jnp.float32(100))) == 0.0
    assert float(abated_at(jnp.float32(900), jnp.float32(10), jnp.float32(2), jnp.float32(100))) == 100.0


def test_two_plants_trade_to_the_price_of_the_textbook():
    # Marginal costs 10 + 2a and 30 + a, 25 tonnes to cut: p = (25 + 5 + 30) / (1/2 + 1) = 40, cuts 15 and 10.
    first, slope = np.array([10.0, 30.0]), np.array([2.0, 1.0])
    price = clearing_price(first, slope, 25.0)
    assert price == 40.0
    cuts = abated_at(jnp.float32(price), column(first), column(slope), jnp.float32(1e9))
    assert cuts.tolist() == [15.0, 10.0]
    # Together 10 x 15 + 15^2 + 30 x 10 + 10^2 / 2 = 375 + 350 = 725.
    assert float(abatement_cost(cuts, column(first), column(slope)).sum()) == 725.0
    # Without trade, the plants needing 5 and 20: 10 x 5 + 5^2 = 75 and 30 x 20 + 20^2 / 2 = 800, that is 875.
    assert float(abatement_cost(column([5.0, 20.0]), column(first), column(slope)).sum()) == 875.0


@given(rows=plants)
def test_trade_never_costs_more_than_each_for_itself(rows):
    first, slope, own = (np.array(one) for one in zip(*rows, strict=True))
    prices, total = np.linspace(0, 300, 3001), own.sum()
    curves = column(first)[None, :], column(slope)[None, :]
    cuts = np.asarray(abated_at(column(prices)[:, None], *curves, jnp.float32(1e9)), float)
    place = int(np.argmax(cuts.sum(axis=1) >= total - 1e-6))
    traded = np.asarray(abatement_cost(column(cuts)[place], column(first), column(slope)), float).sum()
    alone = np.asarray(abatement_cost(column(own), column(first), column(slope)), float).sum()
    # The search stops within a tenth of the price, so it may cut a little more than is asked for, at that price.
    assert traded - prices[place] * (cuts[place].sum() - total) <= alone + 1e-2 * (1 + alone)


def test_measures_act_on_what_others_leave():
    # Half at 10 a tonne, then half of the other half at 40; one that is not there costs nothing: 0.75, and 5 + 10.
    half = jnp.float32(0.5)
    measures = [(half, jnp.float32(10)), (half, jnp.float32(900)), (half, jnp.float32(40))]
    avoided, cost = cut_together(jnp.array([0b101, 0], jnp.int32), measures)
    assert avoided.tolist() == [0.75, 0.0]
    assert cost.tolist() == [15.0, 0.0]


def test_a_balanced_market_runs_short_in_every_second_case():
    assert float(shortage_chance(jnp.float32(0.0), jnp.float32(0.2))) == 0.5
    # One standard deviation of a logistic is pi / sqrt(3) = 1.8138 scales: 1 / (1 + e^1.8138) = 0.1402.
    assert float(shortage_chance(jnp.float32(0.2), jnp.float32(0.2))) == pytest.approx(0.1402, abs=1e-4)
    assert float(shortage_chance(jnp.float32(-0.2), jnp.float32(0.2))) == pytest.approx(0.8598, abs=1e-4)
    assert 0.0 <= float(shortage_chance(jnp.float32(1e6), jnp.float32(1e-3))) < 1e-20


def test_a_permit_is_worth_the_chance_of_a_shortage_times_the_penalty():
    # Floor 20, ceiling 620, a chance of a tenth, 25 % a year: (20 + 600 x 0.1) / 1.25 = 64.
    found = kept_price(jnp.float32(20), jnp.float32(620), jnp.float32(0.1), jnp.float32(0.25))
    assert float(found) == pytest.approx(64.0)
    assert float(kept_price(jnp.float32(20), jnp.float32(620), jnp.float32(0.0), jnp.float32(0.25))) == 20.0
    # Who thinks twice as much of the 44 above the floor: 20 + 88; nobody keeps one for more than the penalty.
    twice = jnp.log(jnp.float32(2))
    found = kept_price(jnp.float32(20), jnp.float32(620), jnp.float32(0.1), jnp.float32(0.25), twice)
    assert float(found) == pytest.approx(108.0)
    assert float(kept_price(jnp.float32(20), jnp.float32(620), jnp.float32(0.9), jnp.float32(0.0), twice)) == 620.0


def test_more_holders_sell_the_nearer_the_price_comes_to_the_ceiling():
    # 40 % look at the market at a floor of 100; half way to 300 it is 0.4 + 0.5 x 0.6 = 0.7 of them; at 300 all.
    random = jnp.array([0.39, 0.41, 0.69, 0.71, 0.999], jnp.float32)
    limits = jnp.float32(100), jnp.float32(300)

    def at(price):
        found = sells(jnp.float32(price), jnp.float32(90), limits, jnp.float32(0.4), random)
        return found.tolist()

    assert at(100) == [True, False, False, False, False]
    assert at(200) == [True, True, True, False, False]
    assert at(300) == [True] * 5
    assert at(89) == [False] * 5, "keeping is worth 90"


def test_permits_are_whole():
    found = whole(jnp.array([0.4, 0.6, 7.0], jnp.float32))
    assert found.tolist() == [0, 1, 7]
    assert found.dtype == jnp.int32


def test_the_balance_is_the_bank_and_what_each_year_adds():
    # A bank of 0.1, permits for 1.2 of emissions, three years, 5 % tighter each: 0.1 + 3 (1.2 x 0.95 - 1) = 0.52.
    found = market_balance(jnp.float32(0.1), jnp.float32(1.2), jnp.float32(0.05), jnp.float32(3))
    assert float(found) == pytest.approx(0.52, abs=1e-6)


def test_a_choice_adds_its_bit_to_the_kit():
    taken = Taken(jnp.array([0, 1, 2, 2], jnp.int32), ("first", "second"), {}, jnp.zeros(4, bool))
    kit = kit_after(jnp.array([0, 2, 1, 2], jnp.int8), taken, ("first", "second"))
    assert kit.tolist() == [0, 3, 3, 2]
    assert holds(kit, 0).tolist() == [False, True, True, False]
    assert holds(kit, 1).tolist() == [False, True, True, True]


def test_a_holder_bids_for_what_is_missing_and_offers_what_is_left_if_it_sells():
    # 100 given, 20 banked: 150 owed are 30 short; 90 owed leave 30, offered by who sells.
    given, bank, owed = (
        jnp.array([one] * 2 + [other] * 2, jnp.int32) for one, other in ((100, 100), (20, 20), (150, 90))
    )
    permits = Permits(given, bank, owed)
    assert permits.missing.tolist() == [30, 30, -30, -30]
    assert permits.order(jnp.array([False, True, False, True])).tolist() == [30, 30, 0, -30]


counts = st.integers(0, 2**28)


@given(st.lists(st.tuples(counts, counts, counts, st.floats(-1, 1)), min_size=8, max_size=8))
def test_a_year_settles_to_the_permit(rows):
    columns = list(zip(*rows, strict=True))
    given_, bank, owed = (np.array(one, np.int64) for one in columns[:3])
    # Bought up to what is missing, or sold down to nothing.
    bought = np.round(np.where(np.array(columns[3]) > 0, owed, given_ + bank) * np.array(columns[3])).astype(np.int64)
    permits = Permits(*(jnp.asarray(one, jnp.int32) for one in (given_, bank, owed)))
    surrendered, missing, left = (np.asarray(one, np.int64) for one in permits.settle(jnp.asarray(bought, jnp.int32)))
    np.testing.assert_array_equal(surrendered + missing, owed)
    np.testing.assert_array_equal(surrendered + left, given_ + bank + bought)
    assert ((missing == 0) | (left == 0)).all()
    assert (left >= 0).all()
