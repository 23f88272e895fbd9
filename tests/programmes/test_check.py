"""What an expression of a programme may name, and how a programme fits its model."""

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from haidang.facts import FactBook
from haidang.programmes import ExpressionError, ProgrammeError, check_programme, parse, parse_programme
from haidang.programmes.card import ModelCard
from tests.programmes.cards import BOOK, CARD, COLUMNS, PROGRAMME, Column, Lever, fact

GREEN = parse_programme(PROGRAMME, "x.yaml", BOOK).base


def check_eligible(text: str, card: ModelCard = CARD, book: FactBook = BOOK) -> None:
    credit = replace(GREEN.instruments[0], eligible=parse(text))
    check_programme(replace(GREEN, instruments=(credit,)), card, book)


@pytest.mark.parametrize(
    "text",
    [
        "year >= 2027",
        "market_rate > 5 %/year",
        "loan_share < 1",
        "loan_rate < market_rate",
        "loan_years > 3 year",
        "district == 'anything, for the model leaves it open'",
        "true",
    ],
)
def test_columns_facts_levers_and_the_year_may_be_named(text: str) -> None:
    check_eligible(text)


def test_a_name_that_stands_for_two_things_is_refused_where_it_is_read() -> None:
    card = replace(CARD, columns={**COLUMNS, "market_rate": Column("number", "1")})
    with pytest.raises(ExpressionError, match="stands for one thing, found 'market_rate', a column and a fact"):
        check_eligible("market_rate > 1", card)
    check_programme(replace(GREEN, instruments=GREEN.instruments[1:]), card, BOOK)


def test_a_lever_of_the_name_of_another_fact_is_two_things() -> None:
    card = replace(CARD, levers={**CARD.levers, "line": Lever("VND", 0.0)})
    with pytest.raises(ExpressionError, match="found 'line', a lever and a fact"):
        check_eligible("line > 0", card)


def test_a_resource_may_be_named_by_the_priority_only() -> None:
    credit = GREEN.instruments[0]
    for by in ("loan", "-loan", "assets / loan", "expected_level_gain", "1 if exporter else 0"):
        changed = replace(credit, ration=replace(credit.ration, by=parse(by)))
        check_programme(replace(GREEN, instruments=(changed,)), CARD, BOOK)


def test_a_resource_of_the_name_of_a_column_is_two_things_in_a_priority() -> None:
    card = replace(CARD, columns={**COLUMNS, "loan": Column("number", "VND")})
    with pytest.raises(ExpressionError, match="found 'loan', a column and a resource"):
        check_programme(GREEN, card, BOOK)
    check_programme(replace(GREEN, instruments=GREEN.instruments[1:]), card, BOOK)


def test_a_share_above_one_is_meant_where_its_percent_is_written() -> None:
    advice = GREEN.instruments[1]
    changed = replace(advice, levers={"loan_share": parse("150 %")})
    check_programme(replace(GREEN, instruments=(changed,)), CARD, BOOK)


def test_a_fact_that_begins_later_is_no_mistake_for_an_instrument_that_does_too() -> None:
    credit = replace(GREEN.instruments[0], eligible=parse("grid_factor > 0"), years=(2027,))
    check_programme(replace(GREEN, instruments=(credit,)), CARD, BOOK)
    with pytest.raises(ProgrammeError, match="stated for 2026, found 'grid_factor', which begins later"):
        check_programme(replace(GREEN, instruments=(replace(credit, years=None),)), CARD, BOOK)


def test_a_unit_of_a_fact_is_the_one_it_is_stated_in() -> None:
    book = replace(BOOK, facts={**BOOK.facts, "floor": fact("floor", 2, "billion VND/year")})
    check_eligible("revenue > floor", book=book)
    with pytest.raises(ExpressionError, match="found kWh/year and VND/year"):
        check_eligible("electricity > floor", book=book)


def test_reading_and_checking_a_programme_imports_neither_jax_nor_polars() -> None:
    code = (
        "import sys; from tests.programmes.cards import *; from haidang.programmes import *; "
        "file = parse_programme(PROGRAMME, 'x.yaml', BOOK); "
        "assert not any(programme_mistakes(one, CARD, BOOK) for one in file.programmes); "
        "assert not {'jax', 'polars'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2])
