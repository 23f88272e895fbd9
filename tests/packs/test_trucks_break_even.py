"""The published break-even table of electric trucks behind container ports, and the ownership-cost block.

Tao, Lin and Xu (2024), Climate Change Research 20(3), 351-360, doi 10.12006/j.issn.1673-1719.2024.018, give for two
plans the value of each input at which an electric truck costs what a diesel one does, all else as it stands. The
abstract, which is what can be read, has these ten values and none of the inputs they start from.

What follows needs no input: a yearly cost is linear in each of them, so that at the break-even of the electricity price
and at that of the electricity use the truck's energy costs the same, and likewise for diesel. The plans must agree.

One input is missing and everything else follows from it: where the electric truck's use starts. From 1.5 kWh/km the
block gives all eight energy values within 2 %, with electricity at 1.44 CNY/kWh and diesel at 0.37 L/km and 7.8 CNY/L
before; so it does from any start between 1.36 and 1.80 kWh/km, so that the table does not tell which it was. The rent
and the battery's price agree where the battery is paid off over an annuity factor of 3.94: five years at 8.5 %, say.
"""

from dataclasses import dataclass
from math import sqrt

import jax.numpy as jnp
import pytest

from haidang.models.ownership import break_even, yearly_capital, yearly_energy, yearly_rent

WITHIN = 0.02


@dataclass(frozen=True)
class Plan:
    """Break-even values: kWh/km, CNY/kWh, CNY/L, L/km."""

    use: float
    price: float
    fuel: float
    thirst: float

    @property
    def values(self):
        return (self.use, self.price, self.fuel, self.thirst)


RENTED = Plan(use=1.34, price=1.28, fuel=8.48, thirst=0.40)
BOUGHT = Plan(use=1.28, price=1.23, fuel=8.72, thirst=0.41)
RENT, BATTERY = 56_100.0, 221_100.0  # CNY a year; CNY
DISTANCE = 60_000.0  # km a year; it cancels


@dataclass(frozen=True)
class Start:
    """The inputs from which the values are reckoned, and by how much the electric truck is dearer a km, by plan."""

    use: float
    price: float
    fuel: float
    thirst: float
    dearer: tuple[float, float]


def start(use):
    """All inputs from the electric truck's use: the mean of the plans' ratios, and the electric side's gap.

    With r = price / use of electricity, the gap of a plan is use x (r x use - its break-even price); with q = fuel /
    thirst, the diesel truck's use f solves f x (its break-even price - q x f) = that gap.
    """
    r = (RENTED.price / RENTED.use + BOUGHT.price / BOUGHT.use) / 2
    q = (RENTED.fuel / RENTED.thirst + BOUGHT.fuel / BOUGHT.thirst) / 2
    dearer = tuple(use * (r * use - plan.price) for plan in (RENTED, BOUGHT))
    thirst = (RENTED.fuel + sqrt(RENTED.fuel**2 - 4 * q * dearer[0])) / (2 * q)
    return Start(use, r * use, q * thirst, thirst, dearer)


def block(given, plan):
    """The four values by the ownership-cost block: two trucks whose capital differs so that the gap is the plan's."""
    one = jnp.float32
    diesel = 90_000.0 + float(yearly_energy(one(DISTANCE), one(given.thirst), one(given.fuel)))
    electric = diesel + given.dearer[plan] * DISTANCE
    gap = one(electric - diesel)
    return tuple(
        float(break_even(one(value), gap, one(slope)))
        for value, slope in (
            (given.use, DISTANCE * given.price),
            (given.price, DISTANCE * given.use),
            (given.fuel, -DISTANCE * given.thirst),
            (given.thirst, -DISTANCE * given.fuel),
        )
    )


def test_both_plans_imply_the_same_price_over_use_of_electricity_and_of_diesel():
    assert RENTED.price / RENTED.use == pytest.approx(BOUGHT.price / BOUGHT.use, rel=WITHIN)  # 0.955 and 0.961
    assert RENTED.fuel / RENTED.thirst == pytest.approx(BOUGHT.fuel / BOUGHT.thirst, rel=WITHIN)  # 21.20 and 21.27


def test_one_plan_s_values_give_the_other_s_without_any_further_input():
    assert BOUGHT.price / BOUGHT.use * RENTED.use == pytest.approx(RENTED.price, rel=WITHIN)
    assert RENTED.price / RENTED.use * BOUGHT.use == pytest.approx(BOUGHT.price, rel=WITHIN)
    assert BOUGHT.fuel / BOUGHT.thirst * RENTED.thirst == pytest.approx(RENTED.fuel, rel=WITHIN)
    assert RENTED.fuel / RENTED.thirst * BOUGHT.thirst == pytest.approx(BOUGHT.fuel, rel=WITHIN)


def test_the_missing_input_is_where_the_electric_use_starts_and_one_and_a_half_reproduces_the_table():
    given = start(1.5)
    assert (given.price, given.thirst, given.fuel) == pytest.approx((1.437, 0.369, 7.84), rel=5e-3)
    assert block(given, 0) == pytest.approx(RENTED.values, rel=WITHIN)
    assert block(given, 1) == pytest.approx(BOUGHT.values, rel=WITHIN)


@pytest.mark.parametrize("use", [1.36, 1.40, 1.45, 1.55, 1.6, 1.7, 1.8])
def test_so_does_any_start_in_a_wide_range_so_the_table_does_not_tell_which(use):
    given = start(use)
    assert block(given, 0) == pytest.approx(RENTED.values, rel=WITHIN)
    assert block(given, 1) == pytest.approx(BOUGHT.values, rel=WITHIN)


def test_a_start_below_the_table_s_own_value_reproduces_nothing():
    # Electric trucks would be the cheaper from the start, and the paper says that they are not.
    assert all(gap < 0 for gap in start(1.25).dearer)


def test_the_rent_and_the_battery_s_price_agree_over_five_years_at_eight_and_a_half_percent():
    # At its break-even either plan's battery costs the same a year, so 221,100 is worth 56,100 a year: factor 3.941.
    years, rate = jnp.float32(5), jnp.float32(0.085)
    assert float(yearly_rent(jnp.float32(BATTERY), rate, years)) == pytest.approx(RENT, rel=WITHIN)
    assert float(yearly_capital(jnp.float32(BATTERY), jnp.float32(0), rate, years)) == pytest.approx(RENT, rel=WITHIN)
    longer = float(yearly_rent(jnp.float32(BATTERY), jnp.float32(0.05), jnp.float32(8)))
    assert abs(longer / RENT - 1) > WITHIN
