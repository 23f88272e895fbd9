"""Reading a backtest's file: the programme's rules, the population, what may be read, what is forecast, what came."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from haidang.errors import HaidangError, Place
from haidang.facts import FactBook, Reader, Scalar, last_day, read_yaml
from haidang.programmes import Expression, Programme, load_programme, parse

KEYS = (
    "id", "title", "cutoff", "rules", "months", "population", "use", "reads", "carried", "printed_later", "quantities",
)  # fmt: skip
QUANTITY_KEYS = ("title", "of", "until", "limit", "came", "official", "naive", "note")
RULES = "rules"
MONTHS = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2]) *\.\. *([0-9]{4})-(0[1-9]|1[0-2])")
MONTH = re.compile(r"([0-9]{4})-(0[1-9]|1[0-2])")

Month = tuple[int, int]
"""Year and month."""


class BacktestError(HaidangError):
    """A backtest whose parts do not fit."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """What is forecast.

    Args:
        id: its key.
        title: in both languages.
        outcome: the outcome of the model.
        until: the month at whose end it is taken; a flow adds up to it.
        limit: the fact that no draw can pass, such as a budget.
        came: the fact that says what came.
        official: the fact with the official forecast.
        naive: the forecast of who reads nothing but the programme's size.
        note: what the reader should know.
        place: where it stands.
    """

    id: str
    title: Mapping[str, str]
    outcome: str
    until: Month
    limit: str | None
    came: str
    official: str | None
    naive: Expression
    note: Mapping[str, str] | None
    place: Place


@dataclass(frozen=True, slots=True)
class Carried:
    """Facts about how people behave, taken unchanged from another backtest, whatever the time between the two."""

    backtest: str
    facts: Mapping[str, Place]
    reason: str


@dataclass(frozen=True, slots=True)
class BacktestFile:
    """A backtest as its file states it.

    Args:
        id: its name.
        title: in both languages.
        cutoff: the last day of what it may know.
        programme: the rules as a programme.
        months: the periods.
        customers: how many units there are; none where only their money matters.
        loans: what they owe together.
        use: for facts with several published values, the one to take.
        reads: the facts it may read, each with the place where it is listed.
        carried: facts taken from another backtest.
        printed_later: documents printed after the cutoff about something before it, with the reason.
        quantities: what is forecast.
        place: the file.
    """

    id: str
    title: Mapping[str, str]
    cutoff: date
    programme: Programme
    months: tuple[Month, ...]
    customers: Expression | None
    loans: Expression
    use: Mapping[str, str]
    reads: Mapping[str, Place]
    carried: Carried | None
    printed_later: Mapping[str, str]
    quantities: tuple[Quantity, ...]
    place: Place


def load_backtest(path: Path, book: FactBook) -> BacktestFile:
    """Read a backtest and the rules it names.

    Raises:
        HaidangError: the first mistake, with file, line and key.
    """
    reader = Reader(read_yaml(path), path)
    reader.forbid_unknown(KEYS)
    reader.forbid_empty()
    months = _months(reader)
    population = reader.child("population")
    population.forbid_unknown(("customers", "loans"))
    quantities = tuple(_quantity(name, one, months) for name, one in reader.children("quantities").items())
    if not quantities:
        raise BacktestError("expected something to forecast, found nothing", reader.place("quantities"))
    return BacktestFile(
        id=reader.text("id"),
        title=reader.title(),
        cutoff=_day(reader, "cutoff"),
        programme=_rules(reader, path, book),
        months=months,
        customers=None if population.optional("customers") is None else _expression(population, "customers"),
        loans=_expression(population, "loans"),
        use=_texts(reader, "use"),
        reads=_listed(reader, "reads"),
        carried=_carried(reader.child_or("carried", None)),
        printed_later=_texts(reader, "printed_later"),
        quantities=quantities,
        place=reader.place("id"),
    )


def _rules(reader: Reader, path: Path, book: FactBook) -> Programme:
    name = reader.text("rules")
    file = path.parent / RULES / f"{name}.yaml"
    if not file.is_file() or Path(name).name != name:
        raise BacktestError(f"expected the file {RULES}/{name}.yaml beside it, found none", reader.place("rules"))
    return load_programme(file, book).base


def _months(reader: Reader) -> tuple[Month, ...]:
    found = MONTHS.fullmatch(reader.text("months"))
    if found is None:
        raise BacktestError("expected months such as 2022-06..2023-12", reader.place("months"))
    year, month, last_year, last_month = (int(part) for part in found.groups())
    first, last = 12 * year + month - 1, 12 * last_year + last_month - 1
    if last < first:
        raise BacktestError(f"expected months that go forward, found {found[0]}", reader.place("months"))
    return tuple((one // 12, one % 12 + 1) for one in range(first, last + 1))


def _quantity(name: str, reader: Reader, months: tuple[Month, ...]) -> Quantity:
    reader.forbid_unknown(QUANTITY_KEYS)
    found = MONTH.fullmatch(reader.text("until"))
    until = (0, 0) if found is None else (int(found[1]), int(found[2]))
    if until not in months:
        raise BacktestError(f"expected a month of the backtest, found {reader.text('until')}", reader.place("until"))
    return Quantity(
        id=name,
        title=reader.title(),
        outcome=reader.text("of"),
        until=until,
        limit=reader.text_or("limit", None),
        came=reader.text("came"),
        official=reader.text_or("official", None),
        naive=_expression(reader, "naive"),
        note=reader.title_or(None, "note"),
        place=reader.place(),
    )


def _carried(reader: Reader | None) -> Carried | None:
    if reader is None:
        return None
    reader.forbid_unknown(("from", "facts", "reason"))
    return Carried(reader.text("from"), _listed(reader, "facts"), reader.text("reason"))


def _expression(reader: Reader, key: str) -> Expression:
    return parse(reader.text(key), Place(reader.path, reader.required(key).line, reader.place(key).key))


def _listed(reader: Reader, key: str) -> dict[str, Place]:
    place = reader.place(key)
    return {
        node.text.strip(): Place(reader.path, node.line, place.key)
        for node in reader.items(key)
        if isinstance(node, Scalar)
    }


def _texts(reader: Reader, key: str) -> dict[str, str]:
    around = reader.child_or(key, None)
    return {} if around is None else {name: around.text(name) for name in around.keys}


def _day(reader: Reader, key: str) -> date:
    try:
        return last_day(reader.text(key))
    except ValueError:
        raise BacktestError("expected a day such as 2022-09-30", reader.place(key)) from None
