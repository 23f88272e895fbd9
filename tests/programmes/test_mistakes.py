"""What may be wrong in a programme's file, and the line that says so."""

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
from tests.programmes.cards import BOOK, CARD, PROGRAMME, write


def load_and_check(path: Path) -> None:
    for programme in load_programme(path, BOOK).programmes:
        check_programme(programme, CARD, BOOK)


def said(folder: Path, old: str, new: str) -> str:
    """What loading and then checking says after one change of the file, without the folder's name."""
    assert old in PROGRAMME
    path = write(folder, PROGRAMME.replace(old, new, 1))
    with pytest.raises(HaidangError) as caught:
        load_and_check(path)
    return str(caught.value).removeprefix(f"{path}:")


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
        # Budgets.
        (
            "resource: loan",
            "resource: lone",
            "14: instruments.credit.budget.resource",
            "expected a resource of the model, found 'lone'; did you mean 'loan'?",
        ),
        (
            "amount: 1500e9 VND, per_year: 300e9 VND, per_unit: 85e9 VND",
            "carry_over: true",
            "14: instruments.credit.budget",
            "expected at least one of 'amount', 'per_year', 'per_unit' in a budget, found none",
        ),
        (
            "amount: 1500e9 VND",
            "amount: 1500e9",
            "14: instruments.credit.budget.amount",
            "expected one unit of measure in a budget, found a number without a unit and VND",
        ),
        (
            "amount: 1500e9 VND, per_year: 300e9 VND, per_unit: 85e9 VND",
            "amount: 1500e9",
            "14: instruments.credit.budget.amount",
            "expected VND in a budget of 'loan', found a number without a unit",
        ),
        (
            "amount: 1500e9 VND, per_year: 300e9 VND, per_unit: 85e9 VND",
            "amount: 5 GWh",
            "14: instruments.credit.budget.amount",
            "expected VND in a budget of 'loan', found kWh",
        ),
        (
            "amount: 1500e9 VND",
            "amount: -1 VND",
            "14: instruments.credit.budget.amount",
            "expected an amount of zero or more, found -1 in '-1 VND'",
        ),
        (
            "amount: 1500e9 VND",
            "amount: 1e19 VND",
            "14: instruments.credit.budget.amount",
            "expected an amount up to 4e+18",
        ),
        (
            "amount: 1500e9 VND",
            "amount: 1 VND / 0",
            "14: instruments.credit.budget.amount",
            "expected an amount up to 4e+18, found '1 VND / 0'",
        ),
        (
            "amount: 1500e9 VND",
            "amount: 1.5 VND",
            "14: instruments.credit.budget.amount",
            "expected a whole number of VND, found '1.5 VND'",
        ),
        (
            "amount: 1500e9 VND",
            "amount: lines",
            "14: instruments.credit.budget.amount",
            "expected a fact in an amount, found 'lines'; did you mean 'line'?",
        ),
        (
            "amount: 1500e9 VND",
            "amount: 1 VND > 2 VND",
            "14: instruments.credit.budget.amount",
            "expected an amount, found the condition '1 VND > 2 VND'",
        ),
        (
            "amount: 1500e9 VND",
            "amount: 1500e9 VDN",
            "14: instruments.credit.budget.amount",
            "expected a unit of measure, found 'VDN' behind a number in '1500e9 VDN'; did you mean 'VND'?",
        ),
        (
            "per_year: 300e9 VND",
            "per_year: 1600e9 VND",
            "14: instruments.credit.budget.per_year",
            "expected at most the total of 1,500,000,000,000, found 1,600,000,000,000",
        ),
        (
            "per_year: 300e9 VND",
            "per_yaer: 300e9 VND",
            "14: instruments.credit.budget.per_yaer",
            "expected a known key, found this one; did you mean 'per_year'?",
        ),
        (
            "revolving: true",
            "revolving: yes",
            "14: instruments.credit.budget.revolving",
            "expected true or false, found 'yes'",
        ),
        (
            "carry_over: false",
            "revolving: true",
            "21: instruments.advice.budget.resource",
            "expected a resource that comes back in a revolving budget, found 'seats'",
        ),
        (
            "resource: seats, amount: 500",
            "resource: grant, amount: 500 VND",
            "22: instruments.advice.budget.resource",
            "expected one budget for each resource, found two for 'grant'",
        ),
        # Rationing.
        (
            "    ration: lottery\n",
            "",
            "17: instruments.advice",
            "expected the key 'ration' beside a budget, found none; write lottery, first_come",
        ),
        (
            "ration: lottery",
            "ration: lotery",
            "23: instruments.advice.ration",
            "expected one of lottery, first_come, found 'lotery'; did you mean 'lottery'?",
        ),
        (
            "order: highest",
            "order: higest",
            "15: instruments.credit.ration.order",
            "expected one of highest, lowest, found 'higest'; did you mean 'highest'?",
        ),
        ("by: expected_level_gain / loan, ", "", "15: instruments.credit.ration", "expected the key 'by', found none"),
        (
            "expected_level_gain / loan",
            "expected_gain / loan",
            "15: instruments.credit.ration.by",
            "expected a known name, found 'expected_gain'; did you mean 'expected_level_gain'?",
        ),
        (
            "expected_level_gain / loan",
            "level < 3",
            "15: instruments.credit.ration.by",
            "expected a number to rank by, found the condition 'level < 3'; write '1 if level < 3 else 0'",
        ),
        (
            "expected_level_gain / loan",
            "1 if sector == 'fod' else 0",
            "15: instruments.credit.ration.by",
            "expected a category of 'sector', found 'fod'",
        ),
        (
            "expected_level_gain / loan",
            "loan + revenue",
            "15: instruments.credit.ration.by",
            "expected one unit of measure on both sides of '+', found VND and VND/year",
        ),
        # Variants.
        (
            "remove: [credit]",
            "remove: [credt]",
            "27: variants.advice-only.remove",
            "expected an instrument to remove, found 'credt'; did you mean 'credit'?",
        ),
        (
            "remove: [credit]",
            "remove: [credit, advice]",
            "26: variants.advice-only",
            "expected at least one instrument to be left, found none",
        ),
        (
            "  advice-only:",
            "  green-credit:",
            "25: variants.green-credit",
            "expected a variant's own id, found that of the programme",
        ),
        ("  advice-only:", "  baseline:", "25: variants.baseline", "expected another id, found 'baseline'"),
        (
            "  guarantee:",
            "  advice-only:",
            "28: variants.advice-only",
            "expected each key once, found it first in line 25",
        ),
        ("    remove: [credit]", "    years: 2026", "27: variants.advice-only.years", "expected a known key"),
        (
            "model: factories",
            "model: trucks",
            "3: model",
            "expected a programme of the model 'factories', found one of 'trucks'",
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
