"""Factories' papers as plain values; every number comes from where the pages have it."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import AnonymousUser

from haidang.allocate.factory import Advice
from haidang.allocate.roadmap import Roadmap
from haidang.frameworks.score import INAPPLICABLE
from haidang.web.api.answers import finite, key
from haidang.web.factories.eligible import Chance, Offer, Shown, chances
from haidang.web.factories.models import Application, Assessment, Consent, Evidence, Factory
from haidang.web.factories.scored import advice, agree
from haidang.web.factories.vocabulary import framework
from haidang.web.lending.models import StageRecord
from haidang.web.people.models import User


def factory_plain(one: Factory) -> dict[str, Any]:
    """A factory's profile."""
    names = ("name", "tax_code", "district", "sector", "size", "employees", "revenue", "value_added", "electricity",
             "traits", "example", "version")  # fmt: skip
    return {"number": one.pk, "organisation": one.body.name, **{name: getattr(one, name) for name in names}}


def framework_plain() -> dict[str, Any]:
    """The framework under which factories assess themselves."""
    own = framework()
    asked = ("id", "level", "kind", "text", "question", "evidence_kinds", "evidence_example", "remedy", "effort")
    return {
        **_named(own, "id", "version", "title"),
        "levels": [_named(one, "level", "title", "meaning") for one in own.levels],
        "areas": [
            {
                **_named(area, "id", "title", "meaning"),
                "capabilities": [
                    {
                        **_named(one, "id", "title", "meaning"),
                        "applies": {name: list(values) for name, values in one.applies.items()},
                        "criteria": [_named(each, *asked) for each in one.criteria],
                    }
                    for one in area.capabilities
                ],
            }
            for area in own.areas
        ],
    }


def _named(one: object, *names: str) -> dict[str, Any]:
    return {name: getattr(one, name) for name in names}


def assessment_plain(one: Assessment) -> dict[str, Any]:
    """The head of an assessment."""
    names = ("framework", "framework_version", "begun", "submitted", "mean")
    return {
        "number": one.pk,
        "factory": key(one, "factory"),
        "of": key(one, "of"),
        "reader": None if one.reader is None else one.reader.name,
        **{name: getattr(one, name) for name in names},
    }


def assessment_whole(one: Assessment, user: User | AnonymousUser) -> dict[str, Any]:
    """An assessment with its answers, and those of its files that somebody may see."""
    files = Evidence.objects.visible_to(user).filter(assessment=one)
    answers = one.answers.order_by("id")
    names = ("criterion", "value", "status", "note", "given")
    return {
        **assessment_plain(one),
        "parts": [{"part": each.capability, "version": each.version} for each in one.sections.order_by("id")],
        "answers": [{name: getattr(each, name) for name in names} for each in answers],
        "evidence": [evidence_plain(each) for each in files],
    }


def evidence_plain(one: Evidence) -> dict[str, Any]:
    """A file without its content."""
    names = ("criterion", "kind", "caption", "name", "media", "size", "sha256", "day")
    found = {name: getattr(one, name) for name in names}
    return {"number": one.pk, "assessment": key(one, "assessment"), **found}


def result_plain(one: Assessment, user: User | AnonymousUser) -> dict[str, Any]:
    """What an assessment comes to."""
    told, own = advice(one), framework()
    claimed, verified, row = told.scores.claimed, told.scores.verified, told.row
    readings = Assessment.objects.visible_to(user).filter(of=one, submitted__isnull=False).select_related("reader")
    return {
        "assessment": one.pk,
        "factory": one.factory.pk,
        "whole": _part(told, own.id, own.title, claimed.mean[row], verified.mean[row]),
        "known": int((claimed.level[row] >= 0).sum()),
        "applying": int((claimed.level[row] != INAPPLICABLE).sum()),
        "areas": [
            _part(told, area.id, area.title, claimed.area_mean[row, at], verified.area_mean[row, at])
            for at, area in enumerate(own.areas)
        ],
        "capabilities": [
            _part(told, each.id, each.title, _level(claimed.level[row, at]), _level(verified.level[row, at]))
            for at, each in enumerate(own.capabilities)
        ],
        "priorities": [
            {
                "capability": each.capability, "rank": each.rank, "level": each.level,
                "first_three": each.first_three, "terms": dict(each.terms), "waits_for": dict(each.waits_for),
            }
            for each in (() if told.priorities is None else told.priorities.ranked)
        ],
        "readings": [_compared(one, each) for each in readings],
    }  # fmt: skip


def _level(value: Any) -> float:
    """A level; what is not known or does not apply is no number."""
    return float(value) if value >= 0 else float("nan")


def _part(told: Advice, name: str, title: Any, claimed: Any, verified: Any) -> dict[str, Any]:
    one = None if told.peers is None else told.peers.get((name, told.factory.sector, told.factory.size))
    peers: dict[str, Any] = {"shown": "none", "factories": 0, "quantiles": []}
    if one is not None:
        quantiles = [{"q": each.q, "value": each.value, "low": each.low, "high": each.high} for each in one.quantiles]
        peers = {"shown": one.shown, "factories": one.factories, "quantiles": quantiles}
    return {
        "id": name, "title": dict(title), "claimed": finite(float(claimed)), "verified": finite(float(verified)),
        "peers": peers,
    }  # fmt: skip


def _compared(one: Assessment, reading: Assessment) -> dict[str, Any]:
    found = agree(one, reading)
    return {
        "reading": reading.pk,
        "reader": "" if reading.reader is None else reading.reader.name,
        "pairs": 0 if found is None else found.answers.pairs,
        "same": None if found is None else finite(found.answers.same),
        "kappa": None if found is None else finite(found.answers.value),
    }


def roadmap_plain(goal: str, found: Roadmap | None, missing: list[str]) -> dict[str, Any]:
    """A roadmap; empty where the goal cannot be reached or something is missing."""
    plan = None if found is None else found.best
    ordered = [] if plan is None else sorted(plan.taken.items(), key=lambda one: (one[1], one[0]))
    steps = [] if found is None else [(found.question.step(name), year) for name, year in ordered]
    names = ("year", "cost", "saving", "running", "level", "carbon")
    return {
        "goal": goal,
        "reached": plan is not None,
        "proven": bool(found and found.proven),
        "npv": None if plan is None else plan.npv,
        "carbon": None if plan is None else plan.carbon,
        "level": None if plan is None else plan.level,
        "steps": [
            {"id": one.id, "title": dict(one.title), "year": year, "cost": one.cost, "saving": one.saving}
            for one, year in steps
        ],
        "years": [{name: getattr(one, name) for name in names} for one in (() if plan is None else plan.years)],
        "missing": missing,
    }


def chances_plain(factory: Factory) -> list[dict[str, Any]]:
    """Every programme for factories, in both languages."""
    pairs = zip(chances(factory, "vi"), chances(factory, "en"), strict=True)
    return [_chance(vi, en) for vi, en in pairs]


def _chance(vi: Chance, en: Chance) -> dict[str, Any]:
    offers = [_offer(*both) for both in zip(vi.offers, en.offers, strict=True)]
    return {
        "programme": en.id, "title": {"vi": vi.title, "en": en.title}, "years": en.years, "state": en.state,
        "line": en.line, "offers": offers,
    }  # fmt: skip


def _offer(vi: Offer, en: Offer) -> dict[str, Any]:
    conditions = [_condition(*both) for both in zip(vi.conditions, en.conditions, strict=True)]
    return {
        "title": {"vi": vi.title, "en": en.title}, "state": en.state, "conditions": conditions, "most": en.most
    }  # fmt: skip


def _condition(vi: Shown, en: Shown) -> dict[str, Any]:
    return {
        "text": {"vi": vi.text, "en": en.text}, "written": en.written, "state": en.state,
        "why": {"vi": vi.why, "en": en.why},
    }  # fmt: skip


def application_plain(one: Application, user: User | AnonymousUser) -> dict[str, Any]:
    """An application with everything that lenders wrote down of it and that a user may see."""
    names = ("programme", "amount", "purpose", "state", "version", "made", "sent", "withdrawn")
    told = StageRecord.objects.visible_to(user).filter(application=one)
    stages = list(told.select_related("lender", "application").order_by("day", "id"))
    return {
        "number": one.pk,
        "factory": key(one, "factory"),
        **{name: getattr(one, name) for name in names},
        "stages": stages_plain(stages),
    }


def stages_plain(found: list[StageRecord]) -> list[dict[str, Any]]:
    """Records, each with the one that took its place."""
    later = StageRecord.objects.filter(corrects__in=[one.pk for one in found]).values_list("corrects", "pk")
    return [_stage(one, dict(later).get(one.pk)) for one in found]


def _stage(one: StageRecord, later: int | None) -> dict[str, Any]:
    names = ("stage", "amount", "day", "reason", "made")
    return {
        "number": one.pk,
        "application": one.application.pk,
        "programme": one.application.programme,
        "lender": one.lender.name,
        **{name: getattr(one, name) for name in names},
        "corrects": key(one, "corrects"),
        "corrected_by": later,
    }


def consent_plain(one: Consent) -> dict[str, Any]:
    """What a lender might see since a moment."""
    names = ("fields", "current", "given")
    return {"lender": one.lender.name, "lender_number": one.lender.pk, **{name: getattr(one, name) for name in names}}
