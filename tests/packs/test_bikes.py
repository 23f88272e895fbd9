"""The arithmetic of trips and public bicycles against cases worked out by hand."""

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.packs import load_pack
from haidang.packs.hcmc.models.bikes import CARD
from haidang.packs.hcmc.models.ways import WAYS
from tests.packs.rides import HOUR, KM, MINUTE, MODEL, OUTING, SESSION, numbers, outcomes, scene, taken

DAYS = 365.25 / 12
ELECTRIC = {"ebikes": 1.0, "ebike_fare": 20_000.0, "fleet": 500.0}

# Without public bicycles a trip of 3 km on foot loses 6, and a typical walk of 1 km 2: odds smaller by e^-4. The other
# ways are as in a typical trip of 3 km. So all ways together come to 0.1 e^-4 + 0.9 = 0.901832.
TOGETHER = math.log(0.1 * math.exp(-4) + 0.9)
# By bicycle: 15 minutes and 2 to unlock (1.36), 5,000 VND (0.6667), 300 m on foot (0.6).
BIKE = 17 * 0.08 + 5 / 600 * 80 + 0.6
# By electric bicycle: 12 minutes and 2, 20,000 VND.
EBIKE = 14 * 0.08 + 20 / 600 * 80 + 0.6


def close(value, rel=1e-3):
    return pytest.approx(value, rel=rel)


def odds(seen, name):
    """The odds of a public bicycle over all other ways, from its utility over *nothing*."""
    return [
        math.exp(utility) * other
        for utility, other in zip(
            numbers(MODEL.options(seen)[name].utility), numbers(seen.units["by_other"]), strict=True
        )
    ]


def share(count, pull, mean=0.05, ready=20_000):
    return count * pull / (mean * ready)


def test_a_trip_goes_as_the_survey_says_weighed_by_length_and_partly_as_usual():
    units = scene().units
    weighed = {way: math.log(known) - TOGETHER for way, known in
               {"walk": 0.1, "motorbike": 0.7, "hailed": 0.05, "bus": 0.05, "other": 0.1}.items()}  # fmt: skip
    weighed["walk"] -= 4
    expected = {way: 0.2 * math.exp(one) + (0.8 if way == "motorbike" else 0.0) for way, one in weighed.items()}
    assert {way: numbers(units[f"by_{way}"])[0] for way in WAYS} == {way: close(one) for way, one in expected.items()}
    assert numbers(units["together"]) == [close(TOGETHER)]


def test_an_outing_and_a_battery_change_have_no_other_way():
    units = scene(OUTING, SESSION).units
    assert numbers(units["by_other"]) == [1.0, 1.0]
    assert numbers(units["by_motorbike"]) == [0.0, 0.0]
    available = {name: numbers(one.available) for name, one in MODEL.options(scene(OUTING, SESSION, {})).items()}
    assert available["walk"] == [False, False, True]
    assert available["bike"] == [True, False, True]


def test_five_years_after_the_launch_the_core_of_120_000_a_year_is_left():
    # 120,000 / 365.25 = 328.5 a day.
    expected = share(120_000 / 365.25, math.exp(-BIKE - TOGETHER))
    assert odds(scene(), "bike") == [close(expected / (1 - expected))]


def test_in_the_first_month_novelty_sells_50_000_trips_more():
    expected = share((120_000 + 12 * 50_000) / 365.25, math.exp(-BIKE - TOGETHER))
    assert odds(scene(state={"bike_age": 0.0}), "bike") == [close(expected / (1 - expected))]


def test_electric_bicycles_begin_with_half_of_that_novelty_and_twice_the_pull():
    count = (120_000 + 0.5 * 12 * 50_000) / 365.25
    expected = share(count, 2 * math.exp(-EBIKE - TOGETHER))
    assert odds(scene(levers=ELECTRIC), "ebike") == [close(expected / (1 - expected))]


def test_a_month_later_a_quarter_of_the_first_months_novelty_is_left_on_average_by_half_lives():
    # Novelty halves each month: the second month sells half of the first.
    count = (120_000 + 0.5 * 12 * 25_000) / 365.25
    seen = scene(levers=ELECTRIC, state={"ebike_age": 1 / 12})
    expected = share(count, 2 * math.exp(-EBIKE - TOGETHER))
    assert odds(seen, "ebike") == [close(expected / (1 - expected))]


def test_four_times_the_stations_halve_the_walk():
    seen = scene(levers={"stations": 200.0})
    expected = share(120_000 / 365.25, math.exp(-BIKE - TOGETHER + 0.3))
    assert odds(seen, "bike") == [close(expected / (1 - expected))]


def test_lanes_raise_the_share_by_their_gain_and_half_a_habit_halves_it():
    plain = share(120_000 / 365.25, math.exp(-BIKE - TOGETHER))
    for seen, times in ((scene(levers={"lanes": 0.18}), 1.18), (scene(state={"bike_habit": 0.5}), 0.5)):
        assert odds(seen, "bike") == [close(times * plain / (1 - times * plain))]


def test_a_rental_of_one_hour_pays_two_half_hours_and_an_outing_does_not_mind_riding():
    # 10,000 VND (1.3333) and 300 m (0.6); no other way weighs.
    expected = share(120_000 / 365.25, math.exp(-10 / 600 * 80 - 0.6))
    assert odds(scene(OUTING), "bike") == [close(expected / (1 - expected))]
    assert outcomes(scene(OUTING), "bike")["revenue"] == [close(10_000 * DAYS)]
    assert outcomes(scene(), "bike")["revenue"] == [close(5_000 * DAYS)]


def test_where_a_dong_of_rental_weighs_half_a_dong_of_time_so_does_the_price():
    expected = share(120_000 / 365.25, math.exp(-17 * 0.08 - 2.5 / 600 * 80 - 0.6 - TOGETHER))
    assert odds(scene(facts={"price_response": 0.5}), "bike") == [close(expected / (1 - expected))]


def test_bicycles_that_stand_still_are_missed():
    # 0.12 hours a day for each of 20,000 trips are 2,400 of 500 x 24 hours: a fifth, and 0.8 to the power 1.2.
    count = (120_000 + 0.5 * 12 * 50_000) / 365.25
    expected = share(count, 2 * math.exp(-EBIKE - TOGETHER) * 0.8**1.2)
    seen = scene(levers=ELECTRIC, peers={"idle": 0.12 * HOUR})
    assert odds(seen, "ebike") == [close(expected / (1 - expected))]


def test_around_the_centre_there_are_only_electric_bicycles_and_only_with_stations_there():
    wider = {"kind": "wider"}
    for outer, there in ((0.0, False), (1.0, True)):
        options = MODEL.options(scene(wider, levers=ELECTRIC | {"outer": outer}))
        assert numbers(options["bike"].available) == [False]
        assert numbers(options["ebike"].available) == [there]
    assert numbers(MODEL.options(scene(levers={"bikes": 0.0}))["bike"].available) == [False]
    assert numbers(MODEL.options(scene())["ebike"].available) == [False]


def test_a_trip_uses_a_bicycle_a_place_to_return_it_and_the_charge_of_its_way():
    options = MODEL.options(scene(levers=ELECTRIC | {"charger": 1.0}))
    assert {name: numbers(one) for name, one in options["bike"].uses.items()} == {"bike": [1.0], "dock": [1.0]}
    uses = {name: numbers(one) for name, one in options["ebike"].uses.items()}
    assert uses == {"ebike": [1.0], "dock": [1.0], "charge": [close(30)]}  # 3 km at 10 Wh
    collected = MODEL.options(scene(levers=ELECTRIC))["ebike"].uses
    assert numbers(collected["charge"]) == [0.0]


def test_only_riders_who_went_electric_change_batteries_and_each_takes_three_kilowatt_hours():
    for rider, changes in ((0.2, True), (0.4, False)):
        option = MODEL.options(scene(SESSION, {}, levers={"riders": 0.3}, rider=rider))["swap"]
        assert numbers(option.available) == [changes, False]
        assert numbers(option.uses["charge"]) == [close(3000), close(3000)]  # Wh


def test_the_counts_are_those_of_trips_inside_the_centre():
    raw = scene({}, {"kind": "wider"}, OUTING)
    assert numbers(raw.state["pull"]) == [
        close(math.exp(-BIKE - TOGETHER)), 0.0, close(math.exp(-10 / 600 * 80 - 0.6))
    ]  # fmt: skip
    assert numbers(raw.state["bike_age"]) == [5.0, 0.0, 5.0]


def test_who_rides_keeps_the_habit_and_the_others_lose_a_twelfth_of_a_year():
    seen = scene({}, {}, {"kind": "wider"}, facts={"fade": 0.5, "run_from": 0.0}, levers=ELECTRIC)
    after = MODEL.move(seen, taken(seen, "ebike", "nothing", "nothing"))
    left = 0.5 ** (1 / 12)
    assert numbers(after["ebike_habit"]) == [1.0, close(left), 1.0]
    assert numbers(after["bike_habit"]) == [close(left), close(left), 1.0]
    assert numbers(after["ebike_age"]) == [close(1 / 12), close(1 / 12), 0.0]


def test_an_empty_battery_costs_half_a_day_without_cabinets_and_minutes_with_them():
    # 3 of 60 km: every twentieth trip empties a battery. 12 hours a time are 0.6 hours a trip.
    assert outcomes(scene(levers=ELECTRIC), "ebike")["out_of_service"] == [close(0.6 * DAYS)]
    fast = scene(levers=ELECTRIC | {"turnaround": 2 * MINUTE})
    assert outcomes(fast, "ebike")["out_of_service"] == [close(2 / 60 / 20 * DAYS)]
    assert outcomes(scene(levers=ELECTRIC), "bike")["out_of_service"] == [0.0]


def test_a_month_of_electric_rides_in_place_of_other_ways():
    found = outcomes(scene(levers=ELECTRIC), "ebike")
    motorbike = 0.8 + 0.2 * 0.7 / math.exp(TOGETHER)
    motor = motorbike + 0.2 * 0.05 / math.exp(TOGETHER)
    assert found["trips"] == found["electric_trips"] == [close(DAYS)]
    assert found["from_motorbike"] == [close(DAYS * motorbike)]
    assert found["motor_km_avoided"] == [close(DAYS * 3 * motor)]
    # 50 g a kilometre not driven; 0.01 kWh at 600 g and 8 g of vans for each ridden.
    assert found["emissions_avoided"] == [close(DAYS * 3 * (50 * motor - 6 - 8) * 1e-6)]
    assert found["revenue"] == [close(20_000 * DAYS)]
    assert found["charged"] == [close(0.03 * DAYS)]  # 3 km at 10 Wh
    # 2.4 billion a year over 12 months and 20,000 trips are 10,000 each.
    assert found["cost"] == [close(10_000)]
    assert found["public_cost"] == [close(10_000 - 20_000 * DAYS)]


def test_a_bicycle_uses_no_electricity_and_an_outing_replaces_no_motorbike():
    assert outcomes(scene(OUTING), "bike")["emissions_avoided"] == [close(-DAYS * 3 * 8e-6)]
    assert outcomes(scene(OUTING), "bike")["from_other"] == [close(DAYS)]


def test_a_trip_that_is_not_ridden_brings_nothing_but_its_part_of_the_cost():
    found = outcomes(scene(), "motorbike")
    assert {name: value for name, (value,) in found.items() if value} == {"cost": 10_000, "public_cost": 10_000}


def test_a_battery_change_earns_its_fee_and_bears_none_of_the_cost():
    found = outcomes(scene(SESSION, levers={"swap_fee": 17_000.0}), "swap")
    assert (found["swaps"], found["revenue"], found["cost"]) == ([close(DAYS)], [close(17_000 * DAYS)], [0.0])
    assert (found["trips"], found["charged"]) == ([0.0], [close(3 * DAYS)])


trips = st.fixed_dictionaries(
    {
        "length": st.floats(300, 12_000),
        "access": st.floats(20, 1500),
        "egress": st.floats(20, 1500),
        "purpose": st.sampled_from(["work", "school", "errand", "other", "outing"]),
        "usual": st.sampled_from(["walk", "motorbike", "hailed", "bus", "other", "none"]),
    }
)


@settings(max_examples=25)
@given(trip=trips)
def test_the_ways_that_rides_replace_add_up_to_the_rides(trip):
    found = outcomes(scene(trip, levers=ELECTRIC), "ebike")
    assert sum(found[f"from_{way}"][0] for way in WAYS) == close(found["trips"][0])
    assert 0 <= found["motor_km_avoided"][0] <= found["trips"][0] * trip["length"] / KM * 1.001


@settings(max_examples=25)
@given(trip=trips, fare=st.floats(5_000, 40_000), more=st.floats(1_000, 20_000), times=st.floats(1.1, 4))
def test_no_trip_likes_a_higher_price_or_a_longer_walk(trip, fare, more, times):
    plain = odds(scene(trip, levers=ELECTRIC | {"ebike_fare": fare}), "ebike")[0]
    dearer = odds(scene(trip, levers=ELECTRIC | {"ebike_fare": fare + more}), "ebike")[0]
    denser = odds(scene(trip, levers=ELECTRIC | {"ebike_fare": fare, "stations": 50 * times}), "ebike")[0]
    assert dearer <= plain * 1.001
    assert denser >= plain * 0.999


def test_every_fact_of_public_bicycles_is_read_by_something():
    pack = load_pack("hcmc")
    text = "".join(
        path.read_text("utf-8")
        for folder in ("populations", "programmes", "backtests", "backtests/rules")
        for path in (pack.root / folder).glob("*.yaml")
    )
    stated = [name for name in pack.book.facts if name.startswith("bike_")]
    assert [name for name in stated if name not in CARD.facts and name not in text] == []
