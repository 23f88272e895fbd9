"""What the units of a block see in a period of a draw: columns, facts, random numbers, what is left to them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from haidang.engine.blocks import Block
from haidang.engine.chance import gumbel, normal, stream_key, uniform
from haidang.engine.compiled import jnp
from haidang.engine.holdings import Seen
from haidang.engine.setting import Setting
from haidang.engine.view import View
from haidang.models import Columns

Array = Any
Facts = tuple[NDArray[np.float32], ...]
"""The facts of a draw by period."""
_LAWS = {"uniform": uniform, "normal": normal}


@dataclass(frozen=True, slots=True)
class Word:
    """What the units of a scenario are told in a period.

    Args:
        peers: for each of the model's peers, what is seen by group, the peers of one draw behind those of the draw
            before (float32, peers by groups).
        price: the price of the market.
        last_price: that of the period before.
    """

    peers: NDArray[np.float32]
    price: float = 0.0
    last_price: float = 0.0


class Sight:
    """What units see in one draw, or in the several draws of which a block's rows are.

    What is seen again is kept where the blocks are kept.
    """

    def __init__(self, setting: Setting, draws: Sequence[int], facts: Sequence[Facts]) -> None:
        """Lay out the facts and the calendar of the draws.

        Args:
            setting: what all draws share; the rows of its blocks are of as many draws.
            draws: their numbers.
            facts: for each draw, its facts by period.
        """
        self.setting, self.draws = setting, tuple(draws)
        self.facts = tuple(jnp.asarray(np.concatenate(one)) for one in zip(*facts, strict=True))
        self.first = [dict(zip(setting.facts, one[0], strict=True)) for one in facts]
        self.ones = jnp.ones(setting.source.length, jnp.float32)
        self.kept: dict[tuple[int, int, str], Any] = {}
        self.clock = [
            jnp.asarray(np.array([year, setting.month(period) or 12, period], np.int32))
            for period, year in enumerate(setting.years)
        ]

    def keys(self, purpose: str, name: str, period: int | None = None) -> NDArray[np.uint32]:
        """The key of a stream of chance in each draw (uint32, 2 by draws)."""
        found = [stream_key(self.setting.seed, draw, purpose, name, period) for draw in self.draws]
        return np.stack(found, axis=1)

    def start(self, block: Block) -> dict[str, Array]:
        """The states of a block's units before the first period (units)."""
        if len(self.draws) == 1:
            return self._start(block.units, self.first[0])
        rows = self.setting.source.length // len(self.draws)
        units = {name: column[:rows] for name, column in block.units.items()}
        found = [self._start(units, first) for first in self.first]
        return {name: jnp.concatenate([one[name] for one in found]) for name in found[0]}

    def _start(self, units: Mapping[str, Array], facts: Mapping[str, np.float32]) -> dict[str, Array]:
        source, card = self.setting.source, self.setting.model.card
        return {
            name: jnp.broadcast_to(jnp.asarray(column), (source.length // len(self.draws),)).astype(
                card.states[name].dtype
            )
            for name, column in self.setting.model.start(Columns(units, source.codes), facts).items()
        }

    def noise(self, block: Block, period: int) -> dict[str, Array]:
        """Gumbel numbers for *nothing* and each alternative; kept for the period where the blocks are kept."""
        names = ("nothing", *(one.id for one in self.setting.model.card.alternatives))
        return {name: self._number(block, period, "noise", name, gumbel, period) for name in names}

    def forget(self, period: int) -> None:
        """Drop what is of a period that is over."""
        for key in [key for key in self.kept if key[1] == period]:
            del self.kept[key]

    def view(
        self,
        place: int,
        block: Block,
        period: int,
        word: Word,
        seen: Seen,
        denied: Array,
        share: NDArray[np.float32] | None,
        traded: Mapping[str, NDArray[np.float64]],
    ) -> View:
        """What the units of a block see.

        Args:
            place: the scenario.
            block: the block.
            period: the period.
            word: what the scenario's units are told.
            seen: the states, and what was received of slots with a bound per unit.
            denied: the instruments that each unit lost, as bits.
            share: the part of what each asked for that it got; none for all of it.
            traded: what each traded on each side of the market.
        """
        state, received = seen
        setting = self.setting
        return View(
            units=self._units(block),
            state=state,
            fact=self.facts[period],
            chance=self._chance(block, period),
            peers=word.peers,
            denied=denied,
            share=self.ones if share is None else share,
            left=self._left(place, block, period, received),
            active=setting.scenarios[place].active(setting.years[period], setting.month(period)),
            clock=self.clock[period],
            price=np.array([word.price, word.last_price], np.float32),
            traded=traded,
        )

    def _chance(self, block: Block, period: int) -> dict[str, Array]:
        return {
            name: self._number(block, period, "chance", name, _LAWS[one.law], None if one.lasts == "draw" else period)
            for name, one in self.setting.model.card.chances.items()
        }

    def _number(self, block: Block, period: int, purpose: str, name: str, law: Any, stream: int | None) -> Array:
        key = (block.index, -1 if stream is None else stream, f"{purpose}/{name}")
        if key in self.kept:
            return self.kept[key]
        numbers = law(self._key_of_rows(purpose, name, stream), block.low, block.high)
        if self.setting.source.resident:
            self.kept[key] = numbers
        return numbers

    def _key_of_rows(self, purpose: str, name: str, stream: int | None) -> NDArray[np.uint32]:
        """The key of a stream for the rows of a block: one for all, or where they are of several draws one for each."""
        keys = self.keys(purpose, name, stream)
        rows = self.setting.source.length // len(self.draws)
        return keys[:, 0] if len(self.draws) == 1 else np.repeat(keys, rows, axis=1)

    def _left(
        self, place: int, block: Block, period: int, received: Mapping[int, NDArray[np.float64]]
    ) -> Mapping[str, Array]:
        """For each slot with a bound per unit, what each unit may still get; the same all through a period."""
        key = (block.index, period, f"left/{place}")
        if key in self.kept:
            return self.kept[key]
        left: dict[str, Array] = {}
        for slot, got in received.items():
            bound = self.setting.scenarios[place].slots[slot].budget.per_unit or 0
            left[str(slot)] = jnp.asarray(_rounded_down(np.maximum(bound - got, 0.0)))
        if self.setting.source.resident:
            self.kept[key] = left
        return left

    def _units(self, block: Block) -> Mapping[str, Array]:
        """The population's columns and the model's own for the draw; kept where the blocks are kept."""
        key = (block.index, -1, "units")
        if key not in self.kept:
            columns = {**block.units, **self.setting.programs[0].prepare(block.units, self.facts[0])}
            if not self.setting.source.resident:
                return columns
            self.kept[key] = columns
        return self.kept[key]


def _rounded_down(column: NDArray[np.float64]) -> NDArray[np.float32]:
    """In single precision and never above: a bound that is rounded up would be passed."""
    single = column.astype(np.float32)
    return np.where(single > column, np.nextafter(single, np.float32(-np.inf)), single)
