"""How much a capability bears on a cost or on a result: matrices in CSV, every cell with author, date and reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from haidang.errors import Place, did_you_mean
from haidang.frameworks.assessment import Array
from haidang.frameworks.framework import Framework, FrameworkError, Text
from haidang.frameworks.rows import SheetError, csv_rows
from haidang.frameworks.words import words

MOST = 3
"""Weights are 0 (none), 1 (a little), 2 (clearly), 3 (directly)."""
COLUMNS = ("capability", "weight", "author", "date", "reason_vi", "reason_en")


@dataclass(frozen=True, slots=True)
class Cell:
    """One judgement: whose it is, of when, and why."""

    weight: int
    author: str
    day: date
    reason: Text


@dataclass(frozen=True)
class Relevance:
    """A matrix of relevance.

    Args:
        kind: `cost` or `goal`.
        targets: the kinds of cost, or the results, in the order of the matrix's columns.
        cells: every judgement by target and capability.
        matrix: shape (capabilities, targets), 0 to 1.
    """

    kind: str
    targets: tuple[str, ...]
    cells: Mapping[tuple[str, str], Cell]
    matrix: Array


def load_relevance(path: Path | str, kind: str, framework: Framework) -> Relevance:
    """A matrix from a CSV file whose first column names the cost or the goal.

    Args:
        path: the file.
        kind: `cost` or `goal`.
        framework: whose capabilities it judges.

    Raises:
        HaidangError: a cell is wrong, there twice or missing, with line and heading.
    """
    targets = tuple(words("costs" if kind == "cost" else "results"))
    capabilities = [one.id for one in framework.capabilities]
    cells: dict[tuple[str, str], Cell] = {}
    for row in csv_rows(path, (kind, *COLUMNS)):
        target, capability, weight, day = (
            row.text(kind),
            row.text("capability"),
            row.integer("weight"),
            row.day_or("date", None),
        )
        for name, known, key in ((target, targets, kind), (capability, capabilities, "capability")):
            if name not in known:
                raise FrameworkError(f"expected a {key}, found '{name}'", row.place(key), did_you_mean(name, known))
        if not 0 <= weight <= MOST:
            raise SheetError(f"expected a weight from 0 to {MOST}, found {weight}", row.place("weight"))
        if day is None:
            raise SheetError("expected a date, found an empty cell", row.place("date"))
        if (target, capability) in cells:
            problem = f"expected each pair once, found '{target}' and '{capability}' twice"
            raise FrameworkError(problem, row.place("capability"))
        reason = {language: row.text(f"reason_{language}") for language in ("vi", "en")}
        cells[target, capability] = Cell(weight, row.text("author"), day, reason)
    return _whole(kind, targets, capabilities, cells, str(path))


def _whole(kind: str, targets: tuple[str, ...], capabilities: list[str], cells: Mapping[tuple[str, str], Cell],
           path: str) -> Relevance:  # fmt: skip
    matrix = np.zeros((len(capabilities), len(targets)))
    for column, target in enumerate(targets):
        for row, capability in enumerate(capabilities):
            if (target, capability) not in cells:
                problem = f"expected a weight for '{target}' and '{capability}', found none"
                raise FrameworkError(problem, Place(path), "what nobody judged is not known; say 0 where it is none")
            matrix[row, column] = cells[target, capability].weight / MOST
    return Relevance(kind, targets, cells, matrix)


def find_relevance(framework: Framework) -> tuple[Relevance, Relevance] | None:
    """The matrices on costs and on goals that come with a framework; none where it has none.

    Raises:
        HaidangError: they are not as they should be.
    """
    if framework.id != "smart-responsible":
        return None
    folder = files("haidang.frameworks").joinpath("shipped", "relevance")
    with as_file(folder.joinpath("costs.csv")) as costs, as_file(folder.joinpath("goals.csv")) as goals:
        return load_relevance(costs, "cost", framework), load_relevance(goals, "goal", framework)
