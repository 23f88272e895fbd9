"""What every table of units must hold, and how it becomes arrays."""

import polars as pl
import pytest

from haidang.population import Column, Population, PopulationError, check_table, encode

COLUMNS = {
    "size": Column("size", "category", categories=("small", "large")),
    "open": Column("open", "flag"),
    "staff": Column("staff", "number", "person", least=1, most=500),
    "level_shop": Column("level_shop", "level", "1"),
}
GOOD = {
    "id": [7, 3],
    "weight": [1.5, 2.0],
    "size": ["large", "small"],
    "open": [True, False],
    "staff": [12.0, 3.0],
    "level_shop": [5, 0],
}


def test_a_right_table_is_settled_into_its_types():
    table = check_table(pl.DataFrame(GOOD), COLUMNS)
    kinds = [pl.Int64, pl.Float64, pl.Enum(["small", "large"]), pl.Boolean, pl.Float64, pl.Int8]
    assert table.dtypes == kinds
    assert table["id"].to_list() == [7, 3]


def test_arrays_have_the_types_that_a_model_reads():
    population = Population("shops", check_table(pl.DataFrame(GOOD), COLUMNS), COLUMNS)
    arrays = encode(population, ["id", "weight", *COLUMNS])
    assert {name: str(one.dtype) for name, one in arrays.items()} == {
        "id": "int64",
        "weight": "float64",
        "size": "int8",
        "open": "bool",
        "staff": "float32",
        "level_shop": "int8",
    }
    assert arrays["size"].tolist() == [1, 0]
    assert population.units == 3.5
    assert population.effective_rows == pytest.approx(3.5**2 / (1.5**2 + 2**2))


def test_an_unknown_column_is_named_with_the_nearest():
    population = Population("shops", check_table(pl.DataFrame(GOOD), COLUMNS), COLUMNS)
    with pytest.raises(PopulationError, match="did you mean 'staff'"):
        encode(population, ["stafff"])


@pytest.mark.parametrize(
    ("column", "values", "said"),
    [
        pytest.param("id", [7, 7], "found 7 more than once", id="repeated-id"),
        pytest.param("id", [-1, 3], "not negative", id="negative-id"),
        pytest.param("id", [1.5, 3.0], "whole numbers", id="fractional-id"),
        pytest.param("weight", [0.0, 1.0], "row 1: expected a weight above zero", id="zero-weight"),
        pytest.param("weight", [1.0, float("nan")], "row 2: expected a weight above zero", id="nan-weight"),
        pytest.param("size", ["large", "huge"], "row 2: expected one of small, large, found 'huge'", id="category"),
        pytest.param("size", [None, "small"], "row 1: expected a value", id="empty-category"),
        pytest.param("open", ["yes", "true"], "row 1: expected true or false", id="flag"),
        pytest.param("staff", [-4.0, 2.0], "row 1: expected at least 1, found -4.0", id="negative-staff"),
        pytest.param("staff", [4.0, 501.0], "row 2: expected at most 500", id="too-many-staff"),
        pytest.param("staff", [float("nan"), 2.0], "row 1: expected a number", id="nan"),
        pytest.param("staff", [float("inf"), 2.0], "row 1: expected a number", id="infinite"),
        pytest.param("staff", ["4", "5"], "expected numbers, found String", id="texts"),
        pytest.param("level_shop", [6, 1], "expected a level from 0 to 5", id="level"),
        pytest.param("level_shop", [1.5, 1.0], "expected a level from 0 to 5", id="half-level"),
    ],
)
def test_what_no_table_of_units_may_hold_is_refused(column: str, values: list[object], said: str):
    with pytest.raises(PopulationError, match=said):
        check_table(pl.DataFrame(GOOD | {column: values}), COLUMNS)


def test_a_missing_column_is_named():
    with pytest.raises(PopulationError, match="must have the column 'staff'"):
        check_table(pl.DataFrame(GOOD).drop("staff"), COLUMNS)
