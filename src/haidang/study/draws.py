"""The facts that a run reads, drawn, in the order in which the compiled programs expect them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy

import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.facts import FactBook, draw_facts
from haidang.packs.reads import amounts_read, facts_read

__all__ = ["FactDraws", "amounts_read", "facts_read"]


class FactDraws:
    """The facts of every draw of a run, in canonical units.

    Args:
        book: the pack's facts.
        names: the facts that the run reads, sorted.
        draws: how many draws; a single one takes the stated values.
        seed: the seed of all chance.
    """

    def __init__(self, book: FactBook, names: tuple[str, ...], draws: int, seed: int) -> None:
        """Draw them."""
        self.names = names
        self._book = book
        self._count, self._seed = draws, seed
        self._drawn: Mapping[str, NDArray[np.float64]] = draw_facts(book, names, draws, seed)

    def of(self, draw: int, years: Sequence[int]) -> tuple[NDArray[np.float32], ...]:
        """The facts of a draw in the order of `names`, one array a year; a year that comes again has the same array."""
        found = {
            year: np.array([self._value(name, draw, year) for name in self.names], np.float32) for year in set(years)
        }
        return tuple(found[year] for year in years)

    def _value(self, name: str, draw: int, year: int) -> float:
        if self._book.facts[name].dated is not None:
            return self._book.value(name, year)
        return float(self._drawn[name][draw]) if name in self._drawn else self._book.value(name)

    def held(self, book: FactBook, names: Iterable[str]) -> FactDraws:
        """The same draws, but some facts as another book states them; what it does not change is not drawn again."""
        found = copy(self)
        found._book = book
        found._drawn = {**self._drawn, **draw_facts(book, names, self._count, self._seed)}
        return found

    def table(self) -> pl.DataFrame:
        """The drawn values: draw, fact, value (canonical)."""
        names = [name for name in self.names if name in self._drawn]
        return pl.DataFrame(
            {
                "draw": [draw for _ in names for draw in range(self._count)],
                "fact": [name for name in names for _ in range(self._count)],
                "value": [float(value) for name in names for value in self._drawn[name]],
            },
            schema={"draw": pl.Int32, "fact": pl.String, "value": pl.Float64},
        )
