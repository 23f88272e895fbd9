"""What is tracked: commitments, indicators, targets, events and proposals, each standing on the claims made about it.

A record carries what somebody said, never what is true: two documents about one promise are two of its claims. What no
source states is `None`, and listed, not guessed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal, TypeAlias, get_args

Qualifier: TypeAlias = Literal["exactly", "about", "nearly", "more_than", "at_least", "at_most"]
Scope: TypeAlias = Literal["national", "city_old", "city_new"]
"""The whole country, the city before 1 July 2025, and the city since, with the two provinces that joined it."""
Direction: TypeAlias = Literal["higher", "lower"]
"""Which way is better: a rank is better lower."""
StageName: TypeAlias = Literal[
    "announced", "signed", "planned", "funded", "running", "delivered", "evaluated", "lapsed", "withdrawn"
]
CommitmentKind: TypeAlias = Literal["mou", "pledge", "statement", "proposal", "credit", "meeting"]
TargetKind: TypeAlias = Literal["band", "level", "rank", "count", "status", "amount", "growth"]
ObservationStatus: TypeAlias = Literal["actual", "estimate", "forecast"]
ProposalStatus: TypeAlias = Literal["open", "planned", "taken_up", "declined"]
Title: TypeAlias = Mapping[str, str]
"""A text in Vietnamese (`vi`) and English (`en`)."""

QUALIFIERS: tuple[Qualifier, ...] = get_args(Qualifier)
SCOPES: tuple[Scope, ...] = get_args(Scope)
STAGES: tuple[StageName, ...] = get_args(StageName)
"""In the order in which a promise goes through them; the last two end it without delivery."""
ENDED: frozenset[StageName] = frozenset(("delivered", "evaluated", "lapsed", "withdrawn"))
"""Stages after which nothing more is due."""
COMMITMENT_KINDS: tuple[CommitmentKind, ...] = get_args(CommitmentKind)
TARGET_KINDS: tuple[TargetKind, ...] = get_args(TargetKind)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as somebody said it.

    Args:
        minimum: the least; none where only a most was said.
        maximum: the most; none where only a least was said. Equal to `minimum` for one number.
        unit: the unit of measure as it is written: `VND`, `%`, `rank`, `centres`.
        qualifier: how firmly it was said.
    """

    minimum: float | None
    maximum: float | None
    unit: str
    qualifier: Qualifier = "exactly"

    @property
    def middle(self) -> float:
        """The one number that stands for it: the middle of a range, or the bound that was said."""
        known = [one for one in (self.minimum, self.maximum) if one is not None]
        return sum(known) / len(known)


@dataclass(frozen=True, slots=True)
class Period:
    """The days that a number speaks of, both included; a side that nobody said is none."""

    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True)
class SourcePlace:
    """Where in which document.

    Args:
        source: id of a source of the pack.
        passage: where in it: a page, a table, a row, or the words themselves.
        start: first character of the passage in the text as read; none where it was not counted.
        end: the character after its last.
    """

    source: str
    passage: str | None = None
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody said about a record, in a document, on a date.

    Args:
        id: unique within its record.
        place: where it was said.
        said: when; the last day of a month or year where the document is no more precise.
        about: what of the record it speaks of: `promise`, `value`, `amount`, `count`, `due`, `stage`,
            `kind`, `target`, `attendance`, `terms`, `responsible`.
        by: who said it; none where the document does not tell.
        quantity: how much; none where no number was said.
        period: the days that it speaks of.
        scope: the territory; none where the document does not tell.
        confidence: `seen` where the document was read; `reported` where another document tells of it.
        entered_by: who wrote it down here.
        entered_on: when.
        confirmed_by: who held it against the document; none where nobody has.
        confirmed_on: when.
        note: what a reader must know, in both languages.
        says: the kind of promise, or the responsible body, that the document names in a claim about that.
    """

    id: str
    place: SourcePlace
    said: date
    about: str = "promise"
    by: str | None = None
    quantity: Quantity | None = None
    period: Period | None = None
    scope: Scope | None = None
    confidence: Literal["seen", "reported"] = "seen"
    entered_by: str | None = None
    entered_on: date | None = None
    confirmed_by: str | None = None
    confirmed_on: date | None = None
    note: Title | None = None
    says: str | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A promise reached a stage.

    Args:
        name: the stage.
        on: the day, as the evidence tells it.
        evidence: the document that shows it; none only where a file or a person does.
        file: SHA-256 of a file that shows it.
        by: who entered it.
    """

    name: StageName
    on: date
    evidence: SourcePlace | None = None
    file: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Milestone:
    """A part of a promise that can be done or not.

    Args:
        id: unique within its commitment.
        title: in both languages.
        weight: its share of the whole before normalisation; none counts as one.
        done: the share that is done, 0 to 1; none where nobody reported it, which is not zero.
        due: the day by which it should be done; none where no source tells.
        evidence: the document that shows what is done.
        reported: when `done` was reported.
    """

    id: str
    title: Title
    weight: float | None = None
    done: float | None = None
    due: date | None = None
    evidence: SourcePlace | None = None
    reported: date | None = None


@dataclass(frozen=True, slots=True)
class Commitment:
    """What an actor promised.

    Args:
        id: its name.
        title: in both languages.
        kind: what sort of promise.
        parties: who promised, and to whom.
        responsible: the body that answers for it; none where no source names one, which is listed as such.
        claims: what documents say of it; an amount is a claim about `amount`, an end about `due`.
        stages: in the order of their days.
        milestones: its parts.
        due: the day by which it should be delivered; none where no source tells.
        programmes: ids of programmes of the pack that carry it out.
        indicators: ids of indicators that it should move.
        proposals: ids of earlier proposals that it answers.
        next_step: what comes next.
        next_on: when.
        event: id of the event where it was made.
    """

    id: str
    title: Title
    kind: CommitmentKind
    parties: tuple[str, ...]
    responsible: str | None
    claims: tuple[Claim, ...]
    stages: tuple[Stage, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    due: date | None = None
    programmes: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    proposals: tuple[str, ...] = ()
    next_step: Title | None = None
    next_on: date | None = None
    event: str | None = None


@dataclass(frozen=True, slots=True)
class Observation:
    """One published value of an indicator: a claim with the method it was computed by.

    A revision is a later claim (vintage `claim.said`) about the same period by the same method; both are kept.

    Args:
        claim: the claim; its quantity and its period are there.
        status: whether it was counted, estimated before the period ended, or forecast.
        method: id of the method or edition where sources use several, which are never joined in one series.
    """

    claim: Claim
    status: ObservationStatus = "actual"
    method: str | None = None


@dataclass(frozen=True, slots=True)
class MovedBy:
    """A programme of the pack that moves an indicator.

    Args:
        programme: its id.
        outcome: id of the outcome that is added to the indicator.
        factor: the indicator's units per unit of the outcome.
        adds: the outcome of each year by itself (`yearly`), or of all years so far together (`in_all`).
        only: nothing else moves it, so that without the programme it stays where it begins.
    """

    programme: str
    outcome: str
    factor: float = 1.0
    adds: Literal["yearly", "in_all"] = "yearly"
    only: bool = False


@dataclass(frozen=True, slots=True)
class Start:
    """The day on which an indicator begins to be counted: it stands at zero then, by its definition.

    No document says so, which is why it is no observation, and is never shown as a published value.

    Args:
        on: the day.
        why: how that follows from the definition, in both languages; told beside every number that comes of it.
    """

    on: date
    why: Title


@dataclass(frozen=True, slots=True)
class StandIn:
    """Another indicator by which targets are told while an indicator has too few values of its own.

    A territory whose borders have just changed has one value; the territory that it was has years of them.

    Args:
        indicator: id of the other one, in the same unit.
        why: the reason for which it may stand in, in both languages; told beside every number that comes of it.
    """

    indicator: str
    why: Title


@dataclass(frozen=True, slots=True)
class Indicator:
    """A series of published values.

    Args:
        id: its name.
        title: in both languages.
        unit: of its values.
        definition: what is counted, in both languages.
        direction: which way is better; none where neither is.
        observations: every published value, revisions and rival methods side by side.
        geography: the territory of most values; a value with another says so in its claim.
        method: how it is computed, in both languages.
        main: the method that a forecast uses, where there are several.
        frequency: how many months lie between two values.
        next_update: the day by which the next is expected; none where the publisher names none.
        publisher: who computes it.
        licence: under which it may be used; as all of these, none where none is stated.
        moved_by: programmes of the pack that move it.
        scores: of a rank, id of the indicator with the city's score in the same index; none where none is published.
        rivals: of a rank, ids of the indicators with rivals' scores in it.
        stand_in: what targets are told by while there are too few values; none where nothing may stand in.
        starts: of what adds up from a day on, that day; none elsewhere.
        documents: ids of the sources of method and rhythm. most: the greatest value that there can be, if any.
    """

    id: str
    title: Title
    unit: str
    definition: Title
    direction: Direction | None
    observations: tuple[Observation, ...]
    geography: Scope | None = None
    method: Title | None = None
    main: str | None = None
    frequency: int | None = None
    next_update: date | None = None
    publisher: str | None = None
    licence: str | None = None
    moved_by: tuple[MovedBy, ...] = ()
    scores: str | None = None
    rivals: tuple[str, ...] = ()
    stand_in: StandIn | None = None
    starts: Start | None = None
    documents: tuple[str, ...] = ()
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """A bound on an indicator, or a state of affairs, by a date.

    Args:
        id: its name.
        title: in both languages.
        kind: `band` (both bounds), `level`, `rank` (at most `upper`), `count` (at least `lower`), `status` (the
            commitments named reach `stage`), `amount` (at least `lower` paid out), `growth` (% a year, over `since` to
            `by`).
        by: the last day on which it counts.
        claims: what documents say of it; rival versions side by side.
        indicator: id of the indicator that it bounds; none for a status, or where nobody publishes one.
        lower: in `unit`; none for no lower bound.
        upper: in `unit`; none for no upper bound.
        unit: of the bounds.
        since: for growth, the first day.
        stage: for a status, the stage to be reached.
        commitments: ids of the commitments that would bring it about: the pipeline of a count, those of a status.
    """

    id: str
    title: Title
    kind: TargetKind
    by: date
    claims: tuple[Claim, ...]
    indicator: str | None = None
    lower: float | None = None
    upper: float | None = None
    unit: str | None = None
    since: date | None = None
    stage: StageName | None = None
    commitments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: a forum, a meeting, a signing."""

    id: str
    title: Title
    period: Period
    hosts: tuple[str, ...]
    claims: tuple[Claim, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What somebody proposed, the promises that it became, and the programmes of the pack that try it out."""

    id: str
    title: Title
    by: str | None
    status: ProposalStatus
    claims: tuple[Claim, ...]
    became: tuple[str, ...] = ()
    programmes: tuple[str, ...] = ()


Record: TypeAlias = Commitment | Indicator | Target | Event | Proposal
KINDS: Mapping[str, type[Record]] = {
    "commitment": Commitment,
    "indicator": Indicator,
    "target": Target,
    "event": Event,
    "proposal": Proposal,
}


def claims_of(record: Record) -> tuple[Claim, ...]:
    """Every claim of a record; those of an indicator are in its observations."""
    if isinstance(record, Indicator):
        return tuple(one.claim for one in record.observations)
    return record.claims


def kind_of(record: Record) -> str:
    """The record's kind in one word: `commitment`, `indicator`, `target`, `event` or `proposal`."""
    return type(record).__name__.lower()
