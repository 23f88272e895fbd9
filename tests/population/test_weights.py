"""Weights against closed forms and against the conditions that make them the nearest ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.population import Bounds, reach

FREE = Bounds(0.0, 1e9)
"""So wide that bounded raking is raking."""
SHARP = 1e12


def test_raking_a_two_by_two_table_gives_its_closed_form():
    # A table with odds ratio 4 raked to even margins: the diagonal cells are sqrt(4) times the others.
    before = np.array([4.0, 1.0, 1.0, 1.0])
    rows, columns = np.array([1, 1, 0, 0.0]), np.array([1, 0, 1, 0.0])
    added = np.column_stack([np.ones(4), rows, columns])
    wanted = np.array([1.0, 0.5, 0.5])
    weight = reach(added, wanted, before, FREE, SHARP).weight
    np.testing.assert_allclose(weight / weight.sum(), [1 / 3, 1 / 6, 1 / 6, 1 / 3], rtol=1e-6)


def test_raking_equals_iterative_proportional_fitting():
    rng = np.random.default_rng(5)
    table = rng.uniform(0.5, 3, size=(3, 4))
    rows, columns = np.array([2.0, 3.0, 5.0]), np.array([1.0, 2.0, 3.0, 4.0])
    fitted = table.copy()
    for _ in range(500):
        fitted *= (rows / fitted.sum(axis=1))[:, None]
        fitted *= columns / fitted.sum(axis=0)
    at = np.indices(table.shape).reshape(2, -1)
    added = np.column_stack([*(at[0] == k for k in range(3)), *(at[1] == k for k in range(3))]).astype(float)
    before = table.ravel()
    wanted = np.concatenate([rows, columns[:3]]) / before.sum()
    weight = reach(added, wanted, before, FREE, SHARP).weight
    np.testing.assert_allclose(weight, fitted.ravel(), rtol=1e-5)


def test_the_log_of_the_change_is_a_sum_of_multipliers():
    rng = np.random.default_rng(7)
    added = np.column_stack([np.ones(300), rng.normal(size=(300, 2))])
    before = rng.uniform(1, 2, 300)
    found = reach(added, np.array([1.0, 0.2, -0.1]), before, FREE, SHARP)
    np.testing.assert_allclose(np.log(found.weight / before), added @ found.multipliers, atol=1e-6)
    np.testing.assert_allclose(found.missed, 0, atol=1e-8)


def test_two_contradicting_margins_are_missed_evenly():
    # One unit of weight is asked to be 1 and to be 1.2, as sharply: it settles in the middle.
    added = np.ones((4, 2))
    found = reach(added, np.array([1.0, 1.2]), np.ones(4), FREE, 1e6)
    np.testing.assert_allclose(found.weight, 1.1, atol=1e-5)
    np.testing.assert_allclose(found.missed, [0.1, -0.1], atol=1e-5)


def test_a_contradiction_is_settled_by_the_square_of_the_tolerances():
    # 1.0 with tolerance 1 and 1.3 with tolerance 2: the weighted mean is (1.0 * 4 + 1.3) / 5.
    added = np.column_stack([np.ones(4), np.full(4, 0.5)])
    found = reach(added, np.array([1.0, 0.65]), np.ones(4), FREE, 1e6)
    np.testing.assert_allclose(found.weight, 1.06, atol=1e-5)


def test_no_weight_leaves_its_bounds_even_where_the_margin_cannot_be_had():
    added = np.column_stack([np.ones(10), np.arange(10) == 0]).astype(float) * 100
    found = reach(added, np.array([100.0, 90.0]), np.ones(10), Bounds(0.5, 2.0))
    assert found.weight.min() >= 0.5
    assert found.weight.max() <= 2.0
    assert found.missed[1] < -1


@given(data=st.data(), seed=st.integers(0, 2**32 - 1), margins=st.integers(1, 6))
def test_margins_that_some_weights_reach_are_reached(data: st.DataObject, seed: int, margins: int):
    rng = np.random.default_rng(seed)
    units = data.draw(st.integers(30, 200))
    added = np.column_stack([np.ones(units), rng.normal(size=(units, margins))])
    before = rng.uniform(0.5, 2, units)
    reachable = before * rng.uniform(0.5, 2, units)
    wanted = added.T @ reachable / before.sum()
    found = reach(added, wanted, before, Bounds(0.01, 50.0), 1e8)
    np.testing.assert_allclose(found.missed, 0, atol=1e-5)


@given(seed=st.integers(0, 2**32 - 1))
def test_permuting_the_rows_permutes_the_weights(seed: int):
    rng = np.random.default_rng(seed)
    added = np.column_stack([np.ones(60), rng.normal(size=(60, 3))])
    before = rng.uniform(0.5, 2, 60)
    wanted = np.array([1.0, 0.1, -0.1, 0.05])
    order = rng.permutation(60)
    straight = reach(added, wanted, before, Bounds()).weight
    mixed = reach(added[order], wanted, before[order], Bounds()).weight
    np.testing.assert_allclose(mixed, straight[order], rtol=1e-6)


@pytest.mark.parametrize("strength", [10.0, 1e3])
def test_a_miss_is_the_multiplier_over_the_strength(strength: float):
    rng = np.random.default_rng(3)
    added = np.column_stack([np.ones(80), rng.normal(size=(80, 2))])
    found = reach(added, np.array([1.0, 0.5, 0.5]), np.ones(80), Bounds(), strength)
    np.testing.assert_allclose(found.missed, -found.multipliers / strength, atol=1e-7)
