"""A book of facts that has only what a backtest may know: asking it for anything else is a mistake with a place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from haidang.errors import HaidangError, Place
from haidang.facts import Fact, FactBook, last_day


class LeakError(HaidangError):
    """A backtest that would read what was not known at its cutoff."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Facts that a backtest lists, and by when they must have been known.

    Args:
        facts: their ids, each with the place where it is listed.
        cutoff: the last day of what may be known.
        printed_later: documents that state something of before the cutoff and were printed after it, by id, with the
            reason for reading them all the same.
        refused: documents that no fact may rest on, whatever their date: those that tell the outcome.
    """

    facts: Mapping[str, Place]
    cutoff: date
    printed_later: Mapping[str, str]
    refused: frozenset[str] = frozenset()


def seal(book: FactBook, readings: Iterable[Reading]) -> FactBook:
    """The facts listed in the readings and no others.

    Raises:
        LeakError: a fact says nothing about when it was known, or was known or printed too late, or rests on a
            document that tells the outcome.
        UnknownFactError: there is no such fact.
    """
    facts: dict[str, Fact] = {}
    for reading in readings:
        for name, place in reading.facts.items():
            _check(book, name, place, reading)
            facts[name] = book.facts[name]
    joints = {name: one for name, one in book.joints.items() if set(one.facts) <= set(facts)}
    return replace(book, facts=facts, joints=joints)


def _check(book: FactBook, name: str, place: Place, reading: Reading) -> None:
    fact = book.fact(name, place)
    here = f"({fact.where.path}:{fact.where.line})"
    if fact.dated is not None:
        last = max(fact.dated)
        if last_day(str(last)) > reading.cutoff:
            raise LeakError(f"expected a fact known by {reading.cutoff}, found '{name}' with a value of {last}", place)
    elif fact.as_of is None:
        raise LeakError(f"expected a fact that states when it was known, found '{name}' without as_of {here}", place)
    elif fact.as_of > reading.cutoff:
        raise LeakError(f"expected a fact known by {reading.cutoff}, found '{name}' of {fact.as_of} {here}", place)
    for document in fact.source:
        if document in reading.refused:
            raise LeakError(f"expected a fact that does not rest on the outcome's source, found '{document}'", place)
        printed = book.sources[document].published_by
        if printed > reading.cutoff and document not in reading.printed_later:
            raise LeakError(
                f"expected documents printed by {reading.cutoff}, found '{document}' of "
                f"{book.sources[document].date} behind '{name}'",
                place,
                "where it states something of before, list it under printed_later with the reason",
            )
