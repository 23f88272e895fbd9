"""The published break-even table of electric trucks behind container ports, and the ownership-cost block.

Tao, Lin and Xu (2024), Climate Change Research 20(3), 351-360, doi 10.12006/j.issn.1673-1719.2024.018, give for two
plans the value of each input at which an electric truck costs what a diesel one does, all else as it stands. The
abstract, which is what can be read, has ten of these values and none of the inputs that they start from (`MISSING`), so
that the block cannot reproduce the table from the same inputs. What can be tested without them is tested here: what any
cost that is linear in its inputs implies for the table itself, and the block on inputs of our own, on paper and against
plain cash flows.
"""

from dataclasses import dataclass, replace

import jax.numpy as jnp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.models.ownership import break_even, even_distance, yearly_capital, yearly_energy, yearly_rent
from haidang.packs import load_pack

WITHIN = 0.02
MISSING = {
    "kilometres a year": "số km mỗi năm",
    "electricity use": "mức dùng điện",
    "electricity price": "giá điện",
    "diesel use": "mức dùng dầu",
    "diesel price": "giá dầu",
    "price of the diesel truck": "giá xe dầu",
    "price of the electric truck": "giá xe điện",
    "size of the battery": "dung lượng pin",
    "resale values": "giá bán lại",
    "upkeep": "bảo dưỡng",
    "years of ownership": "số năm sở hữu",
    "discount rate": "lãi suất chiết khấu",
}
"""What the abstract does not tell of the trucks before a break-even, as the programme's note names it."""


@dataclass(frozen=True)
class Plan:
    """Break-even values: kWh/km, CNY/kWh, CNY/L, L/km."""

    use: float
    price: float
    fuel: float
    thirst: float


RENTED = Plan(use=1.34, price=1.28, fuel=8.48, thirst=0.40)
BOUGHT = Plan(use=1.28, price=1.23, fuel=8.72, thirst=0.41)
RENT, BATTERY = 56_100.0, 221_100.0  # CNY a year; CNY


def test_the_programme_s_note_names_every_missing_input():
    note = load_pack("hcmc").programme("green-trucks").base.note
    for english, vietnamese in MISSING.items():
        assert english in " ".join(note["en"].split())
        assert vietnamese in " ".join(note["vi"].split())


def test_both_plans_imply_the_same_price_over_use_of_electricity_and_of_diesel():
    # The gap between the trucks is linear in use times price: at the break-even of either the energy costs the same, so
    # price over use at the break-evens is that of the start, whatever the plan.
    assert RENTED.price / RENTED.use == pytest.approx(BOUGHT.price / BOUGHT.use, rel=WITHIN)  # 0.955 and 0.961
    assert RENTED.fuel / RENTED.thirst == pytest.approx(BOUGHT.fuel / BOUGHT.thirst, rel=WITHIN)  # 21.20 and 21.27


def test_the_rent_and_the_battery_s_price_tell_an_annuity_factor_but_neither_years_nor_rate():
    # At its break-even either plan's battery costs the same a year, so 221,100 is worth 56,100 a year: factor 3.941.
    for years, rate in ((5, 0.085), (6, 0.135)):
        rent = yearly_rent(jnp.float32(BATTERY), jnp.float32(rate), jnp.float32(years))
        assert float(rent) == pytest.approx(RENT, rel=WITHIN)
    longer = float(yearly_rent(jnp.float32(BATTERY), jnp.float32(0.05), jnp.float32(8)))
    assert abs(longer / RENT - 1) > WITHIN


@dataclass(frozen=True)
class Trucks:
    """Two trucks: an electric one with a rented battery, and a diesel one."""

    distance: float = 60_000.0
    use: float = 1.5
    price: float = 1.2
    chassis: float = 300_000.0
    battery: float = 210_000.0
    diesel: float = 400_000.0
    residual: float = 0.1
    thirst: float = 0.4
    fuel: float = 8.0
    rate: float = 0.1
    years: float = 2.0


def fixed(one):
    """The electric truck's chassis and rent, and the diesel truck, by the block, a year."""
    rate, years, none = jnp.float32(one.rate), jnp.float32(one.years), jnp.float32(0)
    chassis = float(yearly_capital(jnp.float32(one.chassis), none, rate, years))
    rent = float(yearly_rent(jnp.float32(one.battery), rate, years))
    return chassis, rent, float(yearly_capital(jnp.float32(one.diesel), jnp.float32(one.residual), rate, years))


def energy(one):
    """What energy costs the electric and the diesel truck by the block, a year."""
    electric = yearly_energy(jnp.float32(one.distance), jnp.float32(one.use), jnp.float32(one.price))
    return float(electric), float(
        yearly_energy(jnp.float32(one.distance), jnp.float32(one.thirst), jnp.float32(one.fuel))
    )


def gap(one):
    """By how much the electric truck is dearer a year, by the block."""
    (chassis, rent, diesel), (electricity, fuel) = fixed(one), energy(one)
    return chassis + rent + electricity - diesel - fuel


def broken_even(one):
    """The inputs at which the trucks cost the same, each alone."""
    slopes = {
        "use": one.distance * one.price,
        "price": one.distance * one.use,
        "fuel": -one.distance * one.thirst,
        "thirst": -one.distance * one.fuel,
    }
    dearer = jnp.float32(gap(one))
    return {
        name: float(break_even(jnp.float32(getattr(one, name)), dearer, jnp.float32(slope)))
        for name, slope in slopes.items()
    }


def worth_of_dearer(one):
    """By how much the electric truck's payments outweigh the diesel's today, payment by payment, in plain Python."""
    worth = one.chassis - one.diesel + one.diesel * one.residual / (1 + one.rate) ** one.years
    for year in range(1, int(one.years) + 1):
        running = one.distance * (one.use * one.price - one.thirst * one.fuel)
        # A lender that paid for the battery gets its money back with interest, in equal rents.
        rent = one.battery * one.rate / (1 - (1 + one.rate) ** -one.years)
        worth += (running + rent) / (1 + one.rate) ** year
    return worth


def test_capital_rent_and_energy_are_those_worked_out_by_hand():
    # Over two years at 10 % a sum is worth 2.1 / 1.21 of its yearly part. Chassis 300,000 x 1.21 / 2.1; battery 210,000
    # x 1.21 / 2.1; diesel truck 400,000 x (1.21 - 0.1) / 2.1.
    assert fixed(Trucks()) == pytest.approx((172_857.14, 121_000.0, 211_428.57), rel=1e-5)
    # 60,000 km x 1.5 kWh x 1.2 and 60,000 km x 0.4 L x 8.
    assert energy(Trucks()) == pytest.approx((108_000.0, 192_000.0), rel=1e-6)
    # 401,857.14 against 403,428.57.
    assert gap(Trucks()) == pytest.approx(-1571.43, abs=0.1)


def test_break_evens_are_those_worked_out_by_hand():
    # 1,571.43 a year over 60,000 km x 1.2 CNY, 60,000 km x 1.5 kWh, 60,000 km x 0.4 L, and 60,000 km x 8 CNY.
    expected = {"use": 1.521825, "price": 1.217460, "fuel": 7.934524, "thirst": 0.396726}
    assert broken_even(Trucks()) == pytest.approx(expected, rel=1e-5)


def test_the_electric_truck_pays_from_58_878_km_a_year():
    # Fixed 293,857.14 against 211,428.57; 1.8 against 3.2 a km: 82,428.57 / 1.4.
    chassis, rent, diesel = fixed(Trucks())
    found = even_distance(*(jnp.float32(value) for value in (chassis + rent, 1.8, diesel, 3.2)))
    assert float(found) == pytest.approx(58_877.55, rel=1e-4)


@given(
    one=st.builds(
        Trucks,
        distance=st.floats(20_000, 120_000),
        use=st.floats(1.0, 2.0),
        price=st.floats(0.5, 2.0),
        chassis=st.floats(150_000, 500_000),
        battery=st.floats(100_000, 400_000),
        diesel=st.floats(200_000, 600_000),
        residual=st.floats(0.0, 0.4),
        thirst=st.floats(0.25, 0.5),
        fuel=st.floats(5.0, 10.0),
        rate=st.floats(0.02, 0.25),
        years=st.integers(1, 12).map(float),
    ),
    name=st.sampled_from(["use", "price", "fuel", "thirst"]),
)
def test_at_each_break_even_all_payments_of_both_trucks_are_worth_the_same(one, name):
    even = replace(one, **{name: broken_even(one)[name]})
    paid = (
        one.chassis
        + one.diesel
        + one.battery
        + one.distance * one.years * (one.use * one.price + one.thirst * one.fuel)
    )
    assert abs(worth_of_dearer(even)) < 1e-4 * paid
