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


class DecisionManager(models.Manager["Decision"]):
    """Decisions, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Decision]:
        """Those on the pilots that somebody may see; by whom is told to the pilots' readers alone."""
        return self.filter(pilot__in=Pilot.objects.visible_to(user)).select_related("by")


class Decision(models.Model):
    """What was decided on a pilot, by whom and why; a later decision does not undo that this one was made."""

    class What(models.TextChoices):
        """What is to become of the programme."""

        SCALE = "scale"
        CHANGE = "change"
        STOP = "stop"

    pilot = models.ForeignKey(Pilot, on_delete=models.PROTECT, related_name="decisions")
    what = models.CharField(max_length=10, choices=What.choices)
    reason = models.TextField(max_length=5000)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[DecisionManager] = DecisionManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-id"]

    def __str__(self) -> str:
        return f"{self.pilot} · {self.what}"
