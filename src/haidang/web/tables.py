"""Tables that leave the site."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Any, cast

from django.http import HttpResponse

from haidang.web.uploads import WORKBOOK

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet takes a text that begins so for a formula."""


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A table for spreadsheets: UTF-8 with the mark by which they know it, and no text that they would run.

    Args:
        name: of the file; ASCII.
        head: the columns' names.
        rows: of as many cells as there are columns.
    """
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(head)
    writer.writerows([harmless(cell) for cell in row] for row in rows)
    answer = HttpResponse("\ufeff" + stream.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def workbook_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A table as a workbook.

    Args:
        name: of the file without its ending, and of its sheet; ASCII.
        head: the columns' names.
        rows: of as many cells as there are columns.
    """
    return as_workbook(name, workbook(name, head, rows))


def as_workbook(name: str, content: bytes) -> HttpResponse:
    """A workbook that is written already, to take away under a name."""
    answer = HttpResponse(content, content_type=WORKBOOK)
    answer["Content-Disposition"] = f'attachment; filename="{name}.xlsx"'
    return answer


def workbook(sheet: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """A table as a workbook: numbers are numbers, and texts are texts, whatever they begin with."""
    import xlsxwriter

    from haidang.frameworks.workbook import write_sheet

    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True}) as opened:
        book: Any = opened
        write_sheet(book, sheet[:31], list(head), [cast("list[Any]", list(row)) for row in rows])
    return stream.getvalue()


def harmless(cell: object) -> object:
    """A cell that no spreadsheet runs: a text that would be a formula gets an apostrophe before it."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
