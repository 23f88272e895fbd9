"""Numbers as people write them, in both languages."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.results.catalogue import catalogue
from haidang.results.manifest import LANGUAGES, Language
from haidang.results.numerals import SHARE, day, middle_and_interval, number, percent, quantity, told, unit_text
from haidang.results.points import Points

VI, EN = catalogue("vi"), catalogue("en")
SPACE, DASH = "\N{NO-BREAK SPACE}", "\N{NO-BREAK SPACE}–\N{WORD JOINER}\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("value", "vi", "en"),
    [
        (1234.5, "1.234", "1,234"),
        (12.345, "12,3", "12.3"),
        (0.012345, "0,0123", "0.0123"),
        (-3.0, "−3", "−3"),
        (0.0, "0", "0"),
        (999.6, "1.000", "1,000"),
        (1e6, "1.000.000", "1,000,000"),
        (0.1, "0,1", "0.1"),
        (math.nan, "–", "–"),
        (math.inf, "–", "–"),
    ],
)
def test_a_number_has_three_digits_and_the_separators_of_its_language(value: float, vi: str, en: str) -> None:
    assert number(value, "vi") == vi
    assert number(value, "en") == en


@pytest.mark.parametrize(
    ("share", "vi", "en"),
    [
        (0.373, "37%", "37%"),
        (0.0123, "1,2%", "1.2%"),
        (0.0001, "<0,1%", "<0.1%"),
        (0.0, "0%", "0%"),
        (1.0, "100%", "100%"),
        (0.9964, "99,6%", "99.6%"),
        (0.99996, "100%", "100%"),
        (-0.25, "−25%", "−25%"),
    ],
)
def test_a_share_is_a_percentage(share: float, vi: str, en: str) -> None:
    assert percent(share, "vi") == vi
    assert percent(share, "en") == en


@pytest.mark.parametrize(
    ("value", "unit", "vi", "en"),
    [
        (1500e9, "VND", "1.500 tỷ đồng", "1,500 billion VND"),
        (361.4e6, "VND", "361 triệu đồng", "361 million VND"),
        (120.0, "VND", "120 đồng", "120 VND"),
        (0.0, "VND", "0 tỷ đồng", "0 billion VND"),
        (12.5e6, "VND/level", "12,5 triệu đồng/bậc", "12.5 million VND/level"),
        (2.5e9, "VND/year", "2,5 tỷ đồng/năm", "2.5 billion VND/year"),
        (2.5e6, "kWh/year", "2,5 GWh/năm", "2.5 GWh/year"),
        (420.0, "tCO2e", "420 tấn CO₂e", "420 tCO₂e"),
        (37.0, "level", "37 bậc", "37 levels"),
        (0.4, SHARE, "40%", "40%"),
        (7.0, "barrel", "7 barrel", "7 barrel"),
        (2.5e6, "vehicle*km", "2,5 triệu xe-km", "2.5 million vehicle-km"),
        (320_000.0, "trip", "320.000 chuyến đi", "320,000 trips"),
        (1_250.0, "MWp", "1,25 GWp", "1.25 GWp"),
        (0.0, "MWp", "0 MWp", "0 MWp"),
    ],
)
def test_a_quantity_finds_its_scale(value: float, unit: str, vi: str, en: str) -> None:
    assert quantity(value, unit, VI) == vi
    assert quantity(value, unit, EN) == en


def test_an_interval_keeps_one_scale() -> None:
    found = Points(4e8, 1e9, 2e9, 3e9, 9e9)
    assert told(found, "VND", EN) == f"2 (0.4{DASH}9) billion VND"
    assert middle_and_interval(found, "VND", VI) == ("2 tỷ đồng", f"0,4{DASH}9 tỷ đồng")


def test_an_interval_across_zero_says_to_and_not_a_dash() -> None:
    found = Points(-4.0, 0.0, 1.0, 2.0, 3.0)
    assert told(found, "level", EN) == f"1 (−4{SPACE}to{SPACE}3) levels"
    assert told(found, "level", VI) == f"1 (−4{SPACE}đến{SPACE}3) bậc"


def test_draws_that_read_alike_have_no_interval() -> None:
    assert told(Points(5.0, 5.0, 5.0, 5.0, 5.0001), "level", EN) == "5 levels"


def test_a_median_and_its_interval_stand_in_one_scale_and_no_interval_repeats_the_median() -> None:
    assert middle_and_interval(Points(-1.4e6, 0, -9.6e5, 0, 1.4e6), "tCO2e", EN)[0] == "−0.96 million tCO₂e"
    assert middle_and_interval(Points(5.0, 5.0, 5.0, 5.0, 5.0001), "level", EN) == ("5 levels", "")


def test_a_number_that_is_nothing_beside_the_others_is_written_as_nothing() -> None:
    assert told(Points(0.04, 1e5, 3e7, 2e8, 4.19e8), "kWh", EN) == f"30 (0{DASH}419) GWh"


def test_dates_and_units_of_facts_are_words() -> None:
    assert day("2022-09-30", VI) == "30/9/2022"
    assert day("2022-09-30", EN) == "30 September 2022"
    assert day("2022-09", EN) == "2022-09"
    assert unit_text("%/year", VI) == "%/năm"
    assert unit_text("tCO2e/MWh", EN) == "tCO₂e/MWh"


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.sampled_from(LANGUAGES))
def test_what_is_written_is_within_half_a_percent_of_the_number(value: float, language: Language) -> None:
    text = number(value, language)
    plain = text.replace("−", "-")
    plain = plain.replace(".", "").replace(",", ".") if language == "vi" else plain.replace(",", "")
    assert float(plain) == pytest.approx(value, rel=5.1e-3, abs=1e-300)


def test_an_interval_that_reads_as_one_number_is_one_number() -> None:
    assert told(Points(0.99996, 1.0, 1.0, 1.0, 1.0), SHARE, catalogue("en")) == "100%"
    assert middle_and_interval(Points(0.99996, 1.0, 1.0, 1.0, 1.0), SHARE, catalogue("en")) == ("100%", "")
