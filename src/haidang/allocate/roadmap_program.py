"""The roadmap as a mixed-integer programme, and the solver's door."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from haidang.allocate.roadmap import Question, carbon_avoided, net_present_value, targets

Row = tuple[Mapping[int, float], float, float]
"""Coefficients by column, the least and the most of their sum."""

MILLION = 1e6
"""Money is counted in millions of dong, which keeps the solver's numbers near one."""
INFINITE = float("inf")


@dataclass(frozen=True, slots=True)
class Program:
    """A linear programme whose first columns are x_jt, step by step and year by year.

    Args:
        columns: how many.
        binary: how many of them, from the first, are 0 or 1; the rest lie between 0 and `most`.
        rows: the constraints.
        most: the upper bound of the other columns.
    """

    columns: int
    binary: int
    rows: tuple[Row, ...]
    most: float = 1.0

    def also(self, *rows: Row) -> Program:
        """The same with further constraints."""
        return replace(self, rows=(*self.rows, *rows))


@dataclass(frozen=True, slots=True)
class Solved:
    """The best values, what they reach and what nothing exceeds."""

    values: Sequence[float]
    objective: float
    bound: float


@dataclass(frozen=True, slots=True)
class Measure:
    """An objective by column, to be made as large as possible, with the columns beyond x_jt and the rows it needs."""

    coefficients: Mapping[int, float]
    extra: int = 0
    rows: tuple[Row, ...] = field(default=())


def column(question: Question, step: int, year: int) -> int:
    """The column of x_jt."""
    return step * len(question.years) + year


def program(question: Question) -> Program:
    """Each step once, within the budgets, after what it comes after, and the goal's level where one is asked for."""
    return Program(
        len(question.steps) * len(question.years),
        len(question.steps) * len(question.years),
        (*orders(question), *_budgets(question), *level_rows(question)),
    )


def orders(question: Question) -> tuple[Row, ...]:
    """Each step at most once, and after what it comes after."""
    place = {one.id: at for at, one in enumerate(question.steps)}
    years = range(len(question.years))
    rows: list[Row] = [({column(question, at, t): 1.0 for t in years}, 0.0, 1.0) for at in range(len(question.steps))]
    for at, step in enumerate(question.steps):
        for other in step.after:
            for t in years:
                before = {column(question, place[other], s): -1.0 for s in range(t)}
                rows.append(({column(question, at, t): 1.0, **before}, -INFINITE, 0.0))
    return tuple(rows)


def _budgets(question: Question) -> tuple[Row, ...]:
    return tuple(
        (
            {column(question, at, t): one.cost / MILLION for at, one in enumerate(question.steps)},
            -INFINITE,
            budget / MILLION,
        )
        for t, budget in enumerate(question.budgets)
    )


def level_rows(question: Question) -> tuple[Row, ...]:
    """For each area that is to reach the goal's level: one of the steps that bring it there, in time."""
    goal = question.goal
    if goal.kind != "level" or goal.level is None:
        return ()
    last = question.years[-1] if goal.by is None else goal.by
    return tuple(
        (
            {
                column(question, at, t): 1.0
                for at, one in enumerate(question.steps)
                if one.raises.get(area, 0) >= goal.level
                for t, year in enumerate(question.years)
                if year <= last
            },
            1.0,
            INFINITE,
        )
        for area in targets(question)
    )


def worth(question: Question) -> Measure:
    """Net present value, millions of VND."""
    return Measure(
        {
            column(question, at, t): net_present_value(question, one, year) / MILLION
            for at, one in enumerate(question.steps)
            for t, year in enumerate(question.years)
        }
    )


def carbon(question: Question) -> Measure:
    """Emissions avoided within the years, tCO2e."""
    return Measure(
        {
            column(question, at, t): carbon_avoided(question, one, year)
            for at, one in enumerate(question.steps)
            for t, year in enumerate(question.years)
        }
    )


def mean_level(question: Question) -> Measure:
    """The mean level of the areas at the goal's year, above where it begins: a column per area and level above."""
    last = question.years[-1] if question.goal.by is None else question.goal.by
    first = len(question.steps) * len(question.years)
    coefficients: dict[int, float] = {}
    rows: list[Row] = []
    for area, start in question.start.items():
        highest = max((one.raises.get(area, 0) for one in question.steps), default=0)
        for level in range(start + 1, highest + 1):
            own = first + len(coefficients)
            brings = {
                column(question, at, t): -1.0
                for at, one in enumerate(question.steps)
                if one.raises.get(area, 0) >= level
                for t, year in enumerate(question.years)
                if year <= last
            }
            rows.append(({own: 1.0, **brings}, -INFINITE, 0.0))
            coefficients[own] = 1.0 / len(question.start)
    return Measure(coefficients, len(coefficients), tuple(rows))


def solve(base: Program, measure: Measure) -> Solved | None:
    """The values that make a measure largest, proven; none where no values meet the constraints."""
    import highspy

    whole = replace(base, columns=base.columns + measure.extra).also(*measure.rows)
    high: Any = highspy
    lp: Any = high.HighsLp()
    lp.num_col_, lp.num_row_ = whole.columns, len(whole.rows)
    lp.sense_ = high.ObjSense.kMaximize
    lp.col_cost_ = [measure.coefficients.get(at, 0.0) for at in range(whole.columns)]
    lp.col_lower_ = [0.0] * whole.columns
    lp.col_upper_ = [1.0] * whole.binary + [whole.most] * (whole.columns - whole.binary)
    kinds = high.HighsVarType
    lp.integrality_ = [kinds.kInteger] * whole.binary + [kinds.kContinuous] * (whole.columns - whole.binary)
    lp.row_lower_ = [low if low > -INFINITE else -high.kHighsInf for _, low, _ in whole.rows]
    lp.row_upper_ = [most if most < INFINITE else high.kHighsInf for _, _, most in whole.rows]
    lp.a_matrix_.format_ = high.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = _sparse(whole.rows)
    solver: Any = high.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("mip_rel_gap", 0.0), ("mip_abs_gap", 1e-9)):
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    solver.run()
    if solver.getModelStatus() != high.HighsModelStatus.kOptimal:
        return None
    info: Any = solver.getInfo()
    values: list[float] = list(solver.getSolution().col_value)
    objective = float(info.objective_function_value)
    bound = float(info.mip_dual_bound)
    return Solved(values, objective, bound if abs(bound) < 1e30 else objective)


def _sparse(rows: Sequence[Row]) -> tuple[list[int], list[int], list[float]]:
    starts, index, value = [0], list[int](), list[float]()
    for coefficients, _, _ in rows:
        index += list(coefficients)
        value += list(coefficients.values())
        starts.append(len(index))
    return starts, index, value
