"""The units of an allocation: applicants beside the city's, groups that rules speak of, who misses which condition."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.allocate.asked import Choice
from haidang.allocate.problem import Labels
from haidang.models import Card


def beside(table: pl.DataFrame, city: pl.DataFrame, card: Card) -> pl.DataFrame:
    """Applicants, and behind them the city's units under ids of their own."""
    kinds = {"category": pl.String, "flag": pl.Boolean, "number": pl.Float64, "level": pl.Float64}
    wanted = ["id", "weight", *card.attributes]
    alike = [
        pl.col("weight").cast(pl.Float64),
        *(pl.col(name).cast(kinds[one.kind]) for name, one in card.attributes.items()),
    ]
    behind = int(table["id"].to_numpy().max()) + 1
    renamed = city.with_columns(id=pl.Series(np.arange(behind, behind + city.height)))
    return pl.concat([one.select(wanted).with_columns(alike) for one in (table, renamed)])


def first_of(offered: Choice) -> Choice:
    """Each unit's first offer, -1 for none (units)."""
    at = (offered >= 0).argmax(axis=1)
    return offered[np.arange(len(offered)), at]


def groups_of(card: Card, table: pl.DataFrame) -> tuple[dict[str, Labels], dict[str, Sequence[str]]]:
    """The columns of groups that rules may speak of, and the groups that some unit is in."""
    columns: dict[str, Labels] = {}
    for name in card.attributes:
        kind = card.attributes[name].kind
        if kind in ("category", "flag"):
            words = table[name].cast(pl.String)
            columns[name] = words.to_numpy().astype(str)
    return columns, {name: tuple(sorted(set(one.tolist()))) for name, one in columns.items()}


def failed_first(
    may: NDArray[np.bool_], conditions: Sequence[str], met: Iterable[NDArray[np.bool_]]
) -> tuple[str, ...]:
    """For units that may be offered nothing, the first condition they do not meet; else empty (units).

    Args:
        may: who may be offered what (units, offers).
        conditions: as the programme says them.
        met: which of them each unit meets (units, conditions).
    """
    return tuple(
        "" if mine.any() else next(text for text, holds in zip(conditions, row, strict=True) if not holds)
        for mine, row in zip(may, met, strict=False)
    )
