"""The shapes of what programs of the administration are answered."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema


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
