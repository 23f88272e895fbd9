"""What a factory asks for, and who may know what of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from haidang.web.factories.models.factory import REVIEWERS, Factory
from haidang.web.people.models import Organisation, User, bodies_of, roles_of
from haidang.web.people.roles import Role

if TYPE_CHECKING:
    from haidang.web.lending.models import StageRecord


class ApplicationManager(models.Manager["Application"]):
    """Applications, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Application]:
        """One's own; for the city's people those that were sent; for a lender those whose factory consents to it now.

        What a lender wrote down itself is its own and stands in its records, whatever becomes of the consent.
        """
        seen = models.Q(factory__in=Factory.objects.kept_by(user))
        if roles_of(user) & REVIEWERS:
            seen |= models.Q(sent__isnull=False)
        lenders = bodies_of(user, Role.LENDER_OFFICER)
        consenting = Consent.objects.filter(lender__in=lenders, current=True).values("factory")
        seen |= models.Q(factory__in=consenting, sent__isnull=False, withdrawn__isnull=True)
        return self.filter(seen)


class Application(models.Model):
    """A factory's application to a programme.

    Args:
        amount: VND asked for.
        sent: when it was sent; a draft is nobody's but the factory's.
        withdrawn: when it was taken back.
        version: how often it was changed, so that two people never overwrite each other.
    """

    factory = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="applications")
    programme = models.CharField(max_length=100)
    amount = models.PositiveBigIntegerField()
    purpose = models.TextField()
    made = models.DateTimeField(default=timezone.now)
    made_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent = models.DateTimeField(null=True, blank=True)
    withdrawn = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects: ClassVar[ApplicationManager] = ApplicationManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    if TYPE_CHECKING:
        stages: models.Manager[StageRecord]

    class Meta:
        """The newest first; one that stands for each factory and programme."""

        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["factory", "programme"],
                condition=models.Q(withdrawn__isnull=True),
                name="one_application_stands",
            )
        ]

    def __str__(self) -> str:
        return f"{self.factory} · {self.programme}"

    @property
    def state(self) -> str:
        """Where it stands: draft, sent or withdrawn."""
        if self.withdrawn is not None:
            return "withdrawn"
        return "draft" if self.sent is None else "sent"


class ConsentManager(models.Manager["Consent"]):
    """Consents, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Consent]:
        """Those of one's own factories; for a lender those that it was given."""
        lenders = bodies_of(user, Role.LENDER_OFFICER)
        return self.filter(models.Q(factory__in=Factory.objects.kept_by(user)) | models.Q(lender__in=lenders))


class Consent(models.Model):
    """What a lender may see of a factory from a moment on. A change is a new row; the rows before it are the history.

    Args:
        fields: keys of `consent.FIELDS`; empty where the consent was withdrawn.
        current: whether it is what holds now; a withdrawal is never current, so what holds is always a consent.
    """

    factory = models.ForeignKey(Factory, on_delete=models.PROTECT, related_name="consents")
    lender = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    fields: Any = models.JSONField(default=list)  # pyright: ignore[reportUnknownVariableType]
    current = models.BooleanField()
    given = models.DateTimeField(default=timezone.now)
    given_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[ConsentManager] = ConsentManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    class Meta:
        """The newest first; one that holds for each factory and lender."""

        ordering: ClassVar[list[str]] = ["-id"]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["factory", "lender"], condition=models.Q(current=True), name="one_consent_holds"
            )
        ]

    def __str__(self) -> str:
        return f"{self.factory} · {self.lender}"
