"""Runs of designs in full and allocations: asked for, watched, read, downloaded."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from haidang.errors import Place
from haidang.web.city.pack import pack
from haidang.web.gone import GoneError
from haidang.web.jobs.models import Job
from haidang.web.lab.forms import AllocateForm, RunForm
from haidang.web.lab.listed import head_of
from haidang.web.lab.models import Design, Trial
from haidang.web.lab.shown import report_of, shown
from haidang.web.lab.views import seen
from haidang.web.ledger.write import note
from haidang.web.people.models import User, doer, viewer
from haidang.web.shell import language
from haidang.web.tables import csv_answer
from haidang.web.words import words


@require_POST
def ask_run(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for a run of a design, beside others of the same programme where some are named."""
    found = seen(request, number)
    others = Design.objects.visible_to(viewer(request)).filter(pack=found.pack, programme=found.programme)
    form = RunForm(others.exclude(pk=found.pk), request.POST)
    if not form.is_valid():
        messages.error(request, words(language()).text("lab.bad_run"))
        return HttpResponseRedirect(reverse("lab:design", args=(found.pk,)))
    asked = form.cleaned_data
    together = [found, *asked["beside"]]
    if any(one.facts != found.facts for one in together):
        messages.error(request, words(language()).text("lab.other_facts"))
        return HttpResponseRedirect(reverse("lab:design", args=(found.pk,)))
    return _ask(request, Trial.Kind.RUN, together, asked["draws"], asked["seed"])


@require_POST
def ask_allocation(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for the list of who should be offered what under a design."""
    found = seen(request, number)
    form = AllocateForm(request.POST)
    if not form.is_valid():
        messages.error(request, words(language()).text("lab.bad_allocation"))
        return HttpResponseRedirect(reverse("lab:design", args=(found.pk,)))
    return _ask(request, Trial.Kind.ALLOCATION, [found], form.cleaned_data["draws"], form.cleaned_data["seed"])


def _ask(request: HttpRequest, kind: Trial.Kind, designs: Sequence[Design], draws: int, seed: int) -> HttpResponse:
    made = begin_trial(doer(request), kind, designs, draws, seed)
    messages.success(request, words(language()).text("lab.asked"))
    return HttpResponseRedirect(reverse("lab:trial", args=(made.pk,)))


def begin_trial(by: User, kind: Trial.Kind, designs: Sequence[Design], draws: int, seed: int) -> Trial:
    """Put a run of designs, or a design's list, among the work in the background."""
    first = designs[0]
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind, pack=first.pack, programme=first.programme, draws=draws, seed=seed, asked_by=by
        )  # fmt: skip
        trial = Trial.objects.create(
            kind=kind, pack=first.pack, programme=first.programme, draws=draws, seed=seed, job=job,
            texts={one.slug: one.text for one in designs},
        )  # fmt: skip
        trial.designs.set(designs)
        note(by, "lab.trial.asked", trial, kind=str(kind), designs=list(trial.texts), draws=draws, seed=seed)
    return trial


@require_safe
def trial(request: HttpRequest, number: int) -> HttpResponse:
    """How far a trial is; when it is done, what came of it."""
    found = seen_trial(request, number)
    busy = found.job.state in (Job.State.WAITING, Job.State.RUNNING)
    ahead = Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING), pk__lt=found.job.pk).count()
    values: dict[str, Any] = {
        "trial": found,
        "busy": busy,
        "ahead": ahead,
        "title": pack().programmes[found.programme].base.title[language()],
        "designs": found.designs.all(),
        "changed": [one for one in found.designs.all() if found.texts.get(one.slug) != one.text],
        "done": found.job.state == Job.State.DONE,
    }
    if found.job.state != Job.State.DONE:
        return render(request, "lab/trial.html", values)
    if found.kind == Trial.Kind.ALLOCATION:
        return render(request, "lab/allocation.html", values | {"head": head_of(found, language())})
    return render(request, "lab/trial.html", values | _run_values(found, request.GET.get("report")))


def _run_values(found: Trial, named: str | None) -> dict[str, Any]:
    """What the page of a finished run shows, with the report of the scenario that is named, else of the first design.

    Raises:
        Http404: the run has no such scenario.
    """
    page = shown(found, language())
    titles, first = page.titles, next(iter(found.texts))
    report = named or first
    if report not in titles:
        raise Http404
    return {
        "told": page.told,
        "chart": mark_safe(page.told.chart),  # drawn by this program, as is the report
        "by_design": [(titles[slug], page.divisions[slug], page.matter[slug]) for slug in found.texts],
        "reports": titles,
        "report": report,
        "report_title": titles[report],
        "declared": report not in found.texts,
        "body": mark_safe(report_of(found, report, language())),
    }


@require_safe
def download(request: HttpRequest, number: int, name: str) -> HttpResponse | FileResponse:
    """A file of a finished trial."""
    found = seen_trial(request, number)
    if name == "files":
        return _files(found)
    kept = DOWNLOADS.get(found.kind, {})
    if found.job.state != Job.State.DONE or name not in kept:
        raise Http404
    return kept[name](found)


def _files(found: Trial) -> HttpResponse:
    """The designs' files and the command that runs them, in one archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for slug, text in found.texts.items():
            archive.writestr(f"{slug}.yaml", text)
        archive.writestr("command.txt", f"{found.command}\n")
    answer = HttpResponse(stream.getvalue(), content_type="application/zip")
    answer["Content-Disposition"] = f'attachment; filename="trial-{found.pk}.zip"'
    return answer


def _json(found: Trial) -> HttpResponse:
    from haidang.results import headline_json, open_run

    answer = JsonResponse(headline_json(open_run(found.run)), json_dumps_params={"ensure_ascii": False, "indent": 1})
    answer["Content-Disposition"] = f'attachment; filename="trial-{found.pk}.json"'
    return answer


def _csv(found: Trial) -> HttpResponse:
    from haidang.results import open_run, paired

    run, own, rows = open_run(found.run), language(), list[tuple[object, ...]]()
    for scenario in run.programmes:
        for one in paired(run, scenario.id, run.programme.id):
            points, apart = one.headline.value.points, one.difference
            numbers = ("", "", "") if points is None else (points.p5, points.p50, points.p95)
            differences = ("", "", "") if apart is None else (apart.p5, apart.p50, apart.p95)
            head = (scenario.id, scenario.title[own], one.headline.id, one.headline.title[own], one.headline.unit)
            rows.append((*head, *numbers, *differences))
    columns = (
        "scenario", "scenario_title", "number", "title", "unit", "p5", "p50", "p95",
        "difference_p5", "difference_p50", "difference_p95",
    )  # fmt: skip
    return csv_answer(f"trial-{found.pk}.csv", columns, rows)


def _workbook(found: Trial) -> FileResponse:
    from haidang.results import open_run, write_workbook

    file = found.run / f"tables-{language()}.xlsx"
    if not file.exists():
        write_workbook(open_run(found.run), file, language())
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"trial-{found.pk}.xlsx")


def _table(name: str) -> Callable[[Trial], HttpResponse]:
    """A table of an allocation as CSV, every cell of it harmless."""

    def send(found: Trial) -> HttpResponse:
        import polars as pl

        table = pl.read_parquet(found.run / f"{name}.parquet")
        return csv_answer(f"trial-{found.pk}-{name}.csv", table.columns, table.iter_rows())

    return send


def _file(name: str) -> Callable[[Trial], FileResponse]:
    def send(found: Trial) -> FileResponse:
        return FileResponse((found.run / name).open("rb"), as_attachment=True, filename=f"trial-{found.pk}-{name}")

    return send


DOWNLOADS: dict[str, dict[str, Callable[[Trial], HttpResponse | FileResponse]]] = {
    Trial.Kind.RUN: {"workbook": _workbook, "numbers": _csv, "json": _json},
    Trial.Kind.ALLOCATION: {
        "report": _file("report.html"),
        "workbook": _file("list.xlsx"),
        "list": _table("list"),
        "list-table": _file("list.parquet"),
        "offers-csv": _table("offers"),
        "offers": _file("offers.parquet"),
        "json": _file("allocation.json"),
    },
}
"""By kind of trial and name of the download."""


def seen_trial(request: HttpRequest, number: int) -> Trial:
    """A trial that this reader may see; one that is hidden and one that is not there look alike.

    Raises:
        Http404: it is hidden, or there is none.
        GoneError: it is done, and its files are gone.
    """
    visible = Trial.objects.visible_to(viewer(request)).select_related("job", "job__asked_by")
    found = visible.filter(pk=number, pack=pack().id).first()
    if found is None or found.programme not in pack().programmes:
        raise Http404
    if found.job.state == Job.State.DONE and not found.run.is_dir():
        raise GoneError("the files of this run are gone", Place(found.run.name))
    return found
