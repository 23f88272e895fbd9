"""Kendall's rank correlation and its permutation p-value against answers by hand and against scipy."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import kendalltau

from haidang.learn import rank_order


def test_three_in_the_right_order_are_so_by_chance_in_one_of_six():
    found = rank_order([1.0, 2.0, 3.0], [10.0, 20.0, 30.0])
    assert (found.tau, found.cases) == (1.0, 3)
    assert found.p == pytest.approx(1 / 6)


def test_a_reversed_order_is_reached_by_every_other():
    found = rank_order([1.0, 2.0, 3.0], [3.0, 2.0, 1.0])
    assert found.tau == -1.0
    assert found.p == 1.0


def test_four_with_one_pair_exchanged():
    # Five of six pairs agree: tau is (5 - 1) / 6. Of 24 orders one has no inversion and three have one.
    found = rank_order([1.0, 2.0, 3.0, 4.0], [1.0, 2.0, 4.0, 3.0])
    assert found.tau == pytest.approx(4 / 6)
    assert found.p == pytest.approx(4 / 24)


def test_ties_count_for_neither_order():
    # Pairs: (1, 2) tied in the forecast, (1, 3) and (2, 3) agree: tau-b is 2 / sqrt(2 x 3).
    found = rank_order([1.0, 1.0, 2.0], [1.0, 2.0, 3.0])
    assert found.tau == pytest.approx(2 / np.sqrt(6))
    # The largest outcome is the last in two of six orders.
    assert found.p == pytest.approx(2 / 6)


def test_forecasts_that_are_all_alike_order_nothing():
    found = rank_order([5.0, 5.0, 5.0], [1.0, 2.0, 3.0])
    assert (found.tau, found.p) == (0.0, 1.0)


@given(st.lists(st.integers(0, 50), min_size=3, max_size=7, unique=True), st.randoms(use_true_random=False))
def test_without_ties_it_is_the_exact_test_of_scipy(values, random):
    other = list(values)
    random.shuffle(other)
    expected = kendalltau(values, other, method="exact", alternative="greater")
    found = rank_order([float(one) for one in values], [float(one) for one in other])
    assert found.tau == pytest.approx(expected.statistic)
    assert found.p == pytest.approx(expected.pvalue)


def test_one_thing_alone_has_no_order():
    with pytest.raises(ValueError, match="two or more"):
        rank_order([1.0], [1.0])
