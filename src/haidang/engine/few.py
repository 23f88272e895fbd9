"""Asking a few units of a block again: those that lost an instrument, and not the tens of thousands that did not.

Units do not see one another within a period, so the answers of a few, gathered into a small block of fixed length, are
the answers that the whole block would give for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from jax.tree_util import tree_map
from numpy.typing import NDArray

from haidang.engine.answers import Asked
from haidang.engine.compiled import compiled, jnp
from haidang.engine.view import View

Array = Any
LENGTH = 4096
"""The length of a small block: one more shape for which each program is compiled."""


def are_few(rows: NDArray[np.int64], length: int) -> bool:
    """Whether asking these rows alone is worth while in a block of this length."""
    return len(rows) <= LENGTH and length > 2 * LENGTH


def gather(
    view: View, noise: Mapping[str, Array], rows: NDArray[np.int64], denied: NDArray[np.uint8]
) -> tuple[View, Mapping[str, Array]]:
    """The view and the noise of a few rows, padded to the length of a small block.

    Args:
        view: what the units of the whole block see.
        noise: theirs.
        rows: places of the few in the block.
        denied: what each unit of the block was denied.
    """
    padded = np.zeros(LENGTH, np.int32)
    padded[: len(rows)] = rows
    columns = (view.units, view.state, view.chance, view.left, view.share, noise)
    units, state, chance, left, share, few_noise = _pick(columns, jnp.asarray(padded))
    few = replace(
        view, units=units, state=state, chance=chance, left=left, share=share, denied=jnp.asarray(denied[padded])
    )
    return few, few_noise


@compiled()
def _pick(columns: Any, rows: Array) -> Any:
    def pick(column: Array) -> Array:
        return column[rows]

    return tree_map(pick, columns)


def merge(base: Asked, rows: NDArray[np.int64], answers: Asked, denied: NDArray[np.uint8]) -> Asked:
    """The answers of a block, with those of a few rows replaced."""
    choice = base.choice.copy()
    choice[rows] = answers.choice[: len(rows)]
    return Asked(
        choice,
        denied,
        tuple(_replaced(old, rows, new) for old, new in zip(base.amount, answers.amount, strict=True)),
        tuple(_replaced(old, rows, new) for old, new in zip(base.priority, answers.priority, strict=True)),
        base.may,
    )


def _replaced(old: NDArray[Any], rows: NDArray[np.int64], new: NDArray[Any]) -> NDArray[Any]:
    column = old.copy()
    column[rows] = new[: len(rows)]
    return column
