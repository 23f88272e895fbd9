"""A plan checked again, from the problem alone: by the rules in words, year after year, and not by how it was found.

Nothing here is shared with the search but the problem itself. Sums are rounded once, at their end. Where amounts are
whole numbers no tolerance is given: a budget is kept or it is broken. Where they are not, and for shares, twelve digits
count.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.problem import Problem, Rule
from haidang.study.resource import Resource

_SAME = 1e-9
"""How far apart, as a share, two sums of the same values may be."""
_DIGIT = 1e-12
"""By how much, as a share, a limit may be passed where numbers are not whole."""


@dataclass(frozen=True, slots=True)
class Breach:
    """What a plan breaks.

    Args:
        what: the kind: `choice`, `twice`, `eligible`, `after`, `budget`, `total`, `rule`, `value` or `bound`.
        where: the resource, rule or option, with the year or the unit.
        asked: the limit.
        found: what the plan has.
    """

    what: str
    where: str
    asked: float
    found: float


def breaches(
    problem: Problem, choice: NDArray[np.integer[Any]], value: float | None = None, bound: float | None = None
) -> tuple[Breach, ...]:
    """All that a plan breaks; empty where it is a plan of the problem.

    Args:
        problem: as it was asked.
        choice: the place of the option that each unit is offered in each year, -1 for none (units by years).
        value: what the plan is said to be worth; none where nothing is said.
        bound: what no plan is said to be worth more than; none where nothing is said.
    """
    shape = (len(problem.ids), len(problem.years))
    if choice.shape != shape:
        return (Breach("choice", f"a table of {choice.shape}, not {shape}", 0.0, 0.0),)
    if choice.min() < -1 or choice.max() >= len(problem.options):
        return (Breach("choice", "an option that there is not", len(problem.options) - 1.0, float(choice.max())),)
    found = [
        *_offers(problem, choice),
        *(one for resource in problem.resources for one in _budgets(problem, resource, choice)),
        *(one for rule in problem.rules for one in _rule(problem, rule, choice)),
    ]
    if value is None and bound is None:
        return tuple(found)
    worth = _worth(problem, choice)
    if value is not None and abs(value - worth) > _SAME * max(1.0, abs(worth)):
        found.append(Breach("value", "the goal", worth, value))
    if bound is not None and bound < worth:
        found.append(Breach("bound", "the goal", worth, bound))
    return tuple(found)


def _offers(problem: Problem, choice: NDArray[np.integer[Any]]) -> Iterator[Breach]:
    """Each option once, to who is eligible, after what it requires."""
    names = {option.id: place for place, option in enumerate(problem.options)}
    for place, option in enumerate(problem.options):
        offered = choice == place
        count = offered.sum(axis=1)
        for unit in np.flatnonzero(count > 1)[:1]:
            yield Breach("twice", f"option {option.id}, unit {problem.ids[unit]}", 1.0, float(count[unit]))
        if problem.eligible is not None:
            able = problem.eligible[..., place]
            able = able if able.ndim == 2 else np.repeat(able[:, None], choice.shape[1], axis=1)
            for unit in np.flatnonzero((offered & ~able).any(axis=1))[:1]:
                yield Breach("eligible", f"option {option.id}, unit {problem.ids[unit]}", 0.0, 1.0)
        for other in option.after:
            had = np.zeros(len(choice), np.bool_)
            for year in range(choice.shape[1]):
                for unit in np.flatnonzero(offered[:, year] & ~had)[:1]:
                    yield Breach("after", f"option {option.id} after {other}, unit {problem.ids[unit]}", 1.0, 0.0)
                had |= choice[:, year] == names[other]


def _budgets(problem: Problem, resource: Resource, choice: NDArray[np.integer[Any]]) -> Iterator[Breach]:
    """The book of one resource, kept year after year."""
    given = [_sum(problem.amounts[resource.id], choice, year) for year in range(choice.shape[1])]
    whole = not resource.returned and _whole(problem.amounts[resource.id])
    free = 0.0 if whole else _DIGIT * (math.fsum(given) + math.fsum(resource.per_year or ()) + (resource.total or 0.0))
    unused, out = 0.0, 0.0
    for at, year in enumerate(problem.years):
        spent = math.fsum(given[: at + 1]) if resource.lasting else given[at]
        back = math.fsum(share * given[at - lag] for lag, share in enumerate(resource.returned, start=1) if lag <= at)
        if resource.per_year is not None:
            available = math.fsum([resource.per_year[at], unused, back])
            if spent > available + free:
                yield Breach("budget", f"{resource.id} in {year}", available, spent)
            unused = available - spent if resource.carry_over else 0.0
        out = math.fsum([out, spent, -back])
        if resource.total is not None and out > resource.total + free:
            yield Breach("total", f"{resource.id} in {year}", resource.total, out)


def _rule(problem: Problem, rule: Rule, choice: NDArray[np.integer[Any]]) -> Iterator[Breach]:
    inside = np.ones(len(choice), np.bool_)
    if rule.column is not None:
        inside = np.isin(np.asarray(problem.columns[rule.column]), np.array(list(rule.groups)))
    counted = [at for at, year in enumerate(problem.years) if rule.years is None or year in rule.years]
    everybody = _measure(problem, rule.measure, choice, counted, np.ones(len(choice), np.bool_))
    group = _measure(problem, rule.measure, choice, counted, inside)
    asked = rule.share * everybody if rule.share is not None else rule.amount or 0.0
    exact = rule.share is None and rule.measure in problem.amounts and _whole(problem.amounts[rule.measure])
    free = 0.0 if exact else _DIGIT
    passed = group - asked if rule.sense == "at_most" else asked - group
    if passed > free * (everybody + asked):
        yield Breach("rule", rule.id, asked, group)


def _measure(
    problem: Problem, measure: str, choice: NDArray[np.integer[Any]], years: list[int], who: NDArray[np.bool_]
) -> float:
    mine = np.where(who[:, None], choice, -1)
    weight = np.ones(len(choice)) if problem.weight is None else problem.weight
    if measure == "units":
        return math.fsum(weight[(mine >= 0).any(axis=1)].tolist())
    if measure == "offers":
        return math.fsum(one for year in years for one in weight[mine[:, year] >= 0].tolist())
    entries = problem.amounts[measure] if measure in problem.amounts else problem.values[measure]
    return math.fsum(_sum(entries, mine, year) for year in years)


def _whole(entries: NDArray[Any]) -> bool:
    return bool((entries == np.rint(entries)).all())


def _worth(problem: Problem, choice: NDArray[np.integer[Any]]) -> float:
    years = range(choice.shape[1])
    if problem.robust is None:
        return math.fsum(
            weight * _sum(problem.values[outcome], choice, year)
            for outcome, weight in problem.goal.items()
            for year in years
        )
    draws = sorted(math.fsum(_sum(problem.values[one], choice, year) for year in years) for one in problem.robust.draws)
    counted = max(1.0, problem.robust.tail * len(draws))
    whole = int(counted)
    part = (counted - whole) * draws[whole] if whole < len(draws) else 0.0
    return (math.fsum(draws[:whole]) + part) / counted


def _sum(entries: NDArray[Any], choice: NDArray[np.integer[Any]], year: int) -> float:
    """What the offers of a year count together, rounded once."""
    offered = np.flatnonzero(choice[:, year] >= 0)
    option = choice[offered, year]
    chosen = entries[offered, year, option] if entries.ndim == 3 else entries[offered, option]
    return math.fsum(chosen.astype(np.float64).tolist())
