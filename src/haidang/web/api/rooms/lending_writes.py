"""What programs change at lenders and in the city's lists: by the forms of the pages, with their entries in the log."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import File, Form, UploadedFile
from ninja.errors import HttpError

from haidang.errors import HaidangError
from haidang.web.api.answers import WRITTEN, RefusedError, held, nothing, one_of, owner, storable
from haidang.web.api.rooms import factories_shapes
from haidang.web.api.rooms import lending_shapes as shapes
from haidang.web.api.rooms.factories_told import stages_plain
from haidang.web.api.rooms.lending import list_plain, router
from haidang.web.factories.vocabulary import programmes
from haidang.web.lending import lists, records, to_pilots
from haidang.web.lending.list_views import ListForm
from haidang.web.lending.models import REVIEWERS, AllocationList, StageRecord
from haidang.web.lending.views import seen_application
from haidang.web.people.models import User
from haidang.web.people.roles import Role
from haidang.web.pilots.desk import plainly
from haidang.web.pilots.models import Pilot


@router.post(
    "/applications/{int:number}/records",
    response={201: factories_shapes.Stage, **WRITTEN},
    url_name="lending-record",
)
def record(request: HttpRequest, number: int, told: shapes.Recorded) -> tuple[int, dict[str, Any]]:
    """Write down what became of an application at one's own organisation; nothing written is ever changed."""
    return 201, stages_plain([_written(owner(request), number, told)])[0]


@router.post("/records", response={201: list[factories_shapes.Stage], **WRITTEN}, url_name="lending-records")
def record_all(request: HttpRequest, told: shapes.RecordList) -> tuple[int, list[dict[str, Any]]]:
    """Write down a list of what became of applications, in its order: all of it, or nothing where one is refused."""
    by, made = owner(request), list[StageRecord]()
    if Role.LENDER_OFFICER not in by.roles:
        raise HttpError(403, "not for this role")
    with transaction.atomic():
        for at, one in enumerate(told.records):
            try:
                made.append(_written(by, one.application, one))
            except RefusedError as refused:
                wrong: dict[str, list[str]] = refused.answer["fields"]  # pyright: ignore[reportAssignmentType]
                named = {f"records.{at}.{name}": mistakes for name, mistakes in wrong.items()}
                raise RefusedError("what was sent is not taken", named) from refused
    return 201, stages_plain(made)


def _written(by: User, number: int, told: shapes.Recorded) -> StageRecord:
    found, _ = seen_application(by, storable(number))
    lenders = records.lenders_of(by, found)
    if not lenders:
        raise nothing()
    sent = {name: "" if value is None else str(value) for name, value in told.dict(exclude={"application"}).items()}
    given = held(records.RecordForm(found, lenders, {**sent, "sure": "on" if told.sure else ""}))
    return records.write(found, given["lender"], given, by)


@router.post(
    "/pilots/{int:number}/hand-over", response={201: shapes.HandedOver, **WRITTEN}, url_name="lending-hand-over"
)
def hand_over(request: HttpRequest, number: int) -> tuple[int, dict[str, Any]]:
    """Have a pilot evaluated on what lenders recorded until now."""
    by = owner(request)
    pilot = one_of(Pilot.objects.visible_to(by), number)
    found = to_pilots.taker_of(pilot)
    if found is None or found.programme not in programmes():
        raise nothing()
    if found.obstacle:
        raise RefusedError(f"lenders' records do not serve this pilot: {found.obstacle}")
    try:
        return 201, {"pilot": pilot.pk, "sha256": to_pilots.hand_over(by, found)}
    except HaidangError as mistake:
        raise RefusedError(plainly(pilot, mistake, "en")) from mistake


@router.post("/lists", response={201: shapes.AllocationList, **WRITTEN}, url_name="lending-lists")
def take_in(
    request: HttpRequest, sent: Form[shapes.ListSent], file: File[UploadedFile]
) -> tuple[int, dict[str, Any]]:  # fmt: skip
    """Take in the table of an allocation as `haidang allocate` leaves it; lenders see it once it is published."""
    by = owner(request)
    if not by.roles & REVIEWERS:
        raise HttpError(403, "not for this role")
    form = ListForm(sent.dict(), {"file": file})
    given = held(form)
    assert form.taken is not None, "a form that holds has read its table"
    return 201, list_plain(lists.keep_list(by, given["title"], given["programme"], form.taken))


@router.post(
    "/lists/{int:number}/publish", response={200: shapes.AllocationList, **WRITTEN}, url_name="lending-publish-list"
)
def publish(request: HttpRequest, number: int, sent: shapes.Published) -> dict[str, Any]:
    """Show lenders the reasons of a list for factories that consent, or take it back."""
    found = one_of(AllocationList.objects.visible_to(owner(request)), number)
    lists.show_list(owner(request), found, published=sent.published)
    return list_plain(found)
