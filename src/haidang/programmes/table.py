"""Expressions on tables of real rows, where categories are words and a value may be missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import numpy as np

from haidang.errors import did_you_mean
from haidang.programmes.evaluate import evaluate
from haidang.programmes.syntax import ExpressionError

if TYPE_CHECKING:
    import polars as pl

    from haidang.programmes.expression import Expression


def evaluate_table(expression: Expression, table: pl.DataFrame, constants: Mapping[str, float]) -> np.ndarray[Any, Any]:
    """The value of an expression for every row of a table, float64 or bool.

    Raises:
        ExpressionError: a column is missing, of another kind than it is read as, or has rows without a value.
    """
    codes = _codes(expression)
    columns: dict[str, Any] = {}
    for name in expression.names:
        if name in table.columns:
            columns[name] = (
                _words(expression, table[name], codes) if name in codes else _numbers(expression, table[name])
            )
        elif name in constants:
            columns[name] = constants[name]
        else:
            known = {*table.columns, *constants}
            raise ExpressionError(
                f"expected a column '{name}', found none of that name", expression.place, did_you_mean(name, known)
            )
    value = evaluate(expression.tree, columns, codes, np, np.float64, expression.place)
    return np.broadcast_to(value, (table.height,)).copy()


def evaluate_row(expression: Expression, row: Mapping[str, Any]) -> bool:
    """Whether one row, with categories as words, meets a condition.

    Raises:
        ExpressionError: the row lacks a value, or has one of another kind than it is read as.
    """
    codes = _codes(expression)
    columns = {name: _single(expression, name, row, codes) for name in expression.names}
    return bool(evaluate(expression.tree, columns, codes, np, np.float64, expression.place))


def _codes(expression: Expression) -> Mapping[str, tuple[str, ...]]:
    """The bound words, else the words that the expression itself compares with; no other word has a code."""
    return expression.codes if expression.codes is not None else expression.categories


def _words(expression: Expression, column: pl.Series, codes: Mapping[str, tuple[str, ...]]) -> np.ndarray[Any, Any]:
    import polars as pl

    if not isinstance(column.dtype, pl.String | pl.Categorical | pl.Enum):
        _refuse_kind(expression, column.name, "words", str(column.dtype))
    _refuse_missing(expression, column.name, column.is_null())
    code = {word: number for number, word in enumerate(codes[column.name])}
    return np.array([code.get(normalize("NFC", word), -1) for word in column.cast(pl.String).to_list()], dtype=np.int32)


def _numbers(expression: Expression, column: pl.Series) -> np.ndarray[Any, Any]:
    import polars as pl

    if column.dtype == pl.Boolean:
        _refuse_missing(expression, column.name, column.is_null())
        return column.to_numpy()
    if not column.dtype.is_numeric():
        _refuse_kind(expression, column.name, "numbers", str(column.dtype))
    numbers = column.cast(pl.Float64)
    _refuse_missing(expression, column.name, numbers.is_null() | numbers.is_nan().fill_null(False))
    return numbers.to_numpy()


def _refuse_missing(expression: Expression, name: str, missing: pl.Series) -> None:
    """A row without a value is neither in nor out: whoever owns the table decides, before it comes here."""
    count = int(missing.sum())
    if count:
        first = missing.arg_max() or 0
        rows = "1 row" if count == 1 else f"{count} rows"
        raise ExpressionError(
            f"expected a value of '{name}' in every row, found {rows} without, first row {first + 1}", expression.place
        )


def _refuse_kind(expression: Expression, name: str, wanted: str, found: str) -> None:
    raise ExpressionError(f"expected {wanted} in the column '{name}', found {found}", expression.place)


def _single(expression: Expression, name: str, row: Mapping[str, Any], codes: Mapping[str, tuple[str, ...]]) -> Any:
    value: Any = row.get(name)
    value = value.item() if hasattr(value, "item") else value
    if value is None or value != value:
        hint = None if name in row else did_you_mean(name, row)
        raise ExpressionError(f"expected a value of '{name}', found none", expression.place, hint)
    if name in codes:
        if not isinstance(value, str):
            _refuse_kind(expression, name, "words", repr(value))
        word = normalize("NFC", value)
        return codes[name].index(word) if word in codes[name] else -1
    if isinstance(value, bool):
        return value
    if not isinstance(value, int | float):
        _refuse_kind(expression, name, "numbers", repr(value))
    return float(value)
