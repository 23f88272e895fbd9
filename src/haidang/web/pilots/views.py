"""The pages of the pilots."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from haidang.errors import HaidangError
from haidang.web.access import DOORS, may_pass
from haidang.web.city.pack import pack
from haidang.web.factories.vocabulary import programmes
from haidang.web.jobs.models import Job
from haidang.web.people.models import User, doer, roles_of, viewer
from haidang.web.people.roles import PILOT_READERS, PUBLISHERS, SIMULATORS
from haidang.web.pilots import desk
from haidang.web.pilots.forms import DecisionForm, LotsForm, PowerForm, RegisterForm, SiteLotsForm, TableForm
from haidang.web.pilots.kind_words import assigns, keys_of
from haidang.web.pilots.kinds import KINDS, by_lot
from haidang.web.pilots.lots import draw_lots, draw_site_lots, units_digest
from haidang.web.pilots.models import Decision, Evaluated, Pilot
from haidang.web.pilots.shown import (
    balance_rows,
    chart,
    chart_sentence,
    day_rows,
    power_rows,
    register_rows,
    stop_sentences,
)
from haidang.web.pilots.site_units import has_factories, site_units, units_file
from haidang.web.pilots.work import EVALUATION
from haidang.web.shell import language
from haidang.web.words import words

V = TypeVar("V")
FILES = {
    "pilot.yaml": "application/yaml",
    "pilot.register.jsonl": "application/x-ndjson",
    "assignment.csv": "text/csv",
    "assignment.recipe.json": "application/json",
    "pilot.monitor.jsonl": "application/x-ndjson",
    "evaluation.json": "application/json",
}
"""What may be taken home, and as what."""
EVALUATED = re.compile(r"evaluation-([0-9a-f]{64})\.json")
"""An evaluation by the digest of what it found: also one that a later one followed."""
FOR_EVERYBODY = frozenset({"pilot.yaml", "pilot.register.jsonl"})
"""What holds no unit: the plan, and that it was there before the data."""


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The pilots that this reader may see."""
    rows = Pilot.objects.visible_to(viewer(request)).prefetch_related("decisions")
    may = bool(roles_of(viewer(request)) & SIMULATORS)
    return render(request, "pilots/list.html", {"rows": rows, "may_declare": may})


@require_safe
def pilot(request: HttpRequest, number: int) -> HttpResponse:
    """A pilot: for everybody its registered plan; for its readers all that came of it."""
    return _page(request, found_pilot(request, number))


def _page(request: HttpRequest, pilot: Pilot, **forms: Any) -> HttpResponse:
    own, roles = language(), roles_of(viewer(request))
    values: dict[str, Any] = {"pilot": pilot, "reads": bool(roles & PILOT_READERS), "wrong": ""}
    declared, values["wrong"] = _part(pilot, lambda: desk.read_plan(pilot), None)
    register, register_wrong = _part(pilot, lambda: register_rows(pilot), [])
    if declared is not None:
        values |= {"declared": declared, "question": declared.question[own], "assigns": assigns(declared, own)}
        values |= {"columns": ", ".join(declared.columns), "kind": KINDS[declared.assignment.rule]}
    drawn = declared is None or by_lot(declared)
    values["words"] = found = keys_of("" if declared is None else declared.assignment.rule, own)
    values |= {"register": register, "register_wrong": register_wrong}
    values["in_force"] = bool(register) and register[-1]["hash"] == pilot.hash
    values["has_lots"] = (pilot.folder / desk.ASSIGNMENT).exists()
    evaluated = Evaluated.objects.visible_to(viewer(request)).filter(pilot=pilot)
    if roles & PILOT_READERS:
        values |= _inside(pilot) | {"evaluated": evaluated}
        ruled = Job.objects.ruled_by(viewer(request)).filter(pk__in=[job.pk for job in values["jobs"]])
        values["ruled"] = set(ruled.values_list("pk", flat=True))
        values |= _route(viewer(request), declared)
        values |= _site_lots(request, values, drawn=drawn)
    values |= {
        "may_work": bool(roles & SIMULATORS),
        "may_decide": bool(roles & PUBLISHERS) and bool(register),
        "decisions": Decision.objects.visible_to(viewer(request)).filter(pilot=pilot),
        "registering": RegisterForm(has_lots=values["has_lots"], tick=words(own).text(found["after_lots_tick"])),
        "lots": LotsForm(drawn=drawn),
        "reports_form": TableForm(auto_id="id_reports_%s"),
        "outcomes_form": TableForm(auto_id="id_outcomes_%s"),
        "power_form": PowerForm(),
        "deciding": DecisionForm(evaluated=evaluated.exists()),
    }
    return render(request, "pilots/pilot.html", values | forms)


def _part(pilot: Pilot, act: Callable[[], V], otherwise: V) -> tuple[V, str]:
    """A part of a pilot's page, and what is wrong with it: one that cannot be shown hides no other."""
    try:
        return act(), ""
    except HaidangError as mistake:
        return otherwise, desk.plainly(pilot, mistake, language())


def _inside(pilot: Pilot) -> dict[str, Any]:
    """What only a pilot's readers see."""
    own = language()
    balance, lots_wrong = _part(pilot, lambda: balance_rows(desk.balance(pilot), own), [])
    watched, watch_wrong = _part(pilot, lambda: _watched(pilot), {})
    evaluation = pilot.folder / EVALUATION / f"{own}.html"
    jobs = [job for kind in ("pilot-power", "pilot-evaluation") if (job := _last(pilot, kind)) and job.state != "done"]
    return {
        "balance": balance,
        "lots_wrong": lots_wrong,
        "drawn_from": units_digest(pilot),
        **watched,
        "watch_wrong": watch_wrong,
        "power": power_rows(_last(pilot, "pilot-power"), own),
        "jobs": jobs,
        "busy": any(job.state in {"waiting", "running"} for job in jobs),
        # Made by the report's own template, which escapes what the declaration says.
        "evaluation": mark_safe(evaluation.read_text(encoding="utf-8")) if evaluation.exists() else "",
    }


def _watched(pilot: Pilot) -> dict[str, Any]:
    """The looks at the reports so far, by the plan that is in force.

    Raises:
        HaidangError: the reports or the lots are not those that were seen.
    """
    own, days = language(), desk.seen(pilot)
    if not days:
        return {}
    declared = desk.in_force(pilot)
    return {
        "days": day_rows(days, declared, own),
        "chart_says": chart_sentence(days, declared, own),
        "chart": mark_safe(chart(days, declared, own)) if len(days) > 1 else "",  # drawn here, from numbers
        "stops": stop_sentences(days, declared, own),
    }


def _route(user: Any, declared: Any) -> dict[str, Any]:
    """The programme whose outcomes the lenders' records hold, and whether this reader may take them away."""
    home, _, name = (declared.programme or "").partition("/") if declared is not None else ("", "", "")
    known = home == pack().id and name in programmes()
    return {
        "lent_under": name if known else "",
        "may_take_outcomes": may_pass(user, DOORS["lending:outcomes"]),
        "may_hand_over": may_pass(user, DOORS["lending:hand-over"]),
        "may_take_units": may_pass(user, DOORS["pilots:units"]) and has_factories(user),
    }


def _site_lots(request: HttpRequest, values: Mapping[str, Any], *, drawn: bool) -> dict[str, Any]:
    """This site's units as lots would be drawn from them now; nothing where none are drawn, or not by this reader."""
    user, waits = viewer(request), values["in_force"] and not values["has_lots"]
    if not (waits and values["may_take_units"] and may_pass(user, DOORS["pilots:site-lots"])):
        return {}
    table = site_units(user)
    digest = hashlib.sha256(units_file(table).content).hexdigest()
    form = SiteLotsForm(initial={"units": digest}, auto_id="id_site_lots_%s", drawn=drawn)
    return {"site_lots": form, "site_digest": digest, "site_count": table.height}


def _last(pilot: Pilot, kind: str) -> Job | None:
    return Job.objects.filter(kind=kind, payload__pilot=pilot.pk).order_by("-id").first()


@require_POST
def register(request: HttpRequest, number: int) -> HttpResponse:
    """Register the plan, or amend it."""
    form = RegisterForm(request.POST)
    return _do(
        request, number, form, "registering",
        lambda by, one: desk.register_plan(
            by, one, form.cleaned_data["amendment"], timezone.localdate(), after_lots=form.cleaned_data["after_lots"]
        ),
    )  # fmt: skip


@require_POST
def lots(request: HttpRequest, number: int) -> HttpResponse:
    """Draw the lots."""
    form = LotsForm(request.POST, request.FILES, drawn=_draws(request, number))
    return _do(
        request, number, form, "lots",
        lambda by, one: draw_lots(by, one, form.content(), form.told_salt),
    )  # fmt: skip


@require_POST
def site_lots(request: HttpRequest, number: int) -> HttpResponse:
    """Draw the lots from this site's own units."""
    form = SiteLotsForm(request.POST, auto_id="id_site_lots_%s", drawn=_draws(request, number))
    return _do(
        request, number, form, "site_lots",
        lambda by, one: draw_site_lots(by, one, form.told_salt, form.cleaned_data["units"]),
    )  # fmt: skip


def _draws(request: HttpRequest, number: int) -> bool:
    """Whether a pilot's arms are drawn by chance; of a plan that cannot be read, that it may be."""
    declared, _ = _part(one := found_pilot(request, number), lambda: desk.read_plan(one), None)
    return declared is None or by_lot(declared)


@require_POST
def reports(request: HttpRequest, number: int) -> HttpResponse:
    """Look at the reports so far."""
    form = TableForm(request.POST, request.FILES, auto_id="id_reports_%s")
    return _do(request, number, form, "reports_form", lambda by, one: desk.watch(by, one, form.content()))


@require_POST
def outcomes(request: HttpRequest, number: int) -> HttpResponse:
    """Have the pilot evaluated."""
    form = TableForm(request.POST, request.FILES, auto_id="id_outcomes_%s")
    return _do(request, number, form, "outcomes_form", lambda by, one: desk.ask_evaluation(by, one, form.content()))


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
    seen = Evaluated.objects.visible_to(viewer(request))
    evaluated = seen.filter(pilot=found_pilot(request, number)).exists()
    form = DecisionForm(request.POST, evaluated=evaluated)
    return _do(
        request, number, form, "deciding",
        lambda by, one: desk.decide(by, one, form.cleaned_data["what"], form.cleaned_data["reason"]),
    )  # fmt: skip


@require_safe
def file(request: HttpRequest, number: int, name: str) -> FileResponse:
    """One of a pilot's files, as the command line reads and writes it."""
    pilot, earlier = found_pilot(request, number), EVALUATED.fullmatch(name)
    if name not in FILES and earlier is None:
        raise Http404
    if name not in FOR_EVERYBODY and not roles_of(viewer(request)) & PILOT_READERS:
        raise PermissionDenied
    if earlier is not None:
        place = desk.evaluation_file(pilot, earlier[1])
    else:
        place = pilot.folder / EVALUATION / name if name == "evaluation.json" else pilot.folder / name
    if not place.is_file():
        raise Http404
    kind = FILES["evaluation.json" if earlier else name]
    return FileResponse(Path(place).open("rb"), as_attachment=True, filename=name, content_type=kind)


def _do(
    request: HttpRequest, number: int, form: Any, place: str, act: Callable[[User, Pilot], object]
) -> HttpResponse:  # fmt: skip
    """Do what a form asks for, or show it again with what is wrong beside it."""
    one = found_pilot(request, number)
    if not form.is_valid():
        return _page(request, one, **{place: form})
    try:
        act(doer(request), one)
    except HaidangError as mistake:
        messages.error(request, desk.plainly(one, mistake, language()))
        return to_pilot(one)
    messages.success(request, words(language()).text("pilots.done"))
    return to_pilot(one)


def said_of(pilot: Pilot) -> Mapping[str, str]:
    """What is said of a pilot by its kind of design; of a plan that cannot be read, what is said of most."""
    declared, _ = _part(pilot, lambda: desk.read_plan(pilot), None)
    return keys_of("" if declared is None else declared.assignment.rule, language())


def found_pilot(request: HttpRequest, number: int) -> Pilot:
    """A pilot that this reader may see.

    Raises:
        Http404: there is none, or it is hidden.
    """
    found = Pilot.objects.visible_to(viewer(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found


def to_pilot(one: Pilot) -> HttpResponseRedirect:
    """To a pilot's page."""
    return HttpResponseRedirect(reverse("pilots:pilot", args=(one.pk,)))
