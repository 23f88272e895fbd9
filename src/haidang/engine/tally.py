"""Sums that are the same in any order: every row's part is a whole number of quanta, and whole numbers add exactly.

A part is a float64 that holds an integer. As long as no sum passes 2^53 quanta it is exact, whatever the order of
rows, blocks and workers.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from numpy.typing import NDArray

from haidang.errors import HaidangError

Array = Any
LARGEST_SUM = 2.0**53
UNIT_QUANTUM = 1e-6
"""Weights are counted in millionths of a unit."""


class OverflowingSum(HaidangError):
    """An outcome whose sum in quanta is too large to be exact."""


@partial(jax.jit, static_argnames=("cells",))
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
    sums = [
        jnp.bincount(cell, weights=jnp.rint(column.astype(jnp.float64) * weight / quanta[place]), length=cells)
        for place, column in enumerate(columns)
    ]
    return jnp.stack(sums)


def in_units(quanta_sums: NDArray[np.float64], quanta: NDArray[np.float64], names: tuple[str, ...]) -> NDArray[np.float64]:
    """Sums in units of measure from sums in quanta (outcomes by cells).

    Raises:
        OverflowingSum: a sum passed 2^53 quanta, so that it may not be exact; the outcome needs a larger quantum.
    """
    for place, name in enumerate(names):
        if np.abs(quanta_sums[place]).sum() > LARGEST_SUM:
            raise OverflowingSum(f"outcome '{name}': the sum passes 2^53 quanta of {quanta[place]:g}, give it a larger quantum")
    return quanta_sums * quanta[:, None]
