"""The tables: what was done, and the end of the chain."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC
from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models

from haidang.web.people.models import User, roles_of
from haidang.web.people.roles import Role

START = "0" * 64
"""The hash before the first entry."""


class EntryManager(models.Manager["Entry"]):
    """Entries, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Entry]:
        """All for an administrator; for others what they did themselves."""
        if Role.ADMINISTRATOR in roles_of(user):
            return self.all()
        return self.filter(who=user.email) if isinstance(user, User) else self.none()


class Entry(models.Model):
    """One thing that was done. The database refuses to change or delete it."""

    number = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    who = models.CharField(max_length=254)
    action = models.CharField(max_length=60)
    subject = models.CharField(max_length=200)
    details = models.TextField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    objects: ClassVar[EntryManager] = EntryManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-number"]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["subject"], name="ledger_subject")]

    def __str__(self) -> str:
        return f"{self.number} · {self.who} · {self.action} · {self.subject}"

    def seal(self) -> str:
        """SHA-256 over every other field, written as a JSON list so that no two entries are written alike."""
        fields = [
            self.number, self.at.astimezone(UTC).isoformat(timespec="microseconds"), self.who, self.action,
            self.subject, self.details, self.previous,
        ]  # fmt: skip
        return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()


class Head(models.Model):
    """The last entry: its number and hash. Whoever writes holds its one row, so entries come one after another."""

    number = models.BigIntegerField()
    hash = models.CharField(max_length=64)
