"""What an expression says, by answers known in advance."""

import numpy as np
import polars as pl
import pytest

from haidang.errors import Place
from haidang.programmes import ExpressionError, parse
from tests.programmes.cards import UNITS

ROW = {"level": 3, "revenue": 90e9, "exporter": True, "foreign": False, "sector": "food", "market_rate": 0.0652}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1 + 2 * 3", 7.0),
        ("(1 + 2) * 3", 9.0),
        ("-2 - -3", 1.0),
        ("+4", 4.0),
        ("7 / 2", 3.5),
        (".5 + 1. + 1_000", 1001.5),
        ("85e9 VND", 85e9),
        ("1.5e9 VND", 1.5e9),
        ("2 %", 0.02),
        ("2%", 0.02),
        ("2 point", 0.02),
        ("12 month", 1.0),
        ("6.52 %/year", 0.0652),
        ("3 MWh", 3000.0),
        ("2 % * 3", 0.06),
        ("1 if 2 % < 3 % else 0", 1.0),
        ("100 VND/kWh / 2", 50.0),
        ("min(3, 1, 2) + max(1, 2)", 3.0),
        ("abs(-3) + sqrt(16)", 7.0),
        ("log(exp(2))", 2.0),
        ("round(2.5) + round(3.5)", 6.0),
        ("clip(7, 0, 5) + clip(-1, 0, 5)", 5.0),
        ("1 if 1 < 2 <= 2 else 0", 1.0),
        ("1 if 1 < 2 < 2 else 0", 0.0),
        ("5 if not (1 > 2 or 3 != 3) else 6", 5.0),
        ("1 if 3 in (1, 2, 3) else 0", 1.0),
        ("1 if 3 not in [1, 2, 3] else 0", 0.0),
        ("1 if 2 in (2) else 0", 1.0),
        ("1 if true and not False else 0", 1.0),
        ("1 / 0", np.inf),
        ("-1 / 0", -np.inf),
        ("0 / 0", 0.0),
        ("log(0)", -np.inf),
        ("1e30 VND", 1e30),
    ],
)
def test_constants_have_their_known_value(text: str, value: float) -> None:
    assert parse(text).constant() == value


def test_names_are_listed_once_in_the_order_of_the_text() -> None:
    assert parse("b + a * b if c else min(d, a)").names == ("b", "a", "c", "d")


def test_the_text_of_an_expression_is_what_was_written() -> None:
    assert str(parse("  sector == 'food'\n  and level < 4 ")) == "sector == 'food'   and level < 4"


def test_equal_texts_are_equal_wherever_they_stand() -> None:
    one, other = parse("level < 4", Place("a.yaml", 1)), parse("level < 4", Place("b.yaml", 2))
    assert one == other
    assert hash(one) == hash(other)
    assert one != parse("level < 5")


def test_a_unit_reaches_no_further_than_its_own_number() -> None:
    assert parse("3 VND/loan").names == ("loan",)
    assert parse("3 VND / year").names == ("year",)
    assert parse("3 VND/year").names == ()


def test_words_that_look_like_units_are_names_where_no_number_stands_before_them() -> None:
    assert parse("VND + kWh * year").names == ("VND", "kWh", "year")


def test_words_in_texts_are_not_read_as_numbers_with_units() -> None:
    expression = parse("sector == '5 VND and x' or sector in (\"2 %\", 'dệt may')")
    assert expression.names == ("sector",)
    assert expression.categories == {"sector": ("5 VND and x", "2 %", "dệt may")}


def test_positions_hold_behind_texts_in_other_alphabets() -> None:
    parts = parse('sector == "dệt may" and revenue < 85e9 VND and (level < 4)').conditions
    assert [str(part) for part in parts] == ['sector == "dệt may"', "revenue < 85e9 VND", "level < 4"]


def test_a_conjunction_is_taken_apart_and_nothing_else_is() -> None:
    assert [str(part) for part in parse("a and (b and not c) and (d or e)").conditions] == ["a", "b", "not c", "d or e"]
    assert [str(part) for part in parse("a or b").conditions] == ["a or b"]


def test_a_row_is_told_which_conditions_it_meets() -> None:
    parts = parse('sector in ("metal", "food") and 1 <= level < 3 and revenue > 85e9 VND/year').explain(ROW)
    assert [(part.text, part.met) for part in parts] == [
        ('sector in ("metal", "food")', True),
        ("1 <= level < 3", False),
        ("revenue > 85e9 VND/year", True),
    ]
    assert parts[1].reads == {"level": 3}


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({}, "expected a value of 'level', found none; none is known here"),
        ({"levle": 3}, "expected a value of 'level', found none; did you mean 'levle'?"),
        ({"level": None}, "expected a value of 'level', found none"),
        ({"level": float("nan")}, "expected a value of 'level', found none"),
        ({"level": "three"}, "expected numbers in the column 'level', found 'three'"),
    ],
)
def test_a_row_without_a_value_is_not_judged(row: dict[str, object], message: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("level < 4").explain(row)
    assert str(caught.value) == message


def test_a_category_and_a_number_are_not_mixed_up_in_a_row() -> None:
    with pytest.raises(ExpressionError, match="expected words in the column 'sector', found 3"):
        parse("sector == 'food'").explain({"sector": 3})


CODES = {"sector": ("food", "garments", "metal", "manufacturing"), "size": ("small", "large")}


def test_an_unknown_category_is_refused_with_the_nearest() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse('sector == "manufacturng"', Place("a.yaml", 7, "eligible")).bind(CODES)
    assert str(caught.value) == (
        "a.yaml:7: eligible: expected a category of 'sector', found 'manufacturng'; did you mean 'manufacturing'?"
    )


def test_a_text_beside_a_column_without_categories_is_refused() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse('sectr == "food"').bind(CODES)
    assert str(caught.value) == "expected a category column beside a text, found 'sectr'; did you mean 'sector'?"


def test_categories_compare_by_their_codes() -> None:
    columns = {"sector": np.array([0, 1, 2, 3], dtype=np.int8)}
    for text, expected in {
        'sector == "metal"': [0, 0, 1, 0],
        '"metal" == sector': [0, 0, 1, 0],
        'sector != "metal"': [1, 1, 0, 1],
        'sector in ("food", "metal")': [1, 0, 1, 0],
        'sector not in ("food", "metal")': [0, 1, 0, 1],
        'sector in ("food")': [1, 0, 0, 0],
    }.items():
        found = parse(text).bind(CODES).evaluate(columns, np)
        assert found.dtype == np.bool_
        assert found.tolist() == [bool(one) for one in expected]


def test_a_category_is_the_same_word_however_its_accents_are_stored() -> None:
    composed, decomposed = "d\u1ec7t", "de\u0323\u0302t"
    table = pl.DataFrame({"sector": [composed, decomposed, "may"]})
    for text in (composed, decomposed):
        assert parse(f"sector == '{text}'").on_table(table).tolist() == [True, True, False]
        assert parse(f"sector == '{text}'").bind({"sector": (decomposed,)}).codes == {"sector": (composed,)}


def test_a_category_is_not_compared_before_it_is_bound() -> None:
    with pytest.raises(ExpressionError, match="expected the categories of 'sector', found none: bind"):
        parse("sector == 'food'").evaluate({"sector": np.zeros(2, np.int8)}, np)


def test_a_missing_column_is_named_with_the_nearest() -> None:
    for text in ("levle < 4", "levle == 'food'"):
        with pytest.raises(ExpressionError, match=r"expected a column 'levle', found none of that name; did you mean"):
            parse(text).evaluate({"level": np.zeros(2)}, np)


def test_every_unit_of_the_examples_checks() -> None:
    assert parse("sector == 'food' and level < 4").check(UNITS) == "flag"
