"""Blocks of units: the pieces in which a population passes through the compiled programs.

Every block is padded to the same length, so that each program is compiled once. A population in memory keeps its
blocks; a population in a Parquet file is read block by block, each time anew, and never held.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import jax
import numpy as np
import polars as pl
from numpy.typing import NDArray

from haidang.engine.chance import split_ids
from haidang.engine.checks import PopulationError, check_units, needed_columns, refuse_missing, refuse_repeated_ids
from haidang.engine.compiled import jnp
from haidang.engine.shelf import Shelf
from haidang.errors import Place
from haidang.models import Attribute, Card

Array = Any
DEFAULT_ROWS = 65_536
_LANES = 256
_OWN = ("id", "weight", "cell")


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive units, padded to the length of all blocks.

    Args:
        index: place of the block.
        rows: how many real rows it holds.
        ids: the units' ids (int64, rows).
        low: low words of the ids (uint32, padded).
        high: high words of the ids (uint32, padded).
        weight: real units per row, zero on padding (float64, padded).
        units: columns that the model reads (padded).
        cell: place of each unit in the table of groups (int32, padded).
    """

    index: int
    rows: int
    ids: NDArray[np.int64]
    low: Array
    high: Array
    weight: Array
    units: Mapping[str, Array]
    cell: Array


@dataclass(frozen=True, slots=True)
class Groups:
    """The groups by which results are told apart: every combination of the categories of a few columns is a cell."""

    columns: tuple[str, ...]
    words: Mapping[str, tuple[str, ...]]

    @property
    def cells(self) -> int:
        """How many combinations there are."""
        return int(np.prod([len(self.words[name]) for name in self.columns], dtype=np.int64))

    def cell_of(self, columns: Mapping[str, NDArray[Any]]) -> NDArray[np.int32]:
        """The cell of each unit, from its category codes."""
        length = len(next(iter(columns.values())))
        cell = np.zeros(length, np.int32)
        for name in self.columns:
            cell = cell * np.int32(len(self.words[name])) + columns[name].astype(np.int32)
        return cell

    def margins(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        """Sums over cells for the whole and for each group of each column, in the order of `labels`.

        Args:
            table: values by cell along the last axis.
        """
        shape = table.shape[:-1]
        cube = table.reshape(*shape, *(len(self.words[name]) for name in self.columns))
        first = len(shape)
        axes = tuple(range(first, first + len(self.columns)))
        parts = [cube.sum(axis=axes)[..., None]]
        for place in range(len(self.columns)):
            parts.append(cube.sum(axis=tuple(axis for axis in axes if axis != first + place)))
        return np.concatenate(parts, axis=-1)

    def labels(self) -> tuple[tuple[str, str], ...]:
        """For each margin, the column and its group; the whole is (`all`, `all`)."""
        return (("all", "all"), *((name, word) for name in self.columns for word in self.words[name]))


class Source(Protocol):
    """A population as blocks that can be asked for again and again.

    Args:
        rows: real rows in all.
        count: how many blocks there are.
        resident: whether the blocks stay in memory.
        draws: of how many draws the rows of a block are, one draw after the other (`engine.repeated`).
        length: rows of a block with its padding.
        groups: by which results are told apart.
    """

    rows: int
    count: int
    resident: bool
    draws: int
    length: int
    groups: Groups

    @property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """The words of each category column in the order of their codes."""
        ...

    def block(self, index: int) -> Block:
        """The block at this place."""
        ...


def _codes(card: Card) -> dict[str, tuple[str, ...]]:
    return {name: one.categories for name, one in card.attributes.items() if one.kind == "category"}


def _groups(card: Card) -> Groups:
    words = {
        name: card.attributes[name].categories if card.attributes[name].kind == "category" else ("no", "yes")
        for name in card.groups
    }
    return Groups(card.groups, words)


def padded_length(rows: int) -> int:
    """The length of a block that holds `rows` rows: a whole number of vector lanes."""
    return max(_LANES, -(-rows // _LANES) * _LANES)


class MemorySource:
    """A population held in memory as padded blocks, ordered by id so that the order of its rows never matters."""

    resident, draws = True, 1

    def __init__(
        self, table: pl.DataFrame, card: Card, block_rows: int = DEFAULT_ROWS, name: str = "population"
    ) -> None:
        """Check the table against the card and cut it into blocks.

        Raises:
            PopulationError: a column is missing or holds what the model cannot read; ids repeat; weights are not
                positive.
        """
        checked = check_units(table, card, Place(name))
        ordered = checked.sort("id")
        refuse_repeated_ids(ordered["id"], Place(name))
        self.rows = ordered.height
        self.groups = _groups(card)
        self.length = padded_length(min(block_rows, max(self.rows, 1)))
        self.count = max(1, -(-self.rows // self.length))
        self._card = card
        self._blocks = [
            _block(index, _columns(ordered.slice(index * self.length, self.length), card, self.groups), self.length)
            for index in range(self.count)
        ]

    @property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """The words of each category column in the order of their codes."""
        return _codes(self._card)

    def block(self, index: int) -> Block:
        """The block at this place."""
        return self._blocks[index]


class ParquetSource:
    """A population in a Parquet file, read block by block; memory is bounded by the block.

    Blocks follow the file's order. Ids must be unique; with a file too large to hold, that is checked while reading,
    by requiring them to rise.
    """

    resident, draws = False, 1

    def __init__(self, path: Path, card: Card, block_rows: int = DEFAULT_ROWS) -> None:
        """Open the file and check that its columns are there.

        Raises:
            PopulationError: the file cannot be read or lacks a column.
        """
        self._path = path
        self._card = card
        try:
            self._scan = pl.scan_parquet(path)
            names = self._scan.collect_schema().names()
            self.rows = int(self._scan.select(pl.len()).collect().item())
        except (OSError, pl.exceptions.PolarsError) as error:
            raise PopulationError(f"expected a readable Parquet file, found: {error}", Place(str(path))) from error
        refuse_missing(names, card, Place(str(path)))
        self.groups = _groups(card)
        self.length = padded_length(min(block_rows, max(self.rows, 1)))
        self.count = max(1, -(-self.rows // self.length))
        self._last_ids: dict[int, int] = {}
        self._shelf = Shelf()

    @property
    def codes(self) -> Mapping[str, tuple[str, ...]]:
        """The words of each category column in the order of their codes."""
        return _codes(self._card)

    def block(self, index: int) -> Block:
        """Read the block at this place.

        Raises:
            PopulationError: the rows hold what the model cannot read, or ids do not rise.
        """
        name = str(index)
        if name not in self._shelf:
            self._shelf.put(name, _columns(self._read(index), self._card, self.groups))
        return _block(index, self._shelf.take(name), self.length)

    def close(self) -> None:
        """Throw away the blocks that were read."""
        self._shelf.close()

    def _read(self, index: int) -> pl.DataFrame:
        """Read and check the rows of a block, once; afterwards they are taken from a file of plain arrays."""
        start = index * self.length
        place = Place(str(self._path))
        try:
            table = self._scan.select(needed_columns(self._card)).slice(start, self.length).collect()
        except (OSError, pl.exceptions.PolarsError) as error:
            raise PopulationError(f"expected a readable Parquet file, found: {error}", place) from error
        checked = check_units(table, self._card, place, start)
        ids = checked["id"].to_numpy()
        if np.any(ids[1:] <= ids[:-1]) or (index - 1 in self._last_ids and ids[0] <= self._last_ids[index - 1]):
            raise PopulationError(
                "expected ids that rise from row to row, which is how a file that is not held in "
                "memory shows that none repeats",
                place.at(f"rows {start + 1} to {start + table.height}"),
                "sort the file by id",
            )
        self._last_ids[index] = int(ids[-1])
        return checked


def _columns(table: pl.DataFrame, card: Card, groups: Groups) -> dict[str, NDArray[Any]]:
    """The columns as the programs take them, with id, weight and cell (rows, not padded)."""
    columns = {name: _column(table[name], one) for name, one in card.attributes.items()}
    ids = table["id"].cast(pl.Int64).to_numpy()
    weight = table["weight"].cast(pl.Float64).to_numpy()
    return {"id": ids, "weight": weight, "cell": groups.cell_of({"id": ids, **columns}), **columns}


def _block(index: int, columns: Mapping[str, NDArray[Any]], length: int) -> Block:
    low, high = split_ids(_pad(columns["id"], length))
    return Block(
        index=index,
        rows=len(columns["id"]),
        ids=columns["id"],
        low=jnp.asarray(low),
        high=jnp.asarray(high),
        weight=_double(_pad(columns["weight"], length)),
        units={name: jnp.asarray(_pad(one, length)) for name, one in columns.items() if name not in _OWN},
        cell=jnp.asarray(_pad(columns["cell"], length)),
    )


def _double(column: NDArray[np.float64]) -> Array:
    """The column as a JAX array of doubles, which JAX makes only where it is told to."""
    with jax.enable_x64(True):
        return jnp.asarray(column)


def _pad(column: NDArray[Any], length: int) -> NDArray[Any]:
    """The column with zeros behind it up to the block's length."""
    return np.concatenate([column, np.zeros(length - len(column), column.dtype)])


def _column(series: pl.Series, attribute: Attribute) -> NDArray[Any]:
    if attribute.kind == "category":
        return _category_codes(series, attribute.categories)
    if attribute.kind == "flag":
        return series.cast(pl.Boolean).to_numpy()
    return series.cast(pl.Float32).to_numpy()


def _category_codes(series: pl.Series, words: tuple[str, ...]) -> NDArray[np.int8]:
    """The code of each word."""
    return series.cast(pl.String).replace_strict(list(words), list(range(len(words))), return_dtype=pl.Int8).to_numpy()
