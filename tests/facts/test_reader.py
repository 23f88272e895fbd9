"""The reader of one mapping: values in the kind asked for, and the place of every mistake."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.errors import HaidangError, Place
from haidang.facts import MissingKeyError, Reader, Scalar, UnknownKeyError, WrongValueError, parse_yaml

TEXT = """\
id: credit
rows: 5_000
share: 0.25
revolving: true
years: [2026, 2027]
budget:
  resource: loan
  amount: 1500e9 VND
instruments:
  credit: {order: highest}
  grant: {order: lowest}
empty:
title: {vi: Tín dụng, en: Credit}
steps: [{id: a}, {id: b}]
matrix: [[1, 2], [3, 4.5]]
"""


@pytest.fixture
def reader() -> Reader:
    return Reader(parse_yaml(TEXT, "p.yaml"), "p.yaml")


def test_each_kind_of_value_is_given(reader: Reader) -> None:
    assert reader.text("id") == "credit"
    assert reader.integer("rows") == 5000
    assert reader.number("share") == 0.25
    assert reader.flag("revolving") is True
    assert reader.texts("years") == ("2026", "2027")
    assert reader.numbers("years") == (2026.0, 2027.0)
    assert reader.texts("id") == ("credit",)
    assert reader.child("budget").quantity("amount") == (1500e9, "VND")
    assert reader.title() == {"vi": "Tín dụng", "en": "Credit"}
    assert (reader.words("title"), reader.words("id")) == ({"vi": "Tín dụng", "en": "Credit"}, "credit")
    assert reader.matrix("matrix") == ((1.0, 2.0), (3.0, 4.5))
    assert [step.text("id") for step in reader.each("steps")] == ["a", "b"]
    assert [budget.text("resource") for budget in reader.each("budget")] == ["loan"]
    assert {name: one.text("order") for name, one in reader.children("instruments").items()} == {
        "credit": "highest",
        "grant": "lowest",
    }


def test_what_is_not_written_has_its_default(reader: Reader) -> None:
    assert reader.text_or("none", None) is None
    assert reader.text_or("empty", "x") == "x"
    assert reader.number_or("none", 1.5) == 1.5
    assert reader.integer_or("none", 2) == 2
    assert reader.flag_or("none", False) is False
    assert reader.texts_or("none", ()) == ()
    assert reader.one_of_or("none", ("a",), "a") == "a"
    assert reader.child_or("none", None) is None
    assert reader.title_or(None, "none") is None
    assert reader.words_or("none", None) is None
    assert reader.optional("empty") is None
    assert reader.optional("id") == Scalar("credit", 1)


def test_a_place_is_file_line_and_dotted_key(reader: Reader) -> None:
    assert reader.place() == Place("p.yaml", 1)
    assert reader.place("share") == Place("p.yaml", 3, "share")
    assert reader.child("budget").place("amount") == Place("p.yaml", 8, "budget.amount")
    assert reader.children("instruments")["grant"].place() == Place("p.yaml", 11, "instruments.grant")


@pytest.mark.parametrize(
    ("key", "method", "said"),
    [
        ("rows", "flag", "p.yaml:2: rows: expected true or false, found '5_000'"),
        ("share", "integer", "p.yaml:3: share: expected a whole number, found '0.25'"),
        ("id", "number", "p.yaml:1: id: expected a finite number, found 'credit'"),
        ("years", "words", "p.yaml:5: years: expected a text, found a list"),
        ("budget", "text", "p.yaml:7: budget: expected a text, found a mapping"),
        ("id", "child", "p.yaml:1: id: expected a mapping, found 'credit'"),
        ("id", "items", "p.yaml:1: id: expected a list, found 'credit'"),
        ("years", "matrix", "p.yaml:5: years: expected a list of numbers, found '2026'"),
        ("years", "each", "p.yaml:5: years: expected a mapping, found '2026'"),
        ("id", "title", "p.yaml:1: id: expected a mapping, found 'credit'"),
    ],
)
def test_another_kind_of_value_is_refused(reader: Reader, key: str, method: str, said: str) -> None:
    with pytest.raises(WrongValueError) as caught:
        getattr(reader, method)(key)
    assert str(caught.value) == said


def test_a_missing_key_names_the_mapping_and_what_was_perhaps_meant(reader: Reader) -> None:
    with pytest.raises(MissingKeyError) as caught:
        reader.child("budget").required("ammount")
    assert str(caught.value) == (
        "p.yaml:7: budget: expected the key 'ammount', found none; is 'amount' meant to be it?"
    )
    with pytest.raises(MissingKeyError) as caught:
        reader.required("empty")
    assert str(caught.value) == "p.yaml:12: empty: expected a value, found nothing"


def test_an_unknown_key_has_a_nearest_one(reader: Reader) -> None:
    with pytest.raises(UnknownKeyError) as caught:
        reader.child("budget").forbid_unknown(("resource", "amounts", "per_unit"))
    assert str(caught.value) == (
        "p.yaml:8: budget.amount: expected a known key, found this one; did you mean 'amounts'?"
    )


def test_a_word_that_is_no_choice_has_a_nearest_one(reader: Reader) -> None:
    with pytest.raises(WrongValueError) as caught:
        reader.child("budget").one_of("resource", ("loans", "grant"))
    assert str(caught.value) == (
        "p.yaml:7: budget.resource: expected one of loans, grant, found 'loan'; did you mean 'loans'?"
    )


@given(st.text(alphabet="0123456789eE+-._ naif", max_size=30))
def test_any_text_is_a_number_or_a_mistake(text: str) -> None:
    reader = Reader(parse_yaml(f"x: '{text}'\n", "f"), "f")
    for method in (reader.number, reader.integer, reader.quantity, reader.flag):
        with suppress(HaidangError):
            method("x")
