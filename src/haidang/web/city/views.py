"""The public pages. Each is whole without JavaScript."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST, require_safe

from haidang.results.cited import href
from haidang.web.city import fact_files
from haidang.web.city.counted import linked
from haidang.web.city.drawn import Drawn, drawn, folder_of, is_there, opened
from haidang.web.city.given import GivenError
from haidang.web.city.keep import show
from haidang.web.city.models import ShownRun
from haidang.web.city.moving import newest_runs
from haidang.web.city.pack import fact_rows, facts_by_source, pack
from haidang.web.city.standing import city_map, fans, standing, whole
from haidang.web.desk.downloads import FORMS
from haidang.web.gone import GoneError
from haidang.web.jobs.models import Job
from haidang.web.people.models import doer, roles_of, viewer
from haidang.web.people.roles import PUBLISHERS, SIMULATORS
from haidang.web.shell import language
from haidang.web.tables import as_workbook, csv_answer
from haidang.web.words import words


@require_safe
def root(request: HttpRequest) -> HttpResponse:
    """The city at a glance, in the reader's language."""
    return redirect("city:glance")


@require_safe
def health(request: HttpRequest) -> HttpResponse:
    """That the application answers and reaches its database."""
    ShownRun.objects.exists()
    return JsonResponse({"status": "ok"})


@require_safe
@cache_control(public=True, max_age=3600)
def report_sheet(request: HttpRequest) -> HttpResponse:
    """The style sheet that reports have on paper, on screen and here."""
    return HttpResponse(_sheet(), content_type="text/css; charset=utf-8")


@lru_cache(maxsize=1)
def _sheet() -> str:
    from haidang.results import report_style
    from haidang.track.report import page_style

    # The first ends within its rules for a dark page, so what is added stands before it.
    return f"{page_style()}\n{report_style()}"


@require_safe
def glance(request: HttpRequest) -> HttpResponse:
    """The city's programmes, each with its answer in a sentence."""
    spoken = language()
    newest = newest_runs()
    busy = set(Job.objects.filter(state__in=(Job.State.WAITING, Job.State.RUNNING)).values_list("programme", flat=True))
    rows: list[dict[str, Any]] = []
    for name, file in pack().programmes.items():
        shown = newest.get(name)
        told = _drawn(shown)
        rows.append(
            {
                "id": name,
                "title": file.base.title[spoken],
                "shown": shown,
                "answer": told.sentences[0] if told and told.sentences else ("", ""),
                "tiles": told.tiles[:2] if told else (),
                "busy": name in busy,
            }
        )
    book = pack().book
    assumed = sum(1 for fact in book.facts.values() if fact.claim.assumption)
    counts = {"facts": len(book.facts), "sources": len(book.sources), "assumed": assumed}
    now = standing(spoken)
    values = {
        "city": pack().title[spoken], "rows": rows, "counts": counts, "now": now,
        "sentences": linked(now.sentences, spoken) if now else (), "fans": fans(spoken) if now else (),
        "map": city_map(spoken),
    }  # fmt: skip
    return render(request, "city/glance.html", values)


@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """Promises, indicators and targets: where they stand, how likely, on whose word."""
    now = standing(language())
    if now is None:
        raise Http404
    # Made by our own template, which escapes what the records say.
    values = {"now": now, "body": mark_safe(whole(language())), "forms": FORMS}
    return render(request, "city/targets.html", values)


@require_safe
def programme(request: HttpRequest, name: str) -> HttpResponse:
    """A programme: the report of its newest run, the runs before, downloads."""
    if name not in pack().programmes:
        raise Http404
    shown = newest_runs().get(name)
    return _programme(request, name, shown)


@require_safe
def run(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """A programme as one run of it saw it."""
    shown = _run(request, number)
    if shown.programme != name:
        raise Http404
    answer = _programme(request, name, shown)
    if not is_there(shown):
        answer.status_code = 410
    return answer


def _drawn(shown: ShownRun | None) -> Drawn | None:
    """The report of a run; none where its files are gone, so that what else a page says still stands."""
    try:
        return None if shown is None or not is_there(shown) else drawn(shown, language())
    except GoneError:
        return None


def _programme(request: HttpRequest, name: str, shown: ShownRun | None) -> HttpResponse:
    told = _drawn(shown)
    visible = ShownRun.objects.visible_to(viewer(request)).filter(pack=pack().id, programme=name)
    roles = roles_of(viewer(request))
    values: dict[str, Any] = {
        "name": name,
        "title": pack().programmes[name].base.title[language()],
        "shown": shown,
        "told": told,
        "body": mark_safe(told.body) if told else "",  # made by our own template, which escapes what the pack says
        "runs": [(each, is_there(each)) for each in visible],
        "may_publish": bool(roles & PUBLISHERS),
        "may_simulate": bool(roles & SIMULATORS),
    }
    return render(request, "city/programme.html", values)


@require_POST
def publish(request: HttpRequest, number: int) -> HttpResponse:
    """Show a run to everybody, or take it back."""
    shown = _run(request, number)
    try:
        show(doer(request), shown, published=shown.published is None)
        messages.success(request, words(language()).text("city.published" if shown.published else "city.taken_back"))
    except GivenError as mistake:
        messages.error(request, words(language()).text(f"city.unshown.{mistake.reason}", **mistake.values))
    except GoneError:
        messages.error(request, words(language()).text("city.gone"))
    return HttpResponseRedirect(reverse("city:run", args=(shown.programme, shown.pk)))


@require_safe
def run_json(request: HttpRequest, number: int) -> HttpResponse:
    """The headline numbers of a run."""
    from haidang.results import headline_json

    found = headline_json(opened(_run(request, number)))
    text = json.dumps(found, ensure_ascii=False, indent=2, sort_keys=True, allow_nan=False)
    return HttpResponse(text, content_type="application/json; charset=utf-8")


@require_safe
def run_csv(request: HttpRequest, number: int) -> HttpResponse:
    """The headline numbers of a run as a table."""
    from haidang.results import headlines

    found = opened(_run(request, number))
    own, rows = language(), list[tuple[object, ...]]()
    for scenario in found.programmes:
        for each in headlines(found, scenario.id):
            points = each.value.points
            numbers = ("", "", "", each.value.undefined) if points is None else (*_three(points.as_dict()), "")
            rows.append((scenario.id, scenario.title[own], each.id, each.title[own], each.unit, *numbers))
    head = ("scenario", "scenario_title", "number", "title", "unit", "p5", "p50", "p95", "undefined")
    return csv_answer(f"{found.manifest.programme}.csv", head, rows)


def _three(points: dict[str, float]) -> tuple[float, float, float]:
    return points["p5"], points["p50"], points["p95"]


@require_safe
def run_workbook(request: HttpRequest, number: int) -> FileResponse:
    """A run as a workbook."""
    from haidang.results import write_workbook

    shown = _run(request, number)
    file = folder_of(shown) / f"{shown.programme}-{language()}.xlsx"
    if not file.exists():
        write_workbook(opened(shown), file, language())
    return FileResponse(file.open("rb"), as_attachment=True, filename=f"{shown.programme}.xlsx")


@require_GET
def facts(request: HttpRequest) -> HttpResponse:
    """Every fact of the pack with what it rests on; a reader looks for words."""
    wanted = request.GET.get("q", "")[:200]
    rows = [row for row in fact_rows(language()).values() if row.holds(wanted)]
    return render(request, "city/facts.html", {"rows": rows, "wanted": wanted})


@require_safe
def fact(request: HttpRequest, name: str) -> HttpResponse:
    """One fact: its value, its range, its sources, the other values published."""
    rows = fact_rows(language())
    if name not in rows:
        raise Http404
    return render(request, "city/fact.html", {"row": rows[name]})


@require_safe
def facts_csv(request: HttpRequest) -> HttpResponse:
    """Every fact as a table."""
    return csv_answer("facts.csv", fact_files.HEAD, fact_files.table(language()))


@require_safe
def facts_json(request: HttpRequest) -> HttpResponse:
    """Every fact in both languages, for programs."""
    answer = HttpResponse(fact_files.written_plain(), content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="facts.json"'
    return answer


@require_safe
def facts_workbook(request: HttpRequest) -> HttpResponse:
    """Every fact as a workbook."""
    return as_workbook("facts", fact_files.written(language()))


@require_safe
def source(request: HttpRequest, name: str) -> HttpResponse:
    """A document, and the facts that it states."""
    book = pack().book
    if name not in book.sources:
        raise Http404
    found = book.sources[name]
    rows = facts_by_source(language()).get(name, ())
    return render(request, "city/source.html", {"source": found, "address": href(found.address), "rows": rows})


@require_safe
def method(request: HttpRequest) -> HttpResponse:
    """How the numbers come about, and what they cannot know."""
    return render(request, "city/method.html")


def _run(request: HttpRequest, number: int) -> ShownRun:
    """A run that this reader may see; one that is hidden and one that is not there look alike."""
    found = ShownRun.objects.visible_to(viewer(request)).filter(pk=number).first()
    if found is None:
        raise Http404
    return found
