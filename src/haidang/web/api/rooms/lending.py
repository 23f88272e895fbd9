"""Lenders and the fund for programs: the pipeline, records, the line's use, the city's lists."""

# Without annotations as texts: the decorator that cuts lists into pieces reads them from a module of its own.

import json
from dataclasses import asdict
from typing import Any

from django.http import HttpRequest
from django.utils import timezone
from ninja import Query, Router
from ninja.pagination import paginate

from haidang.errors import HaidangError
from haidang.web.api.answers import MISTAKES, Pages, finite, nothing, one_of, owner, storable
from haidang.web.api.rooms import factories_shapes
from haidang.web.api.rooms import lending_shapes as shapes
from haidang.web.api.rooms.factories_told import evidence_plain, stages_plain
from haidang.web.factories.models import Assessment
from haidang.web.factories.scored import newest, read
from haidang.web.factories.vocabulary import framework, programmes
from haidang.web.lending import choice, lists, pipeline, records, to_pilots, use
from haidang.web.lending.models import AllocationList, StageRecord
from haidang.web.lending.views import seen_application
from haidang.web.people.models import viewer

router = Router()


@router.get("/applications", response={200: list[shapes.Asked], **MISTAKES}, url_name="lending-applications")
@paginate(Pages)
def applications(request: HttpRequest, looked_for: Query[shapes.LookedFor]) -> list[dict[str, Any]]:
    """The applications that one may see: a lender those whose factories consent, the city's people all."""
    given = {name: text for name, text in looked_for.dict().items() if text}
    user = owner(request)
    numbers = list(choice.asked_for(user, given))
    vi = {one.application.pk: one for one in pipeline.rows(numbers, user, "vi")}
    chosen = pipeline.rows(numbers, user, "en")
    return [_row(vi[one.application.pk], one) for one in chosen if one.application.pk in vi]


def _row(vi: pipeline.Row, en: pipeline.Row) -> dict[str, Any]:
    place = None
    if vi.place is not None and en.place is not None:
        place = {"standing": en.place.standing, **_both(vi.place, en.place)}
    return {
        "number": en.application.pk,
        "programme": en.application.programme,
        "sent": en.application.sent,
        "seen": sorted(en.seen),
        "known": dict(en.known),
        "level": en.level,
        "stage": en.stage,
        "sums": dict(en.sums),
        "place": place,
    }


def _both(vi: lists.Place, en: lists.Place) -> dict[str, Any]:
    return {name: {"vi": getattr(vi, name), "en": getattr(en, name)} for name in ("why", "certainty")}


@router.get("/applications/{int:number}", response={200: shapes.AskedWhole, **MISTAKES}, url_name="lending-application")
def application(request: HttpRequest, number: int) -> dict[str, Any]:
    """One application: what its factory lets be seen, and what became of it."""
    user = owner(request)
    found, consented = seen_application(user, storable(number))
    en = pipeline.one(found, user, "en") if consented else None
    vi = pipeline.one(found, user, "vi") if consented else None
    seen = frozenset[str]() if en is None else en.seen
    last = newest(found.factory)
    own = StageRecord.objects.visible_to(user).filter(application=found).select_related("lender", "application")
    answers = last.answers.filter(value__in=(0, 1, 2)).order_by("id") if last and "answers" in seen else ()
    return {
        "application": None if vi is None or en is None else _row(vi, en),
        "areas": _areas(last) if last and "levels" in seen else [],
        "answers": [{"criterion": one.criterion, "value": one.value} for one in answers],
        "evidence": [evidence_plain(one) for one in last.evidence.all()] if last and "evidence" in seen else [],
        "records": stages_plain(list(own.order_by("day", "id"))),
    }


def _areas(last: Assessment) -> list[dict[str, Any]]:
    found = read(last)
    return [
        {
            "id": area.id,
            "title": dict(area.title),
            "claimed": finite(float(found.scores.claimed.area_mean[0, at])),
            "verified": finite(float(found.scores.verified.area_mean[0, at])),
        }
        for at, area in enumerate(framework().areas)
    ]


@router.get("/records", response={200: list[factories_shapes.Stage], **MISTAKES}, url_name="lending-records")
@paginate(Pages)
def recorded(request: HttpRequest) -> list[dict[str, Any]]:
    """Every record that one may see, those that were corrected too; the newest first."""
    rows = StageRecord.objects.visible_to(viewer(request)).select_related("application", "lender").order_by("-id")
    return stages_plain(list(rows))


@router.get("/use/{slug:programme}", response={200: shapes.Use, **MISTAKES}, url_name="lending-use")
def line(request: HttpRequest, programme: str) -> dict[str, Any]:
    """The use of a programme's line beside the forecast of its newest published run."""
    if programme not in programmes():
        raise nothing()
    try:
        forecast = use.forecast_of(programme)
    except HaidangError:
        forecast = None
    now = timezone.localdate().year
    names = ("year", "applications", "approved", "disbursed", "repaid")
    years = use.recorded(owner(request), programme, programmes()[programme].years, now)
    apart = use.left_out(owner(request), programme)
    points = () if forecast is None else zip(
        forecast.years, forecast.low, forecast.middle, forecast.high, strict=True
    )  # fmt: skip
    return {
        "programme": programme,
        "run": None if forecast is None else forecast.run.pk,
        "line": None if forecast is None else forecast.line,
        "forecast": [dict(zip(("year", "p5", "p50", "p95"), each, strict=True)) for each in points],
        "recorded": [{name: getattr(one, name) for name in names} for one in years],
        "left_out": None if apart is None else asdict(apart),
    }


@router.get("/outcomes/{slug:programme}", response={200: list[shapes.Outcome], **MISTAKES}, url_name="lending-outcomes")
@paginate(Pages)
def outcomes(request: HttpRequest, programme: str) -> list[dict[str, Any]]:
    """What became of every factory under a programme, as an evaluation reads it."""
    if programme not in programmes():
        raise nothing()
    rows = records.outcome_rows(owner(request), programme)
    return [dict(zip(records.OUTCOMES, row, strict=True)) for row in rows]


@router.get("/takers/{slug:programme}", response={200: list[shapes.Taker], **MISTAKES}, url_name="lending-takers")
@paginate(Pages)
def takers(request: HttpRequest, programme: str) -> list[dict[str, Any]]:
    """The pilots of a programme that can be evaluated on what lenders recorded, and when each was handed it last."""
    if programme not in programmes():
        raise nothing()
    return [_taker(one) for one in to_pilots.takers(owner(request), programme)]


def _taker(one: to_pilots.Taker) -> dict[str, Any]:
    names = ("column", "units", "known", "obstacle")
    last = None if one.last is None else {
        "at": one.last.at, "by": one.last.who, "sha256": json.loads(one.last.details)["sha256"],
    }  # fmt: skip
    plain = {name: getattr(one, name) for name in names}
    return {"pilot": one.pilot.pk, "title": one.pilot.title, "last": last, **plain}


@router.get("/lists", response={200: list[shapes.AllocationList], **MISTAKES}, url_name="lending-lists")
@paginate(Pages)
def all_lists(request: HttpRequest) -> Any:
    """The city's allocation lists, the newest first."""
    return [list_plain(one) for one in AllocationList.objects.visible_to(viewer(request))]


def list_plain(one: AllocationList) -> dict[str, Any]:
    """A list of the city."""
    names = ("title", "programme", "sha256", "units", "listed", "made", "published")
    return {"number": one.pk, **{name: getattr(one, name) for name in names}}


@router.get("/lists/{int:number}", response={200: list[shapes.Listed], **MISTAKES}, url_name="lending-list")
@paginate(Pages)
def one_list(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """The factories that a list holds and that one may see: the city's people all, a lender those that let it."""
    user = owner(request)
    found = one_of(AllocationList.objects.visible_to(user), number)
    vi, en = pipeline.on_list(found, user, "vi"), pipeline.on_list(found, user, "en")
    return [
        {
            "factory": None if one.factory is None else one.factory.pk,
            "unit": None if one.factory is None else one.factory.unit,
            "application": one.application,
            "name": one.name,
            "standing": one.place.standing,
            **_both(other.place, one.place),
        }
        for other, one in zip(vi, en, strict=True)
    ]
