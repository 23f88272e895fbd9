"""The shapes of what is answered of servers that are told."""

from __future__ import annotations

from datetime import datetime

from ninja import Field, Schema


class HookAsked(Schema):
    """A server that shall be told."""

    address: str = Field(max_length=500)
    events: list[str] = Field(min_length=1, max_length=20)


class Hook(Schema):
    """A server that is told."""

    number: int
    address: str
    events: list[str]
    made: datetime


class HookMade(Hook):
    """A server that is told from now on."""

    secret: str = Field(description="By which it knows that a message is ours; told this once.")


class Message(Schema):
    """Something that a server is told."""

    number: int
    hook: int
    address: str
    event: str
    state: str
    tries: int
    due: datetime
    answer: str
    made: datetime
