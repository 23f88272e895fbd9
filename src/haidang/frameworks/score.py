"""From raw answers to levels, for any number of factories at once.

A capability stands at the highest level that has a must criterion which is met and below which, and at which, every
must criterion that applies is met. What is not answered is not known, and what does not apply is left out; neither is
ever a zero:

- `level` is the level proven by the answers; -1 where nothing is proven since answers are missing, -2 where the
  capability does not apply;
- `upper` is the level it would stand at if every missing answer were yes; where it equals `level`, the level is known.

Claimed levels count every answer. Verified levels count a yes only where it is verified or measured and its evidence
has not expired; a no counts whoever says it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from haidang.frameworks.assessment import (
    CLAIMED,
    NO,
    NOT_ANSWERED,
    NOT_APPLICABLE,
    VERIFIED,
    YES,
    Array,
    Campaign,
)
from haidang.frameworks.framework import Capability, Framework

UNKNOWN, INAPPLICABLE = -1, -2
BLOCK = 20_000
"""Factories scored at once: what bounds the memory."""


@dataclass(frozen=True)
class Profile:
    """Levels of every factory, and what they come to.

    Args:
        level: int8, shape (factories, capabilities): 0 to 5, -1 not known, -2 does not apply.
        upper: int8, the same shape: the level if every missing answer were yes; -2 where it does not apply.
        area_mean: float64, shape (factories, areas): weighted mean over capabilities whose level is known; NaN where
            none is.
        area_weakest: float64, shape (factories, areas): the lowest of them.
        coverage: float64, shape (factories, areas): the share of the weight of what applies whose level is known.
        mean: float64, shape (factories,): weighted mean over areas that have one.
        weakest: float64, shape (factories,): the lowest capability.
    """

    level: Array
    upper: Array
    area_mean: Array
    area_weakest: Array
    coverage: Array
    mean: Array
    weakest: Array


@dataclass(frozen=True)
class Scores:
    """What a campaign's answers come to on a day.

    Args:
        as_of: the day on which evidence must not have expired.
        claimed: counting every answer.
        verified: counting only what is verified or measured.
        status: int8, shape (factories, criteria): the status that each answer still has on that day.
    """

    framework: Framework
    as_of: date
    claimed: Profile
    verified: Profile
    status: Array


def score(campaign: Campaign, as_of: date | None = None) -> Scores:
    """The levels of every factory of a campaign.

    Args:
        campaign: the raw answers.
        as_of: the day on which evidence must not have expired; the last day of assessment unless given.
    """
    day = as_of if as_of is not None else max(one.day for one in campaign.factories)
    status = standing(campaign, day)
    applies = applying(campaign)
    counted = np.where(applies_to_criteria(campaign.framework, applies), campaign.answers, np.int8(NOT_APPLICABLE))
    unverified = (counted == YES) & (status < VERIFIED)
    verified = np.where(unverified, np.int8(NOT_ANSWERED), counted)
    return Scores(
        campaign.framework, day, profile(campaign.framework, counted), profile(campaign.framework, verified), status
    )


def standing(campaign: Campaign, as_of: date) -> Array:
    """The status of each answer on a day: claimed again once all its evidence that was stated has expired."""
    status = campaign.statuses.copy()
    for cell, evidence in campaign.evidence.items():
        if all(one.expires is not None and one.expires < as_of for one in evidence):
            status[cell] = CLAIMED
    return status


def applying(campaign: Campaign) -> Array:
    """Whether each capability applies to each factory, by sector and size: bool, shape (factories, capabilities)."""
    columns = {
        "sector": np.array([one.sector for one in campaign.factories]),
        "size": np.array([one.size for one in campaign.factories]),
    }
    applies = np.ones((len(campaign), len(campaign.framework.capabilities)), bool)
    for at, one in enumerate(campaign.framework.capabilities):
        for key, values in one.applies.items():
            applies[:, at] &= np.isin(columns[key], values)
    return applies


def applies_to_criteria(framework: Framework, applies: Array) -> Array:
    """What applies by capability, by criterion."""
    counts = [len(one.criteria) for one in framework.capabilities]
    return np.repeat(applies, counts, axis=1)


def profile(framework: Framework, answers: Array) -> Profile:
    """The levels that answers prove, and what they come to.

    Args:
        framework: what was asked.
        answers: int8, shape (factories, criteria); what does not apply is 2.
    """
    parts = [_levels(framework, answers[start : start + BLOCK]) for start in range(0, max(len(answers), 1), BLOCK)]
    level = np.concatenate([one for one, _ in parts])
    upper = np.concatenate([one for _, one in parts])
    return summary(framework, level, upper)


def summary(framework: Framework, level: Array, upper: Array) -> Profile:
    """Mean, weakest link and coverage of levels that are known."""
    n, areas = len(level), framework.areas
    area_mean, area_weakest = np.full((n, len(areas)), np.nan), np.full((n, len(areas)), np.nan)
    coverage = np.full((n, len(areas)), np.nan)
    start = 0
    for at, area in enumerate(areas):
        stop = start + len(area.capabilities)
        weight = np.array([one.weight for one in area.capabilities])
        own = level[:, start:stop]
        area_mean[:, at] = _mean(own, weight)
        area_weakest[:, at] = _lowest(own)
        applying_weight = ((own != INAPPLICABLE) * weight).sum(axis=1)
        known_weight = ((own >= 0) * weight).sum(axis=1)
        np.divide(known_weight, applying_weight, out=coverage[:, at], where=applying_weight > 0)
        start = stop
    weights = np.array([area.weight for area in areas])
    known = ~np.isnan(area_mean)
    total = (known * weights).sum(axis=1)
    mean = np.full(n, np.nan)
    np.divide((np.where(known, area_mean, 0.0) * weights).sum(axis=1), total, out=mean, where=total > 0)
    return Profile(level, upper, area_mean, area_weakest, coverage, mean, _lowest(level))


def _levels(framework: Framework, answers: Array) -> tuple[Array, Array]:
    shape = (len(answers), len(framework.capabilities))
    level, upper = np.zeros(shape, np.int8), np.zeros(shape, np.int8)
    start = 0
    for at, one in enumerate(framework.capabilities):
        stop = start + len(one.criteria)
        level[:, at], upper[:, at] = _stand(one, answers[:, start:stop])
        start = stop
    return level, upper


def _stand(capability: Capability, answers: Array) -> tuple[Array, Array]:
    """The level that one capability's answers prove, and the level they do not exclude."""
    n = len(answers)
    level, upper = np.zeros(n, np.int8), np.zeros(n, np.int8)
    holds, may_hold = np.ones(n, bool), np.ones(n, bool)
    refused, asked = np.zeros(n, bool), np.zeros(n, bool)
    for step in range(1, capability.top + 1):
        musts = [at for at, one in enumerate(capability.criteria) if one.kind == "must" and one.level == step]
        own = answers[:, musts]
        no, open_, yes = (own == NO).any(axis=1), (own == NOT_ANSWERED).any(axis=1), (own == YES).any(axis=1)
        refused |= holds & no
        holds &= ~no & ~open_
        may_hold &= ~no
        level[holds & yes] = step
        upper[may_hold & (yes | open_)] = step
        asked |= no | open_ | yes
    level[(level == 0) & ~refused] = UNKNOWN
    level[~asked], upper[~asked] = INAPPLICABLE, INAPPLICABLE
    return level, upper


def _mean(level: Array, weight: Array) -> Array:
    known = level >= 0
    total = (known * weight).sum(axis=1)
    found = np.full(len(level), np.nan)
    np.divide((np.where(known, level, 0) * weight).sum(axis=1), total, out=found, where=total > 0)
    return found


def _lowest(level: Array) -> Array:
    lowest = np.where(level >= 0, level, np.int8(127)).min(axis=1)
    return np.where(lowest < 127, lowest.astype(float), np.nan)
