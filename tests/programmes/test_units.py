"""Which units of measure go together in an expression."""

import pytest

from haidang.errors import Place
from haidang.programmes import ExpressionError, parse
from tests.programmes.cards import UNITS


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("revenue", "VND/year"),
        ("revenue / electricity", "VND/kWh"),
        ("revenue / employees", "VND/person/year"),
        ("assets / revenue", "year"),
        ("assets / assets", "1"),
        ("revenue * 12 month", "VND"),
        ("revenue * market_rate", "VND/year**2"),
        ("sqrt(employees * employees)", "person"),
        ("sqrt(assets)", "VND**1/2"),
        ("market_rate - 0.02", "1/year"),
        ("market_rate - 2 %", "1/year"),
        ("market_rate - 2 point", "1/year"),
        ("market_rate - 2 %/year", "1/year"),
        ("market_rate - support", "1/year"),
        ("1 - 30 %", "1"),
        ("employees + 20", "person"),
        ("max(0, revenue)", "VND/year"),
        ("revenue if exporter else 0", "VND/year"),
        ("log(employees)", "1"),
        ("log(revenue / 1 VND/year)", "1"),
        ("exp(-level)", "1"),
        ("round(revenue) + abs(-revenue)", "VND/year"),
        ("clip(revenue, 0, 1e9 VND/year)", "VND/year"),
        ("3 VND", "VND"),
        ("3 MWh + 2 kWh", "kWh"),
        ("6 month + 1 year", "year"),
        ("level < 4 and management >= 50", "flag"),
        ("1 <= level < 4", "flag"),
        ("sector == 'food' or not exporter", "flag"),
        ("exporter == foreign", "flag"),
        ("exporter if foreign else true", "flag"),
        ("revenue > 0", "flag"),
        ("employees in (5, 10)", "flag"),
        ("year >= 2027", "flag"),
    ],
)
def test_an_expression_has_the_unit_that_its_parts_give_it(text: str, unit: str) -> None:
    assert parse(text).check(UNITS) == unit


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "assets + electricity",
            "expected one unit of measure on both sides of '+', found VND and kWh/year in 'assets + electricity'",
        ),
        ("1 VND + 1 kWh", "expected one unit of measure on both sides of '+', found VND and kWh in '1 VND + 1 kWh'"),
        ("1 VND - 1 USD", "found VND and USD"),
        ("revenue > 1e9 VND", "on both sides of '>', found VND/year and VND in 'revenue > 1e9 VND'"),
        (
            "1 < 2 and revenue > 1e9",
            "found VND/year and a number without a unit in 'revenue > 1e9'; "
            "write the unit behind the number, such as '1 VND/year'",
        ),
        ("min(assets, revenue)", "in min(), found VND and VND/year"),
        ("assets if exporter else 1", "on both sides of 'if ... else', found VND and a number without a unit"),
        ("employees + 1 firm", "found person and firm"),
        ("1 if level else 0", "expected a condition behind 'if', found a number without a unit: 'level'"),
        ("level and exporter", "expected a condition beside 'and', found a number without a unit: 'level'"),
        ("not level", "expected a condition behind 'not'"),
        ("exporter + 1", "expected a number beside '+', found a condition: 'exporter'; write '1 if exporter else 0'"),
        ("-exporter", "expected a number behind '-', found a condition: 'exporter'"),
        ("exporter < foreign", "expected numbers on both sides of '<', found a condition"),
        ("exporter == 1", "expected numbers on both sides of '==', found a condition"),
        ("sector == size", "found a category in 'sector == size'; compare a category with a text: sector == \"food\""),
        (
            "level == 'food'",
            "expected a category column beside a text, found a number without a unit in 'level == 'food''",
        ),
        ("exporter == 'yes'", "expected a category column beside a text, found a condition"),
        ("sector", "expected a number or a condition, found the category column 'sector'"),
        ("sector * 2", "expected a number beside '*', found a category: 'sector'"),
        ("sector if exporter else sector", "expected two numbers or two conditions"),
        ("1 if exporter else foreign", "found a number without a unit and a condition"),
        ("log(revenue)", "expected a number without a unit in log(), found VND/year; divide by '1 VND/year' first"),
        ("max(exporter, 1)", "expected a number in max(), found a condition"),
        ("revnue > 0", "expected a known name, found 'revnue'; did you mean 'revenue'?"),
        ("1e9 VND/employees", "expected a unit or a column, found '/employees', which is both"),
    ],
)
def test_parts_that_do_not_go_together_are_refused_at_their_place(text: str, said: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text, Place("programme.yaml", 9, "instruments.credit.eligible")).check(UNITS)
    assert str(caught.value).startswith("programme.yaml:9: instruments.credit.eligible: expected ")
    assert said in str(caught.value)


def test_a_column_with_a_unit_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ExpressionError, match="expected a unit of measure, found 'VDN'; did you mean 'VND'"):
        parse("x > 1").check({"x": "VDN"})


@pytest.mark.parametrize(
    ("text", "wanted", "said"),
    [
        ("2 %", "%/year", None),
        ("0.7", "%", None),
        ("0", "VND", None),
        ("assets / 2", "VND", None),
        ("exporter", "flag", None),
        ("5 year", "month", None),
        ("70", "VND", "expected VND, found a number without a unit in '70'; write the unit behind the number"),
        ("assets", "kWh", "expected kWh, found VND in 'assets'"),
        ("3 year", "%", "expected a number without a unit, found year in '3 year'"),
        ("level", "flag", "expected a condition, found a number without a unit in 'level'"),
        ("level < 4", "1", "expected a number, found the condition 'level < 4'; write '1 if level < 4 else 0'"),
        ("sector", "1", "expected a number without a unit, found a category in 'sector'"),
    ],
)
def test_a_value_must_fit_where_it_is_used(text: str, wanted: str, said: str | None) -> None:
    expression = parse(text)
    if said is None:
        expression.require(UNITS, wanted)
        return
    with pytest.raises(ExpressionError) as caught:
        expression.require(UNITS, wanted)
    assert said in str(caught.value)
