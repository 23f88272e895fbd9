"""Whether a table of units is one that a model can run on: its columns, their types and every value."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.models import Attribute, Card


class PopulationError(HaidangError):
    """A population that a model cannot run on."""


def needed_columns(card: Card) -> tuple[str, ...]:
    """The columns of a population that a model's card asks for, with id and weight."""
    return ("id", "weight", *card.attributes)


def refuse_missing(names: Sequence[str], card: Card, place: Place) -> None:
    """See that every column that the card asks for is among these names.

    Raises:
        PopulationError: one is not.
    """
    for name in needed_columns(card):
        if name not in names:
            raise PopulationError(f"expected the column '{name}', found none", place, did_you_mean(name, names))


def refuse_repeated_ids(ids: pl.Series, place: Place) -> None:
    """See that no id stands twice.

    Raises:
        PopulationError: one does.
    """
    repeated = ids.filter(ids.is_duplicated())
    if len(repeated):
        raise PopulationError(f"expected each id once, found {repeated[0]} more than once", place.at("id"))


def check_units(table: pl.DataFrame, card: Card, place: Place, before: int = 0) -> pl.DataFrame:
    """The columns that the model reads.

    Args:
        table: the units.
        card: what the model reads.
        place: where they stand.
        before: how many rows stand before the table's first, for the numbers of rows in what is said.

    Raises:
        PopulationError: a column is missing, or holds what cannot be computed with.
    """
    refuse_missing(table.columns, card, place)
    if table.height == 0:
        raise PopulationError("expected at least one unit, found none", place)
    for name in needed_columns(card):
        column, here = table[name], place.at(name)
        _refuse(column.is_null(), column, "a value in every row", here, before)
        _refuse_type(column, card.attributes.get(name), here)
        if column.dtype.is_float():
            _refuse(~column.is_finite(), column, "a finite number", here, before)
    _refuse(table["id"] < 0, table["id"], "0 or more", place.at("id"), before)
    _refuse(table["weight"] <= 0, table["weight"], "weights above 0", place.at("weight"), before)
    for name, attribute in card.attributes.items():
        _refuse_values(table[name], attribute, place.at(name), before)
    return table.select(needed_columns(card))


def _refuse_type(column: pl.Series, attribute: Attribute | None, place: Place) -> None:
    """Id and weight have no attribute."""
    kind = attribute.kind if attribute is not None else column.name
    whole = column.dtype.is_integer()
    fits, expected = {
        "id": (whole, "whole numbers"),
        "flag": (whole or column.dtype == pl.Boolean, "true or false"),
        "category": (not column.dtype.is_nested(), "words"),
    }.get(kind, (column.dtype.is_numeric(), "numbers"))
    if not fits:
        raise PopulationError(f"expected {expected}, found a column of the type {column.dtype}", place)


def _refuse_values(column: pl.Series, attribute: Attribute, place: Place, before: int) -> None:
    if attribute.kind == "number" and attribute.unit not in ("", "1"):
        _refuse(column < 0, column, f"0 {attribute.unit} or more", place, before)
    if attribute.kind == "category":
        words = attribute.categories
        unknown = ~column.cast(pl.String).is_in(list(words))
        _refuse(unknown, column, f"one of {', '.join(words)}", place, before, words)


def _refuse(
    wrong: pl.Series, column: pl.Series, expected: str, place: Place, before: int, words: tuple[str, ...] = ()
) -> None:
    """Name the first row where something is wrong, if there is one."""
    if not wrong.any():
        return
    row = int(wrong.arg_max() or 0)
    value = column[row]
    found = "none" if value is None else f"'{value}'" if words else str(value)
    hint = did_you_mean(str(value), words) if words else None
    raise PopulationError(f"expected {expected}, found {found} in row {before + row + 1}", place, hint)
