"""Reading a programme's file, and writing one that says everything out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from haidang.errors import Place
from haidang.facts.book import FactBook
from haidang.facts.nodes import Scalar
from haidang.facts.reader import Reader, spelling
from haidang.facts.yaml import parse_yaml, read_yaml
from haidang.programmes.amounts import read_budget, read_capacity
from haidang.programmes.expression import Expression, parse
from haidang.programmes.programme import (
    Budget,
    Capacity,
    Instrument,
    Order,
    Programme,
    ProgrammeError,
    ProgrammeFile,
    Ration,
    Rule,
    describe,
)
from haidang.programmes.span import Span, read_span

PROGRAMME_KEYS = ("id", "title", "model", "years", "months", "commitment", "note", "instruments", "variants")
INSTRUMENT_KEYS = ("title", "years", "months", "eligible", "levers", "budget", "capacity", "ration")
VARIANT_KEYS = ("title", "note", "instruments", "remove")
RULES = ("lottery", "first_come")

ID = re.compile(r"[a-z][a-z0-9]*(?:[-_][a-z0-9]+)*")
BASELINE = "baseline"

ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n"}


def load_programme(path: Path | str, book: FactBook | None = None) -> ProgrammeFile:
    """The programme of a file, with its variants.

    Args:
        path: a YAML file.
        book: the facts that budgets' amounts may name; their central values are taken.

    Raises:
        HaidangError: the first mistake, with file, line and key.
    """
    return _read(Reader(read_yaml(path), path), book)


def parse_programme(text: str, path: str, book: FactBook | None = None) -> ProgrammeFile:
    """The programme of a text, with its variants; `path` is what errors name.

    Raises:
        HaidangError: the first mistake, with line and key.
    """
    return _read(Reader(parse_yaml(text, path), path), book)


def to_yaml(programme: Programme) -> str:
    """A programme as a file that loads back to an equal one, every default said out and no fact left to look up."""
    return "".join(f"{line}\n" for line in _lines(describe(programme), 0))


def _read(reader: Reader, book: FactBook | None) -> ProgrammeFile:
    reader.forbid_unknown(PROGRAMME_KEYS)
    span = read_span(reader)
    base = Programme(
        id=_id(reader.text("id"), reader.place("id")),
        title=reader.title(),
        model=_id(reader.text("model"), reader.place("model")),
        years=span.years,
        commitment=reader.text_or("commitment", None),
        note=reader.title_or(None, "note"),
        instruments=_instruments(reader, span, book),
        months=span.months,
        place=reader.place("model"),
    )
    variants = reader.child_or("variants", None)
    return ProgrammeFile(base, {} if variants is None else _variants(base, variants, book))


def _id(text: str, place: Place) -> str:
    if ID.fullmatch(text) is None or len(text) > 80:
        hint = "an id has small letters, digits and single hyphens or underscores"
        raise ProgrammeError(f"expected an id such as 'green-credit', found '{text[:80]}'", place, hint)
    if text == BASELINE:
        raise ProgrammeError("expected another id, found 'baseline', which is the run without a programme", place)
    return text


def _instruments(reader: Reader, around: Span, book: FactBook | None) -> tuple[Instrument, ...]:
    found = reader.children("instruments")
    if not found:
        raise ProgrammeError("expected at least one instrument, found none", reader.place("instruments"))
    group = reader.child("instruments")
    return tuple(_instrument(_id(name, group.place(name)), one, around, book) for name, one in found.items())


def _instrument(name: str, reader: Reader, around: Span, book: FactBook | None) -> Instrument:
    reader.forbid_unknown(INSTRUMENT_KEYS)
    span = _own_span(reader, around)
    levers = reader.child("levers")
    if not levers.keys:
        raise ProgrammeError("expected at least one lever, found none", reader.place("levers"))
    budgets, capacities = _budgets(reader, book), _capacities(reader, book)
    return Instrument(
        id=name,
        title=reader.title_or({"vi": name, "en": name}),
        eligible=_expression(reader, "eligible"),
        levers={lever: _expression(levers, lever) for lever in levers.keys},
        budgets=budgets,
        ration=_ration(reader, any(one.amount is not None or one.per_year is not None for one in budgets)),
        years=None if span is None else span.years,
        months=None if span is None else span.months,
        capacities=capacities,
        place=reader.place(),
    )


def _own_span(reader: Reader, around: Span) -> Span | None:
    """When an instrument runs, where it says so: within its programme."""
    if reader.optional("years") is None and reader.optional("months") is None:
        return None
    span = read_span(reader)
    outside = [year for year in span.years if year not in around.years]
    if outside:
        words = f"{around.years[0]} to {around.years[-1]}"
        place = reader.place("years" if span.months is None else "months")
        raise ProgrammeError(f"expected years of the programme, {words}, found {outside[0]}", place)
    return span


def _expression(reader: Reader, key: str) -> Expression:
    return parse(reader.text(key), _at(reader, key))


def _at(reader: Reader, key: str) -> Place:
    """Where the key's value begins, which may be below the key."""
    return Place(reader.path, reader.required(key).line, reader.place(key).key)


def _budgets(reader: Reader, book: FactBook | None) -> tuple[Budget, ...]:
    if reader.optional("budget") is None:
        return ()
    budgets = tuple(read_budget(one, book) for one in reader.each("budget"))
    _refuse_two(budgets, "budget")
    return budgets


def _capacities(reader: Reader, book: FactBook | None) -> tuple[Capacity, ...]:
    if reader.optional("capacity") is None:
        return ()
    return tuple(read_capacity(one, book) for one in reader.each("capacity"))


def _refuse_two(limits: tuple[Budget, ...], what: str) -> None:
    seen: set[str] = set()
    for one in limits:
        if one.resource in seen:
            raise ProgrammeError(f"expected one {what} for each resource, found two for '{one.resource}'", one.place)
        seen.add(one.resource)


def _ration(reader: Reader, limited: bool) -> Ration:
    node = reader.optional("ration")
    if node is None:
        if limited:
            raise ProgrammeError(
                "expected the key 'ration' beside a budget, found none",
                reader.place(),
                "write lottery, first_come, or {by: ..., order: highest}",
            )
        return Ration("first_come")
    if isinstance(node, Scalar):
        return Ration(cast(Rule, reader.one_of("ration", RULES)))
    rule = reader.child("ration")
    rule.forbid_unknown(("by", "order"))
    order = rule.one_of_or("order", ("highest", "lowest"), "highest")
    return Ration("priority", _expression(rule, "by"), cast(Order, order))


def _variants(base: Programme, reader: Reader, book: FactBook | None) -> Mapping[str, Programme]:
    found: dict[str, Programme] = {}
    for name in reader.keys:
        if _id(name, reader.place(name)) == base.id:
            raise ProgrammeError("expected a variant's own id, found that of the programme", reader.place(name))
        found[name] = _variant(base, name, reader.child(name), book)
    return found


def _variant(base: Programme, name: str, reader: Reader, book: FactBook | None) -> Programme:
    """The programme with instruments removed, replaced as a whole in their place, or added behind the others."""
    reader.forbid_unknown(VARIANT_KEYS)
    instruments = {one.id: one for one in base.instruments}
    for gone in reader.texts_or("remove", ()):
        if gone not in instruments:
            hint = spelling(gone, instruments)
            raise ProgrammeError(f"expected an instrument to remove, found '{gone}'", reader.place("remove"), hint)
        del instruments[gone]
    if reader.optional("instruments") is not None:
        for one in _instruments(reader, Span(base.years, base.months), book):
            instruments[one.id] = one
    if not instruments:
        raise ProgrammeError("expected at least one instrument to be left, found none", reader.place())
    return replace(
        base,
        id=name,
        title=reader.title(),
        note=reader.title_or(None, "note"),
        instruments=tuple(instruments.values()),
        place=reader.place(),
    )


def _lines(entries: Mapping[str, Any], depth: int) -> Iterator[str]:
    """Mappings as indented lines, everything below a list on one line."""
    indent = "  " * depth
    for key, value in entries.items():
        if isinstance(value, Mapping) and value:
            yield f"{indent}{key}:"
            yield from _lines(cast(Mapping[str, Any], value), depth + 1)
        elif value != []:
            yield f"{indent}{key}: {_flow(value)}"


def _flow(value: Any) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_flow(below)}" for key, below in cast(Mapping[str, Any], value).items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(below) for below in cast(list[Any], value)) + "]"
    return json.dumps(value)


def _quoted(text: str) -> str:
    """A text in double quotes; what does not print is escaped."""
    return '"' + "".join(ESCAPES.get(letter) or _printed(letter) for letter in text) + '"'


def _printed(letter: str) -> str:
    return letter if letter.isprintable() else f"\\U{ord(letter):08X}"
