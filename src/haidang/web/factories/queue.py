"""What waits for an assessor: the newest assessment of each factory that its organisations have not read again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, OuterRef, QuerySet, Subquery

from haidang.web.factories.models import Assessment, Factory
from haidang.web.people.models import User, bodies_of
from haidang.web.people.roles import Role

STATES = ("waits", "begun", "read")


@dataclass(frozen=True, slots=True)
class Reading:
    """How far an assessor's organisations are with what a factory handed in last.

    Args:
        state: one of `STATES`.
        handed_in: the factory's assessment.
        own: the reading that is begun or handed in; none while it waits.
    """

    state: str
    handed_in: Assessment
    own: Assessment | None


def of_state(rows: QuerySet[Factory], user: User | AnonymousUser, state: str) -> QuerySet[Factory]:
    """Those of some factories whose newest assessment waits, is being read, or was read; all for another word."""
    if state not in STATES:
        return rows
    own = Assessment.objects.filter(of=OuterRef("newest"), reader__in=bodies_of(user, Role.ASSESSOR))
    last = Assessment.objects.filter(of__isnull=True, submitted__isnull=False, factory=OuterRef("pk"))
    found = rows.annotate(newest=Subquery(last.order_by("-submitted", "-id").values("pk")[:1]))
    found = found.filter(newest__isnull=False)
    read = Exists(own.filter(submitted__isnull=False))
    if state == "read":
        return found.filter(read)
    begun = Exists(own)
    return found.filter(~read, begun if state == "begun" else ~begun)


def readings(factories: Iterable[Factory], user: User | AnonymousUser) -> Mapping[int, Reading]:
    """By factory how far an assessor's organisations are: of those that handed something in; of none for others."""
    bodies = bodies_of(user, Role.ASSESSOR)
    if not bodies.exists():
        return {}
    handed_in = Assessment.objects.filter(of__isnull=True, submitted__isnull=False, factory__in=list(factories))
    last = {one.factory.pk: one for one in handed_in.select_related("factory").order_by("submitted", "id")}
    own: dict[int, Assessment] = {}
    rows = Assessment.objects.filter(of__in=list(last.values()), reader__in=bodies)
    for one in rows.select_related("of").order_by("id"):
        if one.of is not None and (one.of.pk not in own or one.submitted is not None):
            own[one.of.pk] = one
    return {number: _reading(one, own.get(one.pk)) for number, one in last.items()}


def _reading(handed_in: Assessment, own: Assessment | None) -> Reading:
    return Reading("waits" if own is None else "read" if own.submitted else "begun", handed_in, own)
