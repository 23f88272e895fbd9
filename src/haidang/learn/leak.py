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

    Values of single years after the cutoff are taken out of a fact, unless the whole series was known by then.

    Raises:
        LeakError: a fact says nothing about when it was known, or was known or printed too late, or rests on a
            document that tells the outcome.
        UnknownFactError: there is no such fact.
    """
    facts: dict[str, Fact] = {}
    for reading in readings:
        for name, place in reading.facts.items():
            facts[name] = _known(book.fact(name, place), place, reading.cutoff)
            _check_documents(book, facts[name], place, reading)
    joints = {name: one for name, one in book.joints.items() if set(one.facts) <= set(facts)}
    return replace(book, facts=facts, joints=joints)


def _known(fact: Fact, place: Place, cutoff: date) -> Fact:
    """The fact as far as it was known at the cutoff."""
    here = f"({fact.where.path}:{fact.where.line})"
    if fact.as_of is not None and fact.as_of <= cutoff:
        return fact
    if fact.dated is not None:
        kept = {year: value for year, value in fact.dated.items() if last_day(str(year)) <= cutoff}
        if not kept:
            problem = f"expected a fact known by {cutoff}, found '{fact.id}' with {min(fact.dated)} as its first year"
            raise LeakError(f"{problem} {here}", place)
        return replace(fact, dated=kept, value=kept[max(kept)])
    if fact.as_of is None:
        raise LeakError(f"expected a fact that states when it was known, found '{fact.id}' without as_of {here}", place)
    raise LeakError(f"expected a fact known by {cutoff}, found '{fact.id}' of {fact.as_of} {here}", place)


def _check_documents(book: FactBook, fact: Fact, place: Place, reading: Reading) -> None:
    for document in fact.source:
        if document in reading.refused:
            raise LeakError(f"expected a fact that does not rest on the outcome's source, found '{document}'", place)
        printed = book.sources[document].published_by
        if printed > reading.cutoff and document not in reading.printed_later:
            raise LeakError(
                f"expected documents printed by {reading.cutoff}, found '{document}' of "
                f"{book.sources[document].date} behind '{fact.id}'",
                place,
                "where it states something of before, list it under printed_later with the reason",
            )
