"""Costs of owning against sums written out year by year."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.models.ownership import break_even, even_distance, yearly_capital, yearly_energy, yearly_rent, yearly_worth

rates = st.floats(0.01, 0.4)
spans = st.integers(1, 20)


def single(value):
    return jnp.float32(value)


def present(payments, rate):
    """Worth today of payments at the end of each year."""
    return sum(paid * (1 + rate) ** -year for year, paid in enumerate(payments, start=1))


def test_a_price_of_a_thousand_over_five_years_at_ten_percent_is_263_80_a_year():
    # 1000 / 3.790787
    assert float(yearly_capital(single(1000), single(0), single(0.10), single(5))) == pytest.approx(263.797, abs=1e-2)


def test_what_it_is_sold_for_lowers_it_by_its_present_worth():
    # Sold for 200 after five years: worth 200 / 1.61051 = 124.18 today; (1000 - 124.18) / 3.790787 = 231.04.
    found = float(yearly_capital(single(1000), single(0.2), single(0.10), single(5)))
    assert found == pytest.approx(231.038, abs=1e-2)


def test_without_interest_a_year_costs_its_part_of_what_is_lost():
    assert float(yearly_capital(single(1000), single(0.2), single(0.0), single(8))) == pytest.approx(100.0)


def test_energy_is_distance_times_use_times_price():
    # 60,000 km at 0.37 litres and 21,000 VND.
    assert float(yearly_energy(single(60_000), single(0.37), single(21_000))) == pytest.approx(466.2e6)


def test_a_rent_pays_the_lender_back_at_its_rate():
    rent = float(yearly_rent(single(800), single(0.08), single(10)))
    assert rent == pytest.approx(119.224, abs=1e-2)
    assert present([rent] * 10, 0.08) == pytest.approx(800, rel=1e-5)


def test_a_discount_of_two_years_is_spread_over_the_ten_of_owning():
    # 100 in years 1 and 2 at 10 % is worth 173.55; over ten years (6.144567) that is 28.245 a year.
    found = float(yearly_worth(single(100), single(2), single(0.10), single(10)))
    assert found == pytest.approx(28.2450, abs=1e-3)


def test_what_outlasts_the_owning_counts_no_longer_than_that():
    assert float(yearly_worth(single(100), single(25), single(0.10), single(10))) == pytest.approx(100.0)
    assert float(yearly_worth(single(100), single(0), single(0.10), single(10))) == 0.0


def test_two_trucks_cost_the_same_at_the_break_even_of_each_input():
    # Diesel 0.4 x 8 = 3.2 a km and 60,000 a year; electric 1.5 x 1.4 = 2.1 a km and 130,000; 50,000 km a year.
    diesel, electric, distance = 60_000 + 50_000 * 3.2, 130_000 + 50_000 * 2.1, 50_000
    gap = electric - diesel  # 235,000 - 220,000 = 15,000, or 0.30 a km
    price = float(break_even(single(1.4), single(gap), single(distance * 1.5)))
    use = float(break_even(single(1.5), single(gap), single(distance * 1.4)))
    fuel = float(break_even(single(8.0), single(gap), single(-distance * 0.4)))
    thirst = float(break_even(single(0.4), single(gap), single(-distance * 8.0)))
    assert (price, use, fuel, thirst) == pytest.approx((1.2, 1.285714, 8.75, 0.4375), rel=1e-5)
    assert 130_000 + distance * 1.5 * price == pytest.approx(diesel)
    assert 60_000 + distance * 0.4 * fuel == pytest.approx(electric)


def test_the_distance_of_break_even_spreads_what_is_dearer_over_what_is_saved():
    # 70,000 more a year, 1.1 less a km: 63,636 km.
    found = even_distance(single(130_000), single(2.1), single(60_000), single(3.2))
    assert float(found) == pytest.approx(63_636.4, rel=1e-5)
    none = even_distance(jnp.array([130_000.0, 50_000.0]), jnp.array([3.3, 2.1]), single(60_000), single(3.2))
    assert np.asarray(none).tolist() == [np.inf, 0.0]


@given(price=st.floats(1.0, 1e9), sold=st.floats(0.0, 0.9), rate=rates, years=spans)
def test_the_yearly_cost_has_the_present_worth_of_buying_and_selling(price, sold, rate, years):
    with jax.enable_x64(True):
        found = float(yearly_capital(*(jnp.float64(one) for one in (price, sold, rate, years))))
    assert present([found] * years, rate) == pytest.approx(price * (1 - sold * (1 + rate) ** -years), rel=1e-6)


@given(rate=rates, years=spans, paid=spans)
def test_a_temporary_payment_spread_out_has_its_present_worth(rate, years, paid):
    with jax.enable_x64(True):
        found = float(yearly_worth(*(jnp.float64(one) for one in (7.0, paid, rate, years))))
    assert present([found] * years, rate) == pytest.approx(present([7.0] * min(paid, years), rate), rel=1e-6)


@given(price=st.floats(1e8, 3e9), rate=rates, years=spans)
def test_single_precision_is_enough_for_trucks(price, rate, years):
    found = float(yearly_capital(single(price), single(0.1), single(rate), single(years)))
    exact = price * (1 - 0.1 * (1 + rate) ** -years) / sum((1 + rate) ** -k for k in range(1, years + 1))
    assert found == pytest.approx(exact, rel=1e-4)
