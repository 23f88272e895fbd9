"""The pilots of the site: each has a folder of files; the database knows who may see it and what was decided."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models

from haidang.web.people.models import User, roles_of
from haidang.web.people.roles import PILOT_READERS


class PilotManager(models.Manager["Pilot"]):
    """Pilots, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Pilot]:
        """Every pilot for its readers; for others those that are registered, whose plan is meant to be held against."""
        return self.all() if roles_of(user) & PILOT_READERS else self.filter(registered__isnull=False)


class Pilot(models.Model):
    """A pilot. Its declaration, register, lots and log are the files that the command line reads and writes."""

    name = models.CharField(max_length=100, unique=True)
    title_vi = models.CharField(max_length=300)
    title_en = models.CharField(max_length=300)
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    made = models.DateTimeField(auto_now_add=True)
    registered = models.DateTimeField(null=True, blank=True)
    hash = models.CharField(max_length=64)

    objects: ClassVar[PilotManager] = PilotManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def title(self) -> dict[str, str]:
        """In both languages."""
        return {"vi": self.title_vi, "en": self.title_en}

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return settings.HOME.pilots / str(self.pk)

    @property
    def plan(self) -> Path:
        """Its declaration."""
        return self.folder / "pilot.yaml"


class EvaluatedManager(models.Manager["Evaluated"]):
    """Evaluations, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Evaluated]:
        """All for the pilots' readers; for others none."""
        return self.all() if roles_of(user) & PILOT_READERS else self.none()


class Evaluated(models.Model):
    """An evaluation that was made: a row is added for each and never changed, so that a later one hides none.

    Args:
        pilot: of which.
        job: number of the work that made it; a worker that fell and began again makes it once.
        plan: hash of the declaration in force.
        data: SHA-256 of the outcomes that were sent.
        found: SHA-256 of what was found, as JSON; its file is kept under this name.
        action: what the registered rule says: scale, change or stop.
        at: when.
    """

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="evaluations")
    job = models.PositiveBigIntegerField(unique=True)
    plan = models.CharField(max_length=64)
    data = models.CharField(max_length=64)
    found = models.CharField(max_length=64)
    action = models.CharField(max_length=20)
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[EvaluatedManager] = EvaluatedManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.pilot} · {self.found[:12]}"


class DecisionManager(models.Manager["Decision"]):
    """Decisions, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Decision]:
        """Those on the pilots that somebody may see; by whom is told to the pilots' readers alone."""
        return self.filter(pilot__in=Pilot.objects.visible_to(user)).select_related("by", "evaluation")


class Decision(models.Model):
    """What was decided on a pilot, by whom and why; a later decision does not undo that this one was made.

    Args:
        plan: hash of the registered declaration in force; empty for a decision of before such hashes were kept.
        register: hash of the register's last line.
        evaluation: the newest of then, on which it rests; none where it was made before any.
    """

    class What(models.TextChoices):
        """What is to become of the programme."""

        SCALE = "scale"
        CHANGE = "change"
        STOP = "stop"

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=10, choices=What.choices)
    reason = models.TextField(max_length=5000)
    plan = models.CharField(max_length=64, blank=True)
    register = models.CharField(max_length=64, blank=True)
    evaluation = models.ForeignKey(Evaluated, null=True, on_delete=models.PROTECT, related_name="decisions")
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[DecisionManager] = DecisionManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.pilot} · {self.what}"
