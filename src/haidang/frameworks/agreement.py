"""Two assessors of the same factories: how far they agree, and where they do not. Repeat assessments: what moved.

Weighted kappa (Cohen 1968): with n levels, observed shares p_ij of pairs (first i, second j), expected shares
e_ij = p_i. p_.j and disagreement weights v_ij = ((i - j) / (n - 1))^2,

    kappa = 1 - sum_ij v_ij p_ij / sum_ij v_ij e_ij.

Its large-sample standard error is that of Fleiss, Cohen and Everitt (1969).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from haidang.errors import Place
from haidang.frameworks.assessment import (
    ANSWERS,
    NOT_ANSWERED,
    STATUSES,
    Array,
    AssessmentError,
    Campaign,
    Evidence,
    Factory,
)
from haidang.frameworks.score import Profile, Scores

Weights = Literal["quadratic", "linear", "none"]


@dataclass(frozen=True, slots=True)
class Kappa:
    """Agreement beyond chance.

    Args:
        value: 1 for full agreement, 0 for what chance gives; NaN where both gave one and the same level throughout.
        se: its large-sample standard error.
        pairs: how many pairs it rests on.
        same: the share of pairs that are equal.
    """

    value: float
    se: float
    pairs: int
    same: float


@dataclass(frozen=True, slots=True)
class Disagreement:
    """An answer, or a level, on which two assessors differ; -1 is not answered."""

    factory: str
    part: str
    id: str
    first: int
    second: int


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two assessors compared on the factories that both saw."""

    levels: Kappa
    answers: Kappa
    disagreements: tuple[Disagreement, ...]


@dataclass(frozen=True, slots=True)
class Move:
    """What changed between two assessments of a factory, and on what evidence.

    Args:
        part: `capability` or `criterion`.
        before: the level or answer then; -1 not known, -2 not applicable (of a capability).
        after: the same now.
        status_before: how well the answer was backed then; empty for a capability.
        status_after: the same now.
        evidence: what the answer rests on now; for a capability, of its criteria that changed.
    """

    factory: str
    part: str
    id: str
    before: int
    after: int
    status_before: str
    status_after: str
    evidence: tuple[Evidence, ...]


def weighted_kappa(first: Sequence[int] | Array, second: Sequence[int] | Array, levels: int,
                   weights: Weights = "quadratic") -> Kappa:  # fmt: skip
    """Agreement of two raters beyond chance.

    Args:
        first: the first rater's levels, 0 to levels - 1.
        second: the second rater's, of the same things in the same order.
        levels: how many levels there are.
        weights: how disagreement grows with its distance.

    Raises:
        AssessmentError: the two differ in length, are empty, or have a level outside the scale.
    """
    one, two = np.asarray(first, np.int64), np.asarray(second, np.int64)
    if one.shape != two.shape or one.ndim != 1 or not one.size:
        raise AssessmentError(f"expected as many ratings of both, at least one, found {one.size} and {two.size}")
    if min(int(one.min()), int(two.min())) < 0 or max(int(one.max()), int(two.max())) >= levels:
        raise AssessmentError(f"expected levels from 0 to {levels - 1}, found another")
    table = np.zeros((levels, levels))
    np.add.at(table, (one, two), 1.0)
    return kappa_of_table(table, weights)


def kappa_of_table(counts: Array, weights: Weights = "quadratic") -> Kappa:
    """Agreement from a table of counts, shape (levels, levels): rows the first rater, columns the second."""
    total = float(counts.sum())
    p = counts / total
    rows, columns = p.sum(axis=1), p.sum(axis=0)
    expected = np.outer(rows, columns)
    agree = _agreement_weights(len(p), weights)
    observed_share, expected_share = float((agree * p).sum()), float((agree * expected).sum())
    if math.isclose(expected_share, 1.0, abs_tol=1e-12):
        return Kappa(math.nan, math.nan, int(total), float(np.trace(p)))
    value = (observed_share - expected_share) / (1.0 - expected_share)
    row_mean, column_mean = agree @ columns, rows @ agree
    spread = agree - (row_mean[:, None] + column_mean[None, :]) * (1.0 - value)
    variance = float((p * spread**2).sum()) - (value - expected_share * (1.0 - value)) ** 2
    se = math.sqrt(max(variance, 0.0) / total) / (1.0 - expected_share)
    return Kappa(value, se, int(total), float(np.trace(p)))


def _agreement_weights(levels: int, weights: Weights) -> Array:
    i = np.arange(levels, dtype=float)
    distance = np.abs(i[:, None] - i[None, :]) / max(levels - 1, 1)
    if weights == "none":
        return np.eye(levels)
    return 1.0 - (distance**2 if weights == "quadratic" else distance)


def agreement(first: Campaign, one: Scores, second: Campaign, two: Scores) -> Agreement:
    """How far two assessors agree on the factories that both assessed, and on what they do not.

    Levels are compared with quadratic weights where both know them; answers, which have no order, without weights.

    Raises:
        AssessmentError: they assessed under different frameworks, or no factory in common.
    """
    pairs = _common(first, second)
    rows, others = np.array([pair[0] for pair in pairs]), np.array([pair[1] for pair in pairs])
    levels, other_levels = one.claimed.level[rows], two.claimed.level[others]
    answers, other_answers = first.answers[rows], second.answers[others]
    known = (levels >= 0) & (other_levels >= 0)
    given = (answers != NOT_ANSWERED) & (other_answers != NOT_ANSWERED)
    if not known.any() or not given.any():
        raise AssessmentError("expected levels that both assessors know, found none")
    capabilities = [each.id for each in first.framework.capabilities]
    criteria = [each.id for each in first.framework.criteria]
    ids = [first.factories[row].id for row, _ in pairs]
    differences = [
        *_differences(ids, "capability", capabilities, levels, other_levels),
        *_differences(ids, "criterion", criteria, answers, other_answers),
    ]
    return Agreement(
        weighted_kappa(levels[known], other_levels[known], first.framework.top + 1),
        weighted_kappa(answers[given], other_answers[given], len(ANSWERS), "none"),
        tuple(differences),
    )


def _differences(factories: list[str], part: str, names: list[str], mine: Array, theirs: Array) -> list[Disagreement]:
    rows, columns = np.nonzero(mine != theirs)
    return [
        Disagreement(factories[row], part, names[at], int(mine[row, at]), int(theirs[row, at]))
        for row, at in zip(rows.tolist(), columns.tolist(), strict=True)
    ]


def moves(before: Campaign, then: Scores, after: Campaign, now: Scores) -> tuple[Move, ...]:
    """What moved between two assessments of the same factories, and on what evidence.

    Raises:
        AssessmentError: the framework is another, or no factory is in both.
    """
    return tuple(move for row, other in _common(before, after) for move in _moved(before, then, row, after, now, other))


def _moved(before: Campaign, then: Scores, row: int, after: Campaign, now: Scores, other: int) -> list[Move]:
    factory = before.factories[row].id
    found: list[Move] = []
    at = 0
    for place, capability in enumerate(before.framework.capabilities):
        own: list[Move] = []
        for criterion in capability.criteria:
            old, new = int(before.answers[row, at]), int(after.answers[other, at])
            status, status_now = int(then.status[row, at]), int(now.status[other, at])
            if old != new or status != status_now:
                rests = after.evidence.get((other, at), ())
                own.append(
                    Move(factory, "criterion", criterion.id, old, new, STATUSES[status], STATUSES[status_now], rests)
                )
            at += 1
        was, is_now = _level(then.claimed, row, place), _level(now.claimed, other, place)
        if was != is_now:
            rests = tuple(each for move in own if move.before != move.after for each in move.evidence)
            found.append(Move(factory, "capability", capability.id, was, is_now, "", "", rests))
        found += own
    return found


def _level(profile: Profile, row: int, place: int) -> int:
    return int(profile.level[row, place])


def _common(first: Campaign, second: Campaign) -> list[tuple[int, int]]:
    """The rows of the factories that are in both, by id."""
    if (first.framework.id, first.framework.version) != (second.framework.id, second.framework.version):
        raise AssessmentError(
            f"expected assessments under one framework, found {_said(first)} and {_said(second)}",
            _place(second.factories),
        )
    other = {one.id: at for at, one in enumerate(second.factories)}
    pairs = [(at, other[one.id]) for at, one in enumerate(first.factories) if one.id in other]
    if not pairs:
        raise AssessmentError("expected a factory that is in both assessments, found none", _place(second.factories))
    return sorted(pairs, key=lambda pair: first.factories[pair[0]].id)


def _said(campaign: Campaign) -> str:
    return f"'{campaign.framework.id}' {campaign.framework.version}"


def _place(factories: Sequence[Factory]) -> Place | None:
    return factories[0].place if factories else None
