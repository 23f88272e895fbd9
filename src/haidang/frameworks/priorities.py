"""What a factory should do next: an open formula, and how far its answer depends on what is uncertain in it.

For a capability i that can still rise, with levels of the whole scale from 0 to L,

    priority_i = (w_S S_i + w_R R_i + w_G G_i + w_K K_i) / (sum of the weights of the terms that are known)

    S_i = sum_k s_k r_ik          what the firm spends on: cost shares s (made to add to one) times relevance r, 0 to 1
    R_i = mean over chosen results j of r_ij
    G_i = max(0, upper quartile of peers_i - level_i) / L
    K_i = max(r_i,safety, r_i,emissions) * (share of the must criteria of levels 1 and 2 that apply and are not met)

All weights are equal unless given: no data rank one term above another. A capability whose next level needs a
technology group with a prerequisite that is not in place waits: it comes after all that are open, and names what it
waits for. A term that is not known (no cost shares, no chosen result, no peers) is left out, never zero.

Stability: the order is drawn again with weights from a Dirichlet distribution around those given (concentration 20)
and with every level wrong by one up or down with a probability of 0.1 each, and the share of draws in which a
capability is among the first three is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from haidang.frameworks.assessment import NO, NOT_APPLICABLE, Array, AssessmentError, Campaign
from haidang.frameworks.benchmarks import Benchmarks
from haidang.frameworks.relevance import Relevance
from haidang.frameworks.score import Scores
from haidang.frameworks.technology import TechnologyMap

TERMS = ("costs", "results", "gap", "risk")
RISKS = ("safety", "emissions")
EQUAL: Mapping[str, float] = dict.fromkeys(TERMS, 0.25)
CONCENTRATION = 20.0
LEVEL_ERROR = 0.1
FIRST = 3


Needs = tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True)
class Priority:
    """One capability in the order of what to do next.

    Args:
        rank: 1 for the first.
        level: where it stands.
        value: the formula's value, 0 to 1.
        terms: each known term, 0 to 1, before its weight.
        waits_for: capabilities and the levels they must reach before; empty where it is open.
        first_three: the share of draws in which it is among the first three.
        rank_low: the rank in the best twentieth of draws.
        rank_high: the rank in the worst twentieth of draws.
    """

    capability: str
    rank: int
    level: int
    value: float
    terms: Mapping[str, float]
    waits_for: Mapping[str, int]
    first_three: float
    rank_low: int
    rank_high: int


@dataclass(frozen=True, slots=True)
class Priorities:
    """What to do next, in order, and what cannot be ranked before it is answered."""

    ranked: tuple[Priority, ...]
    to_answer: tuple[str, ...]
    weights: Mapping[str, float]
    draws: int


@dataclass(frozen=True)
class _Case:
    """One factory as the formula sees it; arrays have shape (capabilities,)."""

    costs: Array | None
    results: Array | None
    good: Array | None
    risk: Array
    level: Array
    tops: Array
    scale: int
    candidate: Array
    needs: Needs = field(default=())
    """What a level needs: capability and its level, and the capability and level that must stand before."""


def priorities(
    campaign: Campaign,
    scores: Scores,
    row: int,
    relevance: tuple[Relevance, Relevance],
    peers: Benchmarks | None = None,
    technologies: TechnologyMap | None = None,
    weights: Mapping[str, float] = EQUAL,
    draws: int = 2000,
    seed: int = 1,
) -> Priorities:
    """What one factory should do next.

    Args:
        campaign: the raw answers.
        scores: what they come to.
        row: which factory.
        relevance: the matrices on costs and on goals.
        peers: where peers stand; without it the gap is left out.
        technologies: what must come before what; without it nothing waits.
        weights: of the four terms, at least 0, not all 0.
        draws: how often the order is drawn again.
        seed: of the draws.

    Raises:
        AssessmentError: a weight is missing, unknown or negative.
    """
    given = _weights(weights)
    case = _case(campaign, scores, row, relevance, peers, technologies)
    values = _values(case, case.level[None, :], given[None, :])[0]
    waits = _waiting(case, case.level[None, :])[0]
    order = _ranks(case, values[None, :], waits[None, :])[0]
    drawn = _drawn_ranks(case, given, draws, seed)
    low, high = np.quantile(drawn, [0.05, 0.95], axis=0, method="nearest")
    names = [one.id for one in campaign.framework.capabilities]
    terms = _terms(case, case.level[None, :])
    ranked = [
        Priority(
            capability=names[at],
            rank=int(order[at]),
            level=int(case.level[at]),
            value=float(values[at]),
            terms={name: float(term[0, at]) for name, term in terms.items()},
            waits_for=_waits_for(case, at, names),
            first_three=float((drawn[:, at] <= FIRST).mean()),
            rank_low=int(low[at]),
            rank_high=int(high[at]),
        )
        for at in np.flatnonzero(case.candidate).tolist()
    ]
    unknown = scores.claimed.level[row] == -1
    return Priorities(
        tuple(sorted(ranked, key=lambda one: one.rank)),
        tuple(name for name, open_ in zip(names, unknown, strict=True) if open_),
        dict(zip(TERMS, given.tolist(), strict=True)),
        draws,
    )


def _weights(weights: Mapping[str, float]) -> Array:
    if set(weights) != set(TERMS) or min(weights.values()) < 0 or sum(weights.values()) <= 0:
        raise AssessmentError(
            f"expected weights of {', '.join(TERMS)}, at least 0 and not all 0, found {dict(weights)}"
        )
    given = np.array([weights[name] for name in TERMS], float)
    return given / given.sum()


def _case(campaign: Campaign, scores: Scores, row: int, relevance: tuple[Relevance, Relevance],
          peers: Benchmarks | None, technologies: TechnologyMap | None) -> _Case:  # fmt: skip
    factory, (costs, goals) = campaign.factories[row], relevance
    shares = np.array([factory.costs.get(name, 0.0) for name in costs.targets])
    chosen = [goals.targets.index(name) for name in factory.results]
    level = scores.claimed.level[row].astype(int)
    tops = np.array([one.top for one in campaign.framework.capabilities])
    risks = goals.matrix[:, [goals.targets.index(name) for name in RISKS]].max(axis=1)
    good = None if peers is None else _good(campaign, row, peers)
    return _Case(
        costs=costs.matrix @ (shares / shares.sum()) if shares.sum() > 0 else None,
        results=goals.matrix[:, chosen].mean(axis=1) if chosen else None,
        good=good,
        risk=risks * _unmet_basics(campaign, row),
        level=np.maximum(level, 0),
        tops=tops,
        scale=campaign.framework.top,
        candidate=(level >= 0) & (level < tops),
        needs=() if technologies is None else _needs(campaign, scores, row, technologies),
    )


def _good(campaign: Campaign, row: int, peers: Benchmarks) -> Array | None:
    factory = campaign.factories[row]
    found = [peers[one.id, factory.sector, factory.size].good for one in campaign.framework.capabilities]
    known = [np.nan if one is None else one for one in found]
    return None if np.isnan(known).all() else np.array(known)


def _unmet_basics(campaign: Campaign, row: int) -> Array:
    """The share of the must criteria of levels 1 and 2 that apply and are not met."""
    found: list[float] = []
    at = 0
    for one in campaign.framework.capabilities:
        own = [
            at + each
            for each, criterion in enumerate(one.criteria)
            if criterion.kind == "must" and criterion.level <= 2
        ]
        answers = campaign.answers[row, own]
        applies = int((answers != NOT_APPLICABLE).sum())
        found.append(float((answers == NO).sum()) / applies if applies else 0.0)
        at += len(one.criteria)
    return np.array(found)


def _needs(
    campaign: Campaign, scores: Scores, row: int, technologies: TechnologyMap
) -> tuple[tuple[int, int, int, int], ...]:
    index = {one.id: at for at, one in enumerate(campaign.framework.capabilities)}
    applies = scores.claimed.upper[row] >= 0
    return tuple(
        (index[name], level, index[before], needed)
        for group in technologies.groups
        for name, level in group.capabilities.items()
        for other in group.after
        for before, needed in technologies.group(other).capabilities.items()
        if applies[index[before]]
    )


def _terms(case: _Case, level: Array) -> dict[str, Array]:
    """Each known term for levels of shape (draws, capabilities)."""
    found: dict[str, Array] = {}
    if case.costs is not None:
        found["costs"] = np.broadcast_to(case.costs, level.shape)
    if case.results is not None:
        found["results"] = np.broadcast_to(case.results, level.shape)
    if case.good is not None:
        found["gap"] = np.maximum(np.where(np.isnan(case.good), level, case.good) - level, 0.0) / case.scale
    found["risk"] = np.broadcast_to(case.risk, level.shape)
    return found


def _values(case: _Case, level: Array, weights: Array) -> Array:
    """The formula for levels and weights of shapes (draws, capabilities) and (draws, terms)."""
    terms = _terms(case, level)
    own = weights[:, [TERMS.index(name) for name in terms]]
    total = own.sum(axis=1, keepdims=True)
    share = np.divide(own, total, out=np.full_like(own, 1.0 / own.shape[1]), where=total > 0)
    return sum((share[:, [at]] * term for at, term in enumerate(terms.values())), np.zeros(level.shape))


def _waiting(case: _Case, level: Array) -> Array:
    waits = np.zeros(level.shape, bool)
    for capability, reached, before, needed in case.needs:
        waits[:, capability] |= (level[:, capability] + 1 == reached) & (level[:, before] < needed)
    return waits


def _waits_for(case: _Case, at: int, names: list[str]) -> Mapping[str, int]:
    return {
        names[before]: needed
        for capability, reached, before, needed in case.needs
        if capability == at and case.level[at] + 1 == reached and case.level[before] < needed
    }


def _ranks(case: _Case, values: Array, waits: Array) -> Array:
    """Ranks from one: open before waiting, by value, ties in the order of the framework; others come last."""
    key = np.where(case.candidate, np.where(waits, 1.0, 0.0) - values / 2.0, np.inf)
    order: Array = np.argsort(key, axis=1, kind="stable")
    ranks = np.empty_like(order)
    np.put_along_axis(ranks, order, np.cumsum(np.ones_like(order), axis=1), axis=1)
    return ranks


def _drawn_ranks(case: _Case, weights: Array, draws: int, seed: int) -> Array:
    random = np.random.default_rng(seed)
    drawn = random.dirichlet(np.maximum(CONCENTRATION * weights, 1e-3), size=draws)
    shift = random.choice([-1, 0, 1], p=[LEVEL_ERROR, 1 - 2 * LEVEL_ERROR, LEVEL_ERROR], size=(draws, len(case.level)))
    level = np.clip(case.level + shift, 0, case.tops)
    return _ranks(case, _values(case, level, drawn), _waiting(case, level))
