"""What of a programme an analyst may change on screen: each place with its unit, its range, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Literal, cast

from haidang.models import Card
from haidang.packs import Pack
from haidang.packs.reads import facts_read
from haidang.programmes import Budget, Instrument, Programme
from haidang.web.lab.sliders import (
    Slider,
    fact_slider,
    in_unit,
    lever_default,
    lever_slider,
    slider_between,
    spreads,
    unit_behind,
)
from haidang.web.words import Language

Kind = Literal["eligible", "lever", "amount", "fact"]
AMOUNTS = ("amount", "per_year", "per_unit")
BILLION = 10**9
"""A lever that is this or more without a programme has no limit."""


@dataclass(frozen=True, slots=True)
class Slot:
    """A place of a programme.

    Args:
        name: of the form's field.
        kind: what stands there.
        way: the keys that lead to it in a design's file.
        title: what it is called.
        unit: of measure, as written in files.
        stated: what the programme says there; empty where it says nothing.
        slider: a range, where there is one.
        usual: what holds where nothing is written, as a file has it; of an amount, which of a budget's amounts it is.
        worth: of a fact that holds there, what it comes to.
        limitless: whether nothing limits it where nothing is written.
        yes: of a lever that is yes or no, whether it is yes where nothing is written.
    """

    name: str
    kind: Kind
    way: tuple[str, ...]
    title: str
    unit: str
    stated: str
    slider: Slider | None = None
    usual: str = ""
    worth: str = ""
    limitless: bool = False
    yes: bool | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The places of one instrument.

    Args:
        id: of the instrument.
        title: its title.
        eligible: the condition.
        main: levers that it sets and its budgets.
        more: the model's other levers.
    """

    id: str
    title: str
    eligible: Slot
    main: tuple[Slot, ...]
    more: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """All places of a programme or a variant, and the facts that can be supposed."""

    groups: tuple[Group, ...]
    facts: tuple[Slot, ...]

    @property
    def slots(self) -> Iterator[Slot]:
        """Every place."""
        for group in self.groups:
            yield group.eligible
            yield from group.main
            yield from group.more
        yield from self.facts

    def changes(self, values: Mapping[str, str]) -> tuple[dict[str, dict[str, object]], dict[str, str]]:
        """What was written where the programme says something else: changes by instrument, and facts.

        Args:
            values: by name of a place; what is empty or as stated is no change.
        """
        changes: dict[str, dict[str, object]] = {}
        facts: dict[str, str] = {}
        for slot in self.slots:
            text = values.get(slot.name, "").strip()
            if not text or text == slot.stated:
                continue
            if slot.kind == "fact":
                facts[slot.way[-1]] = text
            else:
                _put(changes, slot.way[1:], text)
        return changes, facts

    def values(self, changes: Mapping[str, object], facts: Mapping[str, str]) -> dict[str, str]:
        """What stands in each place of a design."""
        whole: Mapping[str, object] = {"changes": changes, "facts": facts}
        return {slot.name: _found(whole, slot.way) or slot.stated for slot in self.slots}


def _put(changes: dict[str, dict[str, object]], way: tuple[str, ...], text: str) -> None:
    inside: dict[str, object] = changes.setdefault(way[0], {})
    for key in way[1:-1]:
        inside = cast(dict[str, object], inside.setdefault(key, {}))
    inside[way[-1]] = text


def _found(whole: Mapping[str, object], way: tuple[str, ...]) -> str:
    found: Any = whole
    for key in way:
        if not isinstance(found, dict) or key not in found:
            return ""
        found = cast(dict[str, Any], found)[key]
    return str(found)


def board(pack: Pack, origin: Programme, language: Language) -> Board:
    """What of a programme or a variant may be changed."""
    card = pack.model(origin.model).card
    groups = tuple(_group(pack, card, one, origin.years, language) for one in origin.instruments)
    return Board(groups, tuple(_facts(pack, card, origin, language)))


def _group(pack: Pack, card: Card, one: Instrument, years: Sequence[int], language: Language) -> Group:
    levers = {name: _lever(pack, card, one, name, years, language) for name in card.levers}
    amounts = [slot for budget in one.budgets for slot in _amounts(card, one, budget, language)]
    eligible = Slot(
        f"eligible__{one.id}", "eligible", ("changes", one.id, "eligible"), "", "", one.eligible.text
    )  # fmt: skip
    return Group(
        one.id,
        one.title[language],
        eligible,
        (*(levers[name] for name in one.levers), *amounts),
        tuple(slot for name, slot in levers.items() if name not in one.levers),
    )


def _lever(pack: Pack, card: Card, one: Instrument, name: str, years: Sequence[int], language: Language) -> Slot:
    lever, stated = card.levers[name], one.levers[name].text if name in one.levers else ""
    title = lever.title.get(language) or name
    slot = Slot(f"lever__{one.id}__{name}", "lever", ("changes", one.id, "levers", name), title, lever.unit, stated)
    if lever.flag:
        return replace(slot, yes=lever_default(pack, lever) > 0)
    default = lever_default(pack, lever)
    number = f"{Decimal(repr(in_unit(default, lever.unit))).normalize():f}{unit_behind(lever.unit)}"
    slot = replace(slot, slider=lever_slider(pack, card, one, name, years))
    if isinstance(lever.default, str):
        return replace(slot, usual=lever.default, worth=number)
    return replace(slot, limitless=True) if default >= BILLION else replace(slot, usual=number)


def _amounts(card: Card, one: Instrument, budget: Budget, language: Language) -> Iterator[Slot]:
    resource = card.resources[budget.resource]
    for key in AMOUNTS:
        value: int | None = getattr(budget, key)
        if value is None:
            continue
        name = f"budget__{one.id}__{budget.resource}__{key}"
        way = ("changes", one.id, "budget", budget.resource, key)
        slider = slider_between(0.0, 2.0 * value, value, budget.unit, limits=False) if value else None
        title = resource.title[language]
        yield Slot(name, "amount", way, title, resource.unit, _stated(value, budget.unit), slider, key)


def _stated(value: int, unit: str) -> str:
    """A whole amount as a file has it, a large round one short: `1500e9 VND`."""
    short = value >= BILLION and value % (BILLION // 1000) == 0
    number = f"{(Decimal(value) / BILLION).normalize():f}e9" if short else f"{value}"
    return f"{number}{unit_behind(unit)}"


def _facts(pack: Pack, card: Card, origin: Programme, language: Language) -> Iterator[Slot]:
    """The facts that vary, alone or together, and are read by the model or the programme."""
    together = spreads(pack.book)
    for name in facts_read(pack.book, card, [origin]):
        fact = pack.book.facts[name]
        if fact.distribution is None and name not in together:
            continue
        slider = fact_slider(fact, together)
        yield Slot(f"fact__{name}", "fact", ("facts", name), fact.title[language], fact.unit, "", slider)
