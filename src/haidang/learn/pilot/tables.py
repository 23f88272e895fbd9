"""Tables that a pilot reads and writes."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import polars as pl

from haidang.errors import HaidangError, Place


class TableError(HaidangError):
    """A table that is not there, or cannot be read or written."""


def read_table(path: Path) -> pl.DataFrame:
    """A table from CSV, Parquet or Excel; in a CSV an empty cell is a missing value.

    Raises:
        TableError: there is no such file, or it is none of these.
    """
    place = Place(str(path))
    if not path.is_file():
        raise TableError("expected a table, found no such file", place)
    ending = path.suffix.lower()
    try:
        if ending == ".csv":
            return pl.read_csv(path, infer_schema_length=None, schema_overrides={"id": pl.String})
        if ending == ".parquet":
            return pl.read_parquet(path)
        if ending == ".xlsx":
            return pl.read_excel(path, engine="openpyxl")
    except (OSError, pl.exceptions.PolarsError) as mistake:
        raise TableError(f"expected a table, found: {str(mistake).splitlines()[0]}", place) from None
    raise TableError(f"expected .csv, .parquet or .xlsx, found '{ending}'", place)


def write_table(path: Path, table: pl.DataFrame) -> None:
    """Write a table as CSV or Parquet, whole or not at all.

    Raises:
        TableError: the name has another ending, or the place cannot be written.
    """
    if path.suffix.lower() not in {".csv", ".parquet"}:
        raise TableError(f"expected .csv or .parquet, found '{path.suffix}'", Place(str(path)))
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.lower() == ".csv":
            table.write_csv(temporary)
        else:
            table.write_parquet(temporary)
        os.replace(temporary, path)
    except OSError as mistake:
        temporary.unlink(missing_ok=True)
        raise TableError(f"expected a place that can be written, found: {mistake}", Place(str(path))) from None


def write_text(path: Path, text: str) -> None:
    """Write a text, whole or not at all.

    Raises:
        TableError: the place cannot be written.
    """
    temporary = path.with_name(f".{path.name}.{uuid4().hex}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary.write_text(text, encoding="utf-8")
        os.replace(temporary, path)
    except OSError as mistake:
        temporary.unlink(missing_ok=True)
        raise TableError(f"expected a place that can be written, found: {mistake}", Place(str(path))) from None
