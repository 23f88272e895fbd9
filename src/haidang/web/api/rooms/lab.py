"""The laboratory for programs: designs, the sample, runs in full, lists, and their files."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Query, Router
from ninja.pagination import paginate

from haidang.web.api.answers import BINARY, MISTAKES, WRITTEN, Pages, RefusedError, held, owner, storable
from haidang.web.api.rooms import lab_shapes as shapes
from haidang.web.city.pack import pack
from haidang.web.jobs.models import Job
from haidang.web.lab import trials as pages
from haidang.web.lab.forms import AllocateForm, RunForm
from haidang.web.lab.listed import Table, head_of
from haidang.web.lab.models import Design, Share, Trial
from haidang.web.lab.sample import Answer, ask
from haidang.web.lab.shown import shown
from haidang.web.lab.slots import Slot
from haidang.web.lab.told import Told
from haidang.web.lab.views import board_of, seen
from haidang.web.people.models import viewer
from haidang.web.shell import language

router = Router()


def _designs(request: HttpRequest) -> QuerySet[Design]:
    own = pack()
    rows = Design.objects.visible_to(viewer(request)).filter(pack=own.id, programme__in=own.programmes)
    return rows.select_related("owner", "parent")


def _trials(request: HttpRequest) -> QuerySet[Trial]:
    own = pack()
    rows = Trial.objects.visible_to(viewer(request)).filter(pack=own.id, programme__in=own.programmes)
    return rows.select_related("job")


@router.get("/designs", response={200: list[shapes.Design], **MISTAKES}, url_name="lab-designs")
@paginate(Pages)
def designs(request: HttpRequest) -> list[dict[str, Any]]:
    """One's own designs and those shared with one, the last changed first."""
    return [_design(one) for one in _designs(request)]


def _design(one: Design) -> dict[str, Any]:
    names = ("name", "programme", "origin", "version", "made", "changed")
    return {
        "number": one.pk,
        "id": one.slug,
        "owner": str(one.owner),
        "parent": None if one.parent is None else one.parent.pk,
        **{name: getattr(one, name) for name in names},
    }


@router.get("/designs/{int:number}", response={200: shapes.DesignWhole, **MISTAKES}, url_name="lab-design")
def design(request: HttpRequest, number: int) -> dict[str, Any]:
    """A design with its changes, its places and its file."""
    return design_whole(request, seen(request, storable(number)))


def design_whole(request: HttpRequest, found: Design) -> dict[str, Any]:
    """A design as who sees it is told of it."""
    laid = board_of(found)
    values = laid.values(found.changes, found.facts)
    shares = Share.objects.filter(design=found) if found.owner == viewer(request) else Share.objects.none()
    return {
        **_design(found),
        "changes": found.changes,
        "facts": found.facts,
        "file": found.text,
        "places": [{**_place(one), "value": values[one.name]} for one in laid.slots],
        "people": [str(one.person) for one in shares.exclude(person=None).select_related("person")],
        "roles": [one.role for one in shares.exclude(role="")],
        "trials": [one.pk for one in _trials(request).filter(designs=found)],
    }


def _place(one: Slot) -> dict[str, Any]:
    names, slider = ("name", "title", "kind", "unit", "stated"), one.slider
    ends = (None, None) if slider is None else (slider.low * slider.factor, slider.high * slider.factor)
    usual = one.usual if one.kind == "lever" and not one.limitless and one.yes is None else None
    more = {"usual": usual, "flag": one.yes, "low": ends[0], "high": ends[1]}
    return {**{name: getattr(one, name) for name in names}, **more}


@router.get("/sample", response={200: shapes.Told, **WRITTEN}, url_name="lab-sample")
def sample(request: HttpRequest, asked: Query[shapes.SampleAsked]) -> dict[str, Any]:
    """Designs of one programme beside it as declared, on a sample, all in the same draws."""
    chosen = [seen(request, storable(number)) for number in dict.fromkeys(asked.design)]
    _refuse_mixed(chosen)
    if any(one.programme != chosen[0].programme for one in chosen):
        raise RefusedError("expected designs of one programme")
    return sample_plain(ask(chosen[0].programme, [one.text for one in chosen], language()))


def _refuse_mixed(chosen: list[Design]) -> None:
    if any(one.facts != chosen[0].facts for one in chosen):
        raise RefusedError("expected designs that suppose the same of the same facts")


def sample_plain(found: Answer) -> dict[str, Any]:
    """What the sample answered, or why it did not."""
    if found.told is None:
        nobody: dict[str, Any] = {"rows": 0, "draws": 0, "titles": [], "numbers": [], "sentence": ""}
        why = "the sample is answering others or being prepared" if found.busy else "nobody answers on the sample now"
        return nobody | {"mistake": found.mistake or f"{why}; ask again"}
    return _told(found.told)


def _told(told: Told) -> dict[str, Any]:
    cells = ("value", "apart", "more", "cells", "differs")
    return {
        "rows": told.rows,
        "draws": told.draws,
        "titles": list(told.titles),
        "numbers": [
            {"title": row.title, "cells": [{name: getattr(one, name) for name in cells} for one in row.cells]}
            for row in told.numbers
        ],
        "sentence": told.sentence,
        "mistake": "",
    }


@router.post("/designs/{int:number}/runs", response={201: shapes.Trial, **WRITTEN}, url_name="lab-ask-run")
def ask_run(request: HttpRequest, number: int, asked: shapes.RunAsked) -> tuple[int, dict[str, Any]]:
    """Ask for a run of a design in full."""
    found, by = seen(request, storable(number)), owner(request)
    others = Design.objects.visible_to(by).filter(pack=found.pack, programme=found.programme).exclude(pk=found.pk)
    given = held(RunForm(others, {"draws": asked.draws, "seed": asked.seed, "beside": asked.beside}))
    together = [found, *given["beside"]]
    _refuse_mixed(together)
    return 201, _trial(pages.begin_trial(by, Trial.Kind.RUN, together, given["draws"], given["seed"]))


@router.post("/designs/{int:number}/lists", response={201: shapes.Trial, **WRITTEN}, url_name="lab-ask-list")
def ask_list(request: HttpRequest, number: int, asked: shapes.ListAsked) -> tuple[int, dict[str, Any]]:
    """Ask for the list of who should be offered what under a design."""
    found, by = seen(request, storable(number)), owner(request)
    given = held(AllocateForm({"draws": asked.draws, "seed": asked.seed}))
    return 201, _trial(pages.begin_trial(by, Trial.Kind.ALLOCATION, [found], given["draws"], given["seed"]))


@router.get("/trials", response={200: list[shapes.Trial], **MISTAKES}, url_name="lab-trials")
@paginate(Pages)
def trials(request: HttpRequest) -> list[dict[str, Any]]:
    """Runs and lists of designs, the newest first."""
    return [_trial(one) for one in _trials(request)]


def _trial(one: Trial) -> dict[str, Any]:
    names = ("kind", "programme", "draws", "seed", "digest", "made")
    return {
        "number": one.pk,
        "designs": list(one.texts),
        **{name: getattr(one, name) for name in names},
        "state": one.job.state,
        "done": one.job.drawn,
        "mistake": one.job.mistake,
    }


@router.get("/trials/{int:number}", response={200: shapes.TrialWhole, **MISTAKES}, url_name="lab-trial")
def trial(request: HttpRequest, number: int) -> dict[str, Any]:
    """A trial and, once it is done, what came of it."""
    found = pages.seen_trial(request, storable(number))
    empty: dict[str, Any] = {
        "headlines": None, "told": None, "by_design": [], "sentences": [], "ways": None, "units": None,
        "downloads": ["files"],
    }  # fmt: skip
    if found.job.state != Job.State.DONE:
        return _trial(found) | empty
    more = _list(found) if found.kind == Trial.Kind.ALLOCATION else _run(found)
    return _trial(found) | empty | more | {"downloads": ["files", *pages.DOWNLOADS[found.kind]]}


def _list(found: Trial) -> dict[str, Any]:
    head = head_of(found, language())
    return {"sentences": list(head.sentences), "ways": _table(head.ways), "units": _table(head.units)}


def _table(one: Table) -> dict[str, Any]:
    return {"heads": list(one.heads), "rows": [list(row) for row in one.rows]}


def _run(found: Trial) -> dict[str, Any]:
    from haidang.results import headline_json, open_run

    page = shown(found, language())
    names = ("title", "units", "effect", "apart", "more", "verdict")
    facts = ("fact", "title", "share")
    return {
        "headlines": headline_json(open_run(found.run)),
        "told": _told(page.told),
        "by_design": [
            {
                "id": slug,
                "divisions": [
                    {
                        "title": each.title,
                        "outcome": each.outcome,
                        "lines": [{name: getattr(one, name) for name in names} for one in each.lines],
                    }
                    for each in page.divisions[slug]
                ],
                "matter": [{name: getattr(one, name) for name in facts} for one in page.matter[slug]],
            }
            for slug in found.texts
        ],
    }


@router.get("/trials/{int:number}/files/{slug:name}", response=MISTAKES, url_name="lab-file", openapi_extra=BINARY)
def file(request: HttpRequest, number: int, name: str) -> Any:
    """A file of a trial: the designs, and once it is done its workbook, numbers, report or offers."""
    return pages.download(request, storable(number), name)
