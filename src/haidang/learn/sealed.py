"""What one forecast of a backtest may know, checked: a sealed book and the rules as that book reads them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from haidang.errors import Place, did_you_mean
from haidang.facts import FactBook, canonical_unit, same_dimension
from haidang.learn.backtest_file import BacktestFile, Built, Case, load_backtest
from haidang.learn.customers import check_customers
from haidang.learn.quantity import BacktestError, Quantity
from haidang.learn.reads import named_by_model, named_by_population, named_by_rules, without_shown
from haidang.learn.seal import LeakError, Reading, seal
from haidang.learn.series import check_quantity
from haidang.learn.terms import put_in_place, units_of
from haidang.models import Card
from haidang.packs import Pack
from haidang.population import PopulationSpec
from haidang.programmes import Expression, Programme, check_programme, load_programme, parse


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a forecast is made from.

    Args:
        book: the facts that may be read.
        programme: the rules, their amounts worked out from those facts.
    """

    book: FactBook
    programme: Programme


def sealed_book(pack: Pack, one: BacktestFile, case: Case | None = None) -> FactBook:
    """The facts that a backtest may know, and no others, with its rules and quantities checked against them.

    Raises:
        HaidangError: it would read what was not known, or its parts do not fit.
    """
    return seal_backtest(pack, one, case).book


def seal_backtest(pack: Pack, one: BacktestFile, case: Case | None = None) -> Sealed:
    """What a backtest may know, or one of its cases, with its rules and quantities checked against it.

    Raises:
        HaidangError: it would read what was not known, or its parts do not fit.
    """
    card = pack.model(one.programme.model).card
    spec = population_of(pack, one)
    book = pack.book.using(one.use)
    if case is not None:
        book = put_in_place(book, case.terms)
    named = _named(one, case, card, spec, book)
    own = {} if case is None else {name: place for name, place in named.items() if name in _of_case(case)}
    listed = named if one.reads is None else dict(one.reads)
    carried = _carried(pack, one)
    elsewhere = {*own, *(name for reading in carried for name in reading.facts)}
    others = {name: place for name, place in listed.items() if name not in elsewhere}
    readings = [Reading(others, one.cutoff, one.printed_later), *carried]
    if case is not None:
        readings.append(Reading(own, case.cutoff, one.printed_later))
    sealed = seal(book, readings)
    if spec is not None:
        _check_rivals(spec, book, Reading({}, one.cutoff, one.printed_later))
    programme = _rules(one, sealed)
    check_programme(programme, card, sealed)
    for name, place in named.items():
        if name not in sealed.facts:
            hint = did_you_mean(name, sealed.facts)
            raise BacktestError(f"expected a fact that the backtest lists under 'reads', found '{name}'", place, hint)
    _check_periods(one, programme, card)
    if spec is None:
        check_customers(one, programme, one.place)
    for quantity in one.quantities:
        _check_quantity(pack, one, case, quantity, card, sealed)
    return Sealed(sealed, programme)


def population_of(pack: Pack, one: BacktestFile) -> PopulationSpec | None:
    """The population of the pack that a backtest runs on, without what is only shown beside it; none for customers.

    Raises:
        BacktestError: there is none of that name.
    """
    if not isinstance(one.population, Built):
        return None
    name = one.population.population
    if name not in pack.populations:
        problem = f"expected a population of the pack, found '{name}'"
        raise BacktestError(problem, one.population.place, did_you_mean(name, pack.populations))
    return without_shown(pack.populations[name])


def _named(
    one: BacktestFile, case: Case | None, card: Card, spec: PopulationSpec | None, book: FactBook
) -> dict[str, Place]:
    """Every fact that the forecast and the naive one need, with the place that names it."""
    found = named_by_model(card, one.place.at("rules")) | named_by_rules(one.programme, book)
    if spec is not None:
        found |= named_by_population(spec)
    for quantity in one.quantities:
        found |= quantity.facts
    for expression in () if case is None else (case.per, case.naive):
        if expression is not None:
            found |= dict.fromkeys(expression.names, expression.place or one.place)
    if case is not None:
        for name, term in case.terms.items():
            if name not in found:
                problem = (
                    f"expected a fact that the rules, the model, the population or the quantity read, found '{name}'"
                )
                raise BacktestError(problem, term.place, did_you_mean(name, found))
            found[name] = term.place or case.place
    return found


def _of_case(case: Case) -> set[str]:
    """What is known by the case's own cutoff."""
    expressions = [one for one in (case.per, case.naive) if one is not None]
    return {*case.terms, *(name for one in expressions for name in one.names)}


def _check_rivals(spec: PopulationSpec, book: FactBook, reading: Reading) -> None:
    """A margin that means another published value than the one in use rests on what stands behind that value.

    Raises:
        LeakError: it was not known.
    """
    for margin in spec.margins:
        if margin.value is not None:
            chosen = book.using({margin.fact: margin.value})
            seal(chosen, [replace(reading, facts={margin.fact: margin.place})])


def _carried(pack: Pack, one: BacktestFile) -> list[Reading]:
    if one.carried is None:
        return []
    other = _other(pack, one)
    known = sealed_book(pack, other).facts if other.reads is None else other.reads
    for name, place in one.carried.facts.items():
        if name not in known:
            problem = f"expected a fact that '{other.id}' reads, found '{name}'"
            raise BacktestError(problem, place, did_you_mean(name, known))
    told = frozenset(
        document
        for quantity in one.quantities
        for came in quantity.came
        for name in came.names
        for document in pack.book.fact(name, quantity.place).source
    )
    return [Reading(one.carried.facts, other.cutoff, other.printed_later, told)]


def _other(pack: Pack, one: BacktestFile) -> BacktestFile:
    name = "" if one.carried is None else one.carried.backtest
    if name not in pack.backtests or name == one.id:
        hint = did_you_mean(name, [other for other in pack.backtests if other != one.id])
        raise BacktestError(f"expected another backtest of the pack, found '{name}'", one.place.at("carried"), hint)
    return load_backtest(pack.backtests[name], pack.book)


def _rules(one: BacktestFile, sealed: FactBook) -> Programme:
    programme = load_programme(one.rules, sealed).base
    if programme.feeds:
        problem = "expected rules whose budgets stand alone, found one fed by another programme"
        raise BacktestError(problem, programme.place)
    return programme


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


def _check_quantity(
    pack: Pack, one: BacktestFile, case: Case | None, quantity: Quantity, card: Card, sealed: FactBook
) -> None:
    """Names and units: what is forecast, what is added, what it is divided by, what it is held against."""
    unit = check_quantity(quantity, card)
    units = units_of(sealed)
    amount = canonical_unit(_outcome_unit(quantity, card))
    if quantity.start is not None:
        quantity.start.require(units, amount)
    per = quantity.per if case is None or case.per is None else case.per
    if per is not None:
        unit = parse("above / below").check({"above": unit, "below": per.check(units)})
    naive = quantity.naive if case is None or case.naive is None else case.naive
    naive.require(units, unit)
    for came in quantity.came if case is None else (case.came,):
        _check_came(pack, came, unit, {*sealed.facts, *_behind(case)})
    official = quantity.official if case is None else case.official
    if official is not None:
        place = quantity.place if case is None else case.place
        found = pack.book.fact(official, place).unit
        if not same_dimension(found, unit):
            raise BacktestError(f"expected an official forecast in {unit}, found '{official}' in {found}", place)


def _outcome_unit(quantity: Quantity, card: Card) -> str:
    return check_quantity(replace(quantity, over=None), card)


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
