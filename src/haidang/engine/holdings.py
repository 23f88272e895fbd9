"""What the units of a scenario carry from period to period, block by block."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from haidang.engine.compiled import jnp
from haidang.engine.shelf import Shelf

Array = Any
Seen = tuple[Mapping[str, Array], Mapping[int, NDArray[np.float64]]]
"""The states of a block, and for each slot with a bound per unit what its units received."""

_STATE, _SLOT = "state-", "slot-"


@dataclass(frozen=True, slots=True)
class Holding:
    """What the units of one block carry (padded arrays).

    Args:
        state: the model's states.
        sums: for each tracked outcome, its sum so far (float32).
        helped: who used an instrument so far (bool).
        received: for each slot with a bound per unit, what each unit got so far per real unit (float64).
    """

    state: Mapping[str, Array]
    sums: tuple[Array, ...]
    helped: Array
    received: Mapping[int, NDArray[np.float64]]


class Holdings(Protocol):
    """The holdings of a scenario by block."""

    def seen(self, index: int) -> Seen:
        """What of a block's holding its units see when they choose."""
        ...

    def whole(self, index: int) -> Holding:
        """All that a block carries."""
        ...

    def keep(self, index: int, holding: Holding) -> None:
        """What a block carries from now on."""
        ...


class HeldInMemory:
    """Holdings in memory: for a population that is held there too."""

    def __init__(self) -> None:
        """Begin with none."""
        self._blocks: dict[int, Holding] = {}

    def seen(self, index: int) -> Seen:
        """What of a block's holding its units see when they choose."""
        return self._blocks[index].state, self._blocks[index].received

    def whole(self, index: int) -> Holding:
        """All that a block carries."""
        return self._blocks[index]

    def keep(self, index: int, holding: Holding) -> None:
        """What a block carries from now on."""
        self._blocks[index] = holding


class HeldInFiles:
    """Holdings in files: for a population that is streamed."""

    def __init__(self, shelf: Shelf, name: str) -> None:
        """Keep them on a shelf, under names that begin with `name`."""
        self._shelf = shelf
        self._name = name

    def seen(self, index: int) -> Seen:
        """What of a block's holding its units see when they choose."""
        found = self._shelf.take(f"{self._name}-seen-{index}")
        state = {key.removeprefix(_STATE): jnp.asarray(one) for key, one in found.items() if key.startswith(_STATE)}
        return state, {int(key.removeprefix(_SLOT)): one for key, one in found.items() if key.startswith(_SLOT)}

    def whole(self, index: int) -> Holding:
        """All that a block carries."""
        state, received = self.seen(index)
        rest = self._shelf.take(f"{self._name}-rest-{index}")
        sums = tuple(jnp.asarray(rest[f"sum-{place}"]) for place in range(len(rest) - 1))
        return Holding(state, sums, jnp.asarray(rest["helped"]), received)

    def keep(self, index: int, holding: Holding) -> None:
        """What a block carries from now on."""
        state = {f"{_STATE}{key}": np.asarray(one) for key, one in holding.state.items()}
        received = {f"{_SLOT}{place}": one for place, one in holding.received.items()}
        sums = {f"sum-{place}": np.asarray(one) for place, one in enumerate(holding.sums)}
        self._shelf.put(f"{self._name}-seen-{index}", state | received)
        self._shelf.put(f"{self._name}-rest-{index}", {"helped": np.asarray(holding.helped), **sums})
