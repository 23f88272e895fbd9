"""Opening a register wherever it lies, as texts: CSV, Parquet, Excel, PostgreSQL, SQLite. Nothing is judged here."""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import numpy as np
import polars as pl

from haidang.errors import HaidangError, Place
from haidang.population.mapping import RegisterMapping

Array = np.ndarray[Any, np.dtype[Any]]
DELIMITERS = ",;\t|"
WORKBOOKS = (".xlsx", ".xlsm")
SERVERS = ("postgresql", "postgres")
READS_ONLY = re.compile(r"\s*(select|with)\b", re.IGNORECASE)


class RegisterError(HaidangError):
    """A register that cannot be read as a whole: absent, empty, in another encoding, without a column it must have."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A register as it was found.

    Attributes:
        table: every column as text; an empty cell is null.
        numeric: per column, shape (rows,): whether the cell held a number and not a text.
        row: shape (rows,): the row's number, the heading of a file being row 1, a database's first row being row 1.
        torn: rows that could not be laid under the headings: number, text, reason.
        name: the address, without a password.
    """

    table: pl.DataFrame
    numeric: Mapping[str, Array]
    row: Array
    torn: tuple[tuple[int, str, str], ...]
    name: str


def open_register(address: str, mapping: RegisterMapping) -> Raw:
    """The register at an address.

    Args:
        address: a file (`.csv`, `.txt`, `.tsv`, `.parquet`, `.xlsx`), `postgresql://user@host/base#table` or
            `sqlite:///file#table`.
        mapping: says how texts are encoded, which sheet or which query is meant.

    Raises:
        RegisterError: where it cannot be opened, or is empty. No message ever has a password.
    """
    scheme = urlsplit(address).scheme if "://" in address else ""
    if scheme in SERVERS or scheme == "sqlite":
        return _database(address, mapping)
    path = Path(address)
    if not path.is_file():
        raise RegisterError("expected a register, found no such file", Place(address))
    if path.stat().st_size == 0:
        raise RegisterError("expected a register, found an empty file", Place(address))
    ending = path.suffix.lower()
    if ending == ".parquet":
        return _parquet(path)
    if ending in WORKBOOKS:
        return _workbook(path, mapping)
    if ending in {".csv", ".txt", ".tsv"}:
        return _text(path, mapping)
    raise RegisterError(
        f"expected .csv, .tsv, .parquet or .xlsx, found '{ending}'", Place(address), "save an .xls workbook as .xlsx"
    )


def _text(path: Path, mapping: RegisterMapping) -> Raw:
    content = _decoded(path, mapping.encoding)
    first = content.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=first.count)
    reader = csv.reader(io.StringIO(content, newline=""), delimiter=delimiter)
    try:
        records = list(reader)
    except csv.Error as mistake:
        raise RegisterError(f"expected a text table, found {mistake}", Place(str(path), reader.line_num)) from None
    return _laid_out(str(path), records)


def _decoded(path: Path, encoding: str) -> str:
    content = path.read_bytes()
    if content.startswith(codecs.BOM_UTF16_LE) or content.startswith(codecs.BOM_UTF16_BE):
        encoding = "utf-16"
    try:
        codec = codecs.lookup(encoding)
    except LookupError:
        raise RegisterError(f"unknown encoding '{encoding}'", Place(str(path))) from None
    try:
        return codec.decode(content, "strict")[0].removeprefix("\ufeff")
    except UnicodeDecodeError as mistake:
        line = content.count(b"\n", 0, mistake.start) + 1
        raise RegisterError(
            f"expected text in {encoding}, found byte 0x{content[mistake.start]:02x}",
            Place(str(path), line),
            "say its encoding in the mapping, such as 'encoding: windows-1258', or save it as UTF-8",
        ) from None


def _laid_out(name: str, records: Iterable[list[Any]]) -> Raw:
    """Records under their headings. A cell is a text, a number or none."""
    numbered = [(row, record) for row, record in enumerate(records, start=1) if not _blank(record)]
    if not numbered:
        raise RegisterError("expected a register, found no rows", Place(name))
    headings = _headings([_cell(cell) or "" for cell in numbered[0][1]], name)
    torn: list[tuple[int, str, str]] = []
    kept: list[tuple[int, list[Any]]] = []
    for row, record in numbered[1:]:
        if len(record) == len(headings):
            kept.append((row, record))
        else:
            text = " | ".join(_cell(cell) or "" for cell in record)
            torn.append((row, text[:200], f"expected {len(headings)} cells, found {len(record)}"))
    if not kept and not torn:
        raise RegisterError("expected rows below the headings, found none", Place(name))
    columns = {heading: [record[at] for _, record in kept] for at, heading in enumerate(headings)}
    table = pl.DataFrame(
        {heading: [_cell(cell) for cell in cells] for heading, cells in columns.items()},
        schema=dict.fromkeys(headings, pl.String),
    )
    numeric = {
        heading: np.array([isinstance(cell, int | float) and not isinstance(cell, bool) for cell in cells], dtype=bool)
        for heading, cells in columns.items()
    }
    return Raw(table, numeric, np.array([row for row, _ in kept], dtype=np.int64), tuple(torn), name)


def _headings(found: list[str], name: str) -> list[str]:
    while found and not found[-1]:
        found = found[:-1]
    for at, heading in enumerate(found):
        if heading in found[:at]:
            raise RegisterError(f"expected each heading once, found '{heading}' again", Place(name, 1))
    return [heading or f"column {at}" for at, heading in enumerate(found, start=1)]


def _blank(record: Iterable[Any]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in record)


def _cell(cell: Any) -> str | None:
    if cell is None:
        return None
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 2**53:
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    text = str(cell).strip().strip("\u00a0")
    return text or None


def _workbook(path: Path, mapping: RegisterMapping) -> Raw:
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise _missing_extra(str(path)) from None
    library: Any = openpyxl
    try:
        # Formulas are read as formulas: what a workbook last computed may be old, and some programs store nothing.
        book = library.load_workbook(path, read_only=True, data_only=False)
    except Exception as mistake:  # openpyxl lets through whatever its zip and XML readers raise
        raise RegisterError(f"expected an Excel workbook, found {mistake}", Place(str(path))) from None
    try:
        names: list[str] = list(book.sheetnames)
        sheet = mapping.sheet or names[0]
        if sheet not in names:
            raise RegisterError(f"expected the sheet '{sheet}', found {', '.join(names)}", Place(str(path)))
        width = 0
        records: list[list[Any]] = []
        for cells in book[sheet].iter_rows(values_only=True):
            record = list(cells)
            width = width or len(_headings([_cell(cell) or "" for cell in record], str(path)))
            # A sheet's rows are as wide as its widest; what is empty beyond the headings is no cell.
            while len(record) > width and record[-1] is None:
                record.pop()
            records.append(record + [None] * (width - len(record)))
        return _laid_out(str(path), records)
    finally:
        book.close()


def _parquet(path: Path) -> Raw:
    try:
        return _typed(pl.read_parquet(path), str(path), first=2)
    except (OSError, pl.exceptions.PolarsError) as mistake:
        raise RegisterError(
            f"expected a Parquet file, found {str(mistake).splitlines()[0]}", Place(str(path))
        ) from None


def _typed(table: pl.DataFrame, name: str, first: int) -> Raw:
    """A table that has types already, as texts that keep every digit."""
    if not table.height:
        raise RegisterError("expected a register, found no rows", Place(name))
    numeric = {one: np.full(table.height, table[one].dtype.is_numeric()) for one in table.columns}
    whole = [one for one in table.columns if table[one].dtype.is_float()]
    ready = table.with_columns(
        *(_short(pl.col(one)).alias(one) for one in whole),
        *(pl.col(one).cast(pl.String).str.strip_chars().alias(one) for one in table.columns if one not in whole),
    ).with_columns(pl.col(one).replace("", None) for one in table.columns)
    return Raw(ready, numeric, np.arange(first, first + table.height), (), name)


def _short(column: pl.Expr) -> pl.Expr:
    """A float as text, without `.0` where it is a whole number: a code stored as a float stays a code."""
    whole = column.is_finite() & (column == column.floor()) & (column.abs() < 2**53)
    return pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String))


def _database(address: str, mapping: RegisterMapping) -> Raw:
    place, _, table = address.partition("#")
    name = _without_password(place)
    query = _query(mapping.query, table, name)
    server = urlsplit(place).scheme in SERVERS
    try:
        found = _from_server(place, query) if server else _from_file(place, query)
    except ModuleNotFoundError:
        raise _missing_extra(name) from None
    except RegisterError:
        raise
    except Exception as mistake:  # every driver has its own errors; none may show a password
        said = _scrubbed(" ".join(str(mistake).split()), place)
        raise RegisterError(f"the database says: {said[:300]}", Place(name)) from None
    return _typed(found, name if not table else f"{name}#{table}", first=1)


def _query(query: str | None, table: str, name: str) -> str:
    if query is not None:
        one = query.strip().rstrip(";")
        if READS_ONLY.match(one) is None or ";" in one:
            raise RegisterError("expected one SELECT, found another statement", Place(name, key="query"))
        return one
    if not table:
        raise RegisterError("expected a table, found none", Place(name), f"write {name}#TABLE")
    return "SELECT * FROM " + ".".join('"' + part.replace('"', '""') + '"' for part in unquote(table).split("."))


def _from_server(address: str, query: str) -> pl.DataFrame:
    from adbc_driver_postgresql import dbapi

    joined = "&" if urlsplit(address).query else "?"
    # The session may read and nothing else, whatever the query says and whatever the user is allowed.
    options = f"options={quote('-c default_transaction_read_only=on')}&connect_timeout=10"
    driver: Any = dbapi
    with driver.connect(f"{address}{joined}{options}") as connection:
        return _fetched(connection, query)


def _from_file(address: str, query: str) -> pl.DataFrame:
    from adbc_driver_sqlite import dbapi

    path = Path(unquote(address.removeprefix("sqlite://"))) if address.startswith("sqlite:////") else None
    path = path or Path(unquote(address.removeprefix("sqlite:///")))
    if not path.is_file():
        raise RegisterError("expected a database, found no such file", Place(str(path)))
    driver: Any = dbapi
    with driver.connect(f"file:{quote(str(path.resolve()))}?mode=ro") as connection:
        return _fetched(connection, query)


def _fetched(connection: Any, query: str) -> pl.DataFrame:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: Any = cursor.fetch_arrow_table()
    return pl.DataFrame({name: _column(found, name) for name in found.column_names})


def _column(found: Any, name: str) -> pl.Series:
    """One column. PostgreSQL's exact decimals come as texts under a type of their own."""
    kind: Any = found.schema.field(name).type
    stored = getattr(kind, "storage_type", None)
    if stored is None:
        return pl.Series(name, found[name])
    series = pl.Series(name, found[name].cast(stored))
    return series.cast(pl.Float64, strict=False) if getattr(kind, "type_name", "") == "numeric" else series


def _without_password(address: str) -> str:
    parts = urlsplit(address)
    if parts.password is None and "password=" not in parts.query:
        return address
    user = f"{parts.username}:***@" if parts.username else ""
    host = parts.hostname or ""
    port = f":{parts.port}" if parts.port else ""
    return f"{parts.scheme}://{user}{host}{port}{parts.path}"


def _scrubbed(text: str, address: str) -> str:
    parts = urlsplit(address)
    hidden = [one for one in (parts.password, *re.findall(r"password=([^&]*)", parts.query)) if one]
    for one in hidden:
        text = text.replace(one, "***").replace(unquote(one), "***")
    return text.replace(address, _without_password(address))


def _missing_extra(name: str) -> RegisterError:
    return RegisterError("reading it needs more than the core", Place(name), "install haidang[db]")
