"""An assessment in several sittings by several people: its parts, one part's answers, handing in, a second reading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.frameworks import Capability, Criterion
from haidang.frameworks.assessment import NOT_ANSWERED
from haidang.web.factories.drafts import (
    HandedInError,
    add_file,
    begin,
    drop_file,
    hand_in,
    read_again,
    save_section,
)
from haidang.web.factories.forms import EvidenceForm, ReaderForm, SectionForm
from haidang.web.factories.models import Answer, Assessment, Evidence, Factory, Section
from haidang.web.factories.views.found import (
    around,
    kept_factory,
    one_of,
    person,
    seen_assessment,
    tell,
)
from haidang.web.factories.vocabulary import applies, asked_of, framework
from haidang.web.people.models import User, bodies_of, viewer
from haidang.web.people.roles import Role


@require_safe
def listed(request: HttpRequest, number: int) -> HttpResponse:
    """The assessments of a factory, and the draft that is open."""
    factory = kept_factory(request, number)
    rows = Assessment.objects.visible_to(viewer(request)).filter(factory=factory)
    rows = (
        rows.select_related("submitted_by", "reader", "of")
        .annotate(given=Count("answers", filter=_answered(factory)))
        .order_by("-id")
    )
    draft = next((one for one in rows if one.of is None and one.submitted is None), None)
    values = around(request, factory, "assessments", rows=rows, draft=draft, framework=framework())
    return render(request, "factories/assessments.html", values)


def _answered(factory: Factory) -> Q:
    """The answers to what is asked of such a factory: the same that its overview counts."""
    asked = asked_of(factory.sector, factory.size)
    return Q(answers__criterion__in=asked) & ~Q(answers__value=NOT_ANSWERED)


@require_POST
def start(request: HttpRequest, number: int) -> HttpResponse:
    """Begin an assessment, with the answers of the last one, or go on with the draft that is open."""
    draft = begin(kept_factory(request, number), person(request))
    return HttpResponseRedirect(reverse("factories:assessment", args=(draft.pk,)))


@require_POST
def second(request: HttpRequest, number: int) -> HttpResponse:
    """Begin an assessor's reading of what was handed in, in the name of one of the assessor's organisations."""
    who = person(request)
    assessment = one_of(handed_in(who), number)
    form = ReaderForm(bodies_of(who, Role.ASSESSOR).order_by("name"), request.POST)
    if not form.is_valid():
        messages.error(request, str(form.errors["reader"][0]))
        return HttpResponseRedirect(reverse("factories:result", args=(assessment.pk,)))
    reading = read_again(assessment, form.cleaned_data["reader"], who)
    return HttpResponseRedirect(reverse("factories:assessment", args=(reading.pk,)))


def handed_in(who: User) -> QuerySet[Assessment]:
    """What factories handed in and a person may see."""
    return Assessment.objects.visible_to(who).filter(of__isnull=True, submitted__isnull=False)


@dataclass(frozen=True, slots=True)
class Part:
    """A capability in the list of parts: how many of its questions are answered, and by whom last."""

    capability: Capability
    given: int
    asked: int
    section: Section | None


@require_safe
def overview(request: HttpRequest, number: int) -> HttpResponse:
    """The parts of an assessment, each with how far it is."""
    assessment = seen_assessment(request, number)
    if assessment.submitted is not None:
        target = (assessment.of or assessment).pk
        return HttpResponseRedirect(reverse("factories:result", args=(target,)))
    factory = assessment.factory
    answered = set(assessment.answers.exclude(value=NOT_ANSWERED).values_list("criterion", flat=True))
    saved = {one.capability: one for one in assessment.sections.select_related("saved_by")}
    areas: list[tuple[Any, list[Part]]] = []
    for area in framework().areas:
        parts = [
            Part(one, sum(each.id in answered for each in one.criteria), len(one.criteria), saved.get(one.id))
            for one in area.capabilities
            if applies(one, factory.sector, factory.size)
        ]
        areas.append((area, parts))
    given = sum(part.given for _, parts in areas for part in parts)
    asked = sum(part.asked for _, parts in areas for part in parts)
    values = around(
        request, factory, "assessments", assessment=assessment, areas=areas, given=given, asked=asked,
        left=asked - given,
    )  # fmt: skip
    return render(request, "factories/assessment.html", values)


@dataclass(frozen=True, slots=True)
class Row:
    """A criterion in the form: its fields, its files, what the factory said (for a reading), what another wrote."""

    criterion: Criterion
    answer: Any
    note: Any
    status: Any
    files: list[Evidence]
    said: Answer | None
    other: Answer | None


@require_http_methods(["GET", "HEAD", "POST"])
def section(request: HttpRequest, number: int, name: str) -> HttpResponse:
    """The questions of one capability, read, answered, saved, each with the files behind it.

    What is typed is never lost: where somebody else saved the part in between, or handed the assessment in, the page
    says so above what was typed.
    """
    user, capability = viewer(request), capability_of(name)
    rows = Assessment.objects.written_by(user).select_related("factory", "of", "reader", "submitted_by")
    assessment = one_of(rows, number)
    closed, reading = assessment.submitted is not None, assessment.of is not None
    if request.method != "POST":
        if closed:
            return HttpResponseRedirect(reverse("factories:assessment", args=(assessment.pk,)))
        form = SectionForm(capability, initial=_initial(assessment, capability), reading=reading)
        return _page(request, assessment, form, EvidenceForm(capability), None)
    form = SectionForm(capability, request.POST, reading=reading)
    if closed and not reading and "anew" in request.POST:
        assessment, closed = begin(assessment.factory, person(request)), False
        _reread(form, 0)
    if not closed:
        try:
            with transaction.atomic():  # nobody hands in between the answers and their file
                return _taken(request, assessment, form)
        except HandedInError:
            assessment.refresh_from_db()
    typed = {name: request.POST.get(name, "") for name in ("criterion", "kind", "caption", "day")}
    return _page(request, assessment, form, EvidenceForm(capability, initial=typed), None, status=409)


def _taken(request: HttpRequest, assessment: Assessment, form: SectionForm) -> HttpResponse:
    """Keep what was sent: the answers, and a file and files to be taken away with them."""
    who, capability, conflict = person(request), form.capability, None
    whole = form.is_valid()
    if whole:
        conflict = save_section(assessment, form, who)
        whole = conflict is None
    if conflict is not None:
        _reread(form, conflict.version)
    if whole:
        for one in assessment.evidence.filter(pk__in=_dropped(request)):
            drop_file(one, who)
        tell(request, "section.saved")
    files = EvidenceForm(capability)
    if "add_file" in request.POST or "file" in request.FILES or request.POST.get("caption"):
        files = EvidenceForm(capability, request.POST, request.FILES)
        if files.is_valid():
            told = {key: files.cleaned_data[key] for key in ("criterion", "kind", "caption", "day")}
            add_file(assessment, files.content, files.found_kind, files.cleaned_data["file"], told, who)
            tell(request, "file.added")
            files = EvidenceForm(capability)
    if whole and not files.errors:
        return HttpResponseRedirect(_next(request, assessment, capability))
    if whole:
        form = SectionForm(capability, initial=_initial(assessment, capability), reading=form.reading)
    return _page(request, assessment, form, files, conflict)


def _reread(form: SectionForm, version: int) -> None:
    """Have a form that was sent say that its writer has seen this version."""
    form.data = form.data.copy()
    form.data["version"] = str(version)


def _dropped(request: HttpRequest) -> set[int]:
    """The files that are to be taken away with the answers."""
    return {int(one) for one in request.POST.getlist("drop") if one.isdecimal() and len(one) < 19}


def _page(
    request: HttpRequest, assessment: Assessment, form: SectionForm, files: EvidenceForm, conflict: Section | None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    capability = form.capability
    names = [one.id for one in capability.criteria]
    behind = assessment if assessment.of is None else assessment.of
    evidence: dict[str, list[Evidence]] = {}
    for one in Evidence.objects.filter(assessment__in={assessment.pk, behind.pk}, criterion__in=names):
        evidence.setdefault(one.criterion, []).append(one)
    said = {one.criterion: one for one in behind.answers.filter(criterion__in=names)} if assessment.of else {}
    now = {one.criterion: one for one in assessment.answers.filter(criterion__in=names)} if conflict else {}
    rows = [
        Row(
            one, form[f"answer-{one.id}"], form[f"note-{one.id}"],
            form[f"status-{one.id}"] if form.reading else None, evidence.get(one.id, []), said.get(one.id),
            now.get(one.id) if conflict and _differs(form, one, now.get(one.id)) else None,
        )
        for one in capability.criteria
    ]  # fmt: skip
    values = around(
        request, assessment.factory, "assessments", assessment=assessment, capability=capability, form=form, rows=rows,
        files=files, conflict=conflict, closed=assessment.submitted is not None, dropped=_dropped(request),
    )  # fmt: skip
    return render(request, "factories/section.html", values, status=status)


def _differs(form: SectionForm, one: Criterion, now: Answer | None) -> bool:
    mine = form.cleaned_data.get(f"answer-{one.id}", NOT_ANSWERED), form.cleaned_data.get(f"note-{one.id}", "")
    return mine != ((NOT_ANSWERED, "") if now is None else (now.value, now.note))


def _initial(assessment: Assessment, capability: Capability) -> dict[str, Any]:
    saved = assessment.sections.filter(capability=capability.id).first()
    found: dict[str, Any] = {"version": 0 if saved is None else saved.version}
    for one in assessment.answers.filter(criterion__in=[each.id for each in capability.criteria]):
        found |= {f"answer-{one.criterion}": one.value, f"note-{one.criterion}": one.note}
        found[f"status-{one.criterion}"] = one.status
    return found


def capability_of(name: str) -> Capability:
    """The capability that an address names.

    Raises:
        Http404: the framework has none of that name.
    """
    found = next((one for one in framework().capabilities if one.id == name), None)
    if found is None:
        raise Http404
    return found


def _next(request: HttpRequest, assessment: Assessment, capability: Capability) -> str:
    """The same part after a file, the next that is asked where the writer wants to go on; else the list of parts."""
    factory = assessment.factory
    if "add_file" in request.POST:
        return f"{reverse('factories:section', args=(assessment.pk, capability.id))}#h-file"
    asked = [one.id for one in framework().capabilities if applies(one, factory.sector, factory.size)]
    if "go_on" in request.POST and capability.id in asked[:-1]:
        return reverse("factories:section", args=(assessment.pk, asked[asked.index(capability.id) + 1]))
    return reverse("factories:assessment", args=(assessment.pk,))


@require_POST
def submit(request: HttpRequest, number: int) -> HttpResponse:
    """Hand in: the owner for a factory, an assessor for a reading. Since then nothing in it changes."""
    rows = Assessment.objects.written_by(viewer(request)).select_related("factory__body", "of")
    assessment, who = one_of(rows, number), person(request)
    if assessment.of is None and not _owns(request, assessment):
        raise Http404
    if not assessment.answers.exclude(value=NOT_ANSWERED).exists():
        tell(request, "assessment.nothing")
        return HttpResponseRedirect(reverse("factories:assessment", args=(assessment.pk,)))
    try:
        hand_in(assessment, who)
        tell(request, "assessment.handed_in")
    except HandedInError:
        tell(request, "assessment.was_handed_in")
    return HttpResponseRedirect(reverse("factories:result", args=((assessment.of or assessment).pk,)))


def _owns(request: HttpRequest, assessment: Assessment) -> bool:
    """Whether the reader owns the factory of an assessment."""
    return bodies_of(viewer(request), Role.FACTORY_OWNER).filter(pk=assessment.factory.body.pk).exists()
