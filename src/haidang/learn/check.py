"""Whether the parts of a backtest fit together: periods, columns, names and units. Runs nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace

from haidang.errors import did_you_mean
from haidang.facts import FactBook, same_dimension
from haidang.learn.backtest_file import BacktestFile, Built, Case
from haidang.learn.leak import LeakError
from haidang.learn.quantity import BacktestError, Line, Quantity
from haidang.learn.series import check_quantity
from haidang.learn.terms import units_of
from haidang.models import Card
from haidang.packs import Pack
from haidang.population import PopulationSpec, check_spec
from haidang.programmes import Expression, Programme, parse


@dataclass(frozen=True, slots=True)
class Parts:
    """What must fit together.

    Args:
        book: the facts that may be read.
        programme: the rules.
        card: of the model.
        spec: the population of the pack; none for customers laid out anew.
    """

    book: FactBook
    programme: Programme
    card: Card
    spec: PopulationSpec | None


def check_parts(pack: Pack, one: BacktestFile, case: Case | None, parts: Parts) -> None:
    """See that a backtest, or one of its cases, can run.

    Raises:
        HaidangError: the first mistake, with file, line and key.
    """
    _check_periods(one, parts.programme, parts.card)
    if parts.spec is None:
        _check_customers(one, parts.programme)
    else:
        check_spec(parts.spec, parts.book)
        _check_columns(one, parts.spec, parts.card)
    for quantity in one.quantities:
        _check_quantity(pack, case, quantity, parts)


def _check_columns(one: BacktestFile, spec: PopulationSpec, card: Card) -> None:
    place = one.population.place if isinstance(one.population, Built) else one.place
    for column in card.attributes:
        if column not in spec.columns:
            problem = f"expected a population with the column '{column}' of the model '{card.id}', found none"
            raise BacktestError(problem, place, did_you_mean(column, spec.columns))


def _check_customers(one: BacktestFile, programme: Programme) -> None:
    """Draws laid side by side share nothing: no budget, no market; and nothing is told by group."""
    if one.span.months is None:
        raise BacktestError("expected months for customers laid out by their loans, found years", one.place)
    if any((*instrument.budgets, *instrument.capacities) for instrument in programme.instruments):
        raise BacktestError("expected rules without a budget, found one; state it as the quantity's limit", one.place)
    for quantity in one.quantities:
        for line in quantity.lines:
            if line != Line(line.outcome) or line.outcome.startswith("market."):
                problem = "expected an outcome of all customers under the rules, found another"
                raise BacktestError(problem, quantity.place, "use a population of the pack: {built: ...}")


def _check_periods(one: BacktestFile, programme: Programme, card: Card) -> None:
    """The periods are those of the model, and the rules are stated for each."""
    if isinstance(one.population, Built) and card.period == "year" and one.span.months is not None:
        problem = f"expected years, found months, and a period of the model '{card.id}' is a year"
        raise BacktestError(problem, one.place.at("months"))
    outside = [year for year in one.span.years if year not in programme.years]
    months = [month for month in one.span.months or () if not programme.runs(*month)]
    if outside or months:
        found = outside[0] if outside else f"{months[0][0]}-{months[0][1]:02d}"
        problem = f"expected periods of the rules '{programme.id}', found {found}, which is outside"
        raise BacktestError(problem, one.place.at("months" if one.span.months else "years"))


def _check_quantity(pack: Pack, case: Case | None, quantity: Quantity, parts: Parts) -> None:
    """Names and units: what is forecast, what is added, what it is divided by, what it is held against."""
    unit = check_quantity(quantity, parts.card)
    units = units_of(parts.book)
    amount = check_quantity(replace(quantity, over=None), parts.card)
    if quantity.start is not None:
        quantity.start.require(units, amount)
    per = quantity.per if case is None or case.per is None else case.per
    if per is not None:
        unit = parse("above / below").check({"above": unit, "below": per.check(units)})
    naive = quantity.naive if case is None or case.naive is None else case.naive
    naive.require(units, unit)
    for came in quantity.came if case is None else (case.came,):
        _check_came(pack, came, unit, {*parts.book.facts, *_behind(case)})
    official = quantity.official if case is None else case.official
    if official is not None:
        place = quantity.place if case is None else case.place
        found = pack.book.fact(official, place).unit
        if not same_dimension(found, unit):
            raise BacktestError(f"expected an official forecast in {unit}, found '{official}' in {found}", place)


def _behind(case: Case | None) -> set[str]:
    return set() if case is None else {name for term in case.terms.values() for name in term.names}


def _check_came(pack: Pack, came: Expression, unit: str, read: set[str]) -> None:
    for name in came.names:
        pack.book.fact(name, came.place)
    if not came.names:
        raise BacktestError(f"expected a fact that says what came, found '{came}'", came.place)
    came.require(units_of(pack.book), unit)
    if set(came.names) <= read:
        raise LeakError(f"expected a forecast that does not read what came, found '{came}' among it", came.place)
