"""What the units of a population answer in a period, block by block: in memory, or in files where it is streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, MutableMapping
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from haidang.engine.shelf import Shelf

T = TypeVar("T")
Amounts = NDArray[np.float64]
Arrays = Mapping[str, NDArray[Any]]


@dataclass(slots=True)
class Asked:
    """What the units of one block ask for under their present choices (padded arrays).

    Args:
        choice: each unit's choice (uint8).
        denied: bit k is set where instrument k is lost (uint8).
        amount: for each slot, what is asked per real unit (float64).
        priority: for each slot, the place in its queue, higher first (float32).
        may: for each capacity, who may ask it (bool).
    """

    choice: NDArray[np.uint8]
    denied: NDArray[np.uint8]
    amount: tuple[Amounts, ...]
    priority: tuple[NDArray[np.float32], ...]
    may: tuple[NDArray[np.bool_], ...] = ()


@dataclass(frozen=True, slots=True)
class Roll:
    """The units of one block as the queues know them (rows, not padded)."""

    ids: NDArray[np.int64]
    weight: Amounts


class OnShelf(MutableMapping[int, T]):
    """A thing for each block that lies in a file and is read each time it is looked at."""

    def __init__(
        self, shelf: Shelf, name: str, arrays: Callable[[T], Arrays], thing: Callable[[dict[str, Any]], T]
    ) -> None:
        """Keep things on a shelf under names that begin with `name`, as arrays and back."""
        self._shelf, self._name, self._arrays, self._thing = shelf, name, arrays, thing
        self._blocks: dict[int, None] = {}

    def __getitem__(self, index: int) -> T:
        """The thing of a block."""
        if index not in self._blocks:
            raise KeyError(index)
        return self._thing(self._shelf.take(f"{self._name}-{index}"))

    def __setitem__(self, index: int, value: T) -> None:
        """Keep the thing of a block."""
        self._shelf.put(f"{self._name}-{index}", self._arrays(value))
        self._blocks[index] = None

    def __delitem__(self, index: int) -> None:
        """Forget the thing of a block; its file is written over or goes with the shelf."""
        del self._blocks[index]

    def __iter__(self) -> Iterator[int]:
        """The blocks in the order in which they were kept."""
        return iter(self._blocks)

    def __len__(self) -> int:
        """How many blocks have a thing."""
        return len(self._blocks)


def asked_on(shelf: Shelf, name: str) -> MutableMapping[int, Asked]:
    """Answers in files."""
    return OnShelf(shelf, f"{name}-asked", _asked_arrays, _asked_thing)


def rolls_on(shelf: Shelf, name: str) -> MutableMapping[int, Roll]:
    """Rolls in files."""
    return OnShelf(
        shelf, f"{name}-roll", lambda roll: {"ids": roll.ids, "weight": roll.weight}, lambda found: Roll(**found)
    )


def columns_on(shelf: Shelf, name: str) -> MutableMapping[int, Amounts]:
    """A column for each block in files."""
    return OnShelf(shelf, name, lambda column: {"column": column}, lambda found: found["column"])


def _asked_arrays(asked: Asked) -> Arrays:
    columns = {"choice": asked.choice, "denied": asked.denied}
    for place, (amount, priority) in enumerate(zip(asked.amount, asked.priority, strict=True)):
        columns |= {f"amount-{place}": amount, f"priority-{place}": priority}
    return columns | {f"may-{place}": may for place, may in enumerate(asked.may)}


def _asked_thing(found: dict[str, Any]) -> Asked:
    slots, capacities = (range(sum(key.startswith(what) for key in found)) for what in ("amount-", "may-"))
    return Asked(
        found["choice"],
        found["denied"],
        tuple(found[f"amount-{place}"] for place in slots),
        tuple(found[f"priority-{place}"] for place in slots),
        tuple(found[f"may-{place}"] for place in capacities),
    )
