"""Facts put in the place of others: the terms of one case, under the names that the rules and the model read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from haidang.errors import Place
from haidang.facts import Claim, Fact, FactBook
from haidang.learn.quantity import BacktestError
from haidang.programmes import Expression


def put_in_place(book: FactBook, terms: Mapping[str, Expression]) -> FactBook:
    """The book with some facts stating what the terms say.

    A term that is one fact takes its value and its distribution; one that is worked out from several takes their stated
    values. A name that the book does not have is added.

    Args:
        book: the facts.
        terms: by the name that is read, the term over facts of the book.

    Raises:
        HaidangError: a term names no fact, or one that is not there, or is in another unit than what it replaces.
    """
    facts = dict(book.facts)
    for name, term in terms.items():
        stated = stated_fact(book, term)
        if name in book.facts:
            term.require(units_of(book), book.facts[name].unit)
        facts[name] = replace(stated, id=name)
    joints = {name: one for name, one in book.joints.items() if not set(one.facts) & set(terms)}
    return replace(book, facts=facts, joints=joints)


def stated_fact(book: FactBook, term: Expression) -> Fact:
    """The fact that an expression over facts is: the one it names, or one that rests on all it names.

    Raises:
        HaidangError: it names no fact, or one that is not there.
    """
    place = term.place or Place("")
    named = [book.fact(name, place) for name in term.names]
    if not named:
        raise BacktestError(f"expected a fact, or an expression over facts, found '{term}'", term.place)
    if term.text == term.names[0]:
        return named[0]
    unit = term.check(units_of(book))
    if unit == "flag":
        raise BacktestError(f"expected a number, found the condition '{term}'", term.place)
    known = [one.as_of for one in named]
    claim = Claim(
        source=tuple(dict.fromkeys(document for one in named for document in one.source)),
        assumption=next((one.assumption for one in named if one.assumption is not None), None),
        as_of=None if None in known else max(day for day in known if day is not None),
    )
    return Fact(
        id=term.text,
        title=named[0].title,
        unit=unit,
        value=term.constant({one.id: one.canonical for one in named}),
        distribution=None,
        range=None,
        se=None,
        dated=None,
        after="hold",
        claim=claim,
        where=place,
    )


def units_of(book: FactBook) -> dict[str, str]:
    """The unit of measure of every fact, as expressions are checked with."""
    return {name: one.unit for name, one in book.facts.items()}
