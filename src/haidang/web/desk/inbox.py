"""The reading inbox: documents come in, drafts are taken or rejected beside the text that they are from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from haidang.errors import HaidangError
from haidang.track.records import Period, Quantity, kind_of
from haidang.track.say import Say
from haidang.web.desk.book import book
from haidang.web.desk.forms import AboutForm, DocumentForm, TakeForm, said
from haidang.web.desk.models import ROOM, Document, Passage
from haidang.web.desk.take import take
from haidang.web.jobs.models import Job
from haidang.web.ledger.write import note
from haidang.web.mistakes import said as said_mistake
from haidang.web.people.models import User, doer, roles_of, viewer
from haidang.web.people.roles import RECORDERS
from haidang.web.shell import language
from haidang.web.uploads import ENDINGS, TEXT, Sent, attachment, keep

PAGE = 50
AROUND = 20_000
"""So many characters of a long text stand before and behind the draft that is looked at."""
OFFERED = 500
"""So many records are offered to be joined; any other is known by its kind and id."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some characters of a text.

    Args:
        text: the characters.
        draft: number of the draft that they carry; none where they carry none.
        now: whether it is the one that is looked at.
        first: whether they are the first of it.
        state: what was decided of it.
    """

    text: str
    draft: int | None = None
    now: bool = False
    first: bool = False
    state: str = ""


@require_safe
def inbox(request: HttpRequest) -> HttpResponse:
    """The documents that came in, and a form for another."""
    return _inbox(request, DocumentForm())


def _inbox(request: HttpRequest, form: DocumentForm) -> HttpResponse:
    counted = {
        f"{state}_drafts": models.Count("passages", filter=models.Q(passages__state=state))
        for state in Passage.State.values
    }
    found = Document.objects.visible_to(viewer(request)).defer("text").annotate(**counted).order_by("-pk")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    busy = any(one.state == Document.State.WAITING for one in page)
    values = {"form": form, "page": page, "busy": busy and not form.is_bound, "may_write": _writes(request)}
    return render(request, "desk/inbox.html", values)


@require_http_methods(["GET", "HEAD", "POST"])
def add_document(request: HttpRequest) -> HttpResponse:
    """Take a document in, to be read in the background; one that is there already is shown."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:inbox"))
    form = DocumentForm(request.POST, request.FILES)
    if not form.is_valid():
        return _inbox(request, form)
    found, fresh = bring_in(doer(request), form.cleaned_data)
    if not fresh:
        messages.info(request, said("message.there"))
        return _to(found)
    messages.success(request, said("message.reading"))
    return HttpResponseRedirect(reverse("desk:inbox"))


def bring_in(by: User, given: Mapping[str, Any]) -> tuple[Document, bool]:
    """Keep a document and have it read in the background.

    Args:
        by: who brings it.
        given: as `DocumentForm` gives it.

    Returns:
        The document, and whether it is new: one of the same bytes is there once.
    """
    sent: Sent | None = given["file"]
    if sent is None:
        suffix, content = ENDINGS[TEXT], given["text"].replace("\r\n", "\n").encode()
    else:
        suffix, content = sent.suffix, sent.content
    digest = keep(content, ROOM, suffix)
    there = Document.objects.filter(digest=digest).first()
    if there is not None:
        return there, False
    with transaction.atomic():
        made = Document.objects.create(
            title=" ".join(given["title"].split()), publisher=" ".join(given["publisher"].split()), day=given["day"],
            address=given["address"], digest=digest, suffix=suffix, added_by=by,
        )  # fmt: skip
        Job.objects.create(kind="read", payload={"document": made.pk}, asked_by=by)
        note(by, "desk.document.added", made, sha256=digest, title=made.title)
    return made, True


def leave_unread(job: Job) -> None:
    """Say of a document that it was not read, where the work on it ended without being done."""
    waiting = Document.objects.filter(pk=job.payload["document"], state=Document.State.WAITING)
    waiting.update(state=Document.State.FAILED, mistake=job.mistake or "cancelled before it was read")


@require_GET
def document(request: HttpRequest, number: int) -> HttpResponse:
    """A document's text with its drafts marked, and the draft that is looked at beside it."""
    found = document_of(request, number)
    drafts = drafts_of(request, found)
    wanted = request.GET.get("draft", "")
    chosen = next((one for one in drafts if str(one.pk) == wanted), None)
    now = chosen or next((one for one in drafts if one.state == Passage.State.OPEN), None)
    return _document(request, found, drafts, now, None if now is None else TakeForm(initial=first_guess(now)))


def document_page(request: HttpRequest, found: Document, correcting: AboutForm) -> HttpResponse:
    """A document whose correction was filled in and could not be taken."""
    return _document(request, found, drafts_of(request, found), None, None, correcting)


def _document(
    request: HttpRequest, found: Document, drafts: list[Passage], now: Passage | None, form: TakeForm | None,
    correcting: AboutForm | None = None,
) -> HttpResponse:  # fmt: skip
    place = drafts.index(now) if now in drafts else 0
    tracked = book().tracked
    offered = [f"{kind_of(one)}/{one.id}" for one in tracked.records()][:OFFERED]
    titles = {f"{kind_of(one)}/{one.id}": one.title[language()] for one in tracked.records()}
    values: dict[str, Any] = {
        "one": found,
        "drafts": [(each, says(each)) for each in drafts],
        "now": now,
        "now_says": says(now) if now else "",
        "form": form if now and now.state == Passage.State.OPEN else None,
        "before": drafts[place - 1] if now and place else None,
        "after": drafts[place + 1] if now and place + 1 < len(drafts) else None,
        "pieces": pieces(found.text, drafts, now) if found.text else [],
        "cut": len(found.text) > 2 * AROUND,
        "same": [] if now is None else now.same.select_related("document"),
        "known": [] if now is None else [(each, titles[each]) for each in now.in_records if each in titles],
        "offered": [(each, titles[each]) for each in offered],
        "bodies": bodies(),
        "count": len(drafts),
        "left": sum(1 for each in drafts if each.state == Passage.State.OPEN),
        "may_write": _writes(request),
        "correcting": correcting or AboutForm(initial={name: getattr(found, name) for name in AboutForm.base_fields}),
    }
    return render(request, "desk/document.html", values)


@require_safe
def document_file(request: HttpRequest, number: int) -> FileResponse:
    """The document as it came in."""
    found = document_of(request, number)
    return attachment(found.path, f"{found.source}{found.suffix}")


@require_http_methods(["GET", "HEAD", "POST"])
def take_draft(request: HttpRequest, number: int) -> HttpResponse:
    """Make a draft a claim, and go on to the next."""
    now = draft_of(request, number)
    if request.method != "POST":
        return _to(now.document, now)
    form = TakeForm(request.POST)
    if form.is_valid():
        try:
            record = take(doer(request), now, form.cleaned_data)
        except HaidangError as mistake:
            form.add_error(None, _told(mistake))
        else:
            messages.success(request, said("message.taken", title=record.title[language()]))
            return _onward(now)
    return _document(request, now.document, drafts_of(request, now.document), now, form)


@require_POST
def reject(request: HttpRequest, number: int) -> HttpResponse:
    """Set a draft aside, or open it again."""
    now = draft_of(request, number)
    if now.state == Passage.State.TAKEN:
        messages.error(request, said("message.taken_before"))
        return _to(now.document, now)
    again = now.state == Passage.State.REJECTED
    set_aside(doer(request), now, aside=not again)
    return _to(now.document, now) if again else _onward(now)


def set_aside(by: User, now: Passage, *, aside: bool) -> None:
    """Set a draft aside, or open it again, with the entry in the log."""
    with transaction.atomic():
        now.state = Passage.State.REJECTED if aside else Passage.State.OPEN
        now.decided_by, now.decided = (by, timezone.now()) if aside else (None, None)
        now.save(update_fields=["state", "decided_by", "decided"])
        note(by, "desk.draft.rejected" if aside else "desk.draft.reopened", now, words=now.words[:200])


def pieces(text: str, drafts: list[Passage], now: Passage | None) -> list[Piece]:
    """A text cut where drafts begin and end; of drafts over one another the one looked at shows, else the first."""
    since, until = 0, len(text)
    if until > 2 * AROUND:
        middle = now.start if now else 0
        since, until = max(0, middle - AROUND), min(until, middle + AROUND)
    shown = [one for one in drafts if one.start < until and one.end > since]
    shown.sort(key=lambda one: (one != now, one.place))
    cuts = sorted({since, until, *(min(max(each, since), until) for one in shown for each in (one.start, one.end))})
    found: list[Piece] = []
    seen: set[int] = set()
    for start, end in pairwise(cuts):
        over = next((one for one in shown if one.start <= start and one.end >= end), None)
        if over is None:
            found.append(Piece(text[start:end]))
        else:
            found.append(Piece(text[start:end], over.pk, over == now, over.pk not in seen, over.state))
            seen.add(over.pk)
    return found


def says(one: Passage) -> str:
    """What a draft says, in a few words."""
    say = Say(language())
    told: list[str] = []
    if one.minimum is not None or one.maximum is not None:
        quantity = Quantity(one.minimum, one.maximum, one.unit or "1", one.qualifier)  # pyright: ignore[reportArgumentType]
        told.append(say.quantity(quantity))
    if one.since or one.until:
        told.append(say.period(Period(one.since, one.until)))
    return ", ".join((*told, *([one.subject] if one.subject else [])))


def first_guess(one: Passage) -> dict[str, Any]:
    """What the form holds before a person has gone through it."""
    numbers = one.minimum is not None or one.maximum is not None
    about = {"target": "target", "indicator": "value"}.get(one.kind)
    if about is None:
        money = one.unit.split("/")[0] in {"VND", "USD", "EUR", "JPY"}
        about = ("amount" if money else "count") if numbers and one.kind == "commitment" else "promise"
    return {
        "record": one.in_records[0] if one.in_records else "",
        "about": about,
        "minimum": _short(one.minimum),
        "maximum": _short(one.maximum),
        "unit": one.unit,
        "qualifier": one.qualifier,
        "since": one.since,
        "until": one.until,
        "scope": one.scope,
        # What kind of record a statement is, the person says; as a promise it would be one of the kind `statement`.
        "kind": "" if one.kind == "statement" else one.kind,
        "promise_kind": "statement" if one.kind == "statement" else "",
        "parties": "; ".join(one.actors),
        "status": "actual",
        f"title_{one.document.language}": one.subject[:300],
    }


def _short(value: float | None) -> float | int | None:
    """A whole number without a point."""
    return int(value) if value is not None and value == int(value) else value


def bodies() -> list[str]:
    """The bodies that answer for promises."""
    found = {one.responsible for one in book().tracked.commitments.values()}
    return sorted(each for each in found if each)


def document_of(request: HttpRequest, number: int) -> Document:
    """A document that this reader may see."""
    found = Document.objects.visible_to(viewer(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def drafts_of(request: HttpRequest, found: Document) -> list[Passage]:
    """A document's drafts, in the order of its text."""
    return list(Passage.objects.visible_to(viewer(request)).filter(document=found).select_related("document"))


def draft_of(request: HttpRequest, number: int) -> Passage:
    """A draft that this reader may see."""
    found = Passage.objects.visible_to(viewer(request)).select_related("document").filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _writes(request: HttpRequest) -> bool:
    return bool(roles_of(viewer(request)) & RECORDERS)


def _told(mistake: HaidangError) -> str:
    """A mistake without the name of a file that nobody here knows."""
    return said_mistake(mistake, language()).whole


def _onward(now: Passage) -> HttpResponseRedirect:
    """To the next draft that is open, else to the document."""
    later = Passage.objects.filter(document=now.document, state=Passage.State.OPEN)
    following = later.filter(place__gt=now.place).first() or later.first()
    return _to(now.document, following)


def _to(found: Document, draft: Passage | None = None) -> HttpResponseRedirect:
    address = reverse("desk:document", args=(found.pk,))
    return HttpResponseRedirect(address if draft is None else f"{address}?draft={draft.pk}#now")
