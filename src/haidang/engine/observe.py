"""Counting what units see of others and how far they come in a funnel, in whole quanta."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from haidang.engine.compiled import jnp
from haidang.engine.tally import UNIT_QUANTUM, tally
from haidang.models import Card, Columns, Model, Scene

Array = Any
Arrays = Mapping[str, Array]
_FLAGS_AT_ONCE = 10
"""How many flags of a unit are counted by one code: a thousand codes a group stay in the cache."""


def count_stages(model: Model, scene: Scene, weight: Array) -> Array:
    """How many real units reach each stage of the funnel, in the order of the card, in quanta (float64, stages).

    Who reaches a stage has reached all before it, so one count of how far each unit came tells all of them.
    """
    found = model.stages(scene)
    came = jnp.zeros(weight.shape, jnp.int32)
    for one in model.card.stages:
        came = came + jnp.where(found[one.id], 1, 0)
    cells = len(model.card.stages) + 1
    counted = tally((jnp.ones(weight.shape, jnp.float32),), weight, np.array([UNIT_QUANTUM]), came, cells=cells)[0]
    return jnp.cumsum(counted[::-1])[::-1][1:]


def observe_peers(
    model: Model, codes: Mapping[str, tuple[str, ...]], units: Arrays, state: Arrays, weight: Array
) -> Array:
    """For each of the model's peers in the order of the card, weight and weighted sum by group, in quanta.

    Returns:
        float64, peers by 2 by groups; a column with fewer groups than the longest has zeros behind.
    """
    seen = model.observe(Columns(units, codes), state)
    peers = model.card.peers
    most = max(group_count(model.card, spec.by) for spec in peers.values())
    rows: dict[str, Array] = {}
    for by in sorted({spec.by for spec in peers.values()}):
        group = units[by].astype(jnp.int32)
        names = [name for name, spec in peers.items() if spec.by == by]
        flags = [name for name in names if seen[name].dtype == jnp.bool_]
        for start in range(0, len(flags), _FLAGS_AT_ONCE):
            some = flags[start : start + _FLAGS_AT_ONCE]
            rows |= dict(zip(some, _flag_sums([seen[name] for name in some], group, most, weight), strict=True))
        for name in names:
            if name not in rows:
                columns = (jnp.ones(weight.shape, jnp.float32), jnp.asarray(seen[name], jnp.float32))
                rows[name] = tally(columns, weight, np.full(2, UNIT_QUANTUM), group, cells=most)
    return jnp.stack([rows[name] for name in peers])


def _flag_sums(flags: list[Array], group: Array, groups: int, weight: Array) -> list[Array]:
    """Weight and weight of those flagged, by group, for several flags (float64, 2 by groups each), in quanta.

    A unit's flags are the bits of one code, so one count by code serves them all; summing a count over the codes that
    have a bit is exact, since all are whole numbers.
    """
    code = group
    for flag in flags:
        code = code * 2 + flag.astype(jnp.int32)
    cells = groups * 2 ** len(flags)
    counted = tally((jnp.ones(weight.shape, jnp.float32),), weight, np.full(1, UNIT_QUANTUM), code, cells=cells)[0]
    table = counted.reshape((groups, *(2 for _ in flags)))
    whole = table.sum(axis=tuple(range(1, len(flags) + 1)))
    found: list[Array] = []
    for place in range(len(flags)):
        others = tuple(axis for axis in range(1, len(flags) + 1) if axis != place + 1)
        found.append(jnp.stack([whole, table.sum(axis=others)[:, 1]]))
    return found


def group_count(card: Card, by: str) -> int:
    """How many groups a category or a flag makes."""
    attribute = card.attributes[by]
    return len(attribute.categories) if attribute.kind == "category" else 2
