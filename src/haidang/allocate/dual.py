"""The dual function: what all units together would be worth if they paid for what they use, and what the rows bring."""

from __future__ import annotations

import math
from dataclasses import dataclass

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.allocate.field import Field
from haidang.allocate.orders import Orders
from haidang.allocate.pricing import Array, Block, Code, best_of, best_of_long, words_of, worth_and_plan
from haidang.allocate.watch import Watch
from haidang.engine.compiled import jnp

Floats = NDArray[np.float64]

_LONG = 1500
"""A table with more steps is not written out: the compiler then repeats work instead of keeping what it found."""
_SUMMED = 2.0**-45
"""More than the relative error of adding up the worths of all units in pairs."""
_EPSILON = 2.0**-52
_SLACK = 1e-12
"""The share of what it uses by which a plan may pass a row with broken numbers."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """The first units of a field as a sample of all, with their share of every limit.

    Args:
        blocks: how many blocks.
        units: how many units.
        limit: of the rows.
    """

    blocks: int
    units: int
    limit: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Priced:
    """What the units of a level would have at given prices.

    Args:
        prices: of the rows.
        value: the dual function: nothing that keeps the rows is worth more, roundings included.
        worths: of each unit's best plan.
        plans: each unit's best plan.
    """

    prices: Floats
    value: float
    worths: Floats
    plans: NDArray[np.int64]


def level_of(field: Field, blocks: int) -> Level:
    """The first blocks of a field."""
    blocks = min(blocks, len(field.blocks))
    units = min(field.units, blocks * field.size)
    share = 1.0 if units == field.units else units / field.units
    return Level(blocks, units, field.rows.limit * share)


def priced(field: Field, level: Level, prices: Floats, goal: float, watch: Watch) -> Priced:
    """The dual function of a level at given prices.

    It is the sum over units of the best plan's worth, net of what the plan pays, and over rows of price times limit.
    All roundings are upward, so that the dual function of all units is a bound for every plan that keeps the rows.

    Args:
        field: the units.
        level: which of them.
        prices: of the rows, none negative.
        goal: what one unit of the goal counts: one, or nought where only the rows matter.
        watch: asked between blocks.
    """
    rows = field.rows
    net = -np.tensordot(prices, rows.factor, axes=1)
    net[0] += goal
    served = -(prices @ rows.served)
    worths: list[Floats] = []
    plans: list[NDArray[np.int64]] = []
    for at, block in enumerate(field.blocks[: level.blocks]):
        if at % 16 == 0:
            watch.see("pricing")
        worth, plan = best_of_block(block, net, served, field.table, field.code)
        worths.append(worth)
        plans.append(plan)
    worth = np.concatenate(worths)[: level.units]
    slips = np.tensordot(prices, np.abs(rows.factor), axes=1).max(axis=(1, 2), initial=0.0)
    slips[0] += goal
    slip = (
        float(slips @ field.most[: level.blocks].sum(axis=0))
        * field.table.years
        * (_SLACK + (len(prices) + 4) * _EPSILON)
    )
    bounds = prices * level.limit
    value = float(worth.sum()) * (1.0 + _SUMMED) + slip + math.fsum(bounds) + math.fsum(np.abs(bounds)) * _SLACK
    return Priced(prices, value, worth, np.concatenate(plans)[: level.units])


def best_of_block(
    block: Block, net: Array, served: Array, table: Orders, code: Code
) -> tuple[Floats, NDArray[np.int64]]:
    """Worth and plan of the units of one block.

    Args:
        block: the units.
        net: what a unit of each measure counts (measures, years, classes).
        served: what being served at all counts (classes).
        table: every order of options.
        code: how plans are written.
    """
    with jax.enable_x64(True):
        words, largest = words_of(block, net, served, code=code)
        if len(table.steps) > _LONG:
            steps = jnp.asarray(table.steps)
            best = best_of_long(words, steps, registers=table.registers, best=table.best)
        else:
            best = best_of(words, table=table)
        worth, plan = worth_and_plan(best, largest, code=code)
        return np.asarray(worth), np.asarray(plan)
