"""Budgets and rules as linear rows over what is measured: by year of the offer and class of unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.problem import OFFERS, UNITS, Number, Problem, Rule
from haidang.study.resource import Resource

GOAL = ""
"""The measure that is made largest."""


@dataclass(frozen=True, slots=True)
class Row:
    """What a row bounds.

    Args:
        kind: the budget of a year, a total, a rule, or a draw of a robust problem.
        id: the resource's, the rule's or the draw's.
        year: the year up to or in which it bounds; none for a rule.
        brings: the years whose budget the row's limit adds up; empty for a total and a rule.
    """

    kind: Literal["budget", "total", "rule", "draw"]
    id: str
    year: int | None = None
    brings: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Linear rows: the sum over measures, years and classes of factor times what is measured is at most the limit.

    Args:
        names: what each row bounds.
        measures: the resources, outcomes and counts that are measured, the goal first.
        factor: (rows, measures, years, classes).
        served: the factor of a unit that gets at least one offer, for each unit of weight (rows, classes).
        limit: (rows).
        class_of: the class of each unit (int32, units): units of a class stand in the same groups of all rules.
    """

    names: tuple[Row, ...]
    measures: tuple[str, ...]
    factor: NDArray[np.float64]
    served: NDArray[np.float64]
    limit: NDArray[np.float64]
    class_of: NDArray[np.int32]

    @property
    def classes(self) -> int:
        """How many classes there are."""
        return self.factor.shape[3]


def rows_of(problem: Problem) -> Rows:
    """The rows of a problem that was checked."""
    measures = _measures(problem)
    class_of, tables = _classes(problem)
    years, classes = len(problem.years), int(class_of.max(initial=0)) + 1
    names: list[Row] = []
    factors: list[NDArray[np.float64]] = []
    served: list[NDArray[np.float64]] = []
    limits: list[float] = []
    for resource in problem.resources:
        for name, by_year, limit in _budget_rows(resource, problem.years):
            factor = np.zeros((len(measures), years, classes))
            factor[measures.index(resource.id)] = by_year[:, None]
            names.append(name)
            factors.append(factor)
            served.append(np.zeros(classes))
            limits.append(limit)
    for rule in problem.rules:
        inside = _inside(rule, tables, classes)
        sign = 1.0 if rule.sense == "at_most" else -1.0
        part = inside - (0.0 if rule.share is None else rule.share)
        factor = np.zeros((len(measures), years, classes))
        if rule.measure != UNITS:
            counted = np.array([rule.years is None or year in rule.years for year in problem.years])
            factor[measures.index(_measure(problem, rule.measure))] = sign * np.outer(counted, part)
        names.append(Row("rule", rule.id))
        factors.append(factor)
        served.append(sign * part if rule.measure == UNITS else np.zeros(classes))
        limits.append(0.0 if rule.amount is None else sign * rule.amount)
    for draw in problem.robust.draws if problem.robust is not None else ():
        # What counts of a plan is no more than what it adds in this draw, or falls short of it at a cost.
        factor = np.zeros((len(measures), years, classes))
        factor[measures.index(draw)] = -1.0
        names.append(Row("draw", draw))
        factors.append(factor)
        served.append(np.zeros(classes))
        limits.append(0.0)
    shape = (len(names), len(measures), years, classes)
    return Rows(
        tuple(names),
        measures,
        np.array(factors).reshape(shape),
        np.array(served).reshape(len(names), classes),
        np.array(limits),
        class_of,
    )


def measured(problem: Problem, measure: str) -> Number:
    """What each offer counts in a measure: (units, years, options), (units, options) or (units)."""
    if measure == GOAL:
        return goal_values(problem)
    if measure == OFFERS:
        return weights(problem)
    return problem.amounts[measure] if measure in problem.amounts else problem.values[measure]


def goal_values(problem: Problem) -> Number:
    """What each offer adds to the goal (units, years, options)."""
    if problem.robust is not None:
        # Only a measure of size: what is made largest stands in rows.
        share = 1.0 / len(problem.robust.draws)
        return goal_of(problem, dict.fromkeys(problem.robust.draws, share))
    return goal_of(problem, problem.goal)


def goal_of(problem: Problem, goal: Mapping[str, float]) -> Number:
    """What each offer adds to a weighted sum of outcomes (units, years, options)."""
    if len(goal) == 1:
        name, weight = next(iter(goal.items()))
        return problem.values[name] if weight == 1.0 else weight * np.asarray(problem.values[name], np.float64)
    total = np.zeros((len(problem.ids), len(problem.years), len(problem.options)))
    for name, weight in goal.items():
        total += weight * np.asarray(problem.values[name], np.float64)
    return total


def weights(problem: Problem) -> NDArray[np.float64]:
    """How many real units each row stands for."""
    return np.ones(len(problem.ids)) if problem.weight is None else np.asarray(problem.weight, np.float64)


def uses(resource: Resource, years: int) -> NDArray[np.float64]:
    """What one unit of amount, offered in a year, takes from each year's budget, less what comes back.

    Returns:
        By year of the offer and year of the budget (years, years).
    """
    taken = np.zeros((years, years))
    for offered in range(years):
        taken[offered, offered:] = 1.0 if resource.lasting else 0.0
        taken[offered, offered] = 1.0
        for lag, share in enumerate(resource.returned, start=1):
            if offered + lag < years:
                taken[offered, offered + lag] -= share
    return taken


def _budget_rows(resource: Resource, years: tuple[int, ...]) -> list[tuple[Row, NDArray[np.float64], float]]:
    taken = uses(resource, len(years))
    out = np.cumsum(taken, axis=1)
    found: list[tuple[Row, NDArray[np.float64], float]] = []
    for at, year in enumerate(years):
        if resource.per_year is not None and resource.carry_over:
            brings = sum(resource.per_year[: at + 1])
            found.append((Row("budget", resource.id, year, years[: at + 1]), out[:, at], brings))
        elif resource.per_year is not None:
            found.append((Row("budget", resource.id, year, (year,)), taken[:, at], resource.per_year[at]))
        if resource.total is not None and (resource.returned or at + 1 == len(years)):
            found.append((Row("total", resource.id, year), out[:, at], resource.total))
    return found


def _measures(problem: Problem) -> tuple[str, ...]:
    named = [GOAL, *(one.id for one in problem.resources if one.per_year is not None or one.total is not None)]
    for rule in problem.rules:
        measure = _measure(problem, rule.measure)
        if measure not in named and measure != UNITS:
            named.append(measure)
    if problem.robust is not None:
        named += [draw for draw in problem.robust.draws if draw not in named]
    return tuple(named)


def _measure(problem: Problem, measure: str) -> str:
    """A rule on the very outcome that is made largest needs no second copy of it."""
    return GOAL if dict(problem.goal) == {measure: 1.0} else measure


def _classes(problem: Problem) -> tuple[NDArray[np.int32], dict[str, list[Any]]]:
    """The class of each unit, and for each column that rules speak of the value in each class."""
    columns = sorted({rule.column for rule in problem.rules if rule.column is not None})
    joint = np.zeros(len(problem.ids), np.int64)
    values: dict[str, tuple[Any, NDArray[np.int64]]] = {}
    for column in columns:
        known, codes = np.unique(np.asarray(problem.columns[column]), return_inverse=True)
        joint = joint * len(known) + codes
        values[column] = (known, codes)
    _, first, class_of = np.unique(joint, return_index=True, return_inverse=True)
    tables = {column: [known[codes[row]] for row in first] for column, (known, codes) in values.items()}
    return class_of.astype(np.int32), tables


def _inside(rule: Rule, tables: dict[str, list[Any]], classes: int) -> NDArray[np.float64]:
    if rule.column is None:
        return np.ones(classes)
    return np.array([1.0 if value in rule.groups else 0.0 for value in tables[rule.column]])
