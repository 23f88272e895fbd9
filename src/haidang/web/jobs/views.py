"""The list of work in the background, and asking for more."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from haidang.web.city.pack import pack
from haidang.web.jobs.models import Job
from haidang.web.ledger.write import note
from haidang.web.people.models import viewer
from haidang.web.shell import language
from haidang.web.words import words

SHOWN = 50
"""Jobs on the page, the newest first."""


class SimulateForm(forms.Form):
    """How many draws, and which chance."""

    draws = forms.IntegerField(min_value=2, max_value=1000)
    seed = forms.IntegerField(min_value=1, max_value=2**31 - 1, required=False)


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """What waits, what runs and how far it is, what is done."""
    jobs = Job.objects.visible_to(viewer(request)).select_related("run", "asked_by").order_by("-id")[:SHOWN]
    busy = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).exists()
    titles = {name: file.base.title[language()] for name, file in pack().programmes.items()}
    kinds = words(language())
    rows = [(job, titles.get(job.programme, job.programme), kinds.text(f"jobs.kind.{job.kind}")) for job in jobs]
    return render(request, "jobs/list.html", {"rows": rows, "busy": busy})


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
