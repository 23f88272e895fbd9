"""What every address of the interface has in common: lists in pieces, one object, whose token it is, a refused form."""

from __future__ import annotations

from math import isfinite
from typing import Any, TypeVar

from django import forms
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from ninja import Field
from ninja.errors import HttpError
from ninja.pagination import LimitOffsetPagination

from haidang.web.api import shapes
from haidang.web.people.models import User, viewer

M = TypeVar("M", bound=Model)
MISTAKES = {401: shapes.Mistake, 403: shapes.Mistake, 404: shapes.Mistake}
"""What a reader may hear in place of an answer."""
WRITTEN = {**MISTAKES, 400: shapes.Refused}
"""What a writer may hear in place of an answer."""
BINARY: dict[str, Any] = {"responses": {200: {"description": "The file.", "content": {"*/*": {}}}}}
"""What the description says of an address that answers with a file."""
LARGEST = 2**63 - 1
"""No number of an object is above: the databases count no further."""


class Pages(LimitOffsetPagination):
    """Lists in pieces: `limit` and `offset`, and beside the items how many there are."""

    class Input(LimitOffsetPagination.Input):
        """Where a piece begins, within what every database counts."""

        offset: int = Field(0, ge=0, le=2**31 - 1)


class RefusedError(Exception):
    """Something that was sent and is not taken."""

    def __init__(self, detail: str, fields: dict[str, list[str]] | None = None) -> None:
        """Why, and what is wrong with each field."""
        super().__init__(detail)
        self.answer = {"detail": detail, "fields": fields or {}}


def nothing() -> HttpError:
    """That there is no such thing: what is hidden and what is not there look alike."""
    return HttpError(404, "there is no such thing")


def one_of(rows: QuerySet[M], number: int) -> M:
    """The row of that number.

    Raises:
        HttpError: it is not among them.
    """
    found = rows.filter(pk=storable(number)).first()
    if found is None:
        raise nothing()
    return found


def storable(number: int) -> int:
    """A number that the database can hold.

    Raises:
        HttpError: it cannot, so there is no such thing.
    """
    if number > LARGEST:
        raise nothing()
    return number


def owner(request: HttpRequest) -> User:
    """Whose token it is.

    Raises:
        HttpError: nobody's.
    """
    found = viewer(request)
    if not isinstance(found, User):
        raise HttpError(401, "expected a token")
    return found


def held(form: forms.Form) -> dict[str, Any]:
    """What a form holds once it was looked at: the same form as that of the page.

    Raises:
        RefusedError: something in it cannot be.
    """
    if form.is_valid():
        return form.cleaned_data
    told = {name: [str(one) for one in mistakes] for name, mistakes in form.errors.items()}
    raise RefusedError("what was sent is not taken", told)


def finite(value: float) -> float | None:
    """A number as JSON takes it; none where it is not known."""
    return float(value) if isfinite(value) else None


def key(one: Model, name: str) -> int | None:
    """The number of what a row points to, without a question to the database."""
    found: int | None = getattr(one, f"{name}_id")
    return found
