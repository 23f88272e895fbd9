"""Work that takes longer than a request, kept in the database until it is done."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils import timezone


class Job(models.Model):
    """One programme to be simulated.

    A job that a worker began and left is taken up again by the next one: the draws done so far lie in its folder.
    """

    class State(models.TextChoices):
        """Where it stands."""

        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    pack = models.CharField(max_length=100)
    programme = models.CharField(max_length=100)
    draws = models.PositiveIntegerField()
    seed = models.PositiveIntegerField(default=1)
    publish = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    asked_by = models.ForeignKey("people.User", null=True, blank=True, on_delete=models.SET_NULL)
    asked = models.DateTimeField(default=timezone.now)
    drawn = models.PositiveIntegerField(default=0)
    run = models.ForeignKey("city.ShownRun", null=True, blank=True, on_delete=models.SET_NULL)
    mistake = models.TextField(blank=True)

    class Meta:
        """The oldest first: who asked first is served first."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return f"{self.pack}/{self.programme} · {self.state}"

    @property
    def folder(self) -> str:
        """The run's folder: one for each job, so that no two ever share one."""
        return f"{self.pack}-{self.programme}-{self.pk}"
