"""Changes of records: claims confirmed by a second person, promises advanced with evidence, milestones, next steps."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from haidang.errors import HaidangError
from haidang.track.edit import advance as advanced
from haidang.track.edit import confirm as confirmed
from haidang.track.edit import report
from haidang.track.records import (
    KINDS,
    Claim,
    Commitment,
    Milestone,
    Record,
    SourcePlace,
    Stage,
    claims_of,
    kind_of,
)
from haidang.track.report.view import Cite, View
from haidang.track.say import Say
from haidang.web.desk.book import book, change, looked_at
from haidang.web.desk.forms import ConfirmForm, DoneForm, MilestoneForm, StageForm, StepForm, said
from haidang.web.desk.models import ROOM, Evidence
from haidang.web.desk.records import commitment_page
from haidang.web.mistakes import said as said_mistake
from haidang.web.people.models import doer, roles_of, viewer
from haidang.web.people.roles import CHECKERS
from haidang.web.shell import language
from haidang.web.uploads import Sent, attachment, keep, tidy_name

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
    record, current = _record(kind, name), book()
    form = ConfirmForm([claim.id for claim in claims_of(record)], request.POST)
    if not form.is_valid():
        messages.error(request, said("message.none_chosen"))
        return _back(request, record)
    names = form.cleaned_data["claims"]
    if any(claim.confirmed_by for claim in claims_of(record) if claim.id in names):
        messages.error(request, said("message.confirmed_before"))
        return _back(request, record)
    try:
        made = confirmed(record, names, doer(request).email, timezone.localdate())
        change(doer(request), [record], [made], "confirm", "desk.claim.confirmed", current=current, claims=names)
    except HaidangError as mistake:
        own = any(claim.entered_by == doer(request).email for claim in claims_of(record) if claim.id in names)
        messages.error(request, said("message.own_claim") if own else said_mistake(mistake, language()).whole)
    else:
        messages.success(request, said("message.confirmed"))
    return _back(request, record)


def _record(kind: str, name: str) -> Record:
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
        "done_form": DoneForm(_milestones(one), initial={"day": today}, prefix="done"),
        "step_form": StepForm(initial=step, prefix="step"),
    }


def _milestones(one: Commitment) -> list[tuple[str, str]]:
    return [(part.id, part.title[language()]) for part in one.milestones]


@require_POST
def advance(request: HttpRequest, name: str) -> HttpResponse:
    """Say which stage a promise reached, with what shows it."""

    def made(one: Commitment, given: Mapping[str, Any], place: SourcePlace | None, digest: str) -> Commitment:
        return advanced(one, Stage(given["stage"], given["day"], place, digest or None, doer(request).email))

    form = StageForm(request.POST, request.FILES, prefix="stage")
    return _changed(request, name, form, "stage_form", ("advance", "desk.stage.reached"), made)


@require_POST
def done(request: HttpRequest, name: str) -> HttpResponse:
    """Say how much of a milestone is done, with what shows it."""

    def made(one: Commitment, given: Mapping[str, Any], place: SourcePlace | None, digest: str) -> Commitment:
        return report(one, given["milestone"], given["percent"] / 100, given["day"], place)

    form = DoneForm(_milestones(_commitment(name)), request.POST, request.FILES, prefix="done")
    return _changed(request, name, form, "done_form", ("advance", "desk.milestone.reported"), made)


@require_POST
def milestone(request: HttpRequest, name: str) -> HttpResponse:
    """Add a part to a promise."""

    def made(one: Commitment, given: Mapping[str, Any], place: SourcePlace | None, digest: str) -> Commitment:
        base = slugify(given["title_en"])[:60].strip("-") or "milestone"
        known = {part.id for part in one.milestones}
        own = next(each for each in (base, *(f"{base}-{n}" for n in range(2, 10**6))) if each not in known)
        title = {"vi": given["title_vi"], "en": given["title_en"]}
        part = Milestone(own, title, given["weight"], due=given["due"])
        return replace(one, milestones=(*one.milestones, part))

    form = MilestoneForm(request.POST, prefix="milestone")
    return _changed(request, name, form, "milestone_form", ("add", "desk.milestone.added"), made)


@require_POST
def step(request: HttpRequest, name: str) -> HttpResponse:
    """Say who answers for a promise, and what comes next."""

    def made(one: Commitment, given: Mapping[str, Any], place: SourcePlace | None, digest: str) -> Commitment:
        words = {"vi": given["next_vi"], "en": given["next_en"]} if given["next_vi"] else None
        body = None if given["none_named"] else given["responsible"]
        return replace(one, responsible=body, next_step=words, next_on=given["next_on"])

    form = StepForm(request.POST, prefix="step")
    return _changed(request, name, form, "step_form", ("step", "desk.step.set"), made)


def _changed(
    request: HttpRequest,
    name: str,
    form: forms.Form,
    called: str,
    deed: tuple[str, str],
    made: Callable[[Commitment, Mapping[str, Any], SourcePlace | None, str], Commitment],
) -> HttpResponse:
    """Change a promise as a form says, or show the form again with what is wrong."""
    current, one = book(), _commitment(name)
    if form.is_valid() and _stale(request, current.versions.get(("commitment", name), 0)):
        form.add_error(None, said("error.changed_meanwhile"))
    if form.is_valid():
        given = form.cleaned_data
        place = SourcePlace(given["source"], given["passage"] or None) if given.get("source") else None
        try:
            digest, kept = _kept(request, given.get("file"))
            whole = made(one, given, place, digest)
            change(doer(request), [one], [whole], *deed, digest, current, kept, commitment=name)
        except HaidangError as mistake:
            form.add_error(None, said_mistake(mistake, language()).whole)
        else:
            messages.success(request, said("message.written"))
            return HttpResponseRedirect(reverse("desk:commitment", args=(name,)))
    return commitment_page(request, one, current.tracked, {called: form})


def _stale(request: HttpRequest, version: int) -> bool:
    """Whether somebody changed the record after the page with this form was opened."""
    said_version: Sequence[str] = request.POST.getlist("version")
    return bool(said_version) and said_version[0] != str(version)


def _kept(request: HttpRequest, sent: Sent | None) -> tuple[str, Callable[[], None]]:
    """Keep a file of evidence: its digest, and what writes its name down."""
    if sent is None:
        return "", lambda: None
    digest = keep(sent.content, ROOM, sent.suffix)
    name = tidy_name(sent.name, sent.media)
    values = {"name": name, "suffix": sent.suffix, "size": len(sent.content), "added_by": doer(request)}
    return digest, lambda: Evidence.objects.get_or_create(digest=digest, defaults=values) and None


def _commitment(name: str) -> Commitment:
    found = book().tracked.commitments.get(name)
    if found is None:
        raise Http404
    return found


@require_safe
def evidence(request: HttpRequest, digest: str) -> FileResponse:
    """A file of evidence, to be kept."""
    found = Evidence.objects.visible_to(viewer(request)).filter(digest=digest).first()
    if found is None:
        raise Http404
    return attachment(found.path, found.name)
