"""The use of a programme's line beside its forecast, and what leaves for the pilots that are evaluated on it."""

from __future__ import annotations

import json

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_GET, require_POST, require_safe

from haidang.errors import HaidangError
from haidang.results.catalogue import catalogue
from haidang.results.numerals import Scale, number, percent, scale
from haidang.web.dong import told_dong, whole
from haidang.web.factories.views.found import one_of, person
from haidang.web.factories.vocabulary import programmes
from haidang.web.lending import records, to_pilots, use
from haidang.web.lending.models import REVIEWERS
from haidang.web.lending.records import say
from haidang.web.lending.views import around
from haidang.web.people.models import User, roles_of
from haidang.web.people.roles import Role
from haidang.web.pilots.desk import plainly
from haidang.web.pilots.models import Pilot
from haidang.web.shell import language
from haidang.web.tables import csv_answer


@require_GET
def line(request: HttpRequest) -> HttpResponse:
    """The use of a programme's line beside the forecast of its newest published run."""
    user, spoken = person(request), language()
    staff = bool(roles_of(user) & REVIEWERS)
    known = list(programmes())
    name = request.GET.get("programme", known[0] if known else "")
    if name not in known:
        if known or name:
            raise Http404
        return render(request, "lending/use.html", around(request, "use", none=True))
    try:
        forecast = use.forecast_of(name)
    except HaidangError:
        forecast = None
    years = use.recorded(user, name, programmes()[name].years, timezone.localdate().year)
    top = max([0.0, *(forecast.high if forecast else ()), *(float(one.approved) for one in years)])
    axis = scale("VND", [top], catalogue(spoken))
    # Every text in the drawing is escaped. Where nothing is foretold and nothing recorded there is nothing to draw.
    svg = "" if not top and not any(one.disbursed for one in years) else use.drawing(
        forecast, years, say("use.drawing"), axis.label, lambda value: number(value / axis.factor, spoken, 2)
    )  # fmt: skip
    values = around(
        request, "use", programme=name, programmes=[(one, programmes()[one].title[spoken]) for one in known],
        title=programmes()[name].title[spoken], forecast=forecast, drawing=mark_safe(svg),
        sentence=_sentence(forecast, years, own=not staff),
        left_out=_left_out(use.left_out(user, name), staff=staff),
        table=_use_table(forecast, years, axis), unit=axis.label,
        pilots=_pilots(user, name) if staff else None, may_hand_over=Role.ANALYST in roles_of(user),
    )  # fmt: skip
    return render(request, "lending/use.html", values)


def _pilots(user: User, programme: str) -> list[tuple[to_pilots.Taker, str]]:
    """The pilots of a programme, each with the hash of the table that it was handed last."""
    found = to_pilots.takers(user, programme)
    return [(one, "" if one.last is None else json.loads(one.last.details)["sha256"]) for one in found]


def _sentence(forecast: use.Forecast | None, years: list[use.Year], *, own: bool) -> str:
    """What was recorded, and the forecast for this year.

    The forecast is of the whole line, so only all lenders' money together is held against it: a lender, who sees its
    own records, is told how much of it that is.
    """
    spoken, now = language(), years[-1]
    told = say(
        "use.recorded_own" if own else "use.recorded", approved=told_dong(now.approved, spoken),
        disbursed=told_dong(now.disbursed, spoken), year=now.year, applications=now.applications,
    )  # fmt: skip
    if forecast is None:
        return f"{told} {say('use.no_run')}"
    at = next((place for place, year in enumerate(forecast.years) if year == now.year), None)
    if at is None:
        return f"{told} {say('use.other_years', first=forecast.years[0], last=forecast.years[-1])}"
    low, middle, high = (each[at] for each in (forecast.low, forecast.middle, forecast.high))
    told += f" {say('use.forecast', year=now.year, **_in_words(low=low, middle=middle, high=high))}"
    if own:
        told += f" {say('use.own')}"
        some = now.disbursed > 0 and middle > 0
        return f"{told} {say('use.share', share=percent(now.disbursed / middle, spoken))}" if some else told
    where = "below" if now.disbursed < low else "above" if now.disbursed > high else "within"
    return f"{told} {say(f'use.{where}')}"


def _left_out(found: use.LeftOut | None, *, staff: bool) -> str:
    """How much was recorded of example factories, and why it is not counted; empty where nothing is left out."""
    if found is None:
        return ""
    spoken = language()
    told = say(
        "use.left_out", records=whole(found.records, spoken), applications=whole(found.applications, spoken),
        **_in_words(approved=found.approved, disbursed=found.disbursed),
    )  # fmt: skip
    return f"{told} {say('use.left_out_table')}" if staff else told


def _in_words(**amounts: float) -> dict[str, str]:
    return {name: told_dong(value, language()) for name, value in amounts.items()}


def _use_table(forecast: use.Forecast | None, years: list[use.Year], axis: Scale) -> list[tuple[str, ...]]:
    """A row for each year: the forecast's three points, what was approved, paid out, paid back, on one scale."""
    spoken = language()

    def shown(value: float) -> str:
        return number(value / axis.factor, spoken)

    points = {} if forecast is None else {
        year: tuple(shown(value) for value in each)
        for year, *each in zip(forecast.years, forecast.low, forecast.middle, forecast.high, strict=True)
    }  # fmt: skip
    noted = {one.year: (shown(one.approved), shown(one.disbursed), shown(one.repaid)) for one in years}
    every = sorted({*points, *noted})
    return [(str(year), *points.get(year, ("", "", "")), *noted.get(year, ("", "", ""))) for year in every]


@require_POST
def hand_over(request: HttpRequest, number: int) -> HttpResponse:
    """Have a pilot evaluated on what lenders recorded until now."""
    by = person(request)
    pilot = one_of(Pilot.objects.visible_to(by), number)
    found = to_pilots.taker_of(pilot)
    if found is None or found.programme not in programmes():
        raise Http404
    try:
        if found.obstacle:
            messages.error(request, say(f"pilots.{found.obstacle}", column=found.column))
        else:
            messages.success(request, say("pilots.handed_over", sha256=to_pilots.hand_over(by, found)))
    except HaidangError as mistake:
        messages.error(request, plainly(pilot, mistake, language()))
    return HttpResponseRedirect(f"{reverse('lending:use')}?programme={found.programme}#h-pilots")


@require_safe
def outcomes(request: HttpRequest, name: str) -> HttpResponse:
    """What became of every factory under a programme, as `haidang pilot evaluate` reads it."""
    if name not in programmes():
        raise Http404
    return csv_answer("outcomes.csv", records.OUTCOMES, records.outcome_rows(person(request), name))
