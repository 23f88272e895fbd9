"""Sums in whole quanta: exact in any order, and refused where they are too large to be."""

import jax
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from haidang.engine.tally import LARGEST_SUM, UNIT_QUANTUM, OverflowingSumError, in_units, refuse_inexact, tally

QUANTA = np.array([UNIT_QUANTUM, 1.0, 1e-3])


def sums(values, weight, cell, cells=3):
    with jax.enable_x64(True):
        columns = tuple(np.asarray(column, np.float32) for column in values)
        return np.asarray(tally(columns, np.asarray(weight), QUANTA, np.asarray(cell, np.int32), cells=cells))


def rows(count):
    numbers = st.floats(-1e6, 1e6, width=32)
    return st.lists(
        st.tuples(numbers, numbers, numbers, st.floats(0.01, 100.0), st.integers(0, 2)), min_size=count, max_size=count
    )


@given(rows(16), st.randoms(use_true_random=False))
def test_sums_are_the_same_in_any_order_and_in_any_pieces(some, order):
    def whole(part):
        *values, weight, cell = zip(*part, strict=True)
        return sums(values, weight, cell)

    mixed = list(some)
    order.shuffle(mixed)
    np.testing.assert_array_equal(whole(some), whole(mixed))
    pieces = whole(mixed[:8] + some[:8]) - whole(some[:8] + some[:8]) / 2
    np.testing.assert_array_equal(pieces, whole(mixed[:8] + mixed[:8]) / 2)


def test_known_sums_by_cell():
    found = sums([[1, 1, 1], [10, 20, 30], [0.5, 0.25, 4]], [2.0, 1.5, 1.0], [0, 2, 0])
    assert in_units(found, QUANTA[:, None]).tolist() == [[3.0, 0.0, 1.5], [50.0, 0.0, 30.0], [5.0, 0.0, 0.375]]


def test_every_part_is_rounded_to_a_whole_quantum():
    assert sums([[1], [0.4], [0.0004]], [1.0], [0])[:, 0].tolist() == [1e6, 0.0, 0.0]


@given(st.integers(0, 10**9))
def test_whole_units_stay_whole(units):
    assert in_units(np.array([units * 1e6]), np.array([UNIT_QUANTUM])).tolist() == [float(units)]


def test_a_sum_beyond_what_doubles_count_exactly_is_refused():
    names = ("units", "money", "energy")
    edge = np.zeros((3, 2))
    edge[1] = [LARGEST_SUM / 2, LARGEST_SUM / 2]
    refuse_inexact(edge, QUANTA, names)
    edge[1, 0] += 2
    with pytest.raises(OverflowingSumError, match=r"outcome 'money'.*larger quantum"):
        refuse_inexact(edge, QUANTA, names)


@pytest.mark.parametrize("wrong", [np.nan, np.inf])
def test_a_sum_that_is_not_a_number_is_refused(wrong):
    with pytest.raises(OverflowingSumError):
        refuse_inexact(np.array([[0.0], [wrong], [0.0]]), QUANTA, ("units", "money", "energy"))
