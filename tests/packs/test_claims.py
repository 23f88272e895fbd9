"""Vendors' claims are ends of ranges, and what is not published has a range or says that none reaches the outcomes."""

import pytest
from ruamel.yaml import YAML

from haidang.facts import FactBook
from haidang.packs import find_pack, load_pack

CLAIMED = {"bike_range": 90, "bike_swap_time": 120, "bike_slots": 12, "truck_battery": 600}
"""What sellers or officials state, in the units of the facts: km, seconds, slots, kWh."""
BUILT_FROM = (
    *("bike_ready_centre", "bike_ready_wider", "bike_sessions", "truck_fleet", "truck_days", "truck_electric_today"),
    *("truck_charge_bulk", "truck_charge_road", "remit_households", "solar_electricity_factories", "truck_la_fleet"),
)
"""Unpublished numbers that populations are built from, at their central values."""
KNOWN = {
    "truck-los-angeles": ("cận trên", "upper end of the share"),
    "solar-rush-2020": ("đã sửa", "revised it once"),
    "solar-last-month": ("được sửa một lần", "was revised once"),
    "solar-stop-2022": ("được sửa một lần", "was revised once"),
    "diaspora-bonds": ("Ấn Độ và Nepal được đưa vào sau", "India and Nepal were put in after"),
}
"""Backtests whose outcome had a part in inputs, and the words that say so."""


@pytest.fixture(scope="module")
def book():
    return FactBook.load(find_pack("hcmc"))


@pytest.mark.parametrize(("name", "claim"), CLAIMED.items())
def test_what_a_seller_claims_is_an_end_of_the_range_and_never_the_stated_value(book, name, claim):
    fact = book.facts[name]
    low, high = fact.range
    assert low < fact.value < high
    assert claim in (low, high)


@pytest.mark.parametrize("name", BUILT_FROM)
def test_a_number_that_a_population_is_built_from_says_that_its_range_does_not_reach_the_outcomes(book, name):
    words = book.facts[name].claim.assumption
    assert "range does not reach the outcomes" in " ".join(words["en"].split())
    assert "không tới được kết quả" in " ".join(words["vi"].split())


def test_numbers_that_a_draw_can_use_have_a_range(book):
    assert book.facts["bike_cabinets"].range == (6.0, 26.0)
    assert "bike_cabinets" in load_pack("hcmc").programme("public-e-bikes").base.names


@pytest.mark.parametrize(("name", "words"), KNOWN.items())
def test_a_backtest_whose_outcome_set_an_input_says_so_in_both_languages(name, words):
    path = load_pack("hcmc").root / "backtests" / f"{name}.yaml"
    notes = [one["note"] for one in YAML(typ="safe").load(path)["quantities"].values() if "note" in one]
    for language, phrase in zip(("vi", "en"), words, strict=True):
        assert any(phrase in " ".join(note[language].split()) for note in notes)
