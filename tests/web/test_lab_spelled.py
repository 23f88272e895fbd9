"""Numbers in the laboratory's fields: as the page's language writes them, and as files have them behind that."""

from __future__ import annotations

import pytest

from haidang.packs import load_pack
from haidang.web.lab.checked import check
from haidang.web.lab.slots import board
from haidang.web.lab.spelled import behind, read, spelled, units_of
from haidang.web.words import LANGUAGES, Language

BOTH = (
    ("1500e9 VND", "VND", "1.500 tỷ đồng", "1,500 billion VND"),
    ("537.81e9 VND", "VND", "537,81 tỷ đồng", "537.81 billion VND"),
    ("400e6 VND", "VND", "400 triệu đồng", "400 million VND"),
    ("25000 VND/hour", "VND/hour", "25.000 đồng/giờ", "25,000 VND/hour"),
    ("80517436 tCO2e", "tCO2e", "80,517436 triệu tấn CO₂e", "80.517436 million tCO₂e"),
    ("6.52 %/year", "%/year", "6,52 %/năm", "6.52 %/year"),
    ("70 %", "%", "70 %", "70 %"),
    ("500 bike", "bike", "500 xe đạp", "500 bikes"),
    ("1 bike", "bike", "1 xe đạp", "1 bike"),
    ("-0.3029", "1", "-0,3029", "-0.3029"),
    ("0 VND", "VND", "0 đồng", "0 VND"),
    ("2028", "1", "2028", "2028"),
    ("2031 - year", "1", "2031 - year", "2031 - year"),
    ("min(loan, 5e9 VND)", "VND", "min(loan, 5e9 VND)", "min(loan, 5e9 VND)"),
    ("80 % if year >= 2027 else 100 %", "%", "80 % if year >= 2027 else 100 %", "80 % if year >= 2027 else 100 %"),
    ("market_rate", "%/year", "market_rate", "market_rate"),
    ("5e9 km", "VND", "5e9 km", "5e9 km"),
    ("0.8", "%", "0,8", "0.8"),
    ("3.5", "%/year", "3,5", "3.5"),
    ("-0.125", "%", "-0,125", "-0.125"),
    ("80e9", "VND", "80e9", "80e9"),
)
"""What a file has, the unit of the place, and what is shown in Vietnamese and in English."""


@pytest.mark.parametrize(("text", "unit", "vi", "en"), BOTH)
def test_what_a_file_has_is_shown_as_people_write_it_and_read_back(text: str, unit: str, vi: str, en: str) -> None:
    assert (spelled(text, unit, "vi"), spelled(text, unit, "en")) == (vi, en)
    assert read(vi, unit, "vi", (text,)) == read(en, unit, "en", (text,)) == text


@pytest.mark.parametrize(
    ("typed", "unit", "language", "file"),
    [
        ("1,5 tỷ", "VND", "vi", "1.5e9 VND"),
        ("1,5 tỷ", "VND", "en", "1.5e9 VND"),
        ("1.5 billion", "VND", "vi", "1.5e9 VND"),
        ("1.500.000 đ", "VND", "vi", "1500000 VND"),
        ("1,500,000 VND", "VND", "en", "1500000 VND"),
        ("1500e9 VND", "VND", "vi", "1500e9 VND"),
        ("6,5%/năm", "%/year", "vi", "6.5 %/year"),
        ("6.52 %/year", "%/year", "vi", "6.52 %/year"),
        ("\N{MINUS SIGN}0,3", "1", "vi", "-0.3"),
        ("1.125 %", "%", "vi", "1125 %"),
        ("1.125 %", "%", "en", "1.125 %"),
        ("20 tấn CO2e", "tCO2e", "vi", "20 tCO2e"),
        ("70", "%", "vi", "70"),
        ("3,5", "%", "vi", "3.5"),
        ("0,8", "%", "vi", "0.8"),
        ("0.8", "%", "vi", "0.8"),
        ("\N{MINUS SIGN}0,8", "%", "vi", "-0.8"),
        ("1.500", "VND", "vi", "1500"),
        ("1,500", "VND", "en", "1500"),
        ("3,5 %", "%/year", "vi", "3.5 %"),
        ("3,5 m", "km", "vi", "3.5 m"),
        ("80e9", "VND", "vi", "80e9"),
        ("80 tỷ", "%", "vi", "80 tỷ"),
        ("5 if year > 2027 else 3", "1", "vi", "5 if year > 2027 else 3"),
        ("2 * loan_share", "%", "vi", "2 * loan_share"),
        ("1.2.3 %", "%", "vi", "1.2.3 %"),
        ("", "%", "vi", ""),
    ],
)
def test_what_people_type_is_read_as_they_write_it(typed: str, unit: str, language: Language, file: str) -> None:
    assert read(typed, unit, language) == file


def test_a_slider_writes_its_power_of_ten_and_its_unit_in_words() -> None:
    assert behind("e9 VND", "VND", "vi") == " tỷ đồng"
    assert behind("e6 kWh/year", "kWh/year", "en") == " million kWh/year"
    assert behind(" %/year", "%/year", "vi") == " %/năm"
    assert behind("", "1", "vi") == ""
    assert units_of("VND/hour")[0] == "VND/hour"


NO_LIMIT = ("market", "loan_cap")
"""Levers without which nothing limits what they are of: `1e+09` to the program."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_field_of_the_citys_programmes_shows_a_power_of_ten_and_each_is_read_back(language: Language) -> None:
    city = load_pack("hcmc")
    slots = [one for file in city.programmes.values() for one in board(city, file.base, language).slots]
    shown = [(one, text) for one in slots for text in (one.stated, one.usual, one.worth) if text]
    assert len(shown) > 60
    assert [one.title for one in slots if one.limitless] == [one.title for one in slots if one.way[-1] in NO_LIMIT]
    for one, text in shown:
        told = spelled(text, one.unit, language)
        assert "e+" not in told
        assert told == text or "e9" not in told
        assert read(told, one.unit, language, (text,)) == text


@pytest.mark.parametrize(("language", "typed"), [("vi", "0,8"), ("en", "0.8")])
def test_a_share_without_its_unit_is_taken_as_the_language_writes_it_and_shown_so_again(
    language: Language, typed: str
) -> None:
    city, place = load_pack("hcmc"), "lever__credit__loan_share"
    laid = board(city, city.programmes["smart-manufacturing-credit"].base, language)
    (slot,) = [one for one in laid.slots if one.name == place]
    file = read(typed, slot.unit, language)
    assert check(city, "smart-manufacturing-credit", "", laid, {place: file}, language).mistakes == {}
    assert spelled(file, slot.unit, language) == typed
