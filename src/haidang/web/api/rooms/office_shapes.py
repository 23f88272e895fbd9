"""The shapes of what programs of the administration are answered."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema

from haidang.web.api.shapes import Entry, Person


class Organisation(Schema):
    """A body whose people use the site."""

    number: int
    name: str
    kind: str
    people: int


class OrganisationSent(Schema):
    """A body that is new here."""

    name: str = Field(min_length=1, max_length=300)
    kind: str = Field(max_length=20, description="city, factory, lender or evaluator.")


class NameSent(Schema):
    """What an organisation is to be called."""

    name: str = Field(min_length=1, max_length=300)


class Member(Schema):
    """What a person is in an organisation."""

    number: int = Field(description="Of the account.")
    email: str
    name: str
    role: str


class Members(Organisation):
    """An organisation with its people."""

    members: list[Member]
    entries: list[Entry] = Field(description="What was done to it lately.")


class Held(Schema):
    """What a person is in an organisation."""

    number: int
    role: str
    organisation: str
    fits: bool = Field(description="Whether it is a role for this kind of organisation.")


class PersonWhole(Person):
    """An account with what its owner is, and what was done to it lately."""

    second_factor: bool
    held: list[Held]
    entries: list[Entry]


class Walked(Schema):
    """Whether a log is as it was written."""

    whole: bool
    entries: int | None = Field(description="Null where it is not whole.")
    hash: str | None = Field(
        description="Of the last; written down elsewhere it shows later whether all was made anew."
    )
    mistake: str = Field(description="The first thing that is not as it was written; empty where it is whole.")


class LogsWalked(Schema):
    """Both logs: of the site, and of the records."""

    log: Walked
    records: Walked


class Backup(Schema):
    """A backup."""

    number: int
    state: str
    mistake: str
    there: bool = Field(description="Whether its archive lies in the site's folder of backups.")
    made: datetime | None
    size: int = Field(description="Bytes.")
    files: int
    sha256: str
    read: datetime | None = Field(description="When the whole archive was last found to be as it was made.")
