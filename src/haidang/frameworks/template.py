"""The workbook in which a factory answers: one sheet about itself, one with a row per criterion and drop-downs."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from haidang.frameworks.framework import Framework, Language
from haidang.frameworks.words import word, words
from haidang.frameworks.workbook import MADE, Value, write_sheet
from haidang.frameworks.write import write_bytes

FACTORY_KEYS = (
    "framework", "version", "factory", "name", "sector", "size", "date", "assessor", "employees", "revenue",
    "value_added", "electricity", "costs", "results",
)  # fmt: skip
ASKED = ("area", "capability", "level", "criterion", "text", "question", "example")
GIVEN = ("answer", "status", "evidence_kind", "file", "sha256", "evidence_date", "expires", "note")
DROP_DOWNS = {"answer": "answers", "status": "statuses", "evidence_kind": "evidence_kinds"}
DAYS = ("evidence_date", "expires")


def write_template(framework: Framework, path: Path | str, language: Language = "vi") -> Path:
    """Write the workbook in which a factory answers.

    Raises:
        SheetError: a text is longer than a cell.
        WriteError: the file cannot be written; an earlier one is left as it was.
    """
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as opened:
        book: Any = opened
        book.set_properties({"title": framework.title[language], "created": MADE})
        _factory_sheet(book, framework, language)
        _answer_sheet(book, framework, language)
    write_bytes(path, stream.getvalue())
    return Path(path)


def _factory_sheet(book: Any, framework: Framework, language: Language) -> None:
    known = {"framework": framework.id, "version": framework.version}
    rows: list[tuple[Value, ...]] = [
        (
            word("headings", key, language),
            known.get(key),
            word("hints", key, language) if key in words("hints") else None,
        )
        for key in FACTORY_KEYS
    ]
    headings = [word("headings", key, language) for key in ("key", "value", "note")]
    page = write_sheet(book, word("sheets", "factory", language), headings, rows)
    page.set_column(1, 1, 40)
    for at, key in enumerate(FACTORY_KEYS, start=1):
        if key in {"sector", "size"}:
            _choose(page, at, at, 1, f"{key}s", language)
        if key == "date":
            _date(book, page, at, at, 1)


def _answer_sheet(book: Any, framework: Framework, language: Language) -> None:
    headings = [_heading(key, language) for key in (*ASKED, *GIVEN)]
    rows: list[tuple[Value, ...]] = [
        (
            area.title[language], capability.title[language], one.level, one.id, one.text[language],
            one.question[language], one.evidence_example[language],
        )
        for area, capability, one in framework.walk()
    ]  # fmt: skip
    page = write_sheet(book, word("sheets", "answers", language), headings, rows)
    page.freeze_panes(1, len(ASKED) - 3)
    last = len(rows)
    for at, key in enumerate((*ASKED, *GIVEN)):
        if key in DROP_DOWNS:
            _choose(page, 1, last, at, DROP_DOWNS[key], language)
        if key in DAYS:
            _date(book, page, 1, last, at)
    page.set_column(len(ASKED), len(ASKED) + len(GIVEN) - 1, 18)


def _heading(key: str, language: Language) -> str:
    return word("headings", f"text_{language}" if key == "text" else key, language)


def _choose(page: Any, first: int, last: int, column: int, group: str, language: Language) -> None:
    options = {"validate": "list", "source": [texts[language] for texts in words(group).values()]}
    page.data_validation(first, column, last, column, options)


def _date(book: Any, page: Any, first: int, last: int, column: int) -> None:
    style: Any = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
    for row in range(first, last + 1):
        page.write_blank(row, column, None, style)
