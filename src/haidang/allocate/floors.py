"""Rules that no plan can keep: which, and by how much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from haidang.allocate.core import Mixture, mixture_of
from haidang.allocate.cuts import Search, cutting_planes, start_of
from haidang.allocate.problem import OFFERS, UNITS, Labels, Problem, Rule
from haidang.allocate.watch import Watch
from haidang.errors import HaidangError
from haidang.study.resource import Resource, budget_of

_SHORT = 1e-6
"""The share of its scale by which a row must be broken to count."""


class InfeasibleRulesError(HaidangError):
    """Rules that no plan keeps together with the budgets.

    Args:
        short: by rule, how much is missing at the least, in the unit of what it measures.
    """

    def __init__(self, short: dict[str, float], asked: dict[str, float], units: dict[str, str]) -> None:
        """Name the rules."""
        self.short = short
        told = ", ".join(
            f"rule '{name}' asks for {_plain(asked[name], units[name])} and misses {_plain(short[name], units[name])}"
            if asked[name]
            else f"rule '{name}', a share, misses {_plain(short[name], units[name])}"
            for name in short
        )
        super().__init__(
            f"no plan keeps all rules and budgets: at the least {told}",
            hint="lower what these rules ask for, or raise the budgets that hold them back",
        )


def _plain(amount: float, unit: str) -> str:
    """An amount without powers of ten."""
    return f"{amount:,.0f} {unit}".strip() if amount >= 1000 else f"{amount:,.6g} {unit}".strip()


def _unit(problem: Problem, rule: Rule) -> str:
    """The unit of what a rule measures, where it is known."""
    known = {one.id: one.unit for one in problem.resources} | {OFFERS: "offers", UNITS: "units"}
    return known.get(rule.measure, "")


def refuse_too_many(
    rules: Sequence[Rule],
    columns: Mapping[str, Labels],
    weight: NDArray[np.float64],
    years: int,
    resources: Sequence[Resource] = (),
) -> None:
    """See that no rule asks for more units or offers than its group has, or more money than there is.

    That much is known before anything is valued.

    Args:
        rules: of the list.
        columns: the groups that they speak of (units).
        weight: real units per row (units).
        years: in each of which a unit may be made one offer.
        resources: with their budgets.

    Raises:
        InfeasibleRulesError: some do; all of them, and by how much.
    """
    short: dict[str, float] = {}
    asked: dict[str, float] = {}
    for rule in rules:
        if rule.sense != "at_least" or rule.amount is None:
            continue
        if rule.measure in (UNITS, OFFERS):
            labels = None if rule.column is None else np.asarray(columns[rule.column])
            there = float(weight.sum() if labels is None else weight[np.isin(labels, rule.groups)].sum())
            most = there * (1 if rule.measure == UNITS else years if rule.years is None else len(rule.years))
        else:
            # What comes back may be given again, so such a budget bounds no sum of what is given.
            bound = (budget_of(one) for one in resources if one.id == rule.measure and not one.returned)
            most = next(bound, float("inf"))
        if rule.amount > most * (1.0 + _SHORT):
            short[rule.id], asked[rule.id] = rule.amount - most, rule.amount
    if short:
        units = {one.id: one.unit for one in resources} | {OFFERS: "offers", UNITS: "units"}
        raise InfeasibleRulesError(short, asked, {one.id: units.get(one.measure, "") for one in rules})


def refuse_infeasible(mixture: Mixture, search: Search, watch: Watch) -> None:
    """See that not even a mixture of plans breaks a rule.

    Raises:
        InfeasibleRulesError: every mixture does, so every plan does.
    """
    names = search.field.rows.names
    draws = np.array([row.kind == "draw" for row in names])
    broken = (mixture.short > _SHORT * search.level.units) & ~draws
    if not search.hopeless(mixture.found.value) and not broken.any():
        return
    rules = np.array([row.kind == "rule" for row in names])
    # Breaking a rule by its whole scale costs one share; nothing else is worth anything.
    most = np.where(rules, 1.0, np.where(draws, 0.0, search.most))
    least = replace(search, goal=0.0, most=most, draws=np.flatnonzero(draws)[:0])
    found, _ = cutting_planes(least, *start_of(least), 1e-3, watch)
    closest = mixture_of(least, found.shares, np.maximum(0.1 * found.shares, 1e-3), 6, 1e-6, watch)
    missed = np.flatnonzero(rules & (closest.short > _SHORT * search.level.units))
    amounts = closest.short * search.scale.row
    if len(missed):
        short = {names[at].id: float(amounts[at]) for at in missed}
        asked = {names[at].id: float(abs(search.field.rows.limit[at])) for at in missed}
        problem = search.field.problem
        raise InfeasibleRulesError(short, asked, {one.id: _unit(problem, one) for one in problem.rules})
