"""Drafts of a reading that a person has gone through: which become claims of which records.

`haidang read` writes `documents` and `drafts`. The person names each document's source and decides on each draft:

    documents:
      d1: {source: bank-2026, title: ..., publisher: ..., date: 2026-03-02, text: ...}
    drafts:
      - {id: d1-01, ..., record: techcombank-credit}      # a further claim of a record that is there
      - id: d1-02
        record: bank-training                             # a new record: `new` says what the words alone do not
        new: {title: {vi: ..., en: ...}, kind: pledge, parties: [A bank], responsible: none named}
      - {id: d1-03, ..., reject: a caption}

What is neither joined nor rejected is left for another day. No span, no claim: the words must stand in the text.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from haidang.errors import Place, did_you_mean
from haidang.facts import Reader, Scalar, Source, WrongValueError
from haidang.track.drafted import DRAFT_KEYS, Passage, read_claim, read_document, read_passage
from haidang.track.edit import Drafts, More, advance
from haidang.track.pack_files.fields import RecordError, day_or_none
from haidang.track.pack_files.load import ID
from haidang.track.pack_files.read import FOLDERS, Said, make_record
from haidang.track.records import (
    STAGES,
    Claim,
    Commitment,
    Indicator,
    Observation,
    ObservationStatus,
    Record,
    Stage,
    StageName,
    claims_of,
)
from haidang.track.tracked import Tracked

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Taken:
    """A draft that a person joined to a record.

    Args:
        entry: as it was written.
        key: kind and id of the record.
        said: the claim, with status and method where it is a value of an indicator.
        stage: that the draft shows the record to have reached; none where the person named none.
    """

    entry: Reader
    key: Key
    said: Observation
    stage: Stage | None


def take(top: Reader, known: Tracked) -> Drafts:
    """What a file of drafts adds, by the decisions that a person wrote into it.

    Args:
        top: the file, with `documents` and `drafts`.
        known: the records and sources that are there.

    Raises:
        HaidangError: nothing was decided, a decision is wrong or lacks what the record needs, or words do not stand in
            their document.
    """
    top.forbid_unknown(("documents", "drafts"))
    entries = top.each("drafts")
    for entry in entries:
        entry.forbid_unknown(DRAFT_KEYS)
        if entry.optional("record") is not None and entry.optional("reject") is not None:
            raise RecordError("expected 'record' or 'reject', found both", entry.place("reject"))
    wanted = [entry for entry in entries if entry.optional("record") is not None]
    rejected = tuple(entry.text("id") for entry in entries if entry.optional("reject") is not None)
    undecided = tuple(
        entry.text("id") for entry in entries if entry.optional("record") is None and entry.optional("reject") is None
    )
    if not wanted and not rejected:
        hint = "write 'record: ID' to what becomes a claim, 'reject: WHY' to what does not"
        raise RecordError(
            f"expected a decision on some of {len(entries)} drafts, found none", top.place("drafts"), hint
        )
    sources = _sources(top, wanted, known)
    taken = [_taken(entry, sources) for entry in wanted]
    fresh = [one for one in taken if not _is_there(one, known)]
    records, more = _split(fresh, known, {**known.sources, **{one.id: one for one, _ in sources.values()}})
    new = {one.said.claim.place.source for one in fresh}
    return Drafts(
        tuple({one.id: one for one, _ in sources.values() if one.id not in known.sources and one.id in new}.values()),
        records, more, tuple(one.entry.text("id") for one in taken if one not in fresh), rejected, undecided,
        tuple(_elsewhere(fresh, known)),
    )  # fmt: skip


def _sources(top: Reader, wanted: Iterable[Reader], known: Tracked) -> Mapping[str, tuple[Source, str]]:
    """The source and the text of every document of which a draft is taken."""
    documents = top.children("documents")
    found: dict[str, tuple[Source, str]] = {}
    for entry in wanted:
        name = entry.text("id").rpartition("-")[0]
        if name not in documents:
            raise RecordError(
                f"expected the id of a draft of a document of this file, found '{entry.text('id')}'",
                entry.place("id"), did_you_mean(name, documents),
            )  # fmt: skip
        if name not in found:
            text = cast("Scalar", documents[name].required("text")).text
            found[name] = (read_document(documents[name], known.sources), text)
    return found


def _taken(entry: Reader, sources: Mapping[str, tuple[Source, str]]) -> _Taken:
    source, text = sources[entry.text("id").rpartition("-")[0]]
    kind, name = entry.one_of("kind", tuple(FOLDERS)), entry.text("record")
    if ID.fullmatch(name) is None:
        raise RecordError("expected an id of small letters, digits, '-', '_' and '.'", entry.place("record"))
    passage = read_passage(entry, text)
    claim = read_claim(entry, kind, source, passage)
    return _Taken(entry, (kind, name), _observation(entry, kind, claim), _stage(entry, kind, source, passage))


def _observation(entry: Reader, kind: str, claim: Claim) -> Observation:
    """The claim; of an indicator with whether it was counted, and only where it was."""
    told = entry.texts_or("status", ())
    if kind != "indicator":
        return Observation(claim)
    if claim.quantity is None or claim.period is None:
        missing = "quantity" if claim.quantity is None else "period"
        raise RecordError(f"expected a quantity and a period of a published value, found no {missing}", entry.place())
    if "planned" in told:
        hint = "make it 'kind: target', or take 'planned' out where the text tells a value"
        raise RecordError("expected a value that was counted, found a planned one", entry.place("status"), hint)
    status: ObservationStatus = "forecast" if "forecast" in told else "estimate" if "estimate" in told else "actual"
    return Observation(claim, status, entry.text_or("method", None))


def _stage(entry: Reader, kind: str, source: Source, passage: Passage) -> Stage | None:
    if entry.optional("stage") is None:
        if entry.optional("on") is not None:
            raise RecordError("expected a 'stage' beside its day, found none", entry.place("on"))
        return None
    if kind != "commitment":
        raise RecordError("expected a stage of a commitment only", entry.place("stage"))
    name = cast("StageName", entry.one_of("stage", STAGES))
    return Stage(name, day_or_none(entry, "on") or source.published_by, passage.at(source.id))


def _is_there(one: _Taken, known: Tracked) -> bool:
    """Whether the record has this claim already: the same words of the same document about the same thing.

    Raises:
        RecordError: it has, with another quantity: a claim is not written over.
    """
    record = _record(one.key, known)
    claim = one.said.claim
    for other in () if record is None else claims_of(record):
        if _words(other) != _words(claim) or other.about != claim.about:
            continue
        if other.quantity != claim.quantity:
            raise RecordError(
                f"expected what '{one.key[1]}' says of these words already, found another quantity",
                one.entry.place("quantity"), "a claim is not written over; add a claim that corrects it",
            )  # fmt: skip
        return True
    return False


def _elsewhere(fresh: Iterable[_Taken], known: Tracked) -> Iterable[tuple[str, str]]:
    """Drafts whose words are a claim of another record already, with that record."""
    held = {_words(claim): record for record in known.records() for claim in claims_of(record)}
    for one in fresh:
        record = held.get(_words(one.said.claim))
        if record is not None and record.id != one.key[1]:
            yield one.entry.text("id"), record.id


def _words(claim: Claim) -> tuple[object, ...] | None:
    """Which words of which document; none where a claim names no characters, so that it equals no draft."""
    place = claim.place
    return None if place.start is None else (place.source, place.start, place.end)


def _split(
    fresh: Iterable[_Taken], known: Tracked, sources: Mapping[str, Source]
) -> tuple[tuple[Record, ...], Mapping[Key, More]]:
    """New records, and what is added to those that are there."""
    by_key: dict[Key, list[_Taken]] = {}
    for one in fresh:
        by_key.setdefault(one.key, []).append(one)
    records: list[Record] = []
    more: dict[Key, More] = {}
    for key, parts in by_key.items():
        record = _record(key, known)
        if record is None:
            records.append(_new(key, parts, known, sources))
            continue
        for one in parts:
            if one.entry.optional("new") is not None:
                hint = "leave 'new' out to join the draft to it"
                raise RecordError(f"the {key[0]} '{key[1]}' is there already", one.entry.place("new"), hint)
        said = _said(key, parts)
        if isinstance(record, Indicator):
            _same_unit(record, parts)
        more[key] = More(said.claims, said.observations, tuple(one.stage for one in parts if one.stage is not None))
    return tuple(records), more


def _said(key: Key, parts: Iterable[_Taken]) -> Said:
    if key[0] == "indicator":
        return Said((), tuple(one.said for one in parts))
    return Said(tuple(one.said.claim for one in parts))


def _same_unit(record: Indicator, parts: Iterable[_Taken]) -> None:
    for one in parts:
        quantity = one.said.claim.quantity
        if quantity is not None and quantity.unit != record.unit:
            place = one.entry.place("quantity")
            raise RecordError(f"expected '{record.id}' in {record.unit}, found {quantity.unit}", place)


def _new(key: Key, parts: list[_Taken], known: Tracked, sources: Mapping[str, Source]) -> Record:
    """A record that is not there yet, from the one draft that says what it is."""
    telling = [one.entry for one in parts if one.entry.optional("new") is not None]
    if len(telling) != 1:
        place: Place = (telling[1] if telling else parts[0].entry).place("new" if telling else "record")
        near = did_you_mean(key[1], [one.id for one in known.records()])
        found = "several" if telling else f"neither: '{key[1]}' is no {key[0]} yet"
        raise RecordError(
            f"expected a {key[0]} that is there, or one 'new' that says what it is, found {found}", place, near
        )
    body = telling[0].child("new")
    for key_of_claims in ("claims", "observations"):
        if key_of_claims in body.keys:
            raise WrongValueError("expected what documents say in the drafts, found it here", body.place(key_of_claims))
    record = make_record(key[0], body, key[1], sources, _said(key, parts))
    if isinstance(record, Commitment):
        for stage in sorted((one.stage for one in parts if one.stage is not None), key=_day):
            record = advance(record, stage)
    return record


def _day(stage: Stage) -> date:
    return stage.on


def _record(key: Key, known: Tracked) -> Record | None:
    held: Mapping[str, Mapping[str, Record]] = {
        "event": known.events, "indicator": known.indicators, "target": known.targets,
        "commitment": known.commitments, "proposal": known.proposals,
    }  # fmt: skip
    return held[key[0]].get(key[1])


__all__ = ["take"]
