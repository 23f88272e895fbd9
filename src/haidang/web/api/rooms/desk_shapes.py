"""The shapes of what the tracking desk answers."""

from __future__ import annotations

from datetime import date, datetime

from ninja import Field, Schema

from haidang.web.api.shapes import Proposal, Text


class Reminder(Schema):
    """One thing that a body should hear of."""

    body: str = Field(description="Empty where no document names who answers for it.")
    commitment: str
    title: Text
    reason: str
    since: date | None
    milestone: str | None
    due: date | None


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


class DocumentSent(Schema):
    """A text that comes in, and where it is from."""

    title: str = Field(min_length=1, max_length=300)
    publisher: str = Field(min_length=1, max_length=200)
    day: date
    address: str = Field("", max_length=500)
    text: str = Field(min_length=1, max_length=500_000)


class Unconfirmed(Schema):
    """A claim that nobody has held against its document yet."""

    kind: str
    record: str
    claim: str
    entered_by: str


class Consulted(Proposal):
    """A proposal as the city's staff sees it."""

    contact: str
    answered: datetime | None


class Changed(Schema):
    """A change of a promise, from the records' own log."""

    number: int
    version: int
    at: datetime
    by: str
    action: str
    evidence: str = Field(description="SHA-256 of a file that shows it; empty where there is none.")
    previous: str = Field(description="SHA-256 of the change before in the chain.")
