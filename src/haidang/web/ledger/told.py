"""What stands in the log, in words: an entry keeps names and numbers as programs know them, and outlives the words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from haidang.results.catalogue import catalogue
from haidang.results.numerals import day, number
from haidang.web.ledger import SITE
from haidang.web.words import Language, Words, words

WORDS: Mapping[str, tuple[str, ...]] = {
    "fields": ("factories.consent.field", "factories.column"),
    "kind": ("jobs.kind", "office.kind"),
    "role": ("role",),
    "roles": ("role",),
    "scopes": ("api.scope",),
    "events": ("api.event",),
    "stage": ("lending.stage",),
    "state": ("desk.proposal_state",),
    "what": ("pilots.what",),
}
"""By name of a detail, where in the catalogue its values have words."""
NUMBERS = frozenset({"amount", "answers", "bytes", "days", "draws", "factories", "files", "records", "size", "units"})
"""Details that are amounts; the other numbers are names of things."""


def details(text: str, language: Language) -> str:
    """The details of an entry; empty where it has none."""
    told = cast("dict[str, object]", json.loads(text))
    return "; ".join(_parts(told, words(language)))


def _parts(told: Mapping[str, object], own: Words) -> Iterator[str]:
    for name, value in told.items():
        if value is not None and value not in ([], ""):
            yield f"{own.texts.get(f'detail.{name}', name)}: {_value(name, value, own)}"


def _value(name: str, value: object, own: Words) -> str:
    if isinstance(value, list):
        return ", ".join(_value(name, each, own) for each in cast("list[object]", value))
    if isinstance(value, bool):
        return own.text("ledger.yes" if value else "ledger.no")
    if name == "day":
        return day(str(value), catalogue(own.language))
    if isinstance(value, int) and name in NUMBERS:
        return number(float(value), own.language, 15)
    found = (own.texts.get(f"{place}.{value}") for place in WORDS.get(name, ()))
    return next((each for each in found if each is not None), str(value))


def subject(text: str, language: Language) -> str:
    """What an entry is about: the kind of thing and its number or name."""
    kind, _, name = text.partition(":")
    return f"{words(language).texts.get(f'thing.{kind}', kind)} {name}".strip()


def person(who: str, language: Language) -> str:
    """Who did it."""
    return words(language).text("ledger.site") if who == SITE else who
