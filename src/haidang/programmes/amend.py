"""A programme with some of its parts changed: conditions, levers' values, amounts of budgets; all else stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from haidang.errors import Place
from haidang.facts.book import FactBook
from haidang.facts.reader import Reader, spelling
from haidang.programmes.amounts import AMOUNTS, read_amount
from haidang.programmes.expression import Expression, parse
from haidang.programmes.programme import Budget, Instrument, Programme, ProgrammeError

CHANGE_KEYS = ("eligible", "levers", "budget")


def amend_programme(base: Programme, changes: Reader, book: FactBook) -> Programme:
    """The programme with changes to its instruments.

    Args:
        base: the programme.
        changes: by instrument, `eligible`, `levers` by name and `budget` by resource, each with the keys of a budget's
            amounts.
        book: the facts that amounts may name.

    Raises:
        HaidangError: an instrument or a budget that the programme does not have, or a text that does not say what it
            should; whether names and units go with the model is seen by `check_programme`.
    """
    known = {one.id: one for one in base.instruments}
    for name in changes.keys:
        if name not in known:
            problem = f"expected an instrument of '{base.id}', found '{name}'"
            raise ProgrammeError(problem, changes.place(name), spelling(name, known))
        known[name] = _instrument(known[name], changes.child(name), book)
    return replace(base, instruments=tuple(known.values()))


def _instrument(instrument: Instrument, changes: Reader, book: FactBook) -> Instrument:
    changes.forbid_unknown(CHANGE_KEYS)
    levers = changes.child_or("levers", None)
    budgets = changes.child_or("budget", None)
    return replace(
        instrument,
        eligible=instrument.eligible if changes.optional("eligible") is None else _expression(changes, "eligible"),
        levers=instrument.levers if levers is None else {**instrument.levers, **_levers(levers)},
        budgets=instrument.budgets if budgets is None else _budgets(instrument.budgets, budgets, book),
    )


def _levers(reader: Reader) -> Mapping[str, Expression]:
    return {name: _expression(reader, name) for name in reader.keys}


def _expression(reader: Reader, key: str) -> Expression:
    return parse(reader.text(key), Place(reader.path, reader.required(key).line, reader.place(key).key))


def _budgets(budgets: tuple[Budget, ...], reader: Reader, book: FactBook) -> tuple[Budget, ...]:
    known = {one.resource: one for one in budgets}
    for name in reader.keys:
        if name not in known:
            raise ProgrammeError(f"expected a budget, found '{name}'", reader.place(name), spelling(name, known))
        known[name] = _budget(known[name], reader.child(name), book)
    return tuple(known.values())


def _budget(budget: Budget, reader: Reader, book: FactBook) -> Budget:
    reader.forbid_unknown(AMOUNTS)
    found = {key: read_amount(reader, key, book) for key in reader.keys}
    stated = {key: value for key in AMOUNTS if (value := getattr(budget, key)) is not None}
    values = stated | {key: value for key, (value, _, _) in found.items()}
    unit = _unit(budget, found, reader)
    if 0 < values.get("amount", 0) < values.get("per_year", 0):
        key = "per_year" if "per_year" in found else "amount"
        problem = f"expected at most the total of {values['amount']:,} in a year, found {values['per_year']:,}"
        raise ProgrammeError(problem, reader.place(key))
    kept = () if set(stated) <= set(found) else budget.facts
    facts = sorted({*kept, *(name for _, _, expression in found.values() for name in expression.names)})
    # Where a limit is wrong in a way that only the model can tell, the place of the change is named.
    place = Place(reader.path, reader.line, f"{reader.key}.resource")
    return replace(budget, **values, unit=unit, facts=tuple(facts), place=place)


def _unit(budget: Budget, found: Mapping[str, tuple[int, str, Expression]], reader: Reader) -> str:
    """The one unit of all amounts; zero has every unit."""
    for key, (value, unit, _) in found.items():
        if unit != budget.unit and (value or unit != "1"):
            said = "a number without a unit" if unit == "1" else unit
            wanted = "a number without a unit" if budget.unit == "1" else budget.unit
            raise ProgrammeError(f"expected {wanted} in this budget, found {said}", reader.place(key))
    return budget.unit
