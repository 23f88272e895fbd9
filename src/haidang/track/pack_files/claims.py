"""Claims and what is made of them in a record's file: observations, stages, milestones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, cast, get_args

from haidang.errors import did_you_mean
from haidang.facts import Reader, Source, WrongValueError
from haidang.track.pack_files.fields import (
    RecordError,
    day,
    day_or_none,
    period_or_none,
    quantity_or_none,
    scope_or_none,
    share_or_none,
    unique,
)
from haidang.track.records import (
    COMMITMENT_KINDS,
    STAGES,
    Claim,
    Milestone,
    Observation,
    ObservationStatus,
    SourcePlace,
    Stage,
    StageName,
)

PLACE_KEYS = ("source", "passage", "span")
CLAIM_KEYS = (
    "id", *PLACE_KEYS, "said", "about", "by", "quantity", "qualifier", "period", "scope", "confidence",
    "entered_by", "entered_on", "confirmed_by", "confirmed_on", "note", "says",
)  # fmt: skip
OBSERVATION_KEYS = (*CLAIM_KEYS, "status", "method")
STAGE_KEYS = ("stage", "on", *PLACE_KEYS, "file", "by")
MILESTONE_KEYS = ("id", "title", "weight", "done", "due", "reported", *PLACE_KEYS)
ABOUT = ("promise", "value", "amount", "count", "due", "stage", "kind", "target", "attendance", "terms", "responsible")

Sources = Mapping[str, Source]


def read_claims(entry: Reader, sources: Sources) -> tuple[Claim, ...]:
    """The claims of a record; at least one, for a record without a source is a rumour.

    Raises:
        HaidangError: a key is wrong, a source is not known, or an id is used twice.
    """
    given = entry.each("claims")
    found = tuple(_read_claim(one, sources, CLAIM_KEYS, "promise") for one in given)
    if not found:
        raise RecordError("expected at least one claim, found none", entry.place("claims"))
    unique(((claim.id, one.place("id")) for claim, one in zip(found, given, strict=True)), "claim")
    return found


def read_observations(entry: Reader, sources: Sources) -> tuple[Observation, ...]:
    """The published values of an indicator.

    Raises:
        HaidangError: as `read_claims`, or a value has no quantity or no period.
    """
    given = entry.each("observations") if entry.optional("observations") is not None else ()
    found: list[Observation] = []
    for one in given:
        claim = _read_claim(one, sources, OBSERVATION_KEYS, "value")
        if claim.quantity is None or claim.period is None:
            missing = "quantity" if claim.quantity is None else "period"
            raise RecordError(f"expected a quantity and a period of a published value, found no {missing}", one.place())
        status = cast("ObservationStatus", one.one_of_or("status", get_args(ObservationStatus), "actual"))
        found.append(Observation(claim, status, one.text_or("method", None)))
    unique(((seen.claim.id, one.place()) for seen, one in zip(found, given, strict=True)), "value")
    return tuple(found)


def _read_claim(entry: Reader, sources: Sources, keys: tuple[str, ...], about: str) -> Claim:
    entry.forbid_unknown(keys)
    place, speaks_of = read_place(entry, sources), entry.one_of_or("about", ABOUT, about)
    written = entry.text_or("period", None)
    name = entry.text_or("id", None) or "-".join(
        part for part in (place.source, entry.text_or("method", None) if "method" in keys else None, written) if part
    )
    return Claim(
        id=name,
        place=place,
        said=day(entry, "said") if entry.optional("said") is not None else sources[place.source].published_by,
        about=speaks_of,
        by=entry.text_or("by", None),
        quantity=quantity_or_none(entry),
        period=period_or_none(entry, "period"),
        scope=scope_or_none(entry, "scope"),
        confidence=cast("Literal['seen', 'reported']", entry.one_of_or("confidence", ("seen", "reported"), "seen")),
        entered_by=entry.text_or("entered_by", None),
        entered_on=day_or_none(entry, "entered_on"),
        confirmed_by=entry.text_or("confirmed_by", None),
        confirmed_on=day_or_none(entry, "confirmed_on"),
        note=entry.title_or(None, "note"),
        says=read_says(entry, speaks_of),
    )


def read_says(entry: Reader, about: str) -> str | None:
    """The kind of promise that a document says it is, or the body that it names as responsible.

    Raises:
        HaidangError: the key is missing where a claim speaks of either, or there where it speaks of something else.
    """
    if about == "kind":
        return entry.one_of("says", COMMITMENT_KINDS)
    if about == "responsible":
        return entry.text("says")
    if entry.optional("says") is not None:
        told = "expected this key in a claim about the kind of a promise or its responsible body only"
        raise RecordError(told, entry.place("says"))
    return None


def read_place(entry: Reader, sources: Sources) -> SourcePlace:
    """Where something stands in a source of the pack.

    Raises:
        RecordError: the source is not known, or the span of characters is none.
    """
    name = entry.text("source")
    if name not in sources:
        raise RecordError(
            f"expected a source of the pack, found '{name}'", entry.place("source"), did_you_mean(name, sources)
        )
    if entry.optional("span") is None:
        return SourcePlace(name, entry.text_or("passage", None))
    ends = entry.numbers("span")
    if len(ends) != 2 or ends[0] < 0 or ends[1] <= ends[0] or any(one != int(one) for one in ends):
        raise WrongValueError("expected [first character, character after the last]", entry.place("span"))
    return SourcePlace(name, entry.text_or("passage", None), int(ends[0]), int(ends[1]))


def read_stages(entry: Reader, sources: Sources) -> tuple[Stage, ...]:
    """The stages that a promise reached, by day.

    Raises:
        HaidangError: a key is wrong, or a stage has neither a source nor a file behind it.
    """
    given = entry.each("stages") if entry.optional("stages") is not None else ()
    found: list[Stage] = []
    for one in given:
        one.forbid_unknown(STAGE_KEYS)
        place = None if one.optional("source") is None else read_place(one, sources)
        file = one.text_or("file", None)
        if place is None and file is None:
            raise RecordError("expected evidence of a stage, found neither a source nor a file", one.place())
        name = cast("StageName", one.one_of("stage", STAGES))
        found.append(Stage(name, day(one, "on"), place, file, one.text_or("by", None)))
    unique(((stage.name, one.place("stage")) for stage, one in zip(found, given, strict=True)), "stage")
    return tuple(sorted(found, key=lambda one: (one.on, STAGES.index(one.name))))


def read_milestones(entry: Reader, sources: Sources) -> tuple[Milestone, ...]:
    """The parts of a promise.

    Raises:
        HaidangError: a key is wrong, a weight is negative, or what is done has no day on which it was reported.
    """
    given = entry.each("milestones") if entry.optional("milestones") is not None else ()
    found: list[Milestone] = []
    for one in given:
        one.forbid_unknown(MILESTONE_KEYS)
        weight, done = one.number_or("weight", None), share_or_none(one, "done")
        if weight is not None and weight <= 0:
            raise WrongValueError(f"expected a weight above zero, found {weight:g}", one.place("weight"))
        reported = day_or_none(one, "reported")
        if (done is None) != (reported is None):
            raise RecordError("expected 'done' and the day it was 'reported' together", one.place())
        place = None if one.optional("source") is None else read_place(one, sources)
        due = day_or_none(one, "due")
        found.append(Milestone(one.text("id"), one.title(), weight, done, due, place, reported))
    unique(((part.id, one.place("id")) for part, one in zip(found, given, strict=True)), "milestone")
    return tuple(found)
