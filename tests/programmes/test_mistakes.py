"""What may be wrong with a programme, its instruments and levers, and the line that says so."""

from pathlib import Path

import pytest

from haidang.errors import HaidangError
from haidang.programmes import (
    ExpressionError,
    ProgrammeError,
    check_programme,
    load_programme,
    parse_programme,
    programme_mistakes,
)
from tests.programmes.cards import BOOK, CARD, PROGRAMME, said


def test_the_example_has_no_mistake() -> None:
    for programme in parse_programme(PROGRAMME, "x.yaml", BOOK).programmes:
        check_programme(programme, CARD, BOOK)
        assert programme_mistakes(programme, CARD, BOOK) == ()


SECOND_CREDIT = "  credit:\n    eligible: true\n    levers: {advice: 1}\n  advice:\n"


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
        # The file.
        (
            "years: 2026..2030",
            "yeers: 2026..2030",
            "4: yeers",
            "expected a known key, found this one; did you mean 'years'?",
        ),
        ("id: green-credit\n", "", "1", "expected the key 'id', found none"),
        (
            "id: green-credit",
            "id: Green Credit",
            "1: id",
            "expected an id such as 'green-credit', found 'Green Credit'",
        ),
        ("id: green-credit", "id: baseline", "1: id", "expected another id, found 'baseline'"),
        ("en: Green credit", "fr: Vert", "2: title.fr", "expected a known key"),
        ("years: 2026..2030", "years: 2030..2026", "4: years", "expected years that go forward, found 2030..2026"),
        (
            "years: 2026..2030",
            "years: 2026-2030",
            "4: years",
            "expected a year, or years such as '2026..2030', found '2026-2030'",
        ),
        ("years: 2026..2030", "years: 1026..2030", "4: years", "expected years from 1900 to 2200, found 1026 to 2030"),
        (
            "years: 2026..2030",
            "years: [2027, 2026]",
            "4: years",
            "expected years in order, each once, found 2027, 2026",
        ),
        ("years: 2026..2030", "years: [2026, 2026]", "4: years", "expected years in order, each once"),
        ("years: 2026..2030", "years: []", "4: years", "expected years in order, each once, found none"),
        (
            "years: [2026, 2027]",
            "years: 2031",
            "18: instruments.advice.years",
            "expected years of the programme, 2026 to 2030, found 2031",
        ),
        ("  advice:\n", SECOND_CREDIT, "16: instruments.credit", "expected each key once, found it first in line 8"),
        ("  credit:", "  Credit!:", "8: instruments.Credit!", "expected an id"),
        # An instrument.
        ("eligible: sector", "eligble: sector", "10: instruments.credit.eligble", "expected a known key"),
        ("    levers: {advice: 1}\n", "", "17: instruments.advice", "expected the key 'levers', found none"),
        (
            "levers: {advice: 1}",
            "levers: {}",
            "19: instruments.advice.levers",
            "expected at least one lever, found none",
        ),
        ("level < 4", "level < ", "10: instruments.credit.eligible", "expected an expression, found"),
        ("level < 4", "open('x')", "10: instruments.credit.eligible", "expected a known function, found 'open'"),
        (
            "level < 4",
            "levle < 4",
            "10: instruments.credit.eligible",
            "expected a known name, found 'levle'; did you mean 'level'?",
        ),
        (
            "level < 4",
            "level",
            "10: instruments.credit.eligible",
            "expected a condition beside 'and', found a number without a unit: 'level'",
        ),
        (
            "level < 4",
            "assets + electricity > 0",
            "10: instruments.credit.eligible",
            "expected one unit of measure on both sides of '+', found VND and kWh/year in 'assets + electricity'",
        ),
        (
            "level < 4",
            "loan > 0 VND",
            "10: instruments.credit.eligible",
            "expected a name of this place, found 'loan', a resource; only 'ration' knows it",
        ),
        (
            "level < 4",
            "expected_level_gain > 1",
            "10: instruments.credit.eligible",
            "expected a name of this place, found 'expected_level_gain', a column of the wish",
        ),
        (
            '"food"',
            '"fod"',
            "10: instruments.credit.eligible",
            "expected a category of 'sector', found 'fod'; did you mean 'food'?",
        ),
        (
            '"food"',
            '"manufacturng"',
            "10: instruments.credit.eligible",
            "expected a category of 'sector', found 'manufacturng'; did you mean 'manufacturing'?",
        ),
        (
            'eligible: sector == "food" and level < 4',
            "eligible: level",
            "10: instruments.credit.eligible",
            "expected a condition, found a number without a unit in 'level'",
        ),
        (
            'eligible: sector == "food" and level < 4',
            "eligible: {level: 4}",
            "10: instruments.credit.eligible",
            "expected a text, found a mapping",
        ),
        # Levers.
        (
            "loan_rate:",
            "lone_rate:",
            "12: instruments.credit.levers.lone_rate",
            "expected a lever of the model, found 'lone_rate'; did you mean 'loan_rate'?",
        ),
        (
            "market_rate - 2 point",
            "market_rate - 2 VND",
            "12: instruments.credit.levers.loan_rate",
            "expected one unit of measure on both sides of '-', found 1/year and VND",
        ),
        (
            "market_rate - 2 point",
            "revenue",
            "12: instruments.credit.levers.loan_rate",
            "expected 1/year, found VND/year in 'revenue'",
        ),
        (
            "market_rate - 2 point",
            "exporter",
            "12: instruments.credit.levers.loan_rate",
            "expected a number, found the condition 'exporter'; write '1 if exporter else 0'",
        ),
        (
            "market_rate - 2 point",
            "markt_rate - 2 point",
            "12: instruments.credit.levers.loan_rate",
            "expected a known name, found 'markt_rate'; did you mean 'market_rate'?",
        ),
        (
            "70 %",
            "70",
            "13: instruments.credit.levers.loan_share",
            "expected a share, found '70'; did you mean '70 %'?",
        ),
        (
            "market_rate - 2 point",
            "3",
            "12: instruments.credit.levers.loan_rate",
            "expected a rate in %/year, found '3'; did you mean '3 %/year'?",
        ),
        (
            "70 %",
            "grid_factor * 1 kWh / 1 tCO2e",
            "13: instruments.credit.levers.loan_share",
            "expected a fact that is stated for 2026, found 'grid_factor', which begins later",
        ),
        (
            "levers: {loan_cap: 1e9 VND}",
            "levers: {loan_cap: 1e9}",
            "39: variants.guarantee.instruments.reserve.levers.loan_cap",
            "expected VND, found a number without a unit",
        ),
    ],
)
def test_a_mistake_is_named_with_its_line_and_key(tmp_path: Path, old: str, new: str, where: str, what: str) -> None:
    found = said(tmp_path, old, new)
    assert found.startswith(f"{where}: {what}")
    assert "\n" not in found


def test_amounts_through_facts_need_the_facts() -> None:
    with pytest.raises(ExpressionError, match="found 'line'; load the programme with the facts of its pack"):
        parse_programme(PROGRAMME, "x.yaml")


def test_a_programme_without_an_instrument_is_refused() -> None:
    text = PROGRAMME[: PROGRAMME.index("instruments:")] + "instruments: {}\n"
    with pytest.raises(ProgrammeError, match=r"x\.yaml:7: instruments: expected at least one instrument, found none"):
        parse_programme(text, "x.yaml")


def test_a_missing_file_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(HaidangError, match="expected a file that can be read: no such file"):
        load_programme(tmp_path / "none.yaml")


def test_every_mistake_is_found_at_once() -> None:
    text = PROGRAMME.replace("level < 4", "levle < 4").replace("advice: 1}", "advise: 1}").replace("loan_share", "shre")
    programme = parse_programme(text, "x.yaml", BOOK).base
    assert [str(one.place) for one in programme_mistakes(programme, CARD, BOOK)] == [
        "x.yaml:10: instruments.credit.eligible",
        "x.yaml:13: instruments.credit.levers.shre",
        "x.yaml:19: instruments.advice.levers.advise",
    ]
