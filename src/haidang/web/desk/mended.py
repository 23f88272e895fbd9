"""Documents that were written down wrongly or could not be read: corrected, and read again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from haidang.errors import HaidangError
from haidang.web.desk.book import book, change
from haidang.web.desk.deeds import DeedError
from haidang.web.desk.forms import AboutForm, said
from haidang.web.desk.inbox import document_of, document_page
from haidang.web.desk.models import Document, Passage
from haidang.web.jobs.models import Job
from haidang.web.ledger.write import note
from haidang.web.mistakes import said as said_mistake
from haidang.web.people.models import User, doer
from haidang.web.shell import language


@require_POST
def correct_document(request: HttpRequest, number: int) -> HttpResponse:
    """Correct what a document is called and where it is from."""
    found = document_of(request, number)
    form = AboutForm(request.POST)
    if form.is_valid():
        try:
            correct(doer(request), found, form.cleaned_data)
        except HaidangError as mistake:
            form.add_error(None, said_mistake(mistake, language()).whole)
        else:
            messages.success(request, said("message.written"))
            return _to(found)
        found.refresh_from_db()
    return document_page(request, found, correcting=form)


@require_POST
def read_document_again(request: HttpRequest, number: int) -> HttpResponse:
    """Have a document read once more."""
    found = document_of(request, number)
    try:
        read_again(doer(request), found)
    except HaidangError as mistake:
        messages.error(request, said_mistake(mistake, language()).whole)
    else:
        messages.success(request, said("message.reading"))
    return _to(found)


def _to(found: Document) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:document", args=(found.pk,)))


def correct(by: User, found: Document, given: Mapping[str, Any]) -> None:
    """Correct what a document is called and where it is from, here and in the records that name it.

    Claims that were taken from it stay as they are, and so does the id by which they name it. Periods such as "next
    year" follow from its day: where that is corrected, it is read again.

    Args:
        by: who does it.
        found: the document.
        given: as `AboutForm` gives it.

    Raises:
        HaidangError: it is being read, or somebody changed its record in the meantime; nothing is changed.
    """
    _refuse_while_read(found)
    current, name, day = book(), found.source, found.day
    told = {"title": " ".join(given["title"].split()), "publisher": " ".join(given["publisher"].split())}
    told |= {"day": given["day"], "address": given["address"]}

    def also() -> None:
        if Passage.objects.filter(document=found, state=Passage.State.TAKEN).exists():
            found.named = name
        for key, value in told.items():
            setattr(found, key, value)
        found.save(update_fields=["named", *told])
        if given["day"] != day:
            _ask_to_read(by, found)

    stated = current.tracked.sources.get(name)
    details = {**told, "day": given["day"].isoformat()}
    if stated is None:
        with transaction.atomic():
            note(by, "desk.document.corrected", found, **details)
            also()
        return
    more = {"date": given["day"].isoformat(), "address": told["address"] or None}
    corrected = replace(stated, title=told["title"], publisher=told["publisher"], **more)
    change(
        by, [stated], [corrected], "correct", "desk.document.corrected", current=current, also=also, subject=found,
        **details,
    )  # fmt: skip


def read_again(by: User, found: Document) -> None:
    """Have a document read once more, as when it could not be read; drafts that were decided stay as they are.

    Raises:
        DeedError: it is being read.
    """
    _refuse_while_read(found)
    with transaction.atomic():
        _ask_to_read(by, found)
        note(by, "desk.document.read_again", found, sha256=found.digest, title=found.title)


def _refuse_while_read(found: Document) -> None:
    if found.state == Document.State.WAITING:
        raise DeedError(said("message.being_read"))


def _ask_to_read(by: User, found: Document) -> None:
    found.state = Document.State.WAITING
    found.save(update_fields=["state"])
    Job.objects.create(kind="read", payload={"document": found.pk}, asked_by=by)
