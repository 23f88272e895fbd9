"""The best plan of every unit at given prices: the compiled dynamic programme.

Each cell, an option in a year, gets a net worth c = sum over measures k of p[k, year, class] m[k]. It is written as a
whole number of quanta, rounded up, above the bits that say which option the cell is; so adding words adds worths and
notes the plan, and the larger word is the better plan. Whole numbers make the answer the same whatever the order of
work, and rounding up makes it a bound. A unit's quantum is a fixed part of the most that one of its cells can be worth.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

import jax
import numpy as np
from numpy.typing import NDArray

from haidang.allocate.orders import NEVER, SERVED, ZERO, Orders
from haidang.engine.compiled import compiled, jnp

Array = Any
_lax: Any = jax.lax

_NEVER = np.int64(-(2**60))
MOST_CODE_BITS = 36
"""Bits for the plan; what is left of 60 are the worth's."""
_MOST_WORTH_BITS = 36


@dataclass(frozen=True, slots=True)
class Code:
    """How a plan is written as a whole number: for each year, the option's place plus one, or nought.

    Args:
        years: how many.
        options: how many.
    """

    years: int
    options: int

    @property
    def bits(self) -> int:
        """Bits a year takes."""
        return self.options.bit_length()

    @property
    def worth_bits(self) -> int:
        """Bits that the largest cell's worth takes, so that a sum over all years still fits."""
        spare = 60 - self.years * self.bits - (self.years + 3).bit_length()
        return min(spare, _MOST_WORTH_BITS)

    def choices(self, code: NDArray[np.int64]) -> NDArray[np.int8]:
        """The option of each year, -1 for none (units, years)."""
        shifts = np.arange(self.years, dtype=np.int64) * self.bits
        return (((code[:, None] >> shifts) & ((1 << self.bits) - 1)) - 1).astype(np.int8)

    def code(self, choices: NDArray[np.int8]) -> NDArray[np.int64]:
        """Plans as whole numbers (units)."""
        shifts = np.arange(self.years, dtype=np.int64) * self.bits
        return ((choices.astype(np.int64) + 1) << shifts).sum(axis=1)


class Block(NamedTuple):
    """The units of a block; the last axis of every array is the units'.

    Args:
        measures: each (years, options, units), (1, options, units) or (1, 1, units).
        most: the largest entry of each measure for each unit (measures, units).
        allowed: a bit for each option (years, units); none where all are open to all.
        classes: the class of each unit; none where there is one class.
        weight: of each unit.
    """

    measures: tuple[Array, ...]
    most: Array
    allowed: Array | None
    classes: Array | None
    weight: Array


@compiled("code")
def words_of(block: Block, prices: Array, served: Array, *, code: Code) -> tuple[Array, Array]:
    """The worth and the name of every cell in one word, in whole quanta of the unit.

    Args:
        block: the units.
        prices: what a unit of each measure counts (measures, years, classes).
        served: what being served at all counts, for each unit of weight (classes).
        code: how plans are written.

    Returns:
        Words, that of being served first (int64, one and cells, units), and the most that a cell can be worth (units).
    """
    units = block.most.shape[-1]
    spread = _of_class(prices, block.classes, units)
    served_worth = _of_class(served, block.classes, units) * block.weight
    largest = (jnp.maximum(jnp.max(spread, axis=1), 0.0) * block.most).sum(axis=0)
    largest = jnp.maximum(largest, jnp.abs(served_worth))
    scale = jnp.where(largest > 0.0, 2.0**code.worth_bits / jnp.where(largest > 0.0, largest, 1.0), 0.0)
    shift = np.int64(code.years * code.bits)
    cells = _quanta(_worth(block.measures, spread), scale[None, None, :], code) << shift
    words = cells + jnp.asarray(_names(code))
    if block.allowed is not None:
        place = jnp.arange(code.options, dtype=block.allowed.dtype)[None, :, None]
        words = jnp.where((block.allowed[:, None, :] >> place) & 1 == 1, words, _NEVER)
    words = words.reshape(code.years * code.options, units)
    return jnp.concatenate([(_quanta(served_worth, scale, code) << shift)[None, :], words]), largest


@compiled("table")
def best_of(words: Array, *, table: Orders) -> Array:
    """The best word of every unit: the table written out, one fusion without memory between its steps."""
    held: dict[int, Array] = {place + SERVED: words[place] for place in range(words.shape[0])}
    nought = jnp.zeros_like(words[0])
    for written, against, one, other in table.steps.tolist():
        parts = [held[register] for register in (one, other) if register != ZERO]
        found = parts[0] + parts[1] if len(parts) == 2 else parts[0] if parts else nought
        held[written] = found if against == NEVER else jnp.maximum(held[against], found)
    return held[table.best]


@compiled("registers", "best")
def best_of_long(words: Array, steps: Array, *, registers: int, best: int) -> Array:
    """The same for a table that is too long to be written out: step after step over an array of registers."""
    units = words.shape[-1]
    first = jnp.stack([jnp.zeros(units, jnp.int64), jnp.full(units, _NEVER)])
    rest = jnp.zeros((registers - SERVED - words.shape[0], units), jnp.int64)

    def row(of: Array, place: Array) -> Array:
        return _lax.dynamic_index_in_dim(of, place, 0, keepdims=False)

    def step(at: Array, of: Array) -> Array:
        written, against, one, other = (steps[at, k] for k in range(4))
        found = jnp.maximum(row(of, against), row(of, one) + row(of, other))
        return _lax.dynamic_update_index_in_dim(of, found, written, 0)

    return _lax.fori_loop(0, steps.shape[0], step, jnp.concatenate([first, words, rest]))[best]


@compiled("code")
def worth_and_plan(found: Array, largest: Array, *, code: Code) -> tuple[Array, Array]:
    """A best word taken apart: the worth (float64, units), never too small, and the plan (int64, units)."""
    shift = np.int64(code.years * code.bits)
    return (found >> shift).astype(jnp.float64) * (largest * 2.0**-code.worth_bits), found & ((1 << shift) - 1)


@compiled("code")
def contained(block: Block, plans: Array, *, code: Code) -> tuple[tuple[Array, ...], Array]:
    """What plans contain of each measure, measure by measure and in each year by year, and the weight of who has any.

    Args:
        block: the units.
        plans: one of each unit.
        code: how plans are written.

    Returns:
        A column for each measure and year (float64, units), and the weights (float64, units).
    """
    mask = (1 << code.bits) - 1
    columns: list[Array] = []
    for measure in block.measures:
        for year in range(code.years):
            chosen = (plans >> (year * code.bits)) & mask
            entries = measure[year if measure.shape[0] > 1 else 0]
            total = jnp.zeros_like(block.weight)
            for option in range(code.options):
                entry = entries[option if entries.shape[0] > 1 else 0]
                total = jnp.where(chosen == option + 1, entry, total)
            columns.append(total)
    return tuple(columns), jnp.where(plans > 0, block.weight, 0.0)


def _names(code: Code) -> NDArray[np.int64]:
    """What each cell writes into a plan (years, options, 1)."""
    options = np.arange(1, code.options + 1, dtype=np.int64)
    return (options[None, :] << (np.arange(code.years, dtype=np.int64)[:, None] * code.bits))[:, :, None]


def _of_class(table: Array, classes: Array | None, units: int) -> Array:
    """What stands in a table's last axis for each unit's class."""
    return jnp.broadcast_to(table, (*table.shape[:-1], units)) if classes is None else table[..., classes]


def _worth(measures: tuple[Array, ...], prices: Array) -> Array:
    """The net worth of every cell (years, options, units)."""
    total: Array = None
    for place, measure in enumerate(measures):
        part = prices[place][:, None, :] * measure
        total = part if total is None else total + part
    return total


def _quanta(worth: Array, scale: Array, code: Code) -> Array:
    """Whole quanta, rounded up by more than the error of computing them; a hopeless cell is cut off.

    Where nothing is worth anything an offer counts less than none.
    """
    least = -float(code.years + 2) * 2.0**code.worth_bits
    return jnp.where(scale > 0.0, jnp.floor(jnp.maximum(worth * scale, least)).astype(jnp.int64) + 2, -1)
