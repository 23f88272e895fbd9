"""What a lender wrote down of an application, and the city's lists of whom money adds most for."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from haidang.web.factories.models import Application, Factory
from haidang.web.factories.models.factory import REVIEWERS
from haidang.web.people.models import Organisation, User, bodies_of, roles_of
from haidang.web.people.roles import Role


class StageRecordManager(models.Manager["StageRecord"]):
    """Records, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[StageRecord]:
        """Those that one keeps, and a factory's people those of its applications."""
        if roles_of(user) & REVIEWERS:
            return self.all()
        own = models.Q(application__factory__in=Factory.objects.kept_by(user))
        return self.filter(own | models.Q(pk__in=self.kept_by(user).values("pk")))

    def kept_by(self, user: User | AnonymousUser) -> models.QuerySet[StageRecord]:
        """A lender's own, whatever became of the consent; the city's people all."""
        if roles_of(user) & REVIEWERS:
            return self.all()
        return self.filter(lender__in=bodies_of(user, Role.LENDER_OFFICER))

    def standing(self, user: User | AnonymousUser) -> models.QuerySet[StageRecord]:
        """Those that one keeps and that no later record corrects."""
        return self.kept_by(user).filter(corrected_by__isnull=True).exclude(stage=StageRecord.Stage.VOID)


class StageRecord(models.Model):
    """One thing that became of an application at a lender. The database refuses to change or delete it.

    Args:
        amount: VND; none where the stage has none.
        day: when it happened.
        reason: why it was refused or corrected.
        corrects: the record whose place this one takes.
    """

    class Stage(models.TextChoices):
        """What became of it. `void` takes a record back that should not have been."""

        APPLIED = "applied"
        APPROVED = "approved"
        DISBURSED = "disbursed"
        REPAID = "repaid"
        REFUSED = "refused"
        VOID = "void"

    application = models.ForeignKey(Application, on_delete=models.PROTECT, related_name="stages")
    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    stage = models.CharField(max_length=20, choices=Stage.choices)
    amount = models.PositiveBigIntegerField(null=True, blank=True)
    day = models.DateField()
    reason = models.TextField(blank=True)
    corrects = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="corrected_by"
    )  # fmt: skip
    made = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    objects: ClassVar[StageRecordManager] = StageRecordManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """By day."""

        ordering: ClassVar[list[str]] = ["day", "id"]

    def __str__(self) -> str:
        return f"{self.application} · {self.lender} · {self.stage}"


class AllocationListManager(models.Manager["AllocationList"]):
    """Lists, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[AllocationList]:
        """The city's people all; lenders the published ones, of which they see the rows that a consent opens."""
        roles = roles_of(user)
        if roles & REVIEWERS:
            return self.all()
        return self.filter(published__isnull=False) if Role.LENDER_OFFICER in roles else self.none()


class AllocationList(models.Model):
    """A list that `haidang allocate` made: its table lies under its hash.

    Args:
        units: rows of the list.
        listed: rows that are made an offer.
        published: when lenders began to see the reasons of factories that consent.
    """

    title = models.CharField(max_length=200)
    programme = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    units = models.PositiveIntegerField()
    listed = models.PositiveIntegerField()
    made = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    published = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[AllocationListManager] = AllocationListManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.title
