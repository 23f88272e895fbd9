"""The city for programs: its documents, what a run says by year, by group and by budget, and its report."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.pagination import paginate

from haidang.errors import Place
from haidang.results import Points, Run, effects, points
from haidang.results.budgets import money_used, requested, resources
from haidang.results.budgets import refused as refused_draws
from haidang.results.cited import href
from haidang.results.compare import horizon_effect, horizon_unit, totals
from haidang.results.groups import covered_groups, groupings
from haidang.results.manifest import Outcome
from haidang.results.parts import lead_outcome, resource_title, resource_unit
from haidang.results.sections import refused_told
from haidang.web.api.answers import MISTAKES, Pages, finite, nothing, one_of
from haidang.web.api.rooms import city_shapes as shapes
from haidang.web.city.drawn import Drawn, drawn, is_there, opened
from haidang.web.city.models import ShownRun
from haidang.web.city.pack import facts_by_source, pack
from haidang.web.city.standing import city_map
from haidang.web.gone import GoneError
from haidang.web.people.models import viewer
from haidang.web.words import LANGUAGES

router = Router()
ALL = "all"


@router.get("/sources", response=list[shapes.Source], url_name="sources")
@paginate(Pages)
def sources(request: HttpRequest) -> list[dict[str, Any]]:
    """Every document that states a fact, with the facts that it states."""
    return [_source(name) for name in pack().book.sources]


@router.get("/sources/{slug:name}", response={200: shapes.Source, **MISTAKES}, url_name="source")
def source(request: HttpRequest, name: str) -> dict[str, Any]:
    """One document."""
    if name not in pack().book.sources:
        raise nothing()
    return _source(name)


@router.get("/map", response={200: shapes.CityMapped, **MISTAKES}, url_name="map")
def parts(request: HttpRequest) -> dict[str, Any]:
    """The parts of the city, with what the pack's facts say of each."""
    vi, en = city_map("vi"), city_map("en")
    if vi is None or en is None:
        raise nothing()
    names = ("part", "what", "value", "low", "high", "unit")
    return {
        "sentence": {"vi": vi.sentence, "en": en.sentence},
        "source": en.source,
        "cells": [
            {name: {"vi": getattr(one, name), "en": getattr(other, name)} for name in names}
            | {"fact": other.fact, "assumed": other.assumed}
            for one, other in zip(vi.cells, en.cells, strict=True)
        ],
    }


def _source(name: str) -> dict[str, Any]:
    one = pack().book.sources[name]
    return {
        "id": name,
        "title": one.title,
        "publisher": one.publisher,
        "date": str(one.date),
        "address": href(one.address),
        "note": one.note or "",
        "facts": [row.id for row in facts_by_source("en").get(name, ())],
    }


@router.get("/runs/{int:number}/tables", response={200: shapes.RunTables, **MISTAKES}, url_name="run-tables")
def run_tables(request: HttpRequest, number: int) -> dict[str, Any]:
    """A run's effects by year, its main one by group, its budgets; what is of too few units has no number."""
    run = opened(one_of(ShownRun.objects.visible_to(viewer(request)), number))
    told = effects(run).filter(by=ALL).drop_nulls("year")
    rows: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in told.iter_rows(named=True):
        year = {name: row[name] for name in ("year", "p5", "p50", "p95")}
        rows.setdefault((row["scenario"], row["outcome"]), []).append(year)
    return {
        "years": [
            {"scenario": scenario, **_head(run.outcome(outcome), run.outcome(outcome).unit), "years": years}
            for (scenario, outcome), years in rows.items()
        ],
        "groups": [
            {
                "scenario": scenario.id,
                **_head(lead, horizon_unit(lead)),
                "by": by,
                "groups": _groups(run, scenario.id, lead.id, by),
            }
            for scenario in run.programmes
            if (lead := lead_outcome(run, scenario.id)) is not None
            for by in groupings(run)
        ],
        "budgets": [
            _budget(run, scenario.id, resource)
            for scenario in run.programmes
            for resource in resources(run, scenario.id)
        ],
    }


@router.get("/runs/{int:number}/report", response={200: shapes.RunReport, **MISTAKES}, url_name="run-report")
def run_report(request: HttpRequest, number: int) -> dict[str, Any]:
    """A run's report as its page shows it: each part with its sentences, figures and tables."""
    shown = one_of(ShownRun.objects.visible_to(viewer(request)), number)
    if not is_there(shown):
        raise GoneError("the files of this run are gone", Place(shown.folder))
    return {language: _report(drawn(shown, language)) for language in LANGUAGES}


def _report(told: Drawn) -> dict[str, Any]:
    return {"title": told.title, "sentences": [text for text, _ in told.sentences], "parts": told.parts}


def _budget(run: Run, scenario: str, resource: str) -> dict[str, Any]:
    used = money_used(run, scenario, resource)
    (refused,) = refused_told(run, [points(refused_draws(run, scenario, resource))])
    return {
        "scenario": scenario,
        "resource": resource,
        "title": {language: resource_title(run, resource, language) for language in LANGUAGES},
        "unit": resource_unit(run, resource),
        "line": used.line,
        "requested": _points(points(requested(run, scenario, resource))),
        "used": _points(points(used.total)),
        "refused": None if refused is None else _points(refused),
    }


def _head(one: Outcome, unit: str) -> dict[str, Any]:
    return {"outcome": one.id, "title": one.title.model_dump(), "unit": unit}


def _groups(run: Run, scenario: str, outcome: str, by: str) -> list[dict[str, Any]]:
    """Each group: those of too few units, and those that would tell them by subtraction, with their title alone."""
    covered, found = covered_groups(run, by), list[dict[str, Any]]()
    for group in run.manifest.groups[by]:
        hidden = group.id in covered
        units = (
            None if hidden else float(totals(run, run.baseline.id, run.manifest.roles.units, by, group.id)[:, 0].mean())
        )
        effect = None if hidden else _points(points(horizon_effect(run, scenario, outcome, by, group.id)))
        found.append({"id": group.id, "title": group.title.model_dump(), "units": units, "effect": effect})
    return found


def _points(one: Points) -> dict[str, float | None]:
    return {name: finite(getattr(one, name)) for name in ("p5", "p50", "p95")}
