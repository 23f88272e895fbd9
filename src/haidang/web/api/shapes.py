"""The shapes of what the interface answers. A text that people read is in both languages."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from ninja import Field, Schema


class Text(Schema):
    """A text in both languages."""

    vi: str
    en: str


class Cited(Schema):
    """A document that states a fact."""

    id: str
    text: str
    address: str | None


class FactNumber(Schema):
    """A fact's number as it is stated, or one of its years; what there is none of is null."""

    year: int | str | None
    value: float | str | None
    low: float | None
    high: float | None
    standard_error: float | None
    unit: Text
    qualifier: Text = Field(description="Certain, the likeliest of a range, an estimate, or the value of one year.")


class Fact(Schema):
    """A fact as a reader sees it: it has sources, or a reason for assuming it."""

    id: str
    title: Text
    value: Text
    range: Text
    numbers: list[FactNumber]
    sources: list[Cited]
    passage: Text
    assumption: Text
    note: Text


class Programme(Schema):
    """A programme of the city, and its newest published run."""

    id: str
    title: Text
    run: int | None = Field(description="Number of the newest published run; null where there is none.")


class Run(Schema):
    """A finished run."""

    number: int
    programme: str
    digest: str = Field(description="SHA-256 of everything that went into it.")
    draws: int
    made: datetime
    published: datetime | None
    there: bool = Field(description="Whether its files are where they were put.")


class RunNumbers(Run):
    """A run with its headline numbers: median and 90 % interval of each, by scenario."""

    headlines: dict[str, Any]


class Job(Schema):
    """A piece of work in the background."""

    number: int
    kind: str = Field(description="Such as simulate, lab-run, read or backup.")
    programme: str
    state: str = Field(description="waiting, running, done, failed or cancelled.")
    stopping: bool = Field(description="Whether it was cancelled and ends at its next step.")
    draws: int = Field(description="Draws or steps in all; 0 where that is not known.")
    drawn: int
    told: str = Field(description="The step that it is at, where it says so.")
    asked: datetime
    asked_by: str | None = Field(description="Who asked for it; null for the site itself.")
    run: int | None
    mistake: str


class JobAsked(Schema):
    """What to simulate."""

    programme: str = Field(max_length=100)
    draws: int = Field(ge=2, le=1000)
    seed: int = Field(default=1, ge=1, le=2**31 - 1)


class Quantity(Schema):
    """A number as somebody said it."""

    minimum: float | None
    maximum: float | None
    unit: str
    qualifier: str


class Claim(Schema):
    """What a document says."""

    id: str
    about: str
    said: date
    by: str | None
    quantity: Quantity | None
    start: date | None
    end: date | None
    scope: str | None
    source: str
    passage: str | None
    address: str | None
    confirmed: bool = Field(description="Whether somebody else than who entered it held it against the document.")


class Reached(Schema):
    """A stage that a promise reached."""

    stage: str
    on: date
    source: str | None
    file: str | None = Field(description="SHA-256 of a file that shows it.")


class Milestone(Schema):
    """A part of a promise."""

    id: str
    title: Text
    due: date | None
    done: float | None = Field(description="Share that is done, 0 to 1; null where nobody reported it.")
    reported: date | None


class Commitment(Schema):
    """A promise; what no document names is null."""

    id: str
    title: Text
    kind: str
    parties: list[str]
    responsible: str | None
    stage: str | None
    stages: list[Reached]
    due: date | None
    next_step: Text | None
    next_on: date | None
    programmes: list[str]
    milestones: list[Milestone]
    claims: list[Claim]


class Observation(Schema):
    """A published value."""

    status: str
    method: str | None
    claim: Claim


class Indicator(Schema):
    """A series of published values."""

    id: str
    title: Text
    unit: str
    definition: Text
    publisher: str | None
    observations: list[Observation]


class Proposal(Schema):
    """What somebody proposed, and what the city answered."""

    number: int
    title: str
    text: str
    body: str = Field(description="In whose name, as given.")
    body_confirmed: bool = Field(description="Whether a member of that organisation made it, logged in.")
    state: str
    answer: str
    became_commitment: str
    became_programme: str
    made: datetime
    version: int = Field(description="How often it was answered.")


class Me(Schema):
    """Whose token it is, and what it may do."""

    email: str
    roles: list[str]
    scopes: list[str]


class Entry(Schema):
    """One thing that was done on the site."""

    number: int
    at: datetime
    who: str
    action: str
    subject: str
    details: str
    previous: str
    hash: str


class Person(Schema):
    """An account."""

    number: int
    email: str
    name: str
    active: bool
    chosen: bool = Field(description="Whether its owner has chosen a password.")
    roles: list[str] = Field(description="Role and organisation, joined by a bar.")


class Misfit(Schema):
    """A role that does not fit the kind of its organisation, given before that was checked."""

    person: int
    email: str
    role: str
    organisation: str
    kind: str
    fitting: list[str] = Field(description="The roles that people may have there.")


class Health(Schema):
    """How the site is."""

    version: str
    database: str
    worker: bool
    free: int = Field(description="Bytes.")
    waiting: int
    oldest: datetime | None
    running: int
    failed: int
    entries: int
    seal: str
    backup: datetime | None = Field(description="When the last backup was made here; null where none was.")
    misfits: list[Misfit]


class Mistake(Schema):
    """Why there is no answer."""

    detail: str


class Refused(Schema):
    """Why something that was sent is not taken; nothing was changed."""

    detail: str
    fields: dict[str, list[str]] = Field(description="By name of a field what is wrong with it.")
