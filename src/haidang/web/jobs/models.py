"""Work that takes longer than a request, kept in the database until it is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar, cast

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from haidang.web.people.models import User, roles_of
from haidang.web.people.roles import CITY_STAFF, Role

SIMULATE = "simulate"
"""The kind of work that simulates a programme of the pack."""


BUSY, LEFT = ("waiting", "running"), ("failed", "cancelled")
"""States of a job that goes on, and of one that ended without being done."""


class JobManager(models.Manager["Job"]):
    """Jobs, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Job]:
        """For the city's staff all; for others those that they asked for."""
        if roles_of(user) & CITY_STAFF:
            return self.all()
        return self.filter(asked_by=user) if isinstance(user, User) and user.is_active else self.none()

    def ruled_by(self, user: User | AnonymousUser) -> models.QuerySet[Job]:
        """Those that somebody may cancel or have tried again: one's own, and for an administrator all."""
        seen = self.visible_to(user)
        return seen if Role.ADMINISTRATOR in roles_of(user) else seen.filter(asked_by=user.pk)


class Job(models.Model):
    """One piece of work of some kind, such as a programme to be simulated.

    A job that a worker began and left is taken up again by the next one: what is done so far lies in its folder.
    Simulations count draws; work of another kind counts steps of its own in the same two fields.

    Args:
        tries: how often a worker began it since it was asked for; one that stopped in good order does not count.
        stop: whether somebody cancelled it while it ran: it ends at its next step.
    """

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=40, default=SIMULATE)
    payload = cast(Any, models.JSONField(default=dict, blank=True))
    pack = models.CharField(max_length=100, blank=True)
    programme = models.CharField(max_length=100, blank=True)
    draws = models.PositiveIntegerField(default=0)
    seed = models.PositiveIntegerField(default=1)
    publish = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.SET_NULL)
    asked = models.DateTimeField(default=timezone.now)
    drawn = models.PositiveIntegerField(default=0)
    told = models.CharField(max_length=200, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    stop = models.BooleanField(default=False)
    run = models.ForeignKey("city.ShownRun", null=True, blank=True, on_delete=models.SET_NULL)
    outcome = cast(Any, models.JSONField(default=dict, blank=True))
    mistake = models.TextField(blank=True)

    objects: ClassVar[JobManager] = JobManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The oldest first: who asked first is served first."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pack}/{self.programme} · {self.state}"

    @property
    def may_be_cancelled(self) -> bool:
        """Whether it waits, or runs and was not told to stop."""
        return self.state == self.State.WAITING or (self.state == self.State.RUNNING and not self.stop)

    @property
    def may_be_tried_again(self) -> bool:
        """Whether it ended without being done."""
        return self.state in LEFT

    @property
    def folder(self) -> str:
        """A simulation's folder among the runs: one for each job, so that no two ever share one."""
        return f"{self.pack}-{self.programme}-{self.pk}"

    @property
    def place(self) -> Path:
        """The folder in which work of another kind leaves its files; no other job's."""
        return settings.HOME.jobs / str(self.pk)
