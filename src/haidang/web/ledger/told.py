"""What stands in the log, in words: an entry keeps names and numbers as programs know them, and outlives the words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import cast

from django.db.models import Q

from haidang.results.catalogue import catalogue
from haidang.results.numerals import day, number
from haidang.web.ledger import SITE
from haidang.web.search import folded
from haidang.web.words import LANGUAGES, Language, Words, words

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


def looked_for(who: str, action: str, subject: str) -> Q:
    """The entries in which somebody looks for words of either language, or for what the log itself holds.

    Args:
        who: part of an address, or of what the site itself is called.
        action: part of what was done.
        subject: a kind of thing, with or without its number or name.
    """
    return _who(who) & _action(action) & _subject(subject)


def _who(wanted: str) -> Q:
    found = Q(who__icontains=wanted)
    return found | Q(who=SITE) if wanted and dict(_holding(wanted, "ledger.site")) else found


def _action(wanted: str) -> Q:
    codes = {key.removeprefix("deed.") for key, _ in _holding(wanted, "deed.")} if wanted else set[str]()
    return Q(action__icontains=wanted) | Q(action__in=codes)


def _subject(wanted: str) -> Q:
    found = Q(subject__icontains=wanted)
    for key, _ in _holding(wanted, "thing.") if wanted else ():
        found |= Q(subject__startswith=f"{key.removeprefix('thing.')}:") | Q(subject=key.removeprefix("thing."))
    for key, word in _words("thing."):
        if folded(wanted).startswith(f"{word} "):
            found |= Q(subject=f"{key.removeprefix('thing.')}:{' '.join(wanted.split()[len(word.split()) :])}")
    return found


def _holding(wanted: str, place: str) -> Iterator[tuple[str, str]]:
    """The keys, beginning so, whose words in either language hold what is wanted."""
    return ((key, word) for key, word in _words(place) if folded(wanted) in word)


def _words(place: str) -> Iterator[tuple[str, str]]:
    for language in LANGUAGES:
        yield from ((key, folded(text)) for key, text in words(language).texts.items() if key.startswith(place))
