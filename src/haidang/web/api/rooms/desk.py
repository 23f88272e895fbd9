"""The tracking desk for programs: what is late, reminders, documents with their drafts, what waits, consultation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Router
from ninja.pagination import paginate

from haidang.track.attention import last_heard
from haidang.track.records import claims_of, kind_of
from haidang.track.tracked import Tracked
from haidang.web.api.answers import BINARY, MISTAKES, Pages, nothing, one_of
from haidang.web.api.rooms import desk_shapes as shapes
from haidang.web.api.shapes import Proposal as ProposalShape
from haidang.web.desk import inbox, work
from haidang.web.desk.book import STORE, book, looked_at, public_book, visible_to
from haidang.web.desk.consultation import history as history_of
from haidang.web.desk.models import Document, Passage, Proposal
from haidang.web.desk.plain import claim_plain, proposal_plain
from haidang.web.desk.records import LATE, download_file
from haidang.web.desk.reminders import REASONS, entries
from haidang.web.jobs.models import BUSY, Job
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
            "milestone": each.what, "due": one.due, "last_heard": last_heard(one),
        }
        for body, one, told in entries(tracked, timezone.localdate(), reasons)
        for each in told
    ]  # fmt: skip


@router.get("/unconfirmed", response={200: list[shapes.Unconfirmed], **MISTAKES}, url_name="desk-unconfirmed")
@paginate(Pages)
def unconfirmed(request: HttpRequest) -> list[dict[str, Any]]:
    """Claims that somebody entered and nobody else has confirmed."""
    tracked = book().tracked
    return [
        {
            "kind": kind_of(one), "record": one.id, "title": dict(one.title), "claim": claim.id,
            "entered_by": claim.entered_by or "", "told": claim_plain(tracked, claim),
        }
        for one in tracked.records()
        for claim in claims_of(one)
        if not looked_at(claim)
    ]  # fmt: skip


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
    """The documents that a reader may see, each with who brought it and how many drafts are in each state."""
    counted = {
        f"{state}_drafts": models.Count("passages", filter=models.Q(passages__state=state))
        for state in Passage.State.values
    }
    return Document.objects.visible_to(viewer(request)).select_related("added_by").annotate(**counted)


def being_read(request: HttpRequest) -> dict[int, Job]:
    """By document the work on it that waits or runs."""
    rows = Job.objects.visible_to(viewer(request)).filter(kind="read", state__in=BUSY).order_by("pk")
    return {one.payload["document"]: one for one in rows}


@router.get("/documents", response={200: list[shapes.Document], **MISTAKES}, url_name="desk-documents")
@paginate(Pages)
def documents(request: HttpRequest) -> list[dict[str, Any]]:
    """The documents that came in, the newest first."""
    busy = being_read(request)
    return [document_plain(one, busy) for one in documents_of(request).defer("text").order_by("-pk")]


def document_plain(one: Any, busy: Mapping[int, Job]) -> dict[str, Any]:
    """A document of `documents_of`, with the work on it of `being_read`."""
    job = busy.get(one.pk)
    names = ("title", "publisher", "day", "address", "state", "mistake", "added")
    counts = {state: getattr(one, f"{state}_drafts") for state in Passage.State.values}
    return {
        "number": one.pk, "id": one.source, "sha256": one.digest, **{name: getattr(one, name) for name in names},
        **counts, "added_by": one.added_by and one.added_by.email,
        "reading": job and {"job": job.pk, "state": job.state, "asked": job.asked},
    }  # fmt: skip


@router.get("/documents/{int:number}", response={200: shapes.DocumentWhole, **MISTAKES}, url_name="desk-document")
def document(request: HttpRequest, number: int) -> dict[str, Any]:
    """A document with its text and the drafts read from it."""
    found = one_of(documents_of(request), number)
    drafts = Passage.objects.visible_to(viewer(request)).filter(document=found)
    drafts = drafts.select_related("decided_by").prefetch_related("same")
    return {
        **document_plain(found, being_read(request)),
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
        "decided_by": one.decided_by and one.decided_by.email,
        "decided": one.decided,
    }


@router.get(
    "/documents/{int:number}/file", response=MISTAKES, url_name="desk-document-file", openapi_extra=BINARY
)  # fmt: skip
def document_file(request: HttpRequest, number: int) -> Any:
    """A document as it came in."""
    return inbox.document_file(request, one_of(Document.objects.visible_to(viewer(request)), number).pk)


@router.get("/records/{slug:form}", response=MISTAKES, url_name="records", openapi_extra=BINARY)
def records(request: HttpRequest, form: str) -> Any:
    """The records that everybody may see, as a file: csv, xlsx, json, sdmx or package."""
    return download_file(request, form)


@router.get("/evidence-files/{slug:digest}", response=MISTAKES, url_name="desk-evidence", openapi_extra=BINARY)
def evidence(request: HttpRequest, digest: str) -> Any:
    """A file that shows what a promise has reached, by its SHA-256."""
    return work.evidence(request, digest)


@router.get("/proposals", response=list[ProposalShape], url_name="proposals", tags=["tracking"])
@paginate(Pages)
def proposals(request: HttpRequest) -> list[dict[str, Any]]:
    """What people proposed and what the city answered; how they can be reached is not told."""
    return [proposal_plain(each) for each in Proposal.objects.visible_to(viewer(request))]


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


@router.get(
    "/consultation/{int:number}/answers",
    response={200: list[shapes.AnsweredBefore], **MISTAKES},
    url_name="desk-answers",
)
@paginate(Pages)
def answers(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """Everything that was said of a proposal, the last first."""
    names = {"became": "became_commitment", "programme": "became_programme"}
    found = history_of(one_of(Proposal.objects.visible_to(viewer(request)), number))
    return [{names.get(name, name): value for name, value in each.items()} for each in found]
