"""Factories for programs: their papers, results, roadmaps, programmes, applications, consents and history."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from ninja.pagination import paginate

from haidang.errors import HaidangError
from haidang.web.api.answers import BINARY, MISTAKES, WRITTEN, Pages, RefusedError, nothing, one_of
from haidang.web.api.rooms import factories_shapes as shapes
from haidang.web.api.rooms.factories_told import (
    application_plain,
    assessment_plain,
    assessment_whole,
    chances_plain,
    consent_plain,
    evidence_plain,
    factory_plain,
    framework_plain,
    result_plain,
    roadmap_plain,
)
from haidang.web.api.rooms.framework_shapes import Framework
from haidang.web.factories.history import entries
from haidang.web.factories.models import Application, Assessment, Consent, Evidence, Factory
from haidang.web.factories.queue import Reading, readings
from haidang.web.factories.scored import newest, planned
from haidang.web.factories.views import evidence as files
from haidang.web.factories.views import result as told
from haidang.web.factories.views.profile import looked_for
from haidang.web.factories.views.result import goal_of, missing_of
from haidang.web.people.models import Organisation, viewer

router = Router()
REPORTS = ("html", "xlsx")
PIECE = 1000
"""Factories of which the readings are asked for at a time: a database takes so many numbers and not any more."""


def _seen(request: HttpRequest, number: int) -> Factory:
    return one_of(Factory.objects.visible_to(viewer(request)).select_related("body"), number)


def _kept(request: HttpRequest, number: int) -> Factory:
    return one_of(Factory.objects.kept_by(viewer(request)), number)


@router.get("/factories", response={200: list[shapes.Factory], **MISTAKES}, url_name="factories")
@paginate(Pages)
def factories(request: HttpRequest, q: str = "", state: str = "") -> list[dict[str, Any]]:
    """One's own factories, an assessor's that handed in, the city's all; by name, tax code, state of reading."""
    rows = list(looked_for(viewer(request), q[:200].strip(), state).select_related("body").order_by("name", "id"))
    found = dict[int, Reading]()
    for at in range(0, len(rows), PIECE):
        found |= readings(rows[at : at + PIECE], viewer(request))
    return [factory_plain(one) | {"reading": found[one.pk].state if one.pk in found else None} for one in rows]


@router.get("/framework", response={200: Framework, **MISTAKES}, url_name="factories-framework")
def framework(request: HttpRequest) -> dict[str, Any]:
    """What a self-assessment asks: levels, areas, parts and criteria, in both languages."""
    return framework_plain()


@router.get("/factories/{int:number}", response={200: shapes.Factory, **MISTAKES}, url_name="factories-one")
def factory(request: HttpRequest, number: int) -> dict[str, Any]:
    """One factory's profile."""
    one = _seen(request, number)
    found = readings([one], viewer(request)).get(one.pk)
    return factory_plain(one) | {"reading": found and found.state}


@router.get(
    "/factories/{int:number}/assessments",
    response={200: list[shapes.Assessment], **MISTAKES},
    url_name="factories-assessments",
)
@paginate(Pages)
def assessments(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """Assessments of a factory and assessors' readings of them, the newest first."""
    rows = Assessment.objects.visible_to(viewer(request)).filter(factory=_seen(request, number))
    return [assessment_plain(one) for one in rows.select_related("reader")]


@router.get(
    "/assessments/{int:number}", response={200: shapes.AssessmentWhole, **MISTAKES}, url_name="factories-assessment"
)
def assessment(request: HttpRequest, number: int) -> dict[str, Any]:
    """One assessment with its answers and files."""
    rows = Assessment.objects.visible_to(viewer(request)).select_related("reader")
    return assessment_whole(one_of(rows, number), viewer(request))


@router.get("/assessments/{int:number}/result", response={200: shapes.Result, **MISTAKES}, url_name="factories-result")
def result(request: HttpRequest, number: int) -> dict[str, Any]:
    """What an assessment comes to: levels beside peers, priorities, how far assessors agree."""
    return result_plain(one_of(_handed_in(request).select_related("factory"), number), viewer(request))


@router.get(
    "/assessments/{int:number}/report/{slug:kind}", response=MISTAKES, url_name="factories-report", openapi_extra=BINARY
)
def report(request: HttpRequest, number: int, kind: str) -> Any:
    """What a factory takes away of an assessment: the report as one page (html), or a workbook (xlsx)."""
    if kind not in REPORTS:
        raise nothing()
    return told.report(request, one_of(_handed_in(request), number).pk, kind)


def _handed_in(request: HttpRequest) -> QuerySet[Assessment]:
    return Assessment.objects.visible_to(viewer(request)).filter(of__isnull=True, submitted__isnull=False)


@router.get(
    "/factories/{int:number}/files", response={200: list[shapes.Evidence], **MISTAKES}, url_name="factories-files"
)
@paginate(Pages)
def evidence(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """Every file of a factory, with what it stands behind."""
    rows = Evidence.objects.visible_to(viewer(request)).filter(assessment__factory=_kept(request, number))
    return [evidence_plain(one) for one in rows.order_by("-id")]


@router.get("/evidence/{int:number}", response=MISTAKES, url_name="factories-file", openapi_extra=BINARY)
def content(request: HttpRequest, number: int) -> Any:
    """A file behind an answer."""
    return files.download(request, one_of(Evidence.objects.visible_to(viewer(request)), number).pk)


@router.get("/factories/{int:number}/roadmap", response={200: shapes.Roadmap, **WRITTEN}, url_name="factories-roadmap")
def roadmap(request: HttpRequest, number: int, asked: Query[shapes.RoadmapAsked]) -> dict[str, Any]:
    """The best order of steps under a budget, for a goal."""
    own = _kept(request, number)
    last, lacks = newest(own), missing_of(own)
    if last is None or lacks:
        return roadmap_plain(asked.goal, None, lacks if last else ["assessment", *lacks])
    start = timezone.localdate().year
    try:
        plan = planned(last, tuple(range(start, start + asked.years)), float(asked.budget), goal_of(asked.goal))
    except HaidangError as mistake:
        raise RefusedError(
            "no roadmap can be told: the pack lacks a fact, or not every area has its level"
        ) from mistake
    return roadmap_plain(asked.goal, plan.roadmap, [])


@router.get(
    "/factories/{int:number}/programmes",
    response={200: list[shapes.Chance], **MISTAKES},
    url_name="factories-programmes",
)
@paginate(Pages)
def programmes(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """The programmes that a factory can apply for, each condition met or not and why."""
    return chances_plain(_kept(request, number))


@router.get(
    "/factories/{int:number}/applications",
    response={200: list[shapes.Application], **MISTAKES},
    url_name="factories-applications",
)
@paginate(Pages)
def applications(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """A factory's applications, with what lenders wrote down of them."""
    return [application_plain(one, viewer(request)) for one in _kept(request, number).applications.all()]


@router.get(
    "/applications/{int:number}", response={200: shapes.Application, **MISTAKES}, url_name="factories-application"
)
def application(request: HttpRequest, number: int) -> dict[str, Any]:
    """One's own application."""
    rows = Application.objects.filter(factory__in=Factory.objects.kept_by(viewer(request)))
    return application_plain(one_of(rows, number), viewer(request))


@router.get(
    "/factories/{int:number}/consents", response={200: list[shapes.Consent], **MISTAKES}, url_name="factories-consents"
)
@paginate(Pages)
def consents(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """What each lender sees of a factory now, and saw before; the newest first."""
    rows = Consent.objects.visible_to(viewer(request)).filter(factory=_kept(request, number))
    return [consent_plain(one) for one in rows.select_related("lender")]


@router.get("/lenders", response={200: list[shapes.Lender], **MISTAKES}, url_name="factories-lenders")
@paginate(Pages)
def lenders(request: HttpRequest) -> list[dict[str, Any]]:
    """The lenders and funds to which a factory may show something of itself."""
    return [{"number": one.pk, "name": one.name} for one in Organisation.objects.lenders_for(viewer(request))]


@router.get(
    "/factories/{int:number}/history", response={200: list[shapes.Done], **MISTAKES}, url_name="factories-history"
)
@paginate(Pages)
def history(request: HttpRequest, number: int) -> Any:
    """What was done to a factory's papers, from the log, the newest first."""
    return entries(_kept(request, number))
