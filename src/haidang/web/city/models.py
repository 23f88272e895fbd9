"""The runs that the site shows."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from haidang.web.people.models import User, roles_of
from haidang.web.people.roles import CITY_STAFF


class ShownRunManager(models.Manager["ShownRun"]):
    """Runs, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[ShownRun]:
        """Those that a user may see: the published ones, and for the city's staff all."""
        if roles_of(user) & CITY_STAFF:
            return self.all()
        return self.filter(published__isnull=False)


class ShownRun(models.Model):
    """A finished run in the folder of runs: its numbers stay there, the database knows where and who may see it."""

    pack = models.CharField(max_length=100)
    programme = models.CharField(max_length=100)
    folder = models.CharField(max_length=200, unique=True)
    digest = models.CharField(max_length=64)
    draws = models.PositiveIntegerField()
    made = models.DateTimeField(default=timezone.now)
    published = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[ShownRunManager] = ShownRunManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-made", "-id"]

    def __str__(self) -> str:
        return f"{self.pack}/{self.programme} · {self.draws}"

    def publish(self) -> None:
        """Show the run to everybody.

        Raises:
            GivenError: it would tell of few of the units that somebody gave.
            GoneError: its files are gone.
        """
        from haidang.web.city.drawn import opened
        from haidang.web.city.given import refuse_recognisable

        refuse_recognisable(opened(self).path)
        self.published = timezone.now()
        self.save(update_fields=["published"])

    def take_back(self) -> None:
        """Show the run to the city's staff alone."""
        self.published = None
        self.save(update_fields=["published"])
