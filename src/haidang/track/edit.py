"""Changes of a record as values: claims added and confirmed, promises advanced."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TypeAlias

from haidang.errors import HaidangError, did_you_mean
from haidang.facts import Source
from haidang.track.records import (
    STAGES,
    Claim,
    Commitment,
    Indicator,
    Milestone,
    Observation,
    Record,
    SourcePlace,
    Stage,
    Title,
    claims_of,
)

Change: TypeAlias = Callable[[Claim], Claim]


class EditError(HaidangError):
    """A change that a record cannot take."""


@dataclass(frozen=True, slots=True)
class More:
    """What is added to a record that is there already.

    Args:
        claims: new claims; of an indicator none, its values are claims.
        observations: new values of an indicator.
        stages: new stages of a commitment.
        milestones: new milestones of a commitment.
    """

    claims: tuple[Claim, ...] = ()
    observations: tuple[Observation, ...] = ()
    stages: tuple[Stage, ...] = ()
    milestones: tuple[Milestone, ...] = ()


@dataclass(frozen=True, slots=True)
class Drafts:
    """What a file adds.

    Args:
        sources: documents that are new.
        records: records that are new.
        more: by kind and id, what is added to records that are there.
        known: ids of drafts that were added before.
        rejected: ids of drafts that a person turned down.
        undecided: ids of drafts on which nobody has decided.
        elsewhere: ids of drafts whose words are a claim of another record as well, with that record's id.
    """

    sources: tuple[Source, ...]
    records: tuple[Record, ...]
    more: Mapping[tuple[str, str], More]
    known: tuple[str, ...] = ()
    rejected: tuple[str, ...] = ()
    undecided: tuple[str, ...] = ()
    elsewhere: tuple[tuple[str, str], ...] = ()


def extend(record: Record, more: More) -> Record:
    """A record with more claims, values, stages or milestones: two documents about one promise are two claims of it.

    Raises:
        EditError: an id is there already, or the record is of a kind that cannot hold what is added.
    """
    _refuse_known(record, [claim.id for claim in more.claims] + [one.claim.id for one in more.observations])
    if isinstance(record, Indicator):
        if more.claims or more.stages or more.milestones:
            raise EditError(f"expected values for the indicator '{record.id}', found something else")
        for one in more.observations:
            if one.claim.quantity is not None and one.claim.quantity.unit != record.unit:
                found = one.claim.quantity.unit
                raise EditError(f"expected values of '{record.id}' in {record.unit}, found '{one.claim.id}' in {found}")
        return replace(record, observations=(*record.observations, *more.observations))
    if more.observations:
        raise EditError(f"expected claims for '{record.id}', found values of an indicator")
    grown = replace(record, claims=(*record.claims, *more.claims))
    if isinstance(grown, Commitment):
        for stage in more.stages:
            grown = advance(grown, stage)
        known = {one.id for one in grown.milestones}
        for part in more.milestones:
            if part.id in known:
                raise EditError(f"expected a milestone of '{record.id}' that is new, found '{part.id}' again")
        return replace(grown, milestones=(*grown.milestones, *more.milestones))
    if more.stages or more.milestones:
        raise EditError(f"expected claims for '{record.id}', found stages or milestones, which commitments have")
    return grown


def _refuse_known(record: Record, ids: Sequence[str]) -> None:
    known = {claim.id for claim in claims_of(record)}
    for name in ids:
        if name in known:
            raise EditError(f"expected a claim of '{record.id}' that is new, found '{name}' again")


def confirm(record: Record, ids: Sequence[str], by: str, on: date) -> Record:
    """A record some of whose claims somebody has held against their documents; all of them where no id is given.

    Raises:
        EditError: a claim is not there, or who confirms it entered it, so that nobody else has looked.
    """
    known = [claim.id for claim in claims_of(record)]
    for name in ids:
        if name not in known:
            raise EditError(f"expected a claim of '{record.id}', found '{name}'", None, did_you_mean(name, known))
    wanted = set(ids or known)
    return _with_claims(record, lambda claim: _confirmed(claim, by, on) if claim.id in wanted else claim)


def _confirmed(claim: Claim, by: str, on: date) -> Claim:
    if claim.entered_by == by:
        raise EditError(f"expected somebody else than {by} to confirm '{claim.id}', which {by} entered")
    return replace(claim, confirmed_by=by, confirmed_on=on)


def entered(record: Record, by: str, on: date) -> Record:
    """A record whose claims say who entered them, where they do not say so already."""
    return _with_claims(record, lambda claim: _signed(claim, by, on))


def sign_more(more: More, by: str, on: date) -> More:
    """What is added, its claims saying who entered them."""
    claims = tuple(_signed(claim, by, on) for claim in more.claims)
    observations = tuple(replace(one, claim=_signed(one.claim, by, on)) for one in more.observations)
    return replace(more, claims=claims, observations=observations)


def _signed(claim: Claim, by: str, on: date) -> Claim:
    return claim if claim.entered_by is not None else replace(claim, entered_by=by, entered_on=on)


def _with_claims(record: Record, change: Change) -> Record:
    if isinstance(record, Indicator):
        observations = tuple(replace(one, claim=change(one.claim)) for one in record.observations)
        return replace(record, observations=observations)
    return replace(record, claims=tuple(change(claim) for claim in record.claims))


def advance(commitment: Commitment, stage: Stage) -> Commitment:
    """A promise that reached another stage.

    Raises:
        EditError: there is no evidence, it has been there, or it would go back.
    """
    if stage.evidence is None and stage.file is None:
        raise EditError(
            f"expected evidence that '{commitment.id}' is {stage.name}, found none", None, "name a --source or a file"
        )
    last = commitment.stages[-1] if commitment.stages else None
    if any(one.name == stage.name for one in commitment.stages):
        raise EditError(f"expected a new stage of '{commitment.id}', found that it is {stage.name} already")
    if last is not None and last.name in ("lapsed", "withdrawn"):
        raise EditError(f"expected a promise that stands, found that '{commitment.id}' has {last.name}")
    if last is not None and STAGES.index(stage.name) < STAGES.index(last.name):
        raise EditError(f"expected a stage after {last.name} of '{commitment.id}', found {stage.name}")
    if last is not None and stage.on < last.on:
        raise EditError(f"expected a day from {last.on} on for {stage.name} of '{commitment.id}', found {stage.on}")
    return replace(commitment, stages=(*commitment.stages, stage))


def report(commitment: Commitment, milestone: str, done: float, on: date, place: SourcePlace | None) -> Commitment:
    """A promise of which so much of one milestone is reported done.

    Raises:
        EditError: there is no such milestone, or the share is none.
    """
    known = [one.id for one in commitment.milestones]
    if milestone not in known:
        raise EditError(
            f"expected a milestone of '{commitment.id}', found '{milestone}'", None, did_you_mean(milestone, known)
        )
    if not 0.0 <= done <= 1.0:
        raise EditError(f"expected a share from 0 to 1 of '{milestone}', found {done:g}")
    parts = tuple(
        replace(one, done=done, reported=on, evidence=place or one.evidence) if one.id == milestone else one
        for one in commitment.milestones
    )
    return replace(commitment, milestones=parts)


@dataclass(frozen=True, slots=True)
class Answer:
    """Who answers for a promise, by when, and what comes next; what is none here stays as it is.

    Args:
        responsible: the body that answers for it.
        nobody: no document names one.
        due: the day by which it should be delivered.
        next_step: what comes next, in both languages.
        next_on: when.
        milestone: a part of it that is new, or stands in place of the one of its id with what is reported of that.
    """

    responsible: str | None = None
    nobody: bool = False
    due: date | None = None
    next_step: Title | None = None
    next_on: date | None = None
    milestone: Milestone | None = None


def answer(commitment: Commitment, told: Answer) -> Commitment:
    """A promise with who answers for it, by when, and what comes next.

    Raises:
        EditError: a body is named and said to be named nowhere, a day is given of no step, or nothing changes.
    """
    if told.responsible is not None and told.nobody:
        raise EditError(f"expected a body that answers for '{commitment.id}' or that none is named, found both")
    step = told.next_step or commitment.next_step
    if told.next_on is not None and step is None:
        raise EditError(f"expected a next step of '{commitment.id}' with its day, found none")
    grown = replace(
        commitment,
        responsible=None if told.nobody else told.responsible or commitment.responsible,
        due=told.due or commitment.due,
        next_step=step,
        # The day of a step that is over is not that of the next.
        next_on=told.next_on if told.next_step is not None else told.next_on or commitment.next_on,
        milestones=_with_milestone(commitment.milestones, told.milestone),
    )
    if grown == commitment:
        raise EditError(f"expected something that changes '{commitment.id}', found nothing")
    return grown


def _with_milestone(parts: tuple[Milestone, ...], told: Milestone | None) -> tuple[Milestone, ...]:
    if told is None:
        return parts
    if all(one.id != told.id for one in parts):
        return (*parts, told)
    return tuple(
        replace(told, done=one.done, reported=one.reported, evidence=one.evidence) if one.id == told.id else one
        for one in parts
    )
