"""A backtest reads what it lists and what was known, and a mistake names file, line and key."""

from datetime import date

import pytest

from haidang.errors import HaidangError, Place
from haidang.facts import FactBook, UnknownFactError
from haidang.learn import LeakError, seal
from haidang.learn.leak import Reading

SOURCES = """
early: {title: A, publisher: B, date: 2020-01}
late: {title: A, publisher: B, date: 2021-06}
telling: {title: A, publisher: B, date: 2019-06}
"""
FACTS = """
known: {value: 1 VND, source: early, as_of: 2020-01}
printed: {value: 1 VND, source: late, as_of: 2020-01}
later: {value: 1 VND, source: early, as_of: 2021-03-31}
undated: {value: 1 VND, source: early}
yearly: {unit: VND, dated: {2018: 1, 2020: 3, 2021: 2}, source: early}
begun: {unit: VND, dated: {2021: 2, 2022: 3}, source: early}
planned: {unit: VND, dated: {2020: 2, 2022: 3}, source: early, as_of: 2020-06}
told: {value: 1 VND, source: telling, as_of: 2019-06}
assumed: {value: 2 VND, range: "[1, 3]", assumption: Because., as_of: 2020-02}
"""
CUTOFF = date(2020, 12, 31)
HERE = Place("backtest.yaml", 7, "reads")


@pytest.fixture
def book(tmp_path):
    (tmp_path / "facts").mkdir()
    (tmp_path / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (tmp_path / "facts" / "all.yaml").write_text(FACTS, encoding="utf-8")
    return FactBook.load(tmp_path)


def reading(*names, printed_later=None, refused=frozenset()):
    return [Reading(dict.fromkeys(names, HERE), CUTOFF, printed_later or {}, refused)]


def test_what_is_listed_can_be_read_and_nothing_else(book):
    sealed = seal(book, reading("known", "assumed"))
    assert sealed.value("known") == 1
    assert sealed.uncertain() == ("assumed",)
    with pytest.raises(UnknownFactError):
        sealed.value("later")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("later", "known by 2020-12-31, found 'later' of 2021-03-31"),
        ("undated", "states when it was known, found 'undated' without as_of"),
        ("begun", "known by 2020-12-31, found 'begun' with 2021 as its first year"),
        ("printed", "printed by 2020-12-31, found 'late' of 2021-06 behind 'printed'"),
        ("knwon", "expected a fact of the pack, found 'knwon'"),
    ],
)
def test_what_was_not_known_is_refused_with_its_place(book, name, words):
    with pytest.raises(HaidangError) as caught:
        seal(book, reading("known", name))
    assert str(caught.value).startswith("backtest.yaml:7: reads: ")
    assert words in str(caught.value)


def test_a_series_ends_at_the_cutoff(book):
    sealed = seal(book, reading("yearly"))
    assert sealed.fact("yearly").dated == {2018: 1.0, 2020: 3.0}
    assert sealed.value("yearly") == 3.0
    assert sealed.value("yearly", 2021) == 3.0


def test_a_series_announced_by_the_cutoff_is_known_whole(book):
    assert seal(book, reading("planned")).value("planned", 2022) == 3.0


def test_a_later_page_about_an_earlier_day_is_read_where_it_is_owned_up_to(book):
    assert "printed" in seal(book, reading("printed", printed_later={"late": "A reason."})).facts


def test_a_fact_that_rests_on_the_outcomes_source_is_refused_whatever_its_day(book):
    with pytest.raises(LeakError, match="does not rest on the outcome's source, found 'telling'"):
        seal(book, reading("told", refused=frozenset({"telling"})))
