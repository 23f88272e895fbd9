"""A model that also counts who has taken at least one alternative of a set, for rates that surveys ask for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import jax
import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.engine import MemorySource, Scenario, Setting, compile_scenario, simulate_draw
from haidang.facts import FactBook
from haidang.models import Columns, Model, Option, Outcome, Scene, State, Taken
from haidang.models import arrays as xp
from haidang.study.draws import facts_read

Array = Any
OPEN = "open"
"""Outcome: the unit had something to choose from in the period."""
TAKEN = "taken"
"""Outcome: the unit took something in the period."""


class Counted(Model):
    """A model with an outcome for each set of alternatives: whether the unit has taken any since the start.

    Args:
        inner: the model.
        sets: by name, ids of alternatives.
        by: the column by which results are told apart.
    """

    def __init__(self, inner: Model, sets: Mapping[str, tuple[str, ...]], by: str) -> None:
        """Put the sets on the model's card."""
        self.inner = inner
        self.sets = sets
        titles = {"vi": "", "en": ""}
        self.card = replace(
            inner.card,
            states={**inner.card.states, **{f"counted_{name}": State("int8") for name in sets}},
            outcomes=(
                *(Outcome(name, titles, "1", "stock") for name in sets),
                Outcome(OPEN, titles, "1"),
                Outcome(TAKEN, titles, "1"),
            ),
            groups=(by,),
            tracked=(),
            stages=(),
        )

    def start(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model, and nobody has been counted."""
        return {**self.inner.start(units, fact), **{f"counted_{name}": 0 for name in self.sets}}

    def prepare(self, units: Columns, fact: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.prepare(units, fact)

    def derive(self, units: Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.derive(units, state)

    def observe(self, units: Columns, state: Mapping[str, Array]) -> Mapping[str, Array]:
        """As in the model."""
        return self.inner.observe(units, state)

    def options(self, scene: Scene) -> Mapping[str, Option]:
        """As in the model."""
        return self.inner.options(scene)

    def move(self, scene: Scene, taken: Taken) -> Mapping[str, Array]:
        """As in the model, and who takes one of a set is counted from now on."""
        counted: dict[str, Array] = {}
        for name, alternatives in self.sets.items():
            hit = scene.state[f"counted_{name}"] > 0
            for one in alternatives:
                hit = hit | taken.chose(one)
            counted[f"counted_{name}"] = xp.where(hit, 1.0, 0.0)
        return {**self.inner.move(scene, taken), **counted}

    def outcomes(self, scene: Scene, taken: Taken, after: Mapping[str, Array]) -> Mapping[str, Array]:
        """Who has been counted, who could choose, who chose."""
        has_option = taken.code < 0
        for name, option in self.inner.options(scene).items():
            if name != "nothing":
                has_option = has_option | option.available
        return {
            **{name: after[f"counted_{name}"].astype("float32") for name in self.sets},
            OPEN: xp.where(has_option, 1.0, 0.0),
            TAKEN: xp.where(taken.something, 1.0, 0.0),
        }


class Baseline:
    """A model's baseline over a few years on one population, to be run again and again under other facts.

    Args:
        model: the model with its counts.
        table: the population.
        facts: the facts that the model reads, sorted.
        years: the years.
        seed: of all chance.
    """

    def __init__(
        self, model: Counted, table: pl.DataFrame, facts: tuple[str, ...], years: tuple[int, ...], seed: int
    ) -> None:
        """Cut the population into blocks; programs are compiled once."""
        source = MemorySource(table, model.card)
        scenario = Scenario("baseline", None)
        programs = (compile_scenario(model, scenario, source.codes, facts),)
        self.names = (*model.sets, OPEN, TAKEN)
        self.groups = [word for by, word in source.groups.labels() if by != "all"]
        self._years = len(years)
        self._sets = len(model.sets)
        self.setting = Setting(model, source, (scenario,), programs, years, seed, facts, ((),))

    def shares(self, facts: tuple[NDArray[np.float32], ...], draw: int) -> NDArray[np.float64]:
        """Shares of units in one draw of chance (counts by margins, the whole first, then each group).

        The sets are counted at the end; having something to choose, and taking it, are averages over the years.
        """
        with jax.enable_x64(True):
            totals = simulate_draw(self.setting, draw, facts).totals[0]
        units = np.maximum(totals[0, 0], 1e-9)
        sets = totals[-1, 1 : 1 + self._sets] / units
        yearly = totals[:, 1 + self._sets :].sum(axis=0) / (self._years * units)
        return np.concatenate([sets, yearly])


def read_by(book: FactBook, model: Model) -> tuple[str, ...]:
    """The facts that a model reads without a programme, sorted."""
    return facts_read(book, model.card, [])
