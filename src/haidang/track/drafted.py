"""One draft of a reading as a claim, its document as a source, its words held against the text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from haidang.errors import HaidangError, did_you_mean
from haidang.facts import Reader, Scalar, Source, WrongValueError, last_day, wordbook
from haidang.track.pack_files.claims import ABOUT, read_says
from haidang.track.pack_files.fields import RecordError, day_or_none, scope_or_none
from haidang.track.pack_files.load import ID
from haidang.track.records import QUALIFIERS, Claim, Period, Qualifier, Quantity, SourcePlace, Title

DRAFT_KEYS = (
    "id", "kind", "subject", "actors", "quantity", "period", "scope", "status", "source", "span", "sentence", "by",
    "duplicates", "record", "new", "reject", "about", "says", "said_by", "method", "stage", "on",
)  # fmt: skip
"""What a reading writes, and from `record` on what a person adds."""
DOCUMENT_KEYS = (
    "file", "title", "date", "publisher", "language", "sha256", "notes", "text", "source", "address", "note",
)  # fmt: skip
SOURCE_KEYS = ("title", "publisher", "date", "address", "note")
AMONG = ("world", "south_east_asia", "asia", "national")
_MONEY = ("VND", "USD", "EUR", "JPY")
_DIGEST = 16
"""So many hexadecimal digits of a file's SHA-256 stand in the note of its source."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Words and the characters of their document at which they stand."""

    start: int
    end: int
    text: str

    def at(self, source: str) -> SourcePlace:
        """The place in a source."""
        return SourcePlace(source, self.text, self.start, self.end)


def read_source(entry: Reader, name: str) -> Source:
    """A new document.

    Raises:
        HaidangError: its title, publisher or day is not there, or the day is none.
    """
    day = entry.text("date")
    try:
        last_day(day)
    except (HaidangError, ValueError):
        raise WrongValueError(f"expected a year, a month or a day, found '{day}'", entry.place("date")) from None
    return Source(
        name, entry.text("title"), entry.text("publisher"), day, entry.text_or("address", None),
        entry.text_or("note", None),
    )  # fmt: skip


def read_document(entry: Reader, known: Mapping[str, Source]) -> Source:
    """The source that a person says a document is: one that is there, or a new one.

    Raises:
        HaidangError: no source is named, a new one lacks title, publisher or day, or the one that is there was read
            from another file.
    """
    entry.forbid_unknown(DOCUMENT_KEYS)
    if entry.optional("source") is None:
        hint = "the id of a source that is there, or a new one with title, publisher and date"
        raise RecordError("expected the 'source' that this document is, found none", entry.place(), hint)
    name = entry.text("source")
    if ID.fullmatch(name) is None:
        raise RecordError("expected an id of small letters, digits, '-', '_' and '.'", entry.place("source"))
    digest = entry.text_or("sha256", "")[:_DIGEST]
    there = known.get(name)
    if there is None:
        missing = [key for key in ("title", "publisher", "date") if entry.optional(key) is None]
        if missing:
            near = did_you_mean(name, known)
            told = f"expected a source that is there, or a new one with '{missing[0]}', found '{name}'"
            raise RecordError(told, entry.place("source"), near)
        source = read_source(entry, name)
        note = "; ".join(part for part in (source.note, digest and f"sha256:{digest}") if part)
        return Source(name, source.title, source.publisher, source.date, source.address, note or None)
    if digest and "sha256:" in (there.note or "") and f"sha256:{digest}" not in (there.note or ""):
        hint = "a new version of a document is a source of its own"
        raise RecordError(f"expected the file that '{name}' was read from, found another", entry.place("sha256"), hint)
    return there


def read_passage(entry: Reader, text: str) -> Passage:
    """The words that carry a draft, where they stand in the text: no span, no claim.

    Raises:
        RecordError: other words stand there.
    """
    span = entry.child("span")
    span.forbid_unknown(("start", "end", "text"))
    start, end = span.integer("start"), span.integer("end")
    words = cast("Scalar", span.required("text")).text
    if start < 0 or text[start:end] != words:
        found = text[max(start, 0) : max(end, 0)]
        raise RecordError(f"expected '{words}' at {start}-{end} of the document's text, found '{found}'", span.place())
    return Passage(start, end, words)


def read_claim(entry: Reader, kind: str, source: Source, passage: Passage) -> Claim:
    """The draft as what a document says, unsigned.

    Args:
        entry: the draft.
        kind: of the record that it is joined to.
        source: the document.
        passage: the words.

    Raises:
        HaidangError: a value is wrong.
    """
    quantity = _quantity(entry)
    about = entry.one_of_or("about", ABOUT, None) or _about(kind, quantity)
    says = read_says(entry, about)
    return Claim(
        id=f"{source.id}-{passage.start}-{passage.end}-{about}",
        place=passage.at(source.id),
        said=source.published_by,
        about=about,
        by=entry.text_or("said_by", None),
        quantity=quantity,
        period=_period(entry),
        scope=scope_or_none(entry, "scope"),
        note=_note(entry, kind),
        says=says,
    )


def _about(kind: str, quantity: Quantity | None) -> str:
    """What a draft speaks of, unless the person says."""
    if kind in ("target", "indicator"):
        return "target" if kind == "target" else "value"
    if quantity is None:
        return "promise"
    return "amount" if quantity.unit in _MONEY else "count"


def _quantity(entry: Reader) -> Quantity | None:
    told = entry.child_or("quantity", None)
    if told is None:
        return None
    told.forbid_unknown(("minimum", "maximum", "unit", "qualifier", "among", "change"))
    least, most = told.number_or("minimum", None), told.number_or("maximum", None)
    if least is None and most is None:
        raise RecordError("expected 'minimum' or 'maximum', found neither", told.place())
    if least is not None and most is not None and most < least:
        raise RecordError(f"expected a maximum from {least:g}, found {most:g}", told.place("maximum"))
    qualifier = cast("Qualifier", told.one_of_or("qualifier", QUALIFIERS, "exactly"))
    return Quantity(least, most, told.text_or("unit", "1"), qualifier)


def _period(entry: Reader) -> Period | None:
    told = entry.child_or("period", None)
    if told is None:
        return None
    told.forbid_unknown(("start", "end"))
    start, end = day_or_none(told, "start"), day_or_none(told, "end")
    if start is not None and end is not None and end < start:
        raise RecordError(f"expected an end from {start} on, found {end}", told.place("end"))
    return None if start is None and end is None else Period(start, end)


def _note(entry: Reader, kind: str) -> Title | None:
    """What a claim has no field for: that a number is a change, and among whom a rank is.

    Raises:
        RecordError: a change where an indicator's value is expected.
    """
    told = entry.child_or("quantity", None)
    if told is None:
        return None
    change = told.one_of_or("change", ("increase", "decrease"), None)
    if change is not None and kind == "indicator":
        hint = "take 'change' out where the indicator itself is a rate of change, else reject the draft"
        raise RecordError(f"expected a value, found a change: {change}", told.place("change"), hint)
    among = told.one_of_or("among", AMONG, None)
    words = wordbook("haidang.track", "words.yaml")
    parts = [words[f"change_{change}"]] if change is not None else []
    parts += [words[f"among_{among}"]] if among is not None else []
    return {language: "; ".join(part[language] for part in parts) for language in ("vi", "en")} if parts else None
