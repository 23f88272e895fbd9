"""The trucks' model against numbers worked out on paper, in millions of VND a year where nothing else is said."""

import jax.numpy as jnp
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.packs.hcmc.models.trucks import CARD, _Sight
from tests.packs.tractors import FACTS, KM, MILLION, MODEL, scene, taken

DIESEL, ELECTRIC = 1, 2


def sight(**changed):
    return _Sight(scene(**changed))


def millions(value):
    return float(np.asarray(value)[0]) / MILLION


def electric(**changed):
    """The electric option of one truck."""
    return MODEL.options(scene(**changed))["electric"]


def test_a_diesel_truck_costs_its_price_its_diesel_and_its_upkeep():
    # 1,000 x (1 - 0.2) / 10 = 80; 50,000 km x (0.4 x 20,000 + 1,000) = 450.
    assert millions(sight().diesel) == pytest.approx(530.0, rel=1e-5)


def test_a_used_one_costs_what_used_trucks_cost_over_their_shorter_life():
    # 400 x 0.8 / 5 = 64, and the same 450.
    assert millions(sight(used=True).diesel) == pytest.approx(514.0, rel=1e-5)


def test_an_electric_truck_at_its_depot_saves_215():
    # Chassis 300 / 10 = 30; battery 300 kWh x 3 = 900 / 10 = 90; 50,000 km x (1.5 x 2,000 + 700) = 185; charger 10.
    # Together 315 against 530.
    assert millions(sight().saving) == pytest.approx(215.0, rel=1e-5)


def test_away_from_a_depot_it_pays_the_fee_and_its_time_and_no_charger():
    # 1.5 kWh x (3,000 + 100,000 / 100) = 6,000 a km; 50,000 x 6,700 = 335; with 120 of capital 455 against 530.
    assert millions(sight(depot=False, public=0.1).saving) == pytest.approx(75.0, rel=1e-5)


def test_a_battery_is_cheaper_by_a_tenth_each_year():
    # 90 falls to 81 in the second year and 72.9 in the third.
    assert millions(sight(year=2027).saving) == pytest.approx(224.0, rel=1e-5)
    assert millions(sight(year=2028).saving) == pytest.approx(232.1, rel=1e-5)


def test_of_a_discount_half_comes_through_while_it_runs():
    # 50 % of a charge of 100 is forgone; half of it is passed on in 4 of 10 years: 10 a year.
    found = sight(levers={"discount": 0.5, "discount_years": 4.0})
    assert millions(found.forgone) == pytest.approx(50.0)
    assert millions(found.saving) == pytest.approx(225.0, rel=1e-5)


def test_a_grant_is_spread_over_the_truck_s_life():
    found = sight(levers={"grant": 200 * MILLION})
    assert millions(found.saving) == pytest.approx(235.0, rel=1e-5)
    assert millions(found.paid) == pytest.approx(200.0)


def test_a_battery_is_rented_where_the_rent_is_below_the_owner_s_own_cost():
    # At 10 % the owner's 900 over ten years cost 900 / 6.144567 = 146.47 a year, the rent at 0 % is 90.
    rates = {"truck_rate_large": 0.10}
    bought, rented = sight(facts=rates), sight(facts=rates, levers={"battery_rent": 1.0})
    assert millions(rented.saving) - millions(bought.saving) == pytest.approx(56.47, abs=0.05)
    assert millions(rented.loan) == pytest.approx(900.0)
    assert millions(rented.paid) == pytest.approx(45.0)  # 5 % of it is lost
    dear = sight(facts=rates, levers={"battery_rent": 1.0, "rent_rate": 0.2})
    assert millions(dear.loan) == 0.0
    assert millions(dear.saving) == pytest.approx(millions(bought.saving))


def test_the_utility_is_the_saving_over_a_tenth_of_the_diesel_s_cost():
    # 215 / 53 = 4.0566 above the diesel truck.
    options = MODEL.options(scene())
    found = float(options["electric"].utility[0]) - options["diesel"].utility
    assert found == pytest.approx(4.0566, abs=1e-3)


def test_nobody_chooses_before_the_end_of_life():
    # Half of ten years served: due in five years, not now.
    options = MODEL.options(scene(served=500.0))
    assert not options["diesel"].available[0]
    assert not options["electric"].available[0]


def test_only_who_considers_one_may_buy_one_and_more_do_where_others_have_them():
    # 20 %; where a tenth of the trucks are electric, 1 - exp(-1) = 63.2 % of the others too: 70.57 %.
    assert electric(considers=0.19).available[0]
    assert not electric(considers=0.21).available[0]
    assert electric(considers=0.70, share=0.1).available[0]
    assert not electric(considers=0.71, share=0.1).available[0]


def test_who_has_no_depot_needs_a_public_charger_or_one_at_the_port():
    assert not electric(depot=False, public=0.26).available[0]
    assert electric(depot=False, public=0.24).available[0]
    found = electric(depot=False, public=0.26, levers={"port_charging": 1.0})
    assert found.available[0]
    assert float(found.uses["places"][0]) == 1.0
    assert millions(found.uses["paid"]) == pytest.approx(100.0)


def test_a_day_must_lie_within_the_range():
    # 300 kWh x 0.8 / 1.5 = 160 km; with half a charge more at the port 240.
    port = {"port_charging": 1.0}
    assert electric(daily=160 * KM).available[0]
    assert not electric(daily=161 * KM).available[0]
    assert electric(daily=239 * KM, levers=port).available[0]
    assert not electric(daily=241 * KM, levers=port).available[0]
    assert float(electric(daily=150 * KM, levers=port).uses["places"][0]) == 0.0
    assert float(electric(daily=200 * KM, levers=port).uses["places"][0]) == 1.0


def test_an_electric_truck_bought_brings_its_year():
    found = scene(levers={"discount": 0.5, "discount_years": 5.0, "grant": 200 * MILLION})
    choice = taken(ELECTRIC, found)
    after = MODEL.move(found, choice)
    came = {
        name: float(np.broadcast_to(value, (1,))[0]) for name, value in MODEL.outcomes(found, choice, after).items()
    }
    assert set(came) == {one.id for one in CARD.outcomes}
    assert came["electric_trucks"] == came["electric_bought"] == came["renewals"] == 1.0
    assert came["electric_distance"] == pytest.approx(50_000.0)  # km
    assert came["diesel_saved"] == pytest.approx(20_000.0)  # litres
    assert came["charged"] == pytest.approx(75_000.0)  # kWh
    # 20 m3 x 2.7 - 75 MWh x 0.6 = 54 - 45 tCO2e.
    assert came["emissions_avoided"] == pytest.approx(9.0, rel=1e-4)
    assert came["forgone"] == pytest.approx(50 * MILLION)
    assert came["subsidy"] == pytest.approx(250 * MILLION)
    # 215 and the grant's 20 and half of 50 in 5 of 10 years, 12.5.
    assert came["owners_saved"] == pytest.approx(247.5 * MILLION, rel=1e-4)


def test_a_running_electric_truck_has_its_discount_each_year_and_costs_nothing_else():
    running = scene(served=300.0, electric=True, levers={"discount": 0.5, "grant": 200 * MILLION})
    choice = taken(0, running)
    came = MODEL.outcomes(running, choice, MODEL.move(running, choice))
    assert float(came["subsidy"][0]) == pytest.approx(50 * MILLION)
    assert float(came["renewals"][0]) == 0.0
    assert float(came["electric_distance"][0]) == pytest.approx(50_000.0)


def test_a_diesel_truck_bought_ends_what_an_electric_one_brought():
    found = scene(served=995.0, electric=True)
    choice = taken(DIESEL, found)
    after = MODEL.move(found, choice)
    came = MODEL.outcomes(found, choice, after)
    assert float(after["age"][0]) == pytest.approx(0.95, abs=1e-4)  # 9.95 + 1 - 10
    assert int(after["runs"][0]) == 0
    assert [float(np.asarray(came[name])[0]) for name in ("renewals", "diesel_saved", "subsidy")] == [1.0, 0.0, 0.0]


def test_a_truck_that_is_not_due_grows_a_year_older():
    found = scene(served=300.0)
    after = MODEL.move(found, taken(0, found))
    assert float(after["age"][0]) == pytest.approx(4.0)
    assert int(after["runs"][0]) == 0


def test_the_stages_end_with_those_to_whom_the_choice_is_open():
    changed = {"served": [995.0, 100.0, 995.0, 995.0], "depot": [True, True, False, True]}
    found = scene(4, levers={"discount": 0.5}, daily=[100 * KM, 100 * KM, 100 * KM, 400 * KM], **changed)
    stages = MODEL.stages(found)
    assert tuple(stages) == tuple(one.id for one in CARD.stages)
    counts = [int(jnp.sum(one)) for one in stages.values()]
    assert counts == [4, 3, 3, 2, 1]
    np.testing.assert_array_equal(stages["range"], MODEL.options(found)["electric"].available)


def test_without_a_programme_nobody_reaches_the_first_stage():
    assert not any(bool(jnp.any(one)) for one in MODEL.stages(scene()).values())


prices = st.floats(12_000, 40_000)


@given(low=prices, more=st.floats(0, 20_000))
def test_dearer_diesel_never_lowers_what_an_electric_truck_saves(low, more):
    found = [millions(sight(facts={"truck_diesel_price": price * 1e3}).saving) for price in (low, low + more)]
    assert found[1] >= found[0] - 1e-3


@given(discount=st.floats(0.0, 1.0), years=st.floats(0.0, 20.0), grant=st.floats(0.0, 1e9))
def test_support_never_lowers_the_saving_and_what_is_forgone_is_the_discount_on_the_charge(discount, years, grant):
    levers = {"discount": discount, "discount_years": years, "grant": grant}
    found = sight(levers=levers)
    assert millions(found.saving) >= 215.0 - 1e-3
    assert millions(found.forgone) == pytest.approx(100 * discount, rel=1e-5, abs=1e-6)


@given(name=st.sampled_from(sorted(FACTS)), factor=st.floats(0.5, 1.5))
def test_no_fact_makes_a_cost_or_a_use_that_is_no_number(name, factor):
    found = electric(facts={name: FACTS[name] * factor}, levers={"discount": 0.5, "battery_rent": 1.0})
    assert np.isfinite(np.asarray(found.utility)).all()
    assert all(np.isfinite(np.asarray(one)).all() and (np.asarray(one) >= 0).all() for one in found.uses.values())
