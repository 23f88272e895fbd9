"""From one entry of a file to one record, a function for each kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, cast, get_args

from haidang.facts import Reader, WrongValueError
from haidang.track.pack_files.claims import (
    Sources,
    read_claims,
    read_milestones,
    read_observations,
    read_stages,
)
from haidang.track.pack_files.fields import RecordError, day, day_or_none, period, scope_or_none
from haidang.track.records import (
    COMMITMENT_KINDS,
    STAGES,
    TARGET_KINDS,
    Claim,
    Commitment,
    CommitmentKind,
    Direction,
    Event,
    Indicator,
    MovedBy,
    Observation,
    Proposal,
    ProposalStatus,
    Record,
    StageName,
    StandIn,
    Start,
    Target,
    TargetKind,
)


@dataclass(frozen=True, slots=True)
class Said:
    """What documents say of one record: claims, or of an indicator its published values."""

    claims: tuple[Claim, ...] = ()
    observations: tuple[Observation, ...] = ()


NONE_NAMED = "none named"
"""What stands for the responsible body where no document names one: said, and never by leaving it out."""
COMMITMENT_KEYS = (
    "title", "kind", "parties", "responsible", "claims", "stages", "milestones", "due", "programmes", "indicators",
    "proposals", "next_step", "next_on", "event",
)  # fmt: skip
INDICATOR_KEYS = (
    "title", "unit", "definition", "direction", "observations", "geography", "method", "main", "frequency",
    "next_update", "publisher", "licence", "moved_by", "scores", "rivals", "stand_in", "starts",
    "documents", "most",
)  # fmt: skip
TARGET_KEYS = (
    "title", "kind", "by", "claims", "indicator", "lower", "upper", "unit", "since", "stage", "commitments",
)  # fmt: skip


def _commitment(entry: Reader, name: str, sources: Sources, said: Said) -> Commitment:
    entry.forbid_unknown(COMMITMENT_KEYS)
    return Commitment(
        id=name,
        title=entry.title(),
        kind=cast("CommitmentKind", entry.one_of("kind", COMMITMENT_KINDS)),
        parties=entry.texts("parties"),
        responsible=_responsible(entry),
        claims=said.claims,
        stages=read_stages(entry, sources),
        milestones=read_milestones(entry, sources),
        due=day_or_none(entry, "due"),
        programmes=entry.texts_or("programmes", ()),
        indicators=entry.texts_or("indicators", ()),
        proposals=entry.texts_or("proposals", ()),
        next_step=entry.title_or(None, "next_step"),
        next_on=day_or_none(entry, "next_on"),
        event=entry.text_or("event", None),
    )


def _responsible(entry: Reader) -> str | None:
    """The body that answers for a promise; none only where somebody wrote that no document names one.

    Raises:
        RecordError: the key is not there, so that it may have been forgotten.
    """
    if entry.optional("responsible") is None:
        hint = f"write '{NONE_NAMED}' where no document names it; it is listed as such"
        raise RecordError("expected 'responsible', the body that answers for it, found none", entry.place(), hint)
    found = entry.text("responsible")
    return None if found == NONE_NAMED else found


def _indicator(entry: Reader, name: str, sources: Sources, said: Said) -> Indicator:
    entry.forbid_unknown(INDICATOR_KEYS)
    frequency = entry.integer_or("frequency", None)
    if frequency is not None and frequency < 1:
        raise WrongValueError(f"expected months between two values, found {frequency}", entry.place("frequency"))
    observations, unit = said.observations, entry.text("unit")
    for one in observations:
        if one.claim.quantity is not None and one.claim.quantity.unit != unit:
            raise RecordError(
                f"expected values in {unit}, found '{one.claim.id}' in {one.claim.quantity.unit}",
                entry.place("observations"),
            )
    methods = sorted({one.method for one in observations if one.method is not None})
    if len({one.method for one in observations}) > 1 and entry.optional("main") is None:
        raise RecordError(
            f"expected 'main' of values by {', '.join(methods)}, found none: methods are not joined", entry.place()
        )
    return Indicator(
        id=name,
        title=entry.title(),
        unit=unit,
        definition=entry.title("definition"),
        direction=cast("Direction | None", entry.one_of_or("direction", get_args(Direction), None)),
        observations=observations,
        geography=scope_or_none(entry, "geography"),
        method=entry.title_or(None, "method"),
        main=entry.one_of_or("main", methods, None),
        frequency=frequency,
        next_update=day_or_none(entry, "next_update"),
        publisher=entry.text_or("publisher", None),
        licence=entry.text_or("licence", None),
        moved_by=_moved_by(entry),
        scores=entry.text_or("scores", None),
        rivals=entry.texts_or("rivals", ()),
        stand_in=_stand_in(entry, name),
        starts=_starts(entry, observations),
        documents=entry.texts_or("documents", ()),
        most=_most(entry, observations),
    )


def _most(entry: Reader, observations: tuple[Observation, ...]) -> float | None:
    """The greatest value that an indicator can take; none where none is stated.

    Raises:
        RecordError: a published value is above it.
    """
    most = entry.number_or("most", None)
    for one in observations:
        said = one.claim.quantity
        if most is not None and said is not None and said.middle > most:
            raise RecordError(f"expected no value above {most:g}, found '{one.claim.id}'", entry.place("most"))
    return most


def _starts(entry: Reader, observations: tuple[Observation, ...]) -> Start | None:
    """The day from which an indicator is counted; none where it has none.

    Raises:
        RecordError: a value of a day before it, or something only moves it and the day is missing.
    """
    one = entry.child_or("starts", None)
    if one is None:
        if any(link.only for link in _moved_by(entry)):
            raise RecordError("expected 'starts' of what only a programme moves, found none", entry.place())
        return None
    one.forbid_unknown(("on", "why"))
    found = Start(day(one, "on"), one.title("why"))
    for each in observations:
        period_ = each.claim.period
        if period_ is not None and period_.end is not None and period_.end <= found.on:
            raise RecordError(
                f"expected values behind {found.on}, on which it starts at zero, found '{each.claim.id}'", one.place()
            )
    return found


def _stand_in(entry: Reader, name: str) -> StandIn | None:
    one = entry.child_or("stand_in", None)
    if one is None:
        return None
    one.forbid_unknown(("indicator", "why"))
    if one.text("indicator") == name:
        raise RecordError("expected another indicator to stand in, found the same", one.place("indicator"))
    return StandIn(one.text("indicator"), one.title("why"))


def _moved_by(entry: Reader) -> tuple[MovedBy, ...]:
    if entry.optional("moved_by") is None:
        return ()
    found: list[MovedBy] = []
    for one in entry.each("moved_by"):
        one.forbid_unknown(("programme", "outcome", "factor", "adds", "only"))
        adds = cast("Literal['yearly', 'in_all']", one.one_of_or("adds", ("yearly", "in_all"), "yearly"))
        only, factor = one.flag_or("only", False), one.number_or("factor", 1.0)
        found.append(MovedBy(one.text("programme"), one.text("outcome"), factor, adds, only))
    if len(found) > 1 and any(one.only for one in found):
        raise RecordError("expected one programme where only it moves the indicator, found more", entry.place())
    return tuple(found)


def _target(entry: Reader, name: str, sources: Sources, said: Said) -> Target:
    entry.forbid_unknown(TARGET_KEYS)
    found = Target(
        id=name,
        title=entry.title(),
        kind=cast("TargetKind", entry.one_of("kind", TARGET_KINDS)),
        by=day(entry, "by"),
        claims=said.claims,
        indicator=entry.text_or("indicator", None),
        lower=entry.number_or("lower", None),
        upper=entry.number_or("upper", None),
        unit=entry.text_or("unit", None),
        since=day_or_none(entry, "since"),
        stage=cast("StageName | None", entry.one_of_or("stage", STAGES, None)),
        commitments=entry.texts_or("commitments", ()),
    )
    _check_bounds(found, entry)
    return found


def _check_bounds(target: Target, entry: Reader) -> None:
    """A target of each kind bounds what that kind bounds."""
    needs: Mapping[TargetKind, tuple[str, ...]] = {
        "band": ("lower", "upper"), "rank": ("upper",), "count": ("lower",), "amount": ("lower",),
        "growth": ("lower", "since"), "status": ("stage",),
    }  # fmt: skip
    for key in needs.get(target.kind, ()):
        if getattr(target, key) is None:
            raise RecordError(f"expected '{key}' of a target of the kind '{target.kind}', found none", entry.place())
    if target.kind != "status" and (target.unit is None or (target.lower is None and target.upper is None)):
        raise RecordError("expected a bound and its unit, found none", entry.place())
    if target.lower is not None and target.upper is not None and target.upper < target.lower:
        raise RecordError(f"expected upper from {target.lower:g}, found {target.upper:g}", entry.place("upper"))


def _event(entry: Reader, name: str, sources: Sources, said: Said) -> Event:
    entry.forbid_unknown(("title", "period", "hosts", "claims"))
    return Event(name, entry.title(), period(entry, "period"), entry.texts_or("hosts", ()), said.claims)


def _proposal(entry: Reader, name: str, sources: Sources, said: Said) -> Proposal:
    entry.forbid_unknown(("title", "by", "status", "claims", "became", "programmes"))
    status = cast("ProposalStatus", entry.one_of("status", get_args(ProposalStatus)))
    became, programmes = entry.texts_or("became", ()), entry.texts_or("programmes", ())
    return Proposal(name, entry.title(), entry.text_or("by", None), status, said.claims, became, programmes)


_MAKERS: Mapping[str, Callable[[Reader, str, Sources, Said], Record]] = {
    "event": _event,
    "indicator": _indicator,
    "target": _target,
    "commitment": _commitment,
    "proposal": _proposal,
}
FOLDERS: Mapping[str, str] = {kind: f"{kind}s" for kind in _MAKERS}
"""For each kind of record the folder of its files."""


def read_record(kind: str, entry: Reader, name: str, sources: Sources) -> Record:
    """One entry of a pack's file as a record.

    Raises:
        HaidangError: a key is wrong, or a source is not known.
    """
    observed = kind == "indicator"
    said = Said((), read_observations(entry, sources)) if observed else Said(read_claims(entry, sources))
    return _MAKERS[kind](entry, name, sources, said)


def make_record(kind: str, entry: Reader, name: str, sources: Sources, said: Said) -> Record:
    """A record from keys and from what documents say of it, which was read elsewhere.

    Raises:
        HaidangError: a key is wrong.
    """
    return _MAKERS[kind](entry, name, sources, said)
