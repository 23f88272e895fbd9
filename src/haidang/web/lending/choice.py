"""Which applications a reader asks for and in which order: chosen, sorted and cut into pages by the database.

What is not seen of an application cannot be asked for: it is in no answer to a question about a field that its factory
does not let be seen, and comes last where it is sorted by one. Names are compared here, since databases fold the case
of Vietnamese letters and sort them each in its own way.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, TypeAlias, cast

from django.db.models import Case, F, OuterRef, Q, QuerySet, Subquery, When

from haidang.web.factories.consent import held
from haidang.web.factories.models import Application, Assessment, Factory
from haidang.web.factories.models.factory import REVIEWERS
from haidang.web.factories.vocabulary import size_of
from haidang.web.lending.models import StageRecord
from haidang.web.people.models import User, roles_of
from haidang.web.search import holding

SORTS = ("sent", "name", "employees", "level", "amount", "stage")
Opened: TypeAlias = Mapping[int, frozenset[str]] | None
"""By factory the fields that a reader may see; none where every field of all is seen."""
_VALUES = {"employees": "factory__employees", "amount": "amount", "level": "level", "stage": "stage"}
_FIELDS = {"employees": "employees", "amount": "amount", "level": "levels"}
"""By what is sorted by, the field that must be seen; what a lender wrote down itself it always sees."""


def seen_by(user: User, factories: Sequence[int] | None = None) -> Opened:
    """By factory the fields that a user may see, of some or of all; none where the user sees every field of all."""
    return None if roles_of(user) & REVIEWERS else held(user, factories)


def sent_to(user: User) -> QuerySet[Application]:
    """Every application that was sent, stands, and that the user may see."""
    return Application.objects.visible_to(user).filter(sent__isnull=False, withdrawn__isnull=True)


def handed_in() -> QuerySet[Assessment]:
    """The assessments that factories handed in, of each the newest last."""
    return Assessment.objects.filter(of__isnull=True, submitted__isnull=False).order_by("submitted", "id")


def asked_for(user: User, given: Mapping[str, str]) -> Sequence[int]:
    """The numbers of the applications that a reader asks for, in the order asked for.

    Args:
        user: the reader.
        given: `programme`, `sector`, `size`, `stage`, `q` to choose by; `sort` and `order`.
    """
    opened: Callable[[], Opened] = cache(lambda: seen_by(user))
    found = _chosen(sent_to(user), user, opened, given)
    key = given.get("sort", "sent")
    key = key if key in SORTS else "sent"
    down = given.get("order", "down" if key == "sent" else "up") == "down"
    if key == "name":
        return _by_name(found, opened(), down)
    if key == "sent":
        return _numbers(found.order_by("-sent" if down else "sent", "-id"))
    seen = Q() if key == "stage" else _seen(opened(), _FIELDS[key])
    if seen == Q(factory__in=[]):
        return _numbers(found.order_by("-sent", "-id"))
    value = Case(When(seen, then=F(_VALUES[key])), default=None) if seen else F(_VALUES[key])
    ordered = _with(found, key, user).annotate(place=value)
    place = F("place").desc(nulls_last=True) if down else F("place").asc(nulls_last=True)
    return _numbers(ordered.order_by(place, "-sent", "-id"))


def _numbers(found: QuerySet[Application]) -> Sequence[int]:
    """Read only as far as somebody looks: counted and cut by the database."""
    return cast("Sequence[int]", found.values_list("pk", flat=True))


def _chosen(
    found: QuerySet[Application], user: User, opened: Callable[[], Opened], given: Mapping[str, str]
) -> QuerySet[Application]:
    if programme := given.get("programme", ""):
        found = found.filter(programme=programme)
    if stage := given.get("stage", ""):
        last = Q(stage__isnull=True) if stage == "none" else Q(stage=stage)
        found = _with(found, "stage", user).filter(last)
    if sector := given.get("sector", ""):
        found = found.filter(_seen(opened(), "sector"), factory__sector=sector)
    if size := given.get("size", ""):
        # A size says within which bounds the employees are, so it is seen with them and not without.
        numbers = Factory.objects.order_by().values_list("employees", flat=True).distinct()
        found = found.filter(
            _seen(opened(), "employees"), factory__employees__in=[one for one in numbers if size_of(one) == size]
        )  # fmt: skip
    if wanted := given.get("q", "").strip():
        found = found.filter(pk__in=holding(found.filter(_seen(opened(), "name")), wanted, "factory__name"))
    return found


def _seen(opened: Opened, field: str) -> Q:
    """That the factory lets a field be seen."""
    return Q() if opened is None else Q(factory__in=[number for number, fields in opened.items() if field in fields])


def _with(found: QuerySet[Application], key: str, user: User) -> QuerySet[Application]:
    """With the level that the factory claimed last, or the last stage that stands in the records that a user sees."""
    own: Any = None
    if key == "level":
        own = handed_in().filter(factory=OuterRef("factory")).order_by("-submitted", "-id").values("mean")
    elif key == "stage":
        standing = StageRecord.objects.standing(user).filter(application=OuterRef("pk"))
        own = standing.order_by("-day", "-id").values("stage")
    return found if own is None else found.annotate(**{key: Subquery(own[:1])})


def _by_name(found: QuerySet[Application], opened: Opened, down: bool) -> list[int]:
    rows = list(found.order_by("-sent", "-id").values_list("pk", "factory", "factory__name"))
    seen = [(name.casefold(), number) for number, factory, name in rows if opened is None or _names(opened, factory)]
    without = [number for number, factory, _ in rows if not (opened is None or _names(opened, factory))]
    return [*(number for _, number in sorted(seen, key=lambda each: each[0], reverse=down)), *without]


def _names(opened: Mapping[int, frozenset[str]], factory: int) -> bool:
    return "name" in opened.get(factory, ())
