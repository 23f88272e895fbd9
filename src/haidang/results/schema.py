"""The tables of a run: which there are, their columns and types."""

from __future__ import annotations

import polars as pl

_KEYS = {
    "totals": ("scenario", "outcome", "by", "group", "draw", "year"),
    "users": ("scenario", "outcome", "by", "group", "draw"),
    "budgets": ("scenario", "instrument", "resource", "draw", "year"),
    "funnel": ("scenario", "stage", "draw", "year"),
    "choices": ("scenario", "alternative", "draw", "year"),
    "facts": ("fact", "draw"),
    "periods": ("scenario", "outcome", "draw", "year", "month"),
    "markets": ("scenario", "draw", "year", "month"),
    "reach": ("unit",),
}
_VALUES = {
    "totals": ("value",),
    "users": ("scenario_value", "baseline_value"),
    "budgets": ("available", "requested", "spent", "applicants", "served", "refused"),
    "funnel": ("value",),
    "choices": ("value",),
    "facts": ("value",),
    "periods": ("value",),
    "markets": ("price", "bid", "offered", "traded", "floor", "ceiling"),
    "reach": ("group", "alike"),
}
_WORDS = {"group"}
_COUNTS = {"draw", "year", "month", "unit"}
_WHOLE = {"available", "requested", "spent", "alike"}

NAMES = tuple(_KEYS)
"""Every table of a run."""

OPTIONAL = frozenset({"periods", "markets", "reach"})
"""Tables that only some runs fill; a run without rows for them has no file for them.

`reach` is of units that somebody gave: for each its group, and the class of those that every scenario treats alike.
"""

UNKNOWN = frozenset({"floor", "ceiling"})
"""Columns that may be absent from what is handed over, or hold nothing: there is no such bound, or it is not told."""


def table_keys(name: str) -> tuple[str, ...]:
    """The columns that name a row of a table, in the order by which its rows are sorted."""
    return _KEYS[name]


def table_schema(name: str) -> dict[str, type[pl.DataType]]:
    """Columns and types of one table, in the order in which they are written."""
    kinds: dict[str, type[pl.DataType]] = {key: pl.Int32 if key in _COUNTS else pl.String for key in _KEYS[name]}
    return kinds | {value: _kind(value) for value in _VALUES[name]}


def _kind(value: str) -> type[pl.DataType]:
    return pl.String if value in _WORDS else pl.Int64 if value in _WHOLE else pl.Float64
