"""The pages on which a pilot is laid down: by a form, as a text, or as a file."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from haidang.errors import HaidangError
from haidang.web.people.models import doer, viewer
from haidang.web.pilots import desk
from haidang.web.pilots.design import DesignForm
from haidang.web.pilots.forms import EXAMPLE, PlanForm
from haidang.web.pilots.models import Pilot
from haidang.web.pilots.opened import opened
from haidang.web.pilots.rows import step_of
from haidang.web.pilots.site_units import has_factories, site_units, units_file
from haidang.web.pilots.views import found_pilot, said_of, to_pilot
from haidang.web.shell import language


@require_http_methods(["GET", "HEAD", "POST"])
def design(request: HttpRequest) -> HttpResponse:
    """Fill in a pilot, step by step; what comes of it is a text that is looked through before it is kept."""
    step = step_of(request.POST) if request.method == "POST" else ""
    form = DesignForm(viewer(request), request.POST or None, request.FILES or None, step)
    if request.method == "POST" and not step and form.is_valid():
        box = PlanForm(initial={"declaration": form.text})
        return render(request, "pilots/declare.html", {"form": box, "pilot": None, "designed": True})
    return render(request, "pilots/design.html", {"form": form})


@require_http_methods(["GET", "HEAD", "POST"])
def redesign(request: HttpRequest, number: int) -> HttpResponse:
    """The form with a plan that is not registered yet; what it cannot show stays with the box."""
    pilot, who = found_pilot(request, number), viewer(request)
    step = step_of(request.POST) if request.method == "POST" else "kind"
    try:
        first = opened(who, pilot)
    except HaidangError as mistake:
        box = PlanForm(initial={"declaration": pilot.plan.read_text(encoding="utf-8")})
        return _box(request, pilot, box, unshown=desk.plainly(pilot, mistake, language()))
    given = request.POST if request.method == "POST" else first
    form = DesignForm(who, given, request.FILES or None, step, pilot.name)
    if not step and form.is_valid():
        box = PlanForm(initial={"declaration": form.text, "seen": form.cleaned_data["seen"]})
        return _box(request, pilot, box, designed=True)
    return render(request, "pilots/design.html", {"form": form, "pilot": pilot})


@require_safe
def units(request: HttpRequest) -> HttpResponse:
    """This site's factories as a pilot's units, for its lots."""
    if not has_factories(viewer(request)):
        raise Http404
    return units_file(site_units(viewer(request)))


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Lay down a new pilot."""
    form = PlanForm(request.POST or None, request.FILES or None, initial={"declaration": EXAMPLE})
    if request.method == "POST" and form.is_valid():
        try:
            return to_pilot(desk.declare(doer(request), form.content()))
        except HaidangError as mistake:
            form.add_error("declaration", desk.plainly(None, mistake, language()))
    return render(request, "pilots/declare.html", {"form": form, "pilot": None})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Another declaration in the place of a pilot's."""
    pilot = found_pilot(request, number)
    first = {"declaration": pilot.plan.read_text(encoding="utf-8")}
    form = PlanForm(request.POST or None, request.FILES or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            desk.change_plan(doer(request), pilot, form.content(), form.cleaned_data["seen"])
            return to_pilot(pilot)
        except HaidangError as mistake:
            form.add_error("declaration", desk.plainly(pilot, mistake, language()))
    return _box(request, pilot, form)


def _box(request: HttpRequest, pilot: Pilot, form: PlanForm, **more: object) -> HttpResponse:
    """The box with a pilot's declaration."""
    values = {"form": form, "pilot": pilot, "has_lots": (pilot.folder / desk.ASSIGNMENT).exists()}
    return render(request, "pilots/declare.html", values | {"words": said_of(pilot)} | more)
