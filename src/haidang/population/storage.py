"""Tables of units on disk: Parquet that says what its columns are, read whole or in blocks."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from haidang.errors import Place, did_you_mean
from haidang.population.columns import KINDS, Column, Population, PopulationError, check_table

FORMAT = 1
METADATA = "haidang.population"
ROWS_IN_A_GROUP = 65_536
BUFFER = 1 << 20
"""Bytes read ahead per column, so that one huge row group need not fit in memory."""


def write_population(population: Population, path: Path | str) -> None:
    """Write a population to `path`: Parquet with its description, or CSV without where the name ends in `.csv`.

    The file appears whole or not at all.

    Raises:
        PopulationError: where the folder cannot be written or the disk is full.
    """
    target = Path(path)
    try:
        handle, part = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part")
    except OSError as mistake:
        raise _unwritable(target, mistake) from None
    os.close(handle)
    try:
        if target.suffix.lower() == ".csv":
            population.table.write_csv(part)
        else:
            population.table.write_parquet(
                part, row_group_size=ROWS_IN_A_GROUP, metadata={METADATA: json.dumps(_described(population))}
            )
        os.chmod(part, 0o644)
        os.replace(part, target)
    except (OSError, pl.exceptions.PolarsError) as mistake:
        Path(part).unlink(missing_ok=True)
        raise _unwritable(target, mistake) from None
    except BaseException:
        Path(part).unlink(missing_ok=True)
        raise


def read_units(path: Path | str, columns: Mapping[str, Column] | None = None) -> Population:
    """A population from a file that `write_population` wrote, or from any table of units with those columns.

    Args:
        path: Parquet or CSV.
        columns: what the columns are, where the file does not say so itself (CSV never does).

    Raises:
        PopulationError: where the file cannot be read, does not say what its columns are, or holds a row that no
            table of units may hold.
    """
    source = Path(path)
    described = None if source.suffix.lower() == ".csv" else _description(source)
    known = columns if described is None else described.columns
    if known is None:
        raise PopulationError("the file does not say what its columns are", Place(str(source)), "say which population")
    try:
        if source.suffix.lower() == ".csv":
            table = pl.read_csv(source, schema_overrides={"id": pl.Int64, "weight": pl.Float64})
        else:
            table = pl.read_parquet(source)
    except (OSError, pl.exceptions.PolarsError) as mistake:
        raise _unreadable(source, mistake) from None
    name = source.stem if described is None else described.name
    return Population(
        name,
        _checked(table, known, source),
        known,
        str(source) if described is None else described.source,
        () if described is None else described.assumed,
        () if described is None else described.notes,
    )


def scan_blocks(path: Path | str, columns: Sequence[str], block_rows: int) -> Iterator[pl.DataFrame]:
    """The rows of a Parquet file of any size, `block_rows` at a time (the last block may be shorter).

    Memory is bounded by the block, whatever the number of rows and however they are grouped in the file. Each block is
    checked as `read_units` checks a table, where the file says what its columns are; ids that repeat in different
    blocks are found by `check_ids`.

    Args:
        path: the file.
        columns: the columns wanted beside `id` and `weight`.
        block_rows: rows of a block.

    Raises:
        PopulationError: where the file cannot be read, lacks a column, or holds a row that no table of units may hold.
    """
    if block_rows < 1:
        raise PopulationError(f"expected at least one row in a block, found {block_rows}")
    source = Path(path)
    present = _names(source)
    wanted = ["id", "weight", *(name for name in columns if name not in {"id", "weight"})]
    for name in wanted:
        if name not in present:
            raise PopulationError(f"expected the column '{name}'", Place(str(source)), did_you_mean(name, present))
    described = _description(source)
    known = {} if described is None else {one: described.columns[one] for one in wanted if one in described.columns}
    left = pl.DataFrame()
    for batch in _batches(source, wanted, block_rows):
        left = batch if left.is_empty() else pl.concat([left, batch])
        while left.height >= block_rows:
            yield _block(left[:block_rows], wanted, known, source)
            left = left[block_rows:]
    if left.height:
        yield _block(left, wanted, known, source)


def check_ids(path: Path | str) -> int:
    """The number of rows of a Parquet file, once every id has been seen to be there once. Takes 8 bytes per row.

    Raises:
        PopulationError: where an id is repeated.
    """
    source = Path(path)
    parts = [batch["id"].to_numpy() for batch in _batches(source, ["id"], ROWS_IN_A_GROUP)]
    ids = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    ids.sort()
    repeated = ids[1:][ids[1:] == ids[:-1]]
    if len(repeated):
        problem = f"every row must have its own id, found {int(repeated[0])} more than once"
        raise PopulationError(problem, Place(str(source), key="id"))
    return len(ids)


def column_to_json(column: Column) -> dict[str, Any]:
    """A column's description as JSON takes it."""
    return {
        "name": column.name,
        "kind": column.kind,
        "unit": column.unit,
        "title": dict(column.title),
        "categories": list(column.categories),
        "titles": {value: dict(title) for value, title in column.titles.items()},
        "least": column.least,
        "most": column.most,
    }


def column_from_json(found: Mapping[str, Any]) -> Column:
    """A column from what `column_to_json` gave.

    Raises:
        PopulationError: where it is of an unknown kind.
    """
    if found["kind"] not in KINDS:
        raise PopulationError(f"unknown kind of column '{found['kind']}'", hint=did_you_mean(str(found["kind"]), KINDS))
    return Column(
        found["name"],
        found["kind"],
        found["unit"],
        found["title"],
        tuple(found["categories"]),
        found["titles"],
        found["least"],
        found["most"],
    )


def _described(population: Population) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "name": population.name,
        "columns": [column_to_json(column) for column in population.columns.values()],
        "source": population.source,
        "assumed": list(population.assumed),
        "notes": list(population.notes),
    }


def _description(path: Path) -> Population | None:
    """What a Parquet file says about itself, without its rows; none where another program wrote it."""
    try:
        text = pl.read_parquet_metadata(path).get(METADATA)
    except (OSError, pl.exceptions.PolarsError) as mistake:
        raise _unreadable(path, mistake) from None
    if text is None:
        return None
    try:
        found = json.loads(text)
        if found["format"] != FORMAT:
            raise PopulationError(f"written in format {found['format']}, this program reads {FORMAT}", Place(str(path)))
        columns = {one["name"]: column_from_json(one) for one in found["columns"]}
        return Population(
            found["name"], pl.DataFrame(), columns, found["source"], tuple(found["assumed"]), tuple(found["notes"])
        )
    except (KeyError, TypeError, ValueError):
        raise PopulationError("what the file says about its columns cannot be read", Place(str(path))) from None


def _names(path: Path) -> list[str]:
    try:
        return list(pl.read_parquet_schema(path))
    except (OSError, pl.exceptions.PolarsError) as mistake:
        raise _unreadable(path, mistake) from None


def _batches(path: Path, columns: list[str], rows: int) -> Iterator[pl.DataFrame]:
    import pyarrow  # only streaming needs it
    from pyarrow import parquet

    arrow: Any = pyarrow
    arrow_parquet: Any = parquet
    from_arrow: Any = getattr(pl, "from_arrow")  # noqa: B009 (its type is not known where pyarrow has none)
    try:
        with arrow_parquet.ParquetFile(path, pre_buffer=False, buffer_size=BUFFER) as file:
            for batch in file.iter_batches(batch_size=rows, columns=columns):
                table: pl.DataFrame = from_arrow(batch)
                yield table
    except (OSError, arrow.ArrowException) as mistake:
        raise _unreadable(path, mistake) from None


def _block(table: pl.DataFrame, wanted: list[str], known: Mapping[str, Column], path: Path) -> pl.DataFrame:
    checked = _checked(table, known, path)
    others = [name for name in wanted if name not in checked.columns]
    return checked.hstack(table.select(others)).select(wanted) if others else checked.select(wanted)


def _checked(table: pl.DataFrame, columns: Mapping[str, Column], path: Path) -> pl.DataFrame:
    try:
        return check_table(table, columns)
    except PopulationError as mistake:
        raise PopulationError(mistake.problem, Place(str(path)), mistake.hint) from None


def _unreadable(path: Path, mistake: Exception) -> PopulationError:
    if isinstance(mistake, FileNotFoundError) or not path.exists():
        return PopulationError("no such file", Place(str(path)))
    return PopulationError(f"expected a table of units, found {str(mistake).splitlines()[0]}", Place(str(path)))


def _unwritable(path: Path, mistake: Exception) -> PopulationError:
    reason = mistake.strerror if isinstance(mistake, OSError) and mistake.strerror else str(mistake)
    return PopulationError(f"cannot be written: {reason}", Place(str(path)))
