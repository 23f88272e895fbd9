"""What is to be allocated: offers of options to units in years, under budgets and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from haidang.study.resource import Resource

Number = NDArray[np.float64] | NDArray[np.float32]
Labels = NDArray[Any]

OFFERS = "offers"
"""The measure of a rule that counts offers, each times its unit's weight."""
UNITS = "units"
"""The measure of a rule that counts units with at least one offer, each times its weight."""


@dataclass(frozen=True, slots=True)
class Option:
    """Something that can be offered to a unit, once.

    Args:
        id: its name.
        after: the options that the same unit must have been offered in strictly earlier years.
    """

    id: str
    after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A least or a most for what a group of units gets.

    Args:
        id: its name.
        measure: a resource, an outcome, `offers` or `units`. What an offer uses counts once, in the year of the offer.
        sense: whether the bound is the least or the most.
        column: the column of groups; none for all units.
        groups: the values of the column that together are the group.
        share: the bound as a share of what all units get.
        amount: the bound as a number; one of the two is given.
        years: the years of the offers that count; none for all. `units` counts over all years.
    """

    id: str
    measure: str
    sense: Literal["at_least", "at_most"]
    column: str | None = None
    groups: tuple[Any, ...] = ()
    share: float | None = None
    amount: float | None = None
    years: tuple[int, ...] | None = None


@dataclass(frozen=True, slots=True)
class Robust:
    """What is made largest where the facts are uncertain: the least of the draws, or the mean of the least of them.

    Args:
        draws: the outcomes that are the same quantity in different draws.
        tail: the share of the draws, the worst ones of each plan, whose mean counts; nought for the one worst draw.
    """

    draws: tuple[str, ...]
    tail: float = 0.0

    @property
    def counted(self) -> float:
        """How many of the worst draws count; one of them perhaps in part."""
        return max(1.0, self.tail * len(self.draws))

    def value(self, outcomes: Mapping[str, float]) -> float:
        """What a plan is worth, from what it adds in each draw."""
        rest, total = self.counted, 0.0
        for one in sorted(outcomes[name] for name in self.draws):
            part = min(rest, 1.0)
            total, rest = total + part * one, rest - part
        return total / self.counted


@dataclass(frozen=True, slots=True, eq=False)
class Problem:
    """Units, years and options, what each offer is worth and uses, and what bounds the offers.

    A unit gets at most one option a year and each option at most once. A value is additional by construction: the
    outcome times the take-up with the offer less the take-up without. Where a row stands for several real units, its
    values and amounts are those of the whole row.

    Args:
        ids: the units' ids, all different (units).
        years: one after the other.
        options: what can be offered.
        values: by outcome, what each offer adds (units, years, options).
        goal: the weight of each outcome in what is made largest.
        amounts: by resource, what each offer uses (units, options), or (units, years, options) where it changes by
            year.
        resources: with their budgets.
        eligible: who may be offered what (units, options) or (units, years, options); none for everybody.
        columns: the groups that rules speak of (units).
        rules: leasts and mosts for groups.
        weight: how many real units a row stands for, for rules that count (units); none for one.
        units: by resource, the unit of measure that its amounts are given in, where it was told.
        robust: what is made largest instead of the goal where the facts are uncertain; the goal is then left empty.
    """

    ids: Labels
    years: tuple[int, ...]
    options: tuple[Option, ...]
    values: Mapping[str, Number]
    goal: Mapping[str, float]
    amounts: Mapping[str, Number]
    resources: tuple[Resource, ...]
    eligible: NDArray[np.bool_] | None = None
    columns: Mapping[str, Labels] = field(default_factory=dict[str, Labels])
    rules: tuple[Rule, ...] = ()
    weight: NDArray[np.float64] | None = None
    units: Mapping[str, str] = field(default_factory=dict[str, str])
    robust: Robust | None = None

    @property
    def size(self) -> int:
        """How many units there are."""
        return len(self.ids)

    def worth(self, outcomes: Mapping[str, float]) -> float:
        """What a plan is worth, from what it adds of each outcome."""
        if self.robust is not None:
            return self.robust.value(outcomes)
        return sum(weight * outcomes[name] for name, weight in self.goal.items())
