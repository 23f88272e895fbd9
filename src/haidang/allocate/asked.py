"""From what offers are worth to a problem that can be solved, and back from its plan to offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.pricing import MOST_CODE_BITS
from haidang.allocate.problem import Labels, Option, Problem, Robust, Rule
from haidang.allocate.problem_check import cycle_of
from haidang.allocate.valued import Valued
from haidang.errors import did_you_mean
from haidang.study.offers import Offer, OfferError
from haidang.study.resource import Resource

Floats = NDArray[np.float64]
Choice = NDArray[np.int8]
_MOST_OPTIONS = 63
MOST_ROBUST = 2 << 30
"""Bytes that the draws of a robust goal may take."""


def times_of(years: int, offers: int) -> int:
    """How many times a unit may get one offer: every year, or as often as the plan of a unit can be written down."""
    bits = MOST_CODE_BITS // years
    most = min(2 ** min(bits, 6) - 1, _MOST_OPTIONS)
    return max(1, min(years, most // offers))


def options_of(offers: Sequence[Offer], times: int, after: Mapping[str, str]) -> tuple[Option, ...]:
    """Each offer as options, one for each time that it may be made.

    Args:
        offers: in order.
        times: how often one offer may be made to a unit.
        after: for an offer, the offer that the unit must have had in an earlier year.

    Raises:
        OfferError: a name that is no offer, or offers that come after one another in a circle.
    """
    known = [one.id for one in offers]
    for name in (*after, *after.values()):
        if name not in known:
            raise OfferError(f"expected an offer in --after, found '{name}'", hint=did_you_mean(name, known))
    circle = cycle_of({name: (after[name],) if name in after else () for name in known})
    if circle:
        raise OfferError(f"expected offers that come after others without a circle, found {' after '.join(circle)}")
    return tuple(
        Option(_named(one.id, time), (_named(after[one.id], 0),) if one.id in after else ())
        for one in offers
        for time in range(times)
    )


def _named(offer: str, time: int) -> str:
    return offer if time == 0 else f"{offer}#{time + 1}"


def problem_of(
    valued: Valued,
    goal: str,
    estimates: Mapping[str, Floats],
    resources: Sequence[Resource],
    may: NDArray[np.bool_],
    *,
    after: Mapping[str, str] | None = None,
    columns: Mapping[str, Labels] | None = None,
    rules: tuple[Rule, ...] = (),
    scale: float = 1.0,
) -> Problem:
    """What is to be allocated.

    A cell that adds nothing to the goal is not offered: the offer would only cost.

    Args:
        valued: the units, years and offers.
        goal: the outcome that is made largest.
        estimates: for the goal and each resource, what an offer adds or uses per real unit (units, years, offers).
        resources: with their budgets.
        may: who may be offered what (units, offers).
        after: for an offer, the one that comes before it.
        columns: the groups that rules speak of.
        rules: leasts and mosts for groups.
        scale: by which budgets are multiplied, to over-commit.
    """
    times = times_of(len(valued.years), len(valued.offers))

    def spread(entries: Floats) -> Floats:
        return np.repeat(np.maximum(entries, 0.0) * valued.weight[:, None, None], times, axis=2)

    values = spread(estimates[goal])
    return Problem(
        ids=valued.ids,
        years=valued.years,
        options=options_of(valued.offers, times, after or {}),
        values={goal: values},
        goal={goal: 1.0},
        amounts={one.id: spread(estimates[one.id]) for one in resources},
        resources=tuple(scaled(one, scale) for one in resources),
        eligible=np.repeat(may, times, axis=1)[:, None, :] & (values > 0.0),
        columns=columns or {},
        rules=rules,
        weight=valued.weight,
    )


def with_outcome(problem: Problem, name: str, entries: Floats, may: NDArray[np.bool_]) -> Problem:
    """The same problem with another outcome; what adds to that alone may be offered too.

    Args:
        problem: from `problem_of`.
        name: of the outcome.
        entries: what an offer adds of it per real unit (units, years, offers).
        may: who may be offered what (units, offers).
    """
    times = len(problem.options) // entries.shape[2]
    weight = np.ones(problem.size) if problem.weight is None else problem.weight
    values = np.repeat(np.maximum(entries, 0.0) * weight[:, None, None], times, axis=2)
    asked = np.repeat(may, times, axis=1)[:, None, :] & (values > 0.0)
    either = asked if problem.eligible is None else asked | problem.eligible
    return replace(problem, values={**problem.values, name: values}, eligible=either)


def robust_of(problem: Problem, goal: str, by_draw: Floats, tail: float) -> Problem:
    """The same problem, with what counts the mean of the worst draws.

    A draw raises or lowers what an offer adds by one factor for all units and years, that by which its sum over all of
    them differs from the mean: units apart are too few in one draw to be told from luck.

    Args:
        problem: from `problem_of`.
        goal: the outcome that is made largest.
        by_draw: what each offer adds to all units together (draws, offers).
        tail: the share of the draws, the worst ones of each plan, whose mean counts; nought for the one worst draw.

    Raises:
        OfferError: the draws take more memory than there should be for them.
    """
    base = np.asarray(problem.values[goal], np.float32)
    if base.nbytes * len(by_draw) > MOST_ROBUST:
        fits = MOST_ROBUST // base.nbytes
        problem_told = f"expected at most {fits} draws for a robust goal over {problem.size:,} units"
        raise OfferError(f"{problem_told}, found {len(by_draw)}", hint="ask for fewer with --draws")
    middle = by_draw.mean(axis=0)
    factors = np.divide(np.maximum(by_draw, 0.0), middle, out=np.ones_like(by_draw), where=middle > 0)
    times = len(problem.options) // by_draw.shape[1]
    wide = np.repeat(factors, times, axis=1).astype(np.float32)
    draws = {f"{goal}@{at}": base * factor for at, factor in enumerate(wide)}
    return replace(problem, values={**problem.values, **draws}, goal={}, robust=Robust(tuple(draws), tail))


def offers_in(problem: Problem, choice: Choice, offers: int) -> Choice:
    """Which offer each unit gets in each year, -1 for none (units, years)."""
    times = len(problem.options) // offers
    return np.where(choice < 0, -1, choice // np.int8(times)).astype(np.int8)


def planned(entries: Floats, offered: Choice) -> Floats:
    """What the offers made to each unit count in each year (units, years)."""
    units, years = np.ogrid[: offered.shape[0], : offered.shape[1]]
    return np.where(offered < 0, 0.0, entries[units, years, np.maximum(offered, 0)])


def scaled(one: Resource, scale: float) -> Resource:
    """A resource with so many times its budgets."""
    per_year = None if one.per_year is None else tuple(scale * each for each in one.per_year)
    total = None if one.total is None else scale * one.total
    return Resource(one.id, one.unit, per_year, total, one.carry_over, one.lasting, one.returned, one.term)
