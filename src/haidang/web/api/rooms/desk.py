"""The tracking desk for programs: what is late, reminders, documents with their drafts, what waits, consultation."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.pagination import paginate

from haidang.track.records import claims_of, kind_of
from haidang.track.tracked import Tracked
from haidang.web.api.answers import BINARY, MISTAKES, Pages, nothing, one_of
from haidang.web.api.rooms import desk_shapes as shapes
from haidang.web.api.shapes import Proposal as ProposalShape
from haidang.web.desk import inbox
from haidang.web.desk.book import STORE, book, looked_at, public_book, visible_to
from haidang.web.desk.models import Document, Passage, Proposal
from haidang.web.desk.plain import proposal_plain
from haidang.web.desk.records import LATE
from haidang.web.desk.reminders import REASONS, entries
from haidang.web.people.models import viewer

router = Router()


@router.get("/late", response=list[shapes.Reminder], url_name="late")
@paginate(Pages)
def late(request: HttpRequest) -> list[dict[str, Any]]:
    """What is late or silent among promises that everybody may see."""
    return _reminders(public_book(), LATE)


@router.get("/reminders", response={200: list[shapes.Reminder], **MISTAKES}, url_name="desk-reminders")
@paginate(Pages)
def reminders(request: HttpRequest) -> list[dict[str, Any]]:
    """What each body should hear of."""
    return _reminders(book().tracked, REASONS)


def _reminders(tracked: Tracked, reasons: tuple[str, ...]) -> list[dict[str, Any]]:
    return [
        {
            "body": body, "commitment": one.id, "title": dict(one.title), "reason": each.reason, "since": each.since,
            "milestone": each.what, "due": one.due,
        }
        for body, one, told in entries(tracked, timezone.localdate(), reasons)
        for each in told
    ]  # fmt: skip


@router.get("/unconfirmed", response={200: list[shapes.Unconfirmed], **MISTAKES}, url_name="desk-unconfirmed")
@paginate(Pages)
def unconfirmed(request: HttpRequest) -> list[dict[str, Any]]:
    """Claims that somebody entered and nobody else has confirmed."""
    return [
        {"kind": kind_of(one), "record": one.id, "claim": claim.id, "entered_by": claim.entered_by or ""}
        for one in book().tracked.records()
        for claim in claims_of(one)
        if not looked_at(claim)
    ]


@router.get(
    "/commitments/{str:name}/history", response={200: list[shapes.Changed], **MISTAKES}, url_name="desk-history"
)
@paginate(Pages)
def history(request: HttpRequest, name: str) -> list[dict[str, Any]]:
    """Each change of a promise, the last first."""
    if name not in visible_to(viewer(request)).commitments:
        raise nothing()
    names = ("number", "version", "at", "by", "action", "evidence", "previous")
    links = list(STORE.history("commitment", name))
    return [{each: getattr(one, each) for each in names} for one in reversed(links)]


def documents_of(request: HttpRequest) -> QuerySet[Document]:
    """The documents that a reader may see, each with how many drafts are in each state."""
    counted = {
        f"{state}_drafts": models.Count("passages", filter=models.Q(passages__state=state))
        for state in Passage.State.values
    }
    return Document.objects.visible_to(viewer(request)).annotate(**counted)


@router.get("/documents", response={200: list[shapes.Document], **MISTAKES}, url_name="desk-documents")
@paginate(Pages)
def documents(request: HttpRequest) -> list[dict[str, Any]]:
    """The documents that came in, the newest first."""
    return [document_plain(one) for one in documents_of(request).defer("text").order_by("-pk")]


def document_plain(one: Any) -> dict[str, Any]:
    """A document of `documents_of`."""
    names = ("title", "publisher", "day", "address", "state", "mistake", "added")
    counts = {state: getattr(one, f"{state}_drafts") for state in Passage.State.values}
    return {
        "number": one.pk, "id": one.source, "sha256": one.digest, **{name: getattr(one, name) for name in names},
        **counts,
    }  # fmt: skip


@router.get("/documents/{int:number}", response={200: shapes.DocumentWhole, **MISTAKES}, url_name="desk-document")
def document(request: HttpRequest, number: int) -> dict[str, Any]:
    """A document with its text and the drafts read from it."""
    found = one_of(documents_of(request), number)
    drafts = Passage.objects.visible_to(viewer(request)).filter(document=found).prefetch_related("same")
    return {
        **document_plain(found),
        "text": found.text,
        "language": found.language,
        "notes": [str(each) for each in found.notes],
        "drafts": [draft_plain(one, found) for one in drafts],
    }


def draft_plain(one: Passage, document: Document) -> dict[str, Any]:
    """A draft of a document."""
    names = ("kind", "state", "start", "end", "subject", "minimum", "maximum", "unit", "qualifier", "since", "until",
             "scope")  # fmt: skip
    one.document = document
    return {
        "number": one.pk,
        **{name: getattr(one, name) for name in names},
        "words": one.words,
        "sentence": one.sentence,
        "actors": [str(each) for each in one.actors],
        "record": f"{one.record_kind}/{one.record_name}" if one.record_name else "",
        "in_records": [str(each) for each in one.in_records],
        "same": [each.pk for each in one.same.all()],
    }


@router.get(
    "/documents/{int:number}/file", response=MISTAKES, url_name="desk-document-file", openapi_extra=BINARY
)  # fmt: skip
def document_file(request: HttpRequest, number: int) -> Any:
    """A document as it came in."""
    return inbox.document_file(request, one_of(Document.objects.visible_to(viewer(request)), number).pk)


@router.get("/proposals/{int:number}", response={200: ProposalShape, **MISTAKES}, url_name="proposal")
def proposal(request: HttpRequest, number: int) -> dict[str, Any]:
    """One proposal; how whoever made it can be reached is not told."""
    return proposal_plain(one_of(Proposal.objects.visible_to(viewer(request)), number))


@router.get("/consultation", response={200: list[shapes.Consulted], **MISTAKES}, url_name="desk-consultation")
@paginate(Pages)
def consultation(request: HttpRequest) -> list[dict[str, Any]]:
    """Every proposal with how whoever made it can be reached, for those who answer."""
    rows = Proposal.objects.visible_to(viewer(request))
    return [{**proposal_plain(one), "contact": one.contact, "answered": one.answered} for one in rows]
