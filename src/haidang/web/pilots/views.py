"""The pages of the pilots."""

from __future__ import annotations

from collections.abc import Callable
from math import isfinite
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from haidang.errors import HaidangError
from haidang.web.factories.models.factory import REVIEWERS
from haidang.web.factories.vocabulary import programmes
from haidang.web.jobs.models import Job
from haidang.web.people.models import User, doer, roles_of, viewer
from haidang.web.people.roles import PILOT_READERS, PUBLISHERS, SIMULATORS
from haidang.web.pilots import desk
from haidang.web.pilots.forms import EXAMPLE, DecisionForm, LotsForm, PlanForm, PowerForm, RegisterForm, TableForm
from haidang.web.pilots.models import Decision, Pilot
from haidang.web.pilots.shown import (
    balance_rows,
    chart,
    chart_sentence,
    day_rows,
    power_rows,
    register_rows,
    stop_sentences,
)
from haidang.web.pilots.work import EVALUATION
from haidang.web.shell import language
from haidang.web.words import words

FILES = {
    "pilot.yaml": "application/yaml",
    "pilot.register.jsonl": "application/x-ndjson",
    "assignment.csv": "text/csv",
    "assignment.recipe.json": "application/json",
    "pilot.monitor.jsonl": "application/x-ndjson",
    "evaluation.json": "application/json",
}
"""What may be taken home, and as what."""
FOR_EVERYBODY = frozenset({"pilot.yaml", "pilot.register.jsonl"})
"""What holds no unit: the plan, and that it was there before the data."""


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The pilots that this reader may see."""
    rows = Pilot.objects.visible_to(viewer(request)).prefetch_related("decisions")
    may = bool(roles_of(viewer(request)) & SIMULATORS)
    return render(request, "pilots/list.html", {"rows": rows, "may_declare": may})


@require_http_methods(["GET", "HEAD", "POST"])
def declare(request: HttpRequest) -> HttpResponse:
    """Lay down a new pilot."""
    form = PlanForm(request.POST or None, initial={"declaration": EXAMPLE})
    if request.method == "POST" and form.is_valid():
        try:
            return _to(desk.declare(doer(request), form.cleaned_data["declaration"].encode()))
        except HaidangError as mistake:
            form.add_error("declaration", desk.plainly(None, mistake, language()))
    return render(request, "pilots/declare.html", {"form": form, "pilot": None})


@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, number: int) -> HttpResponse:
    """Another declaration in the place of a pilot's."""
    pilot = _found(request, number)
    form = PlanForm(request.POST or None, initial={"declaration": pilot.plan.read_text(encoding="utf-8")})
    if request.method == "POST" and form.is_valid():
        try:
            desk.change_plan(doer(request), pilot, form.cleaned_data["declaration"].encode())
            return _to(pilot)
        except HaidangError as mistake:
            form.add_error("declaration", desk.plainly(pilot, mistake, language()))
    return render(request, "pilots/declare.html", {"form": form, "pilot": pilot})


@require_safe
def pilot(request: HttpRequest, number: int) -> HttpResponse:
    """A pilot: for everybody its registered plan; for its readers all that came of it."""
    return _page(request, _found(request, number))


def _page(request: HttpRequest, pilot: Pilot, **forms: Any) -> HttpResponse:
    own, roles = language(), roles_of(viewer(request))
    values: dict[str, Any] = {"pilot": pilot, "reads": bool(roles & PILOT_READERS), "wrong": ""}
    try:
        declared = desk.read_plan(pilot)
        values |= {"declared": declared, "register": register_rows(pilot), "question": declared.question[own]}
        programme = (declared.programme or "").rpartition("/")[2]
        values["lending"] = programme if roles & REVIEWERS and programme in programmes() else ""
        values["columns"] = ", ".join(declared.columns) or "–"
        values["in_force"] = bool(values["register"]) and values["register"][-1]["hash"] == pilot.hash
        if roles & PILOT_READERS:
            values |= _inside(pilot, declared)
    except HaidangError as mistake:
        values["wrong"] = desk.plainly(pilot, mistake, language())
    values |= {
        "may_work": bool(roles & SIMULATORS),
        "may_decide": bool(roles & PUBLISHERS),
        "decisions": Decision.objects.visible_to(viewer(request)).filter(pilot=pilot),
        "registering": RegisterForm(),
        "lots": LotsForm(),
        "tables": TableForm(),
        "power_form": PowerForm(),
        "deciding": DecisionForm(),
    }
    return render(request, "pilots/pilot.html", values | forms)


def _inside(pilot: Pilot, declared: Any) -> dict[str, Any]:
    """What only a pilot's readers see."""
    own = language()
    days = desk.seen(pilot)
    evaluation = pilot.folder / EVALUATION / f"{own}.html"
    jobs = [job for kind in ("pilot-power", "pilot-evaluation") if (job := _last(pilot, kind)) and job.state != "done"]
    return {
        "has_lots": (pilot.folder / desk.ASSIGNMENT).exists(),
        "balance": balance_rows(desk.balance(pilot), own),
        "days": day_rows(days, declared, own),
        "chart_says": chart_sentence(days, declared, own) if days else "",
        "chart": mark_safe(chart(days, declared, own)) if len(days) > 1 else "",  # drawn here, from numbers
        "stops": stop_sentences(days, declared, own),
        "last": days[-1] if days and isfinite(days[-1].estimate) else None,
        "power": power_rows(_last(pilot, "pilot-power"), own),
        "jobs": jobs,
        "busy": any(job.state in {"waiting", "running"} for job in jobs),
        # Made by the report's own template, which escapes what the declaration says.
        "evaluation": mark_safe(evaluation.read_text(encoding="utf-8")) if evaluation.exists() else "",
    }


def _last(pilot: Pilot, kind: str) -> Job | None:
    return Job.objects.filter(kind=kind, payload__pilot=pilot.pk).order_by("-id").first()


@require_POST
def register(request: HttpRequest, number: int) -> HttpResponse:
    """Register the plan, or amend it."""
    form = RegisterForm(request.POST)
    return _do(
        request, number, form, "registering",
        lambda by, one: desk.register_plan(by, one, form.cleaned_data["amendment"], timezone.localdate()),
    )  # fmt: skip


@require_POST
def lots(request: HttpRequest, number: int) -> HttpResponse:
    """Draw the lots."""
    form = LotsForm(request.POST, request.FILES)
    return _do(
        request, number, form, "lots",
        lambda by, one: desk.draw_lots(by, one, form.content(), form.cleaned_data["salt"]),
    )  # fmt: skip


@require_POST
def reports(request: HttpRequest, number: int) -> HttpResponse:
    """Look at the reports so far."""
    form = TableForm(request.POST, request.FILES)
    return _do(request, number, form, "tables", lambda by, one: desk.watch(by, one, form.content()))


@require_POST
def outcomes(request: HttpRequest, number: int) -> HttpResponse:
    """Have the pilot evaluated."""
    form = TableForm(request.POST, request.FILES)
    return _do(request, number, form, "tables", lambda by, one: desk.ask_evaluation(by, one, form.content()))


@require_POST
def power(request: HttpRequest, number: int) -> HttpResponse:
    """Have simulated what the designs can find."""
    form = PowerForm(request.POST)
    return _do(
        request, number, form, "power_form",
        lambda by, one: desk.ask(by, one, "pilot-power", pilots=form.cleaned_data["pilots_simulated"]),
    )  # fmt: skip


@require_POST
def decide(request: HttpRequest, number: int) -> HttpResponse:
    """Write down a decision."""
    form = DecisionForm(request.POST)
    return _do(
        request, number, form, "deciding",
        lambda by, one: desk.decide(by, one, form.cleaned_data["what"], form.cleaned_data["reason"]),
    )  # fmt: skip


@require_safe
def file(request: HttpRequest, number: int, name: str) -> FileResponse:
    """One of a pilot's files, as the command line reads and writes it."""
    pilot = _found(request, number)
    if name not in FILES:
        raise Http404
    if name not in FOR_EVERYBODY and not roles_of(viewer(request)) & PILOT_READERS:
        raise PermissionDenied
    place = pilot.folder / EVALUATION / name if name == "evaluation.json" else pilot.folder / name
    if not place.is_file():
        raise Http404
    return FileResponse(Path(place).open("rb"), as_attachment=True, filename=name, content_type=FILES[name])


def _do(
    request: HttpRequest, number: int, form: Any, place: str, act: Callable[[User, Pilot], object]
) -> HttpResponse:  # fmt: skip
    """Do what a form asks for, or show it again with what is wrong beside it."""
    one = _found(request, number)
    if not form.is_valid():
        return _page(request, one, **{place: form})
    try:
        act(doer(request), one)
    except HaidangError as mistake:
        messages.error(request, desk.plainly(one, mistake, language()))
        return _to(one)
    messages.success(request, words(language()).text("pilots.done"))
    return _to(one)


def _found(request: HttpRequest, number: int) -> Pilot:
    found = Pilot.objects.visible_to(viewer(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def _to(one: Pilot) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("pilots:pilot", args=(one.pk,)))
