"""Records as plain values, for programs."""

from __future__ import annotations

from typing import Any

from haidang.track.progress import stage_of
from haidang.track.records import Claim, Commitment
from haidang.track.report.view import web
from haidang.track.tracked import Tracked
from haidang.web.desk.book import public_book
from haidang.web.desk.models import Proposal


def commitments_plain(tracked: Tracked) -> list[dict[str, Any]]:
    """Every promise."""
    return [commitment_plain(tracked, one) for one in tracked.commitments.values()]


def commitment_plain(tracked: Tracked, one: Commitment) -> dict[str, Any]:
    """A promise with what documents say of it."""
    return {
        "id": one.id,
        "title": dict(one.title),
        "kind": one.kind,
        "parties": list(one.parties),
        "responsible": one.responsible,
        "stage": stage_of(one),
        "stages": [
            {
                "stage": each.name,
                "on": each.on,
                "source": None if each.evidence is None else each.evidence.source,
                "file": each.file,
            }
            for each in one.stages
        ],
        "due": one.due,
        "next_step": None if one.next_step is None else dict(one.next_step),
        "next_on": one.next_on,
        "programmes": list(one.programmes),
        "milestones": [
            {"id": each.id, "title": dict(each.title), "due": each.due, "done": each.done, "reported": each.reported}
            for each in one.milestones
        ],
        "claims": [claim_plain(tracked, each) for each in one.claims],
    }


def indicators_plain(tracked: Tracked) -> list[dict[str, Any]]:
    """Every series with its values."""
    return [
        {
            "id": one.id,
            "title": dict(one.title),
            "unit": one.unit,
            "definition": dict(one.definition),
            "publisher": one.publisher,
            "observations": [
                {"status": each.status, "method": each.method, "claim": claim_plain(tracked, each.claim)}
                for each in one.observations
            ],
        }
        for one in tracked.indicators.values()
    ]


def proposal_plain(one: Proposal) -> dict[str, Any]:
    """A proposal, without how whoever made it can be reached."""
    return {
        "number": one.pk,
        "title": one.title,
        "text": one.text,
        "body": one.body,
        "body_confirmed": one.confirmed,
        "state": one.state,
        "answer": one.answer,
        "became_commitment": one.became_commitment if one.became_commitment in public_book().commitments else "",
        "became_programme": one.became_programme,
        "made": one.made,
        "version": one.version,
    }


def claim_plain(tracked: Tracked, claim: Claim) -> dict[str, Any]:
    """What a document says."""
    told, period, place = claim.quantity, claim.period, claim.place
    return {
        "id": claim.id,
        "about": claim.about,
        "said": claim.said,
        "by": claim.by,
        "quantity": None
        if told is None
        else {"minimum": told.minimum, "maximum": told.maximum, "unit": told.unit, "qualifier": told.qualifier},
        "start": None if period is None else period.start,
        "end": None if period is None else period.end,
        "scope": claim.scope,
        "source": place.source,
        "passage": place.passage,
        "address": web(tracked.sources.get(place.source)),
        "confirmed": claim.confirmed_by is not None,
    }
