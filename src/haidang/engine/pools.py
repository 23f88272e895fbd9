"""The pools of a capacity: each combination of the words of its columns has a queue of its own."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from haidang.engine.blocks import Block
from haidang.engine.observe import group_count
from haidang.engine.setting import Setting

Whole = NDArray[np.int64]


@dataclass(slots=True)
class Pools:
    """The pools of one slot.

    Args:
        by: the columns whose combinations they are; none for a single pool.
        sizes: how many words each column has.
        resident: whether blocks stay in memory, so that their units' pools are worked out once.
        draws: of how many draws the rows of a block are: those of each have pools of their own.
    """

    by: tuple[str, ...]
    sizes: tuple[int, ...]
    resident: bool
    draws: int = 1
    _known: dict[int, Whole] = field(default_factory=dict[int, Whole])

    @property
    def count(self) -> int:
        """How many pools there are in each draw."""
        return int(np.prod(self.sizes, dtype=np.int64))

    def codes(self, block: Block) -> Whole:
        """The pool of each unit of a block, those of one draw behind those of the draw before (int64, rows)."""
        if block.index in self._known:
            return self._known[block.index]
        code = np.repeat(np.arange(self.draws), block.rows // self.draws)
        for name, size in zip(self.by, self.sizes, strict=True):
            code = code * size + np.asarray(block.units[name])[: block.rows].astype(np.int64)
        if self.resident:
            self._known[block.index] = code
        return code


def pools_of(setting: Setting) -> tuple[tuple[Pools, ...], ...]:
    """The pools of each scenario's slots."""
    card, resident = setting.model.card, setting.source.resident
    return tuple(
        tuple(
            Pools(slot.by, tuple(group_count(card, name) for name in slot.by), resident, setting.source.draws)
            for slot in scenario.slots
        )
        for scenario in setting.scenarios
    )
