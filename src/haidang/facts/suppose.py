"""A book in which some facts are supposed to have a value, for certain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from haidang.facts.book import FactBook
from haidang.facts.fact import Claim, Fact, FactError
from haidang.facts.reader import Reader
from haidang.facts.units import canonical_unit, same_dimension


def suppose_facts(book: FactBook, supposed: Reader, reason: Mapping[str, str]) -> FactBook:
    """The book with other values of some facts: each is the same in every draw and year, and called an assumption.

    Args:
        book: the pack's facts.
        supposed: by fact, a value with its unit of measure.
        reason: why it is supposed, in both languages.

    Raises:
        UnknownFactError: there is no such fact.
        FactError: it is of another unit of measure, or is drawn together with others and has no value by itself.
    """
    return replace(book, facts={**book.facts, **{name: _fact(book, supposed, name, reason) for name in supposed.keys}})


def jointly_drawn(book: FactBook) -> frozenset[str]:
    """The facts that are drawn together with others."""
    return frozenset(name for one in book.joints.values() for name in one.facts)


def _fact(book: FactBook, supposed: Reader, name: str, reason: Mapping[str, str]) -> Fact:
    place = supposed.place(name)
    known = book.fact(name, place)
    if name in jointly_drawn(book):
        raise FactError(f"expected a fact that is drawn by itself, found '{name}', which is drawn with others", place)
    value, unit = supposed.quantity(name)
    if not same_dimension(unit, known.unit):
        found = "a number without a unit" if canonical_unit(unit) == "1" else unit
        raise FactError(f"expected {known.unit} for '{name}', found {found}", place, f"write '{value:g} {known.unit}'")
    if unit == "1" and "%" in known.unit:
        raise FactError(f"expected {known.unit} for '{name}', found a plain number", place, f"write '{value:g} %'")
    return replace(
        known, value=value, unit=unit, distribution=None, range=None, se=None, dated=None, chosen=None, rivals=(),
        claim=Claim(assumption=reason), where=place,
    )  # fmt: skip
