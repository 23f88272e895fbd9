"""Every fact as a table for spreadsheets: each number in a cell of its own, in the unit in which it is stated."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from haidang.results.catalogue import catalogue
from haidang.results.manifest import FactText
from haidang.results.numerals import unit_text
from haidang.web.city.pack import FactRow, fact_rows
from haidang.web.tables import workbook
from haidang.web.words import Language, words

NUMBERS = ("year", "value", "low", "high", "standard_error", "unit", "qualifier")
HEAD = ("id", "title", *NUMBERS, "sources", "addresses", "assumption", "note")


def table(language: Language) -> list[tuple[Any, ...]]:
    """A row for each fact, and of one that is stated by year for each year."""
    return [
        (
            row.id, row.title, *(each[name] for name in NUMBERS), "; ".join(one.text for one in row.sources),
            "; ".join(one.address or "" for one in row.sources), row.assumption, row.note,
        )
        for row in fact_rows(language).values()
        for each in numbers(row, language)
    ]  # fmt: skip


@lru_cache(maxsize=2)
def written(language: Language) -> bytes:
    """The same as a workbook, written once: the pack stays as it is until a restart."""
    return workbook("facts", HEAD, table(language))


@lru_cache(maxsize=1)
def written_plain() -> bytes:
    """The same as JSON in both languages, each fact as the interface for programs tells it; written once."""
    from haidang.web.api.told import fact_plain

    told = {"facts": [fact_plain(name) for name in fact_rows("en")]}
    return json.dumps(told, ensure_ascii=False, indent=1, allow_nan=False).encode()


def numbers(row: FactRow, language: Language) -> Iterator[Mapping[str, Any]]:
    """The numbers of a fact; what there is none of is nothing.

    The qualifier says what the number beside it is: certain, the likeliest of a range, an estimate with its standard
    error, or the value of one year.
    """
    fact, unit = row.stated, unit_text(row.stated.unit, catalogue(language))
    by_year: Mapping[str, Any] = fact.dated or {"": fact.value}
    low, high = (fact.range or (None, None)) if not fact.dated else (None, None)
    for year, value in sorted(by_year.items()):
        yield {
            "year": int(year) if year.isdecimal() else year or None, "value": _cell(value), "low": _cell(low),
            "high": _cell(high), "standard_error": None if fact.dated else _cell(fact.se), "unit": unit,
            "qualifier": words(language).text(f"facts.qualifier.{_qualifier(fact)}"),
        }  # fmt: skip


def _qualifier(fact: FactText) -> str:
    if fact.dated:
        return "dated"
    return "range" if fact.range else "estimate" if fact.se is not None else "certain"


def _cell(value: Any) -> Any:
    """A number without the digits that only a binary fraction has; whole where it is whole."""
    if not isinstance(value, float):
        return value
    return int(value) if value.is_integer() and abs(value) < 1e15 else float(f"{value:.15g}")
