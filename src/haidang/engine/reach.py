"""Which units the scenarios treat alike, as the units' columns say it before chance has a part.

Two units are treated alike where, as they stand at the start, the same instruments reach both with the same levers in
every period of every scenario. What the draws make of a unit afterwards is the model's, and no longer the unit's own.
"""

from __future__ import annotations

from collections.abc import Iterator

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.engine.compiled import jnp
from haidang.engine.scenario import Rules, treatment
from haidang.engine.setting import Setting
from haidang.engine.sight import Sight, Word
from haidang.facts.few import alike


def treated_alike(setting: Setting, facts: tuple[NDArray[np.float32], ...]) -> list[int]:
    """For each unit, in the order of the source, the number of its class; classes are numbered as they first come.

    Args:
        setting: a simulation whose units are held in memory.
        facts: at which conditions and levers are read, one array a period in the setting's order.
    """
    with jax.enable_x64(True):
        told = [each.tolist() for each in _columns(setting, facts) if (each != each[0]).any()]
    return alike(*told) if told else [0] * setting.source.rows


def _columns(setting: Setting, facts: tuple[NDArray[np.float32], ...]) -> Iterator[NDArray[np.float32]]:
    """Each instrument's reach and each lever in each period of each scenario (float32, units)."""
    source, sight = setting.source, Sight(setting, [0], [facts])
    blocks = [source.block(index) for index in range(source.count)]
    starts = [sight.start(block) for block in blocks]
    nobody = jnp.zeros(source.length, jnp.uint8)
    peers = Word(np.zeros((1, 1), np.float32))
    for place, scenario in enumerate(setting.scenarios):
        rules = Rules(setting.model, scenario, source.codes, setting.facts)
        received = {k: np.zeros(source.length) for k, one in enumerate(scenario.slots) if one.budget.per_unit}
        for period in range(len(setting.years) if scenario.instruments else 0):
            views = (
                sight.view(place, block, period, peers, (start, received), nobody, None, {})
                for block, start in zip(blocks, starts, strict=True)
            )
            found = [treatment(rules, view) for view in views]
            for pieces in zip(*found, strict=True):
                rows = [
                    np.broadcast_to(np.asarray(piece, np.float32), (source.length,))[: block.rows]
                    for piece, block in zip(pieces, blocks, strict=True)
                ]
                yield np.concatenate(rows)
