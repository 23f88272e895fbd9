"""What may be wrong with budgets, rationing and variants, and the line that says so."""

from pathlib import Path

import pytest

from tests.programmes.cards import said


@pytest.mark.parametrize(
    ("old", "new", "where", "what"),
    [
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
            "expected VND in a limit of 'loan', found a number without a unit",
        ),
        (
            "amount: 1500e9 VND, per_year: 300e9 VND, per_unit: 85e9 VND",
            "amount: 5 GWh",
            "14: instruments.credit.budget.amount",
            "expected VND in a limit of 'loan', found kWh",
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
