"""What leads to records: documents and the drafts read from them, files of evidence, proposals of the public."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from haidang.web.people.models import User, roles_of
from haidang.web.people.roles import CITY_STAFF
from haidang.web.uploads import place_of

ROOM = "desk"
"""The folder of this room's files in that of the site."""


class DocumentManager(models.Manager["Document"]):
    """Documents, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Document]:
        """All for the city's staff; for others none."""
        return self.all() if roles_of(user) & CITY_STAFF else self.none()


class Document(models.Model):
    """A document that came in, and its text once it was read."""

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        READ = "read"
        FAILED = "failed"

    title = models.CharField(max_length=300)
    publisher = models.CharField(max_length=200)
    day = models.DateField()
    address = models.URLField(max_length=500, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    suffix = models.CharField(max_length=10)
    text = models.TextField(blank=True)
    language = models.CharField(max_length=2, default="vi")
    notes: models.JSONField[Any] = models.JSONField(default=list, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    mistake = models.TextField(blank=True)
    named = models.CharField(max_length=40, blank=True)
    """The id by which records name it, once its day was corrected and records had named it already."""
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    added = models.DateTimeField(default=timezone.now)

    objects: ClassVar[DocumentManager] = DocumentManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.title

    @property
    def source(self) -> str:
        """The id by which records name it."""
        return self.named or f"doc-{self.day.isoformat()}-{self.digest[:8]}"

    @property
    def path(self) -> Path:
        """Its file."""
        return place_of(self.digest, ROOM, self.suffix)


class PassageManager(models.Manager["Passage"]):
    """Drafts, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Passage]:
        """All for the city's staff; for others none."""
        return self.all() if roles_of(user) & CITY_STAFF else self.none()


class Passage(models.Model):
    """A draft of a claim: some words of a document, and what they seem to say."""

    class State(models.TextChoices):
        """What a person decided."""

        OPEN = "open"
        TAKEN = "taken"
        REJECTED = "rejected"

    document = models.ForeignKey(Document, on_delete=models.CASCADE, related_name="passages")
    place = models.PositiveIntegerField()
    kind = models.CharField(max_length=20)
    subject = models.CharField(max_length=500, blank=True)
    actors: models.JSONField[Any] = models.JSONField(default=list, blank=True)
    minimum = models.FloatField(null=True, blank=True)
    maximum = models.FloatField(null=True, blank=True)
    unit = models.CharField(max_length=100, blank=True)
    qualifier = models.CharField(max_length=20, default="exactly")
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)
    scope = models.CharField(max_length=20, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    sentence_start = models.PositiveIntegerField()
    sentence_end = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    record_kind = models.CharField(max_length=20, blank=True)
    record_name = models.CharField(max_length=100, blank=True)
    decided_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    decided = models.DateTimeField(null=True, blank=True)
    same: models.ManyToManyField[Passage, Passage] = models.ManyToManyField("self")
    in_records: models.JSONField[Any] = models.JSONField(default=list, blank=True)

    objects: ClassVar[PassageManager] = PassageManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """In the order of the text."""

        ordering: ClassVar[list[str]] = ["document", "place"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["document", "place"], name="desk_passage_once")
        ]

    def __str__(self) -> str:
        return f"{self.document.pk}-{self.place}"

    @property
    def words(self) -> str:
        """The words that carry the claim."""
        return self.document.text[self.start : self.end]

    @property
    def sentence(self) -> str:
        """The sentence that they stand in."""
        return self.document.text[self.sentence_start : self.sentence_end]


class EvidenceManager(models.Manager["Evidence"]):
    """Files of evidence, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Evidence]:
        """All for the city's staff; for others none."""
        return self.all() if roles_of(user) & CITY_STAFF else self.none()


class Evidence(models.Model):
    """A file that shows that a promise reached a stage."""

    digest = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=200)
    suffix = models.CharField(max_length=10)
    size = models.PositiveIntegerField()
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    added = models.DateTimeField(default=timezone.now)

    objects: ClassVar[EvidenceManager] = EvidenceManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    def __str__(self) -> str:
        return self.name

    @property
    def path(self) -> Path:
        """The file."""
        return place_of(self.digest, ROOM, self.suffix)


class ProposalManager(models.Manager["Proposal"]):
    """Proposals, and who may see them."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Proposal]:
        """All for the city's staff; for others those that are shown."""
        return self.all() if roles_of(user) & CITY_STAFF else self.filter(state__in=SHOWN)


class Proposal(models.Model):
    """What somebody proposes to the city, and what the city answers; what was answered before is in the site's log.

    Args:
        body: in whose name it is made, as whoever made it says.
        confirmed: whether a member of that organisation made it, logged in.
        receipt: SHA-256 of the number by which whoever made it finds it again; empty for an old one.
        version: how often it was answered, so that two people never overwrite each other.
    """

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft"
        SHOWN = "shown"
        ANSWERED = "answered"
        HIDDEN = "hidden"

    title = models.CharField(max_length=200)
    text = models.TextField()
    body = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    answer = models.TextField(blank=True)
    became_commitment = models.CharField(max_length=100, blank=True)
    became_programme = models.CharField(max_length=100, blank=True)
    made = models.DateTimeField(default=timezone.now)
    answered = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL)
    origin = models.CharField(max_length=64, blank=True, db_index=True)
    confirmed = models.BooleanField(default=False)
    receipt = models.CharField(max_length=64, blank=True, db_index=True)
    version = models.PositiveIntegerField(default=0)

    objects: ClassVar[ProposalManager] = ProposalManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.title


SHOWN = (Proposal.State.SHOWN, Proposal.State.ANSWERED)
"""What everybody sees."""
