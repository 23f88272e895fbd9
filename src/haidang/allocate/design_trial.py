"""Trying a design: the programme with given values through the same draws as every other design."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.allocate.design_space import DesignError, Space
from haidang.engine import Setting, simulate_draw
from haidang.errors import did_you_mean
from haidang.models import Card, Outcome
from haidang.packs import Pack
from haidang.results.manifest import Roles
from haidang.study import Question, prepare_jax, setting_of, units_of
from haidang.study.draws import FactDraws, facts_read

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Measured:
    """What a design brought in each draw, over the horizon, against no programme.

    Args:
        gain: of the goal; above zero is better.
        cost: of the cost.
    """

    gain: Numbers
    cost: Numbers


@dataclass(frozen=True, slots=True)
class Goal:
    """What is made largest, and what it costs."""

    outcome: Outcome
    cost: Outcome


def goal_of(card: Card, name: str) -> Goal:
    """The outcome that a word names, by its id or by the part it plays in a report, and the model's public cost.

    Raises:
        DesignError: there is no such outcome, or the model has no cost.
    """
    roles = Roles(**dict(card.roles))
    outcomes = {one.id: one for one in card.outcomes}
    wanted = name if name in outcomes else str(getattr(roles, name, name))
    if wanted not in outcomes:
        raise DesignError(
            f"expected an outcome of '{card.id}' in --goal, found '{name}'", None, did_you_mean(name, outcomes)
        )
    if roles.cost not in outcomes:
        raise DesignError(f"expected a model that tells its public cost, found '{card.id}', which does not")
    return Goal(outcomes[wanted], outcomes[roles.cost])


class Trials:
    """Designs of one programme, measured on the same draws: facts and chance are the same for all."""

    def __init__(self, pack: Pack, space: Space, goal: Goal, question: Question) -> None:
        """Build the population, compile the programme once, and simulate what comes without it.

        Raises:
            DesignError: a budget is fed by another programme.
            HaidangError: whatever the user can mend.
        """
        if space.programme.feeds:
            raise DesignError("expected a programme with budgets of its own, found one that another programme feeds")
        prepare_jax()
        card = pack.model(space.programme.model).card
        _, source = units_of(pack, card, question)
        self._facts = FactDraws(
            pack.book, facts_read(pack.book, card, [space.programme]), question.draws, question.seed
        )
        self._names = tuple(one.name for one in space.parameters)
        names = (*self._facts.names, *self._names)
        setting = setting_of(pack, [(space.programme.id, space.programme)], source, names, question.seed)
        self._without, self._with = _only(setting, 0), _only(setting, 1)
        self._goal = goal
        self._baseline: dict[int, tuple[float, float]] = {}
        self._known: dict[tuple[tuple[float, ...], int, int], Measured] = {}

    def measure(self, values: tuple[float, ...], draws: range, tick: Callable[[], None] | None = None) -> Measured:
        """A design on these draws; one that was measured before is remembered."""
        key = (values, draws.start, draws.stop)
        if key not in self._known:
            found = np.array([self._effect(values, draw) for draw in draws])
            sign = -1.0 if self._goal.outcome.good == "less" else 1.0
            self._known[key] = Measured(sign * found[:, 0], found[:, 1])
            if tick is not None:
                tick()
        return self._known[key]

    def _effect(self, values: tuple[float, ...], draw: int) -> tuple[float, float]:
        if draw not in self._baseline:
            self._baseline[draw] = self._brought(self._without, values, draw)
        gain, cost = self._brought(self._with, values, draw)
        return gain - self._baseline[draw][0], cost - self._baseline[draw][1]

    def _brought(self, setting: Setting, values: tuple[float, ...], draw: int) -> tuple[float, float]:
        given = np.array(values, np.float32)
        facts = tuple(np.concatenate([one, given]) for one in self._facts.of(draw, setting.years))
        with jax.enable_x64(True):
            totals = simulate_draw(setting, draw, facts).totals[0, :, :, 0]
        names = [one.id for one in setting.model.card.outcomes]
        gain, cost = (_horizon(totals[:, 1 + names.index(one.id)], totals[:, 0], one) for one in self._both)
        return gain, cost

    @property
    def _both(self) -> Sequence[Outcome]:
        return (self._goal.outcome, self._goal.cost)


def _horizon(values: Numbers, units: Numbers, outcome: Outcome) -> float:
    """A flow over all years; a stock at the end of the last; a mean then, per unit."""
    if outcome.kind == "flow":
        return float(values.sum())
    return float(values[-1] / units[-1]) if outcome.kind == "mean" else float(values[-1])


def _only(setting: Setting, place: int) -> Setting:
    """One scenario of a setting by itself."""
    one = slice(place, place + 1)
    return replace(
        setting, scenarios=setting.scenarios[one], programs=setting.programs[one], returns=setting.returns[one]
    )
