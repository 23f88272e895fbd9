"""Sums that are the same in any order: every row's part is a whole number of quanta, and whole numbers add exactly.

A part is a float64 that holds an integer. As long as no sum passes 2^53 quanta it is exact, whatever the order of
rows, blocks and workers.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.engine.compiled import compiled, jnp
from haidang.errors import HaidangError

Array = Any
LARGEST_SUM = 2.0**53
UNIT_QUANTUM = 1e-6
"""Weights are counted in millionths of a unit."""


class OverflowingSumError(HaidangError):
    """An outcome whose sum in quanta is too large to be exact."""


@compiled("cells")
def tally(columns: tuple[Array, ...], weight: Array, quanta: Array, cell: Array, *, cells: int) -> Array:
    """Weighted sums by cell, in quanta.

    Args:
        columns: values per real unit (float32, units), one array per outcome.
        weight: real units per row (float64, units).
        quanta: the quantum of each outcome (float64, outcomes).
        cell: the cell of each unit (int32, units).
        cells: how many cells there are.

    Returns:
        Whole numbers of quanta (float64, outcomes by cells).
    """
    parts = _in_quanta(columns, weight, quanta)
    return jnp.stack([jnp.bincount(cell, weights=one, length=cells) for one in parts])


def _in_quanta(columns: tuple[Array, ...], weight: Array, quanta: Array) -> list[Array]:
    return [jnp.rint(one.astype(jnp.float64) * weight / quanta[place]) for place, one in enumerate(columns)]


def _tally_stretches(columns: tuple[Array, ...], weight: Array, quanta: Array, stretches: int) -> Array:
    """What `tally` gives where each cell is a stretch of rows of equal length.

    It is five times faster: a count by cell waits for the row before where both are of one cell.
    """
    return jnp.stack([one.reshape(stretches, -1).sum(axis=1) for one in _in_quanta(columns, weight, quanta)])


@compiled("sizes", "tracked", "draws")
def record(
    found: tuple[Array, ...],
    kept: tuple[tuple[Array, ...], Array],
    units: tuple[Array, Array, Array],
    quanta: Array,
    *,
    sizes: tuple[int, int],
    tracked: tuple[int, ...],
    draws: int = 1,
) -> tuple[Array, Array, tuple[Array, ...], Array]:
    """What a period brought, summed by group, counted by choice, and added to each unit's own account.

    Args:
        found: the outcomes of the period, `helped` last (float32, units).
        kept: the sums so far of the tracked outcomes (float32, units), and who was helped so far (bool, units).
        units: weight, cell and choice of each unit.
        quanta: quanta of the count of units and of each outcome.
        sizes: how many cells and how many choices there are.
        tracked: the places of the tracked outcomes.
        draws: of how many draws the rows are, one draw after the other.

    Returns:
        Sums by outcome and cell in quanta, the count of units first; counts by choice in quanta; the two accounts.
    """
    weight, cell, choice = units
    outcomes, helped = found[:-1], found[-1] > 0
    ones = jnp.ones_like(outcomes[0])
    columns = (ones, *outcomes)
    if sizes[0] == draws:
        sums = _tally_stretches(columns, weight, quanta, draws)
    else:
        sums = tally(columns, weight, quanta, cell, cells=sizes[0])
    counts = tally((ones,), weight, quanta[:1], choice.astype(jnp.int32), cells=sizes[1])
    added = tuple(total + outcomes[i] for total, i in zip(kept[0], tracked, strict=True))
    return sums, counts[0], added, kept[1] | helped


def refuse_inexact(quanta_sums: NDArray[np.float64], quanta: NDArray[np.float64], names: tuple[str, ...]) -> None:
    """See that sums in quanta are small enough to be exact.

    Args:
        quanta_sums: whole numbers of quanta (outcomes by cells, along the last two axes).
        quanta: the quantum of each outcome.
        names: the outcomes' ids.

    Raises:
        OverflowingSumError: a sum passed 2^53 quanta, so that it may not be exact; the outcome needs a larger quantum.
    """
    largest = np.abs(quanta_sums).sum(axis=-1).reshape(-1, len(names)).max(axis=0, initial=0.0)
    for place, name in enumerate(names):
        if not largest[place] <= LARGEST_SUM:
            raise OverflowingSumError(
                f"outcome '{name}': the sum passes 2^53 quanta of {quanta[place]:g}, give it a larger quantum"
            )


def in_units(quanta_sums: NDArray[np.float64], quanta: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums in units of measure from sums in quanta.

    A quantum that is one part of a whole number, such as a millionth, is divided by and not multiplied with, so that
    whole sums stay whole.

    Args:
        quanta_sums: whole numbers of quanta.
        quanta: the quanta, of a shape that goes with the sums.
    """
    parts = np.rint(1.0 / quanta)
    divides = (parts > 1) & (np.abs(parts * quanta - 1.0) < 1e-12)
    return np.where(divides, quanta_sums / np.where(divides, parts, 1.0), quanta_sums * quanta)
