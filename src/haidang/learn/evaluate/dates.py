"""The order of the dates of a unit: assigned, then treated, then measured."""

from __future__ import annotations

from itertools import pairwise

import polars as pl

from haidang.learn.evaluate.columns import series
from haidang.learn.evaluate.mistakes import ColumnError, PeriodError, at, listed


def check_order(table: pl.DataFrame, *columns: str) -> None:
    """Hold that the dates of each row come in the order in which the columns are named.

    Args:
        table: one row a unit.
        columns: of dates, times or whole numbers, the earliest first.

    Raises:
        ColumnError: no such column, or not of times.
        MissingError: a date is missing.
        PeriodError: in some row a later date comes before an earlier one.
    """
    for name in columns:
        kind = series(table, name).dtype
        if not (kind.is_temporal() or kind.is_integer()):
            raise ColumnError(f"expected dates or whole numbers, found {kind}", at(name))
    for earlier, later in pairwise(columns):
        wrong = (table[later] < table[earlier]).arg_true().to_list()
        if wrong:
            rows = [one + 1 for one in wrong]
            raise PeriodError(f"expected no date before {earlier}, {listed('found one in rows', rows)}", at(later))
