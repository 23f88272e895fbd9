"""The compiled programme finds each unit's best plan, and says no less than it is worth."""

import jax
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haidang.allocate.dual import best_of_block
from haidang.allocate.orders import Orders, orders
from haidang.allocate.pricing import Block, Code, best_of, best_of_long, contained, words_of
from tests.allocate.test_orders import best_of_all

UNITS = 32


def block(random: np.random.Generator, table: Orders, classes: int) -> Block:
    years, options = table.years, table.options
    measures = (
        random.gamma(1.0, 1.0, (years, options, UNITS)),
        random.gamma(1.0, 1.0, (1, options, UNITS)),
        random.integers(1, 4, (1, 1, UNITS)).astype(np.float64),
    )
    most = np.array([one.max(axis=(0, 1)) for one in measures])
    allowed = random.integers(0, 1 << options, (years, UNITS)).astype(np.uint64)
    of_class = random.integers(0, classes, UNITS).astype(np.int32) if classes > 1 else None
    with jax.enable_x64(True):
        return jax.tree.map(jax.numpy.asarray, Block(measures, most, allowed, of_class, np.ones(UNITS)))


@settings(max_examples=20)
@given(seed=st.integers(0, 10_000), shape=st.sampled_from([(3, 3, 1), (2, 5, 3)]), tied=st.booleans())
def test_the_best_plan_is_that_of_full_enumeration(seed: int, shape: tuple[int, int, int], tied: bool) -> None:
    years, options, classes = shape
    random = np.random.default_rng(seed)
    after = [[option - 1] if tied and option % 2 else [] for option in range(options)]
    table, code = orders(after, years), Code(years, options)
    units = block(random, table, classes)
    net = random.normal(0.0, 1.0, (3, years, classes))
    served = random.normal(0.0, 0.3, classes)
    worths, plans = best_of_block(units, net, served, table, code)
    choices = code.choices(plans)
    of_class = np.zeros(UNITS, np.int64) if units.classes is None else np.asarray(units.classes)
    for unit in range(UNITS):
        mine = of_class[unit]
        cells = sum(net[at, :, mine][:, None] * np.asarray(one)[..., unit] for at, one in enumerate(units.measures))
        allowed = (np.asarray(units.allowed)[:, unit][:, None] >> np.arange(options, dtype=np.uint64)) & np.uint64(1)
        cells = np.where(allowed == 1, cells, -1e9)
        best = best_of_all(after, cells, float(served[mine]))
        has = float(sum(cells[year, one] for year, one in enumerate(choices[unit]) if one >= 0))
        assert has + (served[mine] if (choices[unit] >= 0).any() else 0.0) == pytest.approx(best, abs=1e-6)
        assert best <= worths[unit] <= best + 1e-6


def test_the_long_table_gives_the_same_words() -> None:
    random = np.random.default_rng(3)
    table = orders([[], [0], [1], [], [3]], 4)
    units, code = block(random, table, 2), Code(4, 5)
    with jax.enable_x64(True):
        words, _ = words_of(units, random.normal(0.0, 1.0, (3, 4, 2)), np.zeros(2), code=code)
        written = best_of(words, table=table)
        stepped = best_of_long(words, jax.numpy.asarray(table.steps), registers=table.registers, best=table.best)
    assert np.array_equal(np.asarray(written), np.asarray(stepped))


def test_an_offer_that_is_worth_nothing_is_not_made() -> None:
    table, code = orders([[], []], 2), Code(2, 2)
    units = block(np.random.default_rng(1), table, 1)
    worths, plans = best_of_block(units, np.zeros((3, 2, 1)), np.zeros(1), table, code)
    assert not worths.any()
    assert not plans.any()


def test_plans_are_written_and_read_back() -> None:
    code = Code(5, 8)
    choices = np.random.default_rng(0).integers(-1, 8, (100, 5)).astype(np.int8)
    assert np.array_equal(code.choices(code.code(choices)), choices)


def test_what_plans_contain_is_added_up_by_year() -> None:
    table, code = orders([[], [], []], 2), Code(2, 3)
    units = block(np.random.default_rng(2), table, 1)
    choices = np.full((UNITS, 2), -1, np.int8)
    choices[0] = [2, 0]
    with jax.enable_x64(True):
        columns, weight = contained(units, jax.numpy.asarray(code.code(choices)), code=code)
    found = [float(np.asarray(column)[0]) for column in columns]
    first, second, third = (np.asarray(one)[..., 0] for one in units.measures)
    assert found == [first[0, 2], first[1, 0], second[0, 2], second[0, 0], third[0, 0], third[0, 0]]
    assert np.asarray(weight).sum() == 1.0
    assert not np.asarray(columns[0])[1:].any()
