"""What programs change at the tracking desk: by the forms of the pages, with their entries in both logs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import File, Form, UploadedFile
from ninja.errors import HttpError

from haidang.errors import HaidangError
from haidang.track.records import claims_of, kind_of
from haidang.web.api.answers import WRITTEN, RefusedError, held, nothing, one_of, owner
from haidang.web.api.door import refusal
from haidang.web.api.rooms import desk_shapes as shapes
from haidang.web.api.rooms.desk import being_read, document_plain, documents_of, draft_plain, router
from haidang.web.api.shapes import Commitment as CommitmentShape
from haidang.web.api.shapes import Proposal as ProposalShape
from haidang.web.desk import inbox, mended
from haidang.web.desk.book import book
from haidang.web.desk.consultation import answer, take_in
from haidang.web.desk.deeds import DONE, MILESTONE, STAGE, STEP, Deed, carry_on, confirm_claims
from haidang.web.desk.forms import AboutForm, ConfirmForm, DocumentForm, TakeForm
from haidang.web.desk.models import SHOWN, Document, Passage, Proposal
from haidang.web.desk.plain import commitment_plain, proposal_plain
from haidang.web.desk.proposal_forms import ModerateForm, ProposalForm
from haidang.web.desk.receipts import of_receipt
from haidang.web.desk.take import take
from haidang.web.desk.work import record_of
from haidang.web.mistakes import said
from haidang.web.people.models import User, viewer
from haidang.web.people.roles import RECORDERS

AN_HOUR = 3600
"""Seconds after which those who proposed much may propose again."""


@router.post("/documents", response={201: shapes.Document, 200: shapes.Document, **WRITTEN}, url_name="desk-documents")
def bring(request: HttpRequest, sent: shapes.DocumentSent) -> tuple[int, dict[str, Any]]:
    """Bring a text to be read in the background; 200 where it is there already."""
    by = owner(request)
    if not by.roles & RECORDERS:
        raise HttpError(403, "not for this role")
    return _brought(request, by, DocumentForm(sent.dict()))


@router.post(
    "/documents/files", response={201: shapes.Document, 200: shapes.Document, **WRITTEN}, url_name="desk-document-files"
)
def bring_file(
    request: HttpRequest, sent: Form[shapes.FileSent], file: File[UploadedFile]
) -> tuple[int, dict[str, Any]]:
    """Bring a file to be read in the background: text, a page, PDF or DOCX; 200 where it is there already."""
    return _brought(request, owner(request), DocumentForm(sent.dict(), {"file": file}))


def _brought(request: HttpRequest, by: User, form: DocumentForm) -> tuple[int, dict[str, Any]]:
    found, fresh = inbox.bring_in(by, held(form))
    return 201 if fresh else 200, document_plain(one_of(documents_of(request), found.pk), being_read(request))


@router.post("/documents/{int:number}/about", response={200: shapes.Document, **WRITTEN}, url_name="desk-correct")
def correct(request: HttpRequest, number: int, sent: shapes.FileSent) -> dict[str, Any]:
    """Correct what a document is called and where it is from; where its day changes, it is read again."""
    given = held(AboutForm(sent.dict()))
    return _mended(request, number, lambda by, one: mended.correct(by, one, given))


@router.post("/documents/{int:number}/readings", response={200: shapes.Document, **WRITTEN}, url_name="desk-reread")
def reread(request: HttpRequest, number: int) -> dict[str, Any]:
    """Have a document read once more; drafts that were decided stay as they are."""
    return _mended(request, number, mended.read_again)


def _mended(request: HttpRequest, number: int, act: Callable[[User, Document], None]) -> dict[str, Any]:
    try:
        act(owner(request), one_of(documents_of(request), number))
    except HaidangError as mistake:
        raise _refused(mistake) from mistake
    return document_plain(one_of(documents_of(request), number), being_read(request))


@router.post("/drafts/{int:number}/take", response={200: shapes.Draft, **WRITTEN}, url_name="desk-take")
def take_draft(request: HttpRequest, number: int, sent: shapes.Taken) -> dict[str, Any]:
    """Make a draft a claim of a record that is there, or of a new one; somebody else confirms it."""
    found = _passage(request, number)
    given = held(TakeForm(_filled(sent.dict())))
    try:
        take(owner(request), found, given)
    except HaidangError as mistake:
        raise _refused(mistake) from mistake
    return draft_plain(found, found.document)


@router.post("/drafts/{int:number}/reject", response={200: shapes.Draft, **WRITTEN}, url_name="desk-reject")
def reject(request: HttpRequest, number: int, sent: shapes.Rejected) -> dict[str, Any]:
    """Set a draft aside, or open it again."""
    found = _passage(request, number)
    if found.state == Passage.State.TAKEN:
        raise RefusedError("expected a draft that is open, found one that was decided")
    inbox.set_aside(owner(request), found, aside=sent.rejected)
    return draft_plain(found, found.document)


def _passage(request: HttpRequest, number: int) -> Passage:
    return one_of(Passage.objects.visible_to(viewer(request)).select_related("document"), number)


@router.post(
    "/records/{slug:kind}/{str:name}/confirm", response={200: shapes.Confirmed, **WRITTEN}, url_name="desk-confirm"
)
def confirm(request: HttpRequest, kind: str, name: str, sent: shapes.Confirm) -> dict[str, Any]:
    """Say that claims of a record were held against their documents; never by who entered them."""
    record, current = record_of(kind, name), book()
    names = held(ConfirmForm([claim.id for claim in claims_of(record)], sent.dict()))["claims"]
    try:
        made = confirm_claims(owner(request), record, names, current)
    except HaidangError as mistake:
        raise _refused(mistake) from mistake
    left = [claim.id for claim in claims_of(made) if claim.confirmed_by is None]
    return {"kind": kind_of(made), "record": made.id, "confirmed": names, "unconfirmed": left}


@router.post(
    "/commitments/{str:name}/stages", response={200: CommitmentShape, **WRITTEN}, url_name="desk-advance"
)  # fmt: skip
def advance(
    request: HttpRequest, name: str, sent: Form[shapes.StageReached], file: File[UploadedFile | None] = None
) -> dict[str, Any]:
    """Say which stage a promise reached, with the document or the file that shows it."""
    return _carried(request, name, STAGE, sent.dict(), file)


@router.post(
    "/commitments/{str:name}/reports", response={200: CommitmentShape, **WRITTEN}, url_name="desk-done"
)  # fmt: skip
def done(
    request: HttpRequest, name: str, sent: Form[shapes.MilestoneDone], file: File[UploadedFile | None] = None
) -> dict[str, Any]:
    """Say how much of a milestone is done, with the document or the file that shows it."""
    return _carried(request, name, DONE, sent.dict(), file)


@router.post(
    "/commitments/{str:name}/milestones", response={200: CommitmentShape, **WRITTEN}, url_name="desk-milestone"
)
def milestone(request: HttpRequest, name: str, sent: shapes.MilestoneSent) -> dict[str, Any]:
    """Add a part to a promise."""
    return _carried(request, name, MILESTONE, sent.dict())


@router.post("/commitments/{str:name}/step", response={200: CommitmentShape, **WRITTEN}, url_name="desk-step")
def step(request: HttpRequest, name: str, sent: shapes.StepSent) -> dict[str, Any]:
    """Say who answers for a promise, and what comes next."""
    return _carried(request, name, STEP, sent.dict())


def _carried(
    request: HttpRequest, name: str, deed: Deed, sent: dict[str, Any], file: UploadedFile | None = None
) -> dict[str, Any]:
    current = book()
    one = current.tracked.commitments.get(name)
    if one is None:
        raise nothing()
    seen = sent.pop("version")
    if seen is not None and seen != current.versions.get(("commitment", name), 0):
        raise RefusedError("somebody else has changed it since", {"version": ["it is another now"]})
    given = held(deed.form(one)(_filled(sent), {} if file is None else {"file": file}))
    try:
        whole = carry_on(owner(request), deed, one, given, current)
    except HaidangError as mistake:
        raise _refused(mistake) from mistake
    return commitment_plain(book().tracked, whole)


@router.post("/proposals", response={201: shapes.Received, **WRITTEN}, url_name="proposals", tags=["tracking"])
def propose(request: HttpRequest, sent: shapes.Proposed) -> Any:
    """Propose something to the city, read by its staff before it is shown; its number is told this once."""
    owner(request)
    taken = take_in(request, held(ProposalForm(sent.dict())))
    if taken is None:
        return refusal(429, AN_HOUR)
    return 201, {"receipt": taken[1], "proposal": proposal_plain(taken[0])}


@router.post(
    "/proposals/receipt",
    response={200: shapes.ProposalStanding, **WRITTEN},
    url_name="proposals-receipt",
    tags=["tracking"],
)
def receipt(request: HttpRequest, sent: shapes.ReceiptSent) -> dict[str, Any]:
    """Where a proposal stands, for whoever has its number; the number stands in no address."""
    found = of_receipt(sent.receipt)
    if found is None:
        raise nothing()
    number = found.pk if found.state in SHOWN else None
    return {"title": found.title, "made": found.made, "state": found.state, "number": number}


@router.post("/consultation/{int:number}", response={200: ProposalShape, **WRITTEN}, url_name="desk-moderate")
def moderate(request: HttpRequest, number: int, sent: shapes.Moderated) -> dict[str, Any]:
    """Show a proposal, answer it, say what became of it."""
    one = one_of(Proposal.objects.visible_to(viewer(request)), number)
    try:
        answer(owner(request), one, held(ModerateForm(sent.dict())), sent.version)
    except HaidangError as mistake:
        raise RefusedError("somebody else has changed it since", {"version": ["it is another now"]}) from mistake
    return proposal_plain(one)


def _filled(sent: dict[str, Any]) -> dict[str, Any]:
    """What was sent as a form has it: what is not said is empty."""
    return {name: "" if value is None else value for name, value in sent.items()}


def _refused(mistake: HaidangError) -> RefusedError:
    """A mistake without the place of a file that nobody here knows."""
    return RefusedError(said(mistake, "en").whole)
