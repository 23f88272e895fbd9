"""Savings bonds against sums that a saver and a treasurer would do by hand."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.models.bonds import interest_cost, levered_yield, matched_yield, take_utility, whole_tickets

rates = st.floats(0.0, 0.3)
years = st.integers(1, 20)


def single(value):
    return jnp.float32(value)


def odds(share, gain, response):
    """From utility back to odds."""
    return float(np.exp(take_utility(single(share), single(gain), single(response))))


def test_a_tenth_on_top_after_five_years_is_worth_1_92_percent_a_year():
    # 1.1^(1/5) = 1.019245
    assert float(matched_yield(single(0.10), single(5))) == pytest.approx(0.019245, abs=2e-6)


def test_nothing_on_top_is_worth_nothing():
    assert float(matched_yield(single(0.0), single(5))) == 0.0


@given(st.floats(0.0, 2.0), years)
def test_a_bonus_compounds_back_to_itself(matching, length):
    yearly = float(matched_yield(single(matching), single(length)))
    assert (1 + yearly) ** length == pytest.approx(1 + matching, rel=1e-4)


def test_nine_parts_borrowed_make_19_percent_of_a_deposit_at_5_4():
    # 5.4 + 9 x (5.4 - 3.9) = 18.9 percent on the saver's own tenth
    assert float(levered_yield(single(0.054), single(0.039), single(10))) == pytest.approx(0.189, rel=1e-5)


def test_own_money_alone_earns_the_rate_whatever_a_loan_costs():
    assert float(levered_yield(single(0.07), single(0.5), single(1))) == pytest.approx(0.07)


@given(rates, rates, st.floats(1.0, 10.0))
def test_borrowing_helps_only_where_the_loan_is_cheaper(rate, borrowing, leverage):
    earned = float(levered_yield(single(rate), single(borrowing), single(leverage)))
    assert earned >= rate - 1e-6 if borrowing <= rate else earned <= rate + 1e-6


def test_a_share_of_a_fifth_at_par_is_odds_of_a_quarter():
    assert odds(0.2, 0.0, 1.0) == pytest.approx(0.25, rel=1e-5)


def test_two_points_at_a_response_of_the_log_of_two_make_the_odds_four_times():
    assert odds(0.2, 0.02, np.log(2.0)) == pytest.approx(1.0, rel=1e-4)


@given(st.floats(0.01, 0.9), st.floats(-0.1, 0.1), st.floats(0.1, 2.0))
def test_more_yield_never_wants_fewer(share, gain, response):
    assert odds(share, gain + 0.01, response) >= odds(share, gain, response)


def test_two_and_a_half_tickets_buy_two_and_less_than_one_buys_none():
    money = jnp.array([25.0, 10.0, 9.9, 0.0], jnp.float32)
    assert whole_tickets(money, single(10.0)).tolist() == [20.0, 10.0, 0.0, 0.0]


def test_without_a_smallest_ticket_all_the_money_goes_in():
    assert whole_tickets(jnp.array([7.5, 0.0], jnp.float32), single(0.0)).tolist() == [7.5, 0.0]


@given(st.floats(0.0, 1e11), st.floats(1e5, 1e9))
def test_tickets_never_cost_more_than_the_money_and_leave_less_than_one(money, ticket):
    bought = float(whole_tickets(single(money), single(ticket)))
    assert bought <= money * (1 + 1e-6)
    assert money - bought <= ticket * (1 + 1e-5) + money * 1e-5


def test_five_years_of_seven_percent_at_a_discount_of_three_cost_a_third_of_the_money():
    # 7 x (1/1.03 + 1/1.03^2 + 1/1.03^3 + 1/1.03^4 + 1/1.03^5) = 7 x 4.579707 = 32.058
    assert float(interest_cost(single(0.07), single(0.03), single(5))) == pytest.approx(0.320580, rel=1e-5)


@given(rates, years)
def test_undiscounted_interest_is_the_rate_times_the_years(rate, length):
    assert float(interest_cost(single(rate), single(0.0), single(length))) == pytest.approx(rate * length, rel=1e-5)


def test_the_blocks_compile_and_work_on_columns():
    column = jnp.linspace(0.01, 0.09, 4, dtype=jnp.float32)
    found = jax.jit(lambda rate: interest_cost(rate, single(0.03), single(5)) + matched_yield(rate, single(5)))(column)
    assert found.shape == (4,)
    assert np.all(np.diff(np.asarray(found)) > 0)
