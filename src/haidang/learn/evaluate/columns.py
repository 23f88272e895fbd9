"""A table's columns as arrays, or a named mistake: nothing is dropped, filled or guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.errors import did_you_mean
from haidang.learn.evaluate.mistakes import (
    CollinearError,
    ColumnError,
    MissingError,
    NoVariationError,
    OneArmError,
    at,
    listed,
)

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

LOST = "a unit without an outcome is attrition: bound the effect with lee_bounds, or say beforehand whom you leave out"


@dataclass(frozen=True, slots=True)
class Labels:
    """A column of names as whole numbers.

    Args:
        codes: of each row, from 0.
        names: of each code, in sorted order.
    """

    codes: Codes
    names: tuple[object, ...]

    @property
    def count(self) -> int:
        """How many names there are."""
        return len(self.names)

    @property
    def dummies(self) -> Numbers:
        """One column of 0 and 1 for each name but the first."""
        return (self.codes[:, None] == np.arange(1, self.count)).astype(np.float64)


def series(table: pl.DataFrame, name: str) -> pl.Series:
    """A column without an empty cell.

    Raises:
        ColumnError: no such column.
        MissingError: a cell is empty.
    """
    if name not in table.columns:
        raise ColumnError("no such column", at(name), did_you_mean(name, table.columns))
    found = table[name]
    empty = found.is_null()
    if found.dtype.is_float():
        empty = empty | ~found.is_finite().fill_null(False)
    if empty.any():
        rows = [one + 1 for one in empty.arg_true().to_list()]
        raise MissingError(f"expected a value in every row, {listed('none in rows', rows)}", at(name))
    return found


def numbers(table: pl.DataFrame, name: str) -> Numbers:
    """A column of numbers.

    Raises:
        ColumnError: no such column, or not of numbers.
        MissingError: a cell is empty.
    """
    found = series(table, name)
    if not (found.dtype.is_numeric() or found.dtype == pl.Boolean):
        raise ColumnError(f"expected numbers, found {found.dtype}", at(name))
    return found.cast(pl.Float64).to_numpy().astype(np.float64)


def outcomes(table: pl.DataFrame, name: str) -> Numbers:
    """The outcome of every row.

    Raises:
        ColumnError: no such column, or not of numbers.
        MissingError: an outcome is missing; the rows are named.
        NoVariationError: it is the same in every row.
    """
    try:
        found = numbers(table, name)
    except MissingError as error:
        raise MissingError(error.problem, error.place, LOST) from None
    return varied(found, name)


def varied(found: Numbers, name: str) -> Numbers:
    """The same numbers where they differ.

    Raises:
        NoVariationError: there is only one value.
    """
    if found.size == 0 or float(np.ptp(found)) == 0.0:
        value = "no rows" if found.size == 0 else f"{found[0]:g} in every row"
        raise NoVariationError(f"expected values that differ, found {value}", at(name))
    return found


def binary(table: pl.DataFrame, name: str) -> Numbers:
    """A column of 0 and 1.

    Raises:
        ColumnError: no such column, or another value in it.
        MissingError: a cell is empty.
    """
    found = numbers(table, name)
    odd = np.flatnonzero((found != 0.0) & (found != 1.0))
    if odd.size:
        raise ColumnError(f"expected 0 or 1, found {found[odd[0]]:g} in row {odd[0] + 1}", at(name))
    return found


def arms(table: pl.DataFrame, name: str) -> Numbers:
    """The arm of every row, 1 treated and 0 not; both are there.

    Raises:
        ColumnError: no such column, or a value that is neither.
        MissingError: a cell is empty.
        OneArmError: all are treated, or nobody.
    """
    found = binary(table, name)
    if found.size == 0 or found.min() == found.max():
        who = "no rows" if found.size == 0 else "all treated" if found[0] == 1.0 else "nobody treated"
        raise OneArmError(f"expected treated and untreated units, found {who}", at(name))
    return found


def labels(table: pl.DataFrame, name: str) -> Labels:
    """A column of names: strata, clusters, pairs, units.

    Raises:
        ColumnError: no such column.
        MissingError: a cell is empty.
    """
    found = series(table, name)
    names = found.unique().sort()
    codes = found.replace_strict(names, pl.int_range(names.len(), eager=True), return_dtype=pl.Int64)
    return Labels(codes.to_numpy().astype(np.int64), tuple(names.to_list()))


def covariate_columns(table: pl.DataFrame, names: Sequence[str], beside: Numbers | None = None) -> Numbers:
    """Covariates, one column each, none of which the others already say.

    Args:
        table: one row a unit.
        names: of the columns, measured before treatment.
        beside: further columns of the regression (the arm, strata), shape (rows, any).

    Raises:
        ColumnError: no such column, or not of numbers.
        MissingError: a cell is empty.
        NoVariationError: a covariate is the same in every row.
        CollinearError: a covariate is a combination of the constant, `beside` and the covariates before it.
    """
    found = np.column_stack([varied(numbers(table, name), name) for name in names] or [np.empty((table.height, 0))])
    known = np.ones((table.height, 1)) if beside is None else np.column_stack([np.ones(table.height), beside])
    for place, name in enumerate(names):
        own = found[:, place] - found[:, place].mean()
        basis = np.linalg.qr(known)[0]
        fitted = basis @ (basis.T @ own)
        if float(np.sum((own - fitted) ** 2)) <= 1e-10 * float(np.sum(own**2)):
            others = ", ".join(names[:place]) or "the arm and the strata"
            raise CollinearError(f"expected a column of its own, found a combination of {others}", at(name))
        known = np.column_stack([known, own / own.std()])
    return found


def strata_columns(table: pl.DataFrame, strata: str | None, arm: Numbers) -> Numbers:
    """A column of 0 and 1 for each stratum but the first; no columns without strata.

    Args:
        table: one row a unit.
        strata: column of the strata, or none.
        arm: 0 or 1 of each row.

    Raises:
        ColumnError: no such column.
        MissingError: a cell is empty.
        CollinearError: every stratum holds one arm only.
    """
    if strata is None:
        return np.empty((table.height, 0))
    found = labels(table, strata)
    inside = np.bincount(found.codes, arm) / np.bincount(found.codes)
    if np.all((inside == 0.0) | (inside == 1.0)):
        raise CollinearError("expected a stratum with both arms, found each of one arm", at(strata))
    return found.dummies
