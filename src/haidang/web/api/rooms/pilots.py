"""Pilots for programs: the plan and its register, lots, monitoring, power, evaluation, decisions."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.pagination import paginate

from haidang.errors import HaidangError
from haidang.web.api.answers import BINARY, MISTAKES, WRITTEN, Pages, RefusedError, finite, one_of, storable
from haidang.web.api.rooms import pilots_shapes as shapes
from haidang.web.jobs.models import Job
from haidang.web.people.models import roles_of, viewer
from haidang.web.people.roles import PILOT_READERS
from haidang.web.pilots import desk, plans, views
from haidang.web.pilots.kinds import KINDS
from haidang.web.pilots.models import Decision, Evaluated, Pilot
from haidang.web.pilots.shown import register_rows
from haidang.web.pilots.work import EVALUATION

router = Router()


def found_pilot(request: HttpRequest, number: int) -> Pilot:
    """A pilot that a reader may see."""
    return one_of(Pilot.objects.visible_to(viewer(request)), number)


def plainly(one: Pilot, mistake: HaidangError) -> RefusedError:
    """A mistake about a pilot, with no folder of this machine in it."""
    return RefusedError(desk.plainly(one, mistake, "en"))


@router.get("", response=list[shapes.Pilot], url_name="pilots")
@paginate(Pages)
def pilots(request: HttpRequest) -> list[dict[str, Any]]:
    """Pilots: the registered ones; for their readers, with pilots:read, all."""
    return [pilot_plain(one) for one in Pilot.objects.visible_to(viewer(request))]


def pilot_plain(one: Pilot) -> dict[str, Any]:
    """A pilot as lists name it."""
    return {
        "number": one.pk, "id": one.name, "title": one.title, "made": one.made, "registered": one.registered,
        "hash": one.hash,
    }  # fmt: skip


@router.get("/units", response=MISTAKES, url_name="pilots-units", openapi_extra=BINARY)
def units(request: HttpRequest) -> Any:
    """This site's factories as a pilot's units, for its lots: a table in CSV."""
    return plans.units(request)


@router.get("/{int:number}", response={200: shapes.PilotWhole, **WRITTEN}, url_name="pilots-one")
def pilot(request: HttpRequest, number: int) -> dict[str, Any]:
    """A pilot as declared and registered, and what was decided."""
    one = found_pilot(request, number)
    reads = bool(roles_of(viewer(request)) & PILOT_READERS)
    try:
        declared, register = desk.read_plan(one), register_rows(one)
    except HaidangError as mistake:
        raise plainly(one, mistake) from mistake
    decisions = Decision.objects.visible_to(viewer(request)).filter(pilot=one)
    return {
        **pilot_plain(one),
        "question": dict(declared.question),
        "declaration": one.plan.read_text(encoding="utf-8"),
        "arms": [{"id": arm.id, "title": dict(arm.title), "share": arm.share} for arm in declared.arms],
        "units": declared.units.size,
        "rule": declared.assignment.rule,
        "watched": KINDS[declared.assignment.rule].watched,
        "outcome": declared.outcome.column,
        "unit": declared.outcome.unit,
        "start": declared.start,
        "end": declared.end,
        "registrations": register,
        "in_force": bool(register) and register[-1]["hash"] == one.hash,
        "decisions": [
            {
                "what": each.what,
                "reason": each.reason,
                "at": each.at,
                "by": str(each.by) if reads else None,
                "plan": each.plan,
                "register_end": each.register,
                "outcomes": each.evaluation and each.evaluation.data,
                "evaluation": each.evaluation and each.evaluation.found,
            }
            for each in decisions
        ],
    }


@router.get("/{int:number}/monitoring", response={200: shapes.Monitoring, **WRITTEN}, url_name="pilots-monitoring")
def monitoring(request: HttpRequest, number: int) -> dict[str, Any]:
    """The lots' balance and every look at the reports so far, with intervals that hold at all looks together."""
    one = found_pilot(request, number)
    try:
        balance, looks = desk.balance(one), desk.seen(one)
    except HaidangError as mistake:
        raise plainly(one, mistake) from mistake
    return {
        "drawn": (one.folder / desk.ASSIGNMENT).exists(),
        "balance": [
            {
                "about": each.about or each.name,
                "value": None if each.value is None else finite(each.value),
                "verdict": each.verdict,
            }
            for each in balance
        ],
        "looks": [each.as_json() for each in looks],
    }


@router.get("/{int:number}/power", response={200: shapes.Power, **MISTAKES}, url_name="pilots-power")
def power(request: HttpRequest, number: int) -> dict[str, Any]:
    """What the pilot and its other designs can find, as last told."""
    done = Job.objects.filter(kind="pilot-power", payload__pilot=found_pilot(request, number).pk, state=Job.State.DONE)
    last = done.order_by("-id").first()
    return {"told": None if last is None else last.outcome}


@router.get("/{int:number}/evaluation", response={200: shapes.Evaluation, **MISTAKES}, url_name="pilots-evaluation")
def evaluation(request: HttpRequest, number: int) -> dict[str, Any]:
    """What an evaluation as registered found."""
    one = found_pilot(request, number)
    file = one.folder / EVALUATION / "evaluation.json"
    every = Evaluated.objects.visible_to(viewer(request)).filter(pilot=one)
    return {
        "found": json.loads(file.read_text(encoding="utf-8")) if file.exists() else None,
        "every": [
            {"at": each.at, "plan": each.plan, "outcomes": each.data, "found": each.found, "action": each.action}
            for each in every
        ],
    }


@router.get("/{int:number}/work", response={200: list[shapes.Work], **MISTAKES}, url_name="pilots-work")
@paginate(Pages)
def work(request: HttpRequest, number: int) -> list[dict[str, Any]]:
    """Work in the background for a pilot, the newest first."""
    rows = Job.objects.filter(kind__startswith="pilot-", payload__pilot=found_pilot(request, number).pk).order_by("-id")
    return [work_plain(one) for one in rows]


def work_plain(one: Job) -> dict[str, Any]:
    """Work for a pilot."""
    return {"number": one.pk, "kind": one.kind, "state": one.state, "mistake": one.mistake}


@router.get(
    "/{int:number}/files/{str:name}", response=MISTAKES, url_name="pilots-file", openapi_extra=BINARY
)  # fmt: skip
def file(request: HttpRequest, number: int, name: str) -> Any:
    """A pilot's file as the command line reads and writes it; for everybody its plan and its register."""
    return views.file(request, storable(number), name)
