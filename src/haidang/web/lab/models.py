"""Designs, with whom they are shared, and what was made of them in the background."""

from __future__ import annotations

from pathlib import Path
from typing import Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils import timezone

from haidang.packs.design_file import LONGEST_ID, write_design
from haidang.web.jobs.models import Job
from haidang.web.lab.slug import slug_of
from haidang.web.people.models import User, roles_of
from haidang.web.people.roles import CITY_STAFF, Role

LONGEST_NAME = 120


class DesignManager(models.Manager["Design"]):
    """Designs, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Design]:
        """One's own, and those shared with one or with one's role; for the city's staff alone."""
        roles = roles_of(user)
        if not roles & CITY_STAFF:
            return self.none()
        shared = Share.objects.filter(Q(person=user) | Q(role__in=[str(one) for one in roles & CITY_STAFF]))
        return self.filter(Q(owner=user) | Q(pk__in=shared.values("design")))


class Design(models.Model):
    """A programme of the pack with changes. Its owner changes it; whoever else sees it may fork it."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="designs")
    name = models.CharField(max_length=LONGEST_NAME)
    slug = models.CharField(max_length=LONGEST_ID, blank=True)
    parent: models.ForeignKey[Any] = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.SET_NULL, related_name="forks"
    )
    pack = models.CharField(max_length=100)
    programme = models.CharField(max_length=100)
    origin = models.CharField(max_length=100, blank=True)
    changes: models.JSONField[Any] = models.JSONField(default=dict, blank=True)
    facts: models.JSONField[Any] = models.JSONField(default=dict, blank=True)
    version = models.PositiveIntegerField(default=1)
    made = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)

    objects: ClassVar[DesignManager] = DesignManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The last changed first."""

        ordering: ClassVar[list[str]] = ["-changed", "-id"]

    def __str__(self) -> str:
        return self.name

    @property
    def text(self) -> str:
        """The design as a file, which the command line runs."""
        title = {"vi": self.name, "en": self.name}
        return write_design(self.slug, title, self.programme, self.origin or None, self.changes, self.facts)

    def name_file(self) -> None:
        """Give it the id that it has in files and runs: from its first name, with its number, for good."""
        self.slug = slug_of(self.name, self.pk)
        self.save(update_fields=["slug"])


class Share(models.Model):
    """With whom a design is shared: a person, or everybody of the city's staff who has a role."""

    design = models.ForeignKey(Design, on_delete=models.CASCADE, related_name="shares")
    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE)
    role = models.CharField(max_length=30, blank=True, choices=Role.choices)

    class Meta:
        """Once with each; with a person or a role."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                name="lab_share_with_one",
                condition=Q(person__isnull=False, role="") | (Q(person__isnull=True) & ~Q(role="")),
            ),
            models.UniqueConstraint(fields=["design", "person", "role"], name="lab_share_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return f"{self.design} · {self.person or self.role}"


class TrialManager(models.Manager["Trial"]):
    """Trials, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Trial]:
        """Those of which one may see every design."""
        seen = Design.objects.visible_to(user)
        hidden = Design.objects.exclude(pk__in=seen.values("pk"))
        return self.filter(designs__in=seen).exclude(designs__in=hidden).distinct()


class Trial(models.Model):
    """Designs run in full, or one design's list of who should be offered what; the designs as they stood then.

    Args:
        texts: for each design, its file; by slug, in order.
    """

    class Kind(models.TextChoices):
        """What is made."""

        RUN = "lab-run"
        ALLOCATION = "lab-allocation"

    kind = models.CharField(max_length=20, choices=Kind.choices)
    designs: models.ManyToManyField[Design, Any] = models.ManyToManyField(Design, related_name="trials")
    texts: models.JSONField[Any] = models.JSONField(default=dict)
    pack = models.CharField(max_length=100)
    programme = models.CharField(max_length=100)
    draws = models.PositiveIntegerField()
    seed = models.PositiveIntegerField(default=1)
    job = models.OneToOneField(Job, on_delete=models.CASCADE, related_name="trial")
    digest = models.CharField(max_length=64, blank=True)
    made = models.DateTimeField(default=timezone.now)

    objects: ClassVar[TrialManager] = TrialManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first."""

        ordering: ClassVar[list[str]] = ["-made", "-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.programme} · {', '.join(self.texts)}"

    @property
    def files(self) -> list[Path]:
        """Where the worker lays the designs' files."""
        return [self.job.place / "designs" / f"{slug}.yaml" for slug in self.texts]

    @property
    def run(self) -> Path:
        """The folder of the finished run or list."""
        return self.job.place / "result"

    @property
    def command(self) -> str:
        """The command line that makes the same run, beside the designs' files."""
        named = " ".join(f"--design {slug}.yaml" for slug in self.texts)
        return f"haidang run {self.pack}/{self.programme} {named} --draws {self.draws} --seed {self.seed}"
