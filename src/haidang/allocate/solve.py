"""Who should be offered what: the search from a problem to a plan with its bound."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.core import Mixture, mixture_of
from haidang.allocate.cuts import Found, Scale, Search, cutting_planes, scale_of, start_of
from haidang.allocate.dual import Level, level_of, priced
from haidang.allocate.field import Field, field_of
from haidang.allocate.floors import refuse_infeasible
from haidang.allocate.ledger import totals_of_all
from haidang.allocate.plan import Plan, outcomes_of, used_of
from haidang.allocate.problem import Problem
from haidang.allocate.problem_check import check_problem
from haidang.allocate.rounding import cautious, round_plans
from haidang.allocate.rows import rows_of
from haidang.allocate.watch import Report, StopSearch, Watch
from haidang.errors import HaidangError
from haidang.study import prepare_jax

Floats = NDArray[np.float64]

_GROWTH = 8
"""Each sample has so many times the units of the last."""
_DEAREST = 1e3
"""The most that a row's price may be, in shares of what could be had without rows."""
_PROBES = 6
_LEAST_BOX = 1e-4
_ROUGH, _FINE = 0.01, 0.001
"""By what share prices are raised at first where a plan is wanted at once: prices of a sample, and the best prices."""
_CLOSING = 5e-7, 0.05
"""Seconds a unit that telling a plan takes, and the most of the time that is kept for it."""
_RESOLUTION = 1e-9
"""A gap below this share of what could be had without rows comes from rounding up."""


class UnfinishedError(HaidangError):
    """No plan was found that keeps every rule, nor a proof that there is none."""


def solve(
    problem: Problem,
    *,
    seconds: float = 60.0,
    gap: float = 0.0002,
    progress: Report | None = None,
    seed: int = 0,
) -> Plan:
    """The best plan that can be found in a time, and a bound that proves how good it is.

    The same problem and seed give the same plan as long as the time does not cut the search short.

    Args:
        problem: what is to be allocated.
        seconds: how long it may take.
        gap: how far from the best the plan may be, as a share of the bound; the search ends when it is nearer.
        progress: told where the search stands; its answer `False` ends the search, as Ctrl-C does.
        seed: of all chance.

    Raises:
        ProblemError: the problem contradicts itself; what and where.
        InfeasibleRulesError: no plan keeps all rules; which ones cannot be kept, and by how much.
        UnfinishedError: no plan was found that keeps every rule, nor a proof that there is none.
    """
    watch = Watch(seconds - min(_CLOSING[0] * len(problem.ids), _CLOSING[1] * seconds), gap, progress)
    check_problem(problem)
    prepare_jax()
    laid: list[Field] = []
    try:
        laid.append(field_of(problem, seed, watch))
        _search(laid[0], seed, watch)
        ended = "gap" if watch.done else "exhausted"
    except StopSearch as stop:
        ended = stop.why
    except KeyboardInterrupt:
        ended = "interrupted"
    return _plan(problem, laid[0] if laid else None, ended, watch)


def _search(field: Field, seed: int, watch: Watch) -> None:
    """From prices on a sample to prices on all units, and from there to plans; the watch keeps what is found."""
    if not field.rows.names:
        _unbounded(field, watch)
        return
    sample = level_of(field, 1)
    scale = scale_of(field, sample, watch)
    watch.resolution = _RESOLUTION * scale.worth * field.units
    search = _aim(field, scale, sample, watch)
    found, _ = cutting_planes(search, *start_of(search), 1e-4 if sample.units == field.units else 1e-3, watch)
    everything = _aim(field, scale, level_of(field, len(field.blocks)), watch)
    if sample.units < field.units:
        first = everything.priced(found.shares, watch)
        watch.take_bound(first.value, first.prices)
        cautious(everything, found.shares, _ROUGH, watch)
    mixture = _refined(everything, found, watch)
    refuse_infeasible(mixture, everything, watch)
    if watch.left < 0.2 * watch.seconds:
        cautious(everything, mixture.found.shares, _FINE, watch)
    round_plans(everything, mixture, seed, watch)
    if watch.value is None:
        cautious(everything, mixture.found.shares, _FINE, watch)


def _aim(field: Field, scale: Scale, level: Level, watch: Watch) -> Search:
    """What prices are sought for a level: the goal's, or those of a robust problem's draws."""
    most = np.full(len(scale.row), _DEAREST)
    robust = field.problem.robust
    if robust is None:
        return Search(field, level, scale, 1.0, most, np.zeros(0, np.int64), 0.0)
    draws = np.array([row.kind == "draw" for row in field.rows.names])
    most = np.where(draws, scale.row / scale.worth / robust.counted, most)
    # No draw is worth more than all of them together would be without rows.
    ceiling = len(robust.draws) * priced(field, level, np.zeros(len(most)), 1.0, watch).value
    return Search(field, level, scale, 0.0, most, np.flatnonzero(draws), ceiling)


def _unbounded(field: Field, watch: Watch) -> None:
    """Every unit its best plan, where there is neither budget nor rule."""
    free = priced(field, level_of(field, len(field.blocks)), np.zeros(0), 1.0, watch)
    watch.resolution = _RESOLUTION * free.value
    watch.take_bound(free.value, free.prices)
    watch.take_plan(totals_of_all(field, free.plans).value, free.plans)


def _refined(everything: Search, found: Found, watch: Watch) -> Mixture:
    """The best prices of samples that grow to all units."""
    blocks, before, shares = 1, 0, found.shares
    while True:
        level = level_of(everything.field, blocks)
        last = level.units == everything.field.units
        search = everything if last else _aim(everything.field, everything.scale, level, watch)
        wide = (4.0 if before else 2.0) / np.sqrt(before or level.units)
        near = 0.01 * watch.enough if last else 1e-5
        mixture = mixture_of(search, shares, np.maximum(wide * shares, _LEAST_BOX), _PROBES, near, watch)
        if last:
            return mixture
        before, shares, blocks = level.units, mixture.found.shares, blocks * _GROWTH


def _plan(problem: Problem, field: Field | None, ended: str, watch: Watch) -> Plan:
    """What the watch holds, in the order of the problem."""
    years = len(problem.years)
    choice = np.full((len(problem.ids), years), -1, np.int8)
    rows = rows_of(problem) if field is None else field.rows
    if field is not None and watch.plan is not None:
        choice[field.order] = field.code.choices(watch.plan)
    elif (rows.limit < 0.0).any():
        raise UnfinishedError(_no_plan(ended, watch))
    prices = np.zeros(len(rows.names)) if watch.prices is None else watch.prices
    outcomes = outcomes_of(problem, choice)
    value = problem.worth(outcomes)
    watch.value = value
    return Plan(
        choice,
        value,
        watch.bound,
        watch.gap,
        rows.names,
        prices,
        outcomes,
        used_of(problem, choice),
        ended,
        watch.spent,
    )


def _no_plan(ended: str, watch: Watch) -> str:
    if ended == "exhausted":
        return "no plan was found that keeps every rule; parts of offers would keep them, whole ones perhaps cannot"
    return f"no plan that keeps every rule was found in {watch.spent:.1f} s"
