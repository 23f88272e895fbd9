"""The units of a problem laid out for the compiled programme."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.allocate.orders import Orders, orders
from haidang.allocate.pricing import Block, Code
from haidang.allocate.problem import Problem
from haidang.allocate.rows import Rows, measured, rows_of, uses, weights
from haidang.allocate.watch import Watch
from haidang.engine.compiled import jnp

_BLOCK = 4096
_SMALL_BLOCK = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """The units of a problem, in an order by chance, in blocks.

    In that order every first part of the units is a fair sample of all, with its share of every class. Where a
    function speaks of a unit's place, it is the place in this order.

    Args:
        problem: with its arrays as they were given.
        rows: budgets and rules.
        order: the place in the problem of each unit (units).
        table: every order of options.
        code: how plans are written.
        blocks: the units, block by block.
        size: units in a block.
        most: the sum over units of the largest entry of each measure, by block (blocks, measures).
        values: each measure as it was given.
        weight: of each unit, as it was given.
        whole: whether all entries of a measure, and all weights, are whole numbers (measures).
    """

    problem: Problem
    rows: Rows
    order: NDArray[np.int64]
    table: Orders
    code: Code
    blocks: tuple[Block, ...]
    size: int
    most: NDArray[np.float64]
    values: tuple[NDArray[Any], ...]
    weight: NDArray[np.float64]
    whole: NDArray[np.bool_]

    @property
    def units(self) -> int:
        """How many units there are."""
        return len(self.order)


def field_of(problem: Problem, seed: int, watch: Watch) -> Field:
    """Lay the units of a checked problem out.

    Args:
        problem: what is to be allocated.
        seed: of the order.
        watch: asked between blocks.
    """
    rows = rows_of(problem)
    place = {option.id: at for at, option in enumerate(problem.options)}
    table = orders([[place[other] for other in option.after] for option in problem.options], len(problem.years))
    order = _order(rows.class_of, seed)
    values = tuple(np.asarray(measured(problem, one)) for one in rows.measures)
    weight = weights(problem)
    blocks: list[Block] = []
    size = _BLOCK if len(order) >= 4 * _BLOCK else _SMALL_BLOCK
    for first in range(0, len(order), size):
        watch.see("laying out")
        blocks.append(block_of(problem, rows, values, weight, order[first : first + size], size))
    most = np.array([np.asarray(block.most).sum(axis=1) for block in blocks])
    whole = np.array([_whole(one) for one in (*values, weight)])
    code = Code(table.years, table.options)
    return Field(problem, rows, order, table, code, tuple(blocks), size, most, values, weight, whole[:-1] & whole[-1])


def _order(class_of: NDArray[np.int32], seed: int) -> NDArray[np.int64]:
    """Units by chance, those of a class spread evenly over the whole.

    Were a small group short of units in a sample, its rule would be dear there and all prices with it.
    """
    random = np.random.default_rng(seed)
    mixed = random.permutation(len(class_of))
    classes = class_of[mixed]
    count = np.bincount(classes)
    place = np.empty(len(mixed), np.int64)
    place[np.argsort(classes, kind="stable")] = np.arange(len(mixed)) - np.repeat(np.cumsum(count) - count, count)
    along = (place + random.random(len(count))[classes]) / count[classes]
    return mixed[np.argsort(along, kind="stable")]


def block_of(
    problem: Problem,
    rows: Rows,
    values: Iterable[NDArray[Any]],
    weight: NDArray[np.float64],
    part: NDArray[np.int64],
    size: int,
) -> Block:
    """One block, filled up with units that may have nothing.

    Args:
        problem: what is to be allocated.
        rows: its budgets and rules.
        values: each measure as it was given.
        weight: of each unit.
        part: the places in the problem of the units.
        size: units in the block.
    """
    spare = size - len(part)

    def units_last(entries: NDArray[Any]) -> NDArray[Any]:
        wide = entries.reshape(len(part), *(1,) * (3 - entries.ndim), *entries.shape[1:])
        return np.pad(np.moveaxis(wide, 0, -1), ((0, 0), (0, 0), (0, spare)))

    measures = tuple(np.ascontiguousarray(units_last(one[part]), np.float64) for one in values)
    open_to = _open(problem, part)
    closed = np.pad(~open_to, ((0, spare), (0, 0), (0, 0)), constant_values=True).transpose(1, 2, 0)
    most = np.array([np.where(closed, 0.0, one).max(axis=(0, 1)) for one in measures])
    allowed = np.pad(_bits(open_to).T, ((0, 0), (0, spare)))
    classes = np.pad(rows.class_of[part], (0, spare)) if rows.classes > 1 else None
    with jax.enable_x64(True):
        block = Block(measures, most, allowed, classes, np.pad(weight[part], (0, spare)))
        return jax.tree.map(jnp.asarray, block)


def _open(problem: Problem, part: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which options a unit may be offered in which year: it is eligible, and no budget is smaller than the offer."""
    years, options = len(problem.years), len(problem.options)
    found = np.ones((len(part), years, options), np.bool_)
    if problem.eligible is not None:
        given = problem.eligible[part]
        found &= given if given.ndim == 3 else given[:, None, :]
    for resource in problem.resources:
        # What comes back from others could make room for an offer that is larger than any budget.
        if resource.returned:
            continue
        taken = uses(resource, years)
        room = np.full(years, np.inf if resource.total is None else resource.total)
        room = np.divide(room, taken.sum(axis=1), out=np.full(years, np.inf), where=taken.sum(axis=1) > 0)
        if resource.per_year is not None:
            brings = np.cumsum(resource.per_year) if resource.carry_over else np.array(resource.per_year)
            used = np.cumsum(taken, axis=1) if resource.carry_over else taken
            with np.errstate(divide="ignore", invalid="ignore"):
                room = np.minimum(room, np.where(used > 0, brings[None, :] / used, np.inf).min(axis=1))
        if not np.isinf(room).all():
            amount = np.asarray(problem.amounts[resource.id][part])
            found &= (amount if amount.ndim == 3 else amount[:, None, :]) <= room[None, :, None] * (1.0 + 1e-12)
    return found


def _whole(entries: NDArray[Any]) -> bool:
    parts = (entries[first : first + _BLOCK] for first in range(0, len(entries), _BLOCK))
    return all(bool((part == np.rint(part)).all()) for part in parts)


def _bits(found: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """A bit for each option (units, years)."""
    return (found.astype(np.uint64) << np.arange(found.shape[2], dtype=np.uint64)).sum(axis=2, dtype=np.uint64)
