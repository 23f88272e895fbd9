"""Opening a workbook that anybody may have sent: what it may do to us is refused before it is read."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, TypeAlias, cast

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.frameworks.words import folded, meanings, word

Cell: TypeAlias = "str | float | bool | date | None"

LARGEST_FILE = 30_000_000
LARGEST_UNPACKED = 400_000_000
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
LONGEST_TEXT = 32_767
MERGED = re.compile(rb'<mergeCell[^>]*\sref="([A-Z0-9:]+)"')
CHUNK = 1 << 20


class SheetError(HaidangError):
    """A workbook or table that cannot be read: macros, formulas, merged cells, wrong headings, too many rows."""


class Workbook:
    """An open workbook whose sheets are read row by row."""

    def __init__(self, path: Path, content: bytes, book: Any) -> None:
        """Keep the open book."""
        self.path = path
        self._content = content
        self._book = book

    @property
    def titles(self) -> tuple[str, ...]:
        """The names of the sheets."""
        return tuple(str(name) for name in self._book.sheetnames)

    def has(self, key: str) -> bool:
        """Whether there is a sheet of that key, under its name in either language."""
        return any(meanings("sheets").get(folded(name)) == key for name in self.titles)

    def title(self, key: str) -> str:
        """The name under which the sheet of that key stands.

        Raises:
            SheetError: there is none.
        """
        for name in self.titles:
            if meanings("sheets").get(folded(name)) == key:
                return name
        wanted = f"'{word('sheets', key, 'vi')}' or '{word('sheets', key, 'en')}'"
        hint = did_you_mean(word("sheets", key, "en"), self.titles)
        raise SheetError(f"expected a sheet {wanted}, found none", Place(str(self.path)), hint)

    def rows(self, title: str) -> Iterator[tuple[int, list[Cell]]]:
        """The rows of a sheet that hold anything, each with its number.

        Raises:
            SheetError: a cell is merged, holds a formula or an error, or there are too many rows or columns.
        """
        sheet: Any = self._book[title]
        if not hasattr(sheet, "iter_rows"):
            raise SheetError("expected a sheet of cells, found a chart", self.place(title))
        self._forbid_merged(title, sheet)
        sheet.reset_dimensions()
        for number, row in enumerate(sheet.iter_rows(), start=1):
            if number > MOST_ROWS:
                raise SheetError(f"expected at most {MOST_ROWS:,} rows, found more", self.place(title))
            if len(row) > MOST_COLUMNS:
                raise SheetError(f"expected at most {MOST_COLUMNS:,} columns, found more", self.place(title))
            cells = [self._value(title, number, at, cell) for at, cell in enumerate(row)]
            if any(cell is not None for cell in cells):
                yield number, cells

    def place(self, title: str, address: str | None = None) -> Place:
        """A sheet of the workbook, or a cell of it."""
        return Place(str(self.path), None, title if address is None else f"{title}!{address}")

    def _value(self, title: str, row: int, column: int, cell: Any) -> Cell:
        value = cell.value
        if value is None:
            return None
        where = self.place(title, address(row, column))
        if cell.data_type == "f":
            raise SheetError("expected a value, found a formula", where, "paste the value instead")
        if cell.data_type == "e":
            raise SheetError(f"expected a value, found the error {value}", where)
        if isinstance(value, datetime):
            return value.date()
        if isinstance(value, bool | date):
            return value
        if isinstance(value, int | float):
            return float(value)
        if not isinstance(value, str):
            raise SheetError(f"expected a text, a number or a date, found {type(value).__name__}", where)
        return value if value.strip() else None

    def _forbid_merged(self, title: str, sheet: Any) -> None:
        inside = cast(str, sheet._worksheet_path).removeprefix("/")
        with zipfile.ZipFile(BytesIO(self._content)) as archive, archive.open(inside) as stream:
            before = b""
            while piece := stream.read(CHUNK):
                found = MERGED.search(before + piece)
                if found is not None:
                    where = self.place(title, found[1].decode())
                    raise SheetError("expected single cells, found merged ones", where, "unmerge them")
                before = piece[-200:]


@contextmanager
def open_workbook(path: Path | str) -> Generator[Workbook]:
    """A workbook, once it has been seen to be one that can do no harm.

    Raises:
        SheetError: it is missing, too large, holds macros or a document type, or is no `.xlsx`.
    """
    file = Path(path)
    content = _inspected(file)
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise SheetError(
            "expected openpyxl to read Excel, found none", Place(str(file)), "install 'haidang[db]'"
        ) from None
    try:
        book: Any = load_workbook(BytesIO(content), read_only=True, data_only=False, keep_links=False)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, OSError, SyntaxError) as mistake:
        # SyntaxError is the base of the XML parser's own.
        raise SheetError(f"expected an Excel workbook, found {_first(mistake)}", Place(str(file))) from None
    try:
        yield Workbook(file, content, book)
    except SyntaxError as mistake:
        raise SheetError(f"expected an Excel workbook, found broken XML: {_first(mistake)}", Place(str(file))) from None
    finally:
        book.close()


def _inspected(file: Path) -> bytes:
    where = Place(str(file))
    if file.suffix.lower() in {".xlsm", ".xlsb", ".xls", ".xltm", ".xlam"}:
        raise SheetError(f"expected .xlsx, found '{file.suffix}'", where, "save it as .xlsx, without macros")
    if not file.is_file():
        raise SheetError("expected a workbook, found no such file", where)
    if file.stat().st_size > LARGEST_FILE:
        raise SheetError(f"expected at most {LARGEST_FILE / 1e6:g} MB, found more", where)
    try:
        content = file.read_bytes()
        with zipfile.ZipFile(BytesIO(content)) as archive:
            members = archive.infolist()
            if sum(one.file_size for one in members) > LARGEST_UNPACKED:
                raise SheetError(f"expected at most {LARGEST_UNPACKED / 1e6:g} MB unpacked, found more", where)
            for one in members:
                _inspect_member(archive, one, where)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as mistake:
        raise SheetError(f"expected an Excel workbook, found {_first(mistake)}", where) from None
    return content


def _inspect_member(archive: zipfile.ZipFile, one: zipfile.ZipInfo, where: Place) -> None:
    name = one.filename.lower()
    if name.endswith(("vbaproject.bin", ".vbs")) or "macrosheets/" in name or "activex/" in name:
        raise SheetError("expected a workbook without macros, found some", where, "save it as .xlsx, without macros")
    if name.endswith((".xml", ".rels")):
        with archive.open(one) as stream:
            if b"<!" in stream.read(4096).replace(b"<!--", b""):
                raise SheetError("expected plain XML inside the workbook, found a document type", where)


def address(row: int, column: int) -> str:
    """A cell's address from its row, counted from one, and its column, counted from zero."""
    letters, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        letters = chr(ord("A") + digit) + letters
    return f"{letters}{row}"


def _first(mistake: Exception) -> str:
    text = str(mistake).strip()
    return text.splitlines()[0][:120] if text else type(mistake).__name__
