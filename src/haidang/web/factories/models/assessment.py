"""An assessment: drafts by capability, with who wrote what and when, and the files behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from haidang.web.factories.models.factory import REVIEWERS, Factory
from haidang.web.people.models import Organisation, User, bodies_of, roles_of
from haidang.web.people.roles import Role


class AssessmentManager(models.Manager["Assessment"]):
    """Assessments, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Assessment]:
        """One's own factories' and, once handed in, their readings; an assessor's own readings; the city's people."""
        roles = roles_of(user)
        own = models.Q(factory__in=Factory.objects.kept_by(user))
        seen = own & (models.Q(of__isnull=True) | models.Q(submitted__isnull=False))
        if roles & REVIEWERS:
            seen |= models.Q(submitted__isnull=False)
        if Role.ASSESSOR in roles:
            seen |= models.Q(of__isnull=True, submitted__isnull=False)
            seen |= models.Q(reader__in=bodies_of(user, Role.ASSESSOR))
        return self.filter(seen)

    def written_by(self, user: User | AnonymousUser) -> models.QuerySet[Assessment]:
        """Those that a user fills in, handed in or not: of one's own factories, or one's own reading."""
        own = models.Q(factory__in=Factory.objects.kept_by(user), of__isnull=True)
        reading = models.Q(of__isnull=False, reader__in=bodies_of(user, Role.ASSESSOR))
        return self.filter(own | reading)

    def open_to(self, user: User | AnonymousUser) -> models.QuerySet[Assessment]:
        """The drafts among them, in which the user may still write."""
        return self.written_by(user).filter(submitted__isnull=True)


class Assessment(models.Model):
    """One factory's answers under a framework, by its own people or, as a second reading, by an assessor.

    Args:
        of: for a second reading, the self-assessment that is read.
        reader: for a second reading, the organisation of the assessor.
        submitted: when it was handed in; since then nothing in it changes.
        sector: of the factory when it was handed in, like `size`: what it is compared by stays.
        sealed: the values and the statuses of its answers in the order of the framework's criteria, as they were
            handed in: what peers are counted from.
        mean: the claimed level, mean over areas, as it came out then; none where no level was known.
        batch: the number of the batch in which it is counted among peers; none while it waits to be, 0 once its batch
            was taken back.
    """

    factory = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="assessments")
    of = models.ForeignKey("self", null=True, blank=True, on_delete=models.PROTECT, related_name="readings")
    reader = models.ForeignKey(Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    framework = models.CharField(max_length=100)
    framework_version = models.CharField(max_length=30)
    begun = models.DateTimeField(default=timezone.now)
    begun_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    submitted = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    sector = models.CharField(max_length=30, blank=True)
    size = models.CharField(max_length=30, blank=True)
    sealed: Any = models.JSONField(null=True, blank=True)
    mean = models.FloatField(null=True, blank=True)
    batch = models.PositiveIntegerField(null=True, blank=True)

    objects: ClassVar[AssessmentManager] = AssessmentManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    if TYPE_CHECKING:
        readings: models.Manager[Assessment]
        sections: models.Manager[Section]
        answers: models.Manager[Answer]
        evidence: models.Manager[Evidence]

    class Meta:
        """The newest first; one open draft of a factory's own, one reading of an assessor's organisation."""

        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["factory"],
                condition=models.Q(submitted__isnull=True, of__isnull=True),
                name="one_draft_of_a_factory",
            ),
            models.UniqueConstraint(
                fields=["of", "reader"], condition=models.Q(of__isnull=False), name="one_reading_of_a_reader"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.factory} · {self.framework} {self.framework_version}"


class Section(models.Model):
    """The answers of one capability: who saved them last, when, and how often they were saved."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sections")
    capability = models.CharField(max_length=100)
    version = models.PositiveIntegerField(default=0)
    saved = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        """A capability once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "capability"], name="a_capability_once")
        ]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.capability}"


class Answer(models.Model):
    """One answer: its value and status as `haidang.frameworks` counts them, and who gave it last."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="answers")
    criterion = models.CharField(max_length=100)
    value = models.SmallIntegerField()
    status = models.SmallIntegerField(default=0)
    note = models.TextField(blank=True)
    given = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        """A criterion once."""

        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["assessment", "criterion"], name="a_criterion_once")
        ]

    def __str__(self) -> str:
        return f"{self.assessment} · {self.criterion}"


class EvidenceManager(models.Manager["Evidence"]):
    """Files, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Evidence]:
        """Those of the assessments that a user may see, and those that a consent opens to a lender."""
        from haidang.web.factories.consent import opened

        seen = models.Q(assessment__in=Assessment.objects.visible_to(user))
        shown = opened(user, "evidence")
        if shown:
            seen |= models.Q(assessment__factory__in=shown, assessment__submitted__isnull=False)
        return self.filter(seen)


class Evidence(models.Model):
    """A file behind an answer. It lies under its hash; the name is what its owner calls it, and never a path."""

    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="evidence")
    criterion = models.CharField(max_length=100)
    kind = models.CharField(max_length=30)
    caption = models.CharField(max_length=300)
    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    media = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    day = models.DateField(null=True, blank=True)
    added = models.DateTimeField(default=timezone.now)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[EvidenceManager] = EvidenceManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """As they were added."""

        ordering: ClassVar[list[str]] = ["id"]

    def __str__(self) -> str:
        return self.name
