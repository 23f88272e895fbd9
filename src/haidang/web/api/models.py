"""Tokens, and messages to other servers."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models, transaction
from django.utils import timezone

from haidang.web.ledger.write import note
from haidang.web.people.models import User, roles_of
from haidang.web.people.roles import Role

PREFIX = "hd"
LIFE = timedelta(days=365)
"""The longest that a token lives."""
_NOBODYS = "-" * 64
"""Compared where there is no such token; the digest of nothing."""


class TokenManager(models.Manager["Token"]):
    """Tokens, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Token]:
        """One's own."""
        return self.filter(owner=user) if isinstance(user, User) else self.none()

    def make(self, owner: User, name: str, scopes: list[str], life: timedelta, secret: str = "") -> tuple[Token, str]:
        """A new token and its text, which is kept nowhere: the database holds only its digest.

        Args:
            owner: whose it is; it never does what its owner may not.
            name: by which the owner knows it.
            scopes: values of `Scope`.
            life: until it ends; at most a year.
            secret: that nobody can guess; one is made up where none is given.
        """
        secret = secret or secrets.token_urlsafe(32)
        made = self.create(
            owner=owner, name=name, scopes=" ".join(sorted(scopes)), digest=_digest(secret),
            expires=timezone.now() + min(life, LIFE),
        )  # fmt: skip
        return made, made.text(secret)

    def end_all(self, owner: User, by: User | None = None) -> None:
        """End whatever tokens somebody has, as the password ends by which they were made, or the account is locked.

        Args:
            owner: whose they are.
            by: who ends them; their owner where nobody is named.
        """
        with transaction.atomic():
            for one in self.filter(owner=owner):
                note(by or owner, "api.token.ended", one, name=one.name)
                one.delete()

    def holder(self, text: str) -> Token | None:
        """The token of a text; none where it is made up, has ended, or its owner's account is locked."""
        prefix, number, secret = (*text.split("_", 2), "", "", "")[:3]
        known = prefix == PREFIX and number.isascii() and number.isdecimal() and len(number) <= 12
        # The same work whatever is wrong with a text: one question, one hash, one comparison of digests.
        digests = self.filter(pk=int(number) if known else 0).values_list("digest", flat=True)
        if not secrets.compare_digest(digests.first() or _NOBODYS, _digest(secret)):
            return None
        found = self.select_related("owner").filter(pk=int(number), expires__gt=timezone.now()).first()
        return found if found and found.owner.is_active else None


class Token(models.Model):
    """A key for programs."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="tokens")
    name = models.CharField(max_length=100)
    scopes = models.CharField(max_length=300)
    digest = models.CharField(max_length=64)
    made = models.DateTimeField(auto_now_add=True)
    expires = models.DateTimeField()

    objects: ClassVar[TokenManager] = TokenManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def may(self) -> frozenset[str]:
        """Its scopes."""
        return frozenset(self.scopes.split())

    def text(self, secret: str) -> str:
        """What a program sends that has it, where this is its secret."""
        return f"{PREFIX}_{self.pk}_{secret}"


class HookManager(models.Manager["Hook"]):
    """Servers that are told, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Hook]:
        """For an administrator all; for others none."""
        return self.all() if Role.ADMINISTRATOR in roles_of(user) else self.none()


class Hook(models.Model):
    """A server that wants to be told when something happens."""

    address = models.URLField(max_length=500)
    events = models.CharField(max_length=500)
    secret = models.CharField(max_length=64)
    active = models.BooleanField(default=True)
    made = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[HookManager] = HookManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The oldest first."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.address


class MessageManager(models.Manager["Message"]):
    """What servers are told, and who may see it."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Message]:
        """For an administrator all, the newest first; for others none."""
        return self.filter(hook__in=Hook.objects.visible_to(user)).select_related("hook").order_by("-id")


class Message(models.Model):
    """Something that a server is to be told; kept until it was, or until it was tried often enough."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        SENT = "sent"
        GIVEN_UP = "given_up"

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="messages")
    event = models.CharField(max_length=60)
    body = models.TextField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tries = models.PositiveIntegerField(default=0)
    due = models.DateTimeField(default=timezone.now)
    answer = models.CharField(max_length=200, blank=True)
    made = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[MessageManager] = MessageManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The oldest first."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.event} · {self.state}"


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
