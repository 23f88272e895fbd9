"""From the rows of an assessment to what `haidang.frameworks` and `haidang.allocate` say of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from django.utils import timezone

from haidang import frameworks
from haidang.allocate.factory import Advice, question_of
from haidang.allocate.payers import known_of, payers
from haidang.allocate.roadmap import Goal
from haidang.allocate.roadmap_solve import roadmap
from haidang.allocate.steps import choices
from haidang.facts.few import FEWEST
from haidang.frameworks import Agreement, Benchmarks, Campaign, Scores, score
from haidang.frameworks.assessment import NOT_ANSWERED, AssessmentError
from haidang.frameworks.benchmarks import benchmarks
from haidang.web.city.pack import pack
from haidang.web.factories.counted import Stamp, in_force, stamp
from haidang.web.factories.models import Assessment, Factory
from haidang.web.factories.vocabulary import framework, programmes


@dataclass(frozen=True)
class Read:
    """An assessment as the framework reads it."""

    campaign: Campaign
    scores: Scores


def answers_of(assessment: Assessment) -> dict[str, frameworks.Answer]:
    """The answers by criterion, each with its files; those of criteria that the framework has."""
    known = {one.id for one in framework().criteria}
    files: dict[str, list[frameworks.Evidence]] = {}
    for one in assessment.evidence.all():
        files.setdefault(one.criterion, []).append(
            frameworks.Evidence(one.kind, one.name, one.sha256, one.day, None, one.caption)
        )
    return {
        one.criterion: frameworks.Answer(
            one.value, one.status, tuple(files.get(one.criterion, ())), one.note or None
        )
        for one in assessment.answers.all()
        if one.criterion in known
    }  # fmt: skip


def subject(factory: Factory, day: date, sector: str, size: str, assessor: str) -> frameworks.Factory:
    """A factory as the framework knows one."""
    return frameworks.Factory(
        factory.tax_code, factory.name, sector, size, day, assessor,
        employees=float(factory.employees), revenue=_float(factory.revenue),
        value_added=_float(factory.value_added), electricity=_float(factory.electricity),
    )  # fmt: skip


def _float(value: int | None) -> float | None:
    return None if value is None else float(value)


def read(assessment: Assessment) -> Read:
    """An assessment and what it comes to.

    Where an assessor's reading is handed in and gives the same answer, the answer has the status of the reading; where
    it gives another, the factory's answer stays a claim.
    """
    own = answers_of(assessment)
    for reading in assessment.readings.filter(submitted__isnull=False).order_by("id"):
        for name, seen in answers_of(reading).items():
            mine = own.get(name)
            if mine is not None and mine.value == seen.value:
                own[name] = frameworks.Answer(mine.value, max(mine.status, seen.status), mine.evidence, mine.note)
    return _read(assessment, own)


def read_alone(assessment: Assessment) -> Read:
    """An assessment without what others read into it."""
    return _read(assessment, answers_of(assessment))


def _read(assessment: Assessment, own: Mapping[str, frameworks.Answer]) -> Read:
    factory = assessment.factory
    day = timezone.localdate(assessment.submitted) if assessment.submitted else timezone.localdate()
    who = str(assessment.submitted_by or assessment.begun_by or "")
    one = subject(factory, day, assessment.sector or factory.sector, assessment.size or factory.size, who)
    campaign = frameworks.campaign_of(framework(), [(one, own)])
    return Read(campaign, score(campaign))


def agree(assessment: Assessment, reading: Assessment) -> Agreement | None:
    """How far an assessor agrees with the factory; none where nothing was answered by both."""
    first, second = read_alone(assessment), read_alone(reading)
    try:
        return frameworks.agreement(first.campaign, first.scores, second.campaign, second.scores)
    except AssessmentError:
        return None


def seal(assessment: Assessment) -> tuple[list[list[int]], float | None]:
    """The values and the statuses of an assessment's answers, in the order of the criteria, and the mean level.

    The mean is none where an area that applies has no level: who answered a few questions has no level yet.
    """
    found = read_alone(assessment)
    claimed = found.scores.claimed
    unknown = np.isnan(claimed.area_mean[0]) & ~np.isnan(claimed.coverage[0])
    mean = None if unknown.any() or np.isnan(claimed.mean[0]) else float(claimed.mean[0])
    return [found.campaign.answers[0].tolist(), found.campaign.statuses[0].tolist()], mean


def newest(factory: Factory) -> Assessment | None:
    """The self-assessment that a factory handed in last."""
    return factory.assessments.filter(of__isnull=True, submitted__isnull=False).order_by("-submitted").first()


def peers(assessment: Assessment) -> Benchmarks | None:
    """Where other factories stand that handed in an assessment; none where those of fewer than five others are counted.

    No factory of the organisation itself is among its peers. Others are counted in batches (`counted`).
    """
    example = assessment.factory.example
    gathered, own = _gathered(example, framework().version, stamp(example)), assessment.factory.body.pk
    if gathered is None:
        return None
    found, batches, bodies = gathered
    if len({*bodies.tolist()} - {own}) < FEWEST:
        return None
    return benchmarks(found.campaign, found.scores, batches=batches, apart=bodies == own)


@lru_cache(maxsize=4)
def _gathered(example: bool, version: str, seen: Stamp) -> tuple[Read, Any, Any] | None:
    """The assessments that are counted, the batch of each and its organisation; asked again only when others are.

    None where nothing is counted.
    """
    del version
    rows: list[tuple[frameworks.Factory, list[list[int]], int, int]] = []
    counted = in_force(example, dict(seen.joined))
    for one in counted.select_related("factory__body").order_by("submitted", "id").iterator():
        day = timezone.localdate(one.submitted)
        known_as = subject(one.factory, day, one.sector, one.size, "")
        rows.append((known_as, one.sealed or [[], []], one.batch or 0, one.factory.body.pk))
    if not rows:
        return None
    width = len(framework().criteria)
    values = np.full((len(rows), width), NOT_ANSWERED, np.int8)
    statuses = np.zeros((len(rows), width), np.int8)
    for at, (_, (answers, status), _, _) in enumerate(rows):
        values[at, : len(answers)], statuses[at, : len(status)] = answers, status
    campaign = Campaign(framework(), tuple(one for one, *_ in rows), values, statuses)
    batches, bodies = np.array([[batch, body] for *_, batch, body in rows]).T
    return Read(campaign, score(campaign)), batches, bodies


def levels(assessment: Assessment) -> Mapping[str, int | None]:
    """The level of each area as the pack's model and programmes know it; none where nothing is known of the area."""
    technologies = frameworks.find_technologies(framework())
    found = read(assessment)
    if technologies is None:
        return {}
    return frameworks.model_levels(technologies, found.scores, 0)


def known(factory: Factory) -> dict[str, Any]:
    """What is known of a factory under the names that programmes read: its profile, and its levels once handed in.

    The mean level is known only where that of every area is: a mean over some areas is another number.
    """
    row = factory.known
    last = newest(factory)
    if last is None:
        return row
    found = levels(last)
    row |= known_of(read(last).campaign.factories[0], {area: one for area, one in found.items() if one is not None})
    row["sector"], row["size"] = factory.sector, factory.size
    if None in found.values():
        row.pop("level", None)
    return row


def advice(assessment: Assessment) -> Advice:
    """What a factory is told of its assessment: findings, priorities, peers; no roadmap."""
    from haidang.allocate.factory import advise

    found = read(assessment)
    return advise(
        found.campaign,
        found.scores,
        0,
        relevance=frameworks.find_relevance(framework()),
        peers=peers(assessment),
        technologies=frameworks.find_technologies(framework()),
    )


def planned(assessment: Assessment, years: tuple[int, ...], budget: float, goal: Goal) -> Advice:
    """The same with the best order of steps, and who would pay.

    What would change the plan is left out: it asks for many plans and takes seconds.

    Args:
        assessment: handed in.
        years: of the roadmap.
        budget: VND for steps in each year.
        goal: of the roadmap.

    Raises:
        HaidangError: a number of the factory that costs or effects depend on is not known, or the pack lacks a fact.
    """
    from dataclasses import replace

    told, technologies, book = advice(assessment), frameworks.find_technologies(framework()), pack().book
    if technologies is None:
        return told
    one = told.factory
    found = choices(one, told.scores, 0, technologies, book, years[0])
    if not found.steps:
        return replace(told, choices=found)
    answer = roadmap(question_of(found, years, budget, goal))
    who = payers([step.id for step in found.steps], programmes().values(), known(assessment.factory), book)
    return replace(told, choices=found, roadmap=answer, payers=who)
