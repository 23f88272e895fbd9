"""Tables of units on disk."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from haidang.facts import FactBook
from haidang.population import (
    Population,
    PopulationError,
    PopulationSpec,
    build_population,
    check_ids,
    read_units,
    scan_blocks,
    write_population,
)


@pytest.fixture
def shops(shop_spec: PopulationSpec, shop_book: FactBook) -> Population:
    return build_population(shop_spec, shop_book, 1000)


def test_parquet_comes_back_as_it_was(shops: Population, tmp_path: Path):
    write_population(shops, tmp_path / "shops.parquet")
    found = read_units(tmp_path / "shops.parquet")
    assert found.table.equals(shops.table)
    assert found.columns == shops.columns
    assert (found.name, found.source, found.assumed, found.notes) == (
        shops.name,
        shops.source,
        shops.assumed,
        shops.notes,
    )


def test_csv_comes_back_where_the_columns_are_said(shops: Population, tmp_path: Path):
    write_population(shops, tmp_path / "shops.csv")
    assert read_units(tmp_path / "shops.csv", shops.columns).table.equals(shops.table)
    with pytest.raises(PopulationError, match="does not say what its columns are"):
        read_units(tmp_path / "shops.csv")


@pytest.mark.parametrize("block_rows", [1, 333, 1000, 5000])
def test_blocks_are_the_table_in_order(shops: Population, tmp_path: Path, block_rows: int):
    write_population(shops, tmp_path / "shops.parquet")
    blocks = list(scan_blocks(tmp_path / "shops.parquet", ["size", "staff"], block_rows))
    assert pl.concat(blocks).equals(shops.table.select("id", "weight", "size", "staff"))
    assert all(one.height == block_rows for one in blocks[:-1])


def test_blocks_reach_over_row_groups(tmp_path: Path):
    table = pl.DataFrame({"id": range(2500), "weight": np.ones(2500), "staff": np.arange(2500) * 1.0})
    table.write_parquet(tmp_path / "other.parquet", row_group_size=700)
    blocks = list(scan_blocks(tmp_path / "other.parquet", ["staff"], 1000))
    assert [one.height for one in blocks] == [1000, 1000, 500]
    assert pl.concat(blocks).equals(table)
    assert check_ids(tmp_path / "other.parquet") == 2500


def test_a_bad_row_in_a_late_block_is_refused(shops: Population, tmp_path: Path):
    table = shops.table.with_columns(
        pl.when(pl.col("id") == 900).then(float("nan")).otherwise(pl.col("staff")).alias("staff")
    )
    write_population(Population(shops.name, table, shops.columns), tmp_path / "shops.parquet")
    blocks = scan_blocks(tmp_path / "shops.parquet", ["staff"], 100)
    for _ in range(9):
        next(blocks)
    with pytest.raises(PopulationError, match=r"shops\.parquet: column staff, row 1: expected a number"):
        next(blocks)


def test_an_id_that_is_repeated_far_away_is_found(tmp_path: Path):
    ids = [*range(300), 5]
    pl.DataFrame({"id": ids, "weight": [1.0] * 301}).write_parquet(tmp_path / "other.parquet", row_group_size=50)
    with pytest.raises(PopulationError, match="found 5 more than once"):
        check_ids(tmp_path / "other.parquet")


def test_a_missing_column_is_named_with_the_nearest(shops: Population, tmp_path: Path):
    write_population(shops, tmp_path / "shops.parquet")
    with pytest.raises(PopulationError, match="expected the column 'staf'; did you mean 'staff'"):
        next(scan_blocks(tmp_path / "shops.parquet", ["staf"], 10))


@pytest.mark.parametrize("content", [b"", b"PAR1 and then nothing", b"id,weight\n1,1\n"])
def test_a_damaged_file_is_one_line(tmp_path: Path, content: bytes):
    path = tmp_path / "bad.parquet"
    path.write_bytes(content)
    with pytest.raises(PopulationError, match=r"bad\.parquet: expected a table of units") as caught:
        read_units(path)
    assert "\n" not in str(caught.value)
    with pytest.raises(PopulationError):
        next(scan_blocks(path, [], 10))


def test_a_missing_file_is_one_line(tmp_path: Path):
    with pytest.raises(PopulationError, match="no such file"):
        read_units(tmp_path / "none.parquet")


def test_a_folder_that_is_not_there_is_said_and_nothing_is_left(shops: Population, tmp_path: Path):
    with pytest.raises(PopulationError, match="cannot be written"):
        write_population(shops, tmp_path / "none" / "shops.parquet")
    assert list(tmp_path.rglob("*.parquet")) == []


def test_a_write_that_fails_leaves_the_old_file(shops: Population, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "shops.parquet"
    write_population(shops, path)
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pl.DataFrame, "write_parquet", full)
    with pytest.raises(PopulationError, match="No space left on device"):
        write_population(shops, path)
    assert path.read_bytes() == before
    assert sorted(one.name for one in tmp_path.iterdir() if one.is_file()) == ["shops.parquet"]


def test_a_file_of_a_later_format_is_refused(shops: Population, tmp_path: Path):
    path = tmp_path / "shops.parquet"
    shops.table.write_parquet(path, metadata={"haidang.population": '{"format": 99}'})
    with pytest.raises(PopulationError, match="written in format 99"):
        read_units(path)
