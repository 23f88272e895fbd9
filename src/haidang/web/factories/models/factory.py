"""A factory: who it is and what is known of its business."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.utils import timezone

from haidang.web.people.models import Organisation, User, bodies_of, roles_of
from haidang.web.people.roles import Role

if TYPE_CHECKING:
    from haidang.web.factories.models.assessment import Assessment
    from haidang.web.factories.models.papers import Application, Consent

REVIEWERS = frozenset({Role.ANALYST, Role.APPROVER})
"""The city's people who see every factory."""


class FactoryManager(models.Manager["Factory"]):
    """Factories, and which of them somebody may see."""

    def visible_to(self, user: User | AnonymousUser) -> models.QuerySet[Factory]:
        """One's own; for an assessor those that handed in an assessment; for the city's people all.

        What a lender sees of a factory is not the factory: it is what `consent` shows of it.
        """
        roles = roles_of(user)
        if roles & REVIEWERS:
            return self.all()
        seen = models.Q(body__in=bodies_of(user, Role.FACTORY_OWNER, Role.FACTORY_EDITOR))
        if Role.ASSESSOR in roles:
            seen |= models.Q(assessments__submitted__isnull=False)
        return self.filter(seen).distinct()

    def kept_by(self, user: User | AnonymousUser) -> models.QuerySet[Factory]:
        """Those whose papers a user fills in."""
        return self.filter(body__in=bodies_of(user, Role.FACTORY_OWNER, Role.FACTORY_EDITOR))

    def owned_by(self, user: User | AnonymousUser) -> models.QuerySet[Factory]:
        """Those in whose name a user hands in, applies and consents."""
        return self.filter(body__in=bodies_of(user, Role.FACTORY_OWNER))


class Factory(models.Model):
    """One factory of an organisation.

    Args:
        body: the organisation whose people fill in its papers.
        tax_code: ten digits, or thirteen for a branch; digits only. Read as a number it is the factory's id as a unit.
        revenue: VND a year.
        value_added: VND a year.
        electricity: kWh a year.
        traits: further columns of the population, by name; what is not known is not there.
        example: made up, to look round.
        version: how often it was changed, so that two people never overwrite each other.
    """

    body = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="factories")
    name = models.CharField(max_length=300)
    tax_code = models.CharField(max_length=13, unique=True)
    district = models.CharField(max_length=200, blank=True)
    sector = models.CharField(max_length=30)
    employees = models.PositiveIntegerField()
    revenue = models.PositiveBigIntegerField(null=True, blank=True)
    value_added = models.PositiveBigIntegerField(null=True, blank=True)
    electricity = models.PositiveBigIntegerField(null=True, blank=True)
    traits: Any = models.JSONField(default=dict, blank=True)  # pyright: ignore[reportUnknownVariableType]
    example = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    made = models.DateTimeField(default=timezone.now)
    changed = models.DateTimeField(default=timezone.now)
    changed_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")

    objects: ClassVar[FactoryManager] = FactoryManager()  # pyright: ignore[reportIncompatibleVariableOverride]

    if TYPE_CHECKING:
        assessments: models.Manager[Assessment]
        applications: models.Manager[Application]
        consents: models.Manager[Consent]

    class Meta:
        """By name."""

        ordering: ClassVar[list[str]] = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def unit(self) -> int:
        """Its id in tables of units."""
        return int(self.tax_code)

    @property
    def size(self) -> str:
        """Its size by its employees."""
        from haidang.web.factories.vocabulary import size_of

        return size_of(self.employees)

    @property
    def known(self) -> dict[str, Any]:
        """What is known of it, under the names of the population's columns, levels apart."""
        row: dict[str, Any] = {
            "sector": self.sector,
            "size": self.size,
            "employees": self.employees,
            "revenue": self.revenue,
            "value_added": self.value_added,
            "electricity": self.electricity,
            **self.traits,
        }
        return {name: value for name, value in row.items() if value is not None}
