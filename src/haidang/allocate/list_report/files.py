"""The list on disk."""

from __future__ import annotations

import json
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from haidang.allocate.allocation import Allocation
from haidang.allocate.list_report.page import languages, list_html
from haidang.allocate.list_report.say import Say
from haidang.allocate.list_tables import Listed
from haidang.frameworks.framework import Language
from haidang.frameworks.workbook import MADE, Value, write_sheet
from haidang.results.run import replace_bytes
from haidang.study.plan_file import OFFERS, WHOLE

REPORT, WORKBOOK, LIST, UNITS = "report.html", "list.xlsx", "list.parquet", "units.parquet"


def write_list(found: Allocation, made: Listed, folder: Path, language: Language) -> Path:
    """Write the report, the workbook, the tables and the JSON.

    Returns:
        The report's path.

    Raises:
        RunWriteError: a file cannot be written; an earlier one is left as it was.
    """
    says = [Say(one, found, made) for one in languages(language)]
    replace_bytes(folder / WORKBOOK, _workbook(says[0]))
    replace_bytes(folder / LIST, _parquet(made.units))
    replace_bytes(folder / UNITS, _parquet(found.table.select("id", "weight", *found.card.attributes)))
    replace_bytes(folder / OFFERS, _parquet(made.offers))
    text = json.dumps(as_json(says), ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    replace_bytes(folder / WHOLE, text.encode())
    replace_bytes(folder / REPORT, list_html(says).encode())
    return folder / REPORT


def as_json(says: Sequence[Say]) -> dict[str, Any]:
    """What is told of the whole, with the sentences on another billion in every language."""
    whole = says[0].made.whole
    another = [
        {**one, "sentence": {say.language: say.another[at] for say in says}} for at, one in enumerate(whole["another"])
    ]
    return {**whole, "another": another}


def _parquet(table: pl.DataFrame) -> bytes:
    stream = BytesIO()
    table.write_parquet(stream)
    return stream.getvalue()


def _workbook(say: Say) -> bytes:
    """The sheets for the bank; texts are texts, whatever they begin with."""
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as opened:
        book: Any = opened
        book.set_properties({"title": say.title, "created": MADE})
        write_sheet(book, say.word("sheet_units")[:31], heads(say, say.made.units.columns), unit_rows(say))
        write_sheet(book, say.word("sheet_offers")[:31], heads(say, say.made.offers.columns), _offers(say))
        for key, (names, rows) in (
            ("sheet_ways", say.compared),
            ("commit", say.committed),
            ("sheet_prices", say.priced),
            ("sheet_moves", _moves(say)),
            *((("sheet_against", say.against),) if say.found.curve else ()),
        ):
            write_sheet(book, say.word(key)[:31], names, rows)
    return stream.getvalue()


def heads(say: Say, columns: Sequence[str]) -> list[str]:
    """Headings of columns in words."""
    return [_head(say, name) for name in columns]


def _head(say: Say, name: str) -> str:
    """A column's heading; what is expected of a resource bears the resource's title."""
    start, _, rest = name.partition("_")
    if start in ("expected", "next") and rest in say.found.card.resources:
        return say.word(f"{start}_of", name=say.resource(rest))
    return say.word(name)


def _moves(say: Say) -> tuple[list[str], list[list[Value]]]:
    """A row for each unit that comes on the list or leaves it where one fact moves."""
    heads = [say.word(key) for key in ("fact", "fact_value", "change", "id")]
    rows: list[list[Value]] = [
        [one.fact.title[say.language], f"{say.word(one.end)}: {say.fact_value(one)}", say.word(change), unit]
        for one, told in zip(say.found.moves.made, say.made.whole["moves"]["made"], strict=True)
        for change in ("enter", "leave")
        for unit in told[change]
    ]
    return heads, rows


def unit_rows(say: Say) -> list[list[Value]]:
    """The units of the list in words, a row for each."""
    rows: list[list[Value]] = []
    for row in say.made.units.iter_rows(named=True):
        told = dict(row)
        told |= {name: say.word(row[name]) for name in ("standing", "certainty", "moved")}
        told |= {name: say.moved_with(row[name]) for name in ("enters_with", "leaves_with")}
        told |= {name: say.offer(row[name]) for name in ("offers", "next")}
        rows.append(list(told.values()))
    return rows


def _offers(say: Say) -> list[list[Value]]:
    titles = {one.id: one.title[say.language] for one in say.found.offers}
    return [list((row | {"offer": titles[row["offer"]]}).values()) for row in say.made.offers.iter_rows(named=True)]
