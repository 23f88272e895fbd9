"""Reports of a lot by cluster: units of one cluster hang together, so the cluster is what arrives."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from haidang.errors import Place
from haidang.learn.pilot.assign import ARM, BLOCK, ID
from haidang.learn.pilot.declaration import PilotError

DATE = "date"
_CLUSTER, _SEEN, _ROW, _WHOLE = "cluster", "seen", "row", "whole"


def whole_clusters(
    table: pl.DataFrame, days: Sequence[date], assigned: pl.DataFrame, columns: Sequence[str], place: Place | None
) -> tuple[pl.DataFrame, list[int]]:
    """Each cluster as one arrival, on the day on which the last of its units has reported.

    Its value of a column is the mean over its units that have one, so every cluster weighs the same, as in the lot. A
    cluster waits until it is whole: how many have reported must not depend on what they report.

    Args:
        table: one row a unit in the order of the dates, with `id`, `arm` and the columns.
        days: the date of each row (rows).
        assigned: the units with their arms and, under `block`, their clusters.
        columns: which are read.
        place: the file of the reports, for messages.

    Returns:
        One row a cluster in the order of arrival with `id`, `date`, `arm` and the columns, and after which row of the
        table it was whole (clusters).

    Raises:
        PilotError: no cluster is whole yet.
    """
    blocks = assigned.select(pl.col(ID).cast(pl.String), pl.col(BLOCK).alias(_CLUSTER))
    sizes = blocks.group_by(_CLUSTER).len(_WHOLE)
    given = table.select(
        pl.col(ID).cast(pl.String), ARM, *(pl.col(one).cast(pl.Float64, strict=False) for one in columns)
    )
    rows = given.with_columns(pl.Series(DATE, days)).with_row_index(_ROW).join(blocks, on=ID, how="left")
    found = (
        rows.group_by(_CLUSTER, maintain_order=True)
        .agg(
            pl.len().alias(_SEEN), pl.col(_ROW).max(), pl.col(DATE).last(), pl.col(ARM).first(), pl.col(*columns).mean()
        )
        .join(sizes, on=_CLUSTER, how="left")
        .filter(pl.col(_SEEN) == pl.col(_WHOLE))
        .sort(_ROW)
    )
    if not found.height:
        begun = rows[_CLUSTER].n_unique()
        problem = f"expected a cluster whose units have all reported, found none among the {begun} with reports"
        raise PilotError(problem, place, "a cluster is read when it is whole")
    named = found.select(pl.col(_CLUSTER).cast(pl.String).alias(ID), DATE, ARM, *columns)
    return named, [int(at) for at in found[_ROW].to_list()]
