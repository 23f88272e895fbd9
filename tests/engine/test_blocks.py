"""Populations that a model cannot run on: each a clear error that names the column, the row and what was expected."""

import numpy as np
import polars as pl
import pytest

from haidang.engine import MemorySource, ParquetSource, PopulationError
from haidang.errors import HaidangError
from tests.engine.city import TOY, city


@pytest.fixture
def table():
    """A sound population in the order of ids."""
    return city(600, 1).sort("id")


def with_value(table, column, row, value):
    """The table with one value replaced; rows are counted from one."""
    values = table[column].to_list()
    values[row - 1] = value
    return table.with_columns(pl.Series(column, values, dtype=table[column].dtype, strict=False))


def mistake(table):
    """What is said of a population in memory."""
    with pytest.raises(PopulationError) as found:
        MemorySource(table, TOY.card, name="units.csv")
    return str(found.value)


def read_all(path):
    """Every block of a file."""
    source = ParquetSource(path, TOY.card, block_rows=256)
    return [source.block(index) for index in range(source.count)]


def streamed_mistake(table, tmp_path):
    """What is said of the same population in a file that is read block by block."""
    path = tmp_path / "units.parquet"
    table.write_parquet(path)
    with pytest.raises(PopulationError) as found:
        read_all(path)
    assert str(path) in str(found.value)
    return str(found.value)


def test_a_missing_column_is_named_with_the_nearest_spelling(table, tmp_path):
    misspelt = table.rename({"income": "incom"})
    assert mistake(misspelt) == "units.csv: expected the column 'income', found none; did you mean 'incom'?"
    assert "expected the column 'income'" in streamed_mistake(misspelt, tmp_path)


MISTAKES = {
    "not a number": ("income", float("nan"), "income: expected a finite number, found nan in row 300"),
    "infinite": ("income", float("inf"), "income: expected a finite number, found inf in row 300"),
    "missing": ("income", None, "income: expected a value in every row, found none in row 300"),
    "below zero": ("income", -5.0, "income: expected 0 VND/year or more, found -5.0 in row 300"),
    "negative id": ("id", -1, "id: expected 0 or more, found -1 in row 300"),
    "weight of zero": ("weight", 0.0, "weight: expected weights above 0, found 0.0 in row 300"),
    "weight below zero": ("weight", -2.0, "weight: expected weights above 0, found -2.0 in row 300"),
    "weight not a number": ("weight", float("nan"), "weight: expected a finite number, found nan in row 300"),
    "unknown word": (
        "place",
        "nort",
        "place: expected one of north, south, found 'nort' in row 300; did you mean 'north'?",
    ),
    "missing word": ("place", None, "place: expected a value in every row, found none in row 300"),
    "missing flag": ("member", None, "member: expected a value in every row, found none in row 300"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_wrong_value_is_named_with_its_column_and_row(table, name, tmp_path):
    column, value, expected = MISTAKES[name]
    wrong = with_value(table, column, 300, value)
    assert mistake(wrong) == f"units.csv: {expected}"
    assert expected in streamed_mistake(wrong, tmp_path), "the row is counted from the start of the file"


def test_repeated_ids_are_refused_and_one_is_named(table, tmp_path):
    again = with_value(table, "id", 300, table["id"][298])
    assert mistake(again) == f"units.csv: id: expected each id once, found {table['id'][298]} more than once"
    assert "expected ids that rise" in streamed_mistake(again, tmp_path)


def test_ids_repeated_across_the_edge_of_a_block_are_refused(table, tmp_path):
    again = with_value(table, "id", 257, table["id"][255])
    assert "expected ids that rise" in streamed_mistake(again, tmp_path)


def test_a_streamed_file_must_be_sorted_and_says_how(table, tmp_path):
    assert streamed_mistake(table.reverse(), tmp_path).endswith("sort the file by id")


def test_an_empty_table_is_refused(table, tmp_path):
    assert mistake(table.head(0)) == "units.csv: expected at least one unit, found none"
    assert "expected at least one unit" in streamed_mistake(table.head(0), tmp_path)


def test_a_file_that_is_not_there_or_not_parquet_is_refused(tmp_path):
    other = tmp_path / "units.parquet"
    for content in (None, b"", b"id,weight\n1,1\n", b"PAR1" + b"\0" * 100 + b"PAR1"):
        if content is not None:
            other.write_bytes(content)
        with pytest.raises(PopulationError, match="expected a readable Parquet file"):
            ParquetSource(other, TOY.card)


@pytest.mark.parametrize(
    ("column", "values"),
    [
        ("id", ["a", "b"]),
        ("id", [1.5, 2.5]),
        ("income", ["much", "little"]),
        ("member", ["perhaps", "never"]),
        ("weight", ["1", "x"]),
        ("place", [1, 2]),
    ],
)
def test_a_column_of_the_wrong_type_is_a_mistake_of_the_user(table, column, values, tmp_path):
    wrong = table.with_columns(pl.Series(column, values * 300))
    with pytest.raises(HaidangError) as found:
        MemorySource(wrong, TOY.card, name="units.csv")
    assert f"units.csv: {column}: expected" in str(found.value)
    assert f"{column}: expected" in streamed_mistake(wrong, tmp_path)


def test_whole_numbers_and_narrow_types_are_read_as_they_are(table):
    plain = MemorySource(table, TOY.card)
    narrow = table.with_columns(
        pl.col("id").cast(pl.UInt64),
        pl.lit(1, pl.Int32).alias("weight"),
        pl.col("place").cast(pl.Categorical),
        pl.col("member").cast(pl.Int8),
    )
    read = MemorySource(narrow, TOY.card)
    for name in ("income", "place", "member"):
        np.testing.assert_array_equal(np.asarray(read.block(0).units[name]), np.asarray(plain.block(0).units[name]))
    np.testing.assert_array_equal(read.block(0).ids, plain.block(0).ids)


def test_columns_that_the_model_does_not_read_do_not_matter(table):
    more = table.with_columns(note=pl.lit(None, pl.String), other=pl.lit(float("nan")))
    assert MemorySource(more, TOY.card).rows == 600


def test_cells_of_groups_are_every_combination_in_order(table):
    groups = MemorySource(table, TOY.card).groups
    assert groups.cells == 4
    codes = {"place": np.array([0, 0, 1, 1]), "member": np.array([False, True, False, True])}
    assert groups.cell_of(codes).tolist() == [0, 1, 2, 3]
    assert groups.labels() == (
        ("all", "all"),
        ("place", "north"),
        ("place", "south"),
        ("member", "no"),
        ("member", "yes"),
    )
    assert groups.margins(np.array([1.0, 2.0, 4.0, 8.0])).tolist() == [15.0, 3.0, 12.0, 5.0, 10.0]
