"""Many draws of a small population laid side by side, with the facts of a draw as columns: one draw for the engine.

A backtest asks for a thousand draws of a few hundred units over many short periods; one after the other, that is tens
of thousands of small programs. Side by side they are one pass. Each draw is a group of its own, so sums come out by
draw; ids differ between draws, so chance does too. What units share - budgets, peers - cannot be laid: it would be
shared between draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.engine import Groups, Scenario, Setting, compile_scenario, simulate_draw
from haidang.engine.blocks import Block, padded_length
from haidang.engine.chance import split_ids
from haidang.engine.compiled import jnp
from haidang.models import Model
from haidang.programmes import Programme

Array = Any
Numbers = NDArray[np.float64]


class LaidSource:
    """Draws side by side as a population in one block.

    Args:
        units: the model's columns (draws x rows).
        weight: real units per row (draws x rows).
    """

    resident, draws = True, 1
    count = 1

    def __init__(self, units: Mapping[str, Numbers], weight: Numbers) -> None:
        """Lay the draws one behind the other."""
        draws, rows = weight.shape
        self.rows = draws * rows
        self.length = padded_length(self.rows)
        self.groups = Groups(("draw",), {"draw": tuple(str(draw) for draw in range(draws))})
        ids = np.arange(self.length, dtype=np.int64)
        low, high = split_ids(ids)
        with jax.enable_x64(True):
            self._block = Block(
                index=0,
                rows=self.rows,
                ids=ids[: self.rows],
                low=jnp.asarray(low),
                high=jnp.asarray(high),
                weight=jnp.asarray(self.pad(weight.ravel())),
                units={name: jnp.asarray(self.pad(column.ravel()), jnp.float32) for name, column in units.items()},
                cell=jnp.asarray(np.minimum(ids // rows, draws - 1).astype(np.int32)),
            )

    @property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """No column is a category."""
        return {}

    def block(self, index: int) -> Block:
        """The only block."""
        del index
        return self._block

    def pad(self, column: Numbers) -> Numbers:
        """A column with zeros behind it up to the block's length."""
        return np.concatenate([column, np.zeros(self.length - self.rows)])

    def facts(self, drawn: Mapping[str, Numbers]) -> Array:
        """The facts of the draws as columns, in the order of the mapping (float32, facts x length).

        Args:
            drawn: by fact, its value in each draw. Padding repeats the last draw, where logs and powers are safe.
        """
        draws = len(self.groups.words["draw"])
        place = np.minimum(np.arange(self.length) // (self.rows // draws), draws - 1)
        return jnp.asarray(np.stack([values[place] for values in drawn.values()]), jnp.float32)


def simulate_laid(
    model: Model,
    programme: Programme,
    source: LaidSource,
    drawn: Mapping[str, Numbers],
    years: tuple[int, ...],
    seed: int,
) -> dict[str, Numbers]:
    """A programme in all draws at once.

    Args:
        model: a model without peers.
        programme: rules without budgets.
        source: the draws side by side.
        drawn: by fact, its value in each draw, canonical.
        years: the year of each period.
        seed: of all chance.

    Returns:
        Each outcome by draw and period (draws x periods), in its unit of measure.
    """
    scenario = Scenario(programme.id, programme)
    names = tuple(drawn)
    setting = Setting(
        model=model,
        source=source,
        scenarios=(scenario,),
        programs=(compile_scenario(model, scenario, source.codes, names),),
        years=years,
        seed=seed,
        facts=names,
        returns=((),),
    )
    facts = source.facts(drawn)
    with jax.enable_x64(True):
        result = simulate_draw(setting, 0, tuple(facts for _ in years))
    # The first margin is the sum over all draws, which means nothing here.
    by_draw = result.totals[0, :, :, 1:]
    return {one.id: by_draw[:, place, :].T for place, one in enumerate(model.card.outcomes, start=1)}
