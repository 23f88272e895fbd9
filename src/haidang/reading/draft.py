"""What reading gives: documents as extracted, and drafts of claims, each with the characters that it came from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Literal, Protocol, TypeAlias

Language: TypeAlias = Literal["vi", "en"]
Qualifier: TypeAlias = Literal["exactly", "about", "nearly", "more_than", "at_least", "at_most"]
Kind: TypeAlias = Literal["commitment", "indicator", "target", "event", "proposal", "reference", "statement"]


@dataclass(frozen=True, slots=True)
class Document:
    """A document as it was read.

    Args:
        file: its path, as it was given.
        text: what was extracted, composed letters (NFC); all spans count characters of this text.
        language: in which most of it is written.
        title: its title; none where it names none.
        date: when it was published; none where it does not tell, and then no relative date is resolved.
        publisher: who published it; none where it does not tell.
        sha256: of the file's bytes.
        notes: what had to be done to read it, such as a conversion from a legacy font.
    """

    file: str
    text: str
    language: Language
    title: str | None
    date: date | None
    publisher: str | None
    sha256: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` to `end` (not included) of a document's text, and the text that stands there."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a document says it.

    Args:
        minimum: the least; none where only a most was said.
        maximum: the most; none where only a least was said. One number has both alike.
        unit: unit of measure: `VND`, `%`, `% of GRDP`, `rank`, `centres`, or the document's own word.
        qualifier: how firmly it was said.
        among: for a rank, among whom: `world`, `south_east_asia`, `asia`, `national`.
        change: whether the number is an `increase` or a `decrease`; none where it is a level.
    """

    minimum: float | None
    maximum: float | None
    unit: str
    qualifier: Qualifier = "exactly"
    among: str | None = None
    change: str | None = None


@dataclass(frozen=True, slots=True)
class Period:
    """The days a claim speaks of, both included; a side that is not told is none."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim for a person to confirm.

    Args:
        id: unique in one reading: the document's place and the draft's, `d1-03`.
        document: place of the document in the reading, from one.
        kind: what kind of record it would be; a `reference` names a decision and is no record of its own; a
            `statement` has no number and tells what was said, or how something stands: a person chooses its record.
        subject: what is promised or measured, in the document's words.
        actors: organisations named in the sentence, as the gazetteer spells them.
        quantity: how much; none where the claim has no number.
        period: the days it speaks of; none where the document does not tell.
        scope: `national`, `city_old` or `city_new`, where the sentence tells.
        status: words such as `estimate`, `forecast`, `planned`, `under_way`, `done`.
        span: the words that carry the claim: of one with a number its phrase, of another the sentence or the item of
            its list.
        sentence: the sentence they stand in.
        by: what proposed the draft: `rules`, or the model of an endpoint.
        duplicates: ids of drafts that seem to say the same.
        implied: where the text tells no period, the one that the document implies: since the occasion it reports, or of
            its own year; a guess to be looked at.
    """

    id: str
    document: int
    kind: Kind
    subject: str
    actors: tuple[str, ...]
    quantity: Quantity | None
    period: Period | None
    scope: str | None
    status: tuple[str, ...]
    span: Span
    sentence: Span
    by: str = "rules"
    duplicates: tuple[str, ...] = ()
    implied: Period | None = None


class Extractor(Protocol):
    """What drafts the claims of one document: the rules, or an endpoint."""

    def __call__(self, document: Document, place: int) -> tuple[Draft, ...]:
        """The drafts of a document that stands at `place` in the reading, in the order of its text."""
        ...
