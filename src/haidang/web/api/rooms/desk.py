"""The tracking desk for programs: what is late, reminders, documents with their drafts, what waits, consultation."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.errors import HttpError
from ninja.pagination import paginate

from haidang.errors import HaidangError
from haidang.track.records import claims_of, kind_of
from haidang.track.tracked import Tracked
from haidang.web.api.answers import BINARY, MISTAKES, WRITTEN, Pages, RefusedError, held, nothing, one_of, owner
from haidang.web.api.rooms import desk_shapes as shapes
from haidang.web.api.shapes import Proposal as ProposalShape
from haidang.web.desk import inbox
from haidang.web.desk.book import STORE, book, looked_at, public_book, visible_to
from haidang.web.desk.forms import DocumentForm, TakeForm
from haidang.web.desk.models import Document, Passage, Proposal
from haidang.web.desk.plain import proposal_plain
from haidang.web.desk.records import LATE
from haidang.web.desk.reminders import REASONS, entries
from haidang.web.desk.take import take
from haidang.web.people.models import viewer
from haidang.web.people.roles import RECORDERS

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


def _documents(request: HttpRequest) -> QuerySet[Document]:
    counted = {
        f"{state}_drafts": models.Count("passages", filter=models.Q(passages__state=state))
        for state in Passage.State.values
    }
    return Document.objects.visible_to(viewer(request)).annotate(**counted)


@router.get("/documents", response={200: list[shapes.Document], **MISTAKES}, url_name="desk-documents")
@paginate(Pages)
def documents(request: HttpRequest) -> list[dict[str, Any]]:
    """The documents that came in, the newest first."""
    return [_document(one) for one in _documents(request).defer("text").order_by("-pk")]


def _document(one: Any) -> dict[str, Any]:
    names = ("title", "publisher", "day", "address", "state", "mistake", "added")
    counts = {state: getattr(one, f"{state}_drafts") for state in Passage.State.values}
    return {
        "number": one.pk, "id": one.source, "sha256": one.digest, **{name: getattr(one, name) for name in names},
        **counts,
    }  # fmt: skip


@router.post("/documents", response={201: shapes.Document, 200: shapes.Document, **WRITTEN}, url_name="desk-documents")
def bring(request: HttpRequest, sent: shapes.DocumentSent) -> tuple[int, dict[str, Any]]:
    """Bring a text to be read in the background; 200 where it is there already."""
    by = owner(request)
    if not by.roles & RECORDERS:
        raise HttpError(403, "not for this role")
    given = {
        "title": sent.title, "publisher": sent.publisher, "day": sent.day.isoformat(), "address": sent.address,
        "text": sent.text,
    }  # fmt: skip
    found, fresh = inbox.bring_in(by, held(DocumentForm(given)))
    return 201 if fresh else 200, _document(one_of(_documents(request), found.pk))


@router.get("/documents/{int:number}", response={200: shapes.DocumentWhole, **MISTAKES}, url_name="desk-document")
def document(request: HttpRequest, number: int) -> dict[str, Any]:
    """A document with its text and the drafts read from it."""
    found = one_of(_documents(request), number)
    drafts = Passage.objects.visible_to(viewer(request)).filter(document=found).prefetch_related("same")
    return {
        **_document(found),
        "text": found.text,
        "language": found.language,
        "notes": [str(each) for each in found.notes],
        "drafts": [_draft(one, found) for one in drafts],
    }


def _draft(one: Passage, document: Document) -> dict[str, Any]:
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


@router.post("/drafts/{int:number}/take", response={200: shapes.Draft, **WRITTEN}, url_name="desk-take")
def take_draft(request: HttpRequest, number: int, sent: shapes.Taken) -> dict[str, Any]:
    """Make a draft a claim of a record that is there, or of a new one; somebody else confirms it."""
    found = _passage(request, number)
    given = held(TakeForm({name: "" if value is None else value for name, value in sent.dict().items()}))
    try:
        take(owner(request), found, given)
    except HaidangError as mistake:
        raise RefusedError(str(mistake)) from mistake
    return _draft(found, found.document)


@router.post("/drafts/{int:number}/reject", response={200: shapes.Draft, **WRITTEN}, url_name="desk-reject")
def reject(request: HttpRequest, number: int, sent: shapes.Rejected) -> dict[str, Any]:
    """Set a draft aside, or open it again."""
    found = _passage(request, number)
    if found.state == Passage.State.TAKEN:
        raise RefusedError("expected a draft that is open, found one that was decided")
    inbox.set_aside(owner(request), found, aside=sent.rejected)
    return _draft(found, found.document)


def _passage(request: HttpRequest, number: int) -> Passage:
    return one_of(Passage.objects.visible_to(viewer(request)).select_related("document"), number)


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
