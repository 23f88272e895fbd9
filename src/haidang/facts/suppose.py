"""A book in which some facts are supposed to have a value, for certain."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from haidang.facts.book import FactBook
from haidang.facts.fact import Claim, Fact, FactError
from haidang.facts.known import once_known
from haidang.facts.reader import Reader
from haidang.facts.units import canonical_unit, same_dimension


def suppose_facts(book: FactBook, supposed: Reader, reason: Mapping[str, str]) -> FactBook:
    """The book with other values of some facts: each is the same in every draw and year, and called an assumption.

    What is drawn together with a supposed fact is drawn as it is when that one is known: a supposition is read as
    something that came to be known. Such facts are called assumptions too, since no source says so.

    Args:
        book: the pack's facts.
        supposed: by fact, a value with its unit of measure.
        reason: why it is supposed, in both languages.

    Raises:
        UnknownFactError: there is no such fact.
        FactError: it is of another unit of measure; others hang on it and it cannot have that value, or all of them
            follow from each other.
    """
    own = {name: _fact(book, supposed, name, reason) for name in supposed.keys}
    facts, joints = {**book.facts, **own}, dict(book.joints)
    for name, one in book.joints.items():
        here = {fact: (own[fact].canonical, own[fact].where) for fact in one.facts if fact in own}
        if not here:
            continue
        left, values = once_known(one, book.facts, here)
        facts |= {fact: _moved(book.facts[fact], value, tuple(here), reason) for fact, value in values.items()}
        joints = {key: left if key == name else other for key, other in joints.items() if key != name or left}
    return replace(book, facts=facts, joints=joints)


def moved_by(book: FactBook, supposed: Iterable[str]) -> frozenset[str]:
    """The facts that are no longer drawn as stated where some are supposed: those, and what is drawn with them."""
    names = set(supposed)
    return frozenset(names.union(*(one.facts for one in book.joints.values() if names & set(one.facts))))


def _moved(fact: Fact, value: float, known: tuple[str, ...], reason: Mapping[str, str]) -> Fact:
    """A fact as it is when others are known with which it hangs together."""
    names = ", ".join(known)
    why = {"vi": f"{reason['vi']} Đi theo {names}.", "en": f"{reason['en']} It goes with {names}."}
    return replace(fact, value=value, range=None, se=None, chosen=None, rivals=(), claim=Claim(assumption=why))


def _fact(book: FactBook, supposed: Reader, name: str, reason: Mapping[str, str]) -> Fact:
    place = supposed.place(name)
    known = book.fact(name, place)
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
