"""What one forecast of a backtest may know, checked: a sealed book and the rules as that book reads them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from haidang.errors import HaidangError, Place, did_you_mean
from haidang.facts import FactBook, Reader, read_yaml
from haidang.learn.backtest_file import BacktestFile, Built, Case, load_backtest, read_programmes
from haidang.learn.check import Parts, check_parts
from haidang.learn.forecasts.pack import suite_mistakes
from haidang.learn.leak import Reading, seal
from haidang.learn.quantity import BacktestError
from haidang.learn.reads import named_by_model, named_by_population, named_by_rules, without_shown
from haidang.learn.terms import put_in_place
from haidang.models import Card
from haidang.packs import Pack
from haidang.population import PopulationSpec
from haidang.programmes import Programme, check_programme, load_programme


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a forecast is made from.

    Args:
        book: the facts that may be read.
        programme: the rules, their amounts worked out from those facts.
    """

    book: FactBook
    programme: Programme


def backtest_mistakes(pack: Pack) -> tuple[HaidangError, ...]:
    """What is wrong with a pack's backtests, the first mistake of each; empty where all could run. Runs nothing."""
    found: list[HaidangError] = []
    for name in sorted(pack.backtests):
        try:
            programmes_of(pack, name)
            one = load_backtest(pack.backtests[name], pack.book)
            for case in one.cases or (None,):
                seal_backtest(pack, one, case)
        except HaidangError as mistake:
            found.append(mistake)
    return (*found, *suite_mistakes(pack))


def programmes_of(pack: Pack, name: str) -> tuple[str, ...]:
    """The programmes whose report shows a backtest; none for all.

    Raises:
        BacktestError: the pack does not have one of them.
    """
    path = pack.backtests[name]
    reader = Reader(read_yaml(path), path)
    found = read_programmes(reader)
    for one in found:
        if one not in pack.programmes:
            hint = did_you_mean(one, pack.programmes)
            raise BacktestError(f"expected a programme of the pack, found '{one}'", reader.place("programme"), hint)
    return found


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
    sealed = seal(book, _readings(pack, one, case, named))
    if spec is not None:
        _check_rivals(spec, book, Reading({}, one.cutoff, one.printed_later))
    programme = _rules(one, sealed)
    check_programme(programme, card, sealed)
    _check_listed(named, sealed)
    check_parts(pack, one, case, Parts(sealed, programme, card, spec))
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


def _readings(pack: Pack, one: BacktestFile, case: Case | None, named: dict[str, Place]) -> list[Reading]:
    """By when each fact must have been known: a case's own by its cutoff, carried ones by the other backtest's."""
    own = {} if case is None else {name: place for name, place in named.items() if name in _of_case(case)}
    carried = _carried(pack, one)
    elsewhere = {*own, *(name for reading in carried for name in reading.facts)}
    listed = named if one.reads is None else one.reads
    others = {name: place for name, place in listed.items() if name not in elsewhere}
    last = one.cutoff if case is None else case.cutoff
    return [Reading(others, one.cutoff, one.printed_later), *carried, Reading(own, last, one.printed_later)]


def _check_listed(named: dict[str, Place], sealed: FactBook) -> None:
    for name, place in named.items():
        if name not in sealed.facts:
            hint = did_you_mean(name, sealed.facts)
            raise BacktestError(f"expected a fact that the backtest lists under 'reads', found '{name}'", place, hint)


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
    if other.carried is not None and other.reads is None:
        problem = f"expected a backtest that carries nothing over itself, found '{other.id}'"
        raise BacktestError(problem, one.place.at("carried"))
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
