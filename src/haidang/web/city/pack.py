"""The city's pack as the pages need it: read once, its facts in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings

from haidang.packs import Pack, load_pack
from haidang.results.catalogue import catalogue
from haidang.results.cited import FactLine, citation, fact_lines, fact_range, fact_value, href
from haidang.results.manifest import FactText, SourceText
from haidang.web.words import Language


@dataclass(frozen=True, slots=True)
class Cited:
    """A document that states a fact."""

    id: str
    text: str
    address: str | None


@dataclass(frozen=True, slots=True)
class FactRow:
    """A fact as a reader sees it: either sources or the reason for assuming it; `stated` holds its numbers."""

    id: str
    title: str
    value: str
    range: str
    sources: tuple[Cited, ...]
    passage: str
    assumption: str
    note: str
    rivals: tuple[tuple[str, tuple[Cited, ...], bool], ...]
    lines: tuple[FactLine, ...]
    stated: FactText

    def holds(self, wanted: str) -> bool:
        """Whether a reader who looks for these words means this fact."""
        told = " ".join((self.id, self.title, self.assumption, *(each.text for each in self.sources))).casefold()
        return all(word in told for word in wanted.casefold().split())


@lru_cache(maxsize=1)
def pack() -> Pack:
    """The city's pack. Changes of its files show after a restart."""
    return load_pack(settings.HOME.pack)


@lru_cache(maxsize=2)
def fact_rows(language: Language) -> Mapping[str, FactRow]:
    """Every fact of the pack by id, in the order of the files."""
    book = pack().book
    stated = book.explain(book.facts)
    return {name: _row(name, FactText.model_validate(stated[name]), language) for name in book.facts}


@lru_cache(maxsize=2)
def facts_by_source(language: Language) -> Mapping[str, tuple[FactRow, ...]]:
    """For each document the facts that it states."""
    found: dict[str, list[FactRow]] = {}
    for row in fact_rows(language).values():
        beside = (each for _, documents, _ in row.rivals for each in documents)
        for document in dict.fromkeys((*row.sources, *beside)):
            found.setdefault(document.id, []).append(row)
    return {name: tuple(rows) for name, rows in found.items()}


def _row(name: str, fact: FactText, language: Language) -> FactRow:
    words = catalogue(language)
    rivals = tuple(
        (
            fact_value(fact.model_copy(update={"value": each.value}), words),
            _cited(each.source, language),
            each.id == fact.chosen,
        )
        for each in fact.rivals
        if each.value is not None
    )
    return FactRow(
        id=name,
        title=fact.title[language],
        value=fact_value(fact, words),
        range=fact_range(fact, words),
        sources=_cited(fact.source, language),
        passage=fact.place[language] if fact.place else "",
        assumption=fact.assumption[language] if fact.assumption else "",
        note=fact.note[language] if fact.note else "",
        rivals=rivals if len(rivals) > 1 else (),
        lines=fact_lines(fact, words),
        stated=fact,
    )


def _cited(documents: tuple[SourceText, ...], language: Language) -> tuple[Cited, ...]:
    return tuple(Cited(each.id, citation(each, catalogue(language)), href(each.address)) for each in documents)
