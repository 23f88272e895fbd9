"""A small population as it stands where several draws are simulated at once: its block, once for each draw."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import jax
import numpy as np

from haidang.engine.blocks import Block, Groups, Source
from haidang.engine.compiled import jnp


class Repeated:
    """A population of one block in memory, repeated. Its padding is repeated too, so that draws are of equal length."""

    resident, count = True, 1

    def __init__(self, source: Source, draws: int) -> None:
        """Repeat the block.

        Args:
            source: the population.
            draws: how often.

        Raises:
            ValueError: it is not one block in memory.
        """
        if source.count != 1 or not source.resident or source.draws != 1:
            raise ValueError("expected a population of one block in memory to repeat")
        self.draws, self.length, self.rows = draws, draws * source.length, draws * source.rows
        self.groups: Groups = source.groups
        self.codes: Mapping[str, tuple[str, ...]] = source.codes
        with jax.enable_x64(True):
            self._block = _repeated(source.block(0), draws, source)

    def block(self, index: int) -> Block:
        """The block."""
        del index
        return self._block


def _repeated(one: Block, draws: int, source: Source) -> Block:
    """A block's rows once for each draw, the cells of each draw behind those of the one before."""
    ids = np.zeros(source.length, np.int64)
    ids[: one.rows] = one.ids
    first = np.repeat(np.arange(draws, dtype=np.int32) * np.int32(source.groups.cells), source.length)
    return replace(
        one,
        rows=draws * source.length,
        ids=np.tile(ids, draws),
        low=jnp.tile(one.low, draws),
        high=jnp.tile(one.high, draws),
        weight=jnp.tile(one.weight, draws),
        units={name: jnp.tile(column, draws) for name, column in one.units.items()},
        cell=jnp.tile(one.cell, draws) + first,
    )
