"""Which facts the parts of a backtest name: its model, its rules, its population, what it forecasts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from typing import cast

from haidang.errors import Place
from haidang.facts import FactBook
from haidang.models import Card
from haidang.population import PopulationSpec
from haidang.population.spec import Amount
from haidang.programmes import Programme


def named_by_model(card: Card, place: Place) -> dict[str, Place]:
    """The facts that a model names, and those that its levers are without a programme."""
    defaults = [one.default for one in card.levers.values() if isinstance(one.default, str)]
    return dict.fromkeys((*card.facts, *defaults), place)


def named_by_rules(programme: Programme, book: FactBook) -> dict[str, Place]:
    """The facts that the rules name, in amounts too."""
    place = programme.place or Place("")
    found = {name: place for name in (*programme.names, *programme.amount_facts) if name in book.facts}
    for instrument in programme.instruments:
        for expression in instrument.expressions:
            found |= {name: expression.place or place for name in expression.names if name in book.facts}
    return found


def named_by_population(spec: PopulationSpec) -> dict[str, Place]:
    """The facts that a population rests on: how many units there are, how they are drawn, the margins reached."""
    found = {one.fact: one.place or Place(spec.path) for one in _amounts(spec) if one.fact is not None}
    return found | {margin.fact: margin.place for margin in spec.margins}


def without_shown(spec: PopulationSpec) -> PopulationSpec:
    """The population without the figures that are only shown beside it, which it does not rest on."""
    return replace(spec, margins=tuple(one for one in spec.margins if one.shown is None))


def _amounts(part: object) -> Iterator[Amount]:
    """Every amount in a description, whatever it stands in."""
    if isinstance(part, Amount):
        yield part
    elif isinstance(part, Mapping):
        for below in cast(Mapping[str, object], part).values():
            yield from _amounts(below)
    elif isinstance(part, tuple):
        for below in cast(tuple[object, ...], part):
            yield from _amounts(below)
    elif is_dataclass(part):
        for one in fields(part):
            yield from _amounts(getattr(part, one.name))
