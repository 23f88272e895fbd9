"""The rows of a table, from a sheet or a CSV file, under headings in either language, each value with its cell."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TypeVar

from haidang.errors import Place, did_you_mean
from haidang.frameworks.sheets import MOST_ROWS, Cell, SheetError, Workbook, address
from haidang.frameworks.words import folded, meanings, word

T = TypeVar("T")
LARGEST_CSV = 400_000_000
FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9.,]+$)")
NUMERAL = re.compile(r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its values by key, and where each stands."""

    path: str
    number: int
    cells: Mapping[str, Cell]
    columns: Mapping[str, int]
    sheet: str | None

    def place(self, key: str) -> Place:
        """The cell of a key: `Sheet!C5` of a workbook, the line and heading of a CSV file."""
        if self.sheet is None:
            return Place(self.path, self.number, key)
        column = self.columns.get(key)
        where = self.sheet if column is None else f"{self.sheet}!{address(self.number, column)}"
        return Place(self.path, None, where)

    def text(self, key: str) -> str:
        """The text of a key, as written.

        Raises:
            SheetError: the cell is empty or holds no text.
        """
        found = self.text_or(key, None)
        if found is None:
            raise SheetError("expected a text, found an empty cell", self.place(key))
        return found

    def text_or(self, key: str, default: T) -> str | T:
        """The text of a key, or the default where the cell is empty. A whole number counts as its digits."""
        value = self.cells.get(key)
        if value is None:
            return default
        if isinstance(value, float) and value.is_integer():
            return str(int(value))
        if not isinstance(value, str):
            raise SheetError(f"expected a text, found {said(value)}", self.place(key))
        return value.strip()

    def safe_text(self, key: str) -> str:
        """A short text that is no formula in any program that may open it later.

        Raises:
            SheetError: it is empty, too long, or would be read as a formula.
        """
        return self._safe(key, self.text(key))

    def safe_text_or(self, key: str, default: T) -> str | T:
        """As `safe_text`, or the default where the cell is empty."""
        found = self.text_or(key, None)
        return default if found is None else self._safe(key, found)

    def number_or(self, key: str, default: T) -> float | T:
        """The finite number of a key, or the default where the cell is empty.

        Raises:
            SheetError: it is no number.
        """
        value = self.cells.get(key)
        if value is None:
            return default
        if isinstance(value, str) and NUMERAL.fullmatch(value.strip()):
            value = float(value)
        if isinstance(value, bool) or not isinstance(value, float) or not math.isfinite(value):
            raise SheetError(f"expected a number, found {said(value)}", self.place(key))
        return value

    def integer(self, key: str) -> int:
        """The whole number of a key.

        Raises:
            SheetError: it is none, or the cell is empty.
        """
        value = self.number_or(key, None)
        if value is None or not value.is_integer():
            raise SheetError(f"expected a whole number, found {said(self.cells.get(key))}", self.place(key))
        return int(value)

    def day_or(self, key: str, default: T) -> date | T:
        """The day of a key: a date cell, or a text such as 2026-11-22; the default where the cell is empty.

        Raises:
            SheetError: it is neither. `03/04/2026` is refused, since nobody can tell which is the month.
        """
        value = self.cells.get(key)
        if value is None:
            return default
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value).strip()) if isinstance(value, str) else _no_day()
        except ValueError:
            hint = "write it as 2026-11-22 or format the cell as a date"
            raise SheetError(f"expected a date, found {said(value)}", self.place(key), hint) from None

    def choice_or(self, key: str, group: str, default: T) -> str | T:
        """One of the words of a group, in either language, as its key; the default where the cell is empty.

        Raises:
            SheetError: it is another word.
        """
        value = self.text_or(key, None)
        if value is None:
            return default
        known = meanings(group)
        if folded(value) not in known:
            raise SheetError(f"expected {choices(group)}, found {said(value)}", self.place(key))
        return known[folded(value)]

    def _safe(self, key: str, text: str) -> str:
        if FORMULA.match(text):
            hint = "no text may begin with '=', '@', '+' or '-'"
            raise SheetError(f"expected a text, found what a spreadsheet takes for a formula: {said(text)}",
                             self.place(key), hint)  # fmt: skip
        if len(text) > 2000:
            raise SheetError(f"expected at most 2,000 characters, found {len(text):,}", self.place(key))
        return text


def _no_day() -> date:
    raise ValueError


def said(value: Cell) -> str:
    """A cell's value in a message."""
    if value is None:
        return "an empty cell"
    if isinstance(value, str):
        return f"'{value if len(value) <= 60 else value[:57] + '...'}'"
    return f"{value:g}" if isinstance(value, float) else str(value)


def choices(group: str) -> str:
    """The words of a group, for a message."""
    keys = dict.fromkeys(meanings(group).values())
    return ", ".join(f"'{word(group, key, 'vi')}' ({word(group, key, 'en')})" for key in keys)


def sheet_rows(book: Workbook, key: str, wanted: Iterable[str], may: Iterable[str] = ()) -> Iterator[Row]:
    """The rows of a sheet of a workbook.

    Args:
        book: the open workbook.
        key: which sheet, under its name in either language.
        wanted: keys of the columns that must be there.
        may: keys of the columns that may be there: headings, or names of their own such as criteria's ids.

    Raises:
        SheetError: a heading is missing, unknown or there twice; a cell stands outside the headings.
    """
    title = book.title(key)
    return _under_headings(str(book.path), title, book.rows(title), tuple(wanted), tuple(may))


def csv_rows(path: Path | str, wanted: Iterable[str], may: Iterable[str] = ()) -> Iterator[Row]:
    """The rows of a CSV file in UTF-8; as `sheet_rows`.

    Raises:
        SheetError: the file cannot be read, is too large or no UTF-8, and as `sheet_rows`.
    """
    return _under_headings(str(path), None, _csv(Path(path)), tuple(wanted), tuple(may))


def headings_of(path: Path | str) -> tuple[str, ...]:
    """The keys of the headings of a CSV file; a heading that is no word of ours stands for itself."""
    for _, cells in _csv(Path(path)):
        return tuple(meanings("headings").get(folded(str(cell)), str(cell)) for cell in cells if cell is not None)
    return ()


def _csv(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    where = Place(str(path))
    try:
        if path.stat().st_size > LARGEST_CSV:
            raise SheetError(f"expected at most {LARGEST_CSV / 1e6:g} MB, found more", where)
        content = path.read_bytes().decode("utf-8-sig")
    except OSError as mistake:
        raise SheetError(f"expected a table that can be read: {mistake.strerror or mistake}", where) from None
    except UnicodeDecodeError:
        raise SheetError("expected UTF-8 text, found another encoding", where, "save the file as UTF-8") from None
    first = content.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        for count, record in enumerate(reader):
            if count > MOST_ROWS * 10:
                raise SheetError(f"expected at most {MOST_ROWS * 10:,} rows, found more", where)
            if any(cell.strip() for cell in record):
                yield reader.line_num, [cell if cell.strip() else None for cell in record]
    except csv.Error as mistake:
        raise SheetError(f"expected a text table, found {mistake}", where.at("", reader.line_num)) from None


def _under_headings(
    path: str, sheet: str | None, rows: Iterator[tuple[int, list[Cell]]], wanted: tuple[str, ...], may: tuple[str, ...]
) -> Iterator[Row]:
    found = next(rows, None)
    if found is None:
        raise SheetError("expected a row of headings, found an empty table", Place(path, None, sheet))
    number, heads = found
    columns = _columns(Row(path, number, {}, {str(at): at for at in range(len(heads))}, sheet), heads, wanted, may)
    at_least = max(columns.values()) + 1
    for line, cells in rows:
        row = Row(path, line, {key: cells[at] for key, at in columns.items() if at < len(cells)}, columns, sheet)
        for at, cell in enumerate(cells[at_least:], start=at_least):
            if cell is not None:
                outside = Row(path, line, {}, {"": at}, sheet)
                raise SheetError(f"expected nothing right of the headings, found {said(cell)}", outside.place(""))
        yield row


def _columns(head: Row, heads: list[Cell], wanted: tuple[str, ...], may: tuple[str, ...]) -> Mapping[str, int]:
    """Where the column of each key stands."""
    known = {folded(key): key for key in may}
    known |= {text: key for text, key in meanings("headings").items() if key in wanted or key in may}
    columns: dict[str, int] = {}
    for at, cell in enumerate(heads):
        if cell is None:
            continue
        key = known.get(folded(cell)) if isinstance(cell, str) else None
        if key is None:
            names = [word("headings", one, language) for one in (*wanted, *may) for language in ("vi", "en")]
            hint = did_you_mean(str(cell), names)
            raise SheetError(f"expected a known heading, found {said(cell)}", head.place(str(at)), _short(hint))
        if key in columns:
            raise SheetError(f"expected each heading once, found {said(cell)} twice", head.place(str(at)))
        columns[key] = at
    for key in wanted:
        if key not in columns:
            names = f"'{word('headings', key, 'vi')}' or '{word('headings', key, 'en')}'"
            where = Place(head.path, head.number if head.sheet is None else None, head.sheet)
            raise SheetError(f"expected the heading {names}, found none", where)
    return columns


def _short(hint: str | None) -> str | None:
    return hint if hint is None or len(hint) < 600 else hint[:597] + "..."
