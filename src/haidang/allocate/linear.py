"""HiGHS by a narrow door: a linear programme that grows by rows and columns, some of them whole numbers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Places = NDArray[np.int64]
Numbers = NDArray[Any]
"""Told to the solver, which takes whole numbers for broken ones."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What the solver found.

    Args:
        status: `optimal`, `limit` where it was stopped, or `none` where there is nothing.
        objective: of the values.
        values: by column.
        duals: by row; of no meaning where columns are whole.
    """

    status: str
    objective: float
    values: Floats
    duals: Floats


class Linear:
    """A linear programme, made smallest."""

    def __init__(self) -> None:
        """Begin with neither rows nor columns."""
        import highspy

        self._high: Any = highspy
        self._solver: Any = highspy.Highs()
        self.set("output_flag", False)
        self.set("threads", 1)
        self.rows = 0
        self.columns = 0

    def set(self, option: str, value: float | int | bool | str) -> None:
        """Set one of the solver's options."""
        self._solver.setOptionValue(option, value)

    def add_rows(self, least: Numbers, most: Numbers, starts: Numbers, columns: Numbers, entries: Numbers) -> int:
        """Add rows; the place of the first of them.

        Args:
            least: by row.
            most: by row.
            starts: where each row's entries begin.
            columns: of the entries.
            entries: their values.
        """
        count = len(least)
        if count:
            self._solver.addRows(
                count, least, most, len(columns), starts.astype(np.int32), columns.astype(np.int32), entries
            )
        self.rows += count
        return self.rows - count

    def add_columns(
        self, cost: Numbers, least: Numbers, most: Numbers, starts: Numbers, rows: Numbers, entries: Numbers
    ) -> int:
        """Add columns; the place of the first of them.

        Args:
            cost: by column.
            least: by column.
            most: by column.
            starts: where each column's entries begin.
            rows: of the entries.
            entries: their values.
        """
        count = len(cost)
        if count:
            self._solver.addCols(
                count, cost, least, most, len(rows), starts.astype(np.int32), rows.astype(np.int32), entries
            )
        self.columns += count
        return self.columns - count

    def bound(self, first: int, least: Floats, most: Floats) -> None:
        """Give columns new bounds, from the first on."""
        places = np.arange(first, first + len(least), dtype=np.int32)
        self._solver.changeColsBounds(len(least), places, least, most)

    def price(self, first: int, cost: Floats) -> None:
        """Give columns new costs, from the first on."""
        self._solver.changeColsCost(len(cost), np.arange(first, first + len(cost), dtype=np.int32), cost)

    def whole(self, first: int, count: int) -> None:
        """Let columns be whole numbers, from the first on."""
        kinds = np.full(count, self._high.HighsVarType.kInteger)
        self._solver.changeColsIntegrality(count, np.arange(first, first + count, dtype=np.int32), kinds)

    def begin(self, values: Floats) -> None:
        """Tell the solver a solution to begin with."""
        solution: Any = self._high.HighsSolution()
        solution.col_value = values.tolist()
        self._solver.setSolution(solution)

    def run(self, seconds: float) -> Answer:
        """Solve within a time."""
        # The solver's clock runs on from one solution to the next.
        self.set("time_limit", self._solver.getRunTime() + max(seconds, 0.01))
        self._solver.run()
        statuses: Any = self._high.HighsModelStatus
        status = self._solver.getModelStatus()
        info: Any = self._solver.getInfo()
        found = info.primal_solution_status == self._high.SolutionStatus.kSolutionStatusFeasible
        solution: Any = self._solver.getSolution()
        word = "optimal" if status == statuses.kOptimal else "limit" if found else "none"
        return Answer(
            word,
            float(info.objective_function_value),
            np.array(solution.col_value, np.float64),
            np.array(solution.row_dual, np.float64),
        )


def dense(count: int, width: int) -> tuple[Places, Places]:
    """Starts and places of the entries of rows, or columns, that have every entry of the first `width`."""
    starts = np.arange(count, dtype=np.int64) * width
    return starts, np.tile(np.arange(width, dtype=np.int64), count)


def none() -> tuple[Places, Places, Floats]:
    """Starts, places and entries of rows or columns without entries."""
    return np.zeros(0, np.int64), np.zeros(0, np.int64), np.zeros(0)
