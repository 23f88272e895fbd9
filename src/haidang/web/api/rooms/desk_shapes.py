"""The shapes of what the tracking desk answers."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from haidang.web.api.shapes import Claim, Proposal, Text


class Reminder(Schema):
    """One thing that a body should hear of."""

    body: str = Field(description="Empty where no document names who answers for it.")
    commitment: str
    title: Text
    reason: str
    since: date | None
    milestone: str | None
    due: date | None
    last_heard: date = Field(description="When a document, a stage or a report last spoke of the promise.")


class BeingRead(Schema):
    """The work on a document that waits to be read, or is read now."""

    job: int
    state: str = Field(description="waiting or running.")
    asked: datetime


class Document(Schema):
    """A document that came in."""

    number: int
    id: str = Field(description="By which records name it.")
    title: str
    publisher: str
    day: date
    address: str
    sha256: str
    state: str
    mistake: str
    open: int
    taken: int
    rejected: int
    added: datetime
    added_by: str | None
    reading: BeingRead | None = Field(description="Null where nothing is under way.")


class Draft(Schema):
    """Words of a document, and what they seem to say."""

    number: int
    kind: str
    state: str
    words: str
    sentence: str
    start: int
    end: int
    subject: str
    actors: list[str]
    minimum: float | None
    maximum: float | None
    unit: str
    qualifier: str
    since: date | None
    until: date | None
    scope: str
    record: str = Field(description="Kind and id of the record that it became part of; empty before.")
    in_records: list[str] = Field(description="Records that may say the same.")
    same: list[int] = Field(description="Drafts of other documents that may say the same.")
    decided_by: str | None = Field(description="Who took it or set it aside; null where it is open.")
    decided: datetime | None


class Taken(Schema):
    """A draft as a person leaves it: what is said, and the record that it is said of, or a new one."""

    record: str = Field("", max_length=121, description="Kind and id of a record that is there; empty for a new one.")
    about: str = Field(max_length=40)
    minimum: float | None = None
    maximum: float | None = None
    unit: str = Field("", max_length=100)
    qualifier: str = Field(max_length=40)
    since: date | None = None
    until: date | None = None
    scope: str = Field("", max_length=40)
    said_by: str = Field("", max_length=200)
    status: str = Field("", max_length=40, description="Of an indicator's value.")
    method: str = Field("", max_length=100)
    kind: str = Field("", max_length=40, description="Of a new record, as the rest: commitment, indicator or target.")
    title_vi: str = Field("", max_length=300)
    title_en: str = Field("", max_length=300)
    promise_kind: str = Field("", max_length=40)
    parties: str = Field("", max_length=500, description="Apart by semicolons.")
    responsible: str = Field("", max_length=200)
    none_named: bool = Field(False, description="Whether no body is named as responsible.")
    due: date | None = None
    stage: str = Field("", max_length=40)
    definition_vi: str = Field("", max_length=500)
    definition_en: str = Field("", max_length=500)
    target_kind: str = Field("", max_length=40)
    indicator: str = Field("", max_length=100)


class Rejected(Schema):
    """Whether a draft is set aside."""

    rejected: bool = True


class DocumentWhole(Document):
    """A document with its text and the drafts read from it."""

    text: str
    language: str
    notes: list[str]
    drafts: list[Draft]


class FileSent(Schema):
    """Where a file is from that comes in."""

    title: str = Field(min_length=1, max_length=300)
    publisher: str = Field(min_length=1, max_length=200)
    day: date
    address: str = Field("", max_length=500)


class DocumentSent(FileSent):
    """A text that comes in, and where it is from."""

    text: str = Field(min_length=1, max_length=500_000)


class Unconfirmed(Schema):
    """A claim that nobody has held against its document yet."""

    kind: str
    record: str
    title: Text = Field(description="Of the record.")
    claim: str
    entered_by: str
    told: Claim = Field(description="What is to be held against the document.")


class Consulted(Proposal):
    """A proposal as the city's staff sees it."""

    contact: str
    answered: datetime | None


class AnsweredBefore(Schema):
    """What was once said of a proposal, from the log that only grows."""

    at: datetime
    who: str
    state: str
    answer: str
    became_commitment: str
    became_programme: str
    version: int


class Proposed(Schema):
    """What somebody proposes."""

    title: str = Field(min_length=1, max_length=200)
    text: str = Field(min_length=1, max_length=5000)
    body: str = Field("", max_length=200, description="In whose name; confirmed where the owner is a member of it.")
    contact: str = Field("", max_length=200, description="For those who answer, and for nobody else.")


class Received(Schema):
    """A proposal that was taken in, and the number by which it is found again."""

    receipt: str = Field(description="Told this once.")
    proposal: Proposal


class ReceiptSent(Schema):
    """The number of a proposal."""

    receipt: str = Field(min_length=1, max_length=40)


class ProposalStanding(Schema):
    """Where a proposal stands, for whoever has its number."""

    title: str
    made: datetime
    state: str = Field(description="draft, shown, answered or hidden.")
    number: int | None = Field(description="By which everybody reads it; null where it is not shown.")


class Changed(Schema):
    """A change of a promise, from the records' own log."""

    number: int
    version: int
    at: datetime
    by: str
    action: str
    evidence: str = Field(description="SHA-256 of a file that shows it; empty where there is none.")
    previous: str = Field(description="SHA-256 of the change before in the chain.")


class Confirm(Schema):
    """Claims of a record that somebody held against their documents."""

    claims: list[str] = Field(min_length=1, max_length=500)


class Confirmed(Schema):
    """A record of which claims were confirmed."""

    kind: str
    record: str
    confirmed: list[str]
    unconfirmed: list[str] = Field(description="Claims of it that nobody has confirmed yet.")


class Carried(Schema):
    """A change of a promise."""

    version: int | None = Field(
        None, ge=0, le=2**31 - 1, description="Of the promise as it was read, by its history; another one is refused."
    )


class Proven(Carried):
    """A change of a promise with what shows it: a document that is known here, a file, or both."""

    source: str = Field("", max_length=100, description="Id of a document that is known here.")
    passage: str = Field("", max_length=500)


class StageReached(Proven):
    """The stage that a promise reached."""

    stage: str = Field(max_length=40)
    day: date
    sure: bool = Field(False, description="Whether a stage after which a promise goes no further is meant.")


class MilestoneDone(Proven):
    """How much of a milestone is done."""

    milestone: str = Field(max_length=100, description="Id of the milestone.")
    percent: float = Field(ge=0, le=100)
    day: date


class MilestoneSent(Carried):
    """A part of a promise."""

    title_vi: str = Field(min_length=1, max_length=300)
    title_en: str = Field(min_length=1, max_length=300)
    due: date | None = None
    weight: float | None = Field(None, ge=1e-6, le=1e6)


class StepSent(Carried):
    """Who answers for a promise, and what comes next; what is not said is nothing from now on."""

    responsible: str = Field("", max_length=200)
    none_named: bool = Field(False, description="Whether no body is named as responsible.")
    next_vi: str = Field("", max_length=300)
    next_en: str = Field("", max_length=300)
    next_on: date | None = None


class Moderated(Schema):
    """What the city makes of a proposal."""

    state: str = Field(max_length=20, description="draft, shown, answered or hidden.")
    answer: str = Field("", max_length=5000)
    became_commitment: str = Field("", max_length=100)
    became_programme: str = Field("", max_length=100)
    version: int | None = Field(
        None,
        ge=0,
        le=2**31 - 1,
        description="Of the proposal as it was read; where it is another by now, it is refused.",
    )
