"""A measured number beside its bound, and how a list of them is shown and kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from statistics import median
from typing import Any, Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """A measured quantity.

    Args:
        name: what was measured.
        unit: unit of measure.
        values: the repetitions, in the order in which they were taken.
        take: which of them is shown first: the `least` where other processes mostly add, else the `median`.
        bound: what the figure must keep; none where it is only shown.
        sense: whether the bound is the `most` or the `least` that is allowed.
        note: what a reader must know.
    """

    name: str
    unit: str
    values: tuple[float, ...]
    take: Literal["least", "median"] = "median"
    bound: float | None = None
    sense: Literal["most", "least"] = "most"
    note: str = ""

    @property
    def value(self) -> float:
        """The figure itself."""
        return min(self.values) if self.take == "least" else median(self.values)

    @property
    def held(self) -> bool | None:
        """Whether the median keeps the bound; none where there is none.

        The least is shown but never judged by: a virtual machine's clock of CPU time now and then reads far too low.
        """
        if self.bound is None:
            return None
        middle = median(self.values)
        return middle <= self.bound if self.sense == "most" else middle >= self.bound

    def as_json(self) -> dict[str, Any]:
        """Everything, with the figure, the median and the spread worked out."""
        return asdict(self) | {
            "value": self.value,
            "median": median(self.values),
            "most": max(self.values),
            "held": self.held,
        }


@dataclass(frozen=True, slots=True)
class Case:
    """What can be measured: the module of this package whose `measure` does it."""

    name: str
    title: str
    module: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What a case found, on what machine, under what load."""

    case: str
    machine: dict[str, Any]
    figures: tuple[Figure, ...]
    notes: tuple[str, ...] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Everything, for a file."""
        return {
            "case": self.case,
            "machine": self.machine,
            "figures": [one.as_json() for one in self.figures],
            "notes": list(self.notes),
        }


def table(rows: Sequence[dict[str, Any]]) -> str:
    """Figures as text in columns.

    Args:
        rows: figures as `Figure.as_json` gives them.
    """
    heads = ("what", "figure", "median", "most", "bound", "")
    lines = [heads, *(_cells(row) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(heads))]
    shown = [
        "  ".join(
            cell.ljust(width) if place in (0, 5) else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    ]
    return "\n".join(line.rstrip() for line in shown)


def _cells(row: dict[str, Any]) -> tuple[str, ...]:
    sign = {"most": "<=", "least": ">="}[row["sense"]]
    held = {True: "held", False: "MISSED", None: ""}[row["held"]]
    return (
        row["name"],
        f"{row['value']:,.3g} {row['unit']}".strip(),
        f"{row['median']:,.3g}",
        f"{row['most']:,.3g}",
        "" if row["bound"] is None else f"{sign} {row['bound']:g}",
        "; ".join(part for part in (held, row["note"]) if part),
    )
