"""Which organisations are one, where it matters who knows of a factory: those for which the same person fills in.

Whoever fills in the papers of five factories knows of five, whether they are of one organisation or of five.
"""

from __future__ import annotations

from django.db.models import Count

from haidang.web.factories.models.factory import REVIEWERS
from haidang.web.people.models import Membership
from haidang.web.people.roles import FACTORY_PEOPLE, Role


def joined() -> dict[int, int]:
    """The organisations that count as another one, each with the one that stands for them all.

    Two that share a person are one, and so is a third that shares another person with either. A person who may see
    every factory that handed in (the city's people, an assessor) joins none: to them nothing is hidden.
    """
    held = Membership.objects.filter(user__is_active=True, role__in=FACTORY_PEOPLE)
    held = held.exclude(user__in=Membership.objects.filter(role__in=REVIEWERS | {Role.ASSESSOR}).values("user"))
    several = held.values("user").annotate(bodies=Count("organisation", distinct=True)).filter(bodies__gt=1)
    found: dict[int, set[int]] = {}
    for person, body in held.filter(user__in=several.values("user")).values_list("user", "organisation"):
        found.setdefault(person, set()).add(body)
    groups: list[set[int]] = []
    for bodies in found.values():
        groups, touched = [one for one in groups if not one & bodies], [one for one in groups if one & bodies]
        groups.append(bodies.union(*touched))
    return {body: min(group) for group in groups for body in group}
