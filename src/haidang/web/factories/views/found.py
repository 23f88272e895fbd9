"""Finding what an address names: what is hidden and what is not there look alike."""

from __future__ import annotations

from typing import Any, TypeVar

from django.contrib import messages
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest

from haidang.web.factories.models import Assessment, Factory
from haidang.web.people.models import User, viewer
from haidang.web.shell import language
from haidang.web.words import words

M = TypeVar("M", bound=Model)


def one_of(rows: QuerySet[M], number: int) -> M:
    """The row of that number.

    Raises:
        Http404: it is not among them.
    """
    found = rows.filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def seen_factory(request: HttpRequest, number: int) -> Factory:
    """A factory that the reader may see."""
    return one_of(Factory.objects.visible_to(viewer(request)), number)


def kept_factory(request: HttpRequest, number: int) -> Factory:
    """A factory whose papers the reader fills in."""
    return one_of(Factory.objects.kept_by(viewer(request)), number)


def owned_factory(request: HttpRequest, number: int) -> Factory:
    """A factory in whose name the reader hands in, applies and consents."""
    return one_of(Factory.objects.owned_by(viewer(request)), number)


def seen_assessment(request: HttpRequest, number: int) -> Assessment:
    """An assessment that the reader may see."""
    rows = Assessment.objects.visible_to(viewer(request)).select_related("factory", "of", "reader")
    return one_of(rows, number)


def person(request: HttpRequest) -> User:
    """Who is logged in: the doors of this room let nobody else in."""
    user = request.user
    if not isinstance(user, User):
        raise Http404
    return user


def tell(request: HttpRequest, key: str, **values: object) -> None:
    """A message above the next page."""
    messages.success(request, words(language()).text(f"factories.{key}", **values))


def around(request: HttpRequest, factory: Factory, here: str, **values: Any) -> dict[str, Any]:
    """What every page of a factory stands in: its name, its rooms, what the reader may do there."""
    user = viewer(request)
    kept = Factory.objects.kept_by(user).filter(pk=factory.pk).exists()
    owned = kept and Factory.objects.owned_by(user).filter(pk=factory.pk).exists()
    rooms = ["home"]
    if kept:
        rooms += ["assessments", "roadmap", "programmes", "consents", "files", "history"]
    return {"factory": factory, "rooms": rooms, "here_room": here, "kept": kept, "owned": owned, **values}
