"""Tables that leave the site."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, TypeVar, cast

from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from haidang.web.uploads import WORKBOOK

A = TypeVar("A", bound=HttpResponseBase)
CSV = "text/csv; charset=utf-8"
PIECE = 500
"""Rows that leave the site at a time, where a table is streamed."""
FORMULA = ("=", "+", "-", "@")
"""A spreadsheet takes a text that begins so for a formula, some also behind blanks, or where the sign is a wide one."""
NUMBER = re.compile(r"[-+]?[0-9]+([.,][0-9]+)*([eE][-+]?[0-9]+)?%?")
"""A number written as a text: nothing in it runs, and an apostrophe would make a text of it."""


def csv_answer(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> HttpResponse:
    """A table for spreadsheets: UTF-8 with the mark by which they know it, and no text that they would run.

    Args:
        name: of the file; ASCII.
        head: the columns' names.
        rows: of as many cells as there are columns.
    """
    return _attached(name, HttpResponse("".join(_lines(head, rows)), content_type=CSV))


def csv_stream(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> StreamingHttpResponse:
    """The same for a table of any length: it leaves row by row, and is never whole in memory."""
    return _attached(name, StreamingHttpResponse((each.encode() for each in _lines(head, rows)), content_type=CSV))


def _attached(name: str, answer: A) -> A:
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _lines(head: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """A table's lines, some hundred at a time."""
    stream = io.StringIO("\ufeff", newline="")
    writer = csv.writer(stream)
    stream.seek(1)
    writer.writerow([harmless(name) for name in head])
    for turn, row in enumerate(rows):
        writer.writerow([harmless(cell) for cell in row])
        if turn % PIECE == PIECE - 1:
            yield stream.getvalue()
            stream.seek(0)
            stream.truncate()
    yield stream.getvalue()


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
    return f"'{cell}" if isinstance(cell, str) and _runs(cell) else cell


def _runs(text: str) -> bool:
    if text.startswith(("\t", "\r", "\n")):
        return True
    # Compatible forms (`＝`, `﹣`) are read as the sign itself; what shows nothing hides nothing.
    first = next((sign for sign in text if not _is_blank(sign)), "")
    return unicodedata.normalize("NFKC", first).startswith(FORMULA) and not NUMBER.fullmatch(text)


def _is_blank(sign: str) -> bool:
    return sign.isspace() or unicodedata.category(sign) in ("Cc", "Cf")
