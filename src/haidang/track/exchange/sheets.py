"""Tables as CSV and XLSX, written so that no spreadsheet runs a cell, and read back."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from haidang.errors import Place
from haidang.track.exchange.flat import Row, Sheet, TableError, Tables, columns_of

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
"""A text that begins with one of these is written behind an apostrophe, which reading takes away again."""
LARGEST = 300_000_000
LONGEST_CELL = 32_767


def safe(value: str | float | int) -> str | float | int:
    """A cell that is never a formula: numbers as they are, texts behind an apostrophe where they begin like one."""
    return f"'{value}" if isinstance(value, str) and value.startswith(RUNS) else value


def plain(text: str) -> str:
    """The text that `safe` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RUNS) else text


def csv_bytes(rows: Sequence[Row], columns: Sequence[str] | None = None) -> bytes:
    """A table as CSV (RFC 4180) in UTF-8 with the mark by which spreadsheets know it."""
    names = columns_of(rows) if columns is None else list(columns)
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(names)
    writer.writerows([safe(row[name]) if name in row else "" for name in names] for row in rows)
    return ("\ufeff" + stream.getvalue()).encode()


def read_csv(path: Path) -> Sheet:
    """A CSV file as a table named after it.

    Raises:
        TableError: it cannot be read, is too large, is not UTF-8, or a row has other cells than the header.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise TableError(f"expected at most {LARGEST // 10**6} MB, found more", Place(str(path)))
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as mistake:
        raise TableError(f"expected a file that can be read: {mistake.strerror}", Place(str(path))) from None
    except UnicodeDecodeError:
        raise TableError("expected UTF-8 text, found another encoding", Place(str(path))) from None
    csv.field_size_limit(10_000_000)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = tuple(_rows(reader, str(path)))
        header = next(csv.reader(io.StringIO(text, newline=""), strict=True), list[str]())
        return Sheet(path.stem, str(path), rows, tuple(plain(cell).strip() for cell in header))
    except csv.Error as mistake:
        raise TableError(f"expected CSV: {mistake}", Place(str(path), reader.line_num)) from None


def xlsx_bytes(tables: Tables) -> bytes:
    """All tables as sheets of one workbook."""
    import xlsxwriter

    stream = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(stream, options) as opened:
        book: Any = opened
        head = book.add_format({"bold": True})
        for name, rows in tables.items():
            sheet, columns = book.add_worksheet(name), columns_of(rows)
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, columns, head)
            for line, row in enumerate(rows, start=1):
                for place, column in enumerate(columns):
                    if column in row:
                        _write_cell(sheet, line, place, row[column])
    return stream.getvalue()


def _write_cell(sheet: Any, line: int, place: int, value: str | float | int) -> None:
    cell = safe(value)
    if isinstance(cell, str):
        if len(cell) > LONGEST_CELL:
            raise TableError(f"expected texts of at most {LONGEST_CELL} characters in a workbook, found {len(cell)}")
        sheet.write_string(line, place, cell)
    else:
        sheet.write_number(line, place, cell)


def read_xlsx(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a workbook; formulas are read as nothing.

    Raises:
        TableError: it is no workbook, too large when unpacked, or openpyxl is not installed.
    """
    try:
        import openpyxl
    except ImportError:
        raise TableError("expected openpyxl to read a workbook", None, "pip install 'haidang[db]'") from None
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(one.file_size for one in archive.infolist()) > LARGEST:
                raise TableError(f"expected at most {LARGEST // 10**6} MB unpacked, found more", Place(str(path)))
        book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except (OSError, zipfile.BadZipFile, KeyError, ValueError) as mistake:
        raise TableError(f"expected a workbook, found a file that is none ({mistake})", Place(str(path))) from None
    try:
        return tuple(
            Sheet(sheet.title, f"{path}[{sheet.title}]", tuple(_rows(_cells(sheet), f"{path}[{sheet.title}]")))
            for sheet in book.worksheets
        )
    finally:
        book.close()


def _cells(sheet: Any) -> Iterable[list[str]]:
    for row in cast("Iterable[tuple[Any, ...]]", sheet.iter_rows(values_only=True)):
        yield ["" if value is None else _cell(value) for value in row]


def _cell(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.date().isoformat() if isinstance(value, datetime) else str(value)


def _rows(lines: Iterable[list[str]], path: str) -> Iterable[tuple[int, Mapping[str, str]]]:
    header: list[str] | None = None
    for number, cells in enumerate(lines, start=1):
        if header is None:
            header = [plain(cell).strip() for cell in cells]
            if not any(header) or len(set(header)) != len(header):
                raise TableError("expected a header with each column once", Place(path, number))
        elif any(cells):
            if len(cells) > len(header):
                raise TableError(f"expected {len(header)} cells, found {len(cells)}", Place(path, number))
            yield number, {name: plain(cell) for name, cell in zip(header, cells, strict=False) if cell != ""}
