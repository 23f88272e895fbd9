"""Units of measure: known answers, then properties, then what is refused."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.errors import Place
from haidang.facts import (
    UnitError,
    canonical,
    canonical_unit,
    convert,
    parse_quantity,
    parse_unit,
    registry,
    same_dimension,
    unit_names,
)

FAMILIES = (
    ("kWh", "Wh", "MWh", "GWh", "TWh", "MJ", "GJ", "TJ", "toe"),
    ("tCO2e", "kgCO2e", "gCO2e", "MtCO2e"),
    ("year", "month", "day", "hour"),
    ("%", "point", "per_mille", "1"),
    ("VND/kWh", "VND/MWh", "million VND/GWh"),
    ("m2", "ha", "km2"),
)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("6.52 %/year", 0.0652, "1/year"),
        ("12.8 %", 0.128, "1"),
        ("2 point/year", 0.02, "1/year"),
        ("1500e9 VND", 1.5e12, "VND"),
        ("1500 billion VND", 1.5e12, "VND"),
        ("0.7", 0.7, "1"),
        ("-0.4", -0.4, "1"),
        ("0.6592 tCO2e/MWh", 0.0006592, "tCO2e/kWh"),
        ("26289 VND/USD", 26289.0, "VND/USD"),
        ("3 GWh/year", 3e6, "kWh/year"),
        ("1 kW", 8766.0, "kWh/year"),
        ("18 month", 1.5, "year"),
        ("5 persons", 5.0, "person"),
        ("7 factories", 7.0, "firm"),
        ("12_000 firm", 12000.0, "firm"),
        ("5%", 0.05, "1"),
    ],
)
def test_a_quantity_has_its_canonical_number_and_unit(text: str, value: float, unit: str) -> None:
    magnitude, written = parse_quantity(text)
    assert canonical(magnitude, written) == value
    assert canonical_unit(written) == unit


def test_every_currency_is_a_dimension_of_its_own() -> None:
    assert not same_dimension("VND", "USD")
    assert same_dimension("VND/USD * USD", "VND")
    with pytest.raises(UnitError, match="an exchange rate is a fact too") as caught:
        convert(1.0, "USD", "VND")
    assert str(caught.value) == (
        "expected a unit of the same kind as 'VND', found 'USD'; "
        "an exchange rate is a fact too, nothing is exchanged silently"
    )


def test_counted_things_do_not_add_up_with_each_other() -> None:
    assert not same_dimension("firm", "person")
    assert not same_dimension("trip", "place")
    assert not same_dimension("tCO2e", "tonne")


def test_the_registry_is_built_once() -> None:
    assert registry() is registry()


def test_every_name_of_a_unit_is_understood() -> None:
    for name in unit_names():
        assert canonical(1.0, name) > 0
        assert same_dimension(name, canonical_unit(name))


@given(
    st.sampled_from(FAMILIES).flatmap(lambda family: st.tuples(st.sampled_from(family), st.sampled_from(family))),
    st.floats(-1e12, 1e12),
)
def test_a_conversion_there_and_back_gives_the_number_again(units: tuple[str, str], value: float) -> None:
    there = convert(value, *units)
    assert math.isclose(convert(there, units[1], units[0]), value, rel_tol=1e-12, abs_tol=1e-300)
    assert math.isclose(canonical(there, units[1]), canonical(value, units[0]), rel_tol=1e-12, abs_tol=1e-300)


@given(st.sampled_from([name for name in unit_names() if name != "%"]), st.sampled_from(unit_names()))
def test_a_canonical_unit_is_canonical(above: str, below: str) -> None:
    try:
        unit = canonical_unit(f"{above}/{below}")
    except UnitError:
        return
    assert canonical_unit(unit) == unit
    assert canonical(1.0, unit) == 1.0


@given(st.integers(0, 10_000))
def test_a_percentage_is_the_fraction_that_its_digits_say(hundredths: int) -> None:
    assert canonical(float(f"{hundredths / 100:.2f}"), "%") == pytest.approx(hundredths / 10_000, rel=1e-15, abs=0)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("5 kwh", "expected a unit of measure, found 'kwh'; did you mean 'kWh'?"),
        ("5 vnd", "expected a unit of measure, found 'vnd'; did you mean 'VND'?"),
        ("5 VDN", "expected a unit of measure, found 'VDN'; did you mean 'VND'?"),
        ("5 zzzz", "expected a unit of measure, found 'zzzz'"),
        ("5 VND+USD", "expected a product of units such as 'VND/year', found 'VND+USD'"),
        (
            "5 VND*USD",
            "expected one currency or a rate between two such as 'VND/USD', found USD and VND in 'VND*USD'",
        ),
        ("5 (VND", "expected a product of units such as 'VND/year', found '(VND'"),
        ("5 2/year", "expected a product of units such as 'VND/year', found '2/year'"),
        ("5 VND**9", "expected a unit without numbers other than the powers 1, 2 and 3, found 'VND**9'"),
        ("5 year**3**3", "expected powers of at most 3, found 'year**3**3'"),
        ("5 %%", "expected '%' once, found '%%'"),
        ("1,500 VND", "expected a number without thousands separators, found '1,500 VND'"),
        ("nan VND", "expected a number and a unit such as '6.52 %/year', found 'nan VND'"),
        ("inf", "expected a number and a unit such as '6.52 %/year', found 'inf'"),
        ("1e999 VND", "expected a finite number, found '1e999 VND'"),
        ("VND", "expected a number and a unit such as '6.52 %/year', found 'VND'"),
        ("", "expected a number and a unit such as '6.52 %/year', found ''"),
        ("__import__('os')", "expected a number and a unit such as '6.52 %/year', found '__import__('os')'"),
        ("5 __import__('os')", "expected a product of units such as 'VND/year', found '__import__('os')'"),
    ],
)
def test_what_is_no_quantity_is_said_in_one_line(text: str, said: str) -> None:
    with pytest.raises(UnitError) as caught:
        parse_quantity(text, Place("money.yaml", 3, "rate.value"))
    assert str(caught.value) == f"money.yaml:3: rate.value: {said}"


def test_a_long_text_is_quoted_in_part() -> None:
    with pytest.raises(UnitError) as caught:
        parse_unit("VND/" * 10_000)
    assert len(str(caught.value)) < 150


@given(st.text(max_size=40))
def test_any_text_is_a_quantity_or_a_mistake(text: str) -> None:
    try:
        value, unit = parse_quantity(text)
    except UnitError:
        return
    assert math.isfinite(value)
    assert canonical_unit(unit)


@given(st.text(alphabet="VNDUSkWhyear%/*^ ()123", max_size=24))
def test_any_text_made_of_the_letters_of_units_is_a_unit_or_a_mistake(text: str) -> None:
    try:
        unit = parse_unit(text)
    except UnitError:
        return
    assert same_dimension(unit, unit)
