"""Rows of tables, their cells parted by `|`: what a row is about, and the time that each column is of."""

from __future__ import annotations

from haidang.reading.draft import Period
from haidang.reading.stretches import Mention

__all__ = ["PARTING", "cell_at", "columns", "row_subject"]

PARTING = "|"


def cell_at(row: str, at: int) -> int:
    """Which cell of a row the character at a place belongs to, from zero."""
    return row.count(PARTING, 0, at)


def columns(row: str, times: tuple[Mention, ...]) -> tuple[Period | None, ...]:
    """The time that each cell of a heading tells; none where it tells no time."""
    by_cell = {cell_at(row, one.start): one.period for one in times}
    return tuple(by_cell.get(place) for place in range(row.count(PARTING) + 1))


def row_subject(row: str) -> str:
    """What a row is about: its first cell with a letter, without what stands in brackets at its end."""
    cells = (cell.strip() for cell in row.split(PARTING))
    named = next((cell for cell in cells if any(map(str.isalpha, cell))), "")
    bare = named[: named.rfind("(")].strip() if named.endswith(")") else named
    return bare or named
