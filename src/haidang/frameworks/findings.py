"""What keeps a factory where it is: criteria not met, not answered, not verified, with remedy and effort."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from haidang.frameworks.assessment import NO, NOT_ANSWERED, NOT_APPLICABLE, VERIFIED, YES, Array, Campaign
from haidang.frameworks.framework import EFFORTS, Text
from haidang.frameworks.score import Scores, applies_to_criteria, applying

KINDS = ("", "not_met", "not_answered", "expired", "not_verified")
NOT_MET, OPEN, EXPIRED, UNVERIFIED = 1, 2, 3, 4


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that stands between a factory and its next level, or between a claim and its proof.

    Args:
        kind: `not_met`, `not_answered`, `expired` (its evidence counts no longer) or `not_verified`.
        blocks: whether the next level waits for it.
    """

    factory: str
    criterion: str
    capability: str
    area: str
    level: int
    kind: str
    blocks: bool
    remedy: Text
    effort: str


def finding_kinds(campaign: Campaign, scores: Scores) -> Array:
    """The kind of finding on each answer, int8, shape (factories, criteria), 0 where there is none.

    Only levels up to the one after that at which a capability stands are looked at: what comes later is not yet due.
    """
    applies = applies_to_criteria(campaign.framework, applying(campaign)) & (campaign.answers != NOT_APPLICABLE)
    counts = [len(one.criteria) for one in campaign.framework.capabilities]
    stands = np.repeat(np.maximum(scores.claimed.level, 0), counts, axis=1)
    levels = np.array([one.level for one in campaign.framework.criteria])
    due = applies & (levels <= stands + 1)
    met = campaign.answers == YES
    kinds = np.zeros(campaign.answers.shape, np.int8)
    kinds[due & met & (scores.status < VERIFIED)] = UNVERIFIED
    kinds[due & met & (scores.status < campaign.statuses)] = EXPIRED
    kinds[due & (campaign.answers == NOT_ANSWERED)] = OPEN
    kinds[due & (campaign.answers == NO)] = NOT_MET
    return kinds


def findings(campaign: Campaign, scores: Scores, row: int) -> tuple[Finding, ...]:
    """The findings on one factory: first what blocks a next level, then by kind and effort."""
    one = campaign.only(row)
    part = _row(scores, row)
    kinds: list[int] = finding_kinds(one, part)[0].tolist()
    index = {each.id: at for at, each in enumerate(campaign.framework.capabilities)}
    found: list[Finding] = []
    for kind, (area, capability, criterion) in zip(kinds, campaign.framework.walk(), strict=True):
        if not kind:
            continue
        stands = max(int(part.claimed.level[0, index[capability.id]]), 0)
        found.append(
            Finding(
                factory=one.factories[0].id,
                criterion=criterion.id,
                capability=capability.id,
                area=area.id,
                level=criterion.level,
                kind=KINDS[kind],
                blocks=criterion.kind == "must" and kind in {NOT_MET, OPEN} and criterion.level == stands + 1,
                remedy=criterion.remedy,
                effort=criterion.effort,
            )
        )
    return tuple(sorted(found, key=_urgency))


def _urgency(one: Finding) -> tuple[bool, int, int, int]:
    return not one.blocks, KINDS.index(one.kind), EFFORTS.index(one.effort), one.level


def _row(scores: Scores, row: int) -> Scores:
    from dataclasses import fields, replace

    at = slice(row, row + 1)
    profiles = [
        type(each)(**{field.name: getattr(each, field.name)[at] for field in fields(each)})
        for each in (scores.claimed, scores.verified)
    ]
    return replace(scores, claimed=profiles[0], verified=profiles[1], status=scores.status[at])
