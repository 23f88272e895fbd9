"""An expression is worth the same in plain Python, in NumPy, in JAX and on a table."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.programmes import ExpressionError, parse

Row = Mapping[str, Any]
Meaning = Callable[[Row], Any]
Pair = tuple[str, Meaning]
"""An expression's text, and what it means, said again in plain Python."""

NUMBERS = ("x", "y", "z")
FLAGS = ("p", "q")
SECTORS = ("food", "garments", "metal")


def divided(above: float, below: float) -> float:
    if below == 0:
        return above * 0.0 + 0.0 if above == 0 else math.copysign(math.inf, above)
    return above / below


ARITHMETIC: dict[str, Callable[[float, float], float]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": divided,
}
RELATIONS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


# Neither tiny nor huge, so that no product leaves the normal numbers of float32, where XLA and NumPy part.
values = st.sampled_from([0.0, 1.0, -1.0, 2.0, 0.1, -3.5, 7.25]) | st.floats(0.0078125, 128.0, width=32)


def read(name: str) -> Pair:
    return name, lambda row: row[name]


def binary(sign: str, left: Pair, right: Pair) -> Pair:
    return f"({left[0]} {sign} {right[0]})", lambda row: ARITHMETIC[sign](left[1](row), right[1](row))


def extreme(name: str, left: Pair, right: Pair) -> Pair:
    function = min if name == "min" else max
    return f"{name}({left[0]}, {right[0]})", lambda row: function(left[1](row), right[1](row))


def unary(name: str, part: Pair) -> Pair:
    return f"{name}({part[0]})", lambda row: abs(part[1](row)) if name == "abs" else -part[1](row)


def choice(yes: Pair, test: Pair, no: Pair) -> Pair:
    return f"({yes[0]} if {test[0]} else {no[0]})", lambda row: yes[1](row) if test[1](row) else no[1](row)


def chain(signs: list[str], parts: list[Pair]) -> Pair:
    text = parts[0][0] + "".join(f" {sign} {part[0]}" for sign, part in zip(signs, parts[1:], strict=True))
    return text, lambda row: all(
        RELATIONS[sign](left[1](row), right[1](row))
        for sign, left, right in zip(signs, parts[:-1], parts[1:], strict=True)
    )


def both(word: str, left: Pair, right: Pair) -> Pair:
    def mean(row: Row) -> bool:
        return (left[1](row) and right[1](row)) if word == "and" else (left[1](row) or right[1](row))

    return f"({left[0]}) {word} ({right[0]})", mean


def negated(part: Pair) -> Pair:
    return f"not ({part[0]})", lambda row: not part[1](row)


def among(word: str, names: list[str]) -> Pair:
    listed = ", ".join(f"'{name}'" for name in names)
    return f"sector {word} ({listed})", lambda row: (row["sector"] in names) == (word == "in")


@st.composite
def expressions(draw: st.DrawFn, depth: int = 3) -> Pair:
    """A number."""
    below = expressions(depth - 1)
    match draw(st.integers(0, 5 if depth else 1)):
        case 0:
            return read(draw(st.sampled_from(NUMBERS)))
        case 1:
            value = draw(values)
            return f"({value!r})", lambda row: value
        case 2:
            return unary(draw(st.sampled_from(["-", "abs"])), draw(below))
        case 3:
            return extreme(draw(st.sampled_from(["min", "max"])), draw(below), draw(below))
        case 4:
            return choice(draw(below), draw(conditions(depth - 1)), draw(below))
        case _:
            return binary(draw(st.sampled_from(sorted(ARITHMETIC))), draw(below), draw(below))


@st.composite
def conditions(draw: st.DrawFn, depth: int = 3) -> Pair:
    """A condition."""
    below = conditions(depth - 1)
    match draw(st.integers(0, 4 if depth else 1)):
        case 0:
            return read(draw(st.sampled_from(FLAGS)))
        case 1:
            names = draw(st.lists(st.sampled_from(SECTORS), min_size=1, max_size=2))
            return among(draw(st.sampled_from(["in", "not in"])), names)
        case 2:
            return both(draw(st.sampled_from(["and", "or"])), draw(below), draw(below))
        case 3:
            return negated(draw(below))
        case _:
            signs = draw(st.lists(st.sampled_from(sorted(RELATIONS)), min_size=1, max_size=2))
            return chain(signs, [draw(expressions(depth - 1)) for _ in range(len(signs) + 1)])


rows = st.fixed_dictionaries(
    {
        **{name: values for name in NUMBERS},
        **{name: st.booleans() for name in FLAGS},
        "sector": st.sampled_from(SECTORS),
    }
)


def same(one: Any, other: Any) -> bool:
    """Equal to the bit, but for the sign of zero and of what is not a number."""
    return np.array_equal(np.asarray(one), np.asarray(other), equal_nan=np.asarray(one).dtype != np.bool_)


def arrays(table: list[Row], kind: Any) -> dict[str, np.ndarray[Any, Any]]:
    return {
        **{name: np.array([row[name] for row in table], dtype=kind) for name in NUMBERS},
        **{name: np.array([row[name] for row in table], dtype=np.bool_) for name in FLAGS},
        "sector": np.array([SECTORS.index(row["sector"]) for row in table], dtype=np.int8),
    }


def meant(mean: Meaning, table: list[Row]) -> list[Any]:
    return [mean(row) for row in table]


@given(expressions() | conditions(), st.lists(rows, min_size=1, max_size=4))
def test_an_expression_means_what_python_means(pair: Pair, table: list[Row]) -> None:
    text, mean = pair
    expected = meant(mean, table)
    if any(isinstance(value, float) and math.isnan(value) for value in expected):
        return  # Python's min and max depend on the order of what is not a number
    expression = parse(text).bind({"sector": SECTORS})
    found = expression.evaluate(arrays(table, np.float64), np, dtype=np.float64, length=len(table))
    assert same(found, np.array(expected, dtype=found.dtype))


@given(expressions(), rows)
def test_single_numbers_mean_the_same_as_arrays(pair: Pair, row: Row) -> None:
    expression = parse(pair[0]).bind({"sector": SECTORS})
    plain = {**row, "sector": SECTORS.index(row["sector"])}
    single = expression.evaluate(plain, np, dtype=np.float64)
    assert single.shape == ()
    assert same(single, expression.evaluate(arrays([row], np.float64), np, dtype=np.float64, length=1)[0])


@given(expressions() | conditions(), st.lists(rows, min_size=3, max_size=3))
def test_numpy_and_jax_agree_to_the_bit_in_float32(pair: Pair, table: list[Row]) -> None:
    expression = parse(pair[0]).bind({"sector": SECTORS})
    columns = arrays(table, np.float32)
    expected = expression.evaluate(columns, np)
    found = expression.evaluate({name: jnp.asarray(column) for name, column in columns.items()}, jnp)
    assert found.dtype == expected.dtype
    assert same(found, expected)


@given(expressions(), st.lists(rows, min_size=3, max_size=3))
def test_numpy_and_jax_agree_to_the_bit_in_float64(pair: Pair, table: list[Row]) -> None:
    expression = parse(pair[0]).bind({"sector": SECTORS})
    columns = arrays(table, np.float64)
    expected = expression.evaluate(columns, np, dtype=np.float64)
    with jax.enable_x64(True):
        found = expression.evaluate(
            {name: jnp.asarray(column) for name, column in columns.items()}, jnp, dtype=np.float64
        )
        assert found.dtype == np.float64
        assert same(found, expected)


@given(expressions() | conditions(), st.lists(rows, min_size=1, max_size=4))
def test_a_table_of_words_means_the_same_as_arrays_of_codes(pair: Pair, table: list[Row]) -> None:
    expression = parse(pair[0])
    frame = pl.DataFrame(table, schema_overrides={name: pl.Float64 for name in NUMBERS})
    bound = expression.bind({"sector": SECTORS})
    assert same(
        expression.on_table(frame), bound.evaluate(arrays(table, np.float64), np, dtype=np.float64, length=len(table))
    )
    assert same(bound.on_table(frame), expression.on_table(frame))


@given(expressions() | conditions())
def test_the_text_of_any_expression_reads_back_as_the_same(pair: Pair) -> None:
    expression = parse(pair[0])
    assert parse(str(expression)) == expression
    assert parse(str(expression)).tree == expression.tree


@given(conditions(), rows)
def test_a_row_is_in_exactly_where_all_its_conditions_are_met(pair: Pair, row: Row) -> None:
    text, mean = pair
    assert all(part.met for part in parse(text).explain(row)) == mean(row)


def test_levels_and_whole_numbers_are_computed_in_the_floating_type() -> None:
    columns = {"level": np.array([1, 3], np.int8), "employees": np.array([7, 9], np.int32)}
    for xp in (np, jnp):
        given_ = {name: xp.asarray(column) for name, column in columns.items()}
        found = parse("employees / (level + 1)").evaluate(given_, xp)
        assert found.dtype == np.float32
        assert np.asarray(found).tolist() == [3.5, 2.25]
        assert np.asarray(parse("level < 3").evaluate(given_, xp)).tolist() == [True, False]
        assert parse("level").evaluate(given_, xp).dtype == np.float32


def test_the_widest_floating_column_decides_the_type() -> None:
    columns = {"a": np.zeros(2, np.float32), "b": np.zeros(2, np.float64), "c": np.zeros(2, np.int8)}
    assert parse("a + c").evaluate(columns, np).dtype == np.float32
    assert parse("a + b").evaluate(columns, np).dtype == np.float64
    assert parse("c").evaluate(columns, np).dtype == np.float32
    assert parse("a").evaluate(columns, np, dtype=np.float64).dtype == np.float64


def test_a_single_number_is_broadcast_where_a_length_is_asked_for() -> None:
    for xp in (np, jnp):
        assert parse("70 %").evaluate({}, xp).shape == ()
        assert np.asarray(parse("70 %").evaluate({}, xp, length=3)).tolist() == [np.float32(0.7)] * 3
        assert np.asarray(parse("true").evaluate({}, xp, length=2)).tolist() == [True, True]
        mixed = parse("rate if p else 0.5").evaluate({"rate": 0.25, "p": xp.asarray([True, False])}, xp)
        assert np.asarray(mixed).tolist() == [0.25, 0.5]
    assert parse("70 %").on_table(pl.DataFrame({"a": [1, 2]})).tolist() == [0.7, 0.7]


def test_facts_may_be_arrays_without_a_dimension_beside_columns() -> None:
    for xp in (np, jnp):
        columns = {"rate": xp.asarray(0.5, dtype=np.float32), "x": xp.asarray([1.0, 2.0], dtype=np.float32)}
        assert np.asarray(parse("x * rate if x > rate else rate").evaluate(columns, xp)).tolist() == [0.5, 1.0]


def test_an_expression_compiles_and_agrees_to_rounding() -> None:
    expression = parse("clip(log(x) * 3 + y / (x - 1), 0, 10) if p and x >= 1 or sector == 'metal' else x / 3")
    expression = expression.bind({"sector": SECTORS})
    chance = np.random.default_rng(1)
    columns = {
        "x": chance.uniform(0.5, 9, 100).astype(np.float32),
        "y": chance.normal(size=100).astype(np.float32),
        "p": chance.random(100) < 0.5,
        "sector": chance.integers(0, 3, 100).astype(np.int8),
    }
    compiled = jax.jit(lambda given_: expression.evaluate(given_, jnp))
    np.testing.assert_allclose(compiled(columns), expression.evaluate(columns, np), rtol=2e-6)


@pytest.mark.parametrize("xp", [np, jnp])
def test_division_by_zero_is_never_without_an_answer(xp: Any) -> None:
    columns = {"a": xp.asarray([1.0, -1.0, 0.0, 4.0]), "b": xp.asarray([0.0, -0.0, 0.0, 2.0])}
    found = np.asarray(parse("a / b").evaluate(columns, xp))
    assert found.tolist() == [math.inf, -math.inf, 0.0, 2.0]


def test_a_comparison_with_what_is_not_a_number_does_not_hold() -> None:
    columns = {"a": np.array([-1.0, 4.0])}
    assert parse("sqrt(a) < 3").evaluate(columns, np).tolist() == [False, True]
    assert parse("sqrt(a) >= 3").evaluate(columns, np).tolist() == [False, False]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("revnue > 1", "expected a column 'revnue', found none of that name; did you mean 'revenue'?"),
        ("revenue > 1", "expected a value of 'revenue' in every row, found 2 rows without, first row 2"),
        ("part > 1", "expected a value of 'part' in every row, found 1 row without, first row 3"),
        ("exporter", "expected a value of 'exporter' in every row, found 1 row without, first row 1"),
        ("sector == 'food'", "expected a value of 'sector' in every row, found 1 row without, first row 3"),
        ("sector + 1 > 2", "expected numbers in the column 'sector', found String"),
        ("level == 'food'", "expected words in the column 'level', found Int64"),
    ],
)
def test_a_table_that_does_not_fit_is_refused(text: str, said: str) -> None:
    table = pl.DataFrame(
        {
            "revenue": [1.0, None, None],
            "part": [1.0, 2.0, math.nan],
            "exporter": [None, True, False],
            "sector": ["food", "metal", None],
            "level": [1, 2, 3],
        }
    )
    with pytest.raises(ExpressionError) as caught:
        parse(text).on_table(table)
    assert str(caught.value) == said


def test_a_table_may_hold_its_words_as_categories() -> None:
    words = ["food", "metal", "food"]
    for kind in (pl.String, pl.Categorical, pl.Enum(["metal", "food"])):
        table = pl.DataFrame({"sector": pl.Series(words, dtype=kind)})
        assert parse("sector == 'food'").on_table(table).tolist() == [True, False, True]


def test_constants_stand_beside_the_columns_of_a_table() -> None:
    table = pl.DataFrame({"level": [1, 2]})
    assert parse("level * rate").on_table(table, {"rate": 0.5}).tolist() == [0.5, 1.0]


def test_a_table_without_rows_gives_no_values() -> None:
    table = pl.DataFrame({"level": [], "sector": []}, schema={"level": pl.Int8, "sector": pl.String})
    assert parse("level < 4 and sector == 'food'").on_table(table).shape == (0,)


def test_a_column_of_words_is_not_a_number_on_arrays() -> None:
    with pytest.raises(ExpressionError, match="expected numbers in the column 'a', found <U1"):
        parse("a + 1").evaluate({"a": np.array(["x"])}, np)
