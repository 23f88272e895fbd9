"""What all draws of a simulation share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from haidang.engine.blocks import Source
from haidang.engine.scenario import Programs, Scenario
from haidang.models import Model

DrawFacts = Callable[[int], tuple[NDArray[np.float32], ...]]
"""The facts of a draw, one array a period in the setting's order."""


@dataclass(frozen=True, slots=True)
class Feeder:
    """Another simulation whose outcome is money of this one's budgets, in the same draw.

    Args:
        setting: of the other programme; its last scenario is the one whose outcome counts.
        facts: its facts.
        outcome: the outcome of its model.
        share: the part of the outcome that comes in.
        lag: years between its being raised and its coming in.
    """

    setting: Setting
    facts: DrawFacts
    outcome: str
    share: float
    lag: int


@dataclass(frozen=True, slots=True)
class Setting:
    """What all draws share.

    Args:
        model: the model.
        source: the population.
        scenarios: the baseline first.
        programs: the compiled programs of each scenario.
        years: the year of each period in order.
        seed: the seed of all chance.
        facts: the names of the facts, in the order of a draw's arrays.
        returns: for each scenario and slot, over how many periods what was given comes back; 0 where it does not.
        months: the month of each period; none where periods are years.
        feeders: for a scenario and a slot, what else pays into it.
    """

    model: Model
    source: Source
    scenarios: tuple[Scenario, ...]
    programs: tuple[Programs, ...]
    years: tuple[int, ...]
    seed: int
    facts: tuple[str, ...]
    returns: tuple[tuple[int, ...], ...]
    months: tuple[int, ...] | None = None
    feeders: tuple[tuple[tuple[int, int], Feeder], ...] = ()

    def month(self, period: int) -> int | None:
        """The month of a period; none where periods are years."""
        return None if self.months is None else self.months[period]

    @property
    def result_years(self) -> tuple[int, ...]:
        """The years by which results are told; where periods are years, one for each period."""
        return self.years if self.months is None else tuple(dict.fromkeys(self.years))

    def year_ends(self, period: int) -> bool:
        """Whether a period is the last of its year."""
        if self.months is None or period + 1 == len(self.years):
            return True
        return self.years[period + 1] != self.years[period]
