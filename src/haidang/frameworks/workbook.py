"""A framework as an Excel workbook and back, without loss: one sheet per part, every word a text."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any

from haidang.errors import HaidangError, Place
from haidang.frameworks.framework import LANGUAGES, Framework, Language
from haidang.frameworks.rows import Row, SheetError, sheet_rows
from haidang.frameworks.sheets import LONGEST_TEXT, Workbook, open_workbook
from haidang.frameworks.words import word
from haidang.frameworks.write import write_bytes

Value = str | float | int | None
BOTH = ("vi", "en")
COLUMNS: Mapping[str, tuple[str, ...]] = {
    "framework": ("key", "value"),
    "levels": ("level", "title_vi", "title_en", "meaning_vi", "meaning_en"),
    "areas": ("id", "title_vi", "title_en", "meaning_vi", "meaning_en", "weight"),
    "capabilities": (
        "id", "area", "title_vi", "title_en", "meaning_vi", "meaning_en", "weight", "sector", "size",
    ),
    "criteria": (
        "id", "capability", "level", "kind", "text_vi", "text_en", "question_vi", "question_en", "evidence_kinds",
        "example_vi", "example_en", "remedy_vi", "remedy_en", "effort",
    ),
    "crosswalks": ("from", "to", "relation", "note_vi", "note_en"),
    "sources": ("title", "publisher", "date", "address"),
}  # fmt: skip
TOP = ("id", "title_vi", "title_en", "version", "date", "rights", "note_vi", "note_en")
MADE = datetime.datetime(2000, 1, 1)
"""Workbooks carry the time of their making; the same framework must give the same bytes."""


def to_excel(framework: Framework, path: Path | str, language: Language = "vi") -> Path:
    """Write a framework as a workbook with headings in a language; the content is in both.

    Raises:
        SheetError: a text is longer than a cell.
        WriteError: the file cannot be written; an earlier one is left as it was.
    """
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as opened:
        book: Any = opened
        book.set_properties({"title": framework.title[language], "created": MADE})
        for key, rows in _tables(framework).items():
            write_sheet(book, word("sheets", key, language), _headings(key, language), rows)
    write_bytes(path, stream.getvalue())
    return Path(path)


def write_sheet(book: Any, title: str, headings: Sequence[str], rows: Sequence[Sequence[Value]]) -> Any:
    """One sheet with its headings; a text is written as text, whatever it begins with.

    Raises:
        SheetError: a text is longer than a cell.
    """
    page: Any = book.add_worksheet(title)
    head: Any = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    body: Any = book.add_format({"text_wrap": True, "valign": "top"})
    page.freeze_panes(1, 0)
    for column, name in enumerate(headings):
        page.write_string(0, column, name, head)
        longest = max((len(str(row[column])) for row in rows if column < len(row)), default=0)
        page.set_column(column, column, min(max(10, longest, len(name)), 48))
    for number, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            if isinstance(cell, str):
                if len(cell) > LONGEST_TEXT:
                    raise SheetError(f"expected at most {LONGEST_TEXT:,} characters, found {len(cell):,}")
                page.write_string(number, column, cell, body)
            elif cell is not None:
                _write_number(page, number, column, cell, body)
    return page


def _write_number(page: Any, row: int, column: int, value: float, style: Any) -> None:
    """A number that Excel would round is written as its digits."""
    if float(f"{value:.16G}") == value:
        page.write_number(row, column, value, style)
    else:
        page.write_string(row, column, repr(value), style)


def _headings(key: str, language: Language) -> tuple[str, ...]:
    return tuple(word("headings", one, language) for one in COLUMNS[key])


def _tables(one: Framework) -> Mapping[str, list[tuple[Value, ...]]]:
    top = {
        "id": one.id, "version": one.version, "date": one.date, "rights": one.rights,
        **{f"title_{language}": one.title[language] for language in BOTH},
        **{f"note_{language}": one.note[language] for language in BOTH if one.note},
    }  # fmt: skip
    return {
        "framework": [(key, top[key]) for key in TOP if key in top],
        "levels": [(level.level, *_both(level.title), *_both(level.meaning)) for level in one.levels],
        "areas": [(area.id, *_both(area.title), *_both(area.meaning), area.weight) for area in one.areas],
        "capabilities": [
            (
                each.id, area.id, *_both(each.title), *_both(each.meaning), each.weight,
                *(", ".join(each.applies[by]) if by in each.applies else None for by in ("sector", "size")),
            )
            for area in one.areas
            for each in area.capabilities
        ],
        "criteria": [
            (
                each.id, capability.id, each.level, each.kind, *_both(each.text), *_both(each.question),
                ", ".join(each.evidence_kinds), *_both(each.evidence_example), *_both(each.remedy), each.effort,
            )
            for _, capability, each in one.walk()
        ],
        "crosswalks": [(each.source, each.target, each.relation, *_both(each.note)) for each in one.crosswalks],
        "sources": [(each.title, each.publisher, each.date, each.address) for each in one.sources],
    }  # fmt: skip


def _both(text: Mapping[str, str]) -> tuple[str | None, ...]:
    return tuple(text.get(language) for language in LANGUAGES)


def from_excel(path: Path | str) -> Framework:
    """The framework that a workbook holds.

    Raises:
        HaidangError: a sheet, heading or cell is not as it should be (with sheet and cell), or the parts contradict
            each other.
    """
    from haidang.frameworks.workbook_tree import framework_from_rows

    with open_workbook(path) as book:
        _forbid_strangers(book)
        tables = {key: list(_rows(book, key)) for key in COLUMNS if key in {"framework", "levels"} or book.has(key)}
    for key in ("areas", "capabilities", "criteria"):
        if key not in tables:
            names = f"'{word('sheets', key, 'vi')}' or '{word('sheets', key, 'en')}'"
            raise SheetError(f"expected a sheet {names}, found none", Place(str(path)))
    return framework_from_rows(tables, str(path))


def _rows(book: Workbook, key: str) -> Iterator[Row]:
    return sheet_rows(book, key, COLUMNS[key])


def _forbid_strangers(book: Workbook) -> None:
    known = {word("sheets", key, language) for key in COLUMNS for language in BOTH}
    for title in book.titles:
        if title not in known:
            raise HaidangError(f"expected sheets of a framework, found '{title}'", book.place(title), "take it out")
