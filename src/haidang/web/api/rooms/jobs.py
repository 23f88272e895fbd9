"""Work in the background for programs: what there is, more of it, cancelled, tried again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError
from ninja.pagination import paginate

from haidang.web.api import shapes
from haidang.web.api.answers import MISTAKES, WRITTEN, Pages, RefusedError, key, one_of, owner
from haidang.web.city.pack import pack
from haidang.web.jobs.deeds import cancel, try_again
from haidang.web.jobs.models import Job
from haidang.web.jobs.views import LookForm, chosen
from haidang.web.ledger.write import note
from haidang.web.people.models import User, viewer
from haidang.web.people.roles import SIMULATORS

router = Router()


@router.get("", response={200: list[shapes.Job], **MISTAKES}, url_name="jobs")
@paginate(Pages)
def jobs(request: HttpRequest, state: str = "", kind: str = "") -> list[dict[str, Any]]:
    """Work in the background, the newest first; of one state or kind where it is named."""
    rows = chosen(Job.objects.visible_to(viewer(request)), LookForm({"state": state, "kind": kind}))
    return [_plain(each) for each in rows.select_related("asked_by")]


@router.post("", response={201: shapes.Job, **MISTAKES}, url_name="jobs")
def ask(request: HttpRequest, asked: shapes.JobAsked) -> tuple[int, dict[str, Any]]:
    """Have a programme simulated; the run is for the city's staff until somebody publishes it."""
    by = owner(request)
    if not by.roles & SIMULATORS:
        raise HttpError(403, "not for this role")
    if asked.programme not in pack().programmes:
        raise HttpError(404, "no such programme")
    with transaction.atomic():
        job = Job.objects.create(
            pack=pack().id, programme=asked.programme, draws=asked.draws, seed=asked.seed, asked_by=by
        )
        note(by, "jobs.job.asked", job, programme=asked.programme, draws=asked.draws, seed=asked.seed)
    return 201, _plain(job)


@router.post("/{int:number}/cancel", response={200: shapes.Job, **WRITTEN}, url_name="jobs-cancel")
def cancelled(request: HttpRequest, number: int) -> dict[str, Any]:
    """Cancel a job: at once where it waits, at its next step where it runs; what it finished is kept."""
    return _done(request, number, cancel, "it has ended, or was cancelled before")


@router.post("/{int:number}/again", response={200: shapes.Job, **WRITTEN}, url_name="jobs-again")
def again(request: HttpRequest, number: int) -> dict[str, Any]:
    """Have a job that failed or was cancelled tried again, from what it finished."""
    return _done(request, number, try_again, "it neither failed nor was cancelled")


def _done(request: HttpRequest, number: int, do: Callable[[User, Job], bool], otherwise: str) -> dict[str, Any]:
    job = one_of(Job.objects.ruled_by(viewer(request)), number)
    if not do(owner(request), job):
        raise RefusedError(otherwise)
    return _plain(job)


def _plain(job: Job) -> dict[str, Any]:
    names = ("kind", "programme", "state", "draws", "drawn", "told", "asked", "mistake")
    return {
        "number": job.pk,
        **{name: getattr(job, name) for name in names},
        "stopping": job.state == Job.State.RUNNING and job.stop,
        "asked_by": job.asked_by.email if job.asked_by else None,
        "run": key(job, "run"),
    }
