"""Every mistake that a facts file can hold, with the line that the user sees."""

from pathlib import Path

import pytest

from haidang.errors import HaidangError
from haidang.facts import FactBook
from tests.facts.packs import SOURCES, write_pack

FACT = """\
rate:
  value: 6.52 %/year
  range: [6.1, 7.9]
  source: bank-2025
"""


def said_of(folder: Path, facts: str, sources: str = SOURCES) -> str:
    """The mistake met, without the folder's name."""
    pack = write_pack(folder / "city", facts, sources)
    with pytest.raises(HaidangError) as caught:
        FactBook.load(pack)
    message = str(caught.value)
    assert "\n" not in message
    assert str(FactBook.mistakes(pack)[0]) == message
    return message.replace(f"{pack}/", "")


CASES = {
    "a unit that is none": (
        FACT.replace("%/year", "%/yaer"),
        "facts/money.yaml:2: rate.value: expected a unit of measure, found 'yaer'; did you mean 'year'?",
    ),
    "a range in another unit": (
        FACT.replace("[6.1, 7.9]", "[6.1, 7.9] VND"),
        "facts/money.yaml:3: rate.range: expected a unit of the same kind as '%/year', found 'VND'",
    ),
    "a range in another currency": (
        "rate: {value: 5 VND, range: [1, 9] USD, source: bank-2025}",
        "facts/money.yaml:1: rate.range: expected a unit of the same kind as 'VND', found 'USD'; "
        "an exchange rate is a fact too, nothing is exchanged silently",
    ),
    "a unit of two currencies": (
        "rate: {value: 5 VND*USD, source: bank-2025}",
        "facts/money.yaml:1: rate.value: expected one currency or a rate between two such as 'VND/USD', "
        "found USD and VND in 'VND*USD'",
    ),
    "a sum of two currencies": (
        "rate: {value: 5 VND + USD, source: bank-2025}",
        "facts/money.yaml:1: rate.value: expected a product of units such as 'VND/year', found 'VND + USD'",
    ),
    "a unit key that contradicts the value": (
        "rate: {value: 5 USD, unit: kWh, source: bank-2025}",
        "facts/money.yaml:1: rate.value: expected a unit of the same kind as 'kWh', found 'USD'",
    ),
    "a unit key that is no unit": (
        "rate: {value: 5, unit: kwh, source: bank-2025}",
        "facts/money.yaml:1: rate.unit: expected a unit of measure, found 'kwh'; did you mean 'kWh'?",
    ),
    "a standard error in another unit": (
        "rate: {value: 5 %, se: 1 firm, source: bank-2025}",
        "facts/money.yaml:1: rate.se: expected a unit of the same kind as '%', found 'firm'",
    ),
    "an unknown key": (
        FACT.replace("range", "rnage"),
        "facts/money.yaml:3: rate.rnage: expected a known key, found this one; did you mean 'range'?",
    ),
    "a key without a value": (
        FACT.replace(" [6.1, 7.9]", ""),
        "facts/money.yaml:3: rate.range: expected a value, found nothing",
    ),
    "no source": (
        FACT.replace("  source: bank-2025\n", ""),
        "facts/money.yaml:2: rate: expected a source, or an assumption with its reason, found neither",
    ),
    "an assumption without its reason": (
        FACT.replace("source: bank-2025", "assumption: ''"),
        "facts/money.yaml:4: rate.assumption: expected a text, found an empty one",
    ),
    "the word assumption for a source": (
        FACT.replace("bank-2025", "assumption"),
        "facts/money.yaml:4: rate.source: expected a source; write 'assumption:' and the reason",
    ),
    "an unknown source": (
        FACT.replace("bank-2025", "bnak-2025"),
        "facts/money.yaml:4: rate.source: expected a source of the pack, found 'bnak-2025'; did you mean 'bank-2025'?",
    ),
    "a range that excludes its value": (
        FACT.replace("6.1", "7.1"),
        "facts/money.yaml:3: rate.range: expected a range around the value 6.52, found [7.1, 7.9] %/year",
    ),
    "a range the wrong way round": (
        FACT.replace("[6.1, 7.9]", "[7.9, 6.1]"),
        "facts/money.yaml:3: rate.range: expected a range from less to more, found [7.9, 6.1]",
    ),
    "a range of three": (
        FACT.replace("[6.1, 7.9]", "[6.1, 7, 7.9]"),
        "facts/money.yaml:3: rate.range: expected a range of two numbers, found 3",
    ),
    "a range that is a number": (
        FACT.replace("[6.1, 7.9]", "6.1"),
        "facts/money.yaml:3: rate.range: expected a range such as '[6.1, 7.9] %/year', found '6.1'",
    ),
    "a range with its unit twice": (
        FACT.replace("[6.1, 7.9]", "[6.1 %/year, 7.9 %/year] %/year"),
        "facts/money.yaml:3: rate.range: expected two plain numbers before the unit, "
        "found '[6.1 %/year, 7.9 %/year] %/year'",
    ),
    "a fact twice in a file": (
        FACT + FACT,
        "facts/money.yaml:5: rate: expected each key once, found it first in line 1",
    ),
    "a number that is none": (
        FACT.replace("6.52 %/year", ".nan"),
        "facts/money.yaml:2: rate.value: expected a number and a unit such as '6.52 %/year', found '.nan'",
    ),
    "an infinite number": (
        FACT.replace("6.52", "1e999"),
        "facts/money.yaml:2: rate.value: expected a finite number, found '1e999 %/year'",
    ),
    "a number that is infinite in its canonical unit": (
        "rate: {value: 1e305 TWh, source: bank-2025}",
        "facts/money.yaml:1: rate.value: expected a finite number in kWh, found '1e305 TWh'",
    ),
    "an infinite end of a range": (
        FACT.replace("7.9", "inf"),
        "facts/money.yaml:3: rate.range: expected a number and a unit such as '6.52 %/year', found 'inf'",
    ),
    "a day that is none": (
        FACT + "  as_of: 2025-02-30\n",
        "facts/money.yaml:5: rate.as_of: expected a date such as 2025, 2025-10 or 2025-10-03, found '2025-02-30'",
    ),
    "a date in words": (
        FACT + "  as_of: October 2025\n",
        "facts/money.yaml:5: rate.as_of: expected a date such as 2025, 2025-10 or 2025-10-03, found 'October 2025'",
    ),
    "a list for a fact": (
        "rate: [6.52, 7.9]\n",
        "facts/money.yaml:1: rate: expected a mapping, found a list",
    ),
    "a number for a fact": (
        "rate: 6.52 %/year\n",
        "facts/money.yaml:1: rate: expected a mapping, found '6.52 %/year'",
    ),
    "nothing for a fact": ("rate:\n", "facts/money.yaml:1: rate: expected a value, found nothing"),
    "a list for a file": ("- rate\n", "facts/money.yaml:1: expected a mapping, found a list"),
    "a mapping for a value": (
        "rate: {value: {a: 1}, source: bank-2025}\n",
        "facts/money.yaml:1: rate.value: expected a number and its unit, found a mapping",
    ),
    "a mapping for a source": (
        "rate: {value: 1, source: {a: 1}}\n",
        "facts/money.yaml:1: rate.source: expected a text, found a mapping",
    ),
    "a tag": (
        "rate: {value: !number 1, source: bank-2025}\n",
        "facts/money.yaml:1: expected plain YAML, found a tag; tags such as '!name' are not read",
    ),
    "a tab": (
        "rate:\n\tvalue: 1\n",
        "facts/money.yaml:2: expected spaces before the first word, found a tab",
    ),
    "an empty file": ("", "facts/money.yaml: expected a mapping, found an empty file"),
    "a name that no expression can use": (
        FACT.replace("rate:", "loan-rate:"),
        "facts/money.yaml:2: loan-rate: expected an id of letters, digits and '_' that expressions can name",
    ),
    "a name that is a word of the language": (
        FACT.replace("rate:", "if:"),
        "facts/money.yaml:2: if: expected an id of letters, digits and '_' that expressions can name",
    ),
    "neither value nor dates": (
        "rate: {source: bank-2025}\n",
        "facts/money.yaml:1: rate: expected one of value, dated and values, found none",
    ),
    "value and dates": (
        "rate: {value: 1, dated: {2020: 1}, source: bank-2025}\n",
        "facts/money.yaml:1: rate: expected one of value, dated and values, found value and dated",
    ),
    "a title in one language": (
        FACT + "  title: {en: A rate}\n",
        "facts/money.yaml:5: rate.title: expected the key 'vi', found none",
    ),
    "a title in another language": (
        FACT + "  title: {vi: Lãi suất, en: A rate, fr: Un taux}\n",
        "facts/money.yaml:5: rate.title.fr: expected a known key, found this one; known are: en, vi",
    ),
    "an assumption in one language": (
        "rate:\n  value: 1\n  assumption:\n    vi: Chưa công bố.\n",
        "facts/money.yaml:4: rate.assumption: expected the key 'en', found none",
    ),
    "a note in another language": (
        FACT + "  note: {vi: Mới, en: New, fr: Neuf}\n",
        "facts/money.yaml:5: rate.note.fr: expected a known key, found this one; known are: en, vi",
    ),
    "a note with nothing in one language": (
        FACT + "  note:\n    vi:\n    en: New\n",
        "facts/money.yaml:6: rate.note.vi: expected a value, found nothing",
    ),
    "an empty note in one language": (
        FACT + "  note: {vi: '', en: New}\n",
        "facts/money.yaml:5: rate.note.vi: expected a text, found an empty one",
    ),
    "a place in a list": (
        FACT + "  place: [one, two]\n",
        "facts/money.yaml:5: rate.place: expected a text, found a list",
    ),
    "an unknown distribution": (
        FACT + "  distribution: triangle\n",
        "facts/money.yaml:5: rate.distribution: expected one of uniform, triangular, normal, lognormal, beta, "
        "found 'triangle'; did you mean 'triangular'?",
    ),
    "a normal distribution without its standard error": (
        FACT + "  distribution: normal\n",
        "facts/money.yaml:5: rate.distribution: expected the key 'se' beside the distribution 'normal', found none",
    ),
    "a uniform distribution without its range": (
        "rate: {value: 1, distribution: uniform, source: bank-2025}",
        "facts/money.yaml:1: rate.distribution: expected the key 'range' beside the distribution 'uniform', found none",
    ),
    "a triangular distribution with a standard error": (
        FACT + "  se: 1\n  distribution: triangular\n",
        "facts/money.yaml:6: rate.distribution: expected 'normal' or 'lognormal' beside 'se', found 'triangular'",
    ),
    "a standard error of zero": (
        "rate: {value: 1, se: 0, source: bank-2025}",
        "facts/money.yaml:1: rate.se: expected a positive standard error, found 0",
    ),
    "a lognormal of a negative number": (
        "rate: {value: -1, se: 1, distribution: lognormal, source: bank-2025}",
        "facts/money.yaml:1: rate.value: expected a positive value beside 'lognormal', found -1",
    ),
    "a year that is none": (
        "grid: {unit: kWh, dated: {2020: 1, soon: 2}, source: bank-2025}",
        "facts/money.yaml:1: grid.dated.soon: expected a year, found 'soon'",
    ),
    "a dated value in another unit": (
        "grid:\n  dated:\n    2020: 1 kWh\n    2021: 2 VND\n  source: bank-2025\n",
        "facts/money.yaml:4: grid.dated.2021: expected a unit of the same kind as 'kWh', found 'VND'",
    ),
    "no dated value": (
        "grid: {dated: {}, source: bank-2025}",
        "facts/money.yaml:1: grid.dated: expected at least one dated value, found none",
    ),
    "a range beside dated values": (
        "grid: {dated: {2020: 1 kWh}, range: [1, 2], source: bank-2025}",
        "facts/money.yaml:1: grid.range: expected this key beside 'value' only",
    ),
    "a future that is neither held nor a trend": (
        "grid: {dated: {2020: 1 kWh}, after: tend, source: bank-2025}",
        "facts/money.yaml:1: grid.after: expected one of hold, trend, found 'tend'; did you mean 'trend'?",
    ),
    "a future of a value without dates": (
        FACT + "  after: trend\n",
        "facts/money.yaml:5: rate.after: expected this key beside 'dated' only",
    ),
    "a rival that is not there": (
        "rate:\n  values:\n    bank: {value: 1 %, source: bank-2025}\n    firms: {value: 2 %, source: survey-2023}\n"
        "  use: banks\n",
        "facts/money.yaml:5: rate.use: expected one of bank, firms, found 'banks'; did you mean 'bank'?",
    ),
    "no rival in use": (
        "rate:\n  values:\n    bank: {value: 1 %, source: bank-2025}\n",
        "facts/money.yaml:2: rate: expected the key 'use', found none",
    ),
    "a rival without a source": (
        "rate:\n  values:\n    bank: {value: 1 %}\n  use: bank\n",
        "facts/money.yaml:3: rate.values.bank: expected a source, or an assumption with its reason, found neither",
    ),
    "a rival in another currency": (
        "rate:\n  values:\n    bank: {value: 1 VND, source: bank-2025}\n    firms: {value: 2 USD, source: bank-2025}\n"
        "  use: bank\n",
        "facts/money.yaml:4: rate.values.firms.value: expected a unit of the same kind as 'VND', found 'USD'; "
        "an exchange rate is a fact too, nothing is exchanged silently",
    ),
    "a rival without a unit": (
        "rate:\n  values:\n    bank: {value: 1 VND, source: bank-2025}\n    firms: {value: 2, source: bank-2025}\n"
        "  use: bank\n",
        "facts/money.yaml:4: rate.values.firms.value: expected a unit of the same kind as 'VND', found '1'",
    ),
    "a source beside rivals": (
        "rate:\n  values:\n    bank: {value: 1 VND, source: bank-2025}\n  use: bank\n  source: bank-2025\n",
        "facts/money.yaml:5: rate.source: expected this key beside 'value' only",
    ),
    "a joint of an unknown fact": (
        "a: {value: 1, source: bank-2025}\njoint:\n  both: {facts: [a, b], covariance: [[1, 0], [0, 1]]}\n",
        "facts/money.yaml:3: joint.both.facts: expected a fact, found 'b'; known are: a",
    ),
    "a joint of a fact with a range": (
        FACT + "joint:\n  both: {facts: [rate], covariance: [[1]]}\n",
        "facts/money.yaml:6: joint.both.facts: expected facts with one value only, "
        "found 'rate' with a range, 'se', dates or values",
    ),
    "a joint that names a fact twice": (
        "a: {value: 1, source: bank-2025}\njoint:\n  both: {facts: [a, a], covariance: [[1, 0], [0, 1]]}\n",
        "facts/money.yaml:3: joint.both.facts: expected each fact in one joint and once, found 'a' again",
    ),
    "a fact in two joints": (
        "a: {value: 1, source: bank-2025}\njoint:\n  one: {facts: [a], covariance: [[1]]}\n"
        "  two: {facts: [a], covariance: [[1]]}\n",
        "facts/money.yaml:4: joint.two.facts: expected each fact in one joint and once, found 'a' again",
    ),
    "a covariance of another size": (
        "a: {value: 1, source: bank-2025}\njoint:\n  both: {facts: [a], covariance: [[1, 0]]}\n",
        "facts/money.yaml:3: joint.both.covariance: expected 1 rows of 1 numbers, found rows of 2",
    ),
    "a covariance that is not symmetric": (
        "a: {value: 1, source: bank-2025}\nb: {value: 1, source: bank-2025}\n"
        "joint:\n  both: {facts: [a, b], covariance: [[1, 0.1], [0.2, 1]]}\n",
        "facts/money.yaml:4: joint.both.covariance: expected a symmetric covariance, found one that is not",
    ),
    "a covariance that is not positive definite": (
        "a: {value: 1, source: bank-2025}\nb: {value: 1, source: bank-2025}\n"
        "joint:\n  both: {facts: [a, b], covariance: [[1, 2], [2, 1]]}\n",
        "facts/money.yaml:4: joint.both.covariance: expected a positive definite covariance, found one that is not",
    ),
    "a rank that the covariance has not": (
        "a: {value: 1, source: bank-2025}\nb: {value: 1, source: bank-2025}\n"
        "joint:\n  both: {facts: [a, b], rank: 1, covariance: [[1, 0.5], [0.5, 1]]}\n",
        "facts/money.yaml:4: joint.both.rank: expected a covariance in which 1 facts are free, found 2",
    ),
    "a covariance of a lower rank with something negative": (
        "a: {value: 1, source: bank-2025}\nb: {value: 1, source: bank-2025}\n"
        "joint:\n  both: {facts: [a, b], rank: 1, covariance: [[1, 2], [2, 1]]}\n",
        "facts/money.yaml:4: joint.both.covariance: expected a positive semidefinite covariance, found one that is not",
    ),
    "a correlation of a fact with one value only": (
        FACT + "a: {value: 1, source: bank-2025}\njoint:\n"
        "  both: {facts: [rate, a], correlation: [[1, 0.5], [0.5, 1]]}\n",
        "facts/money.yaml:7: joint.both.facts: expected facts with a range or 'se' of their own, found 'a' without; "
        "facts with one value only take a covariance",
    ),
    "a correlation whose diagonal is not one": (
        FACT + "joint:\n  both: {facts: [rate], correlation: [[2]]}\n",
        "facts/money.yaml:6: joint.both.correlation: expected a correlation with 1 on its diagonal, "
        "found another number",
    ),
    "a covariance with a word": (
        "a: {value: 1, source: bank-2025}\njoint:\n  both:\n    facts: [a]\n    covariance:\n      - [one]\n",
        "facts/money.yaml:6: joint.both.covariance: expected a finite number, found 'one'",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_mistake_in_a_fact_names_its_file_line_and_key(tmp_path: Path, case: str) -> None:
    facts, said = CASES[case]
    assert said_of(tmp_path, facts) == said


SOURCE_CASES = {
    "no publisher": (
        "bank-2025:\n  title: A\n  date: 2025\n",
        "sources.yaml:2: bank-2025: expected the key 'publisher', found none",
    ),
    "an unknown key": (
        "bank-2025:\n  title: A\n  publisher: B\n  date: 2025\n  adress: C\n",
        "sources.yaml:5: bank-2025.adress: expected a known key, found this one; did you mean 'address'?",
    ),
    "a date that is none": (
        "bank-2025:\n  title: A\n  publisher: B\n  date: 2025-13\n",
        "sources.yaml:4: bank-2025.date: expected a date such as 2025, 2025-10 or 2025-10-03, found '2025-13'",
    ),
    "an empty file": ("", "sources.yaml: expected a mapping, found an empty file"),
    "a list": ("- a\n", "sources.yaml:1: expected a mapping, found a list"),
}


@pytest.mark.parametrize("case", SOURCE_CASES)
def test_a_mistake_in_a_source_names_its_file_line_and_key(tmp_path: Path, case: str) -> None:
    sources, said = SOURCE_CASES[case]
    assert said_of(tmp_path, FACT, sources) == said
