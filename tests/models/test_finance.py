"""Loans and present values against sums written out year by year."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.models.finance import annuity_factor, interest_on_equal_principal, net_present_value, payback_years

rates = st.floats(0.0, 0.5) | st.just(0.0) | st.floats(-0.05, 0.0)
years = st.integers(1, 30)


def single(value):
    return jnp.float32(value)


def annuity(rate, length):
    """Year by year."""
    return sum((1 + rate) ** -k for k in range(1, length + 1))


def interest(rate, length):
    """One point on what is owed in each year of a loan repaid in equal parts."""
    return sum((1 - (k - 1) / length) * (1 + rate) ** -k for k in range(1, length + 1))


def test_an_annuity_of_five_years_at_ten_percent_is_the_bankers_3_7908():
    assert float(annuity_factor(single(0.10), single(5))) == pytest.approx(3.790787, rel=1e-6)


def test_an_annuity_at_no_interest_is_the_number_of_years():
    assert float(annuity_factor(single(0.0), single(7))) == 7.0


def test_interest_on_a_loan_of_five_years_at_ten_percent_is_written_out():
    # 1/1.1 + .8/1.1^2 + .6/1.1^3 + .4/1.1^4 + .2/1.1^5
    assert float(interest_on_equal_principal(single(0.10), single(5))) == pytest.approx(2.418426, rel=1e-5)


def test_interest_at_no_discount_is_half_of_the_years_and_one():
    assert float(interest_on_equal_principal(single(0.0), single(5))) == 3.0


@given(rate=rates, length=years)
def test_an_annuity_is_its_sum(rate, length):
    with jax.enable_x64(True):
        found = float(annuity_factor(jnp.float64(rate), jnp.float64(length)))
    assert found == pytest.approx(annuity(rate, length), rel=1e-4)


@given(rate=rates, length=years)
def test_interest_on_equal_principal_is_its_sum(rate, length):
    with jax.enable_x64(True):
        found = float(interest_on_equal_principal(jnp.float64(rate), jnp.float64(length)))
    assert found == pytest.approx(interest(rate, length), rel=2e-3)


@given(rate=st.floats(0.005, 0.4), length=st.integers(1, 15))
def test_single_precision_is_enough_for_the_rates_of_banks(rate, length):
    assert float(annuity_factor(single(rate), single(length))) == pytest.approx(annuity(rate, length), rel=1e-5)
    found = float(interest_on_equal_principal(single(rate), single(length)))
    assert found == pytest.approx(interest(rate, length), rel=2e-4)


@given(rate=st.floats(-0.02, 0.4), length=st.integers(1, 15))
def test_both_hold_in_single_precision_where_the_rate_is_all_but_zero(rate, length):
    for small in (rate, rate * 1e-2, rate * 1e-4, rate * 1e-6):
        assert float(annuity_factor(single(small), single(length))) == pytest.approx(annuity(small, length), rel=1e-3)
        found = float(interest_on_equal_principal(single(small), single(length)))
        assert found == pytest.approx(interest(small, length), rel=5e-3)


def test_a_present_value_is_the_gains_less_the_cost():
    found = net_present_value(single(100.0), single(40.0), single(0.10), single(3))
    assert float(found) == pytest.approx(40 / 1.1 + 40 / 1.21 + 40 / 1.331 - 100, abs=1e-4)


def test_payback_is_cost_over_gain_and_never_where_there_is_none():
    found = payback_years(jnp.array([100.0, 100.0, 0.0], jnp.float32), jnp.array([25.0, 0.0, -3.0], jnp.float32))
    assert np.asarray(found).tolist() == [4.0, np.inf, np.inf]


def test_both_work_on_columns_and_can_be_compiled():
    rate = jnp.array([0.0, 0.05, 0.1], jnp.float32)
    found = jax.jit(interest_on_equal_principal)(rate, jnp.full(3, 4.0, jnp.float32))
    np.testing.assert_allclose(np.asarray(found), [interest(r, 4) for r in (0.0, 0.05, 0.1)], rtol=1e-4)
