"""Observed choices as numbers: what a likelihood is computed from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.int64]
Flags: TypeAlias = NDArray[np.bool_]
Array = Any
"""An array of NumPy or JAX."""

Utilities: TypeAlias = Callable[[Array], Array]
"""From the coefficients to the utilities, in JAX."""


@dataclass(frozen=True, slots=True)
class Linear:
    """Utilities that are linear in the coefficients: `offset + slopes @ coefficients`.

    Attributes:
        slopes: of shape (choices, alternatives, coefficients), or (items, coefficients).
        offset: of the same shape without the last axis.
    """

    slopes: Floats
    offset: Floats

    def __call__(self, coefficients: Array) -> Array:
        """The utilities."""
        return self.offset + self.slopes @ coefficients


@dataclass(frozen=True, slots=True)
class Choices:
    """One alternative chosen of several, again and again.

    Attributes:
        alternatives: their ids.
        utilities: `Linear`, or any function of the coefficients that JAX can differentiate; of shape
            (choices, alternatives).
        available: of shape (choices, alternatives).
        chosen: the place of the alternative chosen (choices).
        weight: how much each choice counts (choices).
        unit: who chooses, numbered from zero; the same for all choices of a panel's unit (choices).
        cluster: within which choices may hang together, numbered from zero; none for robust errors by unit (choices).
        labels: what each unit is called in the data; fixes a unit's draws whatever the order of rows.
    """

    alternatives: tuple[str, ...]
    utilities: Linear | Utilities
    available: Flags
    chosen: Integers
    weight: Floats
    unit: Integers
    cluster: Integers | None
    labels: tuple[str, ...]

    def __len__(self) -> int:
        """How many choices."""
        return len(self.chosen)


@dataclass(frozen=True, slots=True)
class Groups:
    """Yes-no items in groups with an effect of their own, such as recommendations to a plant.

    Attributes:
        utilities: of the items; what is the same for all items of a group does not count (items).
        taken: whether an item was taken (items).
        group: numbered from zero without gaps, in ascending order (items).
        weight: how much each group counts (groups).
        cluster: within which groups may hang together, numbered from zero (groups).
        left_out: how many items stood in groups that took all or none and therefore say nothing.
    """

    utilities: Linear | Utilities
    taken: Flags
    group: Integers
    weight: Floats
    cluster: Integers | None
    left_out: int = 0

    def __len__(self) -> int:
        """How many items."""
        return len(self.taken)
