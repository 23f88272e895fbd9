"""Tables as they are read: numbers already written in the reader's language and in one scale per table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from haidang.results.catalogue import Catalogue
from haidang.results.numerals import SHARE, Scale, apart, number, pasted, percent, scale
from haidang.results.points import Points


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, the columns' names, and rows whose first cell names the row; the other cells are numbers.

    `notes` stand under the first cells, one for each row and empty where there is none to tell. `facts` are the ids of
    the facts that the rows are about, one for each row and empty where it is about none.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


def shared_scale(points: Sequence[Points], unit: str, words: Catalogue) -> Scale:
    """One scale for quantities that stand together."""
    return scale(unit, [value for each in points for value in (each.p5, each.p50, each.p95)], words)


def shown(value: float, unit: str, chosen: Scale, words: Catalogue) -> str:
    """A number in a scale chosen before, without its label."""
    text = percent(value, words.language) if unit == SHARE else number(value / chosen.factor, words.language)
    return pasted(text, value, words.language)


ENDS = ("median", "p5", "p95")
"""The columns of a number that has an interval, each end in a cell of its own."""


def ends_table(caption: str, first: str, rows: Sequence[tuple[str, Points | str, str]], words: Catalogue) -> Table:
    """A row for each quantity, each in its own unit: median, ends of the interval, unit; a reason where it has none.

    Args:
        caption: of the table.
        first: what its first column is called.
        rows: label, points or why there are none, and unit of measure.
        words: of the language.
    """
    made = tuple(
        (label, "", "", "", found) if isinstance(found, str) else (label, *apart(found, unit, words))
        for label, found, unit in rows
    )
    columns = (first, *(words.text(f"column.{name}") for name in (*ENDS, "unit")))
    return Table(caption, columns, made)


def points_table(
    caption: str,
    first: str,
    rows: Sequence[tuple[str, Points]],
    unit: str,
    words: Catalogue,
    chosen: Scale | None = None,
) -> Table:
    """A row for each label, with median, half and nine in ten of the draws, in the scale given or a fitting one."""
    chosen = chosen or shared_scale([points for _, points in rows], unit, words)
    label = "" if unit == SHARE else chosen.label
    return Table(
        f"{caption} ({label})" if label else caption,
        (first, *(words.text(f"column.{name}") for name in ("median", "p5", "p25", "p75", "p95"))),
        tuple(
            (name, *(shown(value, unit, chosen, words) for value in (each.p50, each.p5, each.p25, each.p75, each.p95)))
            for name, each in rows
        ),
    )
