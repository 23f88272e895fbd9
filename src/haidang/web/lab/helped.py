"""Which names a condition may read, with their units and words: help beside the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from haidang.models import Card
from haidang.packs import Pack
from haidang.packs.reads import facts_read
from haidang.programmes.syntax import FUNCTIONS
from haidang.web.city.pack import pack
from haidang.web.words import Language


@dataclass(frozen=True, slots=True)
class Known:
    """A name that may be read.

    Args:
        name: as written.
        title: in words; empty where it has none.
        kind: `category`, `flag`, `number`, `level` or `fact`.
        unit: of measure; empty for none.
        words: those of a category.
    """

    name: str
    title: str
    kind: str
    unit: str = ""
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Help:
    """What may be named.

    Args:
        columns: of the units.
        facts: that the model and the programme read.
        functions: that may be called.
    """

    columns: tuple[Known, ...]
    facts: tuple[Known, ...]
    functions: tuple[str, ...]


@lru_cache(maxsize=32)
def help_of(programme: str, language: Language) -> Help:
    """What conditions and levers of a programme may name."""
    own = pack()
    base = own.programmes[programme].base
    card = own.model(base.model).card
    return Help(
        tuple(_columns(own, card, language)),
        tuple(_facts(own, card, programme, language)),
        tuple(sorted(FUNCTIONS)),
    )


def _columns(own: Pack, card: Card, language: Language) -> list[Known]:
    spec = own.population(card.population).columns
    outcomes = {one.id: one.title for one in card.outcomes}
    found: list[Known] = []
    for name, column in card.columns.items():
        # What the model derives has no title of its own; it often is an outcome's present state.
        told: Mapping[str, str] = spec[name].title if name in spec else outcomes.get(name, {})
        unit = "" if column.unit in {"", "1"} else column.unit
        found.append(Known(name, told.get(language, ""), column.kind, unit, column.categories))
    return found


def _facts(own: Pack, card: Card, programme: str, language: Language) -> list[Known]:
    names = facts_read(own.book, card, own.programmes[programme].programmes)
    return [Known(name, own.book.facts[name].title[language], "fact", own.book.facts[name].unit) for name in names]
