"""Reading the series of a suite from a file that stands outside the pack."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from haidang.errors import Place, did_you_mean
from haidang.learn.forecasts.observed import Observed
from haidang.learn.forecasts.suite_file import Suite, SuiteError, time_of


class AbsentError(SuiteError):
    """The file of a suite's series is not there."""


def find_file(suite: Suite, where: Path | None) -> Path:
    """The file with the series of a suite.

    Args:
        suite: which names it.
        where: the file, or a folder that has it under that name; the working folder where none is given.

    Raises:
        AbsentError: it is not there; says whose publication it is.
    """
    at = Path() if where is None else where
    path = at / suite.file if at.is_dir() else at
    if not path.is_file():
        problem = f"expected the series of '{suite.id}', found no file {path}"
        hint = f"give the file or its folder with --series; it is not part of the pack: {suite.source}"
        raise AbsentError(problem, suite.place.at("file"), hint)
    return path


def read_series(suite: Suite, path: Path) -> tuple[Observed, ...]:
    """All series of a suite in the order of their names.

    Args:
        suite: which columns, and which rows.
        path: a CSV or Parquet file.

    Raises:
        SuiteError: a column is missing, a number is none or out of bounds, a time stands twice in a series.
    """
    table = _table(path)
    for column in (*suite.columns.values(), *suite.where):
        if column not in table.columns:
            problem = f"expected the column '{column}', found none"
            raise SuiteError(problem, Place(str(path)), did_you_mean(column, table.columns))
    table = table.with_row_index("line", offset=2)
    for column, wanted in suite.where.items():
        table = table.filter(pl.col(column).cast(pl.String) == wanted)
    if not table.height:
        raise SuiteError(f"expected rows for '{suite.id}', found none", Place(str(path)))
    found: dict[str, list[tuple[float, float, int]]] = {}
    name, time, value = (suite.columns[key] for key in ("series", "time", "value"))
    for row in table.select("line", name, time, value).iter_rows():
        at = Place(str(path), row[0], value)
        found.setdefault(str(row[1]), []).append((time_of(str(row[2]), at), _number(row[3], suite, at), row[0]))
    return tuple(_observed(name, found[name], path) for name in sorted(found))


def _table(path: Path) -> pl.DataFrame:
    try:
        if path.suffix == ".parquet":
            return pl.read_parquet(path)
        return pl.read_csv(path, infer_schema=False)
    except (OSError, pl.exceptions.PolarsError) as mistake:
        raise SuiteError(f"expected a CSV or Parquet file, found: {mistake}", Place(str(path))) from None


def _number(cell: Any, suite: Suite, at: Place) -> float:
    try:
        value = float(cell)
    except (TypeError, ValueError):
        raise SuiteError(f"expected a number, found '{'' if cell is None else cell}'", at) from None
    if not np.isfinite(value) or value < 0 or (suite.top is not None and value > suite.top):
        bound = "zero or more" if suite.top is None else f"between 0 and {suite.top:g}"
        raise SuiteError(f"expected a number {bound}, found {value:g}", at)
    return value


def _observed(name: str, rows: list[tuple[float, float, int]], path: Path) -> Observed:
    rows.sort()
    for (earlier, _, _), (later, _, line) in pairwise(rows):
        if earlier == later:
            problem = f"expected each time once in '{name}', found one twice"
            raise SuiteError(problem, Place(str(path), line))
    return Observed(name, np.array([row[0] for row in rows]), np.array([row[1] for row in rows]))
