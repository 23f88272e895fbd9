"""What of a programme an analyst may change on screen: each place with its unit, its range, and what stands there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, cast

from haidang.allocate.design_space import DesignError, declared_value, usual_bounds
from haidang.facts import Fact
from haidang.models import Card
from haidang.packs import Pack
from haidang.packs.reads import facts_read
from haidang.programmes import Budget, Instrument, Programme
from haidang.web.words import Language

Kind = Literal["eligible", "lever", "amount", "fact"]
AMOUNTS = ("amount", "per_year", "per_unit")
BILLION = 10**9


@dataclass(frozen=True, slots=True)
class Slider:
    """A range to move in: numbers before `suffix`, which makes them a quantity.

    Args:
        low: the least.
        high: the greatest.
        step: between two places.
        value: where it stands.
        suffix: what is written behind the number.
    """

    low: float
    high: float
    step: float
    value: float
    suffix: str


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
        usual: what holds where nothing is written.
    """

    name: str
    kind: Kind
    way: tuple[str, ...]
    title: str
    unit: str
    stated: str
    slider: Slider | None = None
    usual: str = ""


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
    groups = tuple(_group(pack, card, one, language) for one in origin.instruments)
    return Board(groups, tuple(_facts(pack, card, origin, language)))


def _group(pack: Pack, card: Card, one: Instrument, language: Language) -> Group:
    levers = {name: _lever(pack, card, one, name, language) for name in card.levers}
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


def _lever(pack: Pack, card: Card, one: Instrument, name: str, language: Language) -> Slot:
    lever, stated = card.levers[name], one.levers[name].text if name in one.levers else ""
    title = lever.title.get(language) or name
    usual = (
        lever.default if isinstance(lever.default, str) else f"{_shown(lever.default, lever.unit):g}{_tail(lever.unit)}"
    )
    way = ("changes", one.id, "levers", name)
    return Slot(
        f"lever__{one.id}__{name}", "lever", way, title, lever.unit, stated, _range(pack, card, one, name), usual
    )


def _range(pack: Pack, card: Card, one: Instrument, name: str) -> Slider | None:
    lever = card.levers[name]
    try:
        low, high = usual_bounds(name, lever, pack.book)
        now = declared_value(name, one, lever, pack.book)
    except DesignError:
        return None
    low, high, now = (_shown(value, lever.unit) for value in (low, high, now))
    return Slider(low, high, _step(high - low), min(max(now, low), high), _tail(lever.unit))


def _shown(canonical: float, unit: str) -> float:
    return canonical * 100 if "%" in unit else canonical


def _tail(unit: str) -> str:
    return "" if unit in {"", "1"} else f" {unit}"


def _step(span: float) -> float:
    """A hundredth of the span, rounded to one digit."""
    return float(f"{span / 100:.0e}") if span > 0 else 1.0


def _amounts(card: Card, one: Instrument, budget: Budget, language: Language) -> Iterator[Slot]:
    resource = card.resources[budget.resource]
    for key in AMOUNTS:
        value: int | None = getattr(budget, key)
        if value is None:
            continue
        number, suffix = _scaled(value, budget.unit)
        name = f"budget__{one.id}__{budget.resource}__{key}"
        way = ("changes", one.id, "budget", budget.resource, key)
        slider = Slider(0.0, float(2 * number), _step(float(2 * number)), float(number), suffix) if value else None
        title = resource.title[language]
        yield Slot(name, "amount", way, title, resource.unit, f"{number:f}{suffix}", slider, key)


def _scaled(value: int, unit: str) -> tuple[Decimal, str]:
    """A whole amount as a short number and what follows it: 1500 and `e9 VND`."""
    tail = _tail(unit)
    if value >= BILLION and value % (BILLION // 1000) == 0:
        number = (Decimal(value) / BILLION).normalize()
        return number, f"e9{tail}"
    return Decimal(value), tail


def _facts(pack: Pack, card: Card, origin: Programme, language: Language) -> Iterator[Slot]:
    """The facts that vary by a distribution of their own and are read by the model or the programme."""
    for name in facts_read(pack.book, card, [origin]):
        fact = pack.book.facts[name]
        if fact.distribution is None:
            continue
        way = ("facts", name)
        yield Slot(f"fact__{name}", "fact", way, fact.title[language], fact.unit, "", _own_range(fact))


def _own_range(fact: Fact) -> Slider | None:
    """The range that the fact states, in its own unit; two standard errors where it states one of these."""
    if fact.range is not None:
        low, high = fact.range
    elif fact.se is not None:
        low, high = fact.value - 2 * fact.se, fact.value + 2 * fact.se
    elif fact.rivals:
        low, high = (pick(one.value for one in fact.rivals) for pick in (min, max))
    else:
        return None
    if not low < high:
        return None
    step = _step(high - low)
    return Slider(low, high, step, min(max(fact.value, low), high), _tail(fact.unit))
