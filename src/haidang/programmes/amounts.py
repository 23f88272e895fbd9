"""How much a budget has: whole canonical units, worked out once, when the programme is loaded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

from haidang.errors import Place
from haidang.facts.book import FactBook
from haidang.facts.fact import Fact
from haidang.facts.reader import Reader, spelling
from haidang.facts.units import canonical
from haidang.programmes.expression import Expression, parse
from haidang.programmes.programme import Budget, Capacity, Feed, ProgrammeError
from haidang.programmes.syntax import ExpressionError

AMOUNTS = ("amount", "per_year", "per_unit")
KEYS = ("resource", *AMOUNTS, "carry_over", "revolving", "waitlist", "fed_by")
CAPACITY_KEYS = ("resource", "by", "amount")
FEED_KEYS = ("programme", "variant", "outcome", "share", "lag")
MOST_COLUMNS = 3
MOST = 4e18
"""The largest amount, below which sums stay within 64 bits."""


_Amount: TypeAlias = tuple[int, str, Expression]


def read_budget(reader: Reader, book: FactBook | None) -> Budget:
    """The budget that a mapping states.

    Args:
        reader: the mapping.
        book: the facts that amounts may name, at their central values.

    Raises:
        HaidangError: an amount is no amount, is negative, is in another unit than the next, or exceeds the total.
    """
    reader.forbid_unknown(KEYS)
    amounts = {key: read_amount(reader, key, book) for key in AMOUNTS if reader.optional(key) is not None}
    feed = reader.child_or("fed_by", None)
    if not amounts and feed is None:
        wanted = "', '".join(AMOUNTS)
        raise ProgrammeError(f"expected at least one of '{wanted}' in a budget, found none", reader.place())
    values = {key: value for key, (value, _, _) in amounts.items()}
    facts = sorted({name for _, _, expression in amounts.values() for name in expression.names})
    _refuse_more_than_total(reader, values)
    return Budget(
        resource=reader.text("resource"),
        amount=values.get("amount"),
        per_year=values.get("per_year"),
        per_unit=values.get("per_unit"),
        unit=_one_unit(reader, amounts),
        carry_over=reader.flag_or("carry_over", True),
        revolving=reader.flag_or("revolving", False),
        waitlist=reader.flag_or("waitlist", False),
        fed_by=None if feed is None else _feed(feed),
        facts=tuple(facts),
        place=reader.place("resource"),
    )


def read_capacity(reader: Reader, book: FactBook | None) -> Capacity:
    """The capacity that a mapping states.

    Raises:
        HaidangError: the amount is no amount, or the places are no list of columns.
    """
    reader.forbid_unknown(CAPACITY_KEYS)
    value, unit, expression = read_amount(reader, "amount", book)
    by = reader.texts("by")
    if not 1 <= len(set(by)) == len(by) <= MOST_COLUMNS:
        problem = f"expected one to {MOST_COLUMNS} columns, each once, found {', '.join(by) or 'none'}"
        raise ProgrammeError(problem, reader.place("by"))
    return Capacity(reader.text("resource"), by, value, unit, tuple(sorted(expression.names)), reader.place("resource"))


def _feed(reader: Reader) -> Feed:
    reader.forbid_unknown(FEED_KEYS)
    share, lag = _share(reader), reader.integer_or("lag", 0)
    if not 0 < share <= 1:
        raise ProgrammeError(f"expected a share above 0 and up to 100 %, found {share:g}", reader.place("share"))
    if lag < 0:
        raise ProgrammeError(f"expected a lag of zero or more years, found {lag}", reader.place("lag"))
    return Feed(reader.text("programme"), reader.text_or("variant", None), reader.text("outcome"), share, lag)


def _share(reader: Reader) -> float:
    if reader.optional("share") is None:
        return 1.0
    value, unit = reader.quantity("share")
    return canonical(value, unit)


def read_amount(reader: Reader, key: str, book: FactBook | None) -> tuple[int, str, Expression]:
    """The amount in whole canonical units, the unit, and how it was said.

    Raises:
        HaidangError: it is no amount, negative, or not whole.
    """
    place = reader.place(key)
    expression = parse(reader.text(key), place)
    unit = expression.check(_units(expression, book, place))
    if unit == "flag":
        raise ExpressionError(f"expected an amount, found the condition '{expression}'", place)
    value = expression.constant({} if book is None else {name: book.value(name) for name in expression.names})
    if not math.isfinite(value) or value > MOST:
        raise ProgrammeError(f"expected an amount up to {MOST:g}, found '{expression}'", place)
    if value < 0:
        raise ProgrammeError(f"expected an amount of zero or more, found {value:g} in '{expression}'", place)
    if not expression.names and abs(value - round(value)) > 1e-9 * max(1.0, value):
        raise ProgrammeError(f"expected a whole number of {unit}, found '{expression}'", place)
    return round(value), unit, expression


def _units(expression: Expression, book: FactBook | None, place: Place) -> dict[str, str]:
    known: Mapping[str, Fact] = {} if book is None else book.facts
    for name in expression.names:
        if name not in known:
            hint = "load the programme with the facts of its pack" if book is None else spelling(name, known)
            raise ExpressionError(f"expected a fact in an amount, found '{name}'", place, hint)
    return {name: known[name].unit for name in expression.names}


def _one_unit(reader: Reader, amounts: dict[str, _Amount]) -> str:
    """The unit of all amounts; zero has every unit."""
    units = {unit: key for key, (value, unit, _) in amounts.items() if value or unit != "1"}
    if len(units) > 1:
        found = " and ".join("a number without a unit" if unit == "1" else unit for unit in units)
        place = reader.place(units.get("1", list(units.values())[-1]))
        raise ProgrammeError(f"expected one unit of measure in a budget, found {found}", place)
    return next(iter(units), "1")


def _refuse_more_than_total(reader: Reader, values: dict[str, int]) -> None:
    if "amount" not in values:
        return
    if values.get("per_year", 0) > values["amount"] > 0:
        problem = f"expected at most the total of {values['amount']:,}, found {values['per_year']:,}"
        raise ProgrammeError(problem, reader.place("per_year"))
