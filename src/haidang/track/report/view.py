"""Records as the pages show them, in one language: plain texts, ready to be escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from markupsafe import Markup, escape

from haidang.facts import Source
from haidang.track.attention import next_update
from haidang.track.contradictions import Contradiction
from haidang.track.overview import prospect_text
from haidang.track.progress import progress, stage_of
from haidang.track.promises import Prospect
from haidang.track.records import Claim, Commitment, Event, Indicator, Proposal, SourcePlace, Title
from haidang.track.say import Say

FULL = len("2025-11-26")
_SIGNS = re.compile("[&<>'\"]")


class Cite(NamedTuple):
    """A claim as a row: what is said, by which document, where to find it.

    Args:
        told: what is said.
        source: the document's id, a place on the page.
        where: HTML: a link to the document, the day, and who held the claim against it.
        passage: where in it.
        note: what a reader must know.
    """

    told: str
    source: str
    where: str
    passage: str
    note: str


class _Link(NamedTuple):
    """What every claim of one document has alike: HTML of its link, and its own day where it is told less precisely."""

    html: str
    day: date | None
    written: str


@dataclass(frozen=True, slots=True)
class Card:
    """A record: its title, its facts in pairs of word and text, and what documents say."""

    kind: str
    id: str
    title: str
    tag: str
    pairs: tuple[tuple[str, str], ...]
    cites: tuple[Cite, ...]


@dataclass(frozen=True, slots=True)
class View:
    """Makes cards of records.

    Args:
        say: the words.
        sources: the documents by id.
        titles: titles of records by kind and id, for links between them.
        prospects: by id, how likely each open promise is delivered by its day.
        names: bodies as a reader of each language knows them.
    """

    say: Say
    sources: Mapping[str, Source]
    titles: Mapping[tuple[str, str], Mapping[str, str]]
    prospects: Mapping[str, Prospect]
    names: Mapping[str, Title] = field(default_factory=dict[str, Title])
    _links: dict[str, _Link] = field(default_factory=dict[str, _Link])

    def cite(self, claim: Claim) -> Cite:
        """A claim as a row."""
        place, say = claim.place, self.say
        link = self._links.get(place.source) or self._link(place.source)
        # No more precise than the document tells its day.
        said = link.written if link.day == claim.said else say.day(claim.said)
        by = claim.confirmed_by
        check = say.word("unconfirmed") if by is None else escaped(say.word("confirmed", by=by))
        note = "" if claim.note is None else claim.note[say.language]
        told = say.claim(claim)
        if claim.about == "responsible" and claim.says is not None:
            told = f"{say.word('about_responsible')}: {self.body(claim.says)}"
        return Cite(told, place.source, f"{link.html} · {said} · {check}", _passage(place), note)

    def body(self, name: str) -> str:
        """A body as the reader knows it."""
        known = self.names.get(name)
        return name if known is None else known[self.say.language]

    def _link(self, name: str) -> _Link:
        """Made once for each document, of which a page may name a thousand claims."""
        one, language = self.sources.get(name), self.say.language
        told = name if one is None else f"{one.publisher}: {one.title}"
        address = web(one)
        to = f"#{language}-source-{escaped(name)}" if address is None else f'{escaped(address)}" rel="noreferrer'
        coarse = one is not None and len(one.date) < FULL
        day = one.published_by if one is not None and coarse else None
        written = self.say.written(one.date) if one is not None and coarse else ""
        self._links[name] = _Link(f'<a href="{to}">{escaped(told)}</a>', day, written)
        return self._links[name]

    def cites(self, claims: Iterable[Claim]) -> tuple[Cite, ...]:
        """Claims as rows."""
        return tuple(self.cite(one) for one in claims)

    def commitment(self, one: Commitment) -> Card:
        """A promise."""
        word, done, stage = self.say.word, progress(one.milestones), stage_of(one)
        told = word("no_progress")
        if done is not None:
            shares = {name: self.say.share(getattr(done, name)) for name in ("least", "most", "reported")}
            told = shares["least"] if done.reported == 1.0 else word("progress_between", **shares)
        pairs = [
            (word("stage"), self._stages(one)),
            (word("parties"), ", ".join(self.body(each) for each in one.parties)),
            (word("responsible"), word("nobody") if one.responsible is None else self.body(one.responsible)),
            (word("due"), self.say.day(one.due) or word("no_due")),
            (word("progress"), told),
        ]
        prospect = self.prospects.get(one.id)
        if prospect is not None:
            pairs.append((word("delivery"), prospect_text(prospect, self.say.language)))
        if one.next_step is not None:
            by = "" if one.next_on is None else f" ({word('due_by', day=self.say.day(one.next_on))})"
            pairs.append((word("next_step"), f"{self.say.title(one.next_step)}{by}"))
        if one.programmes:
            pairs.append((word("programme"), ", ".join(self._title("programme", name) for name in one.programmes)))
        for kind, names in (("indicator", one.indicators), ("proposal", one.proposals)):
            if names:
                pairs.append((word(f"{kind}s"), ", ".join(self._title(kind, name) for name in names)))
        tag = " · ".join((word(f"kind_{one.kind}"), word(f"stage_{stage or 'none'}")))
        cites = (*self.cites(one.claims), *self._shown(one))
        return Card("commitment", one.id, self.say.title(one.title), tag, tuple(pairs), cites)

    def _shown(self, one: Commitment) -> Iterable[Cite]:
        """Stages and milestones as rows, each with the document that shows it."""
        say, word = self.say, self.say.word
        for stage in one.stages:
            told = f"{word('stage')}: {word(f'stage_{stage.name}')}, {say.day(stage.on)}"
            file = "" if stage.file is None else f"SHA-256 {stage.file}"
            yield self._evidence(told, stage.evidence, file or word("no_evidence"))
        for part in one.milestones:
            done = word("no_progress") if part.done is None else word("done", share=say.share(part.done))
            due = "" if part.due is None else f", {word('due_by', day=say.day(part.due))}"
            reported = "" if part.reported is None else f" ({say.day(part.reported)})"
            told = f"{word('milestone')}: {say.title(part.title)}{due}: {done}{reported}"
            yield self._evidence(told, part.evidence, word("no_evidence"))

    def _evidence(self, told: str, place: SourcePlace | None, without: str) -> Cite:
        """A row on the document that shows something; where there is none, what stands instead."""
        if place is None:
            return Cite(told, "", escaped(without), "", "")
        link = self._links.get(place.source) or self._link(place.source)
        return Cite(told, place.source, link.html, _passage(place), "")

    def _stages(self, one: Commitment) -> str:
        if not one.stages:
            return self.say.word("stage_none")
        return " → ".join(f"{self.say.word(f'stage_{stage.name}')} ({self.say.day(stage.on)})" for stage in one.stages)

    def indicator(self, one: Indicator) -> Card:
        """A series with every published value, newest period first."""
        word = self.say.word
        unstated, expected = word("unstated"), next_update(one)
        pairs = [
            (word("definition"), self.say.title(one.definition)),
            (word("counted_by"), unstated if one.method is None else self.say.title(one.method)),
            (word("geography"), unstated if one.geography is None else word(f"scope_{one.geography}")),
            (word("publisher"), unstated if one.publisher is None else self.body(one.publisher)),
            (word("rhythm"), unstated if one.frequency is None else word("every_months", count=one.frequency)),
            (word("next_update"), self.say.day(expected) or unstated),
            (word("licence"), one.licence or word("unstated_licence")),
        ]
        pairs += [(word("direction"), word(f"direction_{one.direction}"))] if one.direction is not None else []
        seen = sorted(one.observations, key=lambda each: (_end(each.claim), each.claim.said), reverse=True)
        rows: list[Cite] = []
        for each in seen:
            cite = self.cite(each.claim)
            extra = [word(each.status)] if each.status != "actual" else []
            extra += [each.method] if each.method is not None else []
            told = cite.told.partition(": ")[2]
            told = f"{told} ({', '.join(extra)})" if extra else told
            rows.append(cite._replace(told=told))
        latest = rows[0].told if rows else word("none_found")
        rows += [self._evidence(word("described"), SourcePlace(name), "") for name in one.documents]
        return Card("indicator", one.id, self.say.title(one.title), latest, tuple(pairs), tuple(rows))

    def event(self, one: Event) -> Card:
        """Something that happened."""
        pairs = ((self.say.word("parties"), ", ".join(self.body(each) for each in one.hosts)),)
        return Card(
            "event", one.id, self.say.title(one.title), self.say.period(one.period), pairs, self.cites(one.claims)
        )

    def proposal(self, one: Proposal) -> Card:
        """What somebody proposed."""
        word = self.say.word
        became = [self._title("commitment", name) for name in one.became]
        pairs = [(word("parties"), word("unstated") if one.by is None else self.body(one.by))]
        pairs += [(word("became"), ", ".join(became))] if became else []
        pairs += (
            [(word("programme"), ", ".join(self._title("programme", name) for name in one.programmes))]
            if one.programmes
            else []
        )
        tag = word(f"status_{one.status}")
        return Card("proposal", one.id, self.say.title(one.title), tag, tuple(pairs), self.cites(one.claims))

    def contradiction(self, one: Contradiction) -> Card:
        """Claims that exclude each other."""
        title = self._title(one.kind, one.id)
        return Card(one.kind, one.id, title, self.say.word(f"about_{one.about}"), (), self.cites(one.claims))

    def _title(self, kind: str, name: str) -> str:
        found = self.titles.get((kind, name))
        return name if found is None else found[self.say.language]

    def documents(self, cards: Sequence[Card]) -> tuple[tuple[str, str, str, str | None, str], ...]:
        """Every document behind some cards once: id, title, publisher and day, address, note."""
        names = sorted({cite.source for card in cards for cite in card.cites})
        found: list[tuple[str, str, str, str | None, str]] = []
        for name in names:
            one = self.sources.get(name)
            if one is not None:
                found.append((name, one.title, f"{one.publisher}, {one.date}", web(one), one.note or ""))
        return tuple(found)


def escaped(text: str) -> str:
    """A text that stands in HTML; most have nothing to escape, and are not copied."""
    return text if _SIGNS.search(text) is None else str(escape(text))


def rows_of(cites: Iterable[Cite]) -> Markup:
    """Claims as an HTML list: a page has thousands, each of the same few parts."""
    rows: list[str] = []
    for told, _, where, passage, note in cites:
        row = f'<li><span class="told">{escaped(told)}</span> <span class="where">{where}</span>'
        if passage:
            row += f'<span class="where">{escaped(passage)}</span>'
        if note:
            row += f'<span class="where">{escaped(note)}</span>'
        rows.append(f"{row}</li>\n")
    return Markup(f'<ul class="cites">\n{"".join(rows)}</ul>\n')


def card_of(one: Card, language: str, show: str) -> Markup:
    """A record as HTML, its facts and claims behind a word that shows them.

    Args:
        one: the record.
        language: of the page, which its place on the page begins with.
        show: the word.
    """
    pairs = "".join(f"<div><dt>{escaped(name)}</dt><dd>{escaped(text)}</dd></div>\n" for name, text in one.pairs)
    title = escaped(one.title)
    return Markup(
        f'<div class="card" id="{language}-{one.kind}-{escaped(one.id)}">\n<h3>{title}</h3>\n'
        f'<p class="tag">{escaped(one.tag)}</p>\n'
        f'<details><summary>{escaped(show)}<span class="hidden">: {title}</span></summary>\n'
        + (f'<dl class="pairs">\n{pairs}</dl>\n' if one.pairs else "")
        + f"{rows_of(one.cites)}\n</details>\n</div>\n"
    )


def web(source: Source | None) -> str | None:
    """The document's address where it is one of the web; nothing else becomes a link."""
    if source is None or source.address is None or not source.address.startswith(("https://", "http://")):
        return None
    return source.address


def _passage(place: SourcePlace) -> str:
    span = "" if place.start is None else f" [{place.start}–{place.end}]"
    return f"“{place.passage}”{span}" if place.passage else span.strip()


def _end(claim: Claim) -> str:
    return "" if claim.period is None or claim.period.end is None else claim.period.end.isoformat()
