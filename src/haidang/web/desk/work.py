"""Changes of records: claims confirmed by a second person, promises advanced with evidence, milestones, next steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from haidang.errors import HaidangError
from haidang.track.records import KINDS, Claim, Commitment, Record, claims_of, kind_of
from haidang.track.report.view import Cite, View
from haidang.track.say import Say
from haidang.web.desk.book import book, looked_at
from haidang.web.desk.deeds import DONE, MILESTONE, STAGE, STEP, Deed, carry_on, confirm_claims, milestones_of
from haidang.web.desk.forms import ConfirmForm, DoneForm, MilestoneForm, StageForm, StepForm, said
from haidang.web.desk.models import Evidence
from haidang.web.desk.records import commitment_page
from haidang.web.mistakes import said as said_mistake
from haidang.web.people.models import doer, roles_of, viewer
from haidang.web.people.roles import CHECKERS
from haidang.web.shell import language
from haidang.web.uploads import attachment

PAGE = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """A record with claims that a second person should look at."""

    kind: str
    id: str
    title: str
    claims: tuple[tuple[Claim, Cite, bool], ...]


@require_safe
def check(request: HttpRequest) -> HttpResponse:
    """Every claim that somebody entered and nobody else has confirmed, beside its words."""
    tracked, me = book().tracked, getattr(viewer(request), "email", "")
    view = View(Say(language()), tracked.sources, {}, {}, tracked.names)
    found: list[Waiting] = []
    for one in tracked.records():
        waiting = [claim for claim in claims_of(one) if not looked_at(claim)]
        if waiting:
            rows = tuple((claim, view.cite(claim), claim.entered_by == me) for claim in waiting)
            found.append(Waiting(kind_of(one), one.id, one.title[language()], rows))
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    may = bool(roles_of(viewer(request)) & CHECKERS)
    return render(request, "desk/check.html", {"page": page, "may_confirm": may})


@require_POST
def confirm(request: HttpRequest, kind: str, name: str) -> HttpResponse:
    """Say that claims were held against their documents; never by who entered them."""
    record, current = record_of(kind, name), book()
    form = ConfirmForm([claim.id for claim in claims_of(record)], request.POST)
    if not form.is_valid():
        messages.error(request, said("message.none_chosen"))
        return _back(request, record)
    try:
        confirm_claims(doer(request), record, form.cleaned_data["claims"], current)
    except HaidangError as mistake:
        messages.error(request, said_mistake(mistake, language()).whole)
    else:
        messages.success(request, said("message.confirmed"))
    return _back(request, record)


def record_of(kind: str, name: str) -> Record:
    """A record as it stands.

    Raises:
        Http404: there is none.
    """
    if kind not in KINDS:
        raise Http404
    found = next((one for one in book().tracked.records() if kind_of(one) == kind and one.id == name), None)
    if found is None:
        raise Http404
    return found


def _back(request: HttpRequest, record: Record) -> HttpResponse:
    """To where the form stood."""
    if request.POST.get("from") == "commitment" and isinstance(record, Commitment):
        return HttpResponseRedirect(reverse("desk:commitment", args=(record.id,)))
    return HttpResponseRedirect(reverse("desk:check"))


def blank_forms(one: Commitment) -> dict[str, forms.Form]:
    """The forms by which a promise is changed."""
    today = timezone.localdate()
    step = {"responsible": one.responsible or "", "none_named": one.responsible is None, "next_on": one.next_on}
    if one.next_step is not None:
        step |= {"next_vi": one.next_step["vi"], "next_en": one.next_step["en"]}
    return {
        "stage_form": StageForm(initial={"day": today}, prefix="stage"),
        "milestone_form": MilestoneForm(prefix="milestone"),
        "done_form": DoneForm(milestones_of(one), initial={"day": today}, prefix="done"),
        "step_form": StepForm(initial=step, prefix="step"),
    }


@require_POST
def advance(request: HttpRequest, name: str) -> HttpResponse:
    """Say which stage a promise reached, with what shows it."""
    return _changed(request, name, STAGE, "stage")


@require_POST
def done(request: HttpRequest, name: str) -> HttpResponse:
    """Say how much of a milestone is done, with what shows it."""
    return _changed(request, name, DONE, "done")


@require_POST
def milestone(request: HttpRequest, name: str) -> HttpResponse:
    """Add a part to a promise."""
    return _changed(request, name, MILESTONE, "milestone")


@require_POST
def step(request: HttpRequest, name: str) -> HttpResponse:
    """Say who answers for a promise, and what comes next."""
    return _changed(request, name, STEP, "step")


def _changed(request: HttpRequest, name: str, deed: Deed, prefix: str) -> HttpResponse:
    """Change a promise as a form says, or show the form again with what is wrong."""
    current = book()
    one = current.tracked.commitments.get(name)
    if one is None:
        raise Http404
    form = deed.form(one)(request.POST, request.FILES, prefix=prefix)
    if form.is_valid() and _stale(request, current.versions.get(("commitment", name), 0)):
        form.add_error(None, said("error.changed_meanwhile"))
    if form.is_valid():
        try:
            carry_on(doer(request), deed, one, form.cleaned_data, current)
        except HaidangError as mistake:
            form.add_error(None, said_mistake(mistake, language()).whole)
        else:
            messages.success(request, said("message.written"))
            return HttpResponseRedirect(reverse("desk:commitment", args=(name,)))
    return commitment_page(request, one, current.tracked, {f"{prefix}_form": form})


def _stale(request: HttpRequest, version: int) -> bool:
    """Whether somebody changed the record after the page with this form was opened."""
    said_version: Sequence[str] = request.POST.getlist("version")
    return bool(said_version) and said_version[0] != str(version)


@require_safe
def evidence(request: HttpRequest, digest: str) -> FileResponse:
    """A file of evidence, to be kept."""
    found = Evidence.objects.visible_to(viewer(request)).filter(digest=digest).first()
    if found is None:
        raise Http404
    return attachment(found.path, found.name)
