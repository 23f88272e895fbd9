"""What a figure is: a chart, the sentence that says what it shows, and the table of its numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from haidang.results.tables import Table

if TYPE_CHECKING:
    import altair as alt


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a report. `section` is the part of the report that it belongs to; `note` is small print."""

    id: str
    section: str
    title: str
    sentence: str
    chart: alt.LayerChart
    table: Table
    note: str = ""

    @property
    def height(self) -> int:
        """The chart's height in pixels, title apart."""
        return int(cast(float, self.chart.height))  # pyright: ignore[reportUnknownMemberType]
