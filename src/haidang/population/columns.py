"""Tables of units: what a column is, what a population is, and what every table of units must hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from haidang.errors import HaidangError, did_you_mean

if TYPE_CHECKING:
    import polars as pl
else:
    from haidang.population.later import polars as pl

Kind = Literal["category", "flag", "number", "level"]
KINDS: tuple[Kind, ...] = ("category", "flag", "number", "level")
TOP_LEVEL = 5
Title = Mapping[str, str]


class PopulationError(HaidangError):
    """A table of units, or what describes it, is not as it must be."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table of units.

    Attributes:
        name: as programmes and models write it.
        kind: `category`, `flag`, `number` or `level` (a whole number from 0 to 5).
        unit: unit of measure of a number, `1` where it has none; `1` for a level; none for the others.
        title: text per language.
        categories: the values of a category, in the order of their codes.
        titles: text per language of each category.
        least: smallest number allowed.
        most: largest number allowed.
    """

    name: str
    kind: Kind
    unit: str | None = None
    title: Title = field(default_factory=dict[str, str])
    categories: tuple[str, ...] = ()
    titles: Mapping[str, Title] = field(default_factory=dict[str, Title])
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Population:
    """A table of units, one row each.

    Attributes:
        name: its id.
        table: the columns, with `id` (Int64, unique, not negative) and `weight` (Float64, above zero: how many real
            units the row stands for).
        columns: what each column but `id` and `weight` is.
        source: in words, where the rows come from.
        assumed: columns that nothing published or registered fixes row by row: they are drawn.
        notes: what a reader must know, such as the effective number of rows.
    """

    name: str
    table: pl.DataFrame
    columns: Mapping[str, Column]
    source: str = ""
    assumed: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def units(self) -> float:
        """How many real units the rows stand for."""
        return float(self.table["weight"].sum())

    @property
    def effective_rows(self) -> float:
        """The number of equally weighted rows that would be as precise (Kish, 1965)."""
        weight = self.table["weight"].to_numpy()
        return float(weight.sum() ** 2 / np.square(weight).sum()) if len(weight) else 0.0


def encode(population: Population, names: Iterable[str]) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """The columns as arrays of shape (units,), ready for a model.

    Args:
        population: the table.
        names: columns wanted; `id` and `weight` may be among them.

    Returns:
        `id` int64, `weight` float64, category int8 codes (the position in `Column.categories`), flag bool, number
        float32, level int8.

    Raises:
        PopulationError: where a column is not in the table.
    """
    return encode_table(population.table, population.columns, names)


def encode_table(
    table: pl.DataFrame, columns: Mapping[str, Column], names: Iterable[str]
) -> dict[str, np.ndarray[Any, np.dtype[Any]]]:
    """As `encode`, for one block of a table."""
    arrays: dict[str, np.ndarray[Any, np.dtype[Any]]] = {}
    for name in names:
        if name not in table.columns:
            raise PopulationError(f"the table has no column '{name}'", hint=did_you_mean(name, table.columns))
        values = table[name]
        if name == "id":
            arrays[name] = values.to_numpy().astype(np.int64)
        elif name == "weight":
            arrays[name] = values.to_numpy().astype(np.float64)
        else:
            arrays[name] = _encoded(values, _known(columns, name))
    return arrays


def check_table(table: pl.DataFrame, columns: Mapping[str, Column]) -> pl.DataFrame:
    """The same rows with settled types, once everything that a table of units must hold has been seen to hold.

    Raises:
        PopulationError: for a missing column, an empty value, NaN, a repeated or negative id, a weight that is not
            above zero, an unknown category, a number outside its range or a level that is not 0 to 5.
    """
    for name in ("id", "weight", *columns):
        if name not in table.columns:
            raise PopulationError(f"a table of units must have the column '{name}'", hint=_near(name, table.columns))
    ready = table.select(
        _ids(table["id"]), _weights(table["weight"]), *(_settled(table[c.name], c) for c in columns.values())
    )
    repeated = ready["id"].is_duplicated()
    if repeated.any():
        first = int(ready["id"].filter(repeated)[0])
        raise PopulationError(f"column id: every row must have its own id, found {first} more than once")
    return ready


def _near(name: str, present: Iterable[str]) -> str:
    return did_you_mean(name, present)


def _known(columns: Mapping[str, Column], name: str) -> Column:
    try:
        return columns[name]
    except KeyError:
        raise PopulationError(f"nothing says what the column '{name}' is", hint=did_you_mean(name, columns)) from None


def _encoded(values: pl.Series, column: Column) -> np.ndarray[Any, np.dtype[Any]]:
    if column.kind == "category":
        codes = values.cast(pl.String).cast(pl.Enum(list(column.categories))).to_physical()
        return codes.to_numpy().astype(np.int8)
    if column.kind == "flag":
        return values.to_numpy().astype(np.bool_)
    return values.to_numpy().astype(np.int8 if column.kind == "level" else np.float32)


def _ids(values: pl.Series) -> pl.Series:
    if not values.dtype.is_integer():
        raise PopulationError(f"column id: expected whole numbers, found {values.dtype}")
    _whole_rows(values)
    _refuse(values, values.cast(pl.Float64) < 0, "expected an id that is not negative")
    return values.cast(pl.Int64).alias("id")


def _weights(values: pl.Series) -> pl.Series:
    if not values.dtype.is_numeric():
        raise PopulationError(f"column weight: expected numbers, found {values.dtype}")
    _whole_rows(values)
    number = values.cast(pl.Float64)
    _refuse(values, ~(number.is_finite() & (number > 0)), "expected a weight above zero")
    return number.alias("weight")


def _settled(values: pl.Series, column: Column) -> pl.Series:
    _whole_rows(values)
    if column.kind == "category":
        text = values.cast(pl.String)
        _refuse(values, ~text.is_in(list(column.categories)), f"expected one of {', '.join(column.categories)}")
        return text.cast(pl.Enum(list(column.categories)))
    if column.kind == "flag":
        return _flags(values)
    if not values.dtype.is_numeric():
        raise PopulationError(f"column {column.name}: expected numbers, found {values.dtype}")
    number = values.cast(pl.Float64)
    _refuse(values, ~number.is_finite(), "expected a number")
    if column.kind == "level":
        fits = (number == number.floor()) & (number >= 0) & (number <= TOP_LEVEL)
        _refuse(values, ~fits, "expected a level from 0 to 5")
        return number.cast(pl.Int8)
    if column.least is not None:
        _refuse(values, number < column.least, f"expected at least {column.least:g}")
    if column.most is not None:
        _refuse(values, number > column.most, f"expected at most {column.most:g}")
    return number


def _flags(values: pl.Series) -> pl.Series:
    if values.dtype == pl.Boolean:
        return values
    text = values.cast(pl.String).str.to_lowercase()
    _refuse(values, ~text.is_in(["true", "false", "1", "0"]), "expected true or false")
    return text.is_in(["true", "1"]).alias(values.name)


def _whole_rows(values: pl.Series) -> None:
    """Refuse a column with an empty value: a unit without an attribute can be neither simulated nor left out."""
    _refuse(values, values.is_null(), "expected a value")


def _refuse(values: pl.Series, wrong: pl.Series, expected: str) -> None:
    if wrong.any():
        row = int(wrong.arg_true()[0])
        found = values[row]
        raise PopulationError(f"column {values.name}, row {row + 1}: {expected}, found {found!r}")
