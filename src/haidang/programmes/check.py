"""Whether a programme fits its model and the facts: names, units of measure, categories, levers, resources, years."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from haidang.errors import HaidangError, Place
from haidang.facts.book import FactBook
from haidang.facts.fact import UnknownFactError
from haidang.facts.reader import spelling
from haidang.facts.units import canonical_unit, same_dimension
from haidang.programmes.card import ModelCard, ModelColumn
from haidang.programmes.dimensions import goes_without_unit
from haidang.programmes.expression import Expression
from haidang.programmes.programme import Budget, Capacity, Instrument, Programme, ProgrammeError
from haidang.programmes.syntax import ExpressionError, Number


def check_programme(programme: Programme, card: ModelCard, book: FactBook) -> None:
    """See that a programme fits its model and the facts.

    Raises:
        HaidangError: the first mistake, with file, line and key.
    """
    for mistake in programme_mistakes(programme, card, book):
        raise mistake


def programme_mistakes(programme: Programme, card: ModelCard, book: FactBook) -> tuple[HaidangError, ...]:
    """Every mistake that `check_programme` would meet, in the order of the file; empty where it would succeed."""
    if programme.model != card.id:
        problem = f"expected a programme of the model '{card.id}', found one of '{programme.model}'"
        return (ProgrammeError(problem, programme.place),)
    if card.period == "year" and any(one.months is not None for one in (programme, *programme.instruments)):
        problem = f"expected years, found months, and a period of the model '{card.id}' is a year"
        return (ProgrammeError(problem, programme.place),)
    if any(one.capacities for one in programme.instruments):
        budgets = [budget for one in programme.instruments for budget in one.budgets if budget.waitlist]
        if budgets:
            problem = "expected no waiting list beside a capacity, found one: what comes back has no single queue"
            return (ProgrammeError(problem, budgets[0].place),)
    units, ranks = _of_conditions(card, book), _of_ranking(card, book)
    return tuple(
        mistake
        for instrument in programme.instruments
        for mistake in _instrument_mistakes(instrument, programme, card, book, units, ranks)
    )


_Names: TypeAlias = dict[str, tuple[str, str]]
"""For each name, what it stands for and its unit of measure."""


@dataclass(frozen=True, slots=True)
class _Scope:
    """What an expression may name.

    Args:
        units: for every name, its unit of measure, or `category` or `flag`.
        codes: the words of the category columns whose words the model fixes.
        twice: for a name that stands for two things, both.
        elsewhere: for a name that only another kind of expression may read, which.
    """

    units: Mapping[str, str]
    codes: Mapping[str, tuple[str, ...]]
    twice: Mapping[str, str]
    elsewhere: Mapping[str, str]

    def check(self, expression: Expression, wanted: str) -> None:
        """See that an expression reads only these names, and gives the unit that is wanted.

        Raises:
            ExpressionError: a name, a word or a unit is wrong.
        """
        for name in expression.names:
            if name in self.elsewhere and name not in self.units:
                problem = f"expected a name of this place, found '{name}', {self.elsewhere[name]}"
                raise ExpressionError(problem, expression.place, "only 'ration' knows it")
            if name in self.twice:
                raise ExpressionError(
                    f"expected a name that stands for one thing, found '{name}', {self.twice[name]}", expression.place
                )
        expression.require(self.units, wanted)
        known = {name: self.codes[name] for name in expression.categories if name in self.codes}
        if known.keys() == expression.categories.keys():
            expression.bind(known)


def _of_conditions(card: ModelCard, book: FactBook) -> _Scope:
    """The names that conditions and levers' values may read."""
    elsewhere = {name: origin for name, (origin, _) in _wish(card).items()}
    return _scope(_common(card, book), card.columns, elsewhere)


def _of_ranking(card: ModelCard, book: FactBook) -> _Scope:
    """The names that a priority may read: those of conditions, and what is asked for."""
    return _scope([*_common(card, book), _wish(card)], {**card.columns, **card.ranks}, {})


def _common(card: ModelCard, book: FactBook) -> list[_Names]:
    """The names that every expression may read. A lever whose default is the fact of its own name is that fact."""
    same = {name for name, lever in card.levers.items() if lever.default == name and name in book.facts}
    return [
        {"year": ("the year", "1")} | ({"month": ("the month", "1")} if card.period == "month" else {}),
        {name: ("a column", _unit(column)) for name, column in card.columns.items()},
        {name: ("a lever", lever.unit) for name, lever in card.levers.items() if name not in same},
        {name: ("a fact", fact.unit) for name, fact in book.facts.items()},
    ]


def _wish(card: ModelCard) -> _Names:
    """The names that only a priority may read."""
    return {
        **{name: ("a column of the wish", _unit(column)) for name, column in card.ranks.items()},
        **{name: ("a resource", resource.unit) for name, resource in card.resources.items()},
    }


def _scope(groups: list[_Names], columns: Mapping[str, ModelColumn], elsewhere: Mapping[str, str]) -> _Scope:
    units: dict[str, str] = {}
    origins: dict[str, str] = {}
    twice: dict[str, str] = {}
    for group in groups:
        for name, (origin, unit) in group.items():
            if name in origins:
                twice[name] = f"{origins[name]} and {origin}"
            origins[name], units[name] = origin, unit
    codes = {name: column.categories for name, column in columns.items() if column.kind == "category"}
    return _Scope(units, {name: words for name, words in codes.items() if words}, twice, elsewhere)


def _unit(column: ModelColumn) -> str:
    return column.kind if column.kind in ("category", "flag") else column.unit


def _instrument_mistakes(
    instrument: Instrument, programme: Programme, card: ModelCard, book: FactBook, units: _Scope, ranks: _Scope
) -> Iterator[HaidangError]:
    yield from _mistake(units, instrument.eligible, "flag")
    for name, value in instrument.levers.items():
        if name not in card.levers:
            hint = spelling(name, card.levers)
            yield ProgrammeError(f"expected a lever of the model, found '{name}'", value.place, hint)
            continue
        unit = card.levers[name].unit
        yield from _mistake(units, value, unit)
        yield from _bare_percentage(value, unit)
    for budget in instrument.budgets:
        yield from _budget_mistakes(budget, card)
    for capacity in instrument.capacities:
        yield from _capacity_mistakes(capacity, card)
    by = instrument.ration.by
    if by is not None:
        yield from _rank_mistakes(ranks, by)
    yield from _years_without_fact(instrument, programme, book)


def _mistake(scope: _Scope, expression: Expression, wanted: str) -> Iterator[HaidangError]:
    try:
        scope.check(expression, wanted)
    except HaidangError as mistake:
        yield mistake


def _rank_mistakes(scope: _Scope, by: Expression) -> Iterator[HaidangError]:
    """A priority may have any unit of measure, but must be a number."""
    try:
        unit = by.check(scope.units)
    except HaidangError as mistake:
        yield mistake
        return
    if unit == "flag":
        hint = f"write '1 if {by} else 0'"
        yield ExpressionError(f"expected a number to rank by, found the condition '{by}'", by.place, hint)
    else:
        yield from _mistake(scope, by, unit)


def _bare_percentage(value: Expression, unit: str) -> Iterator[HaidangError]:
    """`loan_share: 70` where 70 % is meant would pass every check of dimensions, as would `loan_rate: 3`."""
    tree = value.tree
    if "%" in unit and isinstance(tree, Number) and not tree.unit and abs(tree.value) > 1:
        wanted = "a share" if canonical_unit(unit) == "1" else f"a rate in {unit}"
        yield ExpressionError(f"expected {wanted}, found '{value}'", value.place, f"did you mean '{value} {unit}'?")


def _budget_mistakes(budget: Budget, card: ModelCard) -> Iterator[HaidangError]:
    if budget.resource not in card.resources:
        hint = spelling(budget.resource, card.resources)
        yield ProgrammeError(f"expected a resource of the model, found '{budget.resource}'", budget.place, hint)
        return
    resource = card.resources[budget.resource]
    nothing = not any((budget.amount, budget.per_year, budget.per_unit))
    yield from _unit_mistakes(budget.resource, budget.unit, resource.unit, nothing, _amount_place(budget))
    if budget.revolving and resource.returns is None:
        problem = f"expected a resource that comes back in a revolving budget, found '{budget.resource}'"
        yield ProgrammeError(problem, budget.place)


def _capacity_mistakes(capacity: Capacity, card: ModelCard) -> Iterator[HaidangError]:
    if capacity.resource not in card.resources:
        hint = spelling(capacity.resource, card.resources)
        yield ProgrammeError(f"expected a resource of the model, found '{capacity.resource}'", capacity.place, hint)
        return
    unit, nothing = card.resources[capacity.resource].unit, capacity.amount == 0
    yield from _unit_mistakes(capacity.resource, capacity.unit, unit, nothing, _beside(capacity.place, "amount"))
    places = {name: one for name, one in card.attributes.items() if one.kind in ("category", "flag")}
    for name in capacity.by:
        if name not in places:
            problem = f"expected a category or a flag of the population, found '{name}'"
            yield ProgrammeError(problem, _beside(capacity.place, "by"), spelling(name, places))


def _unit_mistakes(resource: str, unit: str, wanted: str, nothing: bool, place: Place | None) -> Iterator[HaidangError]:
    plain = unit == "1" and (nothing or goes_without_unit(wanted))
    if not plain and not same_dimension(unit, wanted):
        found = "a number without a unit" if unit == "1" else unit
        yield ProgrammeError(f"expected {canonical_unit(wanted)} in a limit of '{resource}', found {found}", place)


def _beside(place: Place | None, key: str) -> Place | None:
    """The place of another key of the mapping in which a resource stands."""
    if place is None or place.key is None:
        return place
    return place.at(f"{place.key.removesuffix('resource')}{key}")


def _amount_place(budget: Budget) -> Place | None:
    key = "amount" if budget.amount is not None else "per_year" if budget.per_year is not None else "per_unit"
    return _beside(budget.place, key)


def _years_without_fact(instrument: Instrument, programme: Programme, book: FactBook) -> Iterator[HaidangError]:
    first = (instrument.years or programme.years)[0]
    for expression in instrument.expressions:
        for name in expression.names:
            try:
                if name in book.facts:
                    book.value(name, first)
            except UnknownFactError:
                problem = f"expected a fact that is stated for {first}, found '{name}', which begins later"
                yield ProgrammeError(problem, expression.place)
