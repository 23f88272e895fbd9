"""The list of work in the background, and asking for more."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haidang.web.city.pack import pack
from haidang.web.jobs.deeds import cancel as cancel_job
from haidang.web.jobs.deeds import try_again
from haidang.web.jobs.kinds import KINDS
from haidang.web.jobs.models import BUSY, Job
from haidang.web.ledger.write import note
from haidang.web.people.models import User, doer, viewer
from haidang.web.shell import language
from haidang.web.words import words

PAGE = 50
"""Jobs on a page, the newest first."""


def _named(part: str, names: Iterable[str]) -> list[tuple[str, str]]:
    own = words(language())
    return [("", own.text("jobs.all")), *((each, own.text(f"jobs.{part}.{each}")) for each in names)]


class LookForm(forms.Form):
    """Which jobs to show."""

    state = forms.ChoiceField(choices=lambda: _named("state", Job.State.values), required=False)
    kind = forms.ChoiceField(choices=lambda: _named("kind", KINDS), required=False)


class SimulateForm(forms.Form):
    """How many draws, and which chance."""

    draws = forms.IntegerField(min_value=2, max_value=1000)
    seed = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What waits, what runs and how far it is, what is done or could not be."""
    user, form = viewer(request), LookForm(request.GET)
    found = Job.objects.visible_to(user)
    page = Paginator(chosen(found, form).select_related("run", "asked_by"), PAGE).get_page(request.GET.get("page"))
    ruled = set(Job.objects.ruled_by(user).filter(pk__in=[job.pk for job in page]).values_list("pk", flat=True))
    titles = {name: file.base.title[language()] for name, file in pack().programmes.items()}
    kinds = words(language())
    rows = [
        (job, titles.get(job.programme, job.programme), kinds.text(f"jobs.kind.{job.kind}"), job.pk in ruled)
        for job in page
    ]
    query = request.GET.copy()
    query.pop("page", None)
    values = {"rows": rows, "page": page, "form": form, "query": query.urlencode(), "any": found.exists()}
    return render(request, "jobs/list.html", {**values, "busy": found.filter(state__in=BUSY).exists()})


def chosen(rows: models.QuerySet[Job], form: LookForm) -> models.QuerySet[Job]:
    """The jobs that were asked for, the newest first; all where what was asked cannot be."""
    wanted = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    return rows.filter(**wanted).order_by("-id")


@require_POST
def cancel(request: HttpRequest, number: int) -> HttpResponse:
    """Cancel a job that waits or runs."""
    return _done(request, number, cancel_job, "jobs.cancelled")


@require_POST
def again(request: HttpRequest, number: int) -> HttpResponse:
    """Have a job that failed or was cancelled tried again."""
    return _done(request, number, try_again, "jobs.asked")


def _done(request: HttpRequest, number: int, do: Callable[[User, Job], bool], said: str) -> HttpResponse:
    job = Job.objects.ruled_by(viewer(request)).filter(pk=number).first()
    if job is None:
        raise Http404
    if do(doer(request), job):
        messages.success(request, words(language()).text(said))
    else:
        messages.error(request, words(language()).text("jobs.too_late"))
    return HttpResponseRedirect(reverse("jobs:list"))


@require_POST
def simulate(request: HttpRequest, name: str) -> HttpResponse:
    """Ask for a programme to be simulated; the run is for the city's staff until somebody publishes it."""
    if name not in pack().programmes:
        raise Http404
    form = SimulateForm(request.POST)
    if not form.is_valid():
        messages.error(request, words(language()).text("jobs.bad_draws"))
        return HttpResponseRedirect(reverse("city:programme", args=(name,)))
    asked = form.cleaned_data
    with transaction.atomic():
        job = Job.objects.create(
            pack=pack().id, programme=name, draws=asked["draws"], seed=asked["seed"] or 1, asked_by=request.user
        )
        note(viewer(request), "jobs.job.asked", job, programme=name, draws=job.draws, seed=job.seed)
    messages.success(request, words(language()).text("jobs.asked"))
    return HttpResponseRedirect(reverse("jobs:list"))
