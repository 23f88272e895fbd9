"""Types and ranges of a register's cells, and the report of every row that fails."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from haidang.population.mapping import Field, Writing
from haidang.population.register_source import Raw

Array = np.ndarray[Any, np.dtype[Any]]
PLAIN = r"^[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?$"
PATTERNS: dict[Writing, str] = {
    "plain": PLAIN,
    "vietnamese": r"^[+-]?(\d{1,3}(\.\d{3})+|\d+)(,\d+)?$",
    "english": r"^[+-]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$",
}
EXAMPLES: dict[Writing, str] = {"plain": "1500.5", "vietnamese": "1.500,5", "english": "1,500.5"}
MOST_DIGITS = 18
"""A longer code does not fit a 64-bit id."""


@dataclass(frozen=True, slots=True)
class Cells:
    """A field's values, each of shape (rows,): text, number (0 where there is none), and whether there is one."""

    text: Array
    number: Array
    present: Array


class Problems:
    """Every problem of every row, in the order in which they were found."""

    def __init__(self, raw: Raw) -> None:
        self._row = raw.row
        self._failed: Array = np.zeros(len(raw.row), dtype=np.bool_)
        self._lines: list[tuple[int, str, str | None, str, str]] = [
            (row, "", text, reason, "rejected") for row, text, reason in raw.torn
        ]

    def add(
        self, column: str, wrong: Array, value: Sequence[Any] | Array, reason: str, outcome: str = "rejected"
    ) -> None:
        """Note the rows where `wrong` is true."""
        for at in np.flatnonzero(wrong):
            self.add_row(int(at), column, value[int(at)], reason, outcome)

    def add_row(self, at: int, column: str, value: Any, reason: str, outcome: str = "rejected") -> None:
        """Note one row."""
        self._failed[at] = True
        self._lines.append((int(self._row[at]), column, None if value is None else str(value), reason, outcome))

    def clean(self) -> Array:
        """The rows without a problem so far, shape (rows,), bool."""
        return ~self._failed

    def report(self) -> pl.DataFrame:
        """One line per problem, by row."""
        schema = {"row": pl.Int64, "column": pl.String, "value": pl.String, "reason": pl.String, "outcome": pl.String}
        return pl.DataFrame(self._lines, schema=schema, orient="row").sort("row", maintain_order=True)


def parse(field: Field, raw: Raw, heading: str | None, writing: Writing, problems: Problems) -> Cells:
    """A field's cells, with every cell noted that is not of its kind or outside its range.

    Args:
        field: what is expected.
        raw: the register.
        heading: its column there, or none where an optional column is absent.
        writing: how texts write numbers.
        problems: where to note them.
    """
    count = raw.table.height
    if heading is None:
        return Cells(np.full(count, None, dtype=object), np.zeros(count), np.zeros(count, dtype=np.bool_))
    text = raw.table[heading]
    present = text.is_not_null().to_numpy()
    if not field.optional:
        problems.add(field.name, ~present, text.to_list(), "expected a value, found none")
    formula = text.str.starts_with("=").fill_null(False).to_numpy()
    problems.add(field.name, formula, text.to_list(), "a formula, not a value: save the sheet as values")
    usable = present & ~formula
    if field.kind == "text":
        return Cells(text.to_numpy(), np.zeros(count), present)
    if field.kind == "code":
        return _codes(field, text, raw.numeric[heading], usable, problems)
    return _numbers(field, text, raw.numeric[heading], usable, writing, problems)


def _codes(field: Field, text: pl.Series, numeric: Array, usable: Array, problems: Problems) -> Cells:
    digits = text.str.replace_all(r"[\s.\-]", "")
    if field.digits:
        # A code kept as a number has lost its leading zeros; a code kept as text has not.
        padded = digits.str.zfill(min(field.digits))
        digits = pl.select(pl.when(pl.Series(numeric)).then(padded).otherwise(digits)).to_series()
    right = digits.str.contains(r"^\d+$").fill_null(False).to_numpy()
    problems.add(field.name, usable & ~right, text.to_list(), "expected digits")
    lengths = digits.str.len_chars().fill_null(0).to_numpy()
    allowed = np.isin(lengths, field.digits) if field.digits else lengths <= MOST_DIGITS
    wanted = " or ".join(str(one) for one in field.digits) if field.digits else f"at most {MOST_DIGITS}"
    problems.add(field.name, usable & right & ~allowed, text.to_list(), f"expected {wanted} digits")
    return Cells(digits.to_numpy(), np.zeros(len(digits)), usable & right & allowed)


def _numbers(
    field: Field, text: pl.Series, numeric: Array, usable: Array, writing: Writing, problems: Problems
) -> Cells:
    # Cells that a sheet or a database keeps as numbers are written plainly; only texts follow the mapping.
    plain = text.cast(pl.Float64, strict=False).to_numpy()
    written = pl.select(
        pl.when(text.str.contains(PATTERNS[writing])).then(_plain(text, writing).cast(pl.Float64, strict=False))
    ).to_series()
    number = np.where(numeric, plain, written.to_numpy())
    read = usable & np.isfinite(number)
    told = f"expected a number such as {EXAMPLES[writing]}"
    problems.add(field.name, usable & ~read & ~numeric, text.to_list(), told)
    problems.add(field.name, usable & ~read & numeric, text.to_list(), "not a number")
    value = np.where(read, number, 0.0)
    broken = (value != np.floor(value)) & (field.kind == "whole")
    low = np.zeros(len(value), dtype=np.bool_) if field.least is None else value < field.least
    high = np.zeros(len(value), dtype=np.bool_) if field.most is None else value > field.most
    problems.add(field.name, read & broken, text.to_list(), "expected a whole number")
    problems.add(field.name, read & low, text.to_list(), f"expected at least {field.least or 0:g}")
    problems.add(field.name, read & high, text.to_list(), f"expected at most {field.most or 0:g}")
    return Cells(text.to_numpy(), value, read & ~broken & ~low & ~high)


def _plain(text: pl.Series, writing: Writing) -> pl.Series:
    if writing == "vietnamese":
        return text.str.replace_all(".", "", literal=True).str.replace(",", ".", literal=True)
    return text.str.replace_all(",", "", literal=True) if writing == "english" else text
