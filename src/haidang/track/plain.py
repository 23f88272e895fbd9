"""Where everything stands as plain values: what the JSON of the command and of the site holds."""

from __future__ import annotations

from typing import Any

from haidang.results.manifest import LANGUAGES, Language
from haidang.track.attention import next_update
from haidang.track.odds import Way
from haidang.track.odds.words import state_text
from haidang.track.outlook import Outlook
from haidang.track.overview import Overview, beside, headline, lower_cell, paragraphs, prospect_text
from haidang.track.progress import progress, stage_of
from haidang.track.promises import Prospect
from haidang.track.records import Claim, Commitment, Event, Indicator, Milestone, Period, Proposal


def as_plain(found: Overview) -> dict[str, Any]:
    """The overview as JSON holds it, with every number's source."""
    return {
        "pack": found.city[0],
        "as_of": found.on.isoformat(),
        "targets": [_target(found, one) for one in found.outlooks],
        "commitments": [_commitment(found, one) for one in found.tracked.commitments.values()],
        "commitments_by_stage": dict(found.stages),
        "indicators": [_indicator(found, one) for one in found.tracked.indicators.values()],
        "events": [_event(found, one) for one in found.tracked.events.values()],
        "proposals": [_proposal(found, one) for one in found.tracked.proposals.values()],
        "attention": [
            {
                "reason": one.reason,
                "kind": one.kind,
                "id": one.id,
                "since": None if one.since is None else one.since.isoformat(),
                "what": one.what,
            }
            for one in found.attention
        ],
        "contradictions": [
            {"kind": one.kind, "id": one.id, "about": one.about, "claims": [_claim(found, each) for each in one.claims]}
            for one in found.contradictions
        ],
    }


def _target(found: Overview, one: Outlook) -> dict[str, Any]:
    target, odds, way = one.target, one.odds, one.odds.without
    start = None if one.indicator is None else one.indicator.starts
    moved = None if odds.programme is None else odds.programme.chance.within
    return {
        "id": target.id,
        "title": dict(target.title),
        "kind": target.kind,
        "by": target.by.isoformat(),
        "indicator": target.indicator,
        "told_by_indicator": target.indicator if one.stand_in is None else one.stand_in.indicator.id,
        "lower": target.lower,
        "upper": target.upper,
        "unit": target.unit,
        "chance": {language: headline(one, language) for language in LANGUAGES},
        "chance_beside": {language: _beside(one, language) for language in LANGUAGES},
        "state": {language: state_text(odds, language) for language in LANGUAGES},
        "probability": odds.probability,
        "probability_of_lower_end": None if way is None else way.chance.within + way.chance.above,
        "probability_with_programme": moved,
        "programmes": list(one.programmes),
        "starts_at_zero_on": None if start is None else start.on.isoformat(),
        "probability_range": None if odds.spread is None else list(odds.spread),
        "evidence": odds.evidence,
        "reason": odds.reason,
        "method": odds.method,
        "unit_of_odds": one.unit,
        "fan": _fan(way),
        "fan_with_programme": _fan(odds.programme),
        "required_a_year": None if one.required is None else one.required.needed,
        "best_a_year": None if one.required is None else one.required.best,
        "told": {language: list(paragraphs(one, language)) for language in LANGUAGES},
        "values": [
            {"end": point.end.isoformat(), "value": point.value, "claim": _claim(found, point.observation.claim)}
            for point in one.points
        ],
        "claims": [_claim(found, claim) for claim in target.claims],
    }


def _beside(one: Outlook, language: Language) -> str:
    """What stands beside the number in large type, and no second number for most."""
    return "; ".join(told for told in (lower_cell(one, language), beside(one, language)) if told)


def _fan(way: Way | None) -> list[dict[str, Any]]:
    days = () if way is None else zip(way.fan.dates, way.fan.points, strict=True)
    return [{"day": day.isoformat(), **points.as_dict()} for day, points in days]


def _commitment(found: Overview, one: Commitment) -> dict[str, Any]:
    done, prospect = progress(one.milestones), found.prospects.get(one.id)
    return {
        "id": one.id,
        "title": dict(one.title),
        "kind": one.kind,
        "parties": list(one.parties),
        "responsible": one.responsible,
        "stage": stage_of(one),
        "stages": [{"stage": stage.name, "on": stage.on.isoformat()} for stage in one.stages],
        "due": None if one.due is None else one.due.isoformat(),
        "progress": None if done is None else {"least": done.least, "most": done.most, "reported": done.reported},
        "odds": None if prospect is None else _prospect(prospect),
        "programmes": list(one.programmes),
        "indicators": list(one.indicators),
        "proposals": list(one.proposals),
        "next_step": None if one.next_step is None else dict(one.next_step),
        "next_on": None if one.next_on is None else one.next_on.isoformat(),
        "event": one.event,
        "milestones": [_milestone(part) for part in one.milestones],
        "claims": [_claim(found, claim) for claim in one.claims],
    }


def _indicator(found: Overview, one: Indicator) -> dict[str, Any]:
    expected = next_update(one)
    return {
        "id": one.id,
        "title": dict(one.title),
        "unit": one.unit,
        "definition": dict(one.definition),
        "method": None if one.method is None else dict(one.method),
        "main_method": one.main,
        "direction": one.direction,
        "geography": one.geography,
        "publisher": one.publisher,
        "licence": one.licence,
        "months_between_values": one.frequency,
        "next_update": None if expected is None else expected.isoformat(),
        "starts_at_zero_on": None if one.starts is None else one.starts.on.isoformat(),
        "moved_by": [link.programme for link in one.moved_by],
        "stand_in": None if one.stand_in is None else one.stand_in.indicator,
        "documents": list(one.documents),
        "greatest_value": one.most,
        "values": [
            {**_claim(found, each.claim), "status": each.status, "method": each.method} for each in one.observations
        ],
    }


def _event(found: Overview, one: Event) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": dict(one.title),
        "period": _period(one.period),
        "hosts": list(one.hosts),
        "claims": [_claim(found, claim) for claim in one.claims],
    }


def _proposal(found: Overview, one: Proposal) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": dict(one.title),
        "by": one.by,
        "status": one.status,
        "became": list(one.became),
        "programmes": list(one.programmes),
        "claims": [_claim(found, claim) for claim in one.claims],
    }


def _milestone(one: Milestone) -> dict[str, Any]:
    return {
        "id": one.id,
        "title": dict(one.title),
        "weight": one.weight,
        "done": one.done,
        "due": None if one.due is None else one.due.isoformat(),
        "reported": None if one.reported is None else one.reported.isoformat(),
        "source": None if one.evidence is None else one.evidence.source,
    }


def _prospect(one: Prospect) -> dict[str, Any]:
    odds = one.odds
    return {
        "delivered_by": odds.by.isoformat(),
        "day_is_stated": one.stated,
        "probability": odds.probability,
        "probability_range": None if odds.spread is None else list(odds.spread),
        "evidence": odds.evidence,
        "reason": odds.reason,
        "told": {"vi": prospect_text(one, "vi"), "en": prospect_text(one, "en")},
    }


def _claim(found: Overview, claim: Claim) -> dict[str, Any]:
    quantity, source = claim.quantity, found.tracked.sources.get(claim.place.source)
    told = None
    if quantity is not None:
        told = {
            "minimum": quantity.minimum,
            "maximum": quantity.maximum,
            "unit": quantity.unit,
            "qualifier": quantity.qualifier,
        }
    return {
        "id": claim.id,
        "about": claim.about,
        "said": claim.said.isoformat(),
        "quantity": told,
        "says": claim.says,
        "period": _period(claim.period),
        "scope": claim.scope,
        "by": claim.by,
        "confidence": claim.confidence,
        "note": None if claim.note is None else dict(claim.note),
        "source": claim.place.source,
        "passage": claim.place.passage,
        "span": None if claim.place.start is None else [claim.place.start, claim.place.end],
        "address": None if source is None else source.address,
        "entered_by": claim.entered_by,
        "confirmed_by": claim.confirmed_by,
    }


def _period(one: Period | None) -> list[str | None] | None:
    """The first and the last day, each none where nobody said it."""
    return None if one is None else [None if day is None else day.isoformat() for day in (one.start, one.end)]
