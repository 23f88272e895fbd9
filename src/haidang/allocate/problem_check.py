"""See that a problem can be asked, and name the row where it cannot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.pricing import MOST_CODE_BITS, Code
from haidang.allocate.problem import OFFERS, UNITS, Problem, Robust, Rule
from haidang.errors import HaidangError, did_you_mean
from haidang.study.resource import Resource

_OUT_OF_SIGHT = 100.0
"""An offer that takes so many times all budgets together is in another unit."""
_SHOWN = 5
"""How many bad rows a mistake names."""


class ProblemError(HaidangError):
    """A problem that contradicts itself: an unknown resource, a negative amount, a cycle of prerequisites."""


def check_problem(problem: Problem) -> None:
    """See that a problem can be asked.

    Raises:
        ProblemError: what is wrong and where: the rows by the units' ids, at most five of them, and how many there are.
    """
    _check_ids(problem)
    _check_options(problem)
    _check_numbers(problem)
    _check_resources(problem)
    _check_rules(problem)


def _check_ids(problem: Problem) -> None:
    if not len(problem.ids):
        raise ProblemError("there is no unit to allocate anything to")
    known, first, count = np.unique(problem.ids, return_index=True, return_counts=True)
    if len(known) < len(problem.ids):
        twice = first[count > 1]
        raise ProblemError(
            f"every unit has an id of its own, and {_rows(problem, np.sort(twice))} stand more than once"
        )


def _check_options(problem: Problem) -> None:
    names = [option.id for option in problem.options]
    if not names or not problem.years:
        raise ProblemError("a problem has at least one option and one year")
    if len(set(names)) < len(names):
        raise ProblemError(f"every option has an id of its own: {', '.join(names)}")
    if list(problem.years) != list(range(problem.years[0], problem.years[0] + len(problem.years))):
        raise ProblemError(f"years follow one another, found {', '.join(map(str, problem.years))}")
    for option in problem.options:
        for other in option.after:
            if other not in names:
                raise ProblemError(f"option '{option.id}' comes after '{other}'", hint=did_you_mean(other, names))
    cycle = cycle_of({option.id: option.after for option in problem.options})
    if cycle:
        raise ProblemError(f"options require one another in a circle: {' after '.join(cycle)}")
    code = Code(len(problem.years), len(problem.options))
    if code.years * code.bits > MOST_CODE_BITS or len(names) > 63:
        raise ProblemError(
            f"{len(names)} options over {len(problem.years)} years are more than one plan can hold",
            hint=f"years times the binary digits of the number of options are at most {MOST_CODE_BITS}",
        )


def cycle_of(after: Mapping[str, Iterable[str]]) -> list[str]:
    """A circle of prerequisites, its first option at both ends; empty where there is none."""
    done: set[str] = set()

    def follow(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done:
            return []
        for other in after[name]:
            found = follow(other, [*path, name])
            if found:
                return found
        done.add(name)
        return []

    return next((found for name in after if (found := follow(name, []))), list[str]())


def _check_numbers(problem: Problem) -> None:
    units, years, options = len(problem.ids), len(problem.years), len(problem.options)
    by_year, flat = (units, years, options), (units, options)
    for name, values in problem.values.items():
        _check_shape(f"values of outcome '{name}'", np.asarray(values), (by_year,))
        _check_entries(problem, f"outcome '{name}'", np.asarray(values))
    for name, amounts in problem.amounts.items():
        _check_shape(f"amounts of resource '{name}'", np.asarray(amounts), (flat, by_year))
        _check_entries(problem, f"resource '{name}'", np.asarray(amounts))
    if problem.eligible is not None:
        _check_shape("eligible", problem.eligible, (flat, by_year))
        if problem.eligible.dtype != np.bool_:
            raise ProblemError(f"eligible is true or false, found numbers of type {problem.eligible.dtype}")
    if problem.weight is not None:
        _check_shape("weight", problem.weight, ((units,),))
        _check_entries(problem, "weight", problem.weight)
    for name, column in problem.columns.items():
        _check_shape(f"column '{name}'", np.asarray(column), ((units,),))


def _check_shape(what: str, entries: NDArray[Any], shapes: tuple[tuple[int, ...], ...]) -> None:
    if entries.shape not in shapes:
        wanted = " or ".join(" by ".join(map(str, shape)) for shape in shapes)
        found = " by ".join(map(str, entries.shape))
        raise ProblemError(f"{what} are {wanted} (units, years, options), found {found}")


def _check_entries(problem: Problem, what: str, entries: NDArray[Any]) -> None:
    """Finite numbers, none negative."""
    for word, wrong in (("not a finite number", _not_finite), ("negative", _negative)):
        rows = _bad_rows(entries, wrong)
        if len(rows):
            first = entries[rows[0]]
            where = f"{first:g}" if entries.ndim == 1 else _cell(problem, first, np.argwhere(wrong(first))[0])
            raise ProblemError(
                f"{what} is {word} in {_rows(problem, rows)}; the first is {where}",
                hint="mark an offer that cannot be made as not eligible",
            )


def _not_finite(entries: NDArray[Any]) -> NDArray[np.bool_]:
    return ~np.isfinite(entries)


def _negative(entries: NDArray[Any]) -> NDArray[np.bool_]:
    return entries < 0


def _bad_rows(entries: NDArray[Any], wrong: Callable[[NDArray[Any]], NDArray[np.bool_]]) -> NDArray[np.int64]:
    step = 1 << 16
    found = [
        first + np.flatnonzero(wrong(part).reshape(len(part), -1).any(axis=1))
        for first in range(0, len(entries), step)
        for part in (entries[first : first + step],)
    ]
    return np.concatenate(found)


def _cell(problem: Problem, entries: NDArray[Any], at: NDArray[np.int64]) -> str:
    """Where an entry of one row stands, and what it is."""
    year = "" if entries.ndim == 1 else f" in {problem.years[int(at[0])]}"
    return f"{entries[tuple(at)]:g} for option '{problem.options[int(at[-1])].id}'{year}"


def _rows(problem: Problem, rows: NDArray[np.int64]) -> str:
    """Rows by number, counted from one, and id."""
    shown = ", ".join(f"row {row + 1} (id {problem.ids[row]})" for row in rows[:_SHOWN])
    return shown if len(rows) <= _SHOWN else f"{shown} and {len(rows) - _SHOWN:,} more rows"


def _check_resources(problem: Problem) -> None:
    names = [one.id for one in problem.resources]
    if len(set(names)) < len(names):
        raise ProblemError(f"every resource has an id of its own: {', '.join(names)}")
    for name in sorted(set(names) & set(problem.values) | set(names) & {OFFERS, UNITS}):
        raise ProblemError(f"'{name}' is the name of a resource and of something else that is measured")
    for name in problem.amounts:
        if name not in names:
            raise ProblemError(f"amounts are given of '{name}', which is no resource", hint=did_you_mean(name, names))
    for resource in problem.resources:
        if resource.id not in problem.amounts:
            hint = did_you_mean(resource.id, problem.amounts)
            raise ProblemError(f"a budget for resource '{resource.id}', of which no offer uses anything", hint=hint)
        _check_budget(problem, resource)
        _check_unit(problem, resource)
        _check_size(problem, resource)


def _check_unit(problem: Problem, resource: Resource) -> None:
    """Amounts and budgets are told in one unit of measure."""
    given = problem.units.get(resource.id, resource.unit)
    if given == resource.unit:
        return
    from haidang.facts.units import convert

    times = convert(1.0, given, resource.unit)
    if times != 1.0:
        raise ProblemError(
            f"resource '{resource.id}' has budgets in {resource.unit} and amounts in {given}",
            hint=f"multiply the amounts by {times:g}",
        )


def _check_size(problem: Problem, resource: Resource) -> None:
    """Some offer is within sight of some budget; else one of the two is in another unit than said."""
    largest = max([*(resource.per_year or ()), resource.total or 0.0])
    amounts = np.asarray(problem.amounts[resource.id])
    least = float(amounts.min(initial=np.inf, where=amounts > 0))
    if np.isfinite(least) and largest > 0 and least > _OUT_OF_SIGHT * sum([*(resource.per_year or ()), largest]):
        raise ProblemError(
            f"resource '{resource.id}': the smallest offer takes {least:,.6g} {resource.unit} and the largest budget "
            f"is {largest:,.6g}",
            hint="are amounts and budgets in the same unit?",
        )


def _check_budget(problem: Problem, resource: Resource) -> None:
    name = f"resource '{resource.id}'"
    if resource.per_year is not None and len(resource.per_year) != len(problem.years):
        raise ProblemError(
            f"{name} has a budget for each of {len(problem.years)} years, found {len(resource.per_year)}"
        )
    budgets = [*(resource.per_year or ()), *(() if resource.total is None else (resource.total,))]
    if not all(np.isfinite(one) and one >= 0 for one in budgets):
        raise ProblemError(f"{name} has budgets that are finite and not negative, found {budgets}")
    if not all(0 <= one <= 1 for one in resource.returned) or sum(resource.returned) > 1 + 1e-9:
        raise ProblemError(f"{name}: the shares that come back add up to one at the most, found {resource.returned}")
    if resource.lasting and resource.returned:
        raise ProblemError(f"{name} is used in every year from the offer on, so nothing of it can come back")


def _check_rules(problem: Problem) -> None:
    for outcome, weight in problem.goal.items():
        if outcome not in problem.values:
            hint = did_you_mean(outcome, problem.values)
            raise ProblemError(f"the goal speaks of outcome '{outcome}', which is not given", hint=hint)
        if not (np.isfinite(weight) and weight >= 0):
            raise ProblemError(f"the weight of outcome '{outcome}' in the goal is not negative, found {weight}")
    if problem.robust is not None:
        _check_robust(problem, problem.robust)
    elif not problem.goal:
        raise ProblemError("a goal weighs at least one outcome")
    names = [rule.id for rule in problem.rules]
    if len(set(names)) < len(names):
        raise ProblemError(f"every rule has an id of its own: {', '.join(names)}")
    for rule in problem.rules:
        _check_rule(problem, rule)


def _check_robust(problem: Problem, robust: Robust) -> None:
    if problem.goal:
        raise ProblemError("a robust problem makes its draws large and leaves the goal empty")
    if not robust.draws or len(set(robust.draws)) < len(robust.draws):
        raise ProblemError("a robust problem has at least one draw, and each once")
    for draw in robust.draws:
        if draw not in problem.values:
            hint = did_you_mean(draw, problem.values)
            raise ProblemError(f"a robust problem speaks of outcome '{draw}', which is not given", hint=hint)
    if not 0 <= robust.tail <= 1:
        raise ProblemError(f"the tail of a robust problem is a share between 0 and 1, found {robust.tail}")


def _check_rule(problem: Problem, rule: Rule) -> None:
    known = [OFFERS, UNITS, *problem.amounts, *problem.values]
    if rule.measure not in known:
        raise ProblemError(f"rule '{rule.id}' measures '{rule.measure}'", hint=did_you_mean(rule.measure, known))
    if (rule.share is None) == (rule.amount is None):
        raise ProblemError(f"rule '{rule.id}' has either a share or an amount")
    if rule.share is not None and not 0 <= rule.share <= 1:
        raise ProblemError(f"rule '{rule.id}': a share lies between 0 and 1, found {rule.share}")
    if rule.amount is not None and not (np.isfinite(rule.amount) and rule.amount >= 0):
        raise ProblemError(f"rule '{rule.id}': an amount is finite and not negative, found {rule.amount}")
    if rule.years is not None and (rule.measure == UNITS or not set(rule.years) <= set(problem.years)):
        years = ", ".join(map(str, rule.years))
        raise ProblemError(f"rule '{rule.id}' counts the years {years}, which are not years of what it measures")
    if rule.column is None:
        return
    if rule.column not in problem.columns:
        hint = did_you_mean(rule.column, problem.columns)
        raise ProblemError(f"rule '{rule.id}' speaks of column '{rule.column}', which is not given", hint=hint)
    present = {str(one) for one in np.unique(np.asarray(problem.columns[rule.column])).tolist()}
    for group in rule.groups:
        if str(group) not in present:
            raise ProblemError(
                f"rule '{rule.id}': no unit has {rule.column} '{group}'", hint=did_you_mean(str(group), present)
            )
